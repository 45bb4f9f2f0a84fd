"""Yearly renewals: whose are still to be filed, filing one, and its way to the agency's decision."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhubao.access import clock
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import Role
from zhubao.calendars import FOURTH_QUARTER
from zhubao.cases.actions import renewal as in_the_case
from zhubao.cases.models import Case, Renewal, RenewalStep
from zhubao.cases.selectors import case_for
from zhubao.cases.states import RENEWAL
from zhubao.cases.stepping import check_who
from zhubao.errors import ZhubaoError
from zhubao.identity import mask_phone
from zhubao.loans.models import Loan
from zhubao.people.selectors import phone_at
from zhubao.procedures import renewal_decided
from zhubao.web.attempts import told_at
from zhubao.web.cases.finding import CASE_ROLES, found_case
from zhubao.web.cases.steps.framework import Asked, StepForm, Values
from zhubao.web.cases.verdict import sheet_now, sheet_then
from zhubao.web.clerk.words import explained, said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.workflow import Transition

from .renewal_forms import DecideRenewal, FileRenewal, ProposeRenewal, ReviewRenewal, WithdrawRenewal
from .waiting import hardship_said, not_filed, renewals_of, to_renew

LISTED: Final = 30
FILES: Final = (Role.COMMITTEE_MEMBER, Role.AGENCY_INTAKE)
SEES_THE_LIST: Final = (
    Role.COMMITTEE_MEMBER,
    Role.TOWNSHIP_CLERK,
    Role.AGENCY_INTAKE,
    Role.AGENCY_REVIEWER,
    Role.AGENCY_APPROVER,
)
# States of a loan in which a renewal may be filed for it.
READY: Final = ("recorded", "suspended")
TONES: Final = {"granted": "ok", "suspended": "bad", "withdrawn": ""}


def _review(renewal: Renewal, values: Values, asked: Asked, form: Any) -> Renewal:
    agrees = values["agrees"] == "yes"
    return in_the_case.review(renewal.pk, agrees=agrees, signature=form.signature(), opinion=values["opinion"], **asked)


def _propose(renewal: Renewal, values: Values, asked: Asked, _form: Any) -> Renewal:
    return in_the_case.propose(renewal.pk, reason=values["reason"], **asked)


def _decide(renewal: Renewal, values: Values, asked: Asked, _form: Any) -> Renewal:
    because = values["because"] if values["outcome"] == "suspended" else ""
    return renewal_decided.decide_renewal(renewal.pk, values["outcome"], because=because, reason=values["reason"], **asked)


def _withdraw(renewal: Renewal, values: Values, asked: Asked, _form: Any) -> Renewal:
    return renewal_decided.withdraw_renewal(renewal.pk, reason=values["reason"], **asked)


STEPS: Final[dict[str, tuple[type[StepForm], Callable[[Renewal, Values, Asked, Any], Renewal]]]] = {
    "review": (ReviewRenewal, _review),
    "propose": (ProposeRenewal, _propose),
    "decide": (DecideRenewal, _decide),
    "withdraw": (WithdrawRenewal, _withdraw),
}


@dataclass(frozen=True)
class ToRenew:
    """A loan whose year ahead needs a renewal: the renewal filed for it, or whether one can be filed now."""

    loan: Loan
    case_number: str
    renewal: Renewal | None
    ready: bool


@require_GET
@for_posts(*SEES_THE_LIST)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the loans that go on next year, those nobody filed for first."""
    today = clock.today()
    year = today.year + 1
    loans = to_renew(request.actor, year)
    missing = not_filed(loans, year)
    only = request.GET.get("filed", "")
    shown = loans.filter(number__in=missing) if only != "1" else loans.exclude(number__in=missing)
    page = Paginator(shown.select_related("person"), LISTED).get_page(request.GET.get("page"))
    filed = Renewal.objects.filter(loan_number__in=[loan.number for loan in page], year=year).exclude(state="withdrawn")
    by_loan = {each.loan_number: each for each in filed}
    waiting = renewals_of(request.actor).filter(state__in=_waits_for(request.actor)).select_related("case__person")
    context = {
        "year": year,
        "season": FOURTH_QUARTER.contains(today),
        "opens": FOURTH_QUARTER.opening(today),
        "page": page,
        "rows": [ToRenew(loan, loan.case_number, by_loan.get(loan.number), loan.state in READY) for loan in page],
        "missing": len(missing),
        "filed": loans.count() - len(missing),
        "only_filed": only == "1",
        "waiting": list(waiting.order_by("state_since", "pk")[:LISTED]),
        "may_file": request.actor.role in FILES,
    }
    return render(request, "village/renewals.html", context)


def _waits_for(actor: Actor) -> list[str]:
    """Return the states in which a renewal waits for a post."""
    return [state for row in RENEWAL.transitions if row.waits and actor.role in row.posts for state in row.start]


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*FILES)
def file(request: PostRequest, number: str) -> HttpResponseBase:
    """Take in the second form for the loan of a case."""
    case = found_case(request.actor, number)
    if request.method == "GET":
        initial = {
            "seen": case.steps_taken,
            "key": uuid4().hex,
            "category": case.application.category,
            "signed_on": clock.today(),
            "address": case.person.address or case.application.address,
        }
        return _filing(request, case, FileRenewal(case, request.actor, initial=initial))
    earlier = RenewalStep.objects.filter(key=request.POST.get("key", ""), verb="file", user_id=request.user.pk)
    form = FileRenewal(case, request.actor, request.POST)
    if not form.is_valid():
        return _filing(request, case, form, 422)
    given = form.cleaned_data
    repeated = earlier.exists()
    try:
        renewal = renewal_decided.file_renewal(
            case.pk,
            given["year"],
            category=given["category"],
            asked_fen=given["asked"],
            signed_on=given["signed_on"],
            late_reason=given["late_reason"],
            phone=given["phone"],
            address=given["address"],
            request=form.asked_for(),
            actor=request.actor,
            now=clock.now(),
        )
    except OutOfScope:
        raise
    except ZhubaoError as error:
        places = {
            "E-AMOUNT": "asked",
            "E-WINDOW": "late_reason",
            "E-OPINION": "signed_on",
            "E-CATEGORY": "category",
            "E-PHONE": "phone",
        }
        form.add_error(places.get(error.code), explained(error))
        return _filing(request, case, form, 409 if error.code in ("E-STATE", "E-RENEWAL-TWICE") else 422)
    if not repeated:
        messages.success(request, _("The renewal is filed; the committee's opinion comes next."))
    return redirect("village:renewal", renewal.loan_number, renewal.year)


def _filing(request: PostRequest, case: Case, form: FileRenewal, status: int = 200) -> HttpResponse:
    today, now = clock.today(), clock.now()
    loan = Loan.objects.filter(case_number=case.number).first()
    before = Renewal.objects.filter(case=case).exclude(state="withdrawn")
    context = {
        "case": case,
        "loan": loan,
        "phone": masked_phone(case),
        "form": form,
        "nth": before.count() + 1,
        "before": list(before),
        "needs": [(year, in_the_case.need_of(case, year, today, now)) for year in (today.year + 1, today.year)],
        "season": FOURTH_QUARTER.contains(today),
        "opens": FOURTH_QUARTER.opening(today),
        "today": today,
    }
    return render(request, "village/file_renewal.html", context, status=status)


def masked_phone(case: Case, at: datetime | None = None) -> str:
    """Return the borrower's telephone number at a moment, now by default, masked: that on record, else that of the application."""
    recorded = phone_at(case.person, at or clock.now())
    return recorded.masked if recorded else mask_phone(case.application.phone)


def found_renewal(actor: Actor, loan: str, year: int) -> Renewal:
    """Return the newest renewal of a loan for a year; Http404 for none, OutOfScope for one that is not the post's."""
    renewal = Renewal.objects.filter(loan_number=loan, year=year).select_related("snapshot", "case").order_by("-pk").first()
    if renewal is None:
        raise Http404
    try:
        renewal.case = case_for(actor, renewal.case.number)
    except Case.DoesNotExist as error:
        raise Http404 from error
    return renewal


def _offered(renewal: Renewal, history: list[RenewalStep], actor: Actor) -> tuple[list[Transition], str]:
    """Return the steps a post may take now, and why one that waits for it is for another person."""
    rows, barred = [], ""
    for row in RENEWAL.open_to(renewal.state, actor.role):
        if row.verb not in STEPS:
            continue
        try:
            check_who(renewal.case, row, actor)
        except ZhubaoError as error:
            barred = explained(error) if row.waits else barred
            continue
        if any(step.verb in row.apart_from and step.user_id == actor.user_id for step in history):
            barred = _("“%(step)s” is for another person: you took an earlier step of this renewal.") % {"step": said(row.label)}
            continue
        rows.append(row)
    return rows, barred


def _page(request: PostRequest, renewal: Renewal, bound: tuple[str, StepForm] | None = None, status: int = 200) -> HttpResponse:
    actor, case = request.actor, renewal.case
    history = list(renewal.steps.select_related("post__organisation"))
    rows, barred = _offered(renewal, history, actor)
    forms: list[tuple[Transition, StepForm]] = []
    for row in rows:
        if bound and bound[0] == row.verb:
            forms.append((row, bound[1]))
        else:
            initial = {"seen": renewal.steps_taken, "key": uuid4().hex}
            forms.append((row, STEPS[row.verb][0](case, actor, initial=initial, auto_id=f"{row.verb}_%s")))
    today, now = clock.today(), clock.now()
    sheet: dict[str, Any] = {}
    if not RENEWAL.state(renewal.state).final and actor.role in SEES_THE_LIST:
        sheet = sheet_then(renewal.snapshot) if renewal.snapshot else sheet_now(case, today, now)
    context = {
        "renewal": renewal,
        "case": case,
        "state": RENEWAL.state(renewal.state),
        "tone": TONES.get(renewal.state, "info"),
        "hardship": hardship_said(case, renewal.category),
        "forms": forms,
        "barred": barred,
        "phone": masked_phone(case, history[0].at if history else None),
        "history": [(step, RENEWAL.transition(step.verb).label) for step in history],
        "need": None if renewal.amount_fen else in_the_case.need_of(case, renewal.year, today, now),
        "frozen": renewal.snapshot is not None,
        **sheet,
    }
    return render(request, "village/renewal.html", context, status=status)


@require_GET
@for_posts(*CASE_ROLES)
def one(request: PostRequest, loan: str, year: int) -> HttpResponseBase:
    """Show a renewal and what the post may do with it."""
    return _page(request, found_renewal(request.actor, loan, year))


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*CASE_ROLES)
def take(request: PostRequest, loan: str, year: int, verb: str) -> HttpResponseBase:
    """Take a step of a renewal; asked for by address alone, its page."""
    renewal = found_renewal(request.actor, loan, year)
    if verb not in STEPS:
        raise Http404
    if request.method == "GET":
        return redirect("village:renewal", loan, year)
    posted, kind, act = request.POST, *STEPS[verb]
    if RenewalStep.objects.filter(renewal=renewal, key=posted.get("key", ""), verb=verb, user_id=request.user.pk).exists():
        return redirect("village:renewal", loan, year)
    form = kind(renewal.case, request.actor, posted, auto_id=f"{verb}_%s")
    if renewal.state in RENEWAL.transition(verb).start and not form.is_valid():
        return _page(request, renewal, (verb, form), 422)
    if not form.is_valid():
        return _overtaken(request, renewal)
    with told_at(form, lambda error: error.place) as attempt:
        asked: Asked = {"request": form.asked_for(), "actor": request.actor, "now": clock.now()}
        renewal = act(renewal, form.cleaned_data, asked, form)
        words = _("%(name)s: %(step)s — done. Now: %(state)s.")
        state, row = RENEWAL.state(renewal.state), RENEWAL.transition(verb)
        told = {"name": renewal.case.person.masked_name, "step": said(row.label), "state": said(state.label)}
        messages.success(request, words % told)
        return redirect("village:renewal", loan, year)
    if attempt.overtaken:
        return _overtaken(request, renewal)
    return _page(request, found_renewal(request.actor, loan, year), (verb, form), 422)


def _overtaken(request: PostRequest, renewal: Renewal) -> HttpResponse:
    """Say who was faster and how the renewal stands now; nothing was written."""
    last = renewal.steps.select_related("post__organisation").order_by("-number").first()
    fresh = Renewal.objects.get(pk=renewal.pk)
    context = {
        "renewal": fresh,
        "last": last,
        "did": RENEWAL.transition(last.verb).label if last else None,
        "state": RENEWAL.state(fresh.state),
    }
    return render(request, "village/renewal_overtaken.html", context, status=409)
