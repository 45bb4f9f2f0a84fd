"""Deciding everybody at once: facts, figures, the printed rules; then what the answers rest on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa
import sqlglot
from sqlglot import exp

from zhubao.language import Language, Text
from zhubao.parameters import ParameterBook
from zhubao.parameters.questions import questions
from zhubao.policies.judging import Judge, provisional_row
from zhubao.policies.person import LOWEST_TIER, WOMAN_55
from zhubao.rules.policy import Clause
from zhubao.rules.sql import verdict_query

from .differences import difference_steps
from .engines import Engine
from .facts import fact_steps
from .figures import Figures, figures_for
from .kinds import KINDS
from .marks import marks_of

PASSED: Final = ("id_number", "name", "township", "village", "identities")


@dataclass(frozen=True, slots=True)
class Decided:
    """One row a person ordered by number (`PASSED`, verdicts, masks, category, payer, amounts), and what the answers rest on."""

    people: pa.Table
    differences: pa.Table
    clauses: list[Clause]
    missing: list[dict[str, Any]]
    provisional: list[dict[str, Any]]
    unverified: list[dict[str, Any]]


def decide_all(
    engine: Engine,
    judge: Judge,
    roster_rows: pa.Table,
    insured_rows: pa.Table | None,
    given: Collection[str],
    *,
    on: date,
    book: ParameterBook | None,
    language: Language = "zh",
) -> Decided:
    """Judge every person of the rosters on the day `on`.

    `given` are the kinds of rosters handed in, also those without a usable row; `insured_rows` None where no such file was given.
    """
    policy = judge.policy
    day = judge.binding(on, "", book).day
    insured = insured_rows is not None
    engine.take("roster_rows", roster_rows)
    if insured_rows is not None:
        engine.take("insured_rows", insured_rows)
    engine.run(fact_steps(policy, given, on=day, insured=insured))
    places = engine.rows("SELECT DISTINCT place_of_insurance AS place FROM facts WHERE place_of_insurance IS NOT NULL")
    figures = figures_for(judge, on, places.column("place").to_pylist(), book)
    columns = "".join(f", {expression} AS {name}" for name, expression in figures.columns.items())
    engine.run([("figured", f"SELECT *{columns} FROM facts")])
    query = verdict_query(
        policy, figures.values, on=day, source="figured", passthrough=(*PASSED, *figures.columns), dialect="duckdb"
    )
    engine.run([("judged", query), *difference_steps(insured=insured)])
    clauses = policy.judged(with_contract=False)
    return Decided(
        people=engine.rows("SELECT * FROM judged ORDER BY id_number"),
        differences=engine.rows('SELECT * FROM differences ORDER BY difference, id_number, origin, source, "row", kind'),
        clauses=clauses,
        missing=_missing(engine, judge, figures, clauses, given, insured, language),
        provisional=_provisional(engine, judge, figures, clauses, query, language),
        unverified=_unverified(figures),
    )


def _count(engine: Engine, conditions: dict[str, str], source: str) -> dict[str, bool]:
    """Return for each named condition whether it is true of anybody in `source` (a table, or a query in brackets)."""
    if not conditions:
        return {}
    columns = ", ".join(f"MAX(CASE WHEN {condition} THEN 1 ELSE 0 END) AS {name}" for name, condition in conditions.items())
    query = f"SELECT {columns} FROM {source}"
    row = engine.rows(sqlglot.transpile(query, read="duckdb", write=engine.dialect)[0]).to_pylist()[0]
    return {name: value == 1 for name, value in row.items()}


def _missing(
    engine: Engine,
    judge: Judge,
    figures: Figures,
    clauses: list[Clause],
    given: Collection[str],
    insured: bool,
    language: Language,
) -> list[dict[str, Any]]:
    """Return what would settle open clauses for everybody: figures nobody entered, rosters and records nobody handed in."""
    policy = judge.policy
    open_clauses = _count(engine, {f"bit_{bit}": f"(unknown & {1 << bit}) <> 0" for bit in range(len(clauses))}, "judged")
    waiting = [clause for bit, clause in enumerate(clauses) if open_clauses.get(f"bit_{bit}") and clause.part_of is None]
    needs = [(clause.id, *policy.basis(clause.holds)) for clause in waiting]
    rows: list[dict[str, Any]] = []
    for binding in figures.bindings:
        for name, parameter in policy.parameters.items():
            asking = [clause_id for clause_id, _, parameters in needs if name in parameters]
            # A question nobody has answered is not a figure somebody forgot to enter.
            if binding.values[name] is None and parameter.question is None and asking:
                remedy = Text(f"录入{parameter.label.zh}及其依据", f"enter {parameter.label.en} with its source").in_(language)
                row = {"fact": name, "area_code": binding.area_code, "needed_by": asking, "remedy": remedy}
                if row not in rows:  # people insured elsewhere are judged by the figures of the policy's own region
                    rows.append(row)
    absent = _absent_facts(judge, given, insured)
    for fact, file in absent.items():
        asking = [clause_id for clause_id, facts, _ in needs if fact in facts]
        if asking:
            rows.append({"fact": policy.facts[fact].subject, "needed_by": asking, "remedy": file.in_(language)})
    return rows


def _absent_facts(judge: Judge, given: Collection[str], insured: bool) -> dict[str, Text]:
    """Return the facts no file was handed in for, each with the file that would give it."""
    policy = judge.policy
    absent = {}
    for mark in reversed(marks_of(policy)):
        if mark.kind not in given:
            label = KINDS[mark.kind].label
            absent[mark.fact] = Text(f"提供{label.zh}", f"hand in the roster: {label.en}")
    if not insured:
        facts = ("scheme", "insured_locality", "student", "military", "imprisoned", "deceased")
        absent |= {
            fact: Text("提供参保人员文件（--insured）", "hand in the insured persons (--insured)")
            for fact in facts
            if fact in policy.columns
        }
    return {fact: absent[fact] for fact in policy.columns if fact in absent}


# The condition, in SQL, under which a choice nobody has made is filled in for a person.
_ASSUMED: Final = {
    WOMAN_55: "sex = 'female' AND retirement_category IS NULL",
    LOWEST_TIER: "chosen_tier_fen IS NULL",
}


def _provisional(
    engine: Engine, judge: Judge, figures: Figures, clauses: list[Clause], query: str, language: Language
) -> list[dict[str, Any]]:
    """Return the unconfirmed defaults that matter to anybody: questions of clauses and figures, and choices nobody has made."""
    policy = judge.policy
    unconfirmed = frozenset().union(*(binding.provisional for binding in figures.bindings))
    always = {question for clause in clauses for question, condition in clause.questions if condition is None}
    read = set().union(*(policy.basis(clause.holds)[1] for clause in clauses))
    # A question nobody answered, without a default, rests on nothing: its clauses are to be decided, not provisional.
    answered = {name for binding in figures.bindings for name, value in binding.values.items() if value is not None}
    always |= {question for name in read & answered if (question := policy.parameters[name].question)}
    sometimes = {
        question: condition.node
        for clause in clauses
        for question, condition in clause.questions
        if condition is not None and question in unconfirmed and question not in always
    }
    matters = _count(
        engine, {f"q_{at}": _bound(node, figures) for at, node in enumerate(sometimes.values())}, _before_judging(query)
    )
    mattering = {question for at, question in enumerate(sometimes) if matters.get(f"q_{at}")}
    rows = [
        provisional_row(question, figures.bindings, language)
        for question in questions()
        if question in unconfirmed & (always | mattering)
    ]
    assumed = {name: condition for (name, _, _), condition in _ASSUMED.items() if name in policy.columns}
    assumed_by_anybody = _count(engine, assumed, "facts")
    rows += [
        {"question": name, "default": default.in_(language), "decider": decider.in_(language)}
        for name, default, decider in _ASSUMED
        if assumed_by_anybody.get(name)
    ]
    return rows


def _before_judging(query: str) -> str:
    """Return the part of the verdict query that holds facts and derivations, as a query in brackets."""
    tree = sqlglot.parse_one(query, read="duckdb")
    ctes = tree.args.get("with_") or tree.args["with"]
    before = [cte for cte in ctes.expressions if cte.alias != "judged"]
    derived: exp.Select = exp.select("*").from_(before[-1].alias)
    for cte in before:
        derived = derived.with_(cte.alias, as_=cte.this)
    return f"({derived.sql('duckdb')}) AS derived"


def _bound(node: exp.Expr, figures: Figures) -> str:
    """Return a condition as SQL with its figures put in."""
    day = exp.Literal.number(figures.bindings[0].day)

    def value(name: str) -> exp.Expr:
        found = figures.values.get(name)
        return day if name == "on" else found.copy() if isinstance(found, exp.Expr) else exp.convert(found)

    bound = node.copy().transform(lambda each: exp.paren(value(each.name)) if isinstance(each, exp.Placeholder) else each)
    text: str = bound.sql("duckdb")
    return text


def _unverified(figures: Figures) -> list[dict[str, Any]]:
    """Return the figures that are general knowledge and must be shown as such, each once."""
    rows = []
    for binding in figures.bindings:
        for name, figure in binding.figures.items():
            if figure is not None and figure.confidence == "C":
                row = {"parameter": name, "value": figure.value, "confidence": "C", "source": figure.source}
                if row not in rows:
                    rows.append(row)
    return rows
