"""Taking a step: its form, what comes back when somebody was faster, and what comes back when it is refused."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhubao.access import clock
from zhubao.cases.models import Case, Step
from zhubao.cases.selectors import cases_for, history_of
from zhubao.cases.states import process_of
from zhubao.cases.stepping import check_who
from zhubao.web.attempts import Attempt, told_at
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.workflow import Transition

from . import steps as _every_form  # noqa: F401 - reads the forms in
from .finding import CASE_ROLES, found_case
from .steps.framework import StepForm, StepPage, page_of
from .verdict import sheet_now, sheet_then
from .words import OUTCOMES


@dataclass(frozen=True)
class Taking:
    """A step somebody asks for: the case, the row of the table, the form it has."""

    request: PostRequest
    case: Case
    row: Transition
    page: StepPage

    def answer(self) -> HttpResponseBase:
        """Show the form, or take the step and go back to the case."""
        return self._ask() if self.request.method == "GET" else self._take()

    def _ask(self) -> HttpResponseBase:
        if self.case.state not in self.row.start:
            return self._overtaken()
        with Attempt() as attempt:
            check_who(self.case, self.row, self.request.actor)
        form = self.page.form(
            self.case, self.request.actor, initial={"seen": self.case.steps_taken, "key": uuid4().hex}, auto_id="step_%s"
        )
        return self._shown(form, fault=attempt.fault)

    def _take(self) -> HttpResponseBase:
        posted = self.request.POST
        key = posted.get("key", "")
        # A step taken for several cases at once keeps one key for each of them.
        if Step.objects.filter(
            case=self.case,
            key__in=[key, f"{key}/{self.case.pk}"],
            verb=self.row.verb,
            user_id=self.request.actor.user_id or 0,
        ).exists():
            return self._done()
        if self.case.state not in self.row.start or posted.get("seen") != str(self.case.steps_taken):
            return self._overtaken()
        form = self.page.form(self.case, self.request.actor, posted, self.request.FILES, auto_id="step_%s")
        if not form.is_valid():
            return self._shown(form, status=422)
        with told_at(form, lambda error: error.place) as attempt:
            self.page.act(
                self.case,
                form.cleaned_data,
                {"request": form.asked_for(), "actor": self.request.actor, "now": clock.now()},
            )
            return self._done()
        return self._overtaken() if attempt.overtaken else self._shown(form, status=422)

    def _shown(self, form: StepForm, *, fault: str = "", status: int = 200) -> HttpResponse:
        today = clock.today()
        proposal = None
        sheet: dict[str, Any] = {}
        if form.shows_clauses:
            proposal = self.case.proposals.select_related("step", "snapshot").last()
            if form.as_proposed and proposal is not None:
                sheet = {**sheet_then(proposal.snapshot), "frozen_on": proposal.snapshot.on}
            else:
                sheet = sheet_now(self.case, today, clock.now())
        context: dict[str, Any] = {
            "case": self.case,
            "row": self.row,
            "form": form,
            "fault": fault,
            "state": process_of(self.case.policy_id).state(self.case.state),
            "proposal": proposal,
            "proposed_outcomes": [OUTCOMES[proposal.outcome], OUTCOMES.get(proposal.subsidy, "")] if proposal else [],
            **sheet,
        }
        return render(self.request, "cases/step.html", context, status=status)

    def _overtaken(self) -> HttpResponse:
        """Say who was faster, with what, and how the case stands now; nothing was written."""
        case = Case.objects.select_related("person").get(pk=self.case.pk)
        process = process_of(case.policy_id)
        last = history_of(case).last()
        context = {
            "case": case,
            "row": self.row,
            "last": last,
            "did": process.transition(last.verb).label if last else None,
            "state": process.state(case.state),
            "still_open": case.state in self.row.start,
        }
        return render(self.request, "cases/overtaken.html", context, status=409)

    def _done(self) -> HttpResponseBase:
        case = Case.objects.get(pk=self.case.pk)
        state = process_of(case.policy_id).state(case.state)
        words = _("%(case)s: “%(step)s” is done. It now stands at “%(state)s”.")
        messages.success(self.request, words % {"case": case.number, "step": said(self.row.label), "state": said(state.label)})
        if cases_for(self.request.actor).filter(pk=case.pk).exists():
            return redirect("cases:case", case.number)
        return redirect("cases:queue")


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*CASE_ROLES)
def take(request: PostRequest, number: str, verb: str) -> HttpResponseBase:
    """Show the form of a step; with POST, take it."""
    case = found_case(request.actor, number)
    process = process_of(case.policy_id)
    row = next((row for row in process.transitions if row.verb == verb), None)
    page = page_of(case.policy_id, verb)
    if row is None or page is None:
        raise Http404
    return Taking(request, case, row, page).answer()
