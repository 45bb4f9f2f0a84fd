"""What is left of an expression once its figures are known: constants are worked out, branches nobody can take are left out."""

from operator import add, eq, floordiv, ge, gt, le, lt, mod, mul, ne, sub

from sqlglot import exp

from .expressions import Node, can_be_unknown, is_strict, names_in

_ORDER = {exp.LT: lt, exp.LTE: le, exp.GT: gt, exp.GTE: ge, exp.EQ: eq, exp.NEQ: ne}
_ARITHMETIC = {exp.Add: add, exp.Sub: sub, exp.Mul: mul, exp.Mod: mod, exp.IntDiv: floordiv}
_ATOMS = (exp.Column, exp.Literal, exp.Boolean, exp.Paren, exp.Coalesce, exp.Cast)


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
        condition, value = settled(branch.this, known), branch.args["true"]
        if isinstance(condition, exp.Boolean) and condition.this:
            default = value
            break
        if isinstance(condition, exp.Boolean) or _is_null(condition):
            continue
        if isinstance(condition, exp.Is) and is_strict(condition.this):
            unsure = sorted(names_in(condition.this)[0] - known)
            condition = exp.or_(*(exp.Is(this=exp.column(name), expression=exp.Null()) for name in unsure))
            branches.append((condition, settled(value, known)))
            known = known.union(unsure)
            continue
        branches.append((condition, settled(value, known | _shown(condition))))
    default = settled(default, known)
    while branches and _is_null(default) and _is_null(branches[-1][1]):
        branches.pop()
    if not branches:
        return node.copy() if isinstance(default, exp.Null) else default  # a bare NULL would have no type
    case = exp.Case(default=default)
    for condition, value in branches:
        case = case.when(condition, value, copy=False)
    return case


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
