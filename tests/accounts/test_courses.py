"""Every step of transfers, resident pensions, help to enrol and services as every post, in every state, by the same hands twice."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tests.accounts.hands import COUNTY, EVERYBODY, SYSTEM, VILLAGE, at, by, listed, resident
from zhubao.access.actors import Actor
from zhubao.access.models import AuditEntry, User
from zhubao.accounts.actions import credit
from zhubao.accounts.benefits import actions as benefits
from zhubao.accounts.benefits.models import Benefit, Ground
from zhubao.accounts.courses import Course
from zhubao.accounts.helping import actions as helping
from zhubao.accounts.helping.models import EnrolmentHelp
from zhubao.accounts.models import Source
from zhubao.accounts.self_service import actions as services
from zhubao.accounts.self_service.models import ServiceRequest
from zhubao.accounts.transfers import actions as transfers
from zhubao.accounts.transfers.checklist import CheckList, Found, items_of
from zhubao.accounts.transfers.models import Transfer
from zhubao.errors import ZhubaoError
from zhubao.parameters import Parameter
from zhubao.people.actions import open_citizen_account, record_death
from zhubao.people.models import Person
from zhubao.programmes.actions import enter_figures
from zhubao.tasks.models import Task
from zhubao.workflow import CITIZEN, Transition

pytestmark = pytest.mark.django_db
DAY = at(2022, 3, 10)
Take = Callable[[Actor], Any]
KINDS: tuple[type[Course], ...] = (Transfer, Benefit, EnrolmentHelp, ServiceRequest)
ALL_GOOD = CheckList({item: Found("good") for item in items_of("out")}, 0)
HELD = [transfers.Holding("L1", "jx-3.5d", 100)]


def steps() -> list[Any]:
    """Every step of the four tables but those that open a record."""
    return [
        pytest.param(kind, row, id=f"{kind.PREFIX}-{row.verb}") for kind in KINDS for row in kind.PROCESS.transitions if row.start
    ]


def moving(person: Person) -> Transfer:
    credit(person, Source.OWN, 120_000, on=date(2022, 1, 5), subject="receipt:1", key="1", actor=SYSTEM, now=DAY)
    return transfers.request(person, "out", "广东省深圳市", date(2022, 3, 10), key="k", actor=by("agency_intake"), now=DAY)


def of_age(person: Person) -> Benefit:
    enter_figures([standard(12_300, date(2021, 1, 1))], actor=SYSTEM, now=at(2021, 1, 1))
    return benefits.find(person, Ground.AGE, actor=SYSTEM, now=DAY)


def standard(fen: int, since: date) -> Parameter:
    return Parameter("basic_pension_fen", fen, "fen", COUNTY, since, None, source="赣人社字", decided_by="市人社局")


def ready(kind: type[Course], verb: str) -> tuple[Course, Take]:
    """Bring a record to where a step may be taken, and return it with how to take it."""
    if kind is Transfer:
        return _transfer(verb)
    if kind is ServiceRequest:
        return _service(verb)
    return _benefit(verb) if kind is Benefit else _help(verb)


def _transfer(verb: str) -> tuple[Course, Take]:
    made = moving(resident("19700310", 22))
    pk = made.pk
    if verb == "complete":
        transfers.ask_papers(pk, CheckList(), "缺身份证", actor=by("agency_reviewer"), now=DAY)
    if verb in {"lift", "except"}:
        transfers.check(pk, ALL_GOOD, HELD, actor=by("agency_reviewer"), now=DAY)
    if verb in {"move", "reopen"}:
        transfers.check(pk, ALL_GOOD, [], actor=by("agency_reviewer"), now=DAY)
    taken: dict[str, Take] = {
        "check": lambda actor: transfers.check(pk, ALL_GOOD, [], actor=actor, now=DAY),
        "ask_papers": lambda actor: transfers.ask_papers(pk, CheckList(), "缺身份证", actor=actor, now=DAY),
        "complete": lambda actor: transfers.complete(pk, actor=actor, now=DAY),
        "lift": lambda actor: transfers.lift(pk, {"L1": "JQ1"}, actor=actor, now=DAY),
        "except": lambda actor: transfers.let_go(pk, "贷款银行同意继续代扣", actor=actor, now=DAY),
        "move": lambda actor: transfers.move(pk, "函1号", date(2022, 3, 10), actor=actor, now=DAY),
        "reopen": lambda actor: transfers.reopen(pk, "月份有误", actor=actor, now=DAY),
        "refuse": lambda actor: transfers.refuse(pk, "不符合条件", actor=actor, now=DAY),
        "withdraw": lambda actor: transfers.withdraw(pk, actor=actor, now=DAY),
    }
    return made, taken[verb]


def _benefit(verb: str) -> tuple[Course, Take]:
    made = of_age(resident("19620310", 22))
    pk = made.pk
    if verb == "grant":
        benefits.apply(pk, False, actor=by("township_clerk"), now=DAY)
    if verb == "reopen":
        benefits.refuse(pk, "已领职工养老金", actor=by("agency_reviewer"), now=DAY)
    if verb == "stop":
        record_death(made.person_id, date(2022, 3, 9), "医院", actor=SYSTEM, now=DAY)
    taken: dict[str, Take] = {
        "apply": lambda actor: benefits.apply(pk, False, actor=actor, now=DAY),
        "decline": lambda actor: benefits.decline(pk, "本人在外地", actor=actor, now=DAY),
        "grant": lambda actor: benefits.grant(pk, actor=actor, now=DAY),
        "refuse": lambda actor: benefits.refuse(pk, "已领职工养老金", actor=actor, now=DAY),
        "reopen": lambda actor: benefits.reopen(pk, "查实未领", actor=actor, now=DAY),
        "stop": lambda actor: benefits.stop(pk, actor=actor, now=DAY),
    }
    return made, taken[verb]


def _help(verb: str) -> tuple[Course, Take]:
    person = resident("19800310", 22, scheme="")
    listed(person)
    helping.find_uninsured(COUNTY, actor=SYSTEM, now=DAY)
    made = EnrolmentHelp.objects.get()
    pk = made.pk
    if verb in {"again", "close"}:
        helping.settle(pk, "refused", "本人在外打工，不愿参保", actor=by("township_clerk"), now=DAY)
    taken: dict[str, Take] = {
        "contact": lambda actor: helping.contact(pk, "电话无人接", actor=actor, now=DAY),
        "settle": lambda actor: helping.settle(pk, "refused", "本人不愿参保", actor=actor, now=DAY),
        "again": lambda actor: helping.again(pk, "再联系", actor=actor, now=DAY),
        "close": lambda actor: helping.close(pk, actor=actor, now=DAY),
    }
    return made, taken[verb]


def _service(verb: str) -> tuple[Course, Take]:
    person = resident("19800310", 22, scheme="none")
    made = services.ask(person, "enrol", key="k", actor=by(CITIZEN, person), now=DAY)
    taken: dict[str, Take] = {
        "settle": lambda actor: services.settle(made.pk, "done", "已登记", actor=actor, now=DAY),
        "withdraw": lambda actor: services.withdraw(made.pk, actor=actor, now=DAY),
    }
    return made, taken[verb]


def refused(take: Take, actor: Actor, course: Course) -> str:
    """Return the code of a refusal, after making sure that it changed nothing."""

    def everything() -> list[Any]:
        fresh = type(course)._default_manager.filter(pk=course.pk).values_list()
        steps = course.steps.count()  # type: ignore[attr-defined]
        return [*fresh, steps, AuditEntry.objects.count(), Task.objects.filter(closed_at=None).count()]

    before = everything()
    with pytest.raises(ZhubaoError) as error, transaction.atomic():
        take(actor)
    assert everything() == before
    return error.value.code


def put(rows: QuerySet[Any], state: str) -> bool:
    """Put a record into a state; False where the table refuses a state without its figures."""
    try:
        with transaction.atomic():
            return bool(rows.update(state=state))
    except IntegrityError:
        return False


@pytest.mark.clauses("gz-11c")
@pytest.mark.parametrize(("kind", "row"), [each for each in steps() if "raise" not in each.id])
def test_a_step_belongs_to_its_posts_states_and_hands(kind: type[Course], row: Transition) -> None:
    course, take = ready(kind, row.verb)
    person = course.person
    for role in EVERYBODY:
        if role not in row.posts:
            assert refused(take, by(role, person), course) == "E-SCOPE", role
    for role in row.posts:
        other = by(role, resident("19660606", 31, "别人", scheme="") if role == CITIZEN else None, scope="320682")
        assert refused(take, other, course) == "E-SCOPE", role
    for verb in row.apart_from:
        earlier = course.steps.filter(verb=verb).last()  # type: ignore[attr-defined]
        if earlier is not None and earlier.user_id is not None:
            same = Actor("同一人", COUNTY, row.posts[0], user_id=earlier.user_id)
            assert refused(take, same, course) == "E-SAME-PERSON", verb
    first = by(row.posts[0], person)
    assert first.user_id is not None
    rows = type(course)._default_manager.filter(pk=course.pk)
    stood = rows.get().state
    for state in kind.PROCESS.states:
        if state.name not in row.start and put(rows, state.name):
            assert refused(take, first, course) == "E-STATE", state.name
    rows.update(state=stood)
    for role in row.posts[1:]:
        with transaction.atomic():
            take(by(role, person))
            transaction.set_rollback(True)
    take(first)
    last = course.steps.order_by("number").last()  # type: ignore[attr-defined]
    assert (last.verb, last.user_id) == (row.verb, first.user_id)
    assert row.stays or last.end in row.ends


def test_nobody_deals_with_their_own_record() -> None:
    course, take = ready(Transfer, "check")
    reviewer = by("agency_reviewer")
    open_citizen_account(User.objects.get(username=reviewer.name), course.person_id, actor=SYSTEM, now=DAY)
    assert refused(take, reviewer, course) == "E-OWN-CASE"


def test_what_waits_stands_in_the_queue_of_its_post() -> None:
    made = moving(resident("19700310", 22))
    assert list(Task.objects.values_list("kind", "role", "due_on")) == [
        ("account-transfer.check", "agency_reviewer", date(2022, 3, 30))
    ]
    transfers.check(made.pk, ALL_GOOD, HELD, actor=by("agency_reviewer"), now=DAY)
    assert list(Task.objects.filter(closed_at=None).values_list("kind", flat=True)) == ["account-transfer.lift"]
    assert made.region_code == VILLAGE
