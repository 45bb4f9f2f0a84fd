"""Which text of a policy's rules answered: a digest that changes when any rule, figure or answer of it changes, and with nothing else."""

import hashlib
from functools import cache

from zhubao.policies import judge_of
from zhubao.rules.expressions import Value
from zhubao.rules.sql import printed


@cache
def edition_of(policy_id: str) -> str:
    """Return the SHA-256 over a policy as it is compiled: term, figures, derivations and clauses, printed; labels do not count."""
    policy = judge_of(policy_id).policy

    def text(value: Value | None) -> str:
        return "" if value is None else printed(value.node, "postgres")

    lines = [f"{policy.id} {policy.region} {policy.scheme} {policy.in_force} {policy.trial}"]
    lines += [f"{each.name} {each.type} {each.subject}" for each in policy.facts.values()]
    for figure in policy.parameters.values():
        lines.append(
            f"{figure.name} {figure.unit} {figure.default} {figure.question} {figure.only_up} {figure.names} {figure.codes}"
        )
    lines += [f"{each.code} {each.certifiers} {each.certificate} {each.payer}" for each in policy.identities.values()]
    lines += [f"{name} = {text(value)}" for name, value in policy.derivations.items()]
    for clause in policy.clauses:
        asked = [(question, text(condition)) for question, condition in clause.questions]
        lines.append(f"{clause.ids} {clause.kind} {clause.decision} {clause.part_of} {clause.about_contract} {asked}")
        lines.append(f"{text(clause.holds)} | {text(clause.value)} | {text(clause.open_when)}")
    lines += [f"{code} = {text(holds)}" for code, holds in policy.categories.items()]
    lines += [f"{key} = {text(amount)}" for key, amount in policy.amounts.items()]
    lines += [text(policy.category), text(policy.payer)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
