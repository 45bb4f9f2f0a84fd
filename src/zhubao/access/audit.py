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
    """Write one entry in the caller's transaction and return it.

    `before` and `after` are what JSON can hold (only the fields that changed). Call it last in the transaction: until that
    ends, other entries of the same county wait, so that each seals the one before it.
    """
    chain = region_code[:CHAIN_LENGTH]
    # Sealed as it will be read again: keys that are numbers come back as words, and sort otherwise.
    before, after = (json.loads(json.dumps(content)) for content in (before, after))
    # No savepoint: an act whose entry cannot be written must not stand either.
    with transaction.atomic(savepoint=False):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit:{chain}"])
        last = AuditEntry.objects.filter(chain=chain).order_by("-number").first()
        entry = AuditEntry(
            region_code=region_code,
            chain=chain,
            number=last.number + 1 if last else 1,
            at=now,
            user_id=actor.user_id,
            post_id=actor.post_id,
            actor_name=actor.name,
            action=action,
            subject=subject,
            before=before,
            after=after,
            reason=reason,
            previous_seal=last.seal if last else "",
        )
        entry.seal = seal_of(entry)
        entry.save(force_insert=True)
    return entry


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
