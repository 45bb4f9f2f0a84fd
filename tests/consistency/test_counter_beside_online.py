"""Whatever people may do online they may also have done for them at a counter, and it is written down that they were helped."""

import pytest

from zhubao.accounts.transfers.models import Transfer
from zhubao.cases.models import Application
from zhubao.cases.states import PROCESSES as CASES
from zhubao.cases.states import RENEWAL
from zhubao.loans.states import PROCESSES as LOANS
from zhubao.workflow import CITIZEN, Process

TABLES = [*CASES.values(), RENEWAL, *LOANS.values(), Transfer.PROCESS]


@pytest.mark.clauses("gz-11f")
@pytest.mark.parametrize("process", TABLES, ids=[f"{number}-{process.policy_id}" for number, process in enumerate(TABLES)])
def test_every_step_open_to_citizens_is_open_to_a_post_too(process: Process) -> None:
    online = [row for row in process.transitions if CITIZEN in row.posts]
    assert [row.verb for row in online if set(row.posts) == {CITIZEN}] == []


@pytest.mark.clauses("gz-11f")
def test_an_application_says_who_was_helped_at_the_counter_and_what_they_agreed_to() -> None:
    columns = {field.name for field in Application._meta.get_fields()}
    assert {"assisted", "sharing_agreed_on", "truth_declared_on", "signed_how"} <= columns
