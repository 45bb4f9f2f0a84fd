"""Typed three-valued expressions: a thin wrapper over SQLGlot, so that one tree serves Python and every SQL engine.

Every value may be unknown. Logic is Kleene's (unknown and false = false); arithmetic and comparison on an unknown are
unknown. A branch on an unknown is unknown: SQL's CASE would fall through to the last branch, so `decide` guards each one.

Days are integers written yyyymmdd, months are counted as year × 12 + month: comparing days, adding years and taking a month
out of a day are then integer arithmetic that means the same in every engine.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlglot import exp

Node = exp.Expr


class Value:
    """One expression of the law; `node` is the SQLGlot tree, columns in it are facts or named derivations.

    `settles` names the facts that would settle an `agree` inside it whose two readings differ.
    """

    __slots__ = ("_names", "node", "settles")
    __hash__ = None  # type: ignore[assignment]  # == builds an expression

    def __init__(self, node: Node, settles: frozenset[str] = frozenset()) -> None:
        self.node = node
        self.settles = settles
        self._names: tuple[frozenset[str], frozenset[str]] | None = None

    @property
    def names(self) -> tuple[frozenset[str], frozenset[str]]:
        """The names it reads, as `names_in` finds them; sought once, as an expression never changes."""
        if self._names is None:
            self._names = names_in(self.node)
        return self._names

    def known(self) -> "Flag":
        """Whether the value is known; itself always known."""
        return Flag(exp.Not(this=exp.Paren(this=exp.Is(this=self.node, expression=exp.Null()))), self.settles)


AnyValue = TypeVar("AnyValue", bound=Value)


class Flag(Value):
    """True, false or unknown."""

    __slots__ = ()

    def __and__(self, other: "Flag") -> "Flag":
        if isinstance(self.node, exp.Boolean) and self.node.this:
            return other
        if isinstance(other.node, exp.Boolean) and other.node.this:
            return self
        return Flag(exp.And(this=_part(self), expression=_part(other)), self.settles | other.settles)

    def __or__(self, other: "Flag") -> "Flag":
        return Flag(exp.Or(this=_part(self), expression=_part(other)), self.settles | other.settles)

    def __invert__(self) -> "Flag":
        return Flag(exp.Not(this=_part(self)), self.settles)

    def known_true(self) -> "Flag":
        """True when it is known to be true, false otherwise: for a status that, while nobody gave it, stands in nobody's way."""
        return Flag(exp.Coalesce(this=self.node, expressions=[exp.false()]), self.settles)


class Number(Value):
    """An integer (fen, ppm, months, month count, yyyymmdd) or unknown; 64 bits in every engine."""

    __slots__ = ()

    def __add__(self, other: "Number | int") -> "Number":
        return _arithmetic(exp.Add, self, other)

    def __sub__(self, other: "Number | int") -> "Number":
        return _arithmetic(exp.Sub, self, other)

    def __rsub__(self, other: int) -> "Number":
        return _arithmetic(exp.Sub, number(other), self)

    def __mul__(self, other: "Number | int") -> "Number":
        return _arithmetic(exp.Mul, self, other)

    def __lt__(self, other: "Number | int") -> Flag:
        return _comparison(exp.LT, self, other)

    def __le__(self, other: "Number | int") -> Flag:
        return _comparison(exp.LTE, self, other)

    def __gt__(self, other: "Number | int") -> Flag:
        return _comparison(exp.GT, self, other)

    def __ge__(self, other: "Number | int") -> Flag:
        return _comparison(exp.GTE, self, other)

    def __eq__(self, other: "Number | int") -> Flag:  # type: ignore[override]
        return _comparison(exp.EQ, self, other)

    def __ne__(self, other: "Number | int") -> Flag:  # type: ignore[override]
        return _comparison(exp.NEQ, self, other)

    def between(self, low: "Number | int", high: "Number | int") -> Flag:
        """Whether it lies between `low` and `high`, both included."""
        return (self >= low) & (self <= high)

    def quotient(self, divisor: int) -> "Number":
        """Return the whole quotient, rounded down; only for values that cannot be negative (engines differ below zero)."""
        return Number(exp.IntDiv(this=_part(self), expression=number(divisor).node), self.settles)

    def remainder(self, divisor: int) -> "Number":
        """Return what is left after `quotient`; only for values that cannot be negative."""
        return Number(exp.Mod(this=_part(self), expression=number(divisor).node), self.settles)

    def share(self, percent: "Number | int") -> "Number":
        """Return `percent` of a non-negative amount, half up to the fen."""
        return (self * percent + 50).quotient(100)

    def year(self) -> "Number":
        """Return the year of a yyyymmdd day."""
        return self.quotient(10_000)

    def month_count(self) -> "Number":
        """Return year × 12 + month of a yyyymmdd day: yyyymm less 88 for each year, a division less than taking the month alone."""
        return self.quotient(100) - self.quotient(10_000) * 88

    def first_month_from(self) -> "Number":
        """Return the month count of the first month that begins on this yyyymmdd day or after it."""
        return (self + 98).month_count()  # from the second of a month on this is 100 or more, the next month

    def day_of_month(self) -> "Number":
        """Return 1..31 of a yyyymmdd day."""
        return self.remainder(100)


class Text(Value):
    """A short code (area code, scheme, category) or unknown."""

    __slots__ = ()

    def __eq__(self, other: str) -> Flag:  # type: ignore[override]
        return Flag(exp.EQ(this=self.node, expression=exp.Literal.string(other)), self.settles)

    def __ne__(self, other: str) -> Flag:  # type: ignore[override]
        return Flag(exp.NEQ(this=self.node, expression=exp.Literal.string(other)), self.settles)

    def startswith(self, prefix: str) -> Flag:
        """Whether the code begins with `prefix`."""
        return Flag(exp.StartsWith(this=self.node, expression=exp.Literal.string(prefix)), self.settles)

    def is_one_of(self, codes: Iterable[str]) -> Flag:
        """Whether it is one of `codes`."""
        listed = [exp.Literal.string(code) for code in codes]
        return Flag(exp.In(this=self.node, expressions=listed), self.settles)


def number(value: int) -> Number:
    """Return a constant."""
    literal = exp.Literal.number(abs(value))
    return Number(exp.Neg(this=literal) if value < 0 else literal)


def text(value: str) -> Text:
    """Return a constant code."""
    return Text(exp.Literal.string(value))


def flag(value: bool | None) -> Flag:
    """Return a constant truth value; None is unknown."""
    return Flag(exp.Null() if value is None else exp.Boolean(this=value))


def decide(branches: Sequence[tuple[Flag, AnyValue]], otherwise: AnyValue | None = None) -> AnyValue:
    """Return the value of the first branch whose condition is true, `otherwise` (unknown by default) when all are false.

    A condition that is unknown before a true one is found makes the whole unknown. The result has the type of the first value.
    """
    case = exp.Case()
    settles = otherwise.settles if otherwise is not None else frozenset[str]()
    known: frozenset[str] = frozenset()
    for condition, value in branches:
        case = case.when(condition.node, value.node, copy=False)
        if can_be_unknown(
            condition.node, known
        ):  # after the branch: an engine then looks at it only where the condition is not true
            case = case.when(exp.Is(this=_part(condition), expression=exp.Null()), exp.Null(), copy=False)
            if is_strict(condition.node):  # past the guard everything it reads is known
                known = known.union(*condition.names)
        settles |= condition.settles | value.settles
    case = case.else_(otherwise.node if otherwise is not None else exp.Null(), copy=False)
    return type(branches[0][1])(case, settles)


def decide_number(branches: Sequence[tuple[Flag, Number | int]], otherwise: Number | int | None = None) -> Number:
    """`decide` among numbers."""
    listed = [(condition, _as_number(value)) for condition, value in branches]
    return decide(listed, None if otherwise is None else _as_number(otherwise))


def first_known_true(branches: Sequence[tuple[Flag, Text]], otherwise: Text | None = None) -> Text:
    """Return the value of the first branch known to be true, else `otherwise` (unknown by default); an unknown one is passed over.

    Only for ranking what has been shown: a department's roster establishes its own category, whatever others have not sent.
    """
    case = exp.Case()
    settles = frozenset[str]()
    for condition, value in branches:
        case = case.when(condition.known_true().node, value.node, copy=False)
        settles |= condition.settles
    return Text(case.else_(otherwise.node, copy=False) if otherwise is not None else case, settles)


def least(*values: "Number | int") -> Number:
    """Return the smallest; unknown when any is unknown (SQL's LEAST would skip it)."""
    return _extreme([_as_number(value) for value in values], exp.LTE)


def greatest(*values: "Number | int") -> Number:
    """Return the largest; unknown when any is unknown."""
    return _extreme([_as_number(value) for value in values], exp.GTE)


def agree(first: Flag, second: Flag, *, settled_by: str) -> Flag:
    """Return what two readings of a fact agree on, unknown where they differ; the fact `settled_by` would settle it."""
    if first.node == second.node:
        return first
    same = exp.EQ(this=_part(first), expression=_part(second))
    settles = first.settles | second.settles | {settled_by}
    return Flag(exp.Case().when(same, first.node, copy=False).else_(exp.Null(), copy=False), settles)


def every(flags: Sequence[Flag]) -> Flag:
    """Return whether all are true."""
    result = flags[0]
    for each in flags[1:]:
        result = result & each
    return result


def some(flags: Sequence[Flag]) -> Flag:
    """Return whether at least one is true."""
    result = flags[0]
    for each in flags[1:]:
        result = result | each
    return result


def months_between(first: Number, last: Number) -> Number:
    """Return how many months `last` (a month count) lies after `first`."""
    return last - first


def whole_years(born: Number, on: Number) -> Number:
    """Return the age in whole years on the day `on`, both yyyymmdd; 0 before birth."""
    return decide_number([(on < born, 0)], (on - born).quotient(10_000))


def can_be_unknown(node: Node, known: frozenset[str] = frozenset()) -> bool:
    """Return whether `node` may be NULL where the facts and parameters named in `known` are not.

    The day asked about is always known, and so is the answer to "is it known".
    """
    match node:
        case exp.Is() | exp.Boolean() | exp.Literal():
            return False
        case exp.Placeholder():
            return node.name != "on" and node.name not in known
        case exp.Column():
            return node.name not in known
        case exp.Coalesce():
            return can_be_unknown(node.expressions[0], known)
        case exp.Paren() | exp.Not() | exp.Neg() | exp.In() | exp.StartsWith():
            return can_be_unknown(node.this, known)
        case exp.Connector() | exp.Predicate() | exp.Add() | exp.Sub() | exp.Mul() | exp.Mod() | exp.IntDiv() if isinstance(
            node, exp.Binary
        ):
            return can_be_unknown(node.this, known) or can_be_unknown(node.expression, known)
        case exp.Case() if node.this is None:
            values = [branch.args["true"] for branch in node.args["ifs"]]
            return any(can_be_unknown(each, known) for each in (*values, node.args.get("default") or exp.Null()))
        case _:
            return True


def is_strict(node: Node) -> bool:
    """Return whether `node` is unknown as soon as anything it reads is: comparisons and arithmetic, no logic and no branches."""
    match node:
        case exp.Column() | exp.Placeholder() | exp.Literal():
            return True
        case exp.Paren() | exp.Neg() | exp.In() | exp.StartsWith():
            return is_strict(node.this)
        case exp.LT() | exp.LTE() | exp.GT() | exp.GTE() | exp.EQ() | exp.NEQ():
            return is_strict(node.this) and is_strict(node.expression)
        case exp.Add() | exp.Sub() | exp.Mul() | exp.Mod() | exp.IntDiv():
            return is_strict(node.this) and is_strict(node.expression)
        case _:
            return False


def unknown_with(node: Node, columns: frozenset[str]) -> frozenset[str]:
    """Return those of `columns` that leave `node` unknown wherever they are unknown, whatever the others are."""
    match node:
        case exp.Null():
            return columns
        case exp.Column():
            return columns & {node.name}
        case exp.Paren() | exp.Not() | exp.Neg() | exp.In() | exp.StartsWith() | exp.Cast():
            return unknown_with(node.this, columns)
        case exp.And() | exp.Or():
            return unknown_with(node.this, columns) & unknown_with(node.expression, columns)
        case exp.Case() if node.this is None:
            left = unknown_with(node.args.get("default") or exp.Null(), columns)
            for branch in node.args["ifs"]:  # not taken, or it gives an unknown
                left &= unknown_with(branch.this, columns) | unknown_with(branch.args["true"], columns)
            return left
        case _ if is_strict(node):
            return columns & names_in(node)[0]
        case _:
            return frozenset()


def names_in(node: Node) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that `node` reads: of facts and derivations, and of dated parameters."""
    columns: set[str] = set()
    parameters: set[str] = set()
    pending: list[object] = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, exp.Column):
            columns.add(each.name)
        elif isinstance(each, exp.Placeholder):
            parameters.add(each.name)
        elif isinstance(each, exp.Expr):
            pending.extend(each.args.values())
        elif isinstance(each, list):
            pending.extend(each)
    return frozenset(columns), frozenset(parameters)


def _part(value: Value) -> Node:
    """Return the tree so that it stays one operand wherever it is put.

    Trees share their parts; whoever changes or prints one takes a copy first.
    """
    node = value.node
    return (
        node if isinstance(node, exp.Column | exp.Literal | exp.Placeholder | exp.Paren | exp.Coalesce) else exp.Paren(this=node)
    )


def _as_number(value: Number | int) -> Number:
    return number(value) if isinstance(value, int) else value


def _arithmetic(kind: type[exp.Binary], first: Number, second: Number | int) -> Number:
    other = _as_number(second)
    return Number(kind(this=_part(first), expression=_part(other)), first.settles | other.settles)


def _comparison(kind: type[exp.Binary], first: Number, second: Number | int) -> Flag:
    other = _as_number(second)
    return Flag(kind(this=_part(first), expression=_part(other)), first.settles | other.settles)


def _extreme(values: list[Number], kind: type[exp.Binary]) -> Number:
    result = values[0]
    for value in values[1:]:
        result = decide_number([(_comparison(kind, result, value), result)], value)
    return result
