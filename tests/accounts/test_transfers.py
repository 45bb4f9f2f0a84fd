"""A relation that moves: number and day, the check-list, loans that hold it, money that leaves lot by lot, what is late."""

from datetime import date
from typing import Any

import pytest

from tests.accounts.hands import SYSTEM, at, by, resident
from tests.loans.endings import NOW, PAID_ON, paid_all
from tests.loans.lives import PostOf, life_of
from zhubao.access.roles import Role
from zhubao.accounts.actions import credit
from zhubao.accounts.control import differences
from zhubao.accounts.models import Entry, Source
from zhubao.accounts.selectors import balance
from zhubao.accounts.transfers import actions
from zhubao.accounts.transfers.checklist import CheckList, Found, items_of
from zhubao.accounts.transfers.models import Transfer
from zhubao.errors import ZhubaoError
from zhubao.loans.endings.early import settle_early
from zhubao.loans.endings.transfer import release_transfer
from zhubao.loans.models import SettlementCertificate, TransferRequest
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.notices.models import Notice
from zhubao.procedures.overdue import supervise_overdue
from zhubao.procedures.transfer_checked import check_transfer, drop_request, lift_transfer, withdraw_transfer

pytestmark = pytest.mark.django_db
DAY, LATER = at(2022, 3, 10), at(2022, 4, 20)


def good(kind: str = "out", overlap: int | None = 0, **points: Found) -> CheckList:
    return CheckList({**{item: Found("good") for item in items_of(kind)}, **points}, overlap)


def asked(person: Any, kind: str = "out", **more: Any) -> Transfer:
    values = {"key": "1", "actor": by("agency_intake"), "now": DAY, **more}
    return actions.request(person, kind, "广东省深圳市", date(2022, 3, 10), **values)


@pytest.mark.clauses("gz-11c")
def test_an_online_request_has_a_number_and_a_day() -> None:
    person = resident("19700310", 22)
    made = asked(person, online=True, actor=by("citizen", person))
    assert (made.number, made.due_on, made.provisional) == (f"ZY2022{made.pk:06d}", date(2022, 4, 24), "A-ALL-9")
    assert asked(person, online=True, actor=by("citizen", person)).pk == made.pk
    with pytest.raises(ZhubaoError, match="E-TRANSFER-OPEN") as error:
        asked(person, key="2")
    assert str(made.number) in error.value.problem.zh


@pytest.mark.parametrize(
    ("found", "code", "said"),
    [
        pytest.param(good(identity=Found("unknown")), "E-CHECK-LIST", "身份证件", id="identity card not seen"),
        pytest.param(good(pension=Found("bad", "已领")), "E-CHECK-LIST", "养老待遇", id="draws a pension"),
        pytest.param(good(overlap=None), "E-CHECK-LIST", "重复缴费月数", id="overlap not counted"),
        pytest.param(good(overlap=7), "E-OVERLAP", "7 个月", id="overlap not dealt with"),
    ],
)
def test_a_list_with_a_gap_is_not_passed(found: CheckList, code: str, said: str) -> None:
    made = asked(resident("19700310", 22))
    with pytest.raises(ZhubaoError, match=code) as error:
        check_transfer(made.pk, found, actor=by("agency_reviewer"), now=DAY)
    assert said in error.value.problem.zh
    made.refresh_from_db()
    assert made.state == "requested"


def test_missing_papers_are_asked_for_and_the_days_begin_anew() -> None:
    made = asked(resident("19700310", 22))
    some = CheckList({"identity": Found("unknown"), "record": Found("good")})
    actions.ask_papers(made.pk, some, "请带身份证", actor=by("agency_reviewer"), now=DAY)
    assert {each.item: each.outcome for each in made.checks.all()} == {"identity": "unknown", "record": "good"}
    done = actions.complete(made.pk, actor=by("agency_intake"), now=LATER)
    assert (done.state, done.due_on) == ("requested", date(2022, 6, 4))


def test_an_account_leaves_lot_by_lot_and_comes_in_as_transferred_money() -> None:
    person = resident("19700310", 22)
    for source, fen, lot in ((Source.OWN, 120_000, ""), (Source.ON_BEHALF, 10_000, "2022"), (Source.SUBSIDY, 3_000, "")):
        credit(person, source, fen, on=date(2022, 1, 5), subject=f"receipt:{source}", key="1", lot=lot, actor=SYSTEM, now=DAY)
    out = asked(person)
    check_transfer(out.pk, good(), actor=by("agency_reviewer"), now=DAY)
    accountant = by("agency_accountant")
    with pytest.raises(ZhubaoError, match="E-TRANSFER-AMOUNT"):
        actions.move(out.pk, "函1号", date(2022, 3, 10), 133_001, actor=accountant, now=DAY)
    for _twice in range(2):
        actions.move(out.pk, "函1号", date(2022, 3, 10), 133_000, key="move", actor=accountant, now=DAY)
    assert balance(person).fen == 0
    assert sorted(Entry.objects.filter(subject=out.subject).values_list("amount_fen", flat=True)) == [-120_000, -10_000, -3_000]
    back = asked(person, "in", key="2")
    check_transfer(back.pk, good("in"), actor=by("agency_reviewer"), now=DAY)
    with pytest.raises(ZhubaoError, match="E-TRANSFER-AMOUNT"):
        actions.move(back.pk, "函2号", date(2022, 3, 10), actor=accountant, now=DAY)
    actions.move(back.pk, "函2号", date(2022, 3, 10), 90_000, actor=accountant, now=DAY)
    assert balance(person).by_source["transfer"] == 90_000
    assert differences()[1] == []


@pytest.mark.clauses("gz-11d")
def test_what_is_late_is_told_to_its_owner_and_to_the_one_above(post_of: PostOf) -> None:
    person = resident("19700310", 22, region="320682108201")
    made = asked(person, actor=SYSTEM)
    assert supervise_overdue(date(2022, 3, 30), actor=SYSTEM, now=DAY) == 0
    for _twice in range(2):
        supervise_overdue(date(2022, 3, 31), actor=SYSTEM, now=at(2022, 3, 31))
    told = Notice.objects.filter(subject=made.subject, kind="overdue")
    assert sorted(told.values_list("role", flat=True)) == ["agency_approver", "agency_reviewer"]
    assert post_of(Role.AGENCY_APPROVER).organisation_id in set(told.values_list("organisation_id", flat=True))


@pytest.mark.clauses("jx-3.5d", "rg-14.3", "gz-11c")
@pytest.mark.parametrize(
    ("policy", "kind", "clause"),
    [
        pytest.param(JIANGXI, "out", "jx-3.5d", id="Jiangxi, leaving the place"),
        pytest.param(JIANGXI, "to_resident", "", id="Jiangxi, staying at the place"),
        pytest.param(RUGAO, "out", "rg-14.3", id="Rugao, leaving"),
        pytest.param(RUGAO, "to_resident", "rg-14.3", id="Rugao, linking"),
        pytest.param(TONGLING, "out", "", id="Tongling says nothing"),
    ],
)
def test_an_open_loan_holds_what_its_document_names(policy: str, kind: str, clause: str, post_of: PostOf) -> None:
    life = life_of(policy, post_of)
    life.year(2021)
    made = asked(life.loan.person, kind, actor=SYSTEM)
    done = check_transfer(made.pk, good(kind), actor=life.by(Role.AGENCY_REVIEWER), now=DAY)
    holds = list(done.holds.values_list("loan_number", "clause"))
    assert (done.state, holds) == (("held", [("L1", clause)]) if clause else ("checked", []))
    assert TransferRequest.objects.filter(loan=life.loan).count() == len(holds)
    if not clause:
        return
    with pytest.raises(ZhubaoError, match="E-LOAN-OPEN") as error:
        lift_transfer(made.pk, actor=life.by(Role.AGENCY_REVIEWER), now=DAY)
    assert error.value.place == "L1"
    if policy == RUGAO:
        with pytest.raises(ZhubaoError, match="E-LOAN-OPEN"):
            actions.let_go(made.pk, "特批", actor=life.by(Role.AGENCY_APPROVER), now=DAY)
        return
    actions.let_go(made.pk, "银行同意继续代扣", actor=life.by(Role.AGENCY_APPROVER), now=DAY)
    again = check_transfer(made.pk, good(kind), actor=life.by(Role.AGENCY_REVIEWER), now=DAY)
    assert again.state == "checked"


def test_a_withdrawn_transfer_takes_its_request_on_the_loan_back(post_of: PostOf) -> None:
    life = life_of(RUGAO, post_of)
    life.year(2021)
    made = asked(life.loan.person, "out", actor=SYSTEM)
    check_transfer(made.pk, good(), actor=life.by(Role.AGENCY_REVIEWER), now=DAY)
    held_by = TransferRequest.objects.get(loan=life.loan)
    # On the loan's own page it is not taken back from under the transfer that waits for it.
    with pytest.raises(ZhubaoError, match="E-TRANSFER-HELD") as error:
        drop_request(held_by.pk, actor=life.by(Role.AGENCY_INTAKE), now=DAY)
    assert made.number in str(error.value.problem.zh)
    assert withdraw_transfer(made.pk, actor=life.by(Role.AGENCY_INTAKE), now=DAY).state == "withdrawn"
    held_by.refresh_from_db()
    assert held_by.state == "dropped"


@pytest.mark.clauses("rg-14.3")
def test_the_settlement_certificate_lets_it_go_on(post_of: PostOf) -> None:
    life = life_of(RUGAO, post_of)
    life.year(2021)
    made = actions.request(life.loan.person, "out", "上海市", PAID_ON, key="1", actor=SYSTEM, now=NOW)
    reviewer, approver = life.by(Role.AGENCY_REVIEWER), life.by(Role.AGENCY_APPROVER)
    check_transfer(made.pk, good(), actor=reviewer, now=NOW)
    settle_early(paid_all(life).pk, actor=life.by(Role.BANK_REVIEWER), now=NOW)
    with pytest.raises(ZhubaoError, match="E-LOAN-OPEN"):
        lift_transfer(made.pk, actor=reviewer, now=NOW)
    release_transfer(TransferRequest.objects.get().pk, actor=approver, now=NOW)
    done = lift_transfer(made.pk, actor=reviewer, now=NOW)
    hold = done.holds.get()
    assert (done.state, hold.certificate, hold.owed_fen) == ("requested", SettlementCertificate.objects.get().number, 0)
