"""One application on the phone: what the applicant says, household, papers, what is still missing, and the committee's steps."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.cases.actions import intake
from zhubao.cases.actions.committee import lives_elsewhere
from zhubao.cases.models import Attachment, Case, PublicNotice
from zhubao.cases.papers import Paper, papers_of
from zhubao.cases.selectors import steps_open_to
from zhubao.cases.states import process_of
from zhubao.web.attempts import told_above
from zhubao.web.cases.finding import found_case
from zhubao.web.cases.steps.committee import conditions, hardships
from zhubao.web.cases.steps.framework import StepForm, page_of
from zhubao.web.cases.taking import Taking
from zhubao.web.cases.verdict import sheet_now
from zhubao.web.cases.words import application_rows, state_tone
from zhubao.web.clerk.words import said
from zhubao.web.documents.to_print import papers_to_print
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .hanging import Hanging, hanging
from .start import OF_THE_VILLAGE

# Steps with a page here; the others are taken on the page of the case.
ON_THE_PHONE: Final = frozenset({"first_review", "return", "object", "investigate", "sign_opinion"})
INLINE: Final = frozenset({"first_review", "return"})


@dataclass(frozen=True)
class PaperShown:
    """A paper the programme asks for: the scans that came, and the day its original was seen."""

    paper: Paper
    scans: list[Attachment]
    seen: Attachment | None

    @property
    def there(self) -> bool:
        """Whether it was brought as it has to be."""
        return self.seen is not None or (bool(self.scans) and not self.paper.original)


def papers_shown(case: Case) -> list[PaperShown]:
    """Return what the hardship applied for asks for, then whatever else came."""
    standing = list(case.attachments.filter(removed_at=None))
    wanted = papers_of(case, case.application.category)
    return [
        PaperShown(
            paper,
            [each for each in standing if each.kind == paper.kind and each.stored_as],
            next((each for each in standing if each.kind == paper.kind and each.original_seen_on), None),
        )
        for paper in wanted
    ]


def notice_naming(case: Case) -> PublicNotice | None:
    """Return the newest notice that names a case; None for none."""
    return PublicNotice.objects.filter(lines__case=case).order_by("-pk").first()


def sheet_of(case: Case, actor: Actor) -> dict[str, Any]:
    """Return what the page of a case shows."""
    today, now = clock.today(), clock.now()
    process = process_of(case.policy_id)
    notice = notice_naming(case)
    wall = hanging(notice, today) if notice else None
    may = {row.verb for row in steps_open_to(case, actor)}
    return {
        "case": case,
        "state": process.state(case.state),
        "tone": state_tone(case),
        "may": may,
        "fields": application_rows(case.application),
        "family": list(case.family.all()),
        "papers": papers_shown(case),
        "may_see_papers": actor.role == Role.COMMITTEE_MEMBER and case.closed_at is None,
        "sheet": sheet_now(case, today, now),
        "objections": list(case.objections.filter(against="notice")),
        "notice": notice,
        "wall": wall,
        "elsewhere": lives_elsewhere(case),
        "hardships": hardships(case),
        "conditions": conditions(case),
        "keys": {name: uuid4().hex for name in ("pass", "return", "reject")},
        "signing": why_not_signed(case, wall),
        "to_print": papers_to_print(case, actor),
        "today": today,
    }


def why_not_signed(case: Case, wall: Hanging | None) -> str:
    """Return why the opinion cannot be signed today, with the first day on which it can; "" when it can."""
    if case.state == "objection":
        return _("An objection is open. The signature waits until the agency has decided it; the days of the notice run on.")
    if case.state == "public_notice" and wall is not None and not wall.may_be_signed:
        return _(
            "Not yet. Posted on %(posted)s, which does not count; the seven full days are %(first)s to %(last)s. You can sign from "
            "%(day)s on."
        ) % {"posted": wall.posted_on, "first": wall.first_day, "last": wall.last_day, "day": wall.sign_from}
    return ""


@require_GET
@for_posts(*OF_THE_VILLAGE)
def one(request: PostRequest, number: str) -> HttpResponseBase:
    """Show an application; name and number stay masked."""
    case = found_case(request.actor, number)
    return render(request, "village/case.html", sheet_of(case, request.actor))


@require_POST
@for_posts(Role.COMMITTEE_MEMBER)
def see_original(request: PostRequest, number: str) -> HttpResponseBase:
    """Note that the original of a paper was seen today; a second note changes nothing."""
    case = found_case(request.actor, number)
    with told_above(request):
        intake.see_original(case.pk, request.POST.get("kind", ""), actor=request.actor, now=clock.now())
    return redirect("village:case", number)


@dataclass(frozen=True)
class Step(Taking):
    """A step of the committee or the township, asked for on the phone."""

    def answer(self) -> HttpResponseBase:
        """Show the form or take the step; a signature that has to wait is not even asked for."""
        waits = self.row.verb == "sign_opinion" and self.case.state in ("public_notice", "objection")
        notice = notice_naming(self.case) if waits else None
        why = why_not_signed(self.case, hanging(notice, clock.today())) if notice else ""
        if self.request.method == "GET" and why:
            return render(self.request, "village/not_yet.html", {**sheet_of(self.case, self.request.actor), "why": why})
        if self.request.method == "GET" and self.row.verb in INLINE:
            return redirect("village:case", self.case.number)
        return super().answer()

    def _shown(self, form: StepForm, *, fault: str = "", status: int = 200) -> HttpResponse:
        context = {**sheet_of(self.case, self.request.actor), "row": self.row, "form": form, "fault": fault}
        template = "village/case.html" if self.row.verb in INLINE else "village/step.html"
        return render(self.request, template, context, status=status)

    def _done(self) -> HttpResponseBase:
        case = Case.objects.select_related("person").get(pk=self.case.pk)
        state = process_of(case.policy_id).state(case.state)
        words = _("%(name)s: %(step)s — done. Now: %(state)s.")
        told = {"name": case.person.masked_name, "step": said(self.row.label), "state": said(state.label)}
        messages.success(self.request, words % told)
        if self.row.verb in INLINE or self.request.actor.role == Role.COMMITTEE_MEMBER:
            return redirect("village:start")
        return redirect("village:case", case.number)


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*OF_THE_VILLAGE)
def take(request: PostRequest, number: str, verb: str) -> HttpResponseBase:
    """Show the form of a step, or take it."""
    case = found_case(request.actor, number)
    page = page_of(case.policy_id, verb)
    row = next((row for row in process_of(case.policy_id).transitions if row.verb == verb), None)
    if verb not in ON_THE_PHONE or row is None or page is None:
        raise Http404
    return Step(request, case, row, page).answer()
