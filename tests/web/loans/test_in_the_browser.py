"""A year of a loan as eyes, keyboards and screen readers meet it: released, handed in, recorded, reconciled."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from tests.cases import lives, loan_lives
from tests.cases.offices import JIANGXI_COUNTY, Offices, open_offices
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from tests.procedures import year
from tests.web.files.test_files import apply, returned
from zhubao.access.roles import Role
from zhubao.loans.models import Loan

from .conftest import WEDNESDAY, desk

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def offices(transactional_db: None, clock: Callable[[Any], None]) -> Offices:
    """Return a Jiangxi county with one loan, on the Wednesday after it was signed."""
    offices = open_offices(JIANGXI_COUNTY)
    year.signed_jiangxi(offices)
    clock(lives.at(WEDNESDAY, 15))
    return offices


def act_as(page: "Page", address: str, offices: Offices, role: str, language: str) -> None:
    """Let the browser act at a post, in a language."""
    session = desk(offices, role).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": address},
        ]
    )


def looked_at(page: "Page", axe: "Axe", name: str) -> None:
    """Want a page to break no accessibility rule and to fit a phone; keep its picture."""
    assert accessible(axe, page) == []
    pictures(page, name)
    page.set_viewport_size({"width": 390, "height": 844})
    assert not too_wide(page)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_year_from_the_plan_to_the_reconciliation(
    page: "Page", live_server: Any, axe: "Axe", offices: Offices, language: str, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    loan = Loan.objects.get()

    def at(role: str, path: str) -> None:
        act_as(page, live_server.url, offices, role, language)
        page.goto(path)

    at(Role.AGENCY_ACCOUNTANT, "/loans/year/?year=2026")
    with page.expect_navigation():
        page.locator('form[action="/loans/year/plan/"] button').click()
    at(Role.AGENCY_APPROVER, "/loans/year/?year=2026")
    looked_at(page, axe, f"loans-year-{language}")
    with page.expect_navigation():
        page.locator('form[action="/loans/year/release/"] button').click()
    with page.expect_download() as download:
        page.locator('form[action$="/take/"] button').first.click()
    assert download.value.suggested_filename.endswith(".xlsx")

    year.confirmed(offices, "2026-10-14")
    at(Role.BANK_OFFICER, f"/loans/{loan.number}/")
    with page.expect_navigation():
        page.locator('a[href*="/steps/record_draw/"]').first.click()
    page.locator("#step_amount_fen").fill("9999")
    page.locator("main form button.go").click()
    expect(page.locator(".wrong #step_amount_fen")).to_be_visible()
    looked_at(page, axe, f"loans-step-{language}")

    faulty, good = tmp_path / "faulty.csv", tmp_path / "good.csv"
    content = returned(offices)
    faulty.write_bytes(content.replace(b"2400.00", b"2500.00", 1))
    good.write_bytes(content)
    for file, name in ((faulty, "refused"), (good, "taken")):
        page.goto("/files/")
        looked_at(page, axe, f"files-{language}")
        page.locator("#id_kind").select_option("draw_return")
        page.locator("#id_sent").set_input_files(str(file))
        with page.expect_navigation():
            page.locator('form[action="/files/upload/"] button').click()
        if name == "taken":
            apply(offices)
            expect(page.locator("progress")).to_have_count(0)
        looked_at(page, axe, f"files-{name}-{language}")

    at(Role.AGENCY_ACCOUNTANT, "/loans/reconciliation/?year=2026")
    with page.expect_navigation():
        page.locator('form[action="/loans/reconciliation/run/"] button').click()
    page.locator("details.explain summary").click()
    expect(page.locator("details.explain textarea")).to_be_visible()
    looked_at(page, axe, f"loans-reconciliation-{language}")
    for path, name in (("/loans/", "list"), (f"/loans/{loan.number}/", "one"), (f"/loans/{loan.number}/postings/", "postings")):
        page.goto(path)
        looked_at(page, axe, f"loans-{name}-{language}")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".scroll").first.evaluate("table => { table.scrollLeft = 200 }")
    expect(page.locator(".scroll tbody td").first).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1280, "height": 900})

    loan_lives.second_bank(offices.area)
    bank = loan_lives.the_bank(offices.area)
    at(Role.AGENCY_APPROVER, "/banks/")
    page.locator("details summary").first.click()
    looked_at(page, axe, f"banks-{language}")
    page.goto(f"/banks/{bank.pk}/")
    page.locator("details summary").first.click()
    looked_at(page, axe, f"bank-{language}")
