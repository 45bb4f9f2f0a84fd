"""Pensions credited as bank and agency report them: what cannot be is answered with the reason, and a month counts once."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.loans.lives import COUNTY, SYSTEM, PostOf, at, life_of
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind
from zhubao.exchange.models import EnvelopeState
from zhubao.lending import Kind
from zhubao.loans.deductions.crediting import approved_for
from zhubao.loans.models import Loan, LoanEvent, PensionCredit
from zhubao.loans.repaying import record_pension
from zhubao.loans.states import RUGAO

from . import deductions as bank
from .retirements import JULY, retiring

pytestmark = pytest.mark.django_db


@pytest.mark.clauses("rg-14.1c", "rg-14.1b")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"gross_fen": 90_000}, "E-CREDIT-NOT-FULL", id="轧差后入账"),
        pytest.param({"month": date(2022, 9, 1)}, "E-CREDIT-MONTH", id="还没到的月份"),
        pytest.param({"credited_on": date(2023, 7, 15)}, "E-CREDIT-MONTH", id="将来的日期"),
        pytest.param({"loan_number": "L9"}, "E-LOAN-UNKNOWN", id="没有的贷款"),
        pytest.param({"basic_fen": 180_001}, "E-PENSION", id="基础养老金超过全额"),
    ],
)
def test_a_credit_that_cannot_be_is_answered_with_the_reason(change: dict[str, Any], code: str, post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    row = replace(bank.credited(life, JULY, 180_000, date(2022, 7, 15)), **change)
    done = bank.load_credits(life, [row], "C1", date(2022, 7, 20))
    assert (done.state, done.lines.get().result_code) == (EnvelopeState.REFUSED, code)
    assert done.lines.get().message
    assert not PensionCredit.objects.exists()


@pytest.mark.clauses("rg-14.1b")
def test_a_pension_paid_by_another_bank_or_to_another_person_is_refused(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    other = life_of(RUGAO, post_of, name="L2", sequence=46)
    wrong = replace(
        bank.credited(life, JULY, 180_000, date(2022, 7, 15)), id_number=bank.credited(other, JULY, 1, JULY).id_number
    )
    assert bank.load_credits(life, [wrong], "C1", date(2022, 7, 20)).lines.get().result_code == "E-CREDIT-PERSON"
    row = bank.credited(life, JULY, 180_000, date(2022, 7, 15))
    stranger = Organisation.objects.create(kind=OrganisationKind.BANK, name="别的银行", region_id=COUNTY)
    Loan.objects.filter(pk=life.loan.pk).update(bank=stranger)
    assert bank.load_credits(life, [row], "C2", date(2022, 7, 20)).lines.get().result_code == "E-CREDIT-BANK"
    assert not PensionCredit.objects.exists()


def test_the_same_month_is_credited_once(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    row = bank.credited(life, JULY, 180_000, date(2022, 7, 15))
    assert bank.load_credits(life, [row], "C1", date(2022, 7, 20)).state == EnvelopeState.ACCEPTED
    assert bank.load_credits(life, [row], "C2", date(2022, 7, 21)).state == EnvelopeState.ACCEPTED
    again = bank.load_credits(life, [replace(row, gross_fen=190_000)], "C3", date(2022, 7, 22))
    assert again.lines.get().result_code == "E-CREDIT-AGAIN"
    assert PensionCredit.objects.get().gross_fen == 180_000


def test_the_agencys_figures_are_the_pension_itself_a_banks_are_only_compared(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    august = date(2022, 8, 1)
    bank.load_credits(life, [bank.credited(life, JULY, 185_000, date(2022, 7, 15))], "C1", date(2022, 7, 20))
    assert not LoanEvent.objects.filter(key="pension:2022-08-01").exists()
    row = bank.credited(life, august, 190_000, date(2022, 8, 15))
    bank.load_credits(life, [row], "C2", date(2022, 8, 20), by_agency=True)
    assert LoanEvent.objects.get(key="pension:2022-08-01").amount == 190_000


def test_another_figure_of_the_agency_for_the_month_the_pension_begins_holds_instead_of_the_first(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    told = LoanEvent.objects.filter(loan=life.loan, key__startswith="pension:2022-07-01")
    assert [(event.key, event.amount) for event in told] == [("pension:2022-07-01", 180_000)]
    row = bank.credited(life, JULY, 185_000, date(2022, 7, 15))
    bank.load_credits(life, [row], "C1", date(2022, 7, 20), by_agency=True)
    assert [(event.key, event.amount) for event in told.order_by("entry")] == [
        ("pension:2022-07-01", 180_000),
        ("pension:2022-07-01/2", 185_000),
    ]
    assert approved_for(life.fresh(), JULY, Kind.PENSION_SET) == 185_000
    for _again in range(2):
        record_pension(life.loan.pk, JULY, 185_000, "C1", actor=SYSTEM, now=at(2022, 7, 21))
    assert told.all().count() == 2
