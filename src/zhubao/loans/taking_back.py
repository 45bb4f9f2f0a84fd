"""Taking back an entry that was recorded wrongly: a draw, a contribution, a pension. One person proposes, another does it.

Nothing is erased: the loan gets an event that annuls the wrong one, its books follow by the difference, a contribution's postings
are taken back by rows the other way round. The wrong draw stays on record as taken back beside the one that takes its place.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Max

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.actions import reverse
from zhubao.lending import Kind
from zhubao.lending.events import basic_pension_set, pension_set, reversed_entry
from zhubao.policies.claims import implements
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.kinds import declare

from .books import SOURCE, book, receipt_entry
from .models import Loan, LoanEvent, LoanStep, Receipt, TakingBack, Tranche, TranchePart
from .personal_account import take_back_receipt
from .repaying import pension_begins
from .replaying import events_of, outcome
from .states import only_tax_records
from .stepping import Step, add_event, begin, finish

TASK = declare("loan.taking_back", Text("复核并冲回误记", "take a wrong entry back"))


@implements("tl-5.1c", as_="action")
@transaction.atomic
def propose_taking_back_draw(tranche_id: int, reason: str, *, key: str = "", actor: Actor, now: datetime) -> TakingBack:
    """Propose to take back a draw that was paid out to nobody, on another day, or in another amount; its receipts go with it.

    Raise E-TAKE-BACK for a draw that was not paid out, ended the qualification or has its contribution subsidy, and while another
    proposal is open; E-REASON.
    """
    tranche = Tranche.objects.get(pk=tranche_id)
    return _propose(TakingBack(loan_id=tranche.loan_id, what="draw", tranche=tranche), reason, key, actor=actor, now=now)


@transaction.atomic
def propose_taking_back_contribution(receipt_id: int, reason: str, *, key: str = "", actor: Actor, now: datetime) -> TakingBack:
    """Propose to take back a receipt; in Jiangxi the tax office does, which collects (jx-5.1e). Raise as for a draw."""
    receipt = Receipt.objects.select_related("tranche__loan").get(pk=receipt_id)
    if only_tax_records(receipt.tranche.loan.policy_id):
        actor.require_role(Role.TAX_CLERK)
    asked = TakingBack(loan_id=receipt.tranche.loan_id, what="contribution", tranche=receipt.tranche, receipt=receipt)
    return _propose(asked, reason, key, actor=actor, now=now)


@transaction.atomic
def propose_taking_back_pension(
    event_id: int,
    reason: str,
    *,
    right_fen: int | None = None,
    right_basic_fen: int | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> TakingBack:
    """Propose to take back a monthly pension, with the right one from the same day in its place where it is known.

    Raise E-PENSION for an amount below zero or a basic part above the whole, and as for a draw.
    """
    event = LoanEvent.objects.get(pk=event_id)
    if right_fen is not None and not 0 <= (right_basic_fen or 0) <= right_fen:
        raise ZhubaoError(
            "E-PENSION",
            Text("养老金不小于 0，基础养老金不超过全额", "a pension is not below 0, its basic part not above the whole"),
            place=str(event),
        )
    asked = TakingBack(loan_id=event.loan_id, what="pension", event=event, right_fen=right_fen, right_basic_fen=right_basic_fen)
    return _propose(asked, reason, key, actor=actor, now=now)


@implements("tl-5.1c", as_="action")
@transaction.atomic
def take_back(loan_id: int, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> TakingBack:
    """Take back what is proposed for a loan; another person than who proposed it. What it moved goes back, the books by the difference.

    A draw that was the loan's last movement is open again as it was released; an older one leaves the loan where it stands and may
    be planned anew. Raise E-TAKE-BACK for nothing proposed or where later entries rest on it, and what a replay without it raises.
    """
    step = begin(loan_id, "take_back", seen=seen, key=key, actor=actor, now=now)
    loan = step.loan
    if step.done:
        return _last_answered(loan)
    asked = _open_proposal(loan)
    if asked.proposed_by_id is not None and asked.proposed_by_id == actor.user_id:
        raise ZhubaoError("E-SAME-PERSON", Text("冲回须由另一人复核", "another person takes it back"), place=loan.number)
    undo = {"draw": _undo_draw, "contribution": _undo_contribution, "pension": _undo_pension}[asked.what]
    to = undo(asked, step)
    outcome(loan, step.today)
    book(loan, step.today, actor=actor, now=now)
    _close(asked, "taken_back", asked.reason, step)
    finish(step, to=to, what=asked.what, because=asked.reason)
    return asked


@transaction.atomic
def leave_standing(
    loan_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> TakingBack:
    """Answer a proposal with no: the entry stays as it is. Raise E-TAKE-BACK for nothing proposed, E-REASON."""
    step = begin(loan_id, "leave_standing", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return _last_answered(step.loan)
    asked = _open_proposal(step.loan)
    if asked.proposed_by_id is not None and asked.proposed_by_id == actor.user_id:
        raise ZhubaoError("E-SAME-PERSON", Text("须由另一人答复", "another person answers"), place=step.loan.number)
    _close(asked, "left", step.reason, step)
    finish(step, what=asked.what)
    return asked


def entries_of(loan: Loan) -> list[tuple[str, Tranche | Receipt | LoanEvent]]:
    """Return what could be proposed to be taken back: draws paid out, receipts, pensions, the last first."""
    draws = list(loan.tranches.filter(state__in=("drawn", "paid_in"), subsidy_fen=None).order_by("-year", "-sequence"))
    receipts = list(Receipt.objects.filter(tranche__in=draws).select_related("tranche").order_by("-on", "-pk"))
    gone = set(loan.events.filter(kind=Kind.REVERSED).values_list("amount", flat=True))
    pensions = [event for event in loan.events.filter(kind=Kind.PENSION_SET).order_by("-day") if event.entry not in gone]
    return [
        *(("draw", draw) for draw in draws),
        *(("contribution", receipt) for receipt in receipts),
        *(("pension", event) for event in pensions),
    ]


def _propose(asked: TakingBack, reason: str, key: str, *, actor: Actor, now: datetime) -> TakingBack:
    step = begin(asked.loan_id, "propose_taking_back", reason=reason, key=key, actor=actor, now=now)
    loan = step.loan
    if step.done:
        return TakingBack.objects.filter(loan=loan).order_by("-pk")[0]
    if TakingBack.objects.filter(loan=loan, state="proposed").exists():
        raise _refusal(loan, Text("已有一项冲回待复核", "another entry is proposed already"))
    _require_can_be_taken_back(asked, loan)
    asked.reason, asked.proposed_at = step.reason, now
    asked.proposed_by_id, asked.proposed_post_id = actor.user_id, actor.post_id
    asked.save()
    finish(step, what=asked.what, tranche=str(asked.tranche or ""), receipt=str(asked.receipt or ""))
    open_task(
        TASK,
        loan.subject,
        region_code=loan.region_code,
        role=Role.AGENCY_APPROVER,
        organisation_id=loan.agency_id,
        deadline=None,
        actor=actor,
        now=now,
    )
    return asked


def _require_can_be_taken_back(asked: TakingBack, loan: Loan) -> None:
    tranche, receipt, event = asked.tranche, asked.receipt, asked.event
    if tranche is not None and (tranche.state not in ("drawn", "paid_in") or tranche.subsidy_fen is not None):
        raise _refusal(loan, Text("这笔放款不能冲回", "this draw cannot be taken back"))
    if receipt is not None and receipt.taken_back_at is not None:
        raise _refusal(loan, Text("这笔缴费已冲回", "this receipt was taken back before"))
    if event is None:
        return
    if event.kind != Kind.PENSION_SET or loan.events.filter(kind=Kind.REVERSED, amount=event.entry).exists():
        raise _refusal(loan, Text("没有这条养老金记录", "there is no such pension on record"))
    begun_with = pension_begins(events_of(loan))
    if loan.state == "repaying" and asked.right_fen is None and begun_with == event.day.replace(day=1):
        raise _refusal(
            loan,
            Text("已从这笔养老金开始扣还，须同时填写正确金额", "repaying began with it: give the right amount in its place"),
        )


def _open_proposal(loan: Loan) -> TakingBack:
    open_one = TakingBack.objects.filter(loan=loan, state="proposed")
    asked = open_one.select_related("tranche", "receipt__tranche", "event").first()
    if asked is None:
        raise _refusal(loan, Text("没有待复核的冲回", "nothing is proposed"))
    _require_can_be_taken_back(asked, loan)
    return asked


def _last_answered(loan: Loan) -> TakingBack:
    return TakingBack.objects.filter(loan=loan).exclude(state="proposed").order_by("-decided_at")[0]


def _undo_draw(asked: TakingBack, step: Step) -> str:
    """Annul the draw and its receipts, and return the state the loan goes back to; "" where it stays."""
    tranche, loan = asked.tranche, step.loan
    assert tranche is not None, asked
    assert tranche.event_entry is not None, tranche
    for receipt in tranche.receipts.all():
        _undo_receipt(receipt, step)
    _annul(loan, tranche.event_entry, step)
    last = _last_movement(loan)
    drawn = loan.steps.filter(tranche=tranche, verb="record_draw").order_by("number").last()
    tranche.state = "taken_back"
    step.tranche = tranche
    if last is None or drawn is None or last.tranche_id != tranche.pk:
        return ""
    tranche.save(update_fields=["state"])
    step.tranche = _as_released(tranche)
    return drawn.start


def _as_released(wrong: Tranche) -> Tranche:
    """Return a new draw as the wrong one stood before the bank paid out."""
    last = Tranche.objects.filter(loan=wrong.loan_id, year=wrong.year).aggregate(last=Max("sequence"))["last"]
    again = Tranche.objects.create(
        loan_id=wrong.loan_id,
        year=wrong.year,
        sequence=last + 1,
        month_from=wrong.month_from,
        months=wrong.months,
        cap_fen=wrong.cap_fen,
        amount_fen=wrong.asked_fen or wrong.amount_fen,
        state="confirmed" if wrong.confirmed_on else "released",
        requested_in=wrong.requested_in,
        confirmed_on=wrong.confirmed_on,
    )
    for part in wrong.parts.all():
        TranchePart.objects.create(
            tranche=again, year=part.year, months=part.months, monthly_fen=part.monthly_fen, source=part.source
        )
    return again


def _undo_contribution(asked: TakingBack, step: Step) -> str:
    """Take the receipt back; the draw waits for its contribution again, and the loan with it where that was its last movement."""
    receipt, loan = asked.receipt, step.loan
    assert receipt is not None, asked
    tranche = receipt.tranche
    last = _last_movement(loan)
    moved = last is not None and last.tranche_id == tranche.pk
    if not moved and loan.state not in ("drawn", "repaying"):
        raise _refusal(
            loan,
            Text("其后已有别的放款，请冲回整笔放款", "a later draw stands beside it: take the draw back as a whole"),
        )
    _undo_receipt(receipt, step)
    tranche.state, tranche.contributed_on = "drawn", None
    step.tranche = tranche
    return last.start if moved and last is not None and last.verb == "record_contribution" else ""


def _undo_receipt(receipt: Receipt, step: Step) -> None:
    reverse(SOURCE, step.loan.subject, entry=receipt_entry(receipt), on=receipt.on, actor=step.actor, now=step.now)
    take_back_receipt(step.loan, receipt, actor=step.actor, now=step.now)
    receipt.taken_back_at = step.now
    receipt.save(update_fields=["taken_back_at"])


def _undo_pension(asked: TakingBack, step: Step) -> str:
    """Annul the pension with its basic part and enter the right one in its place."""
    wrong, loan = asked.event, step.loan
    assert wrong is not None, asked
    _annul(loan, wrong.entry, step)
    for basic in loan.events.filter(kind=Kind.BASIC_PENSION_SET, day=wrong.day).order_by("-entry")[:1]:
        _annul(loan, basic.entry, step)
    on: date = wrong.day
    if asked.right_fen is not None:
        add_event(loan, f"pension:{on}", pension_set(on, asked.right_fen), asked.reason[:200], actor=step.actor, now=step.now)
    if asked.right_basic_fen is not None:
        right = basic_pension_set(on, asked.right_basic_fen)
        add_event(loan, f"basic:{on}", right, asked.reason[:200], actor=step.actor, now=step.now)
    return ""


def _annul(loan: Loan, entry: int, step: Step) -> None:
    wrong = loan.events.get(entry=entry)
    event = reversed_entry(wrong.day, entry)
    add_event(loan, f"annulled:{entry}", event, step.reason or wrong.key, actor=step.actor, now=step.now)


def _last_movement(loan: Loan) -> LoanStep | None:
    """Return the last step that moved a loan from one state to another."""
    return loan.steps.exclude(start=F("end")).order_by("number").last()


def _close(asked: TakingBack, state: str, answer: str, step: Step) -> None:
    asked.state, asked.answer, asked.decided_at = state, answer, step.now
    asked.decided_by_id, asked.decided_post_id = step.actor.user_id, step.actor.post_id
    asked.save()
    close_tasks(step.loan.subject, [TASK], actor=step.actor, now=step.now)


def _refusal(loan: Loan, problem: Text) -> ZhubaoError:
    return ZhubaoError("E-TAKE-BACK", problem, place=loan.number)
