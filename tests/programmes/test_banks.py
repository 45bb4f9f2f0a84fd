"""Which bank may be sent a case, what an incomplete one lacks, and what it offers."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from zhubao.access.actions import add_organisation
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry, Organisation, Post, Region
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.programmes.bank_actions import Bid, end_cooperation, record_cooperation, record_offer, record_selection
from zhubao.programmes.banks import banks_for, best_offer, missing_for, not_the_best_rate, require_cooperation
from zhubao.programmes.models import BankCooperation, BankOffer, BankSelection

NOW = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY, FIRST = date(2026, 3, 2), date(2026, 1, 1)
JIANGXI, RUGAO, TONGLING = "jiangxi-2020-7", "rugao-draft", "tongling-2022-13"
SYSTEM = Actor.system("test")
PostOf = Callable[[str], Post]

PAPERS: dict[str, Any] = {
    "card_partner": True,
    "agreement": "合〔2026〕3号",
    "agreed_on": FIRST,
    "confidentiality": "密〔2026〕3号",
    "confidential_from": FIRST,
    "pension_account": "32060001000123",
}


@pytest.fixture
def place(db: None) -> str:
    for code, name in (("34", "安徽省"), ("3407", "铜陵市"), ("340705", "铜官区")):
        Region.objects.create(code=code, name=name, parent_id=code[:-2] if len(code) > 2 else None)
    return "340705"


@pytest.fixture
def bank(place: str) -> Organisation:
    return add_organisation(Region.objects.get(pk=place), OrganisationKind.BANK, "铜官农商银行", actor=SYSTEM, now=NOW)


def cooperate(bank: Organisation, *policies: str, starts_on: date = FIRST, **papers: Any) -> BankCooperation:
    return record_cooperation(
        bank.pk,
        policies or (TONGLING,),
        region_code=bank.region_id,
        starts_on=starts_on,
        actor=SYSTEM,
        now=NOW,
        **(PAPERS | papers),
    )


def choose(bank: Organisation, policy_id: str = TONGLING, *, decided_on: date = FIRST, **more: Any) -> BankSelection:
    bids = more.pop("bids", [Bid(bank.pk, 92, True)])
    named = {"document": "铜人社〔2026〕1号", "reason": "只有一家报名，网点覆盖全部乡镇"} | more
    return record_selection(policy_id, bids, region_code=bank.region_id, decided_on=decided_on, actor=SYSTEM, now=NOW, **named)


def wanting(bank: Organisation, policy_id: str, on: date = DAY) -> list[str]:
    return [each.zh for each in missing_for(bank, policy_id, on)]


@pytest.mark.parametrize(
    ("policy_id", "left_out", "words"),
    [
        pytest.param(TONGLING, {}, [], id="铜陵，齐全"),
        pytest.param(
            TONGLING,
            {"agreement": "", "agreed_on": None},
            ["没有合作协议"],
            id="没有合作协议",
            marks=pytest.mark.clauses("tl-5.1d"),
        ),
        pytest.param(
            TONGLING, {"pension_account": ""}, ["没有养老金代发账户"], id="没有代发账户", marks=pytest.mark.clauses("tl-5.1e")
        ),
        pytest.param(
            TONGLING,
            {"confidentiality": "", "confidential_from": None},
            ["没有保密协议"],
            id="没有保密协议",
            marks=pytest.mark.clauses("tl-5.2d"),
        ),
        pytest.param(TONGLING, {"agreed_on": date(2026, 3, 3)}, ["没有合作协议"], id="协议次日才签"),
        pytest.param(
            JIANGXI,
            {"card_partner": False},
            ["不是社会保障卡合作银行"],
            id="江西，不发社保卡",
            marks=pytest.mark.clauses("jx-2.2a"),
        ),
        pytest.param(JIANGXI, {"pension_account": "", "agreement": "", "agreed_on": None}, [], id="江西，不要求代发账户"),
        pytest.param(JIANGXI, {"confidentiality": "", "confidential_from": None}, ["没有保密协议"], id="江西，没有保密协议"),
    ],
)
def test_what_is_wanting(bank: Organisation, policy_id: str, left_out: dict[str, Any], words: list[str]) -> None:
    choose(bank)
    cooperate(bank, policy_id, **left_out)
    assert wanting(bank, policy_id) == words


@pytest.mark.clauses("rg-6", "tl-3.3a")
@pytest.mark.parametrize(("policy_id", "words"), [(RUGAO, "没有确定合作银行的文件"), (TONGLING, "没有择优确定的记录")])
def test_a_bank_needs_a_documented_choice_from_its_day(bank: Organisation, policy_id: str, words: str) -> None:
    other = add_organisation(bank.region, OrganisationKind.BANK, "另一家银行", actor=SYSTEM, now=NOW)
    for each in (bank, other):
        cooperate(each, policy_id)
    bids = [Bid(bank.pk, 92, True), Bid(other.pk, 80, False)]
    selection = choose(bank, policy_id, decided_on=DAY, bids=bids, reason="利率最低，网点最多")
    assert [(bid.bank_id, bid.score, bid.chosen) for bid in selection.bids.all()] == [(bank.pk, 92, True), (other.pk, 80, False)]
    assert wanting(bank, policy_id, date(2026, 3, 1)) == [words]
    assert wanting(bank, policy_id) == []
    assert wanting(other, policy_id) == [words]


def test_a_cooperation_holds_between_its_days_and_for_its_policies(bank: Organisation) -> None:
    cooperate(bank, JIANGXI, ends_on=DAY)
    assert wanting(bank, JIANGXI) == []
    assert wanting(bank, JIANGXI, date(2026, 3, 3)) == wanting(bank, JIANGXI, date(2025, 12, 31)) == ["没有有效的合作登记"]
    assert wanting(bank, TONGLING) == ["没有有效的合作登记"]
    assert missing_for(bank, JIANGXI, DAY, region_code="340705101") == ()
    assert missing_for(bank, JIANGXI, DAY, region_code="340711")[0].zh == "没有有效的合作登记"


def test_the_refusal_names_everything(bank: Organisation) -> None:
    cooperate(bank, agreement="", agreed_on=None, pension_account="")
    with pytest.raises(ZhubaoError, match="E-BANK-COOPERATION: 铜官农商银行: no record") as refused:
        require_cooperation(bank, TONGLING, DAY)
    assert refused.value.problem.zh == "没有择优确定的记录、没有合作协议、没有养老金代发账户"


def test_a_policy_without_loans(bank: Organisation) -> None:
    with pytest.raises(ZhubaoError, match="E-POLICY-LOAN"):
        missing_for(bank, "pengshui-2022", DAY)
    with pytest.raises(ZhubaoError, match="E-POLICY-LOAN"):
        cooperate(bank, "pengshui-2022")


def test_recording_brings_up_to_date_and_twice_changes_nothing(bank: Organisation) -> None:
    first = cooperate(bank, TONGLING, confidentiality="", confidential_from=None)
    again = cooperate(bank, TONGLING, JIANGXI)
    cooperate(bank, TONGLING, JIANGXI)
    assert again.pk == first.pk
    assert sorted(each.policy_id for each in again.policies.all()) == [JIANGXI, TONGLING]
    entries = AuditEntry.objects.filter(action="bank.cooperation").order_by("number")
    assert [entry.after["confidentiality"] for entry in entries] == ["", "密〔2026〕3号"]
    assert entries[1].after["pension_account"] == "0123"


def test_two_cooperations_of_a_bank_do_not_overlap(bank: Organisation) -> None:
    cooperation = cooperate(bank)
    with pytest.raises(ZhubaoError, match="E-BANK-PERIOD"):
        cooperate(bank, starts_on=date(2026, 6, 1))
    end_cooperation(cooperation.pk, date(2026, 5, 31), "协议到期", actor=SYSTEM, now=NOW)
    end_cooperation(cooperation.pk, date(2026, 5, 31), "协议到期", actor=SYSTEM, now=NOW)
    cooperate(bank, starts_on=date(2026, 6, 1))
    assert AuditEntry.objects.filter(action="bank.ended").count() == 1
    cooperation.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        cooperation.save(force_insert=True)


@pytest.mark.parametrize(
    ("code", "given"),
    [
        pytest.param("E-BANK-PAPER", {"agreed_on": None}, id="协议没有日期"),
        pytest.param("E-BANK-PAPER", {"confidentiality": ""}, id="日期没有协议"),
        pytest.param("E-BANK-PERIOD", {"ends_on": date(2025, 1, 1)}, id="日期颠倒"),
    ],
)
def test_refused_cooperations(bank: Organisation, code: str, given: dict[str, Any]) -> None:
    with pytest.raises(ZhubaoError, match=code):
        cooperate(bank, **given)
    assert not BankCooperation.objects.exists()


def test_refused_choices(bank: Organisation) -> None:
    for given in ({"bids": [Bid(bank.pk, 1, False)]}, {"bids": [Bid(bank.pk, 1, True)] * 2}, {"document": " "}, {"reason": ""}):
        with pytest.raises(ZhubaoError, match="E-BANK-CHOICE"):
            choose(bank, **given)  # type: ignore[arg-type]
    agency = add_organisation(bank.region, OrganisationKind.AGENCY, "社保中心", actor=SYSTEM, now=NOW)
    with pytest.raises(ZhubaoError, match="E-BANK:"):
        choose(bank, bids=[Bid(agency.pk, 1, True)])
    assert choose(bank) == choose(bank, reason="别的理由")


def offer(bank: Organisation, rate_ppm: int, *, actor: Actor = SYSTEM, **more: Any) -> BankOffer:
    named: dict[str, Any] = {"starts_on": FIRST, "source": "该行利率表"} | more
    return record_offer(bank.pk, TONGLING, rate_ppm, region_code=bank.region_id, actor=actor, now=NOW, **named)


@pytest.mark.clauses("tl-3.3c")
def test_a_rate_above_the_best_offer_is_remarked(bank: Organisation) -> None:
    offer(bank, 43_500)
    offer(bank, 45_000)
    rate = lambda ppm: not_the_best_rate(ppm, bank.pk, TONGLING, bank.region_id, DAY)  # noqa: E731
    assert rate(43_500) is None
    remark = rate(45_000)
    assert remark is not None
    assert remark.zh == "约定利率 4.5% 高于该行最优 4.35%"


@pytest.mark.parametrize(
    ("on", "months", "best"),
    [
        pytest.param(date(2025, 12, 31), None, None, id="还没有报价"),
        pytest.param(DAY, None, 40_000, id="当日最低"),
        pytest.param(DAY, 36, 40_000, id="三年以内的产品"),
        pytest.param(DAY, 60, 43_500, id="五年的用长期产品"),
        pytest.param(date(2026, 7, 1), 60, 42_000, id="下半年降价"),
    ],
)
def test_the_best_offer_of_the_day_and_term(bank: Organisation, on: date, months: int | None, best: int | None) -> None:
    offer(bank, 43_500, ends_on=date(2026, 6, 30))
    offer(bank, 40_000, longest_months=36)
    offer(bank, 42_000, starts_on=date(2026, 7, 1))
    found = best_offer(bank.pk, TONGLING, "340705", on, term_months=months)
    assert (found.rate_ppm if found else None) == best


def test_banks_a_person_may_choose_from(bank: Organisation) -> None:
    other, third = (
        add_organisation(bank.region, OrganisationKind.BANK, name, actor=SYSTEM, now=NOW) for name in ("乙银行", "丙银行")
    )
    for each in (bank, other):
        cooperate(each, JIANGXI)
    cooperate(third, JIANGXI, card_partner=False)
    record_offer(other.pk, JIANGXI, 30_000, region_code="340705", starts_on=FIRST, source="x", actor=SYSTEM, now=NOW)
    found = banks_for(JIANGXI, "340705101", DAY)
    assert [(each.bank.name, each.offer.rate_ppm if each.offer else None) for each in found] == [
        ("乙银行", 30_000),
        ("铜官农商银行", None),
    ]


def test_who_records_what(post_of: PostOf) -> None:
    bank = post_of(Role.BANK_OFFICER).organisation
    record = lambda actor: record_cooperation(  # noqa: E731
        bank.pk, [RUGAO], region_code="320682", starts_on=FIRST, actor=actor, now=NOW, **PAPERS
    )
    for role in (Role.BANK_OFFICER, Role.AGENCY_REVIEWER, Role.AUDITOR):
        with pytest.raises(OutOfScope):
            record(post_of(role).actor())
    record(post_of(Role.AGENCY_APPROVER).actor())
    other = add_organisation(bank.region, OrganisationKind.BANK, "另一家银行", actor=SYSTEM, now=NOW)
    officer = post_of(Role.BANK_OFFICER).actor()
    assert offer(bank, 43_500, actor=officer).entered_by_id == officer.user_id
    assert offer(bank, 43_500, actor=officer).pk == BankOffer.objects.get().pk
    with pytest.raises(OutOfScope):
        offer(other, 43_500, actor=officer)
    with pytest.raises(OutOfScope):
        offer(bank, 43_500, actor=post_of(Role.AGENCY_REVIEWER).actor())
    for rate in (0, 1_000_000):
        with pytest.raises(ZhubaoError, match="E-BANK-OFFER"):
            offer(bank, rate)
