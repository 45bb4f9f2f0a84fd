"""Whom the departments list in a county that pays on behalf: invented people, the months they are listed, and how they pay."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhubao.demonstration.people import Kind, SyntheticPerson
from zhubao.demonstration.regions import Region, RegionKey

from .offices import townships_of, villages_of

YOUNGEST, OLDEST = 16, 59
# The county's own words for what the demonstration calls a kind, and the department that certifies it, first one first.
CATEGORIES: Final[dict[RegionKey, dict[Kind, tuple[str, str]]]] = {
    "pengshui": {
        "special_hardship": ("tekun", "civil_affairs"),
        "dibao": ("dibao", "civil_affairs"),
        "returned_to_poverty": ("return_to_poverty", "rural_revitalisation"),
        "disabled": ("severe_disability", "federation"),
    },
    "ganzhou": {
        "special_hardship": ("tekun", "civil_affairs"),
        "dibao": ("dibao", "civil_affairs"),
        "lifted_out": ("escaped_poverty", "rural_revitalisation"),
        "monitored": ("monitored", "rural_revitalisation"),
        "disabled": ("severe_disability", "federation"),
    },
}
SEVERE = 2


@dataclass(frozen=True)
class Listed:
    """Somebody on a department's list of a category from a month of the year to another, both included.

    `habit` says how they pay their own part: the position in a round of ten.
    """

    person: SyntheticPerson
    township: str
    village: str
    region_code: str
    category: str
    certifier: str
    first_month: int
    last_month: int
    habit: int

    def in_month(self, month: int) -> bool:
        """Tell whether the list of a month names them."""
        return self.first_month <= month <= self.last_month


def listed_people(region: Region, people: Sequence[SyntheticPerson], year: int) -> list[Listed]:
    """Return who is listed in a year, a line a person and category, and when: most all the year, some from or until a month."""
    townships = list(townships_of(region).items())
    found: list[Listed] = []
    of_age = [each for each in people if YOUNGEST <= _age(each, year) <= OLDEST and not each.deceased]
    for number, (person, kinds) in enumerate((each, list(_kinds(each, region))) for each in of_age):
        township, township_code = townships[number % len(townships)]
        village, code = list(villages_of(township_code).items())[number // len(townships) % len(villages_of(township_code))]
        for kind in kinds:
            category, certifier = CATEGORIES[region.key][kind]
            first, last = _months(number)
            found.append(Listed(person, township, village, code, category, certifier, first, last, number % 10))
    return found


def _months(number: int) -> tuple[int, int]:
    """Return the months between which a person is listed: the whole year, but for one in twelve each: from April, from October, to May."""
    return {5: (4, 12), 7: (10, 12), 11: (1, 5)}.get(number % 12, (1, 12))


def _kinds(person: SyntheticPerson, region: Region) -> Iterator[Kind]:
    for kind in CATEGORIES[region.key]:
        if person.identity(kind) is None:
            continue
        if kind != "disabled" or (person.disability is not None and person.disability.grade <= SEVERE):
            yield kind


def _age(person: SyntheticPerson, year: int) -> int:
    return person.age(date(year, 12, 31))
