"""The decision of a second person: a suspicious roster accepted, findings confirmed together, or one confirmed, changed, rejected."""

from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhubao.access import clock
from zhubao.access.roles import AGENCY_ROLES
from zhubao.errors import ZhubaoError
from zhubao.loans.models import VerificationObjection, VerificationProposal, VerificationRun
from zhubao.loans.models.verification import ProposalState
from zhubao.loans.states import ways_of
from zhubao.loans.verification.budget import horizon_of
from zhubao.loans.verification.deciding import DECIDING_ROLES, LONGEST, accept_roster, confirm, reject, require_may_confirm
from zhubao.loans.verification.objecting import HEARING_ROLES, LONGEST_ANSWER, LONGEST_SAID, answer_objection, may_be_objected_to
from zhubao.loans.verification.words import letter_title, notice_said
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.procedures.jobs import confirm_findings_soon
from zhubao.procedures.verification_run import confirm_found
from zhubao.web.attempts import told_above, told_at
from zhubao.web.cases.steps.framework import DayInput
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import query

from .finding import READING_ROLES, Wanted, found_finding, found_run, shown, wanted_in

AT_ONCE: Final = 200
"""More findings than that are confirmed in the background."""
WORDS: Final = forms.Textarea(attrs={"rows": 3})


class ConfirmForm(forms.Form):
    """From which day, and why where it is another one than proposed."""

    effective_on = forms.DateField(
        label=gettext_lazy("From another day"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Empty: the day proposed for each. Never before today, and with a reason."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, widget=WORDS, max_length=LONGEST)


class DecideForm(ConfirmForm):
    """Confirmed or rejected."""

    decision = forms.ChoiceField(
        label=pgettext_lazy("verification", "Decision"),
        widget=forms.RadioSelect,
        choices=[
            ("confirm", gettext_lazy("confirm the finding")),
            ("reject", gettext_lazy("reject it: the loan stays as it is (with a reason)")),
        ],
    )
    field_order = ("decision", "effective_on", "reason")


class ObjectionForm(forms.Form):
    """What the borrower objected, and the answer."""

    use_required_attribute = False
    said = forms.CharField(label=gettext_lazy("What the borrower objects"), widget=WORDS, max_length=LONGEST_SAID)
    filed_on = forms.DateField(label=gettext_lazy("Day of the objection"), widget=DayInput())
    upheld = forms.ChoiceField(
        label=gettext_lazy("The objection is"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("upheld")), ("no", gettext_lazy("not upheld"))],
    )
    answer = forms.CharField(
        label=pgettext_lazy("verification", "Reasons of the answer"), widget=WORDS, max_length=LONGEST_ANSWER
    )


@require_POST
@for_posts(*DECIDING_ROLES)
def accept(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Accept with a reason that a roster costs so many."""
    run = found_run(request.actor, run_id)
    asked = request.POST
    with told_above(request):
        accept_roster(run.pk, asked.get("certifier", ""), asked.get("reason", ""), actor=request.actor, now=clock.now())
        messages.success(request, _("Noted. The findings can be decided now."))
    return redirect("verification:run", run.pk)


@implements("jx-2.5c", "jx-2.5d", "rg-20a", as_="feature")
@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*DECIDING_ROLES)
def confirm_many(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Show what confirming the findings of a filter changes, for people and for the budget, and do it when it is asked for."""
    run = found_run(request.actor, run_id)
    wanted = wanted_in(request.GET if request.method == "GET" else request.POST)
    waiting = wanted.rows(run).open()
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_at(form, _field_of):
            _confirm(request, run, wanted, waiting.count(), form.cleaned_data)
            return redirect(f"{reverse('verification:run', args=[run.pk])}?{query(wanted.query)}")
    sums = waiting.aggregate(borne=Sum("borne_fen"), after=Sum("borne_after_fen"))
    borne, after = sums["borne"] or 0, sums["after"] or 0
    moving = waiting.moving()
    context = {
        "run": run,
        "policy": said(judge_of(run.policy_id).policy.title),
        "rugao": ways_of(run.policy_id).verifies == "draws",
        "form": form,
        "wanted": wanted,
        "count": waiting.count(),
        "lost": moving.filter(finding="lose").count(),
        "regained": moving.filter(finding="regain").count(),
        "borne_fen": borne,
        "after_fen": after,
        "change_fen": borne - after,
        "moved_fen": abs(borne - after),
        "until": horizon_of(run)[1],
        "rows": [shown(row, run) for row in moving.order_by("pk")[:10]],
    }
    return render(request, "verification/confirm.html", context, status=422 if form.errors else 200)


def _confirm(request: PostRequest, run: VerificationRun, wanted: Wanted, count: int, values: dict[str, Any]) -> None:
    day, reason = values["effective_on"], values["reason"]
    named: dict[str, Any] = {"finding": wanted.finding, "ground": wanted.ground, "certifier": wanted.certifier}
    if count > AT_ONCE:
        require_may_confirm(run.pk, day, reason, actor=request.actor, now=clock.now())
        confirm_findings_soon(run.pk, request.post.pk, **named, effective_on=day.isoformat() if day else "", reason=reason)
        messages.success(request, _("They are being confirmed in the background; load the page again to see how far it is."))
        return
    done, left = confirm_found(run.pk, **named, effective_on=day, reason=reason, actor=request.actor, clock=clock.now)
    words = ngettext("%(count)d finding was confirmed.", "%(count)d findings were confirmed.", done)
    messages.success(request, words % {"count": done})
    if left:
        words = ngettext(
            "%(count)d could not be: its loan has moved on. Open it to see why.",
            "%(count)d could not be: their loans have moved on. Open each to see why.",
            left,
        )
        messages.warning(request, words % {"count": left})


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*READING_ROLES)
def one(request: PostRequest, run_id: int, found_id: int) -> HttpResponseBase:
    """Show a finding with the row of the roster it rests on; who may decide it does so here."""
    run = found_run(request.actor, run_id)
    found = found_finding(run, found_id)
    decides = request.actor.role in DECIDING_ROLES and found.state == ProposalState.PROPOSED and found.finding != "unknown"
    form = DecideForm(request.POST if request.method == "POST" else None, initial={"decision": "confirm"})
    if request.method == "POST" and form.is_valid():
        with told_at(form, _field_of):
            _decide(request, run, found, form.cleaned_data)
            messages.success(request, _("Decided."))
            return redirect("verification:finding", run.pk, found.pk)
    return _shown(request, run, found, form if decides else None, ObjectionForm(initial={"filed_on": clock.today()}))


def _shown(
    request: PostRequest, run: VerificationRun, found: VerificationProposal, form: DecideForm | None, objecting: ObjectionForm
) -> HttpResponseBase:
    """Show a finding with the forms open to the post; what was filled in and refused stands in them."""
    day = found.effective_on or found.proposed_on
    decided = found.state in (ProposalState.CONFIRMED, ProposalState.CHANGED) and found.effective_on is not None
    objection = VerificationObjection.objects.filter(proposal=found).first()
    hears = request.actor.role in HEARING_ROLES and may_be_objected_to(found)
    context = {
        "run": run,
        "policy": said(judge_of(run.policy_id).policy.title),
        "objection": objection,
        "objecting": objecting if hears else None,
        "found": found,
        "shown": shown(found, run),
        "rugao": ways_of(run.policy_id).verifies == "draws",
        "told": notice_said(found, day) if day and found.state != ProposalState.REJECTED else "",
        "identity": found.identity,
        "listing": _list_of(run, found),
        "form": form,
        "own": request.actor.user_id == run.started_user_id,
        "letter": said(letter_title(found)) if decided and request.actor.role in AGENCY_ROLES else "",
        "letter_name": f"verification-{found.year}",
    }
    refused = objecting.errors or (form is not None and form.errors)
    return render(request, "verification/finding.html", context, status=422 if refused else 200)


@require_POST
@for_posts(*HEARING_ROLES)
def objection(request: PostRequest, run_id: int, found_id: int) -> HttpResponseBase:
    """Answer what the borrower objected to a decided finding; refused, the page shows what was written and what is missing."""
    run = found_run(request.actor, run_id)
    found = found_finding(run, found_id)
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return _shown(request, run, found, None, form)
    values = form.cleaned_data
    with told_at(form):
        answer_objection(
            found.pk,
            values["said"],
            values["filed_on"],
            upheld=values["upheld"] == "yes",
            answer=values["answer"],
            actor=request.actor,
            now=clock.now(),
        )
        messages.success(request, _("Answered; the borrower is told."))
        return redirect("verification:finding", run.pk, found.pk)
    return _shown(request, run, found, None, form)


def _decide(request: PostRequest, run: VerificationRun, found: VerificationProposal, values: dict[str, Any]) -> None:
    day: date | None = values["effective_on"]
    reason, actor, now = values["reason"], request.actor, clock.now()
    if values["decision"] == "reject":
        reject(run.pk, [found.pk], reason, actor=actor, now=now)
    else:
        confirm(run.pk, [found.pk], effective_on=day, reason=reason, actor=actor, now=now)


def _list_of(run: VerificationRun, found: VerificationProposal) -> Any:
    """Return the newest list of the category and department the run asked for; None where there is none."""
    rows = run.rosters.filter(category=found.category, certifier=found.certifier).exclude(listing=None)
    return rows.select_related("listing").order_by("-listing__listed_on").first()


def _field_of(error: ZhubaoError) -> str | None:
    return {"E-REASON": "reason", "E-VERIFICATION-DAY": "effective_on"}.get(error.code)
