"""The months of the demonstration on pages: asked for, watched, read down to the loans, refused in a real county."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client

from tests.loans.lives import PostOf, at, life_of
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from zhubao.access.models import AuditEntry, Installation
from zhubao.access.roles import Role
from zhubao.loans.states import RUGAO
from zhubao.oversight.months.figures import reckon_month
from zhubao.oversight.months.models import DemonstrationJourney, DemonstrationMonth, MonthFigures

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

SignedIn = Callable[[str], Client]
COUNTY, MARCH = "320682", date(2021, 3, 1)
PAGE = "/demonstration/"


def lent(post_of: PostOf) -> None:
    """Have a loan drawn in March 2021, and the figures of March and April kept."""
    life_of(RUGAO, post_of).year(2021)
    for month in (MARCH, date(2021, 4, 1)):
        reckon_month(COUNTY, RUGAO, month, now=at(2021, 5, 1))
    held = "L1\tE-DRAW-BASE\t2021 年缴费档次还没有公布\tthe tiers of 2021 are not published yet"
    DemonstrationMonth.objects.create(
        region_code=COUNTY, month=MARCH, done=1, happenings=1, held=held, started_at=at(2021, 3, 1),
        finished_at=at(2021, 4, 1),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_figure_leads_to_the_loans_behind_it(post_of: PostOf, signed_in: SignedIn) -> None:
    lent(post_of)
    desk = signed_in(Role.AGENCY_ACCOUNTANT)
    shown = desk.get(PAGE).content.decode()
    assert "8,400.00" in shown
    assert "E-DRAW-BASE" in shown
    behind = desk.get(f"{PAGE}{COUNTY}/2021-03/draws/").content.decode()
    assert "2021-03-10" in behind
    assert 'href="/loans/L1/"' in behind
    # Who may not open loans reads the same figures without a way into them.
    assert 'href="/loans/L1/"' not in signed_in(Role.AGENCY_ADMINISTRATOR).get(f"{PAGE}{COUNTY}/2021-03/draws/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["320682/2021-13/draws/", "320682/2021-03/profit/", "360102/2021-03/draws/"], ids=["没有这个月", "没有这一项", "外县"]
)
def test_no_other_address_shows_anything(path: str, post_of: PostOf, signed_in: SignedIn) -> None:
    lent(post_of)
    assert signed_in(Role.AGENCY_ACCOUNTANT).get(PAGE + path).status_code == 404


@pytest.mark.django_db
def test_months_are_asked_for_once_at_a_time(post_of: PostOf, signed_in: SignedIn) -> None:
    lent(post_of)
    desk = signed_in(Role.AGENCY_ADMINISTRATOR)
    for _again in range(2):
        assert desk.post(f"{PAGE}start/", {"months": "12"}).status_code == 302
    journey = DemonstrationJourney.objects.get()
    assert (journey.months, journey.finished_at) == (12, None)
    assert AuditEntry.objects.filter(action="demonstration.journey").count() == 1
    waiting = desk.get(PAGE).content.decode()
    assert f"{PAGE}progress/{journey.pk}/" in waiting
    assert 'name="months"' not in waiting
    assert desk.get(f"{PAGE}progress/{journey.pk}/").status_code == 200
    DemonstrationJourney.objects.update(finished_at=at(2021, 5, 1), done=12)
    assert desk.get(f"{PAGE}progress/{journey.pk}/").headers["HX-Refresh"] == "true"


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["0", "-1", "x", "999", ""])
def test_nonsense_starts_nothing(wanted: str, post_of: PostOf, signed_in: SignedIn) -> None:
    lent(post_of)
    assert signed_in(Role.AGENCY_ADMINISTRATOR).post(f"{PAGE}start/", {"months": wanted}).status_code == 302
    assert not DemonstrationJourney.objects.exists()


@pytest.mark.django_db
def test_a_real_county_refuses_with_words(post_of: PostOf, signed_in: SignedIn) -> None:
    desk = signed_in(Role.AGENCY_ADMINISTRATOR)
    Installation.objects.update(demonstration=False)
    for answer in (desk.get(PAGE), desk.post(f"{PAGE}start/", {"months": "1"}), desk.get(f"{PAGE}{COUNTY}/2021-03/draws/")):
        assert answer.status_code == 403
        assert "真实数据" in answer.content.decode()
    assert (DemonstrationJourney.objects.count(), MonthFigures.objects.count()) == (0, 0)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_in_the_browser(page: "Page", live_server: Any, axe: "Axe", post_of: PostOf, signed_in: SignedIn, language: str) -> None:
    from playwright.sync_api import expect

    lent(post_of)
    desk = signed_in(Role.AGENCY_ACCOUNTANT)
    names = {
        settings.SESSION_COOKIE_NAME: desk.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.LANGUAGE_COOKIE_NAME: language,
    }
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in names.items()])
    page.goto("/")
    page.locator(".demonstration a").click()
    expect(page.locator("table.months tbody tr")).to_have_count(2)
    assert accessible(axe, page) == []
    pictures(page, f"months-{language}")
    page.locator("table.months a", has_text="8,400.00").last.click()
    expect(page.locator("main table tbody tr")).to_have_count(1)
    assert accessible(axe, page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(PAGE)
    assert not too_wide(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    with page.expect_navigation():
        page.locator("button[name=months]").first.click()
    expect(page.locator("progress")).to_have_count(1)
    assert accessible(axe, page) == []
