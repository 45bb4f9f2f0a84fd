"""The card account of an open loan: in principle it stays; another one of the same bank when the card is lost or damaged."""

from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.identity import normalise
from zhubao.language import Text
from zhubao.loans.models import CardChange, Loan
from zhubao.loans.repaying import owed_after
from zhubao.loans.replaying import record_of
from zhubao.loans.states import process_of
from zhubao.loans.stepping import Step, begin, finish
from zhubao.people.actions import set_card
from zhubao.people.keys import keys
from zhubao.people.sealing import context_of, row_keys
from zhubao.policies.claims import implements
from zhubao.workflow import CITIZEN

from .waiting import DECIDE_CARD, put_in_queues

REASON_LABELS = {
    "lost": Text("遗失", "lost"),
    "damaged": Text("损坏", "damaged"),
    "other": Text("其他", "other"),
}
AT_ONCE = ("lost", "damaged")


@implements("jx-3.5b", "jx-3.5c", "tl-3.4b", "tl-3.4c", as_="action")
@transaction.atomic
def change_card(
    loan_id: int,
    bank_id: int,
    number: str,
    starts_on: date,
    reason: str,
    *,
    told: str = "",
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> CardChange:
    """Ask for another card account of an open loan. Lost or damaged, seen by bank or agency: applied at once.

    Any other reason, and what a borrower reports, waits for the agency's decision. Nothing owed any more: applied at once as
    well. The account in use stays until then. Raise E-CARD-OTHER-BANK for another bank whatever the reason, E-CARD-REASON for
    a reason that is none or "other" without words, E-CARD-WAITS while another change waits, and what `people.set_card`
    raises.
    """
    step = begin(loan_id, "change_card", seen=seen, key=key, actor=actor, now=now)
    loan = step.loan
    if step.done:
        return CardChange.objects.filter(loan=loan).latest("pk")
    if bank_id != loan.bank_id:
        raise ZhubaoError(
            "E-CARD-OTHER-BANK",
            Text("贷款未还清，账户须留在贷款银行", "while the loan is open the account stays at the lending bank"),
            place=loan.number,
            remedy=Text("换领本行社保卡，或先结清贷款", "take a new card of this bank, or settle the loan first"),
        )
    if reason not in REASON_LABELS or (reason == "other" and not told.strip()):
        raise ZhubaoError("E-CARD-REASON", Text("请写明变更原因", "a reason for the change is needed"), place=loan.number)
    digits = normalise(number)
    if not (digits.isascii() and digits.isdigit() and 10 <= len(digits) <= 24):
        raise ZhubaoError("E-CARD", Text("账号应为 10 到 24 位数字", "an account number has 10 to 24 digits"))
    if CardChange.objects.filter(loan=loan, state="pending").exists():
        raise ZhubaoError("E-CARD-WAITS", Text("已有变更待决定", "another change waits for its decision"), place=loan.number)
    [pk] = row_keys(CardChange, 1)
    change = CardChange(
        pk=pk,
        loan=loan,
        reason=reason,
        told=told.strip()[:300],
        sealed=keys().seal(digits, context_of(CardChange, "sealed", pk)),
        last_four=digits[-4:],
        starts_on=starts_on,
        asked_at=now,
        asked_by_id=actor.post_id,
    )
    change.save(force_insert=True)
    free = reason in AT_ONCE or not owed_after(record_of(loan).outcome(step.today), step.today)
    at_once = free and actor.role != CITIZEN
    if at_once:
        _apply(step, change, digits, of_register=actor)
    else:
        put_in_queues(loan, [DECIDE_CARD], [DECIDE_CARD], actor=actor, now=now)
    finish(step, reason=reason, account=str(change.last_four), applied=at_once)
    return change


@implements("jx-3.5b", "tl-3.4b", as_="action")
@transaction.atomic
def decide_card(
    change_id: int, reason: str, *, allow: bool, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> CardChange:
    """Allow or refuse a change the rule blocks, in one's own name and with the reason (A-ALL-12); E-CARD-DECIDED when it was decided."""
    loan_id = CardChange.objects.values_list("loan_id", flat=True).get(pk=change_id)
    step = begin(loan_id, "decide_card", reason=reason, seen=seen, key=key, actor=actor, now=now)
    change = CardChange.objects.get(pk=change_id)
    if step.done:
        return change
    if change.state != "pending":
        raise ZhubaoError("E-CARD-DECIDED", Text("该变更已有决定", "the change was decided"), place=step.loan.number)
    change.decision = step.reason
    if allow:
        number = keys().open(change.sealed, context_of(CardChange, "sealed", change.pk))
        _apply(step, change, number, of_register=Actor.system("loans", step.loan.person.region_code))
    else:
        change.state, change.decided_at, change.decided_by_id = "refused", now, actor.post_id
        change.save()
    put_in_queues(step.loan, [], [DECIDE_CARD], actor=actor, now=now)
    finish(step, allowed=allow, account=change.last_four)
    return change


def may_change(loan: Loan) -> bool:
    """Tell whether a programme binds its loans to a card account."""
    return any(row.verb == "change_card" for row in process_of(loan.policy_id).transitions)


def _apply(step: Step, change: CardChange, number: str, *, of_register: Actor) -> None:
    loan = step.loan
    if not of_register.covers(loan.person.region_code):
        of_register = Actor.system("loans")
    account = set_card(loan.person_id, loan.bank_id, number, starts_on=change.starts_on, actor=of_register, now=step.now)
    # Every loan that was bound to the old account of this bank moves with it.
    Loan.objects.filter(person_id=loan.person_id, bank_id=loan.bank_id).exclude(card_account=None).update(card_account=account)
    loan.card_account = account
    change.state, change.decided_at, change.decided_by_id = "applied", step.now, step.actor.post_id
    change.save()
