"""The applicants of the loan counties: those the rosters of the demonstration name, and as many more as the cases need.

Everybody is invented. What a roster says of somebody bears the file, sheet and row it stands in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import Role
from zhubao.demonstration.applicants import DESIGNS, Applicant, applicants
from zhubao.demonstration.county import RegionCounty, county
from zhubao.demonstration.facts import identity_facts
from zhubao.demonstration.names import Sex
from zhubao.demonstration.numbers import NumberIssuer
from zhubao.demonstration.people import SyntheticPerson
from zhubao.demonstration.regions import REGIONS, RegionKey
from zhubao.people.actions import register_person, set_card, set_phone
from zhubao.people.households import record_household
from zhubao.people.models import CircumstanceKind, Person
from zhubao.people.recording import certify, note_circumstance, record_insured
from zhubao.people.statements import IdentityStatement, InsuredStatement, MemberStatement, Origin
from zhubao.rosters.models import RosterFile

from .offices import LOAN_COUNTIES, Desk

# Lists of departments come in as files; no clerk enters a person of a list by hand.
LISTS = Actor.system("roster")
CARD_FROM = date(2020, 1, 1)
WAGE_INDEX = 600_000
# As many of each design as the longest table of lives asks for.
MORE_OF_A_DESIGN = 80


class FreshNumbers(NumberIssuer):
    """Issues numbers that nobody of the demonstration's files has."""

    def __init__(self, taken: frozenset[str]) -> None:
        super().__init__()
        self._taken = taken

    def issue(self, area_code: str, birth: date, sex: Sex) -> tuple[date, str]:
        """Return (birth, number) as `NumberIssuer.issue` does, passing over what is taken."""
        found = super().issue(area_code, birth, sex)
        while found[1] in self._taken:
            found = super().issue(area_code, birth, sex)
        return found


@dataclass
class Crowd:
    """The applicants of one county by design, the ones on the rosters first, and where the rosters name them."""

    region: RegionKey
    waiting: dict[str, list[Applicant]]
    numbers: NumberIssuer
    listed: dict[tuple[str, str], Origin] = field(default_factory=dict)

    def take(self, design: str, *, fresh: bool = False) -> Applicant:
        """Return the next applicant of a design; with `fresh` one that no file names."""
        queue = self.waiting[design]
        return queue.pop() if fresh else queue.pop(0)


def crowds(people: int, seed: int) -> dict[RegionKey, Crowd]:
    """Return the applicants of the three loan counties for a demonstration of so many people."""
    places = {place.region: place for place in county(people, seed)}
    taken = frozenset(person.id_number for place in places.values() for person in place.people)
    found: dict[RegionKey, Crowd] = {}
    for key in LOAN_COUNTIES:
        numbers = FreshNumbers(taken)
        more = applicants(MORE_OF_A_DESIGN * len(DESIGNS[key]), seed + 1, key, numbers)
        waiting: dict[str, list[Applicant]] = {}
        for applicant in (*places[key].applicants, *more):
            waiting.setdefault(applicant.design.key, []).append(applicant)
        found[key] = Crowd(key, waiting, numbers, dict(_rows(places[key])))
    return found


def _rows(place: RegionCounty) -> Iterator[tuple[tuple[str, str], Origin]]:
    """Yield (citizen number, kind of identity) and where a department's file names the person."""
    code = REGIONS[place.region].code
    stored = dict(RosterFile.objects.filter(region_code=code).values_list("name", "pk"))
    for file in place.rosters:
        if file.name not in stored or file.kind == "applicants":
            continue
        for sheet in file.sheets:
            for at, (number, kind) in enumerate(zip(sheet.id_numbers, sheet.kinds, strict=True)):
                row = sheet.table.header_row + at + 1
                yield (number, kind), Origin(file.name, f"file:{stored[file.name]}", sheet.table.sheet, row)


def as_of(applicant: Applicant, paid: int | None, identities_from: date) -> Applicant:
    """Return the applicant with so many months paid, and identities that held from a day on at the latest."""
    one = applicant.person
    identities = tuple(replace(each, starts=min(each.starts, identities_from)) for each in one.identities)
    months = one.paid_months if paid is None else paid
    return replace(applicant, person=replace(one, paid_months=months, identities=identities))


def born_on(applicant: Applicant, born: date, numbers: NumberIssuer) -> Applicant:
    """Return the applicant as somebody born on a day, with a citizen number of their own."""
    one = applicant.person
    code = next(each.code for each in REGIONS[one.region].number_codes if each.born_from <= born.year <= each.born_to)
    birth, number = numbers.issue(code, born, one.sex)
    return replace(applicant, person=replace(one, birth=birth, id_number=number))


def enter(
    desk: Desk, crowd: Crowd, applicant: Applicant, bank: Organisation | None, *, region_code: str, serial: int, now: datetime
) -> Person:
    """Register an applicant with all that registers and departments say, the telephone, and the card account at a bank."""
    one, clerk = applicant.person, desk.at(Role.AGENCY_INTAKE)
    person = register_person(
        one.id_number,
        one.name,
        region_code=region_code,
        hukou_code=one.hukou,
        hukou_source="户口簿",
        residence_code=one.residence,
        address=f"{desk.region.name}{one.township}{one.village}{serial % 9 + 1}组{serial}号",
        actor=clerk,
        now=now,
    )
    record_months(person, applicant, now=now)
    _enter_identities(person, crowd, one, now=now)
    if crowd.region == "rugao":
        _enter_subsidy(person, one, now=now)
    set_phone(person.pk, f"139{serial:08d}", actor=clerk, now=now)
    if bank is not None:
        set_card(person.pk, bank.pk, f"62281{desk.region.code}{serial:08d}", starts_on=CARD_FROM, actor=clerk, now=now)
    if serial % 6 == 0:
        _enter_household(person, one, desk, now=now)
    return person


def record_months(person: Person, applicant: Applicant, *, now: datetime) -> None:
    """Enter what the insurance register says at the end of the month before."""
    one, design = applicant.person, applicant.design
    if not design.in_insured_file:
        return
    employee = design.scheme == "employee_pension"
    last = now.date().replace(day=1) - timedelta(days=1)
    retires = ("male60" if design.sex == "male" else "female55") if employee else "resident60"
    statement = InsuredStatement(
        design.scheme,
        last,
        Origin(f"参保登记 {last}"),
        participation_type=design.participation or "",
        insured_area=one.insured_locality,
        paid_months=one.paid_months if design.paid else None,
        deemed_months=one.deemed_months,
        deemed_confirmed=one.deemed_confirmed if one.deemed_months else True,
        retirement_category=retires,
        receiving_pension=False,
        account_fen=one.account_fen or None,
        index_ppm=WAGE_INDEX if employee else None,
        chosen_tier_fen=one.tier_fen,
    )
    record_insured(person.pk, statement, actor=LISTS, now=now)


def _enter_identities(person: Person, crowd: Crowd, one: SyntheticPerson, *, now: datetime) -> None:
    facts = [(code, fact) for code, fact in identity_facts(one).items() if fact]
    for (code, fact), identity in zip(facts, (each for each in one.identities if each.kind != "subsidised"), strict=False):
        origin = crowd.listed.get((one.id_number, identity.kind), Origin("认定部门名册（演示）"))
        statement = IdentityStatement(
            code, fact["certifier"], origin, identity.starts, identity.ends, certificate=identity.certificate or ""
        )
        certify(person.pk, statement, actor=LISTS, now=now)


def _enter_subsidy(person: Person, one: SyntheticPerson, *, now: datetime) -> None:
    """Say whether the person draws the social insurance subsidy: somebody who does not must be on record as such."""
    subsidy = one.identity("subsidised")
    origin = Origin("社会保险补贴人员名册")
    if subsidy is None:
        note_circumstance(person.pk, CircumstanceKind.SUBSIDISED, origin, value=0, actor=LISTS, now=now)
    else:
        note_circumstance(
            person.pk,
            CircumstanceKind.SUBSIDISED,
            origin,
            starts_on=subsidy.starts,
            ends_on=subsidy.ends,
            actor=LISTS,
            now=now,
        )


def _enter_household(person: Person, one: SyntheticPerson, desk: Desk, *, now: datetime) -> None:
    members = [
        MemberStatement(one.name, "户主", one.id_number, able=True, employed=False, monthly_income_fen=0),
        MemberStatement(f"{one.name[0]}小宝", "子女", born=date(2012, 5, 4), able=False, employed=False),
    ]
    record_household(
        one.household,
        members,
        region_code=person.region_code,
        declared_on=now.date(),
        source="户口簿",
        actor=desk.at(Role.AGENCY_INTAKE),
        now=now,
    )
