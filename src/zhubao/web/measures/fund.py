"""The fund: how much of each year's new surplus was entrusted, against four fifths, and what it returned."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhubao.access import clock
from zhubao.access.actors import OutOfScope
from zhubao.access.roles import Role
from zhubao.documents.charts import Chart
from zhubao.documents.shares import Share, shares_against
from zhubao.oversight.measures.course import READERS
from zhubao.oversight.measures.figures import SURPLUS_QUESTION, enter_fund_year
from zhubao.oversight.measures.indicators import entrusted, reaches, returned, share_ppm
from zhubao.oversight.measures.models import FundYear
from zhubao.oversight.measures.selectors import fund_years
from zhubao.parameters.questions import questions
from zhubao.policies.claims import implements
from zhubao.policies.measures import indicator
from zhubao.web.attempts import told_at
from zhubao.web.cases.sheets import sent
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import yuan

from .forms import FundForm
from .words import figure_said


@implements("gz-9a", "gz-9c", as_="feature")
@require_http_methods(["GET", "POST"])
@for_posts(*READERS)
def years(request: PostRequest) -> HttpResponseBase:
    """Show the years of the county's fund, drawn and in figures; finance enters one."""
    place = request.actor.scope[:6]
    form = FundForm(request.POST or None) if request.actor.role == Role.FINANCE_CLERK and len(place) == 6 else None
    if request.method == "POST":
        if form is None:
            raise OutOfScope.of_region(place, request.actor.scope)
        if form.is_valid() and _entered(request, place, form):
            messages.success(request, _("Entered."))
            return redirect("measures:fund")
    rows = [_row(each) for each in fund_years(place)]
    if request.GET.get("format") == "xlsx":
        return sent(
            "fund", _("Fund"), [(words, 18) for words in _titles()], ([str(cell) for cell in _cells(row)] for row in rows)
        )
    corrected = FundYear.objects.filter(region_code=place).exclude(superseded_at=None).select_related("replaced_by")
    context: dict[str, Any] = {
        "form": form,
        "rows": rows,
        "corrected": [_row(each) for each in corrected.order_by("-year", "-entered_at")],
        "chart": _chart([row for row in rows if row["share_ppm"] is not None]),
        "question": questions()[SURPLUS_QUESTION],
        "open": any(row["row"].provisional for row in rows) or not rows,
    }
    return render(request, "measures/fund.html", context, status=422 if form is not None and form.is_bound else 200)


def _entered(request: PostRequest, place: str, form: FundForm) -> bool:
    values = form.cleaned_data
    with told_at(form):
        enter_fund_year(
            place,
            values["year"],
            values["surplus_fen"],
            values["entrusted_fen"],
            values["document"],
            values["audited_on"],
            gains_fen=values["gains_fen"],
            average_assets_fen=values["average_assets_fen"],
            because=values["because"],
            actor=request.actor,
            now=clock.now(),
        )
        return True
    return False


def _row(row: FundYear) -> dict[str, Any]:
    target = indicator("fund_entrusted").target_ppm or 0
    share, gain = entrusted(row), returned(row)
    return {
        "row": row,
        "share_ppm": share_ppm(share.numerator, share.denominator),
        "share": figure_said(share.numerator, share.denominator, "ppm"),
        "reached": reaches(share.numerator, share.denominator, target),
        "gain": figure_said(gain.numerator, gain.denominator, "ppm") if gain else "",
    }


def _chart(rows: list[dict[str, Any]]) -> Chart | None:
    if not rows:
        return None
    language = "en" if (get_language() or "").startswith("en") else "zh"
    target = indicator("fund_entrusted").target_ppm or 0
    shares = [Share(str(row["row"].year), row["share_ppm"]) for row in rows]
    return shares_against(_("New surplus entrusted for investment"), shares, target, language)  # type: ignore[arg-type]


def _titles() -> list[str]:
    return [
        _("Year"),
        _("Surplus of the year"),
        _("New surplus"),
        _("Entrusted"),
        _("Share"),
        _("Gains"),
        _("Average assets"),
        _("Return"),
        _("Audited accounts (number)"),
        _("Audited on"),
        _("Entered by"),
    ]


def _cells(row: dict[str, Any]) -> list[object]:
    found: FundYear = row["row"]
    return [
        found.year,
        found.surplus_year,
        yuan(found.surplus_fen),
        yuan(found.entrusted_fen),
        row["share"],
        "" if found.gains_fen is None else yuan(found.gains_fen),
        "" if found.average_assets_fen is None else yuan(found.average_assets_fen),
        row["gain"],
        found.document,
        found.audited_on,
        found.actor_name,
    ]
