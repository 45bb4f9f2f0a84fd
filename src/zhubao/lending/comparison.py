"""Four ways for one person, month by month: by loan, with own money, not paying, the resident scheme instead. Nominal sums, no discount."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from zhubao.language import Language, Text
from zhubao.pension import first_day, month_text
from zhubao.pension.divisors import RESIDENT_DIVISOR_TENTHS
from zhubao.pension.estimate import account_part
from zhubao.pension.months import day_in_month

from .forecast import Forecast
from .forecast_case import Step
from .forecast_figures import PROVINCE, Figures
from .forecast_life import pension_steps, value_on
from .forecast_timeline import Career, Tranche, account_at_award, first_pension, grown

AGES = (70, 75, 80, 85)
LABELS = {
    "loan": Text("贷款缴费", "paying by loan"),
    "own_money": Text("自己出钱缴费", "paying with own money"),
    "stop": Text("不再缴费", "not paying on"),
    "resident": Text("转城乡居民养老保险", "the resident scheme instead"),
}


@dataclass(frozen=True, slots=True)
class Path:
    """One way: what the person pays and receives in each month from the day of the forecast on, fen; None = cannot be known."""

    name: str
    first_month: int
    paid: tuple[int, ...] | None
    received: tuple[int, ...] | None

    def received_until(self, month: int) -> int | None:
        """Return what has been received up to and including a month (year × 12 + month), fen."""
        return None if self.received is None else sum(self.received[: max(0, month - self.first_month + 1)])

    def balances(self) -> list[int] | None:
        """Return what was received less what was paid, cumulated month by month, fen."""
        if self.paid is None or self.received is None:
            return None
        total, rows = 0, []
        for paid, received in zip(self.paid, self.received, strict=True):
            total += received - paid
            rows.append(total)
        return rows


@dataclass(frozen=True, slots=True)
class Comparison:
    """The four ways of one forecast, in the order loan, own money, stop, resident."""

    forecast: Forecast
    paths: tuple[Path, ...]

    @property
    def never_repaid(self) -> bool:
        """Whether the deductions end before the loan does: what is still owed then stands against the borrower too."""
        return self.forecast.repaid is not None and self.forecast.repaid.months is None

    def paid(self, path: Path) -> int | None:
        """Return what a way costs the person in all, fen: of a loan never repaid also what is still owed."""
        if path.paid is None:
            return None
        return self.forecast.total_cost_fen if path.name == "loan" and self.never_repaid else sum(path.paid)

    def break_even(self, path: Path) -> int | None:
        """Return the month from which a way is never again behind not paying, having got ahead.

        None when it stays behind or is unknown; a loan that is never repaid gets nobody ahead.
        """
        if path.name == "loan" and self.never_repaid:
            return None
        mine, other = path.balances(), self.paths[2].balances()
        if mine is None or other is None or path.name == "stop":
            return None
        behind = [at for at, (own, stop) in enumerate(zip(mine, other, strict=True)) if own < stop]
        first = behind[-1] + 1 if behind else 0
        ahead = (at for at in range(first, len(mine)) if mine[at] > other[at])
        at = next(ahead, None)
        if at is None:
            return None
        return path.first_month + (first if behind else at)


def compare(found: Forecast) -> Comparison:
    """Return the four ways of a forecast; figures they need beyond it are noted in its marks when missing or provisional."""
    case, months = found.case, found.career
    if months is None:
        return Comparison(found, tuple(Path(name, case.on.year * 12 + case.on.month, None, None) for name in LABELS))
    grid = _Grid(found, months)
    return Comparison(found, (grid.loan(), grid.own_money(), grid.stop(), grid.resident()))


def comparison_json(found: Comparison, language: Language = "zh") -> dict[str, Any]:
    """Return the keys `comparison` and `crediting` that `--compare` adds."""
    rows = []
    for path in found.paths:
        even = found.break_even(path)
        months = found.forecast.career
        rows.append(
            {
                "path": path.name,
                "label": LABELS[path.name].in_(language),
                "paid_fen": found.paid(path),
                "received_fen": {
                    str(age): None if months is None else path.received_until(months.birth + 12 * age) for age in AGES
                },
                "break_even_month": None if even is None else month_text(even),
                "by_year": _by_year(path),
            }
        )
    return {"comparison": rows, "crediting": _crediting(found.forecast, language)}


def _by_year(path: Path) -> list[dict[str, int]] | None:
    if path.paid is None or path.received is None:
        return None
    years: dict[int, dict[str, int]] = {}
    for at, (paid, received) in enumerate(zip(path.paid, path.received, strict=True)):
        year = (path.first_month + at - 1) // 12
        row = years.setdefault(year, {"year": year, "paid_fen": 0, "received_fen": 0})
        row["paid_fen"] += paid
        row["received_fen"] += received
    return list(years.values())


def _crediting(found: Forecast, language: Language) -> dict[str, Any]:
    """Return the rate the account earns beside the rate the loan costs, and say so when it earns less."""
    earns = found.figures.in_year("account_crediting_ppm", found.case.on.year)
    costs = found.terms.rate_ppm if found.terms is not None else None
    below = earns < costs if earns is not None and costs is not None else None
    label = ""
    if below and earns is not None and costs is not None:
        label = Text(
            f"个人账户记账利率 {_percent(earns)} 低于贷款利率 {_percent(costs)}：单看个人账户，借钱缴费每年都在亏，"
            "合算与否取决于基础养老金和领取年数",
            f"the account earns {_percent(earns)}, less than the {_percent(costs)} the loan costs: on the account alone borrowing loses "
            "every year; what may pay is the basic pension over the years it is drawn",
        ).in_(language)
    return {"account_crediting_ppm": earns, "loan_rate_ppm": costs, "below": below, "label": label}


def _percent(ppm: int) -> str:
    return f"{ppm // 10_000}.{ppm % 10_000 // 100:02d}%"


class _Grid:
    """The months compared, and what the four ways share."""

    def __init__(self, found: Forecast, months: Career) -> None:
        self.found = found
        self.case = found.case
        self.figures: Figures = found.figures
        self.months = months
        self.first = found.case.on.year * 12 + found.case.on.month
        self.last = months.birth + 12 * max(*AGES, found.case.horizon_age)
        self.last_year = (self.last - 1) // 12

    def path(self, name: str, paid: Iterable[tuple[int, int]] | None, received: Iterable[tuple[int, int]] | None) -> Path:
        """Return a way from its payments and receipts (month, fen)."""
        return Path(name, self.first, self._spread(paid), self._spread(received))

    def _spread(self, flows: Iterable[tuple[int, int]] | None) -> tuple[int, ...] | None:
        if flows is None:
            return None
        row = [0] * (self.last - self.first + 1)
        for month, fen in flows:
            if self.first <= month <= self.last:
                row[month - self.first] += fen
        return tuple(row)

    def loan(self) -> Path:
        """The contributions by loan: nothing is paid before the pension, then the deductions (and any own money first)."""
        loan, repaid, cost = self.found.loan, self.found.repaid, self.found.total_cost_fen
        if loan is None or repaid is None or cost is None or self.found.planned is None or self.found.tranches is None:
            return self.path("loan", None, None)
        if self.months.projected is not None and self.months.projected < self.months.required:
            # No pension will be drawn, so nothing can be deducted from it; the account comes back in one sum.
            return self.path("loan", None, self._pension(self.months, self.found.planned))
        own = [(_month(full), full.fen - lent.fen) for full, lent in zip(self.found.planned, self.found.tranches, strict=True)]
        owed, at, paid = cost, loan.pension_month, own
        for months, cap in loan.caps():
            for _ in range(months):
                paid.append((at, min(cap, owed)))
                owed -= min(cap, owed)
                at += 1
        return self.path("loan", paid, self._pension(self.months, self.found.planned))

    def own_money(self) -> Path:
        """The same contributions on the same days out of the person's own pocket."""
        planned = self.found.planned
        if planned is None:
            return self.path("own_money", None, None)
        return self.path("own_money", [(_month(each), each.fen) for each in planned], self._pension(self.months, planned))

    def stop(self) -> Path:
        """Nothing more is paid: a pension where the months are enough already, else the account back in one sum at the age."""
        return self.path("stop", (), self._pension(replace(self.months, months=0), ()))

    def _pension(self, months: Career, planned: tuple[Tranche, ...]) -> list[tuple[int, int]] | None:
        """Return the pension month by month; the balance of the account in one sum where the months are not enough."""
        balance = account_at_award(self.case, months, planned, self.figures)
        if balance is None or months.projected is None:
            return None
        if months.projected < months.required:
            return [(months.pension, balance)]
        start = first_day(months.pension)
        estimate = first_pension(self.case, months, balance, self.figures)
        basic: tuple[Step, ...] | None = ()
        if self.case.policy.resident:
            basic = self.figures.table("basic_pension_fen", start, self.last_year)
        return self._monthly(pension_steps(self.case, estimate, basic, start, self.last_year), months.pension)

    def _monthly(self, steps: tuple[Step, ...] | None, first: int) -> list[tuple[int, int]] | None:
        if steps is None:
            return None
        return [(month, value_on(steps, day_in_month(month, 31))) for month in range(first, self.last + 1)]

    def resident(self) -> Path:
        """The account moves to the resident scheme, the lowest tier is paid each year up to 60, the pension runs from 60."""
        case, figures = self.case, self.figures
        age = figures.tables.retirement(self.months.birth, "resident60", case.on).statutory_number
        tier, account = self._resident_tier(), case.person.account_fen
        if tier is None or account is None:
            return self.path("resident", None, None)
        years = range(case.on.year, (age - 1) // 12 + 1)
        paid = [(min(max(self.first, year * 12 + 12), max(self.first, age)), tier) for year in years if age > self.first]
        if not case.policy.resident:
            figures.assume(
                "resident_crediting_ppm",
                Text("转入居民账户后仍按职工账户记账利率测算", "the account keeps earning the employees' crediting rate"),
                PROVINCE,
            )
        balance = grown(account, paid, self.first, age, figures)
        start = first_day(max(age, self.first) + self.months.delay)
        basic = figures.table("basic_pension_fen", start, self.last_year)
        if balance is None or basic is None:
            return self.path("resident", paid, None)
        monthly = account_part(balance, RESIDENT_DIVISOR_TENTHS)
        steps = tuple(Step(step.start, step.value + monthly) for step in basic)
        return self.path("resident", paid, self._monthly(steps, start.year * 12 + start.month))

    def _resident_tier(self) -> int | None:
        """Return the lowest yearly tier of the resident scheme, fen; the national frame where no local one is known."""
        case, figures = self.case, self.figures
        if figures.steps("lowest_tier_yearly_fen"):
            return figures.in_year("lowest_tier_yearly_fen", case.on.year)
        frame = figures.tables.book.all("tier_yearly_fen", case.on, case.person.area_code)
        if not frame:
            figures.lacks("lowest_tier_yearly_fen")
            return None
        figures.assume(
            "lowest_tier_yearly_fen",
            Text("居民最低档次按国家档次框架测算", "the lowest resident tier: the national frame"),
            PROVINCE,
        )
        return frame[0].number()


def _month(tranche: Tranche) -> int:
    return tranche.on.year * 12 + tranche.on.month
