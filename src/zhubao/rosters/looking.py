"""Who reads names of departments' lists in full: whoever keeps the list, and whoever owes an answer; that they did is on record."""

from datetime import datetime

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role

from .models import Difference, DifferenceState, RosterList
from .settling import SETTLING_ROLES


def keeps(roster: RosterList, actor: Actor) -> bool:
    """Tell whether a list is the own one of the actor's office: its people are compared with the office's records name by name."""
    return roster.organisation_id == actor.organisation_id


def owes_answer(difference: Difference, actor: Actor) -> bool:
    """Tell whether the post has to find out about the person of an open difference."""
    return (
        difference.state == DifferenceState.OPEN
        and actor.role in SETTLING_ROLES
        and actor.role in {difference.role, Role.AGENCY_REVIEWER}
        and difference.organisation_id in {None, actor.organisation_id}
    )


def note_names(subject: str, count: int, *, region_code: str, actor: Actor, now: datetime) -> None:
    """Keep that somebody read so many names in full; nothing for none."""
    if count:
        record("roster.names_seen", subject, actor=actor, now=now, region_code=region_code, after={"rows": count})
