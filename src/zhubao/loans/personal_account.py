"""A resident's loan and the borrower's personal account: what it pays in is a lot of its own, and what is left of that repays at death."""

from datetime import date, datetime

from zhubao.access.actors import Actor
from zhubao.accounts.actions import credit, pay_out, take_back
from zhubao.accounts.models import Entry, Source
from zhubao.accounts.selectors import account_of, balance_of
from zhubao.policies.claims import implements

from .models import Loan, Receipt, Tranche
from .states import ways_of


@implements("tl-3.5d", as_="action")
def enter_receipt(loan: Loan, receipt: Receipt, *, actor: Actor, now: datetime) -> None:
    """Enter a contribution in the borrower's resident account, in the lot of this loan; other programmes keep employee accounts."""
    if ways_of(loan.policy_id).resident:
        credit(
            loan.person,
            Source.LOAN,
            receipt.amount_fen,
            on=receipt.on,
            subject=f"receipt:{receipt.pk}",
            key=receipt.number,
            lot=loan.number,
            region_code=loan.region_code,
            actor=actor,
            now=now,
        )


def take_back_receipt(loan: Loan, receipt: Receipt, *, actor: Actor, now: datetime) -> None:
    """Take a contribution out of the account again, on the day it was entered for; one from before the accounts were kept is not there."""
    if ways_of(loan.policy_id).resident and Entry.objects.of(f"receipt:{receipt.pk}").exists():
        take_back(f"receipt:{receipt.pk}", receipt.number, on=receipt.on, actor=actor, now=now)


def enter_subsidy(loan: Loan, draw: Tranche, fen: int, on: date, *, actor: Actor, now: datetime) -> None:
    """Enter the contribution subsidy that finance added to a draw."""
    if ways_of(loan.policy_id).resident:
        credit(
            loan.person,
            Source.SUBSIDY,
            fen,
            on=on,
            subject=f"draw:{draw.pk}",
            key="subsidy",
            region_code=loan.region_code,
            actor=actor,
            now=now,
        )


@implements("tl-4.3b", as_="action")
def balance_on(loan: Loan, on: date) -> tuple[int, int] | None:
    """Return what the borrower's resident account holds at the end of a day and the part this loan formed with its interest, fen.

    None where the county keeps no entries of it, and for loans of other programmes.
    """
    account = account_of(loan.person, region_code=loan.region_code) if ways_of(loan.policy_id).resident else None
    if account is None:
        return None
    found = balance_of(account, on)
    return found.fen, found.of(Source.LOAN, loan.number)


@implements("tl-4.3b", as_="action")
def pay_debt_of_dead(loan: Loan, amount_fen: int, on: date, *, actor: Actor, now: datetime) -> None:
    """Take what the account pays of a dead borrower's debt out of the lot this loan formed, once; nothing where no entries are kept.

    Raise E-ACCOUNT-BALANCE where the lot holds less, as after pensions paid for months after the death that have not come back.
    """
    account = account_of(loan.person, region_code=loan.region_code) if ways_of(loan.policy_id).resident else None
    if account is None:
        return
    of_account = actor if actor.covers(account.region_code) else Actor.system("loans", scope=account.region_code)
    pay_out(
        account,
        amount_fen,
        on=on,
        subject=loan.subject,
        key="death",
        only_source=Source.LOAN,
        only_lot=loan.number,
        actor=of_account,
        now=now,
    )
