"""The pension relation of a borrower: it moves away, or the pension is claimed elsewhere, only once the loan is settled."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending.events import transferred
from zhubao.loans.models import Loan, SettlementCertificate, TransferRequest
from zhubao.loans.repaying import owed
from zhubao.loans.replaying import record_of
from zhubao.loans.states import process_of
from zhubao.loans.stepping import add_event
from zhubao.policies.claims import implements
from zhubao.workflow import CITIZEN

from .clearing import left_of
from .waiting import RELEASE_TRANSFER, put_in_queues

ASKING_POSTS = (Role.AGENCY_INTAKE, Role.AGENCY_REVIEWER, CITIZEN)
RELEASING_POSTS = (Role.AGENCY_APPROVER,)
TRANSFER, PENSION_ELSEWHERE = "transfer", "pension_elsewhere"
KIND_LABELS = {
    TRANSFER: Text("转移养老保险关系", "transfer of the pension relation"),
    PENSION_ELSEWHERE: Text("在外地申领养老金", "pension claimed at another place"),
}


@implements("rg-14.3", "jx-3.5d", as_="action")
@transaction.atomic
def request_transfer(
    loan_id: int, kind: str, to_place: str, requested_on: date, *, actor: Actor, now: datetime
) -> TransferRequest:
    """Record that a borrower's pension relation is to move, or the pension is claimed elsewhere; blocked until the loan is settled.

    Asked again while it is blocked, it is the same request with what is owed now. Raise OutOfScope, E-TRANSFER for a kind or place
    that is none, E-PAYMENT-DAY for a day to come, E-STATE for a loan that was withdrawn.
    """
    actor.require_role(*ASKING_POSTS)
    loan = _locked(loan_id, actor)
    if kind not in KIND_LABELS or not to_place.strip():
        raise ZhubaoError("E-TRANSFER", Text("请写明转往何地", "say where to"), place=loan.number)
    if requested_on > localdate(now):
        raise ZhubaoError("E-PAYMENT-DAY", Text("日期不能晚于今天", "the day is not after today"), place=loan.number)
    if loan.state == "withdrawn":
        raise ZhubaoError(
            "E-STATE", Text("贷款已撤回，不受限制", "the loan was withdrawn: nothing stands in the way"), place=loan.number
        )
    left = owed_now(loan, localdate(now))
    why = why_blocked(loan, left)
    request, made = TransferRequest.objects.get_or_create(
        loan=loan,
        kind=kind,
        state="blocked",
        defaults={
            "to_place": to_place.strip()[:100],
            "requested_on": requested_on,
            "owed_fen": left,
            "requested_by_id": actor.post_id,
            "entered_at": now,
        },
    )
    request.owed_fen, request.reason_zh, request.reason_en = left, why.zh[:200], why.en[:200]
    request.save()
    if SettlementCertificate.objects.filter(loan=loan).exists():
        put_in_queues(loan, [RELEASE_TRANSFER], [RELEASE_TRANSFER], actor=actor, now=now)
    if made:
        after = {"kind": kind, "to": request.to_place, "owed_fen": left}
        record("loan.transfer_asked", loan.subject, actor=actor, now=now, region_code=loan.region_code, after=after)
    return request


@implements("rg-14.3", "jx-3.5d", as_="action")
@transaction.atomic
def release_transfer(request_id: int, *, actor: Actor, now: datetime) -> TransferRequest:
    """Release a request on the settlement certificate; another person than who recorded it. Released before: the same.

    Raise E-LOAN-OWED with the sum while anything is owed, E-CERTIFICATE without the certificate, E-SAME-PERSON, E-STATE for a
    request that was taken back.
    """
    actor.require_role(*RELEASING_POSTS)
    loan = _locked(TransferRequest.objects.values_list("loan_id", flat=True).get(pk=request_id), actor)
    request = TransferRequest.objects.select_related("requested_by").get(pk=request_id)
    if request.state == "released":
        return request
    if request.state == "dropped":
        raise ZhubaoError(
            "E-STATE",
            Text("申请已撤回，不用放行", "the request was taken back: there is nothing to release"),
            place=loan.number,
            remedy=Text("需要转移的，请重新登记申请", "record a new request where the relation is to move"),
        )
    if actor.user_id is not None and request.requested_by is not None and request.requested_by.user_id == actor.user_id:
        raise ZhubaoError(
            "E-SAME-PERSON", Text("是您登记的，须另一人放行", "you recorded it: another person releases it"), place=loan.number
        )
    today = localdate(now)
    left = owed_now(loan, today)
    if left or loan.state != "settled":
        raise ZhubaoError(
            "E-LOAN-OWED", why_blocked(loan, left), place=loan.number, remedy=Text("先结清贷款", "settle the loan first")
        )
    certificate = SettlementCertificate.objects.filter(loan=loan).first()
    if certificate is None:
        raise ZhubaoError(
            "E-CERTIFICATE",
            Text("没有银行结清证明", "there is no settlement certificate"),
            place=loan.number,
            remedy=Text("请银行开具结清证明", "the bank issues it"),
        )
    request.owed_fen, request.state, request.certificate = 0, "released", certificate
    request.reason_zh = request.reason_en = ""
    request.released_at, request.released_by_id = now, actor.post_id
    request.save()
    if request.kind == TRANSFER:
        add_event(loan, "transferred", transferred(today), certificate.number, actor=actor, now=now)
    put_in_queues(loan, [], [RELEASE_TRANSFER], actor=actor, now=now)
    after = {"kind": request.kind, "certificate": certificate.number}
    record("loan.transfer_released", loan.subject, actor=actor, now=now, region_code=loan.region_code, after=after)
    return request


@transaction.atomic
def drop_transfer(request_id: int, *, actor: Actor, now: datetime) -> TransferRequest:
    """Take a blocked request back, for the borrower or at the borrower's word. Taken back before: the same.

    Raise OutOfScope, E-STATE for a request that was released.
    """
    actor.require_role(*ASKING_POSTS)
    loan = _locked(TransferRequest.objects.values_list("loan_id", flat=True).get(pk=request_id), actor)
    request = TransferRequest.objects.get(pk=request_id)
    if request.state == "dropped":
        return request
    if request.state == "released":
        raise ZhubaoError(
            "E-STATE", Text("已放行，不能撤回", "it was released and cannot be taken back any more"), place=loan.number
        )
    request.state, request.reason_zh, request.reason_en = "dropped", "", ""
    request.save(update_fields=["state", "reason_zh", "reason_en"])
    if not TransferRequest.objects.filter(loan=loan, state="blocked").exists():
        put_in_queues(loan, [], [RELEASE_TRANSFER], actor=actor, now=now)
    after = {"kind": request.kind, "to": request.to_place}
    record("loan.transfer_dropped", loan.subject, actor=actor, now=now, region_code=loan.region_code, after=after)
    return request


def owed_now(loan: Loan, on: date) -> int:
    """Return what pays a loan off on a day, the claim after a death included, fen."""
    settlement = getattr(loan, "death_settlement", None)
    if settlement is None or settlement.divided_at is None:
        return owed(record_of(loan).outcome(on), on)
    unpaid = sum(settlement.payers.filter(paid_on=None).values_list("amount_fen", flat=True))
    claim = getattr(settlement, "claim", None)
    return int(unpaid) + (left_of(claim) if claim else settlement.unrecovered_fen or 0)


def why_blocked(loan: Loan, left: int) -> Text:
    """Return what still stands in the way of a transfer, `left` fen being owed."""
    if left:
        yuan = amount_in_yuan(left)
        return Text(f"尚欠本息 {yuan} 元，须先还清", f"{yuan} yuan of principal and interest are owed and come first")
    if loan.state != "settled":
        label = process_of(loan.policy_id).state(loan.state).label
        return Text(f"贷款尚未结清（{label.zh}）", f"the loan is not settled ({label.en})")
    return Text("待凭结清证明放行", "waits for its release on the settlement certificate")


def _locked(loan_id: int, actor: Actor) -> Loan:
    loan = Loan.objects.select_for_update().get(pk=loan_id)
    if actor.role == CITIZEN:
        if actor.person_id != loan.person_id:
            raise OutOfScope(loan.number, Text("这不是本人的贷款", "this is not your loan"))
        return loan
    actor.require_region(loan.region_code)
    if actor.role in AGENCY_ROLES and actor.organisation_id != loan.agency_id:
        raise OutOfScope(loan.number, Text("由别的单位办理", "another office deals with this"))
    return loan
