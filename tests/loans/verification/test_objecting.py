"""A borrower objects to a loss: the bureau answers once; what was wrong is undone without a gap in the subsidy."""

from datetime import date
from typing import Any

import pytest

from tests.loans.lives import Life, PostOf, at, life_of, rows_of_everything
from tests.loans.verifying import ready_to_verify
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.lending.claims import borne_until
from zhubao.loans.models import VerificationObjection, VerificationProposal
from zhubao.loans.replaying import events_of, terms_of
from zhubao.loans.states import JIANGXI
from zhubao.loans.verification.objecting import answer_objection
from zhubao.notices.models import Notice

ANSWERED = at(2022, 12, 5)


@pytest.fixture
def bureau(post_of: PostOf) -> Actor:
    return post_of(Role.HRSS_SUPERVISOR).actor()


@pytest.fixture
def lost(post_of: PostOf) -> Life:
    """A borrower whose subsidy was decided to end on 1 January 2023."""
    life = life_of(JIANGXI, post_of)
    ready_to_verify(life, "restore_subsidy")
    return life


def objected(
    actor: Actor, *, upheld: bool = True, filed_on: date = date(2022, 12, 1), said: str = "名册漏登"
) -> VerificationObjection:
    found = VerificationProposal.objects.get()
    return answer_objection(found.pk, said, filed_on, upheld=upheld, answer="民政局证明属实", actor=actor, now=ANSWERED)


@pytest.mark.clauses("jx-2.5c")
def test_an_objection_that_is_right_leaves_no_day_without_subsidy(lost: Life, bureau: Actor) -> None:
    loan = lost.loan
    before = borne_until(terms_of(loan).terms, events_of(loan), date(2024, 1, 1))
    objected(bureau)
    terms, events = terms_of(loan).terms, events_of(loan)
    # 8 400.00 at 3.85 % in 2023: 365 days over 360 are 327.89 more than without the objection.
    assert borne_until(terms, events, date(2024, 1, 1)) - before == pytest.approx(32_789, abs=2)
    told = Notice.objects.filter(kind="verification").latest("pk")
    assert "2023-01-01" in told.text
    rows = rows_of_everything()
    objected(bureau)
    assert rows_of_everything() == rows


def test_an_objection_that_is_not_right_changes_nothing_but_is_answered(lost: Life, bureau: Actor) -> None:
    before = events_of(lost.loan)
    assert not objected(bureau, upheld=False).upheld
    assert events_of(lost.loan) == before
    assert "行政复议" in Notice.objects.filter(kind="verification").latest("pk").text


def test_what_cannot_be_answered_is_refused(lost: Life, bureau: Actor, post_of: PostOf) -> None:
    approver = post_of(Role.AGENCY_APPROVER).actor()
    sent: list[tuple[Actor, dict[str, Any], str]] = [
        (approver, {}, "E-SCOPE"),
        (bureau, {"filed_on": date(2022, 11, 19)}, "E-OBJECTION-DAY"),
        (bureau, {"filed_on": date(2022, 12, 6)}, "E-OBJECTION-DAY"),
        (bureau, {"said": " "}, "E-REASON"),
    ]
    for actor, named, code in sent:
        before = rows_of_everything()
        with pytest.raises(ZhubaoError) as error:
            objected(actor, **named)
        assert error.value.code == code
        assert rows_of_everything() == before
    VerificationProposal.objects.update(state="rejected", reason="漏登", effective_on=None)
    with pytest.raises(ZhubaoError, match="E-OBJECTION-NONE"):
        objected(bureau)
