"""Who may open these pages, which plan and place an address asks for, and what they say of a row."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from zhubao.access.actors import Actor
from zhubao.access.models import Region
from zhubao.access.roles import Role
from zhubao.assistance.closing_out_turns import Turn, category_label, code_of, turn_of
from zhubao.assistance.models import AssistancePlan, PlanRow
from zhubao.web.clerk.words import said
from zhubao.web.navigation import Label
from zhubao.web.templatetags.zhubao import query

VILLAGE_ROLES: Final = (Role.COMMITTEE_MEMBER, Role.TOWNSHIP_CLERK)
CENTRE_ROLES: Final = (Role.AGENCY_INTAKE, Role.AGENCY_REVIEWER, Role.AGENCY_APPROVER, Role.AGENCY_ACCOUNTANT)
READING_ROLES: Final = frozenset({*VILLAGE_ROLES, *CENTRE_ROLES, Role.HRSS_SUPERVISOR, Role.AUDITOR})
COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS = 6, 9, 12
TONES: Final = {"own_part": "wait", "check": "bad", "close": "info", "closed": "ok"}
PROOFS: Final[dict[str, Label]] = {
    "receipt": _("Number of the receipt"),
    "refund": _("Number of the refund's voucher"),
    "exclusion": _("Paper that shows the exclusion"),
    "cancellation": _("Paper that shows the cancellation"),
}


@dataclass(frozen=True)
class Asked:
    """The plan and the place a page is about, and every plan the post may ask for."""

    plan: AssistancePlan
    place: str
    name: str
    plans: tuple[AssistancePlan, ...]

    @property
    def parts(self) -> dict[str, str]:
        """What an address carries on to the next page."""
        return {"plan": str(self.plan.pk), "place": self.place}

    @property
    def query(self) -> str:
        """The same as a query string."""
        return query(self.parts)

    @property
    def in_village(self) -> bool:
        """Whether the place is one village."""
        return len(self.place) == VILLAGE_DIGITS

    @property
    def below(self) -> int:
        """How many digits the places below have: townships of a county, else villages."""
        return TOWNSHIP_DIGITS if len(self.place) < TOWNSHIP_DIGITS else VILLAGE_DIGITS


def plans_for(actor: Actor) -> tuple[AssistancePlan, ...]:
    """Return the plans of the post's counties that are with tax and townships or closed, the latest year first."""
    found = AssistancePlan.objects.filter(region_code__startswith=actor.scope[:COUNTY_DIGITS]).exclude(state="drafted")
    return tuple(found.order_by("-year", "region_code", "pk"))


def asked(actor: Actor, values: Any) -> Asked | None:
    """Return what an address asks for, else the latest plan and the post's own place; None where no plan is published.

    Raise Http404 for a plan or place there is not, OutOfScope for a place of others.
    """
    plans = plans_for(actor)
    if not plans:
        return None
    wanted = values.get("plan", "")
    plan = next((each for each in plans if str(each.pk) == wanted), None) if wanted else plans[0]
    if plan is None:
        raise Http404
    own = actor.scope if actor.scope.startswith(plan.region_code) else plan.region_code
    place = values.get("place", "") or own
    actor.require_region(place)
    if not place.startswith(plan.region_code):
        raise Http404
    region = Region.objects.filter(code=place).first()
    if region is None:
        raise Http404
    return Asked(plan, place, region.name, plans)


def row_for(actor: Actor, row_id: int) -> PlanRow:
    """Return a row of a published plan the post may see; Http404 for none, OutOfScope for another place."""
    try:
        row = PlanRow.objects.select_related("plan", "person").get_for(actor, pk=row_id)
    except PlanRow.DoesNotExist as error:
        raise Http404 from error
    if row.plan.state == "drafted":
        raise Http404
    return row


@dataclass(frozen=True)
class Line:
    """A row as a list shows it."""

    row: PlanRow
    turn: Turn
    why: str
    who: str
    category: str
    village: str
    tone: str
    late: bool


def lines_of(rows: list[PlanRow], today: date) -> list[Line]:
    """Return rows read with plan and person as a list shows them."""
    codes = {row.region_code for row in rows}
    places = dict(Region.objects.filter(code__in=codes).values_list("code", "name"))
    found = []
    for row in rows:
        turn = turn_of(row)
        late = turn.late(today)
        tone = "bad" if late and turn.code != "closed" else TONES.get(code_of(row), "")
        place = places.get(row.region_code, row.region_code)
        found.append(
            Line(row, turn, said(turn.why), said(turn.who), category_said(row.plan.policy_id, row.category), place, tone, late)
        )
    return found


def category_said(policy_id: str, category: str) -> str:
    """Return a category in words; "" for none."""
    return said(category_label(policy_id, category))
