"""The course of a plan row (one person, one year) in each document, and of the plan itself."""

from zhubao.policies.claims import claim
from zhubao.workflow import Process

from .ganzhou import GANZHOU
from .pengshui import PENGSHUI
from .plan import PLAN

PROCESSES: dict[str, Process] = {process.policy_id: process for process in (PENGSHUI, GANZHOU)}


def process_of(policy_id: str) -> Process:
    """Return the course of a document's plan rows; KeyError for a document that pays nothing on behalf."""
    return PROCESSES[policy_id]


for _process in PROCESSES.values():
    for _row in _process.transitions:
        claim(*_row.clauses, as_="state", by=f"{__name__}.PROCESSES#{_process.policy_id}/{_row.verb}")

__all__ = ["GANZHOU", "PENGSHUI", "PLAN", "PROCESSES", "process_of"]
