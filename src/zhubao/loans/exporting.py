"""The life of a loan as data, in the format `zhubao loan replay` reads, so that anybody can reckon its figures again. No person in it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending import Event, Kind, Terms
from zhubao.lending.days import settlement_days

from .models import Loan
from .repaying import standing
from .replaying import record_of

DAY_COUNT = {"act360": "ACT/360", "act365": "ACT/365", "month+odd": "MONTH+ODD"}
# What the format takes for granted; other conventions cannot be said in it.
TAKEN_FOR_GRANTED = {
    "ends": "first",
    "rounding": "half_up",
    "allocation": "interest_first",
    "tranche_order": "oldest",
    "collection_day": "money_comes",
    "penalty_ppm": 0,
}
CAPITALISED = {"simple": False, "every_settlement": True}


def life_json(loan: Loan, up_to: date) -> dict[str, Any]:
    """Return the life of a loan up to and including a day: ``{"id", "title", "inputs"}`` as `zhubao.lending.read_life` takes it.

    What the bank deducted stands among the prepayments: it happened and needs no rule to be bounded by. Raise E-EXPORT-TERMS naming
    the convention the format has no word for, E-EXPORT-UNPAID where a draw lost its subsidy because it was not paid in.
    """
    known = record_of(loan)
    terms, events = known.terms, [event for event in standing(known.events) if event.on <= up_to]
    _require_sayable(loan, terms, events)
    death = next((event for event in events if event.kind == Kind.DIED), None)
    ends = min([up_to, *([death.on] if death else [])])
    draws = [event for event in events if event.kind == Kind.TRANCHE_PAID and event.on <= ends]
    payments = [event for event in events if event.kind in PAYMENTS and (death is None or event.on < death.on)]
    settlements = set(settlement_days(terms.settlement, draws[0].on, ends)) if draws else set()
    settlements |= {event.on for event in payments if event.kind == Kind.DEDUCTED and not event.amount}
    inputs: dict[str, Any] = {
        "disbursements": [{"date": event.on.isoformat(), "fen": event.amount} for event in draws],
        "rates": [{"from": on.isoformat(), "value": ppm} for on, ppm in _rates(terms, events, draws).items()],
        "rate_basis": terms.rate_basis,
        "day_count": DAY_COUNT[terms.day_count],
        "settlements": [day.isoformat() for day in sorted(settlements)],
        "subsidy": _subsidy(terms, events, draws),
        "capitalise": CAPITALISED[terms.unpaid_interest],
        "prepayments": [_payment(event) for event in payments if event.kind == Kind.PAID_OFF or event.amount],
    }
    if death is not None:
        outcome = known.outcome(up_to)
        usable = death.amount if terms.account_part == "all" else min(death.amount, death.more[0])
        inputs["death"] = {
            "date": ends.isoformat(),
            "account_fen": usable,
            "government_covers": bool(outcome.death and outcome.death.government),
        }
    return {"id": loan.number, "title": f"{loan.policy_id} {up_to}", "inputs": inputs}


PAYMENTS = (Kind.PREPAID, Kind.PAID_OFF, Kind.DEDUCTED)


def _payment(event: Event) -> dict[str, Any]:
    if event.kind == Kind.PAID_OFF:
        return {"date": event.on.isoformat(), "fen": "all"}
    return {"date": event.on.isoformat(), "fen": event.amount}


def _rates(terms: Terms, events: Sequence[Event], draws: Sequence[Event]) -> dict[date, int]:
    """Return the rate from each day on; where each draw keeps its own, the rate of each day of a draw."""
    told = {event.on: event.amount for event in events if event.kind == Kind.RATE_SET}
    if terms.rate_basis != "per_tranche":
        return told
    ceilings = {event.on: event.amount for event in events if event.kind == Kind.CEILING_SET}
    return {draw.on: min(_in_force(told, draw.on), _in_force(ceilings, draw.on)) for draw in draws}


def _in_force(table: dict[date, int], on: date) -> int:
    days = [day for day in table if day <= on]
    return table[max(days)] if days else 1_000_000


def _subsidy(terms: Terms, events: Sequence[Event], draws: Sequence[Event]) -> list[dict[str, str]]:
    """Return the spans in which the government bears the interest; an open one has no end."""
    if terms.subsidy_follows == "none" or not draws:
        return []
    over = next((event.on for event in events if event.kind == Kind.GRACE_ENDED), None)
    spans: list[tuple[date, date | None]] = []
    if terms.subsidy_follows == "grace":
        spans = [(draws[0].on, over)]
    else:
        begun: date | None = None
        for event in events:
            if event.kind == Kind.CERTIFIED and begun is None:
                begun = event.on
            elif event.kind == Kind.CERTIFICATION_LOST and begun is not None:
                spans, begun = [*spans, (begun, event.on)], None
        spans += [(begun, None)] if begun is not None else []
    cut = [(start, over if end is None or (over and over < end) else end) for start, end in spans]
    return [
        {"from": start.isoformat()} | ({"to": end.isoformat()} if end else {}) for start, end in cut if end is None or start < end
    ]


def _require_sayable(loan: Loan, terms: Terms, events: Sequence[Event]) -> None:
    for name, value in TAKEN_FOR_GRANTED.items():
        if getattr(terms, name) != value:
            raise _no_word(loan, name)
    if terms.unpaid_interest not in CAPITALISED:
        raise _no_word(loan, "unpaid_interest")
    if terms.on_unpaid_contribution != "none" and any(event.kind == Kind.CONTRIBUTION_UNPAID for event in events):
        raise ZhubaoError(
            "E-EXPORT-UNPAID",
            Text("有一笔放款因未缴费失去贴息，这种格式写不出来", "a draw lost its subsidy: the format has no word for it"),
            place=loan.number,
        )


def _no_word(loan: Loan, name: str) -> ZhubaoError:
    return ZhubaoError(
        "E-EXPORT-TERMS",
        Text(f"约定 {name} 在这种格式里写不出来", f"the format has no word for the convention {name}"),
        place=loan.number,
    )
