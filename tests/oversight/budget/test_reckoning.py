"""A budget of loans in the database against `replay`, loan by loan, and the figures the documents' own examples give."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.loans.lives import COUNTY, JIANGXI_TERMS, RUGAO_TERMS, SYSTEM, VILLAGE, Life, PostOf, at, life_of
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.lending import Kind, replay
from zhubao.lending.days import settlement_days
from zhubao.lending.events import ceiling_set, grace_ended, settled, tranche_paid
from zhubao.loans.models import Loan
from zhubao.loans.replaying import record_of
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.oversight.budget.actions import ask_budget, reckon
from zhubao.oversight.budget.assumptions import Assumptions, NewLoans
from zhubao.oversight.budget.models import BudgetLine, BudgetRun
from zhubao.people.models import Person
from zhubao.programmes.selectors import parameter_book

NOW = at(2022, 9, 15)
TOWNSHIP = VILLAGE[:9]


def budget(assumed: Assumptions | None = None, **more: str) -> BudgetRun:
    run = ask_budget(COUNTY, assumed or Assumptions(), actor=SYSTEM, now=NOW, **more)
    return reckon(run.pk, actor=SYSTEM, clock=lambda: NOW)


def years(run: BudgetRun, item: str, **more: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for line in run.lines.filter(item=item, **more):
        found[line.year] = found.get(line.year, 0) + line.fen
    return found


DRAWS = ((date(2023, 3, 10), 960_000), (date(2024, 3, 10), 1_170_960), (date(2025, 3, 10), 1_170_960))
"""Test tiers to 2023, the province's of 2024, and the same for 2025, which is not published."""


def borne(loan: Loan, first: date, after: date, *draws: tuple[date, int], dearer_ppm: int = 0) -> int:
    """What the government bears of a loan between two days by `replay` alone, further draws added under the LPR of their day."""
    known = record_of(loan)
    events = list(known.events)
    for day, fen in draws:
        lpr = parameter_book().latest("lpr_1y_ppm", day)
        assert lpr is not None
        events += [ceiling_set(day, lpr.number() + dearer_ppm), tranche_paid(day, fen)]
    if not any(event.kind == Kind.GRACE_ENDED for event in events):
        events.append(grace_ended(loan.pension_month))
    drawn = min(event.on for event in events if event.kind == Kind.TRANCHE_PAID)
    events += [settled(day) for day in settlement_days(known.terms.settlement, drawn, after)]

    def until(day: date) -> int:
        outcome = replay(known.terms, events, day)
        return outcome.subsidy_total + outcome.accrued(day)[1]

    return until(after) - until(first)


@pytest.fixture
def one(post_of: PostOf) -> Life:
    """A Jiangxi loan that drew two of its five years, 8 400.00 and 9 600.00."""
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    life.year(2022)
    return life


@pytest.mark.clauses("jx-5.2d")
def test_every_year_is_what_replay_says_to_the_fen(one: Life) -> None:
    run = budget()
    assert (run.as_of, run.loans, run.first_year) == (date(2022, 8, 31), 1, 2022)
    assert years(run, "tranche") == {day.year: fen for day, fen in DRAWS}
    loan = one.fresh()
    expected = {2022: borne(loan, date(2022, 9, 1), date(2023, 1, 1), *DRAWS)}
    for year in range(2023, 2027):
        expected[year] = borne(loan, date(year, 1, 1), date(year + 1, 1, 1), *DRAWS)
    assert years(run, "interest") == expected
    # 2026 runs to the pension of July alone.
    (last,) = run.lines.filter(item="interest", year=2026)
    assert last.months[6:] == [0] * 6
    assert min(last.months[:6]) > 0
    assert {line.region_code for line in run.lines.all()} == {TOWNSHIP}


@pytest.mark.clauses("jx-5.2d")
def test_ten_loans_of_one_year_cost_ten_times_the_interest_of_one(post_of: PostOf) -> None:
    terms = replace(JIANGXI_TERMS, years=1)
    for number in range(10):
        life_of(JIANGXI, post_of, name=f"L{number}", terms=terms, sequence=40 + number).year(2021)
    base, fewer = years(budget(), "interest"), years(budget(Assumptions(losing_ppm=100_000)), "interest")
    # 8 400.00 at 3.85 % over 365/360 days: 327.89 a loan; 328.79 in a leap year.
    assert (base[2023], base[2024]) == (10 * 32_789, 10 * 32_879)
    assert (fewer[2023], fewer[2024]) == (295_101, 266_320)
    shared = budget(Assumptions(superior_share_ppm=300_000, deaths_ppm=4_000, account_share_ppm=400_000), deaths_source="试验")
    assert years(shared, "interest", payer="superior")[2023] == 98_367
    assert years(shared, "backstop")[2023] == 20_160


@pytest.mark.clauses("rg-16")
def test_rugao_shows_interest_and_backstop_on_lines_of_their_own(post_of: PostOf) -> None:
    life = life_of(RUGAO, post_of, terms=replace(RUGAO_TERMS, years=1))
    life.year(2021)
    run = budget(Assumptions(deaths_ppm=10_000), deaths_source="本市2021年死亡登记")
    # 8 400.00 at 4.9 % over 365/360 days; one death among a hundred, the whole debt uncovered.
    assert years(run, "interest")[2023] == 41_732
    assert years(run, "backstop")[2023] == 8_400
    assert {line.payer for line in run.lines.exclude(item="tranche")} == {"county"}


@pytest.mark.clauses("jx-3.4b")
def test_only_the_certified_have_a_backstop_in_jiangxi(one: Life, post_of: PostOf) -> None:
    other = life_of(JIANGXI, post_of, name="L2", terms=replace(JIANGXI_TERMS, subsidised_from=None), sequence=46)
    other.year(2021)
    assert years(budget(), "backstop") == {}
    run = budget(Assumptions(deaths_ppm=10_000, account_share_ppm=400_000), deaths_source="试验")
    # Of 18 000.00 drawn the account covers 40 %: 10 800.00 stay, a hundredth of it; from 10 March 9 600.00 more.
    assert years(run, "backstop")[2022] == 10_800 * 4 // 12
    assert years(run, "backstop")[2023] == (10_800 * 2 + (18_000 + 9_600) * 6 // 10 * 10) // 12


@pytest.mark.clauses("tl-5.1h")
def test_finance_adds_the_last_known_subsidy_to_every_draw_of_tongling(post_of: PostOf) -> None:
    life = life_of(TONGLING, post_of)
    life.year(2021)
    assert years(budget(), "subsidy") == {}
    run = budget(Assumptions(subsidy_fen=20_000))
    # The first draw has no subsidy yet; 3 000.00 a year until 9 000.00 are drawn.
    assert years(run, "tranche") == {2022: 300_000, 2023: 300_000}
    assert years(run, "subsidy") == {2022: 40_000, 2023: 20_000}
    assert years(run, "interest") == {}


def test_published_rates_change_the_draws_to_come_and_no_draw_made(one: Life) -> None:
    base, lower = years(budget(), "interest"), years(budget(Assumptions(rate_path=((date(2023, 1, 1), 20_000),))), "interest")
    assert base[2022] == lower[2022]
    assert base[2024] > lower[2024]
    # A hundred points more, yet no draw bears more than its contract.
    dearer = years(budget(Assumptions(rate_shift_ppm=10_000)), "interest")
    assert dearer[2024] == borne(one.fresh(), date(2024, 1, 1), date(2025, 1, 1), *DRAWS, dearer_ppm=10_000) > base[2024]


def test_a_tenth_losing_the_status_every_january_costs_a_tenth_less_each_year(one: Life) -> None:
    base, fewer = years(budget(), "interest"), years(budget(Assumptions(losing_ppm=100_000)), "interest")
    assert fewer[2022] == base[2022]
    assert fewer[2023] == (base[2023] * 900_000 + 500_000) // 1_000_000
    assert fewer[2024] == (base[2024] * 810_000 + 500_000) // 1_000_000


def test_who_has_no_status_may_gain_it(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of, terms=replace(JIANGXI_TERMS, subsidised_from=None))
    life.year(2021)
    assert years(budget(), "interest") == {}
    gained = years(budget(Assumptions(regaining_ppm=500_000)), "interest")
    assert 2022 not in gained
    assert gained[2024] > gained[2023] > 0


def test_tiers_to_come_grow_from_the_last_published(one: Life) -> None:
    run = budget(Assumptions(growth_ppm=50_000))
    # 2024 is published at 975.80 a month; 2025 is not, and 5 % more is 1 024.59.
    assert years(run, "tranche") == {2023: 960_000, 2024: 1_170_960, 2025: 97_580 * 105 // 100 * 12}


def test_new_loans_are_lines_of_their_own(one: Life) -> None:
    new = NewLoans(JIANGXI, 100, 36, 960_000, 2023, certified_ppm=500_000)
    run = budget(Assumptions(new_loans=new))
    assert years(run, "tranche", origin="live") == years(budget(), "tranche")
    assert years(run, "tranche", origin="new")[2023] == 100 * 960_000
    assert years(run, "tranche", origin="new")[2024] == 200 * 960_000
    # Half of a hundred loans of 9 600.00 from 1 July 2023, 184 days over 360 at the LPR of that day.
    (line,) = run.lines.filter(origin="new", item="interest", year=2023)
    rate = 35_500
    assert abs(line.fen - 50 * round(960_000 * rate * 184 / 360 / 1_000_000)) <= 50
    assert line.region_code == COUNTY


def test_a_share_of_a_higher_level_is_split_off_without_losing_a_fen(one: Life) -> None:
    base, split = budget(), budget(Assumptions(superior_share_ppm=333_333))
    assert years(split, "interest") == years(base, "interest")
    above = years(split, "interest", payer="superior")
    assert above[2023] == (years(base, "interest")[2023] * 333_333 + 500_000) // 1_000_000


def test_what_the_lists_ask_for_ends_with_the_banks_settlement_day(one: Life) -> None:
    run = budget()
    claim = years(run, "claim")
    loan = one.fresh()
    assert claim[2023] == borne(loan, date(2022, 12, 20), date(2023, 12, 20), *DRAWS)
    assert claim[2022] == borne(loan, date(2021, 12, 20), date(2022, 12, 20))


def test_the_dead_are_left_to_their_settlement(one: Life) -> None:
    Person.objects.filter(pk=one.loan.person_id).update(died_on=date(2022, 8, 1), died_source="民政")
    run = budget()
    assert (run.loans, run.left_out, run.lines.count()) == (0, 1, 0)


def test_a_budget_is_kept_as_it_was_reckoned(one: Life) -> None:
    run = budget()
    before = list(run.lines.values_list())
    assert reckon(run.pk, actor=SYSTEM, clock=lambda: NOW + timedelta(days=1)).finished_at == run.finished_at
    assert list(run.lines.values_list()) == before
    for rows, change in (
        (BudgetLine.objects.all(), {"fen": 1}),
        (BudgetRun.objects.all(), {"losing_ppm": 1}),
        (BudgetRun.objects.all(), {"loans": 7}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_who_may_ask_and_on_what_ground(one: Life, post_of: PostOf) -> None:
    def ask(actor: Actor, region: str = COUNTY, **more: Any) -> BudgetRun:
        return ask_budget(region, Assumptions(**more), actor=actor, now=NOW)

    for role in (Role.BANK_OFFICER, Role.AUDITOR, Role.COMMITTEE_MEMBER):
        with pytest.raises(OutOfScope):
            ask(one.by(role))
    with pytest.raises(OutOfScope):
        ask(one.by(Role.FINANCE_CLERK), "360702")
    with pytest.raises(ZhubaoError, match="E-BUDGET-SOURCE"):
        ask(one.by(Role.FINANCE_CLERK), deaths_ppm=5_000)
    assert not BudgetRun.objects.exists()
    assert ask(one.by(Role.FINANCE_CLERK)).number == f"YS-{COUNTY}-2022-001"
    assert ask(one.by(Role.HRSS_SUPERVISOR)).number == f"YS-{COUNTY}-2022-002"


@pytest.mark.parametrize(
    ("setting", "value"),
    [("years", 0), ("years", 11), ("losing_ppm", -1), ("regaining_ppm", 1_000_001), ("growth_ppm", 600_000), ("deaths_ppm", -5)],
)
def test_senseless_settings_are_refused(setting: str, value: int) -> None:
    given: dict[str, Any] = {setting: value}
    with pytest.raises(ZhubaoError, match="E-BUDGET"):
        Assumptions(**given)
