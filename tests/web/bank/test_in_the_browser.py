"""The bank officer's sheet in a real browser: paste, read the answers, take the workbook along."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.looking import LANGUAGES, accessible, pictures, too_wide

from .test_candidates import GOOD, NO_BALANCE, SHORT, paste

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_pasted_rows_to_a_workbook(page_at: "Callable[[str], Page]", axe: "Axe", language: str) -> None:
    """The list is pasted once; the workbook comes from the page with the answers."""
    from playwright.sync_api import expect

    page = page_at("bank_officer")
    page.context.add_cookies([{"name": "language", "value": language, "url": page.url}])
    page.goto("/bank/candidates/")
    assert accessible(axe, page) == []
    pictures(page, f"bank-form-{language}")
    page.locator("#id_policy").select_option("rugao-draft")
    page.locator("#id_on").fill("2026-10-12")
    page.locator("#id_pasted").fill(paste(GOOD, SHORT, NO_BALANCE, ["赵丁", "1973-13", *GOOD[2:]]))
    with page.expect_navigation():
        page.locator("main form button.go").click()
    expect(page.locator("text=33,660.00")).to_be_visible()
    expect(page.locator("text=B5")).to_have_count(1)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert (accessible(axe, page), too_wide(page)) == ([], False)
    pictures(page, f"bank-answers-{language}")
    with page.expect_download() as download:
        page.locator("main form.again button").click()
    assert download.value.suggested_filename == "candidates-2026-10-12.xlsx"
