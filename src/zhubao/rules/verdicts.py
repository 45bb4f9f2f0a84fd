"""Verdicts of a clause and of a whole document."""

from enum import IntEnum
from typing import Literal

Kind = Literal["condition", "exclusion", "alternative", "priority", "amount", "rate", "term", "window"]


class Verdict(IntEnum):
    """What a clause says of a person. `MET` means that nothing stands in the way: for an exclusion, that it does not apply.

    The order is the order of the whole verdict: the largest among the clauses that count is the verdict of the whole.
    """

    MET = 0
    TO_BE_DECIDED = 1
    EVIDENCE_MISSING = 2
    NOT_MET = 3

    @property
    def word(self) -> str:
        """Return the word of the JSON contract: met, not_met, evidence_missing or to_be_decided."""
        return _WORDS[self]


_WORDS = ("met", "to_be_decided", "evidence_missing", "not_met")
_MET, _TO_BE_DECIDED, _EVIDENCE_MISSING, _NOT_MET = (
    Verdict  # looking a member up in its class costs as much as the whole function
)


def whole(failed: int, unknown: int, undecided: int, counting: int) -> Verdict:
    """Return the verdict of the whole from three bit masks of clauses, looking only at the bits in `counting`.

    Any clause not met decides; then any with evidence missing; then any that an open question leaves to be decided.
    """
    if failed & counting:
        return _NOT_MET
    if unknown & counting:
        return _EVIDENCE_MISSING
    return _TO_BE_DECIDED if undecided & counting else _MET
