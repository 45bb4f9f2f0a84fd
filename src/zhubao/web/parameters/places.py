"""The place and the day a page of parameters speaks of."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils.http import urlencode

from zhubao.access import clock
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import Region
from zhubao.access.roles import Role
from zhubao.identity.areas import area_name
from zhubao.parameters import NATION, area_chain
from zhubao.programmes.actions import DECIDING_ROLES
from zhubao.programmes.checks import region_of
from zhubao.programmes.selectors import area_of_region
from zhubao.web.middleware import PostRequest


class Asked(forms.Form):
    """The day and the area in the address; anything unreadable counts as not asked."""

    on = forms.DateField(required=False)
    area = forms.RegexField(r"^([0-9]{6}|CN)$", required=False)


@dataclass(frozen=True)
class Place:
    """What a page speaks of: an area of the tables, a day, and the names of the areas the reader may choose among."""

    area: str
    on: date
    names: dict[str, str]
    writable: bool

    @property
    def chain(self) -> tuple[str, ...]:
        """Return the area and everything above it, nearest first."""
        return area_chain(self.area)

    @property
    def query(self) -> str:
        """Return the day and the area as the query of an address."""
        return urlencode({"area": self.area, "on": self.on.isoformat()})


def place_of(request: PostRequest) -> Place:
    """Return the place a request asks for: the reader's own county today by default.

    Everything above a post's scope can be read, everything inside it too; raise OutOfScope for another place.
    """
    asked = Asked(request.GET)
    asked.is_valid()
    actor = request.actor
    own = area_of_region(actor.scope)
    area = asked.cleaned_data.get("area") or own
    if area not in area_chain(own) and not actor.covers(region_of(area)):
        raise OutOfScope.of_region(area, actor.scope)
    names = areas_for(actor)
    return Place(area, asked.cleaned_data.get("on") or clock.today(), names, area in writable_areas(actor, names))


def areas_for(actor: Actor) -> dict[str, str]:
    """Return the areas a reader may choose, code → name: those above the post's scope and the counties inside it."""
    codes = {region_of(area) for area in area_chain(area_of_region(actor.scope))}
    regions = Region.objects.filter(code__startswith=actor.scope) | Region.objects.filter(code__in=codes)
    known = {area_of_region(region.code): region.name for region in regions.order_by("code") if len(region.code) <= 6}
    own = area_of_region(actor.scope)
    named = {area: known.get(area) or area_name(area) for area in reversed(area_chain(own)) if area != NATION}
    above = {area: name for area, name in named.items() if name}  # between a municipality and its counties stands nobody
    return {**above, **known}


def writable_areas(actor: Actor, names: dict[str, str]) -> list[str]:
    """Return the areas for which the actor may enter figures, in the order of `names`; CN only for the whole installation."""
    if not decides(actor):
        return []
    every = [*([NATION] if actor.covers("") else []), *names]
    return [area for area in every if actor.covers(region_of(area))]


def decides(actor: Actor) -> bool:
    """Tell whether the actor's post decides figures and open questions."""
    return Role(actor.role) in DECIDING_ROLES
