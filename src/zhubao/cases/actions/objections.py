"""An applicant's objection against the agency's refusal: stated, heard, decided by the bureau (Jiangxi)."""

from datetime import date, datetime

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text

from ..models import Case, Decision, Objection
from ..models.review import DecisionKind, Outcome
from ..stepping import Request, step_of


def object_to_refusal(case_id: int, said: str, *, contact: str = "", request: Request, actor: Actor, now: datetime) -> Case:
    """Record what the applicant says against a refusal; the case is open again.

    Raise E-OBJECTION without words, E-CASE-OPEN when the person has applied anew meanwhile.
    """
    with step_of(case_id, "object", request, actor=actor, now=now) as going:
        case = going.case
        if not going.repeated:
            if not said.strip():
                raise ZhubaoError("E-OBJECTION", Text("没有写明异议", "the objection says nothing"), place=case.number)
            newer = Case.objects.open().filter(person_id=case.person_id).first()
            if newer is not None:
                raise ZhubaoError(
                    "E-CASE-OPEN",
                    Text("此人已重新申请，请在新的申请中说明", "the person has applied anew"),
                    place=newer.number,
                )
            going.move()
            Objection.objects.create(
                case=case,
                against="refusal",
                by_name=case.person.name,
                contact=contact.strip(),
                said=said.strip(),
                filed_on=going.today,
            )
        return case


def hear_objection(
    case_id: int, heard: str, *, hearing_on: date | None = None, request: Request, actor: Actor, now: datetime
) -> Case:
    """Record what was said at the hearing, held today or on `hearing_on`; E-OBJECTION without words, E-DAY for a day ahead."""
    with step_of(case_id, "hear", request, actor=actor, now=now) as going:
        if not going.repeated:
            objection = _open_objection(going.case)
            day = hearing_on or going.today
            if not heard.strip():
                raise ZhubaoError("E-OBJECTION", Text("没有写明陈述内容", "what was said is missing"), place=going.case.number)
            if not objection.filed_on <= day <= going.today:
                raise ZhubaoError(
                    "E-DAY", Text("听取陈述应在提出异议之后、不晚于今天", "between the objection and today"), place=str(day)
                )
            objection.hearing_on, objection.heard = day, heard.strip()
            objection.save(update_fields=["hearing_on", "heard"])
            going.move(hearing_on=day.isoformat())
        return going.case


def decide_objection(case_id: int, *, upheld: bool, reason: str, request: Request, actor: Actor, now: datetime) -> Case:
    """Decide an objection that was heard: upheld, the case is reviewed anew; otherwise the refusal stands. E-OBJECTION before the hearing."""
    with step_of(case_id, "decide_objection", request, actor=actor, now=now) as going:
        if not going.repeated:
            objection = _open_objection(going.case)
            if objection.hearing_on is None:
                problem = Text("还没有听取本人陈述", "the applicant has not been heard")
                raise ZhubaoError("E-OBJECTION", problem, place=going.case.number)
            step = going.move("submitted" if upheld else "rejected", reason=reason, upheld=upheld)
            objection.upheld, objection.decided_on, objection.reason = upheld, going.today, step.reason
            objection.save(update_fields=["upheld", "decided_on", "reason"])
            Decision.objects.create(
                case=going.case,
                step=step,
                kind=DecisionKind.OBJECTION,
                outcome=Outcome.GRANTED if upheld else Outcome.REFUSED,
                reason=step.reason,
                at=now,
            )
        return going.case


def _open_objection(case: Case) -> Objection:
    return case.objections.filter(against="refusal", upheld=None).latest("pk")
