"""Claims for the money: a department asks, two people at finance check and approve, the pending account is paid, tax allocates.

The only writers of claims and of the county's budget for them.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Sum
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import OrganisationKind, Role
from zhubao.accounts.actions import Credit, credit_many
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import make_envelope
from zhubao.language import Text
from zhubao.ledger.chart import Party
from zhubao.policies.claims import implements

from .claiming_steps import Step, begin, finish, renew_claim_tasks
from .collecting_differences import agree, open_difference
from .collecting_files import claim_rows
from .models import (
    AssistanceBudget,
    AssistanceClaim,
    AssistanceClaimLine,
    AssistancePlan,
    Channel,
    PlanDifferenceKind,
    PlanRow,
    Refund,
)
from .models.row import PlanRowQuerySet
from .parties import Books, departments_claim, office_of, office_of_kind, organisation, require_payer
from .sponsors_ceiling import sponsored_in_rows
from .states.claim import CLAIM
from .stepping import take
from .verifying import ready_rows
from .vouchers import CLAIM as VOUCHER
from .vouchers import require_voucher

BUDGET_ROLES = (Role.FINANCE_CLERK,)


@implements("ps-2.2b", as_="action")
@transaction.atomic
def enter_budget(
    plan: AssistancePlan, amount_fen: int, document: str, decided_on: date, *, actor: Actor, now: datetime
) -> AssistanceBudget:
    """Enter what the county provides for a plan by a document, fen; below 0 takes some back. The same again changes nothing.

    Raise OutOfScope, E-BUDGET (no amount or no document), E-BUDGET-TAKEN (the document stands with another amount), E-BUDGET-SPENT
    when more would be taken back than is left.
    """
    actor.require_role(*BUDGET_ROLES)
    actor.require_region(plan.region_code)
    said = document.strip()
    if not amount_fen or not said or len(said) > 120:
        raise ZhubaoError("E-BUDGET", Text("请填写金额和文件依据", "an amount and its document are needed"), place=plan.subject)
    AssistancePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    known = AssistanceBudget.objects.filter(plan=plan, document=said).first()
    if known is not None:
        if (known.amount_fen, known.decided_on) == (amount_fen, decided_on):
            return known
        problem = Text("这份文件已登记过另一金额", "this document stands with another amount")
        raise ZhubaoError("E-BUDGET-TAKEN", problem, place=said)
    if left_in_budget(plan) + amount_fen < 0:
        left = amount_in_yuan(left_in_budget(plan))
        problem = Text(f"预算只剩 {left} 元", f"only {left} yuan of the budget are left")
        raise ZhubaoError("E-BUDGET-SPENT", problem, place=plan.subject)
    budget = AssistanceBudget.objects.create(
        plan=plan, amount_fen=amount_fen, document=said, decided_on=decided_on, entered_at=now, entered_by_id=actor.post_id
    )
    for claim in AssistanceClaim.objects.filter(plan=plan, state__in=("submitted", "checked", "approved")):
        claim.short_fen = _short(claim)
        claim.save(update_fields=["short_fen"])
    record(
        "plan.budget_entered",
        plan.subject,
        actor=actor,
        now=now,
        region_code=plan.region_code,
        after={"amount_fen": amount_fen, "document": said},
    )
    return budget


def budget_of(plan: AssistancePlan) -> int:
    """Return what the county provides for a plan in all, fen."""
    return int(AssistanceBudget.objects.filter(plan=plan).aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def left_in_budget(plan: AssistancePlan) -> int:
    """Return what of the budget no claim has been paid from and no refund was made of, fen."""
    paid = AssistanceClaim.objects.filter(plan=plan, state__in=("paid", "allocated")).aggregate(fen=Sum("total_fen"))["fen"]
    refunded = Refund.objects.filter(plan=plan, state="paid").aggregate(fen=Sum("amount_fen"))["fen"]
    return budget_of(plan) - int(paid or 0) - int(refunded or 0)


def claimable(plan: AssistancePlan, payer: str = "") -> PlanRowQuerySet:
    """Return the rows a claim would hold now: verified ones of a department, in Ganzhou planned ones whose own part is there."""
    if departments_claim(plan):
        return PlanRow.objects.filter(plan=plan, state="verified", payer=payer, channel=Channel.COUNTY)
    return ready_rows(plan).filter(state="planned")


@implements("ps-2.2g", "gz-1b", as_="action")
@transaction.atomic
def submit_claim(plan: AssistancePlan, payer: str = "", *, actor: Actor, now: datetime) -> AssistanceClaim:
    """Claim the money for everybody a department has verified, or in Ganzhou for every planned row, the dead stopped before.

    The severely disabled are in no claim. A claim the budget cannot bear is made all the same, and finance is alerted. Raise
    OutOfScope, E-CLAIM-PAYER (a department where the county pays alone, or none where departments pay), E-CLAIM-EMPTY.
    """
    row = CLAIM.transition("submit")
    actor.require_role(Role.CERTIFIER if departments_claim(plan) else Role.AGENCY_REVIEWER)
    actor.require_region(plan.region_code)
    if bool(payer) != departments_claim(plan):
        problem = Text("请由出资的主管部门申请", "the department that pays claims the money")
        raise ZhubaoError("E-CLAIM-PAYER", problem, place=payer or plan.subject)
    if payer:
        require_payer(actor, [payer])
    AssistancePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    today = localdate(now)
    if not payer:
        _stop_the_dead(plan, today, actor=actor, now=now)
    rows = list(claimable(plan, payer).select_for_update(of=("self",)).select_related("person").order_by("pk"))
    if not rows:
        raise ZhubaoError(
            "E-CLAIM-EMPTY",
            Text("没有可以申请的人员", "there is nobody to claim for"),
            place=plan.subject,
            remedy=Text("先核实税务的实缴数据", "verify tax's actual data first"),
        )
    sequence = AssistanceClaim.objects.filter(plan=plan, payer=payer).count() + 1
    office = office_of(plan, payer)
    claim = AssistanceClaim(
        region_code=plan.region_code,
        plan=plan,
        number=f"DJ{plan.year}-{plan.region_code}-{LETTERS.get(payer, 'X')}{sequence}",
        payer=payer,
        office=office,
        sequence=sequence,
        state=row.ends[0],
        state_since=now,
        lines=len(rows),
        total_fen=sum(each.on_behalf_fen for each in rows),
        submitted_on=today,
    )
    claim.short_fen = _short(claim)
    claim.save()
    AssistanceClaimLine.objects.bulk_create(
        [AssistanceClaimLine(claim=claim, row=each, amount_fen=each.on_behalf_fen) for each in rows], batch_size=2000
    )
    keys = PlanRow.objects.filter(pk__in=[each.pk for each in rows])
    take(plan, keys, "claim", key=f"claim:{claim.number}", actor=actor, now=now)
    make_envelope(
        "assistance_claim",
        claim_rows(claim, rows),
        batch=claim.number,
        policy_id=plan.policy_id,
        region_code=plan.region_code,
        sender_id=office.pk,
        receiver_id=office_of_kind(plan, OrganisationKind.FINANCE).pk,
        actor=actor if actor.organisation_id == office.pk else Actor.system("claim", plan.region_code),
        now=now,
    )
    claim.state = ""
    return finish(Step(claim, row, "", actor, now), lines=claim.lines, total_fen=claim.total_fen, short_fen=claim.short_fen)


LETTERS = {
    "": "G",
    "civil_affairs": "M",
    "rural_revitalisation": "N",
    "poverty_office": "P",
    "federation": "C",
    "hrss": "R",
    "trade_union": "T",
}


@implements("gz-10c", as_="action")
def _stop_the_dead(plan: AssistancePlan, today: date, *, actor: Actor, now: datetime) -> int:
    """Take everybody who died out of a plan before money is asked for them; return how many."""
    dead = ready_rows(plan).filter(state="planned", person__died_on__lte=today)
    keys = PlanRow.objects.filter(pk__in=list(dead.values_list("pk", flat=True)))
    return take(
        plan, keys, "exclude", key=f"dead:{now.isoformat()}", reason="死亡名单比对：已死亡，停止代缴", actor=actor, now=now
    )


@transaction.atomic
def check_claim(claim_id: int, *, seen: str | None = None, actor: Actor, now: datetime) -> AssistanceClaim:
    """Check a claim as the first person at finance: its lines are rows that wait for it, and add up. Raise E-CLAIM-LINES, see `begin`."""
    step = begin(claim_id, "check", seen=seen, actor=actor, now=now)
    claim = step.claim
    lines = AssistanceClaimLine.objects.filter(claim=claim, released_at=None)
    good = lines.filter(row__state="claimed", amount_fen=F("row__on_behalf_fen"))
    total = lines.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    if good.count() != claim.lines or total != claim.total_fen:
        raise ZhubaoError(
            "E-CLAIM-LINES",
            Text("明细与计划或合计不符", "its lines disagree with the plan or with the total"),
            place=claim.number,
            remedy=Text("退回主管部门重新申请", "send it back to be claimed anew"),
        )
    claim.checked_by_id, claim.short_fen = actor.user_id, _short(claim)
    return finish(step, short_fen=claim.short_fen)


@transaction.atomic
def approve_claim(claim_id: int, *, seen: str | None = None, actor: Actor, now: datetime) -> AssistanceClaim:
    """Approve a claim as another person at finance. Raise E-SAME-PERSON, see `begin`."""
    step = begin(claim_id, "approve", seen=seen, actor=actor, now=now)
    step.claim.approved_by_id, step.claim.short_fen = actor.user_id, _short(step.claim)
    return finish(step, short_fen=step.claim.short_fen)


@implements("ps-2.2g", as_="action")
@transaction.atomic
def send_claim_back(claim_id: int, reason: str, *, seen: str | None = None, actor: Actor, now: datetime) -> AssistanceClaim:
    """Send a claim back with a reason: its rows wait to be claimed again. Raise E-REASON, see `begin`."""
    step = begin(claim_id, "send_back", reason=reason, seen=seen, actor=actor, now=now)
    claim = step.claim
    lines = AssistanceClaimLine.objects.filter(claim=claim, released_at=None)
    rows = PlanRow.objects.filter(pk__in=list(lines.values_list("row_id", flat=True)))
    take(claim.plan, rows, "send_back", key=f"back:{claim.number}", reason=reason, actor=actor, now=now)
    lines.update(released_at=now)
    claim.short_fen = 0
    return finish(step, lines=claim.lines)


@implements("ps-2.2h", "ps-2.2b", "gz-1b", as_="action")
@transaction.atomic
def pay_claim(
    claim_id: int, on: date, reference: str, *, seen: str | None = None, actor: Actor, now: datetime
) -> AssistanceClaim:
    """Pay a whole claim into tax's pending account; the department is payer of record, finance pays in its name (A-PS-12).

    Raise E-CLAIM-DAY, E-CLAIM-REFERENCE, E-BUDGET-SHORT, E-CLAIM-DEAD (somebody died before the money was due), see `begin`.
    """
    step = begin(claim_id, "pay", seen=seen, actor=actor, now=now)
    claim = step.claim
    voucher = require_voucher(VOUCHER, reference, on, first=claim.submitted_on, today=localdate(now), place=claim.number)
    plan = AssistancePlan.objects.select_for_update(of=("self",)).get(pk=claim.plan_id)
    short = _short(claim)
    if short:
        raise ZhubaoError(
            "E-BUDGET-SHORT",
            Text(f"预算还差 {amount_in_yuan(short)} 元", f"the budget lacks {amount_in_yuan(short)} yuan"),
            place=claim.number,
            remedy=Text("追加预算后整笔拨付", "add to the budget, then pay the whole claim"),
        )
    rows = PlanRow.objects.filter(claimed__claim=claim, claimed__released_at=None)
    _require_alive(plan, rows, localdate(now))
    keys = PlanRow.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
    take(plan, keys, "fund", key=f"fund:{claim.number}", on=on, actor=actor, now=now)
    claim.paid_on, claim.payment_reference, claim.short_fen = on, voucher, 0
    finance, fen, entry = office_of_kind(plan, OrganisationKind.FINANCE), claim.total_fen, f"{on}/{claim.number}"
    books = Books(plan.region_code, claim.subject, on)
    if claim.payer:
        which = organisation(claim.office)
        books.add("claim", entry, Party.DEPARTMENT, "assistance_expense", "fiscal_appropriation", fen, which=which)
        books.add("claim", entry, Party.FINANCE, "assistance_appropriation", "treasury_cash", fen, which=organisation(finance))
    else:
        books.add("claim", entry, Party.FINANCE, "assistance_expense", "treasury_cash", fen, which=organisation(finance))
    books.add("claim", entry, Party.FUND, "pending_account", "pending_contributions", fen)
    books.post(actor=actor, now=now)
    return finish(step, on=str(on), total_fen=fen, reference=claim.payment_reference)


@implements("ps-2.2h", "gz-1b", as_="action")
@transaction.atomic
def allocate_claim(
    claim_id: int,
    on: date,
    count: int,
    total_fen: int,
    reference: str,
    *,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> AssistanceClaim:
    """Confirm what tax allocated: where lines and total agree everybody is credited, otherwise the claim is frozen until it is cleared.

    Each account gets the part on behalf and the own part by source. Raise E-CLAIM-FROZEN, E-CLAIM-DAY, E-CLAIM-REFERENCE, see `begin`.
    """
    step = begin(claim_id, "allocate", seen=seen, actor=actor, now=now)
    claim, plan = step.claim, step.claim.plan
    assert claim.paid_on is not None
    if claim.frozen:
        raise ZhubaoError(
            "E-CLAIM-FROZEN",
            Text(f"已冻结：{claim.frozen}", f"frozen: {claim.frozen}"),
            place=claim.number,
            remedy=Text("社保中心或财政核清后解除", "the centre or finance releases it when it is cleared"),
        )
    voucher = require_voucher(VOUCHER, reference, on, first=claim.paid_on, today=localdate(now), place=claim.number)
    if (count, total_fen) != (claim.lines, claim.total_fen):
        return _freeze(claim, count, total_fen, actor=actor, now=now)
    rows = list(PlanRow.objects.filter(claimed__claim=claim, claimed__released_at=None).order_by("pk"))
    keys = PlanRow.objects.filter(pk__in=[row.pk for row in rows])
    take(plan, keys, "credit", key=f"credit:{claim.number}", on=on, values={"credited_on": on}, actor=actor, now=now)
    credit_rows(plan, rows, on=on, actor=actor, now=now)
    entry = f"{on}/{claim.number}"
    books = Books(plan.region_code, claim.subject, on)
    books.add("allocation", entry, Party.FUND, "pending_contributions", "contributions", claim.total_fen)
    books.post(actor=actor, now=now)
    claim.allocated_on, claim.allocation_reference = on, voucher
    agree(plan, (PlanDifferenceKind.ALLOCATION, PlanDifferenceKind.CLAIM_BOOKS), subject=claim.subject, now=now)
    return finish(step, on=str(on), total_fen=claim.total_fen, reference=claim.allocation_reference)


def credit_rows(plan: AssistancePlan, rows: list[PlanRow], *, on: date, actor: Actor, now: datetime) -> None:
    """Enter the part on behalf and the own part of rows in their personal accounts, each by its source, one batch for all."""
    county, lines = plan.region_code, []
    sponsored = sponsored_in_rows(row.pk for row in rows)
    for row in rows:
        lines.append(
            Credit(
                row.person_id,
                "on_behalf",
                row.on_behalf_fen,
                on,
                row.subject,
                f"on_behalf:{plan.year}",
                lot=str(plan.year),
                region_code=county,
            )
        )
        # What a sponsor paid of the own part is on the account already, from that source.
        own_fen = row.self_paid_fen - sponsored.get(row.pk, 0)
        if own_fen > 0:
            own = Credit(row.person_id, "own", own_fen, on, row.subject, f"own:{plan.year}", region_code=county)
            lines.append(own)
    credit_many(lines, actor=actor, now=now)


def _freeze(claim: AssistanceClaim, count: int, total_fen: int, *, actor: Actor, now: datetime) -> AssistanceClaim:
    """Keep that tax allocated another sum: nobody is credited before it is cleared."""
    ours, theirs = amount_in_yuan(claim.total_fen), amount_in_yuan(total_fen)
    claim.frozen = f"税务分配 {count} 人 {theirs} 元，拨付 {claim.lines} 人 {ours} 元"
    claim.save(update_fields=["frozen"])
    open_difference(
        claim.plan,
        PlanDifferenceKind.ALLOCATION,
        claim.subject,
        plan_fen=claim.total_fen,
        finance_fen=claim.total_fen,
        tax_fen=total_fen,
        detail=Text(claim.frozen, f"tax allocated {theirs} for {count}, {ours} were paid for {claim.lines}"),
        now=now,
    )
    renew_claim_tasks(claim, actor=actor, now=now)
    record(
        "assistance_claim.frozen",
        claim.subject,
        actor=actor,
        now=now,
        region_code=claim.region_code,
        after={"count": count, "total_fen": total_fen},
    )
    return claim


@transaction.atomic
def release_claim(claim_id: int, reason: str, *, seen: str | None = None, actor: Actor, now: datetime) -> AssistanceClaim:
    """Release a frozen claim with what was found; tax confirms it anew. Raise E-CLAIM-NOT-FROZEN, E-REASON, see `begin`."""
    step = begin(claim_id, "release", reason=reason, seen=seen, actor=actor, now=now)
    if not step.claim.frozen:
        problem = Text("没有冻结", "it is not frozen")
        raise ZhubaoError("E-CLAIM-NOT-FROZEN", problem, place=step.claim.number)
    was, step.claim.frozen = step.claim.frozen, ""
    return finish(step, was=was)


def _short(claim: AssistanceClaim) -> int:
    """Return what the budget lacks to pay a whole claim, fen."""
    return max(claim.total_fen - left_in_budget(claim.plan), 0)


def _require_alive(plan: AssistancePlan, rows: PlanRowQuerySet, today: date) -> None:
    """Raise E-CLAIM-DEAD for the first person of a claim who died before the money was due: the own part's day, in Ganzhou today."""
    for row in rows.filter(person__died_on__isnull=False).select_related("person"):
        due = row.self_paid_on or row.entered_on if departments_claim(plan) else today
        if row.person.dead_on(due):
            raise ZhubaoError(
                "E-CLAIM-DEAD",
                Text(
                    f"{row.person.masked_name} 已于 {row.person.died_on} 死亡，涉及 {amount_in_yuan(row.on_behalf_fen)} 元",
                    f"{row.person.masked_name} died on {row.person.died_on}: {amount_in_yuan(row.on_behalf_fen)} yuan",
                ),
                place=row.subject,
                remedy=Text("退回主管部门，剔除后重新申请", "send it back; the person is left out and the rest claimed anew"),
            )
