"""The pages of subsidy claims, as bank, agency, bureau, finance and audit meet them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.loans.lives import at, rows_of_everything
from tests.procedures.claims import file_of, rows_of
from zhubao.access.roles import Role
from zhubao.exchange.actions import note_count
from zhubao.exchange.files.subsidy_claim import ClaimedDays
from zhubao.exchange.models import Envelope
from zhubao.loans.models import ClaimLine, LoanEvent, SubsidyClaim
from zhubao.loans.models.ending import DeathSettlement
from zhubao.loans.states import RUGAO
from zhubao.procedures.claim_received import book_paid, check_asked, take_claim_in
from zhubao.procedures.received_files import apply_envelope
from zhubao.tasks.models import Task
from zhubao.web.cases.subjects import named

from .conftest import Office

LATE = at(2022, 3, 1)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def rows(office: Office) -> list[ClaimedDays]:
    return rows_of(office.post_of, 2021, RUGAO)


def hand_in(client: Client, office: Office, content: bytes, **more: Any) -> Any:
    sent = {
        "policy": RUGAO,
        "bank": office.post_of(Role.BANK_OFFICER).organisation_id,
        "sent": SimpleUploadedFile("贴息申请.csv", content),
    }
    return client.post("/claims/hand-in/", {**sent, **more})


def latest() -> Envelope:
    """Return the file that was handed in last."""
    return Envelope.objects.filter(kind="subsidy_claim").latest("pk")


def read(office: Office, envelope: Envelope) -> Envelope:
    """Do what the worker does first: read the file, open its claim or refuse it."""
    return take_claim_in(envelope.pk, actor=office.post_of(Role.BANK_OFFICER).actor(), now=timezone.now()).receipt.envelope


def apply(office: Office, envelope: Envelope) -> SubsidyClaim:
    """Do what the worker does with a file that came in."""
    read(office, envelope)
    apply_envelope(envelope.pk, clock=lambda: at(2022, 1, 10))
    return SubsidyClaim.objects.get(envelope=envelope)


def checked(office: Office, changed: list[ClaimedDays] | None = None) -> SubsidyClaim:
    content = file_of(office.post_of, changed or rows(office), policy_id=RUGAO)
    assert hand_in(office.desk(Role.BANK_OFFICER), office, content).status_code == 302
    return apply(office, latest())


def step(client: Client, claim: SubsidyClaim, verb: str, **given: str) -> Any:
    claim.refresh_from_db()
    return client.post(f"/claims/{claim.number}/steps/{verb}/", {"seen": claim.state, **given})


@pytest.mark.clauses("rg-17", "rg-annex1-bank-c", "rg-16", "jx-5.1c")
def test_a_claim_from_the_banks_desk_to_the_books(office: Office) -> None:
    officer, accountant = office.desk(Role.BANK_OFFICER), office.desk(Role.AGENCY_ACCOUNTANT)
    bureau, finance, second = office.desk(Role.HRSS_SUPERVISOR), office.desk(Role.FINANCE_CLERK), office.second_at_finance()
    assert "逾期未报" in page(officer, "/claims/")
    given = officer.post("/claims/prepared/", {"policy": RUGAO, "year": "2021", "batch": "B1", "form": "csv"})
    text = given.content.decode("utf-8-sig")
    fen = rows(office)[0].subsidy_fen
    wrong = f"{(fen + 500) / 100:.2f}"
    changed = [replace(rows(office)[0], subsidy_fen=fen + 500), rows(office)[1]]
    assert text.replace("核实并拨付贷款贴息", "贴息") == file_of(office.post_of, rows(office), policy_id=RUGAO).decode(
        "utf-8-sig"
    )
    answer = hand_in(officer, office, file_of(office.post_of, changed, policy_id=RUGAO))
    path = answer.headers["Location"]
    assert path == f"/claims/files/{latest().pk}/"
    assert not SubsidyClaim.objects.exists()
    assert hand_in(officer, office, file_of(office.post_of, changed, policy_id=RUGAO)).headers["Location"] == path
    assert "正在读取，本页会自动更新" in page(officer, path)
    assert "正在读取" in page(officer, "/claims/")
    # A worker that died after the lines were counted begins anew.
    note_count(latest().pk, 2)
    assert "已读出 2 笔" in page(officer, path)
    office.turn(at(2022, 1, 11))
    read(office, latest())
    claim = SubsidyClaim.objects.get()
    assert claim.received_on == date(2022, 1, 10)
    office.turn(at(2022, 1, 10))
    assert officer.get(path).headers["Location"] == f"/claims/{claim.number}/"
    assert officer.get(path, headers={"HX-Request": "true"}).headers["HX-Redirect"] == f"/claims/{claim.number}/"
    waits = page(officer, f"/claims/{claim.number}/")
    assert "every 3s" in waits
    assert "0 / 2" in waits
    apply(office, claim.envelope)
    assert "every 3s" not in page(officer, f"/claims/{claim.number}/")
    assert "逾期未报" not in page(officer, "/claims/")
    shown = page(accountant, f"/claims/{claim.number}/?show=differ")
    assert wrong in shown
    assert "金额与本行本金、利率、天数不符" in shown
    assert "L1" not in shown.partition('id="lines"')[2]
    assert "还有 1 笔差异未处理" in page(bureau, f"/claims/{claim.number}/")
    assert step(bureau, claim, "verify").status_code == 302
    claim.refresh_from_db()
    assert claim.state == "checked"
    line = ClaimLine.objects.get(claim=claim, loan_number="L0")
    days = page(accountant, f"/claims/{claim.number}/lines/{line.pk}/")
    for words in ("8,400.00", "4.90%", "2021-03-10", "5.00", wrong):
        assert words in days, words
    assert step(accountant, claim, "settle_lines", line=str(line.pk), how="take_ours", reason="按重算").status_code == 302
    assert step(bureau, claim, "verify").status_code == 302
    assert step(finance, claim, "prepare_payment").status_code == 302
    assert "这一步须由另一人办理" in page(finance, f"/claims/{claim.number}/")
    step(finance, claim, "approve")
    claim.refresh_from_db()
    assert claim.state == "payment_prepared"
    step(second, claim, "approve")
    step(finance, claim, "pay", on="2022-01-09", reference="支1")
    claim.refresh_from_db()
    assert claim.state == "finance_approved"
    step(finance, claim, "pay", on="2022-01-10", reference="支1")
    claim.refresh_from_db()
    assert (claim.state, claim.paid_on, claim.accepted_fen) == ("paid", date(2022, 1, 10), 2 * fen)
    assert "正在逐笔登记入账" in page(finance, f"/claims/{claim.number}/")
    book_paid(claim.pk, clock=lambda: at(2022, 1, 10))
    assert LoanEvent.objects.filter(key=claim.subject).count() == 2
    assert "支1" in page(office.desk(Role.AUDITOR), f"/claims/{claim.number}/")
    assert not Task.objects.open().filter(subject=claim.subject).exists()


def test_every_task_of_a_claim_opens_its_page(office: Office) -> None:
    claim = checked(office)
    task = Task.objects.open().get(subject=claim.subject)
    assert (task.kind, task.role) == ("claim.rugao.verify", Role.HRSS_SUPERVISOR)
    address = named([claim.subject])[claim.subject].address
    assert address in page(office.desk(Role.HRSS_SUPERVISOR), "/cases/")
    assert "核实" in page(office.desk(Role.HRSS_SUPERVISOR), address)


@pytest.mark.clauses("jx-annex-5d")
def test_the_days_are_counted_on_the_page_and_stand_still_while_the_bank_corrects(office: Office) -> None:
    claim = checked(office)
    bureau, officer = office.desk(Role.HRSS_SUPERVISOR), office.desk(Role.BANK_OFFICER)
    shown = page(bureau, f"/claims/{claim.number}/")
    assert "2022-02-09" in shown
    assert "02-09" in shown.partition('class="due"')[2]
    assert step(bureau, claim, "return_claim", reason="利率请核对").status_code == 302
    office.turn(at(2022, 1, 14))
    bureau, officer = office.desk(Role.HRSS_SUPERVISOR), office.desk(Role.BANK_OFFICER)
    waits = page(officer, f"/claims/{claim.number}/")
    assert "利率请核对" in waits
    assert "已停 4 天" in waits
    assert "重新报送" in waits
    wrong = [replace(rows(office)[0], ends_on=rows(office)[0].starts_on)]
    assert hand_in(officer, office, file_of(office.post_of, wrong, "B2", policy_id=RUGAO)).status_code == 302
    read(office, latest())
    assert "止息日不在起息日之后" in page(officer, f"/claims/{claim.number}/")
    answer = hand_in(officer, office, file_of(office.post_of, rows(office), "B2", policy_id=RUGAO))
    assert answer.status_code == 302
    apply(office, latest())
    again = page(bureau, f"/claims/{claim.number}/")
    assert "2022-02-13" in again
    assert "4 天" in again
    office.turn(LATE)
    assert "超期 16 天" in page(office.desk(Role.FINANCE_CLERK), "/claims/")


def test_the_general_door_for_files_takes_a_claim_in_too(office: Office) -> None:
    officer = office.desk(Role.BANK_OFFICER)
    content = file_of(office.post_of, rows(office), policy_id=RUGAO)
    sent = {
        "kind": "subsidy_claim",
        "policy": RUGAO,
        "sender": office.post_of(Role.BANK_OFFICER).organisation_id,
        "agency": office.post_of(Role.AGENCY_ACCOUNTANT).organisation_id,
        "sent": SimpleUploadedFile("贴息申请.csv", content),
    }
    answer = officer.post("/files/upload/", sent)
    assert answer.status_code == 302, answer.content.decode()
    claim = apply(office, latest())
    assert (claim.state, claim.year, claim.receiver.kind) == ("checked", 2021, "hrss")
    shown = page(officer, answer.headers["Location"])
    assert f"/claims/{claim.number}/" in shown
    assert "写答复" not in shown


FAULTY = [
    pytest.param(
        lambda text: text.replace("合计（元）,651.70", "合计（元）,751.70"), "E-EXCHANGE-TOTAL", id="合计被改-edited total"
    ),
    pytest.param(lambda text: text.replace(",325.85,325.85", ",325.85,-325.85", 1), "E-LINE-CELL", id="负数-negative amount"),
    pytest.param(lambda text: text.replace("演示合作银行如皋支行", "别的银行"), "E-EXCHANGE-OFFICE", id="别的银行-another bank"),
    pytest.param(
        lambda text: text.replace("2,L1,320682197305160421", "2,L0,320682197305160405"), "E-LINE-TWICE", id="重复行-repeated line"
    ),
    pytest.param(lambda text: text[: len(text) // 2], "-CUT", id="文件被截断-cut off"),
]


@pytest.mark.parametrize(("spoil", "code"), FAULTY)
def test_a_faulty_file_is_refused_whole_and_names_each_place(office: Office, spoil: Any, code: str) -> None:
    text = file_of(office.post_of, rows(office), policy_id=RUGAO).decode("utf-8-sig")
    assert spoil(text) != text
    officer = office.desk(Role.BANK_OFFICER)
    answer = hand_in(officer, office, spoil(text).encode())
    assert read(office, latest()).state == "refused"
    shown = page(officer, answer.headers["Location"])
    assert code in shown
    assert "every 1s" not in shown
    assert "重新报送" in shown
    assert not SubsidyClaim.objects.exists()
    assert not ClaimLine.objects.exists()


def test_a_year_claimed_already_a_day_too_early_and_no_file_change_nothing(office: Office) -> None:
    claim, officer = checked(office), office.desk(Role.BANK_OFFICER)
    before = rows_of_everything()
    taken = hand_in(officer, office, file_of(office.post_of, rows(office)[:1], "B2", policy_id=RUGAO))
    assert read(office, latest()).state == "refused"
    assert f"{claim.number}：2021 年度已申报" in page(officer, taken.headers["Location"])
    later = [replace(row, year=2022) for row in rows(office)]
    early = hand_in(officer, office, file_of(office.post_of, later, "B3", policy_id=RUGAO))
    read(office, latest())
    assert "2022 年度到" in page(officer, early.headers["Location"])
    assert "2022 年度到" in page(officer, "/claims/")
    assert hand_in(officer, office, b"", sent="").status_code == 422
    assert hand_in(officer, office, b"x", bank="1").status_code == 422
    assert rows_of_everything()["loans_subsidyclaim"] == before["loans_subsidyclaim"]
    assert rows_of_everything()["loans_claimline"] == before["loans_claimline"]


def test_unknown_loans_are_lines_refused_with_their_reason(office: Office) -> None:
    claim = checked(office, [replace(rows(office)[0], loan_number="L77"), rows(office)[1]])
    shown = page(office.desk(Role.BANK_OFFICER), f"/claims/{claim.number}/?show=refused")
    assert "该银行没有这笔贷款" in shown
    assert "L77" in shown
    line = ClaimLine.objects.get(claim=claim, loan_number="L77")
    assert "系统中没有这笔贷款" in page(office.desk(Role.FINANCE_CLERK), f"/claims/{claim.number}/lines/{line.pk}/")


def test_computed_anew_when_the_accountant_asks_and_nobody_verifies_meanwhile(office: Office) -> None:
    claim = checked(office)
    accountant, bureau = office.desk(Role.AGENCY_ACCOUNTANT), office.desk(Role.HRSS_SUPERVISOR)
    assert step(accountant, claim, "check").status_code == 302
    assert "正在重算" in page(bureau, f"/claims/{claim.number}/")
    refused = step(bureau, claim, "verify")
    assert "正在重新核对" in page(bureau, refused.headers["Location"])
    check_asked(claim.pk, office.post_of(Role.AGENCY_ACCOUNTANT).actor(), clock=lambda: at(2022, 1, 11))
    step(bureau, claim, "verify")
    claim.refresh_from_db()
    assert claim.state == "agency_verified"
    before = ClaimLine.objects.count()
    check_asked(claim.pk, office.post_of(Role.AGENCY_ACCOUNTANT).actor(), clock=lambda: at(2022, 1, 12))
    claim.refresh_from_db()
    assert (claim.state, ClaimLine.objects.count()) == ("agency_verified", before)


@pytest.mark.clauses("rg-16")
def test_papers_name_subsidy_and_backstop_apart(office: Office) -> None:
    claim = checked(office)
    life = office.lives[1]
    DeathSettlement.objects.create(
        loan=life.loan,
        died_on=date(2021, 9, 1),
        proof="火化证",
        opened_at=at(2021, 9, 2),
        divided_at=at(2021, 9, 20),
        account_fen=400_000,
        debt_fen=900_000,
        from_account_fen=400_000,
        finance_fen=500_000,
        bank_fen=0,
        unrecovered_fen=0,
        heirs_fen=0,
        returned_fen=0,
    )
    finance = office.desk(Role.FINANCE_CLERK)
    shown = page(finance, f"/claims/{claim.number}/")
    assert "5,000.00" in shown
    for name in ("summary.pdf", "lines.pdf", "lines.xlsx", "backstop.pdf", "backstop.xlsx"):
        answer = finance.get(f"/claims/{claim.number}/papers/{name}")
        assert answer.status_code == 200, name
        assert answer.content[:2] == (b"%P" if name.endswith("pdf") else b"PK")
    assert finance.get(f"/claims/{claim.number}/papers/other.pdf").status_code == 404


def test_who_opens_hands_in_and_steps(office: Office) -> None:
    claim = checked(office)
    for role in (Role.TAX_CLERK, Role.COMMITTEE_MEMBER, Role.CERTIFIER, Role.PBOC_SUPERVISOR, Role.AGENCY_INTAKE):
        assert office.desk(role).get("/claims/").status_code == 403, role
        assert office.desk(role).get(f"/claims/{claim.number}/").status_code == 403, role
    for role in (Role.AUDITOR, Role.BANK_REVIEWER, Role.FINANCE_CLERK, Role.HRSS_SUPERVISOR):
        desk = office.desk(role)
        assert claim.number in page(desk, "/claims/"), role
        assert desk.post("/claims/hand-in/").status_code == 403, role
        assert desk.post("/claims/prepared/").status_code == 403, role
    assert step(office.desk(Role.AUDITOR), claim, "verify").status_code == 403
    assert step(office.desk(Role.BANK_OFFICER), claim, "return_claim", reason="x").status_code == 403
    assert step(office.desk(Role.BANK_OFFICER), claim, "nothing").status_code == 404
    assert office.desk(Role.AUDITOR).get("/claims/TX1/").status_code == 404
    assert office.desk(Role.AUDITOR).get(f"/claims/{claim.number}/lines/0/").status_code == 404


@pytest.mark.parametrize("query", ["show=nothing", "cause=nothing", "page=99", "show=open&cause=rate"])
def test_words_of_the_address_that_name_nothing_are_passed_over(office: Office, query: str) -> None:
    claim = checked(office)
    assert claim.number in page(office.desk(Role.AUDITOR, "en"), f"/claims/{claim.number}/?{query}")
    assert claim.number in page(office.desk(Role.AUDITOR, "en"), "/claims/?year=x&state=y")
