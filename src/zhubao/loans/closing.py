"""Bringing a loan's rates and books up to a day: month-ends and whoever reconciles call it."""

from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.ledger.models import Posting

from .books import book
from .models import Loan
from .rates import follow_rates
from .replaying import terms_of
from .states import ways_of


@transaction.atomic
def close_day(loan_id: int, up_to: date, *, actor: Actor, now: datetime) -> list[Posting]:
    """Take over the rates that fell due up to a day, post what the books miss until then, and return those rows; again: none.

    Raise DoesNotExist, OutOfScope, and what a replay raises.
    """
    actor.require_role(Role.AGENCY_ACCOUNTANT)
    loan = Loan.objects.select_for_update().get(pk=loan_id)
    actor.require_region(loan.region_code)
    drawn = [day for day in loan.tranches.values_list("drawn_on", flat=True) if day]
    if drawn and ways_of(loan.policy_id).rate == "benchmark":
        follow_rates(loan, terms_of(loan).terms, min(drawn), up_to, actor=actor, now=now)
    posted = book(loan, up_to, actor=actor, now=now)
    if posted:
        after = {"up_to": str(up_to), "postings": len(posted)}
        record("loan.closed_day", loan.subject, actor=actor, now=now, region_code=loan.region_code, after=after)
    return posted
