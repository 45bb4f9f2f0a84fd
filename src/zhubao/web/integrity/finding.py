"""Who may open these pages, and finding the record an address names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404

from zhubao.access.actors import Actor
from zhubao.access.roles import BANK_ROLES
from zhubao.language import Text
from zhubao.loans.models import FraudFinding
from zhubao.loans.states.fraud import FRAUD, FRAUD_KINDS
from zhubao.oversight.dishonesty.course import LISTING, LISTING_KINDS
from zhubao.oversight.dishonesty.models import Listing
from zhubao.oversight.dishonesty.selectors import READERS, findings_for, listings_for
from zhubao.workflow import Process

Record = FraudFinding | Listing
FINDING_ROLES: Final = READERS
LISTING_ROLES: Final = READERS - BANK_ROLES
OPENERS: Final = FRAUD.transition("open_finding").posts
PROPOSERS: Final = LISTING.transition("propose_listing").posts


@dataclass(frozen=True)
class Matter:
    """A kind of record: its word in addresses, its course, the kinds of facts, what an actor may see of it, who opens one."""

    name: str
    process: Process
    kinds: dict[str, Text]
    seen_by: Callable[[Actor], Any]
    openers: tuple[str, ...]


MATTERS: Final[dict[str, Matter]] = {
    "findings": Matter("findings", FRAUD, FRAUD_KINDS, findings_for, OPENERS),
    "listings": Matter("listings", LISTING, LISTING_KINDS, listings_for, PROPOSERS),
}


def matter_of(name: str) -> Matter:
    """Return what an address speaks of; Http404 for no such thing."""
    if name not in MATTERS:
        raise Http404
    return MATTERS[name]


def matter_with(record: Record) -> Matter:
    """Return the matter a record is of."""
    return MATTERS["findings" if isinstance(record, FraudFinding) else "listings"]


def found(actor: Actor, name: str, number: str) -> Record:
    """Return a record the actor may see; Http404 for none, and for one that is not theirs: its being there tells too much."""
    matter = matter_of(name)
    record: Record | None = matter.seen_by(actor).select_related("loan__person", "loan__bank").filter(number=number).first()
    if record is None:
        raise Http404
    return record
