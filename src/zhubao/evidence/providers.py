"""One provider per fact: what is held of a person, turned into a value with its source; None is unknown.

The keys are those of a person's record (`policies.person`). A provider sees the rows of one person, so the same lines serve one person
and a whole county.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from zhubao.rules.policy import Identity

from .held import Certified, Dated, Held, Record, place_of

NUMBER = "公民身份号码"


class Fact(NamedTuple):
    """A value, where it stands, and the day it was recorded as of (None where the source has no day)."""

    value: Any
    source: str
    on: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the fact as a person's record holds it."""
        told = {"value": self.value, "source": self.source}
        return told if self.on is None else {**told, "on": self.on.isoformat()}


Provider = Callable[[Held, date], Fact | None]


def _born(held: Held, _on: date) -> Fact:
    return Fact(held.person.born.isoformat(), NUMBER)


def _sex(held: Held, _on: date) -> Fact:
    return Fact(held.person.sex, NUMBER)


def _hukou(held: Held, _on: date) -> Fact | None:
    person = held.person
    return Fact(person.hukou_code, person.hukou_source) if person.hukou_code else None


def _residence(held: Held, _on: date) -> Fact | None:
    return Fact(held.person.residence_code, "个人登记") if held.person.residence_code else None


def _told(record: Record, value: Any) -> Fact:
    return Fact(value, place_of(record.source, record.sheet, record.row), record.recorded_on)


def _speaking(column: str) -> Provider:
    """A value of the record that speaks first: months of one scheme are never taken for another's."""

    def provide(held: Held, _on: date) -> Fact | None:
        value = getattr(held.records[0], column) if held.records else None
        return None if value is None or value == "" else _told(held.records[0], value)

    return provide


def _any(column: str) -> Provider:
    """A status: yes when any record says so, no when one says no, unknown when none speaks of it."""

    def provide(held: Held, _on: date) -> Fact | None:
        told = sorted(
            (record for record in held.records if getattr(record, column) is not None), key=lambda r: not getattr(r, column)
        )
        return _told(told[0], getattr(told[0], column)) if told else None

    return provide


def _status(kind: str) -> Provider:
    """A status another office's list tells, by its days; where none holds that day, what the insured records say."""
    recorded = _any(kind)

    def provide(held: Held, on: date) -> Fact | None:
        told = [each for each in held.circumstances.get(kind, ()) if each.holds_on(on)]
        return _of(told[-1], bool(told[-1].value)) if told else recorded(held, on)

    return provide


def _deceased(held: Held, on: date) -> Fact | None:
    """The day of death where one is known, else what an insured record says."""
    person = held.person
    if person.died_on is None:
        return _any("deceased")(held, on)
    return Fact(person.dead_on(on), person.died_source, person.died_on)


def _tier(held: Held, _on: date) -> Fact | None:
    chosen = next((record for record in held.records if record.chosen_tier_fen is not None), None)
    return _told(chosen, chosen.chosen_tier_fen) if chosen else None


def _of(dated: Dated, value: Any) -> Fact:
    return Fact(value, place_of(dated.source, dated.sheet, dated.row))


def _begun(held: Held, kind: str, on: date) -> list[Dated]:
    """Return the circumstances of a kind that had begun by the day, the newest last."""
    return [each for each in held.circumstances.get(kind, []) if each.starts_on is None or each.starts_on <= on]


def _present(kind: str, read: Callable[[int], Any]) -> Provider:
    def provide(held: Held, on: date) -> Fact | None:
        here = next((each for each in reversed(_begun(held, kind, on)) if each.holds_on(on)), None)
        return _of(here, read(here.value)) if here else None

    return provide


def _registered(held: Held, on: date) -> Fact | None:
    begun = _begun(held, "unemployed", on)
    return _of(begun[-1], any(each.value for each in begun)) if begun else None


def _still(held: Held, on: date) -> Fact | None:
    begun = _begun(held, "unemployed", on)
    return _of(begun[-1], bool(begun[-1].value) and begun[-1].holds_on(on)) if begun else None


def _subsidy(held: Held, on: date) -> Fact | None:
    """The months of the subsidy; one that is over is a no, nothing on record is unknown."""
    begun = _begun(held, "subsidised", on)
    if not begun:
        return None
    last = begun[-1]
    if not last.value or not last.holds_on(on):
        return _of(last, False)
    if last.starts_on is None:
        return _of(last, True)
    months = {"from": f"{last.starts_on:%Y-%m}"}
    return _of(last, [{**months, "to": f"{last.ends_on:%Y-%m}"} if last.ends_on else months])


PROVIDERS: dict[str, Provider] = {
    "birth": _born,
    "sex": _sex,
    "hukou": _hukou,
    "residence": _residence,
    "insured_locality": _speaking("insured_area"),
    "scheme": _speaking("scheme"),
    "participation_type": _speaking("participation_type"),
    "retirement_category": _speaking("retirement_category"),
    "paid_months": _speaking("paid_months"),
    "deemed_months": _speaking("deemed_months"),
    "deemed_confirmed": _speaking("deemed_confirmed"),
    "back_payable_months": _speaking("back_payable_months"),
    "continuing": _speaking("continuing"),
    "receiving_pension": _any("receiving_pension"),
    "student": _status("student"),
    "military": _status("military"),
    "imprisoned": _status("imprisoned"),
    "deceased": _deceased,
    "unemployment_registered": _registered,
    "still_unemployed": _still,
    "employed": _present("employed", bool),
    "children": _present("children", int),
    "disability_grade": _present("disability_grade", int),
    "social_insurance_subsidy": _subsidy,
    "chosen_tier_fen": _tier,
}


def family_of(held: Held) -> dict[str, Any]:
    """Return what is known of the family's work and income; a count is unknown while it is unknown of one member."""
    if not held.household:
        return {}
    members = held.household
    able = [member for member in members if member.able]
    first = members[0]
    counted: dict[str, int | None] = {
        "able_members": len(able) if all(member.able is not None for member in members) else None,
        "able_members_employed": sum(bool(member.employed) for member in able)
        if all(member.able is not None for member in members) and all(member.employed is not None for member in able)
        else None,
        "business_income_fen": first.business_income_fen,
        "investment_income_fen": first.investment_income_fen,
    }
    return {name: Fact(value, first.source, first.declared_on).as_json() for name, value in counted.items() if value is not None}


def identity_of(held: Held, code: str, on: date, declared: Identity | None) -> dict[str, Any] | None:
    """Return what departments say of one category: an identity of the certifier the document names goes before a complete list without
    the person, that before another department's word, that before an identity that is over; None is unknown."""
    certifiers = declared.certifiers if declared else ()

    def rank(row: Certified) -> tuple[int, date]:
        holds = (row.starts_on is None or row.starts_on <= on) and (row.ends_on is None or on <= row.ends_on)
        right = not certifiers or row.certifier in certifiers
        return (0 if holds and right else 2 if holds else 3), date.min if row.starts_on is None else row.starts_on

    mine = held.identities.get(code, [])
    best = min(mine, key=lambda row: (rank(row)[0], -rank(row)[1].toordinal())) if mine else None
    lists: Iterable[Certified] = held.lists.get(code, [])
    absent = [row for row in lists if not certifiers or row.certifier in certifiers]
    if best is not None and (rank(best)[0] != 2 or not absent):
        return _certified(best)
    if not absent:
        return None
    newest = max(absent, key=lambda row: (row.starts_on or date.min, len(row.certificate)))
    told: dict[str, Any] = {"value": False, "certifier": newest.certifier, "source": f"{newest.source}：没有此人"}
    return told if newest.starts_on is None else {**told, "on": newest.starts_on.isoformat()}


def _certified(row: Certified) -> dict[str, Any]:
    place = place_of(row.source, row.sheet, row.row)
    told: dict[str, Any] = {"value": True, "certifier": row.certifier, "source": f"{place}（同户成员）" if row.through else place}
    if row.certificate:
        told["certificate"] = row.certificate
    if row.starts_on is not None:
        told["from"] = row.starts_on.isoformat()
    if row.ends_on is not None:
        told["to"] = row.ends_on.isoformat()
    return told
