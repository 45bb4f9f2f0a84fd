"""The life of a loan as JSON: read it with every check, replay it, write the result; only whole numbers in and out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .engine import replay
from .events import (
    Event,
    Kind,
    certification_lost,
    certified,
    died,
    matured,
    paid_off,
    prepaid,
    rate_set,
    settled,
    tranche_paid,
)
from .outcome import Outcome
from .projecting import Plan, project
from .refusals import PLACES
from .terms import CHOICES, Terms, day_count_word

BESIDE_INPUTS = frozenset({"inputs", "title", "conventions", "expected", "agreement", "id"})
INPUTS = frozenset(
    {
        "disbursements",
        "rates",
        "rate_basis",
        "day_count",
        "settlements",
        "subsidy",
        "capitalise",
        "repayment",
        "pension",
        "floor_fen",
        "basic_pension_fen",
        "prepayments",
        "maturity",
        "death",
    }
)
TABLE_OF_RULE = {"remaining_at_least": "floor_fen", "exclude_basic": "basic_pension_fen"}
ENDS = frozenset({Kind.DIED, Kind.MATURED})
DATED = ENDS | {Kind.PREPAID, Kind.PAID_OFF, Kind.SETTLED, Kind.TRANCHE_PAID}
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Life:
    """A whole life: what `replay` and `project` need."""

    terms: Terms
    events: tuple[Event, ...]
    plan: Plan | None

    def replay(self) -> Outcome:
        """Return the loan after all its events and, where there is a plan, after the planned deductions."""
        return project(self.terms, self.events, self.plan) if self.plan else replay(self.terms, self.events)


def replay_life(data: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a life in the JSON format: periods, schedule, totals. Raises as `read_life` and `replay` do."""
    return life_result(read_life(data).replay())


def read_life(data: dict[str, Any]) -> Life:
    """Return the life that a JSON object describes; it is the inputs themselves or has them under ``inputs``.

    Raises ZhubaoError naming the key: E-LIFE-KEY (unknown or missing), E-LIFE-TYPE, E-LIFE-DATE, E-LIFE-ORDER (not ascending),
    E-LIFE-OVERLAP, E-LIFE-MONEY (negative or nothing), E-LIFE-TABLE (a rule without its table), E-LIFE-AFTER (anything after death
    or maturity), E-TERMS-VALUE.
    """
    if "inputs" in data:
        _known(data, BESIDE_INPUTS, "")
        data = _object(data["inputs"], "inputs")
    _known(data, INPUTS, "")
    given = {key: value for key, value in data.items() if value is not None}
    for key in ("disbursements", "rates"):
        if not given.get(key):
            raise _error("E-LIFE-KEY", key, "不能缺", "is required")

    events: list[Event] = []
    last = date.min
    for place, row in _rows(given, "disbursements", {"date", "fen"}):
        last = _ascending(row["date"], f"{place}.date", last)
        events.append(tranche_paid(last, _money(row["fen"], f"{place}.fen", least=1)))
    events += [rate_set(on, ppm) for on, ppm in _steps(given, "rates")]
    last = date.min
    for number, day in enumerate(_list(given.get("settlements", []), "settlements")):
        last = _ascending(day, f"settlements[{number}]", last, strictly=True)
        events.append(settled(last))
    last = date.min
    for place, row in _rows(given, "subsidy", {"from", "to"}, optional={"to"}):
        start = _day(row["from"], f"{place}.from")
        if start < last:
            raise _error(
                "E-LIFE-OVERLAP", place, "与上一段重叠或先后颠倒", "overlaps the interval before it or stands out of order"
            )
        events.append(certified(start))
        last = date.max
        if row.get("to") is not None:
            last = _day(row["to"], f"{place}.to")
            if last <= start:
                raise _error("E-LIFE-ORDER", f"{place}.to", "应晚于起始日", "must be later than from")
            events.append(certification_lost(last))
    last = date.min
    for place, row in _prepayment_rows(given):
        last = _ascending(row["date"], f"{place}.date", last)
        events.append(paid_off(last) if "all" in row else prepaid(last, _money(row["fen"], f"{place}.fen", least=1)))
    if "maturity" in given:
        events.append(matured(_day(given["maturity"], "maturity")))
    covers = _death(given, events)
    _nothing_after_the_end(events)
    terms, plan = _repayment(given, covers)
    return Life(terms, tuple(events), plan)


def life_result(outcome: Outcome) -> dict[str, Any]:
    """Return what the JSON format prints; with a death, nothing is said to be closed or outstanding."""
    dead = outcome.death
    result: dict[str, Any] = {
        "periods": [
            {
                "from": period.start.isoformat(),
                "to": period.end.isoformat(),
                "interest": period.interest,
                "government": period.government,
                "borrower": period.borrower,
            }
            for period in outcome.periods
        ],
        "schedule": [
            {
                "date": row.on.isoformat(),
                "kind": row.kind,
                "amount": row.amount,
                "interest": row.interest,
                "principal": row.principal,
                "principal_after": row.principal_after,
                "interest_due_after": row.interest_due_after,
            }
            for row in outcome.schedule
        ],
        "total_interest": outcome.total_interest,
        "subsidy_total": outcome.subsidy_total,
        "borrower_interest_total": outcome.borrower_interest_total,
        "deduction_months": outcome.deduction_months,
        "last_instalment": outcome.last_instalment,
        "closed_on": outcome.closed_on.isoformat() if outcome.closed_on else None,
        "principal_outstanding": None if dead else outcome.principal,
        "interest_outstanding": None if dead else outcome.interest_due,
    }
    if dead:
        result["death"] = {
            "debt": dead.debt,
            "from_account": dead.from_account,
            "government": dead.government,
            "unrecovered": dead.unrecovered,
        }
    return result


def _repayment(given: dict[str, Any], government_covers: bool) -> tuple[Terms, Plan | None]:
    """Return the terms, and the plan of deductions where there is a repayment."""
    tables = {key: _steps(given, key) for key in ("pension", "floor_fen", "basic_pension_fen")}
    settings: dict[str, Any] = {
        "day_count": day_count_word(_text(given.get("day_count", "act360"), "day_count")),
        "rate_basis": _basis(given),
        "settlement": "none",
        "unpaid_interest": "every_settlement" if _flag(given.get("capitalise", False), "capitalise") else "simple",
        "death_cover": "all" if government_covers else "none",
        "ceiling_check": False,
    }
    if "repayment" not in given:
        return Terms(**settings), None
    repayment = _object(given["repayment"], "repayment")
    _known(repayment, {"first", "day", "max_months", "rule"}, "repayment.")
    _present(repayment, {"first", "rule"}, "repayment.")
    rule = _object(repayment["rule"], "repayment.rule")
    _known(rule, {"type", "agreed_fen", "percent"}, "repayment.rule.")
    _present(rule, {"type"}, "repayment.rule.")
    kind = _text(rule["type"], "repayment.rule.type")
    if kind not in CHOICES["deduction_rule"]:
        known = ", ".join(CHOICES["deduction_rule"])
        raise _error(
            "E-LIFE-KEY", "repayment.rule.type", f"没有 {kind} 这种规则，可用 {known}", f"there is no rule {kind}; use {known}"
        )
    settings["deduction_rule"] = kind
    if kind == "max_share":
        _present(rule, {"percent"}, "repayment.rule.")
        settings["share_percent"] = _whole(rule["percent"], "repayment.rule.percent", 0, 100)
    elif rule.get("percent") is not None:
        raise _error("E-LIFE-KEY", "repayment.rule.percent", "只用于 max_share", "belongs to max_share only")
    for table in ("pension", TABLE_OF_RULE.get(kind)):
        if table and not tables[table]:
            raise _error("E-LIFE-TABLE", table, f"规则 {kind} 需要这张表", f"the rule {kind} needs this table")
    first = _day(repayment["first"], "repayment.first")
    agreed = rule.get("agreed_fen")
    plan = Plan(
        first,
        _optional(repayment, "day", lambda value, place: _whole(value, place, 1, 31)),
        _optional(repayment, "max_months", lambda value, place: _whole(value, place, 1, 1200)),
        tables["pension"],
        tables["floor_fen"],
        tables["basic_pension_fen"],
        [] if agreed is None else [(date.min, _money(agreed, "repayment.rule.agreed_fen"))],
    )
    return Terms(**settings), plan


def _basis(given: dict[str, Any]) -> str:
    """Return whether a rate holds for the whole loan, or each tranche keeps the rate of its day."""
    basis = _text(given.get("rate_basis", "at_signing"), "rate_basis")
    if basis not in CHOICES["rate_basis"]:
        known = ", ".join(CHOICES["rate_basis"])
        raise _error("E-LIFE-KEY", "rate_basis", f"没有 {basis}，可用 {known}", f"there is no {basis}; use {known}")
    return basis


def _death(given: dict[str, Any], events: list[Event]) -> bool:
    """Add the death to the events; return whether the government covers what the account does not."""
    if "death" not in given:
        return False
    death = _object(given["death"], "death")
    _known(death, {"date", "account_fen", "government_covers"}, "death.")
    _present(death, {"date", "account_fen"}, "death.")
    events.append(died(_day(death["date"], "death.date"), _money(death["account_fen"], "death.account_fen")))
    covers = death.get("government_covers")
    return covers is not None and _flag(covers, "death.government_covers")


def _nothing_after_the_end(events: list[Event]) -> None:
    """Refuse dated happenings later than the death or the maturity; tables and planned deductions may run on."""
    ends = [event for event in events if event.kind in ENDS]
    for end in ends:
        for event in events:
            if event.on > end.on and event.kind in DATED:
                word = PLACES[end.kind]
                raise _error(
                    "E-LIFE-AFTER",
                    f"{PLACES[event.kind]} {event.on}",
                    f"晚于 {word}（{end.on}）",
                    f"is later than {word} ({end.on})",
                )


def _prepayment_rows(given: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the rows of prepayments; ``{date, "all"}`` may be written ``{"date": …, "fen": "all"}`` or ``{"date": …, "all": true}``."""
    rows = []
    for place, row in _rows(given, "prepayments", {"date", "fen", "all"}, optional={"fen", "all"}):
        everything = row.get("fen") == "all"
        if row.get("all") is not None:
            everything = _flag(row["all"], f"{place}.all")
            if everything and row.get("fen") is not None:
                raise _error("E-LIFE-KEY", f"{place}.fen", "与 all 只能写一个", "stands beside all; give one of the two")
        if not everything and row.get("fen") is None:
            raise _error("E-LIFE-KEY", f"{place}.fen", "不能缺", "is required")
        rows.append((place, {"date": row["date"], "all": True} if everything else {"date": row["date"], "fen": row["fen"]}))
    return rows


def _steps(given: dict[str, Any], key: str) -> list[tuple[date, int]]:
    """Return a step table as pairs; E-LIFE-ORDER when its dates do not rise."""
    steps: list[tuple[date, int]] = []
    for place, row in _rows(given, key, {"from", "value"}):
        on = _ascending(row["from"], f"{place}.from", steps[-1][0] if steps else date.min, strictly=True)
        steps.append((on, _money(row["value"], f"{place}.value")))
    return steps


def _rows(given: dict[str, Any], key: str, keys: set[str], optional: set[str] | None = None) -> list[tuple[str, dict[str, Any]]]:
    """Return the objects of a list with the place of each."""
    rows = []
    for number, value in enumerate(_list(given.get(key, []), key)):
        place = f"{key}[{number}]"
        row = _object(value, place)
        _known(row, keys, f"{place}.")
        _present(row, keys - (optional or set()), f"{place}.")
        rows.append((place, row))
    return rows


def _known(data: dict[str, Any], keys: set[str] | frozenset[str], place: str) -> None:
    for key in data:
        if key not in keys:
            raise _error("E-LIFE-KEY", f"{place}{key}", "不认识这个键", "unknown key")


def _present(data: dict[str, Any], keys: set[str], place: str) -> None:
    for key in sorted(keys):
        if data.get(key) is None:
            raise _error("E-LIFE-KEY", f"{place}{key}", "不能缺", "is required")


def _optional(data: dict[str, Any], key: str, read: Callable[[Any, str], int]) -> int | None:
    return None if data.get(key) is None else read(data[key], f"repayment.{key}")


def _ascending(value: Any, place: str, last: date, *, strictly: bool = False) -> date:
    day = _day(value, place)
    if day < last or (strictly and day == last):
        raise _error("E-LIFE-ORDER", place, f"应按日期先后排列，上一行是 {last}", f"dates must ascend; the row before is {last}")
    return day


def _day(value: Any, place: str) -> date:
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _error("E-LIFE-DATE", place, f"{value!r} 不是日期，应写成 2026-08-31", f"{value!r} is not a day like 2026-08-31")


def _money(value: Any, place: str, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _error("E-LIFE-TYPE", place, f"{value!r} 不是整数", f"{value!r} is not a whole number")
    if value < least:
        raise _error("E-LIFE-MONEY", place, f"{value} 小于 {least}", f"{value} is less than {least}")
    return value


def _whole(value: Any, place: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _error("E-LIFE-TYPE", place, f"应为 {least} 至 {most} 的整数", f"must be a whole number from {least} to {most}")
    return value


def _flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise _error("E-LIFE-TYPE", place, "应为 true 或 false", "must be true or false")
    return value


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise _error("E-LIFE-TYPE", place, "应为文字", "must be text")
    return value


def _object(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _error("E-LIFE-TYPE", place, "应为对象", "must be an object")
    return value


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise _error("E-LIFE-TYPE", place, "应为列表", "must be a list")
    return value


def _error(code: str, place: str, zh: str, en: str) -> ZhubaoError:
    return ZhubaoError(code, Text(zh, en), place=place)
