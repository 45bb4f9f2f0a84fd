"""The Rugao bank's roster: who signed and stands on none yet, handed over in four copies."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.exchange.models import Envelope
from zhubao.exchange.selectors import envelopes_for, next_batch
from zhubao.procedures.roster_handed_over import FORM, hand_over_roster, to_be_rostered
from zhubao.web.attempts import Attempt
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import ROSTER_ROLES, tabs

MOST_NUMBERS: Final = 500


@never_cache
@require_GET
@for_posts(*ROSTER_ROLES)
def roster(request: PostRequest) -> HttpResponseBase:
    """Show who may be put on the roster, and the rosters handed over with who has which copy."""
    return _shown(request)


@require_POST
@for_posts(*ROSTER_ROLES)
def hand_over(request: PostRequest) -> HttpResponseBase:
    """Put the chosen borrowers on a roster: their loans begin, and the copies go out."""
    numbers = request.POST.getlist("case")[:MOST_NUMBERS]
    with Attempt() as attempt:
        done = hand_over_roster(numbers, request.POST.get("batch", "").strip(), actor=request.actor, now=clock.now())
        words = ngettext(
            "%(count)d borrower is on the roster; the loan has begun.",
            "%(count)d borrowers are on the roster; their loans have begun.",
            len(done.loans),
        )
        messages.success(request, words % {"count": len(done.loans)})
        return redirect("loans:roster")
    return _shown(request, fault=attempt.fault, status=422)


def _shown(request: PostRequest, *, fault: str = "", status: int = 200) -> HttpResponseBase:
    actor = request.actor
    chosen = request.POST.getlist("case") if request.method == "POST" else None
    batch = next_batch(actor.organisation_id, FORM, clock.today()) if actor.organisation_id else ""
    context: dict[str, Any] = {
        **tabs(actor),
        "cases": list(to_be_rostered(actor)[:MOST_NUMBERS]),
        "chosen": chosen,
        "batch": request.POST.get("batch", batch),
        "fault": fault,
        "rosters": _rosters(request),
    }
    return render(request, "loans/roster.html", context, status=status)


def _rosters(request: PostRequest) -> list[tuple[str, list[tuple[str, Envelope | None]]]]:
    """Return the bank's rosters, the last first, each with its copies: who has it, and the file that went there (None: kept here)."""
    copies: dict[str, list[tuple[str, Envelope | None]]] = {}
    sent = envelopes_for(request.actor).filter(kind=FORM, sender=request.actor.organisation_id)
    for envelope in sent[:90]:
        kept: list[tuple[str, Envelope | None]] = [(_("the bank itself"), None)]
        copies.setdefault(envelope.batch, kept).append((envelope.receiver.name, envelope))
    return list(copies.items())
