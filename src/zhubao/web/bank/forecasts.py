"""Forecasts of a list: the cases, the answers in words, what all of them rest on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from zhubao.errors import ZhubaoError
from zhubao.lending.forecast import forecast, forecast_many
from zhubao.lending.forecast_figures import marks_json
from zhubao.parameters import ParameterBook
from zhubao.parameters.names import declared
from zhubao.web.calculator.book import FigureUsed, figures_used
from zhubao.web.calculator.programmes import LoanPage
from zhubao.web.calculator.words import language, said

from .reading import Candidate, Fault, Listed


@dataclass(frozen=True)
class Terms:
    """The bank's terms as typed; None = the default of the conventions, listed among what the answers rest on."""

    rate_ppm: int | None
    day_count: str | None
    settlement: str | None
    deduction_day: int | None
    capitalise: bool | None
    yearly_fen: int | None

    def as_case(self) -> dict[str, Any]:
        """Return the key `bank` of a case."""
        return {
            "rate_ppm": self.rate_ppm,
            "day_count": self.day_count,
            "settlement": self.settlement,
            "deduction_day": self.deduction_day,
            "capitalise": self.capitalise,
        }


@dataclass(frozen=True)
class Judged:
    """One candidate with the answer: the row of `forecast_many`, whether in words with its tone, why, what was taken for granted."""

    candidate: Candidate
    row: dict[str, Any]
    words: str
    tone: str
    why: str
    assumed: str


@dataclass(frozen=True)
class Answers:
    """All answers of a list. `rests_on` are provisional defaults that hold for every row."""

    page: LoanPage
    on: date
    terms: Terms
    listed: Listed
    judged: list[Judged]
    rests_on: list[dict[str, Any]]
    figures: list[FigureUsed]
    faults: list[Fault]

    def count(self, tone: str) -> int:
        """Return how many have an answer of one tone."""
        return sum(each.tone == tone for each in self.judged)

    @property
    def yes(self) -> int:
        """How many can repay."""
        return self.count("ok")

    @property
    def no(self) -> int:
        """How many cannot."""
        return self.count("bad")

    @property
    def open(self) -> int:
        """How many cannot be told."""
        return self.count("wait")

    @property
    def made_up(self) -> bool:
        """Whether a figure of the demonstration was used."""
        return any(figure.demonstration for figure in self.figures)


def case_of(candidate: Candidate, page: LoanPage, on: date, terms: Terms) -> dict[str, Any]:
    """Return the case of one candidate."""
    values = candidate.values
    category = values.get("category")
    person: dict[str, Any] = {"birth": values["birth"], "paid_months": values.get("paid"), "account_fen": values.get("account")}
    plan: dict[str, Any] = {"agreed_fen": values.get("agreed"), "own_fen": values.get("own") or 0}
    if page.resident:
        plan |= {"yearly_fen": values.get("yearly", terms.yearly_fen), "years": values.get("years")}
    else:
        person |= {"deemed_months": values.get("deemed"), "index": values.get("index")}
        person |= {"sex": "female"} if category == "female" else {"retirement_category": category}
    return {
        "id": candidate.row,
        "policy": page.id,
        "on": on.isoformat(),
        "person": person,
        "hardship": values.get("hardship") if page.asks_hardship else None,
        "plan": plan,
        "bank": terms.as_case(),
    }


def answers(page: LoanPage, on: date, terms: Terms, listed: Listed, book: ParameterBook) -> Answers:
    """Return the answers of a list in its order; a candidate whose case cannot be is among the faults, by its row."""
    cases = [case_of(candidate, page, on, terms) for candidate in listed.candidates]
    judged: list[Judged] = []
    faults = list(listed.faults)
    for candidate, row in zip(listed.candidates, forecast_many(cases, book=book, language=language()), strict=True):
        if row["error"]:
            faults.append(Fault(_("row %(row)s") % {"row": candidate.row}, "", _without_code(row["error"])))
        else:
            judged.append(_judged(candidate, row))
    rests_on = _rests_on(cases, {each.candidate.row for each in judged}, book)
    return Answers(page, on, terms, listed, judged, rests_on, figures_used(page.figures, on, page.area_code, book), faults)


# With too few months there is no pension to deduct from: these would be figures of something that never happens.
_OF_A_PENSION = ("pension_fen", "monthly_fen", "months", "last_month", "total_cost_fen", "borrower_interest_fen")


def _judged(candidate: Candidate, row: dict[str, Any]) -> Judged:
    if "enough_months" in row["fails"]:
        row = {**row, "fails": ["enough_months"], **dict.fromkeys(_OF_A_PENSION)}
    words, tone = {
        True: (_("can repay"), "ok"),
        False: (_("cannot repay"), "bad"),
        None: (_("cannot be told"), "wait"),
    }[row["affordable"]]
    return Judged(candidate, row, words, tone, _why(row), "; ".join(candidate.assumed))


def _why(row: dict[str, Any]) -> str:
    if row["affordable"] is None:
        return _("missing: %(facts)s") % {"facts": _joined(fact_said(fact) for fact in row["missing"])}
    if row["affordable"]:
        return _("enough months, interest covered, repaid in time") if row["principal_fen"] else _("nothing left to borrow for")
    failing = {
        "enough_months": _("not enough months for a pension"),
        "covers_interest": _("the deduction does not cover the interest"),
        "ends_in_term": _("not repaid within the longest term"),
        "ends_in_life": _("not repaid by the age looked to"),
    }
    return _joined(failing[code] for code in row["fails"])


def fact_said(fact: str) -> str:
    """Return a missing fact as the list's columns name it."""
    known = declared(fact)
    columns = {
        "hardship": _("hardship borrower or not"),
        "account_fen": _("account balance"),
        "paid_months": _("months paid"),
        "retirement_category": _("sex or retirement category"),
        "yearly_fen": _("yearly contribution"),
        "index": _("contribution index"),
        "bank.rate_ppm": _("the bank's rate"),
    }
    return columns.get(fact) or (said(known.label) if known is not None else fact)


def _joined(words: Iterator[str] | Any) -> str:
    return ("；" if language() == "zh" else "; ").join(words)


def _without_code(message: str) -> str:
    return message.partition(": ")[2] or message


def _rests_on(cases: list[dict[str, Any]], good: set[int], book: ParameterBook) -> list[dict[str, Any]]:
    """Return what the first answer takes for granted: the bank's terms and the figures of later years are the same for all."""
    for case in cases:
        if case["id"] in good:
            try:
                return marks_json(forecast(case, book=book).figures.marks, language())["provisional"]
            except ZhubaoError:
                continue
    return []
