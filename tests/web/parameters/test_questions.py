"""The open questions on the screen: default, who decides, what rests on it, and the decision of a named official."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from zhubao.access.roles import Role
from zhubao.parameters.questions import questions, settings, settle
from zhubao.programmes.models import LocalFigure
from zhubao.programmes.selectors import parameter_book
from zhubao.web.parameters.question_views import prefix_of, resting_on
from zhubao.web.parameters.words import WORDS

pytestmark = pytest.mark.django_db
ON = "on=2026-10-12"
DAY = date(2026, 10, 12)
DECISION: dict[str, Any] = {
    "area_code": "320682",
    "effective_from": "2026-01-01",
    "effective_to": "",
    "source": "皋人社函〔2026〕3号",
    "decided_by": "市人社局 周海峰",
}


@pytest.fixture
def supervisor(signed_in: Callable[[str], Client]) -> Client:
    return signed_in(Role.HRSS_SUPERVISOR)


def text(client: Client, address: str, language: str = "zh-hans") -> str:
    client.cookies["language"] = language
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_every_word_an_official_chooses_has_a_meaning() -> None:
    chosen = {word for each in questions().values() if each.alternatives for word in (each.value, *each.alternatives) if word}
    chosen |= {word for each in settings().values() for word in (each.value, *each.alternatives)}
    without = {word for word in chosen if word not in WORDS and not word.replace("-", "").isdecimal() and word}
    assert without == set()


def test_all_questions_are_listed_by_document(supervisor: Client) -> None:
    page = text(supervisor, f"/parameters/questions/?{ON}")
    assert [each for each in questions() if f'id="{each}"' not in page] == []
    assert "共 93 个问题，显示 93 个；93 个尚无人确认" in page
    assert page.count("暂按默认，尚无人确认</span>") == 93
    assert {prefix_of(each) for each in questions().values()} == {"all", "jx", "rg", "tl", "ps", "gz"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("question_id", list(questions()))
def test_every_question_renders(supervisor: Client, question_id: str, language: str) -> None:
    question = questions()[question_id]
    page = text(supervisor, f"/parameters/questions/{question_id}/?{ON}", language)
    assert "<form" in page
    for each in resting_on(question_id):
        assert f"/policies/{each.policy}/#{each.id}" in page
    assert question.id in page
    assert question.decider.in_("en" if language == "en" else "zh") in page


def test_an_unknown_question(supervisor: Client) -> None:
    assert supervisor.get("/parameters/questions/A-XX-1/").status_code == 404


@pytest.mark.clauses("rg-24", "tl-5.1b")
@pytest.mark.parametrize(
    ("question_id", "given", "value", "state"),
    [
        pytest.param("A-ALL-2", {"value": "act360"}, "act360", "已确认", id="确认默认"),
        pytest.param("A-ALL-2", {"value": "act365"}, "act365", "已另作决定", id="选另一种"),
        pytest.param("A-RG-1", {"value": "5"}, "5", "已确认", id="确认数字"),
        pytest.param("A-RG-8", {"value": "240"}, "240", "已另作决定", id="没有默认的数字"),
        pytest.param("A-RG-9", {"value": "default"}, "direct", "已确认", id="确认做法"),
        pytest.param("A-RG-9", {"value": "other", "text": "由社区代办"}, "由社区代办", "已另作决定", id="另写一种"),
        pytest.param("A-ALL-9", {"value": "default"}, questions()["A-ALL-9"].default.zh, "已确认", id="没有代码的默认"),
    ],
)
def test_an_official_decides(supervisor: Client, question_id: str, given: dict[str, str], value: str, state: str) -> None:
    response = supervisor.post(f"/parameters/questions/{question_id}/", {**DECISION, **given})
    assert response.status_code == 302
    settled = settle(parameter_book(), question_id, DAY, "320682")
    assert (settled.value, settled.confirmed) == (value, True)
    page = text(supervisor, f"/parameters/questions/{question_id}/?{ON}")
    assert state in page
    assert "皋人社函〔2026〕3号" in page
    assert "周海峰 录入" in page
    assert "92 个尚无人确认" in text(supervisor, f"/parameters/questions/?{ON}")


@pytest.mark.parametrize(
    ("question_id", "changes", "fault"),
    [
        pytest.param("A-ALL-2", {"value": "act364"}, "id_value_error", id="没有这个词"),
        pytest.param("A-ALL-2", {}, "id_value_error", id="没选"),
        pytest.param("A-RG-1", {"value": "五"}, "id_value_error", id="应为整数"),
        pytest.param("A-RG-9", {"value": "other"}, "请写明决定的内容", id="没写内容"),
        pytest.param("A-ALL-2", {"value": "act360", "source": ""}, "id_source_error", id="没有文件"),
        pytest.param("A-ALL-2", {"value": "act360", "decided_by": ""}, "id_decided_by_error", id="没有决定人"),
        pytest.param("A-ALL-2", {"value": "act360", "effective_from": ""}, "id_effective_from_error", id="没有起始日"),
        pytest.param("A-ALL-2", {"value": "act360", "area_code": "320000"}, "id_area_code_error", id="替省里定"),
    ],
)
def test_a_bad_decision_says_what_is_wrong(supervisor: Client, question_id: str, changes: dict[str, str], fault: str) -> None:
    supervisor.cookies["language"] = "zh-hans"
    response = supervisor.post(f"/parameters/questions/{question_id}/", {**DECISION, **changes})
    assert response.status_code == 422
    assert fault in response.content.decode()
    assert not LocalFigure.objects.exists()


def test_a_changed_answer_leaves_past_decisions_alone(supervisor: Client) -> None:
    address = "/parameters/questions/A-ALL-2/"
    supervisor.post(address, {**DECISION, "value": "act360"})
    before = datetime.now(UTC)
    change = {**DECISION, "value": "act365", "effective_from": "2026-07-01", "following": "on"}
    assert supervisor.post(address, change).status_code == 302
    now = parameter_book()
    assert [settle(now, "A-ALL-2", day, "320682").value for day in (date(2026, 6, 30), date(2026, 7, 1))] == ["act360", "act365"]
    assert settle(parameter_book(before), "A-ALL-2", DAY, "320682").value == "act360"


@pytest.mark.parametrize(
    ("query", "shown"),
    [("document=gz", 8), ("state=confirmed", 1), ("state=open&document=rg", 22), ("state=changed", 0)],
)
def test_filters(supervisor: Client, query: str, shown: int) -> None:
    supervisor.post("/parameters/questions/A-RG-1/", {**DECISION, "value": "5"})
    assert f"显示 {shown} 个" in text(supervisor, f"/parameters/questions/?{ON}&{query}")


def test_readers_see_no_form(signed_in: Callable[[str], Client]) -> None:
    page = text(signed_in(Role.AUDITOR), f"/parameters/questions/A-ALL-2/?{ON}")
    assert 'name="source"' not in page


def test_queries_do_not_grow_with_the_questions(
    supervisor: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for question_id in ("A-RG-1", "A-RG-8"):
        supervisor.post(f"/parameters/questions/{question_id}/", {**DECISION, "value": "5"})
    supervisor.get("/")
    with django_assert_max_num_queries(9):
        supervisor.get(f"/parameters/questions/?{ON}")
