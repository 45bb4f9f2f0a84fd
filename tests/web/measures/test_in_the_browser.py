"""Measures as eyes, keyboards and screen readers meet them: list, one measure, figures, fund, bulletin; closing needs evidence."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.oversight.measures.counties import COUNTY, GANZHOU, SYSTEM, a_county, at, post_at, taken_up
from tests.web.statements.test_in_the_browser import act_as, looked_at
from zhubao.access.models import Region
from zhubao.access.roles import OrganisationKind
from zhubao.oversight.measures.figures import enter_figure, enter_fund_year
from zhubao.oversight.measures.models import Measure
from zhubao.oversight.measures.supervising import supervise_measures

from .test_measures import HRSS, signed_in

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = at(2022, 4, 12)


def test_from_the_list_to_the_bulletin(page: "Page", live_server: Any, axe: "Axe", monkeypatch: pytest.MonkeyPatch) -> None:
    from playwright.sync_api import expect

    a_county()
    Region.objects.filter(pk=COUNTY).update(name="章贡区")
    rows = taken_up()
    supervise_measures(date(2022, 4, 12), actor=SYSTEM, now=NOW)
    monkeypatch.setattr("zhubao.access.clock.now", lambda: NOW)
    monkeypatch.setattr("zhubao.access.clock.today", NOW.date)
    bureau, finance = post_at(HRSS), post_at(OrganisationKind.FINANCE)
    for part, fen in (("disability", 1_860_00), ("care", 960_00)):
        enter_figure(COUNTY, "injury_benefit", NOW.date(), fen, "年度统计表", part=part, actor=bureau, now=NOW)
    for year, fen in ((2020, 70_000_000_00), (2021, 85_000_000_00), (2022, 82_000_000_00)):
        enter_fund_year(
            COUNTY, year, 100_000_000_00, fen, f"{year - 1}年度决算", date(2022, 3, 20), gains_fen=4_000_000_00,
            average_assets_fen=100_000_000_00, actor=finance, now=NOW,
        )  # fmt: skip
    asked = f"policy={GANZHOU}&quarter=2022-01-01"
    addresses = {
        "all": "",
        "one": f"{rows['gz-13'].pk}/",
        "enter": "figures/injury_benefit/",
        "preview": f"bulletins/preview/?{asked}",
    }
    act_as(page, live_server.url, signed_in(HRSS), "zh-hans")
    for name, address in addresses.items():
        page.goto(f"/measures/{address}")
        page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
        looked_at(page, axe, f"measures-{name}")
    act_as(page, live_server.url, signed_in(OrganisationKind.FINANCE), "zh-hans")
    page.goto("/measures/fund/")
    looked_at(page, axe, "measures-fund")
    act_as(page, live_server.url, signed_in(HRSS), "zh-hans")
    page.goto(f"/measures/{rows['gz-13'].pk}/")
    page.locator("#catch_up_words").fill("补报一季度宣传情况")
    page.get_by_role("button", name="补报").click()
    expect(page.locator("h1 .tag")).to_have_text("进行中")
    page.get_by_text("办结", exact=True).first.click()
    page.locator("#close_words").fill("年度任务完成")
    page.get_by_role("button", name="办结").click()
    expect(page.locator(".message, .messages").first).to_contain_text("没有证明材料")
    page.goto(f"/measures/bulletins/preview/?{asked}")
    page.get_by_role("button", name="印发").click()
    expect(page.locator("h1")).to_contain_text("章贡区")
    expect(page.locator(".trail")).to_contain_text("TB-GZ-360702-2022Q1-1")
    assert Measure.objects.get(measure_id="gz-13").state == "active"
