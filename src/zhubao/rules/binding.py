"""The figures a policy is judged with on one day in one place: from the tables, from local settings, or the default of a question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .policy import Parameter, Policy


class Figure(Protocol):
    """A dated figure as the parameter tables give it."""

    @property
    def value(self) -> int | str:
        """The figure: fen, ppm or a count as its name says, or a word."""

    @property
    def source(self) -> str:
        """Where it was published."""

    @property
    def confidence(self) -> str:
        """How sure it is."""

    @property
    def decided_by(self) -> str:
        """Who decided it, "" where it is published."""


class Book(Protocol):
    """Whoever knows the dated figures: the built-in tables with local values laid over them."""

    def find(self, name: str, on: date, area_code: str) -> Figure | None:
        """Return the figure of `name` in force on `on` in `area_code` or the area around it, None where nobody entered one."""
        ...


@dataclass(frozen=True)
class Binding:
    """The figures of one policy, one day, one place.

    `values` holds a number per parameter of the policy, None where nobody knows it; `figures` the entry behind it; `provisional`
    the questions nobody has confirmed an answer to; `undecided` those of them that have no default either, so that clauses wait;
    `unfollowed` those somebody answered in words no rule can follow (question → the words), so that the default still stands in.
    """

    on: date
    area_code: str
    values: Mapping[str, int | None]
    figures: Mapping[str, Figure | None]
    provisional: frozenset[str]
    undecided: frozenset[str] = frozenset()
    unfollowed: Mapping[str, str] = field(default_factory=dict)

    @property
    def day(self) -> int:
        """Return the day as yyyymmdd."""
        return day_number(self.on)


def day_number(day: date) -> int:
    """Return a date as the integer yyyymmdd the rules count with."""
    return day.year * 10_000 + day.month * 100 + day.day


def bind(policy: Policy, book: Book, on: date, area_code: str, signed_on: date | None = None) -> Binding:
    """Look up every parameter of `policy`: by its own name, then by the setting of its question, then its default.

    Figures that count on the day of signing are those of `signed_on`, the day the loan contract was signed, where one is given.
    """
    values: dict[str, int | None] = {}
    figures: dict[str, Figure | None] = {}
    for parameter in policy.parameters.values():
        figure = _find(parameter, book, signed_on if parameter.at_signing and signed_on else on, area_code)
        figures[parameter.name] = figure
        values[parameter.name] = parameter.default if figure is None else _value(parameter, figure)
    asked = {question for clause in policy.clauses for question, _ in clause.questions}
    asked |= {parameter.question for parameter in policy.parameters.values() if parameter.question}
    provisional = frozenset(question for question in asked if not _confirmed(question, policy, figures, book, on, area_code))
    waiting = {question for clause in policy.clauses if clause.open_when is not None for question, _ in clause.questions}
    answered = {parameter.question for name, parameter in policy.parameters.items() if values[name] is not None}
    return Binding(on, area_code, values, figures, provisional, provisional & waiting - answered)


def _find(parameter: Parameter, book: Book, on: date, area_code: str) -> Figure | None:
    figures = (book.find(name, on, area_code) for name in parameter.names)
    return next((figure for figure in figures if figure is not None), None)


def _value(parameter: Parameter, figure: Figure) -> int:
    """Return the figure as the rules count with it: the word of a setting as its number, digits as an integer."""
    codes = parameter.codes
    if codes is None and (isinstance(figure.value, int) or (figure.value.isascii() and figure.value.isdecimal())):
        return int(figure.value)
    if codes is None or figure.value not in codes:
        words = ", ".join(codes) if codes else "0, 1, 2…"
        raise ZhubaoError(
            "E-SETTING-VALUE",
            Text(f"取值应为 {words} 之一，不是 {figure.value}", f"must be one of {words}, not {figure.value}"),
            place=parameter.names[0],
            remedy=Text("改正参数文件中的这一行", "correct the row of the parameter file"),
        )
    return codes[str(figure.value)]


def _confirmed(question: str, policy: Policy, figures: Mapping[str, Figure | None], book: Book, on: date, area_code: str) -> bool:
    """Whether somebody with a name has decided the question: through its setting or through the figure it stands for."""
    setting = book.find(f"setting.{question}", on, area_code)
    entered = [figures[name] for name, parameter in policy.parameters.items() if parameter.question == question]
    return any(figure is not None and bool(figure.decided_by) for figure in (setting, *entered))
