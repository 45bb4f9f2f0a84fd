"""The risk view: every loan that takes more than ten years is on it, with a way to the loan."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from tests.loans.lives import RUGAO_TERMS, PostOf, at, life_of
from zhubao.access.roles import Role
from zhubao.loans.states import RUGAO

pytestmark = [pytest.mark.django_db, pytest.mark.clauses("rg-3")]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    moment: datetime = at(2022, 1, 5)
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.mark.parametrize(
    ("instalment_fen", "listed"),
    [pytest.param(8_500, True, id="一百二十八个月"), pytest.param(9_000, False, id="一百一十九个月")],
)
def test_a_loan_beyond_120_months_is_listed(
    post_of: PostOf, signed_in: Callable[[str], Client], instalment_fen: int, listed: bool
) -> None:
    life_of(RUGAO, post_of, terms=replace(RUGAO_TERMS, years=1, instalment_fen=instalment_fen)).year(2021)
    page = signed_in(Role.AGENCY_ACCOUNTANT).get("/loans/long-repayment/").content.decode()
    assert ('<a href="/loans/L1/">' in page, "<b>128</b>" in page) == (listed, listed)
    assert ("没有还款期这样长的贷款" in page) is not listed


def test_what_cannot_be_reckoned_is_said_and_who_sees_no_loans_sees_none(
    post_of: PostOf, signed_in: Callable[[str], Client]
) -> None:
    life_of(RUGAO, post_of, terms=replace(RUGAO_TERMS, years=1)).year(2021)
    client = signed_in(Role.AUDITOR)
    client.cookies["language"] = "en"
    page = client.get("/loans/long-repayment/").content.decode()
    assert "Loans of which no deduction is known yet" in page
    assert '<a href="/loans/L1/">' in page
    assert signed_in(Role.CERTIFIER).get("/loans/long-repayment/").status_code == 403
