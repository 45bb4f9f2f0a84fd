"""The lines of the files about a plan, made from its rows. Whoever writes a file with citizen numbers leaves the envelope's audit entry."""

from collections.abc import Iterable
from datetime import date

from zhubao.exchange.files.actual_on_behalf import ActualOnBehalf
from zhubao.exchange.files.assistance_claim import ClaimedOnBehalf
from zhubao.exchange.files.contribution_plan import PlannedContribution
from zhubao.exchange.files.refund_list import RefundDue
from zhubao.exchange.files.verified_list import VERIFIED, VerifiedOnBehalf
from zhubao.people.sealing import open_number

from .models import AssistanceClaim, PlanRow


def plan_rows(rows: Iterable[PlanRow]) -> list[PlannedContribution]:
    """Return the lines of the plan file of rows read with person and plan."""
    return [
        PlannedContribution(
            str(row.pk),
            row.person.name,
            open_number(row.person),
            row.plan.year,
            row.category,
            row.tier_fen,
            row.on_behalf_fen,
            row.self_pay_fen,
            row.channel,
            row.due_on or date(row.plan.year, 12, 31),
        )
        for row in rows
    ]


def actual_rows(rows: Iterable[PlanRow]) -> list[ActualOnBehalf]:
    """Return the lines of the actual data of rows read with person and plan."""
    return [
        ActualOnBehalf(
            str(row.pk),
            row.person.name,
            open_number(row.person),
            row.plan.year,
            row.category,
            row.tier_fen,
            row.self_paid_fen,
            row.self_paid_on,
            row.on_behalf_fen,
        )
        for row in rows
    ]


def verified_rows(rows: Iterable[PlanRow]) -> list[VerifiedOnBehalf]:
    """Return the lines a department begins its verified list with: everybody verified, to be changed where it is not so."""
    return [
        VerifiedOnBehalf(str(row.pk), row.person.name, open_number(row.person), row.plan.year, row.on_behalf_fen, VERIFIED, "")
        for row in rows
    ]


def claim_rows(claim: AssistanceClaim, rows: Iterable[PlanRow]) -> list[ClaimedOnBehalf]:
    """Return the lines of a claim's file of rows read with person."""
    return [
        ClaimedOnBehalf(
            str(row.pk),
            claim.number,
            row.person.name,
            open_number(row.person),
            claim.plan.year,
            row.category,
            row.tier_fen,
            row.on_behalf_fen,
        )
        for row in rows
    ]


def refund_rows(rows: Iterable[PlanRow]) -> list[RefundDue]:
    """Return the lines of a refund list of rows read with person and plan."""
    return [
        RefundDue(
            str(row.pk),
            row.person.name,
            open_number(row.person),
            row.plan.year,
            row.tier_fen,
            row.self_paid_fen,
            row.self_paid_on or row.reckoned_on,
            row.on_behalf_fen,
        )
        for row in rows
    ]
