"""The pages of a loan's end: a quote paid and certified, a death settled, a relation that stays, a card that is replaced."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.loans.endings import ENDING_VERBS, NOW, PAID_ON, paid_all, paid_up
from tests.loans.lives import SYSTEM, PostOf, at, life_of
from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.lending import Kind
from zhubao.lending.events import paid_off
from zhubao.loans.books import DERIVED
from zhubao.loans.endings.clearing import close_death
from zhubao.loans.endings.early import settle_early
from zhubao.loans.endings.waiting import KINDS
from zhubao.loans.models import (
    CardChange,
    DeathSettlement,
    LoanStep,
    PayoffQuote,
    Prepayment,
    SettlementCertificate,
    TransferRequest,
)
from zhubao.loans.repaying import begin_repaying, record_pension, settle
from zhubao.loans.states import JIANGXI, PROCESSES, RUGAO, TONGLING
from zhubao.loans.stepping import add_event
from zhubao.tasks.models import Task
from zhubao.web.citizen.loans import ended_loans, running_loans
from zhubao.web.loans.forms import page_of
from zhubao.web.loans.words import EVENTS, POSTED
from zhubao.workflow import CITIZEN

from .conftest import Office

OFFICER, REVIEWER, CLERK = Role.BANK_OFFICER, Role.BANK_REVIEWER, Role.AGENCY_INTAKE
OpenOffice = Callable[..., Office]


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def hidden(text: str) -> dict[str, str]:
    """Return the hidden fields of the form of a page."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))


def take(client: Client, verb: str, **values: Any) -> Any:
    """Open the form of a step of loan L1 and send it."""
    path = f"/loans/L1/steps/{verb}/"
    return client.post(path, {**hidden(page(client, path)), **values})


def done(answer: Any) -> str:
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_a_quote_is_paid_confirmed_by_another_and_certified(office_of: OpenOffice) -> None:
    office = office_of(JIANGXI, subsidised_from=None)
    officer, reviewer = office.desk(OFFICER), office.desk(REVIEWER)
    assert "/endings/loans/L1/quote/" in page(officer, "/loans/L1/")
    late = officer.post("/endings/loans/L1/quote/", {"day": "2021-07-04"})
    assert (late.status_code, PayoffQuote.objects.count()) == (422, 0)
    assert "2021-07-03" in late.content.decode()
    done(officer.post("/endings/loans/L1/quote/", {"day": "2021-06-18"}))
    shown = page(officer, "/endings/loans/L1/quote/")
    assert "8,489.83" in shown
    paper = re.search(r'href="(/documents/loans/L1/payoff-\d+\.pdf)"', shown)
    assert paper
    assert officer.get(paper[1]).content[:4] == b"%PDF"
    quote = PayoffQuote.objects.get()
    values = {"what": f"quote-{quote.pk}", "day": "2021-06-18", "reference": "流水1", "instalment_fen": ""}
    dear = take(officer, "pay_early", amount_fen="8499.83", **values)
    assert (dear.status_code, Prepayment.objects.count()) == (422, 0)
    assert "不另收费" in dear.content.decode()
    assert done(take(officer, "pay_early", amount_fen="8489.83", **values)) == "/loans/L1/"
    assert "确认提前还款到账" in page(reviewer, "/cases/")
    own = page(officer, "/loans/L1/")
    assert "steps/settle_early" not in own
    assert "steps/pay_early" not in own
    assert page(officer, "/loans/L1/steps/settle_early/", 403)
    settle = page(reviewer, "/loans/L1/steps/settle_early/")
    assert "8,489.83" in settle
    sent = hidden(settle)
    assert [reviewer.post("/loans/L1/steps/settle_early/", sent).status_code for _ in (1, 2)] == [302, 302]
    assert LoanStep.objects.filter(verb="settle_early").count() == 1
    shown = page(officer, "/loans/L1/")
    assert "L1-JQ" in shown
    assert not Task.objects.open().exists()
    assert officer.get("/documents/loans/L1/settlement-certificate.pdf").content[:4] == b"%PDF"
    citizen = office.desk(CITIZEN)
    assert "L1-JQ" in page(citizen, "/endings/own/L1/")
    assert citizen.get("/documents/own/loans/L1/settlement-certificate.pdf").content[:4] == b"%PDF"
    loan = office.life.loan
    borrower = Actor("王芳", loan.region_code, CITIZEN, person_id=loan.person_id)
    assert (running_loans(borrower), ended_loans(borrower)) == ([], {loan.case_number: "已结清"})


def test_a_part_lowers_the_instalment_and_money_that_never_came_is_dropped(office_of: OpenOffice) -> None:
    office = office_of(RUGAO, instalment_fen=53_500)
    officer = office.desk(OFFICER)
    part = {"what": "lower_instalment", "day": "2021-06-18", "amount_fen": "4200", "reference": "流水1", "instalment_fen": ""}
    too_high = take(officer, "pay_early", **{**part, "instalment_fen": "600"})
    assert "低于现行" in too_high.content.decode()
    done(take(officer, "pay_early", **part))
    done(take(officer, "drop_payment", reason="款未到账"))
    done(take(officer, "pay_early", **{**part, "reference": "流水2"}))
    stale = hidden(page(office.desk(REVIEWER), "/loans/L1/steps/confirm_part/"))
    done(take(office.desk(Role.AGENCY_ACCOUNTANT), "confirm_part"))
    late = office.desk(REVIEWER).post("/loans/L1/steps/confirm_part/", stale)
    assert late.status_code == 409
    paid = Prepayment.objects.get(state="confirmed")
    assert (paid.principal_fen, paid.instalment_fen) == (420_000, 26_750)
    shown = page(officer, "/loans/L1/")
    assert "4,200.00" in shown
    assert "267.50" in shown


def test_a_death_from_the_report_to_the_claim_on_the_estate(office_of: OpenOffice) -> None:
    office = office_of(JIANGXI, subsidised_from=None)
    clerk, accountant, officer = office.desk(CLERK), office.desk(Role.AGENCY_ACCOUNTANT), office.desk(OFFICER)
    approver, reviewer = office.desk(Role.AGENCY_APPROVER), office.desk(REVIEWER)
    later = take(clerk, "open_death", day="2021-06-19", proof="死亡证明 第7号")
    assert (later.status_code, DeathSettlement.objects.count()) == (422, 0)
    assert done(take(clerk, "open_death", day="2021-06-18", proof="死亡证明 第7号")) == "/endings/loans/L1/death/"
    assert page(approver, "/loans/L1/steps/divide_debt/", 409)
    done(take(accountant, "enter_balance", account_fen="5000", source="个人账户系统"))
    done(take(officer, "stop_deductions", note="已停扣"))
    done(take(clerk, "inform_heirs", note="女儿，上门告知"))
    sheet = page(approver, "/endings/loans/L1/death/")
    assert "女儿，上门告知" in sheet
    assert "steps/divide_debt/" in sheet
    # Who divides the debt sees beforehand what it comes to.
    assert "3,489.83 元" in page(approver, "/loans/L1/steps/divide_debt/")
    done(take(approver, "divide_debt"))
    sheet = page(officer, "/endings/loans/L1/death/")
    for words in ("8,489.83", "5,000.00", "3,489.83", "A-JX-9", "未经确认"):
        assert words in sheet, words
    for paper in ("death-sheet", "death-letter"):
        assert officer.get(f"/documents/loans/L1/{paper}.pdf").content[:4] == b"%PDF"
    wrong = take(officer, "receive_money", payer="account", day="2021-06-18", amount_fen="4999", reference="清偿1")
    assert wrong.status_code == 422
    done(take(officer, "receive_money", payer="account", day="2021-06-18", amount_fen="5000", reference="清偿1"))
    done(take(reviewer, "close_death"))
    done(take(officer, "claim_paid_in", day="2021-06-18", amount_fen="489.83", paid_by="女儿", reference="追偿1"))
    assert "3,000.00" in page(officer, "/endings/loans/L1/death/")
    done(take(officer, "propose_write_off", reason="查无遗产"))
    assert "核销待决定" in page(reviewer, "/cases/")
    done(take(reviewer, "keep_claim", reason="还有一处房产"))
    assert "核销待决定" not in page(reviewer, "/cases/")
    done(take(officer, "propose_write_off", reason="房产已抵债"))
    done(take(reviewer, "write_off", reason="同意"))
    office.life.loan.refresh_from_db()
    assert office.life.loan.state == "written_off"
    assert not Task.objects.open().exists()


def test_rugaos_finance_agrees_pays_and_answers_a_finding(office_of: OpenOffice) -> None:
    office = office_of(RUGAO)
    life, finance, approver = office.life, office.desk(Role.FINANCE_CLERK), office.desk(Role.AGENCY_APPROVER)
    take(office.desk(CLERK), "open_death", day="2021-06-18", proof="证明")
    done(take(approver, "find_fault", reason="银行漏扣"))
    assert "银行责任认定待答复" in page(finance, "/cases/")
    assert "银行漏扣" in page(finance, "/loans/L1/steps/agree_fault/")
    done(take(finance, "agree_fault", agree="no", reason="与损失无关"))
    take(office.desk(Role.AGENCY_ACCOUNTANT), "enter_balance", account_fen="1000", source="系统")
    take(office.desk(OFFICER), "stop_deductions", note="已停扣")
    take(office.desk(CLERK), "inform_heirs", note="女儿")
    done(take(approver, "divide_debt"))
    assert "steps/approve_backstop" in page(finance, "/endings/loans/L1/death/")
    done(take(finance, "approve_backstop"))
    paid_up(life)
    close_death(life.loan.pk, actor=life.by(REVIEWER), now=NOW)
    assert "7,400.00" in page(office.desk(OFFICER), "/endings/loans/L1/death/")


@pytest.mark.clauses("rg-14.3", "jx-3.5d")
def test_a_transfer_says_what_is_owed_and_is_released_on_the_certificate(office_of: OpenOffice) -> None:
    office = office_of(RUGAO)
    clerk, approver, citizen = office.desk(CLERK), office.desk(Role.AGENCY_APPROVER), office.desk(CITIZEN)
    assert "8,400.00" in page(citizen, "/endings/own/L1/transfer/")
    done(citizen.post("/endings/own/L1/transfer/", {"kind": "transfer", "to_place": "苏州市"}))
    asked = TransferRequest.objects.get()
    assert asked.requested_by is None
    assert "尚欠本息 8,400.00 元" in page(clerk, "/endings/loans/L1/transfer/")
    empty = clerk.post("/endings/loans/L1/transfer/", {"kind": "transfer", "to_place": "", "day": "2021-06-18"})
    assert empty.status_code == 422
    release = f"/endings/loans/L1/transfer/{asked.pk}/release/"
    blocked = approver.post(release)
    assert blocked.status_code == 422
    assert "先结清贷款" in blocked.content.decode()
    assert clerk.post(release).status_code == 403
    settle_early(paid_all(office.life).pk, actor=office.life.by(REVIEWER), now=NOW)
    assert "养老关系待放行" in page(approver, "/cases/")
    assert "/endings/loans/L1/transfer/" in page(approver, "/loans/L1/")
    done(approver.post(release))
    assert "L1-JQ" in page(clerk, "/endings/loans/L1/transfer/")


def test_a_transfer_is_taken_back_by_the_borrower_or_at_the_window(office_of: OpenOffice) -> None:
    office = office_of(RUGAO)
    clerk, approver, citizen = office.desk(CLERK), office.desk(Role.AGENCY_APPROVER), office.desk(CITIZEN)
    done(citizen.post("/endings/own/L1/transfer/", {"kind": "transfer", "to_place": "苏州市"}))
    first = TransferRequest.objects.get()
    own_drop = f"/endings/own/L1/transfer/{first.pk}/drop/"
    assert own_drop in page(citizen, "/endings/own/L1/transfer/")
    assert approver.post(f"/endings/loans/L1/transfer/{first.pk}/drop/").status_code == 403
    done(citizen.post(own_drop))
    shown = page(citizen, "/endings/own/L1/transfer/")
    assert "已撤回" in shown
    assert own_drop not in shown
    done(clerk.post("/endings/loans/L1/transfer/", {"kind": "transfer", "to_place": "上海市", "day": "2021-06-18"}))
    second = TransferRequest.objects.get(state="blocked")
    drop = f"/endings/loans/L1/transfer/{second.pk}/drop/"
    assert drop in page(clerk, "/endings/loans/L1/transfer/")
    assert drop not in page(approver, "/endings/loans/L1/transfer/")
    done(clerk.post(drop))
    assert not TransferRequest.objects.exclude(state="dropped").exists()
    assert clerk.post("/endings/loans/L1/transfer/0/drop/").status_code == 302


def test_a_loan_that_its_instalments_settled_is_certified_when_asked(office_of: OpenOffice) -> None:
    office = office_of(RUGAO)
    officer, pk = office.desk(OFFICER), office.life.loan.pk
    path = "/endings/loans/L1/certify/"
    done(officer.post(path))
    assert "贷款尚未结清" in page(officer, "/loans/L1/")
    assert not SettlementCertificate.objects.exists()
    record_pension(pk, PAID_ON, 180_000, "核定表", actor=SYSTEM, now=NOW)
    begin_repaying(pk, PAID_ON, actor=SYSTEM, now=NOW)
    add_event(office.life.loan, "last", paid_off(PAID_ON), "末期扣款", actor=SYSTEM, now=NOW)
    settle(pk, PAID_ON, actor=SYSTEM, now=NOW)
    assert path not in page(office.desk(Role.AGENCY_ACCOUNTANT), "/loans/L1/")
    assert office.desk(Role.AGENCY_ACCOUNTANT).post(path).status_code == 403
    assert "已结清，待开具结清证明" in page(officer, "/cases/")
    assert path in page(officer, "/loans/L1/")
    assert [officer.post(path).status_code for _ in (1, 2)] == [302, 302]
    assert SettlementCertificate.objects.get().number == "L1-JQ"
    assert path not in page(officer, "/loans/L1/")
    assert "已结清，待开具结清证明" not in page(officer, "/cases/")


@pytest.mark.clauses("jx-3.5b", "jx-3.5c", "tl-3.4c")
@pytest.mark.parametrize("policy_id", [JIANGXI, TONGLING], ids=["江西", "铜陵"])
def test_a_borrower_reports_a_new_card_and_the_agency_decides(office_of: OpenOffice, policy_id: str) -> None:
    office = office_of(policy_id)
    citizen, approver, bank = office.desk(CITIZEN), office.desk(Role.AGENCY_APPROVER), office.life.loan.bank_id
    path = "/endings/own/L1/card/"
    sent = {**hidden(page(citizen, path)), "why": "lost", "told": "", "bank": bank, "number": "6217 0000 9999 0001"}
    wrong = citizen.post(path, {**sent, "number": "12"})
    assert wrong.status_code == 422
    assert "10 到 24 位" in wrong.content.decode()
    assert [citizen.post(path, sent).status_code for _ in (1, 2)] == [302, 302]
    assert "6217000099990001" not in page(citizen, path)
    assert "社保卡账户变更待决定" in page(approver, "/cases/")
    assert take(approver, "decide_card", allow="yes", reason="").status_code == 422
    done(take(approver, "decide_card", allow="yes", reason="已到行核对"))
    assert CardChange.objects.get().state == "applied"
    assert "**** 0001" in page(approver, "/loans/L1/")
    office.turn(at(2021, 6, 21))
    officer = office.desk(OFFICER)
    done(take(officer, "change_card", bank=bank, number="6217000099990002", day="2021-06-21", why="damaged", told=""))
    office.life.loan.refresh_from_db()
    assert office.life.loan.card_account
    assert office.life.loan.card_account.last_four == "0002"


def test_a_card_of_another_bank_is_refused_with_the_reason(office_of: OpenOffice) -> None:
    office = office_of(JIANGXI)
    bank = office.life.loan.bank
    other = Organisation.objects.create(region_id=bank.region_id, kind=OrganisationKind.BANK, name="另一家银行")
    answer = take(
        office.desk(OFFICER), "change_card", bank=other.pk, number="6217000099990002", day="2021-06-18", why="lost", told=""
    )
    assert answer.status_code == 422
    assert "账户须留在贷款银行" in answer.content.decode()
    assert not CardChange.objects.exists()


def test_nobody_sees_the_end_of_anothers_loan(office_of: OpenOffice, post_of: PostOf) -> None:
    office = office_of(JIANGXI)
    stranger = life_of(JIANGXI, post_of, name="L2", sequence=46)
    citizen = office.desk(CITIZEN)
    for path in ("", "card/", "transfer/"):
        assert citizen.get(f"/endings/own/{stranger.loan.number}/{path}").status_code == 404
    assert citizen.post("/endings/own/L2/ask/", {"day": "2021-06-18"}).status_code == 404
    assert office.desk(Role.AUDITOR).get("/endings/loans/L1/quote/").status_code == 403
    assert citizen.get("/endings/loans/L1/quote/").status_code == 403
    assert page(office.desk(OFFICER), "/endings/loans/L1/death/", 404)


def test_a_borrower_asks_what_it_takes_in_either_language(office_of: OpenOffice) -> None:
    office = office_of(JIANGXI, subsidised_from=None)
    citizen = office.desk(CITIZEN, "en")
    assert "8,489.83" in page(citizen, "/endings/own/L1/")
    done(citizen.post("/endings/own/L1/ask/", {"day": "2021-06-20"}))
    shown = page(citizen, "/endings/own/L1/")
    assert "2021-06-20" in shown
    assert "valid that day only" in shown
    assert citizen.post("/endings/own/L1/ask/", {"day": "2022-06-20"}).status_code == 422


def test_every_step_of_an_ending_has_its_form_and_every_task_its_title(office_of: OpenOffice) -> None:
    office = office_of(JIANGXI)
    for policy_id, process in PROCESSES.items():
        loan = office.life.loan
        loan.policy_id = policy_id
        verbs = {row.verb for row in process.transitions} & ENDING_VERBS
        assert {verb for verb in verbs if page_of(loan, verb) is None} == set(), policy_id
    assert all(title.zh for _role, title in KINDS.values())


def test_every_kind_of_posting_and_event_is_said_in_words() -> None:
    kinds = {kind for meant in DERIVED.values() for kind in meant} | {"written_off", "deductions_paid_back"}
    assert kinds - set(POSTED) == set()
    # Month-ends and settlement days are reckoned, never entered.
    assert {int(kind) for kind in Kind} - set(EVENTS) == {Kind.BOOKED, Kind.SETTLED}
