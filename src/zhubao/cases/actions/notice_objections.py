"""Objections against a notice: recorded while it hangs, looked into by the committee, heard and decided by the agency (A-ALL-10)."""

from datetime import date, datetime

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import implements

from ..models import Case, Decision, Objection
from ..models.review import DecisionKind, Outcome
from ..stepping import Request, step_of
from .committee import notice_of


@implements("rg-12.1d", as_="action")
def object_to_notice(
    case_id: int,
    *,
    by_name: str,
    said: str,
    contact: str = "",
    filed_on: date | None = None,
    request: Request,
    actor: Actor,
    now: datetime,
) -> Case:
    """Write down who objects to a person on the notice, and why; the signature waits until every objection is decided.

    `filed_on` is today unless given: a day on which the notice hung (E-OBJECTION-DAY). Raise E-OBJECTION without name or words.
    """
    with step_of(case_id, "object", request, actor=actor, now=now) as going:
        if going.repeated:
            return going.case
        if not by_name.strip() or not said.strip():
            raise ZhubaoError("E-OBJECTION", Text("须写明异议人和异议内容", "who objects, and to what?"), place=going.case.number)
        notice, day = notice_of(going.case), filed_on or going.today
        until = notice.taken_down_on or going.today
        if not notice.posted_on <= day <= until:
            raise ZhubaoError(
                "E-OBJECTION-DAY",
                Text(f"公示张贴于{notice.posted_on}至{until}", f"the notice hung from {notice.posted_on} to {until}"),
                place=day.isoformat(),
            )
        objection = Objection.objects.create(
            case=going.case,
            against="notice",
            by_name=by_name.strip(),
            contact=contact.strip(),
            said=said.strip(),
            filed_on=day,
        )
        going.move(objection=objection.pk, filed_on=day.isoformat())
        return going.case


@implements("rg-12.1e", as_="action")
def investigate(case_id: int, objection_id: int, *, finding: str, request: Request, actor: Actor, now: datetime) -> Case:
    """Write down what the committee found out about an objection. Raise E-OBJECTION without a finding."""
    with step_of(case_id, "investigate", request, actor=actor, now=now) as going:
        if not going.repeated:
            objection = _undecided(going.case, objection_id)
            objection.finding, objection.found_on = _words(finding, going.case), going.today
            objection.save(update_fields=["finding", "found_on"])
            going.move(objection=objection.pk)
        return going.case


@implements("rg-12.1e", as_="action")
def hear_applicant(
    case_id: int,
    objection_id: int,
    *,
    heard: str,
    heard_on: date | None = None,
    request: Request,
    actor: Actor,
    now: datetime,
) -> Case:
    """Write down what the applicant says to an objection, on the day of the hearing (today unless given, E-OBJECTION-DAY)."""
    with step_of(case_id, "hear", request, actor=actor, now=now) as going:
        if not going.repeated:
            objection, day = _undecided(going.case, objection_id), heard_on or going.today
            if not objection.filed_on <= day <= going.today:
                raise ZhubaoError(
                    "E-OBJECTION-DAY",
                    Text(f"听取陈述应在{objection.filed_on}至今天之间", f"heard between {objection.filed_on} and today"),
                    place=day.isoformat(),
                )
            objection.heard, objection.hearing_on = _words(heard, going.case), day
            objection.save(update_fields=["heard", "hearing_on"])
            going.move(objection=objection.pk, heard_on=day.isoformat())
        return going.case


@implements("rg-12.1e", as_="action")
def decide_notice_objection(
    case_id: int, objection_id: int, *, upheld: bool, reason: str, request: Request, actor: Actor, now: datetime
) -> Case:
    """Decide an objection once the committee looked into it: upheld, the application is rejected; else the notice goes on, and its
    seven days are neither cut short nor begun again. With another objection open, that one is waited for.

    Raise E-OBJECTION-FINDING without a finding, E-OBJECTION-HEARING for upholding one the applicant was not heard about.
    """
    with step_of(case_id, "decide_objection", request, actor=actor, now=now) as going:
        case = going.case
        if going.repeated:
            return case
        objection = _undecided(case, objection_id)
        if not objection.finding:
            raise ZhubaoError(
                "E-OBJECTION-FINDING", Text("社区（村）还没有调查结果", "the committee has not reported yet"), place=case.number
            )
        if upheld and objection.hearing_on is None:
            raise ZhubaoError(
                "E-OBJECTION-HEARING",
                Text("还没有听取申请人陈述", "the applicant has not been heard"),
                place=case.number,
                remedy=Text("先听取陈述再裁定", "hear the applicant first"),
            )
        others = case.objections.filter(upheld=None).exclude(pk=objection.pk).exists()
        end = "rejected" if upheld else "objection" if others else "public_notice"
        step = going.move(end, reason=reason, objection=objection.pk, upheld=upheld)
        objection.upheld, objection.decided_on, objection.reason = upheld, going.today, step.reason
        objection.save(update_fields=["upheld", "decided_on", "reason"])
        Decision.objects.create(
            case=case,
            step=step,
            kind=DecisionKind.OBJECTION,
            outcome=Outcome.REFUSED if upheld else Outcome.GRANTED,
            clause="rg-12.1e",
            reason=step.reason,
            at=now,
        )
        return case


def _undecided(case: Case, objection_id: int) -> Objection:
    objection = Objection.objects.select_for_update().get(pk=objection_id, case=case)
    if objection.upheld is not None:
        raise ZhubaoError(
            "E-OBJECTION-DECIDED",
            Text(f"该异议已于{objection.decided_on}裁定", f"decided on {objection.decided_on}"),
            place=case.number,
        )
    return objection


def _words(text: str, case: Case) -> str:
    said = text.strip()
    if not said:
        raise ZhubaoError("E-OBJECTION", Text("请写明内容", "words are needed"), place=case.number)
    return said
