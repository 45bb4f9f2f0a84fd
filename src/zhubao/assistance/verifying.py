"""Tax's actual data and what each department says to it: listed, missing, verified, rejected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from zhubao.access.actors import Actor
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.models import Person
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book

from .collecting_differences import agree, open_difference
from .dates import SELF_PAY, plan_day
from .models import AssistancePlan, Channel, PlanDifferenceKind, PlanRow
from .models.row import PlanRowQuerySet
from .parties import require_payer
from .stepping import take

# Whose part on behalf may be listed: the own part is there, the money comes from the county.
READY = Q(state__in=("planned", "self_paid"), channel=Channel.COUNTY, on_behalf_fen__gt=0, self_paid_fen__gte=F("self_pay_fen"))


@dataclass(frozen=True)
class Listed:
    """One person of the actual data, fen."""

    row_id: int
    category: str
    tier_fen: int
    self_paid_fen: int
    on_behalf_fen: int


def ready_rows(plan: AssistancePlan) -> PlanRowQuerySet:
    """Return the rows tax may list: the own part, where there is one, is paid; the severely disabled are never among them."""
    return PlanRow.objects.filter(READY, plan=plan)


@implements("ps-2.2f", "ps-2.1c", as_="action")
@transaction.atomic
def list_actual(
    plan: AssistancePlan, person: Person | None, listed: Listed, *, on: date, key: str, actor: Actor, now: datetime
) -> PlanRow:
    """Take one person of tax's actual data; the same key again changes nothing.

    Raise E-PLAN-ROW (no such row, or another plan's), E-LINE-PERSON (another's citizen number), E-ACTUAL-CHANNEL (severely disabled),
    E-ACTUAL-OWN-PART (unpaid, or another sum), E-ACTUAL-CATEGORY, E-ACTUAL-TIER, E-ACTUAL-AMOUNT, and what `take` raises.
    """
    row = row_of_file(plan, listed.row_id, person)
    if not row.steps.filter(key=key).exists():
        _compare(row, listed)
    take(plan, PlanRow.objects.filter(pk=row.pk), "list_actual", key=key, on=on, actor=actor, now=now)
    agree(plan, (PlanDifferenceKind.ACTUAL_MISSING, PlanDifferenceKind.NOT_VERIFIED), rows=[row.pk], now=now)
    return row


def row_of_file(plan: AssistancePlan, row_id: int, person: Person | None) -> PlanRow:
    """Return the row a file names, locked; E-PLAN-ROW, and E-LINE-PERSON where the citizen number is not that row's person's."""
    rows = PlanRow.objects.select_for_update(of=("self",)).select_related("person")
    row = rows.filter(plan=plan, pk=row_id).first()
    if row is None:
        raise ZhubaoError(
            "E-PLAN-ROW",
            Text(f"计划编号：{plan.year} 年计划内没有这一行", f"plan number: the plan of {plan.year} has no such row"),
            place=str(row_id),
            remedy=Text("按下发的代缴计划填写", "take it from the plan that was handed out"),
        )
    if person is None or person.pk != row.person_id:
        raise ZhubaoError(
            "E-LINE-PERSON",
            Text("身份证号：与计划编号不是同一人", "citizen number: not the person of this plan number"),
            place=row.subject,
            remedy=Text("核对是否串行", "look whether lines were mixed up"),
        )
    return row


def _compare(row: PlanRow, listed: Listed) -> None:
    """Raise the first thing in which the file and the plan disagree."""
    wrong: tuple[str, Text] | None = None
    if row.channel != Channel.COUNTY:
        wrong = "E-ACTUAL-CHANNEL", Text("人员类别：重残走原渠道，不列入", "category: severely disabled, by their own channel")
    elif row.self_paid_fen < row.self_pay_fen:
        wrong = (
            "E-ACTUAL-OWN-PART",
            Text(
                f"已缴自付：自付 {amount_in_yuan(row.self_pay_fen)} 元尚未到账",
                f"own part: {amount_in_yuan(row.self_pay_fen)} yuan have not arrived",
            ),
        )
    elif listed.self_paid_fen != row.self_paid_fen:
        wrong = (
            "E-ACTUAL-OWN-PART",
            Text(
                f"已缴自付：登记为 {amount_in_yuan(row.self_paid_fen)} 元",
                f"own part: {amount_in_yuan(row.self_paid_fen)} yuan are on record",
            ),
        )
    elif listed.category != row.category:
        wrong = "E-ACTUAL-CATEGORY", Text("人员类别：与计划不同", "category: the plan has another")
    elif listed.tier_fen != row.tier_fen:
        wrong = (
            "E-ACTUAL-TIER",
            Text(f"缴费档次：计划为 {amount_in_yuan(row.tier_fen)} 元", f"tier: {amount_in_yuan(row.tier_fen)} in the plan"),
        )
    elif listed.on_behalf_fen != row.on_behalf_fen:
        fen = amount_in_yuan(row.on_behalf_fen)
        wrong = "E-ACTUAL-AMOUNT", Text(f"代缴金额：计划为 {fen} 元", f"on behalf: {fen} yuan in the plan")
    if wrong is not None:
        code, problem = wrong
        remedy = Text("税务与社保中心核对后列入下一批", "tax and the centre compare it; it goes into the next list")
        raise ZhubaoError(code, problem, place=row.subject, remedy=remedy)


@implements("ps-2.2f", as_="feature")
@transaction.atomic
def compare_actual(plan: AssistancePlan, *, now: datetime) -> int:
    """Open a difference for everybody who should have been in the actual data and is not; return how many are open.

    Who paid after the last day of the own part belongs to the next list (A-PS-7).
    """
    last = plan_day(SELF_PAY, plan.year, area_of_region(plan.region_code), parameter_book()).due_on
    in_time = Q(self_paid_on__lte=last) | Q(self_paid_on=None, entered_on__lte=last)
    missing = ready_rows(plan).filter(in_time).select_related("person")
    for row in missing:
        open_difference(
            plan,
            PlanDifferenceKind.ACTUAL_MISSING,
            row.subject,
            row=row,
            plan_fen=row.on_behalf_fen,
            tax_fen=0,
            detail=Text("自付已到账或无需自付，税务实缴数据中没有", "nothing more to pay, yet not in tax's actual data"),
            now=now,
        )
    return len(missing)


@implements("ps-2.2g", as_="action")
@transaction.atomic
def verify_rows(plan: AssistancePlan, row_ids: Sequence[int], *, key: str, actor: Actor, now: datetime) -> int:
    """Verify rows of the own department and return how many; the same key again changes nothing.

    Raise OutOfScope for another department's rows, E-VERIFY-DEAD for somebody who died before the own part was paid, E-VERIFY-NONE,
    and what `take` raises.
    """
    rows = _own(plan, row_ids, actor)
    dead = rows.filter(person__died_on__isnull=False).select_related("person")
    for row in dead:
        if row.person.dead_on(row.self_paid_on or row.entered_on):
            raise ZhubaoError(
                "E-VERIFY-DEAD",
                Text(
                    f"此人已于 {row.person.died_on} 死亡，不再代缴", f"the person died on {row.person.died_on}: nothing is paid"
                ),
                place=row.subject,
                remedy=Text("请选“不予核实”并写明原因", "reject the row with its reason"),
            )
    return take(plan, rows, "verify", key=key, actor=actor, now=now)


@implements("ps-2.2g", as_="action")
@transaction.atomic
def reject_rows(plan: AssistancePlan, row_ids: Sequence[int], reason: str, *, key: str, actor: Actor, now: datetime) -> int:
    """Reject rows of the own department with a reason: they are in no claim, and stand on the list of differences.

    Raise OutOfScope for another department's rows, E-REASON, E-VERIFY-NONE, and what `take` raises.
    """
    rows = _own(plan, row_ids, actor)
    listed = list(rows.select_related("person"))
    taken = take(plan, rows, "reject_actual", key=key, reason=reason, actor=actor, now=now)
    for row in listed if taken else ():
        open_difference(
            plan,
            PlanDifferenceKind.NOT_VERIFIED,
            row.subject,
            row=row,
            plan_fen=0,
            tax_fen=row.on_behalf_fen,
            detail=Text(f"主管部门：{reason.strip()}", f"the department: {reason.strip()}"),
            now=now,
        )
    return taken


def _own(plan: AssistancePlan, row_ids: Sequence[int], actor: Actor) -> PlanRowQuerySet:
    rows = PlanRow.objects.filter(plan=plan, pk__in=row_ids)
    payers = set(rows.order_by().values_list("payer", flat=True))
    if not payers:
        raise ZhubaoError("E-VERIFY-NONE", Text("没有选中任何人", "nobody was chosen"), place=plan.subject)
    require_payer(actor, payers)
    return rows
