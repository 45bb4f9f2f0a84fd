"""Month-ends of a county as its accountant checks them: every fen of interest, every order, what is held, and what a repeat does."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.loans.lives import (
    COUNTY,
    SYSTEM,
    TERMS,
    VILLAGE,
    Life,
    PostOf,
    at,
    figure,
    life_of,
)
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting
from zhubao.ledger.selectors import balance, trial_balance
from zhubao.lending.events import certification_lost, deducted, paid_off
from zhubao.loans.books import book
from zhubao.loans.deductions.waiting import FAILED
from zhubao.loans.models import DeductionOrder, Loan, LoanClosing, LoanEvent, LoanStep, MonthEndRun, Tranche
from zhubao.loans.opening import LoanTerms
from zhubao.loans.repaying import (
    begin_repaying,
    begin_repaying_together,
    deduction_key,
    month_end_key,
    record_pension,
    settle,
    settle_together,
)
from zhubao.loans.replaying import record_of
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.loans.stepping import add_event
from zhubao.procedures.month_end import MonthEnd, as_json, close_month
from zhubao.procedures.verification import loan_books
from zhubao.programmes.actions import enter_figures
from zhubao.tasks.actions import open_task
from zhubao.tasks.models import Task

pytestmark = pytest.mark.django_db
PENSION = date(2022, 7, 1)


def close(year: int, month: int, day: int, region: str = COUNTY) -> MonthEnd:
    """Close the county as of a day, on that day."""
    return close_month(region, date(year, month, day), actor=SYSTEM, clock=lambda: at(year, month, day))


def month_ends(first: date, months: int) -> Iterator[date]:
    """Yield the last days of consecutive months."""
    for number in range(first.month, first.month + months):
        year, month = divmod(number, 12)
        yield date.fromordinal(date(first.year + year, month + 1, 1).toordinal() - 1)


def retiring(policy_id: str, post_of: PostOf, **more: Any) -> Life:
    """Return a loan with one draw of 10 March 2021 whose pension is expected in July 2022."""
    terms: LoanTerms = replace(TERMS[policy_id], pension_month=PENSION, **more)
    life = life_of(policy_id, post_of, terms=terms)
    life.year(2021)
    return life


def pension(life: Life, fen: int, basic_fen: int | None = None, on: date = PENSION) -> None:
    """Record the borrower's pension from a day on."""
    record_pension(life.loan.pk, on, fen, "待遇发放文件", basic_fen=basic_fen, actor=SYSTEM, now=at(on.year, on.month, 5))


def floor(fen: int, year: int = 2022) -> None:
    """Enter the county's urban dibao standard of a year."""
    enter_figures([figure("floor_fen", fen, year)], actor=SYSTEM, now=at(year, 1, 5))


def taken(life: Life, order: DeductionOrder) -> date:
    """Record that the bank took an order in full on the fifth of the next month, bring the books up to that day and return it."""
    on = date(order.month.year + order.month.month // 12, order.month.month % 12 + 1, 5)
    event = deducted(on, order.amount_fen, [order.month])
    add_event(life.loan, deduction_key(order.month), event, "回盘", actor=SYSTEM, now=at(on.year, on.month, on.day))
    book(life.fresh(), on, actor=SYSTEM, now=at(on.year, on.month, on.day))
    return on


def balanced(life: Life) -> None:
    """Make sure that the books of every party balance."""
    for party in Party:
        rows = trial_balance(life.by(Role.AGENCY_ACCOUNTANT), COUNTY, party=party)
        assert sum(row.fen for row in rows) == 0, party


# 8 400 yuan of 10 March 2021 at 3.85 % over 360: 89.8333 fen a day; the period closes on 20 December with 285 days, 25 603 fen.
JIANGXI_MONTHS = [
    ("2021-03-31", 22, 1_976),
    ("2021-04-30", 52, 4_671 - 1_976),
    ("2021-05-31", 83, 7_456 - 4_671),
    ("2021-06-30", 113, 10_151 - 7_456),
    ("2021-07-31", 144, 12_936 - 10_151),
    ("2021-08-31", 175, 15_721 - 12_936),
    ("2021-09-30", 205, 18_416 - 15_721),
    ("2021-10-31", 236, 21_201 - 18_416),
    ("2021-11-30", 266, 23_896 - 21_201),
    # 19 days to the settlement, then a new period of 12 days: 1 078 fen.
    ("2021-12-31", 12, 25_603 - 23_896 + 1_078),
]


def test_each_month_posts_its_interest_and_the_year_comes_out_as_if_rounded_once(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    for day, _days, fen in JIANGXI_MONTHS:
        year, month, number = (int(part) for part in day.split("-"))
        done = close(year, month, number).run
        assert (day, done.interest_fen, done.government_fen) == (day, fen, fen)
    owed_by_finance = "interest_receivable_government"
    assert balance(Party.BANK, owed_by_finance, up_to=date(2021, 12, 20)) == 25_603
    assert balance(Party.BANK, owed_by_finance) == 25_603 + 1_078
    assert balance(Party.BANK, "interest_income") == -(25_603 + 1_078)
    assert balance(Party.FINANCE, "interest_subsidy_commitment") == 25_603 + 1_078
    assert {row.on for row in Posting.objects.filter(kind__startswith="accrue")} >= {date(2021, 3, 31), date(2021, 12, 20)}
    balanced(life)


def test_months_closed_one_by_one_and_one_closing_of_all_of_them_leave_the_same_books(post_of: PostOf) -> None:
    step_by_step, at_once = retiring(RUGAO, post_of), life_of(RUGAO, post_of, name="L2", sequence=46)
    at_once.year(2021)
    # The second loan is kept out of the monthly runs by a region of its own.
    Loan.objects.filter(pk=at_once.loan.pk).update(region_code="320682109", pension_month=PENSION)
    for day in month_ends(date(2021, 3, 1), 14):
        close(day.year, day.month, day.day, region="320682108")
    close(2022, 5, 31)
    for party in Party:
        for account in {row.account for row in trial_balance(SYSTEM, COUNTY, party=party)}:
            sums = {balance(party, account, subject=each.loan.subject) for each in (step_by_step, at_once)}
            assert len(sums) == 1, (party, account, sums)


def test_status_lost_in_the_month_splits_it_by_day(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    lost = certification_lost(date(2021, 3, 21))
    add_event(life.loan, "lost", lost, "核验", actor=SYSTEM, now=at(2021, 3, 21))
    run = close(2021, 3, 31).run
    # 11 of 22 days are the government's: 988.17 of 1 976.33 fen, rounded by itself.
    assert (run.interest_fen, run.government_fen) == (1_976, 988)
    assert balance(Party.BANK, "interest_receivable_borrower") == 988
    balanced(life)


def test_a_decision_dated_back_is_in_the_next_month_as_a_difference(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    close(2021, 3, 31)
    lost = certification_lost(date(2021, 3, 10))
    add_event(life.loan, "lost", lost, "核验", actor=SYSTEM, now=at(2021, 4, 8))
    run = close(2021, 4, 30).run
    assert (run.interest_fen, run.government_fen) == (4_671 - 1_976, -1_976)
    new = Posting.objects.filter(booked_on=date(2021, 4, 30), party="bank", debit="interest_income")
    assert [(row.on, row.amount_fen) for row in new] == [(date(2021, 3, 31), 1_976)]
    balanced(life)


# The rule of each document, instalment, pension, basic part → what is protected and what is ordered.
ORDERS = [
    pytest.param(JIANGXI, 53_500, 130_000, None, 76_500, 53_500, id="江西-约定额在低保线以上"),
    pytest.param(JIANGXI, 53_500, 100_000, None, 76_500, 23_500, id="江西-只能扣到低保线"),
    pytest.param(JIANGXI, 53_500, 70_000, None, 76_500, 0, id="江西-养老金低于低保线不扣"),
    pytest.param(JIANGXI, None, 2_000_000, None, 76_500, None, id="江西-不超过欠款"),
    pytest.param(RUGAO, None, 180_001, None, 90_001, 90_000, id="如皋-一半，分以下舍去"),
    pytest.param(RUGAO, 50_000, 180_000, None, 90_000, 50_000, id="如皋-约定额"),
    pytest.param(TONGLING, 30_000, 40_000, 18_000, 18_000, 22_000, id="铜陵-基础养老金不动"),
]


@pytest.mark.parametrize(("policy_id", "instalment", "fen", "basic", "protected", "amount"), ORDERS)
@pytest.mark.clauses("jx-3.2c", "rg-14.1a", "tl-4.2b")
def test_the_order_of_a_month(
    policy_id: str,
    instalment: int | None,
    fen: int,
    basic: int | None,
    protected: int,
    amount: int | None,
    post_of: PostOf,
) -> None:
    life = retiring(policy_id, post_of, instalment_fen=instalment, method="pension_monthly")
    floor(76_500)
    pension(life, fen, basic)
    done = close(2022, 7, 31)
    assert (done.held, life.fresh().state) == ((), "repaying")
    order = DeductionOrder.objects.get()
    assert (order.month, order.pension_fen, order.protected_fen) == (PENSION, fen, protected)
    assert order.amount_fen == (order.debt_fen if amount is None else amount)
    assert done.run.orders == int(order.amount_fen > 0)
    assert close(2022, 7, 30).run.orders == 0
    order.pk, order.closing = None, LoanClosing.objects.get(as_of=date(2022, 7, 30))
    with pytest.raises(IntegrityError, match="deduction_once_a_month"), transaction.atomic():
        order.save(force_insert=True)


# Numbers a forged order might carry: rule, pension, protected, agreed, owed, amount → the constraint that refuses it.
FORGED = [
    ("remaining_at_least", 130_000, 76_500, None, 900_000, 53_501, "leaves_what_is_protected"),
    ("remaining_at_least", 130_000, 76_500, None, 900_000, -1, "leaves_what_is_protected"),
    ("max_share", 180_001, 90_000, None, 900_000, 90_001, "protects_something"),
    ("exclude_basic", 40_000, 18_000, None, 900_000, 22_001, "leaves_what_is_protected"),
    ("remaining_at_least", 130_000, 76_500, 50_000, 900_000, 50_001, "within_debt_and_instalment"),
    ("remaining_at_least", 130_000, 76_500, None, 40_000, 40_001, "within_debt_and_instalment"),
]


@pytest.mark.parametrize(("rule", "fen", "protected", "agreed", "debt", "amount", "constraint"), FORGED)
@pytest.mark.clauses("jx-3.2c", "rg-14.1a", "tl-4.2b")
def test_the_database_refuses_an_order_above_what_the_document_allows(
    rule: str, fen: int, protected: int, agreed: int | None, debt: int, amount: int, constraint: str, post_of: PostOf
) -> None:
    life = retiring(RUGAO, post_of)
    close(2021, 3, 31)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DeductionOrder.objects.create(
            loan=life.loan, closing=LoanClosing.objects.get(), month=PENSION, ordered_on=PENSION, rule=rule, pension_fen=fen,
            protected_fen=protected, agreed_fen=agreed, debt_fen=debt, amount_fen=amount,
        )  # fmt: skip


@pytest.mark.clauses("jx-3.2a", "jx-2.4b", "jx-2.4c")
def test_from_the_first_month_of_pension_the_interest_is_the_borrowers(post_of: PostOf) -> None:
    life = retiring(JIANGXI, post_of)
    floor(76_500)
    close(2022, 6, 30)
    pension(life, 130_000)
    run = close(2022, 7, 31).run
    # July has 31 days: 840 000 × 3.85 % ÷ 360 × 31 = 2 784.83; the part of the period before was rounded by itself.
    assert (run.interest_fen, run.government_fen) == (2_785, 0)
    assert LoanEvent.objects.get(key="grace_ended").day == PENSION
    step = LoanStep.objects.get(verb="begin_repaying")
    assert (step.start, step.end, step.on, step.actor_name) == ("contributed", "repaying", date(2022, 7, 31), "month-end")
    balanced(life)


@pytest.mark.clauses("jx-3.2a", "jx-3.2b")
def test_what_the_bank_took_pays_interest_first_and_the_last_deduction_settles(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    pension(life, 180_000)
    close(2022, 7, 31)
    assert taken(life, DeductionOrder.objects.get()) == date(2022, 8, 5)
    # The borrower's interest from 1 July to 5 August: 840 000 × 4.9 % × 35 ÷ 360 = 4 001.67.
    paid = Posting.objects.filter(kind__startswith="deduct_", party="bank").order_by("kind")
    assert [(row.kind, row.debit, row.credit, row.amount_fen) for row in paid] == [
        ("deduct_interest.bank", "card_deposit", "interest_receivable_borrower", 4_002),
        ("deduct_principal.bank", "card_deposit", "loan_principal", 85_998),
    ]
    assert balance(Party.BORROWER, "loan_payable") == -(840_000 - 85_998)
    for day in month_ends(date(2022, 8, 1), 12):
        close(day.year, day.month, day.day)
        order = DeductionOrder.objects.latest("month")
        if order.ordered_on == day:
            taken(life, order)
    assert [order.amount_fen for order in DeductionOrder.objects.all()][:9] == [90_000] * 9
    assert life.fresh().state == "settled"
    assert balance(Party.BANK, "loan_principal") == 0
    assert balance(Party.BANK, "interest_receivable_borrower") == 0
    assert balance(Party.BORROWER, "loan_payable") == 0
    balanced(life)


def test_an_order_not_answered_yet_is_not_ordered_twice(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    pension(life, 1_000_000)
    close(2022, 7, 31)
    close(2022, 8, 31)
    first, second = DeductionOrder.objects.all()
    assert (first.amount_fen, second.amount_fen) == (500_000, second.debt_fen)
    # From the settlement of 20 December 254 days to 31 August are 29 041 fen; 193 of them, to 1 July, are the government's 22 066.
    assert second.debt_fen == 840_000 + 29_041 - 22_066 - 500_000


# What is missing → why the loan is held, and whether the interest is booked all the same.
HELD = [
    pytest.param("pension", JIANGXI, "E-PENSION-UNKNOWN", "contributed", True, id="领取月已到，养老金未知"),
    pytest.param("floor", JIANGXI, "E-FLOOR-UNKNOWN", "repaying", True, id="低保标准未知"),
    pytest.param("basic", TONGLING, "E-BASIC-PENSION-UNKNOWN", "repaying", True, id="基础养老金未知"),
    pytest.param("death", RUGAO, "E-DEATH-OPEN", "recorded", False, id="已死亡未清偿"),
]


@pytest.mark.parametrize(("missing", "policy_id", "code", "state", "booked"), HELD)
def test_a_loan_that_cannot_go_on_is_held_with_the_reason(
    missing: str, policy_id: str, code: str, state: str, booked: bool, post_of: PostOf
) -> None:
    life = retiring(policy_id, post_of, method="pension_monthly")
    other = life_of(policy_id, post_of, name="L2", sequence=46)
    other.year(2021)
    if missing != "pension":
        pension(life, 130_000, None)
    if missing == "death":
        person = life.loan.person
        person.died_on, person.died_source = date(2022, 7, 10), "火化证明"
        person.save()
    done = close(2022, 7, 31)
    result = as_json(done)
    assert [row["loan"] for row in result["held"]] == ["L1"]
    assert result["held"][0]["reason"].startswith(code)
    assert (result["loans"], result["orders"], life.fresh().state) == (2, 0, state)
    closing = LoanClosing.objects.get(loan=life.loan)
    assert (closing.booked, closing.postings > 0) == (booked, booked)
    assert LoanClosing.objects.get(loan=other.loan).held_code == ""


def test_a_qualification_that_ended_is_repaid_all_the_same(post_of: PostOf) -> None:
    life = retiring(JIANGXI, post_of)
    Loan.objects.filter(pk=life.loan.pk).update(state="qualification_ended")
    floor(76_500)
    pension(life, 130_000)
    close(2022, 7, 31)
    assert life.fresh().state == "repaying"
    assert DeductionOrder.objects.get().amount_fen == 53_500


def test_draws_not_paid_out_are_cancelled_when_the_pension_begins(post_of: PostOf) -> None:
    life = retiring(JIANGXI, post_of)
    tranche = life.release(life.plan(2022, month_from=1, months=6))
    floor(76_500)
    pension(life, 130_000)
    close(2022, 7, 31)
    tranche.refresh_from_db()
    assert (tranche.state, life.fresh().state) == ("cancelled", "repaying")


def test_a_resident_who_pays_by_contract_gets_no_order(post_of: PostOf) -> None:
    life = retiring(TONGLING, post_of, method="equal_instalment")
    pension(life, 40_000, 18_000)
    assert close(2022, 7, 31).held == ()
    assert (life.fresh().state, DeductionOrder.objects.count()) == ("repaying", 0)


def test_the_new_benchmark_is_taken_over_on_the_anniversary(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    entry = replace(figure("benchmark_ppm", 45_000, 2022), area_code="CN", effective_to=None, unit="ppm")
    enter_figures([entry], actor=SYSTEM, now=at(2022, 1, 2))
    close(2022, 3, 31)
    rates = LoanEvent.objects.filter(key__startswith="rate:").order_by("day").values_list("day", "amount")
    assert list(rates) == [(date(2021, 3, 10), 49_000), (date(2022, 3, 10), 45_000)]
    assert life.fresh().state == "recorded"


def test_a_second_run_changes_nothing_and_says_so(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    first = as_json(close(2021, 3, 31))
    before = (Posting.objects.count(), LoanClosing.objects.count(), AuditEntry.objects.count())
    again = as_json(close_month(COUNTY, date(2021, 3, 31), actor=SYSTEM, clock=lambda: at(2021, 5, 1)))
    assert again == {**first, "already_done": True}
    assert (Posting.objects.count(), LoanClosing.objects.count(), AuditEntry.objects.count()) == before
    assert (first["loans"], first["postings"], first["interest_fen"], first["government_fen"]) == (1, 2, 1_976, 1_976)


def test_runs_of_overlapping_regions_do_not_double(post_of: PostOf) -> None:
    life_of(JIANGXI, post_of).year(2021)
    village, county = close(2021, 3, 31, region=VILLAGE), close(2021, 3, 31)
    assert (village.run.loans, village.run.interest_fen) == (1, 1_976)
    assert (county.run.loans, county.run.interest_fen, county.run.postings) == (0, 0, 0)
    assert LoanClosing.objects.count() == 1


def test_the_database_refuses_a_second_closing_and_a_second_posting(post_of: PostOf) -> None:
    life_of(JIANGXI, post_of).year(2021)
    close(2021, 3, 31)
    closing = LoanClosing.objects.get()
    closing.pk = None
    with pytest.raises(IntegrityError, match="loan_closed_once"), transaction.atomic():
        closing.save(force_insert=True)
    posting = Posting.objects.latest("pk")
    posting.pk = None
    with pytest.raises(IntegrityError, match="_subject_on_ledger_key_mark"), transaction.atomic():
        posting.save(force_insert=True)
    with pytest.raises(IntegrityError, match="month_end_once"), transaction.atomic():
        MonthEndRun.objects.create(region_code=COUNTY, as_of=date(2021, 3, 31), started_at=at(2021, 3, 31), actor_name="x")


def test_a_month_closed_late_puts_the_later_one_right(post_of: PostOf) -> None:
    life_of(JIANGXI, post_of).year(2021)
    close(2021, 5, 31)
    close(2021, 4, 30)
    income = [balance(Party.BANK, "interest_income", up_to=date(2021, month, 30)) for month in (4, 6)]
    assert income == [-4_671, -7_456]


def test_only_the_accountant_of_the_region_closes_it(post_of: PostOf) -> None:
    for role, region in ((Role.AGENCY_REVIEWER, COUNTY), (Role.AGENCY_ACCOUNTANT, "500243")):
        with pytest.raises(OutOfScope):
            close_month(region, date(2021, 3, 31), actor=post_of(role).actor(), clock=lambda: at(2021, 4, 1))
    with pytest.raises(ZhubaoError, match="E-REGION-UNKNOWN"):
        close(2021, 3, 31, region="999999")
    done = close_month(COUNTY, date(2021, 3, 31), actor=post_of(Role.AGENCY_ACCOUNTANT).actor(), clock=lambda: at(2021, 4, 1))
    assert (done.run.loans, done.run.actor_name) == (0, post_of(Role.AGENCY_ACCOUNTANT).user.name)


def test_verify_finds_a_posting_that_no_event_explains(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    close(2021, 3, 31)
    assert loan_books(COUNTY) == {"name": "loan_books", "checked": 1, "differences": []}
    forged = Posting.objects.get(on=date(2021, 3, 31), party="bank")
    forged.pk, forged.entry, forged.amount_fen = None, "2021-03-31/9", 7
    forged.save(force_insert=True)
    assert loan_books("500243")["checked"] == 0
    assert loan_books(COUNTY)["differences"] == [
        "L1: 2021-03-31 accrue_government.bank interest_income/interest_receivable_government 7"
    ]


def test_verify_finds_an_event_that_the_books_do_not_show(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    close(2021, 3, 31)
    add_event(life.loan, "lost", certification_lost(date(2021, 3, 10)), "核验", actor=SYSTEM, now=at(2021, 4, 8))
    assert len(loan_books(COUNTY)["differences"]) == 4
    close(2021, 4, 30)
    assert loan_books(COUNTY)["differences"] == []


def test_a_contribution_that_comes_after_the_pension_began_is_still_recorded(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of, terms=replace(TERMS[JIANGXI], pension_month=date(2021, 6, 1)))
    tranche = life.draw(life.ready(2021, month_from=1, months=5))
    enter_figures([figure("floor_fen", 76_500, 2021)], actor=SYSTEM, now=at(2021, 1, 5))
    pension(life, 130_000, on=date(2021, 6, 1))
    close(2021, 6, 30)
    assert (life.fresh().state, Task.objects.open().filter(kind="loan.jiangxi.record_contribution").count()) == ("repaying", 1)
    life.pay_in(tranche, on=date(2021, 7, 2))
    tranche.refresh_from_db()
    assert (tranche.state, life.fresh().state) == ("paid_in", "repaying")


def written() -> list[list[dict[str, Any]]]:
    """Return what a step writes, but for the keys of new rows: loans, draws, history, tasks and the sealed audit entries."""
    return [
        [{name: value for name, value in row.items() if name != "id"} for row in model.objects.order_by("pk").values()]
        for model in (Loan, Tranche, LoanStep, Task, AuditEntry)
    ]


def written_by(step: Callable[[], object]) -> list[list[dict[str, Any]]]:
    """Return what stands after a step, and take it back."""
    with transaction.atomic():
        step()
        rows = written()
        transaction.set_rollback(True)
    return rows


@pytest.mark.parametrize("policy_id", [JIANGXI, RUGAO, TONGLING])
def test_steps_taken_together_leave_the_rows_of_steps_taken_one_by_one(policy_id: str, post_of: PostOf) -> None:
    life = retiring(policy_id, post_of)
    if policy_id == JIANGXI:
        life.release(life.plan(2022, month_from=1, months=6))
        floor(76_500)
    pension(life, 130_000, basic_fen=10_000 if policy_id == TONGLING else None)
    day, actor, now = date(2022, 7, 31), Actor.system("month-end", COUNTY), at(2022, 7, 31)
    who: Any = {"actor": actor, "now": now}
    loan, key = life.fresh(), month_end_key(day)
    open_task(FAILED, loan.subject, region_code=loan.region_code, role="bank_officer", organisation_id=None, deadline=None, **who)

    alone = written_by(lambda: begin_repaying(loan.pk, day, key=key, **who))
    together = written_by(lambda: begin_repaying_together({life.fresh(): record_of(life.fresh())}, day, **who))
    assert alone == together
    assert [row["state"] for row in together[0]] == ["repaying"]

    begin_repaying(loan.pk, day, key=key, **who)
    day, who = date(2022, 8, 31), {"actor": actor, "now": at(2022, 8, 31)}
    add_event(life.fresh(), "all", paid_off(day), **who)
    alone = written_by(lambda: settle(loan.pk, day, key=month_end_key(day), **who))
    together = written_by(lambda: settle_together([life.fresh()], day, **who))
    assert alone == together
    assert [row["kind"] for row in together[3] if row["closed_at"] is None] == ["loan.ending.issue_certificate"]
    settle_together([life.fresh()], day, **who)
    before = written()
    settle_together([life.fresh()], day, **who)
    assert written() == before


def test_steps_taken_together_are_refused_where_one_would_be(post_of: PostOf) -> None:
    life = retiring(JIANGXI, post_of)
    before = written()
    with pytest.raises(ZhubaoError, match="E-STATE"), transaction.atomic():
        settle_together([life.fresh()], date(2022, 7, 31), actor=SYSTEM, now=at(2022, 7, 31))
    assert written() == before
