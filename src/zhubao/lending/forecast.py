"""Can this loan be repaid from this pension? From a person, a policy and a day to tranches, pension, deductions and a verdict with reasons.

A forecast promises nothing: later tiers, bases, floors and pensions are carried on by the growth the case names, and everything
that stands in for an unknown figure is listed in the result. What cannot be known is None, never guessed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text
from zhubao.parameters import ParameterBook
from zhubao.pension import Estimate, month_text

from .forecast_case import ForecastCase, read_forecast_case
from .forecast_figures import Figures, Tables, marks_json
from .forecast_life import Loan, Owed, Terms, loan_of, terms_of
from .forecast_timeline import Career, Tranche, account_at_award, career, first_pension, scaled, tranches
from .money import half_up

if TYPE_CHECKING:
    from .affordability import Repaid

_CHUNK = 2000
LABELS = {
    "enough_months": Text("到龄时累计缴费年限够领养老金", "enough months for a pension when the age is reached"),
    "covers_interest": Text("每月能扣的钱大于每月利息", "a month's deduction is above a month's interest"),
    "ends_in_term": Text("在政策规定的还款期内还清", "repaid within the policy's longest term"),
    "ends_in_life": Text("在测算的最高年龄前还清", "repaid before the age the forecast looks to"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One row of `why`: whether it holds (None: no limit applies, or an input is missing) and the numbers it was decided on."""

    code: str
    holds: bool | None
    numbers: dict[str, Any]

    def as_json(self, language: Language) -> dict[str, Any]:
        """Return the row with its label in a language."""
        return {"code": self.code, "holds": self.holds, "label": LABELS[self.code].in_(language), "numbers": self.numbers}


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast of one case. None = cannot be known; money fen, months year × 12 + month or durations.

    `planned` are the tranches the policy lets the bank lend, `tranches` the ones asked for. `affordable` is None while an input is
    missing. `largest_fen`: the largest principal, all tranches scaled alike, that is affordable; one fen more is not.
    """

    case: ForecastCase
    career: Career | None
    planned: tuple[Tranche, ...] | None
    tranches: tuple[Tranche, ...] | None
    terms: Terms | None
    estimate: Estimate | None
    loan: Loan | None
    owed: Owed | None
    repaid: "Repaid | None"
    largest_fen: int | None
    figures: Figures

    @property
    def last_month(self) -> int | None:
        """The month of the last deduction; None while not known, or never repaid."""
        if self.loan is None or self.repaid is None or not self.repaid.months:
            return None
        return self.loan.pension_month + self.repaid.months - 1

    @property
    def principal_fen(self) -> int | None:
        """All tranches together."""
        return None if self.tranches is None else sum(tranche.fen for tranche in self.tranches)

    @property
    def interest_fen(self) -> int | None:
        """All interest, from the first tranche to the last deduction."""
        return None if self.owed is None or self.repaid is None else self.owed.interest + self.repaid.interest_fen

    @property
    def government_fen(self) -> int | None:
        """The interest that the government bears."""
        return None if self.owed is None else self.owed.government

    @property
    def borrower_interest_fen(self) -> int | None:
        """The interest that the borrower bears."""
        return None if self.interest_fen is None or self.owed is None else self.interest_fen - self.owed.government

    @property
    def total_cost_fen(self) -> int | None:
        """Principal and interest that the borrower pays; of a loan not repaid, what was paid and what is still owed."""
        if self.principal_fen is None or self.borrower_interest_fen is None:
            return None
        return self.principal_fen + self.borrower_interest_fen

    def holds(self) -> dict[str, bool | None]:
        """Return which of the four reasons hold, in their order; None where no limit applies or an input is missing."""
        found, loan, owed, repaid = self.career, self.loan, self.owed, self.repaid
        held: dict[str, bool | None] = dict.fromkeys(LABELS)
        if found is not None and found.projected is not None:
            held["enough_months"] = found.projected >= found.required
        if loan is not None and owed is not None and repaid is not None:
            cap, interest = loan.first_cap(), half_up(owed.principal * loan.terms.rate_ppm, 12_000_000)
            limit = self.case.policy.repay_limit
            months = repaid.months
            held["covers_interest"] = cap > interest or owed.principal == 0
            held["ends_in_term"] = None if limit is None else months is not None and months <= limit
            held["ends_in_life"] = months is not None and loan.pension_month + months - 1 <= loan.horizon
        return held

    def why(self) -> tuple[Reason, ...]:
        """Return the four reasons with their numbers, always in the same order."""
        found, loan, owed, repaid = self.career, self.loan, self.owed, self.repaid
        cap = monthly = months = needed = left = None
        if loan is not None and owed is not None and repaid is not None:
            from .affordability import monthly_interest, months_at

            cap, rate = loan.first_cap(), loan.terms.rate_ppm
            monthly, months, left = monthly_interest(owed.principal, rate), repaid.months, repaid.left_fen
            needed = months if months is not None else months_at(owed.principal, owed.due, cap, rate)
        numbers: dict[str, dict[str, Any]] = {
            "enough_months": {
                "projected_months": found.projected if found is not None else None,
                "required_months": found.required if found is not None else None,
            },
            "covers_interest": {"cap_fen": cap, "monthly_interest_fen": monthly},
            "ends_in_term": {"months": months, "limit_months": self.case.policy.repay_limit, "left_fen": left},
            "ends_in_life": {
                "last_month": _month(self.last_month),
                "horizon_month": None if found is None else _month(found.birth + 12 * self.case.horizon_age),
                "horizon_age": self.case.horizon_age,
                "months_needed": needed,
                "left_fen": left,
            },
        }
        return tuple(Reason(code, holds, numbers[code]) for code, holds in self.holds().items())

    @property
    def affordable(self) -> bool | None:
        """Whether every reason that applies holds; None when an input is missing."""
        return self.affordable_by(self.holds())

    def affordable_by(self, held: Mapping[str, bool | None]) -> bool | None:
        """Return the verdict from reasons already computed by `holds`."""
        if self.loan is None or self.career is None or self.career.projected is None:
            return None
        return False not in held.values()


def forecast(case: ForecastCase | Mapping[str, Any], *, book: ParameterBook | None = None) -> Forecast:
    """Return the forecast of one case (a JSON object as `zhubao loan forecast` reads it, or one already read).

    `book` brings local figures; the built-in tables stand alone without it. Raises what `read_forecast_case` raises.
    """
    read = case if isinstance(case, ForecastCase) else read_forecast_case(case)
    return _finished([_prepared(read, Tables(book or ParameterBook.built_in()))])[0]


def forecast_many(
    cases: Iterable[ForecastCase | Mapping[str, Any]], *, book: ParameterBook | None = None, language: Language = "zh"
) -> Iterator[dict[str, Any]]:
    """Yield one row a case, in order, for the bank officer's sheet; the input may be any stream, two thousand are held at a time.

    A row has `id`, `affordable`, `pension_month`, `months_to_pay`, `principal_fen`, `pension_fen`, `monthly_fen`, `months`,
    `last_month`, `total_cost_fen`, `government_fen`, `borrower_interest_fen`, `largest_affordable_fen`, `fails` (codes of `why` that do
    not hold), `missing` (facts) and `error`: a case that cannot be read has only its `id` and the error, the others go on.
    """
    tables = Tables(book or ParameterBook.built_in())
    stream = enumerate(cases, 1)
    while chunk := list(islice(stream, _CHUNK)):
        rows: list[dict[str, Any]] = []
        prepared: list[Forecast] = []
        places: list[int] = []
        for number, case in chunk:
            row: dict[str, Any] = {"id": number, **dict.fromkeys(_ROW_KEYS), "fails": [], "missing": []}
            rows.append(row)
            try:
                if not isinstance(case, ForecastCase):
                    row["id"] = case.get("id", number)
                    case = read_forecast_case(case)  # noqa: PLW2901
                prepared.append(_prepared(case, tables))
                places.append(len(rows) - 1)
            except ZhubaoError as error:
                row["error"] = error.message(language)
        for place, found in zip(places, _finished(prepared), strict=True):
            rows[place].update(_row(found))
        yield from rows


_ROW_KEYS = (
    "affordable", "pension_month", "months_to_pay", "principal_fen", "pension_fen", "monthly_fen", "months", "last_month",
    "total_cost_fen", "government_fen", "borrower_interest_fen", "largest_affordable_fen", "error",
)  # fmt: skip


def _row(found: Forecast) -> dict[str, Any]:
    repaid, held = found.repaid, found.holds()
    return {
        "affordable": found.affordable_by(held),
        "pension_month": _month(found.career.pension) if found.career is not None else None,
        "months_to_pay": found.career.months if found.career is not None else None,
        "principal_fen": found.principal_fen,
        "pension_fen": found.estimate.total_fen if found.estimate is not None else None,
        "monthly_fen": repaid.monthly_fen if repaid is not None else None,
        "months": repaid.months if repaid is not None else None,
        "last_month": _month(found.last_month),
        "total_cost_fen": found.total_cost_fen,
        "government_fen": found.government_fen,
        "borrower_interest_fen": found.borrower_interest_fen,
        "largest_affordable_fen": found.largest_fen,
        "fails": [code for code, holds in held.items() if holds is False],
        "missing": [row["fact"] for row in found.figures.marks.missing],
    }


def _prepared(case: ForecastCase, tables: Tables) -> Forecast:
    """Return all that is known before the repayment is computed."""
    figures = Figures(case, tables)
    found = career(case, figures)
    terms = terms_of(case, figures)
    planned = asked = None
    estimate = None
    loan = None
    if found is not None:
        planned = tranches(case, found, figures)
        if planned is not None:
            total = sum(tranche.fen for tranche in planned)
            asked = scaled(planned, max(0, total - case.plan.own_fen))
        account = account_at_award(case, found, planned or (), figures)
        estimate = first_pension(case, found, account if planned is not None else None, figures)
        if planned is not None and asked is not None and terms is not None:
            loan = loan_of(case, found, planned, asked, terms, estimate, figures)
    return Forecast(case, found, planned, asked, terms, estimate, loan, None, None, None, figures)


def _finished(prepared: list[Forecast]) -> list[Forecast]:
    """Return the forecasts with their repayment, all loans computed side by side."""
    places = [at for at, each in enumerate(prepared) if each.loan is not None]
    if not places:
        return prepared
    from .affordability import Lanes

    lanes = Lanes([loan for each in prepared if (loan := each.loan) is not None])
    owed = lanes.owed([loan.principal for loan in lanes.loans])
    done = list(prepared)
    for at, owes, repaid, largest in zip(places, owed, lanes.repaid(), lanes.largest(), strict=True):
        each = prepared[at]
        short = each.career is None or each.career.projected is None or each.career.projected < each.career.required
        done[at] = Forecast(
            each.case, each.career, each.planned, each.tranches, each.terms, each.estimate, each.loan, owes, repaid,
            0 if short else largest, each.figures,
        )  # fmt: skip
    return done


def as_json(found: Forecast, language: Language = "zh") -> dict[str, Any]:
    """Return the answer of `zhubao loan forecast`; null = cannot be known, see `missing`."""
    case, months, owed, repaid, loan = found.case, found.career, found.owed, found.repaid, found.loan
    result: dict[str, Any] = {"policy": case.policy.id, "on": case.on.isoformat()}
    if case.policy.trial:
        result["trial"] = True
    result |= {
        "retirement": None
        if months is None
        else {
            "statutory_month": _month(months.statutory),
            "pension_month": _month(months.pension),
            "required_months": months.required,
        },
        "months_to_pay": None if months is None else months.months,
        "projected_months": None if months is None else months.projected,
        "tranches": None if found.tranches is None else [_tranche(tranche) for tranche in found.tranches],
        "principal_fen": found.principal_fen,
        "grace_interest": None
        if owed is None
        else {
            "total_fen": owed.grace_interest,
            "government_fen": owed.grace_government,
            "borrower_fen": owed.grace_interest - owed.grace_government,
        },
        "pension": _pension(found.estimate),
        "deduction": None if loan is None or repaid is None else _deduction(loan, repaid),
        "repayment": None
        if repaid is None or owed is None
        else {
            "months": repaid.months,
            "last_month": _month(found.last_month),
            "interest_fen": owed.interest - owed.grace_interest + repaid.interest_fen,
        },
        "total_cost_fen": found.total_cost_fen,
        "government_fen": found.government_fen,
        "borrower_interest_fen": found.borrower_interest_fen,
        "affordable": found.affordable,
        "why": [reason.as_json(language) for reason in found.why()],
        "largest_affordable_fen": found.largest_fen,
        "life": None if loan is None else loan.as_life(),
    }
    return result | marks_json(found.figures.marks, language)


def _tranche(tranche: Tranche) -> dict[str, Any]:
    return {"date": tranche.on.isoformat(), "months": tranche.months, "fen": tranche.fen}


def _pension(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    return {
        "basic_fen": estimate.basic_fen,
        "account_fen": estimate.account_fen,
        "transition_fen": estimate.transition_fen,
        "total_fen": estimate.total_fen,
        "divisor": estimate.divisor,
        "calc_base_fen": estimate.inputs.get("calc_base_fen"),
        "account_balance_fen": estimate.inputs["account_fen"],
    }


def _deduction(loan: Loan, repaid: "Repaid") -> dict[str, Any]:
    pension, protected, cap = loan.first_month()
    return {
        "rule": loan.rule,
        "protected_fen": protected,
        "cap_fen": cap,
        "first_month": _month(loan.pension_month),
        "monthly_fen": repaid.monthly_fen,
        "left_fen": pension - repaid.monthly_fen,
    }


def _month(number: int | None) -> str | None:
    return None if number is None else month_text(number)
