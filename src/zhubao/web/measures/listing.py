"""The measures a post may see: narrowed, taken away as a file; the bureau takes up those of a document."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.roles import OrganisationKind
from zhubao.oversight.measures.actions import take_up
from zhubao.oversight.measures.course import BUREAU, MEASURE, POST_OF, READERS
from zhubao.oversight.measures.models import Measure, MeasureQuerySet
from zhubao.oversight.measures.selectors import WHOLE_REGION, measures_for, narrowed
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.policies.measures import measures
from zhubao.policies.register import documents
from zhubao.web.attempts import told_above
from zhubao.web.cases.sheets import sent
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import query

from .words import kind_said, state_said

LISTED: Final = 50


def _wanted(request: PostRequest) -> dict[str, str]:
    asked = request.GET
    policy, state, unit = (asked.get(name, "") for name in ("policy", "state", "unit"))
    return {
        "policy": policy if any(each.policy == policy for each in documents()) else "",
        "state": state if state in {each.name for each in MEASURE.states} else "",
        "unit": unit if unit in POST_OF else "",
        "own": "1" if asked.get("own") else "",
    }


def _found(request: PostRequest, wanted: dict[str, str]) -> MeasureQuerySet:
    found = measures_for(request.actor)
    if wanted["own"]:
        found = found.filter(pk__in=Measure.objects.of_unit(request.actor.organisation_id).values("pk"))
    return narrowed(found, policy=wanted["policy"], state=wanted["state"], unit=wanted["unit"])


@implements("gz-1g", "jx-5.1a", "tl-5.1a", "ps-3.1a", as_="feature")
@require_GET
@for_posts(*READERS)
def everything(request: PostRequest) -> HttpResponseBase:
    """List the measures of the post's region, or of its unit; as xlsx where the address asks for it."""
    wanted = _wanted(request)
    found = _found(request, wanted)
    if request.GET.get("format") == "xlsx":
        return sent("measures", _("Measures"), _titles(), (_cells(row) for row in found))
    page = Paginator(found, LISTED).get_page(request.GET.get("page"))
    counts = {state.name: 0 for state in MEASURE.states}
    for state in measures_for(request.actor).order_by().values_list("state", flat=True):
        counts[state] += 1
    context: dict[str, Any] = {
        "page": page,
        "rows": [(row, *state_said(row.state), _units(row)) for row in page],
        "wanted": wanted,
        "counts": [(state_said(name)[0], number, name) for name, number in counts.items() if number],
        "policies": [
            (each.policy, said(each.title)) for each in documents() if measures(each.policy) and _near(request, each.region)
        ],
        "states": [(state.name, said(state.label)) for state in MEASURE.states],
        "units": [(kind, kind_said(kind)) for kind in POST_OF],
        "whole": request.actor.role in WHOLE_REGION,
        "offered": _offered(request),
        "download": f"?{query({**wanted, 'format': 'xlsx'})}",
    }
    return render(request, "measures/all.html", context)


@require_POST
@for_posts(*BUREAU)
def begin(request: PostRequest) -> HttpResponseBase:
    """Take up the measures of a document in the bureau's county."""
    with told_above(request):
        made = take_up(request.actor.scope, request.POST.get("policy", ""), actor=request.actor, now=clock.now())
        words = ngettext("%(count)d measure taken up.", "%(count)d measures taken up.", len(made)) % {"count": len(made)}
        messages.success(request, words)
    return redirect("measures:all")


def _offered(request: PostRequest) -> list[tuple[str, str]]:
    """Return the documents whose measures the bureau's county has not taken up yet."""
    scope = request.actor.scope
    if request.actor.role not in BUREAU or len(scope) != 6:
        return []
    there = set(Measure.objects.filter(region_code__startswith=scope).values_list("measure_id", flat=True))
    return [
        (each.policy, said(each.title))
        for each in documents()
        if scope.startswith(each.region) and not there.issuperset(row.id for row in measures(each.policy))
    ]


def _near(request: PostRequest, region: str) -> bool:
    scope = request.actor.scope
    return scope.startswith(region) or region.startswith(scope)


def _units(row: Measure) -> list[tuple[str, bool]]:
    """Return the units in words; a kind the county has no office of is marked as a gap."""
    return [
        (unit.organisation.name if unit.organisation else kind_said(OrganisationKind(unit.kind)), unit.organisation is None)
        for unit in row.units.all()
    ]


def _titles() -> list[tuple[str, int]]:
    return [
        (_("Document"), 30),
        (_("Article"), 10),
        (_("Measure"), 36),
        (_("Clauses"), 24),
        (_("Responsible units"), 60),
        (_("Lead unit"), 24),
        (_("State"), 14),
        (_("Report due"), 12),
        (_("To be done by"), 12),
        (_("Missed"), 8),
    ]


def _cells(row: Measure) -> list[str]:
    known = row.known
    subject = f" ({row.subject_of.name})" if row.subject_of else ""
    return [
        said(judge_of(row.policy_id).policy.title),
        known.article,
        said(known.title) + subject,
        " ".join(known.clauses),
        "、".join(name for name, _gap in _units(row)),
        row.lead.name if row.lead else "",
        state_said(row.state)[0],
        str(row.due_on or ""),
        str(row.ends_on or ""),
        str(row.missed),
    ]
