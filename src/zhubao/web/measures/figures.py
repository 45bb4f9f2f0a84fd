"""The figures units hand in: what stands, what was corrected, and the form of one indicator."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhubao.access import clock
from zhubao.errors import ZhubaoError
from zhubao.oversight.measures.course import READERS
from zhubao.oversight.measures.figures import enter_figure, hands_in
from zhubao.oversight.measures.models import IndicatorFigure
from zhubao.oversight.measures.periods import quarter_of
from zhubao.oversight.measures.selectors import figures_of, measures_for
from zhubao.policies.claims import implements
from zhubao.policies.measures import IndicatorText, indicator, indicators
from zhubao.web.attempts import told_at
from zhubao.web.cases.sheets import sent
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import FigureForm
from .words import UNITS, behind, figure_said

LISTED = 50


def _names(request: PostRequest) -> list[str]:
    """Return the indicators of the measures the post may see that somebody hands in, in the order of the register."""
    seen = {name for row in measures_for(request.actor) for name in row.known.indicators}
    return [name for name, known in indicators().items() if name in seen and known.source == "entered"]


@implements("gz-4a", "gz-4b", "gz-5b", "gz-5c", "gz-11a", "gz-11e", "tl-5.1m", as_="feature")
@require_GET
@for_posts(*READERS)
def handed_in(request: PostRequest) -> HttpResponseBase:
    """List the figures handed in, corrected ones with what stood before; as xlsx where the address asks for it."""
    names = _names(request)
    found = figures_of(request.actor.scope[:6], names)
    if request.GET.get("format") == "xlsx":
        return sent("figures", _("Figures"), _titles(), (_cells(row) for row in found))
    page = Paginator(found, LISTED).get_page(request.GET.get("page"))
    mine = [(name, said(indicator(name).label)) for name in names if hands_in(indicator(name), request.actor)]
    context = {"page": page, "rows": [(row, *_shown(row)) for row in page], "mine": mine}
    return render(request, "measures/figures.html", context)


@require_http_methods(["GET", "POST"])
@for_posts(*READERS)
def enter(request: PostRequest, name: str) -> HttpResponseBase:
    """Hand in one figure, or correct it with a reason."""
    try:
        known = indicator(name)
    except ZhubaoError:
        raise Http404 from None
    if not hands_in(known, request.actor):
        raise Http404
    # What is handed in is mostly the quarter, or the year, that has just ended.
    day = quarter_of(clock.today())[0] - timedelta(days=1)
    form = FigureForm(known, request.POST or None, initial={"day": day})
    if request.method == "POST" and form.is_valid() and _entered(request, known, form):
        messages.success(request, _("Entered."))
        return redirect("measures:figures")
    status = 422 if form.is_bound else 200
    rows = [(row, *_shown(row)) for row in figures_of(request.actor.scope[:6], [name])[:12]]
    return render(request, "measures/enter.html", {"known": known, "form": form, "rows": rows}, status=status)


def _entered(request: PostRequest, known: IndicatorText, form: FigureForm) -> bool:
    values = form.cleaned_data
    with told_at(form):
        enter_figure(
            request.actor.scope[:6],
            known.name,
            values["day"],
            values["numerator"],
            values["document"],
            part=form.part_said,
            denominator=values.get("denominator"),
            because=values["because"],
            actor=request.actor,
            now=clock.now(),
        )
        return True
    return False


def _shown(row: IndicatorFigure) -> tuple[str, str, str, str]:
    known = row.known
    part = said(dict(known.parts)[row.part]) if row.part in dict(known.parts) else row.part
    label = f"{said(known.label)}{': ' + part if part else ''}"
    value = figure_said(row.numerator, row.denominator, known.unit)
    return label, value, str(UNITS[known.unit]), behind(row.numerator, row.denominator, known.unit)


def _titles() -> list[tuple[str, int]]:
    return [
        (_("Indicator"), 40),
        (_("Period from"), 12),
        (_("Period to"), 12),
        (_("Reported figure"), 16),
        (_("Unit of measure"), 10),
        (_("Made up of"), 20),
        (_("Document or register"), 30),
        (_("Unit"), 30),
        (_("Entered by"), 12),
        (_("Entered on"), 12),
        (_("Why corrected"), 30),
        (_("Stands"), 8),
    ]


def _cells(row: IndicatorFigure) -> list[str]:
    label, value, unit, made_of = _shown(row)
    return [
        label,
        str(row.period_from),
        str(row.period_to),
        value,
        unit,
        made_of,
        row.document,
        row.unit.name if row.unit else "",
        row.actor_name,
        f"{row.entered_at:%Y-%m-%d}",
        row.because,
        _("no, corrected") if row.superseded_at else _("yes"),
    ]
