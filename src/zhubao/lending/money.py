"""Rounding of exact sums to the fen; whole numbers in, whole numbers out."""

MILLION = 1_000_000


def half_up(numerator: int, denominator: int) -> int:
    """Return `numerator / denominator` rounded to the nearest fen, an exact half upwards; both at least 0, denominator > 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def half_even(numerator: int, denominator: int) -> int:
    """Return `numerator / denominator` rounded to the nearest fen, an exact half to the even one."""
    quotient, remainder = divmod(numerator, denominator)
    if 2 * remainder > denominator or (2 * remainder == denominator and quotient % 2):
        return quotient + 1
    return quotient
