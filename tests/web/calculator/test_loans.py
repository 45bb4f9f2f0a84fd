"""The public pages of loans: exact figures, bad inputs beside their field, an address that brings the case back, nothing stored."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cases.lives import at
from tests.people.tables import SYSTEM
from zhubao.lending.forecast import forecast
from zhubao.parameters import Parameter
from zhubao.programmes.actions import enter_figures
from zhubao.web.calculator.book import public_book

pytestmark = pytest.mark.django_db
RUGAO = {
    "birth": "1973-06",
    "category": "female55",
    "paid_years": "12",
    "paid_months": "4",
    "account": "38200",
    "index": "0.60",
    "on": "2026-10-12",
}
JIANGXI = {**RUGAO, "paid_years": "13", "paid_months": "0", "hardship": "yes"}
DAY = date(2026, 1, 1)
TONGLING = {"birth": "1971-06", "paid_years": "10", "paid_months": "0", "yearly": "1000", "account": "8000", "on": "2026-10-12"}


def address(policy: str, case: dict[str, str], part: str = "") -> str:
    """Return the address of a case."""
    return f"/calculator/loan/{policy}/{part}?{urlencode(case)}"


def answered(client: Client, policy: str, case: dict[str, str]) -> Any:
    """Return the answer that a page was drawn with."""
    page = client.get(address(policy, case))
    assert page.status_code == 200
    return page.context["answer"]


@pytest.mark.parametrize(
    ("policy", "case", "state", "figures"),
    [
        (
            "rugao-draft",
            RUGAO,
            "yes",
            [
                ("退休后每月扣", "738.19 元", "到手还有 738.19 元"),
                ("还清", "2033 年 8 月", "扣 4 年 3 个月"),
                ("自己一共付", "37,320.34 元", "借 33,660.00 元，自己付利息 3,660.34 元；政府贴 1,677.37 元"),
            ],
        ),
        (
            "jiangxi-2020-7",
            JIANGXI,
            "yes",
            [
                ("退休后每月扣", "296.60 元", "到手还有 970.00 元"),
                ("还清", "2038 年 9 月", "扣 9 年 4 个月"),
                ("自己一共付", "30,904.10 元", "借 26,940.00 元，自己付利息 3,964.10 元；政府贴 819.49 元"),
            ],
        ),
        (
            "jiangxi-2020-7",
            {**JIANGXI, "hardship": "no"},
            "yes",
            [
                ("退休后每月扣", "296.60 元", "到手还有 970.00 元"),
                ("还清", "2039 年 1 月", "扣 9 年 8 个月"),
                ("自己一共付", "31,991.00 元", "借 26,940.00 元，自己付利息 5,051.00 元；政府贴 0.00 元"),
            ],
        ),
        (
            "tongling-2022-13",
            TONGLING,
            "yes",
            [
                ("退休后每月扣", "114.52 元", "到手还有 163.00 元"),
                ("还清", "2037 年 1 月", "扣 5 年 7 个月"),
                ("自己一共付", "7,597.92 元", "借 6,000.00 元，自己付利息 1,597.92 元"),
            ],
        ),
        (
            "jiangxi-2020-7",
            {**JIANGXI, "birth": "1971-06", "paid_years": "12", "paid_months": "4"},
            "short",
            [
                ("还差", "30 个月", "已缴加贷款缴一共 150 个月"),
                ("领养老金需要", "180 个月", "2026 年 11 月 到龄"),
                ("一共借", "1,620.00 元", "不含利息"),
            ],
        ),
        (
            "jiangxi-2020-7",
            {**JIANGXI, "account": "0", "index": "0.4"},
            "no",
            [
                ("退休后每月扣", "0.00 元", "到手还有 905.42 元"),
                ("还清", "还不清", "29 年 1 个月内还不清"),
                ("付的加上最后还欠的", "50,762.74 元", "借 26,940.00 元，自己付利息 23,822.74 元；政府贴 819.49 元"),
            ],
        ),
    ],
    ids=["如皋", "江西困难", "江西非困难", "铜陵", "年限不够", "养老金低于低保"],
)
def test_three_figures_of_a_case(
    client: Client, policy: str, case: dict[str, str], state: str, figures: list[tuple[str, str, str]]
) -> None:
    """The figures are those of the forecast with the demonstration set, to the fen."""
    found = answered(client, policy, case)
    assert found.state == state
    assert [(one.label, one.figure, one.below) for one in found.big] == figures


@pytest.mark.clauses("gz-13a")
def test_the_four_sums_show_their_arithmetic_and_their_clause(client: Client) -> None:
    """Every reason can be checked with a pencil, and its clause is one click away."""
    page = client.get(address("rugao-draft", RUGAO))
    assert [(row.holds, row.sum) for row in page.context["answer"].why] == [
        (True, "已缴 148 + 贷款缴 32 = 180 个月；需要 180 个月"),
        (
            True,
            "养老金 1,476.38 元 − 要留下 738.19 元 = 每月最多扣 738.19 元；每月利息 33,660.00 元 × 4.90% ÷ 12 = 137.45 元",
        ),
        (True, "51 个月，没有超过最长期限 120 个月"),
        (True, "2033 年 8 月 还清，那时 60 岁；测算到 85 岁"),
    ]
    text = page.content.decode()
    assert 'href="/policies/rugao-draft/#rg-14.1a">第十四条(一)</a>' in text
    assert "个人账户记账利率 1.50% 低于贷款利率 4.90%" in text
    for clause in re.findall(r"/policies/rugao-draft/#([\w.-]+)", text):
        assert f'id="{clause}"' in client.get("/policies/rugao-draft/").content.decode()


def test_a_loan_that_is_never_repaid_gets_nobody_ahead(client: Client) -> None:
    """What is still owed is not hidden in the comparison."""
    loan, own, *_others = answered(client, "jiangxi-2020-7", {**JIANGXI, "account": "0", "index": "0.4"}).ways
    assert (loan.paid_fen, loan.break_even) == (5_076_274, "—")
    assert own.paid_fen == 2_694_000


def test_what_the_document_already_forbids_is_said(client: Client) -> None:
    """Rugao wants ten years paid: nine are too few, whatever the pension."""
    found = answered(client, "rugao-draft", {**RUGAO, "paid_years": "9"})
    assert "rg-4.0d" in [row.id for row in found.against]


def test_estimates_and_made_up_figures_are_marked(client: Client) -> None:
    """Left empty, the balance and the index are estimated and said to be so."""
    case = {key: value for key, value in RUGAO.items() if key not in {"account", "index"}}
    text = client.get(address("rugao-draft", case)).content.decode()
    assert "个人账户余额没有填，按已缴费估算为 60,384.00 元" in text
    assert "平均缴费指数没有填，按最低档 0.60 算。" in text
    assert "演示参数，非官方" in text


@pytest.mark.parametrize(
    ("policy", "case", "field", "words"),
    [
        ("rugao-draft", {"birth": "1973-13"}, "birth", "月份只有 1 到 12 月。"),
        ("rugao-draft", {"birth": "2030-01"}, "birth", "出生年月晚于测算日期。"),
        ("rugao-draft", {"birth": "abc"}, "birth", "请填年和月，例如 1971-06 或 1971年6月。"),
        ("rugao-draft", {"birth": ""}, "birth", "请填出生年月。"),
        ("rugao-draft", {"birth": "1890-01"}, "birth", "请检查年份：早于 1900 年。"),
        ("rugao-draft", {"paid_years": "-3"}, "paid_years", "请填 0 到 60 之间的数。"),
        ("rugao-draft", {"paid_years": "十二"}, "paid_years", "请填整数。"),
        ("rugao-draft", {"paid_months": "12"}, "paid_months", "请填 0 到 11 之间的数。"),
        ("rugao-draft", {"account": "-1"}, "account", "金额不能是负数。"),
        ("rugao-draft", {"account": "38200.555"}, "account", "最多两位小数，最小到分。"),
        ("rugao-draft", {"account": "很多"}, "account", "请用数字填金额，例如 38200。"),
        ("rugao-draft", {"account": "999999999999"}, "account", "金额太大，请检查。"),
        ("rugao-draft", {"index": "9"}, "index", "请填 0.4 到 3 之间的数。"),
        ("rugao-draft", {"rate": "x"}, "rate", "请填数字，例如 0。"),
        ("rugao-draft", {"category": "robot"}, "category", "选择一个有效的选项。 robot 不在可用的选项中。"),
        ("rugao-draft", {"on": "2026-02-30"}, "on", "请填日期，例如 2026-10-12。"),
        ("rugao-draft", {"on": "9999-01-01"}, "on", "请填 2005 年至 2099 年之间的日期。"),
        ("jiangxi-2020-7", {"on": "2019-01-01"}, "on", "2019-01-01 不在施行期内（2020-12-30 起）；换一个日期"),
        ("tongling-2022-13", {"yearly": "123"}, "yearly", "选择一个有效的选项。 123 不在可用的选项中。"),
    ],
)
@pytest.mark.parametrize("live", [False, True], ids=["按钮", "边填边算"])
def test_what_cannot_be_is_told_beside_its_field(
    client: Client, policy: str, case: dict[str, str], field: str, words: str, live: bool
) -> None:
    """No answer, no broken page: a message where the fault is; a partial answer carries it to the field."""
    whole = {"rugao-draft": RUGAO, "jiangxi-2020-7": JIANGXI, "tongling-2022-13": TONGLING}[policy]
    page = client.get(address(policy, {**whole, **case}), headers={"HX-Request": "true"} if live else {})
    assert page.status_code == 200
    assert page.context["answer"] is None
    assert page.context["form"].errors[field] == [words]
    place = f'<p class="fault" id="fault-{field}"{" hx-swap-oob=" if live else ""}'
    assert place in page.content.decode()


@pytest.mark.parametrize("typed", ["1973年6月", "1973.06", "1973/6", "197306", "１９７３－０６", "1973-06-18"])
def test_a_month_may_be_written_in_many_ways(client: Client, typed: str) -> None:
    """All mean June 1973."""
    assert answered(client, "rugao-draft", {**RUGAO, "birth": typed}).big == answered(client, "rugao-draft", RUGAO).big


def test_the_link_brings_the_case_back(client: Client) -> None:
    """The address on the page holds every answer, names nobody, and gives the same page."""
    page = client.get(address("jiangxi-2020-7", {**JIANGXI, "agreed": "250"}))
    link = page.context["address"].removeprefix("http://testserver")
    again = client.get(link)
    assert again.context["answer"].big == page.context["answer"].big
    assert again.context["address"] == page.context["address"]
    assert again.context["answer"].big[0].figure == "250.00 元"
    assert "= 每月最多扣 296.60 元，约定扣 250.00 元；" in again.context["answer"].why[1].sum


def test_a_page_without_a_case_opens_with_an_example(client: Client) -> None:
    """Nobody has to type before seeing what the page does; the example can be repaid."""
    for policy in ("jiangxi-2020-7", "rugao-draft", "tongling-2022-13"):
        page = client.get(f"/calculator/loan/{policy}/")
        assert page.context["example"]
        assert page.context["answer"].state == "yes"


def test_nothing_is_stored(client: Client) -> None:
    """No row, no session, no cookie that tells anything, and no copy in a cache on the way."""
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address("rugao-draft", RUGAO))
    assert len(asked) == 2
    assert all(query["sql"].startswith("SELECT") for query in asked)
    assert set(page.cookies) <= {"csrftoken"}
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex"


def test_charts_follow_with_their_tables(client: Client) -> None:
    """Three charts, each an image with title and description, each with the same data as a table."""
    page = client.get(address("rugao-draft", RUGAO, "charts/"), headers={"HX-Request": "true"})
    text = page.content.decode()
    assert [name for name, _chart in page.context["charts"]] == ["pension", "debt", "ways"]
    assert text.count('role="img"') == 3
    assert text.count("<title id=") == 3
    assert text.count("<table>") == 3
    assert "graphics-" not in text
    assert " style=" not in text
    pension = dict(page.context["charts"])["pension"]
    assert pension.rows[0] == ("2029-06 至 2033-07", "738.19", "738.19", "1,476.38")
    debt = dict(page.context["charts"])["debt"]
    assert debt.rows[-1][0] == "2033-08"
    assert debt.rows[-1][2] == "0.00"
    assert client.get(address("rugao-draft", RUGAO, "charts/")).content.decode().count('role="img"') == 3


@pytest.mark.clauses("gz-13a")
def test_the_leaflet_is_one_page_and_the_same_each_time(client: Client) -> None:
    """A PDF of the case; a case that cannot be reckoned goes back to its form."""
    first = client.get(address("rugao-draft", RUGAO, "leaflet.pdf"))
    assert first["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF")
    assert first.content == client.get(address("rugao-draft", RUGAO, "leaflet.pdf")).content
    assert len(re.findall(rb"/Type\s*/Page\b", first.content)) == 1
    back = client.get(address("rugao-draft", {**RUGAO, "birth": "1973-13"}, "leaflet.pdf"))
    assert back.status_code == 302
    assert back["Location"].startswith("/calculator/loan/rugao-draft/?birth=1973-13")


def test_pages_are_open_and_speak_english(client: Client) -> None:
    """Nobody signs in; the other language says the same figures; an unknown document is not found."""
    client.cookies["language"] = "en"
    text = client.get(address("rugao-draft", RUGAO)).content.decode()
    assert "Taken from each month&#x27;s pension" in text
    assert "738.19 yuan" in text
    assert "after 4 years 3 months" in text
    assert not re.findall(
        r"[\u4e00-\u9fff]", re.sub(r"(?s)<header.*?</header>|第.*?<|<td>[^<]*</td>|演示参数[^<]*|<a[^>]*>.*?</a>", "", text)
    )
    assert client.get("/calculator/").status_code == 200
    assert client.get("/calculator/loan/atlantis/").status_code == 404


@pytest.mark.clauses("tl-5.3b")
def test_two_tiers_side_by_side_are_those_of_the_engine(client: Client) -> None:
    """500 yuan a year out of one's own pocket against 3,000 by loan: what each brings a month, what the loan takes, what is left."""
    tiers = [
        Parameter("tier_yearly_fen", yuan * 100, "fen", "340700", DAY, None, "测试用数", decided_by="测试")
        for yuan in (500, 3000)
    ]
    enter_figures(tiers, actor=SYSTEM, now=at("2026-09-01"))
    case = {**TONGLING, "yearly": "3000", "own": "500"}
    page = client.get(address("tongling-2022-13", case))
    options = page.context["answer"].options
    assert [(one.pension_fen, one.instalment_fen, one.left_fen, one.until) for one in options] == [
        (254_19, 0, 254_19, ""),
        (370_83, 207_83, 163_00, "2041 年 8 月"),
    ]
    for one, yearly in zip(options, (500_00, 3_000_00), strict=True):
        person = {"birth": "1971-06", "paid_months": 120, "account_fen": 8_000_00}
        engine = forecast(
            {"policy": "tongling-2022-13", "on": "2026-10-12", "person": person, "plan": {"yearly_fen": yearly}},
            book=public_book(),
        )
        assert engine.loan is not None
        assert engine.repaid is not None
        assert one.pension_fen == engine.loan.first_month()[0]
        assert one.instalment_fen in (0, engine.repaid.monthly_fen)
        assert one.total_fen == (engine.total_cost_fen if one.instalment_fen else engine.principal_fen)
    text = page.content.decode()
    for words in ("两档比一比", "每年 500 元，自己缴", "每年 3,000 元，贷款缴", "254.19", "370.83", "207.83", "163.00"):
        assert words in text, words
    sheet = client.get(address("tongling-2022-13", case, "leaflet.pdf"))
    assert len(re.findall(rb"/Type\s*/Page\b", sheet.content)) == 1
    assert answered(client, "rugao-draft", RUGAO).options == []


def test_without_a_tier_of_ones_own_the_lowest_stands_beside_the_loan(client: Client) -> None:
    """Nobody has to know the tiers of the place."""
    own, loan = answered(client, "tongling-2022-13", TONGLING).options
    assert (own.label, loan.label) == ("每年 100 元，自己缴", "每年 1,000 元，贷款缴")
    assert answered(client, "tongling-2022-13", {**TONGLING, "own": "100"}).options == [own, loan]
