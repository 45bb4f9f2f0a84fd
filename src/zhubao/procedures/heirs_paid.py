"""The heirs are paid what the account of a dead person holds, once no loan and no recovery has a part of it to come."""

from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.accounts.after_death.actions import pay_heirs as pay
from zhubao.accounts.after_death.models import AfterDeath
from zhubao.assistance.models import Recovery
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.loans.models import Loan
from zhubao.loans.states import WAYS, process_of
from zhubao.people.models import Person
from zhubao.policies.claims import implements


@implements("tl-4.3b", as_="action")
@transaction.atomic
def pay_heirs(record_id: int, on: date, voucher: str, *, key: str = "", actor: Actor, now: datetime) -> AfterDeath:
    """Pay the heirs.

    Raise E-LOAN-OPEN while the account still has to pay on a loan, E-RECOVERY-FIRST while a part on behalf in it is to go back to
    whoever paid it, beside what `accounts` raises.
    """
    record = AfterDeath.objects.select_related("person").get(pk=record_id)
    loan = loan_before_heirs(record.person)
    if loan is not None:
        raise ZhubaoError(
            "E-LOAN-OPEN",
            Text(f"贷款 {loan.number} 尚未由账户清偿", f"the account has not paid its part of loan {loan.number} yet"),
            place=loan.number,
            remedy=Text("先办完身故清偿中个人账户的一份", "finish the account's part of the death settlement first"),
        )
    recovery = Recovery.objects.open().filter(row__person=record.person).order_by("pk").first()
    if recovery is not None:
        yuan = amount_in_yuan(recovery.amount_fen)
        raise ZhubaoError(
            "E-RECOVERY-FIRST",
            Text(f"账户内有代缴 {yuan} 元待追回", f"{yuan} yuan paid on behalf are to be recovered from the account"),
            place=recovery.subject,
            remedy=Text("先在代缴计划“追回”里登记追回款", "book that recovery of the plan first"),
        )
    return pay(record_id, on, voucher, key=key, actor=actor, now=now)


def loan_before_heirs(person: Person) -> Loan | None:
    """Return a loan whose debt the resident account of a dead person still has to pay; None where the heirs may have it all."""
    resident = [policy_id for policy_id, ways in WAYS.items() if ways.resident]
    for loan in Loan.objects.filter(person=person, policy_id__in=resident).select_related("death_settlement").order_by("pk"):
        state = process_of(loan.policy_id).state(loan.state)
        if state.final or state.name == "estate_claim":
            continue
        settlement = getattr(loan, "death_settlement", None)
        if (
            settlement is None
            or settlement.divided_at is None
            or settlement.payers.filter(payer="account", paid_on=None).exists()
        ):
            return loan
    return None
