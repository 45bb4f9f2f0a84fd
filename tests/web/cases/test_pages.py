"""The queue, the lists, the case and its steps, as the posts of a county meet them."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cases import loan_lives
from tests.cases.lives import at
from tests.cases.offices import JIANGXI_COUNTY, Offices, ask, open_offices
from tests.people.tables import SYSTEM, number
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.cases.actions import agency
from zhubao.cases.models import Case
from zhubao.people.actions import register_person
from zhubao.people.models import CitizenAccount
from zhubao.programmes.selectors import parameter_book
from zhubao.tasks.deadlines import deadline
from zhubao.web.cases.steps.framework import page_of
from zhubao.web.cases.subjects import named

from .conftest import MONDAY, desk


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field of a form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden {name}"
    return found[1]


def opened(client: Client, case: Case, verb: str) -> dict[str, str]:
    """Open the form of a step and return what its hidden fields hold."""
    page = client.get(f"/cases/{case.number}/steps/{verb}/").content.decode()
    return {"seen": hidden(page, "seen"), "key": hidden(page, "key")}


def test_a_case_goes_from_the_queue_to_both_decisions(jiangxi: Offices) -> None:
    loan_lives.figures()
    case = loan_lives.handed_in(jiangxi, loan_lives.man())
    reviewer, approver = desk(jiangxi, Role.AGENCY_REVIEWER), desk(jiangxi, Role.AGENCY_APPROVER)
    assert case.number in reviewer.get("/cases/").content.decode()
    sent = opened(reviewer, case, "propose")
    assert reviewer.post(f"/cases/{case.number}/steps/propose/", sent).status_code == 302
    assert f'/cases/{case.number}/"' not in reviewer.get("/cases/").content.decode()
    sent = opened(approver, case, "decide")
    assert approver.post(f"/cases/{case.number}/steps/decide/", {**sent, "outcome": "granted"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "loan_qualified"
    assert [(each.kind, each.outcome) for each in case.decisions.all()] == [("loan", "granted"), ("subsidy", "granted")]
    for each in case.decisions.all():
        assert approver.get(f"/cases/{case.number}/decisions/{each.pk}/").status_code == 200


Clock = Callable[[datetime], None]


def take(client: Client, case: Case, verb: str, **values: Any) -> Any:
    """Open the form of a step and send it."""
    return client.post(f"/cases/{case.number}/steps/{verb}/", {**opened(client, case, verb), **values})


@pytest.fixture
def filed(jiangxi: Offices) -> Case:
    """Return a Jiangxi application waiting for its review."""
    loan_lives.figures()
    return loan_lives.handed_in(jiangxi, loan_lives.man())


def test_somebody_was_faster(jiangxi: Offices, filed: Case) -> None:
    first, second = desk(jiangxi, Role.AGENCY_REVIEWER), desk(jiangxi, Role.AGENCY_REVIEWER, other=True)
    mine, yours = opened(first, filed, "propose"), opened(second, filed, "return")
    assert first.post(f"/cases/{filed.number}/steps/propose/", mine).status_code == 302
    answer = second.post(f"/cases/{filed.number}/steps/return/", {**yours, "reason": "地址不全"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "已有人先办" in page
    assert jiangxi.post(Role.AGENCY_REVIEWER).user.name in page
    assert "待核定" in page
    filed.refresh_from_db()
    assert (filed.state, filed.steps_taken) == ("proposed", 3)
    # The first click sent once more does nothing and leads to the case.
    assert first.post(f"/cases/{filed.number}/steps/propose/", mine).status_code == 302
    filed.refresh_from_db()
    assert filed.steps_taken == 3


def test_a_refused_step_says_why_at_its_form_and_changes_nothing(jiangxi: Offices, filed: Case) -> None:
    take(desk(jiangxi, Role.AGENCY_REVIEWER), filed, "propose")
    approver = desk(jiangxi, Role.AGENCY_APPROVER)
    before = AuditEntry.objects.count()
    for values, words in (
        ({}, "这个字段是必填项"),
        ({"outcome": "refused", "reason": "不够"}, "条款"),
        ({"outcome": "refused", "clause": "jx-1.1a", "reason": "户籍不符"}, "符合"),
        ({"outcome": "granted", "subsidy": "pending"}, "证据齐备"),
    ):
        answer = take(approver, filed, "decide", **values)
        assert answer.status_code == 422
        assert words in answer.content.decode(), values
    filed.refresh_from_db()
    assert (filed.state, filed.decisions.count(), AuditEntry.objects.count()) == ("proposed", 0, before)


def test_the_same_hands_do_not_propose_and_decide(jiangxi: Offices, filed: Case) -> None:
    """Who reviewed and then took over the approving post is told that another person must decide."""
    take(desk(jiangxi, Role.AGENCY_REVIEWER), filed, "propose")
    reviewer = jiangxi.post(Role.AGENCY_REVIEWER)
    post = jiangxi.post(Role.AGENCY_APPROVER)
    reviewer.closed_at = MONDAY
    reviewer.save()
    post.user = reviewer.user
    post.save()
    approver = desk(jiangxi, Role.AGENCY_APPROVER)
    page = approver.get(f"/cases/{filed.number}/").content.decode()
    assert "须由另一人办理" in page
    assert f"/cases/{filed.number}/steps/decide/" not in page
    answer = take(approver, filed, "decide", outcome="granted")
    assert answer.status_code == 422
    assert "须由另一人办理" in answer.content.decode()


@pytest.mark.clauses("jx-5.1b")
def test_nobody_opens_what_is_not_theirs(jiangxi: Offices, filed: Case) -> None:
    elsewhere = open_offices("360702")
    assert desk(elsewhere, Role.AGENCY_REVIEWER).get(f"/cases/{filed.number}/").status_code == 403
    assert desk(jiangxi, Role.TAX_CLERK).get("/cases/").status_code == 200
    assert desk(jiangxi, Role.TAX_CLERK).get("/cases/all/").status_code == 403
    assert desk(jiangxi, Role.FINANCE_CLERK).get(f"/cases/{filed.number}/steps/propose/").status_code == 403
    assert desk(jiangxi, Role.AGENCY_INTAKE).get("/cases/late/").status_code == 403
    reviewer = desk(jiangxi, Role.AGENCY_REVIEWER)
    assert reviewer.get("/cases/JX360281-2026-999999/").status_code == 404
    assert reviewer.get(f"/cases/{filed.number}/steps/dance/").status_code == 404
    assert reviewer.get(f"/cases/{filed.number}/decisions/1/").status_code == 404
    assert Client().get(f"/cases/{filed.number}/").status_code == 302
    CitizenAccount.objects.create(user=jiangxi.post(Role.AGENCY_REVIEWER).user, person=filed.person, opened_at=MONDAY)
    reviewer.post("/choose-post/", {"post": jiangxi.post(Role.AGENCY_REVIEWER).pk})
    assert "不能办理本人的申请" in reviewer.get(f"/cases/{filed.number}/steps/propose/").content.decode()


def test_name_and_number_in_full_only_for_a_reason_that_is_noted(jiangxi: Offices, filed: Case) -> None:
    whole = number("19680903", 17, JIANGXI_COUNTY)
    reviewer = desk(jiangxi, Role.AGENCY_REVIEWER)
    page = reviewer.get(f"/cases/{filed.number}/").content.decode()
    assert whole not in page
    assert "沈志远" not in page
    assert whole not in reviewer.post(f"/cases/{filed.number}/identity/", {"reason": " "}, follow=True).content.decode()
    assert reviewer.get(f"/cases/{filed.number}/identity/").status_code == 405
    page = reviewer.post(f"/cases/{filed.number}/identity/", {"reason": "核对身份证"}).content.decode()
    assert whole in page
    assert "沈志远" in page
    assert AuditEntry.objects.get(action="person.number_seen").reason == "核对身份证"


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        pytest.param(number("19680903", 17, JIANGXI_COUNTY), "/cases/{number}/", id="身份证号"),
        pytest.param("jx360281-2026-000001", "/cases/{number}/", id="个案编号"),
        pytest.param("沈志", "/cases/all/?search=%E6%B2%88%E5%BF%97", id="姓名开头"),
        pytest.param(number("19690903", 17, JIANGXI_COUNTY), "/cases/all/?person=0", id="没有申请的人"),
        pytest.param("36028119680903017", "/cases/all/?person=0", id="少一位的号码"),
    ],
)
def test_searching_puts_no_citizen_number_into_an_address(jiangxi: Offices, filed: Case, asked: str, leads: str) -> None:
    answer = desk(jiangxi, Role.AGENCY_REVIEWER).post("/cases/all/search/", {"search": asked})
    assert answer.headers["Location"] == leads.format(number=filed.number)


def test_the_list_is_narrowed_and_taken_away_masked(jiangxi: Offices, filed: Case) -> None:
    import fastexcel

    reviewer = desk(jiangxi, Role.AGENCY_REVIEWER)
    for query, found in (
        ("?search=沈", True),
        ("?search=陈", False),
        ("?state=submitted", True),
        ("?state=draft", False),
        ("?state=open", True),
    ):
        assert (f"/cases/{filed.number}/" in reviewer.get(f"/cases/all/{query}").content.decode()) is found, query
    for address, action in (("/cases/all/list.xlsx", "list:cases"), ("/cases/queue.xlsx", "list:queue")):
        content = b"".join(reviewer.get(address).streaming_content)  # type: ignore[attr-defined]
        rows = fastexcel.read_excel(content).load_sheet(0, dtypes="string").to_arrow().to_pylist()
        assert list(rows[0].values())[:2] == [filed.number, "沈**"]
        assert "沈志远" not in str(rows)
        assert AuditEntry.objects.get(subject=action).after == {"rows": 1}


@pytest.mark.clauses("jx-2.2d")
def test_what_is_late_by_office_and_step(jiangxi: Offices, filed: Case, clock: Clock) -> None:
    clock(at("2026-10-23"))
    page = desk(jiangxi, Role.HRSS_SUPERVISOR).get("/cases/late/").content.decode()
    assert filed.number in page
    assert "超期 4 个工作日" in page
    assert "2026-10-23 已超期 1 项" in page
    assert desk(jiangxi, Role.AUDITOR).get("/cases/late/list.xlsx").status_code == 200
    page = desk(jiangxi, Role.AGENCY_REVIEWER).get("/cases/?late=1").content.decode()
    assert 'tr class="late"' in page


def test_a_due_date_is_told_as_of_the_day_and_in_the_language(jiangxi: Offices, filed: Case, clock: Clock) -> None:
    """What a list keeps of a due date is the words of one day and one language."""
    for day, chinese, english in (
        ("2026-10-13", "剩 4 个工作日", "4 working days left"),
        ("2026-10-23", "超期 4 个工作日", "4 working days late"),
        ("2026-10-13", "剩 4 个工作日", "4 working days left"),
    ):
        clock(at(day))
        for language, words in (("zh-hans", chinese), ("en", english)):
            page = desk(jiangxi, Role.AGENCY_REVIEWER, language=language).get("/cases/").content.decode()
            assert words in page


def test_a_year_without_a_calendar_says_so(jiangxi: Offices, clock: Clock) -> None:
    loan_lives.figures()
    case = loan_lives.handed_in(jiangxi, loan_lives.man())
    from zhubao.tasks.models import Task

    Task.objects.filter(subject=case.subject).update(
        due_on=None,
        due_arithmetic={
            "start": "2031-01-05", "count": 5, "kind": "working", "due": None, "days": [], "setting": "case_decision_days",
            "source": None, "missing": {"zh": "没有 2031 年的放假安排", "en": "no calendar of 2031"},
        },
    )  # fmt: skip
    page = desk(jiangxi, Role.AGENCY_REVIEWER).get("/cases/").content.decode()
    assert "缺放假安排，无法计算" in page
    assert "没有 2031 年的放假安排" in page
    supposed = deadline("case_decision_days", 5, "working", date(2031, 1, 5), "360702", parameter_book())
    Task.objects.filter(subject=case.subject).update(due_on=supposed.due_on, due_arithmetic=supposed.arithmetic)
    page = desk(jiangxi, Role.AGENCY_REVIEWER).get("/cases/").content.decode()
    assert "2031-01-10" in page
    assert "2031 年放假安排尚未公布，暂只扣除周末" in page


def test_as_decided_tells_what_has_changed_since(jiangxi: Offices, filed: Case, clock: Clock) -> None:
    take(desk(jiangxi, Role.AGENCY_REVIEWER), filed, "propose")
    take(desk(jiangxi, Role.AGENCY_APPROVER), filed, "decide", outcome="granted")
    clock(at("2026-10-20"))
    approver = desk(jiangxi, Role.AGENCY_APPROVER)
    loan_lives.insured(filed.person, "employee_pension", JIANGXI_COUNTY, 161, account_fen=30_000_00)
    page = approver.get(f"/cases/{filed.number}/decisions/{filed.decisions.get(kind='loan').pk}/").content.decode()
    assert "结论与当时完全一致" in page
    assert "13年4个月" in page
    assert "13年5个月" in page


def test_every_step_that_waits_for_staff_has_a_form() -> None:
    from zhubao.cases.states import PROCESSES
    from zhubao.workflow import CITIZEN

    without = [
        (process.policy_id, row.verb)
        for process in PROCESSES.values()
        for row in process.transitions
        if row.start and set(row.posts) & {"agency_intake", "agency_reviewer", "agency_approver", "hrss_supervisor"} - {CITIZEN}
        if page_of(process.policy_id, row.verb) is None
    ]
    assert without == []


def test_a_subject_nobody_reads_is_left_as_it_is(jiangxi: Offices, filed: Case) -> None:
    known = named([filed.subject, "meteor:7"])
    assert list(known) == [filed.subject]
    assert (known[filed.subject].address, known[filed.subject].person) == (f"/cases/{filed.number}/", "沈**")


def queries(client: Client, address: str) -> int:
    """Return how many queries a page asks, once what is kept between requests is there."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_ask_as_many_queries_for_many_cases_as_for_one(jiangxi: Offices, filed: Case) -> None:
    reviewer, approver = desk(jiangxi, Role.AGENCY_REVIEWER), desk(jiangxi, Role.AGENCY_APPROVER)
    one = {address: queries(reviewer, address) for address in ("/cases/", "/cases/all/", f"/cases/{filed.number}/")}
    for serial in range(21, 26):
        person = register_person(
            number("19680904", serial, JIANGXI_COUNTY), f"沈{serial}", region_code=JIANGXI_COUNTY, actor=SYSTEM, now=MONDAY
        )
        loan_lives.handed_in(jiangxi, person)
    assert {address: queries(reviewer, address) for address in one} == one
    assert one == {"/cases/": 8, "/cases/all/": 7, f"/cases/{filed.number}/": 20}
    agency.propose(filed.pk, request=ask(), actor=jiangxi.at(Role.AGENCY_REVIEWER), now=MONDAY)
    agency.decide(filed.pk, "granted", request=ask(), actor=jiangxi.at(Role.AGENCY_APPROVER), now=MONDAY)
    assert queries(reviewer, f"/cases/{filed.number}/") <= 24
    assert queries(approver, "/cases/late/") <= 9


def test_who_decides_reads_the_clauses_as_they_were_proposed(jiangxi: Offices, filed: Case, clock: Any) -> None:
    agency.propose(filed.pk, request=ask(), actor=jiangxi.at(Role.AGENCY_REVIEWER), now=MONDAY)
    clock(at("2026-10-14"))
    page = desk(jiangxi, Role.AGENCY_APPROVER).get(f"/cases/{filed.number}/steps/decide/").content.decode()
    assert "2026-10-12 拟定时" in page
    assert "逐条核对（截至今天）" not in page
