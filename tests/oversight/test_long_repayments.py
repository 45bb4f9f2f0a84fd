"""Which loans take longer than ten years to repay, as a clerk can reckon it: 8,400 yuan at 4.9 %, about 34.80 yuan of interest a month."""

from dataclasses import replace
from datetime import date

import pytest

from tests.loans.lives import COUNTY, RUGAO_TERMS, TONGLING_TERMS, PostOf, life_of
from zhubao.loans.models import Loan
from zhubao.loans.states import RUGAO, TONGLING
from zhubao.oversight.long_repayments import RiskView, risk_view
from zhubao.programmes.selectors import parameter_book

pytestmark = [pytest.mark.django_db, pytest.mark.clauses("rg-3")]
AS_OF = date(2021, 12, 31)


def view(as_of: date = AS_OF) -> RiskView:
    loans = Loan.objects.filter(region_code__startswith=COUNTY).select_related("bank", "person")
    return risk_view(list(loans), as_of, parameter_book())


@pytest.mark.parametrize(
    ("instalment_fen", "months"),
    [
        pytest.param(60_000, None, id="每月六百元，不到两年"),
        pytest.param(9_000, None, id="每月九十元，刚好十年内"),
        pytest.param(8_500, 128, id="每月八十五元，十年八个月"),
        pytest.param(5_000, 288, id="每月五十元，二十四年"),
    ],
)
def test_the_months_follow_from_what_a_month_takes(post_of: PostOf, instalment_fen: int, months: int | None) -> None:
    """One year drawn, nothing more to come; the pension begins in 2026-03 and nobody certifies the interest until then."""
    terms = replace(RUGAO_TERMS, years=1, instalment_fen=instalment_fen)
    life_of(RUGAO, post_of, terms=terms).year(2021)
    found = view()
    assert (len(found.long), found.unknown, found.looked_at) == (0 if months is None else 1, (), 1)
    assert [(each.months, each.monthly_fen, each.basis) for each in found.long] == (
        [] if months is None else [(months, instalment_fen, "agreed")]
    )


def test_a_pension_that_is_late_counts_from_its_month(post_of: PostOf) -> None:
    """Nothing was deducted from March to October 2026: interest ran on, so the last deduction is eight months later and more."""
    life_of(RUGAO, post_of, terms=replace(RUGAO_TERMS, years=1, instalment_fen=8_500)).year(2021)
    (found,) = view(date(2026, 10, 31)).long
    assert (found.months, found.owed_fen) == (141, 840_000 + 30_184)


def test_interest_that_eats_the_instalment_is_never_repaid(post_of: PostOf) -> None:
    life_of(RUGAO, post_of, terms=replace(RUGAO_TERMS, years=1, instalment_fen=3_000)).year(2021)
    (found,) = view().long
    assert (found.months, found.owed_fen) == (None, 840_000 + 2_172)  # interest of the 19 days before the first deduction


def test_a_loan_without_any_known_deduction_is_named_and_not_called_safe(post_of: PostOf) -> None:
    life = life_of(RUGAO, post_of, terms=replace(RUGAO_TERMS, years=1))
    life.year(2021)
    assert view() == RiskView((), (life.loan,), 1)


def test_the_longest_comes_first_whatever_the_programme(post_of: PostOf) -> None:
    life_of(RUGAO, post_of, terms=replace(RUGAO_TERMS, years=1, instalment_fen=8_500)).year(2021)
    slow = replace(TONGLING_TERMS, years=1, method="pension_monthly", repay_months=None, instalment_fen=1_500)
    life_of(TONGLING, post_of, name="L2", terms=slow, sequence=46).year(2021)
    assert [each.loan.number for each in view().long] == ["L2", "L1"]
