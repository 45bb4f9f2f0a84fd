"""Copies of a form: who must get one, who has, and what is still to be handed over."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import implements

from ..models import Case, FormCopy
from ..stepping import organisation_of

HANDING_OVER = (Role.BANK_OFFICER, Role.AGENCY_INTAKE, Role.AGENCY_REVIEWER)
RECIPIENTS: dict[str, dict[str, Text]] = {
    "rugao-annex1": {
        "committee": Text("居（村）委会", "committee"),
        "agency": Text("社保经办机构", "agency"),
        "finance": Text("财政部门", "finance"),
        "bank": Text("贷款银行", "bank"),
        "borrower": Text("本人", "borrower"),
    },
}


@implements("rg-annex1-n2", as_="action")
@transaction.atomic
def hand_over_copy(
    case_id: int,
    recipient: str,
    received_by: str,
    *,
    form: str = "rugao-annex1",
    handed_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> FormCopy:
    """Note that a recipient got its copy of a signed form, today unless given; the same recipient again changes nothing.

    Raise E-COPY for a form or recipient there is not and for nobody's name, E-STATE before the agreement is signed, E-DAY for a day
    ahead, OutOfScope for an office the case is not at.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    actor.require_region(case.region_code)
    actor.require_role(*HANDING_OVER)
    if actor.user_id is not None and organisation_of(case, actor.role) not in (None, actor.organisation_id):
        raise OutOfScope(case.number, Text("由别的单位办理", "another office deals with this"))
    if recipient not in RECIPIENTS.get(form, {}) or not received_by.strip():
        raise ZhubaoError(
            "E-COPY",
            Text("没有这份表或这个收件单位，或没写收件人", "no such form or recipient, or nobody received it"),
            place=recipient,
        )
    if case.state != "agreed":
        raise ZhubaoError("E-STATE", Text("协议签订后才分送", "copies are handed over once all have signed"), place=case.number)
    there = case.copies.filter(form=form, recipient=recipient).first()
    if there is not None:
        return there
    day = handed_on or timezone.localdate(now)
    if day > timezone.localdate(now):
        raise ZhubaoError("E-DAY", Text("日期晚于今天", "the day is in the future"), place=day.isoformat())
    copy = FormCopy.objects.create(
        case=case,
        form=form,
        recipient=recipient,
        handed_on=day,
        received_by=received_by.strip()[:60],
        handed_by_id=actor.user_id,
    )
    after = {"form": form, "recipient": recipient, "on": day.isoformat()}
    record("case.copy", case.subject, actor=actor, now=now, region_code=case.region_code, after=after)
    return copy


def copies_outstanding(case: Case, form: str = "rugao-annex1") -> dict[str, Text]:
    """Return who still has no copy of a form, in the order of its distribution list."""
    handed = set(case.copies.filter(form=form).values_list("recipient", flat=True))
    return {recipient: label for recipient, label in RECIPIENTS[form].items() if recipient not in handed}
