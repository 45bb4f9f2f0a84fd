"""From files to a person's sheet as eyes, keyboards and screen readers meet it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.looking import LANGUAGES, accessible, pictures, too_wide
from zhubao.rosters.models import RosterFile, Screening

from .conftest import PASSWORD, STUDENT, Office, enter_lowest_tier, open_offices

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_county(transactional_db: None) -> dict[str, Office]:
    """Open the offices of Pengshui with the lowest tier entered."""
    offices = open_offices()
    enter_lowest_tier()
    return offices


def sign_in(page: "Page", name: str, language: str) -> None:
    """Sign in at an office in a language."""
    page.goto("/sign-in/")
    if language == "en":
        with page.expect_navigation():
            page.locator('button[name="language"][value="en"]').click()
    page.locator("#id_username").fill(f"pengshui-{name}")
    page.locator("#id_password").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main form button").click()


def check(page: "Page", axe: "Axe", name: str) -> None:
    """Want a page to break no accessibility rule and to fit a phone; keep its picture."""
    assert accessible(axe, page) == []
    pictures(page, name)
    page.set_viewport_size({"width": 390, "height": 844})
    assert not too_wide(page)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_files_to_a_sheet(
    page: "Page",
    open_county: dict[str, Office],
    axe: "Axe",
    language: str,
    rosters: dict[str, tuple[str, bytes]],
    work: Callable[[], int],
    tmp_path: Path,
) -> None:
    from playwright.sync_api import expect

    sent = []
    for name, content in rosters.values():
        (tmp_path / name).write_bytes(content)
        sent.append(tmp_path / name)
    (tmp_path / "扫描件.csv").write_bytes(b"%PDF-1.7\x00\x01\x02\xff\xfe\x00")
    sign_in(page, "agency", language)
    page.goto("/clerk/rosters/")
    check(page, axe, f"rosters-empty-{language}")
    page.locator("#id_sent").set_input_files([*sent, tmp_path / "扫描件.csv"])
    page.locator("#kind-3").select_option("insured")
    check(page, axe, f"rosters-chosen-{language}")
    with page.expect_navigation():
        page.locator(".upload .btn.go").click()
    expect(page.locator("#roster-rows tbody tr")).to_have_count(5)
    assert work() == 5
    expect(page.locator("#roster-rows .tag.bad")).to_be_visible()
    page.locator("#roster-rows:not([hx-get])").wait_for()
    expect(page.locator("#roster-rows .tag.ok")).to_have_count(4)
    check(page, axe, f"rosters-read-{language}")
    with page.expect_navigation():
        page.get_by_role("link", name="民政低保.csv").click()
    check(page, axe, f"roster-{language}")
    page.goto(f"/clerk/rosters/{RosterFile.objects.get(state='refused').pk}/")
    check(page, axe, f"roster-refused-{language}")

    page.goto("/clerk/screenings/")
    check(page, axe, f"screenings-empty-{language}")
    with page.expect_navigation():
        page.locator(".head .btn.go").click()
    page.locator("#id_on").fill("2022-03-01")
    for box in page.locator("input[name=chosen]").all():
        box.check()
    check(page, axe, f"screening-ask-{language}")
    with page.expect_navigation():
        page.locator("main .fields .btn.go").click()
    expect(page.locator(".progress")).to_be_visible()
    check(page, axe, f"screening-waits-{language}")
    work()
    expect(page.locator(".figures")).to_be_visible()
    check(page, axe, f"results-{language}")
    with page.expect_navigation():
        page.locator(".figures a").nth(1).click()
    expect(page.locator("section.people tbody tr")).to_have_count(2)
    check(page, axe, f"results-not-met-{language}")
    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-Hans")

    page.locator("#search").fill(STUDENT)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".law").first).to_be_visible()
    assert STUDENT not in page.url
    expect(page.get_by_text(STUDENT)).to_have_count(0)
    check(page, axe, f"person-{language}")
    page.locator("#identity button").click()
    expect(page.get_by_text(STUDENT)).to_be_visible()
    for number in range(1, Screening.objects.get().persons + 1):
        page.goto(f"/clerk/screenings/{Screening.objects.get().pk}/people/{number}/")
        check(page, axe, f"person-{number}-{language}")
