"""Refunds to those who had paid in full, and the settlement of the severely disabled between city and county."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.assistance.collection import CIVIL, COUNTY, MAY, RURAL, County, at, collected, pengshui, receipt, row
from tests.assistance.test_claiming import refused
from zhubao.access.roles import OrganisationKind, Role
from zhubao.accounts.control import differences
from zhubao.accounts.models import Entry
from zhubao.assistance.models import AssistanceClaim, AssistanceClaimLine, PlanDifference, Refund
from zhubao.assistance.reconciling import year_three_ways
from zhubao.assistance.refunding import correct_account, list_refunds, pay_refunds, return_refund
from zhubao.assistance.settling_disability import draw_up_settlement, settle_disability
from zhubao.exchange.models import Envelope
from zhubao.ledger.models import Posting
from zhubao.parameters import Parameter
from zhubao.people.actions import set_card
from zhubao.people.models import Person
from zhubao.programmes.actions import enter_figures
from zhubao.tasks.models import Task
from zhubao.tasks.selectors import late

pytestmark = pytest.mark.django_db
JUNE, PAID_ON = at(6, 1), date(2022, 6, 10)


@pytest.fixture
def county() -> County:
    made = pengshui()
    collected(made)
    return made


def card(county: County, name: str, digits: str) -> None:
    """Give a person a card account."""
    bank = county.office(OrganisationKind.BANK)
    person = Person.objects.get(name=name)
    set_card(person.pk, bank.pk, digits, starts_on=date(2020, 1, 1), actor=county.at(Role.AGENCY_REVIEWER), now=MAY)


def listed_refunds(county: County) -> dict[str, Refund]:
    """List the refunds of Tan (70) and Luo (100), both civil affairs'; Tan alone has a card."""
    card(county, "谭贵芳", "6217001000000000011")
    list_refunds(county.plan, actor=county.at(Role.AGENCY_REVIEWER), now=JUNE)
    return {each.row.person.name: each for each in Refund.objects.select_related("row__person")}


@pytest.mark.clauses("ps-2.2i", "ps-2.2j")
def test_the_part_on_behalf_goes_back_through_the_department(county: County) -> None:
    """Dibao paid 100: 70 go back; tekun paid 500: 100 go back. 30 and 400 stay own payments, 70 and 100 become on behalf."""
    refunds = listed_refunds(county)
    assert {name: each.amount_fen for name, each in refunds.items()} == {"谭贵芳": 7_000, "罗天才": 10_000}
    assert {each.due_on for each in refunds.values()} == {date(2022, 7, 1)}
    sent = Envelope.objects.get(kind="refund_list")
    assert (sent.receiver.kind, sent.count, sent.total_fen) == ("civil_affairs", 2, 17_000)
    assert list_refunds(county.plan, actor=county.at(Role.AGENCY_REVIEWER), now=JUNE) == []
    # Open on the 31st day: overdue.
    assert not late(county.department(CIVIL), JUNE.date() + timedelta(30)).filter(kind="assistance_refund.pay").exists()
    assert late(county.department(CIVIL), JUNE.date() + timedelta(31)).filter(kind="assistance_refund.pay").exists()
    tan = refunds["谭贵芳"]
    paying = {"actor": county.department(CIVIL), "now": at(6, 12)}
    refused("E-SCOPE", pay_refunds, county.plan, [tan.pk], PAID_ON, "F1", actor=county.department(RURAL), now=at(6, 12))
    refused("E-SCOPE", pay_refunds, county.plan, [tan.pk], PAID_ON, "F1", actor=county.at(Role.FINANCE_CLERK), now=at(6, 12))
    refused("E-REFUND-DAY", pay_refunds, county.plan, [tan.pk], date(2022, 5, 30), "F1", **paying)
    refused("E-REFUND-REFERENCE", pay_refunds, county.plan, [tan.pk], PAID_ON, "", **paying)
    refused("E-REFUND-ACCOUNT", pay_refunds, county.plan, [tan.pk, refunds["罗天才"].pk], PAID_ON, "F1", **paying)
    assert pay_refunds(county.plan, [tan.pk], PAID_ON, "F1", **paying) == 1  # type: ignore[arg-type]
    assert pay_refunds(county.plan, [tan.pk], PAID_ON, "F1", **paying) == 0  # type: ignore[arg-type]
    assert row("谭贵芳").state == "refunded"
    postings = {(each.party, each.debit, each.credit): each.amount_fen for each in Posting.objects.filter(subject=tan.subject)}
    assert postings == {("person", "cash", "contribution"): 7_000, ("department", "assistance_expense", "cash"): 7_000}
    assert by_source("谭贵芳") == {"own": 3_000, "on_behalf": 7_000}
    assert differences(COUNTY)[1] == []
    assert year_three_ways(county.plan).refunded_fen == 7_000


def by_source(name: str) -> dict[str, int]:
    """Return what a person's account holds by source, fen."""
    sums: Counter[str] = Counter()
    for source, fen in Entry.objects.filter(lot__account__person__name=name).values_list("lot__source", "amount_fen"):
        sums[source] += fen
    return {source: fen for source, fen in sums.items() if fen}


@pytest.mark.clauses("ps-2.2j")
def test_a_refund_that_came_back_is_an_open_item_until_the_account_is_right(county: County) -> None:
    tan, civil = listed_refunds(county)["谭贵芳"], county.department(CIVIL)
    pay_refunds(county.plan, [tan.pk], PAID_ON, "F1", actor=civil, now=at(6, 12))
    refused("E-REASON", return_refund, tan.pk, date(2022, 6, 15), " ", actor=civil, now=at(6, 16))
    return_refund(tan.pk, date(2022, 6, 15), "账户已销户", actor=civil, now=at(6, 16))
    refused("E-REFUND-STATE", return_refund, tan.pk, date(2022, 6, 15), "再退", actor=civil, now=at(6, 16))
    assert (row("谭贵芳").state, by_source("谭贵芳")) == ("refund_listed", {"own": 10_000})
    assert [each.kind for each in PlanDifference.objects.open()] == ["refund_returned"]
    assert Task.objects.open().filter(subject=tan.subject, role=Role.AGENCY_REVIEWER).exists()
    refused("E-REFUND-ACCOUNT", pay_refunds, county.plan, [tan.pk], date(2022, 6, 20), "F2", actor=civil, now=at(6, 20))
    bank, centre = county.office(OrganisationKind.BANK), county.at(Role.AGENCY_REVIEWER)
    correct_account(tan.pk, bank.pk, "6217001000000000029", "本人提供新卡", actor=centre, now=at(6, 18))
    pay_refunds(county.plan, [tan.pk], date(2022, 6, 20), "F2", actor=civil, now=at(6, 20))
    assert (row("谭贵芳").state, by_source("谭贵芳")) == ("refunded", {"own": 3_000, "on_behalf": 7_000})
    assert not PlanDifference.objects.open().exists()
    books = Posting.objects.filter(subject=tan.subject, party="department")
    assert sum(each.amount_fen if each.credit == "cash" else -each.amount_fen for each in books) == 7_000


@pytest.mark.clauses("ps-2.2i")
def test_who_is_refunded_is_in_no_claim_and_asked_for_once(county: County) -> None:
    tan = listed_refunds(county)["谭贵芳"]
    values = {name: getattr(tan, name) for name in ("region_code", "plan", "row", "payer", "office", "amount_fen", "listed_on")}
    with pytest.raises(IntegrityError, match="row_id"), transaction.atomic():
        Refund.objects.create(**values, batch="again")
    claim = AssistanceClaim.objects.create(
        region_code=COUNTY, plan=county.plan, number="DJ", payer=CIVIL, office=tan.office, sequence=1, state="submitted",
        state_since=JUNE, lines=1, total_fen=7_000, submitted_on=JUNE.date(),
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="refunded"), transaction.atomic():
        AssistanceClaimLine.objects.create(claim=claim, row=tan.row, amount_fen=7_000)
    AssistanceClaimLine.objects.create(claim=claim, row=row("冉光荣"), amount_fen=7_000)
    with pytest.raises(IntegrityError, match="claimed"), transaction.atomic():
        Refund.objects.create(**{**values, "row": row("冉光荣")}, batch="beside")


@pytest.mark.clauses("ps-2.2m", "ps-1g")
def test_city_and_county_settle_the_severely_disabled_by_the_split_in_force(county: County) -> None:
    """Two people at 100, one with his own 100 for the tier of 200: 200 yuan, by 55 % the city bears 110 and the county 90."""
    first, second = county.at(Role.FINANCE_CLERK), county.at(Role.FINANCE_CLERK, other=True)
    county.receive("self_pay_receipts", [receipt("杨胜发", 200, 100)], batch="S2", now=at(6, 1))
    refused("E-SPLIT-MISSING", draw_up_settlement, county.plan, actor=first, now=at(12, 1))
    split = Parameter(
        "setting.disability_city_percent",
        "55",
        "",
        COUNTY,
        date(2022, 1, 1),
        None,
        source="渝财社〔2022〕3号",
        decided_by="市财政局",
    )
    enter_figures([split], actor=county.at(Role.HRSS_SUPERVISOR), now=at(11, 1))
    refused("E-SCOPE", draw_up_settlement, county.plan, actor=county.department(CIVIL), now=at(12, 1))
    made = draw_up_settlement(county.plan, actor=first, now=at(12, 1))
    assert (made.lines, made.total_fen, made.city_fen, made.county_fen) == (2, 20_000, 11_000, 9_000)
    assert Task.objects.open().get(subject=made.subject).due_on == date(2022, 12, 31)
    refused("E-SETTLEMENT-EMPTY", draw_up_settlement, county.plan, actor=first, now=at(12, 1))
    on = date(2022, 12, 10)
    refused("E-SAME-PERSON", settle_disability, made.pk, on, "J1", actor=first, now=at(12, 12))
    refused("E-SETTLEMENT-REFERENCE", settle_disability, made.pk, on, " ", actor=second, now=at(12, 12))
    settle_disability(made.pk, on, "J1", actor=second, now=at(12, 12))
    before = Posting.objects.count()
    settle_disability(made.pk, on, "J1", actor=second, now=at(12, 13))
    refused("E-SETTLEMENT-TAKEN", settle_disability, made.pk, on, "J2", actor=second, now=at(12, 13))
    assert Posting.objects.count() == before
    books = {
        (each.party, each.party_reference == "city", each.debit, each.credit): each.amount_fen
        for each in Posting.objects.filter(subject=made.subject)
    }
    assert books == {
        ("finance", True, "assistance_expense", "treasury_cash"): 11_000,
        ("finance", False, "assistance_expense", "treasury_cash"): 9_000,
        ("fund", False, "contributions_receivable", "contributions"): 20_000,
        ("fund", False, "fund_cash", "contributions_receivable"): 20_000,
    }
    assert (by_source("廖永碧"), by_source("杨胜发")) == ({"on_behalf": 10_000}, {"on_behalf": 10_000, "own": 10_000})
    assert {county.states()[name] for name in ("廖永碧", "杨胜发")} == {"credited"}
    assert differences(COUNTY)[1] == []
