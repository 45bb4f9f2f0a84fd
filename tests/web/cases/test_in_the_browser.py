"""Cases as eyes, keyboards and screen readers meet them."""

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.hashers import make_password

from tests.cases import lives, loan_lives
from tests.cases.lives import at
from tests.cases.offices import JIANGXI_COUNTY, RUGAO_COUNTY, Offices, open_offices
from tests.conftest import PASSWORD
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from tests.people.tables import number
from zhubao.access.models import User
from zhubao.access.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: "Page", offices: Offices, role: str, language: str) -> None:
    """Sign in at a post in a language, whoever was signed in before."""
    page.context.clear_cookies()
    page.goto("/sign-in/")
    if language == "en":
        with page.expect_navigation():
            page.locator('button[name="language"][value="en"]').click()
    page.locator("#id_username").fill(offices.post(role).user.username)
    page.locator("#id_password").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main form button").click()


def check(page: "Page", axe: "Axe", name: str) -> None:
    """Want a page to break no accessibility rule and to fit a phone; keep its picture."""
    assert accessible(axe, page) == []
    pictures(page, name)
    page.set_viewport_size({"width": 390, "height": 844})
    assert not too_wide(page), name
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_counter_to_the_decision(page: "Page", axe: "Axe", language: str, clock: "Callable[[datetime], None]") -> None:
    from playwright.sync_api import expect

    jiangxi, rugao = open_offices(JIANGXI_COUNTY), open_offices(RUGAO_COUNTY)
    User.objects.update(password=make_password(PASSWORD))
    loan_lives.figures()
    lives.figures()
    case = loan_lives.handed_in(jiangxi, loan_lives.man())

    sign_in(page, jiangxi, Role.AGENCY_INTAKE, language)
    page.goto("/cases/new/")
    check(page, axe, f"new-{language}")
    page.locator("#id_id_number").fill(number("19710308", 31, JIANGXI_COUNTY))
    page.locator("#id_name").fill("吴大勇")
    page.locator("#id_region").select_option(JIANGXI_COUNTY)
    with page.expect_navigation():
        page.locator("main .btn.go").click()
    expect(page.locator("#lacks")).to_be_visible()
    page.locator("#id_phone").fill("13900000002")
    page.locator("#id_family-0-name").fill("李秀英")
    with page.expect_navigation():
        page.locator("main .fields.sheet .btn.go").click()
    expect(page.locator("#id_family-0-name_error, #id_family-0-relation_error")).to_have_count(1)
    check(page, axe, f"form-refused-{language}")
    page.locator("#id_family-0-relation").fill("配偶")
    with page.expect_navigation():
        page.locator("main .fields.sheet .btn.go").click()
    expect(page.locator(".message.success")).to_have_count(1)
    with page.expect_navigation():
        page.locator(".originals button").first.click()
    expect(page.locator(".papers li")).to_have_count(1)
    check(page, axe, f"form-{language}")

    clock(at("2026-10-21"))
    sign_in(page, jiangxi, Role.AGENCY_REVIEWER, language)
    page.goto("/cases/")
    expect(page.locator("tr.late")).to_have_count(1)
    page.locator("details.due summary").click()
    check(page, axe, f"queue-{language}")
    page.locator("h1").click()
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".law").first).to_be_visible()
    check(page, axe, f"case-{language}")
    page.locator("#identity summary").click()
    page.locator("#why").fill("核对身份证")
    page.locator("#identity button").click()
    expect(page.locator("#identity")).to_contain_text(number("19680903", 17, JIANGXI_COUNTY))
    with page.expect_navigation():
        page.locator(".head .btn.go").click()
    expect(page.locator("#step_reason")).to_be_visible()
    check(page, axe, f"step-propose-{language}")
    with page.expect_navigation():
        page.locator(".form .btn.go").click()
    expect(page.locator(".message.success")).to_have_count(1)

    clock(at("2026-11-20"))
    sign_in(page, jiangxi, Role.AGENCY_APPROVER, language)
    page.goto("/cases/late/")
    expect(page.locator("tr.late")).to_have_count(1)
    check(page, axe, f"late-{language}")
    page.goto(f"/cases/{case.number}/steps/decide/")
    page.locator('input[name="outcome"][value="refused"]').check()
    with page.expect_navigation():
        page.locator(".form .btn.go").click()
    expect(page.locator(".form .message.error")).to_have_count(1)
    check(page, axe, f"step-decide-refused-{language}")
    page.locator('input[name="outcome"][value="granted"]').check()
    with page.expect_navigation():
        page.locator(".form .btn.go").click()
    expect(page.locator(".message.success")).to_have_count(1)
    check(page, axe, f"case-decided-{language}")
    page.goto(f"/cases/{case.number}/decisions/{case.decisions.get(kind='loan').pk}/")
    expect(page.locator(".message.success")).to_have_count(1)
    check(page, axe, f"as-decided-{language}")
    page.goto(f"/cases/{case.number}/steps/decide/")
    expect(page.locator("dl.facts")).to_be_visible()
    check(page, axe, f"overtaken-{language}")
    page.goto(f"/cases/{case.number}/forecast/")
    check(page, axe, f"forecast-{language}")
    page.goto("/cases/all/")
    page.locator("#search").fill(number("19680903", 17, JIANGXI_COUNTY))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(case.number)
    page.goto("/cases/all/?state=open")
    check(page, axe, f"all-{language}")

    sign_in(page, rugao, Role.COMMITTEE_MEMBER, language)
    page.goto("/cases/")
    check(page, axe, f"queue-empty-{language}")
