"""Reckoning a plan: everybody on the lists judged at once, what changed written down, all in one transaction or not at all."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.evidence.figures import book_at
from zhubao.language import Text
from zhubao.parameters import Parameter, ParameterBook
from zhubao.parameters.names import SETTING_PREFIX, declared
from zhubao.parameters.questions import settings
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.deadlines import deadline
from zhubao.tasks.kinds import declare

from ..models import AssistancePlan, PlanLoss, PlanRun, PlanRunKind
from ..states import PLAN
from .correcting import WEIGH, WEIGH_DAYS
from .deciding import decide_all, hold_back
from .facts import AGES
from .guarding import losses_of
from .judging import assume_list, forget, judge_all
from .opening import LONGEST_REASON, ask_to_publish
from .rules import EVIDENCE_DAYS, LOSS_PERCENT, number_of
from .writing import EVIDENCE_MISSING, PAYER_IN_DOUBT, prepare, renew_tasks, write_findings, write_rows

EVIDENCE: Final = declare("plan.evidence", Text("补齐代缴对象的核对材料", "complete the evidence about somebody on a list"))
LOSS: Final = declare("plan.loss", Text("核对名册大幅减员", "check a list that shrank too much"))


@dataclass(frozen=True)
class Assumption:
    """What a trial assumes instead of what stands: a lowest tier in fen, a setting with a value, a file as the whole list of a category."""

    lowest_tier_fen: int | None = None
    setting: str = ""
    value: str = ""
    roster_id: int | None = None
    category: str = ""


NOTHING: Final = Assumption()


@transaction.atomic
def ask_run(
    plan_id: int,
    kind: PlanRunKind,
    as_of: date,
    *,
    key: str,
    assumption: Assumption = NOTHING,
    actor: Actor,
    now: datetime,
) -> PlanRun:
    """Ask for a reckoning of a plan as of a day; the same key again returns the same run, done or not.

    Raise OutOfScope, E-PLAN-CLOSED, E-PLAN-DAY for a day outside the year, to come, or before the last reckoning, E-PLAN-ASSUMED for an
    assumption outside a trial or one that cannot be made.
    """
    actor.require_role(*PLAN.transition("compute_plan").posts)
    plan = AssistancePlan.objects.select_for_update().get(pk=plan_id)
    actor.require_region(plan.region_code)
    earlier = plan.runs.filter(key=key).first()
    if earlier is not None:
        return earlier
    _require_day(plan, kind, as_of, localdate(now))
    _require_assumption(kind, assumption)
    last = plan.runs.order_by("-number").values_list("number", flat=True).first()
    return PlanRun.objects.create(
        plan=plan,
        number=(last or 0) + 1,
        kind=kind,
        as_of=as_of,
        figures_known_at=now,
        started_at=now,
        run_by_id=actor.post_id,
        actor_name=actor.name,
        key=key,
        assumed_lowest_tier_fen=assumption.lowest_tier_fen,
        assumed_setting=assumption.setting,
        assumed_value=assumption.value,
        assumed_roster_id=assumption.roster_id,
        assumed_category=assumption.category,
    )


@implements("ps-2.2c", "ps-2.2d", "ps-2.2k", "ps-3.1c", "gz-1b", "gz-12a", as_="action")
def reckon(run_id: int, *, actor: Actor, now: datetime) -> PlanRun:
    """Reckon a run that was asked for: all of it or nothing. One that is finished stays as it is.

    Departments whose list would take out more than the limit keep their people until somebody accepts it; the rest is done.
    Raise E-PLAN-CLOSED, and what the figures of the day raise (no lowest tier, a document not in force).
    """
    with transaction.atomic():
        plan_id = PlanRun.objects.values_list("plan_id", flat=True).get(pk=run_id)
        plan = AssistancePlan.objects.select_for_update().get(pk=plan_id)
        run = PlanRun.objects.select_for_update().get(pk=run_id)
        run.plan = plan
        if run.finished_at is not None:
            return run
        if not run.is_trial and plan.state == "closed":
            raise ZhubaoError("E-PLAN-CLOSED", Text("这一年已结账", "the year is closed"), place=plan.subject)
        _work(run, actor=actor, now=now)
        forget()
        return run


def _work(run: PlanRun, *, actor: Actor, now: datetime) -> None:
    plan, book = run.plan, book_of(run)
    area = area_of_region(plan.region_code)
    if not run.is_trial:
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM assistance_planrow WHERE plan_id = %s ORDER BY id FOR UPDATE", [plan.pk])
    run.unregistered = assume_list(run)
    judge_all(run, book)
    run.outside_age = _outside_age()
    decide_all(run, book)
    losses = losses_of(run, number_of(LOSS_PERCENT, run.as_of, area, book))
    waiting = [loss for loss in losses if loss.accepted_at is None]
    if waiting and not run.is_trial:
        hold_back([loss.certifier for loss in waiting])
    for name, value in prepare(run).items():
        if name != "lowest_tier_fen":
            setattr(run, name, value)
        elif not run.is_trial and plan.lowest_tier_fen is None:
            plan.lowest_tier_fen = value
    PlanLoss.objects.bulk_create(losses)
    run.finished_at = now
    run.save()
    if not run.is_trial:
        write_rows(run, actor=actor, now=now)
    changes = write_findings(run)
    if run.is_trial:
        return
    plan.figures_known_at = run.figures_known_at
    plan.save(update_fields=["figures_known_at", "lowest_tier_fen"])
    evidence = deadline(EVIDENCE_DAYS, 10, "calendar", run.as_of, area, book)
    renew_tasks(run, EVIDENCE, EVIDENCE_MISSING, evidence, actor=actor, now=now)
    weigh = deadline(WEIGH_DAYS, 15, "calendar", run.as_of, area, book)
    renew_tasks(run, WEIGH, PAYER_IN_DOUBT, weigh, actor=actor, now=now)
    _ask_about(run, waiting, actor=actor, now=now)
    if plan.state == "drafted":
        ask_to_publish(run, actor=actor, now=now)
    counted = ("entered", "left", "changed", "planned", "excluded", "missing", "held", "on_behalf_fen", "self_pay_fen")
    after = {
        "run": run.number,
        "as_of": run.as_of.isoformat(),
        "changes": changes,
        **{name: getattr(run, name) for name in counted},
    }
    record("plan.compute_plan", plan.subject, actor=actor, now=now, region_code=plan.region_code, after=after)


@transaction.atomic
def accept_loss(run_id: int, certifier: str, reason: str, *, actor: Actor, now: datetime) -> PlanRun:
    """Accept with a reason that a department's list takes so many people out, and ask for the reckoning that does it; see `reckon`.

    The same again returns the same run. Raise OutOfScope, E-SAME-PERSON for who ran it, E-REASON, E-PLAN-LOSS-NONE.
    """
    actor.require_role(Role.AGENCY_APPROVER)
    run = PlanRun.objects.select_related("plan", "run_by").get(pk=run_id)
    actor.require_region(run.plan.region_code)
    loss = PlanLoss.objects.select_for_update().filter(run=run, certifier=certifier).first()
    if loss is None or run.is_trial:
        raise ZhubaoError(
            "E-PLAN-LOSS-NONE",
            Text("这个部门没有需要说明的减员", "nothing has to be explained for this department"),
            place=certifier,
        )
    if actor.user_id is not None and run.run_by is not None and run.run_by.user_id == actor.user_id:
        raise ZhubaoError(
            "E-SAME-PERSON",
            Text("计划是您编制的，减员须另一人核对", "you reckoned the plan: another person checks the loss"),
            place=run.subject,
            remedy=Text("请本单位另一人办理", "have a colleague take this step"),
        )
    said = reason.strip()[:LONGEST_REASON]
    if loss.accepted_at is None:
        if not said:
            raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=run.subject)
        loss.accepted_at, loss.accepted_by_id, loss.accepted_name, loss.reason = now, actor.user_id, actor.name[:60], said
        loss.save(update_fields=["accepted_at", "accepted_by", "accepted_name", "reason"])
        if not run.losses.filter(accepted_at=None).exists():
            close_tasks(run.subject, [LOSS], actor=actor, now=now)
        after = {"certifier": certifier, "had": loss.had, "lost": loss.lost}
        record(
            "plan.loss_accepted", run.subject, actor=actor, now=now, region_code=run.plan.region_code, after=after, reason=said
        )
    system = Actor.system(actor.name, run.plan.region_code)
    kind = PlanRunKind(run.kind)
    return ask_run(run.plan_id, kind, run.as_of, key=f"{run.key[:60]}/{certifier}", actor=system, now=now)


def book_of(run: PlanRun) -> ParameterBook:
    """Return the figures and settings a run is reckoned with: those known when it was asked for, a trial's assumptions over them."""
    book, area = book_at(run.figures_known_at), area_of_region(run.plan.region_code)
    assumed = []
    if run.assumed_lowest_tier_fen is not None:
        name = "lowest_tier_yearly_fen"
        assumed.append(Parameter(name, run.assumed_lowest_tier_fen, "fen", area, run.as_of, None, "试算假设 what-if"))
    if run.assumed_setting:
        name = SETTING_PREFIX + run.assumed_setting
        assumed.append(Parameter(name, run.assumed_value, "text", area, run.as_of, None, "试算假设 what-if"))
    return book.over(assumed) if assumed else book


def _require_day(plan: AssistancePlan, kind: PlanRunKind, as_of: date, today: date) -> None:
    if plan.state == "closed" and kind != PlanRunKind.TRIAL:
        raise ZhubaoError("E-PLAN-CLOSED", Text("这一年已结账", "the year is closed"), place=plan.subject)
    if as_of.year != plan.year or (as_of > today and kind != PlanRunKind.TRIAL):
        raise ZhubaoError(
            "E-PLAN-DAY",
            Text("日期应在计划年度内、不晚于今天", "the day lies in the year of the plan and is not to come"),
            place=as_of.isoformat(),
        )
    last = plan.runs.exclude(kind=PlanRunKind.TRIAL).exclude(finished_at=None).order_by("-as_of").first()
    if last is not None and as_of < last.as_of and kind != PlanRunKind.TRIAL:
        raise ZhubaoError(
            "E-PLAN-DAY",
            Text(f"计划已更新到 {last.as_of}，不能按更早的日期更新", f"the plan stands as of {last.as_of}: no earlier day"),
            place=as_of.isoformat(),
        )


def _require_assumption(kind: PlanRunKind, assumed: Assumption) -> None:
    if assumed == NOTHING:
        return
    fault: Text | None = None
    if kind != PlanRunKind.TRIAL:
        fault = Text("只有试算可以改假设", "only a trial assumes anything")
    elif bool(assumed.setting) != bool(assumed.value) or (assumed.setting and declared(SETTING_PREFIX + assumed.setting) is None):
        fault = Text("没有这个设置", "there is no such setting")
    elif assumed.setting in settings() and settings()[assumed.setting].days and not assumed.value.isdecimal():
        fault = Text("天数应为整数", "days are a whole number")
    elif (assumed.roster_id is None) != (not assumed.category):
        fault = Text("名册文件和类别须一起给出", "a roster file and its category go together")
    elif assumed.lowest_tier_fen is not None and not 0 < assumed.lowest_tier_fen <= 10_000_000:
        fault = Text("最低档次应在 0 至 100000 元之间", "the lowest tier lies between 0 and 100,000 yuan")
    if fault is not None:
        raise ZhubaoError("E-PLAN-ASSUMED", fault, place=assumed.setting or assumed.category or kind.value)


def _outside_age() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM plan_facts WHERE row_id IS NULL AND age NOT BETWEEN %s AND %s", [AGES[0], AGES[1] - 1]
        )
        return int(cursor.fetchone()[0])


def _ask_about(run: PlanRun, waiting: list[PlanLoss], *, actor: Actor, now: datetime) -> None:
    """Put a list that shrank too much before those who may accept it; a newer reckoning takes the place of earlier ones."""
    for earlier in run.plan.runs.exclude(pk=run.pk).filter(losses__accepted_at=None, losses__isnull=False).distinct():
        close_tasks(earlier.subject, [LOSS], actor=actor, now=now)
    if waiting:
        open_task(
            LOSS,
            run.subject,
            region_code=run.plan.region_code,
            role=Role.AGENCY_APPROVER,
            organisation_id=run.plan.agency_id,
            deadline=deadline(
                "assistance_loss_days", 7, "calendar", localdate(now), area_of_region(run.plan.region_code), book_of(run)
            ),
            actor=actor,
            now=now,
        )
