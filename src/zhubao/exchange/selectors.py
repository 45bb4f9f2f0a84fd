"""Envelopes a post may see, and what they hold."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from zhubao.access.actors import Actor
from zhubao.access.roles import AGENCY_ROLES, EVERY_ROLE, Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .files import layout_of
from .files.reading import read
from .models import Envelope, EnvelopeLine, EnvelopeQuerySet

# Who hands out posts, audits or guides banks writes no file and hands none in.
HANDLING_ROLES = EVERY_ROLE - {Role.AGENCY_ADMINISTRATOR, Role.AUDITOR, Role.PBOC_SUPERVISOR}
# Posts that look after every exchange of their region; all others see their own office's files alone.
REGION_ROLES = AGENCY_ROLES - {Role.AGENCY_ADMINISTRATOR} | {Role.HRSS_SUPERVISOR, Role.AUDITOR}


def envelopes_for(actor: Actor) -> EnvelopeQuerySet:
    """Return the envelopes a post may see, the last first: those of the own office, and for agency and supervision of the region."""
    envelopes = Envelope.objects.select_related("sender", "receiver")
    if actor.user_id is None or actor.role in REGION_ROLES:
        return envelopes.within(actor)
    if actor.role not in HANDLING_ROLES:
        return envelopes.none()
    return envelopes.filter(Q(sender=actor.organisation_id) | Q(receiver=actor.organisation_id))


def access_envelope_for(actor: Actor, envelope_id: int) -> Envelope:
    """Return one envelope the post may see; raise DoesNotExist for any other, as if it were not there."""
    return envelopes_for(actor).get(pk=envelope_id)


def lines_to_apply(envelope: Envelope) -> "QuerySet[EnvelopeLine]":
    """Return the lines nothing became of yet, in their order: where a run that was stopped goes on."""
    return EnvelopeLine.objects.filter(envelope=envelope, applied_at=None).order_by("number")


def rows_of(envelope: Envelope, *, today: date) -> tuple[Any, ...]:
    """Return the rows of an envelope as its layout makes them, line 1 first; raise E-EXCHANGE-STORED when the kept file changed."""
    reading = read(layout_of(envelope.kind), envelope.path, name=envelope.name, today=today)
    if reading.faults or len(reading.rows) != envelope.count:
        problem = Text("保存的文件读不出或已变动", "the file kept cannot be read or was changed")
        raise ZhubaoError(
            "E-EXCHANGE-STORED", problem, place=envelope.name, remedy=Text("从备份恢复", "restore it from a backup")
        )
    return reading.rows


def copies_of(envelope: Envelope) -> EnvelopeQuerySet:
    """Return the files of the same sender, kind and batch to every receiver: the copies of a roster that goes to several offices."""
    same = Envelope.objects.good().filter(sender=envelope.sender_id, kind=envelope.kind, batch=envelope.batch)
    return same.select_related("receiver").order_by("receiver_id")


def next_batch(sender_id: int, kind: str, on: date) -> str:
    """Return the next free batch number of a sender's kind of file on a day: 20260310-001."""
    day = f"{on:%Y%m%d}"
    taken = set(
        Envelope.objects.good().filter(sender=sender_id, kind=kind, batch__startswith=f"{day}-").values_list("batch", flat=True)
    )
    return next(batch for number in range(1, 1000) if (batch := f"{day}-{number:03d}") not in taken)
