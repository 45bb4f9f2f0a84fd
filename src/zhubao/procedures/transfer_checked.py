"""What loans have to say to a transfer: which of them hold it, and which certificates let it go on."""

from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.accounts.transfers.actions import Holding, check, lift, withdraw
from zhubao.accounts.transfers.checklist import CheckList
from zhubao.accounts.transfers.models import Transfer, TransferKind
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.loans.endings.transfer import TRANSFER, drop_transfer, owed_now, request_transfer
from zhubao.loans.models import Loan, SettlementCertificate, TransferRequest
from zhubao.loans.states import ENDED, JIANGXI, RUGAO
from zhubao.policies.claims import implements

ACTOR = Actor.system("transfer")
# The clause of each document that holds a relation while its loan is open, and which transfers it speaks of: Jiangxi of leaving the
# place of the loan, Rugao of any transfer. Tongling's document says nothing of transfers.
HOLDING: dict[str, tuple[str, frozenset[str]]] = {
    JIANGXI: ("jx-3.5d", frozenset({TransferKind.OUT})),
    RUGAO: ("rg-14.3", frozenset({TransferKind.OUT, TransferKind.TO_EMPLOYEE, TransferKind.TO_RESIDENT})),
}


def loans_holding(transfer: Transfer) -> list[tuple[Loan, str]]:
    """Return the loans that hold a transfer as long as nobody lifts them, with the clause."""
    loans = Loan.objects.filter(person_id=transfer.person_id, policy_id__in=HOLDING).exclude(state__in=ENDED).order_by("number")
    return [(loan, HOLDING[loan.policy_id][0]) for loan in loans if transfer.kind in HOLDING[loan.policy_id][1]]


@implements("jx-3.5d", "rg-14.3", "gz-11c", as_="action")
def check_transfer(transfer_id: int, found: CheckList, *, key: str = "", actor: Actor, now: datetime) -> Transfer:
    """Check a transfer with the person's loans beside the list; each loan that holds it gets the request on its own page too."""
    transfer = Transfer.objects.get(pk=transfer_id)
    loans = loans_holding(transfer)
    done = check(
        transfer_id, found, [_holding(loan, clause, now.date()) for loan, clause in loans], key=key, actor=actor, now=now
    )
    if done.state == "held":
        for loan, _clause in loans:
            request_transfer(loan.pk, TRANSFER, done.other_place, done.requested_on, actor=ACTOR, now=now)
    return done


@implements("jx-3.5d", "rg-14.3", as_="action")
def lift_transfer(transfer_id: int, *, key: str = "", actor: Actor, now: datetime) -> Transfer:
    """Let a held transfer go on where every loan's request was released on its certificate; E-LOAN-OPEN for the first that was not."""
    return lift(transfer_id, certificates_of(Transfer.objects.get(pk=transfer_id)), key=key, actor=actor, now=now)


@transaction.atomic
def withdraw_transfer(transfer_id: int, *, key: str = "", actor: Actor, now: datetime) -> Transfer:
    """Withdraw a transfer before anything moved; what it asked of the loans that held it is taken back with it."""
    done = withdraw(transfer_id, key=key, actor=actor, now=now)
    numbers = done.holds.filter(lifted_at=None).values("loan_number")
    for request in TransferRequest.objects.filter(loan__number__in=numbers, kind=TRANSFER, state="blocked").order_by("loan_id"):
        drop_transfer(request.pk, actor=ACTOR, now=now)
    return done


def drop_request(request_id: int, *, actor: Actor, now: datetime) -> TransferRequest:
    """Take back a blocked request on a loan; E-TRANSFER-HELD while a transfer waits for its release."""
    request = TransferRequest.objects.select_related("loan").get(pk=request_id)
    holding = Transfer.objects.filter(state="held", holds__loan_number=request.loan.number, holds__lifted_at=None).first()
    if request.kind == TRANSFER and holding is not None:
        raise ZhubaoError(
            "E-TRANSFER-HELD",
            Text(f"关系转移 {holding.number} 正等待放行", f"transfer {holding.number} waits for its release"),
            place=request.loan.number,
            remedy=Text("撤回该关系转移，本申请随之撤回", "withdraw that transfer: this request goes back with it"),
        )
    return drop_transfer(request_id, actor=actor, now=now)


def certificates_of(transfer: Transfer) -> dict[str, str]:
    """Return loan number → certificate number of the holding loans whose relation the agency released."""
    numbers = transfer.holds.filter(lifted_at=None).values("loan_number")
    released = TransferRequest.objects.filter(loan__number__in=numbers, kind=TRANSFER, state="released").values("loan_id")
    certificates = SettlementCertificate.objects.filter(loan__in=released).select_related("loan")
    return {each.loan.number: each.number for each in certificates}


def _holding(loan: Loan, clause: str, on: date) -> Holding:
    return Holding(loan.number, clause, owed_now(loan, on))
