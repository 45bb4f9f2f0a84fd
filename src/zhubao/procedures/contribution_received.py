"""The tax office's file of contributions that arrived: each receipt of a loan closes its draw, the rest is left to other ledgers."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import Receipt, receive_envelope
from zhubao.exchange.files.contribution_receipts import ContributionReceipt
from zhubao.exchange.lines import work_through_many
from zhubao.exchange.models import Envelope
from zhubao.language import Text
from zhubao.loans.contributing import record_contribution
from zhubao.loans.draws import PAID_OUT
from zhubao.loans.models import Loan, Tranche
from zhubao.people.finding import find_all
from zhubao.policies.claims import implements

from .received_files import apply_soon_unless_refused

KIND = "contribution_receipts"
SYSTEM = "contribution_received"
# Receipts of one transaction: each writes its own audit entry, and the county's other entries wait from the first to the last.
AT_ONCE = 100


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
def apply_contributions(envelope_id: int, *, clock: Callable[[], datetime], at_once: int = AT_ONCE) -> Envelope:
    """Apply every receipt nothing became of yet, `at_once` in a transaction. Safe to repeat after any stop."""
    envelope = Envelope.objects.get(pk=envelope_id)
    actor = Actor.system(SYSTEM, envelope.region_code)
    return work_through_many(envelope_id, partial(_apply, envelope, actor), actor=actor, clock=clock, at_once=at_once)


def _apply(
    envelope: Envelope, actor: Actor, lines: Sequence[tuple[int, ContributionReceipt]], now: datetime
) -> list[str | ZhubaoError]:
    """Record receipts one after the other, what they name looked up at once; answer each with its key or what refuses it."""
    named = _Named(envelope, [row for _number, row in lines if row.source == "loan"])
    answers: list[str | ZhubaoError] = []
    for _number, row in lines:
        if row.source != "loan":
            # Paid by the person, on behalf, or by others: the receipt stays in the file for the reconciliation.
            answers.append(f"kept/{row.receipt_number}")
            continue
        try:
            draw = named.draw_of(row)
            record_contribution(draw.pk, row.receipt_number, row.paid_on, row.amount_fen, actor=actor, now=now)
        except ZhubaoError as error:
            answers.append(error)
        else:
            named.forget(draw)
            answers.append(f"receipt/{row.receipt_number}")
    return answers


class _Named:
    """The loans that receipts name, locked in one order before anything is written, with their borrowers and draws."""

    def __init__(self, envelope: Envelope, rows: Sequence[ContributionReceipt]) -> None:
        loans = Loan.objects.filter(number__in={row.loan_number for row in rows}, region_code__startswith=envelope.region_code)
        self.loans = {loan.number: loan for loan in loans.select_for_update().order_by("pk")}
        self.people = find_all(row.id_number for row in rows)
        self.draws = _paid_out([loan.pk for loan in self.loans.values()])

    def draw_of(self, row: ContributionReceipt) -> Tranche:
        """Return the draw a receipt pays in; refuse an unknown loan, another's citizen number, and a year without a draw."""
        loan = self.loans.get(row.loan_number)
        if loan is None:
            raise ZhubaoError("E-LOAN-UNKNOWN", Text("没有这笔贷款", "there is no such loan"), place=row.loan_number)
        person = self.people.get(row.id_number)
        if person is None or person.pk != loan.person_id:
            raise ZhubaoError(
                "E-RECEIPT-PERSON",
                Text(
                    f"身份证号不是贷款 {loan.number} 借款人的",
                    f"the citizen number is not that of the borrower of loan {loan.number}",
                ),
                place=row.receipt_number,
            )
        if loan.pk not in self.draws:
            self.draws |= _paid_out([loan.pk])
        draws = [draw for draw in self.draws[loan.pk] if draw.year == row.year]
        known = [draw for draw in draws if row.receipt_number in {receipt.number for receipt in draw.receipts.all()}]
        found = known or [draw for draw in draws if draw.state == "drawn"] or draws
        if not found:
            raise ZhubaoError(
                "E-DRAW-UNKNOWN",
                Text("这一年没有放款", "nothing was drawn for that year"),
                place=f"{row.loan_number} {row.year}",
            )
        return found[0]

    def forget(self, draw: Tranche) -> None:
        """Have the draws of a loan read again where another receipt names it: one was paid in."""
        self.draws.pop(draw.loan_id, None)


def _paid_out(loan_ids: Sequence[int]) -> dict[int, list[Tranche]]:
    """Return the draws of loans that were paid out with the receipts that stand, by sequence."""
    found: dict[int, list[Tranche]] = {pk: [] for pk in loan_ids}
    draws = Tranche.objects.filter(loan__in=loan_ids, state__in=PAID_OUT).order_by("sequence")
    for draw in draws.prefetch_related("receipts"):
        found[draw.loan_id].append(draw)
    return found
