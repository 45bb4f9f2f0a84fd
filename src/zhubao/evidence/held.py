"""What the tables hold of a person, read with one query a table whether one person is asked about or a whole county."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from zhubao.access.regions import LEVELS
from zhubao.language import Text
from zhubao.people.models import CategoryList, Circumstance, HouseholdMember, Identity, InsuredRecord, Person
from zhubao.people.selectors import SCHEMES_IN_ORDER
from zhubao.policies.person import CATEGORIES


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
    recorded_on: date
    source: str
    sheet: str
    row: int | None


class Certified(NamedTuple):
    """A standing identity, or with `person_id` 0 a complete list (`starts_on` is its day, `certificate` its region)."""

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
    """What a policy asks: top-level keys of a person's record, the codes of its categories, whether a locality may add categories."""

    keys: frozenset[str]
    categories: frozenset[str]
    local_categories: bool


@dataclass
class Held:
    """Everything held of one person that a policy asks for."""

    person: Person
    records: list[Record] = field(default_factory=list)
    identities: dict[str, list[Certified]] = field(default_factory=dict)
    lists: dict[str, list[Certified]] = field(default_factory=dict)
    circumstances: dict[str, list[Dated]] = field(default_factory=dict)
    household: list[Member] = field(default_factory=list)


FROM_CIRCUMSTANCES = frozenset(
    ("unemployment_registered", "still_unemployed", "employed", "social_insurance_subsidy", "children", "disability_grade")
)

Row = TypeVar("Row", bound=tuple[Any, ...])


def hold_one(person: Person, wanted: Wanted, on: date) -> Held:
    """Read what is held of one person."""
    return next(_hold([person], Q(person=person), _prefixes([person.region_code]), wanted, on))


def hold_many(people: QuerySet[Person], wanted: Wanted, on: date) -> Iterator[Held]:
    """Read what is held of many people, in the order of their keys; the queries are as many as for one and one for the people."""
    ordered = people.order_by("pk")
    listed = list(ordered)
    regions = {person.region_code for person in listed}
    return _hold(listed, Q(person__in=ordered.order_by().values("pk")), _prefixes(regions), wanted, on)


def _prefixes(codes: Iterable[str]) -> set[str]:
    """Return every region that covers one of the codes."""
    return {code[:length] for code in codes for length in LEVELS if length <= len(code)}


def _hold(people: list[Person], which: Q, regions: Collection[str], wanted: Wanted, on: date) -> Iterator[Held]:
    records = _by_person(_records(which))
    certified = _by_person(_certified(which, regions, wanted, on)) if wanted.categories else {}
    dated = _by_person(_circumstances(which)) if wanted.keys & FROM_CIRCUMSTANCES else {}
    members = _by_person(_members(which)) if "family" in wanted.keys else {}
    lists = certified.get(0, [])
    for person in people:
        yield Held(
            person,
            sorted(records.get(person.pk, []), key=lambda record: SCHEMES_IN_ORDER.index(record.scheme)),
            _grouped(certified.get(person.pk, []), "category"),
            _grouped(_covering(person, lists), "category"),
            _grouped(dated.get(person.pk, []), "kind"),
            members.get(person.pk, []),
        )


def _records(which: Q) -> Iterable[Record]:
    rows = InsuredRecord.objects.filter(which, superseded_at=None).values_list(*Record._fields).order_by("person_id", "pk")
    return map(Record._make, rows)


def _certified(which: Q, regions: Collection[str], wanted: Wanted, on: date) -> Iterable[Certified]:
    """Identities of the people, and the newest complete list of each category and certifier that covers one of their regions."""
    asked = Q(category__in=wanted.categories)
    if wanted.local_categories:
        asked |= ~Q(category__in=CATEGORIES)
    identities = Identity.objects.standing().filter(which, asked).values_list(*Certified._fields)
    newer = CategoryList.objects.filter(
        region_code=OuterRef("region_code"),
        category=OuterRef("category"),
        certifier=OuterRef("certifier"),
        listed_on__gt=OuterRef("listed_on"),
        listed_on__lte=on,
    )
    lists = CategoryList.objects.filter(
        ~Exists(newer), region_code__in=regions, category__in=wanted.categories, listed_on__lte=on
    ).values_list(
        Value(0),
        "category",
        "certifier",
        F("region_code"),
        "listed_on",
        Cast(Value(None), output_field=Identity._meta.get_field("ends_on")),
        "source",
        Value("", output_field=CharField()),
        Cast(Value(None), output_field=IntegerField()),
        "recorded_at",
    )
    rows = identities.union(lists, all=True)
    return sorted(map(Certified._make, rows), key=lambda row: (row.person_id, row.category, row.starts_on or date.min))


def _circumstances(which: Q) -> Iterable[Dated]:
    rows = Circumstance.objects.filter(which, withdrawn_at=None).values_list(*Dated._fields)
    return map(Dated._make, rows.order_by("person_id", "kind", "starts_on", "pk"))


def _members(which: Q) -> Iterable[Member]:
    memberships = HouseholdMember.objects.filter(which, left_at=None)
    others = Q(household__members__left_at=None)
    rows = memberships.filter(others).values_list(
        "person_id",
        "household__members__able",
        "household__members__employed",
        "household__business_income_fen",
        "household__investment_income_fen",
        "household__declared_on",
        "household__source",
    )
    return map(Member._make, rows.order_by("person_id", "household__members__pk"))


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
