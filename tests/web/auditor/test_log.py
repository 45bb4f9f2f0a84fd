"""The audit log as an auditor reads it: narrowed, page by page, taken out, and its chain checked."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.models import AuditEntry, Post
from zhubao.access.roles import Role
from zhubao.web.auditor import chain as chain_page
from zhubao.web.auditor.words import changes, subject_said

Posts = Callable[[str], Post]
SignIn = Callable[[str], Client]
SYSTEM = Actor.system("month-end")
LOG = "/auditor/log/"


@pytest.fixture
def auditor(signed_in: SignIn, post_of: Posts) -> Client:
    """Return an auditor's browser, after a few things were done here and elsewhere."""
    now = timezone.now()
    clerk = post_of(Role.AGENCY_REVIEWER).actor()
    record("figure.entered", "figure:CN/tier", actor=clerk, now=now, region_code="320682", after={"amount_fen": 2764800})
    record("post.closed", "post:77", actor=clerk, now=now, region_code="320682108", before={"role": "certifier"}, reason="调离")
    record("month.closed", "month:2026-10", actor=SYSTEM, now=now, region_code="320682", after={"loans": 12})
    record("figure.entered", "figure:old", actor=clerk, now=now - timedelta(days=60), region_code="320682")
    record("figure.entered", "figure:elsewhere", actor=clerk, now=now, region_code="320681", after={"name": "邻县的事"})
    return signed_in(Role.AUDITOR)


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_what_was_done_here_is_shown_in_words(auditor: Client) -> None:
    page = text(auditor.get(LOG))
    assert "停用岗位" in page
    assert "<del>身份认定岗</del>" in page
    assert "27,648.00" in page
    assert "调离" in page
    assert "month.closed" in page, "an action without words is shown by its code"
    assert "月末结账" in page, "the work the system did by itself is named in words"
    assert "邻县的事" not in page
    assert "figure:old" not in page


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        pytest.param("action=post.closed", "post:77", "month:2026-10", id="操作"),
        pytest.param("action=month.closed", "month:2026-10", "post:77", id="没有词的操作"),
        pytest.param("person=month-end", "month:2026-10", "post:77", id="系统"),
        pytest.param("person=agency-reviewer", "post:77", "month:2026-10", id="用户名"),
        pytest.param("subject=month:", "month:2026-10", "post:77", id="对象"),
        pytest.param("region=320682108", "post:77", "month:2026-10", id="乡镇代码"),
        pytest.param("region=东陈镇", "post:77", "month:2026-10", id="乡镇名称"),
        pytest.param("first=2000-01-01", "figure:old", "邻县", id="更早"),
    ],
)
def test_narrowed(auditor: Client, query: str, there: str, gone: str) -> None:
    page = text(auditor.get(f"{LOG}?{query}"))
    kind, _colon, name = there.partition(":")
    assert (there in page) or (subject_said(there) in page) or name in page, kind
    assert gone not in page.split("<tbody>")[1]


def test_days_that_cannot_be(auditor: Client) -> None:
    response = auditor.get(f"{LOG}?first=2026-10-02&last=2026-10-01")
    assert response.status_code == 422
    assert "结束日期早于开始日期" in text(response)


def test_a_region_outside_is_refused_not_empty(auditor: Client) -> None:
    assert auditor.get(f"{LOG}?region=320681").status_code == 403
    assert auditor.get(f"{LOG}?region=别处").status_code == 422
    assert auditor.get("/auditor/chain/320681/").status_code == 403
    assert auditor.get("/auditor/log.xlsx?region=320681").status_code == 403


def test_page_by_page_and_filters_stay(auditor: Client) -> None:
    for number in range(60):
        record("case.opened", f"case:{number}", actor=SYSTEM, now=timezone.now(), region_code="320682")
    page = text(auditor.get(f"{LOG}?action=case.opened&page=2"))
    assert page.count('data-label="时间"') == 10
    assert "?action=case.opened&amp;page=1" in page


def test_the_workbook_holds_the_same_and_the_log_says_who_took_it(auditor: Client) -> None:
    import fastexcel

    response = auditor.get("/auditor/log.xlsx?action=post.closed")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    sheet = fastexcel.read_excel(io.BytesIO(content).read()).load_sheet(0, dtypes="string").to_arrow().to_pylist()
    assert [(row["操作代码"], row["对象"], row["原因"]) for row in sheet] == [("post.closed", "岗位 77", "调离")]
    entry = AuditEntry.objects.get(action="audit.exported")
    assert (entry.actor_name, entry.region_code, entry.after) == ("秦正平", "320682", {"entries": 1, "action": "post.closed"})


@pytest.mark.clauses("rg-23a")
def test_the_whole_trail_of_one_loan_is_taken_out(auditor: Client) -> None:
    import fastexcel

    for loan, action in ((1, "loan.opened"), (2, "loan.opened"), (1, "loan.record_draw"), (1, "loan.record_contribution")):
        record(action, f"loan:L{loan}", actor=SYSTEM, now=timezone.now(), region_code="320682")
    response = auditor.get("/auditor/log.xlsx?subject=loan:L1")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    sheet = fastexcel.read_excel(io.BytesIO(content).read()).load_sheet(0, dtypes="string").to_arrow().to_pylist()
    assert sorted(row["操作代码"] for row in sheet) == ["loan.opened", "loan.record_contribution", "loan.record_draw"]


def test_a_cell_is_never_a_formula(auditor: Client) -> None:
    import zipfile

    record("case.opened", "case:1", actor=SYSTEM, now=timezone.now(), region_code="320682", reason="=1+1")
    response = auditor.get("/auditor/log.xlsx?action=case.opened")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet


def test_a_whole_chain(auditor: Client) -> None:
    newest = AuditEntry.objects.filter(chain="320682").latest("number")
    assert newest.seal in text(auditor.get("/auditor/chain/"))
    page = text(auditor.get("/auditor/chain/320682/"))
    assert "完整" in page
    assert newest.seal in page


def harm(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE access_auditentry DISABLE TRIGGER audit_no_change")
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE access_auditentry SET reason = 'x' WHERE chain = '320682' AND number = 2", "事后被改动"),
        ("DELETE FROM access_auditentry WHERE chain = '320682' AND number = 2", "被抽走"),
    ],
    ids=["改写", "抽走"],
)
@pytest.mark.parametrize("part", [3, 20_000], ids=["分段", "一次"])
def test_a_broken_chain(auditor: Client, monkeypatch: pytest.MonkeyPatch, statement: str, said: str, part: int) -> None:
    monkeypatch.setattr(chain_page, "PART", part)
    harm(statement)
    page = text(auditor.get("/auditor/chain/320682/?from=1"))
    assert "有断裂" in page
    assert said in page
    if part == 3:
        assert "完整" in text(auditor.get("/auditor/chain/320682/?from=4")), "the part behind the harm is whole in itself"
        assert '?from=4"' in page


@pytest.mark.parametrize("asked", ["0", "-1", "x", "99999999999999999999", "999999"])
def test_any_beginning_asked_for_is_answered(auditor: Client, asked: str) -> None:
    assert auditor.get(f"/auditor/chain/320682/?from={asked}").status_code == 200


def test_before_and_after_line_by_line() -> None:
    entry = AuditEntry(
        before={"role": "certifier", "names": {"320682": "如皋县"}},
        after={"role": "tax_clerk", "names": {"320682": "如皋市"}, "codes": ["1", "2"], "new": True, "empty": ""},
    )
    assert [tuple(map(str, line)) for line in changes(entry)][1:] == [
        ("名称 320682", "如皋县", "如皋市"),
        ("代码", "", "1, 2"),
        ("new", "", "是"),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.AUDITOR, Role.AGENCY_ADMINISTRATOR}])
def test_nobody_else_reads_the_log(signed_in: SignIn, role: Role) -> None:
    client = signed_in(role)
    assert [client.get(address).status_code for address in (LOG, "/auditor/chain/", "/auditor/log.xlsx")] == [403] * 3
