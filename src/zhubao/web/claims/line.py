"""One line of a claim: what the bank listed, the days as recomputed, and from when to when the two differ and why."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.documents.wording import percent
from zhubao.errors import ZhubaoError
from zhubao.exchange.files.subsidy_claim import CURRENT, TAKEN_BACK
from zhubao.lending.claim_comparison import Compared, compare
from zhubao.lending.government_days import Stretch, claim_window
from zhubao.loans.claims.checking import Detail
from zhubao.loans.claims.loading import Claimable, accepted_before, claimable
from zhubao.loans.claims.selectors import CLAIM_ROLES
from zhubao.loans.models import ClaimDetail, ClaimLine, SubsidyClaim
from zhubao.loans.selectors import loans_for
from zhubao.web.clerk.words import explained
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .claim import steps_for
from .finding import found_claim
from .words import cause_said, refusal_said, state_said, tone_of


@never_cache
@require_GET
@for_posts(*CLAIM_ROLES)
def one(request: PostRequest, number: str, line_id: int) -> HttpResponseBase:
    """Show a line with the days it comes to, recomputed as the loan is on record now."""
    claim = found_claim(request.actor, number)
    line = ClaimLine.objects.select_related("loan__person", "loan__bank").filter(claim=claim, pk=line_id).first()
    if line is None:
        raise Http404
    told = _told(claim, line)
    context: dict[str, Any] = {
        "claim": claim,
        "line": line,
        "state": state_said(claim),
        "tone": tone_of(claim),
        "cause": cause_said(line.cause),
        "refused": refusal_said(line.refused),
        "told": [each._asdict() | {"rate": percent(each.rate_ppm)} for each in told],
        "taken_back": TAKEN_BACK,
        "open": line.accepted_fen is None,
        "smaller_fen": min(line.asked_fen, line.computed_fen),
        "steps": {step.verb: step for step in steps_for(claim, request.actor)},
        "known": line.loan is not None and loans_for(request.actor).filter(number=line.loan_number).exists(),
        **(_days(claim, line, told) if line.loan is not None else {}),
    }
    return render(request, "claims/line.html", context)


def _told(claim: SubsidyClaim, line: ClaimLine) -> list[Detail]:
    """Return the bank's own lines about the loan and year."""
    rows = ClaimDetail.objects.filter(claim=claim, number__in=line.details).order_by("number")
    return [Detail(*row) for row in rows.values_list(*Detail._fields)]


def _days(claim: SubsidyClaim, line: ClaimLine, told: list[Detail]) -> dict[str, Any]:
    """Return our days of the line's year, and beside current lines where and why they differ."""
    assert line.loan_id is not None, line
    loan: Claimable = next(iter(claimable([line.loan_id], by="pk").values()))
    start, end = claim_window(loan.terms, line.year)
    basis = 365 if loan.terms.day_count == "act365" else 360
    try:
        stretches = [each for each in loan.stretches(date.fromordinal(end)) if start <= each.start and each.end <= end]
    except ZhubaoError as error:
        return {"fault": explained(error)}
    claimed = accepted_before(claim.pk, [loan.pk]).get((loan.pk, line.year), 0)
    borne = sum(each.interest for each in stretches)
    found: dict[str, Any] = {
        "stretches": [_stretch(each) for each in stretches],
        "borne_fen": borne,
        "claimed_fen": claimed,
        "now_fen": borne - claimed,
        "changed": borne - claimed != line.computed_fen,
        "basis": basis,
        "starts_on": date.fromordinal(start),
        "ends_on": date.fromordinal(end),
        "died_on": loan.died_on,
    }
    if told and all(each.kind == CURRENT for each in told):
        asked = [each.asked for each in told]
        both = compare(loan.terms, loan.events, line.year, asked, stretches, claimed=claimed, died_on=loan.died_on)
        found |= _differences(both)
    return found


def _stretch(each: Stretch) -> dict[str, Any]:
    return {
        "start": date.fromordinal(each.start),
        "end": date.fromordinal(each.end),
        "days": each.days,
        "principal": each.principal,
        "rate": percent(each.ppm),
        "interest": each.interest,
    }


def _differences(both: Compared) -> dict[str, Any]:
    spans = [
        {
            "start": date.fromordinal(span.start),
            "end": date.fromordinal(span.end),
            "days": span.end - span.start,
            "words": cause_said(span.cause),
            "fen": span.fen,
        }
        for span in both.spans
        if span.cause is not None
    ]
    return {"spans": spans, "by_cause": [(cause_said(cause), fen) for cause, fen in both.causes.items()]}
