"""The public page of guidance: a GET address is the whole case; nothing is stored."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.accounts.subsidies.table import SubsidyTable, table_of
from zhubao.documents.guidance import GuidanceLeaflet, WaySaid
from zhubao.errors import ZhubaoError
from zhubao.web.calculator.book import public_book
from zhubao.web.calculator.forms import fields_in_error
from zhubao.web.calculator.views import nothing_kept
from zhubao.web.calculator.words import explained, yuan_said

from .forms import GuidanceForm, typed
from .places import PLACES, Place
from .ways import Guidance, Way, guidance


@require_GET
def index(request: HttpRequest) -> HttpResponseBase:
    """Go to the first place; the others are tabs of it."""
    return redirect("guidance:place", next(iter(PLACES)))


@require_GET
@nothing_kept
def place(request: HttpRequest, place_id: str) -> HttpResponseBase:
    """Show the questions with the ways side by side; to a request of htmx only the answer."""
    here, form, found = reckoned(request, place_id)
    partial = bool(getattr(request, "htmx", False))
    context: dict[str, Any] = {
        "place": here,
        "places": PLACES.values(),
        "form": form,
        "faults": fields_in_error(form),
        "found": found,
        "lowest": _least(found),
        "highest": _most(found),
        "example": not request.GET,
        "query": form.query(),
        "address": request.build_absolute_uri(address(here, form)),
        "partial": partial,
    }
    return render(request, "guidance/answer.html" if partial else "guidance/place.html", context)


@require_GET
@nothing_kept
def leaflet(request: HttpRequest, place_id: str) -> HttpResponseBase:
    """Send the case as a sheet of A4, always in Chinese; a case that cannot be reckoned goes back to its form."""
    with translation.override("zh-hans"):
        here, form, found = reckoned(request, place_id)
        if found is None:
            return redirect(address(here, form))
        printed = leaflet_of(here, form, found, request.build_absolute_uri(address(here, form)))
    from zhubao.documents import typeset

    answered = HttpResponse(typeset(printed), content_type="application/pdf")
    answered.headers["Content-Disposition"] = f'attachment; filename="guidance-{here.id}-{printed.date.isoformat()}.pdf"'
    return answered


def reckoned(request: HttpRequest, place_id: str) -> tuple[Place, GuidanceForm, Guidance | None]:
    """Return the place, the form as typed, and the ways; None when a field is at fault."""
    here = PLACES.get(place_id)
    if here is None:
        raise Http404
    form = GuidanceForm(here, typed(request.GET, clock.today()))
    if not form.is_valid():
        return here, form, None
    try:
        return here, form, guidance(here, form.cleaned_data, public_book(), _subsidies(here))
    except ZhubaoError as error:
        form.add_error(None, explained(error))
        return here, form, None


def _subsidies(here: Place) -> SubsidyTable | None:
    """Return the place's subsidies by tier; None where nobody has entered any."""
    table = table_of(here.area_code)
    return table if table.rows else None


def address(here: Place, form: GuidanceForm) -> str:
    """Return the address that brings the case back."""
    return f"{reverse('guidance:place', args=[here.id])}?{form.query()}"


def leaflet_of(here: Place, form: GuidanceForm, found: Guidance, link: str) -> GuidanceLeaflet:
    """Return the sheet; everything on it stands on the page too."""
    answers = []
    for field in form:
        chosen = form.data.getlist(field.name) if hasattr(form.data, "getlist") else [form.data.get(field.name, "")]
        choices = dict(getattr(field.field, "choices", []))
        words = "、".join(str(choices.get(each, each)) for each in chosen if each)
        answers.append((str(field.label), words or "未填"))
    notes = [
        f"{label}：{value}（{source}{'，未经核实' if mark == 'unverified' else ''}）"
        for label, value, source, mark in found.figures
    ]
    notes.append("养老金按现行标准和最低缴费指数测算，不计今后上调；能否享受帮扶由经办机构和主管部门决定。")
    notes.append(link)
    return GuidanceLeaflet(
        date=form.cleaned_data["on"],
        place=here.name.zh,
        answers=tuple(answers),
        ways=tuple(WaySaid(way.title, lines_of(way)) for way in found.ways),
        notes=tuple(notes),
    )


def lines_of(way: Way) -> tuple[str, ...]:
    """Return one way in a few lines of Chinese."""
    lines = [f"{way.verdict}。{way.sentence}"]
    if way.cost_fen is not None:
        share = f"，{way.share}" if way.share else ""
        lines.append(f"自己付：{yuan_said(way.cost_fen)}（{way.cost_said}）{share}")
    lines += [f"帮扶：{each.words}{'，' + yuan_said(each.fen) if each.fen is not None else ''}" for each in way.helps]
    if way.pension_fen is not None:
        lines.append(f"养老金：{yuan_said(way.pension_fen)}（{way.pension_said}）")
    if way.pays_back:
        lines.append(f"回本：{way.pays_back}")
    if way.laws:
        lines.append("依据：" + "；".join(f"{law.article} {law.label}" for law in way.laws))
    if way.missing:
        lines.append("缺：" + "、".join(way.missing))
    return tuple(lines)


def _least(found: Guidance | None) -> str:
    """Return the name of the scheme that costs least a year, where at least two are known."""
    known = [way for way in found.ways if way.pension_fen and way.cost_fen is not None] if found else []
    return min(known, key=lambda way: way.cost_fen or 0).name if len(known) > 1 else ""


def _most(found: Guidance | None) -> str:
    """Return the name of the scheme with the highest pension, where at least two are known."""
    known = [way for way in found.ways if way.pension_fen] if found else []
    return max(known, key=lambda way: way.pension_fen or 0).name if len(known) > 1 else ""
