"""The pages of budgets: who may ask and read, what a form may say, the figures on screen, workbook and paper."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import fastexcel
import pytest
from django.test import Client
from django.utils import timezone

from tests.loans.lives import COUNTY, SYSTEM, VILLAGE, Life, PostOf, at, life_of
from zhubao.access.roles import Role
from zhubao.loans.states import JIANGXI
from zhubao.oversight.budget.actions import ask_budget, reckon
from zhubao.oversight.budget.assumptions import Assumptions
from zhubao.oversight.budget.models import BudgetRun
from zhubao.oversight.budget.selectors import actuals, compared, table_of
from zhubao.procedures.month_end import close_month

NOW = at(2022, 9, 15)
SignedIn = Callable[[str], Client]


@pytest.fixture
def one(post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> Life:
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    life.year(2022)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return life


def asked(assumed: Assumptions | None = None, now: datetime = NOW, source: str = "试验") -> BudgetRun:
    run = ask_budget(COUNTY, assumed or Assumptions(), deaths_source=source, actor=SYSTEM, now=now)
    return reckon(run.pk, actor=SYSTEM, clock=lambda: now)


@pytest.mark.clauses("jx-5.2d", "jx-2.3d")
def test_from_the_form_to_the_figures(one: Life, signed_in: SignedIn) -> None:
    desk = signed_in(Role.FINANCE_CLERK)
    page = desk.get("/budget/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "2022-08-31" in page
    answer = desk.post("/budget/ask/", {"years": "3", "losing_ppm": "10", "note": "明年预算"})
    run = BudgetRun.objects.get()
    assert (answer.status_code, answer["location"]) == (302, f"/budget/{run.number}/")
    assert (run.years, run.losing_ppm, run.note, run.loans) == (3, 100_000, "明年预算", 1)
    page = desk.get(f"/budget/{run.number}/", headers={"accept-language": "zh-hans"}).content.decode()
    for words in ("财政贴息", "2022 年 9 月起", "每年 10% 失去", "未假设死亡", "政策"):
        assert words in page
    (interest,) = [row for row in table_of(run) if row.item == "interest"]
    for fen in interest.fen:
        assert f"{fen // 100:,}.{fen % 100:02}" in page
    behind = desk.get(f"/budget/{run.number}/loans/{VILLAGE[:9]}/{JIANGXI}/").content.decode()
    assert "L1" in behind


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"years": "0"}, "1 到 10"),
        ({"losing_ppm": "101"}, "0 到 100"),
        ({"growth_ppm": "viel"}, "例如 2.5"),
        ({"deaths_ppm": "1"}, "资料名称"),
        ({"rate_path": "2027-13-01 3.1"}, "没有这一天"),
        ({"rate_path": "immer 3"}, "日期和百分数"),
        ({"rate_points": "50", "rate_path": "2027-01-01 3.1"}, "只填一种"),
        ({"new_loans": "100"}, "新增贷款时必填"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_and_nothing_kept(
    one: Life, signed_in: SignedIn, typed: dict[str, str], words: str
) -> None:
    answer = signed_in(Role.HRSS_SUPERVISOR).post("/budget/ask/", {"years": "5", **typed}, headers={"accept-language": "zh-hans"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not BudgetRun.objects.exists()


def test_who_may_read_and_who_may_ask(one: Life, signed_in: SignedIn) -> None:
    run = asked()
    for role, reads, asks in (
        (Role.AUDITOR, 200, 403),
        (Role.AGENCY_INTAKE, 200, 403),
        (Role.AGENCY_ACCOUNTANT, 200, 302),
        (Role.BANK_OFFICER, 403, 403),
        (Role.COMMITTEE_MEMBER, 403, 403),
    ):
        desk = signed_in(role)
        assert desk.get(f"/budget/{run.number}/").status_code == reads, role
        assert desk.post("/budget/ask/", {"years": "1"}).status_code == asks, role
    assert signed_in(Role.AUDITOR).get("/budget/YS-360702-2022-001/").status_code == 404


def test_the_workbook_and_the_paper_hold_the_same_figures(one: Life, signed_in: SignedIn) -> None:
    run = asked(Assumptions(superior_share_ppm=500_000))
    desk = signed_in(Role.FINANCE_CLERK)
    sent = desk.get(f"/budget/{run.number}/budget.xlsx")
    sheet = fastexcel.read_excel(sent.content).load_sheet(0, header_row=3).to_arrow().to_pylist()
    rows = {(row["项目"], row["承担方"]): row["2023年"] for row in sheet if row["项目"]}
    found = {(row.item, row.payer): row.fen[1] for row in table_of(run)}
    assert round(float(rows["财政贴息", "参保地财政"]) * 100) == found["interest", "county"]
    assert round(float(rows["财政贴息", "上级财政"]) * 100) == found["interest", "superior"]
    total = next(row for row in sheet if row["序号"] == "合计")
    assert round(float(total["2023年"]) * 100) == found["interest", "county"] + found["interest", "superior"]
    paper = desk.get(f"/budget/{run.number}/budget.pdf")
    assert paper.content[:5] == b"%PDF-"


def test_two_budgets_side_by_side(one: Life, signed_in: SignedIn) -> None:
    base, fewer = asked(), asked(Assumptions(losing_ppm=100_000, years=2))
    years, rows = compared(fewer, base)
    assert years == [2022, 2023, 2024]
    (interest,) = [row for row in rows if row.item == "interest"]
    assert [cell[2] for cell in interest.cells] == [
        here - there for here, there in zip(interest.here, interest.there, strict=True)
    ]
    assert interest.cells[1][2] < 0
    page = signed_in(Role.AUDITOR).get(f"/budget/{fewer.number}/against/?other={base.number}").content.decode()
    assert f"{interest.cells[1][2] // 100 + 1:,}"[:4] in page
    assert signed_in(Role.AUDITOR).get(f"/budget/{fewer.number}/against/?other=no").status_code == 404


def test_what_is_posted_later_is_what_was_foreseen(one: Life, signed_in: SignedIn) -> None:
    for month in (date(2022, 7, 31), date(2022, 8, 31)):
        close_month(COUNTY, month, actor=SYSTEM, clock=lambda: at(2022, 9, 1))
    run = asked()
    assert actuals(run, date(2022, 9, 30)) == []
    for month in (date(2022, 9, 30), date(2022, 10, 31), date(2022, 11, 30), date(2022, 12, 31)):
        close_month(COUNTY, month, actor=SYSTEM, clock=lambda: at(2023, 1, 1))
    (interest,) = actuals(run, date(2023, 1, 10))
    assert (interest.item, interest.year, interest.difference) == ("interest", 2022, 0)
    assert interest.posted == interest.whole > 0
    (half,) = actuals(run, date(2022, 11, 3))
    assert 0 < half.foreseen == half.posted - half.difference < half.whole


def test_a_large_county_is_reckoned_in_the_background(one: Life, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr("zhubao.web.budget.asking.AT_ONCE", 0)
    monkeypatch.setattr("zhubao.web.budget.asking.reckon_budget_soon", given.append)
    desk = signed_in(Role.FINANCE_CLERK)
    desk.post("/budget/ask/", {"years": "2"})
    run = BudgetRun.objects.get()
    assert given == [run.pk]
    assert "YS-" in desk.get(f"/budget/{run.number}/").content.decode()
    assert desk.get(f"/budget/{run.number}/budget.pdf").status_code == 404
    reckon(run.pk, actor=SYSTEM, clock=lambda: NOW)
    assert desk.get(f"/budget/{run.number}/budget.pdf").status_code == 200


def test_a_place_without_loans_says_so(signed_in: SignedIn, county: Any) -> None:
    run = asked(now=at(2022, 9, 15))
    assert run.lines.count() == 0
    desk = signed_in(Role.FINANCE_CLERK)
    assert "没有支出" in desk.get(f"/budget/{run.number}/", headers={"accept-language": "zh-hans"}).content.decode()
