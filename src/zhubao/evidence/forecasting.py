"""A person of the registers as a forecast of their loan reads one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhubao.people.models import InsuredRecord

from .held import Record

PPM = 1_000_000


def person_forecast(born: date, facts: Mapping[str, Any], record: InsuredRecord | Record | None) -> dict[str, Any]:
    """Return the facts with the month of birth, and the account (fen) and index of wages of the insured record, for `lending.forecast`."""
    person = {key: value for key, value in facts.items() if key != "loan"} | {"birth": f"{born:%Y-%m}"}
    if record is not None:
        person["account_fen"] = record.account_fen
        if record.index_ppm is not None:
            person["index"] = index_written(record.index_ppm)
    return person


def index_written(index_ppm: int) -> str:
    """Return an index of wages in parts per million as it is written: 0.600000."""
    return f"{index_ppm // PPM}.{index_ppm % PPM:06d}"
