"""A yearly plan reckoned from the command line or in the background: opened where there is none, brought up to date where there is one."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum

from zhubao.access.actors import Actor
from zhubao.assistance.models import PlanRun, PlanRunKind
from zhubao.assistance.planning.opening import open_plan
from zhubao.assistance.planning.reckoning import NOTHING, Assumption, ask_run, reckon
from zhubao.policies.claims import implements

SYSTEM = "plan"
COUNTS = ("entered", "left", "changed", "planned", "excluded", "missing", "held", "outside_age", "on_behalf_fen", "self_pay_fen")


@implements("ps-2.2d", as_="feature")
def reckon_plan(
    region_code: str,
    policy_id: str,
    year: int,
    as_of: date,
    *,
    trial: bool = False,
    assumption: Assumption = NOTHING,
    actor: Actor,
    now: datetime,
) -> PlanRun:
    """Open the plan of a county where there is none and reckon it as of a day; return the run.

    Where nothing has changed since the last reckoning of that day, that one is returned and nothing is written. Raise as `open_plan`,
    `ask_run` and `reckon` do; then nothing was written.
    """
    with transaction.atomic():
        plan = open_plan(region_code, policy_id, year, actor=actor, now=now)
        earlier = plan.runs.exclude(kind=PlanRunKind.TRIAL).exclude(finished_at=None)
        kind = PlanRunKind.TRIAL if trial else PlanRunKind.MONTHLY if earlier.exists() else PlanRunKind.OPENING
        last = earlier.filter(as_of=as_of).order_by("-number").first()
        with transaction.atomic():
            asked = ask_run(plan.pk, kind, as_of, key=f"{kind}:{now.isoformat()}", assumption=assumption, actor=actor, now=now)
            run = reckon(asked.pk, actor=actor, now=now)
            same = not trial and last is not None and not run.changes.exists() and run.held == last.held
            if same:
                transaction.set_rollback(True)
        return last if same and last is not None else run


def run_reckoning(run_id: int, actor: Actor, *, clock: Callable[[], datetime]) -> PlanRun:
    """Reckon a run that was asked for; after any stop it is done again from the beginning, and a finished one stays as it is."""
    return reckon(run_id, actor=actor, now=clock())


def as_json(run: PlanRun) -> dict[str, Any]:
    """Return a run as JSON: counts, fen, and people and money by category before and after."""
    totals = (
        run.totals.order_by("category", "payer")
        .values("category", "payer")
        .annotate(
            before=Sum("people_before"),
            on_behalf_before=Sum("on_behalf_before_fen"),
            after=Sum("people"),
            on_behalf=Sum("on_behalf_fen"),
            self_pay=Sum("self_pay_fen"),
        )
    )
    return {
        "plan": run.plan.subject,
        "run": run.number,
        "kind": run.kind,
        "as_of": run.as_of.isoformat(),
        **{name: getattr(run, name) for name in COUNTS},
        "categories": [
            {
                "category": row["category"],
                "payer": row["payer"],
                "people_before": row["before"],
                "on_behalf_before_fen": row["on_behalf_before"],
                "people": row["after"],
                "on_behalf_fen": row["on_behalf"],
                "self_pay_fen": row["self_pay"],
            }
            for row in totals
        ],
        "losses": [
            {"certifier": loss.certifier, "had": loss.had, "lost": loss.lost, "accepted": loss.accepted_at is not None}
            for loss in run.losses.all()
        ],
    }
