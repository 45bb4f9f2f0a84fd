"""Every list of these pages as a workbook, masked as the page shows it."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.assistance.collecting_selectors import by_day, by_township, who_has_not_paid
from zhubao.assistance.models import AssistanceClaim, AssistancePlan, DisabilitySettlementLine, PlanDifference, PlanRow
from zhubao.assistance.reconciling import claims_three_ways
from zhubao.assistance.settling_disability import unsettled_rows
from zhubao.web.cases.sheets import MOST_ROWS, sent
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import yuan

from .claims import found_claim, rows_of_claim, state_of
from .finding import COLLECTION_ROLES, PARTS, category_said, found_plan, own_payers, payer_said
from .overview import UNPAID_ROLES
from .reconciliation import difference_row
from .recoveries import recoveries_of
from .refunds import refunds_for
from .verification import listed_rows

Titles = list[tuple[str, int]]


class Sheet(NamedTuple):
    """A workbook: its titles with widths, and its rows."""

    titles: Titles
    rows: Iterable[list[str]]


def _townships(request: PostRequest, plan: AssistancePlan) -> Sheet:
    titles = [(_("Township"), 20), (_("People with an own part"), 14), (_("Own parts due"), 14), (_("People who paid"), 14)]
    titles += [
        (_("Received, yuan"), 14),
        (_("Paid in full"), 12),
        (_("Not paid yet"), 12),
        (_("Still owed"), 14),
        (_("Past the day"), 10),
    ]
    scope = request.actor.scope if len(request.actor.scope) > len(plan.region_code) else ""
    rows = [
        [
            each.name, str(each.people), yuan(each.due_fen), str(each.paid), yuan(each.paid_fen), str(each.in_full), str(each.unpaid),
            yuan(each.unpaid_fen), str(each.overdue),
        ]
        for each in by_township(plan, clock.today(), scope)
    ]  # fmt: skip
    return Sheet(titles, rows)


def _days(request: PostRequest, plan: AssistancePlan) -> Sheet:
    scope = request.actor.scope if len(request.actor.scope) > len(plan.region_code) else ""
    rows = [[str(each.on), str(each.receipts), yuan(each.fen)] for each in by_day(plan, scope)]
    return Sheet([(_("Day"), 12), (_("Receipts"), 10), (_("Received, yuan"), 14)], rows)


PERSON: Callable[[], Titles] = lambda: [  # noqa: E731
    (_("Plan number"), 12),
    (pgettext("person", "Name"), 12),
    (_("Citizen number"), 22),
    (_("Category"), 16),
    (pgettext("payer", "Department"), 16),
    (_("Village"), 16),
    (_("Tier"), 10),
    (_("On behalf"), 10),
    (_("Own part"), 10),
]


def _person(row: PlanRow) -> list[str]:
    return [
        str(row.pk),
        row.person.masked_name,
        row.person.masked_number,
        category_said(row.plan.policy_id, row.category),
        payer_said(row.payer),
        row.region_code,
        yuan(row.tier_fen),
        yuan(row.on_behalf_fen),
        yuan(row.self_pay_fen),
    ]


def _unpaid(request: PostRequest, plan: AssistancePlan) -> Sheet:
    if request.actor.role not in UNPAID_ROLES:
        raise Http404
    scope = request.actor.scope if len(request.actor.scope) > len(plan.region_code) else ""
    rows = who_has_not_paid(plan, scope)[:MOST_ROWS]
    titles = [*PERSON(), (_("Still owed"), 12), (_("Due"), 12)]
    return Sheet(titles, ([*_person(row), yuan(row.own_part_due_fen), str(row.due_on or "")] for row in rows))


def _verification(request: PostRequest, plan: AssistancePlan) -> Sheet:
    _require(request, "verification")
    rows = listed_rows(request, plan).select_related("plan", "person").order_by("state", "region_code", "pk")[:MOST_ROWS]
    words = {"actual_listed": _("waits to be verified"), "verified": _("verified")}
    return Sheet([*PERSON(), (_("State"), 16)], ([*_person(row), words[row.state]] for row in rows))


def _claims(request: PostRequest, plan: AssistancePlan) -> Sheet:
    _require(request, "claims")
    payers = own_payers(request.actor)
    claims = AssistanceClaim.objects.filter(plan=plan).select_related("office")
    found = claims if payers is None else claims.filter(payer__in=payers)
    titles = [
        (_("Claim"), 24),
        (pgettext("payer", "Department"), 16),
        (_("State"), 14),
        (_("People"), 10),
        (_("Total"), 14),
        (_("Claimed on"), 12),
    ]
    titles += [(_("Paid on"), 12), (_("Allocated on"), 12)]
    rows = [
        [
            each.number, payer_said(each.payer), state_of(each)["state"], str(each.lines), yuan(each.total_fen),
            str(each.submitted_on), str(each.paid_on or ""), str(each.allocated_on or ""),
        ]
        for each in found
    ]  # fmt: skip
    return Sheet(titles, rows)


def _refunds(request: PostRequest, plan: AssistancePlan) -> Sheet:
    _require(request, "refunds")
    rows = (
        [*_person(each.row), yuan(each.amount_fen), each.get_state_display(), str(each.due_on or ""), str(each.account or "")]
        for each in refunds_for(request, plan)[:MOST_ROWS]
    )
    return Sheet([*PERSON(), (_("Refund"), 12), (_("State"), 12), (_("Due"), 12), (_("Account"), 12)], rows)


def _disability(request: PostRequest, plan: AssistancePlan) -> Sheet:
    _require(request, "disability")
    settled = DisabilitySettlementLine.objects.filter(settlement__plan=plan).select_related(
        "row__plan", "row__person", "settlement"
    )
    waiting = unsettled_rows(plan).select_related("plan", "person")
    rows = [*([*_person(each.row), each.settlement.number] for each in settled), *([*_person(row), ""] for row in waiting)]
    return Sheet([*PERSON(), (_("Settlement"), 24)], rows)


def _differences(request: PostRequest, plan: AssistancePlan) -> Sheet:
    _require(request, "reconciliation")
    titles = [
        (_("Cause"), 24),
        (_("About"), 24),
        (pgettext("person", "Name"), 12),
        (_("Plan or department"), 14),
        (_("Finance"), 14),
    ]
    titles += [(_("Tax"), 14), (_("Detail"), 60), (_("Found on"), 12), (_("How it was closed"), 40)]
    rows = (
        [
            each.get_kind_display(), each.subject, each.masked_name, yuan(each.plan_fen), yuan(each.finance_fen), yuan(each.tax_fen),
            difference_row(each)["detail"], str(each.found_at.date()), each.explanation,
        ]
        for each in PlanDifference.objects.filter(plan=plan)[:MOST_ROWS]
    )  # fmt: skip
    return Sheet(titles, rows)


def _three_ways(request: PostRequest, plan: AssistancePlan) -> Sheet:
    _require(request, "reconciliation")
    titles = [
        (_("Claim"), 24),
        (pgettext("payer", "Department"), 16),
        (_("Claimed"), 14),
        (_("Finance paid"), 14),
        (_("Allocated by tax"), 14),
    ]
    rows = [
        [
            each.claim.number, payer_said(each.claim.payer), yuan(each.lines_fen), yuan(each.finance_fen), yuan(each.tax_fen),
            yuan(each.accounts_fen),
        ]
        for each in claims_three_ways(plan)
    ]  # fmt: skip
    return Sheet([*titles, (_("On personal accounts"), 14)], rows)


def _require(request: PostRequest, part: str) -> None:
    if request.actor.role not in next(roles for view, _label, roles, _only in PARTS if view == part):
        raise Http404


def _recoveries(request: PostRequest, plan: AssistancePlan) -> Sheet:
    _require(request, "recoveries")
    titles = [*PERSON(), (_("Died on"), 12), (_("Had to be alive on"), 14), (_("To be recovered, yuan"), 14), (_("Due"), 12)]
    rows = (
        [
            *_person(each.row), str(each.died_on), str(each.owed_since), yuan(each.amount_fen), str(each.due_on or ""),
            str(each.recovered_on or ""), each.reference,
        ]
        for each in recoveries_of(plan)[:MOST_ROWS]
    )  # fmt: skip
    return Sheet([*titles, (_("Came back on"), 12), (_("Voucher"), 20)], rows)


SHEETS: dict[str, Callable[[PostRequest, AssistancePlan], Sheet]] = {
    "townships": _townships,
    "days": _days,
    "unpaid": _unpaid,
    "verification": _verification,
    "claims": _claims,
    "refunds": _refunds,
    "disability": _disability,
    "recoveries": _recoveries,
    "differences": _differences,
    "three-ways": _three_ways,
}


@never_cache
@require_GET
@for_posts(*COLLECTION_ROLES)
def workbook(request: PostRequest, plan_id: int, name: str) -> HttpResponseBase:
    """Give a list of a plan as a workbook; Http404 for one the post does not see."""
    plan = found_plan(request.actor, plan_id)
    if name not in SHEETS:
        raise Http404
    sheet = SHEETS[name](request, plan)
    return sent(f"{name}-{plan.region_code}-{plan.year}", name, sheet.titles, sheet.rows)


@never_cache
@require_GET
@for_posts(*COLLECTION_ROLES)
def claim_workbook(request: PostRequest, number: str) -> HttpResponseBase:
    """Give the people of a claim as a workbook."""
    _require(request, "claims")
    claim = found_claim(request.actor, number)
    return sent(claim.number, "claim", PERSON(), (_person(row) for row in rows_of_claim(claim)))
