"""What the core is judged with: the built-in tables with a county's own figures laid over them, and what it still lacks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max

from zhubao.access.actors import Actor
from zhubao.language import Text
from zhubao.parameters import NATION, Parameter, ParameterBook
from zhubao.parameters.names import ParameterName, declared
from zhubao.policies import MODULES, judge_of
from zhubao.rules.policy import Policy

from .checks import region_of
from .models import LocalFigure, LocalFigureQuerySet

EXTENSION = "setting.extended_to"
# What pension estimates and deductions read beside the figures the documents' own rules name; a year not yet published takes
# the one before it.
BESIDE_THE_RULES = {
    "employee_pension": ("calc_base_fen", "account_crediting_ppm"),
    "resident_pension": ("basic_pension_fen", "resident_crediting_ppm"),
}
FLOOR_OF = {"jiangxi-2020-7": ("floor_fen",)}


@dataclass(frozen=True)
class Need:
    """A figure that documents of a place rest on, with the entry that gives it: None where somebody has to enter one.

    `carried` tells that the entry's period is over and it stands in for a year not yet published.
    """

    name: ParameterName
    policies: tuple[Text, ...]
    entry: Parameter | None
    carried: bool = False

    @property
    def missing(self) -> bool:
        """Whether nothing is known, so that every verdict that turns on it is evidence missing."""
        return self.entry is None


def parameter_book(known_at: datetime | None = None) -> ParameterBook:
    """Return the book in force now, or the one a decision at `known_at` was judged with.

    The book in force is the same object as long as no figure is entered or withdrawn; one short query tells.
    """
    if known_at is not None:
        return _book_of(LocalFigure.objects.known_at(known_at))
    edition = LocalFigure.objects.aggregate(
        entered=Count("pk"), last=Max("pk"), withdrawn=Count("withdrawn_at"), lately=Max("withdrawn_at")
    )
    key = tuple(edition.values())
    book = _in_force.get(key)
    if book is None:
        book = _book_of(LocalFigure.objects.standing())
        _in_force.clear()
        _in_force[key] = book
    return book


_in_force: dict[tuple[Any, ...], ParameterBook] = {}


def _book_of(figures: LocalFigureQuerySet) -> ParameterBook:
    return ParameterBook.built_in().over(figure.as_parameter() for figure in figures)


def figures_of(area_prefix: str) -> LocalFigureQuerySet:
    """Return the standing figures of an area and everything inside it ("" for all)."""
    return LocalFigure.objects.standing().filter(area_code__startswith=area_prefix).select_related("entered_by")


def figure_for(actor: Actor, figure_id: int) -> LocalFigure:
    """Return a figure for somebody who may change it; raise DoesNotExist, or OutOfScope for one of another area."""
    figure = LocalFigure.objects.select_related("entered_by", "withdrawn_by").get(pk=figure_id)
    actor.require_region(region_of(figure.area_code))
    return figure


def area_of_region(region_code: str) -> str:
    """Return the area of the tables in which a region lies: 320682108 → 320682, 3206 → 320600, "" → CN."""
    return region_code[:6].ljust(6, "0") if region_code else NATION


def needs_of(area_code: str, on: date, book: ParameterBook) -> list[Need]:
    """Return every figure the documents of a place rest on that day, the missing ones first, then in the order of the documents.

    A document past its term needs nothing but the day it was extended to.
    """
    wanted: dict[str, list[Text]] = {}
    for policy in policies_in(area_code):
        for name in _names(policy, on, area_code, book):
            wanted.setdefault(name, []).append(policy.title)
    needs = []
    for name, policies in wanted.items():
        known = declared(name)
        assert known is not None, name
        entry = book.find(name, on, area_code)
        later = None if entry or name.startswith("setting.") else book.latest(name, on, area_code)
        carried = later if any(name in group for group in BESIDE_THE_RULES.values()) else None
        needs.append(Need(known, tuple(policies), entry or carried, carried=carried is not None))
    return sorted(needs, key=lambda need: not need.missing)


def missing_figures(actor: Actor, on: date) -> int:
    """Return how many figures the actor's place still lacks on a day."""
    return sum(need.missing for need in needs_of(area_of_region(actor.scope), on, parameter_book()))


def policies_in(area_code: str) -> list[Policy]:
    """Return the documents that reach an area."""
    region = region_of(area_code)
    policies = [judge_of(policy_id).policy for policy_id in MODULES]
    return [policy for policy in policies if region and region.startswith(policy.region)]


def extended_to(policy: Policy, on: date, area_code: str, book: ParameterBook) -> Parameter | None:
    """Return the entry that extends a document in a place, if one holds on that day."""
    return book.find(EXTENSION, on, area_code) if policy.in_force[1] is not None else None


def past_term(policy: Policy, on: date, extension: Parameter | None) -> bool:
    """Tell whether a document's term is over on a day, any extension counted."""
    last = policy.in_force[1]
    if last is not None and extension is not None:
        last = max(last, date.fromisoformat(str(extension.value)))
    return last is not None and last < on


def _names(policy: Policy, on: date, area_code: str, book: ParameterBook) -> tuple[str, ...]:
    if past_term(policy, on, extended_to(policy, on, area_code, book)):
        return (EXTENSION,)
    own = [each.name for each in policy.parameters.values() if each.names == (each.name,) and each.default is None]
    return (*own, *FLOOR_OF.get(policy.id, ()), *BESIDE_THE_RULES.get(policy.scheme, ()))
