"""The file of pensions credited: each line is seen in full before an instalment may be taken from it, or answered with why not."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

from zhubao.access.actors import Actor
from zhubao.access.roles import OrganisationKind
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import Receipt, receive_envelope
from zhubao.exchange.files.pension_credit import PensionCredited
from zhubao.exchange.lines import AT_ONCE, work_through_many
from zhubao.exchange.models import Envelope
from zhubao.language import Text
from zhubao.loans.deductions.crediting import Credited, record_credits
from zhubao.loans.models import Loan
from zhubao.people.finding import find_all
from zhubao.people.models import Person
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
def apply_pension_credits(envelope_id: int, *, clock: Callable[[], datetime], at_once: int = AT_ONCE) -> Envelope:
    """Apply every line nothing became of yet, `at_once` in a transaction. Safe to repeat after any stop."""
    envelope = Envelope.objects.select_related("sender", "receiver").get(pk=envelope_id)
    actor = Actor.system(SYSTEM, envelope.region_code)
    return work_through_many(envelope_id, partial(_apply, envelope, actor), actor=actor, clock=clock, at_once=at_once)


def _apply(
    envelope: Envelope, actor: Actor, lines: Sequence[tuple[int, PensionCredited]], now: datetime
) -> list[str | ZhubaoError]:
    """Record the pensions of many lines, and answer each with its key or what refuses it."""
    numbers = {row.loan_number for _number, row in lines}
    loans = {loan.number: loan for loan in Loan.objects.filter(number__in=numbers)}
    people = find_all(row.id_number for _number, row in lines)
    answers: dict[int, str | ZhubaoError] = {}
    credited: dict[int, Credited] = {}
    for number, row in lines:
        try:
            loan = _require_loan(envelope, row, loans.get(row.loan_number), people.get(row.id_number))
        except ZhubaoError as error:
            answers[number] = error
        else:
            credited[number] = Credited(loan.pk, row.month, row.gross_fen, row.credited_on, row.basic_fen)
    approved, source = envelope.sender.kind == OrganisationKind.AGENCY, f"{envelope.batch} {envelope.sender.name}"
    found = record_credits(list(credited.values()), source, approved=approved, actor=actor, now=now)
    for number, credit in zip(credited, found, strict=True):
        answers[number] = credit if isinstance(credit, ZhubaoError) else f"credit/{credit.pk}/{number}"
    return [answers[number] for number, _row in lines]


@implements("rg-14.1b", as_="action")
def _require_loan(envelope: Envelope, row: PensionCredited, loan: Loan | None, person: Person | None) -> Loan:
    """Return the loan a line names; refuse one whose bank is neither side of the file, and another person's citizen number."""
    offices = (envelope.sender_id, envelope.receiver_id)
    if loan is None or not loan.region_code.startswith(envelope.region_code) or loan.policy_id != envelope.policy_id:
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
