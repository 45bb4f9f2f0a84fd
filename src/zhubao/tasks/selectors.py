"""What waits for a post, what is late, and what there was to do about a subject. A long queue is read through `queues`."""

from datetime import date

from django.db.models import Q

from zhubao.access.actors import Actor
from zhubao.access.composed import Composed, Given
from zhubao.access.roles import Role
from zhubao.policies.claims import implements

from .models import Task, TaskQuerySet

# Who sees what is late in the whole region and not only in the own queue.
WATCHING_ROLES = (Role.AGENCY_APPROVER, Role.HRSS_SUPERVISOR, Role.AUDITOR)


def waiting_for(actor: Actor) -> TaskQuerySet:
    """Return the open tasks of the actor's post, those due first at the top.

    They are the tasks of the role at the own organisation, wherever the person is insured, and those of the role that name no
    organisation in the own region. The system sees every task of its scope.
    """
    tasks = Task.objects.open()
    if actor.user_id is None:
        return tasks.within(actor).by_due_date()
    of_the_region = Q(organisation=None, region_code__startswith=actor.scope) if actor.scope else Q(organisation=None)
    return tasks.filter(Q(organisation=actor.organisation_id) | of_the_region, role=actor.role).by_due_date()


@implements("jx-2.2d", as_="feature")
def late(actor: Actor, on: date) -> TaskQuerySet:
    """Return the open tasks whose day was before `on`, the oldest day first: of the own queue, or of the region for who watches."""
    watching = actor.user_id is None or actor.role in WATCHING_ROLES
    tasks = Task.objects.open().within(actor).by_due_date() if watching else waiting_for(actor)
    return tasks.filter(due_on__lt=on)


_ABOUT = Composed(
    lambda: Task.objects.filter(subject=Given("subject")).select_related("organisation").order_by("opened_at", "id")
)


def tasks_about(subject: str) -> list[Task]:
    """Return every task there was about a subject, the first first: what was to be done, by when, and when it was done."""
    return _ABOUT.rows(subject=subject)
