"""The register of measures: what the documents ask offices to organise and report, in our own words, and the figures that show it.

A measure is tracked by a county that takes its document up: with responsible units, a lead unit, reports due and evidence. Two csv
files; reading them costs a few milliseconds and happens on the first question.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, cast

from zhubao.errors import ZhubaoError
from zhubao.language import Text

FOLDER = Path(__file__).parent

Per = Literal["county", "township", "bank"]
Period = Literal["month", "quarter", "year", "festival", "plan"]
Unit = Literal["persons", "count", "fen", "ppm", "hours", "points", "days"]
Risk = Literal["", "age", "injury", "unemployment"]


@dataclass(frozen=True, slots=True)
class MeasureText:
    """One measure of a document.

    `number` groups the rows of one numbered measure and `article` says where it stands; `units` are kinds of organisations that answer
    for it, `lead` the one that reports; `per` says whether a county has one row, one a township or one a bank. `period` is how often
    it is reported: ``festival`` is once a year before the Spring Festival, ``plan`` when the superior's plan names a day. `until` is
    the last day of the period the text itself names, None where it names none.
    """

    id: str
    policy: str
    number: str
    article: str
    title: Text
    text: Text
    clauses: tuple[str, ...]
    units: tuple[str, ...]
    lead: str
    per: Per
    period: Period
    until: date | None
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """One figure that shows how a measure goes.

    `source`: ``live`` where the system counts it itself, ``entered`` where a unit of one of the kinds in `by` hands it in for each
    `period`. A `unit` of ppm is a share with numerator and denominator. `parts` divide an entered figure (code, words); with
    `more_parts` a county may add its own. `target_ppm` is what a share should reach. `risk` is the line of the bulletin it stands in.
    """

    name: str
    label: Text
    unit: Unit
    source: Literal["live", "entered"]
    by: tuple[str, ...]
    period: Literal["quarter", "year"]
    parts: tuple[tuple[str, Text], ...]
    more_parts: bool
    target_ppm: int | None
    risk: Risk
    clauses: tuple[str, ...]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _part(text: str) -> tuple[str, Text]:
    code, zh, en = text.split("/")
    return code, Text(zh, en)


@cache
def measures(policy: str | None = None) -> tuple[MeasureText, ...]:
    """Return the measures of one document in its order, or of all; () for a document that has none."""
    if policy is not None:
        return tuple(each for each in measures() if each.policy == policy)
    return tuple(
        MeasureText(
            id=row["id"],
            policy=row["policy"],
            number=row["number"],
            article=row["article"],
            title=Text(row["title_zh"], row["title_en"]),
            text=Text(row["text_zh"], row["text_en"]),
            clauses=_names(row["clauses"]),
            units=_names(row["units"]),
            lead=row["lead"],
            per=cast(Per, row["per"]),
            period=cast(Period, row["period"]),
            until=date.fromisoformat(row["until"]) if row["until"] else None,
            indicators=_names(row["indicators"]),
        )
        for row in _rows("measures")
    )


def measure(measure_id: str) -> MeasureText:
    """Return the measure with this id (``gz-5``); raise E-MEASURE-UNKNOWN."""
    for each in measures():
        if each.id == measure_id:
            return each
    raise ZhubaoError("E-MEASURE-UNKNOWN", Text("措施登记表里没有这一项", "the register has no such measure"), place=measure_id)


@cache
def indicators() -> dict[str, IndicatorText]:
    """Return every indicator by its name, in the order of the register."""
    return {
        row["name"]: IndicatorText(
            name=row["name"],
            label=Text(row["label_zh"], row["label_en"]),
            unit=cast(Unit, row["unit"]),
            source=cast(Literal["live", "entered"], row["source"]),
            by=_names(row["by"]),
            period=cast(Literal["quarter", "year"], row["period"]),
            parts=tuple(map(_part, _names(row["parts"]))),
            more_parts=row["more_parts"] == "yes",
            target_ppm=int(row["target_ppm"]) if row["target_ppm"] else None,
            risk=cast(Risk, row["risk"]),
            clauses=_names(row["clauses"]),
        )
        for row in _rows("indicators")
    }


def indicator(name: str) -> IndicatorText:
    """Return the indicator of a name; raise E-INDICATOR-UNKNOWN."""
    found = indicators().get(name)
    if found is None:
        raise ZhubaoError("E-INDICATOR-UNKNOWN", Text("没有这个指标", "there is no such indicator"), place=name)
    return found
