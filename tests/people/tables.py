"""Synthetic people of the tests, each with a number whose check character holds."""

from datetime import UTC, datetime

from zhubao.access.actors import Actor
from zhubao.identity import check_character
from zhubao.people.actions import register_person
from zhubao.people.models import Person

RUGAO = "320682"
NOW = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")


def number(born: str, serial: int, area: str = RUGAO) -> str:
    """Return a citizen number: area, day of birth (yyyymmdd), serial (odd for a man), check character."""
    body = f"{area}{born}{serial:03d}"
    return body + check_character(body)


CHEN = number("19730516", 42)
SHEN = number("19680903", 17)


def chen(actor: Actor = SYSTEM, *, region_code: str = RUGAO, hukou_code: str = RUGAO) -> Person:
    """Register 陈桂芳, a woman born on 1973-05-16."""
    return register_person(
        CHEN, "陈桂芳", region_code=region_code, hukou_code=hukou_code, hukou_source="户口簿", actor=actor, now=NOW
    )


def shen(actor: Actor = SYSTEM, *, region_code: str = RUGAO) -> Person:
    """Register 沈志远, a man born on 1968-09-03."""
    return register_person(SHEN, "沈志远", region_code=region_code, actor=actor, now=NOW)
