"""Somebody died before the contribution was due and that becomes known after it was credited: listed once, booked back, books agree."""

from datetime import date

import pytest
from django.db import transaction

from tests.assistance.collection import SYSTEM, County, at, listed_county, row
from tests.assistance.test_claiming import approved, claimed, paid, provide
from zhubao.access.roles import Role
from zhubao.accounts.actions import pay_out
from zhubao.accounts.after_death import actions as after_death
from zhubao.accounts.after_death.actions import claim, find_all
from zhubao.accounts.after_death.models import AfterDeath
from zhubao.accounts.control import differences
from zhubao.accounts.models import Account, Entry
from zhubao.accounts.selectors import balance
from zhubao.assistance.claiming import allocate_claim
from zhubao.assistance.models import PlanRow, Recovery
from zhubao.assistance.reconciling import claims_three_ways
from zhubao.assistance.recovering import RECOVER, book_recovery, find_recoveries
from zhubao.errors import ZhubaoError
from zhubao.ledger.models import Posting
from zhubao.people.actions import record_death
from zhubao.procedures import heirs_paid
from zhubao.tasks.models import Task

pytestmark = pytest.mark.django_db
FOUND = at(11, 7)


@pytest.fixture
def county() -> County:
    """Return the county in which the money reached the accounts."""
    return credited_county()


def credited_county() -> County:
    """Return Pengshui with civil affairs' four people credited: 冉光荣 and 向中玉 paid their own part on 18 May."""
    county = listed_county()
    provide(county, 1_000)
    funds = paid(county, approved(county, claimed(county)))
    tax = county.at(Role.TAX_CLERK)
    allocate_claim(funds.pk, date(2022, 10, 11), funds.lines, funds.total_fen, "划转2022-9", actor=tax, now=at(10, 12))
    return county


@pytest.mark.clauses("gz-10d")
def test_whoever_died_before_the_due_day_is_listed_once_and_the_money_booked_back(county: County) -> None:
    accountant = county.at(Role.AGENCY_ACCOUNTANT)
    assert find_recoveries(county.plan, actor=accountant, now=FOUND) == []
    for name, died in (("冉光荣", date(2022, 5, 1)), ("向中玉", date(2022, 6, 1)), ("任廷芳", date(2022, 5, 1))):
        record_death(row(name).person_id, died, "卫健名单", actor=accountant, now=FOUND)
    [found] = find_recoveries(county.plan, actor=accountant, now=FOUND)
    assert (found.row, found.amount_fen, found.died_on) == (row("冉光荣"), 7_000, date(2022, 5, 1))
    assert (found.owed_since, found.due_on) == (date(2022, 5, 18), date(2022, 12, 7))
    assert find_recoveries(county.plan, actor=accountant, now=FOUND) == []
    task = Task.objects.open().get(kind=RECOVER)
    assert (task.subject, task.role) == (found.subject, "agency_accountant")
    for actor, on, reference, code in (
        (county.at(Role.TAX_CLERK), date(2022, 11, 8), "SK-1", "E-SCOPE"),
        (accountant, date(2022, 11, 1), "SK-1", "E-RECOVERY-DAY"),
        (accountant, date(2022, 11, 8), " ", "E-RECOVERY-REFERENCE"),
    ):
        with pytest.raises(ZhubaoError) as refused:
            book_recovery(found.pk, on, reference, actor=actor, now=at(11, 9))
        assert refused.value.code == code
    for _again in range(2):
        booked = book_recovery(found.pk, date(2022, 11, 8), "SK-1", actor=accountant, now=at(11, 9))
    assert booked.recovered_on == date(2022, 11, 8)
    assert not Task.objects.open().filter(kind=RECOVER).exists()
    assert sum(Entry.objects.filter(subject=found.row.subject, lot__source="on_behalf").values_list("amount_fen", flat=True)) == 0
    posted = Posting.objects.filter(subject=found.subject).values_list("party", "debit", "credit", "amount_fen")
    assert set(posted) == {
        ("department", "fiscal_appropriation", "assistance_expense", 7_000),
        ("finance", "treasury_cash", "assistance_appropriation", 7_000),
        ("fund", "contributions", "pending_account", 7_000),
    }
    assert all(each.agrees for each in claims_three_ways(county.plan))
    assert differences(county.plan.region_code)[1] == []


def test_a_death_that_becomes_known_when_the_row_is_closed_out_or_the_year_over_is_listed_too(county: County) -> None:
    reviewer = county.at(Role.AGENCY_REVIEWER)
    record_death(row("庹德清").person_id, date(2021, 12, 30), "殡葬名单", actor=reviewer, now=FOUND)
    PlanRow.objects.filter(pk=row("庹德清").pk).update(state="closed_out", closed_out_on=FOUND.date(), closed_out_proof="凭证")
    county.plan.state = "closed"
    county.plan.save()
    [found] = find_recoveries(county.plan, actor=reviewer, now=FOUND)
    assert (found.amount_fen, found.owed_since) == (10_000, date(2022, 1, 10))
    assert Recovery.objects.open().count() == 1


HEIRS_PAID = date(2022, 11, 7)


def account_of_the_dead(county: County) -> tuple[AfterDeath, Recovery]:
    """Have 冉光荣's death become known: 100 yuan are in the account, 70 of them on behalf; the son has asked for it."""
    accountant, person = county.at(Role.AGENCY_ACCOUNTANT), row("冉光荣").person
    record_death(person.pk, date(2022, 5, 1), "卫健名单", actor=accountant, now=FOUND)
    record = next(each for each in find_all(county.plan.region_code, now=FOUND) if each.person_id == person.pk)
    claim(record.pk, "冉建国", "长子", "公证书 12 号", actor=county.at(Role.AGENCY_INTAKE), now=FOUND)
    [found] = find_recoveries(county.plan, actor=accountant, now=FOUND)
    return record, found


def settled(county: County, record: AfterDeath, found: Recovery) -> tuple[int, int, dict[str, int], list[tuple[str, str, int]]]:
    """Return what the heirs have, what came back, what is left by source, and what the recovery posted."""
    record.refresh_from_db()
    found.refresh_from_db()
    posted = Posting.objects.filter(subject=found.subject).order_by("party").values_list("debit", "credit", "amount_fen")
    assert differences(county.plan.region_code)[1] == []
    assert all(each.agrees for each in claims_three_ways(county.plan))
    assert found.recovered_on is not None
    return record.paid_fen, found.amount_fen, balance(record.person).by_source, list(posted)


def test_recovery_and_heirs_come_to_the_same_whichever_is_first(county: County) -> None:
    """100 yuan in the account, 70 of them to go back: the heirs have 30 in the end, whoever was first."""
    record, found = account_of_the_dead(county)
    accountant, approver, later = county.at(Role.AGENCY_ACCOUNTANT), county.at(Role.AGENCY_APPROVER), at(11, 9)
    back = date(2022, 11, 9)
    with pytest.raises(ZhubaoError, match="E-RECOVERY-FIRST"):
        heirs_paid.pay_heirs(record.pk, HEIRS_PAID, "F1", actor=approver, now=later)
    with transaction.atomic():
        book_recovery(found.pk, back, "SK-1", actor=accountant, now=later)
        assert balance(record.person).fen == 3_000
        heirs_paid.pay_heirs(record.pk, back, "F1", actor=approver, now=later)
        recovery_first = settled(county, record, found)
        transaction.set_rollback(True)

    # The heirs were paid before anybody knew that the part on behalf had to go back.
    after_death.pay_heirs(record.pk, HEIRS_PAID, "F1", actor=approver, now=later)
    assert balance(record.person).fen == 0
    with pytest.raises(ZhubaoError, match="E-RECOVERY-HEIRS") as refused:
        book_recovery(found.pk, back, "SK-1", actor=accountant, now=later)
    assert "2022-11-07 付给继承人 冉建国，其中代缴的 70.00 元" in refused.value.problem.zh
    assert balance(record.person).fen == 0
    for _again in range(2):
        book_recovery(found.pk, back, "SK-1", payer="冉建国", actor=accountant, now=later)
    heirs_first = settled(county, record, found)
    assert recovery_first == heirs_first
    assert heirs_first[:3] == (3_000, 7_000, {"on_behalf": 0, "own": 0})
    [money] = record.money.all()
    assert (money.amount_fen, money.to_account_fen, money.payer, money.reference) == (7_000, 7_000, "冉建国", "SK-1")
    assert record.state == "closed"
    assert not Task.objects.open().filter(subject__in=(record.subject, found.subject)).exists()


def test_interest_stays_with_the_heirs_who_give_back(county: County) -> None:
    record, found = account_of_the_dead(county)
    account = Account.objects.get(person=record.person)
    earned = Entry(
        batch=Entry.objects.filter(lot__account=account)[0].batch,
        lot=account.lots.get(source="on_behalf"),
        kind="interest",
        on=HEIRS_PAID,
        amount_fen=77,
        carried_fen=0,
    )
    earned.save()
    accountant, approver, later = county.at(Role.AGENCY_ACCOUNTANT), county.at(Role.AGENCY_APPROVER), at(11, 9)
    after_death.pay_heirs(record.pk, HEIRS_PAID, "F1", actor=approver, now=later)
    book_recovery(found.pk, date(2022, 11, 9), "SK-1", payer="冉建国", actor=accountant, now=later)
    record.refresh_from_db()
    assert (record.paid_fen, set(balance(record.person).by_source.values())) == (3_077, {0})


def test_money_that_left_the_account_otherwise_is_named(county: County) -> None:
    record, found = account_of_the_dead(county)
    later = at(11, 9)
    pay_out(
        Account.objects.get(person=record.person),
        9_000,
        on=HEIRS_PAID,
        subject="benefit:1",
        key="2022-10",
        actor=SYSTEM,
        now=later,
    )
    with pytest.raises(ZhubaoError, match="E-RECOVERY-ACCOUNT") as refused:
        book_recovery(found.pk, date(2022, 11, 9), "SK-1", payer="冉建国", actor=county.at(Role.AGENCY_ACCOUNTANT), now=later)
    assert "只剩 7.00 元，需 70.00 元" in refused.value.problem.zh
