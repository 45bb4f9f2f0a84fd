"""What is left of an expression once its figures are known: constants are worked out, branches nobody can take are left out."""

from operator import add, eq, floordiv, ge, gt, le, lt, mod, mul, ne, sub
from typing import NamedTuple

from sqlglot import exp

from .expressions import Node, can_be_unknown, is_strict, names_in, unknown_with

_ORDER = {exp.LT: lt, exp.LTE: le, exp.GT: gt, exp.GTE: ge, exp.EQ: eq, exp.NEQ: ne}
_ARITHMETIC = {exp.Add: add, exp.Sub: sub, exp.Mul: mul, exp.Mod: mod, exp.IntDiv: floordiv}
_TURNED: dict[type[Node], type[exp.Binary]] = {
    exp.LT: exp.GTE,
    exp.LTE: exp.GT,
    exp.GT: exp.LTE,
    exp.GTE: exp.LT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
}
_ATOMS = (exp.Column, exp.Literal, exp.Boolean, exp.Paren, exp.Coalesce, exp.Cast)
_FEW_STEPS = 3  # so many are asked for one after the other


class _Step(NamedTuple):
    """A branch that gives `value` where `column` is at most `top`."""

    column: str
    top: int
    value: int


def settled(node: Node, known: frozenset[str] = frozenset()) -> Node:
    """Return an expression that means the same where the columns `known` are not NULL, in any engine; `node` stays as it is."""
    match node:
        case exp.Paren():
            inner = settled(node.this, known)
            return inner if isinstance(inner, _ATOMS) else exp.Paren(this=inner)
        case exp.Case() if node.this is None:
            return _case(node, known)
        case exp.And() | exp.Or():
            return _connected(node, known)
        case exp.Not():
            inner = settled(node.this, known)
            return exp.Boolean(this=not inner.this) if isinstance(inner, exp.Boolean) else exp.Not(this=inner)
        case exp.Is():
            inner = settled(node.this, known)
            if _is_null(inner):
                return exp.true()
            return exp.Is(this=inner, expression=exp.Null()) if can_be_unknown(inner, known) else exp.false()
        case exp.LT() | exp.LTE() | exp.GT() | exp.GTE() | exp.EQ() | exp.NEQ():
            first, second = settled(node.this, known), settled(node.expression, known)
            if isinstance(first, exp.Literal) and isinstance(second, exp.Literal) and not first.is_string:
                return exp.Boolean(this=_ORDER[type(node)](int(first.this), int(second.this)))
            return type(node)(this=first, expression=second)
        case exp.Add() | exp.Sub() | exp.Mul() | exp.Mod() | exp.IntDiv():
            return _calculated(node, settled(node.this, known), settled(node.expression, known))
        case exp.Coalesce():
            return exp.Coalesce(this=settled(node.this, known), expressions=[settled(each, known) for each in node.expressions])
        case exp.Neg() | exp.StartsWith() | exp.In():
            changed = node.copy()
            changed.set("this", settled(node.this, known))
            return changed
        case _:
            return node.copy()


def _calculated(node: exp.Binary, first: Node, second: Node) -> Node:
    """Return arithmetic of two constants as a constant, and a sum with nothing as what it is added to."""
    zero = exp.Literal.number(0)
    if isinstance(node, exp.Add) and zero in (first, second):
        return first if second == zero else second
    if isinstance(first, exp.Literal) and isinstance(second, exp.Literal):
        value = _ARITHMETIC[type(node)](int(first.this), int(second.this))
        if value >= 0:
            return exp.Literal.number(value)
    return type(node)(this=first, expression=second)


def _connected(node: exp.Connector, known: frozenset[str]) -> Node:
    """Return what is left of AND or OR when one side is a constant."""
    first, second = settled(node.this, known), settled(node.expression, known)
    for one, other in ((first, second), (second, first)):
        if isinstance(one, exp.Boolean):
            return other if one.this is isinstance(node, exp.And) else one
    return type(node)(this=first, expression=second)


def _case(node: exp.Case, known: frozenset[str]) -> Node:
    """Return what is left of a CASE: no branch that is never taken, no guard against what cannot be unknown, each other guard short."""
    if _is_one_reading(node, known):
        return settled(node.args["ifs"][0].args["true"], known)
    branches: list[tuple[Node, Node]] = []
    default = node.args.get("default") or exp.Null()
    for branch in node.args["ifs"]:
        condition, value = taken(settled(branch.this, known)), branch.args["true"]
        if isinstance(condition, exp.Boolean) and condition.this:
            default = value
            break
        if isinstance(condition, exp.Boolean) or _is_null(condition):
            continue
        if isinstance(condition, exp.Is) and _only_with_a_column(condition.this):
            unsure = sorted(names_in(condition.this)[0] - known)
            condition = exp.or_(*(exp.Is(this=exp.column(name), expression=exp.Null()) for name in unsure))
            branches.append((condition, settled(value, known)))
            known = known.union(unsure)
            continue
        branches.append((condition, settled(value, known | _shown(condition))))
    default = settled(default, known)
    while branches and (branches[-1][1] == default or (_is_null(default) and _is_null(branches[-1][1]))):
        branches.pop()
    if not branches:
        return node.copy() if isinstance(default, exp.Null) else default  # a bare NULL would have no type
    branches, default = _continued(branches, default)
    return _chosen(*_without_guards(_calculated_stairs(branches), default))


def _continued(branches: list[tuple[Node, Node]], default: Node) -> tuple[list[tuple[Node, Node]], Node]:
    """Return branches and default with a CASE that stands in the default, or in the last branch for what is known, as further branches."""
    condition, value = branches[-1]
    if _is_null(default) and isinstance(value.unnest(), exp.Case):
        known = condition.unnest()
        inner = known.this.unnest() if isinstance(known, exp.Not) else None
        if inner is not None and _guarded(inner) is not None:
            branches, default = [*branches[:-1], (inner, exp.Null())], value
    inner = default.unnest()
    if not isinstance(inner, exp.Case) or inner.this is not None:
        return branches, default
    further = [(branch.this, branch.args["true"]) for branch in inner.args["ifs"]]
    return [*branches, *further], inner.args.get("default") or exp.Null()


def taken(condition: Node) -> Node:
    """Return the condition of a branch so that it is true in the same cases: a branch passes an unknown over as it does a false one."""
    match condition:
        case exp.Coalesce() if condition.expressions == [exp.false()]:
            return taken(condition.this)
        case exp.Paren():
            inner = taken(condition.this)
            return inner if isinstance(inner, _ATOMS) else exp.Paren(this=inner)
        case exp.And() | exp.Or():
            return type(condition)(this=taken(condition.this), expression=taken(condition.expression))
        case _:
            return condition


def _chosen(branches: list[tuple[Node, Node]], default: Node) -> Node:
    """Return the CASE of these branches, the default alone where there is none."""
    if not branches:
        return default
    case = exp.Case(default=default)
    for condition, value in branches:
        case = case.when(condition, value, copy=False)
    return case


def _calculated_stairs(branches: list[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
    """Return the branches with even stairs, one number higher and always the same amount more, calculated instead of asked for."""
    at = 0
    while at < len(branches):
        steps = [_step(branch) for branch in branches[at:]]
        rise, length = 0, 1
        while length < len(steps):
            before, step = steps[length - 1], steps[length]
            if before is None or step is None or step.column != before.column or step.top != before.top + 1:
                break
            if length > 1 and step.value - before.value != rise:
                break
            rise = step.value - before.value
            length += 1
        first = steps[0]
        if first is not None and length > _FEW_STEPS and rise > 0:
            climbed = exp.paren(exp.Sub(this=exp.column(first.column), expression=exp.Literal.number(first.top)))
            height = exp.Add(
                this=exp.paren(exp.Mul(this=climbed, expression=exp.Literal.number(rise))),
                expression=exp.Literal.number(first.value),
            )
            branches = [*branches[: at + 1], (branches[at + length - 1][0], height), *branches[at + length :]]
        at += 1
    return branches


def _step(branch: tuple[Node, Node]) -> _Step | None:
    """Return a branch "at most so much: this number" as a step, None for any other branch."""
    condition, value = branch[0].unnest(), branch[1]
    if not isinstance(condition, exp.LTE) or not isinstance(condition.this, exp.Column):
        return None
    top = condition.expression
    if not all(isinstance(each, exp.Literal) and not each.is_string for each in (top, value)):
        return None
    return _Step(condition.this.name, int(top.this), int(value.this))


def _without_guards(branches: list[tuple[Node, Node]], default: Node) -> tuple[list[tuple[Node, Node]], Node]:
    """Return branches and default without the guards that nothing needs: where what follows is unknown of itself.

    A last guard goes too when the branch before it, asked the other way round, leaves its value, unknown of itself, as the default.
    """
    kept: list[tuple[Node, Node]] = []
    for condition, value in reversed(branches):
        guarded = _guarded(condition) if _is_null(value) else None
        rest = _chosen(kept, default)
        if guarded is None or not guarded <= unknown_with(rest, guarded):
            kept.insert(0, (condition, value))
    if len(kept) > 1 and _is_null(kept[-1][1]):
        (condition, value), (guard, _) = kept[-2:]
        guarded, compared = _guarded(guard), condition.unnest()
        if (
            guarded is not None
            and type(compared) in _TURNED
            and _only_with_a_column(compared)
            and names_in(compared)[0] == guarded
            and guarded <= unknown_with(value, guarded)
        ):
            other_way = _TURNED[type(compared)](this=compared.this, expression=compared.expression)
            return [*kept[:-2], (other_way, default)], value
    return kept, default


def _guarded(condition: Node) -> frozenset[str] | None:
    """Return the columns of "this one or that one is unknown", None for any other condition."""
    inner = condition.unnest()
    if isinstance(inner, exp.Or):
        first, second = _guarded(inner.this), _guarded(inner.expression)
        return first | second if first is not None and second is not None else None
    asked = inner.this if isinstance(inner, exp.Is) and _is_null(inner.expression) else None
    return frozenset([asked.name]) if isinstance(asked, exp.Column) else None


def _only_with_a_column(node: Node) -> bool:
    """Return whether `node` is unknown exactly where one of the columns it reads is."""
    names = names_in(node)[0]
    return unknown_with(node, names) == names and not can_be_unknown(node, names)


def _is_one_reading(node: exp.Case, known: frozenset[str]) -> bool:
    """Return whether a CASE gives what two readings agree on where both have become the same: it is then that reading."""
    condition, value = node.args["ifs"][0].this, node.args["ifs"][0].args["true"]
    if len(node.args["ifs"]) > 1 or not isinstance(condition, exp.EQ) or not _is_null(node.args.get("default") or exp.Null()):
        return False
    first, second, given = (settled(each, known).unnest() for each in (condition.this, condition.expression, value))
    return bool(first == second == given)


def _shown(condition: Node) -> frozenset[str]:
    """Return the columns that are known where `condition` is true."""
    if is_strict(condition):
        return names_in(condition)[0]
    inner = condition.this.unnest() if isinstance(condition, exp.Not) else None
    return names_in(inner)[0] if isinstance(inner, exp.Is) and is_strict(inner.this) else frozenset()


def _is_null(node: Node) -> bool:
    inner = node.unnest()
    return isinstance(inner, exp.Null) or (isinstance(inner, exp.Cast) and isinstance(inner.this, exp.Null))
