"""One claim: its figures, by when it is due and how that was counted, differences by cause, every line, and the steps of the post."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.exchange.selectors import envelopes_for
from zhubao.language import Text
from zhubao.loans.claims.deadlines import days_between
from zhubao.loans.claims.selectors import CLAIM_ROLES, backstop_of, lines_recomputed, loans_booked
from zhubao.loans.claims.stepping import course_of, is_recomputed, may_take, require_may
from zhubao.loans.claims.words import CAUSES, UNKNOWN
from zhubao.loans.models import ClaimLine, ClaimStep, SubsidyClaim
from zhubao.loans.states import ways_of
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.web.cases.due import due_from
from zhubao.web.clerk.words import said
from zhubao.web.files.views import FILE_ROLES
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import found_claim
from .forms import HandInForm
from .unread import unread_files
from .words import cause_said, refusal_said, state_said, tone_of

LISTED = 50
SHOWS = ("differ", "open", "refused", "corrections")


@dataclass(frozen=True)
class Offered:
    """A step the post may take of a claim as it stands; `blocked` says why this person may not."""

    verb: str
    label: Text
    reason: bool
    blocked: str


@implements("jx-annex-5b", "jx-annex-5d", "rg-17", as_="feature")
@never_cache
@require_GET
@for_posts(*CLAIM_ROLES)
def one(request: PostRequest, number: str) -> HttpResponseBase:
    """Show a claim; it follows while lines are recomputed or books are written."""
    claim, actor, today = found_claim(request.actor, number), request.actor, clock.today()
    wanted = {"show": request.GET.get("show", ""), "cause": request.GET.get("cause", "")}
    page = Paginator(_lines(claim, wanted), LISTED).get_page(request.GET.get("page"))
    recomputed = is_recomputed(claim)
    steps = steps_for(claim, actor)
    returned = any(step.verb == "resubmit" for step in steps)
    backstop = list(backstop_of(claim))
    context: dict[str, Any] = {
        "claim": claim,
        "state": state_said(claim),
        "tone": tone_of(claim),
        "title": judge_of(claim.policy_id).policy.title,
        "last_day": date.fromordinal(claim.ends_on.toordinal() - 1),
        "recomputed": recomputed,
        "done_lines": lines_recomputed(claim) if recomputed else claim.file_lines,
        "booking": claim.paid_on is not None and claim.booked_at is None,
        "booked": loans_booked(claim) if claim.paid_on and claim.booked_at is None else claim.lines,
        "due": due_from(claim.due_arithmetic, claim.due_on, claim.provisional, claim.paid_on or today),
        "standing": days_between(claim.policy_id, claim.returned_on, today) if claim.returned_on else 0,
        "difference_fen": claim.asked_fen - claim.computed_fen,
        "causes": _causes(claim),
        "page": page,
        "rows": [_row(line) for line in page],
        "wanted": wanted,
        "steps": {step.verb: step for step in steps},
        "hand_in": HandInForm(actor) if returned else None,
        "unread": unread_files(actor, claim) if claim.returned_on else [],
        "history": _history(claim),
        "may_open_file": actor.role in FILE_ROLES and envelopes_for(actor).filter(pk=claim.envelope_id).exists(),
        "backstop": backstop,
        "shows_backstop": ways_of(claim.policy_id).backstop,
        "backstop_fen": sum(each.finance_fen or 0 for each in backstop),
        "both_fen": claim.accepted_fen + sum(each.finance_fen or 0 for each in backstop),
        "today": today,
    }
    return render(request, "claims/claim.html", context)


def steps_for(claim: SubsidyClaim, actor: Actor) -> list[Offered]:
    """Return the steps of the table that the post may take now, with why this person may not where another must."""
    course = course_of(claim.policy_id)
    if is_recomputed(claim):
        return []
    found = []
    for row in course.leaving(claim.state):
        try:
            require_may(actor, claim, row)
        except ZhubaoError:
            continue
        blocked = ""
        if not may_take(claim, row, actor):
            blocked = _("You took an earlier step of this claim that must be in other hands: a colleague takes this one.")
        found.append(Offered(row.verb, row.label, row.reason, blocked))
    return found


def _lines(claim: SubsidyClaim, wanted: dict[str, str]) -> "QuerySet[ClaimLine]":
    """Return the lines an address asks for; a word that names nothing is passed over."""
    lines = ClaimLine.objects.filter(claim=claim).select_related("loan__person")
    if wanted["show"] == "differ":
        lines = lines.exclude(cause="")
    elif wanted["show"] == "open":
        lines = lines.filter(accepted_fen=None)
    elif wanted["show"] == "refused":
        lines = lines.exclude(refused="")
    elif wanted["show"] == "corrections":
        lines = lines.filter(correction=True)
    return lines.filter(cause=wanted["cause"]) if wanted["cause"] in CAUSES else lines


def _row(line: ClaimLine) -> dict[str, Any]:
    return {
        "line": line,
        "name": line.loan.person.masked_name if line.loan else "",
        "cause": cause_said(line.cause),
        "refused": refusal_said(line.refused),
    }


def _causes(claim: SubsidyClaim) -> list[dict[str, Any]]:
    """Return what differs, by cause: how many lines, what they come to, how many nobody decided on."""
    groups = (
        ClaimLine.objects.filter(claim=claim)
        .filter(~Q(cause="") | ~Q(refused=""))
        .order_by()
        .values("cause")
        .annotate(
            lines=Count("pk"),
            open=Count("pk", filter=Q(accepted_fen=None)),
            refused=Count("pk", filter=~Q(refused="")),
            asked=Sum("asked_fen", default=0),
            computed=Sum("computed_fen", default=0),
            accepted=Sum("accepted_fen", default=0),
        )
    )
    rows: list[dict[str, Any]] = [
        {
            **group,
            "words": said(CAUSES.get(group["cause"], UNKNOWN)),
            "difference": group["asked"] - group["computed"],
        }
        for group in groups
    ]
    return sorted(rows, key=lambda row: -abs(row["difference"]))


def _history(claim: SubsidyClaim) -> list[dict[str, Any]]:
    course = course_of(claim.policy_id)
    return [
        {
            "step": step,
            "label": said(course.transition(step.verb).label),
            "who": step.actor_name if step.user_id else _("the system"),
        }
        for step in ClaimStep.objects.filter(claim=claim).order_by("number")
    ]
