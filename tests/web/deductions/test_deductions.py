"""The pages of the deductions, as the posts that write, load and read them meet them."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.loans.lives import SYSTEM, at
from tests.procedures import deductions as bank
from tests.procedures.retirements import JULY, close
from zhubao.access.roles import Role
from zhubao.cases.models import Case
from zhubao.exchange.models import Envelope
from zhubao.loans.models import DeductionInstruction, DeductionReturn
from zhubao.notices.models import Notice
from zhubao.people.actions import open_citizen_account
from zhubao.procedures.received_files import apply_envelope
from zhubao.tasks.models import Task
from zhubao.web.deductions.panel import deductions_panel

from .conftest import Office, credited_content

AUGUST_5 = date(2022, 8, 5)


def page(client: Client, path: str = "/deductions/?month=2022-07") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def load(client: Client, office: Office, content: bytes, **more: Any) -> Any:
    sent = {"kind": "credits", "month": "2022-07", "bank": office.life.loan.bank_id, "sent": SimpleUploadedFile("f.csv", content)}
    return client.post("/deductions/load/", {**sent, **more})


def applied(office: Office, answer: Any) -> Envelope:
    assert answer.status_code == 302, answer.content.decode()
    return apply_envelope(int(answer.headers["Location"].split("/")[-2]), clock=lambda: at(2022, 8, 5))


def ordered(office: Office) -> Envelope:
    """Load July's pension and write the order file through the pages."""
    accountant = office.desk(Role.AGENCY_ACCOUNTANT)
    assert applied(office, load(office.desk(Role.BANK_OFFICER), office, credited_content(office.life))).state == "accepted"
    sent = {"month": "2022-07", "bank": office.life.loan.bank_id, "policy": "rugao-draft", "batch": "O1"}
    assert accountant.post("/deductions/order/", sent).status_code == 302
    return Envelope.objects.get(kind="deduction_order")


def test_a_month_from_the_credit_to_the_failure_and_the_arrears(office: Office) -> None:
    accountant, officer = office.desk(Role.AGENCY_ACCOUNTANT), office.desk(Role.BANK_OFFICER)
    assert "养老金还没有入账记录" in page(accountant)
    waits = accountant.post(
        "/deductions/order/", {"month": "2022-07", "bank": office.life.loan.bank_id, "policy": "rugao-draft", "batch": "O0"}
    )
    assert waits.status_code == 302
    assert not DeductionInstruction.objects.exists()
    envelope = ordered(office)
    assert "已送银行" in page(officer)
    assert f"/files/{envelope.pk}/" in page(accountant)
    accountant, officer = office.desks_on(at(2022, 8, 5))
    rows = bank.answers(envelope, AUGUST_5, result="insufficient", amount_fen=30_000, reason="余额 300.00")
    content = bank.return_content(office.life, rows, "R1")
    done = applied(office, load(officer, office, content, kind="return", answers=envelope.pk))
    assert done.state == "accepted"
    shown = page(accountant)
    assert "账户余额不足" in shown
    assert "未扣 600.00" in shown
    accountant, officer = office.desks_on(at(2022, 9, 10))
    arrears = page(accountant, "/deductions/arrears/")
    assert "600.00" in arrears
    assert "31～60 天" in arrears
    answer = DeductionReturn.objects.get()
    assert officer.post(f"/deductions/arrears/{answer.pk}/follow-up/", {"said": ""}).status_code == 422
    assert officer.post(f"/deductions/arrears/{answer.pk}/follow-up/", {"said": "九月还"}).status_code == 302
    assert "九月还" in page(accountant, "/deductions/arrears/")
    assert not Task.objects.open().filter(kind="loan.deduction_failed").exists()
    assert accountant.get("/deductions/arrears/list.xlsx").getvalue()[:2] == b"PK"
    assert Notice.objects.filter(kind="deduction_failed").count() == 1


def test_the_task_of_a_failure_is_done_on_the_page_it_opens(office: Office) -> None:
    envelope = ordered(office)
    bank.load_return(office.life, bank.answers(envelope, AUGUST_5, result="moved", amount_fen=0), "R1", AUGUST_5)
    accountant, officer = office.desks_on(at(2022, 8, 6))
    answer = DeductionReturn.objects.get()
    opened = page(officer, "/loans/L1/")
    assert f'action="/deductions/arrears/{answer.pk}/follow-up/"' in opened
    assert "还款部分被转出" in opened
    assert "follow-up" not in page(office.desk(Role.AUDITOR), "/loans/L1/")
    path = f"/deductions/arrears/{answer.pk}/follow-up/"
    for client, said, left in ((officer, " ", 2), (officer, "明日到柜面还", 1), (accountant, "已约谈，三日内转回", 0)):
        assert client.post(path, {"said": said, "back": "loan"}).headers["Location"] == "/loans/L1/"
        waiting = Task.objects.open().filter(kind__in=("loan.deduction_failed", "loan.instalment_moved"))
        assert waiting.count() == left
    assert "已约谈，三日内转回" in page(accountant, "/loans/L1/")


def test_a_return_of_another_month_is_answered_line_by_line(office: Office) -> None:
    first = ordered(office)
    life = office.life
    office.turn(at(2022, 9, 1))
    august = date(2022, 8, 1)
    bank.load_credits(life, [bank.credited(life, august, 180_000, date(2022, 8, 15))], "C2", date(2022, 8, 16))
    close(august)
    second = bank.order(life, "O2", date(2022, 9, 1)).envelope
    assert second is not None
    content = bank.return_content(life, bank.answers(second, date(2022, 9, 1)), "R1")
    answer = load(office.desk(Role.BANK_OFFICER), office, content, kind="return", answers=first.pk)
    done = apply_envelope(int(answer.headers["Location"].split("/")[-2]), clock=lambda: at(2022, 9, 1))
    assert (done.state, done.lines.get().result_code) == ("refused", "E-RETURN-FILE")
    assert not DeductionReturn.objects.exists()


@pytest.mark.clauses("rg-14.1d")
def test_civil_affairs_gets_its_list_on_paper_too(office: Office) -> None:
    accountant = office.desk(Role.AGENCY_ACCOUNTANT)
    envelope = ordered(office)
    sent = {"month": "2022-07", "bank": office.life.loan.bank_id, "batch": "N1"}
    refused = accountant.post("/deductions/net/", sent)
    assert (refused.status_code, "没有要发送的明细" in refused.content.decode()) == (422, True)
    bank.load_return(office.life, bank.answers(envelope, AUGUST_5), "R1", AUGUST_5)
    assert accountant.post("/deductions/net/", sent).status_code == 302
    file = Envelope.objects.get(kind="net_pension")
    assert file.total_fen == 90_000
    for each in (file, envelope):
        for form in ("pdf", "xlsx"):
            assert accountant.get(f"/documents/files/{each.pk}.{form}").status_code == 200, (each.kind, form)


@pytest.mark.parametrize(
    "more",
    [{"sent": ""}, {"kind": "approved"}, {"kind": ""}, {"kind": "return", "answers": "999"}, {"bank": "0", "sent": ""}],
    ids=[
        "没选文件-no file",
        "不是本岗位的-not the post's",
        "没选种类-no kind",
        "没有的清单-no such order",
        "别的银行-another bank",
    ],
)
def test_a_form_that_does_not_hold_keeps_nothing(office: Office, more: dict[str, Any]) -> None:
    before = Envelope.objects.count()
    answer = load(office.desk(Role.BANK_OFFICER), office, credited_content(office.life), **more)
    assert answer.status_code == 422
    assert Envelope.objects.count() == before


def test_a_faulty_file_is_refused_whole_with_its_place(office: Office) -> None:
    content = credited_content(office.life).replace(b"1800.00", b"1900.00", 1)
    answer = load(office.desk(Role.BANK_OFFICER), office, content)
    assert answer.status_code == 302
    shown = page(office.desk(Role.BANK_OFFICER), answer.headers["Location"])
    assert '元；核对各行金额或改正合计 <span class="sub">E-EXCHANGE-TOTAL' in shown


def test_a_file_cut_off_is_refused_in_words(office: Office) -> None:
    answer = load(office.desk(Role.BANK_OFFICER), office, "文件,扣划回盘".encode("utf-8-sig")[:-1])
    assert "文件不完整" in page(office.desk(Role.BANK_OFFICER), answer.headers["Location"])


def test_only_their_posts_open_write_and_load(office: Office) -> None:
    for role in (Role.TAX_CLERK, Role.COMMITTEE_MEMBER, Role.CERTIFIER):
        assert office.desk(role).get("/deductions/").status_code == 403, role
        assert office.desk(role).get("/deductions/arrears/").status_code == 403, role
    for role in (Role.AUDITOR, Role.HRSS_SUPERVISOR, Role.BANK_REVIEWER):
        assert "养老金还没有入账记录" in page(office.desk(role))
        assert office.desk(role).post("/deductions/load/").status_code == 403, role
    for role in (Role.BANK_OFFICER, Role.AUDITOR):
        assert office.desk(role).post("/deductions/order/").status_code == 403, role
        assert office.desk(role).post("/deductions/net/").status_code == 403, role


def test_words_of_the_address_that_are_no_month_or_bank_are_passed_over(office: Office) -> None:
    accountant = office.desk(Role.AGENCY_ACCOUNTANT)
    for query in ("month=2022-13", "month=七月", "bank=x", "page=9"):
        assert "2022-07" in page(accountant, f"/deductions/?{query}")


def test_the_borrower_sees_what_was_taken_what_was_left_and_why(office: Office, rf: Any) -> None:
    life = office.life
    open_citizen_account(office.post_of(Role.AUDITOR).user, life.loan.person_id, actor=SYSTEM, now=at(2022, 8, 1))
    request = rf.get("/")
    request.actor = life.by("citizen")
    case = Case(number=life.loan.case_number)
    (waiting,) = _months(deductions_panel(request, case))
    assert (waiting["taken_fen"], waiting["held_fen"]) == (None, 0)
    envelope = ordered(office)
    (held,) = _months(deductions_panel(request, case))
    assert held["held_fen"] == 90_000
    bank.load_return(life, bank.answers(envelope, AUGUST_5, result="insufficient", amount_fen=30_000), "R1", AUGUST_5)
    (month,) = _months(deductions_panel(request, case))
    figures = ("month", "pension_fen", "taken_fen", "left_fen", "missing_fen", "owed")
    assert [month[name] for name in figures] == [JULY, 180_000, 30_000, 150_000, 60_000, True]
    assert deductions_panel(request, Case(number="another")) is None


def _months(panel: Any) -> Any:
    assert panel is not None
    return panel.context["months"]
