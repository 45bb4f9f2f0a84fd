"""The dated figures of a screening: one constant where all places agree, a column where the place of insurance decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from zhubao.parameters import ParameterBook
from zhubao.policies.judging import Judge
from zhubao.rules.binding import Binding


@dataclass(frozen=True, slots=True)
class Figures:
    """`values` go into the verdict query; `columns` are SQL expressions over `facts`, by the name of the column they become.

    `bindings` are all that were looked up, the policy's own region first.
    """

    values: Mapping[str, "int | str | exp.Expr | None"]
    columns: Mapping[str, str]
    bindings: tuple[Binding, ...]


def figures_for(judge: Judge, on: date, places: Iterable[str], book: ParameterBook | None) -> Figures:
    """Look up every figure in the policy's region and in each of `places` (six-digit codes of places of insurance)."""
    region = judge.binding(on, "", book)
    found = {place: judge.binding(on, place, book) for place in sorted(places) if place.startswith(judge.policy.region)}
    values: dict[str, int | str | exp.Expr | None] = {name: _wide(value) for name, value in region.values.items()}
    columns: dict[str, str] = {}
    for name, usual in region.values.items():
        other = {place: binding.values[name] for place, binding in found.items() if binding.values[name] != usual}
        if other:
            branches = " ".join(f"WHEN '{place}' THEN {_number(value)}" for place, value in other.items())
            column = f"figure_{name}"
            columns[column] = f"CAST(CASE place_of_insurance {branches} ELSE {_number(usual)} END AS BIGINT)"
            values[name] = exp.column(column)
    return Figures(values, columns, (region, *found.values()))


def _wide(value: int | str | None) -> int | str | exp.Expr | None:
    """Return a number as a 64-bit constant: engines multiply small constants in 32 bits."""
    return exp.cast(exp.Literal.number(value), "bigint") if isinstance(value, int) else value


def _number(value: int | str | None) -> str:
    return "NULL" if value is None else str(int(value))
