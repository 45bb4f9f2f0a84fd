"""The standing of one loan after it was closed by replay: what the cache keeps, and which loans it cannot keep."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from zhubao.errors import ZhubaoError
from zhubao.lending import Event, Kind, Outcome, Terms, monthly_cap
from zhubao.lending.batch import supports
from zhubao.lending.terms import CHOICES
from zhubao.parameters import ParameterBook

from ..models import Loan
from ..models.standing import TRANCHES
from ..rates import BENCHMARK_OF_TIER, rates_due
from ..repaying import FROM_THE_PENSION, deduction_key, order_of, pension_begins, place_of_floor, standing
from ..replaying import OnRecord
from ..states import process_of, ways_of
from .standings import NEVER, NO_DAY, NUMBER_LENGTH, POLICY_LENGTH, Kept, settlement_code

# What may be entered without a replay: it changes neither rates nor status.
READ = (Kind.DEDUCTED, Kind.CLAIM_PAID)
RULES = CHOICES["deduction_rule"]
# Longer than any loan runs.
FAR = 60
ANY_DEBT = 10**15


def standing_after(
    loan: Loan, known: OnRecord, orders: Mapping[date, int], as_of: date, book: ParameterBook, *, posted_until: date
) -> Kept | None:
    """Return where a loan stands that was just closed as of a day by replay; None where only a replay can go on.

    `orders`: what was ordered for each month, fen; `posted_until`: the last day anything is posted for. The person is loaded.
    """
    terms = known.terms
    seen, later = _split(known.events, as_of)
    names_fit = loan.number.isascii() and len(loan.number) <= NUMBER_LENGTH and len(loan.policy_id) <= POLICY_LENGTH
    if not _quiet(terms) or not names_fit or loan.person.died_on is not None or as_of != max(known.month_ends):
        return None
    if any(event.kind not in READ for event in later) or (later and min(e.entry for e in later) <= len(seen)):
        return None
    outcome = known.outcome(as_of)
    open_orders = {month: fen for month, fen in orders.items() if fen and deduction_key(month) not in known.keys}
    if not _plain(outcome) or len(open_orders) > 1:
        return None
    after = (as_of + timedelta(1)).toordinal() - outcome.counted_to
    (open_month, open_fen) = next(iter(open_orders.items()), (NO_DAY, 0))
    kept = Kept(
        as_of=as_of,
        touched=bool(later) or posted_until > as_of,
        events=len(seen),
        repaying=loan.state == "repaying",
        wakes_on=_wakes_on(loan, known, as_of, book),
        rates_mark=rates_mark(book) if _follows_rates(loan, terms) else 0,
        year_days=365 if terms.day_count == "act365" else 360,
        settlement=settlement_code(terms.settlement),
        subsidised=outcome.borne > 0,
        open_since=date.fromordinal(outcome.open_since),
        interest_due=outcome.interest_due,
        raw_interest=outcome.raw_interest + outcome.weight * after,
        raw_government=outcome.raw_government + outcome.borne * after,
        rule=-1,
        max_months=terms.max_months,
        months_deducted=outcome.deduction_months,
        cap_fen=-1,
        ordered_cap_fen=0,
        pension_fen=0,
        protected_fen=0,
        agreed_fen=-1,
        floor_fen=0,
        floor_area=0,
        open_month=open_month,
        open_fen=open_fen,
        remaining=_filled([tranche.remaining for tranche in outcome.tranches]),
        rates=_filled([tranche.rate_ppm for tranche in outcome.tranches]),
    )
    if kept.repaying and loan.method == FROM_THE_PENSION and not _set_pension(kept, loan, terms, seen, as_of, book):
        return None
    return kept


def rates_mark(book: ParameterBook) -> int:
    """Return a number that changes with every published rate a loan may follow."""
    names = set(BENCHMARK_OF_TIER.values())
    entries = sorted(
        str((e.name, e.value, e.area_code, e.effective_from, e.effective_to)) for e in book.entries() if e.name in names
    )
    return zlib.crc32("\n".join(entries).encode())


def _split(events: Sequence[Event], as_of: date) -> tuple[list[Event], list[Event]]:
    last = as_of.toordinal()
    return [event for event in events if event.day <= last], [event for event in events if event.day > last]


def _quiet(terms: Terms) -> bool:
    return supports(terms) and terms.ends == "first" and terms.collection_day == "money_comes"


def _plain(outcome: Outcome) -> bool:
    """Return whether the open period is one that columns can go on with: the government bears all of it or nothing."""
    owed = outcome.principal and outcome.open_since and outcome.death is None and not outcome.arrears
    return bool(owed) and outcome.borne in (0, outcome.weight) and len(outcome.tranches) <= TRANCHES


def _follows_rates(loan: Loan, terms: Terms) -> bool:
    return ways_of(loan.policy_id).rate == "benchmark" and terms.reset != "none"


def _wakes_on(loan: Loan, known: OnRecord, as_of: date, book: ParameterBook) -> date:
    """Return the first day whose coming changes a loan: the pension begins, or a published rate is taken over."""
    days = [NEVER]
    if loan.state in process_of(loan.policy_id).transition("begin_repaying").start:
        days.append(pension_begins(known.events) or loan.pension_month)
    if _follows_rates(loan, known.terms):
        first = min(event.on for event in known.events if event.kind == Kind.TRANCHE_PAID)
        coming = rates_due(loan, known.terms, first, as_of.replace(year=as_of.year + FAR, day=1), book)
        days += [event.on for event in coming if event.on > as_of]
    return min(days)


def _set_pension(kept: Kept, loan: Loan, terms: Terms, seen: Sequence[Event], as_of: date, book: ParameterBook) -> bool:
    """Set what bounds deductions and orders as long as no table changes; False where a number is missing."""
    try:
        order = order_of(loan, terms, seen, ANY_DEBT, as_of, book)
    except ZhubaoError:
        return False
    tables: dict[int, list[int]] = {}
    for event in standing(seen):
        tables.setdefault(event.kind, []).append(event.amount)
    pension, floor, basic = (tables.get(kind, [0]) for kind in (Kind.PENSION_SET, Kind.FLOOR_SET, Kind.BASIC_PENSION_SET))
    judged = pension[0] if terms.cap_basis == "first_pension" else pension[-1]
    kept.rule = RULES.index(order.rule)
    kept.pension_fen, kept.protected_fen, kept.ordered_cap_fen = order.pension_fen, order.protected_fen, order.amount_fen
    kept.agreed_fen = -1 if order.agreed_fen is None else order.agreed_fen
    kept.cap_fen = monthly_cap(terms, judged, floor[-1], basic[-1], order.agreed_fen)
    if order.rule == "remaining_at_least":
        place = place_of_floor(loan, terms)
        if not place.isdecimal():
            return False
        kept.floor_fen, kept.floor_area = floor[-1], int(place)
    return True


def _filled(values: list[int]) -> list[int]:
    return values + [0] * (TRANCHES - len(values))
