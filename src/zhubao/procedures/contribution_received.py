"""The tax office's file of contributions that arrived: each receipt of a loan closes its draw, the rest is left to other ledgers."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import Receipt, receive_envelope
from zhubao.exchange.files.contribution_receipts import ContributionReceipt
from zhubao.exchange.lines import work_through
from zhubao.exchange.models import Envelope, EnvelopeLine
from zhubao.language import Text
from zhubao.loans.contributing import record_contribution
from zhubao.loans.draws import PAID_OUT
from zhubao.loans.models import Loan, Tranche
from zhubao.people.selectors import find
from zhubao.policies.claims import implements

from .received_files import apply_soon_unless_refused

KIND = "contribution_receipts"
SYSTEM = "contribution_received"


def receive_contributions(
    chunks: Iterable[bytes],
    *,
    name: str,
    policy_id: str,
    region_code: str,
    tax_id: int,
    agency_id: int,
    companion: str = "",
    actor: Actor,
    now: datetime,
) -> Receipt:
    """Take the tax office's file in and have it applied in the background; see `receive_envelope` for what refuses it."""
    receipt = receive_envelope(
        KIND,
        chunks,
        name=name,
        policy_id=policy_id,
        region_code=region_code,
        sender_id=tax_id,
        receiver_id=agency_id,
        companion=companion,
        actor=actor,
        now=now,
    )
    return apply_soon_unless_refused(receipt)


@implements("jx-annex-4d", "jx-5.1e", "tl-5.1i", "tl-5.1l", as_="action")
def apply_contributions(envelope_id: int, *, clock: Callable[[], datetime]) -> Envelope:
    """Apply every receipt nothing became of yet. Safe to repeat after any stop."""
    envelope = Envelope.objects.get(pk=envelope_id)
    actor = Actor.system(SYSTEM, envelope.region_code)
    return work_through(envelope_id, partial(_apply, envelope, actor), actor=actor, clock=clock)


def _apply(envelope: Envelope, actor: Actor, line: EnvelopeLine, row: ContributionReceipt, now: datetime) -> str:
    if row.source != "loan":
        # Paid by the person, on behalf, or by others: the receipt stays in the file for the reconciliation.
        return f"kept/{row.receipt_number}"
    draw = _draw_of(envelope, row)
    record_contribution(draw.pk, row.receipt_number, row.paid_on, row.amount_fen, actor=actor, now=now)
    return f"receipt/{row.receipt_number}"


def _draw_of(envelope: Envelope, row: ContributionReceipt) -> Tranche:
    """Return the draw a receipt pays in; refuse an unknown loan, another's citizen number, and a year without a draw."""
    loans = Loan.objects.filter(region_code__startswith=envelope.region_code).select_related("person")
    loan = loans.filter(number=row.loan_number).first()
    if loan is None:
        raise ZhubaoError("E-LOAN-UNKNOWN", Text("没有这笔贷款", "there is no such loan"), place=row.loan_number)
    person = find(row.id_number)
    if person is None or person.pk != loan.person_id:
        raise ZhubaoError(
            "E-RECEIPT-PERSON",
            Text(
                f"身份证号不是贷款 {loan.number} 借款人的",
                f"the citizen number is not that of the borrower of loan {loan.number}",
            ),
            place=row.receipt_number,
        )
    draws = loan.tranches.filter(year=row.year, state__in=PAID_OUT).order_by("sequence")
    known = draws.filter(receipts__number=row.receipt_number, receipts__taken_back_at=None).first()
    draw = known or draws.filter(state="drawn").first() or draws.first()
    if draw is None:
        raise ZhubaoError(
            "E-DRAW-UNKNOWN", Text("这一年没有放款", "nothing was drawn for that year"), place=f"{row.loan_number} {row.year}"
        )
    return draw
