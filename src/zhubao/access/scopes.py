"""Lists narrowed by region: the base of every QuerySet whose rows belong to a region."""

from typing import Any, Self, TypeVar

from django.db import models

from .actors import Actor, OutOfScope

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class RegionQuerySet(models.QuerySet[Row_co]):
    """A QuerySet of a model with a `region_code`, or with a path to one named in `region_path`.

    Screens read `within(actor)`, or `in_region(actor, code)` when one region was asked for: asking for a region outside the
    scope raises, it never answers with an empty list as if nothing were there.
    """

    region_path = "region_code"

    def within(self, actor: Actor) -> Self:
        """Return the rows of the actor's scope."""
        return self if actor.scope == "" else self.filter(**{f"{self.region_path}__startswith": actor.scope})

    def in_region(self, actor: Actor, region_code: str) -> Self:
        """Return the rows of one region and everything below it; raise OutOfScope when it is not the actor's."""
        actor.require_region(region_code)
        return self.filter(**{f"{self.region_path}__startswith": region_code})

    def get_for(self, actor: Actor, **lookup: Any) -> Row_co:
        """Return one row; raise DoesNotExist when there is none, OutOfScope when it is not the actor's to see."""
        row = self.get(**lookup)
        code: Any = row
        for step in self.region_path.split("__"):
            code = getattr(code, step, None)
        # A row of no region belongs to the whole installation.
        if not actor.covers(code or ""):
            raise OutOfScope.of_region(str(row), actor.scope)
        return row
