"""What is read of snapshots: for screens, for a second judgement, and for what has changed since."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.models import Person
from zhubao.policies import judge_of
from zhubao.policies.judging import as_json
from zhubao.rules.assessment import Assessment

from .editions import edition_of
from .facts import gather
from .figures import book_at
from .models import Snapshot, SnapshotQuerySet
from .seals import seal_of


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was: a fact, a figure, or the policy itself; None is unknown or absent."""

    what: Literal["fact", "figure", "policy"]
    name: str
    label: Text
    then: Any
    now: Any
    source: str = ""


def assess(person: Person, policy_id: str, on: date, *, stated: Mapping[str, Any] | None = None, now: datetime) -> Assessment:
    """Return what a policy says of a person as things stand, without keeping anything."""
    return judge_of(policy_id)(gather(person, policy_id, on, stated=stated), on=on, book=book_at(now))


def snapshot_for(actor: Actor, snapshot_id: int) -> Snapshot:
    """Return one snapshot; raise DoesNotExist, or OutOfScope for another region's."""
    return Snapshot.objects.select_related("person").get_for(actor, pk=snapshot_id)


def snapshots_of(person: Person, policy_id: str = "") -> SnapshotQuerySet:
    """Return a person's snapshots, the newest first."""
    found = Snapshot.objects.filter(person=person)
    return found.filter(policy_id=policy_id) if policy_id else found


def replay(snapshot: Snapshot) -> Assessment:
    """Judge the kept facts again with the figures known then, by the rules of this program; see `faithful`."""
    return judge_of(snapshot.policy_id)(snapshot.facts, on=snapshot.on, book=book_at(snapshot.known_at))


def faithful(snapshot: Snapshot) -> bool:
    """Tell whether a snapshot is as it was sealed and a second judgement gives exactly the kept answer."""
    return seal_of(snapshot) == snapshot.sha256 and json.loads(json.dumps(as_json(replay(snapshot)))) == snapshot.result


def unfaithful(region_code: str = "") -> Iterator[Snapshot]:
    """Yield the snapshots of a region that were changed, or that today's program judges otherwise though the rules are the same."""
    for snapshot in Snapshot.objects.filter(region_code__startswith=region_code).order_by("pk").iterator(chunk_size=500):
        if seal_of(snapshot) != snapshot.sha256 or (
            snapshot.edition == edition_of(snapshot.policy_id) and not faithful(snapshot)
        ):
            yield snapshot


def differences(snapshot: Snapshot, now: datetime, *, on: date | None = None) -> list[Difference]:
    """Return what is not as it was when the snapshot was made: facts, figures, the policy's rules; [] where a decision still rests.

    What the asker stated then counts as unchanged. `on` is the day compared with, today (`now`) unless given.
    """
    day = on or localdate(now)
    policy = judge_of(snapshot.policy_id).policy
    edition = edition_of(policy.id)
    found: list[Difference] = []
    if edition != snapshot.edition:
        found.append(
            Difference("policy", policy.id, Text("政策规则", "rules of the policy"), snapshot.edition[:12], edition[:12])
        )
    before = replay(snapshot)
    try:
        after = assess(snapshot.person, policy.id, day, stated=snapshot.stated, now=now)
    except ZhubaoError as error:
        if error.code != "E-POLICY-NOT-IN-FORCE":
            raise
        return [*found, Difference("policy", "in_force", Text("政策在施行", "the policy is in force"), True, False)]
    for name, fact in policy.facts.items():
        then, since = before.known.values.get(name), after.known.values.get(name)
        if then != since:
            found.append(Difference("fact", name, fact.label, then, since, after.known.sources.get(fact.subject, "")))
    for name, parameter in policy.parameters.items():
        then, since = before.binding.values[name], after.binding.values[name]
        if then != since:
            figure = after.binding.figures[name]
            found.append(Difference("figure", name, parameter.label, then, since, figure.source if figure else ""))
    return found
