"""A finding from the first suspicion to the last fen, and the person's right to be heard, through the pages."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client

from tests.loans.lives import at
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.access.uploads import LARGEST_BYTES
from zhubao.cases.models import Case
from zhubao.loans.fraud.claiming import claim_of
from zhubao.loans.models import FraudFinding
from zhubao.oversight.dishonesty.models import Listing
from zhubao.tasks.models import Task
from zhubao.web.cases.subjects import named
from zhubao.web.integrity.panel import integrity_panel
from zhubao.workflow import CITIZEN

from .conftest import AFTER, TOLD, Office

SCAN = b"%PDF-1.7 evidence"


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode() if not answer.streaming else ""


def take(office: Office, role: str, verb: str, key: str, status: int = 302, **values: Any) -> Any:
    finding = FraudFinding.objects.get()
    path = f"/integrity/findings/{finding.number}/steps/{verb}/"
    sent = {"key": key, "seen": values.pop("seen", finding.state), **values}
    answer = office.desk(role).post(path, sent)
    assert answer.status_code == status, answer.content.decode()
    return answer


def open_finding(office: Office) -> FraudFinding:
    reviewer = office.desk(Role.AGENCY_REVIEWER)
    sent = {"key": "n1", "kind": "false_proof", "facts": "低保证系伪造", "found_on": "2024-06-03"}
    for _twice in range(2):
        answer = reviewer.post(f"/integrity/new/findings/?loan={office.life.loan.number}", sent)
        assert answer.status_code == 302, answer.content.decode()
    return FraudFinding.objects.get()


def told(office: Office) -> FraudFinding:
    finding = open_finding(office)
    office.turn(TOLD)
    take(office, Role.AGENCY_REVIEWER, "serve_notice", "k1", day="2024-06-04", channel="paper", proof="送达回证 12")
    return finding


@pytest.mark.clauses("rg-23c", "jx-5.2e", "rg-23b")
def test_a_finding_goes_from_the_loan_to_the_last_fen(office: Office) -> None:
    life, reviewer = office.life, office.desk(Role.AGENCY_REVIEWER)
    assert f"/integrity/new/findings/?loan={life.loan.number}" in page(reviewer, f"/loans/{life.loan.number}/")
    finding = told(office)
    path = f"/integrity/findings/{finding.number}/"
    assert named([finding.subject])[finding.subject].address == path
    assert '<td class="n">—</td>' in page(office.desk(Role.AGENCY_REVIEWER), "/integrity/")
    kept = office.desk(Role.AGENCY_REVIEWER).post(f"{path}papers/", {"file": SimpleUploadedFile("证.pdf", SCAN)})
    assert kept.status_code == 302
    paper = finding.papers.get()
    looked = office.desk(Role.AUDITOR).get(f"{path}papers/{paper.pk}/")
    assert b"".join(looked.streaming_content) == SCAN  # type: ignore[attr-defined]
    assert AuditEntry.objects.filter(action="fraud.paper_read", subject=finding.subject).count() == 1
    approver = office.desk(Role.AGENCY_APPROVER)
    assert "decide_finding" not in page(approver, path)
    early = take(office, Role.AGENCY_APPROVER, "decide_finding", "k2", 422, reason="查实")
    assert "尚未听取陈述" in early.content.decode()
    office.turn(AFTER)
    approver = office.desk(Role.AGENCY_APPROVER)
    assert "decide_finding" in page(approver, path)
    assert "没有在期限内陈述" in page(approver, path)
    take(office, Role.AGENCY_APPROVER, "decide_finding", "k3", reason="证件核实系伪造")
    claim = claim_of(life.loan, date(2024, 6, 13))
    asked = page(office.desk(Role.FINANCE_CLERK), f"{path}steps/agree_finding/")
    assert "证件核实系伪造" in asked
    take(office, Role.FINANCE_CLERK, "agree_finding", "k4")
    finding.refresh_from_db()
    assert (finding.state, finding.subsidy_fen) == ("recovering", 50_000)
    assert page(office.desk(Role.BANK_OFFICER), "/integrity/")
    take(office, Role.FINANCE_CLERK, "record_refund", "k5", receipt="F1", day="2024-06-13", amount_fen="500.00")
    too_much = take(office, Role.BANK_OFFICER, "record_repayment", "k6", 422, receipt="B1", day="2024-06-13", amount_fen="999999")
    assert "登记 999,999.00 元，应大于零且不超过尚欠的" in too_much.content.decode()
    assert Task.objects.open().get(subject=finding.subject).kind == "fraud.record_repayment"
    owed = claim_of(life.loan, date(2024, 6, 13)).bank_fen
    assert owed >= claim.bank_fen
    typed = f"{owed // 100}.{owed % 100:02}"
    take(office, Role.BANK_OFFICER, "record_repayment", "k7", receipt="B1", day="2024-06-13", amount_fen=typed)
    finding.refresh_from_db()
    assert (finding.state, life.fresh().state) == ("recovered", "settled")
    assert "500.00" in page(office.desk(Role.AUDITOR), path)
    assert path in page(office.desk(Role.AUDITOR), "/integrity/?ended=1")
    for name in ("notice", "decision"):
        assert office.desk(Role.AGENCY_APPROVER).get(f"{path}{name}.pdf").content[:5] == b"%PDF-"


@pytest.mark.clauses("jx-4.2b", "rg-23c")
def test_the_person_reads_the_notice_and_answers_in_time(office: Office) -> None:
    finding = open_finding(office)
    citizen, own = office.desk(CITIZEN), f"/integrity/own/findings/{finding.number}/"
    page(citizen, own, 404)
    office.turn(TOLD)
    take(office, Role.AGENCY_REVIEWER, "serve_notice", "k1", day="2024-06-04", channel="paper", proof="送达回证 12")
    citizen = office.desk(CITIZEN)
    assert "低保证系伪造" in page(citizen, own)
    assert citizen.get(f"{own}notice.pdf").content[:5] == b"%PDF-"
    empty = citizen.post(own, {"key": "c0", "text": " "})
    assert (empty.status_code, FraudFinding.objects.get().statement) == (422, "")
    wrong = citizen.post(own, {"key": "c1", "text": "是真的", "paper": SimpleUploadedFile("x.exe", b"MZ")})
    assert (wrong.status_code, FraudFinding.objects.get().statement) == (422, "")
    large = citizen.post(
        own, {"key": "c1", "text": "是真的", "paper": SimpleUploadedFile("大.pdf", SCAN.ljust(LARGEST_BYTES + 1))}
    )
    assert (large.status_code, "10 MB" in large.content.decode(), FraudFinding.objects.get().statement) == (422, True, "")
    for _twice in range(2):
        sent = citizen.post(own, {"key": "c2", "text": "证是居委会代办的", "paper": SimpleUploadedFile("说明.pdf", SCAN)})
        assert sent.status_code == 302
    finding.refresh_from_db()
    assert (finding.statement, finding.stated_how, finding.papers.count()) == ("证是居委会代办的", "online", 1)
    assert "证是居委会代办的" in page(office.desk(Role.AGENCY_APPROVER), f"/integrity/findings/{finding.number}/")
    office.turn(at(2024, 6, 13))
    citizen = office.desk(CITIZEN)
    late = citizen.post(own, {"key": "c3", "text": "再说一句"})
    assert (late.status_code, "陈述期限已于" in late.content.decode()) == (422, True)
    assert FraudFinding.objects.get().statement == "证是居委会代办的"
    assert "<textarea" not in page(citizen, own)


def test_the_page_of_the_application_leads_to_the_notice(office: Office, rf: Any) -> None:
    request, case = rf.get("/"), Case(number=office.life.loan.case_number)
    request.actor, request.now = office.life.by(CITIZEN), TOLD
    assert integrity_panel(request, case) is None
    finding = open_finding(office)
    assert integrity_panel(request, case) is None
    office.turn(TOLD)
    take(office, Role.AGENCY_REVIEWER, "serve_notice", "k1", day="2024-06-04", channel="paper", proof="送达回证 12")
    panel = integrity_panel(request, case)
    assert panel is not None
    (row,) = panel.context["rows"]
    assert (row["address"], row["until"]) == (f"/integrity/own/findings/{finding.number}/", date(2024, 6, 12))
    assert integrity_panel(request, Case(number="another")) is None
    shown = render_to_string(panel.template, {"panel": panel.context})
    assert "查看并陈述" in shown


def test_another_citizen_another_agency_and_other_posts_see_nothing(office: Office) -> None:
    finding = told(office)
    path = f"/integrity/findings/{finding.number}/"
    for role in (Role.TAX_CLERK, Role.COMMITTEE_MEMBER, Role.CERTIFIER, Role.BANK_REVIEWER, Role.TOWNSHIP_CLERK):
        assert office.desk(role).get("/integrity/").status_code == 403, role
        assert office.desk(role).get(path).status_code == 403, role
    # The bank learns of it once it has to recover.
    assert office.desk(Role.BANK_OFFICER).get(path).status_code == 404
    assert office.desk(Role.BANK_OFFICER).get("/integrity/listings/").status_code == 403
    auditor = office.desk(Role.AUDITOR)
    assert "steps/" not in page(auditor, path)
    before = AuditEntry.objects.count()
    for verb in ("decide_finding", "drop_finding", "take_statement"):
        answer = auditor.post(f"{path}steps/{verb}/", {"key": "x", "seen": "notified", "reason": "x", "text": "x"})
        assert answer.status_code == 403, verb
    assert FraudFinding.objects.get().state == "notified"
    assert AuditEntry.objects.count() == before + 3
    same = office.desk(Role.AGENCY_REVIEWER)
    assert same.get(f"{path}steps/decide_finding/").status_code == 403
    assert page(same, "/integrity/findings/nothing/", 404)
    assert page(same, "/integrity/other/L1-F1/", 404)


def test_a_step_that_somebody_else_took_changes_nothing(office: Office) -> None:
    finding = told(office)
    stale = take(office, Role.AGENCY_REVIEWER, "serve_notice", "k9", seen="opened", day="2024-06-04", channel="post", proof="P")
    assert stale.status_code == 302
    finding.refresh_from_db()
    assert finding.notice_proof == "送达回证 12"
    again = take(office, Role.AGENCY_REVIEWER, "serve_notice", "k1", seen="opened", day="2024-06-04", channel="paper", proof="P")
    assert again.status_code == 302
    assert finding.steps.count() == 2


@pytest.mark.clauses("jx-4.2a", "jx-4.2b")
def test_a_listing_goes_from_facts_to_the_departments_file(office: Office) -> None:
    approver, hrss = office.desk(Role.AGENCY_APPROVER), office.desk(Role.HRSS_SUPERVISOR)
    new = f"/integrity/new/listings/?loan={office.life.loan.number}"
    assert 'value="fraud"' not in page(approver, new)
    sent = {"key": "l1", "kind": "diverted", "facts": "转给他人", "evidence": "流水 12", "amount_fen": "3000"}
    bad = approver.post(new, {**sent, "found_on": "2024-06-09"})
    assert (bad.status_code, Listing.objects.exists()) == (422, False)
    assert approver.post(new, {**sent, "found_on": "2024-06-03"}).status_code == 302
    record = Listing.objects.get()
    path = f"/integrity/listings/{record.number}/"
    assert record.number in page(hrss, "/integrity/listings/")
    assert "serve_notice" in page(hrss, path)
    office.turn(TOLD)
    hrss = office.desk(Role.HRSS_SUPERVISOR)
    served = {"key": "l2", "seen": "proposed", "day": "2024-06-04", "channel": "paper", "proof": "回证 3"}
    assert hrss.post(f"{path}steps/serve_notice/", served).status_code == 302
    citizen, own = office.desk(CITIZEN), f"/integrity/own/listings/{record.number}/"
    assert citizen.post(own, {"key": "l3", "text": "已经退回"}).status_code == 302
    decide = {"key": "l4", "seen": "notified", "reason": "挪用属实", "removal_on": "2024-06-04"}
    same_day = hrss.post(f"{path}steps/decide_listing/", decide)
    assert (same_day.status_code, "移出日应在今天之后" in same_day.content.decode()) == (422, True)
    assert hrss.post(f"{path}steps/decide_listing/", {**decide, "removal_on": "2026-06-04"}).status_code == 302
    assert "2026-06-04" in page(citizen, own)
    given = hrss.post("/integrity/listings/hand-over/", {"department": "civil_affairs"})
    assert given.content[:2] == b"PK"
    assert office.desk(Role.AGENCY_APPROVER).post("/integrity/listings/hand-over/", {"department": "hrss"}).status_code == 403
    assert hrss.post("/integrity/listings/hand-over/", {"department": "tax"}).status_code == 302
    assert "civil_affairs" in page(office.desk(Role.AUDITOR), "/integrity/listings/")
    for name in ("notice", "decision"):
        assert hrss.get(f"{path}{name}.pdf").content[:5] == b"%PDF-"


def test_a_wrong_draw_is_taken_back_by_two_people_from_the_loan_page(office: Office) -> None:
    life = office.life
    draw = life.loan.tranches.get(year=2023)
    path = f"/loans/{life.loan.number}/"
    officer, approver = office.desk(Role.BANK_OFFICER), office.desk(Role.AGENCY_APPROVER)
    assert "steps/take_back/" not in page(approver, path)
    form = page(officer, f"{path}steps/propose_taking_back/")
    assert f"draw:{draw.pk}" in form
    sent = {"key": "t1", "seen": life.fresh().state, "entry": f"draw:{draw.pk}", "reason": "记到别人名下"}
    assert officer.post(f"{path}steps/propose_taking_back/", {**sent, "entry": "draw:0"}).status_code == 422
    assert officer.post(f"{path}steps/propose_taking_back/", sent).status_code == 302
    assert "steps/take_back/" in page(approver, path)
    assert "记到别人名下" in page(approver, f"{path}steps/take_back/")
    assert officer.post(f"{path}steps/take_back/", {"key": "t2", "seen": life.fresh().state}).status_code == 403
    assert approver.post(f"{path}steps/take_back/", {"key": "t3", "seen": life.fresh().state}).status_code == 302
    draw.refresh_from_db()
    assert draw.state == "taken_back"
    assert "已冲回" in page(approver, path)
    receipt = life.loan.tranches.get(year=2022).receipts.get()
    refused = office.desk(Role.AGENCY_ACCOUNTANT).post(
        f"{path}steps/propose_taking_back/",
        {"key": "t4", "seen": life.fresh().state, "entry": f"contribution:{receipt.pk}", "reason": "错"},
    )
    assert (refused.status_code, "税务部门" in refused.content.decode()) == (422, True)
