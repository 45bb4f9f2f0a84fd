"""A decision as it was made: the frozen evidence, judged again, and what would differ today."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.cases.models import Decision
from zhubao.errors import ZhubaoError
from zhubao.evidence.models import Snapshot
from zhubao.evidence.selectors import Difference, differences, faithful
from zhubao.policies import judge_of
from zhubao.programmes.versions import version_on
from zhubao.rules.compiled import Scalar
from zhubao.rules.policy import Policy
from zhubao.web.clerk.values import shown, unit_of
from zhubao.web.clerk.words import explained, said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import CASE_ROLES, found_case
from .verdict import sheet_then
from .words import OUTCOME_TONES, OUTCOMES


@require_GET
@for_posts(*CASE_ROLES)
def one(request: PostRequest, number: str, decision_id: int) -> HttpResponseBase:
    """Show what a decision was made on, and whether it would be the same today."""
    case = found_case(request.actor, number)
    decision = Decision.objects.filter(case=case, pk=decision_id).select_related("step", "snapshot__person").first()
    if decision is None or decision.snapshot is None:
        raise Http404
    snapshot = decision.snapshot
    try:
        sheet = sheet_then(snapshot)
    except ZhubaoError as error:
        sheet = {"unjudged": explained(error)}
    context = {
        **sheet,
        "case": case,
        "decision": decision,
        "outcome": OUTCOMES[decision.outcome],
        "tone": OUTCOME_TONES[decision.outcome],
        "snapshot": snapshot,
        "version": version_on(case.policy_id, case.region_code, snapshot.on, snapshot.known_at),
        "faithful": "unjudged" not in sheet and faithful(snapshot),
        "differences": _differences(snapshot),
        "today": clock.today(),
    }
    return render(request, "cases/decision.html", context)


def _differences(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return what is not as it was, with both values as a clerk reads them."""
    policy = judge_of(snapshot.policy_id).policy
    return [
        {
            "what": each.what,
            "label": said(each.label),
            "then": _value(each, each.then, policy),
            "now": _value(each, each.now, policy),
            "source": each.source,
        }
        for each in differences(snapshot, clock.now())
    ]


def _value(each: Difference, value: Scalar, policy: Policy) -> str:
    unit = unit_of(each.name)
    if each.what == "figure":
        unit = policy.parameters[each.name].unit
    elif each.what == "policy" or (unit == "months" and not each.name.endswith("months")):
        unit = ""
    return shown(value, unit, policy) or "—"
