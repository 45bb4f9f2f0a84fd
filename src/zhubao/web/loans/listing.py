"""The loans a post may see: searched, narrowed, taken away as a file."""

import re
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.cases.actions.looking import record_list
from zhubao.identity import CitizenNumber, normalise, read_number
from zhubao.loans.draws import PAID_OUT
from zhubao.loans.models import Loan
from zhubao.loans.selectors import loans_for
from zhubao.loans.states import PROCESSES
from zhubao.people.selectors import find
from zhubao.policies import judge_of
from zhubao.web.cases.sheets import MOST_ROWS, sent
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import query, yuan

from .finding import LOAN_ROLES, tabs
from .words import state_said, state_tone

LISTED: Final = 50
LONGEST_SEARCH: Final = 40
# A loan's number begins with letters; most of a citizen number, mistyped, must not stand in an address.
NUMBER = re.compile(r"[A-Z]{1,4}[0-9-]*")


def states() -> dict[str, str]:
    """Return the states of every programme by name, each with its label."""
    found: dict[str, str] = {}
    for process in PROCESSES.values():
        for state in process.states:
            found.setdefault(state.name, said(state.label))
    return found


def _wanted(request: PostRequest) -> dict[str, str]:
    """Return the filter of the address; a word that is no programme, state or year is passed over."""
    asked = request.GET
    programme, state, year, person = (asked.get(name, "") for name in ("programme", "state", "year", "person"))
    return {
        "programme": programme if programme in PROCESSES else "",
        "state": state if state in states() else "",
        "year": year if re.fullmatch(r"(19|20)\d\d", year) else "",
        "search": asked.get("search", "").strip()[:LONGEST_SEARCH],
        "person": person if person.isdecimal() and len(person) < 16 else "",
    }


def _narrowed(request: PostRequest, wanted: dict[str, str]) -> QuerySet[Loan]:
    loans: QuerySet[Loan] = loans_for(request.actor)
    if wanted["programme"]:
        loans = loans.filter(policy_id=wanted["programme"])
    if wanted["state"]:
        loans = loans.filter(state=wanted["state"])
    if wanted["year"]:
        drawn = loans.model.objects.filter(tranches__year=int(wanted["year"])).values("pk")
        loans = loans.filter(pk__in=drawn)
    if wanted["person"]:
        loans = loans.filter(person_id=int(wanted["person"]))
    if wanted["search"]:
        words = wanted["search"]
        upper = normalise(words).upper()
        by_number = NUMBER.fullmatch(upper) is not None
        loans = loans.filter(number__startswith=upper) if by_number else loans.filter(person__name__startswith=words)
    paid = Q(tranches__state__in=PAID_OUT)
    return loans.annotate(
        drawn_fen=Coalesce(Sum("tranches__amount_fen", filter=paid), 0), last_year=Max("tranches__year", filter=paid)
    )


@require_GET
@for_posts(*LOAN_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the loans, the newest first."""
    wanted = _wanted(request)
    page = Paginator(_narrowed(request, wanted), LISTED).get_page(request.GET.get("page"))
    context = {
        **tabs(request.actor),
        "page": page,
        "rows": [row_of(loan) for loan in page],
        "wanted": wanted,
        "narrowed": any(wanted.values()),
        "programmes": [(policy_id, said(judge_of(policy_id).policy.title)) for policy_id in PROCESSES],
        "states": list(states().items()),
    }
    return render(request, "loans/all.html", context)


def row_of(loan: Loan) -> dict[str, Any]:
    """Return what the list shows of a loan."""
    return {
        "loan": loan,
        "programme": judge_of(loan.policy_id).policy.title,
        "state": state_said(loan),
        "tone": state_tone(loan),
    }


@require_POST
@for_posts(*LOAN_ROLES)
def search(request: PostRequest) -> HttpResponseBase:
    """Find loans by number, name or citizen number; a citizen number never stands in an address."""
    asked = request.POST.get("search", "").strip()[:LONGEST_SEARCH]
    kept = {name: request.POST.get(name, "") for name in ("programme", "state", "year")}
    address = reverse("loans:all")
    if isinstance(read_number(asked, clock.today()), CitizenNumber):
        person = find(asked)
        found = list(loans_for(request.actor).filter(person=person)[:2]) if person else []
        if len(found) == 1:
            return redirect("loans:loan", found[0].number)
        return redirect(f"{address}?{query({'person': str(found[0].person_id) if found else '0'})}")
    upper = normalise(asked).upper()
    if NUMBER.fullmatch(upper):
        loan = loans_for(request.actor).filter(number=upper).first()
        if loan is not None:
            return redirect("loans:loan", loan.number)
    elif re.search(r"\d{9}", upper):
        return redirect(f"{address}?person=0")
    return redirect(f"{address}?{query({'search': asked, **kept})}")


@require_GET
@for_posts(*LOAN_ROLES)
def export(request: PostRequest) -> HttpResponseBase:
    """Give the loans the filter keeps as a workbook, masked as the page shows them."""
    wanted = _wanted(request)
    loans = list(_narrowed(request, wanted)[:MOST_ROWS])
    record_list("loans", len(loans), wanted, actor=request.actor, now=clock.now())
    titles = [
        (_("Number"), 26), (_("Name"), 12), (_("Citizen number"), 22), (_("Programme"), 34), (_("State"), 18), (_("Signed on"), 12),
        (_("Drawn so far (yuan)"), 16), (_("Last draw"), 10), (_("Bank"), 28), (_("Agency"), 28),
    ]  # fmt: skip
    return sent("loans", _("Loans"), titles, (_cells(loan) for loan in loans))


def _cells(loan: Any) -> list[str]:
    return [
        loan.number,
        loan.person.masked_name,
        loan.person.masked_number,
        said(judge_of(loan.policy_id).policy.title),
        state_said(loan),
        loan.signed_on.isoformat(),
        yuan(loan.drawn_fen),
        str(loan.last_year or ""),
        loan.bank.name,
        loan.agency.name,
    ]
