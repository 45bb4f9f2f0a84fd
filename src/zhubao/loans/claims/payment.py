"""What a paid claim leaves in the books of each loan: an event under the claim's number, and its postings, once."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.ledger.actions import Line, post_new
from zhubao.ledger.models import Posting
from zhubao.lending.events import claim_paid, claim_returned
from zhubao.policies.claims import implements

from ..books import DERIVED, SOURCE, reference_of
from ..models import ClaimLine, Loan, LoanEvent, SubsidyClaim

CHUNK = 2_000


@implements("jx-annex-5c", "rg-16", as_="action")
def book_payment(claim_id: int, *, actor: Actor, now: datetime) -> SubsidyClaim:
    """Book a paid claim loan by loan, in chunks that each stand by themselves; a run that was stopped is repeated to the same books."""
    claim = SubsidyClaim.objects.get(pk=claim_id)
    if claim.paid_on is None or claim.booked_at is not None:
        return claim
    loans = ClaimLine.objects.filter(claim=claim).exclude(accepted_fen=0).order_by("loan_id")
    ids = list(loans.values_list("loan_id", flat=True).distinct())
    for at in range(0, len(ids), CHUNK):
        book_chunk(claim, ids[at : at + CHUNK], actor=actor, now=now)
    return _booked(claim.pk, actor=actor, now=now)


@transaction.atomic
def book_chunk(claim: SubsidyClaim, loan_ids: Sequence[int], *, actor: Actor, now: datetime) -> int:
    """Enter what a claim paid for some loans and post it; those booked before are passed over. Return how many were booked."""
    assert claim.paid_on is not None
    key, on = f"claim:{claim.number}", claim.paid_on
    locked = Loan.objects.select_for_update(of=("self",)).filter(pk__in=loan_ids).order_by("pk")
    done = set(LoanEvent.objects.filter(loan__in=loan_ids, key=key).values_list("loan_id", flat=True))
    loans = [loan for loan in locked if loan.pk not in done]
    sums = dict(
        ClaimLine.objects.filter(claim=claim, loan__in=loan_ids)
        .values("loan_id")
        .annotate(fen=Sum("accepted_fen"))
        .order_by()
        .values_list("loan_id", "fen")
    )
    told = dict(LoanEvent.objects.filter(loan__in=loan_ids).values_list("loan_id").annotate(Count("pk")).order_by())
    events, lines = [], []
    posted = _posted([loan.subject for loan in loans], on)
    for loan in loans:
        fen = sums.get(loan.pk, 0)
        if not fen:
            continue
        event = claim_paid(on, fen) if fen > 0 else claim_returned(on, -fen)
        kind = "claim_paid" if fen > 0 else "claim_returned"
        events.append(
            LoanEvent(
                loan=loan,
                entry=told.get(loan.pk, 0) + 1,
                day=on,
                kind=event.kind,
                amount=event.amount,
                key=key,
                source=claim.payment_reference,
                entered_at=now,
                entered_by_id=actor.post_id,
            )
        )
        number = posted.get((loan.subject, kind), 0) + 1
        for movement in DERIVED[loan.policy_id][kind]:
            lines.append(
                Line(
                    region_code=loan.region_code,
                    on=on,
                    party=movement.party,
                    debit=movement.debit,
                    credit=movement.credit,
                    amount_fen=event.amount,
                    source=SOURCE,
                    subject=loan.subject,
                    kind=f"{kind}.{movement.name}",
                    entry=f"{on}/{number}",
                    party_reference=reference_of(loan, movement.party),
                )
            )
    LoanEvent.objects.bulk_create(events, batch_size=CHUNK)
    post_new(lines, actor=actor, now=now)
    return len(events)


def _posted(subjects: Sequence[str], on: date) -> dict[tuple[str, str], int]:
    """Return how many postings of a kind stand on the day already: those of another claim paid on it."""
    found: dict[tuple[str, str], int] = {}
    rows = Posting.objects.filter(source=SOURCE, subject__in=subjects, on=on, kind__startswith="claim_", party="bank")
    for subject, kind in rows.values_list("subject", "kind"):
        key = (subject, kind.partition(".")[0])
        found[key] = found.get(key, 0) + 1
    return found


@transaction.atomic
def _booked(claim_id: int, *, actor: Actor, now: datetime) -> SubsidyClaim:
    claim = SubsidyClaim.objects.select_for_update().get(pk=claim_id)
    if claim.booked_at is None:
        claim.booked_at = now
        claim.save(update_fields=["booked_at"])
        after = {"accepted_fen": claim.accepted_fen, "on": str(localdate(now))}
        record("claim.booked", claim.subject, actor=actor, now=now, region_code=claim.region_code, after=after)
    return claim
