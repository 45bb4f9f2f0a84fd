"""Counties of the demonstration with the borrowers whose loans end, each in its own way, and nobody else: what the months are tried on."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from zhubao.cases.models import Case
from zhubao.demonstration.parameters import demonstration_parameters_for
from zhubao.demonstration.regions import REGIONS, RegionKey
from zhubao.ledger.models import Posting
from zhubao.loans.models import Loan, LoanStep
from zhubao.oversight.months.models import MonthFigures
from zhubao.procedures import demonstration
from zhubao.procedures.demonstration_cases.endings import ENDINGS
from zhubao.procedures.demonstration_cases.filling import PROGRAMMES
from zhubao.procedures.demonstration_cases.lives import Life, live
from zhubao.procedures.demonstration_cases.offices import Desk, open_offices
from zhubao.procedures.demonstration_cases.people import crowds
from zhubao.programmes.actions import enter_figures

PASSWORD = "a password for tests"
STANDING, NOVEMBER = date(2026, 11, 21), date(2026, 11, 1)
FEW = 100


def fill_with_endings(*keys: RegionKey, only: Sequence[str] = tuple(ENDINGS)) -> None:
    """Fill counties with the offices and the named borrowers alone (`only` of some endings), as they stand on 21 November 2026."""
    demonstration.fill(password=PASSWORD, now=demonstration.OPENED)
    open_offices(password=PASSWORD, now=demonstration.OPENED)
    found = crowds(FEW, 7)
    for key in keys:
        enter_figures(demonstration_parameters_for(key), actor=demonstration.ACTOR, now=demonstration.OPENED)
        desk, (kind, tales), crowd = Desk(REGIONS[key]), PROGRAMMES[key], found[key]
        lives: list[tuple[Life, int]] = []
        for tale in tales:
            if tale.ends in only:
                lives += [(kind(desk, crowd, tale, len(lives) + 1, PASSWORD), age) for age in tale.ages]
        live(lives, STANDING)
    assert Case.objects.exists()


def books() -> dict[str, list[tuple[Any, ...]]]:
    """Return what the loans, their books and the figures of the months come to, without the keys of rows."""
    postings = Posting.objects.order_by("subject", "on", "party", "kind", "entry", "amount_fen")
    figures = [field.name for field in MonthFigures._meta.fields if field.name not in {"id", "reckoned_at"}]
    return {
        "loans": list(Loan.objects.order_by("number").values_list("number", "state")),
        "steps": list(LoanStep.objects.order_by("loan__number", "number").values_list("loan__number", "verb", "end", "on", "at")),
        "postings": list(postings.values_list("subject", "on", "party", "kind", "debit", "credit", "amount_fen")),
        "figures": list(MonthFigures.objects.values_list(*figures)),
    }
