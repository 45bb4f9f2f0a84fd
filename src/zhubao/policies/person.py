"""A person's record, as JSON or a mapping, read into the fact columns of a policy: one pass, every key checked.

Unknown is a key that is absent or null. A fact is a plain value or ``{"value", "source", "on"}``; sources go along.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.identity import CitizenNumber, normalise, read_number
from zhubao.language import Text
from zhubao.rules.assessment import Known
from zhubao.rules.policy import Identity, Policy

FLAGS = frozenset(
    """deemed_confirmed continuing receiving_pension open_loan inability_declaration student military imprisoned deceased
    unemployment_registered still_unemployed employed""".split()
)
COUNTS = frozenset(
    "months_to_pension paid_months deemed_months back_payable_months children chosen_tier_fen requested_months".split()
)
AREAS = frozenset(("hukou", "residence", "insured_locality"))
CODES = {
    "sex": ("male", "female"),
    "scheme": ("employee_pension", "resident_pension", "institution_pension", "none"),
    "participation_type": ("flexible", "employer", "individual"),
    "retirement_category": ("male60", "female55", "female50", "resident60"),
}
CATEGORIES = frozenset(
    """urban_destitute urban_dibao urban_expenditure_poor urban_low_income registered_poor_urban registered_poor_rural
    laid_off_soe_collective dibao laid_off poor_worker_family zero_employment severe_disability childless tekun return_to_poverty
    escaped_poverty monitored""".split()
)
DEPARTMENTS = {
    "civil_affairs": "民政部门",
    "poverty_office": "扶贫部门",
    "rural_revitalisation": "乡村振兴部门",
    "federation": "残联",
    "hrss": "人社部门",
    "trade_union": "总工会",
}
LARGEST = 10**15
FACT_KEYS = frozenset(("value", "source", "on"))
IDENTITY_KEYS = frozenset(("value", "certifier", "from", "to", "certificate", "source", "on"))
FAMILY = frozenset(("able_members", "able_members_employed", "business_income_fen", "investment_income_fen"))
LOAN = {
    "signed_on": "day",
    "rate_ppm": "count",
    "term_months": "count",
    "grace_months": "count",
    "repay_months": "count",
    "amount_fen": "count",
    "tranche_fen": "count",
    "instalment_fen": "count",
    "coborrower_children": "count",
    "guarantor": "flag",
    "basic_pension_consent": "flag",
}


class _Record:
    """What has been read so far."""

    __slots__ = ("contract", "extra", "identities", "number", "on", "sources", "today", "values")

    def __init__(self, identities: Mapping[str, Identity], extra: frozenset[str], today: date) -> None:
        self.values: dict[str, Any] = {}
        self.sources: dict[str, str] = {}
        self.identities = identities
        self.extra = extra
        self.today = today
        self.on = today.year * 10_000 + today.month * 100 + today.day
        self.contract = False
        self.number: CitizenNumber | None = None


def read_person(policy: Policy, person: Mapping[str, Any], on: date, extra_categories: frozenset[str] = frozenset()) -> Known:
    """Return what `person` says, as the columns `policy` reads; keys of other policies are checked and passed over.

    `extra_categories` are the hardship categories a locality has added. Raise ZhubaoError for an unknown key (E-KEY), a value of
    the wrong type or range (E-VALUE), or a citizen number that cannot be one (E-ID-...).
    """
    record = _Record(policy.identities, extra_categories, on)
    values = record.values
    for key, raw in person.items():
        reader = _READERS.get(key)
        if reader is None:
            raise _fault("E-KEY", key, "不认识这个键", "unknown key", "删去或改正它", "remove or correct it")
        value = _unwrap(key, raw, record.sources) if type(raw) is dict and key not in _OBJECTS else raw
        if reader is _flag and (value is True or value is False):
            values[key] = value  # most of a record: without a call each
        elif value is not None:
            reader(key, value, record)
    if record.number is not None:
        if "birth_first" not in values:
            born = record.number.birth
            values["birth_first"] = values["birth_last"] = born.year * 10_000 + born.month * 100 + born.day
            record.sources.setdefault("birth", record.sources.get("id_number", "身份证号"))
        values.setdefault("sex", record.number.sex)
    if "disability_grade" in values and "identity_severe_disability" not in values:
        values["identity_severe_disability"] = values["disability_grade"] <= 2
        record.sources.setdefault("identities.severe_disability", record.sources.get("disability_grade", ""))
    return Known(values, record.sources, record.contract, assumed(policy, values))


# What stands in for a choice nobody has made: the fact, what is taken, who decides.
WOMAN_55 = (
    "retirement_category",
    Text("女性按55周岁（female55）测算", "a woman counts as female55"),
    Text("经办机构", "agency"),
)
LOWEST_TIER = ("chosen_tier_fen", Text("按最低缴费档次", "the lowest tier"), Text("本人", "the person"))


def assumed(policy: Policy, values: Mapping[str, Any]) -> tuple[tuple[str, Text, Text], ...]:
    """Return what stands in for choices the person or the agency has not made."""
    woman = "retirement_category" not in values and values.get("sex") == "female" and "retirement_category" in policy.facts
    tier = "chosen_tier_fen" not in values and "chosen_tier_fen" in policy.facts
    return ((WOMAN_55,) if woman else ()) + ((LOWEST_TIER,) if tier else ())


def _fault(code: str, place: str, zh: str, en: str, remedy_zh: str = "", remedy_en: str = "") -> ZhubaoError:
    return ZhubaoError(code, Text(zh, en), place=place, remedy=Text(remedy_zh, remedy_en) if remedy_zh else None)


def _wrong(key: str, zh: str, en: str) -> ZhubaoError:
    return _fault("E-VALUE", key, f"应为{zh}", f"must be {en}")


def _unwrap(key: str, fact: Mapping[str, Any], sources: dict[str, str]) -> Any:
    if "value" not in fact or not fact.keys() <= FACT_KEYS:
        raise _wrong(key, "一个值，或 {value, source, on}", "a value, or {value, source, on}")
    source, on = fact.get("source"), fact.get("on")
    if source is not None and not isinstance(source, str):
        raise _wrong(f"{key}.source", "文字", "text")
    if on is not None:
        _day(f"{key}.on", on)
    if source or on:
        sources[key] = str(source or on)
    return fact["value"]


def _flag(key: str, value: Any, record: _Record) -> None:
    if value is not True and value is not False:
        raise _wrong(key, "true 或 false", "true or false")
    record.values[key] = value


def _count(key: str, value: Any, record: _Record) -> None:
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise _wrong(key, "不小于 0 的整数（金额以分计）", "an integer, 0 or more (money in fen)")
    record.values[key] = value


def _area(key: str, value: Any, record: _Record) -> None:
    if not isinstance(value, str) or len(value) != 6 or not (value.isascii() and value.isdecimal()):
        raise _wrong(key, "六位区划代码", "an area code of six digits")
    record.values[key] = value


def _code(key: str, value: Any, record: _Record) -> None:
    if value not in CODES[key]:
        listed = ", ".join(CODES[key])
        raise _wrong(key, f"{listed} 之一", f"one of {listed}")
    record.values[key] = "flexible" if value == "individual" else value


def _name(key: str, value: Any, record: _Record) -> None:
    if not isinstance(value, str):
        raise _wrong(key, "文字", "text")


def _id_number(key: str, value: Any, record: _Record) -> None:
    if not isinstance(value, str):
        raise _wrong(key, "文字（加引号）", "text, in quotes")
    found = read_number(value, record.today)
    if not isinstance(found, CitizenNumber):
        raise ZhubaoError(found.code, found.problem, place=f"{key} {normalise(value)[:6]}…", remedy=found.remedy)
    record.number = found


@lru_cache(maxsize=65_536)  # more than the days of a long life: a roster has the same ones again and again
def _parsed(text: str) -> int:
    """Return a day "2026-08-31" as 20260831, a month "2026-08" as year × 12 + month, 0 for what is neither."""
    try:
        first = date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    except ValueError:
        return 0
    if text[4] != "-" or text[7:8] not in ("-", ""):  # 2026-W32-1 is a day too, but not one of ours
        return 0
    return first.year * 12 + first.month if len(text) == 7 else first.year * 10_000 + first.month * 100 + first.day


def _day(key: str, value: Any) -> int:
    """Return "2026-08-31" as 20260831."""
    found = _parsed(value) if isinstance(value, str) and len(value) == 10 else 0
    if found:
        return found
    raise _wrong(key, "日期，如 2026-08-31", "a day such as 2026-08-31")


def _month(key: str, value: Any) -> int:
    """Return "2026-08" as year × 12 + month."""
    found = _parsed(value) if isinstance(value, str) and len(value) == 7 else 0
    if found:
        return found
    raise _wrong(key, "月份，如 2026-08", "a month such as 2026-08")


def _birth(key: str, value: Any, record: _Record) -> None:
    if isinstance(value, str) and len(value) == 7:
        year, month = divmod(_month(key, value) - 1, 12)
        first = year * 10_000 + (month + 1) * 100 + 1
        last = first - 1 + monthrange(year, month + 1)[1]
    else:
        first = last = _day(key, value)
    if first > record.on:
        raise _fault("E-BIRTH-FUTURE", key, f"出生日期 {value} 晚于查询日期", f"born on {value}, after the day asked about")
    record.values["birth_first"], record.values["birth_last"] = first, last


def _elected(key: str, value: Any, record: _Record) -> None:
    record.values[key] = _month(key, value)


def _grade(key: str, value: Any, record: _Record) -> None:
    if type(value) is not int or not 1 <= value <= 4:
        raise _wrong(key, "1 至 4", "1 to 4")
    record.values[key] = value


def _subsidy(key: str, value: Any, record: _Record) -> None:
    """Read false, true (drawn now) or the list of months in which it is drawn, both ends included."""
    if value is True or value is False:
        record.values["subsidised_now"] = value
        return
    if not isinstance(value, list):
        raise _wrong(key, "false 或时段列表", "false or a list of {from, to}")
    month = record.on // 10_000 * 12 + record.on // 100 % 100
    drawn = False
    for at, each in enumerate(value):
        if not isinstance(each, dict) or each.keys() - {"from", "to"} or "from" not in each:
            raise _wrong(f"{key}[{at}]", "{from, to}", "{from, to}")
        start = _month(f"{key}[{at}].from", each["from"])
        end = _month(f"{key}[{at}].to", each["to"]) if each.get("to") is not None else month
        if each.get("to") is not None and end < start:
            raise _wrong(f"{key}[{at}].to", "不早于 from 的月份", "a month not before from")
        drawn = drawn or start <= month <= end
    record.values["subsidised_now"] = drawn


def _identities(key: str, value: Any, record: _Record) -> None:
    if not isinstance(value, dict):
        raise _wrong(key, "对象：类别 → 是否", "an object: category → true or false")
    values, extra = record.values, record.extra
    for code, raw in value.items():
        if code not in _IDENTITY_FACTS and code not in extra:
            raise _fault("E-KEY", f"identities.{code}", "不认识这个类别", "unknown category")
        holds = _certified(code, raw, record) if type(raw) is dict else raw
        if holds is None:
            continue
        if holds is not True and holds is not False:
            raise _wrong(f"identities.{code}", "true 或 false", "true or false")
        values[_IDENTITY_FACTS.get(code) or f"identity_{code}"] = holds
        if code in extra:
            values["identity_extra"] = values.get("identity_extra") is True or holds


def _certified(code: str, raw: dict[str, Any], record: _Record) -> Any:
    """Return whether the category is in force on the day and certified by who may; keep its certificate and source."""
    if "value" not in raw or not raw.keys() <= IDENTITY_KEYS:
        raise _wrong(
            f"identities.{code}",
            "{value, certifier, from, to, certificate, source}",
            "{value, certifier, from, to, certificate, source}",
        )
    holds, get = raw["value"], raw.get
    certifier, certificate, source, on = get("certifier"), get("certificate"), get("source"), get("on")
    if certifier is not None and (not isinstance(certifier, str) or certifier not in DEPARTMENTS):
        listed = ", ".join(DEPARTMENTS)
        raise _wrong(f"identities.{code}.certifier", f"{listed} 之一", f"one of {listed}")
    if certificate is not None:
        if not isinstance(certificate, str):
            raise _wrong(f"identities.{code}.certificate", "文字", "text")
        if certificate.strip():
            record.values[f"certificate_{code}"] = True
    if source is not None and not isinstance(source, str):
        raise _wrong(f"identities.{code}.source", "文字", "text")
    if on is not None:
        _day(f"identities.{code}.on", on)
    if source or on:
        record.sources[f"identities.{code}"] = source or str(on)
    if (
        ("from" in raw or "to" in raw)
        and not _in_force(f"identities.{code}", get("from"), get("to"), record.on)
        and holds is True
    ):
        holds = False
    declared = record.identities.get(code)
    if holds is True and certifier and declared is not None and certifier not in declared.certifiers:
        holds = False  # a list from a department that does not certify this category proves nothing
        record.sources[f"identities.{code}"] = f"{DEPARTMENTS[certifier]}不是该类别的认定部门 not a certifier: {certifier}"
    return holds


def _in_force(place: str, start: Any, end: Any, on: int) -> bool:
    """Whether the day lies in start..end; both may be days or whole months, both included, either may be absent."""
    first = _end(f"{place}.from", start, day=0) if start is not None else 0
    last = _end(f"{place}.to", end, day=99) if end is not None else 9999_99_99
    if first > last:
        raise _wrong(f"{place}.to", "不早于 from 的日期", "a day not before from")
    return first <= on <= last


def _end(place: str, value: Any, *, day: int) -> int:
    """Return a day as yyyymmdd; a month gets `day` as its last two digits."""
    if isinstance(value, str) and len(value) == 7:
        year, month = divmod(_month(place, value) - 1, 12)
        return year * 10_000 + (month + 1) * 100 + day
    return _day(place, value)


def _family(key: str, value: Any, record: _Record) -> None:
    if not isinstance(value, dict):
        raise _wrong(key, "对象", "an object")
    for name, raw in value.items():
        if name not in FAMILY:
            raise _fault("E-KEY", f"family.{name}", "不认识这个键", "unknown key")
        told = _unwrap("family", raw, record.sources) if type(raw) is dict else raw
        if told is not None:
            _count(f"family_{name}", told, record)


def _loan(key: str, value: Any, record: _Record) -> None:
    if not isinstance(value, dict):
        raise _wrong(key, "对象", "an object")
    record.contract = True
    for name, raw in value.items():
        kind = LOAN.get(name)
        if kind is None:
            raise _fault("E-KEY", f"loan.{name}", "不认识这个键", "unknown key")
        if raw is None:
            continue
        if kind == "day":
            record.values["loan_signed_on"] = _day("loan.signed_on", raw)
        else:
            (_flag if kind == "flag" else _count)(f"loan_{name}", raw, record)


_IDENTITY_FACTS = {code: f"identity_{code}" for code in sorted(CATEGORIES)}
_OBJECTS = frozenset(("identities", "family", "loan"))
_READERS: dict[str, Callable[[str, Any, _Record], None]] = {
    **dict.fromkeys(FLAGS, _flag),
    **dict.fromkeys(COUNTS, _count),
    **dict.fromkeys(AREAS, _area),
    **dict.fromkeys(CODES, _code),
    "name": _name,
    "id_number": _id_number,
    "birth": _birth,
    "elected_month": _elected,
    "disability_grade": _grade,
    "social_insurance_subsidy": _subsidy,
    "identities": _identities,
    "family": _family,
    "loan": _loan,
}
