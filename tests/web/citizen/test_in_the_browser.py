"""The whole application on a phone, in Chinese and in English, with pictures to look at."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.conftest import PASSWORD
from tests.looking import LANGUAGES, accessible, pictures, too_wide

from .conftest import JIANGXI, RUGAO, TONGLING, Citizen, listed
from .test_following import refuse

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


def arrive(page: "Page", language: str) -> None:
    """Sign in on a phone, in a language."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/sign-in/")
    page.context.add_cookies([{"name": "language", "value": language, "url": page.url.removesuffix("sign-in/")}])
    page.goto("/sign-in/?next=/citizen/")
    page.locator("#id_username").fill("chen")
    page.locator("#id_password").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main form button").click()


def press(page: "Page") -> None:
    """Press the large button of a page and wait for the next page."""
    with page.expect_navigation():
        page.locator("main .btn.go").first.click()


def looked_at(page: "Page", axe: "Axe", name: str) -> None:
    """Keep a picture; nothing breaks an accessibility rule or leaves the screen, nothing is smaller than 17 pixels."""
    assert (name, accessible(axe, page), too_wide(page)) == (name, [], False)
    smallest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('main *')].filter(e => e.offsetParent && [...e.childNodes]"
        ".some(n => n.nodeType === 3 && n.data.trim())).map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert (name, smallest >= 17) == (name, True), smallest
    pictures(page, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_jiangxi_on_a_phone(page: "Page", axe: "Axe", citizen: Callable[[str], Citizen], language: str) -> None:
    """From signing in to the confirmation, every page."""
    from playwright.sync_api import expect

    me = citizen(JIANGXI)
    listed(me.person, "urban_dibao", "civil_affairs")
    arrive(page, language)

    def here(name: str) -> None:
        looked_at(page, axe, f"jiangxi-{name}-{language}")

    here("start")
    press(page)
    here("before")
    page.locator("#route-ordinary").check()
    press(page)
    here("known")
    press(page)
    here("hardship")
    page.get_by_role("radio").nth(4).check()
    press(page)
    page.locator("#id_phone").fill("1390000")
    page.locator("#id_address").fill("白蒲镇新塘村三组")
    press(page)
    expect(page.locator(".fault")).to_have_count(1)
    here("contact-wrong")
    page.locator("#id_phone").fill("13900000001")
    press(page)
    here("papers")
    page.locator(".list a").first.click()
    expect(page.locator("#id_file")).to_be_visible()
    page.locator("#id_file").set_input_files({"name": "身份证.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0 scan"})
    here("paper")
    press(page)
    expect(page.locator(".list .tag.ok")).to_have_count(1)
    press(page)
    here("declarations")
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page)
    here("forecast")
    press(page)
    here("check")
    page.goto(me.address())
    here("tasks")
    press(page)
    press(page)
    page.locator("#id_name").fill("陈桂芳")
    here("sign")
    press(page)
    expect(page.locator(".panel .number")).to_have_text(me.case.number)
    here("done")
    press(page)
    here("progress")
    page.goto(me.address("history/"))
    here("history")
    page.goto(me.address("withdraw/"))
    here("withdraw")
    assert me.case.state == "submitted"


def test_the_rugao_household_on_a_phone(page: "Page", axe: "Axe", citizen: Callable[[str], Citizen]) -> None:
    """People are added one after the other; what is wrong stands beside its field."""
    from playwright.sync_api import expect

    me = citizen(RUGAO)
    me.begin()
    arrive(page, "zh-hans")
    page.goto(me.address("family/"))
    page.locator("#id_form-0-name").fill("李强")
    page.locator("#id_form-0-relation").fill("丈夫")
    with page.expect_navigation():
        page.locator("button[name=more]").click()
    page.locator("#id_form-1-name").fill("<b>李小红</b>")
    page.locator("#id_form-1-relation").fill("女儿")
    page.locator("#id_form-1-born").fill("2031-05-01")
    press(page)
    expect(page.locator(".fault")).to_have_count(2)
    looked_at(page, axe, "rugao-family")
    page.locator("#id_form-1-name").fill("李小红")
    page.locator("#id_form-1-born").fill("2001-05-01")
    press(page)
    looked_at(page, axe, "rugao-committee")
    assert list(me.case.family.values_list("name", flat=True)) == ["李强", "李小红"]


def test_a_refusal_and_its_answer_on_a_phone(page: "Page", axe: "Axe", citizen: Callable[[str], Citizen]) -> None:
    """Why, under which rules, what one can do; the large type fits too."""
    me = citizen(JIANGXI)
    refuse(me)
    arrive(page, "zh-hans")
    page.context.add_cookies([{"name": "type-size", "value": "large", "url": page.url}])
    page.goto(me.address())
    looked_at(page, axe, "refused-large")
    press(page)
    looked_at(page, axe, "object-large")


@pytest.mark.parametrize(
    ("policy", "pages"),
    [
        (RUGAO, ["fill/hardship/", "fill/deemed/", "papers/household_booklet/", ""]),
        (TONGLING, ["fill/bank/", "fill/plan/", "fill/children/", "forecast/"]),
    ],
    ids=["如皋", "铜陵"],
)
def test_the_questions_of_the_other_programmes(
    page: "Page", axe: "Axe", citizen: Callable[[str], Citizen], policy: str, pages: list[str]
) -> None:
    """Every page of its own is accessible and fits a phone."""
    me = citizen(policy)
    me.begin()
    me.fill()
    arrive(page, "zh-hans")
    for address in pages:
        page.goto(me.address(address))
        looked_at(page, axe, f"{policy[:6]}-{address.strip('/').replace('/', '-') or 'tasks'}")
