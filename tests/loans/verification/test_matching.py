"""What the rosters say of borrowers: on them, no longer on them, or no roster at all."""

from datetime import date

import pytest

from tests.loans.lives import COUNTY, PostOf
from zhubao.access.roles import Role
from zhubao.loans.models import VerificationProposal, VerificationRun
from zhubao.loans.states import JIANGXI
from zhubao.loans.verification.running import open_run, work_on

from .rosters import NOVEMBER, borrowers, listed


def verified(post_of: PostOf, year: int = 2022, policy_id: str = JIANGXI) -> VerificationRun:
    actor = post_of(Role.AGENCY_ACCOUNTANT).actor()
    run = open_run(COUNTY, policy_id, year, actor=actor, now=NOVEMBER)
    return work_on(run.pk, actor=actor, now=NOVEMBER)


def findings() -> dict[str, tuple[str, str]]:
    rows = VerificationProposal.objects.order_by("loan__number")
    return {number: (finding, ground) for number, finding, ground in rows.values_list("loan__number", "finding", "ground")}


@pytest.mark.clauses("jx-2.5b")
def test_two_of_three_are_on_the_roster(post_of: PostOf) -> None:
    borrowers(post_of)
    listed("urban_dibao", 1, 2, 3, on=date(2020, 12, 1))
    listed("urban_dibao", 1, 2, on=date(2022, 10, 15))
    verified(post_of)
    assert findings() == {"L1": ("keep", "on_roster"), "L2": ("keep", "on_roster"), "L3": ("lose", "ended")}
    stopped = VerificationProposal.objects.get(loan__number="L3")
    assert (stopped.ended_on, stopped.proposed_on) == (date(2022, 10, 14), date(2023, 1, 1))
    kept = VerificationProposal.objects.get(loan__number="L1")
    assert kept.identity is not None
    assert (kept.identity.roster_file, kept.identity.sheet, kept.identity.row) == ("file:urban_dibao-2022-10-15", "Sheet1", 2)
