"""One person of the ledger: what is missing and whose turn it is, calls, closing out with its proof, reopening."""

from typing import Any, Final
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.private_files import private_folder
from zhubao.access.roles import Role
from zhubao.access.uploads import LARGEST_BYTES
from zhubao.assistance.closing_out import LONGEST_REFERENCE, Paper, close_out, note_refusal, reopen
from zhubao.assistance.closing_out_calls import note_call
from zhubao.assistance.closing_out_turns import READY
from zhubao.assistance.models import CallWay, PlanRow
from zhubao.assistance.models.ledger import PROOF_OF
from zhubao.assistance.states import process_of
from zhubao.people.selectors import phone_of
from zhubao.web.attempts import Attempt
from zhubao.web.cases.steps.framework import DayInput
from zhubao.web.clerk.uploads import limited
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import PROOFS, READING_ROLES, VILLAGE_ROLES, lines_of, row_for

CLOSED_BY: Final = VILLAGE_ROLES
REOPENED_BY: Final = (Role.AGENCY_REVIEWER,)
REFUSABLE: Final = ("rostered", "planned")


class CallForm(forms.Form):
    """A call on a household."""

    on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())
    way = forms.ChoiceField(label=pgettext_lazy("call", "How"), choices=CallWay.choices)
    said = forms.CharField(label=gettext_lazy("What they said"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    promised_on = forms.DateField(label=gettext_lazy("Means to pay by"), widget=DayInput(), required=False)


class CloseForm(forms.Form):
    """The proof a row is closed out with."""

    reference = forms.CharField(
        max_length=LONGEST_REFERENCE, error_messages={"required": gettext_lazy("Nothing is closed out without its proof.")}
    )
    on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())
    paper = forms.FileField(
        label=gettext_lazy("Photograph or scan of it"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png", "capture": "environment"}),
    )
    note = forms.CharField(label=gettext_lazy("Remark"), max_length=200, required=False)

    def __init__(self, row: PlanRow, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["reference"].label = PROOFS[PROOF_OF[row.state]] if row.state in PROOF_OF else ""


def _shown(
    request: PostRequest, row: PlanRow, *, forms_given: dict[str, forms.Form] | None = None, fault: str = "", status: int = 200
) -> HttpResponseBase:
    today, given = clock.today(), forms_given or {}
    [line] = lines_of([row], today)
    course = process_of(row.plan.policy_id)
    published, role = row.plan.state == "published", request.actor.role
    may_close = published and role in CLOSED_BY and row.state in READY
    steps = [
        {"step": step, "label": said(course.transition(step.verb).label)}
        for step in row.steps.order_by("-number")[:30]
        if step.verb in {each.verb for each in course.transitions}
    ]
    closing = row.closings.standing().first()
    proof = given.get("close") or CloseForm(
        row, initial={"on": today, "reference": row.receipt_number if row.state == "credited" else ""}
    )
    context = {
        "row": row,
        "line": line,
        "phone": phone_of(row.person),
        "state": said(course.state(row.state).label),
        "steps": steps,
        "calls": row.calls.all(),
        "closing": closing,
        "earlier": row.closings.exclude(reopened_at=None),
        "call": given.get("call") or CallForm(initial={"on": today, "way": CallWay.VISIT}),
        "may_call": published and role in VILLAGE_ROLES and line.turn.code == "own_part",
        "close": proof if may_close else None,
        "wanted": PROOF_OF.get(row.state),
        "may_reopen": published and role in REOPENED_BY and closing is not None,
        "may_refuse": published and role in REOPENED_BY and row.state in REFUSABLE,
        "key": uuid4().hex,
        "fault": fault,
        "back": f"?plan={row.plan_id}&place={row.region_code}",
    }
    return render(request, "closing_out/person.html", context, status=status)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def shown(request: PostRequest, row_id: int) -> HttpResponseBase:
    """Show one person."""
    return _shown(request, row_for(request.actor, row_id))


def _done(request: PostRequest, row_id: int, words: str) -> HttpResponseBase:
    messages.success(request, words)
    return redirect("closing_out:person", row_id)


@require_POST
@for_posts(*VILLAGE_ROLES)
def call(request: PostRequest, row_id: int) -> HttpResponseBase:
    """Keep a call on the household."""
    row, form = row_for(request.actor, row_id), CallForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, forms_given={"call": form}, status=422)
    given = form.cleaned_data
    with Attempt() as attempt:
        note_call(
            row.pk,
            on=given["on"],
            way=given["way"],
            said=given["said"],
            promised_on=given["promised_on"],
            key=request.POST.get("key", "")[:60] or uuid4().hex,
            actor=request.actor,
            now=clock.now(),
        )
        return _done(request, row_id, _("The call is noted. The task stays until the own part is paid."))
    return _shown(request, row, forms_given={"call": form}, fault=attempt.fault, status=422)


def _too_large(request: HttpRequest) -> HttpResponseBase:
    messages.error(request, _("The file is larger than 10 MB."))
    return redirect(request.path.removesuffix("close/"))


@limited(_too_large, LARGEST_BYTES)
@require_POST
@for_posts(*CLOSED_BY)
def close(request: PostRequest, row_id: int) -> HttpResponseBase:
    """Close the person out with the proof."""
    row = row_for(request.actor, row_id)
    form = CloseForm(row, request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, row, forms_given={"close": form}, status=422)
    given = form.cleaned_data
    sent = given["paper"]
    with Attempt() as attempt:
        close_out(
            row.pk,
            str(PROOF_OF.get(row.state, "receipt")),
            given["reference"],
            on=given["on"],
            note=given["note"],
            paper=Paper(sent.read(), sent.name) if sent else None,
            key=request.POST.get("key", "")[:60] or uuid4().hex,
            actor=request.actor,
            now=clock.now(),
        )
        return _done(request, row_id, _("Closed out."))
    return _shown(request, row, forms_given={"close": form}, fault=attempt.fault, status=422)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def proof(request: PostRequest, row_id: int) -> HttpResponseBase:
    """Show the scan a closing was proved with."""
    closing = row_for(request.actor, row_id).closings.standing().exclude(kept_as="").first()
    if closing is None:
        raise Http404
    return FileResponse(private_folder().joinpath(closing.kept_as).open("rb"))


@require_POST
@for_posts(*REOPENED_BY)
def take_back(request: PostRequest, row_id: int) -> HttpResponseBase:
    """Take a closing back."""
    row = row_for(request.actor, row_id)
    with Attempt() as attempt:
        reopen(row.pk, request.POST.get("reason", ""), actor=request.actor, now=clock.now())
        return _done(request, row_id, _("The closing is taken back: the person is open again."))
    return _shown(request, row, fault=attempt.fault, status=422)


@require_POST
@for_posts(*REOPENED_BY)
def refusal(request: PostRequest, row_id: int) -> HttpResponseBase:
    """Note that the person refuses in writing."""
    row = row_for(request.actor, row_id)
    with Attempt() as attempt:
        note_refusal(row.pk, request.POST.get("paper", ""), on=clock.today(), actor=request.actor, now=clock.now())
        return _done(request, row_id, _("Noted. The person stays in the coverage list as a refusal."))
    return _shown(request, row, fault=attempt.fault, status=422)
