"""The settlement certificate: the bank's word that nothing is owed, which a transfer of the pension relation needs."""

from datetime import datetime

from django.db import transaction

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.roles import BANK_ROLES, Role
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.loans.models import Loan, SettlementCertificate, TransferRequest
from zhubao.loans.repaying import owed_after, standing
from zhubao.loans.replaying import record_of
from zhubao.policies.claims import implements

from .waiting import ISSUE_CERTIFICATE, RELEASE_TRANSFER, put_in_queues

SETTLED = "settled"
CERTIFYING_POSTS = (Role.BANK_OFFICER, Role.BANK_REVIEWER)


@implements("rg-14.3", as_="action")
@transaction.atomic
def issue_certificate(loan_id: int, *, actor: Actor, now: datetime) -> SettlementCertificate:
    """Issue the certificate of a settled loan, once; asked again, it is the same.

    Raise OutOfScope for another bank, E-STATE while the loan is not settled, E-LOAN-OWED when something is owed after all.
    """
    actor.require_role(*CERTIFYING_POSTS)
    loan = Loan.objects.select_for_update().get(pk=loan_id)
    actor.require_region(loan.region_code)
    if actor.role in BANK_ROLES and actor.organisation_id != loan.bank_id:
        raise OutOfScope(loan.number, Text("由别的单位办理", "another office deals with this"))
    if loan.state != SETTLED:
        raise ZhubaoError("E-STATE", Text("贷款尚未结清", "the loan is not settled"), place=loan.number)
    return write_certificate(loan, actor=actor, now=now)


def write_certificate(loan: Loan, *, actor: Actor, now: datetime) -> SettlementCertificate:
    """Write the certificate of a locked, settled loan, or return it; a transfer that was blocked goes to whoever releases it."""
    there = SettlementCertificate.objects.filter(loan=loan).first()
    if there is not None:
        return there
    known = record_of(loan)
    last = max(standing(known.events)).on
    outcome = known.outcome(last)
    left = owed_after(outcome, last)
    step = loan.steps.filter(end=SETTLED).order_by("number").last()
    if left or step is None:
        yuan = amount_in_yuan(left)
        raise ZhubaoError("E-LOAN-OWED", Text(f"尚欠 {yuan} 元", f"{yuan} yuan are still owed"), place=loan.number)
    certificate = SettlementCertificate.objects.create(
        loan=loan,
        number=f"{loan.number}-JQ",
        settled_on=outcome.closed_on or step.on,
        issued_at=now,
        issued_by_id=actor.post_id,
    )
    put_in_queues(loan, [], [ISSUE_CERTIFICATE], actor=actor, now=now)
    record(
        "loan.certificate",
        loan.subject,
        actor=actor,
        now=now,
        region_code=loan.region_code,
        after={"number": certificate.number, "settled_on": str(certificate.settled_on)},
    )
    if TransferRequest.objects.filter(loan=loan, state="blocked").exists():
        put_in_queues(loan, [RELEASE_TRANSFER], [RELEASE_TRANSFER], actor=actor, now=now)
    return certificate
