"""A month of deductions as eyes, keyboards and screen readers meet it: the month, the arrears, the borrower's own months."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client

from tests.loans.lives import at
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from tests.procedures import deductions as bank
from tests.procedures.retirements import JULY, close
from zhubao.access.models import User
from zhubao.access.roles import Role
from zhubao.cases.models import Case
from zhubao.people.models import CitizenAccount

from .conftest import Office

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AUGUST = date(2022, 8, 1)


def act_as(page: "Page", address: str, desk: Client, language: str) -> None:
    """Let the browser act as somebody signed in, in a language."""
    names = (settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME)
    values = (desk.cookies[settings.SESSION_COOKIE_NAME].value, language)
    page.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in zip(names, values, strict=True)])


def looked_at(page: "Page", axe: "Axe", name: str) -> None:
    """Want a page to break no accessibility rule and to fit a phone; keep its picture."""
    assert accessible(axe, page) == []
    pictures(page, name)
    page.set_viewport_size({"width": 390, "height": 844})
    assert not too_wide(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def borrower_of(office: Office) -> Client:
    """Return the borrower's own browser session; the application the loan came from stands signed."""
    loan = office.life.loan
    Case.objects.create(
        region_code=loan.region_code, number=loan.case_number, policy_id=loan.policy_id, person=loan.person, state="agreed",
        state_since=loan.signed_on, channel="counter", agency=loan.agency, bank=loan.bank, opened_at=at(2021, 2, 1),
        filed_on=date(2021, 2, 1), closed_at=at(2021, 3, 1),
    )  # fmt: skip
    user = User.objects.create(username="wangfang", name="王芳")
    CitizenAccount.objects.create(user=user, person_id=office.life.loan.person_id, opened_at=at(2022, 8, 1))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_month_written_loaded_and_looked_at(page: "Page", live_server: Any, axe: "Axe", office: Office, language: str) -> None:
    from playwright.sync_api import expect

    life = office.life
    bank.load_credits(life, [bank.credited(life, JULY, 180_000, date(2022, 7, 15))], "C1", date(2022, 7, 16))
    act_as(page, live_server.url, office.desk(Role.AGENCY_ACCOUNTANT), "zh-hans")
    page.goto("/deductions/?month=2022-07")
    looked_at(page, axe, "deductions-to-do-zh")
    page.locator('form[action="/deductions/order/"] button').click()
    expect(page.get_by_text("已送银行").first).to_be_visible()

    act_as(page, live_server.url, office.desk(Role.BANK_OFFICER), "zh-hans")
    page.goto("/deductions/?month=2022-07")
    answer = bank.answers(_orders(), AUGUST, result="insufficient", amount_fen=30_000, reason="余额 300.00")
    content = bank.return_content(life, answer, "R1")
    page.locator('select[name="kind"]').select_option("return")
    page.locator('input[name="sent"]').set_input_files({"name": "扣划回盘.csv", "mimeType": "text/csv", "buffer": content})
    page.locator('form[action="/deductions/load/"] button').click()
    expect(page).to_have_url(f"{live_server.url}/files/{_latest()}/")
    _apply(_latest())

    bank.load_credits(life, [bank.credited(life, AUGUST, 180_000, date(2022, 8, 15))], "C2", date(2022, 8, 16))
    close(AUGUST)
    office.turn(at(2022, 9, 10))
    short = language[:2]
    act_as(page, live_server.url, office.desk(Role.AGENCY_ACCOUNTANT), language)
    page.goto("/deductions/?month=2022-07")
    looked_at(page, axe, f"deductions-month-{short}")
    page.goto("/deductions/?month=2022-08")
    looked_at(page, axe, f"deductions-ready-{short}")
    page.goto("/deductions/arrears/")
    page.locator("details summary").first.click()
    looked_at(page, axe, f"deductions-arrears-{short}")
    own = borrower_of(office)
    act_as(page, live_server.url, own, language)
    page.goto(f"/citizen/{life.loan.case_number}/")
    expect(page.get_by_text("300.00").first).to_be_visible()
    looked_at(page, axe, f"deductions-own-{short}")
    act_as(page, live_server.url, office.desk(Role.AGENCY_ACCOUNTANT), "zh-hans")
    page.goto("/deductions/arrears/")
    page.locator("details summary").first.click()
    page.locator("textarea").fill("答应九月底到柜面还清")
    page.locator('form[action$="/follow-up/"] button').click()
    expect(page.get_by_text("答应九月底到柜面还清")).to_be_visible()


def _orders() -> Any:
    from zhubao.exchange.models import Envelope

    return Envelope.objects.get(kind="deduction_order")


def _latest() -> int:
    from zhubao.exchange.models import Envelope

    return Envelope.objects.latest("pk").pk


def _apply(envelope_id: int) -> None:
    from zhubao.procedures.received_files import apply_envelope

    assert apply_envelope(envelope_id, clock=lambda: at(2022, 8, 2)).state == "accepted"
