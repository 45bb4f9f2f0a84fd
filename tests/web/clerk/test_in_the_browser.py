"""From files to a person's sheet as eyes, keyboards and screen readers meet it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.looking import accessible, pictures, too_wide
from zhubao.rosters.models import RosterFile, Screening

from .conftest import PASSWORD, STUDENT, Office, enter_lowest_tier, open_offices

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = [pytest.param("zh-hans", id="中文"), pytest.param("en", id="English")]


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
        page.locator('button[name="language"][value="en"]').click()
    page.locator("#id_username").fill(f"pengshui-{name}")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/")


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
    page.locator(".upload .btn.go").click()
    page.locator("#roster-rows table").wait_for()
    assert work() == 5
    page.locator("#roster-rows .tag.bad").wait_for()
    page.locator("#roster-rows:not([hx-get])").wait_for()
    assert page.locator("#roster-rows .tag.ok").count() == 4
    check(page, axe, f"rosters-read-{language}")
    page.get_by_role("link", name="民政低保.csv").click()
    check(page, axe, f"roster-{language}")
    page.goto(f"/clerk/rosters/{RosterFile.objects.get(state='refused').pk}/")
    check(page, axe, f"roster-refused-{language}")

    page.goto("/clerk/screenings/")
    check(page, axe, f"screenings-empty-{language}")
    page.locator(".head .btn.go").click()
    page.locator("#id_on").fill("2022-03-01")
    for box in page.locator("input[name=chosen]").all():
        box.check()
    check(page, axe, f"screening-ask-{language}")
    page.locator("main .fields .btn.go").click()
    page.locator(".progress").wait_for()
    check(page, axe, f"screening-waits-{language}")
    work()
    page.locator(".figures").wait_for()
    check(page, axe, f"results-{language}")
    page.locator(".figures a").nth(1).click()
    assert page.locator("section.people tbody tr").count() == 2
    check(page, axe, f"results-not-met-{language}")
    assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "zh-Hans")

    page.locator("#search").fill(STUDENT)
    page.keyboard.press("Enter")
    page.locator(".law").first.wait_for()
    assert STUDENT not in page.url
    assert page.get_by_text(STUDENT).count() == 0
    check(page, axe, f"person-{language}")
    page.locator("#identity button").click()
    page.get_by_text(STUDENT).wait_for()
    for number in range(1, Screening.objects.get().persons + 1):
        page.goto(f"/clerk/screenings/{Screening.objects.get().pk}/people/{number}/")
        check(page, axe, f"person-{number}-{language}")
