"""A county of loans for the benchmark of the month-end: some hundreds live their first months step by step, the others are their copies.

The lives differ in amounts, days, rates, settlement and pension, so that no two of the originals leave the same figures. The copies are
rows made by plain SQL with numbers and people of their own; triggers are passed over while they are made and for nothing else.
"""

from datetime import date, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

COUNTY, VILLAGES = "320682", 40
ORIGINALS = 200
OPENED, DRAWN, PENSION = date(2026, 3, 1), date(2026, 4, 1), date(2026, 4, 1)
LAST_CLOSED, CLOSES = date(2026, 5, 31), date(2026, 6, 30)
FLOOR = 102_000
JIANGXI, RUGAO, TONGLING = "jiangxi-2020-7", "rugao-draft", "tongling-2022-13"
# Programme, whether repaid already, whether the government bears the interest, loans of a hundred.
MIX = (
    (JIANGXI, False, True, 30),
    (JIANGXI, False, False, 10),
    (JIANGXI, True, False, 20),
    (RUGAO, False, True, 15),
    (RUGAO, True, False, 10),
    (TONGLING, False, False, 10),
    (TONGLING, True, False, 5),
)
# Of the originals one gets the first pension in the month to be closed, and one is through by then: a loan of ten years does each once.
BEGINS, ENDS = 10, 150
# What each copy has for itself; `n` is the number of the copy, `o` the original row. Keys of originals begin at 1.
NUMBER = "'LN{county}-2026-' || lpad(({key} + n * {originals})::text, 7, '0')"
# A packed standing with another number and person: of a copy both follow from the key of the loan.
RENAMED = (
    "overlay(overlay(o.packed placing convert_to({of_loan}, 'UTF8') from {number_at}) placing int8send({loan}) from {person_at})"
)
COPIED: tuple[tuple[str, dict[str, str | None]], ...] = (
    ("people_person", {"id": "{own}", "id_number_index": "int8send({own}) || int8send(0) || int8send(0) || int8send(0)"}),
    ("loans_loan", {"id": "{own}", "number": "{number}", "case_number": "'C' || {own}", "person_id": "o.person_id + n * {originals}"}),
    ("loans_tranche", {"id": None, "loan_id": "{loan}"}),
    ("loans_loanevent", {"id": None, "loan_id": "{loan}"}),
    ("loans_loanclosing", {"id": "o.id + n * {closings}", "loan_id": "{loan}"}),
    ("loans_deductionorder", {"id": None, "loan_id": "{loan}", "closing_id": "o.closing_id + n * {closings}"}),
    ("loans_loanstanding", {"loan_id": "{loan}", "packed": RENAMED}),
    (
        "ledger_posting",
        {
            "id": None,
            "subject": "'loan:' || {posted}",
            "party_reference": "CASE WHEN o.party = 'borrower' THEN 'person:' || (substr(o.party_reference, 8)::bigint + n * {originals})"
            " ELSE o.party_reference END",
        },
    ),
)  # fmt: skip


def at(day: date) -> datetime:
    """Return six in the evening of a day in the county."""
    return datetime(day.year, day.month, day.day, 18, tzinfo=ZoneInfo("Asia/Shanghai"))


def fill(loans: int) -> int:
    """Fill an empty installation with about so many loans closed as of `LAST_CLOSED`; return how many there are."""
    from django.db import connection, transaction

    from zhubao.access.actors import Actor
    from zhubao.access.models import Region
    from zhubao.procedures.month_end import close_month

    for code in (COUNTY[:2], COUNTY[:4], COUNTY, f"{COUNTY}100", *(_village(number) for number in range(VILLAGES))):
        parent = code[:-2] if len(code) <= 6 else code[:-3]
        Region.objects.get_or_create(code=code, defaults={"name": code, "parent_id": parent or None})
    actor = Actor.system("benchmark")
    with transaction.atomic():
        _originals(actor)
    for day in (date(2026, 4, 30), LAST_CLOSED):
        _deductions_of(day, actor)
        close_month(COUNTY, day, actor=actor, clock=lambda day=day: at(day))  # type: ignore[misc]
    _deductions_of(CLOSES, actor)
    copies = max(loans // ORIGINALS, 1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT max(id) FROM loans_loanclosing")
        (closings,) = cursor.fetchone()
        for table, own in COPIED:
            _copy(cursor, table, own, copies, closings)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
    return copies * ORIGINALS


def _village(number: int) -> str:
    return f"{COUNTY}100{number + 1:03}"


def _originals(actor: Any) -> None:
    from zhubao.access.models import Organisation
    from zhubao.parameters import Parameter
    from zhubao.programmes.actions import enter_figures

    enter_figures(
        [
            Parameter(
                "floor_fen", FLOOR, "fen", COUNTY, date(2026, 1, 1), date(2026, 12, 31), source="试验数据", decided_by="test"
            )
        ],
        actor=actor,
        now=at(OPENED),
    )
    offices = [Organisation.objects.create(region_id=COUNTY, kind=kind, name=kind) for kind in ("bank", "agency")]
    kinds = [kind for kind in MIX for _loan in range(kind[3])]
    random = Random(20260630)
    for number in range(1, ORIGINALS + 1):
        _original(number, kinds[number % len(kinds)], offices, random, actor)


def _original(number: int, kind: tuple[str, bool, bool, int], offices: list[Any], random: Random, actor: Any) -> None:
    """Write one person, the loan, its draws, and the events of its opening."""
    from zhubao.lending.events import (
        agreed_set,
        basic_pension_set,
        certified,
        floor_set,
        grace_ended,
        pension_set,
        rate_set,
        tranche_paid,
    )
    from zhubao.loans.draws import PAYEE_OF
    from zhubao.loans.models import Loan, Tranche
    from zhubao.loans.stepping import add_event
    from zhubao.people.models import Person

    policy_id, repaying, borne, _share = kind
    assert repaying == (number == ENDS) or number not in (BEGINS, ENDS), kind
    pension = CLOSES.replace(day=1) if number == BEGINS else PENSION
    village, now = _village(number % VILLAGES), at(OPENED)
    Person.objects.create(
        id=number, region_code=village, name="王芳", id_number_sealed=b"x", id_number_index=number.to_bytes(8, "big") + bytes(24),
        id_number_masked="3206****", born=date(1966, 1, 1), sex="female", registered_at=now,
    )  # fmt: skip
    loan = Loan.objects.create(
        id=number,
        region_code=village,
        number=f"LN{COUNTY}-2026-{number:07}",
        case_number=f"C{number}",
        policy_id=policy_id,
        person_id=number,
        bank=offices[0],
        agency=offices[1],
        state="repaying" if repaying else "drawn",
        state_since=now,
        signed_on=OPENED,
        years=5,
        grace_months=1 if repaying else 60,
        repay_months=120 if policy_id == RUGAO else None,
        rate_ppm=random.choice([34_500, 36_500, 38_500, 49_000]),
        day_count=random.choice(["act360", "act365"]),
        settlement=random.choice(["yearly-12-20"] * 6 + ["quarterly-20"] * 3 + ["monthly-15"]),
        method="pension_monthly",
        instalment_fen=random.choice([None, 30_000, 45_000]) if repaying else None,
        pension_month=pension if repaying or number == BEGINS else date(2031, 3, 1),
        opened_at=now,
    )

    def told(key: str, event: Any) -> Any:
        return add_event(loan, key, event, "test", actor=actor, now=now)

    told("rate", rate_set(DRAWN, loan.rate_ppm))
    for sequence in range(1, random.randint(2, 4)):
        day, fen = date(2026, 4, random.randint(1, 8)), random.randint(400_000, 1_100_000) // (200 if number == ENDS else 1)
        event = told(f"draw:{sequence}", tranche_paid(day, fen))
        Tranche.objects.create(
            loan=loan, year=2026, sequence=sequence, months=1, cap_fen=fen, amount_fen=fen, state="paid_in", drawn_on=day,
            payee=PAYEE_OF[policy_id], event_entry=event.entry,
        )  # fmt: skip
    if borne and policy_id == JIANGXI:
        told("subsidised", certified(DRAWN))
    if repaying or number == BEGINS:
        if repaying and policy_id != TONGLING:
            told("grace_ended", grace_ended(PENSION))
        told(f"pension:{pension}", pension_set(pension, random.randint(140_000, 260_000)))
        told(f"basic:{pension}", basic_pension_set(pension, 22_000))
        if repaying and loan.instalment_fen is not None:
            told("agreed", agreed_set(PENSION, loan.instalment_fen))
        if repaying and policy_id == JIANGXI:
            told(f"floor:{PENSION}", floor_set(PENSION, FLOOR))


def _deductions_of(month_end: date, actor: Any) -> None:
    """Let the bank take in a month what was ordered for the one before; of eight, seven are booked on the day, one is told only."""
    from zhubao.lending.events import deducted
    from zhubao.loans.books import book
    from zhubao.loans.models import DeductionOrder
    from zhubao.loans.repaying import deduction_key
    from zhubao.loans.stepping import add_event

    before = month_end.replace(day=1, month=month_end.month - 1)
    for order in DeductionOrder.objects.filter(month=before).select_related("loan__bank", "loan__person"):
        day = month_end.replace(day=4 + order.loan_id % 9)
        add_event(order.loan, deduction_key(before), deducted(day, order.amount_fen, [before]), "test", actor=actor, now=at(day))
        if order.loan_id % 8:
            book(order.loan, day, actor=actor, now=at(day))


def _copy(cursor: Any, table: str, own: dict[str, str | None], copies: int, closings: int) -> None:
    """Copy the rows of a table for each copy of the county; keys that nobody refers to are the table's next.

    `closings`: the highest key of an original closing.
    """
    from zhubao.loans.quiet.standings import PACKED

    cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped", [table])
    names = [name for (name,) in cursor.fetchall() if not (name == "id" and own.get("id", "") is None)]
    words = {"county": COUNTY, "originals": ORIGINALS, "closings": closings}
    words["own"] = f"(o.id + n * {ORIGINALS})"
    words["loan"] = f"(o.loan_id + n * {ORIGINALS})"
    words["number"] = NUMBER.format(key="o.id", **words)
    words["number_at"], words["person_at"] = (PACKED.fields[name][1] + 1 for name in ("number", "person"))
    words["of_loan"] = NUMBER.format(key="o.loan_id", **words)
    words["posted"] = NUMBER.format(key="right(o.subject, 7)::bigint", **words)
    values = ", ".join(str(own.get(name) or f'o."{name}"').format(**words) for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    cursor.execute(f"CREATE TEMP TABLE originals ON COMMIT DROP AS SELECT * FROM {table}")
    cursor.execute(f"INSERT INTO {table} ({listed}) SELECT {values} FROM generate_series(1, {copies - 1}) AS n, originals o")
    cursor.execute("DROP TABLE originals")
    if "id" in names:
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
