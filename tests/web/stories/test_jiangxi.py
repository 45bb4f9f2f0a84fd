"""沈志远 of Leping, 58, on the list of urban dibao: from his phone to the contribution of 2026, paid and reconciled."""

from collections.abc import Callable

import pytest

from tests.cases import loan_lives
from tests.cases.offices import JIANGXI_COUNTY, open_offices
from tests.procedures import year
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.contract import JIANGXI
from zhubao.exchange.models import Envelope
from zhubao.loans.models import Tranche

from .telling import Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_application_to_the_paid_contribution(story: Callable[..., Story]) -> None:

    offices = open_offices(JIANGXI_COUNTY)
    loan_lives.figures()
    loan_lives.cooperate(loan_lives.the_bank(JIANGXI_COUNTY), JIANGXI)
    told = story(offices, loan_lives.man(), "jiangxi")
    page = told.page

    told.day("2026-10-12")
    told.borrower_arrives()
    apply(told)

    told.day("2026-10-13")
    told.steps(Role.AGENCY_REVIEWER, "propose")
    told.steps(Role.AGENCY_APPROVER, "decide", outcome="granted")
    told.day("2026-10-14")
    told.steps(Role.AGENCY_REVIEWER, "push")
    told.steps(
        Role.BANK_OFFICER,
        "bank_assess",
        need_fen="28800",
        amount_fen="28800",
        years="4",
        rate_ppm="3",
        grace_months="36",
        repay_months="60",
        instalment_fen="600",
    )
    told.day("2026-10-15")
    told.steps(Role.BANK_REVIEWER, "bank_decide", outcome="approve")
    told.day("2026-10-16")
    on = "2026-10-16"
    told.steps(Role.BANK_OFFICER, "sign", number="助2026-001", signed_on=on, deduction_agreed_on=on, account_locked_on=on)

    told.day("2026-10-19")
    told.plans_and_releases(2026)
    (request,) = Envelope.objects.filter(kind="draw_request")
    assert request.total_fen == 2_400_00
    told.day("2026-10-20")
    told.arrives(Role.BANK_OFFICER, "/files/")
    told.press(page.get_by_role("link", name="年度缴费金额").first)
    assert told.takes_file()[:2] == b"PK"
    told.loan_step(Role.BANK_OFFICER, "confirm_draw")
    rows = year.return_rows(request, "2026-10-20")
    told.hands_in(Role.BANK_OFFICER, "draw_return", rows, OrganisationKind.BANK, "csv", "R1")
    told.day("2026-10-22")
    told.hands_in(Role.TAX_CLERK, "contribution_receipts", year.receipt_rows("2026-10-20"), OrganisationKind.TAX, "xlsx", "S1")

    told.day("2026-10-30")
    told.reconciles(2026, "2,400.00")
    told.looks_at_the_loan("2,400.00")
    assert told.loan.state == "contributed"
    assert Tranche.objects.get().state == "paid_in"
    assert told.printed == {"application", "agreement", "draw-2026-1", str(request.pk)}
    told.borrower_sees(2026, "2,400.00")
    assert told.printed == {"application", "agreement", "draw-2026-1"}


def apply(told: Story) -> None:
    """Apply on the phone, page by page, with a photograph of the identity card."""
    told.look("start")
    told.press("main .btn.go")
    told.page.locator("#route-ordinary").check()
    told.answers()
    told.answers()
    told.answers()
    told.answers(phone="13900000001", address="乐平市洎阳街道新村12号")
    told.photographs()
    told.declares_and_signs()
