"""What the tables hold of a person, read with one query a table whether one person is asked about or a whole county."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.db.models import QuerySet

from zhubao.access.composed import ask
from zhubao.access.regions import LEVELS
from zhubao.language import Text
from zhubao.people.models import Person
from zhubao.people.selectors import SCHEMES_IN_ORDER
from zhubao.policies.person import CATEGORIES

from .registers import REGISTERS

if TYPE_CHECKING:
    from .providers import Fact


class Record(NamedTuple):
    """A present insured record."""

    person_id: int
    scheme: str
    participation_type: str
    insured_area: str
    paid_months: int | None
    deemed_months: int | None
    deemed_confirmed: bool | None
    back_payable_months: int | None
    continuing: bool | None
    retirement_category: str
    student: bool | None
    military: bool | None
    imprisoned: bool | None
    deceased: bool | None
    receiving_pension: bool | None
    chosen_tier_fen: int | None
    account_fen: int | None
    index_ppm: int | None
    recorded_on: date
    source: str
    sheet: str
    row: int | None


class Certified(NamedTuple):
    """A standing identity, or with `person_id` 0 a complete list (`starts_on` is its day, `certificate` its region).

    `through`: somebody else of the household has it, and the category is one that households hold.
    """

    person_id: int
    category: str
    certifier: str
    certificate: str
    starts_on: date | None
    ends_on: date | None
    source: str
    sheet: str
    row: int | None
    recorded_at: datetime
    through: bool = False


class Dated(NamedTuple):
    """A standing circumstance."""

    person_id: int
    kind: str
    value: int
    starts_on: date | None
    ends_on: date | None
    source: str
    sheet: str
    row: int | None

    def holds_on(self, day: date) -> bool:
        """Whether the day lies in it."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


class Member(NamedTuple):
    """A member of the household of `person_id`, and what the household declared."""

    person_id: int
    able: bool | None
    employed: bool | None
    business_income_fen: int | None
    investment_income_fen: int | None
    declared_on: date | None
    source: str


class Wanted(NamedTuple):
    """What a policy asks: top-level keys of a person's record, the codes of its categories, whether a locality may add categories.

    `of_household` are the categories that a household holds.
    """

    keys: frozenset[str]
    categories: frozenset[str]
    local_categories: bool
    of_household: frozenset[str] = frozenset()


@dataclass
class Held:
    """Everything held of one person that a policy asks for."""

    person: Person
    records: list[Record] = field(default_factory=list)
    identities: dict[str, list[Certified]] = field(default_factory=dict)
    lists: dict[str, list[Certified]] = field(default_factory=dict)
    circumstances: dict[str, list[Dated]] = field(default_factory=dict)
    household: list[Member] = field(default_factory=list)
    registered: dict[str, "Fact"] = field(default_factory=dict)

    def record_in(self, scheme: str = "") -> Record | None:
        """Return the insured record of a scheme, or without one the record that speaks first; None where there is none."""
        return next((record for record in self.records if scheme in {"", record.scheme}), None)


FROM_CIRCUMSTANCES = frozenset(
    ("unemployment_registered", "still_unemployed", "employed", "social_insurance_subsidy", "children", "disability_grade")
) | frozenset(("student", "military", "imprisoned"))

Row = TypeVar("Row", bound=tuple[Any, ...])


# One text a table, whoever is asked about: the rows of a list of people.
_RECORDS = f"""
    SELECT {", ".join(Record._fields)} FROM people_insuredrecord
    WHERE superseded_at IS NULL AND person_id = ANY(%(people)s) ORDER BY person_id, id"""
# Identities of the people, those their households hold, and the newest complete list of each category and certifier that covers one of their regions.
_COLUMNS = Certified._fields[1:-1]
_CERTIFIED = f"""
    SELECT person_id, {", ".join(_COLUMNS)}, false AS through FROM people_identity
    WHERE withdrawn_at IS NULL AND person_id = ANY(%(people)s)
        AND (category = ANY(%(categories)s) OR %(local)s AND NOT category = ANY(%(known)s))
    UNION ALL (
        SELECT one.person_id, {", ".join(f"identity.{name}" for name in _COLUMNS)}, true
        FROM people_householdmember AS one
        JOIN people_householdmember AS other ON other.household_id = one.household_id AND other.person_id <> one.person_id
        JOIN people_identity AS identity ON identity.person_id = other.person_id
        WHERE one.person_id = ANY(%(people)s) AND identity.withdrawn_at IS NULL AND identity.category = ANY(%(of_household)s)
            AND (one.left_at IS NULL OR (one.left_at AT TIME ZONE 'Asia/Shanghai')::date > %(on)s)
            AND (other.left_at IS NULL OR (other.left_at AT TIME ZONE 'Asia/Shanghai')::date > %(on)s))
    UNION ALL (
        SELECT DISTINCT ON (region_code, category, certifier)
            0, category, certifier, region_code, listed_on, NULL, source, '', NULL, recorded_at, false
        FROM people_categorylist
        WHERE region_code = ANY(%(regions)s) AND category = ANY(%(categories)s) AND listed_on <= %(on)s
        ORDER BY region_code, category, certifier, listed_on DESC, id DESC)
    ORDER BY person_id, category, starts_on NULLS FIRST"""
_DATED = f"""
    SELECT {", ".join(Dated._fields)} FROM people_circumstance
    WHERE withdrawn_at IS NULL AND person_id = ANY(%(people)s) ORDER BY person_id, kind, starts_on NULLS FIRST, id"""
_MEMBERS = """
    SELECT one.person_id, member.able, member.employed,
        household.business_income_fen, household.investment_income_fen, household.declared_on, household.source
    FROM people_householdmember AS one
    JOIN people_household AS household ON household.id = one.household_id
    JOIN people_householdmember AS member ON member.household_id = one.household_id AND member.left_at IS NULL
    WHERE one.left_at IS NULL AND one.person_id = ANY(%(people)s) ORDER BY one.person_id, member.id"""


def hold_one(person: Person, wanted: Wanted, on: date) -> Held:
    """Read what is held of one person."""
    return next(_hold([person], wanted, on))


def hold_many(people: QuerySet[Person], wanted: Wanted, on: date) -> Iterator[Held]:
    """Read what is held of many people, in the order of their keys: one query for them, then as many as for one person."""
    return _hold(list(people.order_by("pk")), wanted, on)


def _hold(people: list[Person], wanted: Wanted, on: date) -> Iterator[Held]:
    asked: dict[str, Any] = {
        "people": [person.pk for person in people],
        "regions": sorted(
            {code[:length] for code in {person.region_code for person in people} for length in LEVELS if length <= len(code)}
        ),
        "categories": sorted(wanted.categories),
        "local": wanted.local_categories,
        "of_household": sorted(wanted.of_household),
        "known": sorted(CATEGORIES),
        "on": on,
    }

    def read(row: type[Row], statement: str) -> dict[int, list[Row]]:
        return _by_person(row(*values) for values in ask(statement, asked))

    records = read(Record, _RECORDS)
    certified = read(Certified, _CERTIFIED) if wanted.categories else {}
    dated = read(Dated, _DATED) if wanted.keys & FROM_CIRCUMSTANCES else {}
    members = read(Member, _MEMBERS) if "family" in wanted.keys else {}
    registers = {key: ask(asked["people"], on) for key, ask in REGISTERS.items() if key in wanted.keys}
    lists = certified.get(0, [])
    for person in people:
        yield Held(
            person,
            sorted(records.get(person.pk, []), key=lambda record: SCHEMES_IN_ORDER.index(record.scheme)),
            _grouped(certified.get(person.pk, []), "category"),
            _grouped(_covering(person, lists), "category"),
            _grouped(dated.get(person.pk, []), "kind"),
            members.get(person.pk, []),
            {key: told[person.pk] for key, told in registers.items() if person.pk in told},
        )


def _by_person(rows: Iterable[Row]) -> dict[int, list[Row]]:
    return {key: list(group) for key, group in groupby(rows, key=itemgetter(0))}


def _grouped(rows: Iterable[Row], name: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(getattr(row, name), []).append(row)
    return groups


def _covering(person: Person, lists: Iterable[Certified]) -> list[Certified]:
    """Return the lists on which the person would stand: of a region they are insured in and, as far as known, live and are registered in."""
    places = [code for code in (person.region_code, person.residence_code, person.hukou_code) if code]
    return [row for row in lists if all(code.startswith(row.certificate) for code in places)]


def place_of(source: str, sheet: str, row: int | None) -> str:
    """Return where a statement stands in words: file, sheet and row."""
    parts = [source, sheet, Text(f"第 {row} 行", f"row {row}").zh if row is not None else ""]
    return " · ".join(part for part in parts if part)
