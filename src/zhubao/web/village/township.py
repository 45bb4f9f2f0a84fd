"""The township's view of its villages: how many applications stand where, which are late, which notices hang."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.contract import RUGAO
from zhubao.cases.states import RUGAO as PROCESS
from zhubao.cases.states import process_of
from zhubao.tasks.models import Task
from zhubao.web.cases.words import state_tone
from zhubao.web.middleware import PostRequest
from zhubao.web.navigation import Label
from zhubao.web.posts import for_posts

from .hanging import hanging
from .waiting import notices_up, objected, rows_of, village_cases

LISTED: Final = 40
# What the township asks about, each with the states it gathers.
COLUMNS: Final[dict[str, tuple[Label, tuple[str, ...]]]] = {
    "form": (_("Form not handed in"), ("draft", "returned")),
    "review": (_("To review"), ("submitted",)),
    "post": (_("To be posted"), ("first_reviewed",)),
    "hanging": (_("On public notice"), ("public_notice",)),
    "objection": (_("Objections"), ("objection",)),
    "agency": (_("Agency"), ("committee_approved", "deemed_review", "proposed", "blocked")),
    "bank": (_("Bank"), ("agency_approved", "bank_assessed", "bank_approved", "bank_refused")),
    "signed": (_("Agreement signed"), ("agreed",)),
    "ended": (_("Ended without"), ("rejected", "withdrawn", "closed")),
}


@dataclass
class Village:
    """One committee's line: cases by column, late tasks, notices that hang."""

    committee: Organisation | None
    cases: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLUMNS, 0))
    late: int = 0
    notices: int = 0

    @property
    def cells(self) -> list[int]:
        """The numbers in the order of the columns."""
        return list(self.cases.values())


def villages(actor: Actor, today: date) -> list[Village]:
    """Return a line for every committee of the township, and one for cases without a committee, in four queries."""
    committees = Organisation.objects.within(actor).filter(kind=OrganisationKind.COMMITTEE)
    found: dict[int | None, Village] = {each.pk: Village(each) for each in committees.order_by("region_id")}
    column_of = {state: name for name, (_label, states) in COLUMNS.items() for state in states}
    counted = village_cases(actor).order_by().values_list("committee_id", "state").annotate(Count("pk"))
    for committee_id, state, number in counted:
        found.setdefault(committee_id, Village(None)).cases[column_of[state]] += number
    late = Task.objects.open().within(actor).filter(due_on__lt=today, role=Role.COMMITTEE_MEMBER)
    for committee_id, number in late.order_by().values_list("organisation_id").annotate(Count("pk")):
        if committee_id in found:
            found[committee_id].late = number
    up: dict[int, int] = defaultdict(int)
    for committee_id in notices_up(actor).values_list("committee_id", flat=True):
        up[committee_id] += 1
    for committee_id, number in up.items():
        if committee_id in found:
            found[committee_id].notices = number
    return list(found.values())


@require_GET
@for_posts(Role.TOWNSHIP_CLERK)
def overview(request: PostRequest) -> HttpResponseBase:
    """Show every village of the township on one line."""
    lines = villages(request.actor, clock.today())
    context = {
        "lines": lines,
        "columns": [label for label, _states in COLUMNS.values()],
        "in_hand": sum(sum(line.cells[:-2]) for line in lines),
        "late": sum(line.late for line in lines),
        "notices": sum(line.notices for line in lines),
        "objections": objected(request.actor).count(),
    }
    return render(request, "village/township.html", context)


@require_GET
@for_posts(Role.TOWNSHIP_CLERK)
def village(request: PostRequest, committee_id: int) -> HttpResponseBase:
    """List the people of one village, masked, of one column when it is asked for."""
    committee = Organisation.objects.filter(pk=committee_id, kind=OrganisationKind.COMMITTEE).first()
    if committee is None:
        raise Http404
    request.actor.require_region(committee.region_id)
    today = clock.today()
    chosen = request.GET.get("what", "")
    cases = village_cases(request.actor).filter(committee=committee)
    if chosen in COLUMNS:
        cases = cases.filter(state__in=COLUMNS[chosen][1])
    cases = cases.select_related("person", "application", "committee").order_by("closed_at", "state_since", "pk")
    page = Paginator(cases, LISTED).get_page(request.GET.get("page"))
    rows: list[dict[str, Any]] = [
        {"row": row, "state": process_of(row.case.policy_id).state(row.case.state), "tone": state_tone(row.case)}
        for row in rows_of(list(page), today)
    ]
    context = {
        "committee": committee,
        "page": page,
        "rows": rows,
        "chosen": chosen,
        "columns": [(name, label) for name, (label, _states) in COLUMNS.items()],
        "up": [(notice, hanging(notice, today)) for notice in notices_up(request.actor).filter(committee=committee)[:20]],
    }
    return render(request, "village/township_village.html", context)


UNSORTED: Final = {state.name for state in PROCESS.states} - {state for _label, states in COLUMNS.values() for state in states}
if UNSORTED:
    raise RuntimeError(f"states of {RUGAO} without a column: {UNSORTED}")
