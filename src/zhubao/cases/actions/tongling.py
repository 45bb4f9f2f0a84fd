"""What Tongling adds: the agency's estimate for the bank, and who signs beside the borrower."""

from datetime import date, datetime

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.models import Person
from zhubao.policies.claims import implements

from ..contract import of_age
from ..models import Case, CoBorrower
from ..stepping import Request, step_of
from .estimates import keep_estimate
from .verdicts import judged

RELATIONS = ("child", "guarantor")


@implements("tl-3.2a", as_="action")
def estimate(case_id: int, *, reason: str = "", request: Request, actor: Actor, now: datetime) -> Case:
    """Give the bank age, months paid, contribution and the first month's pension; E-ESTIMATE names the facts that are missing."""
    with step_of(case_id, "estimate", request, actor=actor, now=now) as going:
        if not going.repeated:
            snapshot = judged(going.case, going.today, actor=actor, now=now)
            step = going.move(reason=reason, snapshot=snapshot.pk)
            keep_estimate(going, step, snapshot)
        return going.case


@implements("tl-3.1b", "tl-3.1c", as_="action")
def add_co_borrower(
    case_id: int,
    person: Person,
    relation: str,
    *,
    capable: bool = True,
    request: Request,
    actor: Actor,
    now: datetime,
) -> Case:
    """Name a child who borrows jointly, or a guarantor; who is not of full capacity is on record but does not count (A-TL-2).

    Raise E-RELATION for another word, E-CO-BORROWER for the borrower, somebody named already, or somebody under eighteen.
    """
    with step_of(case_id, "add_co_borrower", request, actor=actor, now=now) as going:
        case = going.case
        if not going.repeated:
            if relation not in RELATIONS:
                raise ZhubaoError("E-RELATION", Text("应为子女或担保人", "a child or a guarantor"), place=relation)
            if person.pk == case.person_id:
                raise _not_accepted(case, Text("借款人本人不能共同借款或担保", "the borrower cannot sign beside himself"))
            if case.co_borrowers.filter(person=person).exists():
                raise _not_accepted(case, Text("此人已登记", "this person is named already"))
            if not of_age(person.born, going.today):
                raise _not_accepted(case, Text("未满十八周岁", "under eighteen"))
            going.move(relation=relation, name=person.masked_name)
            CoBorrower.objects.create(case=case, person=person, relation=relation, capable=capable, added_at=now)
        return case


@implements("tl-3.1b", "tl-3.1c", as_="action")
def record_consent(
    case_id: int,
    person_id: int,
    consented_on: date | None,
    *,
    refused_because: str = "",
    request: Request,
    actor: Actor,
    now: datetime,
) -> Case:
    """Record that somebody named beside the borrower has signed the consent on a day, or, with None, why not. A later word replaces
    the one before, and every one stays in the history.

    Raise E-CO-BORROWER for somebody not named, E-REASON for a refusal without one, E-DAY for a day after today.
    """
    with step_of(case_id, "record_consent", request, actor=actor, now=now) as going:
        case = going.case
        if not going.repeated:
            said = refused_because.strip()
            one = case.co_borrowers.select_related("person").filter(person_id=person_id).first()
            if one is None:
                raise _not_accepted(case, Text("没有登记此人", "this person is not named"))
            if (consented_on is None) != bool(said):
                problem = Text("同意的写日期，不同意的写原因", "a day for a consent, a reason for a refusal")
                raise ZhubaoError("E-REASON", problem, place=going.row.label.zh)
            if consented_on is not None and consented_on > going.today:
                raise ZhubaoError("E-DAY", Text("日期在今天之后", "the day lies ahead"), place=consented_on.isoformat())
            one.consented_on, one.refused_because = consented_on, said
            one.save(update_fields=["consented_on", "refused_because"])
            day = consented_on.isoformat() if consented_on else None
            going.move(reason=said, name=one.person.masked_name, consented_on=day)
        return case


def _not_accepted(case: Case, problem: Text) -> ZhubaoError:
    return ZhubaoError("E-CO-BORROWER", problem, place=case.number)
