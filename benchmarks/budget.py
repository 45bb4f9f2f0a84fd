"""A budget of a hundred thousand live loans: replayed from their events, projected six years month by month as columns, kept as lines.

The rows are made by plain SQL in a scratch installation: of ten loans seven are in the years of their draws (two uncertified), three are
repaid from the pension with a year of deductions behind them. A sample is projected again one by one by `replay`, and must agree to the fen.
"""

import sys
import time
from datetime import UTC, date, datetime
from typing import Any

from .load_county import scratch_installation

LOANS = 100_000
MOST_SECONDS = 240.0
SAMPLE = 60
NOW = datetime(2022, 9, 15, 1, 0, tzinfo=UTC)
COUNTY = "360702"

_PERSONS = """
INSERT INTO people_person (id, region_code, name, id_number_sealed, id_number_index, id_number_masked, born, sex, hukou_code,
    hukou_source, residence_code, address, died_source, registered_at)
SELECT n, %(county)s || lpad((100 + n %% 20)::text, 3, '0'), '甲', '\\x00', int8send(n), '', DATE '1970-01-01', 'male', '', '', '', '', '',
    now()
FROM generate_series(1, %(loans)s) AS n"""
_LOANS = """
INSERT INTO loans_loan (id, region_code, number, case_number, policy_id, person_id, bank_id, agency_id, back_payment, state, state_since,
    signed_on, years, grace_months, rate_ppm, day_count, settlement, method, instalment_fen, pension_month, subsidised_from, opened_at)
SELECT n, %(county)s || lpad((100 + n %% 20)::text, 3, '0'), 'L' || n, 'C' || n, 'jiangxi-2020-7', n, %(bank)s, %(agency)s, FALSE,
    CASE WHEN n %% 10 < 3 THEN 'repaying' ELSE 'contributed' END, now(), DATE '2019-03-01' + (n %% 300)::integer, 8, 96, 38500, 'act360',
    'yearly-12-20', 'pension_monthly', 60000,
    CASE WHEN n %% 10 < 3 THEN DATE '2021-09-01' ELSE (DATE '2023-01-01' + (n %% 48) * INTERVAL '1 month')::date END,
    DATE '2019-03-01', now()
FROM generate_series(1, %(loans)s) AS n"""
_DRAWS = """
INSERT INTO loans_tranche (loan_id, year, sequence, month_from, months, cap_fen, amount_fen, state, requested_in, drawn_on, payee,
    event_entry)
SELECT n, y, 1, 1, 12, 840000 + n %% 1000, 840000 + n %% 1000, 'paid_in', '', make_date(y, 3, 10) + (n %% 200)::integer, 'card_account',
    y - 2016
FROM generate_series(1, %(loans)s) AS n, generate_series(2019, 2021) AS y"""
_EVENTS = """
INSERT INTO loans_loanevent (loan_id, entry, day, kind, amount, more, key, source, entered_at)
SELECT n, 1, DATE '2019-03-01', 10, 38500, '{}'::bigint[], 'rate', '', now() FROM generate_series(1, %(loans)s) AS n
UNION ALL SELECT n, 2, DATE '2019-03-01', 12, 0, '{}', 'subsidised', '', now() FROM generate_series(1, %(loans)s) AS n WHERE n %% 10 <> 5
UNION ALL SELECT n, y - 2016, make_date(y, 3, 10) + (n %% 200)::integer, 30, 840000 + n %% 1000, '{}', 'draw:' || y, '', now()
    FROM generate_series(1, %(loans)s) AS n, generate_series(2019, 2021) AS y
UNION ALL SELECT n, 5 + k.number, k.day, k.kind, k.amount, '{}', 'begin:' || k.number, '', now()
    FROM generate_series(1, %(loans)s) AS n, (VALUES (1, DATE '2021-10-01', 1, 160000), (2, DATE '2021-10-01', 3, 70000),
        (3, DATE '2021-10-01', 4, 60000), (4, DATE '2021-10-01', 13, 0)) AS k(number, day, kind, amount) WHERE n %% 10 < 3
UNION ALL SELECT n, 10 + m, (DATE '2021-09-20' + m * INTERVAL '1 month')::date, 26, 60000, '{}', 'deducted:' || m, '', now()
    FROM generate_series(1, %(loans)s) AS n, generate_series(1, 11) AS m WHERE n %% 10 < 3"""


def fill(loans: int) -> None:
    """Fill a scratch database with persons, loans, draws and events."""
    from django.db import connection, transaction

    from zhubao.access.models import Organisation, Region

    for code in ("36", "3607", COUNTY):
        Region.objects.get_or_create(code=code, defaults={"name": code, "parent_id": code[:-2] if len(code) > 2 else None})
    agency = Organisation.objects.create(kind="agency", name="经办机构", region_id=COUNTY)
    bank = Organisation.objects.create(kind="bank", name="合作银行", region_id=COUNTY)
    given: dict[str, Any] = {"county": COUNTY, "loans": loans, "bank": bank.pk, "agency": agency.pk}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in (_PERSONS, _LOANS, _DRAWS, _EVENTS):
            cursor.execute(statement, given)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main(loans: int = LOANS) -> int:
    """Fill, reckon, check a sample one by one; 1 when it took longer than it may or a fen differs."""
    with scratch_installation():
        began = time.perf_counter()
        fill(loans)
        print(f"{loans:,} loans filled in {time.perf_counter() - began:.0f} s", flush=True)
        from zhubao.access.actors import Actor
        from zhubao.oversight.budget.actions import ask_budget, reckon
        from zhubao.oversight.budget.assumptions import Assumptions

        actor = Actor.system("benchmark")
        assumed = Assumptions(deaths_ppm=4_000)
        run = ask_budget(COUNTY, assumed, deaths_source="benchmark", actor=actor, now=NOW)
        began, before = time.perf_counter(), time.process_time()
        run = reckon(run.pk, actor=actor, clock=lambda: NOW)
        seconds, worked = time.perf_counter() - began, time.process_time() - before
        columns, months, different = _columns(run.as_of, assumed)
        print(
            f"reckoned in {seconds:.1f} s, {worked:.1f} s of it on the processor ({loans / worked:,.0f} loans a second),"
            f" {run.lines.count()} lines; the floor is {MOST_SECONDS:.0f} s on the processor for {LOANS:,}"
        )
        print(
            f"of which columns over {months} months: {columns * loans:.2f} s a {loans:,} loans; {different} of {SAMPLE} differ from replay"
        )
        return 0 if worked <= MOST_SECONDS * loans / LOANS + 10 and not different else 1


def _columns(as_of: date, assumed: Any) -> tuple[float, int, int]:
    """Return the seconds a loan takes as columns alone, over how many months, and how many of a sample differ from replay."""
    from unittest.mock import patch

    from zhubao.loans.models import Loan
    from zhubao.oversight.budget import projection, surveying
    from zhubao.oversight.budget.reckoning import looks_of
    from zhubao.programmes.selectors import parameter_book

    spent: list[float] = []

    def timed(state: Any, happenings: Any, looks: Any) -> Any:
        began = time.process_time()
        seen = projection.project(state, happenings, looks)
        spent.append(time.process_time() - began)
        return seen

    book = parameter_book()
    loans = list(Loan.objects.select_related("bank", "person").order_by("pk")[: surveying.CHUNK])
    with patch.object(surveying, "project", timed):
        found = surveying.survey(loans, as_of, assumed, book)
    with patch.object(surveying, "steps", lambda *_given: False):
        alone = surveying.survey(loans[:SAMPLE], as_of, assumed, book)
    names = ("government", "possible", "claimed", "claimable", "debt", "certified", "drawn")
    different = sum(
        any((getattr(found.seen, name)[:, at] != getattr(alone.seen, name)[:, at]).any() for name in names)
        for at in range(len(loans[:SAMPLE]))
    )
    return sum(spent) / len(loans), len(looks_of(as_of, assumed.years)) - 1, different


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
