"""A policy printed as SQL: the same tree that answers for one person judges a table of people in any engine.

The source relation has a column per fact (booleans, 64-bit integers, text; NULL = unknown). Each named derivation is computed
once, in layers of common table expressions; the last layer yields verdict, masks, category, payer and amounts.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlglot import exp

from .compiled import counting_masks
from .expressions import Node, Value, can_be_unknown
from .policy import Clause, Policy
from .settling import settled, taken
from .verdicts import Verdict

Scalar = int | str | None


_UNKNOWN_FROM = 32  # where the lane of unknown clauses begins in the marks of a row
_EVERY = -1  # all bits: the mask of a decision for which every clause counts


class _Bound(NamedTuple):
    """What stands for each parameter, and for each column that equals another or is a constant.

    `held` tells which column holds an expression already, `enumerated` which columns are to be enumerations, `kinds` of which words.
    """

    figures: Mapping[str, Node]
    same: dict[str, Node]
    held: dict[Node, Node]
    enumerated: set[str]
    kinds: dict[str, exp.DataType]


def verdict_query(
    policy: Policy,
    parameters: Mapping[str, Scalar | Node],
    *,
    on: int,
    source: str = "facts",
    passthrough: Sequence[str] = (),
    same: Mapping[str, str] | None = None,
    dialect: str = "duckdb",
    enumerated: bool = False,
) -> str:
    """Return the query that judges every row of `source` on the day `on` (yyyymmdd).

    `parameters` gives each dated figure as a constant, None where nobody entered one, or as a tree over columns of `source`
    (figures that differ by place). Columns out: `passthrough`, then `verdict` (0 met, 1 to be decided, 2 evidence missing, 3 not
    met: the order of `Verdict`), one `verdict_<decision>` for each further decision, `failed`, `unknown`, `undecided` (bit n =
    clause n of `policy.judged(with_contract=False)`), `category`, `payer`, and the amounts under their own names. `same` names
    columns that `source` need not have because they equal another (in a roster every day of birth is known: birth_last = birth_first).
    With `enumerated`, in DuckDB only, category and payer are enumerations: a byte a row instead of a text, the same words in a file.
    Raises ValueError when that is asked of another dialect.
    """
    if enumerated and dialect != "duckdb":
        raise ValueError(f"enumerations are printed for DuckDB, not for {dialect}")
    clauses = policy.judged(with_contract=False)
    layers = _layers(policy, clauses)
    figures = {"on": exp.Literal.number(on), **{name: _literal(value) for name, value in parameters.items()}}
    bound = _Bound(figures, {name: exp.column(other) for name, other in (same or {}).items()}, {}, set(), {})
    if enumerated and policy.category is not None and isinstance(policy.category.node, exp.Column):
        bound.enumerated.add(policy.category.node.name)
    facts = [name for name in policy.columns if name not in bound.same]
    query = exp.select(*facts, *passthrough).from_(source)
    ctes = [("given", query)]
    for layer in layers:
        columns = _derived(policy, layer, bound)
        ctes.append((f"derived_{len(ctes)}", exp.select("*", *columns).from_(ctes[-1][0])))
    truths = {bit: _bind(clause.holds.node, bound) for bit, clause in enumerate(clauses) if clause.part_of is None}
    truths = {bit: bound.held.get(holds, holds) for bit, holds in truths.items() if holds != exp.true()}
    truth_columns, marks = _marks(clauses, truths)
    ctes.append(("truths", exp.select("*", *truth_columns).from_(ctes[-1][0])))
    ctes.append(("marked", exp.select("*", exp.alias_(marks, "marks")).from_(ctes[-1][0])))
    masks = [exp.alias_(_lane("failed"), "failed"), exp.alias_(_lane("unknown"), "unknown")]
    if _asks(policy):
        waiting = _waiting({bit: clauses[bit] for bit in truths}, bound)
        masks = [
            masks[0],
            exp.alias_(exp.Sub(this=_lane("unknown"), expression=exp.paren(waiting)), "unknown"),
            exp.alias_(waiting, "undecided"),
        ]
    codes = {
        name: _bind(value.node, bound) if value is not None else exp.cast(exp.Null(), "text")
        for name, value in (("category", policy.category), ("payer", policy.payer))
    }
    results = [exp.alias_(_enumerated(node)[0] if enumerated else node, name) for name, node in codes.items()]
    amounts = [exp.alias_(exp.cast(_bind(value.node, bound), "bigint"), f"amount_{key}") for key, value in policy.amounts.items()]
    ctes.append(("judged", exp.select(*passthrough, *masks, *results, *amounts).from_(ctes[-1][0])))
    final = exp.select(*passthrough, *_answers(policy, clauses, truths.keys())).from_("judged")
    # PostgreSQL would put each derivation in the place of its name, again and again; the others compute a layer once.
    once = True if dialect == "postgres" else None
    for name, each in ctes:
        final = final.with_(name, as_=each, materialized=once, copy=False)
    return printed(final, dialect)


def _answers(policy: Policy, clauses: Sequence[Clause], judged_bits: Collection[int]) -> list[str | Node]:
    """Return the columns out, read from the masks, codes and amounts of the layer `judged`."""
    judged = sum(1 << bit for bit in judged_bits)
    counting = {decision: mask & judged for decision, mask in counting_masks(policy, clauses).items()}
    counting = {decision: _EVERY if mask == judged else mask for decision, mask in counting.items()}
    undecided = _asks(policy)
    return [
        *(
            exp.alias_(_verdict(counting[decision], undecided), "verdict" if at == 0 else f"verdict_{decision}")
            for at, decision in enumerate(policy.decisions)
        ),
        "failed",
        "unknown",
        exp.column("undecided") if undecided else exp.alias_(exp.cast(exp.Literal.number(0), "bigint"), "undecided"),
        "category",
        "payer",
        *(exp.alias_(_amount(policy, key, counting[policy.decisions[0]]), key) for key in policy.amounts),
    ]


def printed(query: Node, dialect: str) -> str:
    """Return `query` in `dialect`; whole division of integers is printed so that it stays one (PostgreSQL's DIV is numeric)."""
    if dialect == "duckdb":
        query = query.copy()
        for branch in query.find_all(exp.If):
            branch.set("this", _compared(branch.this))
    elif dialect in ("postgres", "materialize", "redshift"):
        query = query.copy()
        for node in reversed(list(query.find_all(exp.IntDiv))):  # inner ones first: one may stand inside another
            node.replace(exp.Div(this=node.this, expression=node.expression, typed=True, safe=False))
    return query.sql(dialect=dialect)


def _compared(condition: Node) -> Node:
    """Return the condition of a branch with comparisons in place of bare truths: DuckDB picks rows by comparing without a jump a row."""
    if isinstance(condition, exp.Paren):
        return exp.paren(_compared(condition.this))
    if isinstance(condition, exp.And | exp.Or):
        return type(condition)(this=_compared(condition.this), expression=_compared(condition.expression))
    if isinstance(condition, exp.Column):
        return exp.GT(this=condition, expression=exp.false())
    if isinstance(condition, exp.Not) and isinstance(condition.this, exp.Column):
        return exp.LT(this=condition.this, expression=exp.true())
    return condition


def _layers(policy: Policy, clauses: Sequence[Clause]) -> list[list[str]]:
    """Return the derivations that are read, grouped so that each layer rests only on facts and earlier layers."""
    wanted: set[str] = set()
    pending: list[Value] = [clause.holds for clause in clauses]
    pending += [clause.open_when for clause in clauses if clause.open_when is not None]
    pending += [value for value in (policy.category, policy.payer, *policy.amounts.values()) if value is not None]
    while pending:
        for name in pending.pop().names[0] & policy.derivations.keys() - wanted:
            wanted.add(name)
            pending.append(policy.derivations[name])
    depth: dict[str, int] = {}
    for name, value in policy.derivations.items():  # a derivation can only name earlier ones
        depth[name] = 1 + max((depth[each] for each in value.names[0] if each in policy.derivations), default=0)
    deepest = max((depth[name] for name in wanted), default=0)
    return [[name for name in policy.derivations if name in wanted and depth[name] == level] for level in range(1, deepest + 1)]


def _bind(node: Node, bound: _Bound) -> Node:
    """Return `node` with its parameters replaced by their values, equal columns by the one that is there, and what follows worked out."""

    def replaced(each: Node) -> Node:
        if isinstance(each, exp.Placeholder):
            return exp.paren(bound.figures[each.name].copy())
        return bound.same[each.name].copy() if isinstance(each, exp.Column) and each.name in bound.same else each

    result = settled(node.copy().transform(replaced, copy=False))
    for among in result.find_all(exp.In) if bound.kinds else ():
        # An enumeration compared with texts would be turned into texts row by row.
        kind = bound.kinds.get(among.this.name) if isinstance(among.this, exp.Column) else None
        if kind is not None and all(word in kind.expressions for word in among.expressions):
            among.set("expressions", [exp.cast(word, kind) for word in among.expressions])
    return result


def _literal(value: Scalar | Node) -> Node:
    if value is None:
        return exp.cast(exp.Null(), "bigint")
    return value if isinstance(value, exp.Expr) else exp.convert(value)


def _derived(policy: Policy, layer: Sequence[str], bound: _Bound) -> list[Node]:
    """Return the columns of a layer; from here on a constant, or a column that equals another, is put in place of its name."""
    columns: dict[str, Node] = {}
    for name in layer:
        node = _bind(policy.derivations[name].node, bound)
        if name in bound.enumerated:
            node, kind = _enumerated(node)
            if kind is not None:
                bound.kinds[name] = kind
        columns[name] = node
        if isinstance(node, exp.Literal | exp.Column):
            bound.same[name] = node
            continue
        holder = bound.held.setdefault(node, exp.column(name))
        if holder.name != name:
            bound.same[name] = holder
    return [exp.alias_(node, name) for name, node in columns.items()]


def _enumerated(node: Node) -> tuple[Node, exp.DataType | None]:
    """Return an expression that gives one of a few words so that it gives a member of the enumeration of these words, and that
    enumeration; one that gives anything but words written in it as it is, and None."""
    given = _given(node)
    words = [each for each in given if not isinstance(each, exp.Null)]
    if not words or not all(isinstance(word, exp.Literal) and word.is_string for word in words):
        return node, None
    kind = exp.DataType(this=exp.DataType.Type.ENUM, expressions=list(dict.fromkeys(word.copy() for word in words)))
    if not isinstance(node, exp.Case):
        return exp.cast(node, kind), kind
    members = [exp.cast(each, kind) if each in words else each for each in given]
    case = exp.Case(default=members[-1])
    for branch, member in zip(node.args["ifs"], members, strict=False):
        case = case.when(branch.this, member)
    return case, kind


def _given(node: Node) -> list[Node]:
    """Return what an expression gives in the end: the value of each branch and the last one, or itself."""
    if not isinstance(node, exp.Case):
        return [node]
    return [*(branch.args["true"] for branch in node.args["ifs"]), node.args.get("default") or exp.Null()]


def _marks(clauses: Sequence[Clause], truths: Mapping[int, Node]) -> tuple[list[Node], Node]:
    """Return the columns to be computed before, and the marks of a row: nothing for a clause that is true, its bit where it is
    false, its bit in the upper lane where it is unknown.

    "Not" is answered by turning the branches round, so that it is not computed.
    """
    columns: list[Node] = []
    marks: list[Node] = []
    for bit, holds in truths.items():
        nothing, false, unknown = (_bigint(value) for value in (0, 1 << bit, 1 << bit + _UNKNOWN_FROM))
        if clauses[bit].never_fails:  # known, or else unknown: nothing needs comparing
            marks.append(exp.Case().when(holds.this, nothing).else_(unknown))
            continue
        turned = isinstance(holds, exp.Not)
        asked = holds.this.unnest() if turned else holds
        always_known = not can_be_unknown(asked)
        asked = taken(asked) if always_known else asked
        if not isinstance(asked, exp.Column):
            name = f"{'fails' if turned else 'holds'}_{bit}"
            columns.append(exp.alias_(asked, name))
            asked = exp.column(name)
        if_true, if_false = (false, nothing) if turned else (nothing, false)
        case = exp.Case() if always_known else exp.Case().when(exp.Is(this=asked, expression=exp.Null()), unknown)
        marks.append(case.when(asked, if_true).else_(if_false))
    return columns, _together(marks)


def _lane(which: str) -> Node:
    """Return one of the two masks that the marks of a row hold."""
    if which == "failed":
        return exp.BitwiseAnd(this=exp.column("marks"), expression=_bigint((1 << _UNKNOWN_FROM) - 1))
    return exp.paren(exp.BitwiseRightShift(this=exp.column("marks"), expression=exp.Literal.number(_UNKNOWN_FROM)))


def _waiting(clauses: Mapping[int, Clause], bound: _Bound) -> Node:
    """Return the bits of the clauses that are unknown because a question is open."""
    bits_of: dict[Node, int] = {}
    for bit, clause in clauses.items():
        if clause.open_when is not None:
            waits = _bind(clause.open_when.node, bound)
            bits_of[waits] = bits_of.get(waits, 0) | 1 << bit
    return _together([
        exp.Case().when(waits, exp.BitwiseAnd(this=_lane("unknown"), expression=_bigint(bits))).else_(_bigint(0))
        for waits, bits in bits_of.items()
    ])  # fmt: skip


def _bigint(value: int) -> Node:
    return exp.cast(exp.Literal.number(value), "bigint")


def _together(masks: Sequence[Node]) -> Node:
    """Return the bits of all masks, 0 of none; no bit stands in two of them."""
    bits = masks[0] if masks else _bigint(0)
    for mask in masks[1:]:
        bits = exp.BitwiseOr(this=bits, expression=mask)
    return bits


def _touched(mask: str, counting: int) -> Node:
    if counting == _EVERY:
        return exp.NEQ(this=exp.column(mask), expression=exp.Literal.number(0))
    both = exp.BitwiseAnd(this=exp.column(mask), expression=_bigint(counting))
    return exp.NEQ(this=exp.paren(both), expression=exp.Literal.number(0))


def _verdict(counting: int, undecided: bool) -> Node:
    """Return the code of the whole verdict from the masks, looking at the clauses that count."""
    case = exp.Case().when(_touched("failed", counting), exp.Literal.number(int(Verdict.NOT_MET)))
    case = case.when(_touched("unknown", counting), exp.Literal.number(int(Verdict.EVIDENCE_MISSING)))
    if undecided:
        case = case.when(_touched("undecided", counting), exp.Literal.number(int(Verdict.TO_BE_DECIDED)))
    return case.else_(exp.Literal.number(int(Verdict.MET)))


def _amount(policy: Policy, key: str, counting: int) -> Node:
    """Return an amount; one that is paid only to those who meet the document stands, for others, as the policy says."""
    column = exp.column(f"amount_{key}")
    if key not in policy.paid:
        return column
    refused = _literal(policy.paid[key])
    missing = exp.or_(_touched("unknown", counting), *([_touched("undecided", counting)] if _asks(policy) else []))
    return exp.Case().when(_touched("failed", counting), refused).when(missing, exp.Null()).else_(column)


def _asks(policy: Policy) -> bool:
    return any(clause.open_when is not None for clause in policy.judged(with_contract=False))
