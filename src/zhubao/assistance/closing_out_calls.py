"""Villages call on households that have not paid their own part: one task a household, one record a call."""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.notices.actions import tell
from zhubao.notices.models import Channel as Way
from zhubao.policies.claims import implements
from zhubao.tasks.actions import close_many, open_many
from zhubao.tasks.kinds import declare
from zhubao.tasks.models import Task

from .closing_out_turns import OWING, YEAR_END
from .models import AssistancePlan, CallWay, HouseholdCall, PlanRow
from .models.row import PlanRowQuerySet

CALL: Final = declare("assistance.call", Text("上门通知缴自付部分", "call on the household: the own part is not paid"))
TOLD: Final = "assistance.own_part"
VILLAGE_DIGITS: Final = 12
_WAYS: Final = {CallWay.VISIT: Way.PAPER, CallWay.PHONE: Way.COUNTER, CallWay.NOTICE: Way.PAPER}


def call_subject(row_id: int) -> str:
    """Return the name under which the task of calling on a household is known."""
    return f"plan-call:{row_id}"


def owing(plan: AssistancePlan, region_code: str) -> PlanRowQuerySet:
    """Return the rows of a place whose own part is not paid."""
    return PlanRow.objects.filter(OWING, plan=plan, region_code__startswith=region_code)


@implements("ps-3.2b", "ps-2.2e", as_="action")
@transaction.atomic
def share_out_calls(plan_id: int, region_code: str, *, actor: Actor, now: datetime) -> tuple[int, int]:
    """Have one open task for every row of a place that owes its own part, and none for any other; return opened and closed.

    A row placed in a village is its committee's; one placed no nearer than a township is the township's. The day is that of the row;
    once it has passed, the end of the year, until which a later list takes it (A-PS-11). Nothing is opened in a plan not published.
    Safe to repeat. Raise DoesNotExist, OutOfScope.
    """
    plan = AssistancePlan.objects.get(pk=plan_id)
    actor.require_role(Role.TOWNSHIP_CLERK, Role.AGENCY_REVIEWER)
    actor.require_region(region_code)
    if plan.state != "published":
        return 0, 0
    rows = list(owing(plan, region_code).values_list("pk", "region_code", "due_on"))
    wanted = {call_subject(pk) for pk, _place, _due in rows}
    ours = {
        call_subject(pk)
        for pk in PlanRow.objects.filter(plan=plan, region_code__startswith=region_code).values_list("pk", flat=True)
    }
    standing = set(Task.objects.open().filter(kind=CALL, region_code__startswith=region_code).values_list("subject", flat=True))
    closed = close_many([CALL], (standing & ours) - wanted, actor=actor, now=now)
    today, end = localdate(now), date(plan.year, *YEAR_END)
    opened = 0
    for role, in_village in ((Role.COMMITTEE_MEMBER, True), (Role.TOWNSHIP_CLERK, False)):
        chosen = [
            (call_subject(pk), place, due if due is not None and due >= today else end)
            for pk, place, due in rows
            if (len(place) == VILLAGE_DIGITS) is in_village and call_subject(pk) not in standing
        ]
        opened += open_many(CALL, chosen, role=role, actor=actor, now=now)
    if opened or closed:
        after = {"opened": opened, "closed": closed, "place": region_code}
        record("plan.calls_shared_out", plan.subject, actor=actor, now=now, region_code=plan.region_code, after=after)
    return opened, closed


@implements("ps-3.2b", as_="action")
@transaction.atomic
def note_call(
    row_id: int,
    *,
    on: date,
    way: str,
    said: str,
    promised_on: date | None = None,
    key: str,
    actor: Actor,
    now: datetime,
) -> HouseholdCall:
    """Keep one call on a household with what it was told; the task stays open until the own part is paid. Once a `key`.

    Raise DoesNotExist, OutOfScope, E-CALL-DONE when nothing is owed any more, E-CALL-WAY, E-CALL-EMPTY without words, E-CALL-DAY for a
    call that lies ahead or a promise before it.
    """
    actor.require_role(Role.COMMITTEE_MEMBER, Role.TOWNSHIP_CLERK)
    row = PlanRow.objects.select_for_update(of=("self",)).select_related("plan", "person").get_for(actor, pk=row_id)
    before = HouseholdCall.objects.filter(row=row, key=key).first()
    if before is not None:
        return before
    words = said.strip()[:300]
    if not PlanRow.objects.filter(OWING, pk=row.pk).exists():
        raise ZhubaoError(
            "E-CALL-DONE", Text("这一户自付部分已不欠缴", "this household owes nothing any more"), place=row.subject
        )
    if way not in CallWay.values:
        raise ZhubaoError("E-CALL-WAY", Text("通知方式不对", "there is no such way"), place=row.subject)
    if not words:
        raise ZhubaoError("E-CALL-EMPTY", Text("请写明对方怎么说", "say what came of the call"), place=row.subject)
    if on > localdate(now) or (promised_on is not None and promised_on < on):
        raise ZhubaoError(
            "E-CALL-DAY", Text("日期前后不对", "the day lies ahead, or the promise before the call"), place=row.subject
        )
    call = HouseholdCall.objects.create(
        row=row,
        on=on,
        way=way,
        said=words,
        promised_on=promised_on,
        at=now,
        called_by_id=actor.user_id,
        actor_name=actor.name,
        key=key,
    )
    tell(
        row.subject,
        what_is_told(row),
        kind=TOLD,
        channel=_WAYS[CallWay(way)],
        region_code=row.region_code,
        person_id=row.person_id,
        occasion=f"{on}/{call.pk}",
        actor=actor,
        now=now,
    )
    return call


def what_is_told(row: PlanRow) -> str:
    """Return in plain words what a household is told: what is paid for it, what remains, and by when."""
    due = row.due_on or date(row.plan.year, *YEAR_END)
    return (
        f"{row.plan.year} 年居民养老保险：政府代缴 {amount_in_yuan(row.on_behalf_fen)} 元，"
        f"您还要缴 {amount_in_yuan(row.self_pay_fen - row.self_paid_fen)} 元，请在 {due.year} 年 {due.month} 月 {due.day} 日前缴清。"
    )
