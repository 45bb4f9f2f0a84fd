"""A Jiangxi loan year by year: caps, rates, contributions, what happens when one is not paid."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.loans.lives import COUNTY, JIANGXI_TERMS, SYSTEM, Life, PostOf, at, life_of
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import balance, trial_balance
from zhubao.lending import Setting
from zhubao.loans.contributing import end_qualification, remind
from zhubao.loans.drawing import confirm_draw, leave_out_months, not_drawn, plan_back_payment, withdraw
from zhubao.loans.models import LoanStep
from zhubao.loans.opening import open_loan
from zhubao.loans.replaying import outcome, terms_of
from zhubao.loans.selectors import incomplete_contributions, overdue_contributions
from zhubao.loans.states import JIANGXI
from zhubao.parameters import Parameter
from zhubao.people.actions import set_card
from zhubao.programmes.actions import enter_figures


@pytest.fixture
def life(post_of: PostOf) -> Life:
    """A loan signed on 1 March 2021."""
    return life_of(JIANGXI, post_of)


def fault(action: Callable[[], Any]) -> str:
    with pytest.raises(ZhubaoError) as refused:
        action()
    return refused.value.code


@pytest.mark.clauses("jx-2.1a", "jx-2.3b", "jx-2.3c", "jx-annex-4a", "jx-annex-4b", "jx-annex-4c", "jx-annex-4d", "jx-3.1a")
def test_two_years_are_drawn_and_paid_in(life: Life) -> None:
    first = life.year(2021)
    assert (first.cap_fen, first.amount_fen, first.state, first.paid_in_late) == (840_000, 840_000, "paid_in", False)
    assert [(part.months, part.monthly_fen) for part in first.parts.all()] == [(12, 70_000)]
    second = life.year(2022)
    assert second.amount_fen == 960_000
    loan = life.fresh()
    assert loan.state == "contributed"
    assert outcome(loan, date(2022, 3, 10)).principal == 1_800_000
    assert [step.verb for step in loan.steps.all()] == [
        "open_loan",
        *["plan_year", "release_year", "confirm_draw", "record_draw", "record_contribution"] * 2,
    ]


def test_the_books_of_a_draw_and_its_contribution(life: Life) -> None:
    tranche = life.draw(life.ready(2021))
    assert balance(Party.BANK, "card_deposit", subject="loan:L1") == -840_000
    assert balance(Party.BORROWER, "card_deposit", subject="loan:L1") == 840_000
    life.pay_in(tranche)
    moved = {(row.party.value, row.account): row.fen for row in trial_balance(life.by(Role.AGENCY_ACCOUNTANT), "320682")}
    assert moved == {
        ("bank", "loan_principal"): 840_000,
        ("bank", "card_deposit"): 0,
        ("bank", "settlement"): -840_000,
        ("borrower", "card_deposit"): 0,
        ("borrower", "loan_payable"): -840_000,
        ("borrower", "contribution"): 840_000,
        ("agency", "account_memo"): 840_000,
        ("agency", "account_memo_loan"): -840_000,
        ("tax", "collection_account"): 840_000,
        ("tax", "contributions_collected"): -840_000,
    }
    for party in Party:
        assert sum(row.fen for row in trial_balance(life.by(Role.AGENCY_ACCOUNTANT), "320682", party=party)) == 0


@pytest.mark.clauses("jx-2.3b")
def test_a_fen_above_the_cap_is_refused(life: Life) -> None:
    assert fault(lambda: life.plan(2021, amount_fen=840_001)) == "E-DRAW-CAP"
    tranche = life.ready(2021)
    assert fault(lambda: life.draw(tranche, fen=840_001)) == "E-DRAW-CAP"
    assert life.draw(tranche, fen=840_000).state == "drawn"


@pytest.mark.clauses("jx-annex-4a")
def test_nothing_is_fixed_before_the_base_is_published(life: Life) -> None:
    assert fault(lambda: life.plan(2025)) == "E-DRAW-BASE"


@pytest.mark.clauses("jx-annex-4b", "jx-2.3b")
@pytest.mark.parametrize(
    ("year", "months", "fen"),
    [
        pytest.param(2021, {"months": 6}, 420_000, id="退休前只有六个月 six months before the pension"),
        pytest.param(2021, {"month_from": 4, "months": 9}, 630_000, id="四月参保 joined in April"),
        pytest.param(2021, {"months": 7}, "E-DRAW-MONTHS", id="超过领取月 into the pension"),
        pytest.param(2021, {"months": 0}, "E-DRAW-MONTHS", id="没有月份 no months"),
        pytest.param(2021, {"month_from": 7, "months": 6}, "E-DRAW-MONTHS", id="领取之后 after it began"),
    ],
)
def test_only_months_before_the_pension_are_paid(post_of: PostOf, year: int, months: dict[str, int], fen: int | str) -> None:
    last = months.get("month_from", 1) + months["months"] - 1
    pension = date(2021, 7, 1) if last <= 7 or months.get("month_from") == 7 else date(2022, 3, 1)
    life = life_of(JIANGXI, post_of, terms=replace(JIANGXI_TERMS, pension_month=pension))
    if isinstance(fen, str):
        assert fault(lambda: life.plan(year, **months)) == fen
    else:
        assert life.plan(year, **months).cap_fen == fen


@pytest.mark.clauses("jx-annex-4c")
def test_no_draw_without_confirmation_and_to_no_other_account(life: Life) -> None:
    tranche = life.release(life.plan(2021))
    assert fault(lambda: life.draw(tranche)) == "E-STATE"
    tranche = confirm_draw(tranche.pk, date(2021, 3, 10), actor=life.by(Role.BANK_OFFICER), now=at(2021, 3, 10))
    assert fault(lambda: life.draw(tranche, payee="fund_income_account")) == "E-DRAW-PAYEE"
    assert fault(lambda: life.draw(tranche, on=date(2021, 3, 9), now=at(2021, 3, 10))) == "E-DRAW-DAY"
    assert fault(lambda: life.draw(tranche, on=date(2021, 3, 11), now=at(2021, 3, 10))) == "E-DRAW-DAY"
    assert life.draw(tranche).payee == "card_account"


@pytest.mark.clauses("jx-2.4a")
def test_each_draw_takes_the_lower_of_contract_rate_and_latest_lpr(life: Life) -> None:
    life.year(2021)
    life.year(2022)
    rates = [tranche.rate_ppm for tranche in outcome(life.fresh(), date(2022, 12, 31)).tranches]
    assert rates == [38_500, 37_000]


@pytest.mark.clauses("jx-2.4a")
def test_a_rate_above_the_lpr_is_refused_at_signing(post_of: PostOf) -> None:
    assert fault(lambda: life_of(JIANGXI, post_of, terms=replace(JIANGXI_TERMS, rate_ppm=38_600))) == "E-LOAN-CEILING"


def test_interest_is_booked_once_with_its_day(life: Life) -> None:
    life.year(2021)
    # 10 March to 20 December 2021: 285 days; 840,000 fen at 3.85 % over 360.
    assert outcome(life.fresh(), date(2021, 12, 31)).subsidy_total == 25_603
    life.year(2022)
    assert balance(Party.BANK, "interest_receivable_government", subject="loan:L1") == 25_603
    assert balance(Party.FINANCE, "interest_subsidy_commitment", subject="loan:L1") == 25_603
    assert balance(Party.BANK, "interest_income", subject="loan:L1", up_to=date(2021, 12, 19)) == 0


def test_some_months_or_the_whole_year_are_left_out(life: Life) -> None:
    tranche = life.release(life.plan(2021))
    accountant = life.by(Role.AGENCY_ACCOUNTANT)
    less = leave_out_months(tranche.pk, 3, "十月起由单位参保", actor=accountant, now=at(2021, 3, 3))
    assert (less.months, less.cap_fen, less.amount_fen) == (9, 630_000, 630_000)
    assert fault(lambda: leave_out_months(tranche.pk, 9, "全年", actor=accountant, now=at(2021, 3, 3))) == "E-DRAW-MONTHS"
    assert fault(lambda: not_drawn(tranche.pk, " ", actor=accountant, now=at(2021, 3, 3))) == "E-REASON"
    not_drawn(tranche.pk, "本人自缴", actor=accountant, now=at(2021, 3, 4))
    assert life.fresh().state == "not_drawn"
    assert life.year(2022).amount_fen == 960_000


@pytest.mark.clauses("jx-2.1b")
def test_back_payment_is_drawn_once_at_each_years_tier(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of, terms=replace(JIANGXI_TERMS, back_payment=True))
    accountant = life.by(Role.AGENCY_ACCOUNTANT)
    assert fault(lambda: life.plan(2021)) == "E-DRAW-BACK"
    gaps = {2019: 12, 2020: 6}
    tranche = plan_back_payment(life.loan.pk, gaps, actor=accountant, now=at(2021, 3, 1))
    assert tranche.amount_fen == 12 * 60_000 + 6 * 65_000
    life.release(tranche)
    confirm_draw(tranche.pk, date(2021, 3, 10), actor=life.by(Role.BANK_OFFICER), now=at(2021, 3, 10))
    life.pay_in(life.draw(tranche))
    assert life.fresh().state == "contributed"
    assert fault(lambda: plan_back_payment(life.loan.pk, gaps, actor=accountant, now=at(2022, 3, 1))) == "E-DRAW-BACK"


def test_a_yearly_loan_has_no_back_payment(life: Life) -> None:
    actor = life.by(Role.AGENCY_ACCOUNTANT)
    assert fault(lambda: plan_back_payment(life.loan.pk, {2020: 1}, actor=actor, now=at(2021, 3, 1))) == "E-DRAW-BACK"


@pytest.mark.clauses("jx-3.1a", "jx-annex-4d")
def test_a_contribution_the_day_after_is_late(life: Life) -> None:
    tranche = life.draw(life.ready(2021))
    accountant = life.by(Role.AGENCY_ACCOUNTANT)
    assert tranche.pay_by == date(2021, 3, 10)
    assert not overdue_contributions(accountant, date(2021, 3, 10)).exists()
    assert [each.pk for each in overdue_contributions(accountant, date(2021, 3, 11))] == [tranche.pk]
    assert life.pay_in(tranche, on=date(2021, 3, 11)).paid_in_late


def test_parts_make_up_a_contribution(life: Life) -> None:
    tranche = life.draw(life.ready(2021))
    life.pay_in(tranche, fen=800_000, receipt="A1")
    life.pay_in(tranche, fen=800_000, receipt="A1")
    assert life.fresh().state == "drawn"
    (open_draw,) = incomplete_contributions(life.by(Role.AGENCY_ACCOUNTANT))
    assert (open_draw.received_fen, open_draw.missing_fen) == (800_000, 40_000)
    assert fault(lambda: life.pay_in(tranche, fen=40_001, receipt="A2")) == "E-RECEIPT"
    assert fault(lambda: life.pay_in(tranche, fen=1, receipt="A1")) == "E-RECEIPT-KEY"
    life.pay_in(tranche, fen=40_000, receipt="A2")
    assert life.fresh().state == "contributed"
    assert balance(Party.TAX, "collection_account", subject="loan:L1") == 840_000


@pytest.mark.clauses("jx-3.1b", "jx-3.1c", "jx-2.2c")
def test_the_qualification_ends_after_a_reminder_and_its_time(life: Life) -> None:
    life.year(2021)
    tranche = life.draw(life.ready(2022))
    accountant, approver = life.by(Role.AGENCY_ACCOUNTANT), life.by(Role.AGENCY_APPROVER)
    assert fault(lambda: end_qualification(tranche.pk, "未缴", actor=approver, now=at(2022, 5, 1))) == "E-REMINDER"
    assert fault(lambda: remind(tranche.pk, "电话", actor=accountant, now=at(2022, 3, 10))) == "E-REMINDER"
    reminded = remind(tranche.pk, "电话告知本人", actor=accountant, now=at(2022, 3, 11))
    assert reminded.cure_until == date(2022, 3, 26)
    assert fault(lambda: end_qualification(tranche.pk, "未缴", actor=approver, now=at(2022, 3, 26))) == "E-REMINDER"
    end_qualification(tranche.pk, "催缴后仍未缴费", actor=approver, now=at(2022, 3, 27))
    loan = life.fresh()
    assert loan.state == "qualification_ended"
    assert fault(lambda: life.plan(2023)) == "E-STATE"
    after = outcome(loan, date(2022, 3, 27))
    assert after.principal == 1_800_000
    # The tranche paid in keeps its subsidy, the other loses it on the day of the decision (A-JX-16).
    assert [(each.remaining, each.eligible) for each in after.tranches] == [(840_000, True), (960_000, False)]


@pytest.mark.clauses("jx-3.1b")
def test_the_time_to_put_right_is_a_dated_setting(life: Life) -> None:
    name = "setting.reminder_cure_days"
    entry = Parameter(name, "30", "text", COUNTY, date(2022, 1, 1), None, source="通知", decided_by="经办机构")
    enter_figures([entry], actor=SYSTEM, now=at(2021, 12, 1))
    tranche = life.draw(life.ready(2021))
    told = remind(tranche.pk, "电话", actor=life.by(Role.AGENCY_ACCOUNTANT), now=at(2021, 3, 11))
    assert told.cure_until == date(2021, 3, 26)
    told = remind(tranche.pk, "上门", actor=life.by(Role.AGENCY_ACCOUNTANT), now=at(2022, 1, 11))
    assert told.cure_until == date(2022, 2, 10)


def test_a_loan_is_withdrawn_only_before_its_first_draw(life: Life, post_of: PostOf) -> None:
    tranche = life.release(life.plan(2021))
    withdraw(life.loan.pk, "不再需要", actor=life.by("citizen"), now=at(2021, 3, 5))
    tranche.refresh_from_db()
    assert (life.fresh().state, tranche.state) == ("withdrawn", "cancelled")
    assert fault(lambda: life.plan(2022)) == "E-STATE"
    second = life_of(JIANGXI, post_of, name="L2", sequence=52)
    drawn = second.ready(2021)
    assert fault(lambda: withdraw(second.loan.pk, "", actor=second.by("citizen"), now=at(2021, 3, 5))) == "E-REASON"
    second.draw(drawn)
    assert fault(lambda: withdraw(second.loan.pk, "悔", actor=second.by("citizen"), now=at(2021, 3, 11))) == "E-STATE"


def test_an_amount_fixed_again_replaces_the_first(life: Life) -> None:
    first = life.plan(2021)
    again = life.plan(2021, months=6)
    assert (again.pk, again.amount_fen) == (first.pk, 420_000)
    life.release(again)
    assert fault(lambda: life.plan(2021)) == "E-STATE"


def test_a_request_sent_twice_is_carried_out_once(life: Life) -> None:
    tranche = life.ready(2021)
    life.draw(tranche, key="file 7 line 3")
    life.draw(tranche, key="file 7 line 3")
    assert LoanStep.objects.filter(verb="record_draw").count() == 1
    assert outcome(life.fresh(), date(2021, 3, 10)).principal == 840_000
    assert fault(lambda: life.draw(tranche, key="file 7 line 4")) == "E-STATE"


def test_one_number_and_one_application_name_one_loan(life: Life) -> None:
    loan = life.loan

    def sign(number: str, case: str, **more: Any) -> Any:
        offices = {"bank_id": loan.bank_id, "agency_id": loan.agency_id, "card_account_id": loan.card_account_id, **more}
        terms = {"region_code": COUNTY, "policy_id": JIANGXI, "case_number": case, "person_id": loan.person_id}
        return open_loan(number, JIANGXI_TERMS, **terms, **offices, actor=SYSTEM, now=at(2021, 3, 1))

    assert sign("L1", "case-L1").pk == loan.pk
    assert fault(lambda: sign("L1", "case-L2")) == "E-LOAN-NUMBER"
    assert fault(lambda: sign("L2", "case-L1")) == "E-LOAN-NUMBER"
    assert fault(lambda: sign("L2", "case-L2", card_account_id=None)) == "E-LOAN-CARD"
    assert fault(lambda: sign("L2", "case-L2", bank_id=loan.agency_id)) == "E-LOAN-FIELD"
    assert (
        fault(
            lambda: open_loan(
                "L3",
                JIANGXI_TERMS,
                policy_id="pengshui-2022",
                region_code=COUNTY,
                case_number="c",
                person_id=1,
                bank_id=1,
                agency_id=1,
                actor=SYSTEM,
                now=at(2021, 3, 1),
            )
        )
        == "E-LOAN-POLICY"
    )


def test_nothing_is_paid_to_a_closed_account(life: Life) -> None:
    tranche = life.ready(2021)
    bank = life.loan.bank_id
    set_card(life.loan.person_id, bank, "6217000099999999", starts_on=date(2021, 3, 9), actor=SYSTEM, now=at(2021, 3, 9))
    assert fault(lambda: life.draw(tranche)) == "E-LOAN-CARD"


def test_what_nobody_confirmed_stays_visible(post_of: PostOf) -> None:
    decided = Setting("claim_cutoff", "12-31", decided_by="财政局")
    life = life_of(JIANGXI, post_of, terms=replace(JIANGXI_TERMS, settings=(decided, Setting("penalty_ppm", 0))))
    terms = terms_of(life.fresh())
    open_points = {row["question"] for row in terms.provisional}
    assert terms.terms.claim_cutoff == "12-31"
    assert "A-LOAN-20" not in open_points
    assert {"A-JX-16", "A-LOAN-21"} <= open_points
