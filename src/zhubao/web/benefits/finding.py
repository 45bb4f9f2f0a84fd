"""Who reads resident pensions, and which a filter keeps."""

from typing import Final, NamedTuple

from django.http import Http404, QueryDict

from zhubao.access.actors import Actor
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.accounts.benefits.course import PROCESS
from zhubao.accounts.benefits.models import Benefit, BenefitQuerySet, Ground

READING_ROLES: Final = frozenset(
    {*AGENCY_ROLES, Role.TOWNSHIP_CLERK, Role.COMMITTEE_MEMBER, Role.FINANCE_CLERK, Role.HRSS_SUPERVISOR, Role.AUDITOR}
    - {Role.AGENCY_ADMINISTRATOR}
)
READING_RUNS: Final = READING_ROLES - {Role.TOWNSHIP_CLERK, Role.COMMITTEE_MEMBER}
TONES = {"found": "wait", "applied": "info", "granted": "ok", "declined": "", "refused": "bad", "stopped": ""}


class Wanted(NamedTuple):
    """What a list is narrowed to; "" is everything."""

    state: str
    ground: str

    def rows(self, actor: Actor) -> BenefitQuerySet:
        """Return the pensions of the post that the filter keeps, village by village."""
        rows = Benefit.objects.seen_by(actor).select_related("person")
        if self.state:
            rows = rows.filter(state=self.state)
        return rows.filter(ground=self.ground) if self.ground else rows


def wanted_in(asked: QueryDict) -> Wanted:
    """Return the filter of an address; what it does not know is passed over."""
    state, ground = asked.get("state", ""), asked.get("ground", "")
    states = {each.name for each in PROCESS.states}
    return Wanted(state if state in states else "", ground if ground in Ground.values else "")


def found_benefit(actor: Actor, benefit_id: int) -> Benefit:
    """Return a pension a post may see; Http404 for none, OutOfScope for another region's."""
    try:
        return Benefit.objects.select_related("person").get_for(actor, pk=benefit_id)
    except Benefit.DoesNotExist as error:
        raise Http404 from error
