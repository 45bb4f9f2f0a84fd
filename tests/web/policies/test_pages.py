"""The documents on the screen: every clause renders, filters narrow, figures and open questions stand where they matter."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.parameters import Parameter
from zhubao.policies import coverage
from zhubao.policies.claims import Claim
from zhubao.policies.register import clauses, documents
from zhubao.programmes.actions import enter_figures
from zhubao.web.policies.words import ACTORS, KINDS

if TYPE_CHECKING:
    from zhubao.access.models import Post

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 12, 1, tzinfo=UTC)
SYSTEM = Actor.system("test")
EVIDENCE = coverage.evidence(
    [
        Claim("rg-4.0c", "rule", "zhubao.policies.rugao.law#rg-4.0c"),
        Claim("rg-4.0a", "rule", "zhubao.policies.rugao.law#rg-4.0a"),
    ],
    {"rg-4.0c": ["tests/policies/test_rugao.py::test_years"]},
)


@pytest.fixture
def evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "shipped", lambda: EVIDENCE)


def text_of(client: Client, address: str, language: str = "zh-hans") -> str:
    client.cookies["language"] = language
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_every_code_of_the_register_has_words() -> None:
    assert set(KINDS) == {each.kind for each in clauses()}
    assert set(ACTORS) == {actor for each in clauses() for actor in each.actors}


def test_the_documents_are_public(client: Client) -> None:
    text = text_of(client, "/policies/")
    for each in documents():
        assert each.title.zh in text
        assert f"/policies/{each.policy}/" in text
    assert "征求意见稿，只作试算" in text
    assert "/parameters/" not in text


@pytest.mark.parametrize("role", list(Role))
def test_every_post_finds_the_documents(signed_in: Callable[[str], Client], role: Role) -> None:
    assert 'href="/policies/"' in text_of(signed_in(role), "/")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("document", documents(), ids=lambda each: each.policy)
def test_every_clause_renders(client: Client, document: "coverage.Document", language: str) -> None:
    text = text_of(client, f"/policies/{document.policy}/", language)
    at = [text.index(f'id="{each.id}"') for each in clauses(document.policy)]
    assert at == sorted(at)
    for each in clauses(document.policy):
        assert f'href="#{each.id}"' in text


@pytest.mark.parametrize(
    ("policy", "said", "offices"),
    [
        pytest.param("jiangxi-2020-7", ("赣人社规〔2020〕7号", "2020-12-30", "省扶贫办"), 6, id="江西",
                     marks=pytest.mark.clauses("jx-0.1")),
        pytest.param("tongling-2022-13", ("铜人社秘〔2022〕13号", "2022-01-25", "市税务局"), 4, id="铜陵",
                     marks=pytest.mark.clauses("tl-0.1")),
        pytest.param("pengshui-2022", ("2021-11-22", "2022年困难群体", "县残疾人联合会"), 6, id="彭水",
                     marks=pytest.mark.clauses("ps-0.1")),
        pytest.param("ganzhou-2021-7", ("赣市人社发〔2021〕7号", "2021-12-17", "主动公开"), 6, id="赣州",
                     marks=pytest.mark.clauses("gz-0.1")),
    ],
)  # fmt: skip
def test_number_day_and_issuing_offices_stand_at_the_head(
    client: Client, policy: str, said: tuple[str, ...], offices: int
) -> None:
    text = text_of(client, f"/policies/{policy}/")
    head = text[text.index('<div class="head">') : text.index('<div class="figures">')]
    assert [words for words in (*said, f"{offices} 个部门印发") if words not in head] == []
    assert head.count("、") == offices - 1
    assert f"Issued by {offices} offices" in text_of(client, f"/policies/{policy}/", "en")


@pytest.mark.clauses("gz-0.1")
def test_only_a_document_that_says_so_is_shown_as_openly_published(client: Client) -> None:
    assert [each.policy for each in documents() if "主动公开" in text_of(client, f"/policies/{each.policy}/")] == [
        "ganzhou-2021-7"
    ]
    listed = text_of(client, "/policies/")
    assert "赣市人社发〔2021〕7号 · 2021-12-17 印发 · 主动公开" in listed
    assert "published 2021-12-17 · openly published" in text_of(client, "/policies/", "en")


@pytest.mark.clauses("ps-0.2")
def test_the_two_documents_a_plan_rests_on_link_to_the_clauses_that_cite_them(client: Client) -> None:
    text = text_of(client, "/policies/pengshui-2022/")
    part = text[text.index('id="bases"') : text.index("</section>", text.index('id="bases"'))]
    assert re.findall(r"<b>(.*?)</b>", part) == ["渝人社发〔2018〕82号", "渝人社发〔2021〕39号"]
    cited = [re.findall(r'href="/policies/pengshui-2022/#([\w.-]+)"', row) for row in part.split("<li>")[1:]]
    assert cited == [["ps-0.2", "ps-1g", "ps-2.1b", "ps-2.2m"], ["ps-0.2", "ps-0.3", "ps-1a", "ps-2.1a"]]
    assert all(f'<section class="clause" id="{each}"' in text for row in cited for each in row)
    assert "Legal basis" in text_of(client, "/policies/pengshui-2022/", "en")
    assert 'id="bases"' not in text_of(client, "/policies/ganzhou-2021-7/")


@pytest.mark.clauses("rg-0")
def test_a_draft_stands_without_number_for_trial_only(client: Client) -> None:
    text = text_of(client, "/policies/rugao-draft/")
    assert "征求意见稿，只作试算" in text
    assert "无文号" in text
    assert "执行中" not in text


@pytest.mark.parametrize("address", ["/policies/nothing/", "/policies/rugao/"])
def test_no_such_document(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param("status=covered", ["rg-4.0c"], id="已覆盖"),
        pytest.param("words=阳光 不存在", [], id="搜不到"),
        pytest.param("words=户籍在如皋", ["rg-4.0a"], id="按要点"),
        pytest.param("words=RG-4.0C", ["rg-4.0c"], id="按编号"),
        pytest.param("words=fewer+five", ["rg-4.0c"], id="按英文"),
        pytest.param("status=covered&kind=exclusion", [], id="两个条件"),
    ],
)
def test_filters(client: Client, evidence: None, query: str, shown: list[str]) -> None:
    text = text_of(client, f"/policies/rugao-draft/?{query}")
    assert [each.id for each in clauses("rugao-draft") if f'id="{each.id}"' in text] == shown
    assert ("没有符合条件的条款" in text) == (not shown)


def test_unreadable_filters_show_everything(client: Client) -> None:
    text = text_of(client, "/policies/rugao-draft/?status=x&kind=y&on=2026-13-40")
    assert all(f'id="{each.id}"' in text for each in clauses("rugao-draft"))


def test_missing_ones_first_on_demand(client: Client, evidence: None) -> None:
    text = text_of(client, "/policies/rugao-draft/?missing_first=1")
    assert text.index('id="rg-4.0a"') < text.index('id="rg-4.0c"')
    last_missing = max(text.index(f'id="{each.id}"') for each in clauses("rugao-draft") if EVIDENCE.status(each) == "missing")
    assert last_missing < text.index('id="rg-4.0c"')


def test_what_carries_a_clause_out(client: Client, evidence: None) -> None:
    text = text_of(client, "/policies/rugao-draft/?words=rg-4.0c")
    assert "zhubao.policies.rugao.law#rg-4.0c" in text
    assert "tests/policies/test_rugao.py::test_years" in text
    assert "1 个测试" in text


def test_figures_stand_with_their_source_and_date(client: Client) -> None:
    text = text_of(client, "/policies/tongling-2022-13/?words=tl-3.3b&on=2026-10-12")
    assert "五年以上基准利率" in text
    assert "4.9%" in text
    assert "2015-10-24" in text


def test_an_unverified_figure_is_marked(client: Client) -> None:
    """The short benchmark tenors of 2012 rest on one unchecked series."""
    text = text_of(client, "/policies/tongling-2022-13/?words=tl-3.3b&on=2012-01-01")
    assert "未经核实" in text


def test_a_missing_figure_is_named(client: Client) -> None:
    text = text_of(client, "/policies/rugao-draft/?on=2026-10-12")
    assert "待录入" in text
    assert "lowest_tier_monthly_fen" in text


def test_an_open_question_shows_its_answer(client: Client) -> None:
    address = "/policies/jiangxi-2020-7/?words=jx-2.4a&on=2026-10-12"
    assert "暂按默认，尚无人确认" in text_of(client, address)
    answer = Parameter(
        "setting.A-ALL-4", "lpr_5y", "text", "360000", date(2026, 1, 1), None, "赣人社函〔2026〕3号", decided_by="省厅 王"
    )
    enter_figures([answer], actor=SYSTEM, now=NOW)
    text = text_of(client, address)
    assert "五年期以上LPR" in text
    assert "赣人社函〔2026〕3号" in text


@pytest.mark.parametrize(
    ("extension", "words"),
    [
        pytest.param(None, "执行期已过", id="已过期"),
        pytest.param("2027-12-31", "延长执行至 2027-12-31，依据：渝人社发〔2026〕9号", id="已延长"),
    ],
)
def test_a_document_past_its_term(client: Client, extension: str | None, words: str) -> None:
    if extension:
        entry = Parameter(
            "setting.extended_to",
            extension,
            "text",
            "500243",
            date(2022, 1, 1),
            None,
            "渝人社发〔2026〕9号",
            decided_by="县人社局",
        )
        enter_figures([entry], actor=SYSTEM, now=NOW)
    assert words in text_of(client, "/policies/pengshui-2022/?on=2026-10-12")


@pytest.mark.parametrize("address", ["/policies/", "/policies/jiangxi-2020-7/"])
def test_two_queries_whatever_the_length(client: Client, address: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """The county's own figures, and whether the data is a demonstration."""
    client.get(address)
    with django_assert_num_queries(2):
        client.get(address)


def test_a_clerk_of_the_county_sees_the_county_s_figures(
    signed_in: Callable[[str], Client], post_of: "Callable[[str], Post]"
) -> None:
    client = signed_in(Role.AGENCY_INTAKE)
    entry = Parameter(
        "lowest_tier_monthly_fen", 102_000, "fen", "320682", date(2026, 1, 1), None, "皋人社发〔2026〕1号", decided_by="市人社局"
    )
    enter_figures([entry], actor=post_of(Role.AGENCY_APPROVER).actor(), now=NOW)
    assert "1,020.00 元" in text_of(client, "/policies/rugao-draft/?on=2026-10-12")
