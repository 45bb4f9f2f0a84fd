"""The base pages as eyes, keyboards and screen readers meet them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.looking import accessible, pictures, too_wide
from zhubao.access.roles import Role

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

    from zhubao.access.models import Post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = [pytest.param("zh", id="中文"), pytest.param("en", id="English")]


def speak(page: "Page", language: str) -> None:
    """Switch the page, which is in Chinese, to English by its own button where English is wanted."""
    if language == "en":
        with page.expect_navigation():
            page.locator('button[name="language"][value="en"]').click()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_sign_in_by_keyboard(page: "Page", county: "list[Post]", axe: "Axe", language: str, width: int) -> None:
    from playwright.sync_api import expect

    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/sign-in/")
    speak(page, language)
    pictures(page, f"sign-in-{language}")
    assert accessible(axe, page) == []
    assert not too_wide(page)
    page.locator("#id_username").focus()
    page.keyboard.type("agency-reviewer")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator('[role="alert"]')).to_be_visible()
    assert accessible(axe, page) == []
    pictures(page, f"sign-in-wrong-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_home(page_at: "Callable[[str], Page]", axe: "Axe", language: str) -> None:
    from playwright.sync_api import expect

    page = page_at(Role.AGENCY_REVIEWER)
    speak(page, language)
    assert accessible(axe, page) == []
    pictures(page, f"home-{language}")
    page.set_viewport_size({"width": 390, "height": 844})
    assert not too_wide(page)
    with page.expect_navigation():
        page.locator('button[name="size"]').click()
    expect(page.locator("html.large")).to_have_count(1)
    assert not too_wide(page)
    pictures(page, f"home-large-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_not_found(page: "Page", county: "list[Post]", axe: "Axe", language: str) -> None:
    page.goto("/sign-in/")
    speak(page, language)
    page.goto("/nothing-here/")
    assert accessible(axe, page) == []
    pictures(page, f"not-found-{language}")
