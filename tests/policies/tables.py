"""Tables of people: one line a case, every clause of the answer compared, and a count of which answers a table has shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from zhubao.parameters import Parameter, ParameterBook
from zhubao.policies import judge_of
from zhubao.policies.judging import Judge
from zhubao.rules import Assessment

Person = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One line: what differs from the person everything is met for, and the clauses that are then not met, unknown or open.

    `ways` are the alternatives that are met; None where the line does not look at them.
    """

    changes: Person
    no: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    ways: frozenset[str] | None = None
    on: str | None = None
    local: tuple[Parameter, ...] = ()
    amounts: Mapping[str, int | None] = field(default_factory=dict)


def words(text: str) -> frozenset[str]:
    """Return the clause ids in a line of text."""
    return frozenset(text.split())


def line(
    title: str,
    changes: Person,
    *,
    no: str = "",
    unknown: str = "",
    open_: str = "",
    ways: str | None = None,
    on: str | None = None,
    local: Iterable[Parameter] = (),
    amounts: Mapping[str, int | None] | None = None,
    shows: str = "",
) -> Any:
    """Return one line of a table as a pytest parameter; `shows` are the clauses of the register it stands for."""
    ways_met = None if ways is None else words(ways)
    case = Case(changes, words(no), words(unknown), words(open_), ways_met, on, tuple(local), amounts or {})
    return pytest.param(case, id=title, marks=[pytest.mark.clauses(*shows.split())] if shows else [])


def figure(name: str, value: int | str, *, area: str, decided_by: str = "", first: date = date(2000, 1, 1)) -> Parameter:
    """Return a local figure or setting."""
    unit = "text" if isinstance(value, str) else "fen"
    return Parameter(name, value, unit, area, first, None, "本地文件", decided_by=decided_by)


@dataclass(frozen=True)
class Table:
    """A policy, the day asked about, somebody for whom every clause is met, and local figures."""

    policy: str
    on: str
    person: Person
    local: tuple[Parameter, ...] = ()

    @property
    def judge(self) -> Judge:
        """Return the policy."""
        return judge_of(self.policy)

    def ask(self, case: Case) -> Assessment:
        """Judge the person of a line."""
        book = ParameterBook((*self.local, *case.local))
        return self.judge({**self.person, **case.changes}, on=case.on or self.on, book=book)

    def check(self, case: Case) -> None:
        """Compare every clause that counts, the verdict of the whole, and what the line says of alternatives and amounts."""
        answer = self.ask(case)
        counting = [row for row in answer.clauses if row.part_of is None]
        assert {row.id for row in counting if row.verdict.word == "not_met"} == case.no
        assert {row.id for row in counting if row.verdict.word == "evidence_missing"} == case.unknown
        assert {row.id for row in counting if row.verdict.word == "to_be_decided"} == case.open
        if case.ways is not None:
            assert {row.id for row in answer.clauses if row.part_of and row.verdict.word == "met"} == case.ways
        assert {key: answer.amounts[key] for key in case.amounts} == case.amounts
        assert set(answer.failed) == case.no
        assert set(answer.unknown) == case.unknown
        if len(answer.decisions) == 1:
            whole = "not_met" if case.no else "evidence_missing" if case.unknown else "to_be_decided" if case.open else "met"
            assert answer.verdict == whole

    def shown(self, lines: Iterable[Any]) -> dict[str, set[str]]:
        """Return for every clause of the policy, alternatives included, the verdicts its table shows."""
        result: dict[str, set[str]] = {clause.id: set() for clause in self.judge.policy.clauses}
        for each in lines:
            for row in self.ask(each.values[0]).clauses:
                result[row.id].add(row.verdict.word)
        return result

    def not_shown(self, lines: Iterable[Any]) -> dict[str, set[str]]:
        """Return for every clause the verdicts (met, not met, evidence missing) that no line shows."""
        wanted = {"met", "not_met", "evidence_missing"}
        return {clause: wanted - seen for clause, seen in self.shown(lines).items() if wanted - seen}
