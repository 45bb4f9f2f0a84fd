"""A committee's day on a phone and at a desk, in Chinese and in English, with pictures to look at."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from django.conf import settings

from tests.cases.lives import applicant, at, handed_in, post, reviewed
from tests.cases.offices import Offices, ask
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from tests.procedures.year import signed_rugao
from zhubao.access.roles import Role
from zhubao.cases.actions.intake import list_family
from zhubao.cases.actions.notice_objections import object_to_notice
from zhubao.loans.models import Loan
from zhubao.procedures.agreement_signed import open_loan_of

from .conftest import Clock, desk

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SMALLEST = (
    "Math.min(...[...document.querySelectorAll('main *')].filter(e => e.offsetParent && [...e.childNodes]"
    ".some(n => n.nodeType === 3 && n.data.trim())).map(e => parseFloat(getComputedStyle(e).fontSize)))"
)


@pytest.fixture
def village(rugao: Offices, clock: Clock) -> dict[str, str]:
    """Have every kind of work wait on Saturday 2026-10-24; return the case numbers by what waits."""
    signed = signed_rugao(rugao)
    loan = open_loan_of(signed, actor=rugao.at(Role.BANK_OFFICER), now=at("2026-10-22"))
    Loan.objects.filter(pk=loan.pk).update(state="recorded")
    new = handed_in(rugao, applicant(1))
    clock(at("2026-10-24"))
    for serial in (2, 3):
        reviewed(rugao, applicant(serial), certificate="皋低保0018")
    up, over, doubted = (reviewed(rugao, applicant(serial)) for serial in (4, 5, 6))
    post(rugao, up, day="2026-10-19")
    post(rugao, over, doubted, day="2026-10-12")
    object_to_notice(
        doubted.pk,
        by_name="吴国平",
        said="她家在镇上有一间店面出租",
        contact="13911112222",
        filed_on=at("2026-10-15").date(),
        request=ask(),
        actor=rugao.at(Role.TOWNSHIP_CLERK),
        now=at("2026-10-15"),
    )
    return {"new": new.number, "up": up.number, "over": over.number, "doubted": doubted.number, "signed": signed.number}


def arrive(page: "Page", offices: Offices, role: str, language: str) -> None:
    """Stand at a post, in a language."""
    page.goto("/health/")
    session = desk(offices, role).cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.LANGUAGE_COOKIE_NAME: language}
    page.context.add_cookies([{"name": name, "value": value, "url": urljoin(page.url, "/")} for name, value in cookies.items()])


def looked_at(page: "Page", axe: "Axe", name: str) -> None:
    """Want a page to break no rule at either width, to fit a phone, and to have no letter below 17 pixels; keep its picture."""
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found = (accessible(axe, page), page.evaluate(SMALLEST) >= 17)
        assert (name, size["width"], *found) == (name, size["width"], [], True)
    assert (name, too_wide(page)) == (name, False)
    pictures(page, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_in_the_village(page: "Page", axe: "Axe", rugao: Offices, village: dict[str, str], language: str) -> None:
    from playwright.sync_api import expect

    def here(name: str, address: str = "") -> None:
        if address:
            page.goto(address)
        looked_at(page, axe, f"village-{name}-{language}")

    def press(selector: str) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    arrive(page, rugao, Role.COMMITTEE_MEMBER, language)
    here("start", "/village/")
    press(".doors a")
    here("to-review")
    press(".rows a")
    here("review")
    press("form[action$='/original/'] button")
    page.locator("input[name=lives_here][type=checkbox]").check()
    press("form:has([name=passed][value=yes]) button")
    expect(page.locator(".message.success")).to_be_visible()
    press(".doors li:nth-child(2) a")
    page.locator("#id_place").fill("村委会公示栏")
    page.locator("#id_phone").fill("0513-80000001")
    here("choose")
    press("main form .btn.go")
    expect(page.locator(".paper img").first).to_be_visible()
    here("preview")
    press("form[action$='/posted/'] button")
    expect(page.locator(".message.success")).to_be_visible()
    here("notice")
    here("notices", "/village/notices/")
    here("not-yet", f"/village/cases/{village['up']}/sign_opinion/")
    here("hanging", f"/village/cases/{village['up']}/")
    here("sign", f"/village/cases/{village['over']}/sign_opinion/")
    page.locator("#step_sealed").check()
    press("main form .btn.go")
    expect(page.locator(".message.success")).to_be_visible()
    here("doubted", f"/village/cases/{village['doubted']}/")
    here("investigate", f"/village/cases/{village['doubted']}/investigate/")
    here("renewals", "/village/renewals/")
    press(".rows .btn.go")
    page.locator("#id_asked").fill("99999")
    press("main form .btn.go")
    here("file-refused")
    page.locator("#id_asked").fill("12240")
    press("main form .btn.go")
    here("renewal")

    arrive(page, rugao, Role.TOWNSHIP_CLERK, language)
    here("township", "/village/township/")
    press("tbody a")
    here("one-village")


def test_a_household_is_shown(rugao: Offices, clock: Clock) -> None:
    """The household stands on the page with who can work and who does."""
    from zhubao.cases.models import Case

    case = handed_in(rugao, applicant())
    Case.objects.update(state="draft")
    members: list[Mapping[str, object]] = [{"name": "陈小明", "relation": "儿子", "able": True, "employed": False}]
    list_family(case.pk, members, actor=rugao.at(Role.COMMITTEE_MEMBER), now=at("2026-10-08"))
    Case.objects.update(state="submitted")
    page = desk(rugao, Role.COMMITTEE_MEMBER).get(f"/village/cases/{case.number}/").content.decode()
    assert "儿子" in page
    assert "able to work: yes · employed: no" in page
