"""The only writer of evidence: keeping what a decision is made on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhubao import __version__
from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.people.models import Person
from zhubao.policies import judge_of
from zhubao.policies.judging import as_json

from .editions import edition_of
from .facts import gather
from .figures import book_at
from .models import Snapshot
from .seals import seal_of


@transaction.atomic
def freeze(
    person: Person,
    policy_id: str,
    on: date,
    *,
    stated: Mapping[str, Any] | None = None,
    region_code: str = "",
    actor: Actor,
    now: datetime,
) -> Snapshot:
    """Gather a person's facts, judge them with the figures known at `now`, and keep both for good.

    `region_code` is the region of the matter decided, the person's when empty. The same facts frozen again at the same moment are the
    same snapshot. Raise OutOfScope for a region that is not the actor's, and what `gather` and the policy raise.
    """
    region = region_code or person.region_code
    actor.require_region(region)
    known = dict(stated or {})
    # As the row stands now, whatever the caller read before.
    person.refresh_from_db()
    facts = gather(person, policy_id, on, stated=known)
    result = as_json(judge_of(policy_id)(facts, on=on, book=book_at(now)))
    snapshot = Snapshot(
        region_code=region,
        person=person,
        policy_id=policy_id,
        on=on,
        known_at=now,
        facts=facts,
        stated=known,
        result=result,
        verdict=result["verdict"],
        edition=edition_of(policy_id),
        engine_version=__version__,
        made_at=now,
    )
    snapshot.sha256 = seal_of(snapshot)
    there = Snapshot.objects.filter(person=person, sha256=snapshot.sha256).first()
    if there is not None:
        return there
    snapshot.save(force_insert=True)
    after = {
        "snapshot": snapshot.pk,
        "policy": policy_id,
        "on": on.isoformat(),
        "verdict": snapshot.verdict,
        "sha256": snapshot.sha256,
    }
    record("evidence.frozen", f"person:{person.pk}", actor=actor, now=now, region_code=region, after=after)
    return snapshot
