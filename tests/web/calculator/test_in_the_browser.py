"""The public pages in a real browser: figures follow the typing, faults stand beside their field, pages are accessible."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.looking import LANGUAGES, accessible, pictures, too_wide

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RUGAO = "/calculator/loan/rugao-draft/?birth=1973-06&category=female55&paid_years=12&paid_months=4&account=38200&index=0.60&on=2026-10-12"
PENGSHUI = "/calculator/on-behalf/pengshui-2022/?birth=1980-05&lists=dibao&insured=here&on=2022-03-01"
PAGES = {
    "calculator": "/calculator/",
    "rugao": RUGAO,
    "jiangxi-short": "/calculator/loan/jiangxi-2020-7/?birth=1971-06&category=female55&paid_years=12&paid_months=4&on=2026-10-12",
    "tongling": "/calculator/loan/tongling-2022-13/?birth=1971-06&paid_years=10&paid_months=0&yearly=1000&on=2026-10-12",
    "pengshui": PENGSHUI,
}


def speak(page: "Page", language: str, size: str = "normal") -> None:
    """Set the language and the type size of a browser."""
    page.goto("/calculator/")
    page.context.add_cookies(
        [{"name": "language", "value": language, "url": page.url}, {"name": "type-size", "value": size, "url": page.url}]
    )


def test_the_result_follows_the_typing(page: "Page") -> None:
    """After a pause the figures are new, asked for once; the address is the case, and the focus is where it was."""
    from playwright.sync_api import expect

    page.clock.install(time="2026-10-12T09:00")
    page.goto(RUGAO)
    expect(page.locator(".big")).to_contain_text("738.19")
    page.clock.pause_at("2026-10-12T10:00")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.headers.get("hx-request") else None)
    page.locator("#id_account").fill("")
    page.locator("#id_account").press_sequentially("62000")
    page.clock.resume()
    expect(page.locator(".big")).to_contain_text("813.37")
    page.wait_for_url("**account=62000**")
    expect(page.locator("#id_account")).to_be_focused()
    assert len([url for url in asked if "/charts/" not in url]) == 1
    page.reload()
    expect(page.locator(".big")).to_contain_text("813.37")


def test_a_fault_comes_and_goes_beside_its_field(page: "Page") -> None:
    """The message stands under the field while the rest of the form keeps what was typed."""
    from playwright.sync_api import expect

    page.goto(RUGAO)
    page.locator("#id_birth").fill("1973-13")
    expect(page.locator("#fault-birth")).to_have_text("月份只有 1 到 12 月。")
    expect(page.locator(".big")).to_have_count(0)
    page.locator("#id_birth").fill("1973-05")
    expect(page.locator(".big")).to_be_visible()
    expect(page.locator("#fault-birth")).to_be_empty()


def test_without_scripts_a_button_does_the_same(page: "Page", live_server: Any) -> None:
    """A browser that runs no script gets the figures by the button and the charts by a link."""
    from playwright.sync_api import expect

    assert page.context.browser
    plain = page.context.browser.new_context(java_script_enabled=False, base_url=live_server.url)
    opened = plain.new_page()
    opened.goto(RUGAO)
    opened.locator("#id_account").fill("62000")
    with opened.expect_navigation():
        opened.locator("main form button.go").click()
    assert "account=62000" in opened.url
    expect(opened.locator(".big")).to_have_count(1)
    plain.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", ["normal", "large"], ids=["普通", "大字"])
def test_pages_are_accessible_at_every_width(page: "Page", axe: "Axe", language: str, size: str) -> None:
    """Nothing wider than the window on a desk and on a phone; no broken rule of WCAG 2.1 AA: usual letters on a desk, large ones on a phone."""
    speak(page, language, size)
    for name, address in PAGES.items():
        page.goto(address)
        if "/loan/" in address:
            page.locator(".drawn svg").first.wait_for()
        for width in (390, 1280) if size == "normal" else (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert (name, width, too_wide(page)) == (name, width, False)
        assert (name, accessible(axe, page)) == (name, [])
        pictures(page, f"{name}-{language}-{size}")
