"""One measure: what the document asks, its units, figures, reports, evidence and events, and what the post may do."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.roles import OrganisationKind
from zhubao.oversight.measures.actions import works_on
from zhubao.oversight.measures.course import BUREAU, MEASURE, READERS
from zhubao.oversight.measures.figures import hands_in
from zhubao.oversight.measures.indicators import Asked, reaches, read
from zhubao.oversight.measures.live import places_without_person
from zhubao.oversight.measures.models import IndicatorFigure, Measure, MeasureEvidence
from zhubao.oversight.measures.periods import quarter_before, quarter_of
from zhubao.oversight.measures.selectors import measure_for
from zhubao.oversight.measures.stepping import steps_open_to
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.policies.measures import indicator
from zhubao.policies.register import clause
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import AssignForm, ControlForm, EventForm, EvidenceForm, PlanForm, WordsForm
from .story_forms import stories_of
from .words import UNITS, behind, figure_said, kind_said, state_said

REPORTING = ("start", "report", "catch_up")


def found_measure(request: PostRequest, pk: int) -> Measure:
    """Return a measure the post may see, or Http404."""
    try:
        return measure_for(request.actor, pk)
    except Measure.DoesNotExist:
        raise Http404 from None


@implements("gz-6a", "gz-10a", as_="feature")
@require_GET
@for_posts(*READERS)
def measure(request: PostRequest, pk: int) -> HttpResponseBase:
    """Show one measure and what may be done about it."""
    row = found_measure(request, pk)
    actor = request.actor
    words, tone = state_said(row.state)
    part = works_on(row, actor) or (actor.role in BUREAU and actor.covers(row.region_code))
    context: dict[str, Any] = {
        "measure": row,
        "known": row.known,
        "policy": judge_of(row.policy_id).policy.title,
        "clauses": [clause(each) for each in row.known.clauses],
        "words": words,
        "tone": tone,
        "units": [(kind_said(OrganisationKind(unit.kind)), unit.organisation) for unit in row.units.all()],
        "history": [(step, MEASURE.transition(step.verb).label) for step in row.steps.order_by("-number")],
        "steps": [(step, step_form(row, step.verb)) for step in steps_open_to(row, actor)],
        "main_step": next((step.verb for step in steps_open_to(row, actor) if step.verb in (*REPORTING, "superior_plan")), ""),
        "evidence": row.evidence.all(),
        "evidence_form": EvidenceForm(auto_id="evidence_%s") if part and row.state != "closed" else None,
        "events": row.events.all()[:100],
        "event_form": EventForm(auto_id="event_%s") if part and "campaign_events" in row.known.indicators else None,
        "controls": row.controls.select_related("owner"),
        "control_form": ControlForm(row, auto_id="control_%s") if part and "risk_controls" in row.known.indicators else None,
        "county_kind": _county_kind(row) if "basic_pension_fen" in row.known.indicators else "",
        "adjustments": _adjustments(row) if "basic_pension_fen" in row.known.indicators else [],
        "figures": figures_of_measure(request, row),
        "gaps": places_without_person(row.region_code) if "points_without_person" in row.known.indicators else [],
        **stories_of(request, row, part=part),
    }
    return render(request, "measures/measure.html", context)


COUNTY_KINDS: dict[str, Any] = {
    "ordinary": gettext_lazy("an ordinary county"),
    "demonstration": gettext_lazy("a demonstration county"),
    "key": gettext_lazy("a county in key support"),
}


def _county_kind(row: Measure) -> str:
    """Return in words whether the county leads the way, as its setting says today."""
    entry = parameter_book().find("setting.county_kind", clock.today(), area_of_region(row.region_code))
    return str(COUNTY_KINDS.get(str(entry.value) if entry else "ordinary", ""))


def _adjustments(row: Measure) -> list[tuple[IndicatorFigure, str]]:
    """Return the basic pension standards of the years, the newest first."""
    figures = IndicatorFigure.objects.standing().filter(region_code=row.region_code, indicator_name="basic_pension_fen")
    return [(each, figure_said(each.numerator, None, "fen")) for each in figures.order_by("-period_from")]


def step_form(row: Measure, verb: str, *arguments: Any) -> Any:
    """Return the form of a step."""
    named = {"auto_id": f"{verb}_%s"}
    if verb == "assign":
        return AssignForm(row, *arguments, **named)
    if verb == "superior_plan":
        return PlanForm(_("The superior's plan (number and title)"), *arguments, **named)
    label = _("What was done in this period") if verb in REPORTING else _("Reason given")
    return WordsForm(label, *arguments, **named)


def figures_of_measure(request: PostRequest, row: Measure) -> list[dict[str, Any]]:
    """Return the rows of a measure's figures: the quarter that runs, the one before, and who hands them in."""
    first, last = quarter_of(clock.today())
    asked = Asked(row.region_code, row.policy_id, first, last)
    before = Asked(row.region_code, row.policy_id, *quarter_before(first))
    rows: list[dict[str, Any]] = []
    for name in row.known.indicators:
        known = indicator(name)
        was = {each.part: each for each in read(name, before)}
        now = {each.part: each for each in read(name, asked)}
        if row.subject_of is not None and known.by == (OrganisationKind.BANK,):
            was, now = ({part: each for part, each in found.items() if part == row.subject_of.name} for found in (was, now))
        elif row.subject_of is not None and any(part.startswith("bank-") for part in (*was, *now)):
            own = f"bank-{row.subject_of_id}"
            was, now = ({part: each for part, each in found.items() if part == own} for found in (was, now))
        for at, part in enumerate(dict.fromkeys((*now, *was)) or [""]):
            here, there = now.get(part), was.get(part)
            label = next((said(each.label) for each in (here, there) if each is not None), "")
            rows.append(
                {
                    "name": name,
                    "label": f"{said(known.label)}{': ' + label if part and label else ''}",
                    "unit": UNITS[known.unit],
                    "now": figure_said(here.numerator, here.denominator, known.unit) if here else "",
                    "behind": behind(here.numerator, here.denominator, known.unit) if here else "",
                    "before": figure_said(there.numerator, there.denominator, known.unit) if there else "",
                    "target": figure_said(known.target_ppm, 1_000_000, "ppm") if known.target_ppm else "",
                    "reached": reaches(here.numerator, here.denominator, known.target_ppm) if here and known.target_ppm else None,
                    "live": known.source == "live",
                    "enter": at == 0 and hands_in(known, request.actor),
                }
            )
    return rows


@require_GET
@for_posts(*READERS)
def look(request: PostRequest, pk: int, evidence_id: int) -> HttpResponseBase:
    """Give out a paper kept as evidence."""
    row = found_measure(request, pk)
    paper = MeasureEvidence.objects.filter(measure=row, pk=evidence_id).exclude(stored_as="").first()
    if paper is None:
        raise Http404
    return FileResponse((Path(settings.MEDIA_ROOT) / paper.stored_as).open("rb"), as_attachment=True, filename=paper.name)
