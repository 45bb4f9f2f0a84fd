"""Links to the papers of a case, a loan or a file, for the pages that show one. A page includes `documents/to_print.html`."""

from dataclasses import dataclass

from django.urls import reverse

from zhubao.access.actors import Actor
from zhubao.cases.models import Case
from zhubao.exchange.models import Envelope
from zhubao.loans.models import Loan
from zhubao.procedures.printing import papers_of_case, papers_of_loan
from zhubao.procedures.printing.lists import PRINTED
from zhubao.web.clerk.words import said
from zhubao.web.navigation import Label
from zhubao.workflow import CITIZEN


@dataclass(frozen=True)
class ToPrint:
    """One paper that can be printed now: what it is called, and its address."""

    label: Label
    address: str


def papers_to_print(case: Case, actor: Actor) -> list[ToPrint]:
    """Return the papers of a case for a post, or for the applicant."""
    name = "documents:own-case" if actor.role == CITIZEN else "documents:case"
    return [ToPrint(said(paper.label), reverse(name, args=[case.number, paper.name])) for paper in papers_of_case(case, actor)]


def loan_papers_to_print(loan: Loan, actor: Actor) -> list[ToPrint]:
    """Return the papers of a loan for a post, or for the borrower."""
    name = "documents:own-loan" if actor.role == CITIZEN else "documents:loan"
    return [ToPrint(said(paper.label), reverse(name, args=[loan.number, paper.name])) for paper in papers_of_loan(loan, actor)]


def has_list(envelope: Envelope) -> bool:
    """Tell whether a file has a list on paper."""
    return envelope.kind in PRINTED
