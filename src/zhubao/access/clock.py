"""What time it is for the installation: the real time, and in a demonstration as far ahead of it as its clock was put.

Whoever needs the present asks here, once, and hands it on as `now`; sessions and passwords keep to the real time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from .actions import real_data
from .actors import Actor
from .audit import record
from .composed import Composed
from .models import Installation
from .roles import Role


@dataclass
class _Read:
    """What was read of the installation: nothing yet, or its row, None where it is not set up."""

    done: bool = False
    row: Installation | None = None


_INSTALLATION = Composed(lambda: Installation.objects.all()[:1])
_read: ContextVar[_Read | None] = ContextVar("installation", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Within this block the installation is read once at most: for one request, or one job that does not move the clock."""
    token = _read.set(_Read())
    try:
        yield
    finally:
        _read.reset(token)


def installation() -> Installation | None:
    """Return the row that says what this database is for; None before it is set up."""
    read = _read.get()
    if read is None:
        return _INSTALLATION.first()
    if not read.done:
        read.row, read.done = _INSTALLATION.first(), True
    return read.row


def now() -> datetime:
    """Return the present moment of the installation."""
    here = installation()
    return timezone.now() + (here.ahead if here is not None else timedelta())


def today() -> date:
    """Return the present day of the installation, where the county is."""
    return timezone.localdate(now())


@transaction.atomic
def put_forward(to: datetime, *, actor: Actor) -> Installation:
    """Put the clock of a demonstration forward to a moment; again, or to an earlier moment, nothing changes.

    Raise E-REAL-DATA where the data is none of a demonstration, OutOfScope for a post that is not to do it.
    """
    actor.require_role(Role.AGENCY_ADMINISTRATOR)
    here = Installation.objects.select_for_update().filter(demonstration=True).first()
    if here is None:
        raise real_data()
    before = timezone.now() + here.ahead
    if to > before:
        here.ahead += to - before
        here.save(update_fields=["ahead"])
        record("clock.put_forward", "installation", actor=actor, now=to, before={"at": str(before)}, after={"at": str(to)})
    return here
