"""Budgets as eyes, keyboards and screen readers meet them."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests.loans.lives import JIANGXI_TERMS, PostOf, at, life_of
from tests.looking import LANGUAGES
from tests.web.statements.test_in_the_browser import act_as, desk_of, looked_at
from zhubao.access.roles import Role
from zhubao.loans.states import JIANGXI, RUGAO
from zhubao.oversight.budget.assumptions import Assumptions, NewLoans

from .test_budget import asked

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_question_to_a_comparison(
    page: "Page", live_server: Any, axe: "Axe", post_of: PostOf, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    from playwright.sync_api import expect

    life_of(JIANGXI, post_of).year(2021)
    life_of(JIANGXI, post_of, name="L2", terms=replace(JIANGXI_TERMS, subsidised_from=None), sequence=46).year(2021)
    life_of(RUGAO, post_of, name="L3", sequence=48).year(2021)
    monkeypatch.setattr(timezone, "now", lambda: at(2022, 9, 15))
    new = NewLoans(JIANGXI, 40, 60, 960_000, 2023, 800_000)
    base = asked(Assumptions())
    asked(Assumptions(losing_ppm=50_000, deaths_ppm=4_000, superior_share_ppm=300_000, new_loans=new))
    short = language[:2]
    act_as(page, live_server.url, desk_of(post_of, Role.AGENCY_ACCOUNTANT), language)
    page.goto("/budget/")
    page.locator("summary").first.click()
    expect(page.locator("#id_years")).to_be_visible()
    looked_at(page, axe, f"budget-all-{short}")
    page.goto("/budget/YS-320682-2022-002/")
    looked_at(page, axe, f"budget-one-{short}")
    page.goto("/budget/YS-320682-2022-002/against/?other=YS-320682-2022-001")
    looked_at(page, axe, f"budget-against-{short}")
    page.goto(f"/budget/{base.number}/loans/320682108/{JIANGXI}/")
    looked_at(page, axe, f"budget-loans-{short}")
    page.goto(f"/budget/{base.number}/actual/")
    looked_at(page, axe, f"budget-actual-{short}")
    act_as(page, live_server.url, desk_of(post_of, Role.FINANCE_CLERK), "zh-hans")
    page.goto("/budget/")
    page.locator("summary").first.click()
    page.locator("#id_losing_ppm").fill("10")
    page.locator("form.fields button.go").click()
    expect(page.locator(".chart svg")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("YS-320682-2022-003")
    page.locator("#other").select_option(base.number)
    page.get_by_role("button", name="比较").click()
    expect(page.locator("b.pair").first).to_contain_text("-")
