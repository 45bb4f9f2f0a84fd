"""Dividing an amount over the lots of a personal account in the proportion of what is in each (A-TL-6); whole fen, nothing lost."""

from collections.abc import Sequence


def shares(amount_fen: int, lots_fen: Sequence[int]) -> list[int]:
    """Return what each lot bears of an amount, fen: their sum is the amount, and no lot bears more than is in it.

    Each bears its proportion rounded down; the fen left over go one each to the lots with the largest remainders, the first of equals
    first. Lots below zero bear nothing. Raise ValueError for an amount below 0 or above what is in all lots together.
    """
    there = [max(fen, 0) for fen in lots_fen]
    whole = sum(there)
    if not 0 <= amount_fen <= whole:
        raise ValueError(f"{amount_fen} of {whole}")
    if whole == 0:
        return there
    parts = [divmod(amount_fen * fen, whole) for fen in there]
    result = [quotient for quotient, _remainder in parts]
    left = amount_fen - sum(result)
    for at in sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))[:left]:
        result[at] += 1
    return result
