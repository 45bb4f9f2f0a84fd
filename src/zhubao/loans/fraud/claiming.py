"""What a finding claims, and what of it is still open: derived from the loan's own replay, never kept."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Sum

from zhubao.lending import Kind
from zhubao.lending.events import grace_ended

from ..models import FraudFinding, Loan
from ..repaying import owed, standing
from ..replaying import OnRecord, record_of


@dataclass(frozen=True)
class Claim:
    """What is to be paid back as of a day, fen: principal and interest to the bank, the subsidy to finance."""

    principal_fen: int
    interest_fen: int
    subsidy_fen: int

    @property
    def bank_fen(self) -> int:
        """Principal and interest."""
        return self.principal_fen + self.interest_fen

    @property
    def total_fen(self) -> int:
        """All of it."""
        return self.bank_fen + self.subsidy_fen


def claim_of(loan: Loan, on: date) -> Claim:
    """Return what a finding made on a day claims: the debt of that day, and every fen of subsidy finance has paid to the bank."""
    return _claim(record_of(loan), on)


def claim_if_agreed(loan: Loan, on: date) -> Claim:
    """Return what a finding would claim that finance agreed to on a day: from the end of the subsidy the interest is the borrower's."""
    known = record_of(loan)
    ends = subsidy_ends(known, on)
    if ends is not None:
        entry = max(event.entry for event in known.events) + 1
        known = replace(known, events=[*known.events, grace_ended(ends, entry=entry)])
    return _claim(known, on)


def _claim(known: OnRecord, on: date) -> Claim:
    result = known.outcome(on)
    return Claim(result.principal, owed(result, on) - result.principal, subsidy_paid(known, on))


def open_of(finding: FraudFinding, on: date) -> Claim:
    """Return what of a finding's claim is open on a day: what the loan owes now, and the subsidy less what came back."""
    now = claim_of(finding.loan, on)
    back = finding.recoveries.filter(payee="finance").aggregate(fen=Sum("amount_fen"))["fen"] or 0
    return Claim(now.principal_fen, now.interest_fen, (finding.subsidy_fen or 0) - int(back))


def subsidy_paid(known: OnRecord, on: date) -> int:
    """Return what finance has paid to the bank for a loan up to a day, fen."""
    return sum(event.amount for event in standing(known.events) if event.kind == Kind.CLAIM_PAID and event.on <= on)


def subsidy_ends(known: OnRecord, on: date) -> date | None:
    """Return the first day no subsidy paid so far reaches into: from then on the borrower bears the interest alone.

    None where nothing was subsidised, or the subsidy had ended by then.
    """
    result = known.outcome(on)
    draws = [event.on for event in standing(known.events) if event.kind == Kind.TRANCHE_PAID]
    ended = [event.on for event in standing(known.events) if event.kind == Kind.GRACE_ENDED]
    if not draws or not (result.subsidy_total or result.accrued(on)[1]):
        return None
    left, day = subsidy_paid(known, on), min(draws)
    for period in result.periods:
        if left <= 0:
            break
        left -= period.government
        day = period.end if period.government else day
    day = on if left > 0 else min(day, on)
    return None if ended and min(ended) <= day else day
