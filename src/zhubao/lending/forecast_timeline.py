"""From the person to the pension: which months are paid by loan, in which tranches, what the account grows to, what the first month brings."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.pension import EmployeeCase, Estimate, ResidentCase, estimate_employee, estimate_resident, first_day, month_text
from zhubao.pension.ages import pension_month as pension_month_of
from zhubao.pension.months import day_in_month
from zhubao.pension.provinces import province_rule

from .forecast_case import ForecastCase
from .forecast_figures import AGENCY, BANK, PROVINCE, Figures
from .money import half_up

_TRANCHE_DAY = (11, 20)


@dataclass(frozen=True, slots=True)
class Tranche:
    """One year's draw: the day it is paid out, the months it pays for, fen."""

    on: date
    months: int
    fen: int


@dataclass(frozen=True, slots=True)
class Career:
    """The months that decide: numbers are year × 12 + month, durations months.

    `total` = paid and deemed months that count now, `deemed` the part of them that is deemed, `months` = months lent, from `start` on.
    `delay`: months from the award to the first pension.
    """

    birth: int
    statutory: int
    award: int
    pension: int
    required: int
    delay: int
    total: int | None
    deemed: int
    months: int | None
    start: int

    @property
    def projected(self) -> int | None:
        """The months that will have been paid when the pension is applied for."""
        return None if self.total is None or self.months is None else self.total + self.months


def career(case: ForecastCase, figures: Figures) -> Career | None:
    """Return the months of one person, None without a birth and a category; E-CASE-RANGE for a plan beyond the policy."""
    person, policy = case.person, case.policy
    if person.birth is None:
        figures.lacks("birth", ("retirement",), Text("填出生年月", "enter the month of birth"))
    if person.category is None:
        figures.lacks(
            "retirement_category", ("retirement",), Text("填退休类别或性别", "enter the retirement category or the sex")
        )
    if person.birth is None or person.category is None:
        return None
    if person.category_assumed:
        figures.assume("retirement_category", Text("女性按55周岁（female55）测算", "a woman counts as female55"), AGENCY)
    found = figures.tables.retirement(person.birth, person.category, case.on)
    now = case.on.year * 12 + case.on.month
    delay = _delay(case, figures)
    statutory = found.statutory_number
    total, deemed = _counted(case, figures)
    award = statutory if person.elected_month is None else person.elected_month
    if person.months_to_pension is not None:
        award = now + person.months_to_pension - delay
    elif award + delay <= now and policy.continues_past_age:
        # jx-1.1f: past the age, paying on month by month until the required months are reached.
        award = now - 1 + max(0, found.required_months - total) if total is not None else now
    pension = award + delay
    left = max(0, pension - now)
    window = _window(case, figures, delay)
    most: int | None = left if window is None else min(left, window)
    if policy.months_cap is not None:
        most = None if total is None else min(left if most is None else most, max(0, policy.months_cap - total))
        if found.required_months > policy.months_cap:
            figures.assume(
                "A-RG-8",
                Text(
                    f"累计不超过 {policy.months_cap // 12} 年，已低于法定最低缴费年限",
                    f"all together at most {policy.months_cap // 12} years, now below the legal minimum",
                ),
                Text("市人社局", "city HRSS"),
            )
    start = now if window is None else max(now, pension - window)
    months = most if case.plan.months is None else case.plan.months
    if policy.resident:
        months = 12 * _years(case, pension)
    elif most is not None and case.plan.months is not None and case.plan.months > most:
        raise ZhubaoError(
            "E-CASE-RANGE",
            Text(f"最多可贷 {most} 个月", f"at most {most} months can be lent"),
            place="plan.months",
            remedy=Text("减少月数，或留空按最多测算", "lower it, or leave it out for the most"),
        )
    return Career(person.birth, statutory, award, pension, found.required_months, delay, total, deemed, months, start)


def _delay(case: ForecastCase, figures: Figures) -> int:
    entry = figures.tables.find("setting.pension_from", case.on, case.person.area_code)
    rule = str(entry.value) if entry is not None else "next_month"
    return 0 if pension_month_of("2000-01", rule) == "2000-01" else 1


def _counted(case: ForecastCase, figures: Figures) -> tuple[int | None, int]:
    """Return the months that count (None: not known) and how many of them are deemed."""
    person = case.person
    deemed = person.deemed_months or 0
    if deemed and person.deemed_confirmed is None:
        figures.assume("deemed_confirmed", Text("视同缴费月数暂按已确认计算", "the deemed months are taken as confirmed"), AGENCY)
    elif deemed and not person.deemed_confirmed:
        deemed = 0
    if person.paid_months is None:
        figures.lacks("paid_months", ("enough_months", "pension"), Text("填累计缴费月数", "enter the months paid"))
        return None, deemed
    return person.paid_months + deemed + person.back_payable_months, deemed


def _window(case: ForecastCase, figures: Figures, delay: int) -> int | None:
    """Return how many months before the pension lending may begin at the earliest."""
    policy = case.policy
    if policy.grace_limit is not None:
        return policy.grace_limit
    if policy.most_years_ahead is None:
        return None
    entry = figures.tables.find("max_years_to_retirement", case.on, case.person.area_code)
    years = entry.number() if entry is not None else policy.most_years_ahead
    return 12 * years + delay


def _years(case: ForecastCase, pension: int) -> int:
    """Return the years a resident's loan pays for: as planned, else every year from this one to that of the last month before the pension."""
    most = max(0, first_day(pension - 1).year - case.on.year + 1)
    if case.plan.years is not None and case.plan.years > most:
        raise ZhubaoError(
            "E-CASE-RANGE",
            Text(f"起领前最多还能缴 {most} 年", f"at most {most} years can be paid before the pension"),
            place="plan.years",
            remedy=Text("减少年数，或留空按最多测算", "lower it, or leave it out for the most"),
        )
    return most if case.plan.years is None else case.plan.years


def tranches(case: ForecastCase, found: Career, figures: Figures) -> tuple[Tranche, ...] | None:
    """Return the yearly draws at the lowest tier (Tongling: at the chosen tier) before own money; None when a figure is missing."""
    if found.months is None:
        return None
    if case.plan.tranche_day is None and found.months:
        figures.assume("tranche_day", Text("每年 11 月 20 日放款", "tranches on 20 November"), BANK)
    if case.policy.resident:
        return _yearly(case, found, figures)
    rows: list[Tranche] = []
    month, end = found.start, found.start + found.months
    while month < end:
        year = (month - 1) // 12
        last = min(end - 1, year * 12 + 12)
        fen = _contribution(figures, year, month, last)
        if fen is None:
            return None
        rows.append(Tranche(_tranche_day(case, found, month, last), last - month + 1, fen))
        month = last + 1
    return tuple(rows)


def _contribution(figures: Figures, year: int, first: int, last: int) -> int | None:
    """Return the contribution of some months of one year at the lowest tier in force in each of them."""
    name = "lowest_tier_monthly_fen"
    if not any(step.start.year == year and step.start.month > 1 for step in figures.steps(name)):
        value = figures.in_year(name, year)
        return None if value is None else value * (last - first + 1)
    total = 0
    for month in range(first, last + 1):
        value = figures.in_year(name, year, first_day(month))
        if value is None:
            return None
        total += value
    return total


def _yearly(case: ForecastCase, found: Career, figures: Figures) -> tuple[Tranche, ...] | None:
    if case.plan.yearly_fen is None:
        figures.lacks("yearly_fen", ("tl-3.2a",), Text("填每年贷款缴费金额", "enter the yearly contribution paid by loan"))
        return None
    years = (found.months or 0) // 12
    rows = []
    for year in range(case.on.year, case.on.year + years):
        first = max(found.start, year * 12 + 1)
        last = max(first, min(found.pension - 1, year * 12 + 12))
        rows.append(Tranche(_tranche_day(case, found, first, last), 12, case.plan.yearly_fen))
    return tuple(rows)


def _tranche_day(case: ForecastCase, found: Career, first: int, last: int) -> date:
    """Return the usual day of the year, not before today or the first month paid for, and before the pension begins."""
    month, day = case.plan.tranche_day or _TRANCHE_DAY
    usual = date((first - 1) // 12, month, day)
    if usual >= first_day(found.pension):
        usual = day_in_month(last, day)
    return max(usual, first_day(first), case.on)


def scaled(planned: tuple[Tranche, ...], principal: int) -> tuple[Tranche, ...]:
    """Return the tranches lowered or raised alike so that they add up to `principal` fen exactly."""
    total = sum(tranche.fen for tranche in planned)
    if total in {0, principal}:
        return planned
    rows, cumulated, before = [], 0, 0
    for tranche in planned:
        cumulated += tranche.fen
        upto = cumulated * principal // total
        rows.append(Tranche(tranche.on, tranche.months, upto - before))
        before = upto
    return tuple(rows)


def account_at_award(case: ForecastCase, found: Career, planned: tuple[Tranche, ...], figures: Figures) -> int | None:
    """Return the balance in the award month, fen: contributions and yearly interest; None when a figure is missing.

    Of a flexible worker's 20 points 8 go to the account, of a resident's contribution all. Money earns from the month after it is
    credited, interest is added once a year and up to the award month.
    """
    if case.person.account_fen is None:
        figures.lacks("account_fen", ("pension",), Text("填个人账户储存额", "enter the account balance"))
        return None
    part, whole = (1, 1) if case.policy.resident else _account_share(case, figures)
    credited = [(t.on.year * 12 + t.on.month, half_up(t.fen * part, whole)) for t in planned]
    return grown(case.person.account_fen, credited, case.on.year * 12 + case.on.month, found.award, figures)


def grown(balance: int, credited: list[tuple[int, int]], since: int, until: int, figures: Figures) -> int | None:
    """Return the balance of an account in month `until` from that of month `since`, with what is `credited` (month, fen, ascending)
    and yearly interest."""
    while since < until:
        year = since // 12
        last = min(until, year * 12 + 12)
        rate = figures.in_year("account_crediting_ppm", year)
        if rate is None:
            return None
        here = [(month, fen) for month, fen in credited if month <= last]
        credited = credited[len(here) :]
        earning = balance * (last - since) + sum(fen * (last - month) for month, fen in here)
        balance += sum(fen for _, fen in here) + half_up(earning * rate, 12_000_000)
        since = last
    return balance


def _account_share(case: ForecastCase, figures: Figures) -> tuple[int, int]:
    """Return the account's part of the contribution and the whole contribution, both ppm of the base."""
    account = figures.tables.find("flexible_account_ppm", case.on)
    whole = figures.tables.find("flexible_rate_ppm", case.on)
    return (80_000 if account is None else account.number(), 200_000 if whole is None else whole.number())


def first_pension(case: ForecastCase, found: Career, account: int | None, figures: Figures) -> Estimate:
    """Return the first month's pension by the province's formula; what is missing or provisional goes to the marks of `figures`."""
    person = case.person
    award = month_text(found.award)
    age = found.award - found.birth
    year = first_day(found.award).year
    if case.policy.resident:
        basic = figures.in_year("basic_pension_fen", year, first_day(found.pension))
        estimate = estimate_resident(
            ResidentCase(account, basic or 0, award, age, person.area_code), figures.tables.book, case.on
        )
        return estimate if basic is not None else _without_basic(estimate)
    rule = province_rule(person.province)
    transition_index = person.transition_index
    if rule.indexes == "two" and found.deemed and transition_index is None and person.index is not None:
        transition_index = person.index
        figures.assume(
            "transition_index",
            Text("过渡性养老金的指数暂同平均缴费指数", "the index of the transition part: the average index"),
            PROVINCE,
        )
    base = figures.in_year("calc_base_fen", year, first_day(found.award))
    estimate = estimate_employee(
        EmployeeCase(
            rule.province,
            award,
            age,
            person.index,
            transition_index,
            found.projected,
            Fraction(found.deemed, 12),
            account,
            base,
        ),
        figures.tables.book,
    )
    for row in estimate.marks.missing:
        if row["fact"] not in {"account_fen", "paid_months", "calc_base_fen"}:
            figures.lacks(row["fact"], ("pension",), Text(row["remedy_zh"], row["remedy"]))
    return estimate


def _without_basic(estimate: Estimate) -> Estimate:
    return Estimate("resident", None, estimate.account_fen, 0, estimate.divisor_tenths, estimate.inputs, estimate.marks)
