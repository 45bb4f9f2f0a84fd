"""Refunds to people who had paid in full themselves: listed by the centre, paid by the department, come back, paid again.

The only writers of refunds. A row has one refund and stands in no claim beside it: the table refuses both.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.accounts.actions import reclassify, take_back
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import make_envelope
from zhubao.exchange.selectors import next_batch
from zhubao.language import Text
from zhubao.ledger.actions import reverse
from zhubao.ledger.chart import Party
from zhubao.people.actions import set_card
from zhubao.people.models import CardAccount
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.deadlines import Deadline, deadline
from zhubao.tasks.kinds import declare

from .collecting_differences import agree, open_difference
from .collecting_files import refund_rows
from .models import AssistancePlan, PlanDifferenceKind, PlanRow, Refund, RefundPayment, RefundState
from .parties import SOURCE, Books, office_of, organisation, require_payer
from .stepping import require_may, take
from .vouchers import REFUND, require_voucher

REFUND_DAYS, DEFAULT_DAYS = "refund_days", 30
PAY = declare("assistance_refund.pay", Text("退还本人多缴的代缴部分", "refund the part on behalf to whoever paid in full"))
CORRECT = declare("assistance_refund.correct", Text("退费被退回，更正账户", "a refund came back: correct the account"))


@implements("ps-2.2i", "ps-2.2j", as_="action")
@transaction.atomic
def list_refunds(plan: AssistancePlan, *, actor: Actor, now: datetime) -> list[Refund]:
    """Put everybody who paid in full on the refund list of the department that pays for them, one file each; return the new ones.

    The part on behalf alone goes back, to the account on the insured's record (A-PS-5). Raise OutOfScope, what `take` raises.
    """
    require_may(plan, "list_refund", actor)
    AssistancePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    rows = list(
        PlanRow.objects.filter(plan=plan, state="self_full", on_behalf_fen__gt=0)
        .select_for_update(of=("self",))
        .select_related("person", "plan")
        .order_by("payer", "pk")
    )
    today = localdate(now)
    due = deadline(REFUND_DAYS, DEFAULT_DAYS, "calendar", today, area_of_region(plan.region_code), parameter_book())
    made: list[Refund] = []
    for payer in sorted({row.payer for row in rows}):
        made += _list_of(plan, payer, [row for row in rows if row.payer == payer], due, actor=actor, now=now)
    return made


def _list_of(
    plan: AssistancePlan, payer: str, rows: list[PlanRow], due: Deadline, *, actor: Actor, now: datetime
) -> list[Refund]:
    office, today = office_of(plan, payer), localdate(now)
    batch = next_batch(plan.agency_id, "refund_list", today)
    keys = PlanRow.objects.filter(pk__in=[row.pk for row in rows])
    take(plan, keys, "list_refund", key=f"refund:{batch}", actor=actor, now=now)
    accounts = _accounts([row.person_id for row in rows])
    made = Refund.objects.bulk_create(
        [
            Refund(
                region_code=row.region_code,
                plan=plan,
                row=row,
                batch=batch,
                payer=payer,
                office=office,
                amount_fen=row.on_behalf_fen,
                account=accounts.get(row.person_id),
                listed_on=today,
                due_on=due.due_on,
                due_arithmetic=due.arithmetic,
                provisional=due.provisional,
            )
            for row in rows
        ]
    )
    make_envelope(
        "refund_list",
        refund_rows(rows),
        batch=batch,
        policy_id=plan.policy_id,
        region_code=plan.region_code,
        sender_id=plan.agency_id,
        receiver_id=office.pk,
        actor=actor,
        now=now,
    )
    for refund in made:
        _open(PAY if refund.account_id else CORRECT, refund, actor=actor, now=now)
    return made


@implements("ps-2.2j", as_="action")
@transaction.atomic
def pay_refunds(plan: AssistancePlan, refund_ids: Sequence[int], on: date, reference: str, *, actor: Actor, now: datetime) -> int:
    """Record that the department has paid refunds back, and return how many; those paid before are left alone.

    The department's expense and the person's money are posted, and the account's own payment becomes one on behalf. Raise OutOfScope
    for another department's, E-REFUND-NONE, E-REFUND-DAY, E-REFUND-REFERENCE, E-REFUND-ACCOUNT for one without a good account.
    """
    require_may(plan, "refund", actor)
    refunds = list(
        Refund.objects.filter(plan=plan, pk__in=refund_ids)
        .select_for_update(of=("self",))
        .select_related("row__person", "office", "account")
        .order_by("pk")
    )
    if not refunds:
        raise ZhubaoError("E-REFUND-NONE", Text("没有选中要退的人", "no refund was chosen"), place=plan.subject)
    require_payer(actor, {refund.payer for refund in refunds})
    waiting = [refund for refund in refunds if refund.state != RefundState.PAID]
    for refund in waiting:
        listed = refund.listed_on
        voucher = require_voucher(REFUND, reference, on, first=listed, today=localdate(now), place=refund.subject)
        _require_account(refund)
        _pay(refund, on, voucher, actor=actor, now=now)
    return len(waiting)


def _require_account(refund: Refund) -> None:
    if refund.account is None or refund.state == RefundState.CAME_BACK:
        raise ZhubaoError(
            "E-REFUND-ACCOUNT",
            Text(f"{refund.row.person.masked_name} 没有可用账户", f"{refund.row.person.masked_name} has no good account"),
            place=refund.subject,
            remedy=Text("请社保中心更正账户后再退", "the centre corrects the account first"),
        )


def _pay(refund: Refund, on: date, voucher: str, *, actor: Actor, now: datetime) -> None:
    plan, row = refund.plan, refund.row
    assert refund.account is not None
    attempt = refund.payments.count() + 1
    rows = PlanRow.objects.filter(pk=row.pk)
    take(plan, rows, "refund", key=f"refund:{refund.pk}/{attempt}", on=on, actor=actor, now=now)
    RefundPayment.objects.create(refund=refund, attempt=attempt, account=refund.account, paid_on=on, reference=voucher)
    refund.state = RefundState.PAID
    refund.save(update_fields=["state"])
    entry, fen = f"{on}/{attempt}", refund.amount_fen
    books = Books(plan.region_code, refund.subject, on)
    books.add("refund", entry, Party.PERSON, "cash", "contribution", fen, which=f"person:{row.person_id}")
    books.add("refund", entry, Party.DEPARTMENT, "assistance_expense", "cash", fen, which=organisation(refund.office))
    books.post(actor=actor, now=now)
    reclassify(
        row.person,
        fen,
        on=on,
        subject=refund.subject,
        key=str(attempt),
        to_lot=str(plan.year),
        region_code=plan.region_code,
        actor=actor,
        now=now,
    )
    agree(plan, (PlanDifferenceKind.REFUND_RETURNED,), subject=refund.subject, now=now)
    close_tasks(refund.subject, [PAY, CORRECT], actor=actor, now=now)


@implements("ps-2.2j", as_="action")
@transaction.atomic
def return_refund(refund_id: int, on: date, reason: str, *, actor: Actor, now: datetime) -> Refund:
    """Record that a refund came back: what was posted is taken back, and the account is an open item until it is corrected.

    Raise DoesNotExist, OutOfScope, E-REFUND-STATE for one that is not paid, E-REFUND-DAY, E-REASON, and what `take` raises.
    """
    refund = _locked(refund_id)
    plan, said = refund.plan, reason.strip()[:200]
    require_may(plan, "refund_failed", actor)
    require_payer(actor, [refund.payer])
    payment = refund.payments.filter(returned_on=None).first()
    if refund.state != RefundState.PAID or payment is None:
        problem = Text("这笔退费没有付出", "this refund is not paid")
        raise ZhubaoError("E-REFUND-STATE", problem, place=refund.subject)
    if not payment.paid_on <= on <= localdate(now):
        problem = Text(f"日期应在 {payment.paid_on} 之后", f"a day from {payment.paid_on} on is needed")
        raise ZhubaoError("E-REFUND-DAY", problem, place=refund.subject)
    rows = PlanRow.objects.filter(pk=refund.row_id)
    key = f"returned:{refund.pk}/{payment.attempt}"
    take(plan, rows, "refund_failed", key=key, reason=said, on=on, actor=actor, now=now)
    payment.returned_on, payment.return_reason = on, said
    payment.save(update_fields=["returned_on", "return_reason"])
    refund.state = RefundState.CAME_BACK
    refund.save(update_fields=["state"])
    reverse(SOURCE, refund.subject, entry=f"{payment.paid_on}/{payment.attempt}", on=on, actor=actor, now=now)
    take_back(refund.subject, str(payment.attempt), on=on, actor=actor, now=now)
    open_difference(
        plan,
        PlanDifferenceKind.REFUND_RETURNED,
        refund.subject,
        row=refund.row,
        plan_fen=refund.amount_fen,
        detail=Text(f"退费退回：{said}", f"the refund came back: {said}"),
        now=now,
    )
    _open(CORRECT, refund, actor=actor, now=now)
    return refund


@transaction.atomic
def correct_account(refund_id: int, bank_id: int, number: str, reason: str, *, actor: Actor, now: datetime) -> Refund:
    """Give a refund the right account, kept on the person's record too; then the department pays it (again).

    Raise DoesNotExist, OutOfScope, E-REASON, E-REFUND-STATE for one that is paid, and what `people.actions.set_card` raises.
    """
    refund = _locked(refund_id)
    plan = refund.plan
    require_may(plan, "correct_account", actor)
    if refund.state == RefundState.PAID:
        problem = Text("这笔退费已付，不用更正", "this refund is paid")
        raise ZhubaoError("E-REFUND-STATE", problem, place=refund.subject)
    today = localdate(now)
    account = set_card(refund.row.person_id, bank_id, number, starts_on=today, actor=actor, now=now)
    key = f"account:{refund.pk}/{refund.payments.count()}/{account.pk}"
    rows = PlanRow.objects.filter(pk=refund.row_id)
    take(plan, rows, "correct_account", key=key, reason=reason, actor=actor, now=now)
    refund.account, refund.state = account, RefundState.LISTED
    refund.save(update_fields=["account", "state"])
    close_tasks(refund.subject, [CORRECT], actor=actor, now=now)
    _open(PAY, refund, actor=actor, now=now)
    return refund


def _locked(refund_id: int) -> Refund:
    refunds = Refund.objects.select_for_update(of=("self",)).select_related("plan", "row__person", "office")
    return refunds.get(pk=refund_id)


def _accounts(people: Sequence[int]) -> dict[int, CardAccount]:
    """Return the present card account of each person, the latest where there are several."""
    found = CardAccount.objects.filter(person__in=people, ends_on=None).order_by("starts_on", "pk")
    return {account.person_id: account for account in found}


def _open(kind: str, refund: Refund, *, actor: Actor, now: datetime) -> None:
    paying = kind == PAY
    open_task(
        kind,
        refund.subject,
        region_code=refund.plan.region_code,
        role=Role.CERTIFIER if paying else Role.AGENCY_REVIEWER,
        organisation_id=refund.office_id if paying else refund.plan.agency_id,
        deadline=Deadline(refund.due_on, refund.due_arithmetic, refund.provisional),
        actor=actor,
        now=now,
    )
