"""A Rugao loan: straight into the fund, recorded when all of it is there, renewed or suspended every year."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.loans.lives import COUNTY, RUGAO_TERMS, SYSTEM, Life, PostOf, at, life_of
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import balance
from zhubao.loans.closing import close_day
from zhubao.loans.following import follow_up, open_follow_ups
from zhubao.loans.models import DeductionOrder, LoanStep, Tranche
from zhubao.loans.renewing import drop_renewal, open_renewal, permit_year, suspend
from zhubao.loans.replaying import outcome
from zhubao.loans.selectors import to_be_planned
from zhubao.loans.states import RUGAO, process_of
from zhubao.loans.stepping import FOLLOW_UP
from zhubao.parameters import Parameter
from zhubao.procedures.month_end import close_month
from zhubao.programmes.actions import enter_figures
from zhubao.tasks.models import Task
from zhubao.workflow.layout import main_path


@pytest.fixture
def life(post_of: PostOf) -> Life:
    """A loan rostered on 1 March 2021."""
    return life_of(RUGAO, post_of)


def fault(action: Callable[[], Any]) -> str:
    with pytest.raises(ZhubaoError) as refused:
        action()
    return refused.value.code


def renew(life: Life, year: int, fen: int = 2_000_000) -> None:
    """Apply for and grant the renewal for a year in the quarter before it."""
    open_renewal(life.loan.pk, f"R{year}", actor=life.by("citizen"), now=at(year - 1, 10, 20))
    permit_year(life.loan.pk, year, fen, f"R{year}", actor=life.by(Role.AGENCY_APPROVER), now=at(year - 1, 11, 20))


@pytest.mark.clauses("rg-7b", "rg-12.4a", "rg-12.4b")
def test_a_draw_goes_straight_into_the_fund(life: Life) -> None:
    tranche = life.ready(2021)
    for payee in ("card_account", "collection_account", "cash"):
        assert fault(lambda payee=payee: life.draw(tranche, payee=payee)) == "E-DRAW-PAYEE"  # type: ignore[misc]
    life.draw(tranche)
    assert balance(Party.BANK, "loan_principal", subject="loan:L1") == 840_000
    assert balance(Party.BANK, "settlement", subject="loan:L1") == -840_000
    assert balance(Party.FUND, "income_account", subject="loan:L1") == 840_000
    assert balance(Party.FUND, "contribution_income", subject="loan:L1") == -840_000
    assert balance(Party.BORROWER, "contribution", subject="loan:L1") == 840_000
    assert balance(Party.BORROWER, "card_deposit", subject="loan:L1") == 0


@pytest.mark.clauses("rg-12.4b")
@pytest.mark.parametrize(
    ("fen", "code"),
    [
        pytest.param(839_999, "E-DRAW-AMOUNT", id="少一分 a fen less"),
        pytest.param(840_001, "E-DRAW-CAP", id="多一分 a fen more"),
    ],
)
def test_the_amount_is_that_of_the_file(life: Life, fen: int, code: str) -> None:
    tranche = life.ready(2021)
    assert fault(lambda: life.draw(tranche, fen=fen)) == code
    assert life.fresh().state == "rostered"


@pytest.mark.clauses("rg-annex1-agency-c", "rg-8b")
@pytest.mark.parametrize(("fen", "code"), [(970_000, "E-DRAW-CAP"), (960_001, "E-DRAW-CAP"), (960_000, "")])
def test_where_the_agency_fixed_9600_the_bank_draws_9600(life: Life, fen: int, code: str) -> None:
    life.year(2021)
    renew(life, 2022)
    tranche = life.ready(2022)
    assert tranche.amount_fen == 960_000
    if code:
        assert fault(lambda: life.draw(tranche, fen=fen)) == code
    else:
        assert life.draw(tranche, fen=fen).state == "drawn"


@pytest.mark.clauses("rg-12.5")
def test_the_account_is_recorded_when_all_of_it_is_there(life: Life) -> None:
    tranche = life.draw(life.ready(2021))
    life.pay_in(tranche, fen=800_000, receipt="1")
    assert life.fresh().state == "drawn"
    life.pay_in(tranche, fen=40_000, receipt="2")
    assert life.fresh().state == "recorded"
    assert balance(Party.AGENCY, "account_memo_loan", subject="loan:L1") == -840_000


@pytest.mark.clauses("rg-19a", "rg-19b", "rg-19d")
def test_a_further_year_rests_on_a_renewal(life: Life) -> None:
    life.year(2021)
    assert fault(lambda: life.plan(2022)) == "E-STATE"
    open_renewal(life.loan.pk, "R2022", actor=life.by(Role.COMMITTEE_MEMBER), now=at(2021, 10, 20))
    accountant = life.by(Role.AGENCY_ACCOUNTANT)
    assert fault(lambda: life.plan(2022)) == "E-DRAW-PERMIT"
    assert not to_be_planned(accountant, 2022).exists()
    permit = permit_year(life.loan.pk, 2022, 900_000, "R2022", actor=life.by(Role.AGENCY_APPROVER), now=at(2021, 11, 20))
    assert permit.nth == 1
    assert [loan.number for loan in to_be_planned(accountant, 2022)] == ["L1"]
    # 12 × 800 = 9,600, but the renewal granted 9,000.
    assert life.year(2022).amount_fen == 900_000
    renew(life, 2023)
    assert life.loan.permits.count() == 2
    assert life.year(2023).amount_fen == 960_000


def test_a_permit_is_of_its_year(life: Life) -> None:
    life.year(2021)
    renew(life, 2022)
    assert fault(lambda: life.plan(2023, now=at(2022, 3, 1))) == "E-DRAW-PERMIT"
    approver = life.by(Role.AGENCY_APPROVER)
    assert fault(lambda: permit_year(life.loan.pk, 2022, 1, "R", actor=approver, now=at(2022, 1, 5))) == "E-PERMIT-YEAR"
    assert fault(lambda: permit_year(life.loan.pk, 2023, 0, "R", actor=approver, now=at(2022, 1, 5))) == "E-PERMIT"


@pytest.mark.clauses("rg-20a", "rg-20b")
def test_a_suspended_loan_keeps_its_subsidy_and_may_come_back(life: Life) -> None:
    tranche = life.year(2021)
    assert fault(lambda: suspend(life.loan.pk, "", actor=life.by(Role.AGENCY_APPROVER), now=at(2022, 1, 4))) == "E-REASON"
    suspend(life.loan.pk, "窗口期内未申请", actor=life.by(Role.AGENCY_APPROVER), now=at(2022, 1, 4))
    assert fault(lambda: life.plan(2022)) == "E-STATE"
    # A year of 8,400 at 4.9 % from 20 December to 20 December: 365 days over 360, all of it the government's.
    period = outcome(life.fresh(), date(2022, 12, 31)).periods[1]
    assert (period.interest, period.government) == (41_732, 41_732)
    assert tranche.state == "paid_in"
    renew(life, 2023)
    assert life.year(2023).amount_fen == 960_000


def test_a_renewal_taken_back_leaves_the_loan_where_it_was(life: Life) -> None:
    life.year(2021)
    suspend(life.loan.pk, "再就业", actor=life.by(Role.AGENCY_APPROVER), now=at(2022, 1, 4))
    renew(life, 2023)
    life.plan(2023)
    drop_renewal(life.loan.pk, "本人撤回", actor=life.by("citizen"), now=at(2023, 3, 2))
    assert life.fresh().state == "suspended"
    assert Tranche.objects.get(year=2023).state == "cancelled"


def test_the_last_year_has_only_the_months_before_the_pension(post_of: PostOf) -> None:
    life = life_of(RUGAO, post_of, terms=replace(RUGAO_TERMS, pension_month=date(2021, 7, 1)))
    assert fault(lambda: life.plan(2021)) == "E-DRAW-MONTHS"
    tranche = life.year(2021, months=6)
    assert tranche.amount_fen == 420_000
    assert fault(lambda: life.plan(2022, months=1)) == "E-STATE"


def test_nothing_is_drawn_from_the_first_month_of_pension_on(post_of: PostOf) -> None:
    life = life_of(RUGAO, post_of, terms=replace(RUGAO_TERMS, pension_month=date(2021, 7, 1)))
    tranche = life.ready(2021, months=6)
    assert fault(lambda: life.draw(tranche, on=date(2021, 7, 1))) == "E-DRAW-PENSION"
    life.draw(tranche, on=date(2021, 6, 30))


@pytest.mark.clauses("rg-10a")
@pytest.mark.parametrize(
    ("ppm", "decision", "code"),
    [
        pytest.param(49_500, "", "E-LOAN-CEILING", id="高于基准 above the benchmark"),
        pytest.param(48_000, "", "E-LOAN-BENCHMARK", id="低于基准 below it"),
        pytest.param(48_000, "市人社局2021年1号", "", id="有书面决定 by the city's decision"),
    ],
)
def test_the_rate_is_the_benchmark(post_of: PostOf, ppm: int, decision: str, code: str) -> None:
    terms = replace(RUGAO_TERMS, rate_ppm=ppm, rate_decision=decision)
    if code:
        assert fault(lambda: life_of(RUGAO, post_of, terms=terms)) == code
    else:
        assert life_of(RUGAO, post_of, terms=terms).loan.rate_ppm == ppm


@pytest.mark.clauses("rg-9a", "rg-9b", "rg-9c")
@pytest.mark.parametrize(
    ("grace", "repay", "allowed"),
    [
        pytest.param(60, 120, True, id="60 加 120"),
        pytest.param(61, 119, False, id="宽限期 61"),
        pytest.param(59, 121, False, id="偿还期 121"),
        pytest.param(48, None, False, id="没有偿还期 no repayment period"),
    ],
)
def test_the_term_has_limits(post_of: PostOf, grace: int, repay: int | None, allowed: bool) -> None:
    terms = replace(RUGAO_TERMS, grace_months=grace, repay_months=repay)
    if allowed:
        assert life_of(RUGAO, post_of, terms=terms).loan.state == "rostered"
    else:
        assert fault(lambda: life_of(RUGAO, post_of, terms=terms)) == "E-LOAN-TERM"


@pytest.mark.clauses("rg-10b")
def test_a_changed_benchmark_is_taken_over_on_the_anniversary(life: Life) -> None:
    life.year(2021)
    enter_figures(
        [
            Parameter(
                "benchmark_ppm", 49_000, "ppm", COUNTY, date(2015, 10, 24), date(2022, 6, 14), "试验数据", decided_by="test"
            ),
            Parameter("benchmark_ppm", 47_000, "ppm", COUNTY, date(2022, 6, 15), None, "试验数据", decided_by="test"),
        ],
        actor=SYSTEM,
        now=at(2022, 6, 15),
    )
    close_day(life.loan.pk, date(2023, 12, 31), actor=life.by(Role.AGENCY_ACCOUNTANT), now=at(2023, 12, 31))
    loan = life.fresh()
    assert outcome(loan, date(2023, 3, 9)).tranches[0].rate_ppm == 49_000
    assert outcome(loan, date(2023, 3, 10)).tranches[0].rate_ppm == 47_000
    # 20 December 2022 to 10 March 2023: 80 days at 4.9 %; to 20 December 2023: 285 days at 4.7 %; 8,400, one rounding.
    assert outcome(loan, date(2023, 12, 31)).periods[-1].interest == 40_402
    assert close_day(life.loan.pk, date(2023, 12, 31), actor=life.by(Role.AGENCY_ACCOUNTANT), now=at(2024, 1, 2)) == []
    assert fault(lambda: close_day(life.loan.pk, date(2023, 12, 31), actor=life.by("citizen"), now=at(2024, 1, 2))) == "E-SCOPE"


@pytest.mark.clauses("rg-2")
def test_grace_then_repayment_from_the_own_pension_then_settled(life: Life) -> None:
    course = main_path(process_of(RUGAO))
    assert course.index("recorded") < course.index("repaying") < course.index("settled")
    life.year(2021)
    for last in (date(2021, 12, 31), date(2022, 1, 31)):
        close_month(COUNTY, last, actor=SYSTEM, clock=lambda: at(2022, 2, 1))
    assert life.fresh().state == "recorded"
    assert not DeductionOrder.objects.filter(loan=life.loan).exists()


@pytest.mark.clauses("rg-12.4c")
def test_the_bank_looks_after_a_borrower_every_twelve_months(life: Life) -> None:
    """Signed on 1 March 2021, first drawn on the 10th; the visit of 2022 was made on 20 March, that of 2023 is due a year after it."""
    life.year(2021)

    def waits(year: int, month: int, day: int) -> bool:
        open_follow_ups(date(year, month, day), actor=SYSTEM, now=at(year, month, day))
        return Task.objects.open().filter(kind=FOLLOW_UP, subject="loan:L1", organisation_id=life.loan.bank_id).exists()

    assert not waits(2022, 2, 28)
    assert waits(2022, 3, 1)
    assert open_follow_ups(date(2022, 3, 2), actor=SYSTEM, now=at(2022, 3, 2)) == 0
    officer = life.by(Role.BANK_OFFICER)
    assert fault(lambda: follow_up(life.loan.pk, " ", actor=officer, now=at(2022, 3, 20))) == "E-REASON"
    follow_up(life.loan.pk, "上门，身体尚可，知道明年续贷", key="v", actor=officer, now=at(2022, 3, 20))
    follow_up(life.loan.pk, "上门，身体尚可，知道明年续贷", key="v", actor=officer, now=at(2022, 3, 20))
    step = LoanStep.objects.get(verb="follow_up")
    assert (step.reason, step.start, step.end) == ("上门，身体尚可，知道明年续贷", "recorded", "recorded")
    assert not waits(2022, 3, 21)
    assert not waits(2023, 3, 19)
    assert waits(2023, 3, 20)


def test_the_months_between_visits_are_the_places_own_setting(life: Life) -> None:
    life.year(2021)
    entry = Parameter(
        "setting.loan_follow_up_months", 6, "", COUNTY, date(2021, 1, 1), None, source="行办会", decided_by="合作银行"
    )
    enter_figures([entry], actor=SYSTEM, now=at(2021, 1, 2))
    assert open_follow_ups(date(2021, 8, 31), actor=SYSTEM, now=at(2021, 8, 31)) == 0
    assert open_follow_ups(date(2021, 9, 1), actor=SYSTEM, now=at(2021, 9, 1)) == 1
