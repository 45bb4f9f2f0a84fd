"""The three charts of a loan: where each month's pension goes, the debt over time, the ways compared. Drawn once per case (cached)."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zhubao.language import Language
from zhubao.lending import replay_life
from zhubao.lending.comparison import LABELS as PATHS
from zhubao.lending.comparison import Comparison
from zhubao.lending.forecast import Forecast

if TYPE_CHECKING:
    from zhubao.documents.charts import Chart

# What is left to the person after the last deduction is shown for so long.
AFTERWARDS_MONTHS = 24


def _month(text: str) -> int:
    day = date.fromisoformat(text)
    return day.year * 12 + day.month


def deductions(found: Forecast) -> list[tuple[int, int, int]]:
    """Return (month, deducted, owed afterwards) of every deduction that takes something, fen."""
    life = found.loan.as_life() if found.loan is not None else None
    if life is None:
        return []
    rows = []
    for row in replay_life(life)["schedule"]:
        if row["kind"] == "deduct" and row["amount"]:
            rows.append((_month(row["date"]), row["amount"], row["principal_after"] + row["interest_due_after"]))
    return rows


def pension_chart(found: Forecast, language: Language) -> "Chart | None":
    """Return where each month's pension goes, to two years after the loan is repaid; None without a pension."""
    from zhubao.documents.charts import pension_use

    if found.loan is None:
        return None
    taken = {month: fen for month, fen, _owed in deductions(found)}
    first = found.loan.pension_month
    last = min(max(taken, default=first) + AFTERWARDS_MONTHS, max(found.loan.horizon, first))
    pension: list[int] = []
    steps = [(found.loan.pension_month + found.loan.month_of(step.start), step.value) for step in found.loan.pension]
    for month in range(first, last + 1):
        while steps and steps[0][0] <= month:
            value = steps.pop(0)[1]
        pension.append(value)
    repaid = [taken.get(month, 0) for month in range(first, last + 1)]
    return pension_use(first, [all_ - used for all_, used in zip(pension, repaid, strict=True)], repaid, language)


def debt_chart(found: Forecast, language: Language) -> "Chart | None":
    """Return what is owed at the end of each month, from the first tranche to the last deduction; None when nothing is lent."""
    from zhubao.documents.charts import Phase, debt_over_time

    if found.loan is None or not found.tranches or not found.principal_fen:
        return None
    lent: dict[int, int] = {}
    for tranche in found.tranches:
        lent[tranche.on.year * 12 + tranche.on.month] = lent.get(tranche.on.year * 12 + tranche.on.month, 0) + tranche.fen
    paid = {month: owed for month, _taken, owed in deductions(found)}
    first, last = min(lent), max([*paid, *lent, found.loan.pension_month])
    debt, owed = [], 0
    for month in range(first, last + 1):
        owed = paid.get(month, owed + lent.get(month, 0))
        debt.append(owed)
    phases = [Phase(_("borrowing"), first), Phase(_("repaying from the pension"), found.loan.pension_month)]
    return debt_over_time(first, debt, phases, language)


def ways_chart(compared: Comparison, language: Language) -> "Chart | None":
    """Return what each way has brought in after what it cost, month by month; None when too little is known to compare.

    Own money stands in the table beside the chart only: its line would lie on that of the loan.
    """
    from zhubao.documents.charts import Path, paths_compared

    known = [
        Path(PATHS[path.name].in_(language), tuple(balances))
        for path in compared.paths
        if path.name != "own_money" and (balances := path.balances()) is not None
    ]
    if len(known) < 2:
        return None
    return paths_compared(compared.paths[0].first_month, known, compared.break_even(compared.paths[0]), language)
