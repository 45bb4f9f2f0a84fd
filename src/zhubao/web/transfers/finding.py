"""Who reads transfers, and which a filter keeps."""

from datetime import date
from typing import Final, NamedTuple

from django.http import Http404, QueryDict

from zhubao.access.actors import Actor
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.accounts.transfers.course import PROCESS
from zhubao.accounts.transfers.models import Transfer, TransferKind, TransferQuerySet

READING_ROLES: Final = frozenset(
    {*AGENCY_ROLES, Role.TAX_CLERK, Role.HRSS_SUPERVISOR, Role.AUDITOR} - {Role.AGENCY_ADMINISTRATOR}
)
OPEN, LATE = "open", "late"


class Wanted(NamedTuple):
    """What a list is narrowed to: a state, "open" or "late", and a kind; "" is everything."""

    state: str
    kind: str

    def rows(self, actor: Actor, today: date) -> TransferQuerySet:
        """Return the transfers of the post that the filter keeps, those due first at the top."""
        rows = Transfer.objects.seen_by(actor).select_related("person").order_by("due_on", "pk")
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.state in {OPEN, LATE}:
            rows = rows.exclude(state__in=PROCESS.final)
            return rows.filter(due_on__lt=today) if self.state == LATE else rows
        return rows.filter(state=self.state) if self.state else rows


def wanted_in(asked: QueryDict) -> Wanted:
    """Return the filter of an address; what it does not know is passed over."""
    states = {OPEN, LATE, *(state.name for state in PROCESS.states)}
    state, kind = asked.get("state", ""), asked.get("kind", "")
    return Wanted(state if state in states else "", kind if kind in TransferKind.values else "")


def found_transfer(actor: Actor, number: str) -> Transfer:
    """Return a transfer a post may see; Http404 for none, OutOfScope for another region's."""
    try:
        return Transfer.objects.select_related("person").get_for(actor, number=number)
    except Transfer.DoesNotExist as error:
        raise Http404 from error
