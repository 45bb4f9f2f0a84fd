"""The severely disabled: their money is settled between city and county by a dated split, never by a claim (A-PS-6)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.chart import Party
from zhubao.parameters.names import SETTING_PREFIX
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.kinds import declare
from zhubao.workflow import same_person

from .claiming import credit_rows
from .dates import LATE, plan_day
from .models import AssistancePlan, Channel, DisabilitySettlement, DisabilitySettlementLine, PlanRow
from .models.row import PlanRowQuerySet
from .parties import Books, office_of_kind, organisation
from .states import PENGSHUI
from .stepping import require_may, take
from .vouchers import SETTLEMENT, require_voucher

SPLIT = "disability_city_percent"
SETTLE = declare(
    "disability_settlement.settle", Text("重残代缴市县结算，待另一人确认", "settle the severely disabled: a second person")
)


def unsettled_rows(plan: AssistancePlan) -> PlanRowQuerySet:
    """Return the rows of the severely disabled that stand in no settlement; an own part of a higher tier must be there."""
    rows = PlanRow.objects.filter(plan=plan, channel=Channel.DISABILITY, state__in=("planned", "self_paid"), settled=None)
    return rows.filter(on_behalf_fen__gt=0, self_paid_fen__gte=F("self_pay_fen"))


def split_of(plan: AssistancePlan, on: date) -> tuple[int, str]:
    """Return the percent of the city on a day and its source; E-SPLIT-MISSING while nobody has said, E-SETTING-VALUE for no percent."""
    entry = parameter_book().find(SETTING_PREFIX + SPLIT, on, area_of_region(plan.region_code))
    if entry is None:
        raise ZhubaoError(
            "E-SPLIT-MISSING",
            Text("还没有登记市县分担比例", "the share of city and county is not on record"),
            place=plan.subject,
            remedy=Text(
                "请人社局按财政文件在本地数据中登记比例", "the bureau enters it with its document among the local figures"
            ),
        )
    value = str(entry.value)
    if not (value.isascii() and value.isdecimal() and len(value) <= 3 and int(value) <= 100):
        problem = Text(f"比例应为 0 到 100 的整数，不是“{value}”", f"a whole percent from 0 to 100, not {value!r}")
        raise ZhubaoError("E-SETTING-VALUE", problem, place=entry.place or SPLIT)
    return int(value), entry.source


@implements("ps-2.2m", "ps-1g", as_="action")
@transaction.atomic
def draw_up_settlement(plan: AssistancePlan, *, actor: Actor, now: datetime) -> DisabilitySettlement:
    """Draw up the settlement of everybody not settled yet, split between city and county by the percent in force, the city's half up.

    Raise OutOfScope, E-SETTLEMENT-EMPTY, what `split_of` raises, E-STEP-UNKNOWN where the document knows no such channel.
    """
    require_may(plan, "settle_disability", actor)
    actor.require_role(Role.FINANCE_CLERK)
    AssistancePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    rows = list(unsettled_rows(plan).order_by("pk").select_for_update(of=("self",)))
    if not rows:
        problem = Text("没有待结算的重残人员", "nobody waits to be settled")
        raise ZhubaoError("E-SETTLEMENT-EMPTY", problem, place=plan.subject)
    today = localdate(now)
    percent, source = split_of(plan, today)
    total = sum(row.on_behalf_fen for row in rows)
    city = (total * percent * 2 + 100) // 200
    sequence = DisabilitySettlement.objects.filter(plan=plan).count() + 1
    settlement = DisabilitySettlement.objects.create(
        region_code=plan.region_code,
        plan=plan,
        number=f"CJ{plan.year}-{plan.region_code}-{sequence}",
        sequence=sequence,
        lines=len(rows),
        total_fen=total,
        city_percent=percent,
        city_fen=city,
        county_fen=total - city,
        split_source=source[:300],
        drawn_up_on=today,
        drawn_up_by_id=actor.user_id,
    )
    DisabilitySettlementLine.objects.bulk_create(
        [DisabilitySettlementLine(settlement=settlement, row=row, amount_fen=row.on_behalf_fen) for row in rows], batch_size=2000
    )
    open_task(
        SETTLE,
        settlement.subject,
        region_code=plan.region_code,
        role=Role.FINANCE_CLERK,
        organisation_id=None,
        deadline=plan_day(LATE, plan.year, area_of_region(plan.region_code), parameter_book()),
        actor=actor,
        now=now,
    )
    after = {"lines": len(rows), "total_fen": total, "city_fen": city}
    record("disability.drawn_up", settlement.subject, actor=actor, now=now, region_code=plan.region_code, after=after)
    return settlement


@implements("ps-2.2m", "ps-1g", as_="action")
@transaction.atomic
def settle_disability(settlement_id: int, on: date, reference: str, *, actor: Actor, now: datetime) -> DisabilitySettlement:
    """Record that city and county have paid their shares, as another person than drew it up; everybody is credited on behalf.

    The same again changes nothing. Raise DoesNotExist, OutOfScope, E-SAME-PERSON, E-SETTLEMENT-DAY, E-SETTLEMENT-REFERENCE,
    E-SETTLEMENT-TAKEN when it is settled otherwise, what `take` raises.
    """
    locked = DisabilitySettlement.objects.select_for_update(of=("self",)).select_related("plan")
    settlement = locked.get(pk=settlement_id)
    plan, voucher, today = settlement.plan, reference.strip(), localdate(now)
    require_may(plan, "settle_disability", actor)
    actor.require_region(plan.region_code)
    if settlement.settled_on is not None:
        if (settlement.settled_on, settlement.reference) == (on, voucher):
            return settlement
        problem = Text(f"已于 {settlement.settled_on} 结算", f"settled on {settlement.settled_on}")
        raise ZhubaoError("E-SETTLEMENT-TAKEN", problem, place=settlement.number)
    if actor.user_id is not None and actor.user_id == settlement.drawn_up_by_id:
        raise same_person(PENGSHUI.transition("settle_disability"), settlement.number)
    require_voucher(SETTLEMENT, voucher, on, first=settlement.drawn_up_on, today=today, place=settlement.number)
    rows = list(PlanRow.objects.filter(settled__settlement=settlement).order_by("pk"))
    keys = PlanRow.objects.filter(pk__in=[row.pk for row in rows])
    key = f"settle:{settlement.number}"
    take(plan, keys, "settle_disability", key=key, on=on, values={"credited_on": on}, actor=actor, now=now)
    credit_rows(plan, rows, on=on, actor=actor, now=now)
    _post(plan, settlement, on, actor=actor, now=now)
    settlement.settled_on, settlement.settled_by_id, settlement.reference = on, actor.user_id, voucher
    settlement.save(update_fields=["settled_on", "settled_by", "reference"])
    close_tasks(settlement.subject, [SETTLE], actor=actor, now=now)
    after = {"on": str(on), "city_fen": settlement.city_fen, "county_fen": settlement.county_fen, "reference": voucher}
    record("disability.settled", settlement.subject, actor=actor, now=now, region_code=plan.region_code, after=after)
    return settlement


def _post(plan: AssistancePlan, settlement: DisabilitySettlement, on: date, *, actor: Actor, now: datetime) -> None:
    """Post each government's share as its expense, and what the fund was owed and has received."""
    county, entry = office_of_kind(plan, OrganisationKind.FINANCE), f"{on}/{settlement.number}"
    books = Books(plan.region_code, settlement.subject, on)
    for fen, which in ((settlement.city_fen, "city"), (settlement.county_fen, organisation(county))):
        books.add("disability", entry, Party.FINANCE, "assistance_expense", "treasury_cash", fen, which=which)
    total = settlement.total_fen
    books.add("disability.due", entry, Party.FUND, "contributions_receivable", "contributions", total)
    books.add("disability.received", entry, Party.FUND, "fund_cash", "contributions_receivable", total)
    books.post(actor=actor, now=now)
