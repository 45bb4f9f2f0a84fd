"""A Tongling loan: as the contract says, through the card into the collection account, and the contribution subsidy."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.loans.lives import COUNTY, SYSTEM, TONGLING_TERMS, Life, PostOf, at, life_of
from zhubao.access.roles import Role
from zhubao.accounts.actions import credit
from zhubao.accounts.selectors import balance as account_balance
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting
from zhubao.ledger.selectors import balance, trial_balance
from zhubao.loans.contributing import match_subsidy
from zhubao.loans.opening import Signer, open_loan
from zhubao.loans.personal_account import balance_on, take_back_receipt
from zhubao.loans.replaying import terms_of
from zhubao.loans.states import TONGLING


@pytest.fixture
def life(post_of: PostOf) -> Life:
    """A contract of 3,000 a year, 9,000 in all, signed on 1 March 2021."""
    return life_of(TONGLING, post_of)


def fault(action: Callable[[], Any]) -> str:
    with pytest.raises(ZhubaoError) as refused:
        action()
    return refused.value.code


@pytest.mark.clauses("tl-3.4a", "tl-3.5c", "tl-3.5d")
def test_money_passes_the_card_and_does_not_stay_there(life: Life) -> None:
    tranche = life.ready(2021)
    assert fault(lambda: life.draw(tranche, payee="card_account")) == "E-DRAW-PAYEE"
    life.draw(tranche)
    drawn = [(row.debit, row.credit) for row in Posting.objects.of("loan", "loan:L1").filter(party="bank")]
    assert drawn == [("loan_principal", "card_deposit"), ("card_deposit", "settlement")]
    assert balance(Party.BANK, "card_deposit", subject="loan:L1") == 0
    assert balance(Party.FUND, "collection_account", subject="loan:L1") == 300_000
    assert balance(Party.BORROWER, "loan_payable", subject="loan:L1") == -300_000
    life.pay_in(tranche)
    assert balance(Party.AGENCY, "account_memo_loan", subject="loan:L1") == -300_000


@pytest.mark.clauses("tl-5.1h")
def test_the_subsidy_is_matched_once(life: Life) -> None:
    tranche = life.year(2021)
    clerk = life.by(Role.FINANCE_CLERK)
    assert fault(lambda: match_subsidy(tranche.pk, 0, date(2021, 5, 1), actor=clerk, now=at(2021, 5, 1))) == "E-SUBSIDY"
    match_subsidy(tranche.pk, 20_000, date(2021, 5, 1), actor=clerk, now=at(2021, 5, 1))
    assert life.fresh().state == "subsidy_matched"
    assert fault(lambda: match_subsidy(tranche.pk, 20_000, date(2021, 5, 2), actor=clerk, now=at(2021, 5, 2))) == "E-STATE"
    assert balance(Party.AGENCY, "account_memo_subsidy", subject="loan:L1") == -20_000
    assert balance(Party.FINANCE, "treasury_cash", subject="loan:L1") == -20_000
    for party in Party:
        assert sum(row.fen for row in trial_balance(clerk, COUNTY, party=party)) == 0


@pytest.mark.clauses("tl-3.5d", "tl-4.3b", "tl-5.1h")
def test_what_the_loan_paid_in_is_a_lot_of_the_personal_account(life: Life) -> None:
    assert balance_on(life.fresh(), date(2021, 12, 31)) is None
    tranche = life.year(2021)
    loan, clerk = life.fresh(), life.by(Role.FINANCE_CLERK)
    match_subsidy(tranche.pk, 20_000, date(2021, 5, 1), actor=clerk, now=at(2021, 5, 1))
    credit(loan.person, "own", 60_000, on=date(2021, 6, 1), subject="test:1", key="1", actor=SYSTEM, now=at(2021, 6, 1))
    assert account_balance(loan.person).by_source == {"loan": 300_000, "subsidy": 20_000, "own": 60_000}
    assert balance_on(loan, date(2021, 12, 31)) == (380_000, 300_000)
    receipt = tranche.receipts.get()
    for _twice in range(2):
        take_back_receipt(loan, receipt, actor=SYSTEM, now=at(2021, 6, 2))
    assert balance_on(loan, date(2021, 12, 31)) == (80_000, 0)


@pytest.mark.clauses("tl-5.1h")
def test_finance_may_come_after_the_next_draw(life: Life) -> None:
    first = life.year(2021)
    second = life.draw(life.ready(2022))
    match_subsidy(first.pk, 20_000, date(2022, 4, 1), actor=life.by(Role.FINANCE_CLERK), now=at(2022, 4, 1))
    assert life.fresh().state == "drawn"
    life.pay_in(second)
    assert life.fresh().state == "recorded"


@pytest.mark.clauses("tl-3.1a")
def test_the_contract_limits_a_year_and_the_whole(life: Life) -> None:
    assert fault(lambda: life.plan(2021, amount_fen=300_001)) == "E-DRAW-CAP"
    assert life.year(2021, amount_fen=200_000).amount_fen == 200_000
    assert life.plan(2021).amount_fen == 100_000


def test_the_whole_contract_is_drawn_and_no_more(post_of: PostOf) -> None:
    life = life_of(TONGLING, post_of, terms=replace(TONGLING_TERMS, principal_cap_fen=500_000))
    life.year(2021)
    assert life.year(2022).amount_fen == 200_000
    assert fault(lambda: life.plan(2023)) == "E-DRAW-CAP"


def test_no_contribution_is_above_the_highest_tier(post_of: PostOf) -> None:
    life = life_of(TONGLING, post_of, terms=replace(TONGLING_TERMS, yearly_cap_fen=None))
    assert life.plan(2021).amount_fen == 300_000


@pytest.mark.clauses("tl-3.1b", "tl-3.1c")
@pytest.mark.parametrize(
    ("signer", "code"),
    [
        pytest.param(None, "E-LOAN-SIGNER", id="没有子女也没有担保人 nobody"),
        pytest.param({"person_id": "borrower"}, "E-LOAN-SIGNER", id="借款人本人 the borrower"),
        pytest.param({"capable": False}, "E-LOAN-SIGNER", id="无行为能力 incapable"),
        pytest.param({"consents_on": date(2021, 3, 2)}, "E-LOAN-SIGNER", id="签约后才同意 consent too late"),
        pytest.param({"relation": "guarantor"}, "", id="担保人 a guarantor"),
        pytest.param({}, "", id="成年子女 a grown child"),
    ],
)
def test_a_child_or_a_guarantor_signs(life: Life, signer: dict[str, Any] | None, code: str) -> None:
    loan = life.loan
    child = loan.signers.get().person_id
    signers = []
    if signer is not None:
        given = {"person_id": child, "relation": "child", "consents_on": date(2021, 3, 1), **signer}
        given["person_id"] = loan.person_id if given["person_id"] == "borrower" else given["person_id"]
        signers = [Signer(**given)]

    def sign() -> Any:
        return open_loan(
            "L2",
            TONGLING_TERMS,
            region_code=COUNTY,
            policy_id=TONGLING,
            case_number="case-L2",
            person_id=loan.person_id,
            bank_id=loan.bank_id,
            agency_id=loan.agency_id,
            card_account_id=loan.card_account_id,
            signers=signers,
            actor=SYSTEM,
            now=at(2021, 3, 1),
        )

    if code:
        assert fault(sign) == code
    else:
        assert sign().signers.count() == 1


@pytest.mark.clauses("tl-4.2c")
def test_the_basic_pension_needs_a_consent_before_the_signing(post_of: PostOf) -> None:
    agreed = replace(TONGLING_TERMS, basic_pension_agreed_on=date(2021, 3, 1))
    assert terms_of(life_of(TONGLING, post_of, terms=agreed).loan).terms.basic_pension == "by_contract"
    late = replace(agreed, basic_pension_agreed_on=date(2021, 3, 2))
    assert fault(lambda: life_of(TONGLING, post_of, name="L2", terms=late, sequence=52)) == "E-TERMS-CONSENT"


@pytest.mark.clauses("tl-3.3b")
def test_the_rate_is_at_most_the_benchmark_of_the_term(post_of: PostOf) -> None:
    above = replace(TONGLING_TERMS, rate_ppm=47_600)
    assert fault(lambda: life_of(TONGLING, post_of, terms=above)) == "E-LOAN-CEILING"
    assert life_of(TONGLING, post_of, terms=replace(TONGLING_TERMS, rate_ppm=43_500)).loan.rate_ppm == 43_500


@pytest.mark.clauses("tl-1")
def test_nobody_else_bears_interest_and_the_contract_alone_says_how_it_is_repaid(life: Life, post_of: PostOf) -> None:
    agreed = terms_of(life.loan).terms
    assert (agreed.subsidy_follows, life.loan.subsidised_from) == ("none", None)
    assert (life.loan.method, life.loan.repay_months) == (TONGLING_TERMS.method, TONGLING_TERMS.repay_months)
    otherwise = replace(TONGLING_TERMS, method="pension_monthly", repay_months=24)
    other = life_of(TONGLING, post_of, name="L2", terms=otherwise, sequence=46)
    assert (other.loan.method, other.loan.repay_months) == ("pension_monthly", 24)
