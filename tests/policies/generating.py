"""Random facts of people at the edges the documents draw, and the answers of one person's function and of printed queries."""

import random
from datetime import date, timedelta
from typing import Any

from zhubao.parameters import Parameter, ParameterBook
from zhubao.policies.judging import Judge
from zhubao.rules import Binding, Known
from zhubao.rules.sql import verdict_query

Row = tuple[Any, ...]
REGIONS = {
    "jiangxi-2020-7": "360702",
    "rugao-draft": "320682",
    "tongling-2022-13": "340705",
    "pengshui-2022": "500243",
    "ganzhou-2021-7": "360702",
}
DAYS = {
    "jiangxi-2020-7": ("2020-12-30", "2021-06-30", "2024-02-29", "2024-12-31", "2025-01-01", "2031-11-30"),
    "rugao-draft": ("2019-10-01", "2024-02-29", "2024-12-31", "2025-01-01", "2026-10-12", "2031-09-30"),
    "tongling-2022-13": ("2022-01-25", "2024-02-29"),
    "pengshui-2022": ("2022-01-01", "2022-02-28", "2022-12-31"),
    "ganzhou-2021-7": ("2021-12-17", "2024-02-29", "2025-12-31"),
}  # fmt: skip
TEXTS = {
    "sex": ("male", "female"),
    "scheme": ("employee_pension", "resident_pension", "institution_pension", "none"),
    "participation_type": ("flexible", "employer"),
    "retirement_category": ("male60", "female55", "female50", "resident60"),
}
SMALL = (0, 1, 5, 6, 12, 31, 32, 48, 49, 59, 60, 61, 79, 80, 95, 96, 97, 119, 120, 121, 134, 148, 179, 180, 181, 239, 240)
MONEY = (0, 1, 10_000, 20_000, 30_000, 50_000, 86_400, 840_000)


def _day(value: date) -> int:
    return value.year * 10_000 + value.month * 100 + value.day


def birth(draw: random.Random, on: date) -> tuple[int, int]:
    """Return the first and last possible day of birth: near an age that matters, on leap days, or any; sometimes only a month."""
    age = draw.choice((15, 16, 45, 50, 52, 55, 57, 58, 59, 60, 61, 63))
    near = date(on.year - age, on.month, 1) + timedelta(
        days=draw.choice((0, on.day - 2, on.day - 1, on.day, draw.randrange(-700, 700)))
    )
    born = date(draw.choice((1964, 1968, 1972, 1976)), 2, 29) if draw.random() < 0.1 else near
    if draw.random() < 0.8:
        return _day(born), _day(born)
    last = (born.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return _day(born.replace(day=1)), _day(last)


def facts(draw: random.Random, judge: Judge, on: date, columns: list[str]) -> dict[str, Any]:
    """Return random facts for `columns`; about one in eight is unknown, and most people fit the document otherwise."""
    policy, born, known = judge.policy, birth(draw, on), {}
    for name in columns:
        fact = policy.facts[name]
        if draw.random() < 0.12 or (fact.optional and draw.random() < 0.6 and name != "birth_first"):
            known[name] = None
        elif name in ("birth_first", "birth_last"):
            known[name] = born[name == "birth_last"]
        elif fact.type == "flag":
            known[name] = draw.random() < (0.3 if name.startswith("identity") else 0.5)
        elif name in TEXTS:
            known[name] = draw.choice(TEXTS[name])
        elif fact.type == "text":
            known[name] = draw.choice((REGIONS[policy.id], REGIONS[policy.id], "500101", "440106"))
        elif name == "elected_month":
            known[name] = on.year * 12 + on.month + draw.randrange(-3, 90)
        else:
            known[name] = draw.choice(MONEY if name.endswith("_fen") else SMALL)
    if ("birth_first" in known and known["birth_first"] is None) or ("birth_last" in known and known["birth_last"] is None):
        known |= {name: None for name in ("birth_first", "birth_last") if name in known}
    return known


def book(draw: random.Random, judge: Judge) -> ParameterBook:
    """Return local figures that are sometimes absent, and sometimes an answer to an open question."""
    area = REGIONS[judge.policy.id]
    entries = [
        ("lowest_tier_monthly_fen", 86_400),
        ("lowest_tier_yearly_fen", draw.choice((10_000, 20_000, 30_000))),
        ("setting.A-RG-8", draw.choice(("180", "240"))),
        ("setting.pension_from", "same_month"),
        ("setting.A-PS-2", "excluded"),
        ("setting.A-JX-4", "urban"),
        ("setting.A-JX-14", "twelve_months"),
    ]
    return ParameterBook(
        tuple(
            Parameter(name, value, "", area, date(2000, 1, 1), None, "test")
            for name, value in entries
            if draw.random() < (0.7 if name.startswith("lowest") else 0.3)
        )
    )


def one_by_one(judge: Judge, binding: Binding, people: list[dict[str, Any]]) -> list[Row]:
    """Return what the compiled function says of each person."""
    clauses = [clause.id for clause in judge.policy.judged(with_contract=False)]
    rows = []
    for known in people:
        answer = judge.judge(Known(known), binding)
        masks = [sum(1 << clauses.index(each) for each in ids) for ids in (answer.failed, answer.unknown, answer.undecided)]
        verdicts = [int(verdict) for verdict in answer.outcomes.values()]
        rows.append((*verdicts, *masks, answer.category, answer.payer, *answer.amounts.values()))
    return rows


def query(judge: Judge, binding: Binding, dialect: str) -> str:
    """Return the query over a relation `facts` with a column `person`, in the order of people."""
    printed = verdict_query(judge.policy, binding.values, on=binding.day, passthrough=["person"], dialect=dialect)
    return f"SELECT * FROM ({printed}) AS answers ORDER BY person"


def table(judge: Judge, columns: list[str]) -> str:
    """Return the columns of the relation `facts` with their types."""
    types = {"flag": "BOOLEAN", "number": "BIGINT", "text": "VARCHAR"}
    return ", ".join(["person BIGINT", *(f"{name} {types[judge.policy.facts[name].type]}" for name in columns)])


def values(people: list[dict[str, Any]], columns: list[str]) -> list[list[Any]]:
    """Return the rows of the relation `facts`."""
    return [[at, *(known[name] for name in columns)] for at, known in enumerate(people)]
