"""Screenings: ask for one, watch it run, read, filter and export its results."""

import tempfile
from pathlib import Path
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhubao.access import clock
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.identity import mask_name, mask_number, normalise
from zhubao.policies import judge_of
from zhubao.procedures.jobs import screen_soon
from zhubao.rosters.actions import SCREENING_ROLES, ask_screening, record_download
from zhubao.rosters.models import Screening, ScreeningState
from zhubao.rosters.results import NONE, PAGE, VERDICTS, Filter, choices_of, number_of, people_of, write_filtered
from zhubao.rosters.selectors import screening_for, screenings_for
from zhubao.rules.policy import Policy
from zhubao.web.middleware import PostRequest
from zhubao.web.navigation import Label
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import query

from .finding import counties_of, found
from .forms import ScreeningForm
from .rosters import row_of
from .values import code_said, shown, unit_of
from .words import (
    AMOUNTS,
    DIFFERENCES,
    LISTED_AMOUNTS,
    STAGES,
    STATES,
    explained,
    lacking_said,
    language,
    provisional_said,
    said,
    undecided_said,
)
from .words import VERDICTS as VERDICT_WORDS

FILES: Final = {
    "result.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "result.csv": "text/csv; charset=utf-8",
    "result.rejected.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "result.differences.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "result.mapping.json": "application/json",
}
LISTED = 20


@require_GET
@for_posts(*SCREENING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the screenings of the post's region, newest first."""
    page = Paginator(screenings_for(request.actor), LISTED).get_page(request.GET.get("page"))
    rows = [
        {
            "screening": screening,
            "policy": said(judge_of(screening.policy_id).policy.title),
            "state": STATES[screening.state][0],
            "tone": STATES[screening.state][1],
            "met": screening.summary.get("verdicts", {}).get("met"),
        }
        for screening in page
    ]
    return render(request, "clerk/screenings.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
@for_posts(*SCREENING_ROLES)
def ask(request: PostRequest) -> HttpResponseBase:
    """Choose policy, day and files, and start the screening."""
    counties = counties_of(request.actor)
    asked_for = request.GET.get("region", "")
    county = next((each for each in counties if each.code == asked_for), counties[0] if counties else None)
    if county is None:
        raise Http404
    form = ScreeningForm(request.actor, county.code, clock.today(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            screening = ask_screening(
                chosen["policy"],
                chosen["on"],
                [file.pk for file in chosen["chosen"]],
                region_code=county.code,
                other_region=chosen["other_region"],
                actor=request.actor,
                now=clock.now(),
            )
        except ZhubaoError as error:
            form.add_error(None, explained(error))
        else:
            screen_soon(screening.pk)
            return redirect("clerk:screening", screening.pk)
    ticked = set(request.POST.getlist("chosen")) | set(request.GET.getlist("file"))
    files = [{**row_of(file), "ticked": str(file.pk) in ticked} for file in form.fields["chosen"].queryset[:PAGE]]  # type: ignore[attr-defined]
    context = {"form": form, "files": files, "counties": counties, "county": county}
    return render(request, "clerk/ask_screening.html", context, status=422 if form.errors else 200)


@require_GET
@for_posts(*SCREENING_ROLES)
def one(request: PostRequest, screening_id: int) -> HttpResponseBase:
    """Show how far a screening is, why it failed, or its results."""
    screening = found(screening_for, request.actor, screening_id)
    context = {"screening": screening, "policy": judge_of(screening.policy_id).policy}
    if screening.state == ScreeningState.DONE:
        return render(request, "clerk/results.html", {**context, **_results(request, screening)})
    return render(request, "clerk/screening.html", {**context, **_progress(screening)})


@require_GET
@for_posts(*SCREENING_ROLES)
def progress(request: PostRequest, screening_id: int) -> HttpResponseBase:
    """Answer the page that waits: how far it is, or to load the whole page once it is over."""
    screening = found(screening_for, request.actor, screening_id)
    if screening.state in (ScreeningState.DONE, ScreeningState.FAILED):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "components/progress.html", _progress(screening))


def _progress(screening: Screening) -> dict[str, Any]:
    words: Label = STAGES.get(screening.stage, _("Waiting for a free worker"))
    fault = (screening.fault if language() == "zh" else screening.fault_en).partition(": ")[2]
    return {
        "words": words,
        "done": screening.done,
        "total": screening.total or 1,
        "poll": reverse("clerk:screening-progress", args=[screening.pk]),
        "fault": fault,
    }


def wanted_of(request: PostRequest) -> Filter:
    """Return the filter a request's address asks for; what is not a known verdict is passed over."""
    asked = {name: request.GET.get(name, "").strip() for name in Filter.__slots__}
    return Filter(**{**asked, "verdict": asked["verdict"] if asked["verdict"] in VERDICTS else ""})


def _results(request: PostRequest, screening: Screening) -> dict[str, Any]:
    policy = judge_of(screening.policy_id).policy
    wanted = wanted_of(request)
    number = request.GET.get("page", "1")
    page_number = int(number) if number.isdecimal() and int(number) else 1
    people, count = people_of(screening, wanted, page_number)
    paginator = Paginator(range(count), PAGE)
    choices = choices_of(screening)
    labels = {clause.id: f"{clause.article} {said(clause.label)}" for clause in policy.clauses}

    def options(name: str) -> list[tuple[str, str]]:
        return [(value or NONE, code_said(value, policy) if value else _("(none)")) for value in choices[name]]

    assistance = policy.kind == "assistance"
    return {
        "wanted": wanted,
        "narrowed": any(getattr(wanted, name) for name in Filter.__slots__),
        "verdicts": [(word, *VERDICT_WORDS[word], screening.summary["verdicts"][word]) for word in VERDICTS],
        "groups": [
            (name, title, [_group(row, name, policy) for row in screening.summary[f"by_{name}"]])
            for name, title in (("category", _("Category")), ("township", _("Township")), ("payer", _("Who pays")))
        ],
        "options": {name: options(name) for name in ("category", "township", "payer")},
        "clauses": [(clause, labels[clause]) for clause in choices["clause"] if clause is not None],
        "people": [_person(row, policy) for row in people],
        "page": paginator.get_page(page_number),
        "count": count,
        "assistance": assistance,
        "amounts": [(AMOUNTS[name], unit_of(name) == "fen") for name in _amounts(policy)],
        "differences": [(DIFFERENCES[name], count) for name, count in screening.summary["differences"].items() if count],
        "lacking": lacking_said(screening.summary["missing"], policy),
        "undecided": undecided_said(screening.summary["provisional"]),
        "provisional": provisional_said(screening.summary["provisional"], policy),
        "unverified": [
            (
                said(policy.parameters[each["parameter"]].label),
                shown(each["value"], policy.parameters[each["parameter"]].unit, policy),
                each["source"],
            )
            for each in screening.summary["unverified"]
        ],
    }


def _group(row: dict[str, Any], name: str, policy: Policy) -> dict[str, Any]:
    code = row[name]
    return {**row, "code": code or NONE, "label": code_said(code, policy) if code else _("(none)")}


def _amounts(policy: Policy) -> list[str]:
    """Return the amounts a list has room for."""
    return [name for name in LISTED_AMOUNTS if name in policy.amounts]


def _person(row: dict[str, Any], policy: Policy) -> dict[str, Any]:
    words, tone = VERDICT_WORDS[row["verdict"]]
    open_clauses = [clause for column in ("failed", "unknown") for clause in (row[column] or "").split(";") if clause]
    return {
        **row,
        "name": mask_name(row["name"]),
        "id_number": mask_number(row["id_number"]),
        "words": words,
        "tone": tone,
        "category": code_said(row["category"], policy) if row["category"] else "",
        "payer": code_said(row["payer"], policy) if row["payer"] else "",
        "open": open_clauses,
        "amounts": [_short(row[name], name, policy) for name in _amounts(policy)],
        "subsidy": VERDICT_WORDS[row["subsidy"]] if row.get("subsidy") else None,
    }


def _short(value: int | None, name: str, policy: Policy) -> str:
    """Return an amount for a column whose head names the unit."""
    return amount_in_yuan(value) if unit_of(name) == "fen" and value is not None else shown(value, unit_of(name), policy)


@require_POST
@for_posts(*SCREENING_ROLES)
def search(request: PostRequest, screening_id: int) -> HttpResponseBase:
    """Look for a person; a whole citizen number leads to the person's sheet, so that it never stands in an address."""
    screening = found(screening_for, request.actor, screening_id)
    asked = request.POST.get("search", "").strip()
    address = reverse("clerk:screening", args=[screening.pk])
    if len(normalise(asked)) == 18 and screening.state == ScreeningState.DONE:
        number = number_of(screening, asked)
        if number is not None:
            return redirect("clerk:person", screening.pk, number)
        messages.info(request, _("Nobody with this number is on the rosters of this screening."))
        return redirect(address)
    return redirect(f"{address}?{query({'search': asked[:40]})}")


@require_GET
@for_posts(*SCREENING_ROLES)
def export(request: PostRequest, screening_id: int) -> HttpResponseBase:
    """Give the people the filter keeps as a workbook."""
    screening = _done(request, screening_id)
    handle = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    write_filtered(screening, wanted_of(request), Path(handle.name))
    record_download(screening, "list.xlsx", actor=request.actor, now=clock.now())
    return FileResponse(
        Path(handle.name).open("rb"), as_attachment=True, filename=f"{screening.policy_id}-{screening.on}-list.xlsx"
    )


@require_GET
@for_posts(*SCREENING_ROLES)
def download(request: PostRequest, screening_id: int, name: str) -> HttpResponseBase:
    """Give one of the result files."""
    screening = _done(request, screening_id)
    if name not in FILES:
        raise Http404
    record_download(screening, name, actor=request.actor, now=clock.now())
    return FileResponse(
        (screening.folder / name).open("rb"),
        as_attachment=True,
        filename=f"{screening.policy_id}-{screening.on}-{name}",
        content_type=FILES[name],
    )


def _done(request: PostRequest, screening_id: int) -> Screening:
    screening = found(screening_for, request.actor, screening_id)
    if screening.state != ScreeningState.DONE:
        raise Http404
    return screening
