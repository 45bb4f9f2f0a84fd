"""What is read of measures, figures and bulletins: always for somebody, never more than their post may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhubao.access.actors import Actor
from zhubao.access.models import Region
from zhubao.access.roles import AGENCY_ROLES, Role

from .course import READERS
from .models import Bulletin, FundYear, IndicatorFigure, Measure, MeasureQuerySet, MeasureUnit

# They see every measure of their region; any other unit sees those it answers for.
WHOLE_REGION = frozenset({Role.HRSS_SUPERVISOR, Role.AUDITOR, Role.FINANCE_CLERK, *AGENCY_ROLES})


def measures_for(actor: Actor) -> MeasureQuerySet:
    """Return the measures a post may see: the bureau, finance, the agency and auditors all of their region, other units their own."""
    found = Measure.objects.select_related("lead", "subject_of").prefetch_related("units__organisation")
    if actor.user_id is not None and actor.role not in READERS:
        return found.none()
    if actor.user_id is None or actor.role in WHOLE_REGION:
        return found.within(actor)
    own = MeasureUnit.objects.filter(measure=OuterRef("pk"), organisation_id=actor.organisation_id or 0)
    return found.filter(Exists(own))


def measure_for(actor: Actor, pk: int) -> Measure:
    """Return one measure; raise DoesNotExist for one the actor may not see."""
    return measures_for(actor).get(pk=pk)


def narrowed(found: MeasureQuerySet, *, policy: str = "", state: str = "", unit: str = "") -> MeasureQuerySet:
    """Return the measures of a document, a state and a kind of unit, each where one is asked for."""
    if policy:
        found = found.filter(policy_id=policy)
    if state:
        found = found.filter(state=state)
    if unit:
        found = found.filter(Exists(MeasureUnit.objects.filter(measure=OuterRef("pk"), kind=unit)))
    return found


def figures_of(region_code: str, names: Sequence[str]) -> QuerySet[IndicatorFigure]:
    """Return the figures handed in for indicators of a county, corrected ones too, the newest period first."""
    found = IndicatorFigure.objects.filter(region_code=region_code, indicator_name__in=names).select_related(
        "unit", "replaced_by"
    )
    return found.order_by("-period_from", "indicator_name", "part", "-entered_at", "-pk")


def fund_years(region_code: str) -> list[FundYear]:
    """Return the standing years of a county's fund, the earliest first."""
    return list(FundYear.objects.standing().filter(region_code=region_code).order_by("year"))


def bulletins_for(actor: Actor) -> QuerySet[Bulletin]:
    """Return the bulletins of the actor's region, the newest first; a unit below the county sees its county's."""
    if actor.user_id is not None and actor.role not in READERS:
        return Bulletin.objects.none()
    return Bulletin.objects.filter(Q(region_code__startswith=actor.scope) | Q(region_code=actor.scope[:6]))


@dataclass(frozen=True)
class MissingBulletin:
    """A county that tracks a document and gave out no bulletin for a quarter."""

    region_code: str
    name: str
    policy_id: str


def missing_bulletins(actor: Actor, first: date) -> list[MissingBulletin]:
    """Return the counties of the actor's region without a bulletin for the quarter that begins on a day, by code and document."""
    tracked = {
        (code[:6], policy)
        for code, policy in Measure.objects.within(actor).order_by().values_list("region_code", "policy_id").distinct()
    }
    given = set(Bulletin.objects.filter(period_from=first).values_list("region_code", "policy_id"))
    missing = sorted(tracked - given)
    names = dict(Region.objects.filter(code__in=[code for code, _policy in missing]).values_list("code", "name"))
    return [MissingBulletin(code, names.get(code, code), policy) for code, policy in missing]
