"""From bit masks to words: clause ids in article order, reasons in Chinese, the other identities with their departments."""

from collections.abc import Sequence
from typing import Final

from zhubao.language import Text
from zhubao.rules.policy import Clause, Policy

DEPARTMENTS: Final = {
    "civil_affairs": Text("民政部门", "civil affairs"),
    "rural_revitalisation": Text("乡村振兴部门", "rural revitalisation"),
    "poverty_office": Text("扶贫部门", "poverty office"),
    "federation": Text("残联", "disabled persons' federation"),
    "hrss": Text("人社部门", "human resources and social security"),
    "trade_union": Text("总工会", "trade union"),
    "finance": Text("财政部门", "finance"),
    "borrower": Text("本人", "the borrower"),
}
# A label says what is met; the reason says the contrary. The longer beginnings come first.
_CONTRARY: Final = (("比对未发现", "比对发现"), ("没有", "有"), ("不是", ""), ("不在", "在"), ("尚未", "已"), ("未", ""))


def clause_ids(clauses: Sequence[Clause], mask: int) -> list[str]:
    """Return the ids of the clauses in `mask`, in article order; alternatives show only through their group."""
    return [clause.id for bit, clause in enumerate(clauses) if mask >> bit & 1 and clause.part_of is None]


def reasons(
    policy: Policy, clauses: Sequence[Clause], *, failed: int, unknown: int, undecided: int, category: str | None, identities: int
) -> str:
    """Return what stands in the way and what is missing, then the identities that did not decide."""
    said = []
    for bit, clause in enumerate(clauses):
        if clause.part_of is not None:
            continue
        if failed >> bit & 1:
            said.append(f"{clause.id} {contrary(clause)}")
        elif unknown >> bit & 1:
            said.append(f"{clause.id} 待核实：{clause.label.zh}")
        elif undecided >> bit & 1:
            said.append(f"{clause.id} 待定：{clause.label.zh}")
    others = [
        f"{identity.label.zh}（{DEPARTMENTS[identity.certifiers[0]].zh}）"
        for bit, (code, identity) in enumerate(policy.identities.items())
        if identities >> bit & 1 and code != category
    ]
    if others:
        said.append(f"其他身份：{'、'.join(others)}")
    return "；".join(said)


def contrary(clause: Clause) -> str:
    """Return how a clause that is not met reads: an exclusion by what applies, a condition by what it asks."""
    label = clause.label.zh
    if clause.kind == "exclusion":
        for beginning, instead in _CONTRARY:
            if label.startswith(beginning):
                return instead + label.removeprefix(beginning)
    return f"不符合：{label}"
