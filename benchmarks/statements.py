"""A loan's statement in a ledger of twenty million postings: the page as the agency opens it, figures, replay and comparison included.

The loans and their lives are made by plain SQL in a scratch installation; the postings of six years go in by the product's own COPY,
month by month as month-ends leave them. The page is asked for through the whole stack of the application, for loans and years at
random, so that hardly anything is warm.
"""

import random
import statistics
import sys
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from .load_county import scratch_installation

POSTINGS = 20_000_000
YEARS = range(2020, 2026)
MOST_SECONDS = 0.100
PAGES, WARMING = 400, 20
COUNTY = "320682"
NOW = datetime(2026, 1, 10, 1, 0, tzinfo=UTC)

_PERSONS = """
INSERT INTO people_person (id, region_code, name, id_number_sealed, id_number_index, id_number_masked, born, sex, hukou_code,
    hukou_source, residence_code, address, died_source, registered_at)
SELECT n, %(county)s, '甲', '\\x00', int8send(n), '', DATE '1970-01-01', 'male', '', '', '', '', '', now()
FROM generate_series(1, %(loans)s) AS n"""
_LOANS = """
INSERT INTO loans_loan (id, region_code, number, case_number, policy_id, person_id, bank_id, agency_id, back_payment, state, state_since,
    signed_on, years, grace_months, rate_ppm, day_count, settlement, method, pension_month, subsidised_from, opened_at)
SELECT n, %(county)s, 'L' || n, 'C' || n, 'jiangxi-2020-7', n, %(bank)s, %(agency)s, FALSE, 'contributed', now(),
    DATE '2020-03-01', 5, 60, 38500, 'act360', 'yearly-12-20', 'pension_monthly', DATE '2026-07-01', DATE '2020-03-01', now()
FROM generate_series(1, %(loans)s) AS n"""
_DRAWS = """
INSERT INTO loans_tranche (loan_id, year, sequence, month_from, months, cap_fen, amount_fen, state, requested_in, drawn_on, payee,
    event_entry)
SELECT n, year, 1, 1, 12, 840000, 840000, 'paid_in', '', make_date(year, 3, 10), 'card_account', 3 + year - 2020
FROM generate_series(1, %(loans)s) AS n, generate_series(2020, 2024) AS year"""
_EVENTS = """
INSERT INTO loans_loanevent (loan_id, entry, day, kind, amount, more, key, source, entered_at)
SELECT n, entry, day, kind, amount, '{}', key, '', now()
FROM generate_series(1, %(loans)s) AS n, (
    SELECT 1 AS entry, DATE '2020-03-01' AS day, 10 AS kind, 38500 AS amount, 'rate' AS key
    UNION ALL SELECT 2, DATE '2020-03-01', 12, 0, 'subsidised'
    UNION ALL SELECT 3 + year - 2020, make_date(year, 3, 10), 30, 840000, 'draw:' || year FROM generate_series(2020, 2024) AS year
) AS told"""
_STATEMENTS = """
INSERT INTO loans_statement (loan_id, number, starts_on, ends_on, sequence, made_at, actor_name, last_posting, opening_principal_fen,
    opening_interest_fen, draws_fen, interest_borrower_fen, interest_finance_fen, subsidy_paid_fen, capitalised_fen,
    repaid_interest_fen, repaid_principal_fen, taken_over_fen, other_fen, returned_fen, closing_principal_fen, closing_interest_fen,
    subsidy_owed_fen, sha256)
SELECT n, 'DZ-' || n || '-' || year, make_date(year, 1, 1), make_date(year, 12, 31), 1, now(), 'run', 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ''
FROM generate_series(1, %(loans)s) AS n, generate_series(2020, 2024) AS year"""


def monthly(day: date) -> list[tuple[str, str, str, str]]:
    """Return party, debit, credit and kind of what a month-end leaves of a loan, and a draw or a claim in its month."""
    interest = [
        ("bank", "interest_receivable_government", "interest_income", "accrue_government.bank"),
        ("finance", "interest_subsidy_commitment", "interest_subsidy_commitment_contra", "accrue_government.finance"),
    ]
    if day.month == 3 and day.year < 2025:
        return [
            ("bank", "loan_principal", "card_deposit", "tranche.bank"),
            ("borrower", "card_deposit", "loan_payable", "tranche.borrower"),
            *interest,
        ]
    if day.month == 12:
        return [
            ("bank", "settlement", "interest_receivable_government", "claim_paid.bank"),
            ("finance", "interest_subsidy_expense", "treasury_cash", "claim_paid.finance"),
            *interest,
        ]
    return interest


def month_ends() -> list[date]:
    """Return the last days of the months of the years, from the first draw on."""
    firsts = [date(year, month, 1) for year in YEARS for month in range(1, 13) if (year, month) >= (2020, 3)]
    return [(first + timedelta(32)).replace(day=1) - timedelta(1) for first in firsts]


def fill(wanted: int) -> tuple[int, int]:
    """Fill the scratch database; return how many loans and how many postings there are."""
    from django.db import connection, transaction

    from zhubao.access.actors import Actor
    from zhubao.access.models import Organisation, Region
    from zhubao.ledger.chart import Party
    from zhubao.ledger.columns import Movements, post_columns

    for code in ("32", "3206", COUNTY):
        Region.objects.get_or_create(code=code, defaults={"name": code, "parent_id": code[:-2] if len(code) > 2 else None})
    agency = Organisation.objects.create(kind="agency", name="经办机构", region_id=COUNTY)
    bank = Organisation.objects.create(kind="bank", name="合作银行", region_id=COUNTY)
    days = month_ends()
    each_loan = sum(len(monthly(day)) for day in days)
    loans = max(1, wanted // each_loan)
    given: dict[str, Any] = {"county": COUNTY, "loans": loans, "bank": bank.pk, "agency": agency.pk}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in (_PERSONS, _LOANS, _DRAWS, _EVENTS, _STATEMENTS):
            cursor.execute(statement, given)
    subjects = np.array([f"loan:L{number}" for number in range(1, loans + 1)], dtype=np.bytes_)
    regions = np.full(loans, COUNTY.encode())
    references = {
        "bank": np.full(loans, f"organisation:{bank.pk}".encode()),
        "borrower": np.array([f"person:{number}" for number in range(1, loans + 1)], dtype=np.bytes_),
        "finance": np.full(loans, b""),
    }
    made = 0
    for day in days:
        movements = [
            Movements(
                day, Party(party), debit, credit, "loan", kind, f"{day}/1", regions, subjects, references[party],
                np.full(loans, 840_000 if kind.startswith("tranche") else 2_700),
            )
            for party, debit, credit, kind in monthly(day)
        ]  # fmt: skip
        made += post_columns(movements, actor=Actor.system("benchmark"), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return loans, made


def accountant() -> Any:
    """Return a test client signed in at the agency's books."""
    from django.test import Client

    from zhubao.access.models import Organisation, Post, User

    user = User.objects.create(username="accountant", name="财务岗")
    agency = Organisation.objects.get(kind="agency")
    Post.objects.create(user=user, organisation=agency, role="agency_accountant", scope_id=COUNTY, opened_at=NOW)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def timed(client: Any, loans: int, pages: int) -> list[float]:
    """Ask for statements of loans and years at random; return the seconds each took. Raise AssertionError for a page without one."""
    choose = random.Random(20260110)
    found = []
    for _page in range(pages + WARMING):
        number, year = choose.randint(1, loans), choose.choice(YEARS)
        address = f"/statements/loans/L{number}/?from={year}-01-01&to={year}-12-31"
        began = time.perf_counter()
        answer = client.get(address)
        seconds = time.perf_counter() - began
        assert answer.status_code == 200, (address, answer.status_code)
        assert b'class="statement"' in answer.content, address
        found.append(seconds)
    return sorted(found[WARMING:])


def main(postings: int = POSTINGS) -> int:
    """Fill, ask, print the middle and the 95th of a hundred pages; 1 when the latter took longer than it may."""
    with scratch_installation():
        from django.conf import settings
        from django.urls import get_resolver

        settings.ALLOWED_HOSTS = ["*"]
        assert get_resolver().url_patterns  # every page is loaded before the long part begins
        began = time.perf_counter()
        loans, made = fill(postings)
        print(
            f"{loans:,} loans, {made:,} postings of {len(YEARS)} years, filled in {time.perf_counter() - began:.0f} s", flush=True
        )
        client = accountant()
        before = time.process_time()
        seconds = timed(client, loans, PAGES)
        processor = (time.process_time() - before) / (PAGES + WARMING)
        middle, late = statistics.median(seconds), seconds[int(len(seconds) * 0.95)]
        print(
            f"a loan's statement, {len(seconds)} pages of loans and years at random: p50 {middle * 1000:.0f} ms, "
            f"p95 {late * 1000:.0f} ms, slowest {seconds[-1] * 1000:.0f} ms; the floor is {MOST_SECONDS * 1000:.0f} ms"
        )
        print(f"processor time of a page in the application: {processor * 1000:.0f} ms")
        return int(late > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
