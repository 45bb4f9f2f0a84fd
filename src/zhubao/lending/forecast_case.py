"""Reading the case of a forecast from JSON values: every key, type and range is checked, unknown stays unknown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.identity import CitizenNumber, read_number
from zhubao.language import Text
from zhubao.pension import CATEGORIES, month_number

from .forecast_policies import ForecastPolicy, forecast_policy

# A person's record serves every question asked about the person; the keys below are the ones a forecast reads.
_PERSON_READ = frozenset(
    """birth id_number sex retirement_category paid_months deemed_months deemed_confirmed back_payable_months account_fen index
    transition_index province insured_locality elected_month months_to_pension loan""".split()
)
_PERSON_PASSED_OVER = frozenset(
    """name hukou residence scheme participation_type continuing receiving_pension open_loan inability_declaration student military
    imprisoned deceased identities disability_grade unemployment_registered still_unemployed family children employed
    social_insurance_subsidy chosen_tier_fen requested_months""".split()
)
_CASE_KEYS = frozenset({"policy", "on", "person", "hardship", "plan", "bank", "parameters", "horizon_age", "id", "title"})
_PLAN_KEYS = frozenset({"months", "tranche_day", "agreed_fen", "own_fen", "yearly_fen", "years"})
_BANK_KEYS = frozenset({"rate_ppm", "day_count", "settlement", "deduction_day", "capitalise"})
_STEPS = frozenset(
    "lowest_tier_monthly_fen calc_base_fen floor_fen account_crediting_ppm basic_pension_fen lowest_tier_yearly_fen".split()
)
_GROWTHS = frozenset("tier_growth_ppm pension_growth_ppm floor_growth_ppm calc_base_growth_ppm".split())
DAY_COUNTS = {
    "ACT/360": "ACT/360",
    "act360": "ACT/360",
    "ACT/365": "ACT/365",
    "act365": "ACT/365",
    "MONTH+ODD": "MONTH+ODD",
    "month+odd": "MONTH+ODD",
}
_SETTLEMENT = re.compile(r"yearly-(\d\d)-(\d\d)|(?:quarterly|monthly)-(\d\d)|none")
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")
_DECIMAL = re.compile(r"[0-9]{1,2}(\.[0-9]{1,6})?")
_MOST_FEN = 10**10
_DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Step:
    """A value that holds from a day on: fen or ppm."""

    start: date
    value: int


@dataclass(frozen=True, slots=True)
class Borrower:
    """What the forecast knows of the person; None = not known. Months are numbers (year × 12 + month), money fen."""

    birth: int | None = None
    category: str | None = None
    category_assumed: bool = False
    paid_months: int | None = None
    deemed_months: int | None = None
    deemed_confirmed: bool | None = None
    back_payable_months: int = 0
    account_fen: int | None = None
    index: Fraction | None = None
    transition_index: Fraction | None = None
    province: str = ""
    area_code: str = ""
    elected_month: int | None = None
    months_to_pension: int | None = None
    basic_pension_consent: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for. None = the policy's most or a default.

    `agreed_fen`: monthly instalment of the contract. `own_fen`: own money that lowers all tranches in proportion.
    """

    months: int | None = None
    tranche_day: tuple[int, int] | None = None
    agreed_fen: int | None = None
    own_fen: int = 0
    yearly_fen: int | None = None
    years: int | None = None


@dataclass(frozen=True, slots=True)
class Bank:
    """The bank's terms as the case gives them; None = default of the conventions, shown as provisional."""

    rate_ppm: int | None = None
    day_count: str | None = None
    settlement: str | None = None
    deduction_day: int | None = None
    capitalise: bool | None = None


@dataclass(frozen=True, slots=True)
class ForecastCase:
    """One question: which person, under which policy, asked on which day, with which plan, bank and local figures.

    `steps` are step tables by parameter name (absent = take the tables), `growths` yearly rises in ppm by name.
    """

    policy: ForecastPolicy
    on: date
    person: Borrower
    hardship: bool | None
    plan: Plan
    bank: Bank
    steps: Mapping[str, tuple[Step, ...]]
    growths: Mapping[str, int]
    horizon_age: int


def read_forecast_case(values: Mapping[str, Any]) -> ForecastCase:
    """Return the case in a JSON object.

    Raises ZhubaoError naming the key: E-CASE-KEY (unknown), E-CASE-MISSING (policy, on), E-CASE-TYPE, E-CASE-NEGATIVE,
    E-CASE-RANGE, E-MONTH, E-CATEGORY, E-POLICY, E-POLICY-NOT-IN-FORCE, or a citizen number's own code.
    """
    _known(values, _CASE_KEYS, "")
    for key in ("policy", "on"):
        if values.get(key) is None:
            raise _fault("E-CASE-MISSING", key, "必须填写", "it is required")
    policy_id = values["policy"]
    if not isinstance(policy_id, str):
        raise _fault("E-CASE-TYPE", "policy", "应为文本", "must be a text")
    on = _day(values["on"], "on")
    policy = forecast_policy(policy_id, on)
    horizon = _whole(values, "horizon_age", "", 120)
    if horizon is not None and horizon < 60:
        raise _fault("E-CASE-RANGE", "horizon_age", "应在 60 至 120 之间", "must lie between 60 and 120")
    parameters = _part(values, "parameters", _STEPS | _GROWTHS)
    return ForecastCase(
        policy,
        on,
        _person(_part(values, "person", _PERSON_READ | _PERSON_PASSED_OVER), policy, on),
        _flag(values, "hardship", ""),
        _plan(_part(values, "plan", _PLAN_KEYS)),
        _bank(_part(values, "bank", _BANK_KEYS)),
        {name: _steps(parameters, name) for name in _STEPS if parameters.get(name) is not None},
        {name: _whole(parameters, name, "parameters.", 1_000_000) or 0 for name in _GROWTHS if parameters.get(name) is not None},
        85 if horizon is None else horizon,
    )


def _person(person: Mapping[str, Any], policy: ForecastPolicy, on: date) -> Borrower:
    facts = {key: _plain(person[key], f"person.{key}") for key in person if key in _PERSON_READ}
    sex = _choice(facts, "sex", ("male", "female"))
    birth = _birth(facts, on)
    if facts.get("id_number") is not None:
        number = _citizen(facts["id_number"], on)
        birth = birth if birth is not None else number.birth.year * 12 + number.birth.month
        sex = sex or number.sex
    category = _choice(facts, "retirement_category", tuple(CATEGORIES))
    assumed = False
    if category is None and policy.resident:
        category = "resident60"
    elif category is None and sex is not None:
        category, assumed = ("male60", False) if sex == "male" else ("female55", True)
    if category is not None and (category == "resident60") != policy.resident:
        raise _fault(
            "E-CATEGORY", "person.retirement_category", "与政策的险种不符", "does not belong to the scheme of the policy"
        )
    locality = _text(facts, "insured_locality")
    if locality is not None and re.fullmatch(r"[0-9]{6}", locality) is None:
        raise _fault("E-CASE-RANGE", "person.insured_locality", "应为六位区划代码", "an area code is six digits")
    elected = _text(facts, "elected_month")
    loan = facts.get("loan") or {}
    if not isinstance(loan, dict):
        raise _fault("E-CASE-TYPE", "person.loan", "应为对象", "must be an object")
    return Borrower(
        birth,
        category,
        assumed,
        _whole(facts, "paid_months", "person.", 1200),
        _whole(facts, "deemed_months", "person.", 1200),
        _flag(facts, "deemed_confirmed", "person."),
        _whole(facts, "back_payable_months", "person.", 600) or 0,
        _whole(facts, "account_fen", "person."),
        _decimal(facts, "index"),
        _decimal(facts, "transition_index"),
        _text(facts, "province") or policy.province,
        locality if locality is not None and locality.startswith(policy.region) else policy.area_code,
        None if elected is None else month_number(elected, "person.elected_month"),
        _whole(facts, "months_to_pension", "person.", 600),
        bool(_flag(loan, "basic_pension_consent", "person.loan.")),
    )


def _birth(facts: Mapping[str, Any], on: date) -> int | None:
    text = _text(facts, "birth")
    if text is None:
        return None
    number = month_number(text, "person.birth")
    if number > on.year * 12 + on.month:
        raise _fault(
            "E-BIRTH-FUTURE", "person.birth", f"出生年月 {text} 晚于查询日期", f"the birth {text} is after the day asked about"
        )
    return number


def _citizen(value: object, on: date) -> CitizenNumber:
    if not isinstance(value, str):
        raise _fault("E-CASE-TYPE", "person.id_number", "应为文本", "must be a text")
    found = read_number(value, on)
    if not isinstance(found, CitizenNumber):
        raise ZhubaoError(found.code, found.problem, place="person.id_number", remedy=found.remedy)
    return found


def _plan(plan: Mapping[str, Any]) -> Plan:
    day = plan.get("tranche_day")
    return Plan(
        _whole(plan, "months", "plan.", 1200),
        None if day is None else _month_day(day, "plan.tranche_day"),
        _whole(plan, "agreed_fen", "plan."),
        _whole(plan, "own_fen", "plan.") or 0,
        _whole(plan, "yearly_fen", "plan."),
        _whole(plan, "years", "plan.", 60),
    )


def _bank(bank: Mapping[str, Any]) -> Bank:
    day_count = bank.get("day_count")
    if day_count is not None and (not isinstance(day_count, str) or day_count not in DAY_COUNTS):
        raise _fault(
            "E-CASE-RANGE", "bank.day_count", "应为 ACT/360、ACT/365 或 MONTH+ODD", "must be ACT/360, ACT/365 or MONTH+ODD"
        )
    deduction_day = _whole(bank, "deduction_day", "bank.", 31)
    if deduction_day == 0:
        raise _fault("E-CASE-RANGE", "bank.deduction_day", "应为 1 至 31", "must be 1 to 31")
    settlement = bank.get("settlement")
    return Bank(
        _whole(bank, "rate_ppm", "bank.", 1_000_000),
        None if day_count is None else DAY_COUNTS[day_count],
        None if settlement is None else _settlement(settlement),
        deduction_day,
        _flag(bank, "capitalise", "bank."),
    )


def _settlement(value: object) -> str:
    """Return the pattern of settlement days after checking it; days 29 to 31 fall on a shorter month's last day."""
    found = _SETTLEMENT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise _fault(
            "E-CASE-TYPE",
            "bank.settlement",
            "应如 yearly-12-20、quarterly-20、monthly-20 或 none",
            "must be like yearly-12-20, quarterly-20, monthly-20 or none",
        )
    if found[1]:
        _month_day(f"{found[1]}-{found[2]}", "bank.settlement")
    elif found[3] and not 1 <= int(found[3]) <= 31:
        raise _fault("E-CASE-RANGE", "bank.settlement", "结息日应为 1 至 31 日", "a settlement day must be 1 to 31")
    return found[0]


def _month_day(value: object, place: str) -> tuple[int, int]:
    found = _MONTH_DAY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise _fault("E-CASE-TYPE", place, "应为月日，如 11-20", "must be a month and a day like 11-20")
    month, day = int(found[1]), int(found[2])
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS_IN_MONTH[month - 1]:
        raise _fault("E-CASE-RANGE", place, "没有这一天", "there is no such day in every year")
    return month, day


def _steps(parameters: Mapping[str, Any], name: str) -> tuple[Step, ...]:
    place = f"parameters.{name}"
    rows = parameters[name]
    if not isinstance(rows, list):
        raise _fault("E-CASE-TYPE", place, '应为列表 [{"from", "value"}]', 'must be a list of {"from", "value"}')
    steps: list[Step] = []
    for at, row in enumerate(rows):
        here = f"{place}[{at}]"
        if not isinstance(row, dict) or row.keys() != {"from", "value"}:
            raise _fault("E-CASE-TYPE", here, '应为 {"from", "value"}', 'must be {"from", "value"}')
        value = _whole(row, "value", f"{here}.", 1_000_000 if name.endswith("_ppm") else _MOST_FEN)
        if value is None:
            raise _fault("E-CASE-MISSING", f"{here}.value", "必须填写", "it is required")
        start = _day(row["from"], f"{here}.from")
        if steps and start <= steps[-1].start:
            raise _fault("E-CASE-ORDER", f"{here}.from", "日期应从早到晚", "the dates must ascend")
        steps.append(Step(start, value))
    return tuple(steps)


def _part(values: Mapping[str, Any], key: str, allowed: frozenset[str]) -> Mapping[str, Any]:
    part = values.get(key)
    if part is None:
        return {}
    if not isinstance(part, dict):
        raise _fault("E-CASE-TYPE", key, "应为对象", "must be an object")
    _known(part, allowed, f"{key}.")
    return part


def _known(values: Mapping[str, Any], allowed: frozenset[str], prefix: str) -> None:
    for key in values:
        if key not in allowed:
            raise _fault("E-CASE-KEY", f"{prefix}{key}", "没有这一项", "there is no such key")


def _plain(value: Any, place: str) -> Any:
    """Return the value of a fact that may come with its source and day."""
    if not isinstance(value, dict) or place == "person.loan":
        return value
    if "value" not in value or not value.keys() <= {"value", "source", "on"}:
        raise _fault("E-CASE-TYPE", place, '应为取值或 {"value", "source", "on"}', 'must be a value or {"value", "source", "on"}')
    return value["value"]


def _whole(values: Mapping[str, Any], key: str, prefix: str, most: int = _MOST_FEN) -> int | None:
    value = values.get(key)
    if value is None:
        return None
    if type(value) is not int:
        raise _fault("E-CASE-TYPE", f"{prefix}{key}", "应为整数（金额以分计）", "must be a whole number (money in fen)")
    if value < 0:
        raise _fault("E-CASE-NEGATIVE", f"{prefix}{key}", "不能为负", "must not be negative")
    if value > most:
        raise _fault("E-CASE-RANGE", f"{prefix}{key}", f"不能大于 {most}", f"must not be above {most}")
    return value


def _flag(values: Mapping[str, Any], key: str, prefix: str) -> bool | None:
    value = values.get(key)
    if value is not None and type(value) is not bool:
        raise _fault("E-CASE-TYPE", f"{prefix}{key}", "应为 true 或 false", "must be true or false")
    return value


def _text(facts: Mapping[str, Any], key: str) -> str | None:
    value = facts.get(key)
    if value is not None and not isinstance(value, str):
        raise _fault("E-CASE-TYPE", f"person.{key}", "应为文本", "must be a text")
    return value


def _choice(facts: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> str | None:
    value = _text(facts, key)
    if value is not None and value not in allowed:
        listed = ", ".join(allowed)
        code = "E-CATEGORY" if key == "retirement_category" else "E-CASE-RANGE"
        raise _fault(code, f"person.{key}", f"应为 {listed} 之一", f"must be one of {listed}")
    return value


def _decimal(facts: Mapping[str, Any], key: str) -> Fraction | None:
    value = facts.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or _DECIMAL.fullmatch(value) is None:
        raise _fault("E-CASE-TYPE", f"person.{key}", '应为小数文本，如 "0.564"', 'must be a decimal as text, like "0.564"')
    return Fraction(value)


def _day(value: object, place: str) -> date:
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _fault("E-DATE", place, "应为日期，如 2026-10-12", "must be a day such as 2026-10-12")


def _fault(code: str, key: str, zh: str, en: str) -> ZhubaoError:
    return ZhubaoError(code, Text(zh, en), place=key)
