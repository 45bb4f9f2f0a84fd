"""A month as a timetable: each happening on its day, done by the posts it belongs to, once.

The days are those of a usual month; one that falls on a weekend waits for the Monday. What a day finds to do follows from how the
loans stand, never from a plan made beforehand: a visitor may do any of it by hand first.
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max

from zhubao.access.clock import put_forward
from zhubao.access.roles import Role
from zhubao.demonstration.regions import REGIONS, RegionKey
from zhubao.language import Text
from zhubao.loans.models import LoanStep
from zhubao.oversight.months.figures import reckon_month
from zhubao.oversight.months.models import DemonstrationMonth

from ..demonstration_cases.filling import FIRST_DAY
from ..demonstration_cases.lives import CHINA
from ..month_end import close_month
from . import claims, draws, endings, pensions, yearly
from .county import County

OPENS, MINUTES_APART = time(9, 0), 12
LAST_DAY = 31


@dataclass(frozen=True)
class Happening:
    """What happens on a day of the month: its words, and who does it."""

    day: int
    label: Text
    take: Callable[[County, datetime], None]


def close(county: County, now: datetime) -> None:
    """Close the month: interest accrued, split and booked, the orders of the month written."""
    close_month(county.code, now.date(), actor=county.at(Role.AGENCY_ACCOUNTANT), clock=lambda: now)


def reckon(county: County, now: datetime) -> None:
    """Keep what the month came to."""
    reckon_month(county.code, county.policy, county.month, now=now)


TIMETABLE: tuple[Happening, ...] = (
    Happening(3, Text("告知银行扣划清单", "the banks are told the instalments"), pensions.order_instalments),
    Happening(4, Text("开具结清证明", "settlement certificates"), pensions.issue_certificates),
    Happening(5, Text("银行扣划并回盘", "the banks take them and answer"), pensions.answer_instalments),
    Happening(6, Text("告知民政实领养老金", "civil affairs is told the net pensions"), pensions.tell_net_pensions),
    Happening(7, Text("参保登记更新", "the insurance register brings its months up to date"), yearly.update_register),
    Happening(7, Text("核定当年缴费额", "the year's amounts are fixed"), draws.fix_amounts),
    Happening(8, Text("复核推送银行", "and released to the banks"), draws.release_amounts),
    Happening(9, Text("银行申报贴息", "the banks claim the subsidy of a year that is over"), claims.hand_in_claims),
    Happening(10, Text("养老金全额入账", "pensions are credited whole"), pensions.credit_pensions),
    Happening(11, Text("本人现场确认", "borrowers confirm their draws"), draws.confirm_draws),
    Happening(12, Text("放款", "the banks draw"), draws.pay_out),
    Happening(13, Text("缴费到账", "contributions arrive"), draws.pay_in),
    Happening(14, Text("配套缴费补贴", "finance adds the contribution subsidy"), draws.match_subsidies),
    Happening(14, Text("年度对账单", "the year's statements"), yearly.make_statements),
    Happening(15, Text("提前还款、身故、线索", "early payments, deaths, facts that point to fraud"), endings.begin_endings),
    Happening(15, Text("骗贷核查办理", "findings of fraud go on"), endings.carry_findings),
    Happening(16, Text("核实贴息", "claims are verified"), claims.verify_claims),
    Happening(16, Text("确认提前还款", "early payments are confirmed"), endings.confirm_payments),
    Happening(17, Text("身故办理清单", "the check-list after a death"), endings.check_deaths),
    Happening(17, Text("续贷申请", "renewals are filed"), yearly.file_renewals),
    Happening(18, Text("编制拨付", "finance prepares payments"), claims.prepare_payments),
    Happening(18, Text("村委会续贷意见", "the committee reviews renewals"), yearly.review_renewals),
    Happening(19, Text("审批拨付", "another person approves them"), claims.approve_payments),
    Happening(19, Text("核定各方清偿金额", "it is fixed who pays a dead borrower's debt"), endings.divide_debts),
    Happening(20, Text("拨付贴息", "finance pays"), claims.pay_claims),
    Happening(21, Text("经办机构续贷意见", "the agency prepares renewals"), yearly.propose_renewals),
    Happening(22, Text("清偿款到账", "the payers of a death pay"), endings.receive_payers),
    Happening(22, Text("追偿", "claims after a death are pursued"), endings.pursue_claims),
    Happening(23, Text("骗贷核查办理", "findings of fraud go on"), endings.carry_findings),
    Happening(23, Text("部门报送完整名册", "departments hand in their complete lists"), yearly.hand_in_rosters),
    Happening(23, Text("年度核验", "hardship is verified"), yearly.verify_hardship),
    Happening(24, Text("续贷决定", "renewals are decided"), yearly.decide_renewals),
    Happening(24, Text("确认核验结果", "what the verification found is confirmed"), yearly.confirm_verification),
    Happening(25, Text("身故清偿完毕", "settlements after a death are closed"), endings.close_deaths),
    Happening(LAST_DAY, Text("月结", "the month is closed"), close),
    Happening(LAST_DAY, Text("月度数据", "its figures are kept"), reckon),
)


def moments(month: date) -> list[datetime]:
    """Return when each happening of a month takes place, in their order."""
    last = monthrange(month.year, month.month)[1]
    found = []
    for number, happening in enumerate(TIMETABLE):
        day = month.replace(day=min(happening.day, last))
        if happening.day != LAST_DAY:
            day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
        found.append(datetime.combine(day, OPENS, CHINA) + timedelta(minutes=MINUTES_APART * number))
    return found


def begin_month(county: County) -> DemonstrationMonth:
    """Return the month of a county, begun now or before; of its first month, what lies before the county's last step is over."""
    planned = moments(county.month)
    first = not DemonstrationMonth.objects.filter(region_code=county.code).exists()
    latest = LoanStep.objects.filter(loan__in=county.loans.order_by()).aggregate(at=Max("at"))["at"]
    over = sum(moment <= latest for moment in planned) if first and latest else 0
    row, _made = DemonstrationMonth.objects.get_or_create(
        region_code=county.code,
        month=county.month,
        defaults={"done": min(over, len(planned) - 2), "happenings": len(planned), "started_at": planned[0]},
    )
    return row


def live_month(keys: Sequence[RegionKey], month: date) -> list[DemonstrationMonth]:
    """Lead counties through a month, side by side, the clock going before them; a month that is over is left as it is.

    What is done stays done: stopped anywhere and called again, it goes on where it stood, to the same books.
    """
    counties = [County(key, month) for key in keys]
    rows = [begin_month(county) for county in counties]
    for county, row in zip(counties, rows, strict=True):
        if row.finished_at is None and row.done < row.happenings:
            county.finish_files(moments(month)[row.done])
    planned = moments(month)
    evenings = {moment.date(): moment for moment in planned}
    today: date | None = None
    for number, (happening, now) in enumerate(zip(TIMETABLE, planned, strict=True)):
        for county, row in zip(counties, rows, strict=True):
            if row.done > number:
                continue
            if today != now.date():
                today = now.date()
                put_forward(evenings[today], actor=county.at(Role.AGENCY_ADMINISTRATOR))
            happening.take(county, now)
            _done(row, county, number + 1, now)
    return rows


@transaction.atomic
def _done(row: DemonstrationMonth, county: County, done: int, now: datetime) -> None:
    """Note that a happening is over, and what could not be done at it."""
    row.done, row.held = done, "\n".join(filter(None, [row.held, *county.held]))
    if done == row.happenings:
        row.finished_at = now
    row.save(update_fields=["done", "held", "finished_at"])
    county.held.clear()


def next_month(keys: Sequence[RegionKey]) -> date:
    """Return the month the counties are to be led through next: an unfinished one, the one after the last, or the one they stand in."""
    codes = [REGIONS[key].code for key in keys]
    known = DemonstrationMonth.objects.filter(region_code__in=codes)
    open_one = known.filter(finished_at=None).order_by("month").first()
    if open_one is not None:
        return open_one.month
    last: date | None = known.aggregate(month=Max("month"))["month"]
    if last is not None:
        return (last + timedelta(days=32)).replace(day=1)
    latest: datetime | None = LoanStep.objects.aggregate(at=Max("at"))["at"]
    return max(latest.astimezone(CHINA).date() if latest else FIRST_DAY, FIRST_DAY).replace(day=1)
