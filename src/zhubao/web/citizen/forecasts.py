"""What the loan of a case would mean, reckoned from the records: the public calculator's sums with the person's own figures."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from zhubao.cases.models import Application, Case
from zhubao.evidence.facts import gather
from zhubao.evidence.forecasting import index_written
from zhubao.lending.forecast import Forecast, forecast
from zhubao.lending.forecast_figures import marks_json
from zhubao.people.selectors import insured_record
from zhubao.web.bank.forecasts import fact_said
from zhubao.web.calculator.book import FigureUsed, figures_used, public_book
from zhubao.web.calculator.loans import Row, case_of, row_of, sentence, state_of
from zhubao.web.calculator.programmes import LOANS
from zhubao.web.calculator.words import language, month_said, yuan_said


@dataclass
class Outlook:
    """The forecast of a case in words. `state`: yes, no, short, nothing, missing, as on the public page; amounts are texts.

    `hardship` tells whether the government's interest is counted on: "proved" by a list, "stated" by the applicant, "" for neither.
    """

    state: str
    sentence: str
    borrowed: str
    government: str
    monthly: str
    left: str
    until: str
    why: list[Row]
    missing: list[dict[str, Any]]
    estimates: list[str]
    figures: list[FigureUsed]
    hardship: str
    largest: str

    @property
    def made_up(self) -> bool:
        """Whether a figure of the demonstration was used."""
        return any(figure.demonstration for figure in self.figures)


def outlook(case: Case, on: date) -> Outlook:
    """Return what the loan of a case would mean as the records and the form stand; raise what the forecast refuses."""
    page, book, application = LOANS[case.policy_id], public_book(), case.application
    facts = gather(case.person, case.policy_id, on)
    hardship = _hardship(case, application, facts)
    asked, estimates = case_of(page, _values(case, application, facts, on, hardship), book)
    if application.years_asked and page.resident:
        asked["plan"]["years"] = application.years_asked
    found = forecast(asked, book=book)
    state = state_of(found)
    uncertain = marks_json(found.figures.marks, language())
    for row in uncertain["missing"]:
        row["label"] = fact_said(row["fact"])
    return Outlook(
        state,
        sentence(found, state),
        _amount(found.principal_fen),
        _amount(found.government_fen or None),
        *_each_month(found),
        [row_of(page, found, reason, state) for reason in found.why()],
        uncertain["missing"],
        estimates,
        figures_used(page.figures, on, page.area_code, book),
        hardship,
        _amount(found.largest_fen) if state == "no" and found.largest_fen else "",
    )


def _values(case: Case, application: Application, facts: dict[str, Any], on: date, hardship: str) -> dict[str, Any]:
    """Return the case as the fields of the public form would hold it."""
    record = insured_record(case.person)
    paid = _plain(facts, "paid_months") or 0
    deemed = _plain(facts, "deemed_months") if _plain(facts, "deemed_confirmed") else None
    category = _plain(facts, "retirement_category") or ("male60" if case.person.sex == "male" else "female55")
    index = record.index_ppm if record else None
    return {
        "birth": f"{case.person.born:%Y-%m}",
        "category": category,
        "paid_years": paid // 12,
        "paid_months": paid % 12,
        "account": record.account_fen if record else None,
        "deemed": deemed,
        "index": None if index is None else index_written(index),
        "on": on,
        "yearly": str((application.tier_fen or 0) // 100),
        "hardship": "yes" if hardship else "no",
    }


def _plain(facts: dict[str, Any], key: str) -> Any:
    fact = facts.get(key)
    return fact["value"] if fact else None


def _hardship(case: Case, application: Application, facts: dict[str, Any]) -> str:
    """Return how the hardship is known. Rugao lends to nobody else; Tongling knows none."""
    if any(identity.get("value") for identity in facts.get("identities", {}).values()):
        return "proved"
    return "stated" if application.category else ""


def _each_month(found: Forecast) -> tuple[str, str, str]:
    """Return the monthly deduction, what is left of the first pension, and the last month; "" where there is no such figure."""
    if found.loan is None or found.repaid is None or not found.principal_fen:
        return "", "", ""
    left = found.loan.first_month()[0] - found.repaid.monthly_fen
    until = month_said(found.last_month) if found.last_month is not None else ""
    return yuan_said(found.repaid.monthly_fen), yuan_said(left), until


def _amount(fen: int | None) -> str:
    return "" if fen is None else yuan_said(fen)
