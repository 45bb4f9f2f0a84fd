"""From tax's actual data to the personal account: verification, claim, two people at finance, payment, allocation; Ganzhou's own way."""

from collections import Counter
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.assistance.collection import (
    CIVIL,
    OCTOBER,
    PEOPLE,
    RURAL,
    SEPTEMBER,
    SHICAO,
    YEAR,
    County,
    add_row,
    at,
    listed_county,
    pengshui,
    receipt,
    row,
    rows_of_everything,
)
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.accounts.control import differences
from zhubao.accounts.models import Entry
from zhubao.assistance.claiming import (
    allocate_claim,
    approve_claim,
    check_claim,
    enter_budget,
    left_in_budget,
    pay_claim,
    release_claim,
    send_claim_back,
    submit_claim,
)
from zhubao.assistance.models import AssistanceClaim, AssistanceClaimLine, AssistancePlan, PlanDifference, PlanRow
from zhubao.assistance.reconciling import claims_three_ways, reconcile_plan, year_three_ways
from zhubao.assistance.verifying import reject_rows, verify_rows
from zhubao.errors import ZhubaoError
from zhubao.exchange.files.verified_list import REJECTED, VERIFIED, VerifiedOnBehalf
from zhubao.exchange.models import Envelope
from zhubao.ledger.models import Posting
from zhubao.people.models import Person
from zhubao.people.sealing import open_number
from zhubao.tasks.models import Task

pytestmark = pytest.mark.django_db
PAID = date(2022, 10, 10)


@pytest.fixture
def county() -> County:
    return listed_county()


def refused(code: str, act: object, *given: object, **named: object) -> None:
    """Have an act refused with a code, and no row of any table changed."""
    before = rows_of_everything()
    with pytest.raises(ZhubaoError) as error, transaction.atomic():
        act(*given, **named)  # type: ignore[operator]
    assert error.value.code == code
    assert rows_of_everything() == before


def verify(county: County, payer: str, *names: str) -> int:
    """Verify people by name as a department."""
    keys = [row(name).pk for name in names]
    return verify_rows(county.plan, keys, key=f"v-{names}", actor=county.department(payer), now=SEPTEMBER)


def provide(county: County, yuan: int, document: str = "彭财社〔2022〕1号") -> None:
    """Enter the county's budget."""
    finance = county.at(Role.FINANCE_CLERK)
    enter_budget(county.plan, yuan * 100, document, date(2022, 1, 5), actor=finance, now=SEPTEMBER)


def claimed(county: County) -> AssistanceClaim:
    """Verify civil affairs' four people and claim 70 + 70 + 100 + 100 yuan for them."""
    verify(county, CIVIL, "冉光荣", "向中玉", "庹德清", "何世琼")
    return submit_claim(county.plan, CIVIL, actor=county.department(CIVIL), now=at(9, 22))


def approved(county: County, claim: AssistanceClaim) -> AssistanceClaim:
    """Take a claim through the two people at finance."""
    check_claim(claim.pk, actor=county.at(Role.FINANCE_CLERK), now=at(9, 26))
    return approve_claim(claim.pk, actor=county.at(Role.FINANCE_CLERK, other=True), now=at(9, 27))


def paid(county: County, claim: AssistanceClaim) -> AssistanceClaim:
    """Pay an approved claim."""
    return pay_claim(claim.pk, PAID, "国库2022-88", actor=county.at(Role.FINANCE_CLERK), now=OCTOBER)


@pytest.mark.clauses("ps-2.2g")
def test_a_claim_is_the_sum_of_the_verified_rows_and_one_marked_wrong_is_left_out(county: County) -> None:
    civil = county.department(CIVIL)
    assert verify(county, CIVIL, "冉光荣", "向中玉", "何世琼") == 3
    wrong = [row("庹德清").pk]
    refused("E-REASON", reject_rows, county.plan, wrong, " ", key="r", actor=civil, now=SEPTEMBER)
    assert reject_rows(county.plan, wrong, "已不在特困名册", key="r", actor=civil, now=SEPTEMBER) == 1
    claim = submit_claim(county.plan, CIVIL, actor=civil, now=at(9, 22))
    assert (claim.lines, claim.total_fen, claim.state) == (3, 7_000 + 7_000 + 10_000, "submitted")
    assert county.states()["庹德清"] == "planned"
    [difference] = PlanDifference.objects.open()
    assert (difference.kind, difference.detail) == ("not_verified", "主管部门：已不在特困名册")
    sent = Envelope.objects.get(kind="assistance_claim")
    assert (sent.batch, sent.count, sent.total_fen, sent.receiver.kind) == (claim.number, 3, 24_000, "finance")


@pytest.mark.clauses("ps-2.2g")
def test_a_department_sees_to_its_own_people_alone(county: County) -> None:
    rural, civil = county.department(RURAL), county.department(CIVIL)
    keys = [row("任廷芳").pk, row("冉光荣").pk]
    refused("E-SCOPE", verify_rows, county.plan, keys, key="x", actor=rural, now=SEPTEMBER)
    refused("E-SCOPE", reject_rows, county.plan, keys, "不是", key="x", actor=rural, now=SEPTEMBER)
    assert verify(county, RURAL, "任廷芳") == 1
    refused("E-SCOPE", submit_claim, county.plan, RURAL, actor=civil, now=SEPTEMBER)
    refused("E-SCOPE", submit_claim, county.plan, RURAL, actor=county.at(Role.FINANCE_CLERK), now=SEPTEMBER)
    refused("E-CLAIM-EMPTY", submit_claim, county.plan, CIVIL, actor=civil, now=SEPTEMBER)
    refused("E-CLAIM-PAYER", submit_claim, county.plan, "", actor=civil, now=SEPTEMBER)
    Person.objects.filter(name="张泽会").update(died_on=date(2022, 5, 1), died_source="卫健名单")
    refused("E-VERIFY-DEAD", verify_rows, county.plan, [row("张泽会").pk], key="y", actor=rural, now=SEPTEMBER)


def test_a_verified_list_by_file_line_by_line(county: County) -> None:
    def line(name: str, result: str = VERIFIED, reason: str = "", fen: int | None = None) -> VerifiedOnBehalf:
        of = row(name)
        return VerifiedOnBehalf(
            str(of.pk), name, open_number(of.person), YEAR, of.on_behalf_fen if fen is None else fen, result, reason
        )

    lines = [
        line("冉光荣"),
        line("向中玉", REJECTED, "已退出低保"),
        line("庹德清", REJECTED),
        line("任廷芳"),
        line("何世琼", fen=7_000),
    ]
    came = county.receive("verified_list", lines, batch="H1", now=SEPTEMBER, by=county.department(CIVIL))
    assert county.results(came) == ["OK", "OK", "E-REASON", "E-VERIFIED-PAYER", "E-VERIFIED-AMOUNT"]
    now = county.states()
    assert [now[name] for name in ("冉光荣", "向中玉", "庹德清", "任廷芳", "何世琼")] == [
        "verified", "planned", "actual_listed", "actual_listed", "actual_listed",
    ]  # fmt: skip


@pytest.mark.clauses("ps-2.2b", "ps-2.2h")
def test_the_way_of_the_money_in_every_book(county: County) -> None:
    """340 yuan: department and finance on the day of payment, the pending account until tax allocates, then the accounts."""
    provide(county, 1_000)
    claim = paid(county, approved(county, claimed(county)))
    assert {name for name, state in county.states().items() if state == "funded"} == {"冉光荣", "向中玉", "庹德清", "何世琼"}
    done = allocate_claim(claim.pk, at(10, 12).date(), 4, 34_000, "税2022-9", actor=county.at(Role.TAX_CLERK), now=OCTOBER)
    assert (done.state, left_in_budget(county.plan)) == ("allocated", 66_000)
    sums: Counter[tuple[str, str, str]] = Counter()
    for posting in Posting.objects.filter(source="assistance", subject=claim.subject):
        sums[posting.party, posting.debit, posting.credit] += posting.amount_fen
    assert sums == {
        ("department", "assistance_expense", "fiscal_appropriation"): 34_000,
        ("finance", "assistance_appropriation", "treasury_cash"): 34_000,
        ("fund", "pending_account", "pending_contributions"): 34_000,
        ("fund", "pending_contributions", "contributions"): 34_000,
    }
    of_xiang = Entry.objects.filter(lot__account__person__name="向中玉").values_list("lot__source", "amount_fen")
    assert set(of_xiang) == {("on_behalf", 7_000), ("own", 13_000)}
    assert (row("向中玉").state, row("向中玉").credited_on) == ("credited", date(2022, 10, 12))
    assert differences()[1] == []
    [three] = claims_three_ways(county.plan)
    assert (three.lines_fen, three.finance_fen, three.tax_fen, three.accounts_fen) == (34_000,) * 4
    year = year_three_ways(county.plan)
    # 11 people, 6 × 70 + 5 × 100 = 920 yuan on behalf: 340 allocated, the rest under way.
    assert (year.planned, year.planned_fen, year.allocated_fen, year.open_fen) == (11, 92_000, 34_000, 58_000)
    assert year.accounted_fen == year.planned_fen
    assert reconcile_plan(county.plan, actor=county.at(Role.AGENCY_ACCOUNTANT), now=OCTOBER) == 0


@pytest.mark.clauses("ps-2.2b")
def test_two_people_at_finance_and_a_budget_that_bears_the_whole_claim(county: County) -> None:
    first, second = county.at(Role.FINANCE_CLERK), county.at(Role.FINANCE_CLERK, other=True)
    provide(county, 300)
    claim = claimed(county)
    alerts = Task.objects.open().filter(subject=claim.subject).values_list("kind", "role")
    assert (claim.short_fen, set(alerts)) == (
        4_000,
        {("assistance_claim.short", "finance_clerk"), ("assistance_claim.check", "finance_clerk")},
    )
    refused("E-STATE", approve_claim, claim.pk, actor=first, now=OCTOBER)
    check_claim(claim.pk, actor=first, now=at(9, 26))
    refused("E-SAME-PERSON", approve_claim, claim.pk, actor=first, now=OCTOBER)
    approve_claim(claim.pk, actor=second, now=at(9, 27))
    for code, on, voucher in (
        ("E-CLAIM-DAY", date(2022, 9, 1), "国库1"),
        ("E-CLAIM-DAY", date(2022, 10, 13), "国库1"),
        ("E-CLAIM-REFERENCE", PAID, " "),
        ("E-BUDGET-SHORT", PAID, "国库1"),
    ):
        refused(code, pay_claim, claim.pk, on, voucher, actor=first, now=OCTOBER)
    refused("E-SCOPE", pay_claim, claim.pk, PAID, "国库1", actor=county.department(CIVIL), now=OCTOBER)
    provide(county, 40, "彭财社〔2022〕9号")
    assert paid(county, claim).short_fen == 0
    assert not Task.objects.open().filter(kind="assistance_claim.short").exists()
    # Paying twice: the second hand finds it paid.
    refused("E-STATE", pay_claim, claim.pk, PAID, "国库2", actor=second, now=OCTOBER)
    assert Posting.objects.filter(subject=claim.subject, credit="treasury_cash").count() == 1
    refused("E-BUDGET-SPENT", enter_budget, county.plan, -1, "收回", PAID, actor=first, now=OCTOBER)


def test_a_claim_sent_back_is_claimed_anew(county: County) -> None:
    provide(county, 1_000)
    claim = approved(county, claimed(county))
    Person.objects.filter(name="冉光荣").update(died_on=date(2022, 5, 2), died_source="卫健名单")
    refused("E-CLAIM-DEAD", pay_claim, claim.pk, PAID, "国库1", actor=county.at(Role.FINANCE_CLERK), now=OCTOBER)
    send_claim_back(claim.pk, "冉某已死亡", actor=county.at(Role.FINANCE_CLERK), now=OCTOBER)
    assert {county.states()[name] for name in ("冉光荣", "向中玉", "庹德清", "何世琼")} == {"verified"}
    again = submit_claim(county.plan, CIVIL, actor=county.department(CIVIL), now=OCTOBER)
    assert (again.sequence, again.lines) == (2, 4)
    assert AssistanceClaimLine.objects.filter(row=row("冉光荣")).count() == 2


def test_an_allocation_that_disagrees_freezes_the_claim(county: County) -> None:
    provide(county, 1_000)
    claim, tax = paid(county, approved(county, claimed(county))), county.at(Role.TAX_CLERK)
    entries = Entry.objects.count()
    frozen = allocate_claim(claim.pk, PAID, 3, 27_000, "税1", actor=tax, now=OCTOBER)
    assert (frozen.state, frozen.frozen) == ("paid", "税务分配 3 人 270.00 元，拨付 4 人 340.00 元")
    assert Entry.objects.count() == entries
    refused("E-CLAIM-FROZEN", allocate_claim, claim.pk, PAID, 4, 34_000, "税1", actor=tax, now=OCTOBER)
    accountant = county.at(Role.AGENCY_ACCOUNTANT)
    refused("E-REASON", release_claim, claim.pk, "", actor=accountant, now=OCTOBER)
    release_claim(claim.pk, "税务漏录一人，已补", actor=accountant, now=OCTOBER)
    assert allocate_claim(claim.pk, PAID, 4, 34_000, "税1", actor=tax, now=OCTOBER).state == "allocated"
    assert not PlanDifference.objects.open().exists()


def test_the_severely_disabled_and_two_claims_for_one_person_are_refused_by_the_tables(county: County) -> None:
    claim = claimed(county)
    same = ("region_code", "plan", "payer", "office", "state", "state_since", "lines", "total_fen", "submitted_on")
    other = AssistanceClaim.objects.create(**{name: getattr(claim, name) for name in same}, number="DJ-2", sequence=2)
    for name, constraint in (("廖永碧", "assistance_channel_of_claim|disabled"), ("冉光荣", "assistance_row_claimed_once")):
        of = row(name)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            AssistanceClaimLine.objects.create(claim=other, row=of, amount_fen=7_000)


def ganzhou(county: County) -> AssistancePlan:
    """Turn the county's plan into one of Ganzhou's kind: planned rows, the county pays alone, a hundred for everybody."""
    plan = county.plan
    AssistancePlan.objects.filter(pk=plan.pk).update(policy_id="ganzhou-2021-7")
    plan.refresh_from_db()
    return plan


@pytest.mark.clauses("gz-1b", "gz-10c")
def test_ganzhou_pays_a_hundred_for_planned_rows_and_stops_at_the_dead() -> None:
    """Five groups at 100; one chose 300 and pays the other 200 himself; one died, one has not paid his excess."""
    county = pengshui()
    PlanRow.objects.all().delete()
    plan = ganzhou(county)
    groups = ("dibao", "tekun", "escaped_poverty", "monitored", "severe_disability")
    for place, category in enumerate(groups):
        add_row(plan, 40 + place, f"赣{category}", SHICAO, category, "", 100, 100)
    add_row(plan, 50, "选三百", SHICAO, "dibao", "", 300, 100)
    add_row(plan, 51, "未缴差额", SHICAO, "dibao", "", 300, 100)
    add_row(plan, 52, "已去世", SHICAO, "dibao", "", 100, 100)
    Person.objects.filter(name="已去世").update(died_on=date(2022, 8, 1), died_source="卫健名单")
    came = county.receive(
        "self_pay_receipts", [receipt("选三百", 300, 200), receipt("未缴差额", 300, 300)], batch="G1", now=at(6, 1)
    )
    assert county.results(came) == ["OK", "E-RECEIPT-FULL"]
    centre: Actor = county.at(Role.AGENCY_REVIEWER)
    claim = submit_claim(plan, actor=centre, now=SEPTEMBER)
    assert (claim.lines, claim.total_fen, claim.payer) == (6, 60_000, "")
    assert (county.states()["已去世"], county.states()["未缴差额"]) == ("excluded", "planned")
    provide(county, 600)
    claim = paid(county, approved(county, claim))
    allocate_claim(claim.pk, PAID, 6, 60_000, "税1", actor=county.at(Role.TAX_CLERK), now=OCTOBER)
    assert Counter(county.states().values()) == {"credited": 6, "excluded": 1, "planned": 1}
    of = Entry.objects.filter(lot__account__person__name="选三百").values_list("lot__source", "lot__origin", "amount_fen")
    assert set(of) == {("on_behalf", "2022", 10_000), ("own", "", 20_000)}
    assert {posting.debit for posting in Posting.objects.filter(subject=claim.subject, party="finance")} == {"assistance_expense"}


def test_the_people_of_the_county_are_those_of_the_table() -> None:
    assert sum(on_behalf for *_more, on_behalf in PEOPLE) == 920
