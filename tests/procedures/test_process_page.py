"""The reference page of the process tables is the one the tables give."""

from pathlib import Path

from zhubao.cases.states import PROCESSES as CASES
from zhubao.cases.states import RENEWAL
from zhubao.loans.states import PROCESSES as LOANS
from zhubao.procedures.process_page import reference_page

PAGE = Path(__file__).parents[2] / "docs/reference/processes.md"


def test_the_reference_page_says_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference_page()


def test_every_step_and_state_of_every_table_stands_on_it() -> None:
    page = reference_page()
    for process in (*CASES.values(), RENEWAL, *LOANS.values()):
        section = page.split(f"({process.title.zh}, `{process.policy_id}`)")[1].split("\n## ")[0]
        wanted = [f"| `{state.name}` |" for state in process.states]
        wanted += [f"`{row.verb}` {row.label.zh}" for row in process.transitions]
        assert [each for each in wanted if each not in section] == []
