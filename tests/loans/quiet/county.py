"""A small county of loans as plain rows, and random years of their lives; no step is taken, only money moves."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import transaction

from tests.loans.lives import SYSTEM, at, figure
from zhubao.access.models import Organisation, Region
from zhubao.errors import ZhubaoError
from zhubao.ledger.models import Posting
from zhubao.lending import Event
from zhubao.lending.events import (
    agreed_set,
    basic_pension_set,
    certification_lost,
    certified,
    claim_paid,
    deducted,
    floor_set,
    grace_ended,
    pension_set,
    prepaid,
    rate_set,
    tranche_paid,
)
from zhubao.loans.books import book
from zhubao.loans.draws import PAYEE_OF
from zhubao.loans.models import DeductionOrder, Loan, LoanClosing, LoanEvent, LoanStanding, Tranche
from zhubao.loans.repaying import deduction_key
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.loans.stepping import add_event
from zhubao.people.models import Person
from zhubao.programmes.actions import enter_figures

COUNTY, VILLAGE = "320682", "320682108201"
PENSION = date(2022, 3, 1)
MONEY = "on kind party party_reference debit credit amount_fen entry subject region_code booked_on actor_name".split()
CLOSED = "loan__number as_of booked postings interest_fen government_fen owed_fen held_code".split()
ORDERED = "loan__number month ordered_on rule pension_fen protected_fen agreed_fen debt_fen amount_fen".split()


def open_county(loans: int, seed: int) -> list[Loan]:
    """Write a region, its offices, so many people with a loan each, and the county's floors of 2022 and 2023."""
    random = Random(seed)
    region = Region.objects.create(code=COUNTY, name="县")
    offices = [Organisation.objects.create(region=region, kind=kind, name=kind) for kind in ("bank", "agency")]
    enter_figures(
        [figure("floor_fen", fen, year) for year, fen in ((2022, 76_500), (2023, 80_500))], actor=SYSTEM, now=at(2022, 1, 5)
    )
    return [_loan(number, random, *offices) for number in range(loans)]


def _loan(number: int, random: Random, bank: Organisation, agency: Organisation) -> Loan:
    policy_id = random.choice([JIANGXI, JIANGXI, RUGAO, TONGLING])
    repaying = random.random() < 0.5
    person = Person.objects.create(
        region_code=VILLAGE,
        name="王芳",
        id_number_sealed=b"x",
        id_number_index=number.to_bytes(32, "big"),
        id_number_masked="3206****",
        born=date(1965, 1, 1),
        sex="female",
        registered_at=at(2021, 1, 1),
    )
    loan = Loan.objects.create(
        region_code=VILLAGE,
        number=f"DK{'0' * random.randint(0, 3)}{number}",
        case_number=f"case-{number}",
        policy_id=policy_id,
        person=person,
        bank=bank,
        agency=agency,
        state="repaying" if repaying else "drawn",
        state_since=at(2021, 3, 1),
        signed_on=date(2021, 3, 1),
        years=5,
        grace_months=12 if repaying else 60,
        repay_months=random.choice([None, 120]),
        rate_ppm=49_000 if policy_id == RUGAO else 38_500,
        day_count=random.choice(["act360", "act365"]),
        settlement=random.choice(["yearly-12-20", "quarterly-20", "monthly-15", "none"]),
        method="pension_monthly" if random.random() < 0.9 else "lump_sum",
        instalment_fen=random.choice([None, 30_000]),
        pension_month=PENSION if repaying else date(2026, 3, 1),
        opened_at=at(2021, 3, 1),
    )
    drawn = sorted(date(2021, 3, 10) + timedelta(random.randrange(250)) for _draw in range(random.randint(1, 3)))
    for sequence, day in enumerate(drawn, 1):
        fen = random.randint(100_000, 900_000)
        event = _told(loan, f"draw:{sequence}", tranche_paid(day, fen))
        Tranche.objects.create(
            loan=loan, year=2021, sequence=sequence, months=1, cap_fen=fen, amount_fen=fen, state="paid_in", drawn_on=day,
            payee=PAYEE_OF[policy_id], event_entry=event.entry,
        )  # fmt: skip
    _told(loan, "rate", rate_set(drawn[0], loan.rate_ppm))
    if policy_id == JIANGXI and random.random() < 0.7:
        _told(loan, "subsidised", certified(drawn[0]))
    if repaying:
        if policy_id != TONGLING:
            _told(loan, "grace_ended", grace_ended(PENSION))
        _told(loan, f"pension:{PENSION}", pension_set(PENSION, random.choice([70_000, 130_000, 180_001])))
        _told(loan, f"basic:{PENSION}", basic_pension_set(PENSION, 18_000))
        if loan.instalment_fen is not None and loan.method == "pension_monthly":
            _told(loan, "agreed", agreed_set(PENSION, loan.instalment_fen))
        if policy_id == JIANGXI and loan.method == "pension_monthly":
            _told(loan, f"floor:{PENSION}", floor_set(PENSION, 76_500))
    return loan


def _told(loan: Loan, key: str, event: Event, now: date = date(2021, 3, 1)) -> LoanEvent:
    return add_event(loan, key, event, "test", actor=SYSTEM, now=at(now.year, now.month, now.day))


def month_ends(months: int) -> Iterator[date]:
    """Yield the last days of so many months from March 2022."""
    for number in range(3, 3 + months):
        year, month = divmod(number, 12)
        yield date(2022 + year, month + 1, 1) - timedelta(1)


def live(loans: list[Loan], months: int, seed: int, close: Callable[[date], Any]) -> None:
    """Let months pass: what banks took and said of the month is told, some of it booked at once or told ahead; then it is closed."""
    random = Random(seed)
    for day in month_ends(months):
        for loan in loans:
            _month_of(loan, day, random)
        # One in eight month-ends is for an earlier day; a month may be left out.
        if random.random() < 0.9:
            close(day - timedelta(random.choice([0] * 7 + [4])))


def _month_of(loan: Loan, day: date, random: Random) -> None:
    first = day.replace(day=1)
    for order in DeductionOrder.objects.filter(loan=loan).order_by("month"):
        key = deduction_key(order.month)
        chance, on = random.random(), first + timedelta(random.randrange(27 if random.random() < 0.8 else 40))
        part = random.choice([1, 1, 1, 2, 0])
        if LoanEvent.objects.filter(loan=loan, key=key).exists() or chance < 0.15 or order.month >= first:
            continue
        fen = order.amount_fen // part if part else 0
        months = random.choice([[order.month], [order.month], []])
        _told(loan, key, deducted(on, fen, months), first)
    chance = random.random()
    if chance < 0.05 and loan.policy_id != TONGLING:
        _told(loan, f"claim:{day}", claim_paid(first + timedelta(3), 100), first)
    elif chance < 0.08:
        _told(loan, f"lost:{day}", certification_lost(first - timedelta(random.choice([-5, 40]))), first)
    elif chance < 0.1:
        _told(loan, f"prepaid:{day}", prepaid(first + timedelta(2), 1_000), first)
    if random.random() < 0.3:
        with suppress(ZhubaoError), transaction.atomic():
            book(loan, first + timedelta(random.randrange(45)), actor=SYSTEM, now=at(day.year, day.month, day.day))


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Return all postings, closings, orders and standings, without their keys, in an order of their own."""
    return {
        "postings": sorted(Posting.objects.values_list(*MONEY)),
        "closings": sorted(LoanClosing.objects.values_list(*CLOSED)),
        "orders": sorted(DeductionOrder.objects.values_list(*ORDERED), key=str),
        "standings": sorted(LoanStanding.objects.values_list(*(field.name for field in LoanStanding._meta.fields))),
    }
