"""The ledger as eyes, keyboards and screen readers meet it: village on a phone, coverage, comparison, a sponsor's ledger."""

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from tests.assistance.ledger_people import named
from tests.cases.offices import Offices
from tests.looking import accessible, pictures, too_wide
from tests.web.sponsors.test_sponsors import entered
from zhubao.access.roles import Role
from zhubao.assistance.models import Sponsorship

from .conftest import desk

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGE = "zh-hans"


def act_as(page: "Page", address: str, client: Client) -> None:
    """Let the browser act as somebody signed in."""
    names = (settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME)
    values = (client.cookies[settings.SESSION_COOKIE_NAME].value, LANGUAGE)
    page.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in zip(names, values, strict=True)])


def looked_at(page: "Page", axe: "Axe", name: str) -> None:
    """Want a page to break no accessibility rule and to fit a phone; keep its picture."""
    assert accessible(axe, page) == []
    pictures(page, f"{name}-{LANGUAGE}")
    page.set_viewport_size({"width": 390, "height": 844})
    assert not too_wide(page), name
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_ledger_looked_at(page: "Page", live_server: Any, axe: "Axe", offices: Offices) -> None:
    row = named("任廷芳")
    act_as(page, live_server.url, desk(offices, Role.COMMITTEE_MEMBER))
    for name, address in {
        "village": "/closing_out/",
        "unpaid": f"/closing_out/people/{named('冉光荣').pk}/",
        "close": f"/closing_out/people/{row.pk}/",
    }.items():
        page.goto(address)
        looked_at(page, axe, name)
    page.locator("form[action$='/close/'] button").click()
    expect(page.locator("form[action$='/close/']")).to_have_count(0)
    assert named("任廷芳").closed_out_proof == "PS22-0005"
    act_as(page, live_server.url, desk(offices, Role.TOWNSHIP_CLERK))
    for name, address in {"township": "/closing_out/", "months": "/closing_out/months/?month=2022-07"}.items():
        page.goto(address)
        looked_at(page, axe, name)
    entered(offices)
    act_as(page, live_server.url, desk(offices, Role.AGENCY_REVIEWER))
    made = Sponsorship.objects.get()
    for name, address in {
        "coverage": "/closing_out/coverage/",
        "people": "/closing_out/people/?which=missing",
        "sponsors": "/sponsors/",
        "sponsor": f"/sponsors/{made.sponsor_id}/",
        "sponsorship": f"/sponsors/offers/{made.number}/",
    }.items():
        page.goto(address)
        looked_at(page, axe, name)
