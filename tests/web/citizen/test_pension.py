"""A citizen's resident pension on one page: Pengshui's 2022 as three people read it, a pension applied for, and on a phone."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.accounts.hands import by
from tests.assistance.pengshui import COUNTY, SYSTEM, VILLAGE, County, remembered_county
from tests.looking import LANGUAGES
from tests.people.tables import number
from zhubao.access.models import User
from zhubao.access.roles import Role
from zhubao.accounts.actions import Credit, credit_many
from zhubao.accounts.benefits.actions import apply, find, grant
from zhubao.accounts.benefits.models import Benefit, Ground
from zhubao.accounts.benefits.running import run_month
from zhubao.accounts.transfers.actions import ask_papers, request
from zhubao.accounts.transfers.checklist import CheckList, Found
from zhubao.assistance.models import PlanRow
from zhubao.people.actions import register_person
from zhubao.people.models import Person
from zhubao.people.recording import record_insured
from zhubao.people.statements import InsuredStatement, Origin

from .conftest import BACKEND, account
from .test_in_the_browser import arrive, looked_at

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

NOW = datetime(2022, 5, 16, 1, 0, tzinfo=UTC)
Signed = Callable[[Person], Client]


@pytest.fixture
def county(db: None, clock: Callable[[datetime], None]) -> County:
    """Return Pengshui with its published plan, in May 2022."""
    made = remembered_county()
    clock(NOW)
    return made


@pytest.fixture
def signed(client: Client) -> Signed:
    """Return a function from a person to a client signed in as them."""

    def sign_in(person: Person) -> Client:
        client.force_login(account(person, f"person-{person.pk}"), backend=BACKEND)
        return client

    return sign_in


def contributions(person: Person) -> None:
    """Enter three years: own money, what was paid on behalf, the subsidy."""
    lines = []
    for year in (2019, 2020, 2021):
        on = date(year, 5, 10)
        lines += [
            Credit(person.pk, "own", 3_000, on, f"paid:{year}", "1"),
            Credit(person.pk, "on_behalf", 7_000, on, f"row:{year}", "1", str(year)),
            Credit(person.pk, "subsidy", 3_000, on, f"subsidy:{year}", "1"),
        ]
    credit_many(lines, actor=SYSTEM, now=NOW)


def senior(name: str = "谭素英") -> Benefit:
    """Register somebody who came of age in April and was found for it."""
    person = register_person(number("19620405", 28, COUNTY), name, region_code=VILLAGE, actor=SYSTEM, now=NOW)
    record = InsuredStatement(
        "resident_pension", date(2022, 4, 30), Origin("参保登记"), insured_area=COUNTY, paid_months=132, account_fen=139_000
    )
    record_insured(person.pk, record, actor=SYSTEM, now=NOW)
    return find(person, Ground.AGE, actor=SYSTEM, now=NOW)


PEOPLE = {
    "冉秀兰": ("您现在不用办什么", "民政部门", "特困人员", "tekun 名册 2022-01-05", "依据文件第 2(一) 项"),
    "向文斌": ("请在8月31日（星期三）前缴自付部分 30.00 元", "70.00", "低保对象"),
    "庹翠花": ("您的代缴还缺依据", "待核实", "可以这样补：参保记录"),
    "麻小芳": ("今年没有为您代缴", "不是在校学生", "不符合"),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_the_page_says_what_to_do_and_why(county: County, signed: Signed, name: str) -> None:
    page = signed(county.person(name)).get("/citizen/pension/").content.decode()
    assert [words for words in PEOPLE[name] if words not in page] == []


def test_where_a_sponsor_paid_some_the_person_is_asked_for_the_rest(county: County, signed: Signed) -> None:
    person = county.person("向文斌")
    PlanRow.objects.filter(person=person).update(self_paid_fen=1_200, self_paid_on=date(2022, 5, 10))
    page = signed(person).get("/citizen/pension/").content.decode()
    assert "请在8月31日（星期三）前缴自付部分 18.00 元" in page


def test_an_account_stands_there_by_who_paid(county: County, signed: Signed) -> None:
    person = county.person("冉秀兰")
    contributions(person)
    client = signed(person)
    page = client.get("/citizen/pension/").content.decode()
    assert [
        words for words in ("390.00", "90.00", "210.00", "130.00", "参保登记里没有缴费年限", "3 年的缴费") if words not in page
    ] == []
    assert "/citizen/pension/" in client.get("/citizen/").content.decode()
    page = signed(county.person("向海")).get("/citizen/pension/").content.decode()
    assert "390.00" not in page


@pytest.mark.clauses("gz-1d")
def test_who_is_of_age_applies_here_once(county: County, signed: Signed) -> None:
    found = senior()
    client = signed(found.person)
    page = client.get("/citizen/pension/").content.decode()
    assert "11 年" in page
    assert "您是否领取其他养老金，目前没有记录" in page
    assert client.post("/citizen/pension/apply/", {"key": "k"}).status_code == 422
    for _twice in range(2):
        assert client.post("/citizen/pension/apply/", {"key": "k", "other": "no"}).status_code == 302
    assert list(found.steps.values_list("verb", flat=True)) == ["find", "apply"]
    assert signed(county.person("冉秀兰")).post("/citizen/pension/apply/", {"key": "k", "other": "no"}).status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [
        pytest.param("zh-hans", ("关系转移进度", "待补材料", "请补充：缺转入地的联系函"), id="中文"),
        pytest.param(
            "en",
            ("About moving your pension", "papers missing", '<p lang="zh-Hans">', "the Chinese words are the notice itself"),
            id="English",
        ),
    ],
)
def test_a_notice_says_its_kind_and_state_in_the_pages_language(
    county: County, signed: Signed, language: str, words: tuple[str, ...]
) -> None:
    person = county.person("向文斌")
    lacking(person)
    client = signed(person)
    client.cookies["language"] = language
    page = client.get("/citizen/pension/").content.decode()
    assert [each for each in words if each not in page] == []


def lacking(person: Person) -> None:
    """Let somebody ask to move their pension, and the agency ask for a paper."""
    clerk, reviewer = by(Role.AGENCY_INTAKE, scope=COUNTY), by(Role.AGENCY_REVIEWER, scope=COUNTY)
    asked = request(person, "out", "浙江省宁波市鄞州区", date(2022, 5, 10), key="1", actor=clerk, now=NOW)
    found = CheckList({"identity": Found("good"), "record": Found("unknown")})
    ask_papers(asked.pk, found, "缺转入地的联系函", actor=reviewer, now=NOW)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone(page: "Page", axe: "Axe", county: County, language: str) -> None:
    """Somebody with a plan, an account and a transfer that lacks a paper; then somebody who draws the pension."""
    person = county.person("向文斌")
    contributions(person)
    lacking(person)
    account(person, "chen")
    arrive(page, language)
    with page.expect_navigation():
        page.locator("main a[href='/citizen/pension/']").click()
    looked_at(page, axe, f"pension-{language}")
    found = senior()
    apply(found.pk, False, "本人", actor=by(Role.COMMITTEE_MEMBER, scope=COUNTY), now=NOW)
    grant(found.pk, actor=by(Role.AGENCY_REVIEWER, scope=COUNTY), now=NOW)
    run_month(COUNTY, date(2022, 5, 1), actor=by(Role.AGENCY_REVIEWER, scope=COUNTY), now=NOW)
    page.context.clear_cookies()
    person.citizen_account.delete()
    User.objects.filter(username="chen").update(username="before")
    account(found.person, "chen")
    arrive(page, language)
    page.goto("/citizen/pension/")
    looked_at(page, axe, f"pension-drawn-{language}")
