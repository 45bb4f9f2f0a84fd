"""Administration, audit log and password page as eyes, keyboards and screen readers meet them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.conftest import PASSWORD
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from zhubao.access.roles import Role

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

    from zhubao.access.models import Post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(page: "Page", axe: "Axe", name: str) -> None:
    """Hold the page shown to the rules of accessibility and to both widths."""
    assert accessible(axe, page) == []
    pictures(page, name)
    page.set_viewport_size({"width": 390, "height": 844})
    assert not too_wide(page), name
    page.set_viewport_size({"width": 1280, "height": 900})
    assert not too_wide(page), name


def speak(page: "Page", language: str) -> None:
    origin = "/".join(page.url.split("/")[:3])
    page.context.add_cookies([{"name": "language", "value": language, "url": origin}])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages(page_at: "Callable[[str], Page]", post_of: "Callable[[str], Post]", axe: "Axe", language: str) -> None:
    page = page_at(Role.AGENCY_ADMINISTRATOR)
    speak(page, language)
    reviewer, own = post_of(Role.AGENCY_REVIEWER).user_id, post_of(Role.AGENCY_ADMINISTRATOR).user_id
    places = {
        "organisations": "/administration/organisations/",
        "people": "/administration/people/",
        "people-none": "/administration/people/?search=nobody-of-this-name",
        "person": f"/administration/people/{reviewer}/",
        "person-own": f"/administration/people/{own}/",
        "log": "/auditor/log/",
        "log-refused": "/auditor/log/?first=2026-10-02&last=2026-10-01",
        "log-none": "/auditor/log/?subject=nothing",
        "chains": "/auditor/chain/",
        "chain": "/auditor/chain/320682/",
        "password": "/password/",
    }
    for name, address in places.items():
        page.goto(address)
        look(page, axe, f"{name}-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_colleague_from_the_form_to_the_first_page(page_at: "Callable[[str], Page]", axe: "Axe", language: str) -> None:
    from playwright.sync_api import expect

    page = page_at(Role.AGENCY_ADMINISTRATOR)
    speak(page, language)
    page.goto("/administration/people/")
    page.locator("#id_name").fill("石小兰")
    page.locator("#id_username").fill("shixiaolan")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    password = page.locator(".once code").inner_text()
    look(page, axe, f"new-password-{language}")
    with page.expect_navigation():
        page.locator("main a.btn.go").click()
    page.locator("#id_post").select_option(label="审核岗" if language == "zh-hans" else "Review clerk")
    with page.expect_navigation():
        page.locator("form[action$='/posts/'] button").click()
    expect(page.locator(".message.success")).to_be_visible()
    expect(page.locator("#id_post option[disabled]")).not_to_have_count(0)
    look(page, axe, f"post-opened-{language}")
    page.locator("details summary").first.click()
    look(page, axe, f"post-closing-{language}")

    with page.expect_navigation():
        page.locator("form[action='/sign-out/'] button").click()
    page.locator("#id_username").fill("shixiaolan")
    page.locator("#id_password").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/password/")
    look(page, axe, f"password-forced-{language}")
    page.locator("#id_old").fill(password)
    page.locator("#id_new").fill("12345")
    page.locator("#id_again").fill("12345")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".fault").first).to_be_visible()
    look(page, axe, f"password-refused-{language}")
    page.locator("#id_old").fill(password)
    page.locator("#id_new").fill(f"{PASSWORD} of mine")
    page.locator("#id_again").fill(f"{PASSWORD} of mine")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".message.success")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("石小兰")
