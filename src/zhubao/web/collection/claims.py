"""Claims: what may be claimed, the budget, one claim with its lines and steps, and taking a step."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.hands import require_another_person
from zhubao.access.roles import Role
from zhubao.assistance import claiming
from zhubao.assistance.claiming_steps import may_take
from zhubao.assistance.collecting_tasks import renew_tasks
from zhubao.assistance.models import AssistanceBudget, AssistanceClaim, AssistanceClaimLine, AssistanceClaimStep, PlanRow
from zhubao.assistance.parties import departments_claim
from zhubao.assistance.states.claim import CLAIM
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.screening import cells
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import CLAIM_ROLES, LISTED, act, found_plan, framed, own_payers, payer_said, shown_rows

TONES = {"submitted": "info", "checked": "wait", "approved": "wait", "paid": "info", "allocated": "ok", "sent_back": "bad"}
SUBMITTING = {True: Role.CERTIFIER, False: Role.AGENCY_REVIEWER}


@never_cache
@require_GET
@for_posts(*CLAIM_ROLES)
def claims(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """List the claims of a plan the post sees, what may be claimed now, and the budget."""
    plan, actor = found_plan(request.actor, plan_id), request.actor
    found = AssistanceClaim.objects.filter(plan=plan).select_related("office")
    payers = own_payers(actor)
    if payers is not None:
        found = found.filter(payer__in=payers)
    context = framed(
        request,
        plan,
        "claims",
        rows=[{"claim": claim, "payer": payer_said(claim.payer), **state_of(claim)} for claim in found],
        claimable=_claimable(actor, plan) if plan.state == "published" else [],
        budgets=AssistanceBudget.objects.filter(plan=plan),
        budget_fen=claiming.budget_of(plan),
        left_fen=claiming.left_in_budget(plan),
        may_budget=actor.role == Role.FINANCE_CLERK,
        today=clock.today(),
    )
    return render(request, "collection/claims.html", context)


def state_of(claim: AssistanceClaim) -> dict[str, str]:
    """Return the state of a claim in words with its tone."""
    if claim.frozen:
        return {"state": _("frozen"), "tone": "bad"}
    return {"state": said(CLAIM.state(claim.state).label), "tone": TONES[claim.state]}


def _claimable(actor: Actor, plan: Any) -> list[dict[str, Any]]:
    """Return what the post may claim now: for each of its departments, or for the county itself."""
    by_department = departments_claim(plan)
    if actor.role != SUBMITTING[by_department]:
        return []
    payers = (own_payers(actor) or ()) if by_department else ("",)
    found = []
    for payer in payers:
        sums = claiming.claimable(plan, payer).aggregate(people=Count("pk"), fen=Sum("on_behalf_fen"))
        if sums["people"]:
            found.append({"payer": payer, "words": payer_said(payer), **sums})
    return found


@require_POST
@for_posts(Role.CERTIFIER, Role.AGENCY_REVIEWER)
def submit(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Claim the money for everybody verified of one department."""
    plan, payer, now = found_plan(request.actor, plan_id), request.POST.get("payer", "")[:24], clock.now()
    done = _("The claim is with county finance.")
    if act(request, done, lambda: claiming.submit_claim(plan, payer, actor=request.actor, now=now)):
        renew_tasks(plan, actor=request.actor, now=now)
    return redirect("collection:claims", plan.pk)


@require_POST
@for_posts(Role.FINANCE_CLERK)
def budget(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Enter what the county provides."""
    plan, given = found_plan(request.actor, plan_id), request.POST
    fen = fen_in(given.get("amount", ""))
    document, on = given.get("document", ""), day_in(given.get("on", ""))
    act(
        request,
        _("The budget is on record."),
        lambda: claiming.enter_budget(plan, fen, document, on, actor=request.actor, now=clock.now()),
    )
    return redirect("collection:claims", plan.pk)


def fen_in(text: str) -> int:
    """Return the fen of an amount in yuan, below 0 with a minus before it; 0 for what is none, which the action refuses."""
    said, sign = text.strip().replace("−", "-"), 1
    if said.startswith("-"):
        said, sign = said[1:], -1
    try:
        return sign * (cells.read_yuan(said) or 0)
    except cells.UnreadableError:
        return 0


def day_in(text: str) -> date:
    """Return a day; one that does not exist becomes the last day there is, which every action refuses."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.max


def found_claim(actor: Actor, number: str) -> AssistanceClaim:
    """Return a claim the post may see; raise Http404 for any other, as if it were not there."""
    claims = AssistanceClaim.objects.within(actor).select_related("plan", "plan__agency", "office", "checked_by", "approved_by")
    payers = own_payers(actor)
    claim = (claims if payers is None else claims.filter(payer__in=payers)).filter(number=number).first()
    if claim is None:
        raise Http404
    return claim


@never_cache
@require_GET
@for_posts(*CLAIM_ROLES)
def claim(request: PostRequest, number: str) -> HttpResponseBase:
    """Show a claim: who is in it, what the parties did, and what the post may do."""
    found, actor = found_claim(request.actor, number), request.actor
    lines = (
        AssistanceClaimLine.objects.filter(claim=found)
        .select_related("row__plan", "row__person")
        .order_by("row__region_code", "pk")
    )
    page = Paginator(lines, LISTED).get_page(request.GET.get("page"))
    steps: dict[str, dict[str, Any]] = {}
    for row in CLAIM.leaving(found.state):
        if may_take(found, row, actor):
            steps[row.verb] = {"verb": row.verb, "label": row.label, "blocked": _blocked(found, row, actor)}
    history = AssistanceClaimStep.objects.filter(claim=found).order_by("number")
    context = framed(
        request,
        found.plan,
        "claims",
        claim=found,
        payer=payer_said(found.payer),
        **state_of(found),
        page=page,
        rows=[{**shown, "line": line} for shown, line in zip(shown_rows([line.row for line in page]), page, strict=True)],
        steps=steps,
        left_fen=claiming.left_in_budget(found.plan),
        history=[(step, said(CLAIM.transition(step.verb).label)) for step in history],
        today=clock.today(),
    )
    return render(request, "collection/claim.html", context)


def _blocked(claim: AssistanceClaim, row: Any, actor: Actor) -> str:
    try:
        require_another_person(CLAIM, claim.steps.all(), row, actor, claim.number)
    except ZhubaoError:
        return _("You took an earlier step of this claim that must be in other hands: a colleague takes this one.")
    return ""


@require_POST
@for_posts(*CLAIM_ROLES)
def step(request: PostRequest, number: str, verb: str) -> HttpResponseBase:
    """Take a step of a claim; Http404 for one the table does not have."""
    found, now = found_claim(request.actor, number), clock.now()
    if verb not in STEPS:
        raise Http404
    label: Text = CLAIM.transition(verb).label
    done = _("Done: %(step)s") % {"step": said(label)}
    if act(request, done, lambda: STEPS[verb](found, request.POST, request.actor, now)):
        renew_tasks(found.plan, actor=request.actor, now=now)
    return redirect("collection:claim", found.number)


Taking = Callable[[AssistanceClaim, Any, Actor, datetime], object]


def _allocate(claim: AssistanceClaim, given: Any, actor: Actor, now: datetime) -> None:
    count = given.get("count", "")
    claiming.allocate_claim(
        claim.pk,
        day_in(given.get("on", "")),
        int(count) if count.isascii() and count.isdecimal() and len(count) < 9 else 0,
        fen_in(given.get("total", "")),
        given.get("reference", ""),
        seen=given.get("seen"),
        actor=actor,
        now=now,
    )


STEPS: dict[str, Taking] = {
    "check": lambda claim, given, actor, now: claiming.check_claim(claim.pk, seen=given.get("seen"), actor=actor, now=now),
    "approve": lambda claim, given, actor, now: claiming.approve_claim(claim.pk, seen=given.get("seen"), actor=actor, now=now),
    "send_back": lambda claim, given, actor, now: claiming.send_claim_back(
        claim.pk, given.get("reason", ""), seen=given.get("seen"), actor=actor, now=now
    ),
    "pay": lambda claim, given, actor, now: claiming.pay_claim(
        claim.pk, day_in(given.get("on", "")), given.get("reference", ""), seen=given.get("seen"), actor=actor, now=now
    ),
    "allocate": _allocate,
    "release": lambda claim, given, actor, now: claiming.release_claim(
        claim.pk, given.get("reason", ""), seen=given.get("seen"), actor=actor, now=now
    ),
}


def rows_of_claim(claim: AssistanceClaim) -> list[PlanRow]:
    """Return the rows of a claim read with plan and person, for its workbook."""
    rows = PlanRow.objects.filter(claimed__claim=claim).select_related("plan", "person")
    return list(rows.order_by("region_code", "pk"))
