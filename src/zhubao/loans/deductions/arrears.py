"""What is in arrears and for how long: instalments not taken, less what was paid since, the oldest first. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from zhubao.language import Text

BUCKETS: tuple[tuple[int, Text], ...] = (
    (30, Text("0～30 天", "0–30 days")),
    (60, Text("31～60 天", "31–60 days")),
    (90, Text("61～90 天", "61–90 days")),
)
OLDEST = Text("90 天以上", "over 90 days")


class Failure(NamedTuple):
    """An instalment of a month of which so much was not taken on a day, fen."""

    month: date
    on: date
    fen: int


class Arrear(NamedTuple):
    """What is still open of a failure, fen, and for how many days on the day it was asked for."""

    month: date
    since: date
    fen: int
    days: int

    @property
    def bucket(self) -> int:
        """The place in the ageing: 0 for up to 30 days, 3 for more than 90."""
        return next((at for at, (most, _label) in enumerate(BUCKETS) if self.days <= most), len(BUCKETS))


def arrears(failures: Iterable[Failure], payments: Iterable[tuple[date, int]], on: date) -> list[Arrear]:
    """Return what is open on a day. A payment pays the oldest failure before it; what comes on the day of a failure counts for it."""
    happened = sorted([(each.on, 0, each.fen, each) for each in failures if each.on <= on], key=lambda each: each[:2])
    paid = sorted((day, 1, fen, None) for day, fen in payments if day <= on)
    open_: list[list[int]] = []
    known: list[Failure] = []
    for _day, _rank, fen, failure in sorted([*happened, *paid], key=lambda each: each[:2]):
        if failure is not None:
            known.append(failure)
            open_.append([fen])
            continue
        left = fen
        for each in open_:
            part = min(left, each[0])
            each[0] -= part
            left -= part
    return [
        Arrear(failure.month, failure.on, fen, (on - failure.on).days)
        for failure, (fen,) in zip(known, open_, strict=True)
        if fen
    ]


def by_age(found: Sequence[Arrear]) -> tuple[int, ...]:
    """Return the sums of the four buckets, fen."""
    sums = [0] * (len(BUCKETS) + 1)
    for each in found:
        sums[each.bucket] += each.fen
    return tuple(sums)
