"""Reading a pension case from JSON values: strict about keys, types and ranges, so that nothing is guessed."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .estimate import EmployeeCase, ResidentCase
from .months import month_number
from .provinces import province_rule

_EMPLOYEE_KEYS = frozenset(
    {
        "province",
        "award_month",
        "age_months",
        "index",
        "transition_index",
        "paid_months",
        "deemed_years",
        "account_fen",
        "calc_base_fen",
    }
)
_RESIDENT_KEYS = frozenset({"award_month", "age_months", "account_fen", "basic_pension_fen", "area_code"})
_DECIMAL = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")
_FACT_KEYS = frozenset({"value", "source", "on"})


def read_case(values: Mapping[str, Any]) -> EmployeeCase | ResidentCase:
    """Return the case in a JSON object; a key may be absent or null for unknown, and carry {"value", "source", "on"}.

    Raises ZhubaoError naming the key: E-CASE-SCHEME, E-CASE-KEY, E-CASE-MISSING, E-CASE-TYPE, E-CASE-NEGATIVE, E-CASE-RANGE,
    E-PROVINCE or E-MONTH.
    """
    facts = {key: _plain(key, value) for key, value in values.items()}
    scheme = facts.pop("scheme", None)
    if not isinstance(scheme, str) or scheme not in {"employee", "resident"}:
        raise _fault("E-CASE-SCHEME", "scheme", "scheme 应为 employee 或 resident", "scheme must be employee or resident")
    allowed = _EMPLOYEE_KEYS if scheme == "employee" else _RESIDENT_KEYS
    for key in facts:
        if key not in allowed:
            raise _fault("E-CASE-KEY", key, f"{scheme} 没有这一项", f"a case of scheme {scheme} has no such key")
    return _employee(facts) if scheme == "employee" else _resident(facts)


def _employee(facts: dict[str, Any]) -> EmployeeCase:
    for key in ("province", "award_month", "age_months"):
        if facts.get(key) is None:
            raise _fault("E-CASE-MISSING", key, "必须填写", "it is required")
    rule = province_rule(_text(facts, "province") or "")
    if facts.get("transition_index") is not None and rule.indexes != "two":
        raise _fault(
            "E-CASE-KEY",
            "transition_index",
            f"{rule.province} 只有一个缴费指数",
            f"{rule.province} has one contribution index only",
        )
    paid = _whole(facts, "paid_months", 1200)
    deemed = _decimal(facts, "deemed_years") or Fraction(0)
    # Sheets round deemed years up by less than a tenth, so a month or two beyond the paid ones is rounding, more is a mistake.
    if paid is not None and deemed * 12 >= paid + 2:
        raise _fault("E-CASE-RANGE", "deemed_years", "视同年限超过累计缴费月数", "more deemed years than months paid")
    return EmployeeCase(
        rule.province,
        _month(facts, "award_month") or "",
        _whole(facts, "age_months", 1200) or 0,
        _decimal(facts, "index"),
        _decimal(facts, "transition_index"),
        paid,
        deemed,
        _whole(facts, "account_fen"),
        _whole(facts, "calc_base_fen"),
    )


def _resident(facts: dict[str, Any]) -> ResidentCase:
    area = _text(facts, "area_code")
    if area is not None and re.fullmatch(r"[0-9]{6}", area) is None:
        raise _fault("E-CASE-RANGE", "area_code", "区划代码应为 6 位数字", "an area code is six digits")
    case = ResidentCase(
        _whole(facts, "account_fen"),
        _whole(facts, "basic_pension_fen"),
        _month(facts, "award_month"),
        _whole(facts, "age_months", 1200),
    )
    return (
        case if area is None else ResidentCase(case.account_fen, case.basic_pension_fen, case.award_month, case.age_months, area)
    )


def _plain(key: str, value: object) -> object:
    if not isinstance(value, dict):
        return value
    if "value" not in value or not value.keys() <= _FACT_KEYS:
        raise _fault("E-CASE-TYPE", key, '应为取值或 {"value", "source", "on"}', 'must be a value or {"value", "source", "on"}')
    return value["value"]


def _whole(facts: dict[str, Any], key: str, most: int = 10**13) -> int | None:
    value = facts.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise _fault("E-CASE-TYPE", key, "应为整数（金额以分计）", "must be a whole number (money in fen)")
    if value < 0:
        raise _fault("E-CASE-NEGATIVE", key, "不能为负", "must not be negative")
    if value > most:
        raise _fault("E-CASE-RANGE", key, f"不能大于 {most}", f"must not be above {most}")
    return value


def _decimal(facts: dict[str, Any], key: str) -> Fraction | None:
    value = facts.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or _DECIMAL.fullmatch(value) is None:
        raise _fault("E-CASE-TYPE", key, '应为小数文本，如 "0.564"', 'must be a decimal as text, like "0.564"')
    return Fraction(value)


def _text(facts: dict[str, Any], key: str) -> str | None:
    value = facts.get(key)
    if value is not None and not isinstance(value, str):
        raise _fault("E-CASE-TYPE", key, "应为文本", "must be a text")
    return value


def _month(facts: dict[str, Any], key: str) -> str | None:
    value = _text(facts, key)
    if value is not None and len(value) != 7:
        raise _fault("E-MONTH", key, f"“{value}”不是年月，应如 2024-08", f"{value!r} is no month like 2024-08")
    if value is not None:
        month_number(value, key)
    return value


def _fault(code: str, key: str, zh: str, en: str) -> ZhubaoError:
    return ZhubaoError(code, Text(zh, en), place=key)
