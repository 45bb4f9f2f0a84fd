"""Bank, agency and tax office compared: ten draws of a Tongling county against what arrived, and an entry taken back."""

from datetime import date

import pytest

from tests.loans.lives import Life, PostOf, at, life_of
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.loans.contributing import match_subsidy, record_contribution
from zhubao.loans.models import Tranche
from zhubao.loans.states import TONGLING
from zhubao.loans.taking_back import propose_taking_back_draw, take_back
from zhubao.oversight.models import Difference
from zhubao.oversight.reconciliation import reconcile

NOW = at(2022, 3, 20)


def draws_of(post_of: PostOf, count: int) -> list[tuple[Life, Tranche]]:
    """Pay 3,000 yuan out on as many loans; the last of them is paid in 1,000 short, the others in full."""
    found = []
    for nth in range(count):
        life = life_of(TONGLING, post_of, name=f"L{nth + 1}", sequence=44 + 2 * nth)
        draw = life.draw(life.ready(2022))
        fen = draw.amount_fen - (100_000 if nth == count - 1 else 0)
        clerk = life.by(Role.TAX_CLERK)
        record_contribution(draw.pk, f"SP{nth}", date(2022, 3, 11), fen, actor=clerk, now=at(2022, 3, 12))
        found.append((life, Tranche.objects.get(pk=draw.pk)))
    return found


@pytest.mark.clauses("tl-5.1f")
def test_ten_draws_against_twenty_nine_thousand_received_give_one_difference_that_stops_its_draw(post_of: PostOf) -> None:
    drawn = draws_of(post_of, 10)
    life, short = drawn[-1]
    assert sum(draw.amount_fen for _life, draw in drawn) == 3_000_000
    result = reconcile("320682", 2022, actor=life.by(Role.AGENCY_ACCOUNTANT), now=NOW)
    assert (result.draws, result.bank_fen, result.tax_fen, result.open) == (10, 3_000_000, 2_900_000, 1)
    difference = Difference.objects.open().get()
    assert (difference.subject, difference.agency_fen, difference.tax_fen) == (
        f"draw:{life.loan.number}/2022/1",
        300_000,
        200_000,
    )
    finance = life.by(Role.FINANCE_CLERK)
    with pytest.raises(ZhubaoError, match="E-STATE"):
        match_subsidy(short.pk, 12_000, date(2022, 3, 20), actor=finance, now=NOW)
    whole_life, whole = drawn[0]
    match_subsidy(whole.pk, 12_000, date(2022, 3, 20), actor=whole_life.by(Role.FINANCE_CLERK), now=NOW)


def test_a_draw_taken_back_waits_for_the_bank_and_differs_no_more(post_of: PostOf) -> None:
    ((life, draw),) = draws_of(post_of, 1)
    accountant = life.by(Role.AGENCY_ACCOUNTANT)
    reconcile("320682", 2022, actor=accountant, now=NOW)
    assert Difference.objects.open().get().subject == "draw:L1/2022/1"
    propose_taking_back_draw(draw.pk, "记到别人名下", actor=accountant, now=NOW)
    take_back(life.loan.pk, actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    result = reconcile("320682", 2022, actor=accountant, now=NOW)
    assert (result.closed, result.bank_fen, result.tax_fen) == (1, 0, 0)
    assert list(Difference.objects.open().values_list("subject", "cause")) == [("draw:L1/2022/2", "bank_silent")]
