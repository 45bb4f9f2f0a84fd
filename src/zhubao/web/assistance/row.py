"""One person of a plan: the verdict clause by clause with its sources, the steps taken, what comes next, the course as a picture."""

from functools import lru_cache
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.assistance.models import PlanRow
from zhubao.assistance.planning.selectors import row_for
from zhubao.assistance.states import process_of
from zhubao.assistance.stepping import require_may, take
from zhubao.errors import ZhubaoError
from zhubao.evidence.selectors import assess
from zhubao.language import Language
from zhubao.tasks.models import Task
from zhubao.web.attempts import told_at
from zhubao.web.clerk.finding import found
from zhubao.web.clerk.people import clause_sheet
from zhubao.web.clerk.words import explained, language, said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.workflow import draw

from .correcting import shown_for
from .finding import READING_ROLES, category_said, change_value, payer_said, places_of, shown
from .plans import heading

BY_HAND: Final = ("exclude", "cancel", "readmit")
"""Steps the agency takes here for a reason no list gives: a further exclusion, a written refusal, somebody taken back in."""


class ReasonForm(forms.Form):
    """A step with its reason and the paper behind it."""

    verb = forms.ChoiceField(label=gettext_lazy("Step"))
    reason = forms.CharField(
        label=gettext_lazy("Reason and paper"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write the reason.")},
    )

    def __init__(self, verbs: list[tuple[str, Any]], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["verb"].choices = verbs  # type: ignore[attr-defined]


@require_GET
@for_posts(*READING_ROLES)
def one(request: PostRequest, row_id: int) -> HttpResponseBase:
    """Show a row."""
    return _shown(request, found(row_for, request.actor, row_id), None)


@require_POST
@for_posts(Role.AGENCY_REVIEWER)
def take_step(request: PostRequest, row_id: int) -> HttpResponseBase:
    """Exclude, cancel or take back one person by hand, with the reason."""
    row = found(row_for, request.actor, row_id)
    form = ReasonForm(_verbs(request, row), request.POST)
    if not form.is_valid():
        return _shown(request, row, form)
    verb, reason = form.cleaned_data["verb"], form.cleaned_data["reason"]
    if verb not in BY_HAND:
        raise Http404
    amounts = {} if verb == "readmit" else {"on_behalf_fen": 0, "self_pay_fen": 0, "because": reason[:300], "failed": []}
    with told_at(form):
        take(
            row.plan,
            PlanRow.objects.filter(pk=row.pk),
            verb,
            key=f"hand:{clock.now().isoformat()}",
            reason=reason,
            values=amounts,
            actor=request.actor,
            now=clock.now(),
        )
        messages.success(request, _("Done: %(what)s.") % {"what": said(process_of(row.plan.policy_id).transition(verb).label)})
        return redirect("assistance:row", row.pk)
    return _shown(request, row, form)


def _verbs(request: PostRequest, row: PlanRow) -> list[tuple[str, Any]]:
    """Return the steps the post may take by hand now."""
    process = process_of(row.plan.policy_id)
    rows = [each for each in process.leaving(row.state) if each.verb in BY_HAND and request.actor.role in each.posts]
    try:
        for each in rows:
            require_may(row.plan, each.verb, request.actor)
    except ZhubaoError:
        return []
    return [(each.verb, said(each.label)) for each in rows]


def _shown(request: PostRequest, row: PlanRow, form: ReasonForm | None) -> HttpResponseBase:
    process = process_of(row.plan.policy_id)
    steps = list(row.steps.select_related("post__organisation").order_by("number"))
    passed = frozenset(step.end for step in steps)
    places = places_of([row.region_code, row.region_code[:9]])
    verbs = _verbs(request, row)
    tasks = Task.objects.open().filter(subject=row.subject).select_related("organisation")
    changes = list(row.changes.select_related("run").order_by("-run__number", "kind")[:30])
    moved = places_of(code for each in changes if each.kind == "moved" for code in (each.before, each.after))
    context = {
        **heading(row.plan),
        **_verdict(row),
        **shown_for(request, row),
        "shown": shown(row, places),
        "row": row,
        "identities": [category_said(row.plan.policy_id, code) for code in row.categories],
        "rule": row.due_rule if not row.due_rule.startswith("assistance_") else "",
        "waiting": said(process.state(row.state).waiting),
        "next": [(said(each.label), [Role(role).label for role in each.posts if role in Role.values]) for each in _next(row)],
        "steps": [
            (step, said(process.transition(step.verb).label), said(process.state(step.end).label)) for step in reversed(steps)
        ],
        "changes": [
            (
                each,
                change_value(row.plan.policy_id, each.kind, each.before, moved),
                change_value(row.plan.policy_id, each.kind, each.after, moved),
            )
            for each in changes
        ],
        "tasks": tasks,
        "diagram": _drawn(row.plan.policy_id, row.state, language(), passed),
        "form": (form or ReasonForm(verbs)) if verbs else None,
        "payer_word": payer_said(row.payer),
    }
    return render(request, "assistance/row.html", context, status=422 if form is not None else 200)


def _next(row: PlanRow) -> list[Any]:
    """Return the steps that may come next in the ordinary course, exceptions last."""
    leaving = process_of(row.plan.policy_id).leaving(row.state)
    return sorted((each for each in leaving if not each.stays), key=lambda each: each.reason)


def _verdict(row: PlanRow) -> dict[str, Any]:
    """Return the clause sheet of the day the row was reckoned for, from what is on record now; `unjudged` says why there is none."""
    try:
        return clause_sheet(assess(row.person, row.plan.policy_id, row.reckoned_on, now=clock.now()))
    except ZhubaoError as error:
        return {"unjudged": explained(error)}


@lru_cache(maxsize=256)
def _drawn(policy_id: str, state: str, tongue: Language, passed: frozenset[str]) -> SafeString:
    return mark_safe(draw(process_of(policy_id), state, tongue, passed=passed))
