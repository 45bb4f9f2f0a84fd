"""Entries recorded wrongly and taken back: the draw waits again, the books come to what they were, nothing is erased."""

from dataclasses import replace
from datetime import date

import pytest

from tests.loans.lives import PostOf, at, life_of
from zhubao.access.actors import OutOfScope
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.ledger.models import Posting
from zhubao.loans.contributing import record_contribution
from zhubao.loans.models import Loan, Receipt, Tranche
from zhubao.loans.repaying import record_pension
from zhubao.loans.replaying import outcome
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.loans.taking_back import (
    entries_of,
    leave_standing,
    propose_taking_back_contribution,
    propose_taking_back_draw,
    propose_taking_back_pension,
    take_back,
)
from zhubao.tasks.models import Task

NOW = at(2021, 3, 20)
END = date(2021, 3, 31)


def balances(loan: Loan) -> dict[tuple[str, str], int]:
    """What stands on each account about a loan; accounts at nothing are left out."""
    found: dict[tuple[str, str], int] = {}
    for row in Posting.objects.filter(subject=loan.subject):
        found[row.party, row.debit] = found.get((row.party, row.debit), 0) + row.amount_fen
        found[row.party, row.credit] = found.get((row.party, row.credit), 0) - row.amount_fen
    return {key: fen for key, fen in found.items() if fen}


@pytest.mark.clauses("tl-5.1c")
@pytest.mark.parametrize(
    ("policy_id", "state", "draw_state"),
    [(JIANGXI, "draw_due", "confirmed"), (RUGAO, "rostered", "released"), (TONGLING, "contracted", "released")],
    ids=["江西 Jiangxi", "如皋 Rugao", "铜陵 Tongling"],
)
def test_a_draw_taken_back_waits_for_the_bank_again(policy_id: str, state: str, draw_state: str, post_of: PostOf) -> None:
    life = life_of(policy_id, post_of)
    wrong = life.draw(life.ready(2021))
    propose_taking_back_draw(wrong.pk, "记到别人名下", actor=life.by(Role.BANK_OFFICER), now=NOW)
    take_back(life.loan.pk, actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    assert life.fresh().state == state
    assert outcome(life.fresh(), END).principal == 0
    assert balances(life.loan) == {}
    draws = {draw.sequence: draw for draw in life.loan.tranches.all()}
    assert (draws[1].state, draws[1].amount_fen, draws[1].drawn_on) == ("taken_back", wrong.amount_fen, date(2021, 3, 10))
    assert (draws[2].state, draws[2].amount_fen, draws[2].drawn_on) == (draw_state, wrong.amount_fen, None)
    right = life.pay_in(life.draw(draws[2], date(2021, 3, 12)))
    assert outcome(life.fresh(), END).principal == right.amount_fen
    assert (right.state, right.sequence) == ("paid_in", 2)


def test_a_smaller_draw_typed_wrongly_may_be_drawn_in_full_afterwards(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    released = life.ready(2021).amount_fen
    wrong = life.draw(Tranche.objects.get(loan=life.loan), fen=84_000)
    propose_taking_back_draw(wrong.pk, "少输一个零", actor=life.by(Role.BANK_OFFICER), now=NOW)
    take_back(life.loan.pk, actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    assert life.draw(life.loan.tranches.get(sequence=2), fen=released).amount_fen == released


def test_the_receipts_of_a_draw_go_with_it(post_of: PostOf) -> None:
    life = life_of(RUGAO, post_of)
    wrong = life.year(2021)
    propose_taking_back_draw(wrong.pk, "划错账户", actor=life.by(Role.AGENCY_ACCOUNTANT), now=NOW)
    take_back(life.loan.pk, actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    assert (life.fresh().state, balances(life.loan)) == ("rostered", {})
    assert (wrong.receipts.count(), Receipt.everything.filter(tranche=wrong).count()) == (0, 1)


def test_an_older_draw_leaves_the_loan_where_it_stands(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    first, second = life.year(2021), life.year(2022)
    propose_taking_back_draw(first.pk, "重复记录", actor=life.by(Role.BANK_OFFICER), now=at(2022, 4, 1))
    take_back(life.loan.pk, actor=life.by(Role.AGENCY_APPROVER), now=at(2022, 4, 1))
    assert life.fresh().state == "contributed"
    assert outcome(life.fresh(), date(2022, 3, 31)).principal == second.amount_fen
    again = life.plan(2021, now=at(2022, 4, 2))
    assert (again.sequence, again.state) == (2, "planned")


@pytest.mark.clauses("jx-5.1e")
def test_a_contribution_taken_back_may_be_recorded_again_under_its_number(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    draw = life.year(2021)
    receipt = draw.receipts.get()
    with pytest.raises(OutOfScope):
        propose_taking_back_contribution(receipt.pk, "票号错", actor=life.by(Role.AGENCY_ACCOUNTANT), now=NOW)
    propose_taking_back_contribution(receipt.pk, "金额错", actor=life.by(Role.TAX_CLERK), now=NOW)
    take_back(life.loan.pk, actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    open_draw = Tranche.objects.get(pk=draw.pk)
    assert (life.fresh().state, open_draw.state, open_draw.contributed_on) == ("drawn", "drawn", None)
    assert balances(life.loan)["borrower", "card_deposit"] == draw.amount_fen
    tax = life.by(Role.TAX_CLERK)
    record_contribution(draw.pk, receipt.number, date(2021, 3, 11), 40_000, actor=tax, now=NOW)
    record_contribution(draw.pk, receipt.number, date(2021, 3, 11), 40_000, actor=tax, now=NOW)
    assert draw.receipts.get().amount_fen == 40_000
    assert balances(life.loan)["tax", "collection_account"] == 40_000


def test_a_pension_of_the_wrong_amount_gives_way_to_the_right_one(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    accountant = life.by(Role.AGENCY_ACCOUNTANT)
    record_pension(life.loan.pk, date(2021, 4, 1), 2_000_000, "发放文件", actor=accountant, now=NOW)
    wrong = next(entry for what, entry in entries_of(life.loan) if what == "pension")
    propose_taking_back_pension(wrong.pk, "多输一个零", right_fen=200_000, actor=accountant, now=NOW)
    take_back(life.loan.pk, actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    standing = [entry for what, entry in entries_of(life.loan) if what == "pension"]
    assert [(event.amount, event.key) for event in standing] == [(200_000, "pension:2021-04-01#2")]  # type: ignore[union-attr]


def test_what_is_proposed_waits_for_another_person_and_may_be_left(post_of: PostOf) -> None:
    life = life_of(RUGAO, post_of)
    draw = life.draw(life.ready(2021))
    accountant, approver = life.by(Role.AGENCY_ACCOUNTANT), life.by(Role.AGENCY_APPROVER)
    first = propose_taking_back_draw(draw.pk, "疑似重复", key="k", actor=accountant, now=NOW)
    assert propose_taking_back_draw(draw.pk, "疑似重复", key="k", actor=accountant, now=NOW) == first
    waits = Task.objects.open().get(kind="loan.taking_back")
    assert (waits.role, waits.subject) == (Role.AGENCY_APPROVER, life.loan.subject)
    with pytest.raises(ZhubaoError, match="E-TAKE-BACK"):
        propose_taking_back_draw(draw.pk, "再来一次", actor=accountant, now=NOW)
    with pytest.raises(ZhubaoError, match="E-SAME-PERSON"):
        take_back(life.loan.pk, actor=replace(approver, user_id=accountant.user_id), now=NOW)
    assert leave_standing(life.loan.pk, "核对无误", actor=approver, now=NOW).state == "left"
    assert outcome(life.fresh(), END).principal == draw.amount_fen
    assert not Task.objects.open().filter(kind="loan.taking_back").exists()
    with pytest.raises(ZhubaoError, match="E-TAKE-BACK"):
        take_back(life.loan.pk, actor=approver, now=NOW)
