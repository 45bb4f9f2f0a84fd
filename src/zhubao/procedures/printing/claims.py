"""A claim's papers, filled from what is on record; names masked, no citizen number."""

from datetime import date, datetime

from django.db.models import Count, F, Sum
from django.utils.timezone import localdate, localtime

from zhubao.documents.claims import BackstopList, BackstopRow, CauseRow, ClaimRow, SubsidyClaimList, SubsidyPaymentSheet
from zhubao.loans.claims.deadlines import LIMITS
from zhubao.loans.claims.selectors import backstop_of
from zhubao.loans.claims.stepping import course_of
from zhubao.loans.claims.words import CAUSES, UNKNOWN, refusal_words
from zhubao.loans.models import ClaimLine, ClaimStep, SubsidyClaim
from zhubao.loans.states import ways_of
from zhubao.policies import judge_of
from zhubao.policies.claims import implements

UNITS = {"working": "个工作日", "calendar": "天"}


@implements("jx-annex-5c", "rg-16", "rg-17", as_="feature")
def payment_sheet(claim: SubsidyClaim, *, now: datetime) -> SubsidyPaymentSheet:
    """Return the sheet finance pays by, as the claim stands."""
    course, limit = course_of(claim.policy_id), LIMITS[claim.policy_id]
    deaths = list(backstop_of(claim))
    days = int(claim.due_arithmetic.get("count", limit.days)) - int(claim.due_arithmetic.get("paused", 0))
    steps = ClaimStep.objects.filter(claim=claim).order_by("number")
    return SubsidyPaymentSheet(
        date=localdate(now),
        number=claim.number,
        programme=judge_of(claim.policy_id).policy.title.zh,
        bank=claim.bank.name,
        receiver=claim.receiver.name,
        year=claim.year,
        starts_on=claim.starts_on,
        ends_on=date.fromordinal(claim.ends_on.toordinal() - 1),
        state=course.state(claim.state).label.zh,
        loans=claim.lines,
        asked_fen=claim.asked_fen,
        computed_fen=claim.computed_fen,
        differing=claim.differing,
        refused=claim.refused,
        accepted_fen=claim.accepted_fen,
        received_on=claim.received_on,
        due=claim.due_on,
        limit=f"{days} {UNITS[limit.unit]}",
        paused_days=claim.paused_days,
        paid_on=claim.paid_on,
        reference=claim.payment_reference,
        backstop_fen=sum(each.finance_fen or 0 for each in deaths) if ways_of(claim.policy_id).backstop else None,
        backstop_loans=len(deaths),
        causes=_causes(claim),
        hands=tuple(
            (
                course.transition(step.verb).label.zh,
                step.actor_name if step.user_id else "系统",
                f"{localtime(step.at):%Y-%m-%d %H:%M}",
            )
            for step in steps
        ),
    )


def claim_list(claim: SubsidyClaim, *, now: datetime) -> SubsidyClaimList:
    """Return every line of a claim."""
    lines = ClaimLine.objects.filter(claim=claim).select_related("loan__person")
    state = course_of(claim.policy_id).state(claim.state).label.zh
    return SubsidyClaimList(
        date=localdate(now),
        number=claim.number,
        office=claim.receiver.name,
        bank=claim.bank.name,
        below=f"{claim.year} 计息年度　{state}",
        rows=tuple(_row(line) for line in lines),
    )


@implements("rg-16", as_="feature")
def backstop_list(claim: SubsidyClaim, *, now: datetime) -> BackstopList:
    """Return the debts finance takes over in a claim's year."""
    return BackstopList(
        date=localdate(now),
        number=f"{claim.number}-TD",
        office=claim.receiver.name,
        bank=claim.bank.name,
        year=claim.year,
        rows=tuple(
            BackstopRow(
                each.loan.number,
                each.loan.person.masked_name,
                each.died_on,
                each.debt_fen or 0,
                each.from_account_fen or 0,
                each.finance_fen or 0,
            )
            for each in backstop_of(claim)
        ),
    )


def _row(line: ClaimLine) -> ClaimRow:
    why = CAUSES[line.cause].zh if line.cause else ""
    if line.refused:
        why = f"不予受理：{refusal_words(line.refused).zh}"
    elif line.accepted_fen is None:
        why = f"待处理：{why}"
    return ClaimRow(
        line.loan_number,
        line.loan.person.masked_name if line.loan else "",
        f"{line.year}{'更正' if line.correction else ''}",
        line.asked_fen,
        line.computed_fen,
        line.difference_fen,
        line.accepted_fen or 0,
        why,
    )


def _causes(claim: SubsidyClaim) -> tuple[CauseRow, ...]:
    differing = ClaimLine.objects.filter(claim=claim).exclude(asked_fen=F("computed_fen"))
    groups = (
        differing.order_by()
        .values("cause")
        .annotate(
            lines=Count("pk"),
            asked=Sum("asked_fen", default=0),
            computed=Sum("computed_fen", default=0),
            accepted=Sum("accepted_fen", default=0),
        )
    )
    rows = [
        CauseRow(CAUSES.get(each["cause"], UNKNOWN).zh, each["lines"], each["asked"] - each["computed"], each["accepted"])
        for each in groups
    ]
    return tuple(sorted(rows, key=lambda row: -abs(row.difference_fen)))
