"""The hardship rule of a programme as one SQL condition over what rosters say: the tree that judges an application, printed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlglot import exp

from zhubao.language import Text
from zhubao.parameters import ParameterBook
from zhubao.policies import judge_of
from zhubao.policies.person import DEPARTMENTS
from zhubao.rules.expressions import Node
from zhubao.rules.sql import printed

from ..states import ways_of

TYPES: Final = {"flag": "boolean", "number": "bigint", "text": "text"}
EXTRA: Final = "identity_extra"


@dataclass(frozen=True)
class Category:
    """A category a subsidy may rest on: its place among the bits of a mask, its column, the departments that may certify it."""

    code: str
    label: Text
    bit: int
    fact: str
    certifiers: tuple[str, ...]


def categories_of(policy_id: str, on: date, area_code: str, book: ParameterBook) -> tuple[Category, ...]:
    """Return the categories of a programme in a place on a day, those the locality added at the end (certified by any department)."""
    policy = judge_of(policy_id).policy
    found = [
        Category(code, Text(each.label.zh, each.label.en), 1 << at, each.fact, each.certifiers)
        for at, (code, each) in enumerate(policy.identities.items())
    ]
    if EXTRA in policy.facts:
        entry = book.find("extra_categories", on, area_code)
        codes = str(entry.value).replace("，", ",").replace("、", ",").replace(";", ",").replace("；", ",") if entry else ""
        for code in dict.fromkeys(code.strip() for code in codes.split(",") if code.strip()):
            found.append(Category(code, Text(code, code), 1 << len(found), EXTRA, tuple(DEPARTMENTS)))
    return tuple(found)


def hardship_condition(policy_id: str, known: Collection[str], on: date, area_code: str, book: ParameterBook) -> str:
    """Return whether somebody is in hardship as PostgreSQL: true, false, or NULL where it is not known.

    `known`: the facts that are columns of the table asked; any other is not known. Figures and settings are those of the day and place.
    """
    judge = judge_of(policy_id)
    policy = judge.policy
    values = judge.binding(on, area_code, book).values

    def bound(node: Node) -> Node:
        if isinstance(node, exp.Placeholder):
            value = values[node.name]
            return exp.cast(exp.Null(), "bigint") if value is None else exp.convert(value)
        if not isinstance(node, exp.Column) or node.name in known:
            return node
        if node.name in policy.derivations:
            return exp.paren(policy.derivations[node.name].node.copy().transform(bound))
        return exp.cast(exp.Null(), TYPES[policy.facts[node.name].type])

    clause = next(each for each in policy.clauses if each.id == ways_of(policy_id).hardship)
    return printed(clause.holds.node.copy().transform(bound), "postgres")
