"""The control account: what the pension fund owes on all personal accounts of a county, posted once a batch, kind and source."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from zhubao.access.actors import Actor
from zhubao.ledger.actions import Line, post
from zhubao.ledger.chart import Party
from zhubao.people.models import Scheme

from .models import Batch, Kind

SOURCE = "accounts"
CONTROL = "personal_account_liability"


class Moved(NamedTuple):
    """What entries of a batch have in common that go into one control posting."""

    on: date
    scheme: str
    kind: str
    source: str


def contra_account(scheme: str, kind: str) -> str:
    """Return the fund's account that stands against the control account for a kind of entry."""
    if kind in {Kind.CONTRIBUTION, Kind.RECLASSIFIED}:
        return "contribution_income" if scheme == Scheme.EMPLOYEE else "contributions"
    return {
        Kind.OPENING: "fund_cash",
        Kind.SUBSIDY: "subsidy_income",
        Kind.INTEREST: "interest_cost",
        Kind.PAYOUT: "fund_cash",
        Kind.TRANSFER_IN: "transfer_clearing",
        Kind.TRANSFER_OUT: "transfer_clearing",
    }[Kind(kind)]


def post_control(batch: Batch, sums: Mapping[Moved, int], *, actor: Actor, now: datetime) -> None:
    """Post what the entries of a batch come to, fen signed as they are; what comes to nothing is not posted."""
    lines, numbers = [], Counter[tuple[date, str]]()
    for moved, fen in sorted(sums.items()):
        if not fen:
            continue
        kind = f"{moved.kind}.{moved.source}"
        numbers[moved.on, kind] += 1
        contra = contra_account(moved.scheme, moved.kind)
        lines.append(
            Line(
                region_code=batch.region_code,
                on=moved.on,
                party=Party.FUND,
                debit=contra if fen > 0 else CONTROL,
                credit=CONTROL if fen > 0 else contra,
                amount_fen=abs(fen),
                source=SOURCE,
                subject=batch.subject,
                kind=kind,
                entry=f"{moved.on}/{numbers[moved.on, kind]}",
            )
        )
    post(lines, actor=actor, now=now)


def differences(region_code: str = "") -> tuple[int, list[str]]:
    """Compare the control account with the entries, by county and source; return how many were compared and what differs, in words.

    What others post to the control account stands under the source "" and differs from no entries at all.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT account.region_code, lot.source, sum(entry.amount_fen)
            FROM accounts_entry entry JOIN accounts_lot lot ON lot.id = entry.lot_id
            JOIN accounts_account account ON account.id = lot.account_id
            WHERE account.region_code LIKE %s GROUP BY 1, 2
            """,
            [f"{region_code[:6]}%"],
        )
        entries = _by_key(cursor.fetchall())
        cursor.execute(
            """
            SELECT left(region_code, 6), CASE source WHEN %s THEN split_part(kind, '.', 2) ELSE '' END,
                sum(CASE credit WHEN %s THEN amount_fen ELSE -amount_fen END)
            FROM ledger_posting WHERE party = %s AND %s IN (debit, credit) AND region_code LIKE %s GROUP BY 1, 2
            """,
            [SOURCE, CONTROL, Party.FUND.value, CONTROL, f"{region_code[:6]}%"],
        )
        control = _by_key(cursor.fetchall())
    keys = sorted(entries.keys() | control.keys())
    return len(keys), [
        f"{region} {source or '?'}: {control.get((region, source), 0)} ≠ {entries.get((region, source), 0)}"
        for region, source in keys
        if control.get((region, source), 0) != entries.get((region, source), 0)
    ]


def _by_key(rows: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str], int]:
    return {(region, source): int(fen) for region, source, fen in rows}
