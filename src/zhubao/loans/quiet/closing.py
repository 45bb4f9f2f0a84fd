"""Closing a range of quiet loans in one transaction: locked, read, advanced, and their postings, closings and orders written by COPY."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
from django.db import connection, transaction

from zhubao.access.actors import Actor
from zhubao.ledger import binary
from zhubao.ledger.binary import Numbers
from zhubao.ledger.chart import Party
from zhubao.ledger.columns import Movements, post_columns
from zhubao.ledger.models import Posting
from zhubao.parameters import ParameterBook

from ..books import DERIVED, SOURCE, Movement
from ..models import DeductionOrder, Loan, LoanClosing, LoanEvent, LoanStanding, MonthEndRun
from ..repaying import deduction_key, floor_at
from . import standings
from .advancing import BORROWER, DAYS, GOVERNMENT, KINDS, Advanced, Posted, Told, advance, sums
from .keeping import RULES, rates_mark
from .standings import Named, Standings

LOAN, STANDING = Loan._meta.db_table, LoanStanding._meta.db_table
# What the database may use to keep the rows of a range at hand without writing them to disk.
MEMORY = "64MB"
# No kind means more movements than this.
MOST = 4
# OFFSET 0 keeps the planner from another order than this: the loans one by one, and what each has by the index.
TOLD = f"""
SELECT each.id, told.entry, told.day, told.kind::bigint, told.amount, coalesce(told.more[2], 0), greatest(cardinality(told.more) - 1, 0),
    told.key = each.answer
FROM unnest(%s::bigint[], %s::integer[], %s::text[]) AS each(id, events, answer) CROSS JOIN LATERAL (
    SELECT entry, day, kind, amount, more, key FROM {LoanEvent._meta.db_table} WHERE loan_id = each.id AND entry > each.events OFFSET 0
) told
"""
TOLD_TYPES = [
    ("loan", "big"), ("entry", "whole"), ("day", "day"), ("kind", "big"), ("amount", "big"), ("paid_for", "big"), ("months", "whole"),
    ("answers", "flag"),
]  # fmt: skip
# What was posted of each loan after a day; `names` are the kinds and debit accounts by their number, the same for every programme.
POSTED = f"""
WITH posted AS MATERIALIZED (
    SELECT each.at, p.* FROM unnest(%s::text[], %s::bigint[], %s::date[]) AS each(subject, at, as_of) CROSS JOIN LATERAL (
        SELECT "on", kind, debit, amount_fen FROM {Posting._meta.db_table}
        WHERE source = '{SOURCE}' AND subject = each.subject AND "on" > each.as_of AND "on" > %s OFFSET 0
    ) p
)
SELECT p.at, p."on", names.number, p.amount_fen
FROM posted p JOIN unnest(%s::text[], %s::text[]) WITH ORDINALITY AS names(kind, debit, number)
    ON names.kind = p.kind AND names.debit = p.debit
"""
POSTED_TYPES = [("at", "big"), ("on", "day"), ("name", "big"), ("fen", "big")]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to be posted: `at` is the place of the loan, `code` kind × `MOST` + movement, `fen` below zero the other way round."""

    at: Numbers
    on: Numbers
    code: Numbers
    fen: Numbers
    number: Numbers


def ranges_of(run: MonthEndRun, size: int) -> list[tuple[int, int, int]]:
    """Return the quiet loans of a run that are not closed yet as ranges of keys, ends included, with how many are in each."""
    where, parameters = standings.of_region(run.region_code)
    query = f"SELECT s.loan_id FROM {STANDING} s WHERE {where} AND s.as_of < %s"
    with connection.cursor() as cursor:
        found = binary.copy_out(cursor, query, [("loan", "big")], [*parameters, run.as_of])
    loans = np.sort(binary.ints(found["loan"]))
    parts = (loans[at : at + size] for at in range(0, len(loans), size))
    return [(int(part[0]), int(part[-1]), len(part)) for part in parts]


@transaction.atomic
def close_quiet(run: MonthEndRun, first: int, last: int, book: ParameterBook, *, wait: bool, actor: Actor, now: datetime) -> int:
    """Close the quiet loans between two keys as of the day of a run, and return how many.

    Loans that need a replay lose their standing and are left to `close_loans`; so are those closed meanwhile. `wait`: as there.
    """
    with connection.cursor() as cursor:
        # Each process has its processor: parallel plans would take the others', and mix the rows of `binary.copy_out`.
        cursor.execute(f"SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL work_mem = '{MEMORY}'")
        where, parameters = standings.of_region(run.region_code)
        # Both tables are told the range: from one alone the planner does not conclude that of the other, and reads all of it.
        query = (
            f"SELECT l.id FROM {LOAN} l JOIN {STANDING} s ON s.loan_id = l.id"
            f" WHERE l.id BETWEEN %s AND %s AND s.loan_id BETWEEN %s AND %s AND {where} AND s.as_of < %s ORDER BY l.id FOR UPDATE OF l"
            + ("" if wait else " SKIP LOCKED")
        )
        found = binary.copy_out(cursor, query, [("loan", "big")], [first, last, first, last, *parameters, run.as_of])
    # Read after the locks: what somebody committed meanwhile is seen.
    before, named = standings.take(binary.ints(found["loan"]), run.as_of)
    if not len(before.loan):
        return 0
    done = advance(before, _told(before), run.as_of, floors=_floors(before, run.as_of, book), mark=rates_mark(book))
    left, lines, ahead = _missing(done, before, named, run.as_of)
    closed = np.flatnonzero(~left)
    if len(closed):
        post_columns(_movements(lines, named), actor=actor, now=now)
        keys = _write_closings(run, done, lines, closed, before.loan)
        _write_orders(run, done, left, keys, before)
        after, kept = replace(done.after, touched=done.after.touched | ahead), done.kept & ~left
        standings.write(after.only(kept), named.only(kept))
    return len(closed)


def _told(before: Standings) -> Told:
    """Return the events entered of touched loans since they were closed."""
    touched = np.flatnonzero(before.touched)
    months, month = np.unique(before.open_month[touched], return_inverse=True)
    answers = np.array([deduction_key(date.fromordinal(day)) for day in months.tolist()], "S40")[month]
    given = [binary.keys(before.loan[touched]), binary.keys(before.events[touched]), binary.words(answers)]
    with connection.cursor() as cursor:
        found = binary.copy_out(cursor, TOLD, TOLD_TYPES, given)
    loan = binary.ints(found["loan"])
    order = np.lexsort((binary.ints(found["entry"]), loan))
    numbers = {name: binary.ints(found[name])[order] for name in ("kind", "amount", "paid_for", "months")}
    at, day = np.searchsorted(before.loan, loan[order]), binary.ordinals(found["day"])[order]
    return Told(at=at, day=day, answers=binary.flags(found["answers"])[order], **numbers)


def _floors(before: Standings, as_of: date, book: ParameterBook) -> Numbers:
    """Return the floor in force in the month of a day, of each loan, −1 where none is known."""
    areas, which = np.unique(before.floor_area, return_inverse=True)
    found = [floor_at(str(area), as_of, book) if area else None for area in areas.tolist()]
    return np.array([-1 if floor is None else floor.number() for floor in found], np.int64)[which.reshape(-1)]


def _missing(done: Advanced, before: Standings, named: Named, as_of: date) -> tuple[binary.Flags, Lines, binary.Flags]:
    """Return who is left to a replay after all, the lines that the books of the others lack, and of whom later days are posted."""
    left = done.left.copy()
    wanted = _expanded(done.posted, named, left)
    posted, made = _in_the_books(before, named)
    ahead = np.zeros(len(left), np.bool_)
    ahead[posted.at[posted.on > as_of.toordinal()]] = True
    # Each key stands once among what is wanted and once among what is posted: what both have is next to its like.
    keys, fen, count = (
        np.concatenate(pair)
        for pair in ((_key(wanted), _key(posted)), (wanted.fen, -posted.fen), (np.zeros_like(wanted.fen), made))
    )
    order = np.argsort(keys, kind="stable")
    keys, fen, count = keys[order], fen[order], count[order]
    both = np.flatnonzero(keys[1:] == keys[:-1])
    fen[both] += fen[both + 1]
    count[both] += count[both + 1]
    fen[both + 1] = 0
    at, rest = np.divmod(keys, DAYS * MOST * len(KINDS))
    on, code = np.divmod(rest, MOST * len(KINDS))
    here = (fen != 0) & ~left[at] & (on <= as_of.toordinal())
    return left, Lines(at[here], on[here], code[here], fen[here], count[here] + 1), ahead


def _expanded(posted: Posted, named: Named, left: binary.Flags) -> Lines:
    """Return a line for every movement that a kind means in the programme of its loan; loans of which it means none are left."""
    parts: list[tuple[Numbers, Numbers, Numbers, Numbers]] = []
    policies, policy = named.by_policy()
    shape = policy[posted.at] * len(KINDS) + posted.kind
    for place, policy_id in enumerate(policies):
        for kind, name in enumerate(KINDS):
            here = np.flatnonzero(shape == place * len(KINDS) + kind)
            meant = DERIVED[policy_id].get(name, ())
            if len(here) and not meant:
                left[posted.at[here]] = True
            for number in range(len(meant)):
                parts.append((posted.at[here], posted.on[here], np.full(len(here), kind * MOST + number), posted.fen[here]))
    at, on, code, fen = (np.concatenate(column) if parts else np.zeros(0, np.int64) for column in zip(*parts, strict=True))
    return Lines(at, on, code, fen, np.ones(len(at), np.int64))


def _in_the_books(before: Standings, named: Named) -> tuple[Lines, Numbers]:
    """Return what was posted of touched loans for days after their last closing, and how many postings made it up."""
    policies, policy = named.by_policy()
    # Kind and debit account of a posting, and by programme the code of what that is with its sign; 0 for nothing of ours.
    meant: dict[tuple[str, str], Numbers] = {}
    for place, policy_id in enumerate(policies):
        for number, kind in enumerate(KINDS):
            for part, movement in enumerate(DERIVED[policy_id].get(kind, ())):
                for account, sign in ((movement.debit, 1), (movement.credit, -1)):
                    codes = meant.setdefault((f"{kind}.{movement.name}", account), np.zeros(len(policies), np.int64))
                    codes[place] = sign * (number * MOST + part + 1)
    touched = np.flatnonzero(before.touched)
    subjects = binary.words(np.char.add(b"loan:", named.numbers[touched]))
    days, day = np.unique(before.as_of[touched], return_inverse=True)
    closed = binary.words(np.array([str(date.fromordinal(each)) for each in days.tolist()], "S10")[day])
    since = date.fromordinal(int(before.as_of.min()))
    with connection.cursor() as cursor:
        names = [list(column) for column in zip(*meant, strict=True)]
        found = binary.copy_out(cursor, POSTED, POSTED_TYPES, [subjects, binary.keys(touched), closed, since, *names])
    at, on = binary.ints(found["at"]), binary.ordinals(found["on"])
    code = np.stack(list(meant.values()))[binary.ints(found["name"]) - 1, policy[at]]
    ours = code != 0
    at, on, code, fen = at[ours], on[ours], code[ours], binary.ints(found["fen"])[ours] * np.sign(code[ours])
    lines = Lines(at, on, np.abs(code) - 1, fen, np.ones(len(at), np.int64))
    _keys, first, groups, made = np.unique(_key(lines), return_index=True, return_inverse=True, return_counts=True)
    return Lines(at[first], on[first], lines.code[first], sums(groups, fen, len(first)), made), made


def _key(lines: Lines) -> Numbers:
    return (lines.at * DAYS + lines.on) * (MOST * len(KINDS)) + lines.code


def _movements(lines: Lines, named: Named) -> Iterator[Movements]:
    """Yield the lines as movements of one kind, day, party and direction each."""
    policies, policy = named.by_policy()
    subjects = np.char.add(b"loan:", named.numbers)
    references = {
        Party.BANK: np.char.add(b"organisation:", named.banks.astype("S20")),
        Party.BORROWER: np.char.add(b"person:", named.people.astype("S20")),
    }
    nobody = np.zeros(len(named.numbers), "S1")
    most = int(lines.number.max(initial=0)) + 1
    shapes = (((policy[lines.at] * MOST * len(KINDS) + lines.code) * DAYS + lines.on) * most + lines.number) * 2
    groups, which = np.unique(shapes + (lines.fen > 0), return_inverse=True)
    order = np.argsort(which, kind="stable")
    ends = np.searchsorted(which[order], np.arange(len(groups) + 1))
    for group, shape in enumerate(groups.tolist()):
        rest, forward = divmod(shape, 2)
        rest, number = divmod(rest, most)
        rest, on = divmod(rest, DAYS)
        policy_at, code = divmod(rest, MOST * len(KINDS))
        here = order[ends[group] : ends[group + 1]]
        kind, movement = _meant(policies[policy_at], code)
        debit, credit = (movement.debit, movement.credit) if forward else (movement.credit, movement.debit)
        day, at = date.fromordinal(on), lines.at[here]
        yield Movements(
            on=day,
            party=movement.party,
            debit=debit,
            credit=credit,
            source=SOURCE,
            kind=f"{kind}.{movement.name}",
            entry=f"{day}/{number}",
            regions=named.regions[at],
            subjects=subjects[at],
            references=references.get(movement.party, nobody)[at],
            amounts=np.abs(lines.fen[here]),
        )


def _meant(policy_id: str, code: int) -> tuple[str, Movement]:
    kind = KINDS[code // MOST]
    return kind, DERIVED[policy_id][kind][code % MOST]


def _write_closings(run: MonthEndRun, done: Advanced, lines: Lines, closed: Numbers, loans: Numbers) -> Numbers:
    """Add the closings of the loans at some places; return the key of each loan's closing, 0 where it has none."""
    count = len(loans)
    government, borrower = lines.code == GOVERNMENT * MOST, lines.code == BORROWER * MOST
    of_government = sums(lines.at[government], lines.fen[government], count)
    interest = of_government + sums(lines.at[borrower], lines.fen[borrower], count)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [LoanClosing._meta.db_table])
        query = "SELECT nextval(%s::regclass) FROM generate_series(1, %s)"
        found = binary.copy_out(cursor, query, [("key", "big")], [cursor.fetchone()[0], len(closed)])
        keys = np.zeros(count, np.int64)
        keys[closed] = binary.ints(found["key"])
        cells = {
            "id": binary.big(keys[closed]),
            "run_id": binary.big(np.array([run.pk])),
            "loan_id": binary.big(loans[closed]),
            "as_of": binary.day(np.array([run.as_of.toordinal()])),
            "booked": binary.flag(np.array([True])),
            "postings": binary.whole(np.bincount(lines.at, minlength=count)[closed]),
            "interest_fen": binary.big(interest[closed]),
            "government_fen": binary.big(of_government[closed]),
            "owed_fen": binary.big(done.owed[closed]),
            **{name: binary.text("") for name in ("held_code", "held_zh", "held_en")},
        }
        binary.copy_in(cursor, LoanClosing._meta.db_table, list(cells), [binary.rows(len(closed), list(cells.values()))])
    return keys


def _write_orders(run: MonthEndRun, done: Advanced, left: binary.Flags, closings: Numbers, before: Standings) -> None:
    """Add the orders of the month, with the numbers that bound them, grouped by rule and by whether an instalment is agreed."""
    orders = done.orders
    month = run.as_of.replace(day=1).toordinal()
    rule, agreed = before.rule[orders.at], before.agreed_fen[orders.at]
    parts: list[bytes] = []
    names: list[str] = []
    for kind, bounded in sorted(set(zip(rule.tolist(), (agreed >= 0).tolist(), strict=True))):
        here = np.flatnonzero((rule == kind) & ((agreed >= 0) == bounded) & ~left[orders.at])
        at = orders.at[here]
        cells = {
            "loan_id": binary.big(before.loan[at]),
            "closing_id": binary.big(closings[at]),
            "month": binary.day(np.array([month])),
            "ordered_on": binary.day(np.array([run.as_of.toordinal()])),
            "rule": binary.text(RULES[kind]),
            "pension_fen": binary.big(before.pension_fen[at]),
            "protected_fen": binary.big(before.protected_fen[at]),
            "agreed_fen": binary.big(agreed[here]) if bounded else binary.nothing(),
            "debt_fen": binary.big(orders.debt[here]),
            "amount_fen": binary.big(orders.amount[here]),
        }
        names = list(cells)
        parts.append(binary.rows(len(here), list(cells.values())))
    if parts:
        with connection.cursor() as cursor:
            binary.copy_in(cursor, DeductionOrder._meta.db_table, names, parts)
