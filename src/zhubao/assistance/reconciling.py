"""Three ways to the same money: what plan and department say, what finance paid, what tax allocated; by claim and for the year."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, Sum

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.accounts.models import Entry
from zhubao.documents.amounts import amount_in_yuan
from zhubao.language import Text
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting
from zhubao.policies.claims import implements

from .collecting_differences import agree, open_difference
from .models import (
    AssistanceClaim,
    AssistanceClaimLine,
    AssistancePlan,
    DisabilitySettlement,
    PlanDifference,
    PlanDifferenceKind,
    PlanRow,
    Recovery,
    Refund,
)
from .parties import SOURCE

RUNNING_ROLES = (Role.AGENCY_ACCOUNTANT, Role.AGENCY_APPROVER, Role.AGENCY_REVIEWER, Role.FINANCE_CLERK, Role.HRSS_SUPERVISOR)
# Claims that ask for nothing any more.
DEAD = "sent_back"


@dataclass(frozen=True)
class ClaimSums:
    """One claim three ways, fen: its own lines, what finance's books say was paid, what tax's say was allocated and accounts hold."""

    claim: AssistanceClaim
    lines_fen: int
    finance_fen: int
    tax_fen: int
    accounts_fen: int

    @property
    def agrees(self) -> bool:
        """Whether the parties say the same as far as the claim has come."""
        claimed = self.claim.total_fen
        paid = claimed if self.claim.paid_on else 0
        allocated = claimed if self.claim.allocated_on else 0
        return (self.lines_fen, self.finance_fen, self.tax_fen, self.accounts_fen) == (claimed, paid, allocated, allocated)


@dataclass(frozen=True)
class YearSums:
    """A plan's money three ways, fen, and its rows by what became of them."""

    planned: int
    planned_fen: int
    claimed_fen: int
    paid_fen: int
    allocated_fen: int
    refunded_fen: int
    disability_fen: int
    open_fen: int

    @property
    def accounted_fen(self) -> int:
        """What of the plan was allocated, refunded, settled, or is still under way: the whole of it."""
        return self.allocated_fen + self.refunded_fen + self.disability_fen + self.open_fen


def claims_three_ways(plan: AssistancePlan) -> list[ClaimSums]:
    """Return every claim of a plan that was not sent back, with the sums of the three parties from their own records."""
    claims = list(AssistanceClaim.objects.filter(plan=plan).exclude(state=DEAD).select_related("office").order_by("pk"))
    lines = AssistanceClaimLine.objects.filter(claim__in=claims, released_at=None).order_by()
    by_claim = dict(lines.values_list("claim").annotate(fen=Sum("amount_fen")))
    postings = Posting.objects.filter(source=SOURCE, subject__in=[claim.subject for claim in claims]).order_by()
    paid = dict(
        postings.filter(party=Party.FINANCE.value, credit="treasury_cash").values_list("subject").annotate(fen=Sum("amount_fen"))
    )
    allocated = dict(
        postings.filter(party=Party.FUND.value, debit="pending_contributions")
        .values_list("subject")
        .annotate(fen=Sum("amount_fen"))
    )
    return [
        ClaimSums(
            claim,
            int(by_claim.get(claim.pk, 0)),
            int(paid.get(claim.subject, 0)),
            int(allocated.get(claim.subject, 0)),
            _on_accounts(claim),
        )
        for claim in claims
    ]


def _on_accounts(claim: AssistanceClaim) -> int:
    """Return what the personal accounts of a claim's people hold on behalf under its rows, fen."""
    rows = AssistanceClaimLine.objects.filter(claim=claim, released_at=None).values_list("row_id", flat=True)
    subjects = [f"plan-row:{row}" for row in rows]
    found = Entry.objects.filter(subject__in=subjects, lot__source="on_behalf").aggregate(fen=Sum("amount_fen"))
    # What came back after a death is off the account, and belongs to the claim all the same.
    recovered = Recovery.objects.filter(row__in=rows).exclude(recovered_on=None).aggregate(fen=Sum("amount_fen"))
    return int(found["fen"] or 0) + int(recovered["fen"] or 0)


def year_three_ways(plan: AssistancePlan) -> YearSums:
    """Return the sums of a plan's year: what it plans on behalf, and what became of that money."""
    rows = PlanRow.objects.filter(plan=plan).exclude(state__in=("rostered", "matched", "excluded", "cancelled"))
    sums = rows.exclude(state="closed_out").aggregate(count=Count("pk"), fen=Sum("on_behalf_fen"))
    closed = rows.filter(state="closed_out").filter(
        Q(claimed__claim__state="allocated") | Q(refund__isnull=False) | Q(settled__isnull=False)
    )
    closed_sums = closed.aggregate(count=Count("pk", distinct=True), fen=Sum("on_behalf_fen"))
    claims = AssistanceClaim.objects.filter(plan=plan).exclude(state=DEAD)
    claimed = claims.aggregate(
        all=Sum("total_fen"),
        paid=Sum("total_fen", filter=Q(state__in=("paid", "allocated"))),
        allocated=Sum("total_fen", filter=Q(state="allocated")),
    )
    refunded = Refund.objects.filter(plan=plan, state="paid").aggregate(fen=Sum("amount_fen"))["fen"] or 0
    settled = DisabilitySettlement.objects.filter(plan=plan, settled_on__isnull=False).aggregate(fen=Sum("total_fen"))["fen"] or 0
    under_way = rows.exclude(state__in=("credited", "refunded", "closed_out")).aggregate(fen=Sum("on_behalf_fen"))["fen"] or 0
    return YearSums(
        planned=sums["count"] + closed_sums["count"],
        planned_fen=int(sums["fen"] or 0) + int(closed_sums["fen"] or 0),
        claimed_fen=int(claimed["all"] or 0),
        paid_fen=int(claimed["paid"] or 0),
        allocated_fen=int(claimed["allocated"] or 0),
        refunded_fen=int(refunded),
        disability_fen=int(settled),
        open_fen=int(under_way),
    )


@implements("ps-2.2h", "gz-10d", as_="action")
@transaction.atomic
def reconcile_plan(plan: AssistancePlan, *, actor: Actor, now: datetime) -> int:
    """Compare every claim three ways, open what disagrees and close what has come to agree; return how many differences are open.

    Raise OutOfScope for another region or post.
    """
    actor.require_role(*RUNNING_ROLES)
    actor.require_region(plan.region_code)
    for sums in claims_three_ways(plan):
        claim, kind = sums.claim, PlanDifferenceKind.CLAIM_BOOKS
        if sums.agrees:
            agree(plan, [kind], subject=claim.subject, now=now)
            continue
        open_difference(
            plan,
            kind,
            claim.subject,
            plan_fen=sums.lines_fen,
            finance_fen=sums.finance_fen,
            tax_fen=sums.tax_fen,
            detail=Text(
                f"个人账户 {amount_in_yuan(sums.accounts_fen)} 元",
                f"on personal accounts {amount_in_yuan(sums.accounts_fen)} yuan",
            ),
            now=now,
        )
    count = PlanDifference.objects.open().filter(plan=plan).count()
    record("plan.reconciled", plan.subject, actor=actor, now=now, region_code=plan.region_code, after={"open": count})
    return count
