"""Millions of synthetic people as Arrow tables, for benchmarks: the fact columns that policies judge, computed with NumPy.

Citizen numbers are unique by construction: row i takes place (i × step + offset) modulo (area codes × days × order codes), so that
any slice of a table can be made alone. Every draw depends on the seed and the block of `BLOCK` rows only.
"""

from collections.abc import Iterator
from datetime import date
from math import gcd
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhubao.errors import ZhubaoError
from zhubao.identity.number import CHECK_CHARACTERS, WEIGHTS
from zhubao.language import Text

from . import DEMONSTRATION_NOTICE
from .names import Names, Sex
from .numbers import ORDER_BAND
from .people import RESIDENT_TIERS
from .regions import REGIONS, VILLAGES, RegionKey

BLOCK = 250_000
# Births, first and last day: the ages from 16 to 75 on the demonstration day.
FIRST_BIRTH = date(1951, 10, 13)
LAST_BIRTH = date(2010, 10, 11)
_NAMES_PER_SEX = 8_192

# Share of people, per mille, with each identity; another `_UNKNOWN` per mille of every fact is unknown (null).
IDENTITIES = {
    "tekun": 15,
    "dibao": 60,
    "return_to_poverty": 8,
    "severe_disability": 25,
    "escaped_poverty": 110,
    "monitored": 20,
    "urban_destitute": 5,
    "urban_dibao": 25,
    "urban_expenditure_poor": 8,
    "urban_low_income": 15,
    "registered_poor_urban": 5,
    "registered_poor_rural": 60,
    "laid_off_soe_collective": 12,
    "laid_off": 25,
    "poor_worker_family": 6,
    "zero_employment": 4,
    "childless": 3,
}
_FLAGS = {
    "student": 40,
    "military": 4,
    "imprisoned": 3,
    "deceased": 8,
    "continuing": 5,
    "receiving_pension": 120,
    "open_loan": 3,
    "inability_declaration": 700,
    "employed": 600,
    "subsidised_now": 30,
    "deemed_confirmed": 900,
}  # fmt: skip
_UNKNOWN = 15

_Bytes = NDArray[np.uint8]
_Integers = NDArray[np.int64]


def bulk_people(count: int, seed: int, *, start: int = 0, region: RegionKey | None = None) -> pa.Table:
    """Return people number `start` to `start + count` (exclusive) of the endless table of `seed`, one row each.

    `start` is a multiple of `BLOCK`. Columns: ``region_code, id_number, name, township, village`` and the facts of a person
    under the names that policies use (days as yyyymmdd, money in fen, null = unknown). Without `region` the five places are
    mixed. Raises E-DEMO-PEOPLE when more people are asked for than a place has numbers (about two million an area code).
    """
    if start % BLOCK:
        raise ValueError("start must be a multiple of BLOCK")
    codes, owners = _codes(region)
    days = _days()
    room = len(codes) * len(days) * len(ORDER_BAND)
    if start + count > room:
        raise ZhubaoError(
            "E-DEMO-PEOPLE",
            Text(f"这里最多能编 {room} 个不重复的号码", f"there are {room} different numbers here"),
            place=str(start + count),
            remedy=Text("减少人数，或不限定地区", "ask for fewer people, or for all regions"),
        )
    names = {sex: _names(seed, sex) for sex in ("male", "female")}
    blocks = [
        _block(min(BLOCK, count - done), seed, start + done, codes, owners, days, room, names) for done in range(0, count, BLOCK)
    ]
    table = pa.concat_tables(blocks) if blocks else _block(0, seed, 0, codes, owners, days, room, names)
    return table.replace_schema_metadata({"notice": DEMONSTRATION_NOTICE.zh})


def write_bulk(path: Path, count: int, seed: int, *, region: RegionKey | None = None) -> None:
    """Write `count` people to one Parquet file, block after block: memory stays that of one block."""
    import pyarrow.parquet as pq

    part = path.with_name(f".{path.name}.part")
    schema = bulk_people(0, seed, region=region).schema
    with pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for table in bulk_tables(count, seed, region=region):
            writer.write_table(table)
    part.replace(path)


def bulk_tables(count: int, seed: int, *, region: RegionKey | None = None) -> Iterator[pa.Table]:
    """Yield the table of `count` people in pieces of `BLOCK` rows."""
    for start in range(0, count, BLOCK):
        yield bulk_people(min(BLOCK, count - start), seed, start=start, region=region)


def as_roster(people: pa.Table, identity: str) -> pa.Table:
    """Return the department roster of those who have `identity`, with the headers of a clean Chinese file."""
    chosen = people.filter(people.column(f"identity_{identity}"))
    return pa.table(
        {
            "姓名": chosen.column("name"),
            "身份证号": chosen.column("id_number"),
            "乡镇": chosen.column("township"),
            "村": chosen.column("village"),
        }
    )


def as_insured(people: pa.Table) -> pa.Table:
    """Return the insured file of those whose scheme is known, with the headers of a clean Chinese file; amounts in yuan."""
    import pyarrow.compute as pc

    known = people.filter(pc.is_valid(people.column("scheme")))
    scheme = pa.array(["城乡居民", "企业职工", "未参保"])
    words = scheme.take(pc.index_in(known.column("scheme"), pa.array(["resident_pension", "employee_pension", "none"])))
    status = pc.if_else(
        pc.fill_null(known.column("deceased"), False),
        "死亡",
        pc.if_else(
            pc.fill_null(known.column("imprisoned"), False),
            "服刑",
            pc.if_else(
                pc.fill_null(known.column("military"), False),
                "现役军人",
                pc.if_else(pc.fill_null(known.column("student"), False), "在校学生", "正常"),
            ),
        ),
    )
    return pa.table(
        {
            "身份证号": known.column("id_number"),
            "姓名": known.column("name"),
            "参保险种": words,
            "参保地代码": known.column("insured_locality"),
            "缴费档次": pc.divide(known.column("chosen_tier_fen"), 100),
            "人员状态": status,
        }
    )


def _codes(region: RegionKey | None) -> tuple[list[str], list[RegionKey]]:
    """Return the area codes used and, beside each, the region it belongs to; a code serves one region only."""
    owner: dict[str, RegionKey] = {}
    for key, place in REGIONS.items():
        if region in {None, key}:
            for number_code in place.number_codes:
                owner.setdefault(number_code.code, key)
    return list(owner), list(owner.values())


def _days() -> _Integers:
    """Return every day of birth as yyyymmdd."""
    days = np.arange(np.datetime64(FIRST_BIRTH), np.datetime64(LAST_BIRTH) + 1)
    months = days.astype("datetime64[M]")
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (days - months).astype(np.int64) + 1
    result: _Integers = years * 10_000 + month * 100 + day
    return result


def _names(seed: int, sex: Sex) -> pa.Array:
    rng = Random(f"zhubao bulk names {seed} {sex}")
    names = Names()
    return pa.array([names.full_name(rng, sex, rng.randint(1952, 2009)) for _ in range(_NAMES_PER_SEX)])


def citizen_numbers(area: _Integers, day: _Integers, order: _Integers) -> pa.Array:
    """Return the citizen numbers of whole columns: area code, day of birth (yyyymmdd) and order code as integers."""
    digits: _Bytes = np.empty((len(area), 18), dtype=np.uint8)
    for first, width, column in ((0, 6, area), (6, 8, day), (14, 3, order)):
        rest = column.astype(np.int64)
        for at in range(first + width - 1, first - 1, -1):
            rest, digits[:, at] = np.divmod(rest, 10)
    weighed = digits[:, :17].astype(np.int32) @ np.array(WEIGHTS, dtype=np.int32)
    digits[:, :17] += ord("0")
    digits[:, 17] = np.frombuffer(CHECK_CHARACTERS.encode(), dtype=np.uint8)[weighed % 11]
    offsets = np.arange(0, 18 * (len(area) + 1), 18, dtype=np.int32)
    return pa.StringArray.from_buffers(len(area), pa.py_buffer(offsets), pa.py_buffer(digits))


def _block(
    rows: int,
    seed: int,
    start: int,
    codes: list[str],
    owners: list[RegionKey],
    days: _Integers,
    room: int,
    names: dict[str, pa.Array],
) -> pa.Table:
    rng = np.random.default_rng([seed, start // BLOCK])
    step = _step(room)
    place = (np.arange(start, start + rows, dtype=np.int64) * step + seed % room) % room
    place, order = np.divmod(place, len(ORDER_BAND))
    code, day = np.divmod(place, len(days))
    birth = days[day]
    men = order % 2 == 1
    sexes = pa.array(["female", "male"]).take(pa.array(men.astype(np.int8)))
    pick = pa.array(rng.integers(0, _NAMES_PER_SEX, rows, dtype=np.int32) + men * _NAMES_PER_SEX)
    regions = [REGIONS[owner] for owner in owners]
    county = pa.array([region.code for region in regions]).take(pa.array(code))
    townships = [township for region in regions for township in (region.townships * 40)[:40]]
    township = pa.array(townships).take(pa.array(code * 40 + rng.integers(0, 40, rows)))
    employee = rng.integers(0, 1000, rows) < 220
    scheme = np.where(employee, 1, np.where(rng.integers(0, 1000, rows) < 90, 2, 0))
    age = 2026 - birth // 10_000
    paid = np.where(scheme == 2, 0, rng.integers(0, 1000, rows) * np.maximum(age - 16, 0) * 12 // 1000)
    tiers = np.array([tier for tier, _ in RESIDENT_TIERS], dtype=np.int64)
    columns: dict[str, Any] = {
        "region_code": county,
        "id_number": citizen_numbers(
            np.array([int(each) for each in codes], dtype=np.int64)[code], birth, order + ORDER_BAND.start
        ),
        "name": pa.concat_arrays([names["female"], names["male"]]).take(pick),
        "township": township,
        "village": pa.array(VILLAGES).take(pa.array(rng.integers(0, len(VILLAGES), rows))),
        "birth_first": pa.array(birth),
        "birth_last": pa.array(birth),
        "sex": sexes,
        "hukou": _some_null(rng, county),
        "residence": _some_null(rng, county),
        "insured_locality": _some_null(rng, county),
        "scheme": _some_null(rng, pa.array(["resident_pension", "employee_pension", "none"]).take(pa.array(scheme))),
        "participation_type": _some_null(
            rng, pa.array(["flexible", "employer", None]).take(pa.array(np.where(employee, rng.integers(0, 2, rows), 2)))
        ),
        "retirement_category": pa.array(["female55", "male60"]).take(pa.array(men.astype(np.int8))),
        "paid_months": _some_null(rng, pa.array(paid)),
        "deemed_months": pa.array(np.where(employee & (rng.integers(0, 10, rows) == 0), rng.integers(1, 120, rows), 0)),
        "chosen_tier_fen": pa.array(tiers[rng.integers(0, len(tiers), rows)]),
        "children": pa.array(rng.integers(0, 4, rows)),
    }
    for name, share in _FLAGS.items():
        columns[name] = _flag(rng, rows, share)
    for name, share in IDENTITIES.items():
        columns[f"identity_{name}"] = _flag(rng, rows, share)
    return pa.table(columns)


def _step(room: int) -> int:
    """Return a step near the golden section of `room` that shares no divisor with it, so that every place comes once."""
    step = int(room * 0.618_033_988_75)
    while gcd(step, room) != 1:
        step += 1
    return step


def _flag(rng: np.random.Generator, rows: int, share: int) -> pa.Array:
    draw = rng.integers(0, 1000, rows, dtype=np.int16)
    return pa.array(draw < share, mask=draw >= 1000 - _UNKNOWN)


def _some_null(rng: np.random.Generator, column: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    known = pa.array(rng.integers(0, 1000, len(column), dtype=np.int16) >= _UNKNOWN)
    return pc.if_else(known, column, pa.scalar(None, column.type))
