"""The pages of a plan in the browser: readable, accessible, no wider than a telephone."""

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.assistance.pengshui import SYSTEM, at, planned_county
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from zhubao.access.roles import Role
from zhubao.assistance.models import PlanRunKind
from zhubao.assistance.planning.reckoning import Assumption, ask_run, reckon

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_plan_are_accessible_and_fit_a_telephone(
    page: "Page", live_server: Any, axe: "Axe", client: Client, language: str
) -> None:
    county = planned_county(publish=False)
    assert county.plan is not None
    tried = Assumption(lowest_tier_fen=12_000)
    asked = ask_run(county.plan.pk, PlanRunKind.TRIAL, at(1, 11).date(), key="x", assumption=tried, actor=SYSTEM, now=at(1, 11))
    trial = reckon(asked.pk, actor=SYSTEM, now=at(1, 11))
    client.force_login(county.posts[Role.AGENCY_REVIEWER].user, backend="django.contrib.auth.backends.ModelBackend")
    cookies = {settings.LANGUAGE_COOKIE_NAME: language, **{name: each.value for name, each in client.cookies.items()}}
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    for name, given in (
        ("all", []),
        ("plan", [county.plan.pk]),
        ("rows", [county.plan.pk]),
        ("row", [county.row("庹翠花").pk]),
        ("run", [trial.pk]),
        ("try", [county.plan.pk]),
    ):
        page.goto(reverse(f"assistance:{name}", args=given))
        assert accessible(axe, page) == [], name
        pictures(page, f"assistance-{name}-{language}")
        page.set_viewport_size({"width": 390, "height": 844})
        assert not too_wide(page), name
        page.set_viewport_size({"width": 1280, "height": 900})
