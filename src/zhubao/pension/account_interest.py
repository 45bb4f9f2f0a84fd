"""Yearly interest of a personal account: fen-months of the year times the crediting rate, half-up to the fen (A-GZ-5).

What the year opens with bears interest for twelve months. What comes in or leaves during the year bears it, or no longer does, for the
months that are left: with the month of the movement (`MONTHLY`) or from the one after it (`MONTHLY_FROM_NEXT`). `YEARLY` gives what comes
in no interest in its own year; what leaves ends its interest with the month before, as in `MONTHLY`.
"""

from collections.abc import Iterable
from typing import NamedTuple

MONTHLY, MONTHLY_FROM_NEXT, YEARLY = "monthly", "monthly_from_next", "yearly"
METHODS = (MONTHLY, MONTHLY_FROM_NEXT, YEARLY)
MONTHS = 12
MILLION = 1_000_000


class Movement(NamedTuple):
    """An amount of the year, fen, with its month (1–12); below 0 where it is less. `leaves`: paid out or transferred out."""

    month: int
    fen: int
    leaves: bool = False


class YearOfLot(NamedTuple):
    """What a year makes of a lot, fen: `product` in fen-months, `carried` into the next year with the interest."""

    opening: int
    moved: int
    product: int
    interest: int

    @property
    def carried(self) -> int:
        """What the next year opens with."""
        return self.opening + self.moved + self.interest


def months_left(month: int, method: str, *, leaves: bool = False) -> int:
    """Return for how many months of the year a movement of this month counts; ValueError for an unknown method or month."""
    if method not in METHODS or not 1 <= month <= MONTHS:
        raise ValueError(f"{method} {month}")
    if method == YEARLY:
        return MONTHS + 1 - month if leaves else 0
    return MONTHS + 1 - month if method == MONTHLY else MONTHS - month


def year_of_lot(opening_fen: int, movements: Iterable[Movement], rate_ppm: int, method: str) -> YearOfLot:
    """Return a lot's year: opening balance, what moved, fen-months, and their interest at a yearly rate in ppm.

    A product below 0 (a back-dated correction of more than was there) bears no interest.
    """
    listed = list(movements)
    product = opening_fen * MONTHS + sum(each.fen * months_left(each.month, method, leaves=each.leaves) for each in listed)
    return YearOfLot(opening_fen, sum(each.fen for each in listed), product, interest_of(product, rate_ppm))


def interest_of(product_fen_months: int, rate_ppm: int) -> int:
    """Return the interest of fen-months at a yearly rate in ppm, half-up to the fen; nothing for a product below 0."""
    whole = MONTHS * MILLION
    return (2 * max(product_fen_months, 0) * rate_ppm + whole) // (2 * whole)
