"""Whose queue a task stands in, when it is late, and that nothing is opened or closed twice."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from zhubao.access.actions import add_organisation
from zhubao.access.actors import Actor
from zhubao.access.models import Post, Region
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import ParameterBook
from zhubao.tasks import queues
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.deadlines import Deadline, deadline
from zhubao.tasks.kinds import declare, title_of
from zhubao.tasks.models import Task
from zhubao.tasks.queues import KindCount, counts_by_kind, queue_of
from zhubao.tasks.selectors import late, tasks_about, waiting_for

NOW = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
RUGAO, TOWNSHIP, ELSEWHERE = "320682", "320682108", "360702"
SYSTEM = Actor.system("test")
REVIEW = declare("test.bank_review", Text("审查贷款申请", "review a loan application"))
DECIDE = declare("test.decide", Text("审核申请", "decide on an application"))
PostOf = Callable[[str], Post]


def opened(
    subject: str = "case:1",
    kind: str = DECIDE,
    *,
    role: str = Role.AGENCY_REVIEWER,
    organisation: int | None = None,
    region: str = RUGAO,
    due: date | None = None,
) -> Task:
    until = Deadline(due, {"due": str(due)}, "A-ALL-9")
    return open_task(
        kind, subject, region_code=region, role=role, organisation_id=organisation, deadline=until, actor=SYSTEM, now=NOW
    )


def subjects(actor: Actor) -> list[str]:
    return [task.subject for task in waiting_for(actor)]


@pytest.mark.django_db
def test_an_open_task_is_not_opened_twice() -> None:
    task = opened(due=date(2026, 3, 9))
    assert opened(due=date(2026, 4, 1)).pk == task.pk
    assert Task.objects.get().due_on == date(2026, 3, 9)
    assert close_tasks("case:1", actor=SYSTEM, now=NOW) == 1
    assert opened().pk != task.pk


@pytest.mark.django_db
def test_the_database_refuses_a_second_open_task() -> None:
    task = opened()
    task.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        task.save(force_insert=True)


@pytest.mark.django_db
def test_closing_some_kinds_leaves_the_others(post_of: PostOf) -> None:
    opened()
    opened(kind=REVIEW, role=Role.BANK_REVIEWER)
    opened("case:2")
    actor = post_of(Role.AGENCY_REVIEWER).actor()
    assert close_tasks("case:1", [DECIDE], actor=actor, now=NOW + timedelta(days=1)) == 1
    assert close_tasks("case:1", [DECIDE], actor=actor, now=NOW + timedelta(days=2)) == 0
    assert [(task.kind, task.closed_at, task.closed_by_id) for task in tasks_about("case:1")] == [
        (DECIDE, NOW + timedelta(days=1), actor.user_id),
        (REVIEW, None, None),
    ]
    assert subjects(actor) == ["case:2"]


def test_a_kind_has_a_title() -> None:
    assert title_of(REVIEW).zh == "审查贷款申请"
    assert declare(REVIEW, Text("审查贷款申请", "review a loan application")) == REVIEW
    with pytest.raises(ValueError, match=r"test\.bank_review"):
        declare(REVIEW, Text("别的", "something else"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "role", "code"), [("test.nothing", Role.AUDITOR, "E-TASK-KIND"), (REVIEW, "nobody", "E-TASK-ROLE")]
)
def test_refused_tasks(kind: str, role: str, code: str) -> None:
    with pytest.raises(ZhubaoError, match=code):
        opened(kind=kind, role=role)
    assert not Task.objects.exists()


def test_the_queue_of_a_region(post_of: PostOf) -> None:
    for subject, region in (("case:1", RUGAO), ("case:2", TOWNSHIP), ("case:3", ELSEWHERE)):
        opened(subject, region=region)
    opened("case:4", role=Role.AGENCY_APPROVER)
    assert subjects(post_of(Role.AGENCY_REVIEWER).actor()) == ["case:1", "case:2"]
    assert subjects(post_of(Role.AGENCY_APPROVER).actor()) == ["case:4"]
    assert subjects(Actor.system("count", "36")) == ["case:3"]
    assert len(subjects(SYSTEM)) == 4


def test_a_task_of_a_bank_is_in_no_other_bank_s_queue(post_of: PostOf) -> None:
    reviewer = post_of(Role.BANK_REVIEWER)
    county = Region.objects.get(pk=RUGAO)
    other = add_organisation(county, OrganisationKind.BANK, "另一家银行", actor=SYSTEM, now=NOW)
    opened("case:1", REVIEW, role=Role.BANK_REVIEWER, organisation=reviewer.organisation_id)
    opened("case:2", REVIEW, role=Role.BANK_REVIEWER, organisation=other.pk)
    opened("case:3", REVIEW, role=Role.BANK_REVIEWER, organisation=reviewer.organisation_id, region=ELSEWHERE)
    assert subjects(reviewer.actor()) == ["case:1", "case:3"]


def test_a_village_sees_its_task_although_the_person_is_insured_in_the_county(post_of: PostOf) -> None:
    member = post_of(Role.COMMITTEE_MEMBER)
    opened(role=Role.COMMITTEE_MEMBER, organisation=member.organisation_id)
    assert member.scope_id.startswith(RUGAO)
    assert member.scope_id != RUGAO
    assert subjects(member.actor()) == ["case:1"]


def test_the_earliest_day_stands_first_and_no_day_last(post_of: PostOf) -> None:
    for subject, due in (("case:1", None), ("case:2", date(2026, 3, 9)), ("case:3", date(2026, 3, 5))):
        opened(subject, due=due)
    assert subjects(post_of(Role.AGENCY_REVIEWER).actor()) == ["case:3", "case:2", "case:1"]


@pytest.mark.clauses("jx-2.2d")
def test_a_bank_review_is_late_on_the_sixth_working_day(post_of: PostOf) -> None:
    reviewer, supervisor = post_of(Role.BANK_REVIEWER), post_of(Role.HRSS_SUPERVISOR).actor()
    until = deadline("bank_review_days", 5, "working", date(2026, 3, 2), RUGAO, ParameterBook.built_in())
    open_task(
        REVIEW,
        "case:1",
        region_code=RUGAO,
        role=Role.BANK_REVIEWER,
        organisation_id=reviewer.organisation_id,
        deadline=until,
        actor=SYSTEM,
        now=NOW,
    )
    assert until.due_on == date(2026, 3, 9)
    for actor in (supervisor, reviewer.actor()):
        assert list(late(actor, date(2026, 3, 9))) == []
        assert [task.subject for task in late(actor, date(2026, 3, 10))] == ["case:1"]
    assert list(late(post_of(Role.AGENCY_REVIEWER).actor(), date(2026, 3, 10))) == []


def test_a_supervisor_sees_no_other_county(post_of: PostOf) -> None:
    opened(region=ELSEWHERE, due=date(2026, 3, 1))
    assert list(late(post_of(Role.HRSS_SUPERVISOR).actor(), date(2026, 3, 10))) == []


def test_counts_in_one_query(post_of: PostOf) -> None:
    for number, due in enumerate((date(2026, 3, 1), date(2026, 3, 9), None)):
        opened(f"case:{number}", due=due)
    opened("case:9", REVIEW)
    opened("case:8", REVIEW, role=Role.BANK_REVIEWER)
    with CaptureQueriesContext(connection) as queries:
        found = counts_by_kind(post_of(Role.AGENCY_REVIEWER).actor(), date(2026, 3, 9))
    assert found == [KindCount(DECIDE, 3, 1), KindCount(REVIEW, 1, 0)]
    assert [each.title.zh for each in found] == ["审核申请", "审查贷款申请"]
    assert sum("tasks_task" in query["sql"] for query in queries) == 1


def test_a_page_of_the_queue_is_the_same_as_the_whole(post_of: PostOf) -> None:
    """What the own office and what any office of the region is to do stand in one order."""
    post = post_of(Role.AGENCY_REVIEWER)
    for number in range(12):
        day = None if number % 5 == 0 else date(2026, 3, 1 + number * 7 % 12)
        opened(
            f"case:{number}", REVIEW if number % 4 else DECIDE, organisation=post.organisation_id if number % 3 else None, due=day
        )
    opened("case:elsewhere", region=ELSEWHERE)
    opened("case:approver", role=Role.AGENCY_APPROVER)
    actor, on = post.actor(), date(2026, 3, 7)
    whole = list(waiting_for(actor))
    queue = queue_of(actor, 12)
    assert [queue[:5], queue[5:10], queue[10:15]] == [whole[:5], whole[5:10], whole[10:]]
    assert queue_of(actor, 3, kinds=[DECIDE])[:50] == [task for task in whole if task.kind == DECIDE]
    assert queue_of(actor, 9, late_on=on)[:50] == list(late(actor, on))
    counts = {each.kind: (each.waiting, each.late) for each in counts_by_kind(actor, on)}
    assert counts == {
        kind: (sum(task.kind == kind for task in whole), sum(task.kind == kind for task in late(actor, on)))
        for kind in (REVIEW, DECIDE)
    }
    everything = queue_of(SYSTEM, 14)
    assert len(list(everything)) == len(everything) == sum(each.waiting for each in counts_by_kind(SYSTEM, on)) == 14


def test_a_long_queue_is_counted_up_to_a_limit(post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "COUNTED", 2)
    for number in range(5):
        opened(f"case:{number}", due=date(2026, 3, 1))
    assert counts_by_kind(post_of(Role.AGENCY_REVIEWER).actor(), date(2026, 3, 9)) == [KindCount(DECIDE, 3, 3)]
