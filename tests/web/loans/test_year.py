"""The yearly round, the bank's roster and the reconciliation, as their posts meet them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cases import lives, loan_lives
from tests.cases.offices import Offices
from tests.procedures import year
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.exchange.models import Envelope
from zhubao.loans.models import Loan, Tranche
from zhubao.oversight.models import Difference
from zhubao.procedures.agreement_signed import open_loan_of

from .conftest import desk


def second_loan(offices: Offices) -> Loan:
    """Sign another loan of the county."""
    person = loan_lives.man(serial=25)
    case = loan_lives.approved(offices, loan_lives.pushed(offices, person))
    case = loan_lives.signed(offices, case, "助2026-002")
    return open_loan_of(case, actor=offices.at(Role.BANK_OFFICER), now=lives.at("2026-10-12"))


def test_amounts_are_fixed_released_and_told_to_the_bank(jiangxi: Offices, signed: Loan) -> None:
    accountant, approver = desk(jiangxi, Role.AGENCY_ACCOUNTANT), desk(jiangxi, Role.AGENCY_APPROVER)
    assert signed.number in accountant.get("/loans/year/").content.decode()
    assert accountant.post("/loans/year/plan/", {"year": "2026"}).status_code == 302
    draw = Tranche.objects.get()
    page = approver.get("/loans/year/?year=2026").content.decode()
    assert "2,400.00" in page
    assert 'value="20261014-001"' in page
    answer = approver.post("/loans/year/release/", {"year": "2026", "draw": draw.pk, "batch": "20261014-001"})
    assert answer.status_code == 302
    envelope = Envelope.objects.get(kind="draw_request")
    officer = desk(jiangxi, Role.BANK_OFFICER)
    taken = officer.post(f"/files/{envelope.pk}/take/")
    assert taken.getvalue()[:2] == b"PK"
    envelope.refresh_from_db()
    assert envelope.state == "sent"
    assert AuditEntry.objects.filter(action="envelope.handed_over", subject=envelope.subject).count() == 1
    assert envelope.sha256 in officer.get(f"/files/{envelope.pk}/sha256/").content.decode()


def test_a_loan_the_rules_refuse_is_listed_with_the_reason(jiangxi: Offices, signed: Loan) -> None:
    answer = desk(jiangxi, Role.AGENCY_ACCOUNTANT).post("/loans/year/plan/", {"year": "2020"})
    assert answer.status_code == 200
    assert "2020 年缴费档次还没有公布" in answer.content.decode()
    assert not Tranche.objects.exists()


@pytest.mark.parametrize("sent", [{"year": "99999"}, {"year": "二〇二六"}, {}], ids=["太远-too far", "汉字-words", "没填-empty"])
def test_a_year_that_is_none_changes_nothing(jiangxi: Offices, signed: Loan, sent: dict[str, str]) -> None:
    assert desk(jiangxi, Role.AGENCY_ACCOUNTANT).post("/loans/year/plan/", sent).status_code == 422
    assert not Tranche.objects.exists()


def test_a_release_needs_a_choice_a_batch_and_a_draw_of_the_office(jiangxi: Offices, signed: Loan) -> None:
    approver = desk(jiangxi, Role.AGENCY_APPROVER)
    desk(jiangxi, Role.AGENCY_ACCOUNTANT).post("/loans/year/plan/", {"year": "2026"})
    draw = Tranche.objects.get()
    for sent in (
        {"batch": "F1"},
        {"batch": "", "draw": draw.pk},
        {"batch": "F1", "draw": 999_999},
        {"batch": "F 1", "draw": draw.pk},
    ):
        assert approver.post("/loans/year/release/", {"year": "2026", **sent}).status_code == 422, sent
    draw.refresh_from_db()
    assert draw.state == "planned"
    assert not Envelope.objects.exists()


def test_only_their_posts_plan_release_and_reconcile(jiangxi: Offices, signed: Loan) -> None:
    denied = [
        (Role.AGENCY_APPROVER, "/loans/year/plan/"),
        (Role.AGENCY_ACCOUNTANT, "/loans/year/release/"),
        (Role.BANK_OFFICER, "/loans/year/release/"),
        (Role.TAX_CLERK, "/loans/year/plan/"),
        (Role.AUDITOR, "/loans/reconciliation/run/"),
        (Role.BANK_OFFICER, "/loans/reconciliation/run/"),
        (Role.AGENCY_ACCOUNTANT, "/loans/roster/hand-over/"),
    ]
    for role, path in denied:
        assert desk(jiangxi, role).post(path, {"year": "2026", "batch": "F1"}).status_code == 403, (role, path)
    assert not Tranche.objects.exists()
    assert not Difference.objects.exists()


def test_differences_are_found_explained_and_taken_away(jiangxi: Offices, signed: Loan, clock: Callable[[Any], None]) -> None:
    year.released(jiangxi, "2026-10-13")
    accountant, auditor = desk(jiangxi, Role.AGENCY_ACCOUNTANT), desk(jiangxi, Role.AUDITOR)
    assert "本年度尚未对账" in auditor.get("/loans/reconciliation/?year=2026").content.decode()
    assert accountant.post("/loans/reconciliation/run/", {"year": "2026"}).status_code == 302
    page = auditor.get("/loans/reconciliation/?year=2026").content.decode()
    assert "请银行报送放款回盘" in page
    assert "2,400.00" in page
    difference = Difference.objects.get()
    close = f"/loans/reconciliation/{difference.pk}/explain/"
    assert auditor.post(close, {"explanation": "等银行"}).status_code == 403
    assert accountant.post(close, {"explanation": "  "}).status_code == 422
    difference.refresh_from_db()
    assert difference.closed_at is None
    assert accountant.post(close, {"explanation": "银行 10 月 20 日回盘"}).status_code == 302
    assert "银行 10 月 20 日回盘" in auditor.get("/loans/reconciliation/?year=2026&show=closed").content.decode()
    assert auditor.get("/loans/reconciliation/list.xlsx?year=2026&show=closed").getvalue()[:2] == b"PK"
    assert accountant.post("/loans/reconciliation/999999/explain/", {"explanation": "x"}).status_code == 404


def test_a_rugao_bank_puts_who_signed_on_its_roster(rugao: Offices, clock: Callable[[Any], None]) -> None:
    case = year.signed_rugao(rugao)
    clock(lives.at("2026-10-22", 15))
    officer = desk(rugao, Role.BANK_OFFICER)
    assert case.number in officer.get("/loans/roster/").content.decode()
    assert officer.post("/loans/roster/hand-over/", {"batch": "H1"}).status_code == 422
    assert officer.post("/loans/roster/hand-over/", {"batch": "H1", "case": "JS000000-2026-000001"}).status_code == 422
    assert not Loan.objects.exists()
    assert officer.post("/loans/roster/hand-over/", {"batch": "H1", "case": case.number}).status_code == 302
    page = officer.get("/loans/roster/").content.decode()
    assert page.count("/take/") == 3
    assert "银行自存" in page
    loan = Loan.objects.get()
    assert loan.number in desk(rugao, Role.FINANCE_CLERK).get("/loans/").content.decode()
    envelope = Envelope.objects.get(kind="borrower_roster", receiver=rugao.post(Role.FINANCE_CLERK).organisation)
    assert desk(rugao, Role.FINANCE_CLERK).get(f"/files/{envelope.pk}/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/loans/year/", "/loans/reconciliation/?year=2026", "/loans/"], ids=["year", "reconciliation", "list"]
)
def test_the_queries_do_not_grow_with_the_loans(
    jiangxi: Offices, signed: Loan, django_assert_max_num_queries: Any, path: str
) -> None:
    accountant = desk(jiangxi, Role.AGENCY_ACCOUNTANT)
    accountant.get(path)
    with django_assert_max_num_queries(24) as counted:
        accountant.get(path)
    before = len(counted)
    second_loan(jiangxi)
    with django_assert_max_num_queries(before):
        assert accountant.get(path).status_code == 200
