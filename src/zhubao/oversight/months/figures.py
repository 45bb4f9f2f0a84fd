"""The figures of a month from the lines behind them, so that a figure and its list cannot differ."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zhubao.language import Text
from zhubao.loans.draws import PAID_OUT
from zhubao.loans.models import DeductionReturn, Loan, LoanStep, Prepayment, Tranche
from zhubao.loans.models.deduction import Result
from zhubao.loans.statements.figures import Figures
from zhubao.loans.statements.reading import folded
from zhubao.loans.states import process_of

from .models import MonthFigures


@dataclass(frozen=True)
class Line:
    """One loan behind a figure: its number, the day, what happened in words where the figure does not say it, fen (0: none)."""

    loan_number: str
    on: date
    fen: int
    about: Text | None = None


@dataclass(frozen=True)
class Column:
    """A figure of a month: its words, the column that holds its money and the one that counts ("" where there is none)."""

    name: str
    label: Text
    money: str = ""
    count: str = ""


COLUMNS = {
    each.name: each
    for each in (
        Column("draws", Text("放款", "drawn"), "draws_fen", "draws"),
        Column("interest_borrower", Text("利息（本人承担）", "interest, borrowers"), "interest_borrower_fen"),
        Column("interest_finance", Text("利息（财政贴息）", "interest, finance"), "interest_finance_fen"),
        Column("deductions", Text("养老金扣还", "deducted"), "deducted_fen", "deductions"),
        Column("failed", Text("未扣足", "failed deductions"), "", "failed"),
        Column("repaid_early", Text("提前还款", "repaid early"), "repaid_early_fen"),
        Column("claims_paid", Text("财政拨付贴息", "subsidy paid"), "claims_paid_fen"),
        Column("ended", Text("贷款了结", "loans ended"), "", "ended"),
        Column("owed", Text("期末贷款余额", "owed by borrowers"), "owed_fen", "loans"),
        Column("subsidy_owed", Text("期末财政应付", "owed by finance"), "subsidy_owed_fen"),
    )
}
_OF_THE_BOOKS = {
    "interest_borrower": "interest_borrower",
    "interest_finance": "interest_finance",
    "claims_paid": "subsidy_paid",
    "subsidy_owed": "subsidy_owed",
}


def last_day(month: date) -> date:
    """Return the last day of the month that begins on a day."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def lines_of(region_code: str, policy_id: str, month: date) -> dict[str, list[Line]]:
    """Return the lines behind every figure of a month (its first day), by the name of the column, as the books stand now."""
    loans = list(Loan.objects.filter(region_code__startswith=region_code, policy_id=policy_id).order_by("number"))
    found = {name: list(lines) for name, lines in _happened(loans, policy_id, month)}
    accounts = folded([loan.subject for loan in loans], month, last_day(month))
    figures = {loan.pk: accounts[loan.subject].figures for loan in loans}
    found.update(_booked(loans, figures, last_day(month)))
    return found


def _happened(loans: Sequence[Loan], policy_id: str, month: date) -> Iterator[tuple[str, Iterator[Line]]]:
    """Yield the figures that draws, answers of banks, payments and steps make."""
    number = {loan.pk: loan.number for loan in loans}
    within = (month, last_day(month))
    draws = Tranche.objects.filter(loan__in=loans, drawn_on__range=within, state__in=PAID_OUT).order_by(
        "drawn_on", "loan__number"
    )
    yield "draws", (Line(number[each.loan_id], each.drawn_on, each.amount_fen) for each in draws if each.drawn_on)
    answers = DeductionReturn.objects.filter(instruction__order__loan__in=loans, taken_on__range=within)
    answers = answers.select_related("instruction__order").order_by("taken_on", "pk")
    yield (
        "deductions",
        (Line(number[each.instruction.order.loan_id], each.taken_on, each.taken_fen) for each in answers if each.taken_fen),
    )
    yield (
        "failed",
        (
            Line(number[each.instruction.order.loan_id], each.taken_on, each.instructed_fen - each.taken_fen)
            for each in answers
            if each.result != Result.TAKEN
        ),
    )
    early = Prepayment.objects.filter(loan__in=loans, paid_on__range=within, state="confirmed").order_by("paid_on", "pk")
    yield "repaid_early", (Line(number[each.loan_id], each.paid_on, each.amount_fen) for each in early)
    process = process_of(policy_id)
    steps = LoanStep.objects.filter(loan__in=loans, end__in=process.final, on__range=within).exclude(start__in=process.final)
    yield (
        "ended",
        (Line(number[each.loan_id], each.on, 0, process.transition(each.verb).label) for each in steps.order_by("on", "pk")),
    )


def _booked(loans: Sequence[Loan], figures: dict[int, Figures], last: date) -> Iterator[tuple[str, list[Line]]]:
    """Yield the figures that the books make, loan by loan."""
    for name, of in _OF_THE_BOOKS.items():
        values = ((loan, int(figures[loan.pk].as_dict()[of] or 0)) for loan in loans)
        yield name, [Line(loan.number, last, fen) for loan, fen in values if fen]
    yield "owed", [Line(loan.number, last, figures[loan.pk].closing) for loan in loans if figures[loan.pk].closing]


def reckon_month(region_code: str, policy_id: str, month: date, *, now: datetime) -> MonthFigures:
    """Reckon a month from its lines and keep it; reckoned again, the row has what is known now."""
    lines, values = lines_of(region_code, policy_id, month), {}
    for column in COLUMNS.values():
        if column.money:
            values[column.money] = sum(line.fen for line in lines[column.name])
        if column.count:
            values[column.count] = len(lines[column.name])
    row, _made = MonthFigures.objects.update_or_create(
        region_code=region_code, policy_id=policy_id, month=month, defaults={**values, "reckoned_at": now}
    )
    return row
