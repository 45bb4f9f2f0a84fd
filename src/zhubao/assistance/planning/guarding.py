"""Departments whose lists would take help from many people at once: who asks, and what was answered already.

A list that shrinks asks when its department certifies it, and a second person confirms. The plan does not ask about the same people
again: only those nobody confirmed count against its limit.
"""

from typing import Final

from django.db import connection

from zhubao.rosters.models import RosterVersion

from ..models import PlanLoss, PlanRun
from .deciding import NOT_HELPED

# Of the people a reckoning would take out: those whose last change on the department's lists is to have left with a confirmed version.
_CONFIRMED: Final = """
WITH lost AS (SELECT person_id, certifier_before FROM plan_decided WHERE certifier_before IS NOT NULL AND finding = 'cancel' AND is_lost),
latest AS (
    SELECT DISTINCT ON (lost.person_id, version.roster_id)
        lost.person_id, lost.certifier_before, change.kind, version.id, version.confirmed_at
    FROM lost
    JOIN rosters_rosterchange AS change ON change.person_id = lost.person_id
    JOIN rosters_rosterversion AS version ON version.id = change.version_id AND version.entered_at IS NOT NULL
    JOIN rosters_rosterlist AS list
        ON list.id = version.roster_id AND list.certifier = lost.certifier_before AND list.region_code = %s
    ORDER BY lost.person_id, version.roster_id, version.number DESC
)
SELECT certifier_before, count(DISTINCT person_id), max(id) FROM latest
WHERE kind = 'left' AND confirmed_at IS NOT NULL GROUP BY certifier_before"""
_LOST: Final = """
SELECT certifier_before, count(*), count(*) FILTER (WHERE finding = 'cancel' AND is_lost) FROM plan_decided
WHERE certifier_before IS NOT NULL AND found_in <> ALL(%s) GROUP BY certifier_before ORDER BY certifier_before"""


def losses_of(run: PlanRun, percent: int) -> list[PlanLoss]:
    """Return the departments whose lists would take out more than so many per cent of their people, not yet written.

    Those somebody accepted before, and those a second person of the department confirmed with the list, are marked as accepted.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOST, [[state for state in NOT_HELPED if state in {"excluded", "cancelled"}]])
        found = [(str(certifier), int(had), int(lost)) for certifier, had, lost in cursor.fetchall()]
        found = [(certifier, had, lost) for certifier, had, lost in found if lost * 100 > percent * had]
        if not found:
            return []
        cursor.execute(_CONFIRMED, [run.plan.region_code])
        confirmed = {str(certifier): (int(count), int(version)) for certifier, count, version in cursor.fetchall()}
    earlier = PlanLoss.objects.filter(run__plan_id=run.plan_id, run__as_of=run.as_of).exclude(accepted_at=None)
    accepted = {loss.certifier: loss for loss in earlier}
    losses = []
    for certifier, had, lost in found:
        loss = PlanLoss(run=run, certifier=certifier, had=had, lost=lost, percent=percent)
        before, (answered, version) = accepted.get(certifier), confirmed.get(certifier, (0, 0))
        if before is not None and before.lost >= lost:
            loss.accepted_at, loss.accepted_by_id = before.accepted_at, before.accepted_by_id
            loss.accepted_name, loss.reason = before.accepted_name, before.reason
        elif answered and (lost - answered) * 100 <= percent * had:
            _take_over(loss, RosterVersion.objects.select_related("confirmed_by").get(pk=version))
        losses.append(loss)
    return losses


def _take_over(loss: PlanLoss, version: RosterVersion) -> None:
    """Let what was answered when the list was certified stand for the plan too."""
    assert version.confirmed_by is not None, version
    said = f"名册第 {version.number} 版认定时已由第二人确认：{version.loss_reason}"
    loss.accepted_at, loss.accepted_by_id = version.confirmed_at, version.confirmed_by_id
    loss.accepted_name, loss.reason = version.confirmed_by.name[:60], said[:300]
