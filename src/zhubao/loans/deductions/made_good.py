"""Arrears that are made good: nobody has to speak to the borrower any more."""

from datetime import date, datetime

from zhubao.access.actors import Actor
from zhubao.tasks.actions import close_tasks

from ..models import Loan
from .selectors import open_of
from .waiting import FAILED


def close_made_good(loan: Loan, on: date, *, actor: Actor, now: datetime) -> None:
    """Close the task of having the borrower repay once nothing is in arrears on a day; an instalment moved away is looked into all the same."""
    if not open_of(Loan.objects.filter(pk=loan.pk), on):
        close_tasks(loan.subject, [FAILED], actor=actor, now=now)
