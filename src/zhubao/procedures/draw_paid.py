"""The bank's return file says what it drew: each line moves its loan, or is answered with the reason why not.

Reading and applying are apart: the file is kept whole first, then applied line by line, so that a run that was killed goes on where
it stood and no draw is recorded twice.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import Receipt, receive_envelope
from zhubao.exchange.files.draw_return import DrawReturn
from zhubao.exchange.lines import work_through
from zhubao.exchange.models import Envelope, EnvelopeLine
from zhubao.language import Text
from zhubao.loans.drawing import not_drawn, record_draw
from zhubao.loans.draws import PAYEE_OF
from zhubao.loans.models import Loan, Tranche
from zhubao.policies.claims import implements

from .received_files import apply_soon_unless_refused

KIND = "draw_return"
SYSTEM = "draw_paid"


def receive_draw_return(
    chunks: Iterable[bytes],
    *,
    name: str,
    policy_id: str,
    region_code: str,
    bank_id: int,
    agency_id: int,
    companion: str = "",
    actor: Actor,
    now: datetime,
) -> Receipt:
    """Take the bank's return file in and have it applied in the background; see `receive_envelope` for what refuses it."""
    receipt = receive_envelope(
        KIND,
        chunks,
        name=name,
        policy_id=policy_id,
        region_code=region_code,
        sender_id=bank_id,
        receiver_id=agency_id,
        companion=companion,
        actor=actor,
        now=now,
    )
    return apply_soon_unless_refused(receipt)


@implements("jx-annex-4c", "rg-12.4b", "tl-3.5b", as_="action")
def apply_draw_return(envelope_id: int, *, clock: Callable[[], datetime]) -> Envelope:
    """Apply every line nothing became of yet. Safe to repeat after any stop."""
    envelope = Envelope.objects.get(pk=envelope_id)
    actor = Actor.system(SYSTEM, envelope.region_code)
    return work_through(envelope_id, partial(_apply, envelope, actor), actor=actor, clock=clock)


def _apply(envelope: Envelope, actor: Actor, line: EnvelopeLine, row: DrawReturn, now: datetime) -> str:
    draw = draw_named(envelope, row.loan_number, row.year, row.sequence)
    key = f"{envelope.kind}/{envelope.batch}/{line.number}"
    if row.result == "not_drawn":
        not_drawn(draw.pk, row.reason or "银行回盘：未放款", key=key, actor=actor, now=now)
        return key
    if row.drawn_on is None:
        raise ZhubaoError("E-RETURN-DAY", Text("已放款的没有放款日期", "a draw made has no day"), place=row.loan_number)
    source = f"{envelope.batch} {row.bank_reference}".strip()
    payee = PAYEE_OF[draw.loan.policy_id]
    record_draw(draw.pk, row.drawn_on, row.amount_fen, payee, source=source, key=key, actor=actor, now=now)
    return key


def draw_named(envelope: Envelope, loan_number: str, year: int, sequence: int) -> Tranche:
    """Return the draw a line names; E-LOAN-UNKNOWN for no loan of the sending bank, E-DRAW-UNKNOWN for no draw released to it."""
    loan = Loan.objects.filter(
        number=loan_number, bank_id=envelope.sender_id, region_code__startswith=envelope.region_code
    ).first()
    if loan is None:
        raise ZhubaoError(
            "E-LOAN-UNKNOWN", Text("该银行没有这笔贷款", "the bank has no such loan"), place=loan_number, remedy=CHECK_NUMBER
        )
    draw = loan.tranches.filter(year=year, sequence=sequence).exclude(state="planned").select_related("loan").first()
    if draw is None:
        raise ZhubaoError(
            "E-DRAW-UNKNOWN",
            Text("这一年没有交给银行的放款", "no draw of that year was released to the bank"),
            place=f"{loan_number} {year}/{sequence}",
            remedy=CHECK_NUMBER,
        )
    return draw


CHECK_NUMBER = Text("核对贷款编号、年度和笔次", "check loan number, year and sequence")
