"""Putting up a notice: who is on it, how it looks on paper, and, as an act of its own, that it hangs."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import Role
from zhubao.calendars import NoticePeriod
from zhubao.cases.actions.committee import notice_days, notice_of, post_notice
from zhubao.cases.models import Case, Decision, PublicNotice, Step
from zhubao.cases.models.review import DecisionKind
from zhubao.cases.stepping import Request
from zhubao.documents.decisions import CommitteeNotice
from zhubao.errors import ZhubaoError
from zhubao.web.cases.steps.framework import DayInput
from zhubao.web.clerk.words import explained
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .hanging import of_period
from .paper import as_pdf, draft_of, sheets_of
from .waiting import Row, hardship_said, village_cases

MOST_ON_A_NOTICE = 200


class Posting(forms.Form):
    """Who is on a notice, and when and where it is to hang."""

    case = forms.TypedMultipleChoiceField(
        label=gettext_lazy("People on the notice"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    posted_on = forms.DateField(label=gettext_lazy("Day it is put up"), widget=DayInput())
    place = forms.CharField(label=gettext_lazy("Where it hangs"), max_length=160)
    phone = forms.CharField(
        label=gettext_lazy("Telephone for objections"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )

    def __init__(self, rows: list[Row], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        people: Any = self.fields["case"]
        people.choices = [
            (row.case.pk, f"{row.case.person.masked_name} · {row.case.person.masked_number} · {row.hardship}") for row in rows
        ]


@dataclass(frozen=True)
class Draft:
    """A notice not put up yet: its cases, the day and place asked for, its days."""

    cases: list[Case]
    found: dict[int, str]
    period: NoticePeriod
    place: str
    phone: str

    def paper(self) -> CommitteeNotice:
        """Return the notice as it would be printed."""
        return draft_of(self.cases, self.found, self.period, place=self.place, phone=self.phone)


def _ready(actor: Actor) -> list[Case]:
    """Return the cases that passed the first review, the oldest first."""
    passed = village_cases(actor).filter(state="first_reviewed").select_related("person", "application", "committee")
    return list(passed.order_by("state_since", "pk")[:MOST_ON_A_NOTICE])


def _found(cases: list[Case]) -> dict[int, str]:
    """Return the hardship the first review found, by case."""
    reviews = Decision.objects.filter(case__in=cases, kind=DecisionKind.COMMITTEE, step__verb="first_review").order_by("pk")
    return dict(reviews.values_list("case_id", "category"))


def _form(actor: Actor, data: QueryDict | None = None) -> tuple[Posting, list[Case], dict[int, str]]:
    cases = _ready(actor)
    found = _found(cases)
    rows = [Row(case, hardship_said(case, found[case.pk]), None) for case in cases]
    if data is not None:
        return Posting(rows, data), cases, found
    last = PublicNotice.objects.filter(committee_id=actor.organisation_id or 0).order_by("-pk").first()
    initial = {
        "case": [case.pk for case in cases],
        "posted_on": clock.today(),
        "place": last.place if last else "",
        "phone": last.phone if last else "",
    }
    return Posting(rows, initial=initial), cases, found


def _draft(form: Posting, cases: list[Case], found: dict[int, str]) -> Draft:
    """Return the draft a valid form asks for; raise what counting its days raises."""
    given = form.cleaned_data
    chosen = [case for case in cases if case.pk in set(given["case"])]
    period = notice_days(chosen[0], given["posted_on"], clock.now())
    return Draft(chosen, found, period, given["place"].strip(), given["phone"].strip())


@require_GET
@for_posts(Role.COMMITTEE_MEMBER)
def choose(request: PostRequest) -> HttpResponseBase:
    """Choose who is on the notice."""
    form, cases, _found_there = _form(request.actor)
    return render(request, "village/choose.html", {"form": form, "cases": cases})


def _previewed(request: PostRequest, data: QueryDict, *, fault: str = "", status: int = 200) -> HttpResponseBase:
    form, cases, found = _form(request.actor, data)
    draft = None
    if form.is_valid():
        try:
            draft = _draft(form, cases, found)
        except ZhubaoError as error:
            form.add_error("posted_on", explained(error))
    if draft is None:
        return render(request, "village/choose.html", {"form": form, "cases": cases, "fault": fault}, status=422)
    today = clock.today()
    asked = data.copy()
    for name in ("csrfmiddlewaretoken", "key", "seen"):
        asked.pop(name, None)
    context = {
        "draft": draft,
        "query": asked.urlencode(),
        "sheets": sheets_of(draft.paper()),
        "wall": of_period(draft.period, today),
        "early": draft.period.posted > today,
        "rows": [Row(case, hardship_said(case, found[case.pk]), None) for case in draft.cases],
        "key": uuid4().hex,
        "today": today,
        "fault": fault,
    }
    return render(request, "village/preview.html", context, status=status)


@require_GET
@for_posts(Role.COMMITTEE_MEMBER)
def preview(request: PostRequest) -> HttpResponseBase:
    """Show the notice as it will be printed, with its days; nothing is written."""
    return _previewed(request, request.GET)


def _drafted(request: PostRequest) -> Draft:
    form, cases, found = _form(request.actor, request.GET)
    try:
        if form.is_valid():
            return _draft(form, cases, found)
    except ZhubaoError as error:
        raise Http404 from error
    raise Http404


@never_cache
@require_GET
@for_posts(Role.COMMITTEE_MEMBER)
def draft_pdf(request: PostRequest) -> HttpResponseBase:
    """Give the draft as paper."""
    return as_pdf(_drafted(request).paper(), "notice")


@never_cache
@require_POST
@for_posts(Role.COMMITTEE_MEMBER)
def posted(request: PostRequest) -> HttpResponseBase:
    """Note that the notice hangs; sent twice, it is noted once."""
    chosen = _numbers(request.POST.getlist("case"))
    seen = dict(pair for pair in map(_pair, request.POST.getlist("seen")) if pair is not None)
    key = request.POST.get("key", "")[:60]
    before = Step.objects.filter(key__in=[f"{key}/{pk}" for pk in chosen], user_id=request.user.pk).select_related("case").first()
    if before is not None:
        return redirect("village:notice", notice_of(before.case).pk)
    # A case the preview did not show as it stands now is one that somebody else moved on.
    if not key or not chosen or set(seen) != set(chosen):
        raise Http404
    try:
        notice = post_notice(
            chosen,
            place=request.POST.get("place", "")[:160],
            phone=request.POST.get("phone", "")[:20],
            posted_on=_day(request.POST.get("posted_on", "")),
            seen=seen,
            request=Request(key),
            actor=request.actor,
            now=clock.now(),
        )
    except OutOfScope:
        raise
    except Case.DoesNotExist as error:
        raise Http404 from error
    except ZhubaoError as error:
        return _refused(request, error)
    messages.success(request, _("It is noted: the notice hangs since %(day)s.") % {"day": notice.posted_on})
    return redirect("village:notice", notice.pk)


def _refused(request: PostRequest, error: ZhubaoError) -> HttpResponseBase:
    """Show the preview again with what is wrong; when somebody was faster, the choice of those who still wait."""
    if error.code != "E-STATE":
        return _previewed(request, request.POST, fault=explained(error), status=422)
    form, cases, _found_there = _form(request.actor)
    return render(request, "village/choose.html", {"form": form, "cases": cases, "fault": explained(error)}, status=409)


def _numbers(words: list[str]) -> list[int]:
    return sorted({int(word) for word in words[:MOST_ON_A_NOTICE] if word.isdecimal() and len(word) < 16})


def _pair(word: str) -> tuple[int, int] | None:
    case, _colon, steps = word.partition(":")
    return (int(case), int(steps)) if case.isdecimal() and steps.isdecimal() and len(word) < 30 else None


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
