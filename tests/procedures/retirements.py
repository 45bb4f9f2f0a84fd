"""A borrower whose pension has begun, month after month through the files: credited, closed, ordered, answered."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.loans.lives import COUNTY, SYSTEM, TERMS, Life, PostOf, at, figure, life_of
from zhubao.exchange.models import Envelope, EnvelopeState
from zhubao.loans.models import DeductionReturn
from zhubao.loans.opening import LoanTerms
from zhubao.loans.repaying import record_pension
from zhubao.loans.states import TONGLING
from zhubao.procedures.month_end import close_month
from zhubao.programmes.actions import enter_figures

from . import deductions as bank

PENSION, JULY = date(2022, 7, 1), date(2022, 7, 1)


def last(month: date) -> date:
    """The last day of a month."""
    return (month.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)


def following(month: date) -> date:
    """The first of the month after."""
    return last(month) + timedelta(1)


def close(month: date) -> Any:
    """Close the county at the end of a month."""
    day = last(month)
    return close_month(COUNTY, day, actor=SYSTEM, clock=lambda: at(day.year, day.month, day.day))


def retiring(policy_id: str, post_of: PostOf, pension_fen: int = 180_000, **more: Any) -> Life:
    """Return a loan with one draw of 8 400 yuan of 10 March 2021 and the pension from July 2022 on record."""
    terms: LoanTerms = replace(TERMS[policy_id], pension_month=PENSION, **more)
    life = life_of(policy_id, post_of, terms=terms)
    bank.cooperating(life)
    life.year(2021)
    for year in (2022, 2023, 2024):
        enter_figures([figure("floor_fen", 76_500, year)], actor=SYSTEM, now=at(2021, 1, 5))
    basic = 18_000 if policy_id == TONGLING else None
    record_pension(life.loan.pk, PENSION, pension_fen, "核定表", basic_fen=basic, actor=SYSTEM, now=at(2022, 7, 5))
    return life


def ordered(life: Life, month: date = JULY, pension_fen: int = 180_000) -> Envelope:
    """Credit a month's pension on the 15th, close the month and tell the bank on the first of the next."""
    bank.load_credits(
        life, [bank.credited(life, month, pension_fen, month.replace(day=15))], f"C{month:%Y%m}", month.replace(day=16)
    )
    close(month)
    envelope = bank.order(life, f"O{month:%Y%m}", following(month)).envelope
    assert envelope is not None
    return envelope


def through_the_year(life: Life, pension_fen: int) -> list[int]:
    """Live month after month through the files until the loan is settled, and return what was taken each month."""
    month = JULY
    taken: list[int] = []
    while life.fresh().state != "settled":
        assert month.year < 2025, taken
        envelope, on = ordered(life, month, pension_fen), following(month).replace(day=5)
        done = bank.load_return(life, bank.answers(envelope, on), f"R{month:%Y%m}", on, to=envelope)
        assert done.state == EnvelopeState.ACCEPTED, list(done.lines.values_list("result_code", "message"))
        taken.append(DeductionReturn.objects.latest("pk").taken_fen)
        month = following(month)
    return taken
