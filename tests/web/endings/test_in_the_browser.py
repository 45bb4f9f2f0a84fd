"""A quote, its payment and the certificate, and a death to its claim, as eyes, keyboards and screen readers meet them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from tests.looking import LANGUAGES, accessible, pictures, too_wide
from zhubao.access.roles import Role
from zhubao.cases.models import Case
from zhubao.loans.endings.transfer import request_transfer
from zhubao.loans.states import JIANGXI
from zhubao.workflow import CITIZEN

from .conftest import Office

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Eyes:
    """The browser, going from desk to desk."""

    def __init__(self, page: "Page", axe: "Axe", address: str, office: Office, language: str) -> None:
        self.page, self.axe, self.address, self.office, self.language = page, axe, address, office, language

    def at(self, role: str, path: str, language: str = "zh-hans") -> None:
        """Open a page at a post, or as the borrower."""
        session = self.office.desk(role).cookies[settings.SESSION_COOKIE_NAME].value
        values = {settings.SESSION_COOKIE_NAME: session, settings.LANGUAGE_COOKIE_NAME: language}
        self.page.context.add_cookies([{"name": name, "value": value, "url": self.address} for name, value in values.items()])
        self.page.goto(path)

    def look(self, role: str, path: str, name: str) -> None:
        """Want a page to break no accessibility rule and to fit a phone in the walk's language; keep its pictures."""
        self.at(role, path, self.language)
        assert accessible(self.axe, self.page) == []
        pictures(self.page, f"{name}-{self.language}")
        self.page.set_viewport_size({"width": 390, "height": 844})
        assert not too_wide(self.page), name
        self.page.set_viewport_size({"width": 1280, "height": 900})

    def take(self, role: str, verb: str, lands: str, **values: str) -> None:
        """Take a step of the loan by its form, and wait for the page it leads to."""
        from playwright.sync_api import expect

        self.at(role, f"/loans/L1/steps/{verb}/")
        for name, value in values.items():
            field = self.page.locator(f'form.fields [name="{name}"]')
            if field.first.get_attribute("type") == "radio":
                self.page.locator(f'form.fields [name="{name}"][value="{value}"]').check()
            else:
                field.fill(value)
        self.page.locator("form.fields button.go").click()
        expect(self.page).to_have_url(f"{self.address}{lands}")


@pytest.fixture(params=LANGUAGES)
def eyes(request: pytest.FixtureRequest, page: "Page", live_server: Any, axe: "Axe", office_of: Callable[..., Office]) -> Eyes:
    """Return the browser before a loan of 8 400 yuan whose interest is the borrower's; its application stands signed."""
    office = office_of(JIANGXI, subsidised_from=None)
    loan = office.life.loan
    Case.objects.create(
        region_code=loan.region_code, number=loan.case_number, policy_id=loan.policy_id, person=loan.person, state="agreed",
        state_since=loan.signed_on, channel="counter", agency=loan.agency, bank=loan.bank, opened_at=loan.state_since,
        filed_on=loan.signed_on, closed_at=loan.state_since,
    )  # fmt: skip
    return Eyes(page, axe, live_server.url, office, request.param)


def test_from_the_quote_to_the_certificate(eyes: Eyes) -> None:
    from playwright.sync_api import expect

    page = eyes.page
    eyes.at(CITIZEN, "/citizen/case-L1/")
    page.get_by_role("link", name="提前还清贷款").click()
    expect(page).to_have_url(f"{eyes.address}/endings/own/L1/")
    page.get_by_role("button", name="查看应还金额").click()
    expect(page.get_by_text("2021-06-18 应还 8,489.83 元")).to_be_visible()
    eyes.look(CITIZEN, "/endings/own/L1/", "own")
    eyes.look(CITIZEN, "/endings/own/L1/card/", "own-card")
    eyes.look(CITIZEN, "/endings/own/L1/transfer/", "own-transfer")
    eyes.look(Role.BANK_OFFICER, "/endings/loans/L1/quote/", "quote")
    eyes.look(Role.BANK_OFFICER, "/loans/L1/steps/pay_early/", "pay-early")
    eyes.take(Role.BANK_OFFICER, "pay_early", "/loans/L1/", reference="流水1")
    eyes.at(Role.BANK_REVIEWER, "/cases/")
    page.get_by_role("link", name="L1").first.click()
    page.get_by_role("link", name="确认到账并结清").click()
    page.get_by_role("button", name="确认到账并结清").click()
    expect(page.get_by_text("结清证明 L1-JQ")).to_be_visible()
    life = eyes.office.life
    request_transfer(
        life.loan.pk, "transfer", "苏州市", life.loan.signed_on, actor=life.by(Role.AGENCY_INTAKE), now=life.loan.state_since
    )
    eyes.look(Role.BANK_OFFICER, "/loans/L1/", "loan-settled")
    eyes.look(CITIZEN, "/endings/own/L1/", "own-settled")
    eyes.look(Role.AGENCY_APPROVER, "/endings/loans/L1/transfer/", "transfer")
    page.locator('form[action$="/release/"] button').click()
    expect(page.locator('form[action$="/release/"]')).to_have_count(0)


def test_a_death_to_the_claim_on_the_estate(eyes: Eyes) -> None:
    sheet, officer, clerk = "/endings/loans/L1/death/", Role.BANK_OFFICER, Role.AGENCY_INTAKE
    eyes.take(clerk, "open_death", sheet, day="2021-06-18", proof="死亡医学证明书 第 7 号")
    eyes.look(Role.AGENCY_ACCOUNTANT, sheet, "death-open")
    eyes.take(Role.AGENCY_ACCOUNTANT, "enter_balance", sheet, account_fen="5000", source="个人账户系统 2021-06-18")
    eyes.take(officer, "stop_deductions", sheet, note="已停止扣款")
    eyes.take(clerk, "inform_heirs", sheet, note="女儿王小明，上门告知并签收")
    eyes.look(Role.AGENCY_APPROVER, "/loans/L1/steps/divide_debt/", "divide")
    eyes.take(Role.AGENCY_APPROVER, "divide_debt", sheet)
    eyes.look(officer, "/loans/L1/steps/receive_money/", "receive")
    eyes.take(officer, "receive_money", sheet, reference="清偿1")
    eyes.take(Role.BANK_REVIEWER, "close_death", sheet)
    eyes.take(officer, "claim_paid_in", sheet, amount_fen="489.83", paid_by="女儿王小明", reference="追偿1")
    eyes.look(officer, sheet, "death-claim")
    eyes.look(officer, "/loans/L1/", "loan-claim")
