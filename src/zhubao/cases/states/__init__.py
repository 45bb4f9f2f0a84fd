"""The process tables of the three loan programmes, one module each, and of the yearly renewal."""

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import claim
from zhubao.workflow import Process

from .jiangxi import JIANGXI
from .renewal import RENEWAL
from .rugao import RUGAO
from .tongling import TONGLING

__all__ = ["JIANGXI", "PROCESSES", "RENEWAL", "RUGAO", "TONGLING", "process_of"]

PROCESSES: dict[str, Process] = {process.policy_id: process for process in (JIANGXI, RUGAO, TONGLING)}


for _process in (*PROCESSES.values(), RENEWAL):
    for _row in _process.transitions:
        claim(*_row.clauses, as_="state", by=f"{__name__}#{_process.title.en}/{_row.verb}")


def process_of(policy_id: str) -> Process:
    """Return the table of a loan programme; E-NO-LOAN-PROGRAMME for a document that lends nothing."""
    if policy_id not in PROCESSES:
        raise ZhubaoError("E-NO-LOAN-PROGRAMME", Text("该政策没有助保贷款", "this document lends nothing"), place=policy_id)
    return PROCESSES[policy_id]
