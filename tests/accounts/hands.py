"""Hands and people of the tests of courses: an actor of every role without posts, people insured in a few words."""

from datetime import UTC, date, datetime
from typing import Any

from tests.people.tables import number
from zhubao.access.actors import Actor
from zhubao.access.models import User
from zhubao.access.roles import Role
from zhubao.accounts.courses import Course
from zhubao.people.actions import register_person
from zhubao.people.models import InsuredRecord, Person
from zhubao.people.recording import certify, record_insured
from zhubao.people.statements import IdentityStatement, InsuredStatement, Origin
from zhubao.workflow import CITIZEN

SYSTEM = Actor.system("test")
COUNTY, VILLAGE = "360702", "360702102201"
EVERYBODY = (*Role.values, CITIZEN)


def at(year: int, month: int, day: int) -> datetime:
    """Nine in the morning in the county."""
    return datetime(year, month, day, 1, 0, tzinfo=UTC)


def by(role: str, person: Person | None = None, *, hands: str = "", scope: str = COUNTY) -> Actor:
    """Return an actor of a role; `hands` names another user at it."""
    user, _made = User.objects.get_or_create(username=hands or role)
    return Actor(user.username, scope, role, user_id=user.pk, person_id=person.pk if person and role == CITIZEN else None)


def resident(born: str, serial: int, name: str = "刘春香", *, region: str = VILLAGE, **stated: Any) -> Person:
    """Register somebody insured as a resident; `stated` overrides the record, scheme="" leaves it out."""
    person = register_person(number(born, serial, COUNTY), name, region_code=region, actor=SYSTEM, now=at(2021, 1, 4))
    values = {
        "scheme": "resident_pension",
        "account_fen": 1_390_000,
        "receiving_pension": False,
        "insured_area": COUNTY,
        **stated,
    }
    if values["scheme"]:
        insured(person, **values)
    return person


def insured(person: Person, **values: Any) -> InsuredRecord:
    """Record what the register says of somebody on 4 January 2021."""
    statement = InsuredStatement(recorded_on=values.pop("on", date(2021, 1, 4)), origin=Origin("参保登记"), **values)
    return record_insured(person.pk, statement, actor=SYSTEM, now=at(2021, 1, 4))


def listed(person: Person, category: str = "dibao", since: date = date(2021, 1, 1)) -> None:
    """Put somebody on the civil affairs department's list."""
    certify(person.pk, IdentityStatement(category, "civil_affairs", Origin("名册"), since), actor=SYSTEM, now=at(2021, 1, 5))


def verbs_of(course: Course) -> list[str]:
    """Return the steps taken so far."""
    return list(course.steps.order_by("number").values_list("verb", flat=True))  # type: ignore[attr-defined]
