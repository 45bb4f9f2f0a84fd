"""A bank's claim of half a million lines: read, kept, recomputed by loan and day, and compared, in PostgreSQL by two processes.

The loans are made by plain SQL in a scratch installation: every second one was without certificate for a month of the year and has two
lines for it; one line in fifty asks for 2.11 yuan too much. Timed is what a worker does with the file that came, and before it the
reading of the file; the sums are compared with what the days come to by hand. Computed again, nothing may change.
"""

import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .load_county import scratch_installation

LINES = 500_000
MOST_SECONDS = 60.0
WORKERS = 2
NOW = datetime(2022, 1, 10, 1, 0, tzinfo=UTC)
COUNTY, POLICY, YEAR = "360702", "jiangxi-2020-7", 2021
# 8 400 yuan at 3.85 % from 10 March 2021: 285 days; without September 175 and 80 days, together rounded once.
WHOLE, BEFORE, AFTER, TOO_MUCH, EVERY = 25_603, 15_721, 7_187, 211, 50

_LOANS = """
INSERT INTO loans_loan (id, region_code, number, case_number, policy_id, person_id, bank_id, agency_id, back_payment, state, state_since,
    signed_on, years, grace_months, rate_ppm, day_count, settlement, method, pension_month, subsidised_from, opened_at)
SELECT n, %(county)s, 'L' || lpad(n::text, 8, '0'), 'C' || n, 'jiangxi-2020-7', n, %(bank)s, %(agency)s, FALSE, 'contributed', now(),
    DATE '2021-03-01', 5, 60, 38500, 'act360', 'yearly-12-20', 'pension_monthly', DATE '2026-07-01', DATE '2021-03-01', now()
FROM generate_series(1, %(loans)s) AS n"""
_EVENTS = """
INSERT INTO loans_loanevent (loan_id, entry, day, kind, amount, more, key, source, entered_at)
SELECT n, entry, day, kind, amount, '{}', key, '', now()
FROM generate_series(1, %(loans)s) AS n, (VALUES (1, DATE '2021-03-01', 10, 38500, 'rate', 1),
    (2, DATE '2021-03-01', 12, 0, 'subsidised', 1), (3, DATE '2021-03-10', 30, 840000, 'draw', 1),
    (4, DATE '2021-09-01', 11, 0, 'lost', 2), (5, DATE '2021-10-01', 12, 0, 'again', 2)) AS told(entry, day, kind, amount, key, each)
WHERE n %% each = 0"""


def fill(loans: int) -> dict[str, int]:
    """Fill a scratch database with loans of one bank, and return its offices."""
    from django.db import connection, transaction

    from zhubao.access.models import Organisation, Region
    from zhubao.people.keys import keys

    for code in ("36", "3607", COUNTY):
        Region.objects.get_or_create(code=code, defaults={"name": code, "parent_id": code[:-2] if len(code) > 2 else None})
    agency = Organisation.objects.create(kind="agency", name="经办机构", region_id=COUNTY)
    bank = Organisation.objects.create(kind="bank", name="合作银行", region_id=COUNTY)
    held = keys()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        columns = (
            "id, region_code, name, id_number_sealed, id_number_index, id_number_masked, born, sex, hukou_code, hukou_source"
        )
        more = "residence_code, address, died_source, registered_at"
        with cursor.copy(f"COPY people_person ({columns}, {more}) FROM STDIN") as copy:
            for at, number in enumerate(_numbers(loans), 1):
                copy.write_row(
                    (at, COUNTY, "甲", b"", held.digest(number), "", date(1970, 1, 1), "male", "", "", "", "", "", NOW)
                )
        given: dict[str, Any] = {"county": COUNTY, "loans": loans, "bank": bank.pk, "agency": agency.pk}
        for statement in (_LOANS, _EVENTS):
            cursor.execute(statement, given)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"bank": bank.pk, "agency": agency.pk}


def _numbers(count: int) -> Iterator[str]:
    """Yield valid citizen numbers, each once."""
    from zhubao.identity import check_character

    day = date(1960, 1, 1)
    for at in range(count):
        body = f"{COUNTY}{day + timedelta(days=at // 900):%Y%m%d}{at % 900:03}"
        yield body + check_character(body)


def claim_file(loans: int) -> tuple[bytes, int, int]:
    """Return the bank's file, how many lines it has, and by how much it asks too much, fen."""
    lines: list[str] = []
    total = too_much = 0
    for at, number in enumerate(_numbers(loans), 1):
        parts = [("2021-03-10", "2021-12-20", 285, WHOLE)]
        if at % 2 == 0:
            parts = [("2021-03-10", "2021-09-01", 175, BEFORE), ("2021-10-01", "2021-12-20", 80, AFTER)]
        for start, end, days, fen in parts:
            wrong = TOO_MUCH if len(lines) % EVERY == 0 else 0
            total, too_much = total + fen + wrong, too_much + wrong
            asked = f"{(fen + wrong) // 100}.{(fen + wrong) % 100:02}"
            lines.append(
                f"{len(lines) + 1},L{at:08},{number},本期,{YEAR},,8400.00,3.85%,{start},{end},{days},{fen // 100}.{fen % 100:02},{asked}"
            )
    top = [
        "文件,贴息申请明细,版本,1",
        f"批次号,B1,笔数,{len(lines)},合计（元）,{total // 100}.{total % 100:02}",
        "发送单位,合作银行,接收单位,经办机构,用途,核实并拨付贷款贴息",
        "序号,贷款编号,身份证号,申报类型,计息年度,放款笔次,计息本金（元）,年利率,起息日,止息日（不计）,计息天数,利息（元）,申请贴息（元）",
    ]
    return "\n".join([*top, *lines, f"结束,{len(lines)}", ""]).encode(), len(lines), too_much


def main(lines: int = LINES) -> int:
    """Fill, receive, recompute and compare, once more; 1 when it took longer than it may or came out wrong."""
    loans = lines * 2 // 3
    with scratch_installation():
        began = time.perf_counter()
        offices = fill(loans)
        content, count, too_much = claim_file(loans)
        print(f"{loans:,} loans, a file of {count:,} lines, made in {time.perf_counter() - began:.0f} s", flush=True)
        from zhubao.access.actors import Actor
        from zhubao.procedures.claim_received import check_claim, receive_claim

        actor = Actor.system("benchmark")
        began = time.perf_counter()
        received = receive_claim(
            [content],
            name="claim.csv",
            policy_id=POLICY,
            region_code=COUNTY,
            bank_id=offices["bank"],
            actor=actor,
            now=NOW,
        )
        assert received.claim is not None, received.receipt.faults[:3]
        reading = time.perf_counter() - began
        print(f"received and kept in {reading:.1f} s", flush=True)
        seconds, processor = 0.0, 0.0
        for turn in ("recomputed and compared", "the same again"):
            began, before = time.perf_counter(), _processor()
            claim = check_claim(received.claim.pk, workers=WORKERS, clock=lambda: NOW)
            taken, used = time.perf_counter() - began, _processor() - before
            print(f"{turn}: {taken:.1f} s, {used:.1f} s of processor in Python ({count / taken:,.0f} lines a second)", flush=True)
            seconds, processor = seconds or taken, processor or used
            right = (claim.lines, claim.asked_fen - claim.computed_fen, claim.refused) == (loans, too_much, 0)
            right = right and claim.file_lines == count and claim.open_lines == claim.differing
            if not right:
                print(f"wrong: {claim.lines} {claim.asked_fen} {claim.computed_fen} {claim.refused}")
                return 1
        floor = MOST_SECONDS * count / LINES
        print(f"reading and comparing {reading + seconds:.1f} s; the floor for comparing is {floor:.1f} s")
        return 0 if seconds <= floor else 1


def _processor() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
