"""What is past its day is told to whoever owes it and to whoever answers for them, once."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from zhubao.access.actors import Actor
from zhubao.access.models import Post
from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.notices.models import Notice
from zhubao.notices.selectors import notices_for_post
from zhubao.procedures.overdue import supervise_overdue
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.deadlines import Deadline
from zhubao.tasks.kinds import declare

NOW = datetime(2026, 3, 10, 6, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY, DUE = date(2026, 3, 10), date(2026, 3, 9)
SYSTEM = Actor.system("test")
KIND = declare("test.overdue", Text("审查贷款申请", "review a loan application"))
PostOf = Callable[[str], Post]


def opened(
    role: str, *, due: date | None = DUE, subject: str = "case:1", organisation: int | None = None, region: str = "320682"
) -> None:
    open_task(
        KIND,
        subject,
        region_code=region,
        role=role,
        organisation_id=organisation,
        deadline=Deadline(due, {}, ""),
        actor=SYSTEM,
        now=NOW,
    )


def supervise(on: date = DAY) -> int:
    return supervise_overdue(on, actor=SYSTEM, now=NOW)


@pytest.mark.clauses("gz-11d")
@pytest.mark.parametrize(
    ("owner", "above"),
    [
        pytest.param(Role.AGENCY_REVIEWER, Role.AGENCY_APPROVER, id="经办人员，由核定人员督办"),
        pytest.param(Role.AGENCY_APPROVER, Role.HRSS_SUPERVISOR, id="核定人员，由人社局督办"),
        pytest.param(Role.BANK_REVIEWER, Role.HRSS_SUPERVISOR, id="银行，由人社局督办"),
        pytest.param(Role.COMMITTEE_MEMBER, Role.HRSS_SUPERVISOR, id="村委会，由人社局督办"),
    ],
)
@pytest.mark.parametrize("named", [True, False], ids=["指定单位", "未指定单位"])
def test_owner_and_superior_are_told(post_of: PostOf, owner: Role, above: Role, named: bool) -> None:
    post = post_of(owner)
    opened(owner, organisation=post.organisation_id if named else None, region=post.scope_id)
    assert supervise() == 2
    for role in (owner, above):
        (notice,) = notices_for_post(post_of(role).actor())
        assert notice.text == "审查贷款申请（case:1）应于 2026-03-09 前办结，已超期 1 天。"
    assert not notices_for_post(post_of(Role.AUDITOR).actor()).exists()


def test_nothing_is_told_twice_or_too_early(post_of: PostOf) -> None:
    opened(Role.AGENCY_REVIEWER)
    opened(Role.AGENCY_REVIEWER, due=None, subject="case:2")
    assert supervise(DUE) == 0
    assert supervise() == 2
    assert supervise(date(2026, 4, 1)) == 0
    close_tasks("case:1", actor=SYSTEM, now=NOW)
    opened(Role.AGENCY_REVIEWER)
    assert supervise() == 2
    assert Notice.objects.count() == 4


def test_another_place_is_not_told(post_of: PostOf) -> None:
    opened(Role.AGENCY_REVIEWER, region="360702")
    assert supervise() == 0
    opened(Role.AGENCY_REVIEWER, subject="case:2")
    assert supervise_overdue(DAY, actor=Actor.system("test", "36"), now=NOW) == 0
