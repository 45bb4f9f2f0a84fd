"""Differences between the parties of a plan: opened as they are found, closed when they agree or when somebody explains them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import TAKEN, Envelope, EnvelopeLine
from zhubao.language import Text

from .models import AssistancePlan, PlanDifference, PlanDifferenceKind, PlanRow

CLOSING_ROLES = (Role.AGENCY_ACCOUNTANT, Role.AGENCY_REVIEWER, Role.FINANCE_CLERK)
LONGEST = 400
# Which lines of which files become differences when they are refused.
REFUSED_LINES = {
    "self_pay_receipts": PlanDifferenceKind.RECEIPT_REFUSED,
    "actual_on_behalf": PlanDifferenceKind.ACTUAL_REFUSED,
    "verified_list": PlanDifferenceKind.VERIFIED_REFUSED,
}


def open_difference(
    plan: AssistancePlan,
    kind: str,
    subject: str,
    *,
    row: PlanRow | None = None,
    masked_name: str = "",
    plan_fen: int | None = None,
    finance_fen: int | None = None,
    tax_fen: int | None = None,
    detail: Text | None = None,
    now: datetime,
) -> PlanDifference:
    """Open a difference, or bring the figures of the open one up to date. The action that found it writes the audit entry."""
    said = detail or Text("", "")
    difference, _made = PlanDifference.objects.update_or_create(
        plan=plan,
        kind=kind,
        subject=subject,
        closed_at=None,
        defaults={
            "plan_fen": plan_fen,
            "finance_fen": finance_fen,
            "tax_fen": tax_fen,
            "detail": said.zh[:LONGEST],
            "detail_en": said.en[:LONGEST],
        },
        create_defaults={
            "region_code": row.region_code if row else plan.region_code,
            "row": row,
            "masked_name": masked_name or (row.person.masked_name if row else ""),
            "plan_fen": plan_fen,
            "finance_fen": finance_fen,
            "tax_fen": tax_fen,
            "detail": said.zh[:LONGEST],
            "detail_en": said.en[:LONGEST],
            "found_at": now,
        },
    )
    return difference


def agree(plan: AssistancePlan, kinds: Iterable[str], *, subject: str = "", rows: Iterable[int] = (), now: datetime) -> int:
    """Close the open differences of a subject, or of rows, because the parties agree now; return how many."""
    found = PlanDifference.objects.open().filter(plan=plan, kind__in=list(kinds))
    found = found.filter(subject=subject) if subject else found.filter(row__in=list(rows))
    return found.update(closed_at=now)


@transaction.atomic
def keep_refused(plan: AssistancePlan, envelope: Envelope, *, now: datetime) -> int:
    """Open a difference for every line of a file that was refused; a line whose subject a later file brought well is left out."""
    kind = REFUSED_LINES[envelope.kind]
    refused = list(envelope.lines.exclude(result_code__in=("", TAKEN)))
    good = set(
        EnvelopeLine.objects.filter(
            envelope__kind=envelope.kind,
            envelope__sender=envelope.sender_id,
            result_code=TAKEN,
            subject__in=[line.subject for line in refused],
        ).values_list("subject", flat=True)
    )
    for line in refused:
        if line.subject not in good:
            open_difference(
                plan,
                kind,
                line.subject,
                row=_row_of(plan, line),
                masked_name=line.masked_name,
                tax_fen=line.amount_fen,
                detail=Text(
                    f"文件 {envelope.batch} 第 {line.number} 行　{line.message}（{line.result_code}）",
                    f"file {envelope.batch}, line {line.number}: {line.message_en} ({line.result_code})",
                ),
                now=now,
            )
    taken = envelope.lines.filter(result_code=TAKEN).values_list("subject", flat=True)
    PlanDifference.objects.open().filter(plan=plan, kind=kind, subject__in=list(taken)).update(closed_at=now)
    return len(refused)


def _row_of(plan: AssistancePlan, line: EnvelopeLine) -> PlanRow | None:
    prefix, _colon, number = line.subject.partition(":")
    if prefix != "plan-row" or not (number.isascii() and number.isdecimal() and len(number) < 16):
        return None
    return PlanRow.objects.select_related("person").filter(plan=plan, pk=int(number)).first()


@transaction.atomic
def explain_difference(difference_id: int, explanation: str, *, actor: Actor, now: datetime) -> PlanDifference:
    """Close a difference with an explanation. Closed already: nothing changes. Raise DoesNotExist, OutOfScope, E-REASON."""
    actor.require_role(*CLOSING_ROLES)
    difference = PlanDifference.objects.select_for_update(of=("self",)).select_related("plan").get(pk=difference_id)
    actor.require_region(difference.plan.region_code)
    said = explanation.strip()[:500]
    if not said:
        raise ZhubaoError("E-REASON", Text("请写明原因和依据", "say why, and what shows it"), place=str(difference))
    if difference.closed_at is None:
        difference.closed_at, difference.closed_by_id, difference.explanation = now, actor.user_id, said
        difference.save(update_fields=["closed_at", "closed_by", "explanation"])
        record(
            "plan.difference_explained",
            difference.plan.subject,
            actor=actor,
            now=now,
            region_code=difference.region_code,
            before={"subject": difference.subject, "cause": difference.kind},
            reason=said,
        )
    return difference
