"""What a statement's figures are made of, from postings alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.loans.books import BY_NAME
from zhubao.loans.statements.figures import FIGURES, Figures, Sum, changes, fold
from zhubao.loans.states import JIANGXI, RUGAO

YEAR = [
    Sum("tranche.bank", "loan_principal", "settlement", True, 840_000),
    Sum("accrue_borrower.bank", "interest_receivable_borrower", "interest_income", True, 1_000),
    Sum("tranche.bank", "loan_principal", "settlement", False, 960_000),
    Sum("accrue_government.bank", "interest_receivable_government", "interest_income", False, 47_693),
    Sum("accrue_borrower.bank", "interest_receivable_borrower", "interest_income", False, 5_000),
    Sum("accrue_borrower.bank", "interest_income", "interest_receivable_borrower", False, 500),
    Sum("claim_paid.bank", "settlement", "interest_receivable_government", False, 40_000),
    Sum("deduct_interest.bank", "card_deposit", "interest_receivable_borrower", False, 3_000),
    Sum("deduct_principal.bank", "card_deposit", "loan_principal", False, 87_000),
    Sum("deduction_returned.bank", "card_deposit", "returnable_deductions", False, 2_000),
]


def test_a_year_as_the_clerk_adds_it_up() -> None:
    found = fold(YEAR)
    assert {name: fen for name, fen in found.as_dict().items() if fen} == {
        "opening_principal": 840_000,
        "opening_interest": 1_000,
        "draws": 960_000,
        "interest_borrower": 4_500,
        "interest_finance": 47_693,
        "subsidy_paid": 40_000,
        "repaid_interest": 3_000,
        "repaid_principal": 87_000,
        "returned": 2_000,
        "closing_principal": 840_000 + 960_000 - 87_000,
        "closing_interest": 1_000 + 4_500 - 3_000,
        "subsidy_owed": 7_693,
    }
    assert found.opening + 960_000 + 4_500 - 90_000 == found.closing


@pytest.mark.parametrize("policy_id", [JIANGXI, RUGAO])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_opening_and_movements_come_to_the_closing_whatever_was_posted(policy_id: str, data: st.DataObject) -> None:
    kinds = sorted(name for name, (_kind, movement) in BY_NAME[policy_id].items() if movement.party == "bank")
    sums = []
    for kind in data.draw(st.lists(st.sampled_from([*kinds, "unheard_of.bank"]), max_size=12)):
        movement = BY_NAME[policy_id][kind][1] if kind in BY_NAME[policy_id] else BY_NAME[policy_id]["tranche.bank"][1]
        accounts = (movement.debit, movement.credit)
        debit, credit = accounts if data.draw(st.booleans()) else accounts[::-1]
        sums.append(Sum(kind, debit, credit, data.draw(st.booleans()), data.draw(st.integers(1, 10**9))))
    found = fold(sums)
    assert found.explained() == found.closing
    known = [each for each in sums if each.kind != "unheard_of.bank"]
    assert fold(known).other == 0


def test_figures_that_differ_are_shown_with_both_values() -> None:
    now = fold([*YEAR, Sum("accrue_borrower.bank", "interest_receivable_borrower", "interest_income", False, 7)])
    assert [(each.name, each.old, each.new, each.difference) for each in changes(fold(YEAR), now)] == [
        ("interest_borrower", 4_500, 4_507, 7),
        ("closing_interest", 2_500, 2_507, 7),
    ]
    assert changes(now, now) == []


def test_a_sum_of_statements_is_the_statement_of_the_sums() -> None:
    assert (fold(YEAR[:4]) + fold(YEAR[4:])).closing == fold(YEAR).closing
    assert set(Figures().as_dict()) == {*FIGURES, "open_borrower", "open_finance"}
