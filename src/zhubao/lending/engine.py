"""The life of a loan folded from its events: one pure function over whole numbers.

The loop keeps `weight`, the sum of fen × ppm that bears interest, and adds weight × days to an exact sum; one division a period
turns that into fen. It is one long function because a county derives every loan again from its events: a call a day would cost more
than the arithmetic.
"""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date

from .caps import monthly_cap
from .days import month_end, month_number, thirty_day_ordinals
from .deaths import DeathSettlement, settle_death
from .events import Event, Kind
from .money import MILLION, half_even, half_up
from .outcome import CAPITALISED, DEDUCTION_RETURNED, PERIOD_CLOSED, Outcome, Tranche
from .refusals import (
    above_cap,
    above_ceiling,
    above_debt,
    after_the_end,
    late_tranche,
    no_such_tranche,
    owed_at_transfer,
    unknown,
)
from .terms import Terms

UNKNOWN = -1
CAPITAL_MONTHS = {
    "simple": (),
    "every_settlement": tuple(range(1, 13)),
    "monthly": tuple(range(1, 13)),
    "quarterly": (3, 6, 9, 12),
    "yearly": (12,),
}

# Plain numbers: comparing them is what the loop does most.
PENSION_SET, BASIC_PENSION_SET, FLOOR_SET = int(Kind.PENSION_SET), int(Kind.BASIC_PENSION_SET), int(Kind.FLOOR_SET)
AGREED_SET, CEILING_SET, REVERSED = int(Kind.AGREED_SET), int(Kind.CEILING_SET), int(Kind.REVERSED)
RATE_SET, CERTIFIED, CERTIFICATION_LOST = int(Kind.RATE_SET), int(Kind.CERTIFIED), int(Kind.CERTIFICATION_LOST)
CONTRIBUTION_UNPAID, BOOKED, SETTLED, DIED = int(Kind.CONTRIBUTION_UNPAID), int(Kind.BOOKED), int(Kind.SETTLED), int(Kind.DIED)
PREPAID, PAID_OFF, MATURED = int(Kind.PREPAID), int(Kind.PAID_OFF), int(Kind.MATURED)
DEDUCTION_DUE, DEDUCTED, TRANCHE_PAID = int(Kind.DEDUCTION_DUE), int(Kind.DEDUCTED), int(Kind.TRANCHE_PAID)
TRANSFERRED, CLAIM_PAID, ESTATE_PAID = int(Kind.TRANSFERRED), int(Kind.CLAIM_PAID), int(Kind.ESTATE_PAID)
CLAIM_RETURNED = int(Kind.CLAIM_RETURNED)


def replay(terms: Terms, events: Iterable[Event], up_to: date | None = None) -> Outcome:
    """Return the state of a loan after its events up to and including `up_to` (default: all), and the journal they leave.

    The order of `events` plays no part. A period closes at every settlement, deduction, prepayment, maturity and at death; on one
    day it closes first, then unpaid interest joins the principal where agreed, then death, prepayment, maturity, deduction, and last
    a new tranche. Raises ZhubaoError naming the event: E-LOAN-RATE (no rate yet), E-LOAN-CEILING, E-LOAN-TABLE (a deduction whose
    pension, floor or basic pension is not known), E-LOAN-ABOVE-DEBT, E-LOAN-ABOVE-CAP, E-LOAN-CLOSED (after death or maturity),
    E-LOAN-TRANCHE-LATE, E-LOAN-TRANCHE (an unpaid contribution whose tranche is not there), E-LOAN-TRANSFER.
    """
    ordered = sorted(events)
    if terms.ends == "last" or terms.collection_day == "day_due":
        ordered = sorted(_shifted(terms, ordered))
    if up_to is not None:
        del ordered[bisect_left(ordered, (up_to.toordinal() + 1,)) :]

    actual = terms.day_count != "month+odd"
    unit = (365 if terms.day_count == "act365" else 360) * MILLION
    half = unit // 2
    plain_rounding = terms.rounding != "half_even"
    by_segment = terms.rounding == "per_segment"
    unbroken = actual and not by_segment
    capital_months = CAPITAL_MONTHS[terms.unpaid_interest]
    per_tranche = terms.rate_basis == "per_tranche"
    follows_certification = terms.subsidy_follows == "certification"
    may_subsidise = terms.subsidy_follows != "none"
    interest_first = terms.allocation == "interest_first"
    turn = 0 if terms.tranche_order == "oldest" else -1
    penalty = terms.penalty_ppm

    principal = due = weight = borne = raw = raw_government = since = counted = 0
    arrears = months_deducted = closed = 0
    rate = ceiling = pension = basic = floor = cap = UNKNOWN
    agreed: int | None = None
    tables: dict[int, list[tuple[int, int]]] = {}
    tranches: list[list[int]] = []  # [remaining, ppm, eligible for subsidy, entry]
    holds = ever_held = grace_over = ended = False
    next_weight = next_borne = interest = government = 0
    death: DeathSettlement | None = None
    journal: list[tuple[int, ...]] = []

    for day, kind, entry, amount, more in ordered:
        if kind != DEDUCTION_DUE or ended:  # one test for what happens most
            if kind < RATE_SET:
                if kind == REVERSED:
                    return replay(terms, _without_reversed(ordered), up_to)
                if kind == PENSION_SET:
                    pension = amount
                elif kind == FLOOR_SET:
                    floor = amount
                elif kind == BASIC_PENSION_SET:
                    basic = amount
                elif kind == AGREED_SET:
                    agreed = amount
                else:
                    ceiling = amount
                tables.setdefault(kind, []).append((day, amount))
                cap = UNKNOWN
                continue

            if kind == BOOKED:
                if since:
                    days = day - counted if actual else thirty_day_ordinals(counted, day)
                    rounded = half_up if plain_rounding else half_even
                    journal.append(
                        (BOOKED, since, day, rounded(raw + weight * days, unit), rounded(raw_government + borne * days, unit))
                    )
                continue
            if ended:
                if kind == TRANCHE_PAID or SETTLED < kind < DEDUCTION_DUE:
                    raise after_the_end(day, kind)
                if kind == DEDUCTED and amount:
                    journal.append((DEDUCTION_RETURNED, day, amount))
                elif kind > TRANSFERRED:
                    journal.append((kind, day, amount))
                continue

            if kind < BOOKED:
                # A change that changes nothing must not split a span: whole months are counted over the unbroken span.
                next_weight = weight
                if kind == RATE_SET:
                    if terms.ceiling_check and UNKNOWN != ceiling < amount:
                        raise above_ceiling(day, amount, ceiling)
                    rate = amount
                    if not per_tranche:
                        for tranche in tranches:
                            tranche[1] = rate
                        next_weight = principal * rate + arrears * penalty
                elif kind == CERTIFIED:
                    holds = ever_held = True
                elif kind == CERTIFICATION_LOST:
                    holds = False
                elif kind == CONTRIBUTION_UNPAID:
                    _end_subsidy(terms, day, tranches, amount)
                else:
                    grace_over = True
                next_borne = 0
                if may_subsidise and not grace_over and (holds or not follows_certification):
                    next_borne = sum(tranche[0] * tranche[1] for tranche in tranches if tranche[2])
                if next_weight == weight and next_borne == borne:
                    continue
            elif kind == DIED and terms.death_interest == "settlement_day":
                day = max(day, more[1])  # noqa: PLW2901 - interest runs on until the account pays
            elif kind >= TRANSFERRED:
                if kind == TRANSFERRED and (principal or due):
                    raise owed_at_transfer(day, principal, due)
                if kind == ESTATE_PAID:
                    raise above_debt(day, kind, amount, 0)
                if kind in {CLAIM_PAID, CLAIM_RETURNED}:
                    journal.append((kind, day, amount))
                continue

        if unbroken:
            raw += weight * (day - counted)
            if borne:
                raw_government += borne * (day - counted)
        elif weight:
            days = day - counted if actual else thirty_day_ordinals(counted, day)
            raw += weight * days
            raw_government += borne * days
            if by_segment:
                raw, raw_government = half_up(raw, unit) * unit, half_up(raw_government, unit) * unit
        counted = day

        if SETTLED <= kind < TRANCHE_PAID:
            opened = 0
            if 0 < since < day:
                if plain_rounding:
                    interest = (raw + half) // unit
                    government = (raw_government + half) // unit if raw_government else 0
                else:
                    interest, government = half_even(raw, unit), half_even(raw_government, unit)
                opened = since
                due += interest - government
                raw = raw_government = 0
                since = day

            if kind >= DEDUCTION_DUE:
                if not since:
                    if kind == DEDUCTED and amount:
                        raise above_debt(day, kind, amount, 0)
                    continue
                if cap == UNKNOWN:
                    cap = _cap(terms, day, pension, floor, basic, agreed, tables)
                take = cap
                months_deducted += 1
                if more:
                    months = more if kind == DEDUCTION_DUE else more[1:]
                    if months and months != (month_number(date.fromordinal(day)),):
                        take = _back_pay_cap(terms, day, months, tables)
                        if terms.back_pay == "per_month":
                            months_deducted += len(months) - 1
                owed = principal + due
                take = min(take, owed)
                if kind == DEDUCTED:
                    if amount > take:
                        raise above_cap(day, amount, take)
                    if penalty:
                        arrears += take - amount
                        weight += (take - amount) * penalty
                    take = amount
            elif kind == SETTLED:
                if opened:
                    journal.append((PERIOD_CLOSED, opened, day, interest, government))
                if due and date.fromordinal(day).month in capital_months:
                    tranches.append([due, rate, 1, UNKNOWN])
                    principal += due
                    weight += due * rate
                    if may_subsidise and not grace_over and (holds or not follows_certification):
                        borne += due * rate
                    journal.append((CAPITALISED, day, due))
                    due = 0
                continue
            elif kind == DIED:
                if opened:
                    journal.append((PERIOD_CLOSED, opened, day, interest, government))
                death = settle_death(
                    terms,
                    principal + due,
                    amount,
                    loan_formed=more[0],
                    certified=holds,
                    ever_certified=ever_held,
                    bank_at_fault=bool(more[2]),
                )
                journal.append((DIED, day, due))
                principal = due = weight = borne = arrears = since = 0
                tranches.clear()
                ended = True
                continue
            else:
                owed = principal + due
                take = amount if kind == PREPAID else owed
                if take > owed or (not owed and kind != MATURED):
                    raise above_debt(day, kind, take, owed)
                ended = kind == MATURED
                if not owed:
                    continue
                if arrears:
                    weight -= min(arrears, take) * penalty
                    arrears -= min(arrears, take)

            # The one place where money pays interest and principal.
            part = (take - due if take > due else 0) if interest_first else min(take, principal)
            to_interest = take - part
            due -= to_interest
            principal -= part
            left = part
            while left:
                head = tranches[turn]
                if left >= head[0]:
                    paid = head[0]
                    del tranches[turn]
                else:
                    head[0] -= left
                    paid = left
                left -= paid
                weight -= paid * head[1]
                if borne and head[2]:
                    borne -= paid * head[1]
            journal.append((kind, day, take, to_interest, part, principal, due, opened, interest, government))
            if not principal and not due:
                closed, since, weight, borne, arrears = day, 0, 0, 0, 0
            continue

        if kind == TRANCHE_PAID:
            if months_deducted:
                raise late_tranche(day)
            own = min(rate, ceiling) if per_tranche and UNKNOWN not in {rate, ceiling} else rate
            if own == UNKNOWN:
                raise unknown(day, RATE_SET)
            tranches.append([amount, own, 1, entry])
            principal += amount
            weight += amount * own
            if may_subsidise and not grace_over and (holds or not follows_certification):
                borne += amount * own
            if not since:
                since, closed = day, 0
            journal.append((TRANCHE_PAID, day, amount))
            continue
        weight, borne = next_weight, next_borne

    return Outcome(
        terms,
        principal,
        due,
        weight,
        borne,
        raw,
        raw_government,
        since,
        counted,
        tuple(Tranche(remaining, ppm, bool(eligible), number) for remaining, ppm, eligible, number in tranches),
        arrears,
        months_deducted,
        closed,
        death,
        journal,
    )


def _cap(
    terms: Terms,
    day: int,
    pension: int,
    floor: int,
    basic: int,
    agreed: int | None,
    tables: dict[int, list[tuple[int, int]]],
) -> int:
    """Return the cap of one month after checking that the tables its rule needs are there."""
    if pension == UNKNOWN:
        raise unknown(day, PENSION_SET)
    if terms.deduction_rule == "remaining_at_least" and floor == UNKNOWN:
        raise unknown(day, FLOOR_SET)
    if terms.deduction_rule == "exclude_basic" and terms.basic_pension == "excluded" and basic == UNKNOWN:
        raise unknown(day, BASIC_PENSION_SET)
    if terms.cap_basis == "first_pension":
        pension = tables[PENSION_SET][0][1]
    return monthly_cap(terms, pension, floor, basic, agreed)


def _back_pay_cap(terms: Terms, day: int, months: tuple[int, ...], tables: dict[int, list[tuple[int, int]]]) -> int:
    """Return the cap of one payment of pension that covers several months, each judged by its own figures."""
    if terms.back_pay == "one":
        months = months[-1:]
    total = 0
    for month in months:
        judged = min(day, month_end(month).toordinal())
        pension = _in_force(tables, PENSION_SET, judged)
        floor = _in_force(tables, FLOOR_SET, day if terms.floor_day == "day_of_deduction" else judged)
        basic = _in_force(tables, BASIC_PENSION_SET, judged)
        agreed = _in_force(tables, AGREED_SET, day)
        total += _cap(terms, day, pension, floor, basic, None if agreed == UNKNOWN else agreed, tables)
    return total


def _in_force(tables: dict[int, list[tuple[int, int]]], kind: int, day: int) -> int:
    """Return the value of a step table on a day; UNKNOWN before its first step."""
    return next((value for start, value in reversed(tables.get(kind, ())) if start <= day), UNKNOWN)


def _end_subsidy(terms: Terms, day: int, tranches: list[list[int]], entry: int) -> None:
    """Take the subsidy from the tranche that was not paid in, or from all, as `on_unpaid_contribution` says."""
    if terms.on_unpaid_contribution == "none":
        return
    found = [tranche for tranche in tranches if tranche[3] == entry]
    if not found:
        raise no_such_tranche(day, entry)
    for tranche in found if terms.on_unpaid_contribution == "tranche" else tranches:
        tranche[2] = 0


def _shifted(terms: Terms, events: list[Event]) -> Iterable[Event]:
    """Move events to the day from which they count where the terms differ from the day they carry.

    When the last day of a span counts and not the first, day D is charged on the step from D − 1 to D: rates and certifications
    change one day earlier. Where the day due counts, money that came late is taken as of that day.
    """
    for event in events:
        if terms.ends == "last" and RATE_SET <= event.kind < BOOKED:
            yield event._replace(day=event.day - 1)
        elif terms.collection_day == "day_due" and event.kind == DEDUCTED:
            yield event._replace(day=event.more[0])
        else:
            yield event


def _without_reversed(events: list[Event]) -> list[Event]:
    """Return the events without those that were annulled and without the annulments."""
    gone = {event.amount for event in events if event.kind == REVERSED}
    return [event for event in events if event.kind != REVERSED and event.entry not in gone]
