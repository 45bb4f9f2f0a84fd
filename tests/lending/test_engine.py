"""The engine through its Python interface: events in any order, corrections, status by day, payers after a death."""

import random
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.errors import ZhubaoError
from zhubao.lending import Account, Event, Outcome, Terms, payoff, project, replay, terms_for
from zhubao.lending.events import (
    agreed_set,
    basic_pension_set,
    booked,
    ceiling_set,
    certification_lost,
    certified,
    claim_paid,
    contribution_unpaid,
    deducted,
    deduction_due,
    died,
    estate_paid,
    floor_set,
    grace_ended,
    matured,
    paid_off,
    pension_set,
    prepaid,
    rate_set,
    reversed_entry,
    settled,
    tranche_paid,
    transferred,
)
from zhubao.lending.projecting import Plan

D = date
JIANGXI = terms_for("jiangxi-2020-7").terms
RUGAO = terms_for("rugao-draft").terms
TONGLING = terms_for("tongling-2022-13").terms
START = D(2022, 1, 1)
LOAN = [rate_set(START, 38_500), tranche_paid(START, 840_000)]


def test_the_year_of_pension_start_is_split_on_the_first_of_the_first_pension_month() -> None:
    """8,400.00 at 3.85 %, pension from July: 181 days 162.60 by the government, 184 days 165.29 by the borrower (jx-2.4b, c)."""
    outcome = replay(JIANGXI, [*LOAN, certified(START), grace_ended(D(2022, 7, 1)), settled(D(2023, 1, 1))])
    assert [period[2:] for period in outcome.periods] == [(32_789, 16_260, 16_529)]


@pytest.mark.parametrize(
    ("policy", "government"),
    [("jiangxi-2020-7", 0), ("rugao-draft", 32_789), ("tongling-2022-13", 0)],
    ids=["江西无困难身份", "如皋宽限期", "铜陵"],
)
def test_a_year_of_grace_without_certification(policy: str, government: int) -> None:
    """327.89 for 365 days (jx-2.4d, rg-20b): Rugao subsidises the grace of tranches paid, Tongling nobody."""
    outcome = replay(terms_for(policy).terms, [*LOAN, settled(D(2023, 1, 1))])
    assert [period[2:] for period in outcome.periods] == [(32_789, government, 32_789 - government)]


@pytest.mark.parametrize(
    ("rule", "pension", "other", "agreed", "deducted_fen"),
    [
        (JIANGXI, 130_000, 76_500, 60_000, 53_500),
        (JIANGXI, 70_000, 76_500, 60_000, 0),
        (JIANGXI, 200_000, 76_500, 60_000, 60_000),
        (RUGAO, 180_000, 0, 100_000, 90_000),
        (RUGAO, 90_001, 0, 100_000, 45_000),
        (TONGLING, 40_000, 18_000, 30_000, 22_000),
        (TONGLING.with_basic_pension(START, START), 40_000, 18_000, 30_000, 30_000),
    ],
    ids=["低保线", "低于低保线", "约定额", "一半", "一半舍去零头", "基础养老金除外", "基础养老金有约定"],
)
def test_the_most_that_is_deducted(rule: Terms, pension: int, other: int, agreed: int, deducted_fen: int) -> None:
    """Clauses jx-3.2b, jx-3.2c, rg-14.1a, tl-4.2b, tl-4.2c."""
    on = D(2026, 7, 15)
    basics = [pension_set(on, pension), floor_set(on, other), basic_pension_set(on, other), agreed_set(on, agreed)]
    outcome = replay(rule, [*LOAN, *basics, deduction_due(on)])
    assert outcome.schedule[0].amount == deducted_fen


def test_basic_pension_agreed_after_signing_is_refused() -> None:
    with pytest.raises(ZhubaoError, match="E-TERMS-CONSENT"):
        TONGLING.with_basic_pension(D(2022, 1, 2), START)


def test_prepaying_a_loan_without_status_costs_interest_to_the_day_and_no_fee() -> None:
    """Principal 8,400, 3.85 %, 100 days: 8,489.83 (jx-3.3b)."""
    assert payoff(JIANGXI, LOAN, D(2022, 4, 11))[1:] == (840_000, 8_983, 0)
    assert payoff(JIANGXI, LOAN, D(2022, 4, 11)).total == 848_983


def test_prepaying_in_the_subsidised_grace_costs_principal_only() -> None:
    assert payoff(RUGAO, LOAN, D(2022, 4, 11))[1:] == (840_000, 0, 8_983)


def test_nothing_to_pay_off_after_the_loan_is_closed_or_before_it_began() -> None:
    assert payoff(JIANGXI, [*LOAN, paid_off(D(2022, 4, 11))], D(2022, 5, 1)).total == 0
    assert payoff(JIANGXI, LOAN, D(2021, 12, 31)).total == 0


def test_transfer_waits_for_the_last_fen() -> None:
    """Clause rg-14.3: blocked with a fen owed, released when the payoff sum was paid."""
    on = D(2022, 4, 11)
    exact = payoff(JIANGXI, LOAN, on).total
    assert replay(JIANGXI, [*LOAN, prepaid(on, exact), transferred(on)]).closed_on == on
    with pytest.raises(ZhubaoError, match=r"E-LOAN-TRANSFER.*1 fen"):
        replay(JIANGXI, [*LOAN, prepaid(on, exact - 1), transferred(on)])


class TestBackPay:
    """The pension of June to August comes at once in August (A-JX-20)."""

    EVENTS = (
        *LOAN,
        pension_set(D(2026, 6, 1), 150_000),
        pension_set(D(2026, 8, 1), 160_000),
        floor_set(D(2026, 1, 1), 100_000),
        floor_set(D(2026, 7, 1), 120_000),
        agreed_set(START, 45_000),
        deduction_due(D(2026, 8, 15), [D(2026, 6, 1), D(2026, 7, 1), D(2026, 8, 1)]),
    )

    def test_each_month_has_its_own_limit(self) -> None:
        outcome = replay(JIANGXI, self.EVENTS)
        assert (outcome.schedule[0].amount, outcome.deduction_months) == (45_000 + 30_000 + 40_000, 3)

    def test_or_the_payment_counts_as_one_month(self) -> None:
        outcome = replay(replace(JIANGXI, back_pay="one"), self.EVENTS)
        assert (outcome.schedule[0].amount, outcome.deduction_months) == (40_000, 1)

    def test_or_the_floor_of_the_day_limits_every_month(self) -> None:
        assert replay(replace(JIANGXI, floor_day="day_of_deduction"), self.EVENTS).schedule[0].amount == 30_000 + 30_000 + 40_000


class TestReportedDeductions:
    """What the bank's file says was taken."""

    EVENTS = (*LOAN, pension_set(START, 130_000), floor_set(START, 76_500))

    def test_less_than_the_order_is_taken_as_it_is(self) -> None:
        outcome = replay(JIANGXI, [*self.EVENTS, deducted(D(2026, 7, 15), 20_000), deducted(D(2026, 8, 15), 0)])
        assert [row.amount for row in outcome.schedule] == [20_000, 0]

    def test_a_fen_above_the_cap_is_refused(self) -> None:
        replay(JIANGXI, [*self.EVENTS, deducted(D(2026, 7, 15), 53_500)])
        with pytest.raises(ZhubaoError, match="E-LOAN-ABOVE-CAP"):
            replay(JIANGXI, [*self.EVENTS, deducted(D(2026, 7, 15), 53_501)])

    def test_money_that_came_late_bears_interest_to_its_day_or_to_the_day_due(self) -> None:
        late = deducted(D(2022, 7, 18), 10_000, due=D(2022, 7, 15))
        assert replay(JIANGXI, [*self.EVENTS, late]).periods[0].end == D(2022, 7, 18)
        assert replay(replace(JIANGXI, collection_day="day_due"), [*self.EVENTS, late]).periods[0].end == D(2022, 7, 15)

    def test_penalty_only_where_agreed(self) -> None:
        failed = [*self.EVENTS, deducted(D(2022, 7, 15), 0), deducted(D(2022, 8, 15), 53_500)]
        extra = replay(replace(JIANGXI, penalty_ppm=18_000), failed).total_interest - replay(JIANGXI, failed).total_interest
        assert extra == 83  # 535.00 at 1.8 % for 31 days


class TestCertification:
    """Status gained, lost and refused, by the day."""

    def borne(self, *events: Event, terms: Terms = JIANGXI) -> int:
        return replay(terms, [*LOAN, *events, settled(D(2023, 1, 1))]).subsidy_total

    def test_gained_in_mid_year_and_not_before(self) -> None:
        assert self.borne(certified(D(2022, 7, 1))) == 16_529  # 184 days

    def test_lost_and_regained_on_one_day_is_kept(self) -> None:
        on = D(2022, 7, 1)
        assert self.borne(certified(START), certification_lost(on), certified(on)) == 32_789

    def test_a_tranche_not_paid_in_loses_the_subsidy_the_other_keeps_it(self) -> None:
        events = [certified(START), tranche_paid(START, 360_000, entry=2), contribution_unpaid(D(2022, 7, 1), 2)]
        kept, lost = 32_789, 6_969  # the whole year of 8,400.00; 181 days of 3,600.00
        assert abs(self.borne(*events) - (kept + lost)) <= 1
        assert self.borne(*events, terms=replace(JIANGXI, on_unpaid_contribution="none")) == 46_842
        assert self.borne(*events, terms=replace(JIANGXI, on_unpaid_contribution="loan")) == 23_228

    def test_a_tranche_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(ZhubaoError, match="E-LOAN-TRANCHE"):
            self.borne(contribution_unpaid(D(2022, 7, 1), 9))


class TestRates:
    """Which rate a tranche takes."""

    def test_each_tranche_takes_the_lower_of_contract_and_latest_ceiling_and_keeps_it(self) -> None:
        on = [D(2021, 3, 1), D(2022, 3, 1), D(2023, 3, 1)]
        events = [rate_set(on[0], 38_500), *(tranche_paid(day, 100) for day in on)]
        events += [ceiling_set(D(2021, 2, 20), 38_500), ceiling_set(D(2022, 1, 20), 37_000), ceiling_set(D(2022, 8, 22), 36_500)]
        assert [tranche.rate_ppm for tranche in replay(JIANGXI, events).tranches] == [38_500, 37_000, 36_500]

    def test_a_rate_above_the_ceiling_is_refused(self) -> None:
        """LPR 3.85 %: 3.85 % accepted, 3.86 % refused (jx-2.4a)."""
        ceiling = ceiling_set(D(2021, 2, 20), 38_500)
        replay(JIANGXI, [ceiling, rate_set(D(2021, 3, 1), 38_500)])
        with pytest.raises(ZhubaoError, match="E-LOAN-CEILING"):
            replay(JIANGXI, [ceiling, rate_set(D(2021, 3, 1), 38_600)])

    def test_when_only_the_last_day_counts_a_new_rate_holds_one_day_earlier_on_the_count(self) -> None:
        events = [*LOAN, rate_set(D(2022, 1, 11), 77_000), matured(D(2022, 1, 21))]
        first = replay(replace(RUGAO, subsidy_follows="none"), events).total_interest
        last = replay(replace(RUGAO, subsidy_follows="none", ends="last"), events).total_interest
        assert (first, last) == (2_695, 2_785)  # 10 days at each rate; 9 and 11


class TestRounding:
    """An exact half fen: 36.00 at 5 % for one day."""

    @pytest.mark.parametrize(("rounding", "interest"), [("half_up", 1), ("half_even", 0), ("per_segment", 1)])
    def test_each_way(self, rounding: str, interest: int) -> None:
        events = [rate_set(START, 50_000), tranche_paid(START, 3_600), matured(D(2022, 1, 2))]
        assert replay(Terms(rounding=rounding), events).total_interest == interest

    def test_once_a_period_or_at_every_change(self) -> None:
        events = [rate_set(START, 50_000), tranche_paid(START, 3_600), certified(D(2022, 1, 2)), matured(D(2022, 1, 3))]
        assert replay(Terms(), events).total_interest == 1
        assert replay(Terms(rounding="per_segment"), events).total_interest == 2

    def test_principal_first_where_agreed(self) -> None:
        row = replay(replace(JIANGXI, allocation="principal_first"), [*LOAN, prepaid(D(2022, 4, 11), 840_000)]).schedule[0]
        assert (row.interest, row.principal, row.interest_due_after) == (0, 840_000, 8_983)


class TestDeath:
    """Who pays after a death, in each document's order."""

    @pytest.mark.parametrize(
        ("terms", "events", "account", "payers"),
        [
            (JIANGXI, [certified(START)], 2_600_000, (2_000_000, 0, 0, 0, 600_000)),
            (JIANGXI, [certified(START)], 1_200_000, (1_200_000, 800_000, 0, 0, 0)),
            (JIANGXI, [], 1_200_000, (1_200_000, 0, 0, 800_000, 0)),
            (JIANGXI, [certified(START), certification_lost(D(2022, 1, 1))], 1_200_000, (1_200_000, 800_000, 0, 0, 0)),
            (replace(JIANGXI, death_cover="ever_certified"), [certified(START)], 0, (0, 2_000_000, 0, 0, 0)),
            (RUGAO, [], 1_200_000, (1_200_000, 800_000, 0, 0, 0)),
            (TONGLING, [], 1_200_000, (1_200_000, 0, 0, 800_000, 0)),
        ],
        ids=["账户够", "困难对象政府补足", "非困难对象", "失去与认定同日", "曾经认定", "如皋财政", "铜陵"],
    )
    def test_debt_of_20000(self, terms: Terms, events: list[Event], account: int, payers: tuple[int, ...]) -> None:
        loan = [rate_set(START, 0), tranche_paid(START, 2_000_000)]
        outcome = replay(terms, [*loan, *events, died(D(2022, 6, 1), account)])
        assert outcome.death == (2_000_000, *payers)
        assert (outcome.principal, outcome.interest_due, outcome.closed_on) == (0, 0, None)

    def test_status_lost_before_the_death_leaves_no_government(self) -> None:
        events = [*LOAN, certified(START), certification_lost(D(2022, 5, 31)), died(D(2022, 6, 1), 0)]
        death = replay(JIANGXI, events).death
        assert death is not None
        assert (death.government, death.unrecovered > 840_000) == (0, True)

    def test_tongling_takes_only_what_the_loan_formed(self) -> None:
        """Account 30,000 of it 12,000 from the loan, debt 20,000: bank 12,000, heirs 18,000, 8,000 open (tl-4.3b)."""
        loan = [rate_set(START, 0), tranche_paid(START, 2_000_000), died(D(2022, 6, 1), 3_000_000, loan_formed_fen=1_200_000)]
        assert replay(TONGLING, loan).death == (2_000_000, 1_200_000, 0, 0, 800_000, 1_800_000)

    def test_a_loss_by_the_banks_own_fault_never_reaches_finance(self) -> None:
        """Clause rg-15.3."""
        loan = [rate_set(START, 0), tranche_paid(START, 2_000_000), died(D(2022, 6, 1), 1_200_000, bank_at_fault=True)]
        assert replay(RUGAO, loan).death == (2_000_000, 1_200_000, 0, 800_000, 0, 0)

    def test_interest_stops_on_the_day_of_death_or_where_agreed_when_the_account_pays(self) -> None:
        loan = [*LOAN, died(D(2022, 4, 11), 0, settled_on=D(2022, 5, 11))]
        assert replay(JIANGXI, loan).total_interest == 8_983
        assert replay(replace(JIANGXI, death_interest="settlement_day"), loan).total_interest == 11_678

    def test_a_death_reported_late_returns_the_deductions_after_it(self) -> None:
        events = [*LOAN, pension_set(START, 130_000), floor_set(START, 76_500)]
        events += [deducted(D(2026, month, 15), 30_000) for month in (6, 7, 8)]
        outcome = replay(JIANGXI, [*events, died(D(2026, 7, 1), 100_000)])
        assert [row.on for row in outcome.schedule] == [D(2026, 6, 15)]
        assert outcome.balances()[Account.RETURNABLE] == -60_000

    def test_nothing_new_after_a_death(self) -> None:
        for event in (tranche_paid(D(2022, 7, 1), 1), prepaid(D(2022, 7, 1), 1)):
            with pytest.raises(ZhubaoError, match="E-LOAN-CLOSED"):
                replay(JIANGXI, [*LOAN, died(D(2022, 6, 1), 0), event])

    def test_heirs_may_pay_what_stayed_open(self) -> None:
        outcome = replay(TONGLING, [*LOAN, died(D(2022, 4, 11), 0), estate_paid(D(2022, 9, 1), 5_000)])
        assert outcome.balances()[Account.ESTATE] == 848_983 - 5_000


def test_a_correction_annuls_the_event_it_names() -> None:
    wrong = [
        rate_set(START, 38_500, entry=1),
        tranche_paid(START, 840_000, entry=2),
        prepaid(D(2022, 4, 11), 999_999_999, entry=3),
    ]
    right = [*wrong, reversed_entry(D(2022, 4, 11), 3, entry=4)]
    assert replay(JIANGXI, right) == replay(JIANGXI, wrong[:2])
    with pytest.raises(ZhubaoError, match="E-LOAN-ABOVE-DEBT"):
        replay(JIANGXI, wrong)


def test_of_two_values_of_one_day_the_one_entered_later_holds() -> None:
    events = [pension_set(START, 100, entry=7), pension_set(START, 200, entry=6), tranche_paid(START, 1_000), rate_set(START, 0)]
    for order in (events, events[::-1]):
        assert replay(Terms(), [*order, deduction_due(D(2022, 2, 1))]).schedule[0].amount == 100


def test_up_to_a_day_nothing_later_is_known() -> None:
    events = [*LOAN, settled(D(2022, 12, 20)), paid_off(D(2023, 5, 1))]
    assert replay(JIANGXI, events, D(2022, 12, 19)) == replay(JIANGXI, LOAN)
    assert replay(JIANGXI, events, D(2022, 12, 20)).interest_due == replay(JIANGXI, events[:3]).interest_due
    assert replay(JIANGXI, LOAN).accrued(D(2023, 1, 1)) == (32_789, 0)


def test_cash_interest_may_be_asked_for_only_where_it_falls_due_at_settlement() -> None:
    events = [*LOAN, settled(D(2023, 1, 1))]
    assert replay(JIANGXI, events).interest_payable_now == 0
    assert replay(replace(JIANGXI, grace_interest_due="at_settlement"), events).interest_payable_now == 32_789


def test_the_rest_at_the_end_of_the_term_is_reported_or_falls_due() -> None:
    plan = Plan(D(2024, 2, 20), max_months=120, pension=[(D(2024, 1, 1), 10_000)])
    assert project(RUGAO, LOAN, plan).principal > 0
    due = project(replace(RUGAO, term_end="due"), LOAN, plan)
    assert (due.schedule[-1].kind, due.principal, due.closed_on) == ("maturity", 0, D(2034, 1, 20))


def test_the_policy_limits_the_months_when_the_plan_does_not() -> None:
    plan = Plan(D(2024, 2, 20), pension=[(D(2024, 1, 1), 10_000)])
    assert project(RUGAO, LOAN, plan).deduction_months == 120


@pytest.mark.parametrize("first", [0, 1, 17, 364])
def test_month_ends_never_change_the_interest_of_the_year(first: int) -> None:
    """However often interest so far is booked, the postings of a yearly period add up to its one rounding."""
    draw = random.Random(first)
    events = [rate_set(START, 38_517), tranche_paid(START, 3_671), certified(D(2022, 5, 5)), settled(D(2022, 12, 31))]
    month_ends = [booked(START.replace(month=month, day=draw.randint(1, 28))) for month in range(1, 13)]
    plain, monthly = replay(JIANGXI, events), replay(JIANGXI, [*events, *month_ends])
    assert monthly.periods == plain.periods
    for account in Account:
        assert monthly.balances()[account] == plain.balances()[account]
    assert len(monthly.postings) > len(plain.postings)
    assert all(posting.fen > 0 and posting.debit != posting.credit for posting in monthly.postings)


def events_of(seed: int) -> list[Event]:
    """Return a life drawn at random, with happenings that share their days."""
    draw = random.Random(seed)
    days = [D(2020 + draw.randrange(4), draw.randint(1, 12), draw.choice([1, 20, 28])) for _ in range(30)]
    start = min(days)
    events = [rate_set(start, 40_000, entry=1), ceiling_set(start, 45_000, entry=2), tranche_paid(start, 500_000, entry=3)]
    events += [tranche_paid(day, draw.randint(1, 900_000), entry=100 + at) for at, day in enumerate(days[:4])]
    makers = [certified, certification_lost, settled, booked]
    events += [draw.choice(makers)(day, entry=200 + at) for at, day in enumerate(days[4:20])]
    events += [rate_set(day, draw.randint(1, 45_000), entry=300 + at) for at, day in enumerate(days[20:22])]
    events += [prepaid(D(2024, 1, 1), draw.randint(1, 400_000), entry=400)]
    events += [
        pension_set(D(2024, 1, 1), 150_000, entry=401),
        floor_set(D(2024, 1, 1), 80_000, entry=402),
        claim_paid(D(2024, 1, 5), 77, entry=403),
    ]
    events += [
        deduction_due(D(2024 + month // 12, month % 12 + 1, 28), entry=500 + month) for month in range(draw.randint(0, 40))
    ]
    if draw.random() < 0.3:
        events.append(died(D(2025, 3, 28), draw.randint(0, 900_000), entry=600))
    return events


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False), st.sampled_from([JIANGXI, RUGAO, TONGLING]))
def test_the_order_of_entry_plays_no_part(seed: int, shuffled: random.Random, terms: Terms) -> None:
    terms = replace(terms, deduction_rule="remaining_at_least")
    events = events_of(seed)
    expected = replay(terms, events)
    shuffled.shuffle(events)
    assert replay(terms, events) == expected


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["simple", "yearly", "quarterly"]))
def test_the_postings_add_up_to_the_state(seed: int, unpaid: str) -> None:
    outcome: Outcome = replay(replace(JIANGXI, unpaid_interest=unpaid), events_of(seed))
    balance = outcome.balances()
    last_booked = [row for row in outcome.journal if row[0] == 15 and row[1] == outcome.open_since]
    open_total, open_government = (last_booked[-1][3], last_booked[-1][4]) if last_booked and outcome.open_since else (0, 0)
    assert balance[Account.PRINCIPAL] == outcome.principal == sum(tranche.remaining for tranche in outcome.tranches)
    assert balance[Account.INTEREST_BORROWER] == outcome.interest_due + open_total - open_government
    assert balance[Account.INTEREST_GOVERNMENT] == outcome.subsidy_total + open_government - 77
    assert sum(balance.values()) == 0
    for earlier, later in pairwise(outcome.periods):
        assert earlier.end <= later.start
