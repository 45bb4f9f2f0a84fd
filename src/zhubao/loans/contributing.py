"""After the draw: the contribution arrives and is recorded, or the borrower is reminded and the qualification ends; the subsidy."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from zhubao.access.actors import Actor
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending.events import certified, contribution_unpaid
from zhubao.policies.claims import implements

from .books import book, book_receipt, book_subsidy
from .drawing import begin_on, cancel_open_draws, require_day
from .models import Loan, LoanStep, Receipt, Tranche
from .personal_account import enter_receipt, enter_subsidy
from .replaying import outcome
from .states import process_of
from .stepping import add_event, begin, deadline_of, finish

LEAST_REMINDERS = 1


@implements("jx-3.1a", "jx-annex-4d", "rg-12.5", "tl-3.5d", as_="action")
@transaction.atomic
def record_contribution(
    tranche_id: int,
    receipt_number: str,
    received_on: date,
    amount_fen: int,
    *,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> Tranche:
    """Record money of a draw that arrived as a contribution; when all of it is there, the draw is paid in and the state moves on.

    A part stays open and is listed (`selectors.incomplete_contributions`). The receipt number is the key: the same one again changes
    nothing, with other content it is E-RECEIPT-KEY. Raise E-RECEIPT for more than was drawn, E-DRAW-DAY for a day before the draw or
    to come.
    """
    if not receipt_number.strip():
        raise ZhubaoError("E-RECEIPT", Text("缺票号", "the receipt has no number"), place=str(tranche_id))
    key = receipt_key(tranche_id, receipt_number)
    step = begin_on(tranche_id, "record_contribution", seen=seen, key=key, actor=actor, now=now)
    tranche = step.draw
    if step.done:
        there = tranche.receipts.get(number=receipt_number)
        if (there.on, there.amount_fen) != (received_on, amount_fen):
            problem = Text("票号已登记过另一笔", "the receipt was recorded otherwise")
            raise ZhubaoError("E-RECEIPT-KEY", problem, place=receipt_number)
        return tranche
    assert tranche.drawn_on is not None, tranche
    require_day(step, received_on, not_before=tranche.drawn_on)
    missing = tranche.amount_fen - received_fen(tranche)
    if not 0 < amount_fen <= missing:
        raise ZhubaoError(
            "E-RECEIPT",
            Text(
                f"到账 {amount_in_yuan(amount_fen)} 元，尚缺 {amount_in_yuan(missing)} 元",
                f"{amount_in_yuan(amount_fen)} yuan arrived, {amount_in_yuan(missing)} are missing",
            ),
            place=f"{step.loan.number} {receipt_number}",
            remedy=Text("核对人、年度和金额", "check person, year and amount"),
        )
    receipt = Receipt.objects.create(
        tranche=tranche,
        number=receipt_number,
        on=received_on,
        amount_fen=amount_fen,
        entered_at=now,
        entered_by_id=actor.post_id,
    )
    book_receipt(step.loan, receipt, actor=actor, now=now)
    enter_receipt(step.loan, receipt, actor=actor, now=now)
    if amount_fen < missing:
        finish(
            step,
            to=step.loan.state,
            draw_state=tranche.state,
            on=received_on,
            receipt=receipt_number,
            missing_fen=missing - amount_fen,
        )
    else:
        tranche.contributed_on = received_on
        to = "repaying" if step.loan.state == "repaying" else ""
        finish(step, to=to, on=received_on, receipt=receipt_number, late=tranche.paid_in_late)
    return tranche


def receipt_key(tranche_id: int, number: str) -> str:
    """Return the key of the step that records a receipt; one taken back before may be recorded again."""
    again = Receipt.everything.filter(tranche_id=tranche_id, number=number).exclude(taken_back_at=None).count()
    return f"receipt/{tranche_id}/{number}" + (f"#{again + 1}" if again else "")


def received_fen(tranche: Tranche) -> int:
    """Return what of a draw has arrived as a contribution, fen."""
    return int(tranche.receipts.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


@implements("jx-2.2c", "jx-3.1b", as_="action")
@transaction.atomic
def remind(tranche_id: int, told: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Tranche:
    """Record a reminder to pay in, and until when there is time (``setting.reminder_cure_days`` after today); `told`: how it was given.

    Raise E-REMINDER while the contribution is not overdue.
    """
    step = begin_on(tranche_id, "remind", reason=told, seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.draw
    if step.draw.pay_by is not None and step.today <= step.draw.pay_by:
        raise ZhubaoError(
            "E-REMINDER",
            Text(f"{step.draw.pay_by} 前还不算逾期", f"not overdue before {step.draw.pay_by} is over"),
            place=step.loan.number,
        )
    ending = process_of(step.loan.policy_id).transition("end_qualification")
    given = deadline_of(step, ending, start=step.today)
    step.draw.cure_until = given.due_on
    finish(step, cure_until=str(given.due_on), days=given.arithmetic["count"], provisional=given.provisional)
    return step.draw


@implements("jx-3.1b", "jx-3.1c", as_="action")
@transaction.atomic
def end_qualification(
    tranche_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> Tranche:
    """End the qualification because a draw was not paid in after a reminder; its subsidy ends today, nothing more is drawn.

    What was drawn stays owed as agreed (jx-3.1c). Raise E-REMINDER without a reminder, or before the time it gave is over.
    """
    step = begin_on(tranche_id, "end_qualification", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.draw
    tranche = step.draw
    reminders = LoanStep.objects.filter(tranche=tranche, verb="remind").count()
    if reminders < LEAST_REMINDERS or tranche.cure_until is None or step.today <= tranche.cure_until:
        raise ZhubaoError(
            "E-REMINDER",
            Text("须先催缴，且补缴期已过", "a reminder comes first, and the time it gave must be over"),
            place=step.loan.number,
            remedy=Text(f"补缴期至 {tranche.cure_until}", f"time is given until {tranche.cure_until}")
            if tranche.cure_until
            else None,
        )
    assert tranche.event_entry is not None, tranche
    event = contribution_unpaid(step.today, tranche.event_entry)
    add_event(step.loan, f"unpaid:{tranche.year}/{tranche.sequence}", event, step.reason, actor=actor, now=now)
    outcome(step.loan, step.today)
    cancel_open_draws(step.loan)
    finish(step)
    return tranche


@implements("tl-5.1h", as_="action")
@transaction.atomic
def match_subsidy(
    tranche_id: int, amount_fen: int, matched_on: date, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> Tranche:
    """Record the contribution subsidy that finance adds to a draw that arrived; once a draw (E-SUBSIDY-TWICE).

    Raise E-DRAW-DAY for a day before the arrival or to come, E-SUBSIDY for nothing or less.
    """
    step = begin_on(tranche_id, "match_subsidy", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.draw
    tranche, loan = step.draw, step.loan
    if tranche.subsidy_fen is not None:
        raise ZhubaoError("E-SUBSIDY-TWICE", Text("这笔缴费已配套补贴", "this draw has its subsidy"), place=loan.number)
    if amount_fen <= 0:
        raise ZhubaoError("E-SUBSIDY", Text("补贴应大于零", "an amount above zero is needed"), place=loan.number)
    assert tranche.contributed_on is not None, tranche
    require_day(step, matched_on, not_before=tranche.contributed_on)
    tranche.subsidy_fen, tranche.subsidy_on = amount_fen, matched_on
    book_subsidy(loan, tranche, amount_fen, matched_on, actor=actor, now=now)
    enter_subsidy(loan, tranche, amount_fen, matched_on, actor=actor, now=now)
    # The next year's draw or the pension may have begun: finance came late, the loan stays where it is.
    to = loan.state if loan.state in {"drawn", "repaying"} else "subsidy_matched"
    finish(step, to=to, on=matched_on, amount_fen=amount_fen)
    return tranche


@transaction.atomic
def grant_subsidy(
    loan_id: int, from_day: date, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> Loan:
    """Grant the interest subsidy that was left pending at the application, from a day that may lie in the past (A-ALL-8).

    What the books said of the interest since then is put right by the difference. Raise E-SUBSIDY-TWICE when it was granted before,
    E-DRAW-DAY for a day before the signing or to come, E-REASON.
    """
    step = begin(loan_id, "grant_subsidy", reason=reason, seen=seen, key=key, actor=actor, now=now)
    loan = step.loan
    if step.done:
        return loan
    if loan.subsidised_from is not None:
        raise ZhubaoError("E-SUBSIDY-TWICE", Text("贴息资格已定", "the subsidy was granted before"), place=loan.number)
    require_day(step, from_day, not_before=loan.signed_on)
    loan.subsidised_from = from_day
    loan.save(update_fields=["subsidised_from"])
    add_event(loan, "subsidised", certified(from_day), step.reason, actor=actor, now=now)
    book(loan, step.today, actor=actor, now=now)
    return finish(step, on=from_day)
