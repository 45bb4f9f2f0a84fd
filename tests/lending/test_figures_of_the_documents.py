"""The figures by which each clause on interest, deduction, early repayment and death is accepted, under both day counts."""

from dataclasses import replace
from datetime import date

import pytest

from zhubao.errors import ZhubaoError
from zhubao.lending import Event, Terms, payoff, project, replay, terms_for
from zhubao.lending.claims import claim_for
from zhubao.lending.comparison import compare
from zhubao.lending.events import (
    agreed_set,
    basic_pension_set,
    certified,
    deducted,
    deduction_due,
    died,
    floor_set,
    grace_ended,
    pension_set,
    prepaid,
    rate_set,
    settled,
    tranche_paid,
)
from zhubao.lending.forecast import forecast
from zhubao.lending.projecting import Plan

from .forecast_cases import RUGAO as RUGAO_PERSON
from .forecast_cases import changed

D = date
JIANGXI = terms_for("jiangxi-2020-7").terms
RUGAO = terms_for("rugao-draft").terms
TONGLING = terms_for("tongling-2022-13").terms
START = D(2022, 1, 1)
DAY_COUNTS = ("act360", "act365")
# Long enough for a rule to be reached, short enough for a debt of a few thousand yuan.
PAY_DAY = D(2027, 7, 15)


def loan(fen: int, ppm: int, drawn_on: date = START) -> list[Event]:
    """Return a loan of one tranche."""
    return [rate_set(drawn_on, ppm), tranche_paid(drawn_on, fen)]


def year_of(terms: Terms, events: list[Event]) -> tuple[int, int]:
    """Return what government and borrower bear of the interest of 2022, fen."""
    [period] = replay(terms, [*events, settled(D(2023, 1, 1))]).periods
    return period.government, period.borrower


# ── what is drawn ──


@pytest.mark.clauses("rg-8b")
def test_48_months_from_january_2022_are_four_draws_of_9600() -> None:
    person = {"birth": "1970-12", "paid_months": 132, "deemed_months": 0}
    tiers = {"lowest_tier_monthly_fen": [{"from": "2022-01-01", "value": 80_000}]}
    drawn = forecast(changed(RUGAO_PERSON, on="2022-01-01", person=person, parameters=tiers)).tranches
    assert [(tranche.months, tranche.fen) for tranche in drawn] == [(12, 960_000)] * 4


# ── interest: who bears it ──


@pytest.mark.clauses("jx-2.4b", "jx-2.4c")
@pytest.mark.parametrize(
    ("day_count", "government", "borrower"),
    [("act360", 16_260, 16_529), ("act365", 16_037, 16_303)],
    ids=DAY_COUNTS,
)
def test_a_certified_borrowers_year_with_a_pension_from_july(day_count: str, government: int, borrower: int) -> None:
    terms = replace(JIANGXI, day_count=day_count)
    events = [*loan(840_000, 38_500), certified(D(2022, 1, 1)), grace_ended(D(2022, 7, 1))]
    assert year_of(terms, events) == (government, borrower)
    assert government + borrower == sum(year_of(terms, loan(840_000, 38_500)))


@pytest.mark.clauses("jx-2.4d")
@pytest.mark.parametrize(("day_count", "borrower"), [("act360", 32_789), ("act365", 32_340)], ids=DAY_COUNTS)
def test_without_certification_a_year_is_the_borrowers_and_nothing_is_claimed(day_count: str, borrower: int) -> None:
    terms = replace(JIANGXI, day_count=day_count)
    assert year_of(terms, loan(840_000, 38_500)) == (0, borrower)
    assert claim_for(terms, loan(840_000, 38_500), 2022).interest == 0


@pytest.mark.clauses("rg-13a")
@pytest.mark.parametrize(("day_count", "government"), [("act360", 47_693), ("act365", 47_040)], ids=DAY_COUNTS)
def test_a_year_of_grace_in_rugao_is_the_governments(day_count: str, government: int) -> None:
    assert year_of(replace(RUGAO, day_count=day_count), loan(960_000, 49_000)) == (government, 0)


@pytest.mark.clauses("rg-13b")
def test_from_the_first_month_of_pension_every_day_is_the_borrowers() -> None:
    """480.00 a year and not a fen of it claimed; the day before is still the government's."""
    first = D(2023, 1, 1)
    events = [*loan(960_000, 50_000), grace_ended(first), settled(first), settled(D(2023, 1, 2)), settled(D(2023, 12, 20))]
    periods = replay(RUGAO, events).periods
    assert [period.government > 0 for period in periods] == [True, False, False]
    assert [period.borrower for period in periods] == [0, 133, 46_933]
    assert claim_for(RUGAO, events, 2024).interest == 0


@pytest.mark.clauses("rg-annex1-bank-b")
@pytest.mark.parametrize(("day_count", "interest"), [("act360", 39_853), ("act365", 39_307)], ids=DAY_COUNTS)
def test_interest_follows_the_days_the_money_was_used(day_count: str, interest: int) -> None:
    terms = replace(RUGAO, day_count=day_count)
    outcome = replay(terms, [*loan(960_000, 49_000, D(2022, 3, 1)), settled(D(2022, 12, 31))])
    assert outcome.total_interest == interest


# ── what may be deducted from a month's pension ──


@pytest.mark.clauses("jx-3.2c")
@pytest.mark.parametrize(("pension", "taken"), [(130_000, 53_500), (70_000, 0)], ids=["扣到低保线", "低于低保线不扣"])
def test_the_minimum_living_line_is_left(pension: int, taken: int) -> None:
    figures = [pension_set(PAY_DAY, pension), floor_set(PAY_DAY, 76_500), agreed_set(PAY_DAY, 60_000)]
    assert replay(JIANGXI, [*loan(840_000, 38_500), *figures, deduction_due(PAY_DAY)]).schedule[0].amount == taken
    with pytest.raises(ZhubaoError, match="E-LOAN-ABOVE-CAP"):
        replay(JIANGXI, [*loan(840_000, 38_500), *figures, deducted(PAY_DAY, taken + 1)])


@pytest.mark.clauses("rg-14.1a")
def test_half_of_the_pension_and_not_a_fen_more() -> None:
    figures = [*loan(960_000, 49_000), pension_set(PAY_DAY, 180_000), agreed_set(PAY_DAY, 100_000)]
    assert replay(RUGAO, [*figures, deducted(PAY_DAY, 90_000)]).schedule[0].amount == 90_000
    with pytest.raises(ZhubaoError, match="E-LOAN-ABOVE-CAP"):
        replay(RUGAO, [*figures, deducted(PAY_DAY, 90_001)])
    assert replay(RUGAO, [*figures, deduction_due(PAY_DAY)]).schedule[0].amount == 90_000


@pytest.mark.clauses("tl-4.2a", "tl-4.2b")
@pytest.mark.parametrize(("agreed", "taken"), [(20_000, 20_000), (30_000, 22_000)], ids=["约定额", "基础养老金除外"])
def test_the_agreed_instalment_out_of_the_account_pension(agreed: int, taken: int) -> None:
    """A pension of 400 yuan, 180 of it basic."""
    figures = [pension_set(PAY_DAY, 40_000), basic_pension_set(PAY_DAY, 18_000), agreed_set(PAY_DAY, agreed)]
    assert replay(TONGLING, [*loan(300_000, 47_500), *figures, deduction_due(PAY_DAY)]).schedule[0].amount == taken


# ── early repayment ──


EARLY = [
    pytest.param(JIANGXI, 840_000, 38_500, (8_983, 8_860), id="江西", marks=pytest.mark.clauses("jx-3.3b")),
    pytest.param(RUGAO, 960_000, 49_000, (13_067, 12_888), id="如皋", marks=pytest.mark.clauses("rg-14.2b")),
    pytest.param(TONGLING, 300_000, 47_500, (3_958, 3_904), id="铜陵", marks=pytest.mark.clauses("tl-4.1c")),
]


@pytest.mark.parametrize(("terms", "fen", "ppm", "interest"), EARLY)
def test_paying_off_costs_the_interest_of_100_days_and_nothing_beside_it(
    terms: Terms, fen: int, ppm: int, interest: tuple[int, int]
) -> None:
    on = D(2022, 4, 11)
    # In the grace of Rugao this interest is the government's; here the pension has begun.
    events = [*loan(fen, ppm), grace_ended(D(2022, 1, 1))]
    for day_count, expected in zip(DAY_COUNTS, interest, strict=True):
        counted = replace(terms, day_count=day_count)
        assert payoff(counted, events, on)[1:] == (fen, expected, 0)
        assert replay(counted, [*events, prepaid(on, fen + expected)]).closed_on == on
        with pytest.raises(ZhubaoError, match="E-LOAN-ABOVE-DEBT"):
            replay(counted, [*events, prepaid(on, fen + expected + 1)])


@pytest.mark.clauses("rg-14.2a")
def test_a_part_paid_early_shortens_what_is_left() -> None:
    """5,000 of 38,400 in the grace leaves 33,400; a pension of 1,800 then repays it in six months less."""
    plan = Plan(D(2026, 1, 20), pension=[(D(2026, 1, 1), 180_000)])
    drawn = [*loan(3_840_000, 49_000), grace_ended(D(2026, 1, 1))]
    part = [*drawn, prepaid(D(2024, 5, 10), 500_000)]
    assert replay(RUGAO, part).principal == 3_340_000
    whole, shorter = project(RUGAO, drawn, plan), project(RUGAO, part, plan)
    assert (whole.closed_on, shorter.closed_on) == (D(2029, 11, 20), D(2029, 5, 20))


# ── death ──


@pytest.mark.parametrize(
    ("terms", "debt", "account", "certified_too", "payers"),
    [
        # from the account, by the government, by the bank, by nobody, to the heirs
        pytest.param(JIANGXI, 2_000_000, 2_600_000, False, (2_000_000, 0, 0, 0, 600_000), id="江西账户够",
                     marks=pytest.mark.clauses("jx-3.4a")),
        pytest.param(JIANGXI, 2_000_000, 1_200_000, True, (1_200_000, 800_000, 0, 0, 0), id="江西困难对象",
                     marks=pytest.mark.clauses("jx-3.4b")),
        pytest.param(JIANGXI, 2_000_000, 1_200_000, False, (1_200_000, 0, 0, 800_000, 0), id="江西非困难对象",
                     marks=pytest.mark.clauses("jx-3.4b")),
        pytest.param(RUGAO, 3_000_000, 1_800_000, False, (1_800_000, 1_200_000, 0, 0, 0), id="如皋领取前账户不足",
                     marks=pytest.mark.clauses("rg-15.1")),
        pytest.param(RUGAO, 3_000_000, 4_000_000, False, (3_000_000, 0, 0, 0, 1_000_000), id="如皋领取前账户够",
                     marks=pytest.mark.clauses("rg-15.1")),
        pytest.param(RUGAO, 800_000, 3_000_000 - 2_500_000, False, (500_000, 300_000, 0, 0, 0), id="如皋领取后账户余额",
                     marks=pytest.mark.clauses("rg-15.2")),
    ],
)  # fmt: skip
def test_who_pays_what_a_dead_borrower_owed(
    terms: Terms, debt: int, account: int, certified_too: bool, payers: tuple[int, ...]
) -> None:
    status = [certified(D(2022, 1, 1))] if certified_too else []
    assert replay(terms, [*loan(debt, 0), *status, died(D(2027, 6, 1), account)]).death == (debt, *payers)


@pytest.mark.clauses("tl-4.3b")
def test_in_tongling_only_what_the_loan_formed_repays_it() -> None:
    death = replay(TONGLING, [*loan(2_000_000, 0), died(D(2027, 6, 1), 3_000_000, loan_formed_fen=1_200_000)]).death
    assert death is not None
    assert (death.from_account, death.heirs, death.unrecovered, death.government) == (1_200_000, 1_800_000, 800_000, 0)


@pytest.mark.clauses("rg-15.3")
def test_what_the_bank_lost_by_its_own_fault_is_not_the_governments() -> None:
    life = [*loan(2_000_000, 0), died(D(2027, 6, 1), 1_200_000, bank_at_fault=True)]
    death = replay(RUGAO, life).death
    assert death is not None
    assert (death.bank, death.government) == (800_000, 0)
    assert [claim_for(RUGAO, life, year).interest for year in (2026, 2027)] == [0, 0]


# ── the pension ──


@pytest.mark.clauses("jx-5.3")
def test_contributions_paid_by_loan_earn_the_same_pension() -> None:
    by_loan, own_money, *_ = compare(forecast(RUGAO_PERSON)).paths
    assert by_loan.received == own_money.received
    assert max(by_loan.received or (0,)) == 140_902
