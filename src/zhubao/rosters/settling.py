"""Settling what matching found: an outcome with its reason and what it rests on, by the post that owes it."""

from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.numbers import correct_number
from zhubao.policies.claims import implements
from zhubao.tasks.actions import close_tasks

from .models import Difference, DifferenceKind, DifferenceState, Outcome, RosterChange

SETTLING_ROLES = (Role.AGENCY_REVIEWER, Role.AGENCY_INTAKE, Role.TOWNSHIP_CLERK, Role.CERTIFIER, Role.HRSS_SUPERVISOR)
# What only a paper shows, and what has to be said in words anyway.
WITH_EVIDENCE = (
    Outcome.REFUSED,
    Outcome.CONFIRMED,
    Outcome.STANDS,
    Outcome.RECORD_WRONG,
    Outcome.SAME_PERSON,
    Outcome.OTHER_PERSON,
)


@implements("gz-12b", "ps-3.2a", as_="action")
@transaction.atomic
def settle_difference(
    difference_id: int, outcome: str, reason: str, *, evidence: str = "", actor: Actor, now: datetime
) -> Difference:
    """Settle an open difference and close its task; the same outcome again changes nothing.

    Raise OutOfScope for a post that does not owe it, E-DIFFERENCE-STATE when it is settled otherwise or no longer found,
    E-DIFFERENCE-OUTCOME for an outcome its kind has not, E-REASON without a reason, E-PAPER without the paper it rests on, E-DIFFERENCE-NUMBER
    for the same person: that is settled by correcting the number.
    """
    if outcome == Outcome.SAME_PERSON:
        raise ZhubaoError(
            "E-DIFFERENCE-NUMBER",
            Text("同一个人的，凭证明更正号码", "for the same person the number is corrected, with the paper"),
            remedy=Text("在本页填写新号码和证明", "enter the new number and the paper on this page"),
        )
    difference = _owed(difference_id, actor)
    return _settle(difference, outcome, reason, evidence, actor=actor, now=now)


@transaction.atomic
def settle_by_correction(
    difference_id: int, number: str, paper: str, *, corrected_on: date, actor: Actor, now: datetime
) -> Difference:
    """Settle a number that was perhaps corrected: the person of the version before gets the number, and keeps everything.

    Raise E-DIFFERENCE-NUMBER for a number that is not the one on the list, and what `correct_number` raises.
    """
    difference = _owed(difference_id, actor)
    if difference.kind != DifferenceKind.NUMBER:
        raise _no_such_outcome(difference)
    if difference.state != DifferenceState.OPEN:
        return _settle(difference, Outcome.SAME_PERSON, paper, paper, actor=actor, now=now)
    before = person_before(difference)
    if before is None:
        raise _no_such_outcome(difference)
    person = correct_number(before, number, paper, corrected_on=corrected_on, actor=actor, now=now)
    if bytes(person.id_number_index) != bytes(difference.number_index):
        raise ZhubaoError(
            "E-DIFFERENCE-NUMBER",
            Text("与名册上的号码不一致", "this is not the number on the list"),
            place=difference.number_masked,
            remedy=Text("核对证明和名册", "compare the paper with the list"),
        )
    difference.person = person
    difference.save(update_fields=["person"])
    return _settle(difference, Outcome.SAME_PERSON, paper, paper, actor=actor, now=now)


def person_before(difference: Difference) -> int | None:
    """Return the person of the version before whose number may have been corrected to the one on the list."""
    row = difference.version.rows.filter(number_index=difference.number_index).first()
    if row is None:
        return None
    gone = RosterChange.objects.filter(version=difference.version, kind="left", person__isnull=False)
    same = gone.filter(before__name=row.name, before__township=row.township, before__village=row.village)
    near = sorted(
        same.select_related("before"), key=lambda each: abs(each.before.born - row.born) if each.before else row.born - row.born
    )
    return near[0].person_id if near else None


def _owed(difference_id: int, actor: Actor) -> Difference:
    actor.require_role(*SETTLING_ROLES)
    difference = Difference.objects.select_for_update(of=("self",)).select_related("roster", "version").get(pk=difference_id)
    actor.require_region(difference.region_code)
    owes = actor.role == difference.role and difference.organisation_id in {None, actor.organisation_id}
    if not (owes or (actor.role == Role.AGENCY_REVIEWER and difference.organisation_id is None)):
        raise OutOfScope(difference.subject, Text("这一条由其他岗位核对", "another post clears this up"))
    return difference


def _settle(difference: Difference, outcome: str, reason: str, evidence: str, *, actor: Actor, now: datetime) -> Difference:
    if difference.state != DifferenceState.OPEN:
        if difference.outcome == outcome:
            return difference
        raise ZhubaoError(
            "E-DIFFERENCE-STATE",
            Text("这一条已经办结", "this one is settled or no longer found"),
            place=difference.number_masked,
            remedy=Text("下次比对仍有差异的会重新列出", "what the next matching still finds is listed anew"),
        )
    if outcome not in difference.outcomes:
        raise _no_such_outcome(difference)
    said, paper = reason.strip(), evidence.strip()
    if not 0 < len(said) <= 300:
        raise ZhubaoError("E-REASON", Text("请写明理由，不超过 300 字", "a reason is needed, at most 300 characters"))
    if outcome in WITH_EVIDENCE and not 0 < len(paper) <= 200:
        raise ZhubaoError(
            "E-PAPER",
            Text("要写明依据的材料", "name the paper or record this rests on"),
            remedy=Text(
                "如证明编号、查询日期和查询结果", "for example the number of a certificate, or when a register was asked"
            ),
        )
    difference.state, difference.outcome, difference.reason, difference.evidence = DifferenceState.SETTLED, outcome, said, paper
    difference.ended_at, difference.settled_by_id = now, actor.user_id
    difference.save(update_fields=["state", "outcome", "reason", "evidence", "ended_at", "settled_by"])
    close_tasks(difference.subject, actor=actor, now=now)
    after = {"kind": difference.kind, "outcome": outcome, "evidence": paper}
    record(
        "roster_difference.settled",
        difference.subject,
        actor=actor,
        now=now,
        region_code=difference.region_code,
        after=after,
        reason=said,
    )
    return difference


def _no_such_outcome(difference: Difference) -> ZhubaoError:
    return ZhubaoError(
        "E-DIFFERENCE-OUTCOME",
        Text("这一类差异不能这样办结", "this kind of difference is not settled so"),
        place=difference.number_masked,
    )
