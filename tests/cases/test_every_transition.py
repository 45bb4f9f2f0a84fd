"""Every row of every process table tried from every post: whoever the table names may take the step, nobody else, and not twice by
the same hands where it says so. A new row or post is tried here without a line being added."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from tests.people.tables import SYSTEM, chen, shen
from zhubao.access.actors import Actor
from zhubao.access.models import AuditEntry, Organisation
from zhubao.access.roles import ROLES_OF, OrganisationKind, Role
from zhubao.cases.models import Case, Renewal, RenewalStep, Step
from zhubao.cases.models.review import Suspension
from zhubao.cases.states import PROCESSES, RENEWAL
from zhubao.cases.stepping import renewal_step_of, step_of, task_kind
from zhubao.errors import ZhubaoError
from zhubao.people.models import CitizenAccount
from zhubao.tasks.models import Task
from zhubao.workflow import CITIZEN, Process, Transition

from .offices import JIANGXI_COUNTY, NOW, RUGAO_COUNTY, TONGLING_COUNTY, Offices, ask, citizen, open_offices

pytestmark = pytest.mark.django_db
AREAS = {"jiangxi-2020-7": JIANGXI_COUNTY, "rugao-draft": RUGAO_COUNTY, "tongling-2022-13": TONGLING_COUNTY}
TABLES = {**{policy.split("-")[0]: process for policy, process in PROCESSES.items()}, "renewal": RENEWAL}
EVERY_TABLE = pytest.mark.parametrize("process", [pytest.param(process, id=name) for name, process in TABLES.items()])
NO_POST = "no post"
Moving = Case | Renewal


class Place:
    """A county with its offices, one case (or renewal) in it, and everybody who might come to the counter."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.area = AREAS[process.policy_id]
        self.offices: Offices = open_offices(self.area)
        self.village = f"{self.area}108201"
        self.person = chen(region_code=self.village, hukou_code=self.area)
        self.citizen = citizen(self.person)
        office = self.offices.office
        self.case = Case.objects.create(
            region_code=self.village,
            number="XX-2026-1",
            policy_id=process.policy_id,
            person=self.person,
            state="draft",
            state_since=NOW.date(),
            channel="counter",
            opened_at=NOW,
            agency=office(OrganisationKind.AGENCY),
            committee=office(OrganisationKind.COMMITTEE),
            bank=office(OrganisationKind.BANK),
        )
        self.subject: Moving = self.case
        if process is RENEWAL:
            self.subject = Renewal.objects.create(
                region_code=self.village,
                case=self.case,
                loan_number="L1",
                year=2027,
                nth=1,
                asked_fen=9600_00,
                state="filed",
                state_since=NOW.date(),
            )

    def everybody(self) -> dict[str, Actor]:
        """Return who might ask, by role: every post, the applicant, and a signed-in person without a post."""
        nobody = Actor(name="无岗位", scope=self.area, user_id=self.offices.post(Role.AUDITOR).user_id)
        return {**{role: self.offices.at(role) for role in Role}, CITIZEN: self.citizen, NO_POST: nobody}

    def someone(self, row: Transition, *, other: bool = False) -> Actor:
        """Return the first post the table names for a step, or a colleague."""
        role = next((role for role in row.posts if role != CITIZEN), CITIZEN)
        return self.citizen if role == CITIZEN else self.offices.at(role, other)

    def stand(self, state: str) -> None:
        """Put the case into a state, nothing waiting."""
        type(self.subject).objects.filter(pk=self.subject.pk).update(state=state, **self.goes_with(state))

    def goes_with(self, state: str) -> dict[str, str]:
        """Return the columns that must fit a state: a suspended renewal says why."""
        if self.process is not RENEWAL:
            return {}
        return {"suspended_because": Suspension.REEMPLOYED if state == "suspended" else ""}

    def remember(self, verb: str, actor: Actor) -> None:
        """Write into the history that somebody took a step before."""
        earlier: dict[str, Any] = {
            "number": 1, "verb": verb, "end": "", "at": NOW, "on": date(2026, 10, 9), "user_id": actor.user_id, "role": "",
            "actor_name": actor.name, "key": "earlier",
        }  # fmt: skip
        if isinstance(self.subject, Renewal):
            RenewalStep.objects.create(renewal=self.subject, **earlier)
        else:
            Step.objects.create(case=self.subject, **earlier)
        type(self.subject).objects.filter(pk=self.subject.pk).update(steps_taken=1)

    def take(self, row: Transition, actor: Actor, end: str | None = None, reason: str = "理由") -> Any:
        """Take a step the way every action does."""
        step: Any = renewal_step_of if self.process is RENEWAL else step_of
        with step(self.subject.pk, row.verb, ask(), actor=actor, now=NOW) as going:
            end = end or (row.ends[0] if row.ends else self.standing())
            for column, value in self.goes_with(end).items():
                setattr(going.subject, column, value)
            return going.move(end, reason=reason)

    def standing(self) -> str:
        """Return the state the case stands in."""
        return str(type(self.subject).objects.values_list("state", flat=True).get(pk=self.subject.pk))

    def answer(self, row: Transition, actor: Actor, end: str | None = None, reason: str = "理由") -> str:
        """Return "taken" or the code of the refusal, and undo whatever was written."""
        with undone():
            try:
                self.take(row, actor, end, reason)
            except ZhubaoError as error:
                return error.code
            return "taken"


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def steps_of(process: Process) -> list[Transition]:
    """Return the rows that are taken in a case, the one that opens it left out."""
    return [row for row in process.transitions if row.start]


@pytest.fixture
def place(process: Process) -> Place:
    return Place(process)


@pytest.mark.clauses("jx-5.1b")
@EVERY_TABLE
def test_who_may_take_each_step(place: Place, process: Process) -> None:
    everybody = place.everybody()
    for row in process.transitions:
        place.stand(row.start[0] if row.start else process.states[0].name)
        allowed = "taken" if row.start else "E-STATE"  # a step that opens a case is not taken in one
        answers = {role: place.answer(row, actor) for role, actor in everybody.items()}
        assert answers == {role: allowed if role in row.posts else "E-SCOPE" for role in everybody}, row.verb


@pytest.mark.clauses("rg-12.0")
@EVERY_TABLE
def test_from_which_states_each_step_is_taken(place: Place, process: Process) -> None:
    for row in process.transitions:
        actor = place.someone(row)
        for state in process.states:
            place.stand(state.name)
            assert place.answer(row, actor) == ("taken" if state.name in row.start else "E-STATE"), (row.verb, state.name)


@EVERY_TABLE
def test_where_each_step_leads(place: Place, process: Process) -> None:
    for row in steps_of(process):
        place.stand(row.start[0])
        for state in process.states:
            leads = state.name in (row.ends or row.start[:1])
            answer = place.answer(row, place.someone(row), state.name)
            assert answer == ("taken" if leads else "E-STEP-END"), (row.verb, state.name)


@EVERY_TABLE
def test_what_each_step_writes(place: Place, process: Process) -> None:
    for row in steps_of(process):
        actor = place.someone(row)
        for end in row.ends or (row.start[0],):
            place.stand(row.start[0])
            with undone():
                step = place.take(row, actor, end)
                place.subject.refresh_from_db()
                assert (place.subject.state, place.subject.steps_taken) == (end, 1), row.verb
                assert (place.subject.closed_at is not None) == (end in process.final and not row.stays), row.verb
                written = (step.start, step.end, step.user_id, step.post_id, step.role)
                assert written == (row.start[0], end, actor.user_id, actor.post_id, actor.role), row.verb
                entry = AuditEntry.objects.get(subject=place.subject.subject)
                assert (entry.action.split(".")[1], entry.before) == (row.verb, {"state": row.start[0]})
                waiting = {task_kind(process, each) for each in process.leaving(end) if each.waits}
                opened = set(Task.objects.open().filter(subject=place.subject.subject).values_list("kind", flat=True))
                assert opened == (set() if row.stays else waiting), row.verb


@pytest.mark.clauses("gz-10b")
@EVERY_TABLE
def test_the_same_person_does_not_take_two_steps_that_are_kept_apart(place: Place, process: Process) -> None:
    pairs = [(row, verb) for row in process.transitions for verb in row.apart_from]
    assert pairs
    for row, verb in pairs:
        place.stand(row.start[0])
        actor = place.someone(row)
        with undone():
            place.remember(verb, actor)
            assert place.answer(row, actor) == "E-SAME-PERSON", (row.verb, verb)
            assert place.answer(row, place.someone(row, other=True)) == "taken", (row.verb, verb)


@EVERY_TABLE
def test_a_step_that_wants_a_reason_is_not_taken_without(place: Place, process: Process) -> None:
    for row in steps_of(process):
        place.stand(row.start[0])
        answer = place.answer(row, place.someone(row), reason="  ")
        assert answer == ("E-REASON" if row.reason else "taken"), row.verb


def elsewhere(place: Place, role: str) -> int:
    """Open another office of the kind that has this role, in the same county."""
    kind = next(kind for kind, roles in ROLES_OF.items() if role in roles)
    return Organisation.objects.get_or_create(region_id=place.village, kind=kind, name="另一家")[0].pk


@EVERY_TABLE
def test_nobody_from_elsewhere(place: Place, process: Process) -> None:
    bound = {Role.COMMITTEE_MEMBER, *ROLES_OF[OrganisationKind.AGENCY], *ROLES_OF[OrganisationKind.BANK]}
    for row in steps_of(process):
        place.stand(row.start[0])
        for role in row.posts:
            if role == CITIZEN:
                continue  # an application moves to another place of insurance and stays the applicant's own
            actor = place.offices.at(role)
            assert place.answer(row, replace(actor, scope="110105")) == "E-SCOPE", (row.verb, role)
            if role in bound:
                assert place.answer(row, replace(actor, organisation_id=elsewhere(place, role))) == "E-SCOPE", (row.verb, role)


@EVERY_TABLE
def test_nobody_deals_with_their_own_case_and_no_citizen_with_another_s(place: Place, process: Process) -> None:
    stranger = citizen(shen(SYSTEM, region_code=place.village))
    for row in steps_of(process):
        place.stand(row.start[0])
        if CITIZEN in row.posts:
            assert place.answer(row, stranger) == "E-SCOPE", row.verb
        for role in row.posts:
            if role == CITIZEN:
                continue
            actor = place.offices.at(role)
            with undone():
                CitizenAccount.objects.filter(person=place.person).update(user_id=actor.user_id)
                assert place.answer(row, actor) == "E-OWN-CASE", (row.verb, role)
