"""Nobody missed: how many of those who should be insured are, by township or village, and who is not, down to the name."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Case, Count, Exists, F, FilteredRelation, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Left
from django.utils.timezone import localdate

from zhubao.access.models import Region
from zhubao.evidence.figures import book_at
from zhubao.language import Text
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region
from zhubao.tasks.deadlines import deadline

from .closing_out import REFUSAL
from .closing_out_turns import OWING
from .models import AssistancePlan, PlanRow, PlanStep
from .models.row import PlanRowQuerySet

HELP, HELP_DAYS = "roster_help_days", 10
TOWNSHIP_DIGITS: Final = 9
VILLAGE_DIGITS: Final = 12

# Groups in the order of the table; every row of a plan stands in exactly one.
GROUPS: Final[dict[str, Text]] = {
    "complete": Text("已缴清", "insured"),
    "under_way": Text("个人已无欠缴，等政府代缴到账", "nothing left to pay, public money on its way"),
    "owing": Text("自付没交", "own part not paid"),
    "checking": Text("待核对", "being checked"),
    "refused": Text("书面不参保", "refused in writing"),
    "gone": Text("死亡、迁出或身份取消", "died, moved or no longer certified"),
    "excluded": Text("不予代缴", "excluded"),
}
OPEN_GROUPS: Final = ("under_way", "owing", "checking", "refused")

# Whoever cancelled a row by another way than `note_refusal` says so in the reason of the step.
_REFUSED: Final = Q(because__startswith=REFUSAL) | Exists(
    PlanStep.objects.filter(row=OuterRef("pk"), verb="cancel", reason__contains=REFUSAL)
)
_GROUP: Final = Case(
    When(Q(was="cancelled") & _REFUSED, then=Value("refused")),
    When(was="cancelled", then=Value("gone")),
    When(was="excluded", then=Value("excluded")),
    When(was__in=("credited", "refunded", "self_full", "refund_listed"), then=Value("complete")),
    When(was__in=("rostered", "matched"), then=Value("checking")),
    When(OWING, then=Value("owing")),
    default=Value("under_way"),
)


@dataclass
class Covered:
    """How a place stands. Counts of persons; every row of the plan is in exactly one of the seven groups.

    `closed` of all rows are closed out, `to_close` have everything but the closing.
    """

    code: str
    name: str
    complete: int = 0
    under_way: int = 0
    owing: int = 0
    checking: int = 0
    refused: int = 0
    gone: int = 0
    excluded: int = 0
    closed: int = 0
    to_close: int = 0

    @property
    def rows(self) -> int:
        """Everybody the plan knows."""
        return self.complete + self.under_way + self.owing + self.checking + self.refused + self.gone + self.excluded

    @property
    def due(self) -> int:
        """Who should be insured: on the rosters, less those excluded or gone; whoever refused stays in (A-PS-13)."""
        return self.rows - self.gone - self.excluded

    @property
    def missing(self) -> int:
        """Who should be insured and is not yet."""
        return self.due - self.complete

    @property
    def open(self) -> int:
        """Rows not closed out; with those closed they are all rows."""
        return self.rows - self.closed

    @property
    def share_ppm(self) -> int | None:
        """Insured of those who should be, in parts per million, cut off so that 100 % means everybody; None for nobody."""
        return self.complete * 1_000_000 // self.due if self.due else None

    @property
    def share(self) -> str:
        """The share in per cent with one digit, cut off: 997 of 1,000 → ``99.7%``; ``—`` for nobody."""
        ppm = self.share_ppm
        return "—" if ppm is None else f"{ppm // 10_000}.{ppm // 1_000 % 10}%"


def with_group(rows: PlanRowQuerySet) -> PlanRowQuerySet:
    """Return rows with `was` (their state, or that they were closed out from) and `group` of each."""
    return rows.annotate(
        standing=FilteredRelation("closings", condition=Q(closings__reopened_at=None)),
        was=Coalesce(F("standing__closed_from"), F("state")),
    ).annotate(group=_GROUP)


@implements("ps-0.3", "gz-12b", as_="feature")
def coverage(plan: AssistancePlan, region_code: str, *, digits: int) -> list[Covered]:
    """Return how every place below a region stands, by codes of so many digits, in their order; three queries for any number of rows.

    A row placed no nearer than a level above stands under that level's code.
    """
    rows = with_group(PlanRow.objects.filter(plan=plan, region_code__startswith=region_code))
    counted = (
        rows.order_by().annotate(place=Left("region_code", digits)).values_list("place", "group", "state").annotate(Count("pk"))
    )
    found: dict[str, Covered] = {
        code: Covered(code, name)
        for code, name in Region.objects.filter(code__startswith=region_code).order_by("code").values_list("code", "name")
        if len(code) == digits
    }
    for place, group, state, number in counted:
        here = found.setdefault(place, Covered(place, place))
        setattr(here, group, getattr(here, group) + number)
        if state == "closed_out":
            here.closed += number
        elif state in ("credited", "refunded", "excluded", "cancelled"):
            here.to_close += number
    above = dict(
        Region.objects.filter(code__in=[code for code, here in found.items() if here.name == code]).values_list("code", "name")
    )
    for code, here in found.items():
        here.name = above.get(code, here.name)
    return [found[code] for code in sorted(found)]


def together(places: Iterable[Covered], code: str, name: str) -> Covered:
    """Return the sum of places."""
    total = Covered(code, name)
    for each in places:
        for part in fields(Covered)[2:]:
            setattr(total, part.name, getattr(total, part.name) + getattr(each, part.name))
    return total


@implements("ps-3.2c", as_="feature")
def late_entrants(plan: AssistancePlan, region_code: str, now: datetime) -> PlanRowQuerySet:
    """Return who came onto a list after the plan was published and is not insured within the days of the place (ten by default).

    The day of the list does not count: entered on the 1st, late from the 12th. Nobody before the plan is published.
    """
    if plan.published_at is None:
        return PlanRow.objects.none()
    days = deadline(HELP, HELP_DAYS, "calendar", localdate(now), area_of_region(region_code), book_at(now)).arithmetic["count"]
    rows = people_in(plan, region_code, "missing").filter(entered_on__gt=localdate(plan.published_at))
    return rows.filter(entered_on__lt=localdate(now) - timedelta(days=days))


def people_in(plan: AssistancePlan, region_code: str, group: str) -> PlanRowQuerySet:
    """Return the rows of a place in a group of `GROUPS`, ``missing`` (every open group) or ``""`` for all, by place and name."""
    rows = with_group(PlanRow.objects.filter(plan=plan, region_code__startswith=region_code)).select_related("person", "plan")
    if group == "missing":
        rows = rows.filter(Q(group__in=OPEN_GROUPS))
    elif group:
        rows = rows.filter(Q(group=group))
    return rows.order_by("region_code", "person__name", "pk")
