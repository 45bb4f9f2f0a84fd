"""The course of a loan in each programme, from the signed agreement through its draws to its end."""

from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import claim
from zhubao.workflow import Process

from . import jiangxi, rugao, tongling
from .common_ground import JIANGXI, OPENING_POSTS, RUGAO, TONGLING
from .ways import WAYS, ways_of

__all__ = [
    "ENDED",
    "JIANGXI",
    "OPENING_POSTS",
    "PROCESSES",
    "RUGAO",
    "TONGLING",
    "WAYS",
    "only_tax_records",
    "process_of",
    "ways_of",
]

PROCESSES: dict[str, Process] = {JIANGXI: jiangxi.PROCESS, RUGAO: rugao.PROCESS, TONGLING: tongling.PROCESS}
# Nothing is owed in these states, or nobody asks for it any more.
ENDED = tuple(sorted({state.name for process in PROCESSES.values() for state in process.states if state.final}))


def process_of(policy_id: str) -> Process:
    """Return the course of a loan in a programme; E-LOAN-POLICY where the programme lends nothing."""
    if policy_id not in PROCESSES:
        raise ZhubaoError("E-LOAN-POLICY", Text("这个文件不办贷款", "this document has no loans"), place=policy_id)
    return PROCESSES[policy_id]


def only_tax_records(policy_id: str) -> bool:
    """Tell whether nobody but the tax office records a contribution in a programme."""
    return process_of(policy_id).transition("record_contribution").posts == (Role.TAX_CLERK,)


for _policy, _process in PROCESSES.items():
    for _row in _process.transitions:
        claim(*_row.clauses, as_="state", by=f"{__name__}.PROCESSES#{_policy}/{_row.verb}")
