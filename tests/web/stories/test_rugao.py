"""陈桂芳 of Xintang village, 53, on the list of dibao: first the committee and seven days on the wall, then agency and bank."""

from collections.abc import Callable

import pytest

from tests.cases import lives, loan_lives
from tests.cases.offices import RUGAO_COUNTY, open_offices
from tests.procedures import year
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.contract import RUGAO
from zhubao.exchange.models import Envelope
from zhubao.loans.models import Tranche

from .telling import Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_application_to_the_paid_contribution(story: Callable[..., Story]) -> None:

    offices = open_offices(RUGAO_COUNTY)
    lives.figures()
    loan_lives.cooperate(loan_lives.the_bank(RUGAO_COUNTY), RUGAO)
    told = story(offices, lives.applicant(), "rugao")
    page = told.page

    told.day("2026-10-08")
    told.borrower_arrives()
    apply(told)
    notice = committee(told)

    told.day("2026-10-19")
    told.steps(Role.AGENCY_REVIEWER, "propose")
    told.day("2026-10-20")
    told.steps(Role.AGENCY_APPROVER, "decide", outcome="granted")
    told.steps(
        Role.BANK_OFFICER,
        "bank_assess",
        need_fen="30600",
        amount_fen="30600",
        years="3",
        rate_ppm="4.9",
        grace_months="31",
        repay_months="120",
        credit_report_on="2026-10-20",
    )
    told.steps(Role.BANK_REVIEWER, "bank_decide", outcome="approve")
    told.day("2026-10-21")
    on = "2026-10-21"
    told.steps(
        Role.BANK_OFFICER,
        "sign",
        number="皋助2026-001",
        signed_on=on,
        deduction_agreed_on=on,
        honest_use_on=on,
        own_interest_on=on,
        account_first_on=on,
    )
    told.day("2026-10-22")
    told.arrives(Role.BANK_OFFICER, "/loans/")
    told.press('.tabs a[href="/loans/roster/"]')
    told.look("roster")
    told.done('form[action="/loans/roster/hand-over/"] button')
    told.look("roster-handed-over")
    told.arrives(Role.FINANCE_CLERK, "/files/")
    told.press(page.get_by_role("link", name="借款人花名册"))
    assert told.takes_file()[:2] == b"PK"
    told.look("roster-at-finance")
    roster = Envelope.objects.get(kind="borrower_roster", receiver__kind="finance")

    told.day("2026-10-26")
    told.plans_and_releases(2026)
    (request,) = Envelope.objects.filter(kind="draw_request")
    assert request.total_fen == 3_060_00
    told.day("2026-10-28")
    told.arrives(Role.BANK_OFFICER, "/files/")
    told.press(page.get_by_role("link", name="年度缴费金额"))
    assert told.takes_file()[:2] == b"PK"
    rows = year.return_rows(request, "2026-10-28")
    told.hands_in(Role.BANK_OFFICER, "draw_return", rows, OrganisationKind.BANK, "xlsx", "R1")
    told.hands_in(Role.TAX_CLERK, "contribution_receipts", year.receipt_rows("2026-10-28"), OrganisationKind.TAX, "csv", "S1")

    told.day("2026-10-31")
    told.reconciles(2026, "3,060.00")
    told.looks_at_the_loan("3,060.00")
    assert told.loan.state == "recorded"
    assert Tranche.objects.get().state == "paid_in"
    assert told.printed == {"application", notice, "agreement", "draw-2026-1", str(roster.pk), str(request.pk)}
    told.borrower_sees(2026, "3,060.00")
    assert told.printed == {"application", "agreement", "draw-2026-1"}


def apply(told: Story) -> None:
    """Apply on the phone; the committee is the one of the village."""
    told.look("start")
    told.press("main .btn.go")
    told.page.locator('input[name="route"][value="ordinary"]').check()
    told.answers()
    told.answers()
    told.page.get_by_role("radio", name="低保").first.check()
    told.answers(certificate="皋低保0017")
    told.answers(**{"form-0-name": "李强", "form-0-relation": "丈夫"})
    told.answers()
    told.page.get_by_role("radio").first.check()
    told.answers()
    told.answers(phone="13900000001", address="白蒲镇新塘村三组")
    told.photographs()
    told.declares_and_signs()


def committee(told: Story) -> str:
    """Have the committee review, post, wait for the seven full days and sign, all on a phone; return the notice it printed."""
    from playwright.sync_api import expect

    page = told.page
    told.arrives(Role.COMMITTEE_MEMBER, "/village/", phone=True)
    told.look("village")
    told.press(".doors a")
    told.press(".rows a")
    told.look("first-review")
    for _paper in range(page.locator("form[action$='/original/'] button").count()):
        told.press("form[action$='/original/'] button")
    page.locator("input[name=lives_here][type=checkbox]").check()
    told.done("form:has([name=passed][value=yes]) button")

    told.day("2026-10-09")
    told.arrives(Role.COMMITTEE_MEMBER, "/village/", phone=True)
    told.press(".doors li:nth-child(2) a")
    page.locator("#id_place").fill("村委会公示栏")
    page.locator("#id_phone").fill("0513-80000001")
    told.look("new-notice")
    told.press("main form .btn.go")
    expect(page.locator(".paper img").first).to_be_visible()
    told.look("notice-on-paper")
    told.prints_at(str(page.locator('a[href*="notice.pdf"]').get_attribute("href")))
    told.done("form[action$='/posted/'] button")
    told.look("notice-hangs")
    told.prints_at(str(page.locator('a[href$="notice.pdf"]').get_attribute("href")))
    told.printed.discard("notice")

    told.day("2026-10-16", 15)
    told.arrives(Role.COMMITTEE_MEMBER, "/village/", phone=True)
    expect(page.locator(".doors li:nth-child(3) .number")).to_have_text("0")
    told.day("2026-10-17")
    told.arrives(Role.COMMITTEE_MEMBER, "/village/", phone=True)
    told.press(".doors li:nth-child(3) a")
    told.press(".rows a")
    told.look("to-sign")
    told.press('a[href$="/sign_opinion/"]')
    page.locator("#step_handler").fill("丁桂兰")
    page.locator("#step_sealed").check()
    told.look("sign-opinion")
    told.done("main form .btn.go")
    told.look("signed-opinion")
    told.prints()
    return f"notice-{told.case.notice_lines.get().notice_id}"
