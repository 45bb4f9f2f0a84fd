"""Differences between the parties of a plan: opened as they are found, closed when they agree or when somebody explains them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import TAKEN, Envelope, EnvelopeLine
from zhubao.language import Text

from .models import AssistancePlan, PlanDifference, PlanDifferenceKind, PlanRow

CLOSING_ROLES = (Role.AGENCY_ACCOUNTANT, Role.AGENCY_REVIEWER, Role.FINANCE_CLERK)
LONGEST = 400
NOTHING_SAID = Text("", "")
# Which lines of which files become differences when they are refused.
REFUSED_LINES = {
    "self_pay_receipts": PlanDifferenceKind.RECEIPT_REFUSED,
    "actual_on_behalf": PlanDifferenceKind.ACTUAL_REFUSED,
    "verified_list": PlanDifferenceKind.VERIFIED_REFUSED,
}


@dataclass(frozen=True)
class Difference:
    """What the parties of a plan disagree about, fen; None where a party says nothing. `masked_name` "" is the row's."""

    subject: str
    row: PlanRow | None = None
    masked_name: str = ""
    plan_fen: int | None = None
    finance_fen: int | None = None
    tax_fen: int | None = None
    detail: Text = NOTHING_SAID


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
) -> None:
    """Open one difference; see `open_differences`."""
    open_differences(
        plan, kind, [Difference(subject, row, masked_name, plan_fen, finance_fen, tax_fen, detail or NOTHING_SAID)], now=now
    )


def open_differences(plan: AssistancePlan, kind: str, differences: Iterable[Difference], *, now: datetime) -> None:
    """Open differences of a kind, or bring the figures of the open ones up to date. The action that found them writes the audit entry."""
    found: dict[str, Difference] = {}
    for each in differences:
        first = found.get(each.subject, each)
        found[each.subject] = replace(each, row=first.row, masked_name=first.masked_name)
    columns = [_columns(plan, each) for each in found.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assistance_plandifference (plan_id, kind, found_at, explanation, subject, region_code, row_id, masked_name,"
            " plan_fen, finance_fen, tax_fen, detail, detail_en)"
            " SELECT %s, %s, %s, '', * FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[],"
            " %s::bigint[], %s::text[], %s::text[])"
            " ON CONFLICT (plan_id, kind, subject) WHERE closed_at IS NULL DO UPDATE SET plan_fen = excluded.plan_fen,"
            " finance_fen = excluded.finance_fen, tax_fen = excluded.tax_fen, detail = excluded.detail, detail_en = excluded.detail_en",
            [plan.pk, kind, now, *([row[place] for row in columns] for place in range(9))],
        )


def _columns(plan: AssistancePlan, found: Difference) -> tuple[str | int | None, ...]:
    row = found.row
    return (
        found.subject,
        row.region_code if row else plan.region_code,
        row.pk if row else None,
        found.masked_name or (row.person.masked_name if row else ""),
        found.plan_fen,
        found.finance_fen,
        found.tax_fen,
        found.detail.zh[:LONGEST],
        found.detail.en[:LONGEST],
    )


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
    kept = [line for line in refused if line.subject not in good]
    rows = _rows_of(plan, kept)
    open_differences(plan, kind, [_refused(envelope, line, rows.get(line.subject)) for line in kept], now=now)
    taken = envelope.lines.filter(result_code=TAKEN).values_list("subject", flat=True)
    PlanDifference.objects.open().filter(plan=plan, kind=kind, subject__in=list(taken)).update(closed_at=now)
    return len(refused)


def _refused(envelope: Envelope, line: EnvelopeLine, row: PlanRow | None) -> Difference:
    detail = Text(
        f"文件 {envelope.batch} 第 {line.number} 行　{line.message}（{line.result_code}）",
        f"file {envelope.batch}, line {line.number}: {line.message_en} ({line.result_code})",
    )
    return Difference(line.subject, row, line.masked_name, tax_fen=line.amount_fen, detail=detail)


def _rows_of(plan: AssistancePlan, lines: Iterable[EnvelopeLine]) -> dict[str, PlanRow]:
    """Return the rows of the plan that lines are about, by the subject that names each."""
    numbers: dict[str, int] = {}
    for line in lines:
        prefix, _colon, number = line.subject.partition(":")
        if prefix == "plan-row" and number.isascii() and number.isdecimal() and len(number) < 16:
            numbers[line.subject] = int(number)
    rows = PlanRow.objects.select_related("person").filter(plan=plan).in_bulk(list(numbers.values()))
    return {subject: rows[number] for subject, number in numbers.items() if number in rows}


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
