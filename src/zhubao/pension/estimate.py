"""The first month's pension in both schemes: each part to the fen, with what it rests on and what is missing."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from zhubao.language import Text
from zhubao.parameters import NATION, Parameter, ParameterBook

from .divisors import RESIDENT_DIVISOR_TENTHS, divisor_tenths
from .months import first_day, month_number
from .provinces import ProvinceRule, province_rule


@dataclass(frozen=True, slots=True)
class EmployeeCase:
    """What the employees' formula needs. None = not known. Money fen; `index`, `deemed_years` exact decimals as fractions."""

    province: str
    award_month: str
    age_months: int
    index: Fraction | None = None
    transition_index: Fraction | None = None
    paid_months: int | None = None
    deemed_years: Fraction = Fraction(0)
    account_fen: int | None = None
    calc_base_fen: int | None = None


@dataclass(frozen=True, slots=True)
class ResidentCase:
    """What the residents' formula needs. None = not known; `area_code` and `award_month` choose the basic pension of the table."""

    account_fen: int | None = None
    basic_pension_fen: int | None = None
    award_month: str | None = None
    age_months: int | None = None
    area_code: str = NATION


@dataclass(slots=True)
class Marks:
    """The three lists of a result, in the order they were found."""

    missing: list[dict[str, Any]] = field(default_factory=list)
    provisional: list[dict[str, Any]] = field(default_factory=list)
    unverified: list[dict[str, Any]] = field(default_factory=list)

    def lacks(self, fact: str, parts: list[str], remedy: Text, area_code: str | None = None) -> None:
        """Note that a fact is not known and which parts stay open without it."""
        area = {"area_code": area_code} if area_code else {}
        self.missing.append({"fact": fact, **area, "needed_by": parts, "remedy": remedy.en, "remedy_zh": remedy.zh})

    def note(self, parameter: Parameter) -> None:
        """Note a table value that nobody has checked."""
        if parameter.unverified:
            self.unverified.append(parameter.mark())


@dataclass(frozen=True, slots=True)
class Estimate:
    """Monthly parts in fen; None where a part can not be known, and then the total is None too."""

    scheme: str
    basic_fen: int | None
    account_fen: int | None
    transition_fen: int | None
    divisor_tenths: int
    inputs: dict[str, Any]
    marks: Marks

    @property
    def total_fen(self) -> int | None:
        """The sum of the rounded parts."""
        parts = (self.basic_fen, self.account_fen, self.transition_fen)
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None

    @property
    def divisor(self) -> int | float:
        """The divisor as JSON shows it: whole, or with one decimal."""
        whole, tenth = divmod(self.divisor_tenths, 10)
        return self.divisor_tenths / 10 if tenth else whole

    def as_json(self) -> dict[str, Any]:
        """Return the answer of `zhubao pension`."""
        return {
            "scheme": self.scheme,
            "basic_fen": self.basic_fen,
            "account_fen": self.account_fen,
            "transition_fen": self.transition_fen,
            "total_fen": self.total_fen,
            "divisor": self.divisor,
            "inputs": self.inputs,
            "missing": self.marks.missing,
            "provisional": self.marks.provisional,
            "unverified": self.marks.unverified,
        }


def half_up(amount: Fraction) -> int:
    """Round an amount that is not negative to the fen, halves up."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def basic_part(base_fen: int, index: Fraction, years: Fraction) -> int:
    """Return the basic pension in fen: the mean of the base and the indexed base, one percent for each year."""
    return half_up(base_fen * (1 + index) / 2 * years / 100)


def account_part(balance_fen: int, tenths: int) -> int:
    """Return the account pension in fen for a divisor in tenths of a month."""
    return half_up(Fraction(balance_fen * 10, tenths))


def transition_part(base_fen: int, index: Fraction, years: Fraction, coefficient_ppm: int) -> int:
    """Return the transition pension in fen for deemed or pre-account years."""
    return half_up(base_fen * index * years * coefficient_ppm / 1_000_000)


def estimate_employee(case: EmployeeCase, book: ParameterBook) -> Estimate:
    """Estimate the first month of an employees' pension; the base comes from the case, else from the table of the award month.

    Where the award year's base is not published the last one is used and marked provisional, as agencies do.
    """
    rule = province_rule(case.province)
    marks = Marks()
    tenths = divisor_tenths(case.age_months, case.award_month)
    base = case.calc_base_fen if case.calc_base_fen is not None else _base_of_table(case, rule, book, marks)
    basic = None
    if case.index is None:
        marks.lacks("index", ["basic_fen"], Text("填平均缴费指数", "enter the average contribution index"))
    if case.paid_months is None:
        marks.lacks("paid_months", ["basic_fen"], Text("填累计缴费月数（含视同）", "enter the months paid, deemed ones included"))
    years = rule.counted_years(case.paid_months) if case.paid_months is not None else None
    if base is not None and case.index is not None and years is not None:
        basic = basic_part(base, case.index, years)
    account = None
    if case.account_fen is None:
        marks.lacks("account_fen", ["account_fen"], Text("填个人账户储存额", "enter the account balance"))
    else:
        account = account_part(case.account_fen, tenths)
    transition = _transition(case, rule, base, marks)
    inputs = {
        "province": case.province,
        "award_month": case.award_month,
        "age_months": case.age_months,
        "index": decimal_text(case.index),
        "transition_index": decimal_text(case.transition_index),
        "paid_months": case.paid_months,
        "years": decimal_text(years),
        "deemed_years": decimal_text(case.deemed_years),
        "account_fen": case.account_fen,
        "calc_base_fen": base,
        "transition_coefficient_ppm": rule.coefficient_ppm,
    }
    return Estimate("employee", basic, account, transition, tenths, inputs, marks)


def estimate_resident(case: ResidentCase, book: ParameterBook, on: date) -> Estimate:
    """Estimate the first month of a residents' pension; `on` chooses the basic pension of the table when no award month is given."""
    marks = Marks()
    basic = case.basic_pension_fen
    if basic is None:
        day = first_day(month_number(case.award_month)) if case.award_month else on
        entry = book.find("basic_pension_fen", day, case.area_code)
        if entry is None:
            remedy = Text("填当地基础养老金标准", "enter the local basic pension")
            marks.lacks("basic_pension_fen", ["basic_fen"], remedy, case.area_code)
        else:
            basic = entry.number()
            marks.note(entry)
            if entry.area_code == NATION:
                default = Text("按全国最低标准", "national minimum")
                marks.provisional.append(_provisional("basic_pension_fen", default))
    account = None
    if case.account_fen is None:
        marks.lacks("account_fen", ["account_fen"], Text("填个人账户储存额", "enter the account balance"))
    else:
        account = account_part(case.account_fen, RESIDENT_DIVISOR_TENTHS)
    inputs = {
        "award_month": case.award_month,
        "age_months": case.age_months,
        "account_fen": case.account_fen,
        "basic_pension_fen": basic,
    }
    return Estimate("resident", basic, account, 0, RESIDENT_DIVISOR_TENTHS, inputs, marks)


def decimal_text(value: Fraction | None) -> str | None:
    """Return an exact decimal as text; a fraction that has none as numerator/denominator."""
    if value is None:
        return None
    scaled = value * 10**6
    if scaled.denominator != 1:
        return str(value)
    whole, part = divmod(scaled.numerator, 10**6)
    return f"{whole}.{part:06d}".rstrip("0").rstrip(".")


def _base_of_table(case: EmployeeCase, rule: ProvinceRule, book: ParameterBook, marks: Marks) -> int | None:
    day = first_day(month_number(case.award_month, "award_month"))
    entry = book.find("calc_base_fen", day, rule.area_code)
    if entry is None:
        entry = book.latest("calc_base_fen", day, rule.area_code)
        if entry is None:
            parts = ["basic_fen", "transition_fen"] if case.deemed_years else ["basic_fen"]
            remedy = Text("填该年度计发基数", "enter the calculation base of that year")
            marks.lacks("calc_base_fen", parts, remedy, rule.area_code)
            return None
        year = entry.effective_from.year
        default = Text(
            f"暂按 {year} 年计发基数，公布后重算", f"base of {year} until the award year's base is published, then recalculated"
        )
        marks.provisional.append(_provisional("calc_base_fen", default))
    marks.note(entry)
    return entry.number()


def _transition(case: EmployeeCase, rule: ProvinceRule, base: int | None, marks: Marks) -> int | None:
    if not case.deemed_years:
        return 0
    index = case.transition_index if rule.indexes == "two" else case.index
    if rule.indexes == "two" and index is None:
        remedy = Text("填过渡性养老金所用的指数", "enter the index of the transition part")
        marks.lacks("transition_index", ["transition_fen"], remedy)
    if rule.coefficient_ppm is None:
        remedy = Text(
            "过渡系数未经核实，请向省级经办机构核对", "the transition coefficient is not confirmed; ask the province's agency"
        )
        marks.lacks("transition_coefficient_ppm", ["transition_fen"], remedy, rule.area_code)
    if base is None or index is None or rule.coefficient_ppm is None:
        return None
    return transition_part(base, index, case.deemed_years, rule.coefficient_ppm)


def _provisional(question: str, default: Text) -> dict[str, Any]:
    return {"question": question, "default": default.en, "default_zh": default.zh, "decider": "province"}
