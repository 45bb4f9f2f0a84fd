"""From the form of a loan to the forecast, and from the forecast to what stands on the page."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from zhubao.errors import ZhubaoError
from zhubao.lending.comparison import Comparison, compare, comparison_json
from zhubao.lending.forecast import LABELS, Forecast, Reason, forecast
from zhubao.lending.forecast_figures import marks_json
from zhubao.parameters import ParameterBook
from zhubao.parameters.names import declared
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.rules.assessment import ClauseRow
from zhubao.rules.verdicts import Verdict

from .arithmetic import arithmetic
from .book import FigureUsed, figures_used
from .programmes import LoanPage
from .words import explained, language, month_said, months_said, said, span_said, yuan_said, yuan_short

LOWEST_INDEX = "0.60"
# Of the four ages compared, the page shows two; the rest is in the chart.
AGES = (75, 85)
# Of the 20 points a flexible worker pays, 8 go to the account.
_TO_ACCOUNT = (8, 20)
_FIELDS = {"person.birth": "birth", "on": "on", "person.paid_months": "paid_years", "plan.yearly_fen": "yearly"}


class Big(NamedTuple):
    """One of the three large figures: what it is, the figure, the line below it, and its ground (ok, wait, info)."""

    label: str
    figure: str
    below: str
    tone: str


class Row(NamedTuple):
    """One row of the reckoning: what must hold, whether it does (None: no limit, or not known), the sum behind it, the clause."""

    code: str
    label: str
    holds: bool | None
    sum: str
    clause: str


class Way(NamedTuple):
    """One way compared: paid in all, received to each age, and when it overtakes not paying; None where not known."""

    name: str
    label: str
    paid_fen: int | None
    received_fen: list[int | None]
    break_even: str


class Option(NamedTuple):
    """One of two tiers side by side: the first pension a month, what the loan takes of it, what is left, what was paid in all, fen.

    `until`: the month the loan is paid off, "" without one.
    """

    label: str
    pension_fen: int
    instalment_fen: int
    left_fen: int
    until: str
    total_fen: int | None


@dataclass
class Answer:
    """What a loan page shows of one case. `state`: yes, no, short (too few months for a pension), nothing (no loan to take), missing."""

    found: Forecast
    compared: Comparison
    state: str
    sentence: str
    big: list[Big]
    why: list[Row]
    ways: list[Way]
    crediting: str
    uncertain: dict[str, list[Any]]
    estimates: list[str]
    against: list[ClauseRow]
    figures: list[FigureUsed]
    largest_fen: int | None
    options: list[Option] = field(default_factory=list)
    ages: tuple[int, ...] = field(default=AGES)

    @property
    def drawable(self) -> bool:
        """Whether there is a loan to draw charts of."""
        return self.found.loan is not None and bool(self.found.principal_fen)

    @property
    def made_up(self) -> bool:
        """Whether a figure of the demonstration was used."""
        return any(figure.demonstration for figure in self.figures)


def case_of(page: LoanPage, values: dict[str, Any], book: ParameterBook) -> tuple[dict[str, Any], list[str]]:
    """Return the case of the forecast from the form's values, and what had to be estimated in words."""
    estimates: list[str] = []
    months = 12 * (values.get("paid_years") or 0) + (values.get("paid_months") or 0)
    person: dict[str, Any] = {"birth": values["birth"], "paid_months": months, "account_fen": values.get("account")}
    plan: dict[str, Any] = {"agreed_fen": values.get("agreed")}
    if page.resident:
        plan["yearly_fen"] = int(values["yearly"]) * 100
    else:
        person |= {"retirement_category": values["category"], "deemed_months": values.get("deemed"), "index": values.get("index")}
        if person["index"] is None:
            person["index"] = LOWEST_INDEX
            estimates.append(_("The contribution index is not given: 0.60, as of the lowest tier."))
    if person["account_fen"] is None:
        estimated = estimated_account(page, months, plan.get("yearly_fen"), values["on"], book)
        person["account_fen"] = estimated
        if estimated is not None:
            words = _("The balance of the account is estimated from what was paid: %(amount)s, without interest.")
            estimates.append(words % {"amount": yuan_said(estimated)})
    case: dict[str, Any] = {"policy": page.id, "on": values["on"].isoformat(), "person": person, "plan": plan}
    if page.asks_hardship:
        case["hardship"] = values["hardship"] == "yes"
    if values.get("rate") is not None:
        case["bank"] = {"rate_ppm": ppm_of(values["rate"])}
    return case, estimates


def ppm_of(percent: str) -> int:
    """Return a percentage typed as text in parts per million: "4.9" → 49000."""
    whole, _dot, rest = percent.partition(".")
    return int(whole) * 10_000 + int(rest[:4].ljust(4, "0") or 0)


def estimated_account(page: LoanPage, months: int, yearly_fen: int | None, on: date, book: ParameterBook) -> int | None:
    """Return a balance for somebody who does not know theirs: the account's share of the contributions at the lowest tier of today."""
    name = "lowest_tier_yearly_fen" if page.resident else "lowest_tier_monthly_fen"
    tier = book.latest(name, on, page.area_code)
    if page.resident:
        return None if tier is None else min(tier.number(), yearly_fen or tier.number()) * months // 12
    return None if tier is None else tier.number() * months * _TO_ACCOUNT[0] // _TO_ACCOUNT[1]


def field_of(error: ZhubaoError) -> str | None:
    """Return the field an error of the forecast belongs to; None for the form as a whole."""
    return "on" if error.place.startswith("policy") else _FIELDS.get(error.place)


def answer(page: LoanPage, values: dict[str, Any], book: ParameterBook) -> Answer:
    """Return the page's answer to a valid form; raise what the forecast refuses, see `field_of`."""
    case, estimates = case_of(page, values, book)
    found = forecast(case, book=book)
    compared = compare(found)
    told = comparison_json(compared, language())
    state = state_of(found)
    uncertain = marks_json(found.figures.marks, language())
    for row in uncertain["missing"]:
        known = declared(row["fact"])
        row["label"] = said(known.label) if known is not None else row["fact"]
    for row in uncertain["unverified"]:
        known = declared(row["parameter"])
        row["label"] = said(known.label) if known is not None else row["parameter"]
    return Answer(
        found,
        compared,
        state,
        sentence(found, state),
        big_figures(found, state),
        [row_of(page, found, reason, state) for reason in found.why()],
        ways_of(compared, told["comparison"]),
        told["crediting"]["label"],
        uncertain,
        estimates,
        objections(page, case, values["on"], book),
        figures_used(page.figures, values["on"], page.area_code, book),
        found.largest_fen,
        two_options(case, found, values, book) if page.resident else [],
    )


@implements("tl-5.3b", as_="feature")
def two_options(case: dict[str, Any], found: Forecast, values: dict[str, Any], book: ParameterBook) -> list[Option]:
    """Return the tier somebody would pay without a loan beside the tier of the loan, both by the forecast; [] where there is no loan."""
    if found.loan is None or found.repaid is None or not found.principal_fen:
        return []
    yearly = values["own_fen"]
    other = forecast({**case, "plan": {**case["plan"], "yearly_fen": yearly, "agreed_fen": None}}, book=book)
    if other.loan is None:
        return []
    alone, pension = other.loan.first_month()[0], found.loan.first_month()[0]
    instalment = found.repaid.monthly_fen
    until = _("never") if found.repaid.months is None else month_said(found.last_month)
    return [
        Option(
            _("%(tier)s a year, paid by yourself") % {"tier": yuan_short(yearly)},
            alone, 0, alone, "", other.principal_fen,
        ),
        Option(
            _("%(tier)s a year, by loan") % {"tier": yuan_short(case["plan"]["yearly_fen"])},
            pension, instalment, pension - instalment, until, found.total_cost_fen,
        ),
    ]  # fmt: skip


def row_of(page: LoanPage, found: Forecast, reason: Reason, state: str) -> Row:
    """Return a reason with its sum; with too few months there is no pension that the other sums could be done with."""
    label, clause = said(LABELS[reason.code]), page.reasons.get(reason.code, "")
    if state == "short" and reason.code != "enough_months":
        return Row(reason.code, label, None, _("First the months must be enough: without a pension nothing is deducted."), clause)
    return Row(reason.code, label, reason.holds, arithmetic(found, reason), clause)


def ways_of(compared: Comparison, told: list[dict[str, Any]]) -> list[Way]:
    """Return the ways compared, as the page says them."""
    ways = []
    for row, path in zip(told, compared.paths, strict=True):
        received = [row["received_fen"][str(age)] for age in AGES]
        ways.append(Way(row["path"], row["label"], row["paid_fen"], received, month_said(compared.break_even(path))))
    return ways


def objections(page: LoanPage, case: dict[str, Any], on: date, book: ParameterBook) -> list[ClauseRow]:
    """Return the clauses of the document that what was typed already breaks; whether the others hold is for the agency."""
    person = {key: case["person"].get(key) for key in ("birth", "retirement_category", "paid_months", "deemed_months")}
    if not page.resident:
        person |= {"deemed_months": person["deemed_months"] or 0, "deemed_confirmed": True}
    judged = judge_of(page.id)({key: value for key, value in person.items() if value is not None}, on=on, book=book)
    return [row for row in judged.clauses if row.verdict is Verdict.NOT_MET and row.part_of is None]


def state_of(found: Forecast) -> str:
    """Return the word for how the case stands."""
    career = found.career
    if career is not None and career.months == 0:
        return "nothing"
    if career is not None and career.projected is not None and career.projected < career.required:
        return "short"
    if found.affordable is None:
        return "missing"
    return "yes" if found.affordable else "no"


def sentence(found: Forecast, state: str) -> str:
    """Return the answer in one sentence."""
    career = found.career
    if state == "missing" or career is None:
        return _("It cannot be calculated yet: see below what is missing.")
    pension = {"month": month_said(career.pension)}
    if state == "nothing":
        return _("There is nothing left to borrow for: no month can be paid by loan before the pension.")
    if state == "short":
        assert career.projected is not None
        lack = {"months": months_said(career.required - career.projected), **pension}
        return _("Even with the loan %(months)s are lacking in %(month)s: there would be no pension yet to repay from.") % lack
    if state == "no":
        return _("The pension from %(month)s on cannot carry this loan.") % pension
    return _("The pension from %(month)s on can carry this loan.") % pension


def big_figures(found: Forecast, state: str) -> list[Big]:
    """Return the three figures in large type; with too few months they are the months, not a pension nobody would draw."""
    career = found.career
    if career is None or state == "nothing" or found.principal_fen is None:
        return []
    costs = cost_figure(found)
    if state == "short":
        assert career.projected is not None
        lack = career.required - career.projected
        return [
            Big(
                _("Months lacking"),
                months_said(lack),
                _("paid and by loan: %(months)s") % {"months": months_said(career.projected)},
                "wait",
            ),
            Big(
                _("Months a pension needs"),
                months_said(career.required),
                _("at the age reached in %(month)s") % {"month": month_said(career.award)},
                "info",
            ),
            Big(_("Borrowed in all"), yuan_said(found.principal_fen), _("before any interest"), "ok"),
        ]
    loan, repaid = found.loan, found.repaid
    if loan is None or repaid is None:
        return [Big(_("Borrowed in all"), yuan_said(found.principal_fen), _("before any interest"), "ok")]
    left = loan.first_month()[0] - repaid.monthly_fen
    never = _("not within %(months)s") % {"months": span_said(loan.max_months)}
    ends = Big(_("Paid off"), _("never"), never, "info")
    if repaid.months is not None:
        ends = Big(
            _("Paid off"), month_said(found.last_month), _("after %(months)s") % {"months": span_said(repaid.months)}, "info"
        )
    return [
        Big(
            _("Taken from each month's pension"),
            yuan_said(repaid.monthly_fen),
            _("%(amount)s are left to you") % {"amount": yuan_said(left)},
            "wait",
        ),
        ends,
        costs,
    ]


def cost_figure(found: Forecast) -> Big:
    """Return what it costs the borrower, against what the government bears where the document knows an interest subsidy."""
    below = _("borrowed %(principal)s, own interest %(own)s") % {
        "principal": yuan_said(found.principal_fen),
        "own": yuan_said(found.borrower_interest_fen),
    }
    if found.case.policy.subsidy != "none":
        below += _("; the government bears %(state)s") % {"state": yuan_said(found.government_fen)}
    ends = found.repaid is not None and found.repaid.months is not None
    label = _("You pay in all") if ends else _("Paid and in the end still owed")
    return Big(label, yuan_said(found.total_cost_fen), below, "ok")


def problem_of(error: ZhubaoError) -> str:
    """Return an error of the forecast in the page's words."""
    return explained(error)
