"""What a loan comes to: its terms, its events, and the outcome replayed from them. Nothing of it is kept."""

from dataclasses import replace
from datetime import date
from typing import Any

from zhubao.lending import AgreedTerms, Event, Kind, Outcome, Setting, Terms, replay, terms_for
from zhubao.lending.days import settlement_days
from zhubao.lending.events import settled

from .models import Loan


def terms_of(loan: Loan) -> AgreedTerms:
    """Return the terms as they were agreed on the day of signing, with the open points that rest on a default nobody confirmed."""
    # What stands in the agreement is the bank's decision; what a later setting says of the same point comes after it.
    settings = [Setting(name, getattr(loan, name), decided_by=loan.bank.name) for name in ("day_count", "settlement")]
    settings += [
        Setting(row.name, _value(row.name, row.value), row.effective_from, row.effective_to, row.decided_by)
        for row in loan.settings.all()
    ]
    agreed = terms_for(loan.policy_id, settings, loan.signed_on)
    terms = agreed.terms
    if loan.repay_months is not None and terms.max_months:
        terms = replace(terms, max_months=min(terms.max_months, loan.repay_months))
    if loan.basic_pension_agreed_on is not None:
        terms = terms.with_basic_pension(loan.basic_pension_agreed_on, loan.signed_on)
    return replace(agreed, terms=terms)


def events_of(loan: Loan) -> list[Event]:
    """Return the events entered for a loan, in the order of entry."""
    return [Event(row.day.toordinal(), row.kind, row.entry, row.amount, tuple(row.more)) for row in loan.events.all()]


def outcome(loan: Loan, up_to: date) -> Outcome:
    """Return the loan after its events up to and including a day, interest periods closed on the bank's settlement days.

    Raises what `zhubao.lending.replay` raises: E-LOAN-RATE, E-LOAN-CEILING and their like.
    """
    terms = terms_of(loan).terms
    events = events_of(loan)
    draws = [event.on for event in events if event.kind == Kind.TRANCHE_PAID]
    if draws:
        events += [settled(day) for day in settlement_days(terms.settlement, min(draws), up_to)]
    return replay(terms, events, up_to)


def _value(name: str, text: str) -> Any:
    """Return a setting's text as the type its field of `Terms` has."""
    default = getattr(Terms(), name, text)
    if isinstance(default, bool):
        return text == "true"
    return int(text) if isinstance(default, int) else text
