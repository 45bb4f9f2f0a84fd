"""How loans end early, as bank, agency and finance would check it: every fen, every refusal, and the replay of the exported life."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction

from tests.loans.endings import (
    NOW,
    PAID_ON,
    agrees,
    lent,
    paid_all,
    paid_part,
    quoted,
    refusal,
)
from tests.loans.lives import COUNTY, SYSTEM, PostOf, at
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import balance
from zhubao.lending import payoff
from zhubao.lending.events import settled
from zhubao.loans.endings.card import change_card, decide_card
from zhubao.loans.endings.certificates import issue_certificate
from zhubao.loans.endings.early import ask_quote, confirm_part, drop_payment, pay_all, settle_early
from zhubao.loans.endings.transfer import drop_transfer, release_transfer, request_transfer
from zhubao.loans.models import (
    CardChange,
    PayoffQuote,
    SettlementCertificate,
    Tranche,
    TransferRequest,
)
from zhubao.loans.register import open_loans
from zhubao.loans.replaying import record_of
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.parameters import Parameter
from zhubao.people.models import CardAccount
from zhubao.procedures.month_end import close_month
from zhubao.programmes.actions import enter_figures
from zhubao.tasks.models import Task
from zhubao.workflow import CITIZEN

pytestmark = pytest.mark.django_db
OFFICER, REVIEWER = Role.BANK_OFFICER, Role.BANK_REVIEWER

# 8 400 yuan for 100 days: 89.83 at 3.85 %, 114.33 at 4.90 %; 3 000 yuan at 4.75 %: 39.58. Finance bears it where it subsidises.
EARLY = [
    pytest.param(JIANGXI, {"subsidised_from": None}, 840_000, 8_983, 0, id="江西-不贴息"),
    pytest.param(JIANGXI, {}, 840_000, 0, 8_983, id="江西-贴息"),
    pytest.param(RUGAO, {}, 840_000, 0, 11_433, id="如皋-宽限期"),
    pytest.param(TONGLING, {}, 300_000, 3_958, 0, id="铜陵"),
]


@pytest.mark.clauses("jx-3.3a", "jx-3.3b", "rg-14.2a", "rg-14.2b", "tl-4.1b", "tl-4.1c")
@pytest.mark.parametrize(("policy_id", "more", "principal", "interest", "government"), EARLY)
def test_all_of_it_is_paid_early(
    policy_id: str, more: dict[str, Any], principal: int, interest: int, government: int, post_of: PostOf
) -> None:
    life = lent(policy_id, post_of, **more)
    if policy_id == JIANGXI:
        life.plan(2022, now=at(2021, 6, 1))
    quote = quoted(life)
    assert (quote.principal_fen, quote.interest_fen, quote.government_fen) == (principal, interest, government)
    known = record_of(life.loan)
    pure = payoff(known.terms, [*known.events, settled(date(2021, 12, 20))], PAID_ON)
    assert (pure.principal, pure.interest, pure.government) == (principal, interest, government)
    payment = pay_all(quote.pk, PAID_ON, quote.total_fen, "流水1", actor=life.by(OFFICER), now=NOW)
    assert life.fresh().state != "settled"
    assert Task.objects.open().filter(kind="loan.ending.confirm_payment").exists()
    settle_early(payment.pk, actor=life.by(REVIEWER), now=NOW)
    assert life.fresh().state == "settled"
    certificate = SettlementCertificate.objects.get()
    assert (certificate.number, certificate.settled_on) == ("L1-JQ", PAID_ON)
    assert not Tranche.objects.filter(state__in=("planned", "released")).exists()
    assert not Task.objects.open().exists()
    assert balance(Party.BANK, "loan_principal") == 0
    assert balance(Party.BANK, "interest_receivable_borrower") == 0
    assert balance(Party.BANK, "interest_receivable_government") == government
    assert agrees(life, date(2021, 12, 31))["closed_on"] == "2021-06-18"
    assert open_loans([life.loan.person_id], date(2021, 7, 1))[life.loan.person_id].value is False


@pytest.mark.clauses("jx-3.3b", "rg-14.2b", "tl-4.1c")
def test_a_quote_is_of_its_day_alone_and_nothing_is_charged_beside_it(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of, subsidised_from=None)
    officer = life.by(OFFICER)
    quote = quoted(life)
    assert quoted(life).pk == quote.pk
    assert refusal(lambda: quoted(life, date(2021, 6, 17))) == "E-QUOTE-DAY"
    assert refusal(lambda: quoted(life, date(2021, 7, 4))) == "E-QUOTE-DAY"
    shorter = Parameter(
        "setting.payoff_quote_days", "3", "", COUNTY, date(2021, 1, 1), None, source="合作协议", decided_by="银行"
    )
    with transaction.atomic():
        enter_figures([shorter], actor=SYSTEM, now=NOW)
        assert quoted(life, date(2021, 6, 21)).valid_on == date(2021, 6, 21)
        assert refusal(lambda: quoted(life, date(2021, 6, 22))) == "E-QUOTE-DAY"
        transaction.set_rollback(True)

    def pay(on: date, fen: int, **more: Any) -> Any:
        return pay_all(quote.pk, on, fen, "流水1", actor=officer, now=at(2021, 6, 20), **more)

    assert refusal(lambda: pay(date(2021, 6, 19), quote.total_fen)) == "E-QUOTE-EXPIRED"
    assert refusal(lambda: pay(PAID_ON, quote.total_fen + 100)) == "E-FEE"
    paid = pay(PAID_ON, quote.total_fen, key="k1")
    assert pay(PAID_ON, quote.total_fen, key="k1").pk == paid.pk
    assert refusal(lambda: pay(PAID_ON, quote.total_fen)) == "E-QUOTE-USED"
    assert refusal(lambda: paid_part(life, 1_000, on=date(2021, 6, 20), reference="流水2")) == "E-PAYMENT-TWICE"
    assert refusal(lambda: confirm_part(paid.pk, actor=life.by(REVIEWER), now=NOW)) == "E-PAYMENT-STATE"
    drop_payment(paid.pk, "款未到", actor=officer, now=at(2021, 6, 20))
    assert refusal(lambda: settle_early(paid.pk, actor=life.by(REVIEWER), now=NOW)) == "E-PAYMENT-STATE"
    assert record_of(life.loan).outcome(date(2021, 6, 20)).principal == 840_000
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoffQuote.objects.create(
            loan=life.loan, number="x", valid_on=PAID_ON, principal_fen=1, interest_fen=1, total_fen=3, government_fen=0,
            asked_at=NOW, asked_by_name="x",
        )  # fmt: skip


def test_a_debt_that_changed_since_the_quote_is_found_out(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of)
    quote = quoted(life, date(2021, 6, 30))
    confirm_part(paid_part(life, 100_000).pk, actor=life.by(REVIEWER), now=NOW)
    overtaken = lambda: pay_all(  # noqa: E731
        quote.pk, date(2021, 6, 30), quote.total_fen, "流水2", actor=life.by(OFFICER), now=at(2021, 6, 30)
    )
    assert refusal(overtaken) == "E-QUOTE-OVERTAKEN"


def test_the_borrower_asks_what_it_takes_and_nobody_elses(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of)
    citizen = life.by(CITIZEN)
    assert ask_quote(life.loan.pk, PAID_ON, actor=citizen, now=NOW).total_fen == 840_000
    stranger = replace(citizen, person_id=0)
    assert refusal(lambda: ask_quote(life.loan.pk, PAID_ON, actor=stranger, now=NOW)) == "E-SCOPE"
    elsewhere = replace(life.by(OFFICER), organisation_id=0)
    assert refusal(lambda: ask_quote(life.loan.pk, PAID_ON, actor=elsewhere, now=NOW)) == "E-SCOPE"
    assert refusal(lambda: issue_certificate(life.loan.pk, actor=life.by(OFFICER), now=NOW)) == "E-STATE"


@pytest.mark.clauses("rg-14.2a", "rg-14.2b")
def test_a_part_is_paid_early_for_a_shorter_term_or_a_lower_instalment(post_of: PostOf) -> None:
    life = lent(RUGAO, post_of, instalment_fen=53_500)
    for fen in (0, -1, 840_000, 900_000):
        assert refusal(lambda fen=fen: paid_part(life, fen)) == "E-PAYMENT"  # type: ignore[misc]
    assert refusal(lambda: paid_part(life, 1_000, "whatever")) == "E-PAYMENT"
    assert refusal(lambda: paid_part(life, 1_000, "lower_instalment", instalment_fen=53_500)) == "E-INSTALMENT"
    shorter = confirm_part(paid_part(life, 500_000).pk, actor=life.by(Role.AGENCY_ACCOUNTANT), now=NOW)
    assert (shorter.interest_fen, shorter.principal_fen, shorter.instalment_fen) == (0, 500_000, None)
    assert balance(Party.BANK, "loan_principal") == 340_000
    assert not life.loan.events.filter(key__startswith="agreed").exists()
    july = date(2021, 7, 18)
    lower = paid_part(life, 170_000, "lower_instalment", on=july, reference="流水2")
    confirm_part(lower.pk, actor=life.by(REVIEWER), now=at(2021, 7, 18))
    # Half of the debt is paid, so half of the instalment is left, from the next month on.
    agreed = life.loan.events.get(key__startswith="agreed")
    assert (agreed.amount, agreed.day) == (26_750, date(2021, 8, 1))
    assert life.fresh().state == "recorded"
    assert agrees(life, july)["principal_outstanding"] == 170_000


@pytest.mark.clauses("rg-14.3", "jx-3.5d")
@pytest.mark.parametrize(("policy_id", "kind"), [(RUGAO, "transfer"), (JIANGXI, "pension_elsewhere")], ids=["转移", "外地申领"])
def test_a_pension_relation_stays_until_the_bank_certifies_that_nothing_is_owed(
    policy_id: str, kind: str, post_of: PostOf
) -> None:
    life = lent(policy_id, post_of)
    clerk, approver = life.by(Role.AGENCY_INTAKE), life.by(Role.AGENCY_APPROVER)
    request = request_transfer(life.loan.pk, kind, "苏州市", PAID_ON, actor=clerk, now=NOW)
    assert (request.state, request.owed_fen) == ("blocked", 840_000)
    assert "8,400.00" in request.reason_zh
    assert refusal(lambda: release_transfer(request.pk, actor=approver, now=NOW)) == "E-LOAN-OWED"
    assert refusal(lambda: request_transfer(life.loan.pk, kind, " ", PAID_ON, actor=clerk, now=NOW)) == "E-TRANSFER"
    settle_early(paid_all(life).pk, actor=life.by(REVIEWER), now=NOW)
    assert Task.objects.open().filter(kind="loan.ending.release_transfer").exists()
    same_hands = replace(approver, user_id=clerk.user_id)
    assert refusal(lambda: release_transfer(request.pk, actor=same_hands, now=NOW)) == "E-SAME-PERSON"
    released = release_transfer(request.pk, actor=approver, now=NOW)
    assert release_transfer(request.pk, actor=approver, now=NOW) == released
    assert released.certificate == SettlementCertificate.objects.get()
    assert life.loan.events.filter(key="transferred").exists() is (kind == "transfer")
    with pytest.raises(IntegrityError), transaction.atomic():
        TransferRequest.objects.update(certificate=None)


@pytest.mark.parametrize("kind", ["transfer", "pension_elsewhere"], ids=["转移", "外地申领"])
def test_a_request_taken_back_waits_in_no_queue_and_may_be_made_anew(kind: str, post_of: PostOf) -> None:
    life = lent(RUGAO, post_of)
    clerk, approver = life.by(Role.AGENCY_INTAKE), life.by(Role.AGENCY_APPROVER)
    first = request_transfer(life.loan.pk, kind, "苏州市", PAID_ON, actor=clerk, now=NOW)
    assert refusal(lambda: drop_transfer(first.pk, actor=approver, now=NOW)) == "E-SCOPE"
    settle_early(paid_all(life).pk, actor=life.by(REVIEWER), now=NOW)
    assert Task.objects.open().filter(kind="loan.ending.release_transfer").exists()
    taken_back = drop_transfer(first.pk, actor=clerk, now=NOW)
    assert (taken_back.state, taken_back.reason_zh) == ("dropped", "")
    assert drop_transfer(first.pk, actor=clerk, now=NOW) == taken_back
    assert not Task.objects.open().filter(kind="loan.ending.release_transfer").exists()
    assert refusal(lambda: release_transfer(first.pk, actor=approver, now=NOW)) == "E-STATE"
    second = request_transfer(life.loan.pk, kind, "上海市", PAID_ON, actor=clerk, now=NOW)
    assert second.pk != first.pk
    release_transfer(second.pk, actor=approver, now=NOW)
    assert refusal(lambda: drop_transfer(second.pk, actor=clerk, now=NOW)) == "E-STATE"


@pytest.mark.clauses("jx-3.5a", "jx-3.5b", "jx-3.5c", "tl-3.4b", "tl-3.4c")
@pytest.mark.parametrize("policy_id", [JIANGXI, TONGLING], ids=["江西", "铜陵"])
def test_the_card_account_stays_at_the_lending_bank(policy_id: str, post_of: PostOf) -> None:
    life = lent(policy_id, post_of)
    officer, bank = life.by(OFFICER), life.loan.bank_id

    def change(reason: str, number: str = "6217000099990001", bank_id: int = bank, told: str = "") -> CardChange:
        return change_card(life.loan.pk, bank_id, number, PAID_ON, reason, told=told, actor=officer, now=NOW)

    first = life.fresh().card_account
    assert refusal(lambda: change("lost", bank_id=bank + 1)) == "E-CARD-OTHER-BANK"
    assert refusal(lambda: change("other")) == "E-CARD-REASON"
    assert refusal(lambda: change("lost", number="12")) == "E-CARD"
    assert change("lost").state == "applied"
    second = life.fresh().card_account
    assert second is not None
    assert (second != first, second.last_four) == (True, "0001")
    waits = change_card(
        life.loan.pk, bank, "6217000099990002", date(2021, 6, 25), "other", told="改名", actor=officer, now=at(2021, 6, 25)
    )
    assert (waits.state, life.fresh().card_account) == ("pending", second)
    assert CardAccount.objects.get(pk=second.pk).ends_on is None
    assert refusal(lambda: change("lost", number="6217000099990003")) == "E-CARD-WAITS"
    decide_card(waits.pk, "公安机关证明属实", allow=True, actor=life.by(Role.AGENCY_APPROVER), now=at(2021, 6, 28))
    third = life.fresh().card_account
    assert third is not None
    assert third.last_four == "0002"
    more = change_card(
        life.loan.pk, bank, "6217000099990004", date(2021, 7, 2), "other", told="想换", actor=officer, now=at(2021, 7, 2)
    )
    decide_card(more.pk, "理由不足", allow=False, actor=life.by(Role.AGENCY_APPROVER), now=at(2021, 7, 2))
    assert (CardChange.objects.get(pk=more.pk).state, life.fresh().card_account) == ("refused", third)


def test_a_card_the_borrower_reports_lost_waits_until_the_agency_has_looked(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of)
    first, bank = life.fresh().card_account, life.loan.bank_id
    reported = change_card(life.loan.pk, bank, "6217000099990009", PAID_ON, "lost", actor=life.by(CITIZEN), now=NOW)
    assert (reported.state, life.fresh().card_account) == ("pending", first)
    stranger = replace(life.by(CITIZEN), person_id=0)
    ask = lambda: request_transfer(life.loan.pk, "transfer", "苏州市", PAID_ON, actor=stranger, now=NOW)  # noqa: E731
    assert refusal(ask) == "E-SCOPE"
    decide_card(reported.pk, "已在银行换卡，核对无误", allow=True, actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    assert life.fresh().card_account != first


def test_a_month_end_that_came_first_and_an_early_payment_dated_before_it_leave_the_same_books(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of, subsidised_from=None)
    payment = paid_all(life)
    close_month(COUNTY, date(2021, 6, 30), actor=SYSTEM, clock=lambda: at(2021, 6, 30))
    settle_early(payment.pk, actor=life.by(REVIEWER), now=at(2021, 7, 1))
    assert balance(Party.BANK, "interest_income") == -8_983
    again = close_month(COUNTY, date(2021, 7, 31), actor=SYSTEM, clock=lambda: at(2021, 7, 31))
    assert again.run.postings == 0
    agrees(life, date(2021, 7, 31))


def test_the_command_prints_a_life_that_replays(post_of: PostOf, tmp_path: Path) -> None:
    from zhubao.cli.loan import loan as command

    life = lent(JIANGXI, post_of, subsidised_from=None)
    settle_early(paid_all(life).pk, actor=life.by(REVIEWER), now=NOW)
    printed = CliRunner().invoke(command, ["export", "L1", "--up-to", "2021-12-31"], standalone_mode=False)
    assert printed.exception is None, printed.exception
    (tmp_path / "life.json").write_text(printed.stdout, encoding="utf-8")
    replayed = CliRunner().invoke(command, ["replay", str(tmp_path / "life.json"), "--json"], standalone_mode=False)
    result = json.loads(replayed.stdout)
    assert (result["closed_on"], result["total_interest"]) == ("2021-06-18", 8_983)
    assert "王芳" not in printed.stdout
    unknown = CliRunner().invoke(command, ["export", "L9"], standalone_mode=False)
    assert isinstance(unknown.exception, ZhubaoError)
    assert unknown.exception.code == "E-LOAN-UNKNOWN"
