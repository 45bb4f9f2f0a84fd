"""The demonstration's years of contributions on behalf: Pengshui's 2022 closed to zero, its 2026 with work at every desk."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Sum

from zhubao.access.actors import Actor
from zhubao.access.audit import broken_links
from zhubao.accounts.models import InterestRun
from zhubao.accounts.selectors import balance
from zhubao.assistance.models import AssistanceClaim, AssistancePlan, PlanDifference, PlanRow, Refund
from zhubao.assistance.reconciling import claims_three_ways, year_three_ways
from zhubao.demonstration.county import county
from zhubao.demonstration.parameters import demonstration_parameters_for
from zhubao.demonstration.regions import REGIONS
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import trial_balance
from zhubao.procedures import demonstration
from zhubao.procedures.demonstration_assistance.accounts import live_accounts
from zhubao.procedures.demonstration_assistance.living import live_year
from zhubao.procedures.demonstration_cases.offices import Desk
from zhubao.programmes.actions import enter_figures
from zhubao.tasks.models import Task

pytestmark = pytest.mark.django_db
COUNTY = "500243"


@pytest.fixture(scope="module", autouse=True)
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Live both years of Pengshui once for this module, and take it all back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        demonstration.open_every_office(password="a password for tests")
        enter_figures(demonstration_parameters_for("pengshui"), actor=Actor.system("test"), now=demonstration.OPENED)
        people = next(place.people for place in county(demonstration.PEOPLE, demonstration.SEED) if place.region == "pengshui")
        live_year("pengshui", 2022, people, date(2026, 11, 20))
        live_accounts(Desk(REGIONS["pengshui"]))
        live_year("pengshui", 2026, people, date(2026, 11, 20))
        yield
        transaction.set_rollback(True)


def plan(year: int) -> AssistancePlan:
    return AssistancePlan.objects.get(region_code=COUNTY, year=year)


def test_the_year_2022_is_closed_and_nobody_was_missed() -> None:
    closed = plan(2022)
    assert closed.state == "closed"
    rows = PlanRow.objects.filter(plan=closed)
    assert set(rows.values_list("state", flat=True)) == {"closed_out"}
    assert not rows.filter(closed_out_proof="").exists()
    assert not PlanDifference.objects.filter(plan=closed, closed_at=None).exists()


def test_what_was_credited_is_what_finance_paid() -> None:
    closed = plan(2022)
    credited = PlanRow.objects.filter(plan=closed, credited_on__isnull=False)
    claimed = AssistanceClaim.objects.filter(plan=closed)
    assert set(claimed.values_list("state", flat=True)) == {"allocated"}
    county_rows = credited.filter(channel="county")
    assert claimed.aggregate(fen=Sum("total_fen"))["fen"] == county_rows.aggregate(fen=Sum("on_behalf_fen"))["fen"]
    assert not credited.filter(self_paid_fen__lt=F("self_pay_fen")).exists()
    assert all(each.agrees for each in claims_three_ways(closed))
    year = year_three_ways(closed)
    assert (year.open_fen, year.accounted_fen) == (0, year.planned_fen)


def test_who_paid_in_full_got_the_part_on_behalf_back() -> None:
    refunds = Refund.objects.filter(plan=plan(2022))
    assert refunds.exists()
    assert set(refunds.values_list("state", flat=True)) == {"paid"}
    assert not refunds.exclude(amount_fen=F("row__on_behalf_fen")).exists()


def test_an_account_bears_the_interest_of_ten_years() -> None:
    assert list(InterestRun.objects.posted().order_by("year").values_list("year", flat=True)) == list(range(2016, 2026))
    grown_up = PlanRow.objects.filter(plan=plan(2022), credited_on__isnull=False, person__born__year__lt=2000)
    row = grown_up.filter(on_behalf_fen=70_00, self_paid_fen=30_00).order_by("person_id").first()
    assert row is not None
    held = balance(row.person, date(2025, 12, 31))
    assert held.by_source.keys() == {"own", "on_behalf"}
    assert held.fen - held.interest_fen == sum(lot.paid_in_fen for lot in held.lots) == 9 * 100_00 + 100_00
    assert held.interest_fen > 0


def test_the_books_balance() -> None:
    assert list(broken_links(COUNTY)) == []
    for party in Party:
        assert sum(each.fen for each in trial_balance(Actor.system("test"), COUNTY, party=party)) == 0


def test_the_year_that_goes_on_leaves_work_to_the_desks() -> None:
    assert plan(2026).state == "published"
    states = Counter(PlanRow.objects.filter(plan=plan(2026)).values_list("state", flat=True))
    assert {"planned", "self_paid", "excluded", "closed_out"} <= states.keys()
    roles = set(Task.objects.open().filter(region_code__startswith=COUNTY).values_list("role", flat=True))
    assert {"certifier", "finance_clerk", "tax_clerk", "committee_member"} <= roles
