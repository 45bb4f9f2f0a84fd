"""Statements as eyes, keyboards and screen readers meet them: at the bank, over many loans, and the borrower's own."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.loans.lives import SYSTEM, PostOf, at, life_of
from tests.loans.statements.test_statements import close, correct
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from zhubao.access.roles import Role
from zhubao.loans.statements.making import make_statement, open_statement_run
from zhubao.loans.states import JIANGXI
from zhubao.procedures.statements_made import run_statements

from .test_statements import YEAR, borrower

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOAN = "/statements/loans/L1/"


def act_as(page: "Page", address: str, desk: Client, language: str) -> None:
    """Let the browser act as somebody signed in, in a language."""
    names = (settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME)
    values = (desk.cookies[settings.SESSION_COOKIE_NAME].value, language)
    page.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in zip(names, values, strict=True)])


def desk_of(post_of: PostOf, role: str) -> Client:
    """Return a client signed in at a post."""
    client = Client()
    client.force_login(post_of(role).user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def looked_at(page: "Page", axe: "Axe", name: str) -> None:
    """Want a page to break no accessibility rule and to fit a phone; keep its picture."""
    assert accessible(axe, page) == []
    pictures(page, name)
    page.set_viewport_size({"width": 390, "height": 844})
    assert not too_wide(page)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_sums_to_a_loan_to_its_postings(
    page: "Page", live_server: Any, axe: "Axe", post_of: PostOf, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    from playwright.sync_api import expect

    life = life_of(JIANGXI, post_of)
    life.year(2021)
    close(2021, 12, 31)
    monkeypatch.setattr(timezone, "now", lambda: at(2022, 2, 5))
    run = open_statement_run(JIANGXI, 2021, actor=life.by(Role.BANK_OFFICER), now=at(2022, 1, 5))
    run_statements(run.pk, clock=lambda: at(2022, 1, 5))
    correct(life)
    given = make_statement(life.loan.pk, date(2021, 1, 1), date(2021, 12, 31), actor=SYSTEM, now=at(2022, 1, 21))
    first = life.loan.statements.get(sequence=1)
    own = borrower(life)
    short = language[:2]
    act_as(page, live_server.url, desk_of(post_of, Role.AGENCY_ACCOUNTANT), language)
    for path, name in (
        ("/statements/", "all"),
        ("/statements/over/hrss/?period=2021&known=2022-01-19", "hrss"),
        ("/statements/over/bank/?period=2021", "bank"),
        ("/statements/over/finance/?period=2021-12", "finance"),
        (f"{LOAN}?{YEAR}", "loan"),
        (f"{LOAN}kept/{first.pk}/", "outdated"),
        (f"{LOAN}kept/{given.pk}/", "kept"),
        (f"{LOAN}postings/?figure=interest_borrower&{YEAR}", "postings"),
    ):
        page.goto(path)
        looked_at(page, axe, f"statements-{name}-{short}")
    act_as(page, live_server.url, own, language)
    page.goto(f"/statements/own/L1/?{YEAR}")
    looked_at(page, axe, f"statements-own-{short}")
    page.goto(f"/statements/own/L1/postings/?figure=interest_finance&{YEAR}")
    looked_at(page, axe, f"statements-own-postings-{short}")
    act_as(page, live_server.url, desk_of(post_of, Role.AGENCY_ACCOUNTANT), "zh-hans")
    page.goto("/statements/over/finance/?period=2021")
    page.locator("#loans tbody a").first.click()
    expect(page.locator("table.statement")).to_be_visible()
    page.locator('a[href*="figure=draws"]').click()
    expect(page.locator("tfoot")).to_contain_text("8,400.00")
