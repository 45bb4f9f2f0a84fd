"""The file that tells a department who is listed. Every citizen number in it is noted as printed."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.documents.integrity import SanctionList, SanctionRow
from zhubao.documents.workbooks import write_list
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.actions import number_for_print
from zhubao.policies import judge_of
from zhubao.policies.claims import implements

from .course import LISTING_KINDS
from .models import DEPARTMENTS, Listing, ListingHandOver

RECEIVERS = {
    "hrss": Text("人力资源社会保障部门", "human resources and social security"),
    "civil_affairs": Text("民政部门", "civil affairs"),
}
OFFICE = "人力资源和社会保障局"


@implements("jx-4.2a", "jx-4.2b", "tl-4.4", as_="action")
@transaction.atomic
def hand_over(
    region_code: str, department: str, *, office: str = OFFICE, actor: Actor, now: datetime
) -> tuple[ListingHandOver, bytes]:
    """Return the workbook of everybody listed today for a department, and the note that it was made.

    Raise OutOfScope, E-DEPARTMENT for a department that receives none.
    """
    actor.require_role(Role.HRSS_SUPERVISOR)
    actor.require_region(region_code)
    if department not in DEPARTMENTS:
        raise ZhubaoError("E-DEPARTMENT", Text("没有这个接收部门", "no such department receives it"), place=department)
    on = localdate(now)
    form = sanction_list(region_code, department, on, office=office, actor=actor, now=now)
    content = write_list(form)
    made = ListingHandOver.objects.create(
        region_code=region_code,
        department=department,
        number=form.number,
        as_of=on,
        rows=len(form.people),
        sha256=hashlib.sha256(content).hexdigest(),
        made_at=now,
        made_by_id=actor.user_id,
    )
    after = {"department": department, "rows": made.rows, "sha256": made.sha256}
    record("listing.handed_over", f"hand-over:{made.number}", actor=actor, now=now, region_code=region_code, after=after)
    return made, content


def sanction_list(
    region_code: str, department: str, on: date, *, office: str = OFFICE, actor: Actor, now: datetime
) -> SanctionList:
    """Return who stands on the list of a region on a day, by the day they were listed."""
    listings = Listing.objects.filter(region_code__startswith=region_code, state="listed", removal_on__gt=on)
    rows = []
    for each in listings.select_related("person", "loan").order_by("decided_on", "number"):
        assert each.decided_on is not None, each
        assert each.removal_on is not None, each
        rows.append(
            SanctionRow(
                each.person.name,
                number_for_print(each.person, "严重失信人名单", actor=actor, now=now),
                judge_of(each.loan.policy_id).policy.tag,
                LISTING_KINDS[each.kind].zh,
                each.amount_fen,
                each.decided_on,
                each.removal_on,
                each.number,
            )
        )
    nth = ListingHandOver.objects.filter(region_code=region_code, department=department, as_of=on).count() + 1
    return SanctionList(
        date=on,
        number=f"{region_code}-{department}-{on:%Y%m%d}-{nth}",
        office=office,
        people=tuple(rows),
        receiver=RECEIVERS[department].zh,
    )
