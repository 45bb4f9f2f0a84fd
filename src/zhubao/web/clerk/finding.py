"""Finding what an address names: a missing row is the page 404, somebody else's the page 403."""

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404

from zhubao.access.actors import Actor
from zhubao.access.models import Region

Found = TypeVar("Found")
COUNTY_LENGTH = 6


def found(select: Callable[[Actor, int], Found], actor: Actor, number: int) -> Found:
    """Return what a selector finds; raise Http404 when there is none."""
    try:
        return select(actor, number)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def counties_of(actor: Actor) -> list[Region]:
    """Return the counties a post may hand in files for: its own, or all below a wider scope."""
    if len(actor.scope) >= COUNTY_LENGTH:
        return list(Region.objects.filter(code=actor.scope[:COUNTY_LENGTH]))
    return list(Region.objects.filter(code__startswith=actor.scope, code__regex=r"^[0-9]{6}$").order_by("code"))
