"""The list of loans, the loan and its steps, as the posts of a county meet them."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cases import lives
from tests.cases.offices import Offices
from tests.people.tables import SYSTEM
from tests.procedures import year
from zhubao.access.models import AuditEntry, Organisation, Post
from zhubao.access.roles import OrganisationKind, Role
from zhubao.loans.following import open_follow_ups
from zhubao.loans.models import Loan, LoanStep, Tranche
from zhubao.loans.statements.making import make_statement
from zhubao.people.sealing import open_number

from .conftest import WEDNESDAY, desk


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field of a form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden {name}"
    return found[1]


def address(loan: Loan, verb: str, draw: Tranche | None = None) -> str:
    """Return the address of a step."""
    return f"/loans/{loan.number}/steps/{verb}/" + (f"{draw.pk}/" if draw else "")


def take(client: Client, loan: Loan, verb: str, draw: Tranche | None = None, **values: Any) -> Any:
    """Open the form of a step and send it."""
    page = client.get(address(loan, verb, draw)).content.decode()
    return client.post(address(loan, verb, draw), {"seen": hidden(page, "seen"), "key": hidden(page, "key"), **values})


def ready(offices: Offices) -> Tranche:
    """Fix and release the amount of 2026 and have the borrower confirm it."""
    year.released(offices, "2026-10-13")
    year.confirmed(offices, "2026-10-13")
    return Tranche.objects.select_related("loan").get()


def test_the_list_shows_a_bank_its_own_loans_alone(jiangxi: Offices, signed: Loan) -> None:
    for role in (Role.BANK_OFFICER, Role.AGENCY_ACCOUNTANT, Role.FINANCE_CLERK, Role.AUDITOR):
        page = desk(jiangxi, role).get("/loans/").content.decode()
        assert signed.number in page, role
        assert "沈**" in page
        assert "沈志远" not in page
    assert desk(jiangxi, Role.PBOC_SUPERVISOR).get("/loans/").status_code == 403
    assert desk(jiangxi, Role.AGENCY_ADMINISTRATOR).get(f"/loans/{signed.number}/").status_code == 403


@pytest.mark.clauses("jx-5.1g", "tl-5.2c")
def test_another_bank_is_not_told_that_the_loan_is_there(jiangxi: Offices, signed: Loan) -> None:
    elsewhere = Organisation.objects.create(region_id=jiangxi.area, kind=OrganisationKind.BANK, name="另一家银行")
    own, stranger = jiangxi.post(Role.BANK_OFFICER), jiangxi.post(Role.BANK_OFFICER, other=True)
    Post.objects.filter(pk=stranger.pk).update(organisation=elsewhere)
    page = desk(jiangxi, Role.BANK_OFFICER).get("/loans/").content.decode()
    assert signed.person.masked_number in page
    assert open_number(signed.person) not in page
    other = desk(jiangxi, Role.BANK_OFFICER, other=True)
    assert signed.number not in other.get("/loans/").content.decode()
    for path in (
        f"/loans/{signed.number}/",
        f"/cases/{signed.case_number}/",
        f"/documents/cases/{signed.case_number}/agreement.pdf",
    ):
        assert other.get(path).status_code == 404, path
    kept = AuditEntry.objects.filter(action="access.refused", user=stranger.user).order_by("pk")
    assert [entry.subject for entry in kept] == [f"loan:{signed.number}", *[f"case:{signed.case_number}"] * 2]
    assert not AuditEntry.objects.filter(action="access.refused", user=own.user).exists()


def test_a_citizen_number_finds_the_loan_and_never_stands_in_an_address(jiangxi: Offices, signed: Loan) -> None:
    clerk = desk(jiangxi, Role.AGENCY_ACCOUNTANT)
    whole = open_number(signed.person)
    assert clerk.post("/loans/search/", {"search": whole}).headers["Location"] == f"/loans/{signed.number}/"
    mistyped = clerk.post("/loans/search/", {"search": whole[:-1]}).headers["Location"]
    assert whole[:9] not in mistyped
    assert clerk.post("/loans/search/", {"search": signed.number.lower()}).headers["Location"] == f"/loans/{signed.number}/"
    assert signed.number in clerk.get("/loans/?search=沈").content.decode()
    assert "没有符合条件的贷款" in clerk.get("/loans/?search=王&year=20x6&state=nonsense&page=99").content.decode()


def test_the_list_leaves_as_a_workbook_and_that_is_noted(jiangxi: Offices, signed: Loan) -> None:
    answer = desk(jiangxi, Role.AGENCY_ACCOUNTANT).get("/loans/list.xlsx")
    assert answer.getvalue()[:2] == b"PK"
    assert AuditEntry.objects.get(subject="list:loans").after == {"rows": 1}


def test_an_unknown_loan_is_not_found_and_another_county_s_is_refused(jiangxi: Offices, signed: Loan) -> None:
    clerk = desk(jiangxi, Role.AGENCY_ACCOUNTANT)
    assert clerk.get("/loans/LJX999999-2026-000001/").status_code == 404
    Loan.objects.filter(pk=signed.pk).update(region_code="360102")
    assert clerk.get(f"/loans/{signed.number}/").status_code == 403
    assert clerk.get(f"/loans/{signed.number}/postings/").status_code == 403


def test_a_year_goes_by_form_from_the_plan_to_the_receipt(jiangxi: Offices, signed: Loan) -> None:
    accountant, officer = desk(jiangxi, Role.AGENCY_ACCOUNTANT), desk(jiangxi, Role.BANK_OFFICER)
    approver, tax = desk(jiangxi, Role.AGENCY_APPROVER), desk(jiangxi, Role.TAX_CLERK)
    assert take(accountant, signed, "plan_year", year="2026", month_from="10", months="3").status_code == 302
    draw = Tranche.objects.get()
    assert draw.amount_fen == 2_400_00
    assert approver.post("/loans/year/release/", {"year": "2026", "draw": draw.pk, "batch": "F1"}).status_code == 302
    assert take(officer, signed, "confirm_draw", draw, day=WEDNESDAY).status_code == 302
    assert take(officer, signed, "record_draw", draw, day=WEDNESDAY, amount_fen="2400", source="LS1").status_code == 302
    assert take(tax, signed, "record_contribution", draw, day=WEDNESDAY, receipt="SP1", amount_fen="400").status_code == 302
    page = tax.get(f"/loans/{signed.number}/").content.decode()
    assert "2,000.00" in page
    assert take(tax, signed, "record_contribution", draw, day=WEDNESDAY, receipt="SP2", amount_fen="2000").status_code == 302
    signed.refresh_from_db()
    assert signed.state == "contributed"
    page = accountant.get(f"/loans/{signed.number}/").content.decode()
    assert page.count("已平衡") == 4  # bank, borrower, agency and tax, each in its own books
    for kind, amount in (("tranche", "2,400.00"), ("contribution&entry=2026/SP1", "400.00")):
        assert amount in accountant.get(f"/loans/{signed.number}/postings/?kind={kind}").content.decode()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"amount_fen": "2400.01"}, "最多"),
        ({"amount_fen": "0"}, "最多"),
        ({"amount_fen": "两千四"}, "数字"),
        ({"day": "2026-10-15"}, "今天之间"),
        ({"day": "2026-13-01"}, "2026-10-12"),
        ({"day": ""}, ""),
    ],
    ids=["超过上限-above the cap", "零-nothing", "不是数字-no number", "明天-tomorrow", "没有的月份-no such month", "空-empty"],
)
def test_a_wrong_draw_stays_in_the_form_and_changes_nothing(
    jiangxi: Offices, signed: Loan, values: dict[str, str], said: str
) -> None:
    draw = ready(jiangxi)
    sent = {"day": WEDNESDAY, "amount_fen": "2400", "source": ""} | values
    answer = take(desk(jiangxi, Role.BANK_OFFICER), signed, "record_draw", draw, **sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    draw.refresh_from_db()
    assert draw.state == "confirmed"


def test_a_second_click_does_nothing_and_a_second_officer_is_told(jiangxi: Offices, signed: Loan) -> None:
    draw = ready(jiangxi)
    officer, colleague = desk(jiangxi, Role.BANK_OFFICER), desk(jiangxi, Role.BANK_OFFICER, other=True)
    stale = colleague.get(address(signed, "record_draw", draw)).content.decode()
    page = officer.get(address(signed, "record_draw", draw)).content.decode()
    sent = {"day": WEDNESDAY, "amount_fen": "2400", "source": ""}
    first = {"seen": hidden(page, "seen"), "key": hidden(page, "key"), **sent}
    assert [officer.post(address(signed, "record_draw", draw), first).status_code for _ in (1, 2)] == [302, 302]
    late = colleague.post(
        address(signed, "record_draw", draw), {"seen": hidden(stale, "seen"), "key": hidden(stale, "key"), **sent}
    )
    assert late.status_code == 409
    assert "已有人先办" in late.content.decode()
    assert LoanStep.objects.filter(verb="record_draw").count() == 1


def test_whoever_drew_does_not_record_the_contribution_and_no_other_post_draws(jiangxi: Offices, signed: Loan) -> None:
    draw = ready(jiangxi)
    before = LoanStep.objects.count()
    for role in (Role.AGENCY_ACCOUNTANT, Role.AGENCY_APPROVER, Role.BANK_REVIEWER, Role.AUDITOR, Role.TAX_CLERK):
        client = desk(jiangxi, role)
        assert client.get(address(signed, "record_draw", draw)).status_code == 403, role
        sent = {"seen": "draw_due", "key": "x", "day": WEDNESDAY, "amount_fen": "2400"}
        assert client.post(address(signed, "record_draw", draw), sent).status_code == 403, role
        assert "放款到社保卡账户</a>" not in client.get(f"/loans/{signed.number}/").content.decode(), role
    assert LoanStep.objects.count() == before


def test_nothing_is_drawn_once_the_qualification_has_ended(jiangxi: Offices, signed: Loan, clock: Any) -> None:
    draw = ready(jiangxi)
    take(desk(jiangxi, Role.BANK_OFFICER), signed, "record_draw", draw, day=WEDNESDAY, amount_fen="2400", source="")
    clock(lives.at("2026-10-16", 15))
    accountant, approver = desk(jiangxi, Role.AGENCY_ACCOUNTANT), desk(jiangxi, Role.AGENCY_APPROVER)
    assert take(accountant, signed, "remind", draw, reason="电话通知本人").status_code == 302
    assert take(approver, signed, "end_qualification", draw, reason="未缴").status_code == 422
    clock(lives.at("2026-11-20", 15))
    accountant, approver = desk(jiangxi, Role.AGENCY_ACCOUNTANT), desk(jiangxi, Role.AGENCY_APPROVER)
    assert take(approver, signed, "end_qualification", draw, reason="").status_code == 422
    assert take(approver, signed, "end_qualification", draw, reason="催缴后仍未缴").status_code == 302
    signed.refresh_from_db()
    assert signed.state == "qualification_ended"
    answer = accountant.get(address(signed, "plan_year"))
    assert answer.status_code == 409
    assert "资格已终止" in answer.content.decode()
    assert accountant.get("/loans/year/?year=2027").context["candidates"] == []


@pytest.mark.parametrize("verb", ["permit_year", "open_loan", "nonsense", "release_year"])
def test_a_step_that_is_not_taken_here_is_not_found(jiangxi: Offices, signed: Loan, verb: str) -> None:
    assert desk(jiangxi, Role.AGENCY_APPROVER).get(address(signed, verb)).status_code == 404


def test_a_loan_task_of_the_queue_leads_to_the_loan(jiangxi: Offices, signed: Loan) -> None:
    ready(jiangxi)
    assert f'href="/loans/{signed.number}/"' in desk(jiangxi, Role.BANK_OFFICER).get("/cases/").content.decode()


def test_a_tongling_draw_is_prepared_released_and_its_subsidy_matched(tongling: Offices, clock: Any) -> None:
    case = year.signed_tongling(tongling)
    year.publish_highest_tier()
    clock(lives.at(WEDNESDAY, 15))
    loan = Loan.objects.get(case_number=case.number)
    officer, reviewer = desk(tongling, Role.BANK_OFFICER), desk(tongling, Role.BANK_REVIEWER)
    assert take(officer, loan, "plan_year", year="2026", amount_fen="").status_code == 302
    draw = Tranche.objects.get()
    assert take(reviewer, loan, "release_year", draw).status_code == 302
    assert take(officer, loan, "record_draw", draw, day=WEDNESDAY, amount_fen="3000", source="").status_code == 302
    tax, finance = desk(tongling, Role.TAX_CLERK), desk(tongling, Role.FINANCE_CLERK)
    assert take(tax, loan, "record_contribution", draw, day=WEDNESDAY, receipt="SP1", amount_fen="3000").status_code == 302
    assert take(finance, loan, "match_subsidy", draw, day=WEDNESDAY, amount_fen="300").status_code == 302
    loan.refresh_from_db()
    assert loan.state == "subsidy_matched"
    assert "300.00" in finance.get(f"/loans/{loan.number}/").content.decode()


@pytest.mark.parametrize(
    ("path", "most"),
    [("/loans/", 9), ("/loans/{}/", 60), ("/loans/{}/postings/", 12), ("/loans/year/", 20)],
    ids=["名单-list", "贷款-loan", "分录-postings", "年度-year"],
)
def test_the_queries_of_a_page_are_few(
    jiangxi: Offices, signed: Loan, django_assert_max_num_queries: Any, path: str, most: int
) -> None:
    ready(jiangxi)
    client = desk(jiangxi, Role.AGENCY_ACCOUNTANT)
    with django_assert_max_num_queries(most):
        assert client.get(path.format(signed.number)).status_code == 200


@pytest.mark.clauses("rg-12.4c")
def test_the_bank_has_the_whole_loan_file_and_looks_after_the_borrower(rugao: Offices, clock: Callable[[Any], None]) -> None:
    """The page lists application, agreement, draws and statements; a year after the agreement the visit waits in the bank's queue."""
    case = year.signed_rugao(rugao)
    year.roster(rugao, case)
    (request,) = year.released(rugao, "2026-10-26")
    year.send_return(rugao, year.return_rows(request, "2026-10-28"), "2026-10-29")
    loan, today = Loan.objects.get(), lives.at("2027-10-21")
    officer = rugao.at(Role.BANK_OFFICER)
    given = make_statement(loan.pk, date(2026, 10, 1), date(2027, 9, 30), actor=officer, now=today)
    clock(today)
    assert open_follow_ups(today.date(), actor=SYSTEM, now=today) == 1
    client = desk(rugao, Role.BANK_OFFICER)
    assert "贷后跟踪回访" in client.get("/cases/").content.decode()
    page = client.get(f"/loans/{loan.number}/").content.decode()
    for part in (
        f'<a href="/cases/{case.number}/">申请及材料</a>',
        "协议 皋助2026-001",
        "3,060.00",
        f'<a href="{reverse("statements:kept", args=[loan.number, given.pk])}">对账单 {given.number}</a>',
        f'href="{address(loan, "follow_up")}"',
    ):
        assert part in page, part
    assert take(client, loan, "follow_up", reason="电话，已领新工作").status_code == 302
    assert "电话，已领新工作" in client.get(f"/loans/{loan.number}/").content.decode()
    assert "贷后跟踪回访" not in client.get("/cases/").content.decode()
