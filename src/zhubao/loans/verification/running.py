"""A run of the yearly verification: opened for a region, a year and the rosters there are, done in one statement, summed up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Q
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.models import Region
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import ParameterBook
from zhubao.parameters.questions import settings
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.kinds import declare

from ..models import VerificationCertifier, VerificationProposal, VerificationRoster, VerificationRun
from ..models.verification import Finding, Ground, ProposalState
from ..states import WAYS
from .matching import match
from .rosters import Asked, digest_of, rosters_asked
from .rule import categories_of

PROPOSING_ROLES: Final = (Role.AGENCY_ACCOUNTANT, Role.AGENCY_REVIEWER)
DECIDE: Final = declare("verification.decide", Text("决定年度核验的结果", "decide what the yearly verification found"))
COMPLETE: Final = declare(
    "verification.evidence", Text("补齐年度核验缺的名册", "complete the evidence of the yearly verification")
)
BY_ROSTER: Final = (Ground.ENDED, Ground.OFF_ROSTER, Ground.IMPROVED)


@dataclass(frozen=True)
class Plan:
    """A run as it would be opened: the days it rests on and the rosters it asks for."""

    as_of: date
    effect_on: date
    fresh_from: date
    asked: tuple[Asked, ...]
    digest: str


@implements("jx-2.5a", "jx-2.5b", "rg-19a", as_="action")
@transaction.atomic
def open_run(
    region_code: str,
    policy_id: str,
    year: int,
    *,
    as_of: date | None = None,
    effect_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> VerificationRun:
    """Return the run of a region, programme and year that rests on the rosters there are now, opened now or before.

    `as_of`: the day the rosters are asked about (default today); `effect_on`: the day a result takes effect (default 1 January after).
    Raise OutOfScope, E-REGION-UNKNOWN, E-VERIFICATION-NONE for Tongling, which has no subsidy to verify, E-VERIFICATION-DAY for a day of
    another year or to come, E-VERIFICATION-WINDOW in Rugao before the window of renewals is over.
    """
    actor.require_role(*PROPOSING_ROLES)
    actor.require_region(region_code)
    if not Region.objects.filter(code=region_code).exists():
        raise ZhubaoError("E-REGION-UNKNOWN", Text("没有这个区划", "there is no such region"), place=region_code)
    plan = plan_of(region_code, policy_id, year, as_of=as_of, effect_on=effect_on, today=localdate(now))
    book, area = parameter_book(), area_of_region(region_code)
    run, made = VerificationRun.objects.get_or_create(
        region_code=region_code,
        policy_id=policy_id,
        year=year,
        rosters_digest=plan.digest,
        defaults={
            "as_of": plan.as_of,
            "effect_on": plan.effect_on,
            "fresh_from": plan.fresh_from,
            "loss_percent": min(100, _number("verification_loss_percent", plan.as_of, area, book)),
            "started_at": now,
            "started_by_id": actor.post_id,
            "started_user_id": actor.user_id,
            "actor_name": actor.name,
        },
    )
    if made:
        rows = []
        for each in plan.asked:
            recent = set(each.recent(plan.fresh_from))
            rows += [
                VerificationRoster(
                    run=run, category=each.category.code, certifier=each.certifier, listing=listing, used=listing in recent
                )
                for listing in each.lists or (None,)
            ]
        VerificationRoster.objects.bulk_create(rows)
        after = {"policy": policy_id, "year": year, "as_of": str(run.as_of), "effect_on": str(run.effect_on), "lists": len(rows)}
        record("verification.opened", run.subject, actor=actor, now=now, region_code=region_code, after=after)
    return run


def plan_of(
    region_code: str, policy_id: str, year: int, *, as_of: date | None = None, effect_on: date | None = None, today: date
) -> Plan:
    """Return what a run would rest on; raise as `open_run` does for programme and days."""
    verifies = WAYS[policy_id].verifies if policy_id in WAYS else ""
    if not verifies:
        raise ZhubaoError(
            "E-VERIFICATION-NONE",
            Text("铜陵文件没有利息补贴，不做年度核验", "this document has no interest subsidy: there is nothing to verify"),
            place=policy_id,
        )
    following = date(year + 1, 1, 1)
    day = as_of or (today if verifies == "subsidy" else max(following, today))
    if verifies == "draws" and min(day, today) < following:
        raise ZhubaoError(
            "E-VERIFICATION-WINDOW",
            Text(f"{year} 年第四季度的续贷申请期还没过", f"the window of renewals of {year} is not over"),
            place=str(day),
            remedy=Text(f"{following} 起再列停贷建议名单", f"list the proposals from {following} on"),
        )
    if day > today or (verifies == "subsidy" and day.year not in {year, year + 1}):
        raise ZhubaoError(
            "E-VERIFICATION-DAY",
            Text("数据日期应在核验年度内、不晚于今天", "the day lies in the year of the verification, not ahead"),
            place=str(day),
        )
    effect = effect_on or max(following, day)
    if effect < day:
        problem = Text("生效日不早于数据日期", "the effect is not before the day of the verification")
        raise ZhubaoError("E-VERIFICATION-DAY", problem, place=str(effect))
    book, area = parameter_book(), area_of_region(region_code)
    asked = rosters_asked(categories_of(policy_id, day, area, book), region_code, day)
    fresh_from = day - timedelta(days=_number("verification_roster_days", day, area, book))
    return Plan(day, effect, fresh_from, tuple(asked), digest_of(asked, region_code, fresh_from))


def work_on(run_id: int, *, actor: Actor, now: datetime) -> VerificationRun:
    """Match everybody and sum up, in one transaction; a run finished before is returned as it is."""
    with transaction.atomic():
        run = VerificationRun.objects.select_for_update().get(pk=run_id)
        if run.finished_at is not None:
            return run
        book, area = parameter_book(), area_of_region(run.region_code)
        categories = categories_of(run.policy_id, run.as_of, area, book)
        asked = rosters_asked(categories, run.region_code, run.as_of)
        match(run, categories, asked, book)
        run.looked_at, run.finished_at = _sum_up(run), now
        run.save(update_fields=["looked_at", "finished_at"])
        _renew_tasks(run, actor=actor, now=now)
        after = {"looked_at": run.looked_at, **counts_of(run)}
        record("verification.matched", run.subject, actor=actor, now=now, region_code=run.region_code, after=after)
        return run


def counts_of(run: VerificationRun) -> dict[str, int]:
    """Return how many loans of a run have each finding."""
    found = VerificationProposal.objects.filter(run=run).order_by().values_list("finding").annotate(count=Count("pk"))
    return dict(found)


def _sum_up(run: VerificationRun) -> int:
    """Write what the run comes to for the people of each department, and return how many loans it found something of.

    A department is suspicious when the rosters cost more of its people than the run's percentage; those who lose for another reason
    than a roster do not count.
    """
    lost = Q(finding=Finding.LOSE)
    rows = (
        VerificationProposal.objects.filter(run=run)
        .order_by()
        .values("certifier")
        .annotate(
            kept=Count("pk", filter=Q(finding=Finding.KEEP)),
            lost=Count("pk", filter=lost),
            by_roster=Count("pk", filter=lost & Q(ground__in=BY_ROSTER)),
            regained=Count("pk", filter=Q(finding=Finding.REGAIN)),
            unknown=Count("pk", filter=Q(finding=Finding.UNKNOWN)),
            counted=Count("pk"),
        )
    )
    made = [
        VerificationCertifier(
            run=run,
            certifier=row["certifier"],
            kept=row["kept"],
            lost=row["lost"],
            regained=row["regained"],
            unknown=row["unknown"],
            suspicious=row["by_roster"] * 100 > run.loss_percent * (row["kept"] + row["lost"]),
        )
        for row in rows
    ]
    VerificationCertifier.objects.bulk_create(made)
    return sum(row["counted"] for row in rows)


def _renew_tasks(run: VerificationRun, *, actor: Actor, now: datetime) -> None:
    """Put the run before those who decide it; earlier runs of the year leave the queue."""
    earlier = VerificationRun.objects.filter(region_code=run.region_code, policy_id=run.policy_id, year=run.year).exclude(
        pk=run.pk
    )
    for each in earlier:
        close_tasks(each.subject, actor=actor, now=now)
    found = VerificationProposal.objects.filter(run=run, state=ProposalState.PROPOSED)
    for kind, role, waits in (
        (DECIDE, Role.AGENCY_APPROVER, found.exclude(finding=Finding.UNKNOWN)),
        (COMPLETE, Role.AGENCY_REVIEWER, found.filter(finding=Finding.UNKNOWN)),
    ):
        if waits.exists():
            open_task(
                kind,
                run.subject,
                region_code=run.region_code,
                role=role,
                organisation_id=None,
                deadline=None,
                actor=actor,
                now=now,
            )


def _number(name: str, on: date, area: str, book: ParameterBook) -> int:
    """Return a setting that is a whole number; E-SETTING-VALUE when the county's entry is none."""
    entry = book.find(f"setting.{name}", on, area)
    value = str(entry.value) if entry else settings()[name].value
    if not (value.isascii() and value.isdecimal() and len(value) <= 4):
        problem = Text(f"应为整数，不是“{value}”", f"a whole number, not {value!r}")
        raise ZhubaoError("E-SETTING-VALUE", problem, place=entry.place if entry and entry.place else name)
    return int(value)
