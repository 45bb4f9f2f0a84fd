"""Whether the pension carries the loan of a case: the forecast a citizen sees, made with what is on record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from zhubao.cases.contract import CONTRACTING
from zhubao.cases.models import Application, BankOffer
from zhubao.cases.models.review import DecisionKind
from zhubao.errors import ZhubaoError
from zhubao.evidence.forecasting import person_forecast
from zhubao.lending.forecast import Forecast, forecast
from zhubao.lending.forecast_figures import marks_json
from zhubao.web.bank.forecasts import fact_said
from zhubao.web.calculator.loans import Row, row_of, sentence, state_of
from zhubao.web.calculator.programmes import LOANS
from zhubao.web.calculator.words import explained, language, month_said, months_said, yuan_said

from .verdict import Standing

TIER = "lowest_tier_monthly_fen"


@dataclass(frozen=True)
class Panel:
    """The forecast of a case in words. `tone` is ok, bad or wait; `fault` says why there is none."""

    on: date
    fault: str = ""
    sentence: str = ""
    tone: str = "wait"
    figures: tuple[tuple[str, str], ...] = ()
    why: tuple[Row, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    provisional: tuple[str, ...] = ()
    unverified: tuple[tuple[str, str], ...] = ()
    tranches: tuple[tuple[date, int, int], ...] = ()
    notes: tuple[str, ...] = ()


def panel(stands: Standing, application: Application, offer: BankOffer | None, hardship: bool | None) -> Panel:
    """Return the forecast of a case as things stand.

    The bank's offer gives rate and instalment once there is one; before, the conventions stand in and are listed. `hardship`: whether
    the interest subsidy is granted or would be, None while nobody knows.
    """
    case, on = stands.case, stands.on
    try:
        found = forecast(_values(stands, application, offer, hardship), book=stands.book)
    except ZhubaoError as error:
        return Panel(on, fault=explained(error))
    state = state_of(found)
    page = LOANS[case.policy_id]
    marks = marks_json(found.figures.marks, language())
    return Panel(
        on,
        sentence=sentence(found, state),
        tone={"yes": "ok", "no": "bad", "short": "bad"}.get(state, "wait"),
        figures=tuple(_figures(found)),
        why=tuple(row_of(page, found, reason, state) for reason in found.why()),
        missing=tuple((fact_said(str(row["fact"])), str(row["remedy"])) for row in marks["missing"]),
        provisional=tuple(str(row["default"]) for row in marks["provisional"]),
        unverified=tuple((fact_said(str(row["parameter"])), str(row["source"])) for row in marks["unverified"]),
        tranches=tuple((each.on, each.months, each.fen) for each in found.tranches or ()),
        notes=tuple(_notes(stands, found)),
    )


def _notes(stands: Standing, found: Forecast) -> Iterator[str]:
    """Yield how the draws differ from the amount decided, and which years' tiers are carried on and not published."""
    if CONTRACTING[stands.case.policy_id].tier_chosen or not found.tranches:
        return
    decided = [each.amount_fen for each in stands.case.decisions.all() if each.kind == DecisionKind.LOAN and each.amount_fen]
    if decided and found.principal_fen is not None and decided[-1] != found.principal_fen:
        words = _(
            "Decided: %(decided)s, every month at the tier of the decision. The forecast borrows %(forecast)s, each year at its own tier; "
            "what may be drawn is what was decided."
        )
        yield words % {"decided": yuan_said(decided[-1]), "forecast": yuan_said(found.principal_fen)}
    known = _known_until(stands, found)
    assumed = sorted({each.on.year for each in found.tranches if known is not None and each.on.year > known})
    if assumed:
        words = _("Tiers of %(years)s are not published yet: that of %(known)s is carried on, assumed.")
        yield words % {"years": _(", ").join(str(year) for year in assumed), "known": known}


def _known_until(stands: Standing, found: Forecast) -> int | None:
    """Return the last year the lowest tier is known for, as the forecast takes it."""
    steps = found.figures.steps(TIER)
    if not steps:
        return None
    last = steps[-1].start
    entry = stands.book.find(TIER, last, found.figures.case.person.area_code)
    until = stands.on.year if entry is None or entry.effective_to is None else min(stands.on.year, entry.effective_to.year)
    return max(last.year, until)


def _values(stands: Standing, application: Application, offer: BankOffer | None, hardship: bool | None) -> dict[str, Any]:
    case = stands.case
    record = stands.held.record_in(str(stands.facts.get("scheme", {}).get("value", "")))
    person = person_forecast(case.person.born, stands.facts, record)
    plan: dict[str, Any] = {}
    if CONTRACTING[case.policy_id].tier_chosen:
        plan = {"yearly_fen": application.tier_fen, "years": application.years_asked}
    values: dict[str, Any] = {"policy": case.policy_id, "on": stands.on.isoformat(), "person": person, "plan": plan}
    if LOANS[case.policy_id].asks_hardship:
        values["hardship"] = hardship
    if offer is not None:
        plan["agreed_fen"] = offer.instalment_fen
        values["bank"] = {"rate_ppm": offer.rate_ppm, "day_count": offer.day_count, "settlement": offer.settlement}
    return values


def _figures(found: Forecast) -> list[tuple[str, str]]:
    """Return the figures a borrower signs for, each with its name; what is not known is left out."""
    career, repaid, loan = found.career, found.repaid, found.loan
    rows: list[tuple[str, str]] = []
    if career is not None:
        rows.append((_("First pension month"), month_said(career.pension)))
        rows.append((_("Months to be paid by loan"), months_said(career.months)))
    if found.principal_fen is not None:
        rows.append((_("Borrowed in all"), yuan_said(found.principal_fen)))
    if found.government_fen is not None and found.case.policy.subsidy != "none":
        rows.append((_("Interest the government bears"), yuan_said(found.government_fen)))
    if found.borrower_interest_fen is not None:
        rows.append((_("Interest the borrower bears"), yuan_said(found.borrower_interest_fen)))
    if found.estimate is not None and found.estimate.total_fen is not None:
        rows.append((_("First month's pension, estimated"), yuan_said(found.estimate.total_fen)))
    if loan is not None and repaid is not None:
        rows.append((_("Deducted each month"), yuan_said(repaid.monthly_fen)))
        rows.append((_("Left each month"), yuan_said(loan.first_month()[0] - repaid.monthly_fen)))
        rows.append((_("Paid off"), month_said(found.last_month) if repaid.months is not None else _("never")))
    return rows
