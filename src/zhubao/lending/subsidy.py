"""From which day the government bears interest, and until which."""

from datetime import date, timedelta
from typing import NamedTuple

from .days import settlement_days
from .terms import Terms


class Check(NamedTuple):
    """The result of a check of the hardship status.

    `found_on`: the day of the result; `decided_from`: the day the decision itself names, if any; `roster_end`: the day from which
    the roster no longer carries the person.
    """

    found_on: date
    decided_from: date | None = None
    roster_end: date | None = None


def end_of_subsidy(terms: Terms, qualified_on: date, first_pension_month: date, first_deduction: date | None = None) -> date:
    """Return the first day without subsidy (clauses jx-2.4b, rg-13a): the event `grace_ended` carries it.

    `qualified_on`: the day the age is reached; `first_pension_month`: any day of the month the pension is due from. A late decision
    or payment moves nothing unless `subsidy_end` is ``first_deduction``, which without a deduction yet falls back on that month.
    """
    if terms.subsidy_end == "birthday":
        return qualified_on
    if terms.subsidy_end == "first_deduction" and first_deduction is not None:
        return first_deduction
    return first_pension_month.replace(day=1)


def loss_from(terms: Terms, check: Check) -> date:
    """Return the first day without status after a check that did not find it (clause jx-2.5d); never a clawback before notice.

    By default 1 January after the check, unless the decision names another day.
    """
    if terms.loss_from == "roster_end" and check.roster_end is not None:
        return check.roster_end
    return check.decided_from or _takes_effect(terms, terms.loss_from, check)


def gain_from(terms: Terms, check: Check, pending_since: date | None = None) -> date:
    """Return the first day with status after a check that found it.

    Nothing is retroactive, except that a decision left pending at application (`pending_since`: the first tranche) counts from there.
    """
    return pending_since or check.decided_from or _takes_effect(terms, terms.regain_from, check)


def _takes_effect(terms: Terms, setting: str, check: Check) -> date:
    if setting == "year_start":
        return date(check.found_on.year, 1, 1)
    if setting == "next_settlement":
        coming = settlement_days(terms.settlement, check.found_on, check.found_on + timedelta(days=366))
        if coming:
            return coming[0]
    return date(check.found_on.year + 1, 1, 1)
