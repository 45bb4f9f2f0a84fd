"""A plan is opened for a county, a document and a year, and published by somebody else than who made it."""

from datetime import datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.kinds import declare
from zhubao.workflow import same_person

from ..models import AssistancePlan, PlanLoss, PlanRun, PlanRunKind
from ..states import PLAN
from .rules import document_of

PUBLISH = declare("plan.publish", Text("发布代缴年度计划", "publish the yearly plan"))
LONGEST_REASON = 300


@implements("ps-0.1", "ps-2.2d", as_="action")
@transaction.atomic
def open_plan(region_code: str, policy_id: str, year: int, *, actor: Actor, now: datetime) -> AssistancePlan:
    """Open the plan of a county, document and year, or return the one that is open.

    Raise OutOfScope, E-PLAN-POLICY for a document that pays nothing on behalf or does not reach the county, E-PLAN-YEAR for a year the
    document was not in force, E-PLAN-AGENCY where the county has no agency.
    """
    actor.require_role(*PLAN.transition("open_plan").posts)
    actor.require_region(region_code)
    document_of(policy_id)
    policy = judge_of(policy_id).policy
    if len(region_code) != 6 or not region_code.startswith(policy.region):
        raise ZhubaoError(
            "E-PLAN-POLICY",
            Text("该文件不适用于这个区县", "the document does not reach this county"),
            place=f"{region_code} {policy_id}",
        )
    first = policy.in_force[0]
    if (first is not None and year < first.year) or not 2000 <= year <= 2100:
        raise ZhubaoError(
            "E-PLAN-YEAR", Text("文件在这一年还没有施行", "the document was not yet in force in this year"), place=str(year)
        )
    agency = Organisation.objects.filter(region_id=region_code, kind=OrganisationKind.AGENCY).order_by("pk").first()
    if agency is None:
        raise ZhubaoError(
            "E-PLAN-AGENCY",
            Text("这个区县还没有登记经办机构", "no agency is registered in this county"),
            place=region_code,
            remedy=Text("请系统管理员先登记经办机构", "have the administrator register it first"),
        )
    plan, made = AssistancePlan.objects.get_or_create(
        region_code=region_code,
        policy_id=policy_id,
        year=year,
        defaults={"agency": agency, "state_since": now, "opened_at": now, "opened_by_id": actor.user_id},
    )
    if made:
        record("plan.opened", plan.subject, actor=actor, now=now, region_code=region_code, after={"year": year})
    return plan


@implements("ps-2.2d", as_="action")
@transaction.atomic
def publish_plan(plan_id: int, *, actor: Actor, now: datetime) -> AssistancePlan:
    """Publish a plan: from then on tax and townships work with its rows. Again it changes nothing.

    Raise OutOfScope, E-SAME-PERSON for who opened or reckoned it, E-PLAN-EMPTY before it was reckoned, E-PLAN-LOSS while a list that
    shrank too much is not accepted, E-PLAN-CLOSED.
    """
    transition = PLAN.transition("publish_plan")
    actor.require_role(*transition.posts)
    plan = AssistancePlan.objects.select_for_update().get(pk=plan_id)
    actor.require_region(plan.region_code)
    if plan.state == "published":
        return plan
    if plan.state == "closed":
        raise ZhubaoError("E-PLAN-CLOSED", Text("这一年已结账", "the year is closed"), place=plan.subject)
    runs = plan.runs.exclude(kind=PlanRunKind.TRIAL).exclude(finished_at=None)
    last = runs.order_by("-number").first()
    if last is None:
        raise ZhubaoError(
            "E-PLAN-EMPTY",
            Text("计划还没有编制", "the plan has not been reckoned"),
            place=plan.subject,
            remedy=Text("先按名册编制一次", "reckon it from the lists first"),
        )
    if actor.user_id is not None:
        if actor.user_id == plan.opened_by_id:
            raise same_person(PLAN.transition("open_plan"), plan.subject)
        if runs.filter(run_by__user_id=actor.user_id).exists():
            raise same_person(PLAN.transition("compute_plan"), plan.subject)
    waiting = PlanLoss.objects.filter(run=last, accepted_at=None).first()
    if waiting is not None:
        raise loss_waits(waiting)
    plan.state, plan.state_since, plan.published_at, plan.published_by_id = "published", now, now, actor.user_id
    plan.save(update_fields=["state", "state_since", "published_at", "published_by"])
    close_tasks(plan.subject, [PUBLISH], actor=actor, now=now)
    after = {"planned": last.planned, "on_behalf_fen": last.on_behalf_fen, "self_pay_fen": last.self_pay_fen}
    record("plan.published", plan.subject, actor=actor, now=now, region_code=plan.region_code, after=after)
    return plan


def ask_to_publish(run: PlanRun, *, actor: Actor, now: datetime) -> None:
    """Put a drafted plan that was reckoned before those who publish it."""
    open_task(
        PUBLISH,
        run.plan.subject,
        region_code=run.plan.region_code,
        role=Role.AGENCY_APPROVER,
        organisation_id=run.plan.agency_id,
        deadline=None,
        actor=actor,
        now=now,
    )


def loss_waits(loss: PlanLoss) -> ZhubaoError:
    """Return the refusal while a list that shrank too much is not accepted."""
    return ZhubaoError(
        "E-PLAN-LOSS",
        Text(
            f"名册减员 {loss.lost}/{loss.had}，超过 {loss.percent}%，须另一人核对并说明",
            f"the list costs {loss.lost} of {loss.had}, more than {loss.percent} %: another person checks it and says why first",
        ),
        place=loss.certifier,
    )
