"""What became of an application that was signed: its loans with the draws and contributions of each year, in plain words."""

from dataclasses import dataclass

from zhubao.access.actors import Actor
from zhubao.cases.models import Case
from zhubao.loans.models import Loan, Tranche
from zhubao.loans.selectors import draws_of, loans_for
from zhubao.loans.states import process_of
from zhubao.web.calculator.words import said, yuan_said
from zhubao.web.documents.to_print import ToPrint, loan_papers_to_print
from zhubao.web.loans.words import draw_said, draw_tone, state_said, state_tone

from .words import day_said


@dataclass(frozen=True)
class DrawShown:
    """One year's draw: what it comes to, how it stands, on which days it was paid out and paid in ("" while it was not)."""

    year: int
    amount: str
    words: str
    tone: str
    drawn: str
    contributed: str


@dataclass(frozen=True)
class LoanShown:
    """One loan of an application: how it stands, what comes next, its draws, its papers."""

    number: str
    bank: str
    words: str
    tone: str
    waiting: str
    draws: list[DrawShown]
    papers: list[ToPrint]


def loans_of(case: Case, actor: Actor) -> list[LoanShown]:
    """Return the loans of an application, the yearly one first; none before the agreement, or before Rugao's roster."""
    found = loans_for(actor).filter(case_number=case.number).select_related("bank").order_by("back_payment", "pk")
    return [_shown(loan, actor) for loan in found]


def running_loans(actor: Actor) -> list[Loan]:
    """Return the loans of a citizen that are not repaid, withdrawn or otherwise ended, the newest first."""
    loans = loans_for(actor).order_by("-signed_on", "-pk")
    return [loan for loan in loans if not process_of(loan.policy_id).state(loan.state).final]


def ended_loans(actor: Actor) -> dict[str, str]:
    """Return how the citizen's ended loans ended in words, by the number of their application; the yearly loan speaks for both."""
    loans = loans_for(actor).order_by("-back_payment", "pk")
    return {loan.case_number: state_said(loan) for loan in loans if process_of(loan.policy_id).state(loan.state).final}


def row_of(loan: Loan) -> tuple[str, str, str, str]:
    """Return what a list says of a loan: its case, its state in words with the tone, what comes next."""
    return loan.case_number, state_said(loan), state_tone(loan), said(process_of(loan.policy_id).state(loan.state).waiting)


def _shown(loan: Loan, actor: Actor) -> LoanShown:
    return LoanShown(
        loan.number,
        loan.bank.name,
        state_said(loan),
        state_tone(loan),
        said(process_of(loan.policy_id).state(loan.state).waiting),
        [_draw(draw) for draw in draws_of(loan).order_by("-year", "-sequence")],
        loan_papers_to_print(loan, actor),
    )


def _draw(draw: Tranche) -> DrawShown:
    days = (day_said(day) if day else "" for day in (draw.drawn_on, draw.contributed_on))
    return DrawShown(draw.year, yuan_said(draw.amount_fen), draw_said(draw), draw_tone(draw), *days)
