"""The entries of the navigation and of the home page, gathered from every actor's folder (`web/<actor>/navigation.py`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from zhubao.access.actors import Actor
from zhubao.access.roles import EVERY_ROLE
from zhubao.policies import MODULES, judge_of

Label = Any  # str or Django's lazy translation, which has no public type


@dataclass(frozen=True)
class Entry:
    """One entry: where it leads, who sees it. `roles` empty: also people who are not signed in.

    `kind` "loan" or "assistance": it is shown only where a document of that kind reaches. `waiting` counts what waits for the actor
    there; the home page shows it. `order` sorts the navigation, small first.
    """

    view: str
    label: Label
    description: Label
    roles: frozenset[str] = EVERY_ROLE
    order: int = 50
    waiting: Callable[[Actor], int] | None = None
    kind: str = ""

    @property
    def address(self) -> str:
        """Return the entry's address."""
        return reverse(self.view)


@cache
def entries() -> tuple[Entry, ...]:
    """Return every entry of every actor's folder, sorted."""
    found: list[Entry] = []
    for folder in settings.ACTOR_FOLDERS:
        name = f"zhubao.web.{folder.name}.navigation"
        if find_spec(name):
            gathered: Iterable[Entry] = import_module(name).ENTRIES
            found.extend(gathered)
    return tuple(sorted(found, key=lambda entry: entry.order))


def entries_for(actor: Actor | None) -> list[Entry]:
    """Return the entries a post sees; for nobody, the public ones."""
    return _entries_of(actor.role, kinds_in(actor.scope)) if actor is not None else _entries_of(None, frozenset())


def _entries_of(role: str | None, kinds: frozenset[str]) -> list[Entry]:
    return [entry for entry in entries() if (not entry.roles or role in entry.roles) and (not entry.kind or entry.kind in kinds)]


@lru_cache(maxsize=1024)
def kinds_in(scope: str) -> frozenset[str]:
    """Return the kinds of documents that reach a region, any part of it, or all of it; "" is every region."""
    policies = (judge_of(policy_id).policy for policy_id in MODULES)
    return frozenset(each.kind for each in policies if scope.startswith(each.region) or each.region.startswith(scope))


class Link(NamedTuple):
    """An entry as a page shows it."""

    address: str
    label: str


@lru_cache(maxsize=128)
def links_for(role: str | None, language: str, kinds: frozenset[str] = frozenset()) -> tuple[Link, ...]:
    """Return the entries for a role in a language where documents of some kinds reach, ready to show on every page; None for nobody.

    None of it changes while a process runs.
    """
    with override(language):
        return tuple(Link(entry.address, str(entry.label)) for entry in _entries_of(role, kinds))
