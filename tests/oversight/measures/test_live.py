"""Indicators counted from cases and loans: who the loans were for, how long and how easy it was."""

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from tests.people.tables import SYSTEM, number
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind
from zhubao.accounts.models import Account, SubsidyRun
from zhubao.cases.models import Application, Case, Step
from zhubao.loans.models import Loan
from zhubao.loans.states import process_of
from zhubao.oversight.measures.indicators import Asked, read, share_ppm
from zhubao.people.actions import register_person
from zhubao.people.models import InsuredRecord, Person, Scheme

from .counties import a_county, at

pytestmark = pytest.mark.django_db
JIANGXI, RUGAO, TONGLING = "jiangxi-2020-7", "rugao-draft", "tongling-2022-13"
AREAS = {JIANGXI: "360702", RUGAO: "320682", TONGLING: "340705"}
FIRST, LAST = date(2022, 1, 1), date(2022, 3, 31)
STATE = {policy: process_of(policy).first for policy in AREAS}
_serial = count(101, 2)


def values(name: str, policy: str) -> list[tuple[str, int, int | None]]:
    """Return the readings of an indicator in the first quarter of 2022."""
    return [(each.part, each.numerator, each.denominator) for each in read(name, Asked(AREAS[policy], policy, FIRST, LAST))]


def bank(policy: str) -> Organisation:
    """Return the county's bank."""
    return Organisation.objects.get(kind=OrganisationKind.BANK, region_id=AREAS[policy])


def a_case(policy: str, *, channel: str = "counter", filed: date = date(2022, 2, 1), **form: Any) -> Case:
    """Write down an application filed on a day, with what its form says."""
    serial = next(_serial)
    person = register_person(
        number("19700101", serial), f"人{serial}", region_code=AREAS[policy], actor=SYSTEM, now=at(2022, 1, 1)
    )
    case = Case.objects.create(
        region_code=AREAS[policy], number=f"C{serial}", policy_id=policy, person=person, state="draft", state_since=filed,
        channel=channel, opened_at=at(filed.year, filed.month, filed.day), filed_on=filed, bank=bank(policy),
    )  # fmt: skip
    Application.objects.create(case=case, changed_at=at(2022, 2, 1), **form)
    return case


def a_loan(case: Case) -> Person:
    """Write down a loan of an application, and return the borrower."""
    agency = Organisation.objects.get(kind=OrganisationKind.AGENCY, region_id=case.region_code)
    Loan.objects.create(
        region_code=case.region_code, number=f"L{case.number}", case_number=case.number, policy_id=case.policy_id,
        person=case.person, bank=bank(case.policy_id), agency=agency, state=STATE[case.policy_id],
        state_since=at(2022, 3, 1), signed_on=date(2022, 3, 1), principal_cap_fen=1_000_000, years=1, grace_months=12,
        rate_ppm=38_000, method="x", pension_month=date(2023, 3, 1), opened_at=at(2022, 3, 1),
    )  # fmt: skip
    return case.person


def insured(person: Person, on: date, **known: Any) -> None:
    """Record what the scheme says of somebody on a day, instead of what it said before."""
    InsuredRecord.objects.filter(person=person, superseded_at=None).update(superseded_at=at(on.year, on.month, on.day))
    InsuredRecord.objects.create(
        person=person, scheme=Scheme.RESIDENT, source="参保库", recorded_at=at(on.year, on.month, on.day), recorded_on=on, **known
    )


@pytest.mark.clauses("jx-5.2f")
def test_how_long_how_many_papers_and_how_many_online() -> None:
    a_county()
    for channel, days in (("online", 3), ("counter", 5), ("counter", 12)):
        case = a_case(JIANGXI, channel=channel)
        on = date(2022, 2, 1) + timedelta(days=days)
        Step.objects.create(
            case=case, number=1, verb="decide", start="proposed", end="loan_qualified", at=at(2022, 2, 20), on=on, role="x",
            actor_name="x", key=case.number,
        )  # fmt: skip
    a_case(JIANGXI, filed=date(2021, 12, 31))
    assert values("online_share", JIANGXI) == [("", 1, 3)]
    assert values("handling_days", JIANGXI) == [("", 5, None)]
    assert values("papers_wanted", JIANGXI) == [("", 1, None)]
    assert (values("applications", JIANGXI), values("approvals", JIANGXI)) == ([("", 3, None)], [("", 3, None)])


@pytest.mark.clauses("tl-5.2b")
def test_online_by_bank() -> None:
    a_county(AREAS[TONGLING])
    other = Organisation.objects.create(kind=OrganisationKind.BANK, region_id="34", name="B")
    cases = [a_case(TONGLING, channel="online" if nth < 3 else "bank") for nth in range(6)]
    Case.objects.filter(pk__in=[case.pk for case in cases[4:]]).update(bank=other)
    shares = {part: share_ppm(online, every) for part, online, every in values("online_share_by_bank", TONGLING)}
    assert shares == {f"bank-{bank(TONGLING).pk}": 750_000, f"bank-{other.pk}": 0}


@pytest.mark.clauses("jx-0.3")
def test_ten_borrowers_four_of_five_gaps_closed() -> None:
    a_county()
    for nth in range(10):
        person = a_loan(a_case(JIANGXI, back_payable_months=6 if nth < 5 else 0))
        insured(person, date(2022, 3, 20), back_payable_months=0 if nth < 4 else 6)
    assert values("gaps_closed", JIANGXI) == [("", 4, 5)]
    assert values("loans_open", JIANGXI) == [("", 10, None)]


@pytest.mark.clauses("tl-0.2")
def test_the_average_tier_before_and_with_the_loan() -> None:
    a_county(AREAS[TONGLING])
    for before in (500_00, 1_000_00):
        case = a_case(TONGLING, tier_fen=3_000_00)
        insured(case.person, date(2022, 1, 5), chosen_tier_fen=before)
        a_loan(case)
        insured(case.person, date(2022, 3, 25), chosen_tier_fen=3_000_00)
    assert values("tiers_before_and_after", TONGLING) == [("before", 750_00, None), ("after", 3_000_00, None)]
    assert values("bank_borrowers", TONGLING) == [(f"bank-{bank(TONGLING).pk}", 2, None)]


@pytest.mark.clauses("rg-1")
def test_three_of_ten_have_the_months_and_draw_a_pension() -> None:
    a_county(AREAS[RUGAO])
    for nth in range(10):
        case = a_case(RUGAO)
        person = a_loan(case)
        months = 168 if nth == 3 else 170
        insured(person, date(2022, 3, 20), paid_months=months, deemed_months=11, receiving_pension=nth < 4)
    assert values("pension_reached", RUGAO) == [("", 3, 10)]


def test_contribution_subsidies_by_payer_and_accounts_with_interest() -> None:
    a_county()
    for number_, posted in ((1, at(2022, 2, 10)), (2, None)):
        SubsidyRun.objects.create(
            region_code=AREAS[JIANGXI], year=2021, number=number_, up_to=date(2022, 1, 31), superior_fen=4_000, local_fen=1_000,
            opened_at=at(2022, 2, 1), opened_by_name="x", posted_at=posted,
        )  # fmt: skip
    assert values("contribution_subsidy_fen", JIANGXI) == [("superior", 4_000, None), ("local", 1_000, None)]
    for _nth in range(2):
        person = a_case(JIANGXI).person
        Account.objects.create(person=person, region_code=AREAS[JIANGXI], opened_on=date(2021, 5, 1))
    assert values("accounts_credited", JIANGXI) == [("", 0, 2)]
