"""Telling the supervising bureau that a bank asked for more than it may. It outlives the refused step, in a transaction of its own."""

from datetime import datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.notices.actions import tell
from zhubao.notices.models import Channel
from zhubao.policies.claims import implements

from ..models import Case
from ..stepping import Request

KIND = "case.bank_condition"


@implements("jx-2.2e", as_="feature")
def report_condition(case_id: int, error: ZhubaoError, said: str, *, request: Request, actor: Actor, now: datetime) -> None:
    """Put a refused condition on record and tell the bureau of the place, once a request; any other error passes by."""
    if error.code != "E-BANK-CONDITION":
        return
    with transaction.atomic():
        case = Case.objects.get(pk=case_id)
        bureau = _bureau_of(case.region_code)
        text = f"{actor.name}在办理{case.number}时提出：{said.strip()}。政策不允许银行另设条件或以其他理由拒贷，该步骤未予办理。"
        if bureau is not None:
            tell(
                case.subject,
                text,
                kind=KIND,
                channel=Channel.ONLINE,
                region_code=case.region_code,
                organisation_id=bureau.pk,
                role=Role.HRSS_SUPERVISOR,
                occasion=request.key,
                actor=actor,
                now=now,
            )
        record(KIND, case.subject, actor=actor, now=now, region_code=case.region_code, reason=said.strip())


def _bureau_of(region_code: str) -> Organisation | None:
    """Return the bureau nearest above a place: the county's, else the city's, else the province's."""
    above = [region_code[:length] for length in (6, 4, 2)]
    found = Organisation.objects.filter(kind=OrganisationKind.HRSS, region_id__in=above)
    return max(found, key=lambda each: len(each.region_id), default=None)
