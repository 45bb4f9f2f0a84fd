"""Pages of the yearly verification: run by one person, decided by another; every finding leads to the row it rests on."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import fastexcel
import pytest
from django.template.loader import render_to_string
from django.test import Client
from playwright.sync_api import expect

from tests.conftest import PASSWORD
from tests.loans.lives import Life, rows_of_everything
from tests.looking import accessible, pictures, too_wide
from zhubao.access.actors import Actor
from zhubao.access.models import AuditEntry, User
from zhubao.access.roles import Role
from zhubao.cases.models import Case
from zhubao.loans.models import Loan, VerificationProposal, VerificationRun
from zhubao.loans.states import JIANGXI
from zhubao.people.models import CitizenAccount
from zhubao.procedures.verification_run import confirm_found, run_verification
from zhubao.web.verification.panel import verification_panel
from zhubao.workflow import CITIZEN

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
WHY = "民政局核实：一人已超标退出"


def text_of(client: Client, address: str) -> str:
    """Return a page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def accept(client: Client, run: VerificationRun) -> None:
    """Accept the suspicious roster."""
    client.post(f"/verification/{run.pk}/accept/", {"certifier": "civil_affairs", "reason": WHY})


def found(number: str) -> VerificationProposal:
    return VerificationProposal.objects.get(loan__number=number)


def test_a_run_is_started_in_the_background_once(lives: list[Life], signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr("zhubao.web.verification.runs.verify_soon", asked.append)
    accountant = signed_in(Role.AGENCY_ACCOUNTANT)
    first = accountant.post("/verification/start/", {"programme": JIANGXI, "year": "2022"})
    run = VerificationRun.objects.get()
    assert first["Location"] == f"/verification/{run.pk}/"
    assert "hx-get" in text_of(accountant, first["Location"])
    assert accountant.get(f"/verification/{run.pk}/progress/").status_code == 200
    run_verification(run.pk, clock=lambda: run.started_at)
    assert accountant.get(f"/verification/{run.pk}/progress/")["HX-Refresh"] == "true"
    before = rows_of_everything()
    again = accountant.post("/verification/start/", {"programme": JIANGXI, "year": "2022"})
    assert (again["Location"], asked) == (first["Location"], [run.pk])
    assert rows_of_everything() == before


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"programme": "nothing", "year": "2022"}, id="没有的项目 no such programme"),
        pytest.param({"programme": JIANGXI, "year": "二〇二二"}, id="不是年份 no year"),
        pytest.param({"programme": JIANGXI, "year": "2020"}, id="另一年的名册 rosters of another year"),
        pytest.param({"programme": JIANGXI, "year": "2022", "effect_on": "soon"}, id="不是日期 no day"),
        pytest.param({"programme": JIANGXI, "year": "2022", "effect_on": "2021-01-01"}, id="已过的日子 a day gone by"),
    ],
)
def test_what_cannot_be_run_is_refused_in_words(lives: list[Life], signed_in: SignedIn, asked: dict[str, str]) -> None:
    answer = signed_in(Role.AGENCY_ACCOUNTANT).post("/verification/start/", asked)
    assert answer.status_code == 422
    assert "message error" in answer.content.decode()
    assert not VerificationRun.objects.exists()


def test_the_budget_is_seen_before_and_a_suspicious_roster_is_checked_first(run: VerificationRun, signed_in: SignedIn) -> None:
    approver = signed_in(Role.AGENCY_APPROVER)
    address = f"/verification/{run.pk}/"
    page = text_of(approver, address)
    for words in ("983.67", "655.78", "327.89"):
        assert words in page
    assert f"{address}confirm/" not in page
    refused = approver.post(f"{address}confirm/", {})
    assert refused.status_code == 422
    assert found("L3").state == "proposed"
    accept(approver, run)
    assert f"{address}confirm/" in text_of(approver, address)
    assert "327.89" in text_of(approver, f"{address}confirm/?finding=lose")


def test_what_a_filter_keeps_is_confirmed_together(run: VerificationRun, signed_in: SignedIn) -> None:
    approver = signed_in(Role.AGENCY_APPROVER)
    accept(approver, run)
    answer = approver.post(f"/verification/{run.pk}/confirm/", {"finding": "keep", "certifier": "civil_affairs"})
    assert answer.status_code == 302
    assert [found(number).state for number in ("L1", "L2", "L3")] == ["confirmed", "confirmed", "proposed"]


def test_many_are_confirmed_in_the_background(run: VerificationRun, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("zhubao.web.verification.deciding.AT_ONCE", 2)
    monkeypatch.setattr(
        "zhubao.web.verification.deciding.confirm_findings_soon", lambda *keys, **named: asked.append((keys, named))
    )
    approver = signed_in(Role.AGENCY_APPROVER)
    assert approver.post(f"/verification/{run.pk}/confirm/", {}).status_code == 422
    accept(approver, run)
    assert approver.post(f"/verification/{run.pk}/confirm/", {"reason": ""}).status_code == 302
    (keys, named) = asked[0]
    assert keys[0] == run.pk
    assert named == {"finding": "", "ground": "", "certifier": None, "effective_on": "", "reason": ""}


@pytest.mark.clauses("jx-2.5b")
def test_a_finding_shows_its_roster_row_and_is_decided_by_another_person(run: VerificationRun, signed_in: SignedIn) -> None:
    approver = signed_in(Role.AGENCY_APPROVER)
    accept(approver, run)
    lost = found("L3")
    address = f"/verification/{run.pk}/findings/{lost.pk}/"
    page = text_of(approver, address)
    for words in ("urban_dibao-2020-12-01.xlsx", "Sheet1", "2022-10-14", "2023-01-01"):
        assert words in page
    refused = approver.post(address, {"decision": "reject", "reason": " "})
    assert refused.status_code == 422
    assert approver.post(address, {"decision": "confirm"}).status_code == 302
    assert found("L3").state == "confirmed"
    assert approver.get("/documents/loans/L3/verification-2022.pdf").content[:5] == b"%PDF-"
    assert approver.get("/documents/loans/L1/verification-2022.pdf").status_code == 404


def test_readers_read_and_decide_nothing(run: VerificationRun, signed_in: SignedIn) -> None:
    auditor = signed_in(Role.AUDITOR)
    text_of(auditor, "/verification/")
    text_of(auditor, f"/verification/{run.pk}/")
    finding = f"/verification/{run.pk}/findings/{found('L3').pk}/"
    text_of(auditor, finding)
    before = VerificationProposal.objects.order_by("pk").values_list("pk", "state")
    for address in ("start/", f"{run.pk}/accept/", f"{run.pk}/confirm/"):
        assert auditor.post(f"/verification/{address}").status_code == 403, address
    assert auditor.post(finding, {"decision": "confirm"}).status_code in (403, 422)
    assert auditor.get(f"/verification/{run.pk}/list.xlsx").status_code == 403
    assert signed_in(Role.BANK_OFFICER).get("/verification/").status_code == 403
    assert list(VerificationProposal.objects.order_by("pk").values_list("pk", "state")) == list(before)
    assert signed_in(Role.AGENCY_ACCOUNTANT).get("/verification/9999/").status_code == 404


def test_the_list_of_a_department(run: VerificationRun, signed_in: SignedIn) -> None:
    accountant = signed_in(Role.AGENCY_ACCOUNTANT)
    answer = accountant.get(f"/verification/{run.pk}/list.xlsx?certifier=civil_affairs&finding=lose")
    sheet = fastexcel.read_excel(answer.content).load_sheet(0, header_row=None, dtypes="string").to_arrow()
    rows = [list(row.values()) for row in sheet.to_pylist()]
    heading = next(row for row in rows if "贷款编号" in row)
    row = rows[rows.index(heading) + 1]
    assert (row[heading.index("贷款编号")], row[heading.index("核验结果")]) == ("L3", "停止贴息")
    assert accountant.get(f"/verification/{run.pk}/list.pdf").content[:5] == b"%PDF-"
    assert AuditEntry.objects.filter(action="case.list_taken").count() == 2


def test_the_task_leads_to_the_run(run: VerificationRun, signed_in: SignedIn) -> None:
    assert f"/verification/{run.pk}/" in text_of(signed_in(Role.AGENCY_APPROVER), "/cases/")


@pytest.mark.clauses("jx-2.5a")
def test_who_was_not_verified_is_listed(lives: list[Life], signed_in: SignedIn) -> None:
    page = text_of(signed_in(Role.AGENCY_ACCOUNTANT), "/verification/overdue/?year=2022")
    assert all(f"/loans/{number}/" in page for number in ("L1", "L2", "L3"))


def test_the_borrower_sees_result_reason_and_the_right_to_object(
    run: VerificationRun, lives: list[Life], signed_in: SignedIn, post_of: Any
) -> None:
    approver = signed_in(Role.AGENCY_APPROVER)
    accept(approver, run)
    actor = post_of(Role.AGENCY_APPROVER).actor()
    assert confirm_found(run.pk, actor=actor, clock=lambda: run.started_at) == (3, 0)
    user = User(username="wangfang", name="王芳")
    user.set_password(PASSWORD)
    user.save()
    loan = lives[2].loan
    CitizenAccount.objects.create(user=user, person_id=loan.person_id, opened_at=run.started_at)
    mine = Actor("王芳", loan.region_code, CITIZEN, user_id=user.pk, person_id=loan.person_id)
    panel = verification_panel(SimpleNamespace(actor=mine), Case(number=loan.case_number))  # type: ignore[arg-type]
    assert panel is not None
    shown = render_to_string(panel.template, {"panel": panel.context})
    for words in (
        "2022",
        "停止贴息",
        "名册上已没有",
        "2022-10-14",
        "2023-01-01",
        "异议",
        "/documents/own/loans/L3/verification-2022.pdf",
    ):
        assert words in shown
    own = Client()
    own.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert own.get("/documents/own/loans/L3/verification-2022.pdf").content[:5] == b"%PDF-"
    assert own.get("/verification/").status_code == 403


def test_a_run_is_read_and_decided_on_the_page(run: VerificationRun, page_at: Any, axe: Any) -> None:
    page = page_at(Role.AGENCY_APPROVER)
    page.goto("/verification/")
    assert accessible(axe, page) == []
    pictures(page, "verifications")
    page.goto(f"/verification/{run.pk}/")
    assert accessible(axe, page) == []
    pictures(page, "verification")
    assert not too_wide(page)
    page.locator("textarea[name=reason]").fill(WHY)
    page.locator("section.warned button").click()
    expect(page.locator("section.warned")).to_have_count(0)
    page.locator(f"a[href^='/verification/{run.pk}/confirm/']").click()
    expect(page.locator("form.one-form")).to_have_count(1)
    assert accessible(axe, page) == []
    pictures(page, "verification-confirm")
    page.goto(f"/verification/{run.pk}/findings/{found('L3').pk}/")
    assert accessible(axe, page) == []
    pictures(page, "verification-finding")
    assert not too_wide(page)


def test_the_bureau_answers_an_objection_on_the_page(run: VerificationRun, signed_in: SignedIn, post_of: Any) -> None:
    approver = signed_in(Role.AGENCY_APPROVER)
    accept(approver, run)
    confirm_found(run.pk, actor=post_of(Role.AGENCY_APPROVER).actor(), clock=lambda: run.started_at)
    address = f"/verification/{run.pk}/findings/{found('L3').pk}/"
    sent = {"said": "名册漏登", "filed_on": "2022-11-20", "upheld": "yes", "answer": "民政局证明属实"}
    assert approver.post(f"{address}objection/", sent).status_code == 403
    bureau = signed_in(Role.HRSS_SUPERVISOR)
    assert f"{address}objection/" in text_of(bureau, address)
    refused = bureau.post(f"{address}objection/", {**sent, "said": ""})
    assert refused.status_code == 422
    # What was written stays in the form.
    assert "民政局证明属实" in refused.content.decode()
    page = bureau.post(f"{address}objection/", sent, follow=True).content.decode()
    assert "民政局证明属实" in page
    assert f"{address}objection/" not in page
    assert Loan.objects.get(number="L3").steps.get(verb="restore_subsidy").reason == "民政局证明属实"
