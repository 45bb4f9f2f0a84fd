"""The yearly verification of a province: a million borrowers against five million rows of rosters, in PostgreSQL.

The rows are made by plain SQL in a scratch installation: eighty of a hundred borrowers stand on this year's list, ten on last year's
alone, ten on none since the agreement; the other rows are people without a loan. Timed is the work of a run: matching, writing a
finding for every loan, summing up. A second run on the same rosters must change nothing.
"""

import sys
import time
from datetime import UTC, date, datetime
from typing import Any

from .load_county import scratch_installation

BORROWERS, ROWS = 1_000_000, 5_000_000
MOST_SECONDS = 30.0
NOW = datetime(2022, 11, 10, 1, 0, tzinfo=UTC)
COUNTY = "360702"
OLD, NEW = date(2021, 10, 20), date(2022, 10, 20)

# No constraint is switched off for the run itself; only filling passes over triggers and the index that keeps two identities apart.
_PERSONS = """
INSERT INTO people_person (id, region_code, name, id_number_sealed, id_number_index, id_number_masked, born, sex, hukou_code,
    hukou_source, residence_code, address, died_source, registered_at)
SELECT n, %(county)s, '甲', '\\x00', int8send(n), '', DATE '1970-01-01', 'male', '', '', '', '', '', now()
FROM generate_series(1, %(rows)s) AS n"""
_LOANS = """
INSERT INTO loans_loan (id, region_code, number, case_number, policy_id, person_id, bank_id, agency_id, back_payment, state, state_since,
    signed_on, years, grace_months, rate_ppm, day_count, settlement, method, pension_month, subsidised_from, opened_at)
SELECT n, %(county)s, 'L' || n, 'C' || n, 'jiangxi-2020-7', n, %(bank)s, %(agency)s, FALSE, 'contributed', now(),
    DATE '2021-03-01', 5, 60, 38500, 'act360', 'yearly-12-20', 'pension_monthly', DATE '2026-07-01', DATE '2021-03-01', now()
FROM generate_series(1, %(borrowers)s) AS n"""
_DRAWS = """
INSERT INTO loans_tranche (loan_id, year, sequence, month_from, months, cap_fen, amount_fen, state, requested_in, drawn_on, payee,
    event_entry)
SELECT n, 2021, 1, 1, 12, 840000, 840000, 'paid_in', '', DATE '2021-03-10', 'card_account', 3
FROM generate_series(1, %(borrowers)s) AS n"""
_EVENTS = """
INSERT INTO loans_loanevent (loan_id, entry, day, kind, amount, more, key, source, entered_at)
SELECT n, entry, day, kind, amount, '{}', key, '', now()
FROM generate_series(1, %(borrowers)s) AS n, (VALUES (1, DATE '2021-03-01', 10, 38500, 'rate'),
    (2, DATE '2021-03-01', 12, 0, 'subsidised'), (3, DATE '2021-03-10', 30, 840000, 'draw')) AS told(entry, day, kind, amount, key)"""
_IDENTITIES = """
INSERT INTO people_identity (id, region_code, person_id, category, certifier, certificate, ends_on, source, roster_file, sheet, "row",
    recorded_at, withdrawn_because)
SELECT n, %(county)s, n, 'urban_dibao', 'civil_affairs', '',
    CASE WHEN n %% 10 = 8 THEN DATE '2022-10-19' WHEN n %% 10 = 9 THEN DATE '2021-10-19' END, '低保名册', 'file:1', '1', n, %(then)s, ''
FROM generate_series(1, %(rows)s) AS n"""


def fill(borrowers: int, rows: int) -> None:
    """Fill a scratch database with borrowers, their loans, and the rows of the rosters."""
    from django.db import connection, transaction

    from zhubao.access.models import Organisation, Region
    from zhubao.people.models import CategoryList

    for code in ("36", "3607", COUNTY):
        Region.objects.get_or_create(code=code, defaults={"name": code, "parent_id": code[:-2] if len(code) > 2 else None})
    agency = Organisation.objects.create(kind="agency", name="经办机构", region_id=COUNTY)
    bank = Organisation.objects.create(kind="bank", name="合作银行", region_id=COUNTY)
    given: dict[str, Any] = {"county": COUNTY, "borrowers": borrowers, "rows": rows, "bank": bank.pk, "agency": agency.pk}
    given["then"] = datetime(2021, 10, 21, tzinfo=UTC)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("ALTER TABLE people_identity DROP CONSTRAINT identity_once_a_day")
        for statement in (_PERSONS, _LOANS, _DRAWS, _EVENTS, _IDENTITIES):
            cursor.execute(statement, given)
    for day in (OLD, NEW):
        CategoryList.objects.create(
            region_code=COUNTY,
            category="urban_dibao",
            certifier="civil_affairs",
            listed_on=day,
            source="低保名册",
            roster_file=f"file:{day}",
            recorded_at=NOW,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main(borrowers: int = BORROWERS, rows: int = ROWS) -> int:
    """Fill, verify, verify again; 1 when it took longer than it may or came out wrong."""
    with scratch_installation():
        began = time.perf_counter()
        fill(borrowers, rows)
        print(f"{borrowers:,} borrowers, {rows:,} rows of rosters, filled in {time.perf_counter() - began:.0f} s", flush=True)
        from zhubao.access.actors import Actor
        from zhubao.loans.verification.running import counts_of, open_run, work_on

        actor = Actor.system("benchmark")
        began = time.perf_counter()
        run = work_on(open_run(COUNTY, "jiangxi-2020-7", 2022, actor=actor, now=NOW).pk, actor=actor, now=NOW)
        seconds = time.perf_counter() - began
        counts = counts_of(run)
        print(f"verified in {seconds:.1f} s ({borrowers / seconds:,.0f} borrowers a second); the floor is {MOST_SECONDS:.0f} s")
        print("  ".join(f"{finding} {count:,}" for finding, count in sorted(counts.items())))
        began = time.perf_counter()
        again = work_on(open_run(COUNTY, "jiangxi-2020-7", 2022, actor=actor, now=NOW).pk, actor=actor, now=NOW)
        print(f"again on the same rosters: run {again.pk} as it was, {time.perf_counter() - began:.1f} s")
        right = counts == {"keep": borrowers * 8 // 10, "lose": borrowers - borrowers * 8 // 10} and again.pk == run.pk
        return 0 if right and seconds <= MOST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
