"""What a loan will become: deductions by rule until it is repaid, and the sum that pays it off on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .days import deduction_days
from .engine import replay
from .events import (
    Event,
    agreed_set,
    basic_pension_set,
    deduction_due,
    floor_set,
    matured,
    paid_off,
    pension_set,
)
from .outcome import Outcome
from .terms import Terms

# A plan without a limit stops here: nobody repays longer than a century.
CENTURY_MONTHS = 1200

Steps = Sequence[tuple[date, int]]


@dataclass(frozen=True, slots=True)
class Plan:
    """The deductions to come: on `first`, then on `day` (default: that of `first`) of every month, at most `max_months` of them.

    `pension`, `floor`, `basic_pension`, `agreed` are step tables (date, fen a month), estimates or fixed; each holds from its date.
    """

    first: date
    day: int | None = None
    max_months: int | None = None
    pension: Steps = ()
    floor: Steps = ()
    basic_pension: Steps = ()
    agreed: Steps = ()


class Payoff(NamedTuple):
    """What pays a loan off on a day, fen: `principal` + `interest` by the borrower; `government` is the state's open interest."""

    on: date
    principal: int
    interest: int
    government: int

    @property
    def total(self) -> int:
        """What the borrower pays; no fee."""
        return self.principal + self.interest


def project(terms: Terms, events: Iterable[Event], plan: Plan) -> Outcome:
    """Return the loan after its events and the planned deductions, until repaid or until the last month of the plan.

    What is left then is reported in the state; with `term_end` due it is paid on the day of the last deduction. Without `max_months`
    the terms' limit counts. Raises as `replay` does.
    """
    return replay(terms, [*events, *planned(terms, plan)])


def planned(terms: Terms, plan: Plan) -> list[Event]:
    """Return the events a plan stands for."""
    months = plan.max_months or terms.max_months or CENTURY_MONTHS
    days = list(deduction_days(plan.first, plan.day or plan.first.day, months))
    result = [deduction_due(day) for day in days]
    result += [pension_set(on, fen) for on, fen in plan.pension]
    result += [floor_set(on, fen) for on, fen in plan.floor]
    result += [basic_pension_set(on, fen) for on, fen in plan.basic_pension]
    result += [agreed_set(on, fen) for on, fen in plan.agreed]
    if terms.term_end == "due":
        result.append(matured(days[-1]))
    return result


def payoff(terms: Terms, events: Iterable[Event], on: date) -> Payoff:
    """Return what pays the loan off on `on`, interest to the day and no fee; all 0 when nothing is owed. Later events do not count."""
    before = [event for event in events if event.on <= on]
    state = replay(terms, before)
    if not state.principal and not state.interest_due and not state.weight:
        return Payoff(on, 0, 0, 0)
    after = replay(terms, [*before, paid_off(on)])
    row = after.schedule[-1]
    last = after.periods[-1] if after.periods else None
    return Payoff(on, row.principal, row.interest, last.government if last and last.end == on else 0)
