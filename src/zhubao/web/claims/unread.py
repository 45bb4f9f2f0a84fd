"""Claim files that are no claim yet: being read, or refused and not handed in anew."""

from datetime import date
from typing import Any, Final

from zhubao.access.actors import Actor
from zhubao.exchange.models import Direction
from zhubao.exchange.selectors import envelopes_for
from zhubao.loans.models import SubsidyClaim
from zhubao.procedures.claim_received import KIND
from zhubao.web.files.words import faults_of, row_of

LOOKED_THROUGH: Final = 20


def unread_files(actor: Actor, claim: SubsidyClaim | None = None) -> list[dict[str, Any]]:
    """Return the files a post may see that came after the last one of their bank that became a claim, the last first.

    `claim`: one that was returned; those alone that its bank handed in since then.
    """
    files = envelopes_for(actor).filter(kind=KIND, direction=Direction.IN).order_by("-received_at", "-pk")
    if claim is not None:
        files = files.filter(
            sender_id=claim.bank_id, policy_id=claim.policy_id, received_at__date__gte=claim.returned_on or date.max
        )
    found = list(files[:LOOKED_THROUGH])
    claimed = set(SubsidyClaim.objects.filter(envelope__in=found).values_list("envelope_id", flat=True))
    done: set[int] = set()
    rows = []
    for envelope in found:
        if envelope.pk in claimed:
            done.add(envelope.sender_id)
        elif envelope.sender_id not in done:
            rows.append({**row_of(envelope), "why": next((words for _code, words in faults_of(envelope)), "")})
    return rows
