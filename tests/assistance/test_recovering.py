"""Somebody died before the contribution was due and that becomes known after it was credited: listed once, booked back, books agree."""

from datetime import date

import pytest

from tests.assistance.collection import County, at, listed_county, row
from tests.assistance.test_claiming import approved, claimed, paid, provide
from zhubao.access.roles import Role
from zhubao.accounts.control import differences
from zhubao.accounts.models import Entry
from zhubao.assistance.claiming import allocate_claim
from zhubao.assistance.models import PlanRow, Recovery
from zhubao.assistance.reconciling import claims_three_ways
from zhubao.assistance.recovering import RECOVER, book_recovery, find_recoveries
from zhubao.errors import ZhubaoError
from zhubao.ledger.models import Posting
from zhubao.people.actions import record_death
from zhubao.tasks.models import Task

pytestmark = pytest.mark.django_db
FOUND = at(11, 7)


@pytest.fixture
def county() -> County:
    """Return Pengshui with civil affairs' four people credited: 冉光荣 and 向中玉 paid their own part on 18 May."""
    county = listed_county()
    provide(county, 1_000)
    claim = paid(county, approved(county, claimed(county)))
    tax = county.at(Role.TAX_CLERK)
    allocate_claim(claim.pk, date(2022, 10, 11), claim.lines, claim.total_fen, "划转2022-9", actor=tax, now=at(10, 12))
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
