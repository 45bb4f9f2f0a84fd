"""The only writers of the ledger. What was posted is never changed: a mistake is taken back by a row the other way round."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .chart import Party, require_account
from .models import Posting


@dataclass(frozen=True)
class Line:
    """One movement to be posted: `debit` and `credit` are accounts of `party`, `amount_fen` is above 0.

    `source`, `subject`, `kind` and `entry` are its key ("loan", "loan:32068200012", "draw", "tranche-1/bank"); `party_reference` says
    which office or person the party is; `on` is the day it takes effect.
    """

    region_code: str
    on: date
    party: Party
    debit: str
    credit: str
    amount_fen: int
    source: str
    subject: str
    kind: str
    entry: str
    party_reference: str = ""


@transaction.atomic
def post(lines: Iterable[Line], *, actor: Actor, now: datetime) -> list[Posting]:
    """Post lines, all or none, and return their rows in the same order; a line posted before with the same content stays as it is.

    The happening that posts them writes the audit entry. Raise OutOfScope for another region, E-LEDGER-ACCOUNT, E-LEDGER-AMOUNT for
    nothing or less, E-LEDGER-KEY when the key was used for something else.
    """
    wanted = list(lines)
    for line in wanted:
        _check(line, actor)
    rows = [
        Posting(**_content(line), booked_on=localdate(now), posted_at=now, posted_by_id=actor.post_id, actor_name=actor.name)
        for line in wanted
    ]
    _hold_keys(wanted)
    Posting.objects.bulk_create(rows, ignore_conflicts=True)
    return _standing(wanted)


@transaction.atomic
def post_new(lines: Sequence[Line], *, actor: Actor, now: datetime) -> int:
    """Post many lines at once, none of which was posted before, all or none; return how many.

    The happening that posts them writes the audit entry. Raise what `post` raises, and IntegrityError for a key that is taken.
    """
    for line in lines:
        _check(line, actor)
    _hold_keys(lines)
    columns = [field.attname for field in Posting._meta.concrete_fields if not field.primary_key]
    more = {
        "booked_on": localdate(now), "posted_at": now, "posted_by_id": actor.post_id, "actor_name": actor.name, "reverses_id": None,
    }  # fmt: skip
    statement = f"COPY {Posting._meta.db_table} ({', '.join(connection.ops.quote_name(name) for name in columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for line in lines:
            row = {**_content(line), **more}
            copy.write_row([row[name] for name in columns])
    _standing([line for line in lines if not _names_its_day(line)])
    return len(lines)


def prepare_years(on: date) -> list[int]:
    """Make the ledger's partitions of the year of a day and of the next; return those that were missing.

    What was posted for them before is moved there from the default partition. Not within a transaction that has posted.
    """
    with connection.cursor() as cursor:
        made = []
        for year in (on.year, on.year + 1):
            cursor.execute("SELECT ledger_make_year(%s)", [year])
            if cursor.fetchone() == (True,):
                made.append(year)
    return made


@transaction.atomic
def reverse(source: str, subject: str, *, entry: str, on: date, actor: Actor, now: datetime) -> list[Posting]:
    """Take back every posting of a key's `entry` (its parties together) on a day; postings taken back before are left alone.

    Return the rows that take back. Raise E-LEDGER-NONE when there is nothing under this key, OutOfScope for another region.
    """
    standing = list(Posting.objects.of(source, subject).filter(entry=entry).select_for_update())
    if not standing:
        raise ZhubaoError("E-LEDGER-NONE", Text("没有这笔记账", "nothing was posted under this key"), place=f"{subject} {entry}")
    result = []
    for posting in standing:
        actor.require_region(posting.region_code)
        row, _made = Posting.objects.get_or_create(
            reverses=posting,
            defaults={
                "region_code": posting.region_code,
                "party": posting.party,
                "party_reference": posting.party_reference,
                "on": on,
                "booked_on": localdate(now),
                "debit": posting.credit,
                "credit": posting.debit,
                "amount_fen": posting.amount_fen,
                "source": source,
                "subject": subject,
                "kind": posting.kind,
                "entry": f"{entry}/reversed",
                "posted_at": now,
                "posted_by_id": actor.post_id,
                "actor_name": actor.name,
            },
        )
        result.append(row)
    return result


def _check(line: Line, actor: Actor) -> None:
    actor.require_region(line.region_code)
    require_account(line.party, line.debit)
    require_account(line.party, line.credit)
    if line.amount_fen <= 0:
        raise ZhubaoError(
            "E-LEDGER-AMOUNT",
            Text("记账金额应大于零", "an amount above zero is needed"),
            place=f"{line.subject} {line.kind} {line.entry}",
        )


def _names_its_day(line: Line) -> bool:
    """Return whether the entry of a line begins with its day, so that the same key cannot come with another day."""
    return line.entry.startswith(f"{line.on}/")


def _hold_keys(lines: Iterable[Line]) -> None:
    """Let nobody else post about the same things until the transaction ends, where the table would take a key once a day.

    Keys that name their day need no lock.
    """
    keys = sorted({f"{line.source} {line.subject}" for line in lines if not _names_its_day(line)})
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(%s::text[]) WITH ORDINALITY AS each(key, place)"
                " ORDER BY place",
                [keys],
            )


def _content(line: Line) -> dict[str, object]:
    """Return the columns of a line that a repeat must find unchanged."""
    return {
        "region_code": line.region_code,
        "party": line.party.value,
        "party_reference": line.party_reference,
        "on": line.on,
        "debit": line.debit,
        "credit": line.credit,
        "amount_fen": line.amount_fen,
        "source": line.source,
        "subject": line.subject,
        "kind": line.kind,
        "entry": line.entry,
    }


def _standing(wanted: list[Line]) -> list[Posting]:
    """Return the row of each line; raise E-LEDGER-KEY where its key holds something else, or is used for another day as well."""
    found: dict[tuple[str, str, str, str], list[Posting]] = {}
    for source in {line.source for line in wanted}:
        subjects = {line.subject for line in wanted if line.source == source}
        for row in Posting.objects.filter(source=source, subject__in=subjects):
            found.setdefault((row.source, row.subject, row.kind, row.entry), []).append(row)
    result = []
    for line in wanted:
        rows = found[line.source, line.subject, line.kind, line.entry]
        row, content = rows[0], _content(line)
        if len(rows) > 1 or any(getattr(row, name) != value for name, value in content.items()):
            raise ZhubaoError(
                "E-LEDGER-KEY",
                Text("同一凭证号已记过另一笔", "this key was posted with other content"),
                place=str(row),
                remedy=Text("先冲正原凭证，再记新的", "reverse it first, then post the new one"),
            )
        result.append(row)
    return result
