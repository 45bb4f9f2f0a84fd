"""Reading the audit chain: what a post may see of it, narrowed by a filter; the newest link of each chain; taking a copy out."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from .actors import Actor
from .audit import CHAIN_LENGTH, record
from .models import AuditEntry
from .roles import Role

READING_ROLES = (Role.AUDITOR, Role.AGENCY_ADMINISTRATOR)


@dataclass(frozen=True)
class Wanted:
    """What is looked for; "" and None are anything. Days are of the installation's own time zone, both included.

    `person` is part of the name of who acted, or a whole user name; `action` and `subject` are the beginning of theirs
    ("post." finds "post.opened", "user:" every user).
    """

    region: str = ""
    person: str = ""
    action: str = ""
    subject: str = ""
    first: date | None = None
    last: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the parts that narrow anything."""
        return {name: str(value) for name, value in asdict(self).items() if value}


def entries_for(actor: Actor, wanted: Wanted) -> QuerySet[AuditEntry]:
    """Return the entries of the actor's scope that are wanted, newest first; raise OutOfScope for a region outside."""
    entries = AuditEntry.objects.in_region(actor, wanted.region or actor.scope)
    if wanted.person:
        entries = entries.filter(Q(actor_name__icontains=wanted.person) | Q(user__username=wanted.person))
    if wanted.action:
        entries = entries.filter(action__startswith=wanted.action)
    if wanted.subject:
        entries = entries.filter(subject__startswith=wanted.subject)
    if wanted.first:
        entries = entries.filter(at__gte=_midnight(wanted.first))
    if wanted.last:
        entries = entries.filter(at__lt=_midnight(wanted.last + timedelta(days=1)))
    return entries.select_related("user", "post__organisation").order_by("-at", "-pk")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Chain:
    """One chain: its county's code, the number of its newest entry, and that entry's seal."""

    code: str
    length: int
    seal: str


def chains_for(actor: Actor) -> list[Chain]:
    """Return the chains that entries of the actor's scope belong to, by code."""
    lengths = (
        AuditEntry.objects.filter(chain__startswith=actor.scope[:CHAIN_LENGTH]).values("chain").annotate(length=Max("number"))
    )
    found = []
    for row in lengths.order_by("chain"):
        newest = AuditEntry.objects.get(chain=row["chain"], number=row["length"])
        found.append(Chain(row["chain"], row["length"], newest.seal))
    return found


@transaction.atomic
def record_export(wanted: Wanted, count: int, *, actor: Actor, now: datetime) -> AuditEntry:
    """Note that somebody took `count` entries out of the system, and which were wanted."""
    actor.require_role(*READING_ROLES)
    region = wanted.region or actor.scope
    actor.require_region(region)
    after = {"entries": count, **wanted.as_json()}
    return record("audit.exported", f"region:{region}", actor=actor, now=now, region_code=region, after=after)
