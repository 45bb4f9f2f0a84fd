"""Clause coverage: which statements of the documents the product carries out, and which test says so.

A clause is *covered* when something claims it and a passing test names it; *not computable* when the register gives a reason
why nothing can be decided by it; otherwise *missing*. The table is written by the tests (``make coverage``) and shipped.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from zhubao.language import Text

from .claims import ROLES, Claim, Role
from .register import Clause, Document, clauses, document, documents

TABLE = Path(__file__).parent / "coverage.json"

Status = Literal["covered", "not_computable", "missing"]

STATUS_WORDS: dict[Status, Text] = {
    "covered": Text("已覆盖", "covered"),
    "not_computable": Text("不可计算", "not computable"),
    "missing": Text("未覆盖", "missing"),
}
ROLE_WORDS: dict[Role, Text] = {
    "rule": Text("规则", "rule"),
    "amount": Text("金额", "amount"),
    "state": Text("状态", "state"),
    "action": Text("操作", "action"),
    "feature": Text("功能", "feature"),
}


@dataclass(frozen=True)
class Evidence:
    """What is known of each clause id: who claims it (best role first) and the tests that name it and passed."""

    claims: Mapping[str, tuple[Claim, ...]]
    tests: Mapping[str, tuple[str, ...]]

    def status(self, clause: Clause) -> Status:
        """Return whether the clause is covered, not computable or missing; covered goes before not computable."""
        if self.claims.get(clause.id) and self.tests.get(clause.id):
            return "covered"
        return "missing" if clause.not_computable is None else "not_computable"

    def role(self, clause: Clause) -> Role | None:
        """Return the first role in the order of `ROLES` in which the clause is claimed."""
        claimed = self.claims.get(clause.id, ())
        return min((each.role for each in claimed), key=ROLES.index, default=None)

    def remark(self, clause: Clause) -> Text:
        """Return the status in words: what is lacking, or the reason why the clause is not computable."""
        status = self.status(clause)
        if status == "not_computable" and clause.not_computable is not None:
            return clause.not_computable
        if status == "covered":
            return STATUS_WORDS[status]
        if self.claims.get(clause.id):
            return Text("有实现，缺测试", "claimed, no passing test")
        if self.tests.get(clause.id):
            return Text("有测试，没有登记实现", "tested, claimed by nothing")
        return Text("没有实现，没有测试", "neither claimed nor tested")


@cache
def shipped() -> Evidence:
    """Return the table that came with this installation."""
    return read_table(TABLE)


def read_table(path: Path) -> Evidence:
    """Read a table written by `table_text`."""
    table: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    claims = {
        clause_id: tuple(Claim(clause_id, each["role"], each["by"]) for each in found)
        for clause_id, found in table["claims"].items()
    }
    return Evidence(claims, {clause_id: tuple(found) for clause_id, found in table["tests"].items()})


def evidence(claims: Sequence[Claim], tests: Mapping[str, Sequence[str]]) -> Evidence:
    """Gather claims and the passed tests by clause id."""
    by_clause: dict[str, list[Claim]] = {}
    for each in claims:
        by_clause.setdefault(each.clause, []).append(each)
    return Evidence(
        {clause_id: tuple(found) for clause_id, found in by_clause.items()},
        {clause_id: tuple(sorted(set(found))) for clause_id, found in tests.items() if found},
    )


def table_text(found: Evidence) -> str:
    """Return the table as JSON, sorted, the same bytes for the same content."""
    table = {
        "claims": {
            clause_id: [{"role": each.role, "by": each.by} for each in found.claims[clause_id]]
            for clause_id in sorted(found.claims)
        },
        "tests": {clause_id: list(found.tests[clause_id]) for clause_id in sorted(found.tests)},
    }
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"


def count(one: Document, found: Evidence) -> dict[str, Any]:
    """Return the figures of one document; covered + not_computable + missing = clauses."""
    by: dict[str, int] = dict.fromkeys(ROLES, 0)
    missing: list[str] = []
    figures = {"covered": 0, "not_computable": 0, "missing": 0}
    for clause in clauses(one.policy):
        status = found.status(clause)
        figures[status] += 1
        role = found.role(clause)
        if status == "missing":
            missing.append(clause.id)
        elif status == "covered" and role is not None:
            by[role] += 1
    total = len(clauses(one.policy))
    return {"policy": one.policy, "prefix": one.prefix, "clauses": total, **figures, "by": by, "missing_ids": missing}


def report(policy: str | None = None, found: Evidence | None = None) -> dict[str, Any]:
    """Return the coverage of one policy, or of all, as ``zhubao policies coverage --json`` prints it.

    `register` is the size of the whole register, `total` the sum over the documents shown. Raise E-POLICY-UNKNOWN.
    """
    known = shipped() if found is None else found
    chosen = documents() if policy is None else (document(policy),)
    rows = [count(each, known) for each in chosen]
    total = {key: sum(row[key] for row in rows) for key in ("clauses", "covered", "not_computable", "missing")}
    return {"register": len(clauses()), "documents": rows, "total": total}
