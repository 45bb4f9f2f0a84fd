"""Which identity of a policy a roster gives: kind of roster → category of the document, with the condition on the row."""

from dataclasses import dataclass
from typing import Final

from zhubao.rules.policy import Policy


@dataclass(frozen=True, slots=True)
class Mark:
    """A row of `kind` that is in force gives the fact `fact` the value of `condition` (SQL over a row; three-valued)."""

    kind: str
    fact: str
    condition: str = "TRUE"


_URBAN: Final = "living_in = 'urban'"
_SEVERE: Final = "disability_grade <= 2 AND COALESCE(certificate_status, 'valid') = 'valid'"
_JIANGXI: Final = (
    Mark("special_hardship", "identity_urban_destitute", _URBAN),
    Mark("dibao", "identity_urban_dibao", _URBAN),
    Mark("expenditure_poor", "identity_urban_expenditure_poor", _URBAN),
    Mark("low_income", "identity_urban_low_income", _URBAN),
    Mark("lifted_out", "identity_registered_poor_urban", _URBAN),
    Mark("lifted_out", "identity_registered_poor_rural", "living_in = 'rural'"),
    Mark("unemployed", "identity_laid_off_soe_collective", "enterprise IN ('state', 'collective')"),
)
# A policy takes from these the facts it declares; Jiangxi divides by town and country and stands alone.
_COMMON: Final = (
    Mark("special_hardship", "identity_tekun"),
    Mark("dibao", "identity_dibao"),
    Mark("returned_to_poverty", "identity_return_to_poverty"),
    Mark("disabled", "identity_severe_disability", _SEVERE),
    Mark("lifted_out", "identity_escaped_poverty"),
    Mark("monitored", "identity_monitored"),
    Mark("unemployed", "identity_laid_off"),
    Mark("poor_worker", "identity_poor_worker_family"),
    Mark("unemployed", "unemployment_registered"),
    Mark("unemployed", "still_unemployed"),
    Mark("subsidised", "subsidised_now"),
)


def kinds_giving(category: str) -> frozenset[str]:
    """Return the kinds of rosters whose rows give the identity `category`; empty for one that no kind of its own names."""
    return frozenset(mark.kind for mark in (*_JIANGXI, *_COMMON) if mark.fact == f"identity_{category}")


def marks_of(policy: Policy) -> list[Mark]:
    """Return the marks whose fact `policy` reads."""
    return [mark for mark in (*_JIANGXI, *_COMMON) if mark.fact in policy.columns]
