"""A policy as one Python function: the same tree that is printed as SQL, with unknown as None.

Three-valued logic is spelled out, derivations become variables under their own name, and only branches that are taken are computed.
The function knows no labels: it yields masks and figures.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlglot import exp

from .expressions import Node, Value, flag, is_strict
from .policy import Clause, Policy

Scalar = bool | int | str | None
_ORDER = {exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=", exp.EQ: "==", exp.NEQ: "!="}
_ARITHMETIC = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.IntDiv: "//", exp.Mod: "%"}


@dataclass(frozen=True)
class Compiled:
    """A policy compiled with or without its clauses about a contract.

    `judge(facts, parameters)` takes the values of `columns` and of `parameters` (the first is the day asked about, yyyymmdd) as
    sequences and returns (failed mask, unknown mask, undecided mask, category, payer, *amounts). Bit n is clause n of `clauses`;
    the bit of an alternative stays 0, it counts through its group. `counting` has the mask of the clauses that count for each
    decision, `deciding` that of the first. `explain` takes the values of every fact of the policy in order
    of declaration, and parameters; it returns (truth of each clause, value of each clause, truth of each remark, truth of each
    question, truth of each category), None where there is nothing to show.
    """

    policy: Policy
    clauses: tuple[Clause, ...]
    columns: tuple[str, ...]
    parameters: tuple[str, ...]
    counting: dict[str, int]
    deciding: int
    judge: Callable[[Sequence[Scalar], Sequence[Scalar]], tuple[Any, ...]]
    explain: Callable[[Sequence[Scalar], Sequence[Scalar]], tuple[Any, ...]]


class _Term(NamedTuple):
    """A Python expression and its doubts: the variables of which one being None makes it unknown; it is evaluated only when none is."""

    source: str
    doubts: tuple[str, ...] = ()


class _Scope(NamedTuple):
    """What holds in the present branch: variables known not to be None, and branches and connections already computed there."""

    known: frozenset[str]
    computed: dict[int, _Term]


class _Writer:
    """Collects the lines of one function.

    Arithmetic and comparisons stay one expression, behind one test of what may be unknown in it. Logic and branches become lines that set a
    variable. Derivations are hoisted: whatever an expression reads by name is computed before it, outside any branch, so that inside
    a CASE only the branch that is taken costs anything.
    """

    def __init__(self, policy: Policy, columns: Sequence[str], parameters: Sequence[str]) -> None:
        self.policy = policy
        self.depth = 1
        self.lines: list[str] = []
        self.line(f"{_variables(columns, 'f_')}= facts")
        self.line(f"{_variables(parameters, 'p_')}= parameters")
        self.facts = set(columns)
        self.derived: dict[str, _Term] = {}
        self.scope = _Scope(frozenset(("p_on",)), {})
        self.count = 0

    def line(self, source: str) -> None:
        """Add one line at the present depth."""
        self.lines.append("    " * self.depth + source)

    @contextmanager
    def branch(self, head: str, known: Iterable[str] = ()) -> Iterator[None]:
        """Write `head`; lines written inside stand under it, where the variables `known` are not None."""
        before = self.scope
        self.line(head)
        self.depth += 1
        self.scope = _Scope(before.known.union(known), dict(before.computed))
        yield
        self.scope = before
        self.depth -= 1

    def variable(self) -> str:
        """Return the name of a new local variable."""
        self.count += 1
        return f"t{self.count}"

    def value(self, value: Value | None) -> _Term:
        """Write what has to be computed for `value`, its derivations first, and return the term that holds it; "None" for no value."""
        if value is None:
            return _UNKNOWN
        for name in sorted(value.names[0]):
            self.derivation(name)
        return self.write(value.node)

    def derivation(self, name: str) -> None:
        """Compute a derivation where it is first read."""
        if name in self.policy.derivations and name not in self.derived:
            term = self.value(self.policy.derivations[name])
            self.line(f"d_{name} = {_whole(term)}")
            self.derived[name] = _Term(f"d_{name}", (f"d_{name}",) if term.doubts else ())

    def write(self, node: Node) -> _Term:
        """Write the lines `node` needs and return the term that holds its value."""
        match node:
            case exp.Paren():
                return self.write(node.this)
            case exp.Column():
                return self.column(node.name)
            case exp.Placeholder():
                return self.doubted(f"p_{node.name}")
            case exp.Null():
                return _UNKNOWN
            case exp.Boolean():
                return _Term("True" if node.this else "False")
            case exp.Literal():
                return _Term(repr(node.this) if node.is_string else str(int(node.this)))
            case exp.Neg():
                return self.combined([node.this], "-{}")
            case exp.Not():
                return self.combined([node.this], "not {}")
            case exp.Is():
                return _Term(f"({_any_unknown(self.write(node.this).doubts)})")
            case exp.And() | exp.Or() | exp.Case():
                return self.lines_of(node)
            case exp.Coalesce():
                return self.replaced(self.write(node.this), self.write(node.expressions[0]))
            case exp.StartsWith():
                return self.combined([node.this], f"{{}}.startswith({node.expression.this!r})")
            case exp.In():
                listed = ", ".join(self.write(each).source for each in node.expressions)
                return self.combined([node.this], f"{{}} in ({listed},)")
            case exp.Binary():
                sign = {**_ORDER, **_ARITHMETIC}[type(node)]
                return self.combined([node.this, node.expression], f"{{}} {sign} {{}}")
            case _:
                raise TypeError(f"{self.policy.id}: {type(node).__name__} has no meaning in Python")

    def doubted(self, variable: str) -> _Term:
        """Return a variable that may be None unless the present branch knows better."""
        return _Term(variable, () if variable in self.scope.known else (variable,))

    def column(self, name: str) -> _Term:
        """Return a fact or a derivation already computed; a fact of a contract that is not asked about is unknown."""
        if name in self.derived:
            return self.doubted(f"d_{name}") if self.derived[name].doubts else self.derived[name]
        return self.doubted(f"f_{name}") if name in self.facts else _UNKNOWN

    def combined(self, operands: Sequence[Node], template: str) -> _Term:
        """Return `template` filled with the operands: unknown when one of them is."""
        terms = [self.write(each) for each in operands]
        doubts = dict.fromkeys(doubt for term in terms for doubt in term.doubts)
        return _Term(f"({template.format(*(term.source for term in terms))})", tuple(doubts))

    def replaced(self, first: _Term, second: _Term) -> _Term:
        """Return `first`, or `second` where it is unknown."""
        if not first.doubts:
            return first
        if not second.doubts:
            return _Term(f"({second.source} if {_any_unknown(first.doubts)} else {first.source})")
        result = self.variable()
        self.line(f"{result} = ({_whole(second)}) if {_any_unknown(first.doubts)} else {first.source}")
        return _Term(result, (result,))

    def lines_of(self, node: exp.Connector | exp.Case) -> _Term:
        """Write a connection or a CASE, once in each branch that needs it: trees share their parts."""
        term = self.scope.computed.get(id(node))
        if term is None:
            term = self.case(node) if isinstance(node, exp.Case) else self.connected(node)
            self.scope.computed[id(node)] = term
        return self.doubted(term.source) if term.doubts == (term.source,) else term

    def connected(self, node: exp.Connector) -> _Term:
        """Write AND or OR: false (true) settles it whatever the other says, and the other is then not computed."""
        word, settling, other = ("and", "False", "True") if isinstance(node, exp.And) else ("or", "True", "False")
        first = self.write(node.this)
        if not first.doubts and is_strict(node.expression):
            second = self.write(node.expression)
            if not second.doubts:
                return _Term(f"({first.source} {word} {second.source})")
        result = self.variable()
        self.line(f"{result} = {_whole(first)}")
        with self.branch(f"if {result} is not {settling}:"):
            second = self.write(node.expression)
            if not first.doubts:
                self.line(f"{result} = {_whole(second)}")
            elif not second.doubts:
                self.line(f"if {second.source} is {settling}: {result} = {settling}")
            else:
                atom = self.atom(second)
                self.line(f"if {atom} is {settling} or {result} is {other}: {result} = {atom}")
        return _Term(result, (result,) if first.doubts or second.doubts else ())

    def atom(self, term: _Term) -> str:
        """Return a variable or constant that holds the term, None where it is unknown."""
        if not term.doubts or term.doubts == (term.source,):
            return term.source
        name = self.variable()
        self.line(f"{name} = {_whole(term)}")
        return name

    def case(self, node: exp.Case) -> _Term:
        """Write a CASE as nested branches."""
        result = self.variable()
        branches = [(branch.this, branch.args["true"]) for branch in node.args["ifs"]]
        doubtful = self.choose(result, branches, node.args.get("default") or exp.Null())
        return _Term(result, (result,) if doubtful else ())

    def choose(self, result: str, branches: Sequence[tuple[Node, Node]], default: Node) -> bool:
        """Write the lines that set `result` by the first branch that is true; return whether it may be unknown.

        A guard (unknown where the condition before it is) is tested together with that condition; past it what the condition reads is known.
        """
        if not branches:
            return self.assign(result, default)
        (condition, value), *others = branches
        term = self.write(condition)
        guarded = bool(others) and _guards(others[0], condition)
        rest = others[1:] if guarded else others
        if guarded and term.doubts:
            self.line(f"if {_any_unknown(term.doubts)}: {result} = None")
            with self.branch(f"elif {term.source}:", term.doubts):
                self.assign(result, value)
            with self.branch("else:", term.doubts):
                self.choose(result, rest, default)
            return True
        with self.branch(f"if {self.atom(term)}:", (*term.doubts, *self.shown(condition))):
            doubtful = self.assign(result, value)
        with self.branch("else:"):
            return self.choose(result, rest, default) or doubtful

    def assign(self, result: str, node: Node) -> bool:
        """Write the lines that set `result` to `node`; return whether it may be unknown."""
        term = self.write(node)
        self.line(f"{result} = {_whole(term)}")
        return bool(term.doubts)

    def shown(self, condition: Node) -> tuple[str, ...]:
        """Return the variable that is known where `condition`, that a fact or derivation is known, is true."""
        inner = condition.this.unnest() if isinstance(condition, exp.Not) else None
        return self.column(inner.this.name).doubts if isinstance(inner, exp.Is) and isinstance(inner.this, exp.Column) else ()


_UNKNOWN = _Term("None", ("None",))


def _whole(term: _Term) -> str:
    """Return an expression that is None where the term is unknown."""
    if not term.doubts or term.doubts == (term.source,):
        return term.source
    return f"None if {_any_unknown(term.doubts)} else {term.source}"


def _any_unknown(variables: Sequence[str]) -> str:
    return " or ".join(f"{each} is None" for each in variables) or "False"


def _guards(branch: tuple[Node, Node], condition: Node) -> bool:
    """Whether a branch says: unknown where `condition` is unknown."""
    tested, value = branch
    return isinstance(tested, exp.Is) and isinstance(value, exp.Null) and tested.this.unnest() == condition.unnest()


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
    results = [_whole(writer.value(value)) for value in (policy.category, policy.payer, *policy.amounts.values())]
    judge = _function("judge", writer, ["failed", "unknown", "undecided", *results])

    writer = _Writer(policy, tuple(policy.facts), parameters)
    asked = [condition if condition is not None else flag(True) for clause in clauses for _, condition in clause.questions]
    shown: tuple[Sequence[Value | None], ...] = (
        [clause.holds for clause in clauses],
        [clause.value for clause in clauses],
        [clause.remark[0] if clause.remark else None for clause in clauses],
        asked,
        list(policy.categories.values()),
    )
    answers = [[_whole(writer.value(value)) for value in values] for values in shown]
    explain = _function("explain", writer, [_tuple(each) for each in answers])
    return Compiled(policy, clauses, columns, parameters, counting, counting[policy.decisions[0]], judge, explain)


def _write_bits(writer: _Writer, clause: Clause, bit: int) -> None:
    """Write the lines that set the clause's bit in the mask its answer belongs to."""
    term = writer.value(clause.holds)
    if term.source == "True":
        return
    waiting = writer.atom(writer.value(clause.open_when)) if clause.open_when is not None else None
    if term.doubts:
        with writer.branch(f"if {_any_unknown(term.doubts)}:"):
            if waiting is not None:
                writer.line(f"if {waiting}: undecided |= {bit}")
            writer.line(f"{'else: ' if waiting is not None else ''}unknown |= {bit}")
    writer.line(f"{'elif' if term.doubts else 'if'} not {term.source}: failed |= {bit}")


def counting_masks(policy: Policy, clauses: Sequence[Clause]) -> dict[str, int]:
    """Return, per decision of the document, the mask of clauses that count: alternatives count only through their group."""
    return {
        decision: sum(1 << bit for bit, clause in enumerate(clauses) if clause.decision == decision and clause.part_of is None)
        for decision in policy.decisions
    }


def _tuple(sources: Sequence[str]) -> str:
    return "(" + "".join(f"{source}, " for source in sources) + ")"


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
