"""The reference page of the process tables is the one the tables give."""

from pathlib import Path

import pytest

from zhubao.access.roles import ROLES_OF, OrganisationKind
from zhubao.cases.states import PROCESSES as CASES
from zhubao.cases.states import RENEWAL
from zhubao.loans.states import PROCESSES as LOANS
from zhubao.loans.states import RUGAO
from zhubao.loans.states.fraud import FRAUD
from zhubao.oversight.dishonesty.course import LISTING
from zhubao.procedures.process_page import reference_page

PAGE = Path(__file__).parents[2] / "docs/reference/processes.md"


def test_the_reference_page_says_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference_page()


def test_every_step_and_state_of_every_table_stands_on_it() -> None:
    page = reference_page()
    for process in (*CASES.values(), RENEWAL, *LOANS.values(), FRAUD, LISTING):
        section = page.split(f"({process.title.zh}, `{process.policy_id}`)")[1].split("\n## ")[0]
        wanted = [f"| `{state.name}` |" for state in process.states]
        wanted += [f"`{row.verb}` {row.label.zh}" for row in process.transitions]
        assert [each for each in wanted if each not in section] == []


@pytest.mark.clauses("rg-22")
def test_bureau_finance_agency_and_bank_each_have_their_duties_and_a_task_has_one_owner() -> None:
    """What waits stands in the queue of its first post; a post belongs to one kind of office (jurisdictions apart)."""
    offices: dict[str, list[OrganisationKind]] = {}
    for kind, roles in ROLES_OF.items():
        for role in roles:
            offices.setdefault(role, []).append(kind)
    parties = set()
    for process in (CASES[RUGAO], RENEWAL, LOANS[RUGAO], FRAUD):
        for row in process.transitions:
            if row.waits and row.posts[0] in offices:
                (owner,) = offices[row.posts[0]]
                parties.add(owner)
    four = {OrganisationKind.AGENCY, OrganisationKind.BANK, OrganisationKind.FINANCE, OrganisationKind.HRSS}
    assert four <= parties
