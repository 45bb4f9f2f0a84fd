"""Plans: listed, opened, reckoned, tried out, published; one plan with its people and money by category, payer and township."""

from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhubao.access import clock
from zhubao.assistance.models import AssistancePlan, PlanRun, PlanRunKind
from zhubao.assistance.planning.opening import open_plan, publish_plan
from zhubao.assistance.planning.reckoning import NOTHING, Assumption, ask_run
from zhubao.assistance.planning.selectors import counted_by, last_run, plan_for, plans_for, rows_for
from zhubao.assistance.states import PLAN, process_of
from zhubao.documents.plans import PlanOverview, PlanOverviewLine
from zhubao.documents.workbooks import write_list
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.policies.yearly_plan import yearly_plan_of
from zhubao.procedures.jobs import reckon_plan_soon
from zhubao.programmes.selectors import area_of_region, policies_in
from zhubao.rosters.models import FileState, RosterFile
from zhubao.web.attempts import told_above, told_at
from zhubao.web.clerk.finding import found
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.figures import word
from zhubao.web.transfers.listing import sent

from .finding import (
    COUNTY_ROLES,
    PLANNING_ROLES,
    PUBLISHING_ROLES,
    READING_ROLES,
    STATE_TONES,
    category_said,
    payer_said,
    places_of,
)

LISTED: Final = 20
MOST_PLANS: Final = 2_000
PLAN_TONES: Final = {"drafted": "wait", "published": "ok", "closed": ""}


class OpenForm(forms.Form):
    """A document and a year."""

    policy = forms.ChoiceField(label=gettext_lazy("Document"))
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)

    def __init__(self, policies: list[tuple[str, Any]], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["policy"].choices = policies  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """The day the lists are asked about, and the key of the request."""

    as_of = forms.DateField(label=gettext_lazy("Lists as of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class TrialForm(DayForm):
    """What a what-if assumes; everything but the day may stay empty."""

    lowest_tier = forms.IntegerField(
        label=gettext_lazy("Lowest tier, yuan a year"), min_value=1, max_value=100_000, required=False
    )
    setting = forms.ChoiceField(label=gettext_lazy("Open question"), required=False)
    roster = forms.ChoiceField(label=gettext_lazy("Roster file as the whole list"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category of that file"), required=False)

    def __init__(self, plan: AssistancePlan, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        nothing = [("", _("as it is"))]
        policy = judge_of(plan.policy_id).policy
        settings = [
            (f"{parameter.question}={answer}", f"{said(parameter.label)} → {word(answer)}")
            for parameter in policy.parameters.values()
            if parameter.question and parameter.codes
            for answer in parameter.codes
        ]
        files = RosterFile.objects.filter(region_code=plan.region_code, state=FileState.READ, insured=False)[:50]
        chosen = {
            "setting": settings,
            "roster": [(str(file.pk), f"{file.name} ({file.rows})") for file in files],
            "category": [(code, said(identity.label)) for code, identity in policy.identities.items()],
        }
        for name, options in chosen.items():
            self.fields[name].choices = [*nothing, *options]  # type: ignore[attr-defined]

    def assumption(self) -> Assumption:
        """Return what was filled in."""
        values = self.cleaned_data
        setting, _equals, value = values["setting"].partition("=")
        tier = values["lowest_tier"]
        return Assumption(
            lowest_tier_fen=tier * 100 if tier else None,
            setting=setting,
            value=value,
            roster_id=int(values["roster"]) if values["roster"] else None,
            category=values["category"],
        )


@require_GET
@for_posts(*READING_ROLES)
def everything(request: PostRequest) -> HttpResponseBase:
    """List the plans of the post's county, and offer a new year to those who plan."""
    return _listed(request, None)


@require_POST
@for_posts(*PLANNING_ROLES)
def open_year(request: PostRequest) -> HttpResponseBase:
    """Open the plan of a year."""
    form = OpenForm(_policies(request), request.POST)
    if not form.is_valid():
        return _listed(request, form)
    values = form.cleaned_data
    with told_at(form):
        plan = open_plan(request.actor.scope[:6], values["policy"], values["year"], actor=request.actor, now=clock.now())
        return redirect("assistance:plan", plan.pk)
    return _listed(request, form)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def workbook(request: PostRequest) -> HttpResponseBase:
    """Give the list of plans as a workbook, with what the last reckoning of each came to."""
    lines = []
    for plan in plans_for(request.actor).order_by("-year", "region_code")[:MOST_PLANS]:
        last = last_run(plan)
        policy, state = judge_of(plan.policy_id).policy.title.zh, PLAN.state(plan.state).label.zh
        county = places_of([plan.region_code]).get(plan.region_code, plan.region_code)
        reckoned = (last.as_of, last.planned, last.on_behalf_fen, last.self_pay_fen, last.missing) if last else (None,) * 5
        lines.append(PlanOverviewLine(str(plan.year), county, policy, state, *reckoned))
    today, office = clock.today(), request.post.organisation.name
    printed = PlanOverview(date=today, number=f"{today:%Y%m%d}", office=office, rows=tuple(lines))
    return sent(write_list(printed), f"{printed.kind}-{today}.xlsx")


@require_GET
@for_posts(*READING_ROLES)
def one(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Show a plan: people and money by category, payer, township and state; every figure leads to its rows."""
    return _shown(request, found(plan_for, request.actor, plan_id), None)


@require_POST
@for_posts(*PLANNING_ROLES)
def reckon(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Have a plan reckoned as of a day, in the background."""
    plan = found(plan_for, request.actor, plan_id)
    form = DayForm(request.POST)
    if form.is_valid():
        kind = PlanRunKind.MONTHLY if last_run(plan) else PlanRunKind.OPENING
        run = _asked(request, plan, kind, form, NOTHING)
        if run is not None:
            return redirect("assistance:run", run.pk)
    return _shown(request, plan, form)


@implements("ps-2.2d", as_="feature")
@require_http_methods(["GET", "POST"])
@for_posts(*PLANNING_ROLES, *PUBLISHING_ROLES)
def attempt(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Try a plan out under assumptions: nothing is written but the comparison."""
    plan = found(plan_for, request.actor, plan_id)
    form = TrialForm(plan, request.POST or None, initial={"as_of": _suggested(plan)})
    if request.method == "POST" and form.is_valid():
        run = _asked(request, plan, PlanRunKind.TRIAL, form, form.assumption())
        if run is not None:
            return redirect("assistance:run", run.pk)
    trials = plan.runs.filter(kind=PlanRunKind.TRIAL)[:LISTED]
    context = {**heading(plan), "form": form, "trials": trials}
    return render(request, "assistance/try.html", context, status=422 if form.errors else 200)


@require_POST
@for_posts(*PUBLISHING_ROLES)
def publish(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Publish a plan; whoever made it is refused with the reason."""
    plan = found(plan_for, request.actor, plan_id)
    with told_above(request):
        publish_plan(plan.pk, actor=request.actor, now=clock.now())
        messages.success(request, _("The plan is published: tax and townships work with it from now on."))
    return redirect("assistance:plan", plan.pk)


def heading(plan: AssistancePlan) -> dict[str, Any]:
    """Return what the head of every page about a plan shows."""
    return {
        "plan": plan,
        "policy": said(judge_of(plan.policy_id).policy.title),
        "county": places_of([plan.region_code]).get(plan.region_code, plan.region_code),
        "plan_state": said(PLAN.state(plan.state).label),
        "plan_tone": PLAN_TONES[plan.state],
    }


def _asked(request: PostRequest, plan: AssistancePlan, kind: PlanRunKind, form: DayForm, assumed: Assumption) -> PlanRun | None:
    """Ask for a run and have it done; None when it is refused, with the reason on the form."""
    key = f"{kind}:{request.POST.get('once', '')[:40] or clock.now().isoformat()}"
    with told_at(form):
        with transaction.atomic():
            day = form.cleaned_data["as_of"]
            run = ask_run(plan.pk, kind, day, key=key, assumption=assumed, actor=request.actor, now=clock.now())
            if run.finished_at is None:
                reckon_plan_soon(run.pk, plan.pk, request.post.pk)
        return run
    return None


def _policies(request: PostRequest) -> list[tuple[str, Any]]:
    reaching = policies_in(area_of_region(request.actor.scope))
    return [(policy.id, said(policy.title)) for policy in reaching if yearly_plan_of(policy.id)]


def _listed(request: PostRequest, form: OpenForm | None) -> HttpResponseBase:
    page = Paginator(plans_for(request.actor), LISTED).get_page(request.GET.get("page"))
    policies = _policies(request) if request.actor.role in PLANNING_ROLES and len(request.actor.scope) == 6 else []
    context = {
        "page": page,
        "rows": [{**heading(plan), "last": last_run(plan)} for plan in page],
        "form": (form or OpenForm(policies, initial={"year": clock.today().year})) if policies else None,
    }
    return render(request, "assistance/all.html", context, status=422 if form is not None else 200)


def _shown(request: PostRequest, plan: AssistancePlan, form: DayForm | None) -> HttpResponseBase:
    rows = rows_for(request.actor, plan)
    groups = {name: counted_by(rows, name) for name in ("category", "payer", "township", "state")}
    places = places_of(each["value"] for each in groups["township"])
    process = process_of(plan.policy_id)
    for each in groups["category"]:
        each["label"] = category_said(plan.policy_id, each["value"])
    for each in groups["payer"]:
        each["label"] = payer_said(each["value"])
    for each in groups["township"]:
        each["label"] = places.get(each["value"], each["value"])
    order = [state.name for state in process.states]
    states = [
        (each["value"], said(process.state(each["value"]).label), STATE_TONES.get(each["value"], "info"), each["people"])
        for each in sorted(groups["state"], key=lambda each: order.index(each["value"]))
    ]
    totals = {
        name: sum(each[name] for each in groups["state"]) for name in ("people", "helped", "on_behalf", "self_pay", "waiting")
    }
    county = request.actor.role in COUNTY_ROLES
    runs = plan.runs.exclude(kind=PlanRunKind.TRIAL) if county else plan.runs.none()
    plans = request.actor.role in PLANNING_ROLES and plan.state != "closed"
    last = last_run(plan)
    context = {
        **heading(plan),
        "groups": groups,
        "states": states,
        "totals": totals,
        "runs": runs[:LISTED],
        "last": last,
        "form": (form or DayForm(initial={"as_of": _suggested(plan)})) if plans else None,
        "once": f"{clock.now():%Y%m%d%H%M%S%f}",
        "may_try": county and request.actor.role in PLANNING_ROLES | PUBLISHING_ROLES,
        "publishes": request.actor.role in PUBLISHING_ROLES and plan.state == "drafted" and last is not None,
    }
    return render(request, "assistance/plan.html", context, status=422 if form is not None and form.errors else 200)


def _suggested(plan: AssistancePlan) -> date:
    """Return the day a reckoning is most likely wanted for: today in the year of the plan, else its last day."""
    today = clock.today()
    return today if today.year == plan.year else date(plan.year, 12, 31) if today.year > plan.year else date(plan.year, 1, 10)
