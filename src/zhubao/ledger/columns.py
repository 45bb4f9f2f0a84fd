"""Posting a run's movements column by column: the same rows as `actions.post_new`, a million at a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
from django.db import connection, transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text

from . import binary
from .binary import Cells, Numbers, Texts
from .chart import Party, require_account
from .models import Posting

# No column of texts is longer.
LONGEST = 100
# Subjects whose rows are written together.
BLOCK = 500


@dataclass(frozen=True)
class Movements:
    """Movements of one kind on one day in the books of one kind of party, none of which was posted before.

    `entry` begins with the day (``2026-11-30/1``). `regions`, `subjects`, `references` (who the party is) and `amounts` (fen, above 0)
    are columns of one length; texts are ASCII.
    """

    on: date
    party: Party
    debit: str
    credit: str
    source: str
    kind: str
    entry: str
    regions: Texts
    subjects: Texts
    references: Texts
    amounts: Numbers


class Rows(NamedTuple):
    """Rows ready to be written, and the subject of each."""

    subjects: Texts
    cells: Cells


@transaction.atomic
def post_columns(wanted: Iterable[Movements], *, actor: Actor, now: datetime) -> int:
    """Post movements, all or none, and return how many rows they are; the happening that posts them writes the audit entry.

    Raise OutOfScope, E-LEDGER-ACCOUNT, E-LEDGER-AMOUNT for nothing or less, and IntegrityError for a key that is taken.
    """
    parts: list[Rows] = []
    count = 0
    for each in wanted:
        _check(each, actor)
        count += len(each.amounts)
        parts += _rows(each, actor=actor, now=now)
    names = [
        "region_code", "party", "party_reference", "on", "booked_on", "debit", "credit", "amount_fen", "source", "subject", "kind",
        "entry", "posted_at", "actor_name",
    ]  # fmt: skip
    if parts:
        with connection.cursor() as cursor:
            binary.copy_in(cursor, Posting._meta.db_table, names, _in_blocks(parts))
    return count


def _check(each: Movements, actor: Actor) -> None:
    for region in set(each.regions.tolist()):
        actor.require_region(region.decode())
    require_account(each.party, each.debit)
    require_account(each.party, each.credit)
    if len(each.amounts) and each.amounts.min() <= 0:
        problem = Text("记账金额应大于零", "an amount above zero is needed")
        raise ZhubaoError("E-LEDGER-AMOUNT", problem, place=f"{each.kind} {each.entry}")


def _in_blocks(parts: Sequence[Rows]) -> Iterator[bytes]:
    """Yield all rows, those of neighbouring subjects together: the index by subject is then written page by page, once a page."""
    most = max(parts, key=lambda part: len(part.subjects)).subjects
    starts = most[BLOCK::BLOCK]
    inner = [_cuts(part.subjects, starts) for part in parts]
    for block in range(len(starts) + 1):
        yield b"".join(
            part.cells[cuts[block] : cuts[block + 1]].tobytes()
            for part, cuts in zip(parts, inner, strict=True)
            if len(part.subjects)
        )


def _cuts(subjects: Texts, starts: Texts) -> list[int]:
    """Return where the blocks that begin at some subjects begin and end in a column; out of order, all of it is in the first."""
    in_order = bool((subjects[:-1] <= subjects[1:]).all())
    inner = np.searchsorted(subjects, starts) if in_order else np.full(len(starts), len(subjects))
    return [0, *inner.tolist(), len(subjects)]


def _rows(each: Movements, *, actor: Actor, now: datetime) -> Iterator[Rows]:
    """Yield the rows of movements; those whose texts are of the same lengths are made at once."""
    region, reference, subject = (np.char.str_len(column) for column in (each.regions, each.references, each.subjects))
    shapes, which = np.unique((region * LONGEST + reference) * LONGEST + subject, return_inverse=True)
    same = (
        [binary.text(each.party.value)],
        [binary.day(np.array([day.toordinal()])) for day in (each.on, localdate(now))],
        [binary.text(word) for word in (each.debit, each.credit)],
        [binary.text(word) for word in (each.kind, each.entry)],
        [binary.moment(now), binary.text(actor.name)],
    )
    for number, shape in enumerate(shapes.tolist()):
        here = np.flatnonzero(which == number)
        region_length, reference_length, subject_length = shape // LONGEST**2, shape // LONGEST % LONGEST, shape % LONGEST
        party, days, accounts, names, last = same
        columns = [
            binary.texts(each.regions[here], region_length),
            *party,
            binary.texts(each.references[here], reference_length),
            *days,
            *accounts,
            binary.big(each.amounts[here]),
            binary.text(each.source),
            binary.texts(each.subjects[here], subject_length),
            *names,
            *last,
        ]
        yield Rows(each.subjects[here], binary.matrix_of(len(here), columns))
