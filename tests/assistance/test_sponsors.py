"""Sponsors: the ceiling person by person, the payment once, the account entry, the balanced books and the receipt."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.models import Sum

from tests.cases.offices import Offices
from tests.people.tables import number
from zhubao.access.actors import OutOfScope
from zhubao.access.roles import Role
from zhubao.accounts.models import Entry
from zhubao.assistance.claiming import credit_rows
from zhubao.assistance.collecting import Paid, record_receipts
from zhubao.assistance.collecting_selectors import by_township, unpaid_rows
from zhubao.assistance.models import PlanRow, SponsoredPerson, SponsorKind, Sponsorship
from zhubao.assistance.sponsors import Wanted, note_payment, offer, put_on_accounts, register_sponsor, withdraw, write_receipt
from zhubao.errors import ZhubaoError
from zhubao.ledger.models import Posting
from zhubao.people.actions import register_person
from zhubao.people.models import Person

from .ledger_people import COUNTY, POLICY, SYSTEM, ZHONGJING, named, pengshui

pytestmark = pytest.mark.django_db
MAY = datetime(2022, 5, 10, 2, tzinfo=UTC)
DAY = date(2022, 5, 10)


@pytest.fixture
def offices() -> Offices:
    return pengshui()


def fisherman() -> Person:
    return register_person(number("19750102", 77), "冯江生", region_code=ZHONGJING, actor=SYSTEM, now=MAY)


def wanted(who: str, fee: int = 0, public: int = 0) -> Wanted:
    """Return somebody of the plan by name, or the former fisherman with fee and public part in yuan."""
    if who == "冯江生":
        return Wanted(fisherman(), None, "ex_fisherman", fee * 100, public * 100)
    row = named(who)
    return Wanted(row.person, row)


def offered(offices: Offices, each: int, *people: Wanted, key: str = "a", kind: str = SponsorKind.COLLECTIVE) -> Sponsorship:
    """Enter an offer of so many yuan for each."""
    actor = offices.at(Role.AGENCY_REVIEWER)
    sponsor = register_sponsor(kind, f"资助方 {kind}", region_code=COUNTY, actor=actor, now=MAY)
    given: dict[str, Any] = {"policy_id": POLICY, "year": 2022, "on": DAY, "actor": actor, "now": MAY}
    return offer(sponsor.pk, people, each_fen=each * 100, key=key, **given)


def paid(offices: Offices, made: Sponsorship, fen: int, reference: str = "YH-1") -> Sponsorship:
    return note_payment(made.pk, fen=fen, reference=reference, on=DAY, actor=offices.at(Role.TAX_CLERK), now=MAY)


@pytest.mark.clauses("gz-2a", "gz-2b")
@pytest.mark.parametrize(
    ("who", "fee", "public", "each", "refused", "ceiling"),
    [
        ("冯江生", 1000, 600, 400, "", 400),
        ("冯江生", 1000, 600, 401, "ceiling", 400),
        ("冉光荣", 0, 0, 30, "", 30),
        ("冉光荣", 0, 0, 31, "ceiling", 30),
        ("何世琼", 0, 0, 1, "ceiling", 0),
        ("庹德清", 0, 0, 1, "ceiling", 0),
        ("黎明华", 0, 0, 30, "excluded", 0),
        ("冯江生", 0, 0, 30, "tier", 0),
    ],
    ids=["费1000补600资助400 all of it", "401超限 one too much", "自付30 own part", "31超限 above own part", "本人已缴 paid already",
         "全额代缴 all on behalf", "不予代缴 excluded", "没选档 no tier"],
)  # fmt: skip
def test_the_ceiling(offices: Offices, who: str, fee: int, public: int, each: int, refused: str, ceiling: int) -> None:
    made = offered(offices, each, wanted(who, fee, public))
    line = SponsoredPerson.objects.get(sponsorship=made)
    assert (line.refused, line.ceiling_fen, line.accepted_fen) == (refused, ceiling * 100, 0 if refused else each * 100)
    assert made.state == ("refused" if refused else "checked")


@pytest.mark.clauses("gz-2a")
@pytest.mark.parametrize("kind", SponsorKind.values)
def test_from_the_offer_to_the_receipt(offices: Offices, kind: str) -> None:
    made = offered(offices, 200, wanted("冯江生", 300), kind=kind)
    assert offered(offices, 200, wanted("冯江生", 300), kind=kind).pk == made.pk
    for _again in range(2):
        assert paid(offices, made, 20_000).state == "paid"
    accountant = offices.at(Role.AGENCY_ACCOUNTANT)
    for _again in range(2):
        made = put_on_accounts(made.pk, actor=accountant, now=MAY)
        made.refresh_from_db()
    receipt = write_receipt(made.pk, actor=accountant, now=MAY)
    assert (receipt.receipt_number, write_receipt(made.pk, actor=accountant, now=MAY).receipt_on) == ("SJ500243-2022-0001", DAY)
    entry = Entry.objects.get()
    assert (entry.lot.source, entry.amount_fen, entry.lot.account.person_id) == ("sponsor", 20_000, fisherman().pk)
    books = {(each.party, each.debit, each.credit): each.amount_fen for each in Posting.objects.all()}
    assert books == {
        ("sponsor", "donation", "cash"): 20_000,
        ("tax", "collection_account", "contributions_collected"): 20_000,
        ("fund", "collection_account", "contributions"): 20_000,
        ("fund", "contributions", "personal_account_liability"): 20_000,
    }
    assert Posting.objects.filter(party="sponsor").aggregate(fen=Sum("amount_fen"))["fen"] == made.paid_fen


@pytest.mark.clauses("gz-2a")
@pytest.mark.parametrize(
    ("fen", "reference", "code"),
    [(2_999, "YH-1", "E-SPONSOR-PAYMENT"), (3_000, " ", "E-SPONSOR-PAYMENT"), (3_000, "YH-0", "E-SPONSOR-PAYMENT")],
    ids=["少一分 one fen short", "没凭证号 no number", "凭证号用过 used before"],
)
def test_payments_that_are_not_taken(offices: Offices, fen: int, reference: str, code: str) -> None:
    paid(offices, offered(offices, 30, wanted("向中玉"), key="earlier"), 3_000, "YH-0")
    made = offered(offices, 30, wanted("冉光荣"))
    with pytest.raises(ZhubaoError, match=code):
        paid(offices, made, fen, reference)


@pytest.mark.clauses("gz-2b")
def test_a_second_sponsor_who_comes_later_is_told_at_the_payment(offices: Offices) -> None:
    first, second = (offered(offices, 30, wanted("冉光荣"), key=key) for key in "ab")
    paid(offices, first, 3_000)
    with pytest.raises(ZhubaoError, match="E-SPONSOR-CEILING"):
        paid(offices, second, 3_000, "YH-2")
    withdraw(second.pk, "已由他方资助", actor=offices.at(Role.AGENCY_REVIEWER), now=MAY)
    assert offered(offices, 1, wanted("冉光荣"), key="c").state == "refused"


@pytest.mark.clauses("gz-2a")
def test_a_sponsored_own_part_counts_as_paid(offices: Offices) -> None:
    made = offered(offices, 30, wanted("冉光荣"), wanted("何世琼"))
    assert [line.refused for line in made.people.all()] == ["", "ceiling"]
    paid(offices, made, 3_000)
    put_on_accounts(made.pk, actor=offices.at(Role.AGENCY_ACCOUNTANT), now=MAY)
    row = named("冉光荣")
    assert (row.state, row.self_paid_fen, row.receipt_number) == ("self_paid", 3_000, made.number)
    assert PlanRow.objects.get(pk=named("何世琼").pk).self_paid_fen == 3_000
    # When the part on behalf arrives, the own part is on the account already, from the sponsor and not from the person.
    credit_rows(row.plan, [row], on=DAY, actor=SYSTEM, now=MAY)
    found = Entry.objects.filter(lot__account__person=row.person).values_list("lot__source", "amount_fen")
    assert sorted(found) == [("on_behalf", 7_000), ("sponsor", 3_000)]


@pytest.mark.clauses("gz-2a")
def test_a_sponsor_pays_part_of_an_own_part_and_the_person_the_rest(offices: Offices) -> None:
    made = offered(offices, 12, wanted("冉光荣"))
    paid(offices, made, 1_200)
    put_on_accounts(made.pk, actor=offices.at(Role.AGENCY_ACCOUNTANT), now=MAY)
    row = named("冉光荣")
    assert (row.state, row.self_paid_fen, row.self_pay_fen) == ("planned", 1_200, 3_000)
    assert sum(each.unpaid_fen for each in by_township(row.plan, DAY)) == sum(
        each.self_pay_fen - each.self_paid_fen for each in unpaid_rows(row.plan)
    )
    tax = offices.at(Role.TAX_CLERK)
    for fen, code in ((3_000, "E-RECEIPT-AMOUNT"), (10_000, "E-RECEIPT-SPONSORED")):
        [refused] = record_receipts(row.plan, [(row.person, Paid("PS-1", 10_000, fen, DAY))], actor=tax, now=MAY)
        assert isinstance(refused, ZhubaoError)
        assert refused.code == code
    record_receipts(row.plan, [(row.person, Paid("PS-1", 10_000, 1_800, DAY))], actor=tax, now=MAY)
    row = named("冉光荣")
    assert (row.state, row.self_paid_fen) == ("self_paid", 3_000)
    credit_rows(row.plan, [row], on=DAY, actor=SYSTEM, now=MAY)
    found = Entry.objects.filter(lot__account__person=row.person).values_list("lot__source", "amount_fen")
    assert sorted(found) == [("on_behalf", 7_000), ("own", 1_800), ("sponsor", 1_200)]


def test_who_does_what(offices: Offices) -> None:
    made = offered(offices, 30, wanted("冉光荣"))
    with pytest.raises(OutOfScope):
        note_payment(made.pk, fen=3_000, reference="YH", on=DAY, actor=offices.at(Role.AGENCY_REVIEWER), now=MAY)
    with pytest.raises(ZhubaoError, match="E-STATE"):
        put_on_accounts(made.pk, actor=offices.at(Role.AGENCY_ACCOUNTANT), now=MAY)
    for each, code in ((0, "E-SPONSOR-AMOUNT"), (30, "E-SPONSOR-NOBODY")):
        with pytest.raises(ZhubaoError, match=code):
            offered(offices, each, *([wanted("冉光荣")] if code == "E-SPONSOR-AMOUNT" else []), key=code)
