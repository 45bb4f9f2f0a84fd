"""The entries of the navigation and of the home page, gathered from every actor's folder (`web/<actor>/navigation.py`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.urls import reverse

from zhubao.access.actors import Actor
from zhubao.access.roles import EVERY_ROLE

Label = Any  # str or Django's lazy translation, which has no public type


@dataclass(frozen=True)
class Entry:
    """One entry: where it leads, who sees it. `roles` empty: also people who are not signed in.

    `waiting` counts what waits for the actor there; the home page shows it. `order` sorts the navigation, small first.
    """

    view: str
    label: Label
    description: Label
    roles: frozenset[str] = EVERY_ROLE
    order: int = 50
    waiting: Callable[[Actor], int] | None = None

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
    return [entry for entry in entries() if not entry.roles or (actor is not None and actor.role in entry.roles)]
