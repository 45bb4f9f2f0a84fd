"""The loan of a forecast: terms, dated tables and the grace period; as data it is the life that `zhubao loan replay` reads."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from zhubao.language import Text
from zhubao.pension import Estimate, first_day

from .days import on_day, settlement_days, thirty_day_units
from .forecast_case import ForecastCase, Step
from .forecast_figures import BANK, PROVINCE, Figures
from .forecast_policies import CapRule
from .forecast_timeline import Career, Tranche
from .money import half_up

YEAR_OF_DAYS = {"ACT/360": 360, "ACT/365": 365, "MONTH+ODD": 360}


@dataclass(frozen=True, slots=True)
class Terms:
    """The bank's terms of a forecast, defaults filled in: ppm a year, settlement pattern, day of the deductions."""

    rate_ppm: int
    day_count: str
    settlement: str
    deduction_day: int
    capitalise: bool

    @property
    def divisor(self) -> int:
        """What a sum of fen × ppm × days is divided by to give fen of interest."""
        return 1_000_000 * YEAR_OF_DAYS[self.day_count]

    def days(self, first: date, last: date) -> int:
        """Return the interest days from `first` to `last`; the last does not count."""
        return thirty_day_units(first, last) if self.day_count == "MONTH+ODD" else (last - first).days


def terms_of(case: ForecastCase, figures: Figures) -> Terms | None:
    """Return the terms, every default named as provisional; None when no rate is known for the day asked about."""
    bank, policy = case.bank, case.policy
    rate = bank.rate_ppm
    if rate is None:
        entry = figures.tables.find(policy.rate_parameter, case.on, case.person.area_code)
        if entry is None:
            figures.lacks("bank.rate_ppm", ("interest",), Text("填合同利率", "enter the rate of the contract"))
        else:
            rate = entry.number()
            figures.marks.note(entry)
            label = {
                "A-ALL-4": Text("利率按当日最近一期一年期 LPR", "the rate is the latest one-year LPR of the day"),
                "A-ALL-5": Text("利率按五年以上贷款基准利率", "the rate is the benchmark over five years"),
            }[policy.rate_question]
            figures.assume(policy.rate_question, label, PROVINCE if policy.rate_question == "A-ALL-4" else BANK)
    if bank.day_count is None:
        figures.assume("A-ALL-2", Text("按实际天数/360 计息", "actual days over 360"), BANK)
    if bank.settlement is None:
        figures.assume("settlement", Text("每年 12 月 20 日结息", "interest settled on 20 December"), BANK)
    if bank.deduction_day is None:
        figures.assume("deduction_day", Text("每月 20 日扣款", "deductions on the 20th"), BANK)
    if bank.capitalise is None:
        figures.assume("A-ALL-3", Text("宽限期利息单利、不计入本金", "interest of the grace period is simple"), BANK)
    if rate is None:
        return None
    return Terms(
        rate, bank.day_count or "ACT/360", bank.settlement or "yearly-12-20", bank.deduction_day or 20, bool(bank.capitalise)
    )


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan that has not happened: all that its interest and repayment turn on.

    `planned` are the tranches as the policy lets them be, `tranches` the ones asked for (own money taken off). Steps are fen a month
    from a day on. `max_months`: deductions after which nothing more is taken; `horizon` is a month number.
    """

    terms: Terms
    planned: tuple[Tranche, ...]
    tranches: tuple[Tranche, ...]
    subsidised: bool
    pension_month: int
    rule: CapRule
    percent: int
    agreed_fen: int | None
    pension: tuple[Step, ...]
    floor: tuple[Step, ...]
    basic: tuple[Step, ...]
    max_months: int
    horizon: int

    @property
    def principal(self) -> int:
        """All tranches together, fen."""
        return sum(tranche.fen for tranche in self.tranches)

    @property
    def principal_planned(self) -> int:
        """All tranches as the policy lets them be, fen."""
        return sum(tranche.fen for tranche in self.planned)

    @property
    def first_deduction(self) -> date:
        """The day of the first deduction, in the first month of pension."""
        return self.deduction_day(0)

    def deduction_day(self, at: int) -> date:
        """Return the day of a deduction; 0 is the first."""
        year, month = divmod(self.pension_month + at - 1, 12)
        return on_day(year, month + 1, self.terms.deduction_day)

    def settlements(self) -> list[date]:
        """Return the settlement days between the first tranche and the first deduction; after it each deduction closes a period."""
        if not self.tranches:
            return []
        return settlement_days(self.terms.settlement, self.tranches[0].on, self.first_deduction - timedelta(days=1))

    @property
    def kept(self) -> tuple[Step, ...]:
        """The table of what must be left of a month's pension by a rule that has one."""
        return {"remaining_at_least": self.floor, "exclude_basic": self.basic}.get(self.rule, ())

    def protected_of(self, pension: int, kept: int) -> int:
        """Return what must be left of a month's pension: the floor, the basic part, the other share, or nothing, fen."""
        return pension - pension * self.percent // 100 if self.rule == "max_share" else kept

    def first_month(self) -> tuple[int, int, int]:
        """Return the pension of the first deduction, what of it is protected, and what the policy lets be taken, fen."""
        day = self.first_deduction
        pension = value_on(self.pension, day)
        protected = self.protected_of(pension, value_on(self.kept, day))
        return pension, protected, max(0, pension - protected)

    def caps(self) -> list[tuple[int, int]]:
        """Return (number of months, most deducted in each, fen) for the deductions 1..`max_months`, in order.

        The most is what the policy lets, and never above the agreed instalment.
        """
        pensions = [(self.month_of(step.start), step.value) for step in self.pension]
        kepts = [(self.month_of(step.start), step.value) for step in self.kept]
        changes = sorted({at for at, _ in (*pensions, *kepts)} | {0, self.max_months})
        rows, pension, kept = [], 0, 0
        for first, after in pairwise(at for at in changes if at <= self.max_months):
            while pensions and pensions[0][0] <= first:
                pension = pensions.pop(0)[1]
            while kepts and kepts[0][0] <= first:
                kept = kepts.pop(0)[1]
            cap = max(0, pension - self.protected_of(pension, kept))
            rows.append((after - first, cap if self.agreed_fen is None else min(cap, self.agreed_fen)))
        return rows

    def first_cap(self) -> int:
        """Return the most that the first deduction takes: what the policy lets, and never above the agreed instalment, fen."""
        most = self.first_month()[2]
        return most if self.agreed_fen is None else min(most, self.agreed_fen)

    def month_of(self, day: date) -> int:
        """Return the deduction (0 = the first) from which a value that holds from `day` counts."""
        at = max(0, day.year * 12 + day.month - self.pension_month)
        return at if day.day == 1 else at + (self.deduction_day(at) < day)

    def grace(self) -> "Grace":
        """Return the grace period, ready to be computed for any principal."""
        return Grace(self)

    def as_life(self) -> dict[str, Any] | None:
        """Return the `inputs` object of a loan's life; None when nothing is lent."""
        if not self.principal:
            return None
        rule: dict[str, Any] = {"type": self.rule}
        if self.rule == "max_share":
            rule["percent"] = self.percent
        if self.agreed_fen is not None:
            rule["agreed_fen"] = self.agreed_fen
        first = self.tranches[0].on.isoformat()
        life: dict[str, Any] = {
            "disbursements": [{"date": each.on.isoformat(), "fen": each.fen} for each in self.tranches if each.fen],
            "rates": [{"from": first, "value": self.terms.rate_ppm}],
            "day_count": self.terms.day_count,
            "settlements": [day.isoformat() for day in self.settlements()],
            "subsidy": [{"from": first, "to": first_day(self.pension_month).isoformat()}] if self.subsidised else [],
            "capitalise": self.terms.capitalise,
            "repayment": {
                "first": self.first_deduction.isoformat(),
                "day": self.terms.deduction_day,
                "max_months": self.max_months,
                "rule": rule,
            },
            "pension": _rows(self.pension),
        }
        if self.rule == "remaining_at_least":
            life["floor_fen"] = _rows(self.floor)
        if self.rule == "exclude_basic":
            life["basic_pension_fen"] = _rows(self.basic)
        return life


@dataclass(frozen=True, slots=True)
class Owed:
    """What stands against the borrower on the first deduction day, and the interest until then, fen.

    `grace_*` end with the day before the pension's first month; `due` includes the borrower's interest from then to the deduction.
    """

    principal: int
    due: int
    interest: int
    government: int
    grace_interest: int
    grace_government: int


class Grace:
    """Interest from the first tranche to the first deduction, as sums of products that any principal can be put through."""

    def __init__(self, loan: Loan) -> None:
        self._terms = loan.terms
        self._total = sum(tranche.fen for tranche in loan.planned)
        cumulated = [0]
        for tranche in loan.planned:
            cumulated.append(cumulated[-1] + tranche.fen)
        self._cumulated = cumulated
        end, pension_start = loan.first_deduction, first_day(loan.pension_month)
        settlements = set(loan.settlements())
        closing = {*settlements, end}
        draws = [tranche.on for tranche in loan.planned]
        # Days count from change to change: whole months and odd days make another sum when a span is cut where nothing changes.
        changes = {*closing, *draws, pension_start} if loan.subsidised else {*closing, *draws}
        marks = sorted(changes if draws else set())
        # (tranches paid out, days, days until the pension where it begins here, subsidised, the period closes, on a settlement day)
        self._segments: list[tuple[int, int, int | None, bool, bool, bool]] = []
        for first, last in pairwise(marks):
            self._segments.append(
                (
                    bisect_right(draws, first),
                    loan.terms.days(first, last),
                    loan.terms.days(first, pension_start) if first < pension_start <= last else None,
                    loan.subsidised and last <= pension_start,
                    last in closing,
                    last in settlements,
                )
            )

    def owed(self, principal: int) -> Owed:
        """Return what is owed on the first deduction day when the tranches add up to `principal` fen."""
        terms, total = self._terms, self._total
        # Half up of products × rate / divisor, written out: a bank's sheet comes through here a million times.
        rate, divisor, twice = 2 * terms.rate_ppm, terms.divisor, 2 * terms.divisor
        drawn = [upto * principal // total for upto in self._cumulated] if total else self._cumulated
        added = due = interest = government = products = subsidised_products = 0
        grace_interest = grace_government = 0
        for tranches, days, grace_days, subsidised, closes, settles in self._segments:
            lent = drawn[tranches] + added
            if grace_days is not None:
                grace_interest = interest + ((products + lent * grace_days) * rate + divisor) // twice
                grace_products = subsidised_products + (lent * grace_days if subsidised else 0)
                grace_government = government + (grace_products * rate + divisor) // twice
            products += lent * days
            if subsidised:
                subsidised_products += lent * days
            if closes:
                of_period = (products * rate + divisor) // twice
                of_government = (subsidised_products * rate + divisor) // twice if subsidised_products else 0
                interest += of_period
                government += of_government
                due += of_period - of_government
                products = subsidised_products = 0
                if terms.capitalise and settles:
                    added, due = added + due, 0
        return Owed(drawn[-1] + added, due, interest, government, grace_interest, grace_government)


def value_on(steps: tuple[Step, ...], on: date) -> int:
    """Return the value of the last step begun by a day; 0 before the first."""
    at = bisect_right(steps, on, key=lambda step: step.start)
    return steps[at - 1].value if at else 0


def loan_of(
    case: ForecastCase, found: Career, planned: tuple[Tranche, ...], asked: tuple[Tranche, ...], terms: Terms, estimate: Estimate,
    figures: Figures,
) -> Loan | None:  # fmt: skip
    """Return the loan, None when the pension, the floor or the standing of the borrower is not known."""
    policy = case.policy
    rule: CapRule = "whole_pension" if policy.resident and case.person.basic_pension_consent else policy.rule
    horizon = found.birth + 12 * case.horizon_age
    longest = max(1, horizon - found.pension + 1)
    max_months = policy.repay_limit or longest
    last_year = (found.pension + max_months - 1) // 12
    start = first_day(found.pension)
    if policy.subsidy == "hardship" and case.hardship is None:
        figures.lacks(
            "hardship", ("jx-1.2h", "jx-2.4b"), Text("确认是否困难助保对象", "settle whether the borrower is in hardship")
        )
    floor: tuple[Step, ...] | None = ()
    if rule == "remaining_at_least":
        floor = figures.table("floor_fen", start, last_year)
    basic: tuple[Step, ...] | None = ()
    if policy.resident:
        basic = figures.table("basic_pension_fen", start, last_year)
    pension = pension_steps(case, estimate, basic, start, last_year)
    if pension is None or floor is None or basic is None or (policy.subsidy == "hardship" and case.hardship is None):
        return None
    if case.plan.agreed_fen is None:
        figures.assume(
            "agreed_fen", Text("未约定月还款额，按能扣的全部测算", "no agreed instalment: all that may be taken"), BANK
        )
    return Loan(
        terms,
        planned,
        asked,
        policy.subsidy == "all" or (policy.subsidy == "hardship" and bool(case.hardship)),
        found.pension,
        rule,
        policy.percent,
        case.plan.agreed_fen,
        pension,
        floor,
        basic if rule == "exclude_basic" else (),
        max_months,
        horizon,
    )


def pension_steps(
    case: ForecastCase, estimate: Estimate, basic: tuple[Step, ...] | None, start: date, last_year: int
) -> tuple[Step, ...] | None:
    """Return the pension month by month: an employee's rises each 1 January, of a resident's only the basic part."""
    if case.policy.resident:
        account = estimate.account_fen
        if basic is None or account is None:
            return None
        return tuple(Step(step.start, step.value + account) for step in basic)
    first = estimate.total_fen
    if first is None:
        return None
    growth = case.growths.get("pension_growth_ppm", 0)
    rows = [Step(start, first)]
    grown, unit = first, 1
    for year in range(start.year + 1, last_year + 1 if growth else 0):
        grown, unit = grown * (1_000_000 + growth), unit * 1_000_000
        rows.append(Step(date(year, 1, 1), half_up(grown, unit)))
    return tuple(rows)


def _rows(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    return [{"from": step.start.isoformat(), "value": step.value} for step in steps]
