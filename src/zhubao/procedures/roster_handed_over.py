"""A Rugao bank puts everybody who signed on its roster: four copies, and each borrower's loan begins (rg-12.3a, rg-12.3b)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.contract import RUGAO
from zhubao.cases.models import Case, FormCopy
from zhubao.cases.models.case import CaseQuerySet
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import make_envelope
from zhubao.exchange.files.borrower_roster import Borrower
from zhubao.exchange.models import Envelope
from zhubao.language import Text
from zhubao.loans.models import Loan
from zhubao.people.actions import number_for_print
from zhubao.policies.claims import implements

from .agreement_signed import loan_number, open_loan_of

FORM = "borrower_roster"
RECIPIENTS = (OrganisationKind.AGENCY, OrganisationKind.FINANCE, OrganisationKind.HRSS)


class HandedOver(NamedTuple):
    """The loans that began, and the roster as each recipient got it; the bank keeps a copy of its own."""

    loans: list[Loan]
    rosters: list[Envelope]


def to_be_rostered(actor: Actor) -> CaseQuerySet:
    """Return the bank's signed Rugao cases that stand on no roster yet, by number."""
    signed = Case.objects.within(actor).filter(bank_id=actor.organisation_id, policy_id=RUGAO, state="agreed")
    return signed.exclude(number__in=Loan.objects.values("case_number")).select_related("person", "agreement").order_by("number")


@implements("rg-12.3a", "rg-12.3b", as_="action")
@transaction.atomic
def hand_over_roster(numbers: Sequence[str], batch: str, *, actor: Actor, now: datetime) -> HandedOver:
    """Put signed borrowers on a roster, open their loans, and hand the roster to agency, finance and HRSS.

    The same batch with the same borrowers changes nothing. Raise E-ROSTER-EMPTY for none, E-ROSTER-CASE naming one that is not signed
    or not the bank's, E-ROSTER-OFFICE when a recipient has no office here, and what `open_loan` and `make_envelope` raise.
    """
    actor.require_role(Role.BANK_OFFICER)
    if actor.organisation_id is None:
        raise OutOfScope(actor.name, Text("须由银行岗位办理", "a bank's post does this"))
    cases = list(
        Case.objects.select_for_update(of=("self",))
        .select_related("person", "agreement")
        .filter(number__in=numbers, policy_id=RUGAO, bank_id=actor.organisation_id, state="agreed")
        .order_by("number")
    )
    if not numbers:
        raise ZhubaoError("E-ROSTER-EMPTY", Text("花名册里没有人", "nobody is on the roster"), place=batch)
    missing = sorted(set(numbers) - {case.number for case in cases})
    if missing:
        raise ZhubaoError(
            "E-ROSTER-CASE", Text("不是本行已签协议的申请", "not a signed case of this bank"), place=", ".join(missing)
        )
    loans = [open_loan_of(case, actor=actor, now=now) for case in cases]
    rows = [_row(case, actor=actor, now=now) for case in cases]
    area = cases[0].region_code[:6]
    rosters = []
    for kind in RECIPIENTS:
        office = Organisation.objects.filter(kind=kind, region_id=area).first()
        if office is None:
            raise ZhubaoError(
                "E-ROSTER-OFFICE", Text("本地没有登记这个单位", "no such office is registered here"), place=str(kind.label)
            )
        rosters.append(
            make_envelope(
                FORM,
                rows,
                batch=batch,
                policy_id=RUGAO,
                region_code=area,
                sender_id=actor.organisation_id,
                receiver_id=office.pk,
                actor=actor,
                now=now,
            )
        )
    _log_copies(cases, rosters, actor=actor, now=now)
    return HandedOver(loans, rosters)


def _row(case: Case, *, actor: Actor, now: datetime) -> Borrower:
    agreement = case.agreement
    granted = case.decisions.filter(kind="loan", outcome="granted").last()
    return Borrower(
        loan_number=loan_number(case),
        name=case.person.name,
        id_number=number_for_print(case.person, "借款人花名册", actor=actor, now=now),
        amount_fen=agreement.amount_fen,
        rate_ppm=agreement.rate_ppm,
        term_months=agreement.grace_months + agreement.repay_months,
        category=granted.category if granted else "",
        drawn_on=None,
    )


def _log_copies(cases: Sequence[Case], rosters: Sequence[Envelope], *, actor: Actor, now: datetime) -> None:
    """Note the four copies of the roster in each case: one stays at the bank."""
    today = timezone.localdate(now)
    recipients = [("bank", ""), *((envelope.receiver.kind, envelope.receiver.name) for envelope in rosters)]
    FormCopy.objects.bulk_create(
        (
            FormCopy(
                case=case, form=FORM, recipient=kind, handed_on=today, received_by=name or actor.name, handed_by_id=actor.user_id
            )
            for case in cases
            for kind, name in recipients
        ),
        ignore_conflicts=True,
    )
