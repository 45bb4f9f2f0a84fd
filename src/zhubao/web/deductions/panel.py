"""What a borrower sees of the deductions: each month what came, what was taken, what was left, and why."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhubao.cases.models import Case
from zhubao.loans.deductions.selectors import answer_of, instruction_of, months_of
from zhubao.loans.models import DeductionOrder
from zhubao.loans.models.deduction import Result
from zhubao.loans.selectors import loans_for
from zhubao.web.citizen.panels import PANELS, Panel
from zhubao.web.middleware import CitizenRequest

from .finding import tone_of

WHY = {
    "remaining_at_least": _("At least the dibao standard of your place stays with you."),
    "max_share": _("At least half of your pension stays with you."),
    "exclude_basic": _("Your basic pension is not touched."),
    "whole_pension": _("You agreed that the basic pension may be used too."),
}


def deductions_panel(request: CitizenRequest, case: Case) -> Panel | None:
    """Return the months of the loans of a case; None before the first order."""
    months = [
        _row(order)
        for loan in loans_for(request.actor).filter(case_number=case.number).order_by("pk")
        for order in months_of(loan)
    ]
    return Panel("deductions/panel.html", {"months": months}) if months else None


def _row(order: DeductionOrder) -> dict[str, Any]:
    told, answer = instruction_of(order), answer_of(order)
    pension = told.credit.gross_fen if told else order.pension_fen
    row: dict[str, Any] = {
        "month": order.month,
        "pension_fen": pension,
        "taken_fen": answer.taken_fen if answer else None,
        "left_fen": pension - answer.taken_fen if answer else None,
        "held_fen": told.amount_fen if told and answer is None else 0,
        "nothing": order.amount_fen == 0,
        "why": WHY[order.rule],
        "protected_fen": order.protected_fen,
        "missing_fen": answer.missing_fen if answer else 0,
        "owed": bool(answer and answer.failed),
        "result": answer.get_result_display() if answer and answer.result != Result.TAKEN else "",
        "tone": tone_of(answer.result) if answer else "",
        "smaller": order.agreed_fen is not None and order.amount_fen < min(order.agreed_fen, order.debt_fen),
    }
    return row


PANELS.append(deductions_panel)
