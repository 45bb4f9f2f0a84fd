"""Asking a policy about one person: read the record, look up the figures of the day and place, judge, give the reasons."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text
from zhubao.parameters import Bound, ParameterBook, check_bounds
from zhubao.parameters.questions import questions
from zhubao.rules.assessment import Assessment, Known
from zhubao.rules.binding import Binding, bind
from zhubao.rules.compiled import Compiled, compile_policy
from zhubao.rules.policy import Policy

from .person import read_person

_REMEMBERED = 512


class Assess(Protocol):
    """Judge a person on a day; `book` brings local figures and settings, the built-in tables stand alone without it."""

    def __call__(self, person: Mapping[str, Any], *, on: date | str, book: ParameterBook | None = None) -> Assessment: ...


class Judge:
    """A policy ready to answer: compiled once, with the figures of each day and place looked up once."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._compiled: dict[bool, Compiled] = {}
        self._prepared: dict[tuple[Any, ...], tuple[Binding, tuple[Any, ...], frozenset[str], ParameterBook]] = {}

    def compiled(self, *, with_contract: bool) -> Compiled:
        """Return the policy as a Python function, compiled on first use."""
        if with_contract not in self._compiled:
            self._compiled[with_contract] = compile_policy(self.policy, with_contract=with_contract)
        return self._compiled[with_contract]

    def binding(self, on: date, area_code: str = "", book: ParameterBook | None = None) -> Binding:
        """Return the figures of a day and place.

        Raise E-POLICY-NOT-IN-FORCE, E-PARAM-NARROWS for a local entry the text does not allow, E-SETTING-VALUE for an answer to an
        open question that the rules cannot follow.
        """
        return self._prepare(on, area_code, book or ParameterBook.built_in())[0]

    def _prepare(
        self, on: date, area_code: str, book: ParameterBook, signed_on: date | None = None
    ) -> tuple[Binding, tuple[Any, ...], frozenset[str], ParameterBook]:
        key = (on, area_code, id(book), signed_on)
        found = self._prepared.get(key)
        if found is not None:
            return found
        place = area_of(self.policy, area_code)
        check_bounds(book.local_entries, bounds(self.policy))
        extended = book.find("setting.extended_to", on, place)
        self.policy.check_in_force(on, date.fromisoformat(str(extended.value)) if extended is not None else None)
        _check_answers(self.policy, book, on, place)
        binding = bind(self.policy, book, on, place, signed_on)
        unfollowed = _unfollowed(self.policy, book, on, place)
        binding = replace(binding, provisional=binding.provisional | unfollowed.keys(), unfollowed=unfollowed)
        figures = (binding.day, *binding.values.values())
        extra = book.find("extra_categories", on, place) if "identity_extra" in self.policy.facts else None
        codes = frozenset(re.findall(r"[^\s,，;；、]+", str(extra.value))) if extra is not None else frozenset[str]()
        if len(self._prepared) >= _REMEMBERED:
            self._prepared.clear()
        self._prepared[key] = binding, figures, codes, book  # the book is kept so that its id stays its own
        return self._prepared[key]

    def __call__(self, person: Mapping[str, Any], *, on: date | str, book: ParameterBook | None = None) -> Assessment:
        """Judge `person` on the day `on`; see `read_person` and `binding` for what raises."""
        day = on if isinstance(on, date) else parse_day(on)
        locality = person.get("insured_locality")
        area = locality if isinstance(locality, str) else str(locality.get("value", "")) if isinstance(locality, dict) else ""
        known_book = book or ParameterBook.built_in()
        binding, figures, extra, _ = self._prepare(day, area, known_book)
        known = read_person(self.policy, person, day, extra)
        if known.has_contract and known.values.get("loan_signed_on"):
            signed_on = date.fromisoformat(str(known.values["loan_signed_on"]))
            binding, figures, *_ = self._prepare(day, area, known_book, signed_on)
        return self._judge(known, binding, figures)

    def judge(self, known: Known, binding: Binding) -> Assessment:
        """Judge facts already read, with figures already looked up."""
        return self._judge(known, binding, (binding.day, *binding.values.values()))

    def _judge(self, known: Known, binding: Binding, figures: tuple[Any, ...]) -> Assessment:
        compiled = self.compiled(with_contract=known.has_contract)
        return Assessment(compiled, binding, known, tuple(map(known.values.get, compiled.columns)), figures)


def _check_answers(policy: Policy, book: ParameterBook, on: date, place: str) -> None:
    """Refuse an answer to an open question that the rules do not know how to follow: to pass it over would be worse."""
    if not any(entry.name.startswith("setting.") for entry in book.local_entries):
        return
    followed = {parameter.question for parameter in policy.parameters.values()}
    for question_id in sorted({question for clause in policy.clauses for question, _ in clause.questions} - followed):
        entry = book.find(f"setting.{question_id}", on, place)
        if entry is not None and entry.value in questions()[question_id].alternatives:
            raise ZhubaoError(
                "E-SETTING-VALUE",
                Text(
                    f"规则只支持 {questions()[question_id].value}", f"the rules can only follow {questions()[question_id].value}"
                ),
                place=f"{entry.place} {entry.name} = {entry.value}".strip(),
                remedy=Text("删去这一行，或联系开发方增加规则", "delete the row, or have the rule written"),
            )


def _unfollowed(policy: Policy, book: ParameterBook, on: date, place: str) -> dict[str, str]:
    """Return the questions somebody answered otherwise than by default where the rules know only the default, with the answers."""
    if not any(entry.name.startswith("setting.") for entry in book.local_entries):
        return {}
    followed = {parameter.question for parameter in policy.parameters.values()}
    answers = {}
    for question_id in {question for clause in policy.clauses for question, _ in clause.questions} - followed:
        entry = book.find(f"setting.{question_id}", on, place)
        if entry is not None and not questions()[question_id].is_default(str(entry.value)):
            answers[question_id] = str(entry.value)
    return answers


def assessor(policy: Policy) -> Judge:
    """Return what a policy module offers as `assess`."""
    return Judge(policy)


def area_of(policy: Policy, area_code: str) -> str:
    """Return the place whose figures count: the person's place of insurance inside the policy's region, else the region itself."""
    return area_code if area_code.startswith(policy.region) else policy.region.ljust(6, "0")


def bounds(policy: Policy) -> list[Bound]:
    """Return what the text lets a locality change, and in which direction only."""
    limits = []
    for parameter in policy.parameters.values():
        if parameter.only_up is None:
            continue
        word = Text("只可放宽，不可收紧", "a locality may relax it, never narrow it")
        least, most = (parameter.default, None) if parameter.only_up else (None, parameter.default)
        clause = next((clause.id for clause in policy.clauses if parameter.name in policy.basis(clause.holds)[1]), policy.id)
        limits.append(Bound(parameter.name, policy.region, clause, word, least, most))
    return limits


@lru_cache(maxsize=1024)
def parse_day(text: str) -> date:
    """Return "2026-08-31" as a date; E-DATE otherwise."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ZhubaoError("E-DATE", Text("应为日期，如 2026-08-31", "must be a day such as 2026-08-31"), place=text)
    return day


def as_json(assessment: Assessment, language: Language = "zh") -> dict[str, Any]:
    """Return the result of the JSON contract."""
    policy = assessment.compiled.policy
    words: Callable[[Text], str] = lambda text: text.in_(language)  # noqa: E731
    result: dict[str, Any] = {"policy": policy.id, "as_of": assessment.binding.on.isoformat()}
    if policy.trial:
        result["trial"] = True
    missing = []
    for each in assessment.missing:
        row: dict[str, Any] = {"fact": each.fact, "needed_by": list(each.needed_by), "remedy": words(each.remedy)}
        missing.append({"fact": each.fact, "area_code": each.area_code, **row} if each.area_code else row)
    return {
        **result,
        "verdict": assessment.verdict,
        "category": assessment.category,
        "categories": assessment.categories,
        "payer": assessment.payer,
        "decisions": assessment.decisions,
        "clauses": [row.as_json(language) for row in assessment.clauses],
        "amounts": assessment.amounts,
        "missing": missing,
        "provisional": provisional(assessment, language),
        "unverified": [
            {"parameter": name, "value": figure.value, "confidence": figure.confidence, "source": figure.source}
            for name, figure in assessment.unverified
        ],
    }


def provisional(assessment: Assessment, language: Language) -> list[dict[str, Any]]:
    """Return the defaults the answer rests on that nobody has confirmed: which question, what was taken, who decides."""
    rows = [provisional_row(question_id, [assessment.binding], language) for question_id in assessment.provisional]
    rows += [
        {"question": fact, "default": taken.in_(language), "decider": decider.in_(language)}
        for fact, taken, decider in assessment.known.assumed
    ]
    return rows


def provisional_row(question_id: str, bindings: Iterable[Binding], language: Language) -> dict[str, Any]:
    """Return a question whose default nobody has confirmed.

    `to_be_decided` marks one whose default was not taken either, so that clauses wait; `decided` holds an answer the rules cannot follow.
    """
    question = questions()[question_id]
    row: dict[str, Any] = {
        "question": question_id,
        "default": question.default.in_(language),
        "decider": question.decider.in_(language),
    }
    for binding in bindings:
        if question_id in binding.undecided:
            row["to_be_decided"] = True
        if question_id in binding.unfollowed:
            row["decided"] = binding.unfollowed[question_id]
    return row
