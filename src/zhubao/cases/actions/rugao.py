"""The Rugao agency's part: the yearly window, deemed periods, the opinion and the copies of the form."""

from datetime import date, datetime

from zhubao.access.actors import Actor
from zhubao.calendars import FOURTH_QUARTER
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import implements

from ..models import Application, Case
from ..models.case import Route
from ..stepping import Request, step_of


@implements("rg-11", "rg-12.4d", as_="action")
def check_window(case: Case, on: date) -> None:
    """Let a filing pass inside the fourth quarter, on the final-year route, or with a reason that an official accepted.

    Raise E-WINDOW otherwise, naming the next opening.
    """
    if FOURTH_QUARTER.contains(on) or case.route == Route.FINAL_YEAR:
        return
    application = Application.objects.get(case=case)
    if application.late_reason and application.late_allowed_by_id:
        return
    opens = FOURTH_QUARTER.opening(on)
    raise ZhubaoError(
        "E-WINDOW",
        Text(f"不在受理期，下一次从{opens}开始", f"outside the window, which opens on {opens}"),
        place=case.number,
        remedy=Text("写明理由并由核定人员准予受理，或等到受理期", "give a reason an official accepts, or wait for the window"),
    )


@implements("rg-11", as_="action")
def allow_late(case_id: int, *, reason: str, request: Request, actor: Actor, now: datetime) -> Case:
    """Accept, by a named official, the applicant's reason for filing outside the window (A-ALL-12)."""
    with step_of(case_id, "allow_late", request, actor=actor, now=now) as going:
        if not going.repeated:
            application = Application.objects.select_for_update().get(case=going.case)
            if not application.late_reason.strip():
                raise ZhubaoError("E-REASON", Text("申请人没有写明理由", "the applicant gave no reason"), place=going.case.number)
            application.late_allowed_by_id = actor.user_id
            application.save(update_fields=["late_allowed_by"])
            going.move(reason=reason)
        return going.case
