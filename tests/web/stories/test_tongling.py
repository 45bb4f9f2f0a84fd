"""吴大勇 of Tongling, 55, and his son: the bank's own contract, drawn each year, with a subsidy for the contribution.

It goes through the pages of the Jiangxi story but for the bank's own: told by `make long`.
"""

from collections.abc import Callable

import pytest

from tests.cases import loan_lives
from tests.cases.offices import TONGLING_COUNTY, open_offices
from tests.people.tables import number
from tests.procedures import year
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.contract import TONGLING
from zhubao.loans.models import Tranche

from .telling import Story

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


def test_from_the_application_to_the_paid_contribution(story: Callable[..., Story]) -> None:

    offices = open_offices(TONGLING_COUNTY)
    loan_lives.figures()
    year.publish_highest_tier()
    loan_lives.cooperate(loan_lives.the_bank(TONGLING_COUNTY), TONGLING)
    told = story(offices, loan_lives.resident(), "tongling")

    told.day("2026-10-12")
    told.borrower_arrives()
    apply(told)

    told.day("2026-10-13")
    told.steps(Role.AGENCY_REVIEWER, "estimate")
    beside(told)
    told.steps(
        Role.BANK_OFFICER,
        "bank_assess",
        need_fen="15000",
        amount_fen="15000",
        years="5",
        rate_ppm="4.5",
        grace_months="53",
        repay_months="120",
        instalment_fen="150",
    )
    told.day("2026-10-14")
    told.steps(Role.BANK_REVIEWER, "bank_decide", outcome="approve")
    on = "2026-10-15"
    told.day(on)
    told.steps(Role.BANK_OFFICER, "sign", number="铜助2026-001", signed_on=on, deduction_agreed_on=on, account_locked_on=on)

    told.day("2026-10-26")
    told.loan_step(Role.BANK_OFFICER, "plan_year", "/loans/")
    told.loan_step(Role.BANK_REVIEWER, "release_year")
    told.day("2026-10-28")
    told.loan_step(Role.BANK_OFFICER, "record_draw", source="LS0001")
    told.hands_in(Role.TAX_CLERK, "contribution_receipts", year.receipt_rows("2026-10-28"), OrganisationKind.TAX, "xlsx", "S1")

    told.day("2026-10-31")
    told.reconciles(2026, "3,000.00")
    told.looks_at_the_loan("3,000.00")
    assert told.loan.state == "recorded"
    assert Tranche.objects.get().state == "paid_in"
    assert told.printed == {"agreement", "draw-2026-1"}
    told.borrower_sees(2026, "3,000.00")
    assert told.printed == {"agreement", "draw-2026-1"}


def apply(told: Story) -> None:
    """Apply on the phone: the bank, the tier, the years, the children."""
    told.look("start")
    told.press("main .btn.go")
    told.answers()
    told.answers()
    told.page.get_by_role("radio").first.check()
    told.answers()
    told.answers(tier="300000", years_asked="5")
    told.answers(children="1")
    told.answers(phone="13900000001", address="铜陵市义安区五松镇新建路8号")
    told.photographs()
    told.declares_and_signs()


def beside(told: Story) -> None:
    """Have the bank's officer enter the son, who borrows jointly, and his consent."""
    told.arrives(Role.BANK_OFFICER, "/cases/")
    told.open_case()
    told.press('.head .act a[href$="/steps/add_co_borrower/"]')
    told.fill(name="吴小军", id_number=number("19960502", 11, TONGLING_COUNTY), relation="child", capable="yes")
    told.look("add_co_borrower")
    told.done()
    told.press('.head .act a[href$="/steps/record_consent/"]')
    told.page.locator("#step_consented_on").fill("2026-10-13")
    told.look("record_consent")
    told.done()
