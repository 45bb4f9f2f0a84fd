"""Closing rows out one by one with their proof, many at once by receipts the system holds, reopening, and closing the year.

The only writers of closings. Every action goes through `stepping.take`, which checks post, place and state.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.private_files import keep
from zhubao.access.uploads import suffix_of
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import implements
from zhubao.tasks.actions import close_tasks

from .closing_out_calls import CALL, call_subject
from .models import AssistancePlan, CloseOut, PlanRow, PlanStep, Proof, RefundPayment
from .models.ledger import PROOF_OF
from .models.row import PlanRowQuerySet
from .states.plan import PLAN
from .stepping import take

LONGEST_REFERENCE: Final = 120
# How the reason of a cancelled row begins when the person refused in writing; the coverage list tells them by it.
REFUSAL: Final = "书面不参保"
# What the system holds itself: of a contribution on the account the number of its receipt, else the day it was credited; of a refund
# the voucher of the payment that stands.
VOUCHER: Final = RefundPayment.objects.filter(refund__row=OuterRef("pk"), returned_on=None).values("reference")[:1]
HELD: Final = (Q(state="credited") & (~Q(receipt_number="") | Q(credited_on__isnull=False))) | Q(
    state="refunded", voucher__isnull=False
)
HELD_WORDS: Final = Case(
    When(state="refunded", then=Subquery(VOUCHER)),
    When(~Q(receipt_number=""), then=F("receipt_number")),
    default=Concat(Value("个人账户记账 "), Cast("credited_on", CharField())),
    output_field=CharField(),
)


@dataclass(frozen=True)
class Paper:
    """A scanned paper as it came: its bytes and the name it had."""

    content: bytes
    name: str


@implements("ps-3.2d", "ps-3.1b", as_="action")
@transaction.atomic
def close_out(
    row_id: int,
    proof: str,
    reference: str,
    *,
    on: date,
    note: str = "",
    paper: Paper | None = None,
    key: str,
    actor: Actor,
    now: datetime,
) -> CloseOut:
    """Close a row out on a day with its proof, and return the closing; the same `key` again changes nothing.

    `proof` must be the kind the row's state calls for; where the receipt is on record, `reference` must be its number. Raise DoesNotExist,
    OutOfScope, E-STATE, E-CLOSE-PROOF without a proof, E-CLOSE-KIND for one of another kind, E-CLOSE-RECEIPT for another receipt,
    E-CLOSE-DAY for a day to come, E-ATTACHMENT-… for a paper that cannot be kept.
    """
    row = PlanRow.objects.select_for_update(of=("self",)).select_related("plan").get(pk=row_id)
    before = PlanStep.objects.filter(row=row, key=key, verb="close_out").exists()
    standing = CloseOut.objects.standing().filter(row=row).first()
    if before and standing is not None:
        return standing
    said = reference.strip()
    start = row.state
    if start in PROOF_OF:
        _check_proof(row, proof, said)
    if on > localdate(now):
        raise ZhubaoError("E-CLOSE-DAY", Text("销号日期不能晚于今天", "the day lies ahead"), place=row.subject)
    kept_as, digest = "", ""
    if paper is not None:
        kept_as, digest = keep(paper.content, "closings", suffix=suffix_of(paper.content, paper.name))
    values = {"closed_out_on": on, "closed_out_proof": said}
    rows = PlanRow.objects.filter(pk=row.pk)
    if not take(row.plan, rows, "close_out", key=key, on=on, values=values, actor=actor, now=now):
        raise OutOfScope.of_region(row.subject, actor.scope)
    closing = CloseOut.objects.create(
        row=row,
        closed_from=start,
        proof=proof,
        reference=said,
        on=on,
        note=note.strip()[:200],
        kept_as=kept_as,
        sha256=digest,
        closed_at=now,
        closed_by_id=actor.user_id,
        actor_name=actor.name,
    )
    close_tasks(call_subject(row.pk), [CALL], actor=actor, now=now)
    return closing


def _check_proof(row: PlanRow, proof: str, said: str) -> None:
    """Raise E-CLOSE-PROOF, E-CLOSE-KIND or E-CLOSE-RECEIPT unless the proof closes a row in its state."""
    wanted = PROOF_OF[row.state]
    if not said or len(said) > LONGEST_REFERENCE:
        raise ZhubaoError(
            "E-CLOSE-PROOF",
            Text("没有凭证不能销号", "nothing is closed out without a proof"),
            place=row.subject,
            remedy=Text(
                "填写缴费凭证号、退费凭证号或证明材料名称", "give the number of the receipt, or name the paper that proves it"
            ),
        )
    if proof != wanted:
        kinds = {
            Proof.RECEIPT: "缴费凭证",
            Proof.REFUND: "退费凭证",
            Proof.EXCLUSION: "不予代缴证明",
            Proof.CANCELLATION: "取消证明",
        }
        raise ZhubaoError(
            "E-CLOSE-KIND",
            Text(f"这一条要凭{kinds[wanted]}销号", f"this row is closed out with its {wanted.value}"),
            place=row.subject,
        )
    if wanted is Proof.RECEIPT and row.receipt_number and said != row.receipt_number:
        raise ZhubaoError(
            "E-CLOSE-RECEIPT",
            Text(f"缴费凭证号与税务登记的（{row.receipt_number}）不同", f"tax recorded another receipt ({row.receipt_number})"),
            place=row.subject,
            remedy=Text("核对凭证；登记有误请税务更正", "compare the receipt; tax corrects a wrong one"),
        )


@implements("ps-3.2d", as_="action")
@transaction.atomic
def close_by_receipts(plan_id: int, region_code: str, *, on: date, key: str, actor: Actor, now: datetime) -> int:
    """Close out every row of a place whose receipt or refund voucher the system holds itself, and return how many; safe to repeat.

    Raise DoesNotExist, OutOfScope for another place or post, E-PLAN-CLOSED.
    """
    plan = AssistancePlan.objects.get(pk=plan_id)
    actor.require_region(region_code)
    rows = held_rows(plan, region_code)
    found = list(rows.select_for_update(of=("self",)).annotate(held=HELD_WORDS).values_list("pk", "state", "held"))
    if not found:
        return 0
    values = {"closed_out_on": on, "closed_out_proof": HELD_WORDS}
    chosen = PlanRow.objects.filter(pk__in=[pk for pk, _state, _held in found])
    taken = take(plan, chosen, "close_out", key=key, on=on, values=values, actor=actor, now=now)
    CloseOut.objects.bulk_create(
        [
            CloseOut(
                row_id=pk,
                closed_from=state,
                proof=PROOF_OF[state],
                reference=held,
                on=on,
                in_bulk=True,
                closed_at=now,
                closed_by_id=actor.user_id,
                actor_name=actor.name,
            )
            for pk, state, held in found
        ],
        batch_size=2000,
    )
    return taken


def held_rows(plan: AssistancePlan, region_code: str) -> PlanRowQuerySet:
    """Return the rows of a place whose receipt or refund voucher the system holds itself."""
    rows = PlanRow.objects.filter(plan=plan, region_code__startswith=region_code, state__in=("credited", "refunded"))
    return rows.annotate(voucher=Subquery(VOUCHER)).filter(HELD).order_by("pk")


@transaction.atomic
def reopen(row_id: int, reason: str, *, actor: Actor, now: datetime) -> CloseOut:
    """Take a closing back: the row stands where it was closed out from. A second time changes nothing.

    Raise DoesNotExist, OutOfScope, E-STATE for a row that was never closed out, E-REASON without a reason, E-PLAN-CLOSED.
    """
    row = PlanRow.objects.select_for_update(of=("self",)).select_related("plan").get(pk=row_id)
    standing = CloseOut.objects.standing().select_for_update(of=("self",)).filter(row=row).first()
    last = CloseOut.objects.filter(row=row).order_by("-closed_at", "-pk").first()
    if standing is None and last is not None:
        return last
    start = standing.closed_from if standing else "credited"
    key = f"reopen/{standing.pk if standing else 0}"
    rows = PlanRow.objects.filter(pk=row.pk)
    values = {"closed_out_on": None, "closed_out_proof": ""}
    if not take(row.plan, rows, "reopen", key=key, reason=reason, to=start, values=values, actor=actor, now=now):
        raise OutOfScope.of_region(row.subject, actor.scope)
    assert standing is not None, row.subject
    standing.reopened_at, standing.reopened_by_name, standing.reopened_because = now, actor.name, reason.strip()[:300]
    standing.save(update_fields=["reopened_at", "reopened_by_name", "reopened_because"])
    return standing


@implements("ps-3.2d", as_="action")
@transaction.atomic
def close_year(plan_id: int, *, actor: Actor, now: datetime) -> AssistancePlan:
    """Close a published year once every row is closed out; a second time changes nothing.

    Raise DoesNotExist, OutOfScope, E-STATE for a plan not published, E-YEAR-OPEN while rows are open (with how many and one of them).
    """
    plan = AssistancePlan.objects.select_for_update(of=("self",)).get(pk=plan_id)
    step = PLAN.transition("close_plan")
    actor.require_role(*step.posts)
    actor.require_region(plan.region_code)
    if plan.state == step.ends[0]:
        return plan
    if plan.state not in step.start:
        raise ZhubaoError("E-STATE", Text("计划还没有发布", "the plan is not published yet"), place=plan.subject)
    left = PlanRow.objects.filter(plan=plan).open()
    count = left.count()
    if count:
        raise ZhubaoError(
            "E-YEAR-OPEN",
            Text(f"还有 {count} 人没有销号，不能结账", f"{count} rows are not closed out: the year stays open"),
            place=str(left.order_by("region_code", "pk")[0]),
            remedy=Text("逐条销号后再结账", "close them out one by one first"),
        )
    plan.state, plan.state_since, plan.closed_at = step.ends[0], now, now
    plan.save(update_fields=["state", "state_since", "closed_at"])
    closed = PlanRow.objects.filter(plan=plan).count()
    record(
        "plan.close_plan",
        plan.subject,
        actor=actor,
        now=now,
        region_code=plan.region_code,
        before={"state": "published"},
        after={"state": plan.state, "rows": closed},
    )
    return plan


@implements("ps-0.3", as_="action")
@transaction.atomic
def note_refusal(row_id: int, paper: str, *, on: date, actor: Actor, now: datetime) -> PlanRow:
    """Cancel a row because the person refuses to enrol in writing; it stays in the coverage list as a refusal (A-PS-13).

    Raise DoesNotExist, OutOfScope, E-STATE, E-REASON when the paper is not named, E-PLAN-CLOSED.
    """
    row = PlanRow.objects.select_related("plan").get(pk=row_id)
    said = paper.strip()
    because = f"{REFUSAL}：{said}"[:300] if said else ""
    rows = PlanRow.objects.filter(pk=row.pk)
    taken = take(
        row.plan, rows, "cancel", key=f"refusal/{on}", reason=said, on=on, values={"because": because}, actor=actor, now=now
    )
    row.refresh_from_db()
    if not taken and not row.because.startswith(REFUSAL):
        raise OutOfScope.of_region(row.subject, actor.scope)
    close_tasks(call_subject(row.pk), [CALL], actor=actor, now=now)
    return row
