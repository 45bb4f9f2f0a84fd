"""Looks that leave an entry in the audit log: a scanned paper opened, a list taken away as a file."""

from datetime import datetime
from typing import Any

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.people.actions import look_at_number, number_for_print
from zhubao.people.models import Person

from ..models import Attachment, Case
from ..selectors import cases_for


@transaction.atomic
def open_paper(case: Case, attachment_id: int, *, actor: Actor, now: datetime) -> Attachment:
    """Return a scanned paper of a case the actor may see; the look is on record. Raise DoesNotExist for none with a file."""
    visible = cases_for(actor).filter(pk=case.pk)
    paper = Attachment.objects.exclude(stored_as="").get(pk=attachment_id, case__in=visible, removed_at=None)
    after = {"kind": paper.kind, "sha256": paper.sha256}
    record("case.paper_read", case.subject, actor=actor, now=now, region_code=case.region_code, after=after)
    return paper


def look_at_applicant(case: Case, reason: str, *, actor: Actor, now: datetime) -> str:
    """Return the citizen number of an applicant for somebody who deals with the case and says why; the look is on record.

    A bank may look at the applicant of a case it was sent, though the person has no account there yet. Raise E-REASON without a
    reason, DoesNotExist for a case that is not the actor's.
    """
    cases_for(actor).get(pk=case.pk)
    person = Person.objects.get(pk=case.person_id)
    if Person.objects.seen_by(actor).filter(pk=person.pk).exists():
        return look_at_number(person.pk, reason, actor=actor, now=now)
    return number_for_print(person, reason, actor=actor, now=now)


def record_list(name: str, count: int, filters: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """Note that a list of cases left as a file: its name, its rows, what it was narrowed by."""
    after = {"rows": count, **{key: str(value) for key, value in filters.items() if value}}
    record("case.list_taken", f"list:{name}", actor=actor, now=now, region_code=actor.scope, after=after)
