"""The only writers of transfers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.models import Person
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.deadlines import deadline

from ..actions import credit, pay_out
from ..courses import begin, locked, require_hands, require_step, take, tell_person
from ..models import Kind, Source
from ..selectors import account_of, balance_of
from .checklist import CheckList, items_of, require_complete
from .course import PROCESS
from .models import LEAVING, CheckOutcome, Transfer, TransferCheck, TransferHold, TransferKind

DAYS, SETTING = 45, "transfer_days"
# The clause under which an open loan holds a transfer, and whether the agency may agree to an exception (A-JX-17; Rugao has none).
EXCEPTED = frozenset({"jx-3.5d"})


@dataclass(frozen=True)
class Holding:
    """An open loan that holds a transfer: number, clause, what is owed (fen)."""

    loan_number: str
    clause: str
    owed_fen: int


@implements("gz-11c", as_="action")
@transaction.atomic
def request(
    person: Person,
    kind: str,
    other_place: str,
    requested_on: date,
    *,
    online: bool = False,
    key: str,
    actor: Actor,
    now: datetime,
) -> Transfer:
    """Record that a relation is to move, with a number and the day by which it is done; the same `key` again is the same request.

    Raise OutOfScope, E-TRANSFER for a kind or place that is none, E-DAY for a day to come, E-DEAD, E-TRANSFER-OPEN while another is open.
    """
    before = Transfer.objects.filter(person=person, key=key).first()
    if before is not None:
        require_hands(before, PROCESS.transition("request"), actor)
        return before
    place = f"person:{person.pk}"
    if kind not in TransferKind.values or not other_place.strip():
        raise ZhubaoError(
            "E-TRANSFER",
            Text("请写明办理事项和对方地区", "say what is asked for and which other place"),
            place=place,
            remedy=Text("选择事项，填写地区", "choose and write both"),
        )
    if requested_on > localdate(now):
        raise ZhubaoError("E-DAY", Text("日期不能晚于今天", "the day is not after today"), place=place)
    if person.dead_on(localdate(now)):
        raise ZhubaoError(
            "E-DEAD",
            Text("参保人已去世，不能转移", "the person has died: nothing moves"),
            place=place,
            remedy=Text("按身故办理一次性待遇", "deal with it as a death"),
        )
    opened = Transfer.objects.open().filter(person=person).first()
    if opened is not None:
        raise ZhubaoError(
            "E-TRANSFER-OPEN",
            Text(f"已有未办结的申请 {opened.number}", f"{opened.number} is still open"),
            place=place,
            remedy=Text("先办结或撤回那一件", "finish or withdraw that one first"),
        )
    made = Transfer(
        region_code=person.region_code,
        person=person,
        kind=kind,
        other_place=other_place.strip()[:100],
        online=online,
        requested_on=requested_on,
        key=key,
    )
    _count_days(made, localdate(now))
    begin(made, "request", key=key, actor=actor, now=now, after={"kind": kind, "place": made.other_place})
    made.number = f"ZY{localdate(now):%Y}{made.pk:06d}"
    made.save(update_fields=["number"])
    return made


@implements("gz-11c", "jx-3.5d", "rg-14.3", as_="action")
@transaction.atomic
def check(
    transfer_id: int, found: CheckList, loans: Sequence[Holding], *, key: str = "", actor: Actor, now: datetime
) -> Transfer:
    """Record the check-list: passed it is `checked`; an open loan of `loans` not lifted before holds it, with its number.

    Raise E-CHECK-LIST, E-OVERLAP beside what `take` raises.
    """
    transfer = locked(Transfer, transfer_id)
    row = PROCESS.transition("check")
    require_hands(transfer, row, actor)
    if key and transfer.steps.filter(key=key).exists():
        return transfer
    require_step(transfer, row, "", actor)
    require_complete(transfer.kind, found, transfer.number or "")
    _note(transfer, found, actor, now)
    lifted = set(transfer.holds.exclude(lifted_at=None).values_list("loan_number", flat=True))
    holding = [loan for loan in loans if loan.loan_number not in lifted]
    for loan in holding:
        TransferHold.objects.update_or_create(
            transfer=transfer,
            loan_number=loan.loan_number,
            defaults={"clause": loan.clause, "owed_fen": loan.owed_fen, "found_at": now},
        )
    done = take(
        Transfer,
        transfer_id,
        "check",
        to="held" if holding else "checked",
        key=key,
        reason="、".join(loan.loan_number for loan in holding),
        values={"overlap_months": found.overlap_months},
        after={"loans": [loan.loan_number for loan in holding]},
        actor=actor,
        now=now,
    )
    if holding:
        numbers = "、".join(loan.loan_number for loan in holding)
        _tell(done, f"贷款 {numbers} 未结清，本件暂缓；结清后凭银行证明继续办理。", actor, now)
    return done


@transaction.atomic
def ask_papers(transfer_id: int, found: CheckList, reason: str, *, key: str = "", actor: Actor, now: datetime) -> Transfer:
    """Ask the person for what is missing; what was found so far stays on the list."""
    transfer = take(Transfer, transfer_id, "ask_papers", reason=reason, key=key, actor=actor, now=now)
    _note(transfer, found, actor, now)
    _tell(transfer, f"请补充：{reason.strip()}", actor, now)
    return transfer


@transaction.atomic
def complete(transfer_id: int, remark: str = "", *, key: str = "", actor: Actor, now: datetime) -> Transfer:
    """Record that what was missing is there; the days begin anew."""
    return _anew(take(Transfer, transfer_id, "complete", reason=remark, key=key, actor=actor, now=now), now)


@implements("jx-3.5d", "rg-14.3", as_="action")
@transaction.atomic
def lift(transfer_id: int, certificates: dict[str, str], *, key: str = "", actor: Actor, now: datetime) -> Transfer:
    """Let a held transfer go on upon the settlement certificates, loan number → certificate number.

    Raise E-LOAN-OPEN naming the first loan without one.
    """
    transfer = locked(Transfer, transfer_id)
    for hold in transfer.holds.filter(lifted_at=None):
        number = certificates.get(hold.loan_number, "")
        if not number:
            raise _open_loan(hold)
        hold.lifted_at, hold.certificate, hold.owed_fen = now, number, 0
        hold.save()
    return _anew(take(Transfer, transfer_id, "lift", key=key, after=certificates, actor=actor, now=now), now)


@implements("jx-3.5d", as_="action")
@transaction.atomic
def let_go(transfer_id: int, reason: str, *, key: str = "", actor: Actor, now: datetime) -> Transfer:
    """Let a transfer go on although a loan is open, by the agency's decision; raise E-LOAN-OPEN where the clause knows no exception."""
    transfer = locked(Transfer, transfer_id)
    for hold in transfer.holds.filter(lifted_at=None):
        if hold.clause not in EXCEPTED:
            raise _open_loan(hold)
        hold.lifted_at, hold.decision = now, reason.strip()[:500] or "—"
        hold.save()
    return _anew(take(Transfer, transfer_id, "except", reason=reason, key=key, actor=actor, now=now), now)


@implements("gz-11c", as_="action")
@transaction.atomic
def move(
    transfer_id: int, paper: str, moved_on: date, amount_fen: int | None = None, *, key: str = "", actor: Actor, now: datetime
) -> Transfer:
    """Move the account: out, all that is in it, lot by lot; in, the amount of the letter as money that was transferred.

    `paper` is the number of the letter between the two offices. Raise E-PAPER without one, E-DAY for a day to come or before the
    request, E-TRANSFER-AMOUNT where an amount that came in is missing or one that leaves differs from the account.
    """
    transfer = locked(Transfer, transfer_id)
    row = PROCESS.transition("move")
    require_hands(transfer, row, actor)
    if key and transfer.steps.filter(key=key).exists():
        return transfer
    require_step(transfer, row, "", actor)
    place = transfer.number or transfer.subject
    if not paper.strip():
        raise ZhubaoError("E-PAPER", Text("请填联系函编号", "the number of the letter is needed"), place=place)
    if not transfer.requested_on <= moved_on <= localdate(now):
        raise ZhubaoError("E-DAY", Text("日期应在申请日与今天之间", "the day lies between the request and today"), place=place)
    if transfer.kind in LEAVING:
        moved = _take_out(transfer, amount_fen, moved_on, actor, now)
    elif amount_fen is None or amount_fen < 0:
        raise _amount(place, Text("请填转入金额（可为 0）", "the amount that came in is needed (0 is one)"))
    else:
        moved = amount_fen
        if moved:
            credit(
                transfer.person,
                Source.TRANSFER,
                moved,
                on=moved_on,
                subject=transfer.subject,
                key="in",
                lot=place,
                region_code=transfer.region_code,
                actor=actor,
                now=now,
            )
    values = {"amount_fen": moved, "moved_on": moved_on, "paper": paper.strip()[:60]}
    after = {"fen": moved, "on": moved_on.isoformat(), "paper": paper.strip()[:60]}
    done = take(Transfer, transfer_id, "move", key=key, values=values, after=after, actor=actor, now=now)
    _tell(done, f"已于 {moved_on} 办结，转移金额 {amount_in_yuan(moved)} 元。", actor, now)
    return done


@transaction.atomic
def reopen(transfer_id: int, reason: str, *, key: str = "", actor: Actor, now: datetime) -> Transfer:
    """Send a checked transfer back to be checked again."""
    return take(Transfer, transfer_id, "reopen", reason=reason, key=key, actor=actor, now=now)


@transaction.atomic
def refuse(transfer_id: int, reason: str, *, key: str = "", actor: Actor, now: datetime) -> Transfer:
    """Refuse a transfer with the reason the person is told."""
    done = take(Transfer, transfer_id, "refuse", reason=reason, key=key, actor=actor, now=now)
    _tell(done, f"不予办理：{reason.strip()}", actor, now)
    return done


@transaction.atomic
def withdraw(transfer_id: int, *, key: str = "", actor: Actor, now: datetime) -> Transfer:
    """Withdraw a request before anything moved."""
    return take(Transfer, transfer_id, "withdraw", key=key, actor=actor, now=now)


def _tell(transfer: Transfer, words: str, actor: Actor, now: datetime) -> None:
    occasion = f"{transfer.state}/{transfer.steps.count()}"
    tell_person(transfer, f"关系转移申请 {transfer.number}：{words}", occasion=occasion, actor=actor, now=now)


def _count_days(transfer: Transfer, start: date) -> None:
    counted = deadline(SETTING, DAYS, "calendar", start, area_of_region(transfer.region_code), parameter_book())
    transfer.due_on, transfer.due_arithmetic, transfer.provisional = counted.due_on, counted.arithmetic, counted.provisional


def _anew(transfer: Transfer, now: datetime) -> Transfer:
    _count_days(transfer, localdate(now))
    transfer.save(update_fields=["due_on", "due_arithmetic", "provisional"])
    return transfer


def _note(transfer: Transfer, found: CheckList, actor: Actor, now: datetime) -> None:
    for item in items_of(transfer.kind):
        point = found.points.get(item)
        if point is None or point.outcome not in CheckOutcome.values:
            continue
        TransferCheck.objects.update_or_create(
            transfer=transfer,
            item=item,
            defaults={
                "outcome": point.outcome,
                "remark": point.remark.strip()[:300],
                "checked_at": now,
                "checked_by_id": actor.user_id,
            },
        )


def _take_out(transfer: Transfer, expected_fen: int | None, on: date, actor: Actor, now: datetime) -> int:
    """Take everything out of the account and return how much it was, fen."""
    account = account_of(transfer.person, region_code=transfer.region_code)
    there = balance_of(account).fen
    if expected_fen is not None and expected_fen != there:
        raise _amount(
            transfer.number or "",
            Text(
                f"账户余额为 {amount_in_yuan(there)} 元，与填写的不一致",
                f"the account holds {amount_in_yuan(there)} yuan, not what was written",
            ),
        )
    if account is not None and there:
        pay_out(account, there, on=on, subject=transfer.subject, key="out", kind=Kind.TRANSFER_OUT, actor=actor, now=now)
    return there


def _amount(place: str, problem: Text) -> ZhubaoError:
    return ZhubaoError("E-TRANSFER-AMOUNT", problem, place=place, remedy=Text("核对联系函和账户", "compare letter and account"))


def _open_loan(hold: TransferHold) -> ZhubaoError:
    return ZhubaoError(
        "E-LOAN-OPEN",
        Text(f"贷款 {hold.loan_number} 未结清，没有结清证明", f"loan {hold.loan_number} is open: no settlement certificate"),
        place=hold.loan_number,
        remedy=Text("先结清贷款，由银行开具结清证明", "settle the loan; the bank issues the certificate"),
    )
