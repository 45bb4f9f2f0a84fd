"""Policies, parameters and open questions as eyes, keyboards and screen readers meet them."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests.looking import LANGUAGES, accessible, pictures, too_wide
from zhubao.access.roles import Role
from zhubao.parameters import Parameter
from zhubao.programmes.actions import enter_figures, withdraw_figure

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

    from zhubao.access.models import Post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PUBLIC = {
    "policies": "/policies/",
    "policy": "/policies/rugao-draft/",
    "policy-over": "/policies/pengshui-2022/?on=2026-10-12",
    "policy-nothing": "/policies/rugao-draft/?words=nothing-of-the-kind",
}
PARAMETERS = {
    "parameters": "/parameters/?on=2026-10-12",
    "parameter-history": "/parameters/names/floor_fen/?on=2026-10-12&withdrawn=1",
    "parameter-none": "/parameters/names/statistical_wage_fen/?on=2026-10-12",
    "parameter-enter": "/parameters/enter/lowest_tier_monthly_fen/?on=2026-10-12",
    "parameter-choose": "/parameters/enter/",
    "parameter-word": "/parameters/enter/setting.day_count/",
    "parameter-import": "/parameters/import/",
    "questions": "/parameters/questions/?on=2026-10-12&document=rg",
    "question": "/parameters/questions/A-ALL-2/?on=2026-10-12",
    "question-text": "/parameters/questions/A-RG-9/?on=2026-10-12",
}


def speak(page: "Page", language: str) -> None:
    origin = "/".join(page.url.split("/")[:3])
    page.context.add_cookies([{"name": "language", "value": language, "url": origin}])


def look(page: "Page", axe: "Axe", name: str, address: str, language: str) -> None:
    """Open a page, hold it to the rules of accessibility and to both widths."""
    from playwright.sync_api import expect

    page.goto(address)
    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-Hans")
    assert accessible(axe, page) == []
    pictures(page, f"{name}-{language}")
    page.set_viewport_size({"width": 390, "height": 844})
    assert not too_wide(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert not too_wide(page)


def figure(name: str, value: int | str, unit: str, first: date, last: date | None = None) -> Parameter:
    return Parameter(name, value, unit, "320682", first, last, "皋人社发〔2026〕1号", decided_by="市人社局 周海峰")


@pytest.fixture
def entered(post_of: "Callable[[str], Post]") -> None:
    actor, now = post_of(Role.AGENCY_APPROVER).actor(), timezone.now()
    (wrong,) = enter_figures([figure("floor_fen", 99_000, "fen", date(2026, 7, 1))], actor=actor, now=now)
    withdraw_figure(wrong.pk, "数额录错，应为900元", actor=actor, now=now)
    entries = [
        figure("floor_fen", 88_000, "fen", date(2025, 7, 1), date(2026, 6, 30)),
        figure("floor_fen", 90_000, "fen", date(2026, 7, 1)),
        figure("setting.A-RG-1", "5", "text", date(2026, 1, 1)),
        figure("setting.A-ALL-2", "act365", "text", date(2026, 1, 1)),
    ]
    enter_figures(entries, actor=actor, now=now)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PUBLIC)
def test_policies(page: "Page", entered: None, axe: "Axe", name: str, language: str) -> None:
    page.goto("/sign-in/")
    speak(page, language)
    look(page, axe, name, PUBLIC[name], language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_parameters(page_at: "Callable[[str], Page]", entered: None, axe: "Axe", language: str) -> None:
    page = page_at(Role.AGENCY_APPROVER)
    speak(page, language)
    for name, address in PARAMETERS.items():
        look(page, axe, name, address, language)


def test_filtering_without_leaving_the_page(page: "Page", county: "list[Post]") -> None:
    from playwright.sync_api import expect

    page.goto("/policies/rugao-draft/")
    page.locator("#words").fill("户籍在如皋")
    page.locator("#words").press("Tab")
    page.wait_for_url("**words=*")
    expect(page.locator(".clause")).to_have_count(1)
    expect(page.locator(".clause")).to_have_id("rg-4.0a")
    page.select_option("#status", "not_computable")
    expect(page.locator(".empty")).to_be_visible()
    page.wait_for_url("**status=not_computable*")
    page.go_back()
    expect(page.locator("#rg-4\\.0a")).to_be_visible()


def test_a_figure_entered_by_keyboard_and_withdrawn(page_at: "Callable[[str], Page]", axe: "Axe") -> None:
    from playwright.sync_api import expect

    page = page_at(Role.AGENCY_APPROVER)
    page.goto("/parameters/?on=2026-10-12")
    with page.expect_navigation():
        page.locator(".lacking a.btn").click()
    page.locator("#id_value").fill("一千")
    page.locator("#id_source").fill("皋人社发〔2026〕1号")
    page.locator("#id_decided_by").fill("市人社局 周海峰")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#id_value_error")).to_be_visible()
    assert accessible(axe, page) == []
    pictures(page, "parameter-wrong")
    page.locator("#id_value").fill("1020")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".message.success")).to_be_visible()
    with page.expect_navigation():
        page.locator("a.no").click()
    page.locator("#id_reason").fill("文号录错")
    pictures(page, "parameter-withdraw")
    assert accessible(axe, page) == []
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".message.success")).to_be_visible()
    expect(page.locator("s")).to_have_text("1,020.00 元")


def test_faults_of_a_file(page_at: "Callable[[str], Page]", axe: "Axe") -> None:
    from playwright.sync_api import expect

    page = page_at(Role.AGENCY_APPROVER)
    page.goto("/parameters/import/")
    rows = (
        "area_code,name,value,unit,effective_from,effective_to,source,decided_by\n"
        "320682,floor,900,元,2026-07-01,,皋民发〔2026〕5号,市民政局\n"
        "320000,floor_fen,900,元,2026-07-01,,苏民发〔2026〕5号,省民政厅\n"
    )
    page.set_input_files("#id_file", {"name": "参数.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    with page.expect_navigation():
        page.locator("main form button").click()
    expect(page.locator('[role="alert"] tbody tr')).to_have_count(2)
    assert accessible(axe, page) == []
    pictures(page, "parameter-import-faults")
