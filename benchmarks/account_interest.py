"""The yearly interest of a million personal accounts with lots in PostgreSQL: trial, and posting with every entry and control posting.

Every account has own payments and subsidies, some have payments on behalf and lots formed by loans, some are paid out every month. The
year before is posted first, so that balances are carried. What the run comes to is compared lot by lot with the one-account version for
a sample, and as a whole with the entries and the control account. A second run must be refused. The same entries are also copied into a
bare table, as the least that a database can do for them.
"""

import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from .load_county import scratch_installation
from .month_end import Peak, _timed, _too_much

if TYPE_CHECKING:
    from zhubao.accounts.models import InterestRun

ACCOUNTS = 1_000_000
MOST_SECONDS, MOST_SECONDS_OF_TRIAL, MOST_SECONDS_OF_CHECK = 30.0, 20.0, 30.0
COUNTY, YEAR, RATE_PPM = "360730", 2026, 26_200
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
COLUMNS = 'batch_id, lot_id, kind, "on", amount_fen, carried_fen, subject, key'
SAMPLE = 2_000

# Accounts by their number: all have the first two lots, every seventh was paid on behalf, every sixteenth by a loan.
FILL = """
INSERT INTO people_person (id, region_code, name, id_number_sealed, id_number_index, id_number_masked, hukou_code, hukou_source,
    residence_code, address, born, sex, died_source, registered_at)
SELECT n, '{county}100', '参保人', '', sha256(int4send(n)), '', '', '', '', '', date '1970-01-01', 'female', '', now()
FROM generate_series(1, {accounts}) AS n;
INSERT INTO accounts_account (id, person_id, scheme, region_code, opened_on)
SELECT n, n, 'resident_pension', '{county}', date '2015-01-01' FROM generate_series(1, {accounts}) AS n;
INSERT INTO accounts_lot (account_id, source, origin)
SELECT n, source, CASE source WHEN 'loan' THEN 'L' || n ELSE '' END
FROM generate_series(1, {accounts}) AS n, (VALUES ('own', 1), ('subsidy', 1), ('on_behalf', 7), ('loan', 16)) AS kinds(source, every)
WHERE n % every = 0;
INSERT INTO accounts_batch (region_code, booked_on, posted_at, actor_name) VALUES ('{county}', '2026-12-31', now(), 'benchmark');
INSERT INTO accounts_entry (batch_id, lot_id, kind, "on", amount_fen, subject, key)
SELECT currval('accounts_batch_id_seq'), id, 'opening', date '2024-12-31', 100000 + account_id % 900000, 'opening:' || id, ''
FROM accounts_lot;
INSERT INTO accounts_entry (batch_id, lot_id, kind, "on", amount_fen, subject, key)
SELECT currval('accounts_batch_id_seq'), id, CASE source WHEN 'subsidy' THEN 'subsidy' ELSE 'contribution' END,
    make_date(year, 1 + (id % 12)::integer, 1 + (id % 28)::integer), 1000 + id % 90000, 'paid:' || id, year::text
FROM accounts_lot, generate_series({before}, {year}) AS year;
INSERT INTO accounts_entry (batch_id, lot_id, kind, "on", amount_fen, subject, key)
SELECT currval('accounts_batch_id_seq'), id, 'payout', make_date({year}, month, 15), -100 - id % 900, 'pension:' || id, month::text
FROM accounts_lot, generate_series(1, 12) AS month WHERE account_id % 33 = 0;
INSERT INTO ledger_posting (region_code, party, party_reference, "on", booked_on, debit, credit, amount_fen, source, subject, kind,
    entry, posted_at, actor_name)
SELECT '{county}', 'fund', '', date '2026-12-31', date '2026-12-31',
    CASE WHEN sum(amount_fen) > 0 THEN 'contributions' ELSE 'personal_account_liability' END,
    CASE WHEN sum(amount_fen) > 0 THEN 'personal_account_liability' ELSE 'contributions' END, abs(sum(amount_fen)), 'accounts',
    'account_batch:1', 'opening.' || lot.source, '2026-12-31/1', now(), 'benchmark'
FROM accounts_entry AS entry JOIN accounts_lot AS lot ON lot.id = entry.lot_id GROUP BY lot.source;
"""


def main(accounts: int = ACCOUNTS) -> int:
    """Fill, post the year before, try and post the year, compare; 1 when something took longer than it may or came out wrong."""
    with scratch_installation():
        began = time.perf_counter()
        _fill(accounts)
        print(f"{accounts:,} accounts filled, {YEAR - 1} posted, in {time.perf_counter() - began:.0f} s", flush=True)
        wrong: list[str] = []
        share = accounts / ACCOUNTS
        with Peak() as peak:
            tried, _used, run_id = _timed(_try)
            posted, used, run = _timed(lambda: _post(run_id))
        print(f"trial: {tried:.1f} s; the floor is {MOST_SECONDS_OF_TRIAL * share:.1f} s")
        print(
            f"posting: {run.accounts:,} accounts, {run.lots:,} entries, {run.interest_fen:,} fen: {posted:.1f} s, {used:.1f} s of "
            f"processor ({accounts / posted:,.0f} accounts a second); the floor is {MOST_SECONDS * share:.1f} s"
        )
        print(f"peak memory of all processes, database included: {peak.most / 1e9:.2f} GB", flush=True)
        wrong += _too_much("trial", tried, MOST_SECONDS_OF_TRIAL * share)
        wrong += _too_much("posting", posted, MOST_SECONDS * share)
        wrong += _unlike_one_account(run)
        wrong += _posted_twice()
        wrong += _control(share)
        bare = _bare_copy(run)
        print(f"bare COPY of the same entries: {bare:.1f} s; the posting takes {posted / bare:.1f} times as long", flush=True)
        for fault in wrong:
            print(f"WRONG: {fault}")
        return int(bool(wrong))


def _fill(accounts: int) -> None:
    from django.db import connection, transaction

    from zhubao.access.actors import Actor
    from zhubao.accounts.interest.actions import enter_rate

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FILL.format(accounts=accounts, county=COUNTY, year=YEAR, before=YEAR - 1))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    for year in (YEAR - 1, YEAR):
        enter_rate(COUNTY, year, RATE_PPM, "试验文件", actor=Actor.system("benchmark"), now=NOW)
    began = time.perf_counter()
    _post(_try(YEAR - 1))
    print(f"  the first year, trial and posting: {time.perf_counter() - began:.1f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def _try(year: int = YEAR) -> int:
    from zhubao.access.actors import Actor
    from zhubao.accounts.interest.actions import open_trial, reckon_trial

    return reckon_trial(open_trial(COUNTY, year, actor=Actor.system("benchmark"), now=NOW).pk, now=NOW).pk


def _post(run_id: int) -> "InterestRun":
    from zhubao.access.actors import Actor
    from zhubao.accounts.interest.actions import approve, post_interest

    approve(run_id, actor=Actor.system("benchmark"), now=NOW)
    return post_interest(run_id, now=NOW)


def _unlike_one_account(run: "InterestRun") -> list[str]:
    """Return the lots of a sample whose interest is not what the one-account version says of their entries."""
    from zhubao.accounts.models import Entry, Kind
    from zhubao.pension.account_interest import Movement, year_of_lot

    last = date(YEAR, 12, 31)
    found: dict[int, list[Entry]] = {}
    step = max(run.accounts // SAMPLE, 1)
    for entry in Entry.objects.filter(lot__account_id__in=range(step, run.accounts + 1, step), on__lte=last).order_by("pk"):
        found.setdefault(entry.lot_id, []).append(entry)
    wrong = []
    for lot_id, entries in found.items():
        mine = [entry for entry in entries if entry.batch_id == run.batch_id]
        others = [entry for entry in entries if entry.batch_id != run.batch_id]
        opening = sum(entry.amount_fen for entry in others if entry.on.year < YEAR)
        moved = [
            Movement(entry.on.month, entry.amount_fen, entry.kind == Kind.PAYOUT) for entry in others if entry.on.year == YEAR
        ]
        wanted = year_of_lot(opening, moved, run.rate_ppm, run.method)
        if [(entry.amount_fen, entry.carried_fen) for entry in mine] != [(wanted.interest, wanted.carried)]:
            wrong.append(f"lot {lot_id}: {mine}, one by one {wanted}")
    print(f"{len(found):,} lots reckoned one by one: {len(wrong)} differ", flush=True)
    return wrong[:3]


def _posted_twice() -> list[str]:
    from zhubao.errors import ZhubaoError

    try:
        _try()
    except ZhubaoError as error:
        return [] if error.code == "E-INTEREST-TWICE" else [str(error)]
    return ["a second run of the year was not refused"]


def _control(share: float) -> list[str]:
    from zhubao.accounts.control import differences

    seconds, _used, (checked, faults) = _timed(lambda: differences(COUNTY))
    floor = MOST_SECONDS_OF_CHECK * share
    print(f"control account beside all entries, {checked} sources: {seconds:.1f} s; the floor is {floor:.1f} s", flush=True)
    return [*faults, *_too_much("control", seconds, floor)]


def _bare_copy(run: "InterestRun") -> float:
    """Copy what the run entered into a table without keys, indexes or triggers, and return the seconds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (LIKE accounts_entry)")
        cursor.execute("ALTER TABLE bare ALTER COLUMN id DROP NOT NULL")
        query = f"SELECT {COLUMNS} FROM accounts_entry WHERE batch_id = %s"
        with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)", [run.batch_id]) as copy:
            parts = [bytes(part) for part in copy]
        began = time.perf_counter()
        with cursor.copy(f"COPY bare ({COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy:
            for part in parts:
                copy.write(part)
        return time.perf_counter() - began
