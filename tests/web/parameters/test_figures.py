"""Figures on the screen: read by every post, entered, followed and withdrawn by those who decide."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from zhubao.access.actors import Actor
from zhubao.access.models import AuditEntry, User
from zhubao.access.roles import Role
from zhubao.demonstration.parameters import demonstration_parameters
from zhubao.parameters import Parameter
from zhubao.parameters.local import COLUMNS
from zhubao.parameters.names import NAMES
from zhubao.parameters.questions import settings
from zhubao.procedures.demonstration_counties import add_clerks
from zhubao.programmes.actions import DECIDING_ROLES, enter_figures
from zhubao.programmes.models import LocalFigure
from zhubao.programmes.selectors import parameter_book
from zhubao.web.parameters.places import areas_for

if TYPE_CHECKING:
    from django.http import HttpResponse

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 12, 1, tzinfo=UTC)
SYSTEM = Actor.system("test")
ON = "on=2026-10-12"
TIER = "/parameters/enter/lowest_tier_monthly_fen/"
GOOD: dict[str, Any] = {
    "area_code": "320682",
    "value": "1020",
    "unit": "yuan",
    "effective_from": "2026-01-01",
    "effective_to": "2026-12-31",
    "source": "皋人社发〔2026〕1号",
    "decided_by": "市人社局 周海峰",
}
WITHOUT_DECIDING = [role for role in Role if role not in DECIDING_ROLES]


def figure(value: int | str = 102_000, *, name: str = "lowest_tier_monthly_fen", area: str = "320682", **named: Any) -> Parameter:
    given: dict[str, Any] = {
        "unit": "fen",
        "effective_from": date(2026, 1, 1),
        "effective_to": date(2026, 12, 31),
        "source": "皋人社发〔2026〕1号",
        "decided_by": "市人社局",
        **named,
    }
    return Parameter(name, value, area_code=area, **given)


@pytest.fixture
def approver(signed_in: Callable[[str], Client]) -> Client:
    return signed_in(Role.AGENCY_APPROVER)


def text(response: "HttpResponse", status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def file_of(*rows: str, encoding: str = "utf-8", name: str = "参数 2026.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([",".join(COLUMNS), *rows, ""]).encode(encoding), "text/csv")


@pytest.mark.parametrize("address", ["", "names/floor_fen/", "questions/", "questions/A-RG-1/", "export/"])
def test_nobody_reads_without_signing_in(client: Client, address: str) -> None:
    response = client.get(f"/parameters/{address}")
    assert response.status_code == 302
    assert "/sign-in/" in response.headers["Location"]


@pytest.mark.parametrize("role", WITHOUT_DECIDING)
def test_other_posts_read_and_do_not_write(signed_in: Callable[[str], Client], role: Role) -> None:
    client = signed_in(role)
    read = text(client.get(f"/parameters/?{ON}"))
    assert "/parameters/enter/" not in read
    row = enter_figures([figure()], actor=SYSTEM, now=NOW)[0]
    assert "/withdraw/" not in text(client.get(f"/parameters/names/lowest_tier_monthly_fen/?{ON}"))
    refused = [
        client.get("/parameters/enter/"),
        client.get(TIER),
        client.post(TIER, GOOD),
        client.post(f"/parameters/figures/{row.pk}/withdraw/", {"reason": "x"}),
        client.post("/parameters/import/", {"file": file_of()}),
        client.post("/parameters/questions/A-RG-1/", {"value": "5"}),
    ]
    assert [response.status_code for response in refused] == [403] * len(refused)
    assert LocalFigure.objects.standing().count() == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", [*NAMES, *(f"setting.{each}" for each in settings())])
def test_every_name_has_its_pages(approver: Client, name: str, language: str) -> None:
    approver.cookies["language"] = language
    for page in ("names", "enter"):
        text(approver.get(f"/parameters/{page}/{name}/?{ON}"))


def test_what_is_missing_is_named_with_what_to_enter(approver: Client) -> None:
    page = text(approver.get(f"/parameters/?{ON}"))
    assert "本地缺 1 项数值" in page
    assert f'href="{TIER}?area=320682&amp;on=2026-10-12"' in page
    assert text(approver.get("/")).count("<b>1</b>参数") == 1
    approver.post(TIER, GOOD)
    page = text(approver.get(f"/parameters/?{ON}"))
    assert "本地缺" not in page
    assert "1,020.00 元" in page


def test_unverified_figures_are_marked(approver: Client) -> None:
    """The national minimum of the resident pension rests on notices whose dates nobody has checked."""
    page = text(approver.get("/parameters/names/basic_pension_fen/?on=2019-01-01"))
    assert "未经核实" in page
    assert "88.00 元" in page
    assert "国家最低标准，各省可提高" in page


def test_entering_one_figure(approver: Client) -> None:
    response = approver.post(f"{TIER}?{ON}", GOOD)
    assert response.status_code == 302
    page = text(approver.get(response.headers["Location"]))
    assert "沈玉梅 录入" in page
    assert "市人社局 周海峰" in page
    found = parameter_book().find("lowest_tier_monthly_fen", date(2026, 6, 1), "320682")
    assert found is not None
    assert found.value == 102_000


def test_entering_the_same_twice_changes_nothing(approver: Client) -> None:
    approver.post(TIER, GOOD)
    response = approver.post(TIER, GOOD, follow=True)
    assert "已有相同的记录，未作改动。" in text(response)
    assert LocalFigure.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "changes", "fault"),
    [
        pytest.param("lowest_tier_monthly_fen", {"value": "一千"}, "请写数字", id="汉字数额"),
        pytest.param("lowest_tier_monthly_fen", {"value": "10.205"}, "请写数字", id="不到分"),
        pytest.param("lowest_tier_monthly_fen", {"value": "-1"}, "不能为负", id="负数"),
        pytest.param("lowest_tier_monthly_fen", {"value": ""}, "id_value_error", id="没填"),
        pytest.param("lowest_tier_monthly_fen", {"unit": "percent"}, "id_unit_error", id="单位不符"),
        pytest.param("lowest_tier_monthly_fen", {"effective_from": "2026-02-30"}, "id_effective_from_error", id="坏日期"),
        pytest.param("lowest_tier_monthly_fen", {"effective_from": "0026-01-01"}, "请核对年份", id="年份少打一位"),
        pytest.param("lowest_tier_monthly_fen", {"effective_to": "2025-12-31"}, "晚于终止日", id="起止颠倒"),
        pytest.param("lowest_tier_monthly_fen", {"source": " "}, "id_source_error", id="没有依据"),
        pytest.param("lowest_tier_monthly_fen", {"source": "长" * 301}, "id_source_error", id="依据太长"),
        pytest.param("lowest_tier_monthly_fen", {"decided_by": ""}, "id_decided_by_error", id="没有决定人"),
        pytest.param("lowest_tier_monthly_fen", {"area_code": "360000"}, "id_area_code_error", id="别的省"),
        pytest.param("lowest_tier_monthly_fen", {"area_code": "320000"}, "id_area_code_error", id="上级"),
        pytest.param("setting.extended_to", {"value": "年底", "unit": "text"}, "id_value_error", id="不是日期"),
        pytest.param("setting.day_count", {"value": "act364", "unit": "text"}, "id_value_error", id="没有这种做法"),
    ],
)
def test_a_bad_form_says_what_is_wrong(approver: Client, name: str, changes: dict[str, str], fault: str) -> None:
    page = text(approver.post(f"/parameters/enter/{name}/", {**GOOD, **changes}), 422)
    assert fault in page
    assert not LocalFigure.objects.exists()


def test_a_second_value_for_the_same_days_is_refused_in_words(approver: Client) -> None:
    approver.post(TIER, GOOD)
    page = text(approver.post(TIER, {**GOOD, "value": "1100"}), 422)
    assert "在这段日期内已有数值：102000（2026-01-01 至 2026-12-31）" in page
    assert "先撤销原值" in page


def test_a_following_value_ends_the_one_before(approver: Client) -> None:
    approver.post(TIER, {**GOOD, "effective_to": ""})
    following = {**GOOD, "value": "1100", "effective_from": "2027-01-01", "effective_to": "", "following": "on"}
    assert approver.post(TIER, following).status_code == 302
    standing = LocalFigure.objects.standing().values_list("value", "effective_to")
    assert list(standing) == [("102000", date(2026, 12, 31)), ("110000", None)]


def test_the_areas_of_a_county_that_stands_right_under_its_municipality(db: None) -> None:
    add_clerks(password="a password for tests", now=NOW)
    clerk = User.objects.get(username="agency-reviewer-pengshui").posts.get().actor()
    assert areas_for(clerk) == {"500000": "重庆市", "500243": "彭水苗族土家族自治县"}


def test_narrowing_is_refused_with_the_clause(client: Client) -> None:
    """Jiangxi lets a locality take people in earlier than eight years before the age, never later."""
    from zhubao.access.actions import add_organisation, add_region, add_user, open_post
    from zhubao.access.roles import OrganisationKind

    add_region("36", "江西省", actor=SYSTEM, now=NOW)
    region = add_region("360702", "赣州市章贡区", actor=SYSTEM, now=NOW)
    agency = add_organisation(region, OrganisationKind.AGENCY, "章贡区社保中心", actor=SYSTEM, now=NOW)
    user = add_user("zhanggong", "刘建平", "a password for tests", actor=SYSTEM, now=NOW)
    open_post(user, agency, Role.AGENCY_APPROVER, actor=SYSTEM, now=NOW)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    address = "/parameters/enter/max_years_to_retirement/"
    given = {**GOOD, "area_code": "360702", "value": "7", "unit": "years"}
    assert "jx-1.1c" in text(client.get("/parameters/names/max_years_to_retirement/"))
    page = text(client.post(address, given), 422)
    assert "jx-1.1c" in page
    assert "只可放宽，不可收紧" in page
    assert client.post(address, {**given, "value": "10"}).status_code == 302


def test_withdrawing_keeps_past_decisions(approver: Client) -> None:
    (row,) = enter_figures([figure()], actor=SYSTEM, now=NOW)
    address = f"/parameters/figures/{row.pk}/withdraw/"
    assert "皋人社发〔2026〕1号" in text(approver.get(address))
    text(approver.post(address, {"reason": ""}), 422)
    page = text(approver.post(address, {"reason": "文号录错"}, follow=True))
    assert "文号录错" in page
    assert "已撤销" in page
    day = date(2026, 6, 1)
    assert parameter_book().find("lowest_tier_monthly_fen", day, "320682") is None
    assert parameter_book(NOW + timedelta(minutes=1)).find("lowest_tier_monthly_fen", day, "320682") is not None
    assert "已撤销：文号录错" in text(approver.get(address))


def test_withdrawn_values_show_on_request(approver: Client) -> None:
    (row,) = enter_figures([figure()], actor=SYSTEM, now=NOW)
    approver.post(f"/parameters/figures/{row.pk}/withdraw/", {"reason": "文号录错"})
    history = "/parameters/names/lowest_tier_monthly_fen/"
    assert "文号录错" not in text(approver.get(history))
    assert "文号录错" in text(approver.get(f"{history}?withdrawn=1"))


@pytest.mark.parametrize("address", ["figures/999999/withdraw/", "names/nothing/", "enter/nothing/", "enter/setting.A-XX-1/"])
def test_nothing_there(approver: Client, address: str) -> None:
    assert approver.get(f"/parameters/{address}").status_code == 404


def test_a_figure_of_the_province_is_not_the_county_s_to_withdraw(approver: Client) -> None:
    (row,) = enter_figures([figure(area="320000")], actor=SYSTEM, now=NOW)
    assert approver.get(f"/parameters/figures/{row.pk}/withdraw/").status_code == 403
    assert AuditEntry.objects.filter(action="access.refused").exists()


@pytest.mark.parametrize(("area", "status"), [("320682", 200), ("320000", 200), ("CN", 200), ("360000", 403), ("x", 200)])
def test_places_a_county_may_read(approver: Client, area: str, status: int) -> None:
    assert approver.get(f"/parameters/?area={area}").status_code == status


ROWS = (
    "320682,lowest_tier_monthly_fen,1020,元,2026-01-01,2026-12-31,皋人社发〔2026〕1号,市人社局",
    "320682,floor_fen,900,元,2026-07-01,,皋民发〔2026〕5号,市民政局",
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_entered_once(approver: Client, encoding: str) -> None:
    page = text(approver.post("/parameters/import/", {"file": file_of(*ROWS, encoding=encoding)}, follow=True))
    assert "已录入 2 项。" in page
    page = text(approver.post("/parameters/import/", {"file": file_of(*ROWS, encoding=encoding)}, follow=True))
    assert "另有 2 项已在库，未作改动。" in page
    assert LocalFigure.objects.count() == 2


def test_every_fault_of_a_file_is_listed_and_nothing_entered(approver: Client) -> None:
    bad = (
        *ROWS,
        "320682,floor_fen,950,元,2026-10-01,,皋民发〔2026〕9号,市民政局",
        "320000,floor_fen,800,元,2026-07-01,,苏民发〔2026〕1号,省民政厅",
        "320682,floor,900,元,2026-07-01,,皋民发〔2026〕5号,市民政局",
        "320682,setting.day_count,act364,文本,2026-07-01,,合作协议,市人社局",
    )
    page = text(approver.post("/parameters/import/", {"file": file_of(*bad)}), 422)
    assert "有 4 处错误，未录入任何数值" in page
    lines = re.findall(r'<th scope="row">参数 2026.csv:(\d+)', page)
    assert lines == ["4", "5", "6", "7"]
    assert not LocalFigure.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "id_file_error", id="空文件"),
        pytest.param(b"a,b\n", "表头应为", id="表头不对"),
        pytest.param(b"\xff\xfe\x00\xd8\xff", "请另存为 csv", id="不是文本"),
        pytest.param(b"PK\x03\x04\xff\xff\xff\xff", "请另存为 csv", id="xlsx"),
        pytest.param(b"x" * 1_048_577, "超过 1 MB", id="太大"),
    ],
)
def test_files_that_are_none(approver: Client, content: bytes, words: str) -> None:
    page = text(approver.post("/parameters/import/", {"file": SimpleUploadedFile("a.csv", content)}), 422)
    assert words in page


def test_an_export_can_be_taken_in_again(approver: Client) -> None:
    approver.post("/parameters/import/", {"file": file_of(*ROWS)})
    response = approver.get("/parameters/export/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="parameters-320682.csv"'
    assert response.content.startswith(b"\xef\xbb\xbfarea_code,name,value")
    again = SimpleUploadedFile("parameters.csv", response.content, "text/csv")
    page = text(approver.post("/parameters/import/", {"file": again}, follow=True))
    assert "另有 2 项已在库" in page


def test_choosing_a_figure_leads_to_its_form(approver: Client) -> None:
    text(approver.get("/parameters/enter/"))
    response = approver.get("/parameters/enter/?name=floor_fen&area=320682")
    assert response.headers["Location"].startswith("/parameters/enter/floor_fen/?area=320682")


def test_queries_do_not_grow_with_the_figures(approver: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    enter_figures(demonstration_parameters(), actor=SYSTEM, now=NOW)
    approver.get("/")
    with django_assert_max_num_queries(9):
        approver.get(f"/parameters/?{ON}")
    with django_assert_max_num_queries(9):
        approver.get(f"/parameters/names/lowest_tier_monthly_fen/?{ON}&withdrawn=1")
