"""The file of pensions credited: each line is seen in full before an instalment may be taken from it, or answered with why not."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from zhubao.access.actors import Actor
from zhubao.access.roles import OrganisationKind
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import Receipt, receive_envelope
from zhubao.exchange.files.pension_credit import PensionCredited
from zhubao.exchange.lines import work_through
from zhubao.exchange.models import Envelope, EnvelopeLine
from zhubao.language import Text
from zhubao.loans.deductions.crediting import record_credit
from zhubao.loans.models import Loan
from zhubao.people.selectors import find
from zhubao.policies.claims import implements

from .received_files import apply_soon_unless_refused

KIND = "pension_credit"
SYSTEM = "pension_credited"


def receive_pension_credits(
    chunks: Iterable[bytes],
    *,
    name: str,
    policy_id: str,
    region_code: str,
    sender_id: int,
    receiver_id: int,
    companion: str = "",
    actor: Actor,
    now: datetime,
) -> Receipt:
    """Take the bank's or the agency's file in and have it applied in the background; see `receive_envelope` for what refuses it.

    The other of the two offices receives it: the bank that pays the pensions, or the agency that approved them.
    """
    receipt = receive_envelope(
        KIND,
        chunks,
        name=name,
        policy_id=policy_id,
        region_code=region_code,
        sender_id=sender_id,
        receiver_id=receiver_id,
        companion=companion,
        actor=actor,
        now=now,
    )
    return apply_soon_unless_refused(receipt)


@implements("rg-14.1c", as_="action")
def apply_pension_credits(envelope_id: int, *, clock: Callable[[], datetime]) -> Envelope:
    """Apply every line nothing became of yet. Safe to repeat after any stop."""
    envelope = Envelope.objects.select_related("sender", "receiver").get(pk=envelope_id)
    actor = Actor.system(SYSTEM, envelope.region_code)
    return work_through(envelope_id, partial(_apply, envelope, actor), actor=actor, clock=clock)


def _apply(envelope: Envelope, actor: Actor, line: EnvelopeLine, row: PensionCredited, now: datetime) -> str:
    loan = _loan_of(envelope, row)
    credit = record_credit(
        loan.pk,
        row.month,
        row.gross_fen,
        row.credited_on,
        f"{envelope.batch} {envelope.sender.name}",
        basic_fen=row.basic_fen,
        approved=envelope.sender.kind == OrganisationKind.AGENCY,
        actor=actor,
        now=now,
    )
    return f"credit/{credit.pk}/{line.number}"


@implements("rg-14.1b", as_="action")
def _loan_of(envelope: Envelope, row: PensionCredited) -> Loan:
    """Return the loan a line names; refuse one whose bank is neither side of the file, and another person's citizen number."""
    offices = (envelope.sender_id, envelope.receiver_id)
    loan = Loan.objects.filter(number=row.loan_number, region_code__startswith=envelope.region_code).first()
    if loan is None or loan.policy_id != envelope.policy_id:
        raise ZhubaoError(
            "E-LOAN-UNKNOWN",
            Text("没有这笔贷款", "there is no such loan"),
            place=row.loan_number,
            remedy=Text("核对贷款编号", "check the loan number"),
        )
    if loan.bank_id not in offices or loan.agency_id not in offices:
        raise ZhubaoError(
            "E-CREDIT-BANK",
            Text("养老金须由贷款银行代发", "the pension is paid out by the bank that lends"),
            place=row.loan_number,
            remedy=Text("先把养老金发放账户改到贷款银行", "have the pension paid into the account at the lending bank"),
        )
    person = find(row.id_number)
    if person is None or person.pk != loan.person_id:
        raise ZhubaoError(
            "E-CREDIT-PERSON",
            Text(
                f"身份证号不是贷款 {loan.number} 借款人的",
                f"the citizen number is not that of the borrower of loan {loan.number}",
            ),
            place=row.loan_number,
        )
    return loan
