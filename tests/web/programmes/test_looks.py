"""The pages of programmes, of a bank with an agreement to review, and of long repayments in the browser: accessible, no wider than a telephone."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client

from tests.loans.lives import RUGAO_TERMS, PostOf, at, life_of
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.loans.states import RUGAO
from zhubao.programmes.bank_actions import record_cooperation
from zhubao.programmes.version_actions import enter_version

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

SYSTEM = Actor.system("test")
SIGNED, NEW = date(2021, 3, 1), date(2022, 1, 1)


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db(transaction=True)
def test_the_pages_are_accessible_and_fit_a_telephone(
    page: "Page", live_server: Any, axe: "Axe", post_of: PostOf, language: str
) -> None:
    life_of(RUGAO, post_of, terms=replace(RUGAO_TERMS, years=1, instalment_fen=8_500)).year(2021)
    bank, county = post_of(Role.BANK_OFFICER).organisation, "320682"
    asked: dict[str, Any] = {"region_code": county, "actor": SYSTEM, "now": at(2021, 12, 1)}
    record_cooperation(bank.pk, [RUGAO], starts_on=SIGNED, agreement="合〔2021〕3号", agreed_on=SIGNED, **asked)
    enter_version(RUGAO, "苏人社发〔2021〕88号", "省人力资源和社会保障厅", NEW, "贴息期限改为五年", **asked)
    client = Client()
    client.force_login(post_of(Role.AGENCY_APPROVER).user, backend="django.contrib.auth.backends.ModelBackend")
    cookies = {settings.LANGUAGE_COOKIE_NAME: language, **{name: each.value for name, each in client.cookies.items()}}
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    for name, address in (
        ("programmes", "/programmes/"),
        ("programme", f"/programmes/{RUGAO}/"),
        ("bank-to-review", f"/banks/{bank.pk}/"),
        ("long-repayment", "/loans/long-repayment/"),
        ("policy-bases", "/policies/pengshui-2022/"),
    ):
        page.goto(address)
        for shut in page.locator("details:not([open]) > summary").all()[:2]:
            shut.click()
        assert accessible(axe, page) == [], name
        pictures(page, f"{name}-{language}")
        page.set_viewport_size({"width": 390, "height": 844})
        assert not too_wide(page), name
        page.set_viewport_size({"width": 1280, "height": 900})
