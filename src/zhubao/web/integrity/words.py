"""Words for where a finding or a listing stands."""

from typing import Final

from zhubao.web.clerk.words import said

from .finding import Record, matter_with

TONES: Final[dict[str, str]] = {
    "opened": "wait",
    "proposed": "wait",
    "notified": "wait",
    "agency_decided": "wait",
    "recovering": "bad",
    "listed": "bad",
    "recovered": "ok",
    "removed": "ok",
}


def state_said(record: Record) -> str:
    """Return where a record stands."""
    return said(matter_with(record).process.state(record.state).label)


def state_tone(record: Record) -> str:
    """Return the tone of where a record stands."""
    return TONES.get(record.state, "")


def kind_said(record: Record) -> str:
    """Return the kind of the facts."""
    return said(matter_with(record).kinds[record.kind])
