"""A loan that ends while its instalments are under way: what is not told to the bank is void, what is told is answered first."""

from datetime import date

import pytest

from tests.loans.endings import checked, paid_all
from tests.loans.lives import Life, PostOf, at
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import balance
from zhubao.loans.deductions.ordering import examine_open, untold_orders
from zhubao.loans.deductions.returning import record_deduction
from zhubao.loans.endings.death import divide_debt, open_death, stop_deductions
from zhubao.loans.endings.early import settle_early
from zhubao.loans.models import DeductionOrder, Loan
from zhubao.loans.states import RUGAO
from zhubao.notices.models import Notice
from zhubao.procedures.deductions_ordered import pensions_left

from . import deductions as bank
from .retirements import JULY, close, ordered, retiring

pytestmark = pytest.mark.django_db
AUGUST_3 = date(2022, 8, 3)


def settled_on(life: Life, on: date) -> None:
    """Pay all of it and have it confirmed on a day."""
    now = at(on.year, on.month, on.day)
    settle_early(paid_all(life, on, now).pk, actor=life.by(Role.BANK_REVIEWER), now=now)


def test_an_order_written_before_the_payoff_is_void(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    bank.load_credits(life, [bank.credited(life, JULY, 180_000, date(2022, 7, 15))], "C1", date(2022, 7, 16))
    close(JULY)
    assert untold_orders(Loan.objects.all()).count() == 1
    settled_on(life, AUGUST_3)
    assert bank.order(life, "O1", date(2022, 8, 4)) == (None, [])
    (found,) = examine_open([DeductionOrder.objects.select_related("loan__person").get()], date(2022, 8, 4), set())
    assert found.waits is not None
    assert (found.waits.code, found.waits.problem.zh) == ("E-ORDER-VOID", "贷款已结清，本期扣款作废")
    # Civil affairs is told of the whole pension: nothing is taken from it any more.
    (left,) = pensions_left(life.by(Role.AGENCY_ACCOUNTANT), JULY)
    assert (left.net_fen, left.waits) == (180_000, False)
    close(date(2022, 8, 1))
    assert DeductionOrder.objects.count() == 1


def test_the_bank_answers_what_it_was_told_before_the_loan_is_settled(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    ordered(life)
    with pytest.raises(ZhubaoError, match="E-ORDER-OPEN"):
        settled_on(life, AUGUST_3)
    officer, now = life.by(Role.BANK_OFFICER), at(2022, 8, 4)
    record_deduction(life.loan.pk, JULY, 0, date(2022, 8, 4), "other", reason="已提前还款，未扣", actor=officer, now=now)
    assert not Notice.objects.filter(kind="deduction_failed").exists()
    payment = life.loan.prepayments.get()
    settle_early(payment.pk, actor=life.by(Role.BANK_REVIEWER), now=now)
    assert life.fresh().state == "settled"
    assert balance(Party.BANK, "loan_principal") == 0


@pytest.mark.clauses("rg-15.2")
def test_an_instalment_taken_after_a_death_is_recorded_and_goes_back(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    ordered(life)
    died, now = date(2022, 8, 2), at(2022, 8, 10)
    open_death(life.loan.pk, died, "死亡证明", actor=life.by(Role.AGENCY_INTAKE), now=now)
    officer = life.by(Role.BANK_OFFICER)
    with pytest.raises(ZhubaoError, match="E-ORDER-OPEN"):
        stop_deductions(life.loan.pk, "已停扣", actor=officer, now=now)
    record_deduction(life.loan.pk, JULY, 60_000, date(2022, 8, 5), "insufficient", actor=officer, now=now)
    assert not Notice.objects.filter(kind="deduction_failed").exists()
    checked(life, 500_000, on=died, now=now, opened=True)
    settlement = divide_debt(life.loan.pk, actor=life.by(Role.AGENCY_APPROVER), now=now)
    assert (settlement.returned_fen, settlement.from_account_fen) == (60_000, 500_000)
