"""Taking a step of a claim: one press of a button with what it needs; refusals come back as words, nothing is changed then."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.loans.claims import actions
from zhubao.loans.claims.selectors import CLAIM_ROLES
from zhubao.loans.claims.stepping import course_of
from zhubao.loans.models import SubsidyClaim
from zhubao.procedures.jobs import book_claim_soon, check_claim_soon
from zhubao.web.attempts import told_above
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import found_claim


@require_POST
@for_posts(*CLAIM_ROLES)
def take(request: PostRequest, number: str, verb: str) -> HttpResponseBase:
    """Take a step; Http404 for one the table does not have."""
    claim = found_claim(request.actor, number)
    step = STEPS.get(verb)
    if step is None:
        raise Http404
    with told_above(request):
        with transaction.atomic():
            step(claim, request.POST, request.actor, clock.now())
        label = said(course_of(claim.policy_id).transition(verb).label)
        messages.success(request, _("Done: %(step)s") % {"step": label})
    back = request.POST.get("line", "")
    if back.isascii() and back.isdecimal() and len(back) < 16:
        return redirect("claims:line", claim.number, int(back))
    return redirect("claims:claim", claim.number)


Step = Callable[[SubsidyClaim, Any, Actor, datetime], object]


def _check(claim: SubsidyClaim, given: Any, actor: Actor, now: datetime) -> None:
    actions.begin_check(claim.pk, actor=actor, now=now)
    check_claim_soon(claim.pk, actor.post_id or 0)


def _settle(claim: SubsidyClaim, given: Any, actor: Actor, now: datetime) -> None:
    line = given.get("line", "")
    lines = [int(line)] if line.isascii() and line.isdecimal() and len(line) < 16 else []
    actions.settle_lines(
        claim.pk,
        given.get("how", ""),
        given.get("reason", ""),
        cause=given.get("cause", ""),
        line_ids=lines,
        seen=given.get("seen"),
        actor=actor,
        now=now,
    )


def _pay(claim: SubsidyClaim, given: Any, actor: Actor, now: datetime) -> None:
    # No day, or none that exists, is refused by the action like any day that cannot be.
    try:
        on = date.fromisoformat(given.get("on", ""))
    except ValueError:
        on = date.max
    actions.record_payment(claim.pk, on, given.get("reference", ""), seen=given.get("seen"), actor=actor, now=now)
    book_claim_soon(claim.pk)


def _plain(action: Callable[..., object]) -> Step:
    def step(claim: SubsidyClaim, given: Any, actor: Actor, now: datetime) -> None:
        action(claim.pk, seen=given.get("seen"), actor=actor, now=now)

    return step


def _reasoned(action: Callable[..., object]) -> Step:
    def step(claim: SubsidyClaim, given: Any, actor: Actor, now: datetime) -> None:
        action(claim.pk, given.get("reason", ""), seen=given.get("seen"), actor=actor, now=now)

    return step


STEPS: dict[str, Step] = {
    "check": _check,
    "settle_lines": _settle,
    "return_claim": _reasoned(actions.return_claim),
    "verify": _plain(actions.verify),
    "prepare_payment": _plain(actions.prepare_payment),
    "send_back": _reasoned(actions.send_back),
    "approve": _plain(actions.approve),
    "pay": _pay,
}
