"""All cases a post may see: searched, narrowed, taken away as a file."""

import re
from typing import Any, Final

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.cases.actions.looking import record_list
from zhubao.cases.models import Case
from zhubao.cases.models.case import CaseQuerySet
from zhubao.cases.selectors import cases_for
from zhubao.cases.states import PROCESSES, process_of
from zhubao.identity import CitizenNumber, normalise, read_number
from zhubao.people.selectors import find
from zhubao.policies import judge_of
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.paging import LongPaginator
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import query

from .finding import CASE_ROLES
from .sheets import MOST_ROWS, sent
from .tabs import tabs
from .words import state_said, state_tone

LISTED: Final = 50
LONGEST_SEARCH: Final = 40
NUMBER = re.compile(r"[A-Z]{2}\d{6}-\d{4}-\d{1,6}")


def _states() -> dict[str, str]:
    """Return the states of every programme by name, each with its label; one name means the same in all of them or is said by the first."""
    found: dict[str, str] = {}
    for process in PROCESSES.values():
        for state in process.states:
            found.setdefault(state.name, said(state.label))
    return found


def _wanted(request: PostRequest) -> dict[str, str]:
    """Return the filter of the address; a word that is no programme or state is passed over."""
    programme, state = request.GET.get("programme", ""), request.GET.get("state", "")
    person = request.GET.get("person", "")
    return {
        "programme": programme if programme in PROCESSES else "",
        "state": state if state in _states() or state == "open" else "",
        "search": request.GET.get("search", "").strip()[:LONGEST_SEARCH],
        "person": person if person.isdecimal() and len(person) < 16 else "",
    }


def _narrowed(request: PostRequest, wanted: dict[str, str]) -> CaseQuerySet:
    cases = cases_for(request.actor)
    if wanted["programme"]:
        cases = cases.filter(policy_id=wanted["programme"])
    if wanted["state"] == "open":
        cases = cases.open()
    elif wanted["state"]:
        cases = cases.filter(state=wanted["state"])
    if wanted["person"]:
        cases = cases.filter(person_id=int(wanted["person"]))
    if wanted["search"]:
        words = wanted["search"]
        upper = normalise(words).upper()
        by_number = bool(re.match(r"[A-Z]{2}\d", upper))
        cases = cases.filter(number__startswith=upper) if by_number else cases.filter(person__name__startswith=words)
    return cases.select_related("person", "agency", "committee", "bank").order_by("-pk")


@require_GET
@for_posts(*CASE_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the cases, the newest first."""
    wanted = _wanted(request)
    page = LongPaginator(_narrowed(request, wanted), LISTED).get_page(request.GET.get("page"))
    programmes = [(policy_id, said(judge_of(policy_id).policy.title)) for policy_id in PROCESSES]
    context = {
        **tabs(request.actor),
        "page": page,
        "rows": [row_of(case) for case in page],
        "wanted": wanted,
        "narrowed": any(wanted.values()),
        "programmes": programmes,
        "states": list(_states().items()),
    }
    return render(request, "cases/all.html", context)


def row_of(case: Case) -> dict[str, Any]:
    """Return what the list shows of a case."""
    return {
        "case": case,
        "office": case.committee or case.agency or case.bank,
        "programme": judge_of(case.policy_id).policy.title,
        "state": state_said(case),
        "tone": state_tone(case),
        "waiting": said(process_of(case.policy_id).state(case.state).waiting),
    }


@require_POST
@for_posts(*CASE_ROLES)
def search(request: PostRequest) -> HttpResponseBase:
    """Find cases by number, name or citizen number; a citizen number never stands in an address."""
    asked = request.POST.get("search", "").strip()[:LONGEST_SEARCH]
    kept = {name: request.POST.get(name, "") for name in ("programme", "state")}
    if isinstance(read_number(asked, clock.today()), CitizenNumber):
        person = find(asked)
        found = list(cases_for(request.actor).filter(person=person).order_by("-pk")[:2]) if person else []
        if len(found) == 1:
            return redirect("cases:case", found[0].number)
        # A person without a case that this post may see, and one that is not registered, look the same.
        return redirect(f"{reverse('cases:all')}?{query({'person': str(found[0].person_id) if found else '0'})}")
    if any(len(digits) > 8 for digits in re.findall(r"\d+", normalise(asked))) and not NUMBER.fullmatch(normalise(asked).upper()):
        # Most of a citizen number, mistyped: it is not put into an address either.
        return redirect(f"{reverse('cases:all')}?person=0")
    if NUMBER.fullmatch(normalise(asked).upper()):
        case = cases_for(request.actor).filter(number=normalise(asked).upper()).first()
        if case is not None:
            return redirect("cases:case", case.number)
    return redirect(f"{reverse('cases:all')}?{query({'search': asked, **kept})}")


@require_GET
@for_posts(*CASE_ROLES)
def export(request: PostRequest) -> HttpResponseBase:
    """Give the cases the filter keeps as a workbook, masked as the page shows them."""
    wanted = _wanted(request)
    cases = _narrowed(request, wanted)[:MOST_ROWS]
    listed = list(cases)
    record_list("cases", len(listed), wanted, actor=request.actor, now=clock.now())
    titles = [
        (_("Number"), 24), (_("Name"), 12), (_("Citizen number"), 22), (_("Programme"), 34), (_("State"), 20), (_("Since"), 12),
        (_("Handed in on"), 12), (_("Agency"), 28), (_("Committee"), 28), (_("Bank"), 28),
    ]  # fmt: skip
    return sent("cases", _("Cases"), titles, (_cells(case) for case in listed))


def _cells(case: Case) -> list[str]:
    offices = [office.name if office else "" for office in (case.agency, case.committee, case.bank)]
    return [
        case.number,
        case.person.masked_name,
        case.person.masked_number,
        said(judge_of(case.policy_id).policy.title),
        state_said(case),
        case.state_since.isoformat(),
        case.filed_on.isoformat() if case.filed_on else "",
        *offices,
    ]
