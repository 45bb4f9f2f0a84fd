"""The months of the demonstration: led on by one or twelve, watched, and read as a table whose every figure opens its list."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.selectors import is_demonstration
from zhubao.demonstration.regions import REGIONS, Region
from zhubao.documents.charts import Chart, debt_over_time
from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text
from zhubao.lending.days import month_number
from zhubao.loans.models import Loan
from zhubao.loans.selectors import loans_for
from zhubao.loans.states import process_of
from zhubao.oversight.months.figures import COLUMNS, lines_of
from zhubao.oversight.months.models import DemonstrationJourney, DemonstrationMonth, MonthFigures
from zhubao.policies import judge_of
from zhubao.procedures.demonstration_cases.offices import LOAN_COUNTIES
from zhubao.procedures.demonstration_months.county import County
from zhubao.procedures.demonstration_months.journey import ask_journey
from zhubao.procedures.jobs import live_months_soon
from zhubao.web.clerk.words import explained, said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

LISTED: Final = 50
SPANS: Final = (1, 12)
Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[PostRequest, Parameters], HttpResponseBase]


def of_a_demonstration(view: View[Parameters]) -> View[Parameters]:
    """Refuse a view, with words, where the data is none of a demonstration."""

    @wraps(view)
    def guarded(request: PostRequest, /, *arguments: Parameters.args, **named: Parameters.kwargs) -> HttpResponseBase:
        if not is_demonstration():
            problem = Text(
                "这里是真实数据：时间不能推进，本页只在演示中可用",
                "this is real data: its clock cannot be moved, and this page is for demonstrations alone",
            )
            raise OutOfScope("demonstration", problem)
        return view(request, *arguments, **named)

    return guarded


@never_cache
@require_GET
@for_posts()
@of_a_demonstration
def everything(request: PostRequest) -> HttpResponseBase:
    """Show the months of a county, what led to them, and how the named loans end; offer to lead it on."""
    counties = counties_for(request.actor)
    here = next((each for each in counties if each.code == request.GET.get("county")), counties[0] if counties else None)
    journey = DemonstrationJourney.objects.filter(finished_at=None).first()
    last = DemonstrationJourney.objects.exclude(finished_at=None).first()
    context: dict[str, Any] = {
        "counties": counties,
        "here": here,
        "today": clock.today(),
        "journey": journey,
        "fault": last.fault if last and not journey else "",
        "spans": SPANS,
    }
    if journey is not None:
        context |= _progress(journey)
    if here is not None:
        rows = list(MonthFigures.objects.filter(region_code=here.code, policy_id=here.policy))
        known = DemonstrationMonth.objects.filter(region_code=here.code).exclude(held="").order_by("-month")
        context |= {
            "title": judge_of(here.policy).policy.title,
            "columns": [column.label for column in COLUMNS.values()],
            "rows": [(row, _cells(row)) for row in reversed(rows)],
            "chart": _chart(rows),
            "endings": _endings(here, request.actor),
            "held": [(each.month, each.held_lines) for each in known[:6]],
        }
    return render(request, "demonstration/months.html", context)


@require_POST
@for_posts()
@of_a_demonstration
def start(request: PostRequest) -> HttpResponseBase:
    """Have the demonstration led on in the background; while that is under way, asking again starts nothing."""
    asked = request.POST.get("months", "")
    months = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 3 else 0
    under_way = DemonstrationJourney.objects.filter(finished_at=None).exists()
    try:
        with transaction.atomic():
            journey = ask_journey(months, actor=request.actor, now=clock.now())
            # Where the work of an earlier request was lost, the same months are put into the queue again: what is done stays done.
            live_months_soon(journey.pk)
    except ZhubaoError as error:
        messages.error(request, explained(error))
    else:
        words = _("The clock is going forward already.") if under_way else _("The clock goes forward; you may leave this page.")
        (messages.info if under_way else messages.success)(request, words)
    return redirect("demonstration:months")


@never_cache
@require_GET
@for_posts()
@of_a_demonstration
def progress(request: PostRequest, journey_id: int) -> HttpResponseBase:
    """Answer the page that waits: how far it is, or to load the whole page once the months are over."""
    journey = DemonstrationJourney.objects.filter(pk=journey_id).first()
    if journey is None:
        raise Http404
    if journey.finished_at is not None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "components/progress.html", _progress(journey))


@never_cache
@require_GET
@for_posts()
@of_a_demonstration
def lines(request: PostRequest, code: str, month: str, figure: str) -> HttpResponseBase:
    """List the loans behind a figure of a month."""
    here = next((each for each in counties_for(request.actor) if each.code == code), None)
    column, first = COLUMNS.get(figure.replace("-", "_")), _month(month)
    if here is None or column is None or first is None:
        raise Http404
    found = lines_of(here.code, here.policy, first)[column.name]
    page = Paginator(found, LISTED).get_page(request.GET.get("page"))
    mine = set(loans_for(request.actor).filter(number__in=[line.loan_number for line in page]).values_list("number", flat=True))
    context = {
        "here": here,
        "title": judge_of(here.policy).policy.title,
        "column": column,
        "month": month,
        "page": page,
        "lines": [(line, line.loan_number in mine) for line in page],
        "money": any(line.fen for line in found),
        "total": sum(line.fen for line in found),
    }
    return render(request, "demonstration/lines.html", context)


def counties_for(actor: Actor) -> list[Region]:
    """Return the loan counties of the demonstration that a post's region is in or covers."""
    counties = [REGIONS[key] for key in LOAN_COUNTIES]
    return [each for each in counties if each.code.startswith(actor.scope) or actor.scope.startswith(each.code)]


def _cells(row: MonthFigures) -> list[dict[str, Any]]:
    """Return the figures of a row in the order of the columns: money, count, and the name that opens the list."""
    return [
        {
            "name": column.name.replace("_", "-"),
            "fen": getattr(row, column.money) if column.money else None,
            "count": getattr(row, column.count) if column.count else None,
        }
        for column in COLUMNS.values()
    ]


def _chart(rows: Sequence[MonthFigures]) -> Chart | None:
    """Return what the borrowers owe at the end of each month; None for fewer than two months."""
    if len(rows) < 2:
        return None
    language: Language = "zh" if (get_language() or "").startswith("zh") else "en"
    return debt_over_time(month_number(rows[0].month), [row.owed_fen for row in rows], (), language)


def _endings(here: Region, actor: Actor) -> list[dict[str, Any]]:
    """Return the borrowers whose loans are to end in a certain way, and how each loan stands."""
    found = County(here.key, date(2000, 1, 1)).planned_endings()
    mine = set(loans_for(actor).filter(pk__in=[loan.pk for loan, _ending in found]).values_list("pk", flat=True))
    return [{"loan": loan, "label": ending.label, "state": _state(loan), "opens": loan.pk in mine} for loan, ending in found]


def _state(loan: Loan) -> dict[str, Any]:
    state = process_of(loan.policy_id).state(loan.state)
    return {"label": said(state.label), "tone": "ok" if state.final else "info"}


def _progress(journey: DemonstrationJourney) -> dict[str, Any]:
    words = _("Months lived, from %(first)s on; the clock stands on %(day)s.")
    return {
        "done": journey.done,
        "total": journey.months,
        "words": words % {"first": f"{journey.first:%Y-%m}", "day": clock.today()},
        "poll": reverse("demonstration:progress", args=[journey.pk]),
    }


def _month(words: str) -> date | None:
    try:
        return date.fromisoformat(f"{words}-01") if len(words) == 7 else None
    except ValueError:
        return None
