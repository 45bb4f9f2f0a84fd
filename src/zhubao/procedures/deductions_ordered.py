"""The month's instalments are told to a bank, and what is left of the pensions to civil affairs: two files, each line once."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.models import Agreement
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import make_envelope
from zhubao.exchange.files.deduction_order import Deduction
from zhubao.exchange.files.net_pension import NetPension
from zhubao.exchange.models import Envelope, EnvelopeLine
from zhubao.language import Text
from zhubao.lending.days import month_end, month_number
from zhubao.loans.deductions.ordering import Open, examine_open, instruct, order_back_pay, untold_orders
from zhubao.loans.models import DeductionInstruction, DeductionOrder, Loan, LoanClosing, PensionCredit
from zhubao.loans.selectors import loans_for
from zhubao.loans.states import RUGAO, process_of
from zhubao.people.actions import number_for_print
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import parameter_book

ORDERS, NET = "deduction_order", "net_pension"


class Ordered(NamedTuple):
    """The file that went to the bank (None: nothing could go), and the orders that wait, with reasons."""

    envelope: Envelope | None
    waiting: list[Open]


class Left(NamedTuple):
    """What is left of one pension, fen; `waits` tells of an instalment the bank has not answered yet."""

    loan: Loan
    credit: PensionCredit
    deducted_fen: int
    waits: bool

    @property
    def net_fen(self) -> int:
        """What the person really got."""
        return self.credit.gross_fen - self.deducted_fen


def open_orders(actor: Actor, bank_id: int, policy_id: str, on: date) -> list[Open]:
    """Return the orders for a bank that it was not told yet: what may go now, and what waits, with the reason."""
    return examined(list(untold_orders(loans_for(actor).filter(bank_id=bank_id, policy_id=policy_id))), on)


def examined(orders: Sequence[DeductionOrder], on: date) -> list[Open]:
    """Return orders not told yet with what may go on a day; the consent to a deduction is read from the agreements."""
    numbers = {order.loan.case_number for order in orders}
    agreed = Agreement.objects.filter(case__number__in=numbers, deduction_agreed_on__lte=on)
    return examine_open(orders, on, set(agreed.values_list("case__number", flat=True)))


@implements("jx-3.2a", "jx-annex-6a", "rg-14.1a", "rg-14.1c", "tl-4.2a", "tl-5.1g", as_="action")
@transaction.atomic
def send_orders(bank_id: int, policy_id: str, batch: str, *, actor: Actor, now: datetime) -> Ordered:
    """Write the file of instalments for a bank, of every order whose pension is credited in full; the others wait with a reason.

    Earlier months paid later get their orders first, each by its own figures. A second call tells only what came since, under a batch
    of its own; the same batch with nothing new returns the file it was. Raise OutOfScope, and what `make_envelope` raises.
    """
    actor.require_role(Role.AGENCY_ACCOUNTANT)
    if actor.organisation_id is None:
        raise OutOfScope(actor.name, Text("须由经办机构岗位办理", "a post of the agency does this"))
    today = timezone.localdate(now)
    Organisation.objects.select_for_update(no_key=True).get(pk=actor.organisation_id)
    loans = loans_for(actor).filter(bank_id=bank_id, policy_id=policy_id, state="repaying")
    locked = list(loans.select_related("person", "bank", "agency").select_for_update(of=("self",)).order_by("pk"))
    order_back_pay(locked, today, parameter_book(), actor=actor, now=now)
    found = open_orders(actor, bank_id, policy_id, today)
    ready = [each for each in found if each.waits is None]
    waiting = [each for each in found if each.waits is not None]
    if not ready:
        before = Envelope.objects.good().filter(sender=actor.organisation_id, receiver=bank_id, kind=ORDERS, batch=batch)
        return Ordered(before.first(), waiting)
    envelope = make_envelope(
        ORDERS,
        [_order_row(each, actor=actor, now=now) for each in ready],
        batch=batch,
        policy_id=policy_id,
        region_code=actor.scope[:6],
        sender_id=actor.organisation_id,
        receiver_id=bank_id,
        actor=actor,
        now=now,
    )
    instruct(ready, envelope, today)
    return Ordered(envelope, waiting)


def _order_row(each: Open, *, actor: Actor, now: datetime) -> Deduction:
    assert each.credit is not None
    loan = each.order.loan
    return Deduction(
        loan_number=loan.number,
        name=loan.person.name,
        id_number=number_for_print(loan.person, "还款扣划清单", actor=actor, now=now),
        account_tail=loan.card_account.last_four if loan.card_account else "",
        month=each.order.month,
        pension_fen=each.credit.gross_fen,
        credited_on=each.credit.credited_on,
        protected_fen=each.order.protected_fen + each.others_fen,
        amount_fen=each.amount_fen,
    )


@implements("rg-14.1d", as_="action")
def pensions_left(actor: Actor, month: date) -> list[Left]:
    """Return what is left of the pensions of a month after deduction, Rugao borrowers of the post's region, by loan number."""
    loans = loans_for(actor).filter(policy_id=RUGAO).exclude(state="withdrawn")
    credits_ = {each.person_id: each for each in PensionCredit.objects.filter(month=month, person__in=loans.values("person_id"))}
    told = DeductionInstruction.objects.filter(credit__in=[each.pk for each in credits_.values()]).select_related("answer")
    taken: dict[int, int] = {}
    waits: set[int] = set()
    for each in told:
        answer = getattr(each, "answer", None)
        if answer is None:
            waits.add(each.credit_id)
        else:
            taken[each.credit_id] = taken.get(each.credit_id, 0) + answer.taken_fen
    untold = set(untold_orders(loans).filter(month=month).values_list("loan_id", flat=True))
    closed = set(
        LoanClosing.objects.filter(loan__in=loans.order_by(), as_of__gte=month_end(month_number(month))).values_list(
            "loan_id", flat=True
        )
    )
    found: dict[int, Left] = {}
    for loan in loans.filter(person_id__in=list(credits_)).order_by("number"):
        credit = credits_[loan.person_id]
        # Until the month-end nobody knows whether an instalment of the month is due.
        over = process_of(loan.policy_id).state(loan.state).final or loan.pk in closed
        waiting = credit.pk in waits or loan.pk in untold or not over
        found.setdefault(credit.pk, Left(loan, credit, taken.get(credit.pk, 0), waiting))
    return list(found.values())


@implements("rg-14.1d", as_="action")
@transaction.atomic
def send_net_pensions(month: date, batch: str, *, actor: Actor, now: datetime) -> Envelope:
    """Write the list of net pensions of a month for civil affairs; persons told of before, or not answered by the bank, are left out.

    Raise OutOfScope, E-NET-OFFICE without a civil affairs bureau here, E-EXCHANGE-EMPTY when there is nobody, and what `make_envelope`
    raises.
    """
    actor.require_role(Role.AGENCY_ACCOUNTANT)
    if actor.organisation_id is None:
        raise OutOfScope(actor.name, Text("须由经办机构岗位办理", "a post of the agency does this"))
    area = actor.scope[:6]
    office = Organisation.objects.filter(kind=OrganisationKind.CIVIL_AFFAIRS, region_id=area).first()
    if office is None:
        raise ZhubaoError("E-NET-OFFICE", Text("本地没有登记民政部门", "no civil affairs bureau is registered here"), place=area)
    Organisation.objects.select_for_update(no_key=True).get(pk=actor.organisation_id)
    standing = Envelope.objects.good().filter(sender=actor.organisation_id, receiver=office, kind=NET, batch=batch).first()
    if standing is not None:
        return standing
    ready = [each for each in pensions_left(actor, month) if not each.waits]
    known = told_net(actor.organisation_id, month, [each.loan.number for each in ready])
    rows = [
        NetPension(
            loan_number=each.loan.number,
            name=each.loan.person.name,
            id_number=number_for_print(each.loan.person, "扣款后实领养老金", actor=actor, now=now),
            month=month,
            gross_fen=each.credit.gross_fen,
            deducted_fen=each.deducted_fen,
            net_fen=each.net_fen,
        )
        for each in ready
        if each.loan.number not in known
    ]
    return make_envelope(
        NET,
        rows,
        batch=batch,
        policy_id=RUGAO,
        region_code=area,
        sender_id=actor.organisation_id,
        receiver_id=office.pk,
        actor=actor,
        now=now,
    )


def told_net(sender_id: int, month: date, numbers: Sequence[str]) -> set[str]:
    """Return which loans' net pension of a month civil affairs was told of, by number."""
    keys = [f"{number}/{month}" for number in numbers]
    lines = EnvelopeLine.objects.filter(envelope__sender=sender_id, envelope__kind=NET, envelope__fault="", key__in=keys)
    return {key.partition("/")[0] for key in lines.values_list("key", flat=True)}
