"""Whatever people may do online they may also have done for them at a counter, with the same papers and the same answer."""

from typing import Any

import pytest

from tests.cases.loan_lives import DAY, JIANGXI, MONDAY, SIGNED, at, figures, man
from tests.cases.offices import JIANGXI_COUNTY, ask, citizen, open_offices
from zhubao.access.roles import Role
from zhubao.accounts.transfers.models import Transfer
from zhubao.cases.actions import agency, intake
from zhubao.cases.completeness import lacking
from zhubao.cases.models import Application, Case
from zhubao.cases.states import PROCESSES as CASES
from zhubao.cases.states import RENEWAL
from zhubao.errors import ZhubaoError
from zhubao.loans.states import PROCESSES as LOANS
from zhubao.people.models import Person
from zhubao.workflow import CITIZEN, Process

TABLES = [*CASES.values(), RENEWAL, *LOANS.values(), Transfer.PROCESS]
Answer = tuple[list[str], str, str, dict[str, Any]]


@pytest.mark.clauses("gz-11f")
@pytest.mark.parametrize("process", TABLES, ids=[f"{number}-{process.policy_id}" for number, process in enumerate(TABLES)])
def test_every_step_open_to_citizens_is_open_to_a_post_too(process: Process) -> None:
    online = [row for row in process.transitions if CITIZEN in row.posts]
    assert [row.verb for row in online if set(row.posts) == {CITIZEN}] == []


@pytest.mark.clauses("gz-11f")
@pytest.mark.django_db
@pytest.mark.parametrize("listed", [True, False], ids=["低保在册 on the list", "不在册 on no list"])
def test_the_same_life_meets_the_same_papers_and_the_same_answer_at_the_counter_and_online(listed: bool) -> None:
    offices = open_offices(JIANGXI_COUNTY)
    figures()
    clerk, reviewer = offices.at(Role.AGENCY_INTAKE), offices.at(Role.AGENCY_REVIEWER)

    def through(person: Person, channel: str) -> Answer:
        """Hand an application in with nothing, then with everything, and have it reviewed."""
        who, now = (citizen(person) if channel == "online" else clerk), at(MONDAY, 8)
        case = intake.open_case(person, JIANGXI, channel=channel, request=ask(), actor=who, now=now)
        wanted = [lack.field for lack in lacking(case, Application.objects.get(case=case))]
        with pytest.raises(ZhubaoError) as refused:
            intake.submit(case.pk, request=ask(), actor=who, now=now)
        form = SIGNED | {"inability_declared_on": DAY, "assisted": channel == "counter"}
        intake.fill_application(case.pk, form, actor=who, now=now)
        intake.submit(case.pk, request=ask(), actor=who, now=now)
        agency.propose(case.pk, request=ask(), actor=reviewer, now=at(MONDAY))
        case = Case.objects.get(pk=case.pk)
        proposal = case.proposals.get()
        told = proposal.snapshot.result
        answer = {name: told[name] for name in ("verdict", "category", "decisions", "missing")}
        return wanted, refused.value.code, case.state, answer | {"outcome": proposal.outcome, "subsidy": proposal.subsidy}

    at_the_counter, online = through(man(17, listed=listed), "counter"), through(man(19, listed=listed), "online")
    assert at_the_counter == online
    assert at_the_counter[0] != []
    assert at_the_counter[1] == "E-APPLICATION"
