"""A policy as one Python function: the same tree that is printed as SQL, with unknown as None.

Each node becomes one assignment to a local variable, so that every sub-expression is computed once and three-valued logic
is spelled out; derivations become variables under their own name. The function knows no labels: it yields masks and figures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from .expressions import Node
from .policy import Clause, Policy

Scalar = bool | int | str | None
_ORDER = {exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=", exp.EQ: "==", exp.NEQ: "!="}
_ARITHMETIC = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.IntDiv: "//"}


@dataclass(frozen=True)
class Compiled:
    """A policy compiled with or without its clauses about a contract.

    `judge(facts, parameters)` takes the values of `columns` and of `parameters` (the first is the day asked about, yyyymmdd) as
    sequences and returns (failed mask, unknown mask, undecided mask, category, payer, *amounts). Bit n is clause n of `clauses`
    (alternatives have a bit of their own that does not count). `explain` returns (truth of each clause, value of each clause,
    truth of each remark, truth of each question), None where there is nothing to show.
    """

    policy: Policy
    clauses: tuple[Clause, ...]
    columns: tuple[str, ...]
    parameters: tuple[str, ...]
    counting: dict[str, int]
    judge: Callable[[Sequence[Scalar], Sequence[Scalar]], tuple[Any, ...]]
    explain: Callable[[Sequence[Scalar], Sequence[Scalar]], tuple[Any, ...]]


class _Writer:
    """Collects the lines of one function."""

    def __init__(self, policy: Policy, columns: Sequence[str], parameters: Sequence[str]) -> None:
        self.policy = policy
        self.lines = [f"    {_variables(columns, 'f_')}= facts", f"    {_variables(parameters, 'p_')}= parameters"]
        self.facts = set(columns)
        self.named: set[str] = set()
        self.count = 0

    def temporary(self, source: str) -> str:
        """Assign `source` to a new local variable and return its name."""
        self.count += 1
        name = f"t{self.count}"
        self.lines.append(f"    {name} = {source}")
        return name

    def write(self, node: Node) -> str:
        """Write what computes `node` and return the atom (variable or literal) that holds the value."""
        match node:
            case exp.Paren():
                return self.write(node.this)
            case exp.Column():
                return self.column(node.name)
            case exp.Placeholder():
                return f"p_{node.name}"
            case exp.Null():
                return "None"
            case exp.Boolean():
                return "True" if node.this else "False"
            case exp.Literal():
                return repr(node.this) if node.is_string else str(int(node.this))
            case exp.Neg():
                return self.temporary(_guarded([self.write(node.this)], "-{}"))
            case exp.Not():
                return self.temporary(_guarded([self.write(node.this)], "not {}"))
            case exp.Is():
                return self.temporary(f"{self.write(node.this)} is None")
            case exp.And() | exp.Or():
                first, second = self.write(node.this), self.write(node.expression)
                decisive = "False" if isinstance(node, exp.And) else "True"
                other = "True" if isinstance(node, exp.And) else "False"
                return self.temporary(
                    f"{decisive} if {first} is {decisive} or {second} is {decisive} "
                    f"else None if {first} is None or {second} is None else {other}"
                )
            case exp.Coalesce():
                atom = self.write(node.this)
                return self.temporary(f"{self.write(node.expressions[0])} if {atom} is None else {atom}")
            case exp.Left():
                length = int(node.expression.this)
                return self.temporary(_guarded([self.write(node.this)], f"{{}}[:{length}]"))
            case exp.In():
                listed = ", ".join(self.write(each) for each in node.expressions)
                return self.temporary(_guarded([self.write(node.this)], f"{{}} in ({listed},)"))
            case exp.Case():
                return self.case(node)
            case exp.Binary():
                sign = {**_ORDER, **_ARITHMETIC}[type(node)]
                return self.temporary(_guarded([self.write(node.this), self.write(node.expression)], f"{{}} {sign} {{}}"))
            case _:
                raise TypeError(f"{self.policy.id}: {type(node).__name__} has no meaning in Python")

    def column(self, name: str) -> str:
        """Return the variable of a fact or of a derivation, computing the derivation where it is first read."""
        if name in self.policy.derivations:
            if name not in self.named:
                atom = self.write(self.policy.derivations[name].node)
                self.named.add(name)
                self.lines.append(f"    d_{name} = {atom}")
            return f"d_{name}"
        return f"f_{name}" if name in self.facts else "None"

    def case(self, node: exp.Case) -> str:
        """Write the branches of a CASE; each is computed, which is harmless where nothing can fail."""
        chain = []
        for branch in node.args["ifs"]:
            condition, value = self.write(branch.this), self.write(branch.args["true"])
            chain.append(f"{value} if {condition} else ")
        default = node.args.get("default")
        return self.temporary("".join(chain) + (self.write(default) if default is not None else "None"))


def _variables(names: Sequence[str], prefix: str) -> str:
    return "".join(f"{prefix}{name}, " for name in names) or "() "


def _guarded(atoms: list[str], template: str) -> str:
    """Return `template` filled with the atoms, None when any of those that can be unknown is."""
    doubtful = [atom for atom in dict.fromkeys(atoms) if atom[0].isalpha() and atom not in ("True", "False")]
    guard = " or ".join(f"{atom} is None" for atom in doubtful)
    result = template.format(*atoms)
    return f"None if {guard} else {result}" if guard else result


def compile_policy(policy: Policy, *, with_contract: bool) -> Compiled:
    """Compile `policy` to Python; a build error (ValueError, TypeError) tells of a fact nobody declared."""
    clauses = tuple(policy.judged(with_contract=with_contract))
    columns = tuple(policy.columns_read(with_contract=with_contract))
    parameters = ("on", *policy.parameters)
    counting = counting_masks(policy, clauses)

    writer = _Writer(policy, columns, parameters)
    writer.lines.append("    failed = unknown = undecided = 0")
    for bit, clause in enumerate(clauses):
        atom = writer.write(clause.holds.node)
        if atom == "True":
            continue
        writer.lines += [f"    if {atom} is not True:", f"        if {atom} is None:"]
        open_names = open_parameters(policy, clause)
        if open_names:
            facts = sorted(policy.basis(clause.holds)[0])
            opened = " or ".join(f"p_{name} is None" for name in open_names)
            complete = "".join(f" and {writer.column(name)} is not None" for name in facts)
            writer.lines += [
                f"            if ({opened}){complete}: undecided |= {1 << bit}",
                f"            else: unknown |= {1 << bit}",
            ]
        else:
            writer.lines.append(f"            unknown |= {1 << bit}")
        writer.lines += ["        else:", f"            failed |= {1 << bit}"]
    results = [writer.write(value.node) if value is not None else "None" for value in (policy.category, policy.payer)]
    results += [writer.write(value.node) for value in policy.amounts.values()]
    judge = _function("judge", writer, ["failed", "unknown", "undecided", *results])

    writer = _Writer(policy, columns, parameters)
    truths = [writer.write(clause.holds.node) for clause in clauses]
    values = [writer.write(clause.value.node) if clause.value is not None else "None" for clause in clauses]
    remarks = [writer.write(clause.remark[0].node) if clause.remark else "None" for clause in clauses]
    asked = [condition for clause in clauses for _, condition in clause.questions]
    questions = [writer.write(condition.node) if condition is not None else "True" for condition in asked]
    explain = _function("explain", writer, [_tuple(each) for each in (truths, values, remarks, questions)])
    return Compiled(policy, clauses, columns, parameters, counting, judge, explain)


def counting_masks(policy: Policy, clauses: Sequence[Clause]) -> dict[str, int]:
    """Return, per decision of the document, the mask of clauses that count: alternatives count only through their group."""
    return {
        decision: sum(1 << bit for bit, clause in enumerate(clauses) if clause.decision == decision and clause.part_of is None)
        for decision in policy.decisions
    }


def open_parameters(policy: Policy, clause: Clause) -> list[str]:
    """Return the parameters of a clause that answer an open question and have no default: without a setting it is to be decided."""
    read = policy.basis(clause.holds)[1]
    return sorted(name for name in read if policy.parameters[name].question and policy.parameters[name].default is None)


def _tuple(atoms: Sequence[str]) -> str:
    return "(" + "".join(f"{atom}, " for atom in atoms) + ")"


def _function(
    name: str, writer: _Writer, results: Sequence[str]
) -> Callable[[Sequence[Scalar], Sequence[Scalar]], tuple[Any, ...]]:
    source = "\n".join([f"def {name}(facts, parameters):", *writer.lines, f"    return {_tuple(results)}"])
    scope: dict[str, Any] = {}
    exec(
        compile(source, f"<{writer.policy.id} {name}>", "exec"), scope
    )  # source written above from our own tree, never from input
    function: Callable[[Sequence[Scalar], Sequence[Scalar]], tuple[Any, ...]] = scope[name]
    return function
