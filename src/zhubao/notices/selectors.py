"""Notices by addressee and by subject."""

from zhubao.access.actors import Actor
from zhubao.access.composed import Composed, Given

from .models import Notice, NoticeQuerySet

_ABOUT = Composed(lambda: Notice.objects.filter(subject=Given("subject"))[:50])


def notices_about(subject: str) -> list[Notice]:
    """Return what was told about a subject, the last first: the last fifty."""
    return _ABOUT.rows(subject=subject)


def notices_for_person(person_id: int) -> NoticeQuerySet:
    """Return everything told to a person, the last first; the caller has checked that the person may be seen."""
    return Notice.objects.filter(person_id=person_id)


def notices_for_post(actor: Actor) -> NoticeQuerySet:
    """Return what was told to the actor's post or its whole organisation and nobody has acknowledged yet, the last first."""
    if actor.organisation_id is None:
        return Notice.objects.none()
    return Notice.objects.unacknowledged().filter(organisation_id=actor.organisation_id, role__in=("", actor.role))
