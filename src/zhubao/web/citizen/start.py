"""The first page, and what to know before an application is opened."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhubao.calendars import FOURTH_QUARTER
from zhubao.cases.actions.intake import open_case
from zhubao.cases.models import Case
from zhubao.cases.models.case import Channel
from zhubao.cases.selectors import cases_for
from zhubao.cases.states import process_of
from zhubao.errors import ZhubaoError
from zhubao.people.selectors import insured_records
from zhubao.policies import judge_of
from zhubao.programmes.selectors import area_of_region, policies_in
from zhubao.web.calculator.words import explained, said
from zhubao.web.middleware import CitizenRequest
from zhubao.web.posts import for_citizens

from .asking import asked, stamp, today
from .loans import ended_loans, row_of, running_loans
from .pension import anything_known
from .programmes import PROGRAMMES, Programme
from .words import SCHEMES


@require_GET
@for_citizens
def start(request: CitizenRequest) -> HttpResponseBase:
    """Show the application under way, else the programmes where the person is insured; earlier applications below."""
    cases = list(cases_for(request.actor).order_by("-opened_at"))
    current = next((case for case in cases if case.closed_at is None), None)
    schemes = {record.scheme for record in insured_records(request.person)}
    offered = [
        {"programme": programme, "trial": judge_of(programme.policy_id).policy.trial, "other": other_scheme(programme, schemes)}
        for programme in programmes_for(request)
    ]
    loans = running_loans(request.actor)
    running, over = {loan.case_number for loan in loans}, ended_loans(request.actor)
    context = {
        "current": current,
        "loans": [row_of(loan) for loan in loans],
        "borrows": any(loan.state != "suspended" for loan in loans),
        "state": process_of(current.policy_id).state(current.state) if current else None,
        "offered": offered,
        "earlier": [
            (case, over.get(case.number) or said(process_of(case.policy_id).state(case.state).label))
            for case in cases
            if case is not current and case.number not in running
        ],
        "programmes": PROGRAMMES,
        "resident": anything_known(request.person),
    }
    return render(request, "citizen/start.html", context)


def programmes_for(request: CitizenRequest) -> list[Programme]:
    """Return the loan programmes that reach the place where the person is insured."""
    reaching = {policy.id for policy in policies_in(area_of_region(request.person.region_code))}
    return [programme for programme in PROGRAMMES.values() if programme.policy_id in reaching]


def other_scheme(programme: Programme, schemes: set[str]) -> str:
    """Return in words the scheme the programme is for, when the person's records name only others; "" otherwise."""
    scheme = judge_of(programme.policy_id).policy.scheme
    return "" if not schemes or scheme in schemes else str(SCHEMES[scheme])


@require_http_methods(["GET", "POST"])
@for_citizens
def before(request: CitizenRequest, policy_id: str) -> HttpResponseBase:
    """Say what is needed and how long it takes; by the button open the application. Whoever has one under way is led to it."""
    programme = next((each for each in programmes_for(request) if each.policy_id == policy_id), None)
    if programme is None:
        raise Http404
    route = request.POST.get("route", "")
    fault = ""
    if request.method == "POST":
        if route in dict(programme.routes):
            return _opened(request, policy_id, route)
        fault = _("Choose one of the two.")
    standing = Case.objects.open().filter(person=request.person).first()
    if standing is not None and request.method == "GET":
        return _led_to(request, standing.number)
    context = {
        "programme": programme,
        "route": route,
        "fault": fault,
        "trial": judge_of(policy_id).policy.trial,
        "opens": None
        if policy_id != "rugao-draft" or FOURTH_QUARTER.contains(today(request))
        else FOURTH_QUARTER.opening(today(request)),
        **stamp(),
    }
    return render(request, "citizen/before.html", context, status=422 if fault else 200)


def _opened(request: CitizenRequest, policy_id: str, route: str) -> HttpResponseBase:
    try:
        case = open_case(
            request.person,
            policy_id,
            channel=Channel.ONLINE,
            route=route,
            request=asked(request),
            actor=request.actor,
            now=request.now,
        )
    except ZhubaoError as error:
        if error.code == "E-CASE-OPEN":
            return _led_to(request, error.place)
        if error.code not in ("E-OFFICE", "E-ROUTE"):
            raise
        messages.error(request, explained(error))
        return redirect("citizen:start")
    return redirect("citizen:known", case.number)


def _led_to(request: CitizenRequest, number: str) -> HttpResponseBase:
    messages.warning(
        request, _("You already have an application under way: this one. Finish or withdraw it before you begin another.")
    )
    return redirect("citizen:case", number)
