"""Persons and what is on record about them.

Nothing here is overwritten in silence: an insured record is superseded by the next one, an identity or a circumstance is ended or
withdrawn, a phone number and a card account keep their days.
"""

from .household import Household, HouseholdMember
from .on_record import CategoryList, Circumstance, CircumstanceKind, Identity, InsuredRecord, Scheme, Sourced
from .person import CITIZEN, DIGEST_BYTES, CardAccount, CitizenAccount, FormerNumber, Person, PersonQuerySet, Phone, Sex

__all__ = [
    "CITIZEN",
    "DIGEST_BYTES",
    "CardAccount",
    "CategoryList",
    "Circumstance",
    "CircumstanceKind",
    "CitizenAccount",
    "FormerNumber",
    "Household",
    "HouseholdMember",
    "Identity",
    "InsuredRecord",
    "Person",
    "PersonQuerySet",
    "Phone",
    "Scheme",
    "Sex",
    "Sourced",
]
