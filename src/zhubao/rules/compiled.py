"""A policy as one Python function: the same tree that is printed as SQL, with unknown as None.

Each node becomes one assignment to a local variable, three-valued logic spelled out; derivations become variables under their
own name, and only branches that are taken are computed. The function knows no labels: it yields masks and figures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from .expressions import Node, Value, can_be_unknown, names_in
from .policy import Clause, Policy

Scalar = bool | int | str | None
_ORDER = {exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=", exp.EQ: "==", exp.NEQ: "!="}
_ARITHMETIC = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.IntDiv: "//", exp.Mod: "%"}


@dataclass(frozen=True)
class Compiled:
    """A policy compiled with or without its clauses about a contract.

    `judge(facts, parameters)` takes the values of `columns` and of `parameters` (the first is the day asked about, yyyymmdd) as
    sequences and returns (failed mask, unknown mask, undecided mask, category, payer, *amounts). Bit n is clause n of `clauses`;
    the bit of an alternative stays 0, it counts through its group. `explain` takes the values of every fact of the policy in order
    of declaration, and parameters; it returns (truth of each clause, value of each clause, truth of each remark, truth of each
    question, truth of each category), None where there is nothing to show.
    """

    policy: Policy
    clauses: tuple[Clause, ...]
    columns: tuple[str, ...]
    parameters: tuple[str, ...]
    counting: dict[str, int]
    judge: Callable[[Sequence[Scalar], Sequence[Scalar]], tuple[Any, ...]]
    explain: Callable[[Sequence[Scalar], Sequence[Scalar]], tuple[Any, ...]]


class _Writer:
    """Collects the lines of one function.

    Derivations are hoisted: whatever an expression reads by name is computed before it, outside any branch, so that inside a CASE
    only the branch that is taken costs anything.
    """

    def __init__(self, policy: Policy, columns: Sequence[str], parameters: Sequence[str]) -> None:
        self.policy = policy
        self.depth = 1
        self.lines: list[str] = []
        self.line(f"{_variables(columns, 'f_')}= facts")
        self.line(f"{_variables(parameters, 'p_')}= parameters")
        self.facts = set(columns)
        self.named: set[str] = set()
        self.count = 0

    def line(self, source: str) -> None:
        """Add one line at the present depth."""
        self.lines.append("    " * self.depth + source)

    def temporary(self, source: str) -> str:
        """Assign `source` to a new local variable and return its name."""
        self.count += 1
        self.line(f"t{self.count} = {source}")
        return f"t{self.count}"

    def value(self, value: Value | None) -> str:
        """Write what computes `value`, its derivations first, and return the atom that holds it; "None" for no value."""
        if value is None:
            return "None"
        for name in sorted(names_in(value.node)[0]):
            self.derivation(name)
        return self.write(value.node)

    def derivation(self, name: str) -> None:
        """Compute a derivation where it is first read."""
        if name in self.policy.derivations and name not in self.named:
            atom = self.value(self.policy.derivations[name])
            self.named.add(name)
            self.line(f"d_{name} = {atom}")

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
                return self.combined([node.this], "-{}")
            case exp.Not():
                return self.negated(node)
            case exp.Is():
                return self.temporary(f"{self.write(node.this)} is None")
            case exp.And() | exp.Or():
                return self.connected(node)
            case exp.Coalesce():
                atom = self.write(node.this)
                return self.temporary(f"{self.write(node.expressions[0])} if {atom} is None else {atom}")
            case exp.StartsWith():
                return self.combined([node.this], f"{{}}.startswith({node.expression.this!r})")
            case exp.In():
                listed = ", ".join(self.write(each) for each in node.expressions)
                return self.combined([node.this], f"{{}} in ({listed},)")
            case exp.Case():
                return self.case(node)
            case exp.Binary():
                sign = {**_ORDER, **_ARITHMETIC}[type(node)]
                return self.combined([node.this, node.expression], f"{{}} {sign} {{}}")
            case _:
                raise TypeError(f"{self.policy.id}: {type(node).__name__} has no meaning in Python")

    def combined(self, operands: Sequence[Node], template: str) -> str:
        """Write `template` filled with the operands: unknown when one that can be unknown is."""
        atoms = [self.write(each) for each in operands]
        doubtful = dict.fromkeys(atom for each, atom in zip(operands, atoms, strict=True) if can_be_unknown(each))
        guard = " or ".join(f"{atom} is None" for atom in doubtful)
        result = template.format(*atoms)
        return self.temporary(f"None if {guard} else {result}" if guard else result)

    def column(self, name: str) -> str:
        """Return the variable of a fact or of a derivation already computed; a fact of a contract that is not asked about is unknown."""
        if name in self.named:
            return f"d_{name}"
        return f"f_{name}" if name in self.facts else "None"

    def negated(self, node: exp.Not) -> str:
        """Write NOT; "is known" is common enough to be one step."""
        inner = node.this.unnest()
        if isinstance(inner, exp.Is):
            return self.temporary(f"{self.write(inner.this)} is not None")
        return self.combined([inner], "not {}")

    def connected(self, node: exp.Connector) -> str:
        """Write AND or OR: false (true) settles it whatever the other says, and the other is then not computed."""
        settling, other = ("False", "True") if isinstance(node, exp.And) else ("True", "False")
        result = self.temporary(self.write(node.this))
        self.line(f"if {result} is not {settling}:")
        self.depth += 1
        second = self.write(node.expression)
        self.line(f"if {second} is {settling} or {result} is {other}: {result} = {second}")
        self.depth -= 1
        return result

    def case(self, node: exp.Case) -> str:
        """Write a CASE as nested branches; a guard (unknown condition gives unknown) shares its condition with the branch before it."""
        self.count += 1
        result = f"t{self.count}"
        start = self.depth
        last: tuple[Node, str] | None = None
        for branch in node.args["ifs"]:
            condition = branch.this
            guards = isinstance(condition, exp.Is) and isinstance(condition.expression, exp.Null)
            tested = (condition.this if guards else condition).unnest()
            atom = last[1] if last is not None and last[0] == tested else self.write(tested)
            last = tested, atom
            self.line(f"if {atom} is None:" if guards else f"if {atom}:")
            self.depth += 1
            self.line(f"{result} = {self.write(branch.args['true'])}")
            self.depth -= 1
            self.line("else:")
            self.depth += 1
        default = node.args.get("default")
        self.line(f"{result} = {self.write(default) if default is not None else 'None'}")
        self.depth = start
        return result


def _variables(names: Sequence[str], prefix: str) -> str:
    return "".join(f"{prefix}{name}, " for name in names) or "() "


def compile_policy(policy: Policy, *, with_contract: bool) -> Compiled:
    """Compile `policy` to Python; a build error (ValueError, TypeError) tells of a fact nobody declared."""
    clauses = tuple(policy.judged(with_contract=with_contract))
    columns = tuple(policy.columns_read(with_contract=with_contract))
    parameters = ("on", *policy.parameters)
    counting = counting_masks(policy, clauses)

    writer = _Writer(policy, columns, parameters)
    writer.line("failed = unknown = undecided = 0")
    for bit, clause in enumerate(clauses):
        if clause.part_of is None:
            _write_bits(writer, clause, 1 << bit)
    results = [writer.value(value) for value in (policy.category, policy.payer, *policy.amounts.values())]
    judge = _function("judge", writer, ["failed", "unknown", "undecided", *results])

    writer = _Writer(policy, tuple(policy.facts), parameters)
    truths = [writer.value(clause.holds) for clause in clauses]
    values = [writer.value(clause.value) for clause in clauses]
    remarks = [writer.value(clause.remark[0] if clause.remark else None) for clause in clauses]
    asked = [condition for clause in clauses for _, condition in clause.questions]
    questions = [writer.value(condition) if condition is not None else "True" for condition in asked]
    categories = [writer.value(holds) for holds in policy.categories.values()]
    explain = _function("explain", writer, [_tuple(each) for each in (truths, values, remarks, questions, categories)])
    return Compiled(policy, clauses, columns, parameters, counting, judge, explain)


def _write_bits(writer: _Writer, clause: Clause, bit: int) -> None:
    """Write the lines that set the clause's bit in the mask its answer belongs to."""
    atom = writer.value(clause.holds)
    if atom == "True":
        return
    waiting = writer.value(clause.open_when) if clause.open_when is not None else None
    writer.line(f"if {atom} is not True:")
    writer.depth += 1
    writer.line(f"if {atom} is not None: failed |= {bit}")
    if waiting is not None:
        writer.line(f"elif {waiting}: undecided |= {bit}")
    writer.line(f"else: unknown |= {bit}")
    writer.depth -= 1


def counting_masks(policy: Policy, clauses: Sequence[Clause]) -> dict[str, int]:
    """Return, per decision of the document, the mask of clauses that count: alternatives count only through their group."""
    return {
        decision: sum(1 << bit for bit, clause in enumerate(clauses) if clause.decision == decision and clause.part_of is None)
        for decision in policy.decisions
    }


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
