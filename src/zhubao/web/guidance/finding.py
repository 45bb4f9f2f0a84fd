"""Who helps people to enrol, and which of them a filter keeps."""

from typing import Any, Final, NamedTuple

from django.http import Http404, QueryDict

from zhubao.access.actors import Actor
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.accounts.helping.course import PROCESS
from zhubao.accounts.helping.models import EnrolmentHelp, HelpGround

READING_ROLES: Final = frozenset(
    {*AGENCY_ROLES, Role.TOWNSHIP_CLERK, Role.COMMITTEE_MEMBER, Role.HRSS_SUPERVISOR, Role.AUDITOR}
    - {Role.AGENCY_ADMINISTRATOR, Role.AGENCY_ACCOUNTANT}
)
TONES = {"open": "wait", "enrolled": "ok", "refused": "bad", "elsewhere": "info", "closed": ""}


class Wanted(NamedTuple):
    """What a list is narrowed to; "" is everything."""

    state: str
    ground: str

    def rows(self, actor: Actor) -> Any:
        """Return the people of the post that the filter keeps, village by village."""
        rows = EnrolmentHelp.objects.seen_by(actor).select_related("person")
        if self.state:
            rows = rows.filter(state=self.state)
        return rows.filter(ground=self.ground) if self.ground else rows


def wanted_in(asked: QueryDict) -> Wanted:
    """Return the filter of an address; what it does not know is passed over."""
    state, ground = asked.get("state", ""), asked.get("ground", "")
    states = {each.name for each in PROCESS.states}
    return Wanted(state if state in states else "", ground if ground in HelpGround.values else "")


def found_help(actor: Actor, help_id: int) -> EnrolmentHelp:
    """Return somebody a post may see; Http404 for none, OutOfScope for another region's."""
    try:
        return EnrolmentHelp.objects.select_related("person").get_for(actor, pk=help_id)
    except EnrolmentHelp.DoesNotExist as error:
        raise Http404 from error
