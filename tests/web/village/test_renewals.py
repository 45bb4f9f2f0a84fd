"""The renewals of a quarter: who has not filed, filing at the committee or the counter, the opinion, the agency's decision."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.cases.lives import at
from tests.cases.offices import Offices
from tests.people.tables import SYSTEM
from tests.procedures.year import signed_rugao
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.cases.models import Application, Case, Renewal, RenewalStep
from zhubao.documents.typesetting import compiler_inputs
from zhubao.loans.models import Loan, LoanStep, Permit
from zhubao.people.actions import change_person, set_phone
from zhubao.people.models import Person
from zhubao.people.recording import record_insured
from zhubao.people.selectors import phone_history, phone_of
from zhubao.people.statements import InsuredStatement, Origin
from zhubao.procedures.agreement_signed import open_loan_of
from zhubao.procedures.printing import print_case_paper

from .conftest import Clock, desk, form_of

pytestmark = pytest.mark.django_db
# Twelve months of the tier of 2027, 1 040 yuan.
NEEDED = "12480"
SIGNED = {"category": "dibao", "signed_on": "2026-12-01", "late_reason": ""}
OPINION = {"agrees": "yes", "handler": "丁桂兰", "sealed": "on", "signed_on": "2026-12-01", "opinion": ""}


@pytest.fixture
def december(clock: Clock) -> None:
    """Look at the pages on the first of December."""
    clock(at("2026-12-01"))


def borrower(offices: Offices, state: str = "recorded") -> Loan:
    """Return the loan 陈桂芳 signed on 2026-10-21, with its first draw as far as a state says; two more months were paid."""
    case = signed_rugao(offices)
    paid = InsuredStatement(
        "employee_pension",
        date(2026, 11, 30),
        Origin("参保登记 2026-11-30"),
        participation_type="flexible",
        insured_area="320682",
        paid_months=152,
        deemed_months=0,
        deemed_confirmed=True,
        retirement_category="female55",
        receiving_pension=False,
    )
    record_insured(case.person_id, paid, actor=SYSTEM, now=at("2026-11-30"))
    loan = open_loan_of(case, actor=offices.at(Role.BANK_OFFICER), now=at("2026-10-22"))
    Loan.objects.filter(pk=loan.pk).update(state=state)
    return Loan.objects.get(pk=loan.pk)


def written() -> list[Any]:
    counted = [model.objects.count() for model in (RenewalStep, LoanStep, Permit, AuditEntry)]
    return [counted, list(Renewal.objects.values_list("state", "steps_taken")), list(Loan.objects.values_list("state"))]


def file(client: Client, loan: Loan, **values: Any) -> Any:
    address = f"/village/renewals/new/{loan.case_number}/"
    return client.post(address, {**form_of(client, address), **SIGNED, "year": "2027", "asked": NEEDED, **values})


def step(client: Client, loan: Loan, verb: str, **values: Any) -> Any:
    page = f"/village/renewals/{loan.number}/2027/"
    return client.post(f"{page}{verb}/", {**form_of(client, page, f"{page}{verb}/"), **values})


@pytest.mark.parametrize("role", [pytest.param(Role.COMMITTEE_MEMBER, id="村委会"), pytest.param(Role.AGENCY_INTAKE, id="窗口")])
def test_a_renewal_goes_from_the_list_to_the_permit(rugao: Offices, december: None, role: str) -> None:
    loan = borrower(rugao)
    files = desk(rugao, role)
    page = files.get("/village/renewals/").content.decode()
    assert "Not filed 1" in page
    assert f"/village/renewals/new/{loan.case_number}/" in page
    assert "12 months × 1,040.00 = 12,480.00 yuan" in files.get(f"/village/renewals/new/{loan.case_number}/").content.decode()
    assert file(files, loan)["Location"] == f"/village/renewals/{loan.number}/2027/"
    assert (Loan.objects.get(pk=loan.pk).state, Renewal.objects.get().nth) == ("renewal", 1)
    assert "Already filed 1" in files.get("/village/renewals/?filed=1").content.decode()

    committee = desk(rugao, Role.COMMITTEE_MEMBER, other=True)
    assert f"/village/renewals/{loan.number}/2027/" in committee.get("/cases/").content.decode()
    assert step(committee, loan, "review", **OPINION).status_code == 302
    assert step(desk(rugao, Role.AGENCY_REVIEWER), loan, "propose").status_code == 302
    assert Renewal.objects.get().amount_fen == 12_480_00
    granted = {"outcome": "granted", "because": "", "reason": ""}
    assert step(desk(rugao, Role.AGENCY_APPROVER), loan, "decide", **granted).status_code == 302
    assert (Renewal.objects.get().state, Permit.objects.get().amount_fen) == ("granted", 12_480_00)


@pytest.mark.clauses("rg-annex2-person")
def test_the_seven_particulars_stand_on_the_form_and_a_new_telephone_goes_on_record(rugao: Offices, december: None) -> None:
    loan, client = borrower(rugao), desk(rugao, Role.COMMITTEE_MEMBER)
    before = at("2026-10-22")
    Application.objects.update(former_employer="县棉纺厂")
    page = client.get(f"/village/renewals/new/{loan.case_number}/").content.decode()
    assert "<dt>Telephone</dt><dd>139****0001</dd>" in page, "as the application says it, while none is on record"
    set_phone(loan.person_id, "13900000001", actor=SYSTEM, now=before)
    change_person(loan.person_id, address="新堂村3组12号", actor=SYSTEM, now=before)
    page = client.get(f"/village/renewals/new/{loan.case_number}/").content.decode()
    for label, value in (
        ("Name", "陈**"),
        ("Sex", "female"),
        ("Born in", "1973-05"),
        ("Citizen number", loan.person.masked_number),
        ("Telephone", "139****0001"),
        ("Former employer", "县棉纺厂"),
        ("Home address", "新堂村3组12号"),
    ):
        assert f"<dt>{label}</dt><dd>{value}</dd>" in page, label
    assert 'name="address" value="新堂村3组12号"' in page
    told = file(client, loan, phone="号码换了", address="新堂村3组12号")
    assert (told.status_code, phone_of(loan.person).masked) == (422, "139****0001")  # type: ignore[union-attr]
    assert "a telephone number has 7 to 15 digits" in told.content.decode()

    assert file(client, loan, phone="138-0000-1234", address="新堂村5组2号").status_code == 302
    filed = at("2026-12-01")
    assert [(each.masked, each.starts_at, each.ends_at) for each in phone_history(loan.person)] == [
        ("138****1234", filed, None),
        ("139****0001", before, filed),
    ]
    assert Person.objects.get(pk=loan.person_id).address == "新堂村5组2号"
    assert "<dt>Telephone</dt><dd>138****1234</dd>" in client.get(f"/village/renewals/{loan.number}/2027/").content.decode()
    set_phone(loan.person_id, "13700009999", actor=SYSTEM, now=at("2027-01-10"))
    case = Case.objects.get(number=loan.case_number)
    paper = print_case_paper(case, "renewal-1", actor=rugao.at(Role.AGENCY_REVIEWER), now=at("2027-01-11"))
    printed = compiler_inputs(paper)["form"]
    for words in ("陈桂芳", "女", "1973年5月", "320682", "13800001234", "县棉纺厂", "新堂村5组2号"):
        assert words in printed, words


def test_a_renewal_without_a_new_number_leaves_the_record_alone(rugao: Offices, december: None) -> None:
    loan = borrower(rugao)
    set_phone(loan.person_id, "13900000001", actor=SYSTEM, now=at("2026-10-22"))
    assert file(desk(rugao, Role.AGENCY_INTAKE), loan).status_code == 302
    assert [(each.masked, each.ends_at) for each in phone_history(loan.person)] == [("139****0001", None)]


def test_a_loan_whose_draw_is_under_way_waits(rugao: Offices, december: None) -> None:
    loan = borrower(rugao, state="drawn")
    page = desk(rugao, Role.COMMITTEE_MEMBER).get("/village/renewals/").content.decode()
    assert "the renewal comes after it" in page
    assert f"/village/renewals/new/{loan.case_number}/" not in page


def test_more_than_the_year_needs_is_refused_at_the_amount(rugao: Offices, december: None) -> None:
    loan, client = borrower(rugao), desk(rugao, Role.COMMITTEE_MEMBER)
    before = written()
    answer = file(client, loan, asked="12480.01")
    assert (answer.status_code, written()) == (422, before)
    assert "above the 12480.00 yuan the year needs (12 months)" in answer.content.decode()


def test_outside_the_quarter_a_reason_is_needed(rugao: Offices, clock: Clock) -> None:
    loan = borrower(rugao)
    clock(at("2027-02-01"))
    client = desk(rugao, Role.COMMITTEE_MEMBER)
    before = written()
    answer = file(client, loan, signed_on="2027-02-01", asked="1000")
    assert (answer.status_code, written()) == (422, before)
    assert "at another time give the reason" in answer.content.decode()
    told = file(client, loan, signed_on="2027-02-01", asked="1000", late_reason="住院两个月")
    assert (told.status_code, Renewal.objects.get().late_reason) == (302, "住院两个月")


def test_filing_twice_and_late_clicks_change_nothing(rugao: Offices, december: None) -> None:
    loan, client = borrower(rugao), desk(rugao, Role.COMMITTEE_MEMBER)
    address = f"/village/renewals/new/{loan.case_number}/"
    sent = {**form_of(client, address), **SIGNED, "year": "2027", "asked": NEEDED}
    other = {**form_of(client, address), **SIGNED, "year": "2027", "asked": NEEDED}
    assert client.post(address, sent).status_code == 302
    after = written()
    assert (client.post(address, sent).status_code, written()) == (302, after)
    assert (client.post(address, other).status_code, written()) == (409, after)

    page = f"/village/renewals/{loan.number}/2027/"
    mine, slow = desk(rugao, Role.COMMITTEE_MEMBER), desk(rugao, Role.COMMITTEE_MEMBER, other=True)
    stamps = [form_of(each, page, f"{page}review/") for each in (mine, slow)]
    assert mine.post(f"{page}review/", {**stamps[0], **OPINION}).status_code == 302
    after = written()
    assert mine.post(f"{page}review/", {**stamps[0], **OPINION}).status_code == 302
    late = slow.post(f"{page}review/", {**stamps[1], **OPINION})
    assert (late.status_code, written()) == (409, after)
    assert "Somebody was faster" in late.content.decode()


def test_a_suspension_needs_its_reason_and_suspends_the_loan(rugao: Offices, december: None) -> None:
    loan = borrower(rugao)
    file(desk(rugao, Role.COMMITTEE_MEMBER), loan)
    no = {**OPINION, "agrees": "no"}
    committee = desk(rugao, Role.COMMITTEE_MEMBER)
    before = written()
    assert (step(committee, loan, "review", **no).status_code, written()) == (422, before)
    assert step(committee, loan, "review", **{**no, "opinion": "已到厂里上班"}).status_code == 302
    step(desk(rugao, Role.AGENCY_REVIEWER), loan, "propose")
    approver, before = desk(rugao, Role.AGENCY_APPROVER), written()
    assert (step(approver, loan, "decide", outcome="suspended", because="reemployed").status_code, written()) == (422, before)
    told = step(approver, loan, "decide", outcome="suspended", because="reemployed", reason="已就业参保")
    assert (told.status_code, Loan.objects.get().state) == (302, "suspended")
    assert (Renewal.objects.get().state, Permit.objects.count()) == ("suspended", 0)


def test_a_renewal_taken_back_may_be_filed_again(rugao: Offices, december: None) -> None:
    loan, client = borrower(rugao), desk(rugao, Role.COMMITTEE_MEMBER)
    file(client, loan)
    assert step(client, loan, "withdraw", reason="本人改主意").status_code == 302
    assert Loan.objects.get().state == "recorded"
    assert "Not filed 1" in client.get("/village/renewals/").content.decode()
    assert file(client, loan).status_code == 302
    assert sorted(Renewal.objects.values_list("state", flat=True)) == ["filed", "withdrawn"]


def test_a_renewal_of_a_loan_repaid_meanwhile_is_taken_back_and_the_loan_stays_settled(rugao: Offices, december: None) -> None:
    loan, client = borrower(rugao), desk(rugao, Role.COMMITTEE_MEMBER)
    file(client, loan)
    Loan.objects.filter(pk=loan.pk).update(state="settled")
    assert step(client, loan, "withdraw", reason="贷款已结清").status_code == 302
    assert (Renewal.objects.get().state, Loan.objects.get().state) == ("withdrawn", "settled")


@pytest.mark.parametrize("verb", ["propose", "decide"])
def test_the_committee_does_not_decide(rugao: Offices, december: None, verb: str) -> None:
    loan, client = borrower(rugao), desk(rugao, Role.COMMITTEE_MEMBER)
    file(client, loan)
    step(client, loan, "review", **OPINION)
    Renewal.objects.update(state="reviewed" if verb == "propose" else "proposed")
    before = Renewal.objects.values_list("state", "steps_taken").get()
    values = {"seen": 2, "key": "k", "outcome": "granted", "reason": ""}
    assert client.post(f"/village/renewals/{loan.number}/2027/{verb}/", values).status_code == 403
    assert Renewal.objects.values_list("state", "steps_taken").get() == before
