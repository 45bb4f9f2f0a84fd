"""The audit chain: how an entry is sealed, written and checked."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection, transaction

from .actors import Actor
from .models import AuditEntry

CHAIN_LENGTH = 6


class BrokenLink(NamedTuple):
    """An entry that does not follow from the one before it: `chain`, `number`, and what is wrong in one word."""

    chain: str
    number: int
    fault: str


class Act(NamedTuple):
    """What an entry says was done. `before` and `after` are what JSON can hold (only the fields that changed)."""

    action: str
    subject: str
    region_code: str = ""
    before: Any = None
    after: Any = None
    reason: str = ""


def record(
    action: str,
    subject: str,
    *,
    actor: Actor,
    now: datetime,
    region_code: str = "",
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> AuditEntry:
    """Write one entry in the caller's transaction and return it; everything else as in `record_all`."""
    return record_all([Act(action, subject, region_code, before, after, reason)], actor=actor, now=now)[0]


def record_all(acts: Iterable[Act], *, actor: Actor, now: datetime) -> list[AuditEntry]:
    """Write an entry for each act, in their order, in the caller's transaction, and return them.

    Call it last in the transaction: until that ends, other entries of the same county wait, so that each seals the one before it.
    """
    listed = list(acts)
    entries: list[AuditEntry] = []
    # No savepoint: an act whose entry cannot be written must not stand either.
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        ends = {chain: _end_of(chain, cursor) for chain in sorted({act.region_code[:CHAIN_LENGTH] for act in listed})}
        for act in listed:
            chain = act.region_code[:CHAIN_LENGTH]
            number, previous = ends[chain]
            entry = AuditEntry(
                region_code=act.region_code,
                chain=chain,
                number=number + 1,
                at=now,
                user_id=actor.user_id,
                post_id=actor.post_id,
                actor_name=actor.name,
                action=act.action,
                subject=act.subject,
                # Sealed as it will be read again: keys that are numbers come back as words, and sort otherwise.
                before=json.loads(json.dumps(act.before)),
                after=json.loads(json.dumps(act.after)),
                reason=act.reason,
                previous_seal=previous,
            )
            entry.seal = seal_of(entry)
            ends[chain] = entry.number, entry.seal
            entries.append(entry)
        _insert(entries, cursor)
    return entries


def _end_of(chain: str, cursor: Any) -> tuple[int, str]:
    """Return number and seal of a chain's last entry, (0, "") where there is none, once nobody else adds to the chain."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit:{chain}"])
    cursor.execute("SELECT number, seal FROM access_auditentry WHERE chain = %s ORDER BY number DESC LIMIT 1", [chain])
    last: tuple[int, str] = cursor.fetchone() or (0, "")
    return last


def _insert(entries: list[AuditEntry], cursor: Any) -> None:
    """Write entries and note their keys. In plain SQL: every step anybody takes writes some, and this was a tenth of its time."""
    if not entries:
        return
    rows = ", ".join([f"({', '.join(['%s'] * 9)}, %s::jsonb, %s::jsonb, %s, %s, %s)"] * len(entries))
    cursor.execute(
        f"INSERT INTO access_auditentry (region_code, chain, number, at, user_id, post_id, actor_name, action, subject,"
        f" before, after, reason, previous_seal, seal) VALUES {rows} RETURNING id",
        [value for entry in entries for value in _values(entry)],
    )
    for entry, (key,) in zip(entries, cursor.fetchall(), strict=True):
        entry.pk, entry._state.adding, entry._state.db = key, False, connection.alias


def _values(entry: AuditEntry) -> list[Any]:
    before, after = (None if content is None else json.dumps(content) for content in (entry.before, entry.after))
    return [
        *(entry.region_code, entry.chain, entry.number, entry.at, entry.user_id, entry.post_id, entry.actor_name, entry.action),
        *(entry.subject, before, after, entry.reason, entry.previous_seal, entry.seal),
    ]


def seal_of(entry: AuditEntry) -> str:
    """Return the SHA-256 over an entry's content and the seal of the entry before it, 64 hexadecimal digits."""
    content = [
        entry.previous_seal,
        entry.chain,
        entry.number,
        entry.region_code,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.user_id,
        entry.post_id,
        entry.actor_name,
        entry.action,
        entry.subject,
        entry.before,
        entry.after,
        entry.reason,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def broken_links(region_code: str = "") -> Iterator[BrokenLink]:
    """Yield every entry of a region's chains (all chains for "") that was changed, or whose predecessor is gone."""
    entries = AuditEntry.objects.filter(chain__startswith=region_code[:CHAIN_LENGTH]).order_by("chain", "number")
    for chain, links in groupby(entries.iterator(chunk_size=2000), key=lambda entry: entry.chain):
        yield from _broken(chain, links, "", 1)


def broken_links_between(chain: str, first: int, last: int) -> Iterator[BrokenLink]:
    """Yield the broken links among the entries `first` to `last` of one chain, both included: a long chain is checked in parts."""
    entries = AuditEntry.objects.filter(chain=chain)
    before = entries.filter(number=first - 1).first()
    if first > 1 and before is None:
        yield BrokenLink(chain, first - 1, "missing")
    links = entries.filter(number__range=(first, last)).order_by("number").iterator(chunk_size=2000)
    yield from _broken(chain, links, before.seal if before else "", first)


def _broken(chain: str, links: Iterable[AuditEntry], previous: str, expected: int) -> Iterator[BrokenLink]:
    for entry in links:
        if entry.number != expected:
            yield BrokenLink(chain, expected, "missing")
        elif entry.previous_seal != previous:
            yield BrokenLink(chain, entry.number, "predecessor")
        elif entry.seal != seal_of(entry):
            yield BrokenLink(chain, entry.number, "changed")
        previous, expected = entry.seal, entry.number + 1
