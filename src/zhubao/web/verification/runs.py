"""Runs of the yearly verification: started, watched, read by finding, reason and department, with their effect on the budget."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.models import Region
from zhubao.errors import ZhubaoError
from zhubao.loans.models import VerificationRun
from zhubao.loans.models.verification import Finding, Ground, ProposalState
from zhubao.loans.states import ways_of
from zhubao.loans.verification.budget import horizon_of, shares_of, unreckoned
from zhubao.loans.verification.deciding import DECIDING_ROLES
from zhubao.loans.verification.running import PROPOSING_ROLES, open_run
from zhubao.loans.verification.selectors import counts_by_ground, overdue, runs_for
from zhubao.loans.verification.words import GROUNDS, category_label, finding_label
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.procedures.jobs import verify_soon
from zhubao.web.clerk.words import explained, said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import LISTING_ROLES, READING_ROLES, TONES, day_in, department_said, found_run, programmes_of, shown, wanted_in

LISTED: Final = 50
RUNS: Final = 20
DAY_FIELD: Final = "effect_on"


@require_GET
@for_posts(*READING_ROLES)
def everything(request: PostRequest) -> HttpResponseBase:
    """List the runs of the region, and offer a new one to those who propose."""
    return _listed(request)


@require_POST
@for_posts(*PROPOSING_ROLES)
def start(request: PostRequest) -> HttpResponseBase:
    """Open the run of a year and have it done in the background; on the same rosters it is the run there is."""
    asked = request.POST
    policy_id, year, named = asked.get("programme", ""), asked.get("year", ""), asked.get(DAY_FIELD, "").strip()
    if policy_id not in dict(programmes_of(request.actor)) or not (year.isascii() and year.isdecimal() and len(year) == 4):
        return _listed(request, _("Choose a programme and a year."))
    if named and day_in(named) is None:
        return _listed(request, _("Write the day as 2027-01-01."))
    try:
        with transaction.atomic():
            run = open_run(
                request.actor.scope, policy_id, int(year), effect_on=day_in(named), actor=request.actor, now=clock.now()
            )
            waits = run.measured_at is None
            if waits:
                verify_soon(run.pk)
    except ZhubaoError as error:
        return _listed(request, explained(error))
    if not waits:
        messages.info(request, _("No roster has changed since: this is the verification there is."))
    return redirect("verification:run", run.pk)


@require_GET
@for_posts(*READING_ROLES)
def one(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Show how far a run is, or what it found."""
    run = found_run(request.actor, run_id)
    context = _heading(run)
    if run.measured_at is None:
        return render(request, "verification/running.html", {**context, **_progress(run)})
    wanted = wanted_in(request.GET)
    page = Paginator(wanted.rows(run).order_by("pk"), LISTED).get_page(request.GET.get("page"))
    grounds = counts_by_ground(run)
    waiting = sum(row[3] for row in grounds if row[0] != Finding.UNKNOWN)
    certifiers = list(run.certifiers.all())
    suspicious = [each for each in certifiers if each.suspicious and each.accepted_at is None]
    decides = request.actor.role in DECIDING_ROLES
    context |= {
        "figures": _figures(run, grounds),
        "grounds": [_ground(run, *row) for row in grounds],
        "certifiers": [(each, department_said(each.certifier), each.certifier or "none") for each in certifiers],
        "suspicious": [(each, department_said(each.certifier), each.kept + each.lost) for each in suspicious],
        "lists": [
            (each, said(category_label(run.policy_id, each.category)), department_said(each.certifier))
            for each in run.rosters.all()
        ],
        "budget": _budget(run),
        "page": page,
        "rows": [shown(row, run) for row in page],
        "wanted": wanted,
        "narrowed": any(wanted.query.values()),
        "options": _options(run, grounds, certifiers),
        "waiting": waiting,
        "to_confirm": wanted.rows(run).open().count() if decides and waiting and wanted.state in ("", "proposed") else 0,
        "decides": decides,
        "own": request.actor.user_id == run.started_user_id,
        "may_list": request.actor.role in LISTING_ROLES,
        "later": _later(run),
    }
    return render(request, "verification/run.html", context)


@require_GET
@for_posts(*READING_ROLES)
def progress(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Answer the page that waits: how far it is, or to load the whole page once it is over."""
    run = found_run(request.actor, run_id)
    if run.measured_at is not None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "components/progress.html", _progress(run))


@implements("jx-2.5a", as_="feature")
@require_GET
@for_posts(*READING_ROLES)
def late(request: PostRequest) -> HttpResponseBase:
    """List the subsidised loans whose verification of a year is not decided."""
    today = clock.today()
    year = int(request.GET["year"]) if request.GET.get("year", "") in _years() else today.year
    page = Paginator(overdue(request.actor, year, today), LISTED).get_page(request.GET.get("page"))
    context = {"page": page, "year": year, "years": [int(each) for each in _years()]}
    return render(request, "verification/overdue.html", context)


def _years() -> list[str]:
    today = clock.today()
    return [str(today.year - back) for back in range(3)]


def _listed(request: PostRequest, fault: str = "") -> HttpResponseBase:
    runs = list(runs_for(request.actor)[:RUNS])
    programmes = programmes_of(request.actor)
    year = clock.today().year
    verifies = {ways_of(policy_id).verifies for policy_id, _title in programmes}
    context: dict[str, Any] = {
        "runs": [_summary(run) for run in runs],
        "programmes": programmes,
        "years": [int(each) for each in _years()],
        "chosen": {"programme": request.POST.get("programme", ""), "year": request.POST.get("year", "")},
        "next": f"{year + 1}-01-01",
        "proposes": request.actor.role in PROPOSING_ROLES,
        "fault": fault,
        "rugao": "draws" in verifies,
        "missing": overdue(request.actor, year, clock.today()).count() if "subsidy" in verifies else None,
        "year": year,
    }
    return render(request, "verification/all.html", context, status=422 if fault else 200)


def _summary(run: VerificationRun) -> dict[str, Any]:
    found = dict.fromkeys(Finding.values, 0)
    waiting = 0
    for finding, _ground, count, open_ in counts_by_ground(run):
        found[finding] += count
        waiting += open_ if finding != Finding.UNKNOWN else 0
    return {**_heading(run), "found": found, "waiting": waiting}


def _heading(run: VerificationRun) -> dict[str, Any]:
    region = Region.objects.filter(code=run.region_code).first()
    return {
        "run": run,
        "policy": said(judge_of(run.policy_id).policy.title),
        "region": region.name if region else run.region_code,
        "rugao": ways_of(run.policy_id).verifies == "draws",
    }


def _progress(run: VerificationRun) -> dict[str, Any]:
    poll = reverse("verification:progress", args=[run.pk])
    if run.finished_at is None:
        return {"words": _("Looking everybody up in the rosters"), "done": 0, "total": 1, "poll": poll}
    done = run.looked_at - unreckoned(run)
    return {"words": _("Reckoning the effect on the budget"), "done": done, "total": run.looked_at or 1, "poll": poll}


def _figures(run: VerificationRun, grounds: list[tuple[str, str, int, int]]) -> list[dict[str, Any]]:
    counts = dict.fromkeys(Finding.values, 0)
    for finding, _ground, count, _waiting in grounds:
        counts[finding] += count
    order = (Finding.KEEP, Finding.LOSE, Finding.REGAIN, Finding.UNKNOWN)
    return [
        {"finding": each, "label": said(finding_label(run.policy_id, each)), "count": counts[each], "tone": TONES[each]}
        for each in order
        if counts[each] or each != Finding.REGAIN or ways_of(run.policy_id).verifies != "draws"
    ]


def _ground(run: VerificationRun, finding: str, ground: str, count: int, waiting: int) -> dict[str, Any]:
    return {
        "finding": finding,
        "label": said(finding_label(run.policy_id, finding)),
        "tone": TONES[Finding(finding)],
        "ground": ground,
        "said": said(GROUNDS[Ground(ground)]),
        "count": count,
        "waiting": waiting,
    }


def _budget(run: VerificationRun) -> dict[str, Any]:
    shares = shares_of(run)
    names = dict(Region.objects.filter(code__in=[each.area_code for each in shares]).values_list("code", "name"))
    change = sum(each.borrowers_fen for each in shares)
    return {
        "shares": [(names.get(each.area_code, each.area_code), each) for each in shares],
        "borne_fen": sum(each.borne_fen for each in shares),
        "after_fen": sum(each.after_fen for each in shares),
        "change_fen": change,
        "moved_fen": abs(change),
        "missing": unreckoned(run),
        "until": horizon_of(run)[1],
    }


def _options(run: VerificationRun, grounds: list[tuple[str, str, int, int]], certifiers: list[Any]) -> dict[str, Any]:
    findings = list(dict.fromkeys(row[0] for row in grounds))
    reasons = list(dict.fromkeys(row[1] for row in grounds))
    return {
        "finding": [(each, said(finding_label(run.policy_id, each))) for each in findings],
        "ground": [(each, said(GROUNDS[Ground(each)])) for each in reasons],
        "certifier": [(each.certifier or "none", department_said(each.certifier) or _("no department")) for each in certifiers],
        "state": ProposalState.choices,
    }


def _later(run: VerificationRun) -> VerificationRun | None:
    """Return the latest run of the same year after this one, which took over what waited."""
    same = VerificationRun.objects.filter(region_code=run.region_code, policy_id=run.policy_id, year=run.year, pk__gt=run.pk)
    return same.order_by("-pk").first()
