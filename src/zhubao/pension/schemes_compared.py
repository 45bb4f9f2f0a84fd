"""What a scheme costs and pays for one person, in numbers that can be followed: no rises are guessed, each input is kept with its name."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from zhubao.parameters import Parameter, ParameterBook

from .ages import Retirement, retirement
from .estimate import EmployeeCase, Estimate, ResidentCase, estimate_employee, estimate_resident, half_up
from .months import month_text

LOWEST_INDEX = Fraction(6, 10)
ACCOUNT_PPM, WHOLE_PPM = 80_000, 200_000


@dataclass(frozen=True)
class Person:
    """What is known of somebody; None is not known. Months are counts in the scheme named, money fen."""

    birth: str
    on: date
    category: str | None
    scheme: str | None
    paid_months: int | None
    income_fen: int | None

    def months_in(self, scheme: str) -> int | None:
        """Return the months paid in a scheme: none where the person is in another or in none, None where that is not known."""
        if self.scheme is None:
            return None
        return self.paid_months if self.scheme == scheme else 0


@dataclass
class Reckoning:
    """One way in figures; None cannot be known. `short` are the months lacking for a pension; `lacks` parameter or fact names.

    `months_left` can still be paid before the pension; `paid_fen` is what they come to at `yearly_fen` a year.
    """

    yearly_fen: int | None = None
    months_left: int | None = None
    paid_fen: int | None = None
    pension_month: str | None = None
    estimate: Estimate | None = None
    short: int = 0
    lacks: list[str] = field(default_factory=list)
    used: list[Parameter] = field(default_factory=list)
    inputs: dict[str, int | str | None] = field(default_factory=dict)

    @property
    def pension_fen(self) -> int | None:
        """The first month's pension; None where it cannot be known, or too few months are paid for one."""
        return None if self.estimate is None or self.short else self.estimate.total_fen

    def pays_back_months(self, own_fen: int | None) -> int | None:
        """Return after how many months of pension what was paid of one's own has come back; None where it cannot be known."""
        if own_fen is None or not self.pension_fen:
            return None
        return -(-own_fen // self.pension_fen)


def latest(book: ParameterBook, name: str, on: date, area_code: str) -> Parameter | None:
    """Return the value of a day, or the last known one where the year is not published yet."""
    return book.find(name, on, area_code) or book.latest(name, on, area_code)


def share_of_income(cost_fen: int | None, income_fen: int | None) -> int | None:
    """Return what a year's cost is of twelve months' income, tenths of a percent; None where either is not known."""
    return None if cost_fen is None or not income_fen else (cost_fen * 1000 + income_fen * 6) // (income_fen * 12)


def tiers_shown(
    area_code: str, province_area: str, on: date, on_behalf_fen: int, book: ParameterBook
) -> tuple[list[int], Parameter | None]:
    """Return the lowest, a middle and the highest yearly tier of a place, fen, and the lowest with its source; [] where none is known.

    The tier a document keeps for the groups it pays for is not everybody's: without money on behalf the province's lowest counts.
    """
    tiers = [entry.number() for entry in book.all("tier_yearly_fen", on, area_code)]
    everybody = None if on_behalf_fen else latest(book, "lowest_tier_yearly_fen", on, province_area)
    lowest = everybody or latest(book, "lowest_tier_yearly_fen", on, area_code)
    if lowest is not None:
        tiers = sorted({lowest.number(), *(fen for fen in tiers if fen >= lowest.number())})
    return sorted({tiers[0], tiers[len(tiers) // 2], tiers[-1]}) if tiers else [], lowest


def grown(balance: int, yearly_fen: int, months: int, rate_ppm: int) -> int:
    """Return a balance after some months of equal payments, fen: each full year's interest on what stood at its beginning."""
    years, rest = divmod(months, 12)
    for _year in range(years):
        balance += half_up(Fraction(balance * rate_ppm, 1_000_000)) + yearly_fen
    return balance + half_up(Fraction(yearly_fen * rest, 12)) + half_up(Fraction(balance * rate_ppm * rest, 12_000_000))


def employee(person: Person, area_code: str, province: str, book: ParameterBook) -> Reckoning:
    """Reckon the employees' scheme paid at the lowest tier from now to the statutory age."""
    found = Reckoning()
    tier = _needed(found, book, "lowest_tier_monthly_fen", person.on, area_code)
    if tier is not None:
        found.yearly_fen = tier.number() * 12
    months = person.months_in("employee")
    if months is None:
        found.lacks.append("paid_months" if person.scheme == "employee" else "scheme")
    if person.category is None:
        found.lacks.append("retirement_category")
        return found
    age = _retires(found, person, person.category)
    assert found.months_left is not None
    if months is not None:
        found.short = max(0, age.required_months - months - found.months_left)
        found.inputs |= {"paid_months": months, "required_months": age.required_months}
    if tier is None or months is None:
        return found
    found.paid_fen = tier.number() * found.months_left
    rate = latest(book, "account_crediting_ppm", person.on, area_code)
    share = half_up(Fraction(tier.number() * ACCOUNT_PPM, WHOLE_PPM))
    start = share * months
    account = grown(start, share * 12, found.months_left, rate.number() if rate is not None else 0)
    if rate is not None:
        found.used.append(rate)
    found.inputs |= {
        "account_start_fen": start,
        "account_fen": account,
        "rate_ppm": rate.number() if rate else 0,
        "index": "0.60",
    }
    base = latest(book, "calc_base_fen", person.on, area_code)
    if base is None:
        found.lacks.append("calc_base_fen")
        return found
    found.used.append(base)
    found.inputs["calc_base_fen"] = base.number()
    case = EmployeeCase(
        province,
        age.statutory_month,
        age.age_months,
        LOWEST_INDEX,
        None,
        months + found.months_left,
        Fraction(0),
        account,
        base.number(),
    )
    found.estimate = estimate_employee(case, book)
    return found


def resident(person: Person, area_code: str, tier_fen: int, own_fen: int, subsidy_fen: int, book: ParameterBook) -> Reckoning:
    """Reckon the residents' scheme at a tier a year from now to 60; `own_fen` of it is one's own, the subsidy goes to the account."""
    found = Reckoning(yearly_fen=own_fen)
    months = person.months_in("resident")
    if months is None:
        found.lacks.append("paid_months" if person.scheme == "resident" else "scheme")
    age = _retires(found, person, "resident60")
    assert found.months_left is not None
    years = -(-found.months_left // 12)
    found.paid_fen = own_fen * years
    rate = latest(book, "resident_crediting_ppm", person.on, area_code)
    if rate is not None:
        found.used.append(rate)
    if months is None:
        return found
    start = half_up(Fraction(tier_fen * months, 12))
    account = grown(start, tier_fen + subsidy_fen, years * 12, rate.number() if rate is not None else 0)
    found.inputs |= {
        "paid_months": months,
        "account_start_fen": start,
        "account_fen": account,
        "rate_ppm": rate.number() if rate is not None else 0,
        "subsidy_fen": subsidy_fen,
    }
    basic = latest(book, "basic_pension_fen", person.on, area_code)
    if basic is None:
        found.lacks.append("basic_pension_fen")
        return found
    found.used.append(basic)
    found.inputs["basic_pension_fen"] = basic.number()
    case = ResidentCase(account, basic.number(), age.statutory_month, age.age_months, area_code)
    found.estimate = estimate_resident(case, book, person.on)
    return found


def _retires(found: Reckoning, person: Person, category: str) -> Retirement:
    age = retirement(person.birth, category, person.on)
    pension = age.statutory_number + 1
    now = person.on.year * 12 + person.on.month
    found.months_left = max(0, pension - now)
    found.pension_month = month_text(max(pension, now))
    return age


def _needed(found: Reckoning, book: ParameterBook, name: str, on: date, area_code: str) -> Parameter | None:
    entry = latest(book, name, on, area_code)
    if entry is None:
        found.lacks.append(name)
    else:
        found.used.append(entry)
    return entry
