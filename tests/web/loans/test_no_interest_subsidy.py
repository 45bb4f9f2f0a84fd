"""Tongling's loan has no interest subsidy: no page, paper or sum of it has a field for one, and the contract alone says how it is repaid."""

import re
from datetime import date
from typing import Any

import pytest

from tests.cases import lives
from tests.cases.offices import Offices
from tests.documents.reading import read
from tests.procedures import year
from tests.web.calculator.test_loans import RUGAO, TONGLING, address
from tests.web.cases.conftest import desk
from zhubao.access.roles import Role
from zhubao.cases.models import Case
from zhubao.loans.models import Loan
from zhubao.loans.statements.making import make_statement
from zhubao.procedures.printing.agreements import agreement
from zhubao.procedures.printing.statements import borrower_statement

pytestmark = [pytest.mark.django_db, pytest.mark.clauses("tl-1")]
SUBSIDY = re.compile("贴息|(财政|政府)(承担|负担|贴)")
NOW = lives.at("2026-10-14", 15)


@pytest.fixture
def loan(tongling: Offices, clock: Any) -> Loan:
    """Return the loan of 吴大勇 on the Wednesday after its signing."""
    case = year.signed_tongling(tongling)
    clock(NOW)
    return Loan.objects.get(case_number=case.number)


def spoken_of(text: str) -> list[str]:
    """Return the words of a page's own part that speak of an interest subsidy."""
    return [found[0] for found in SUBSIDY.finditer(text[text.index("<main") :])]


@pytest.mark.parametrize(
    "path", ["/loans/{number}/", "/loans/{number}/postings/", "/cases/{case}/", "/statements/loans/{number}/"]
)
def test_no_page_has_a_field_of_it(tongling: Offices, loan: Loan, path: str) -> None:
    answer = desk(tongling, Role.BANK_OFFICER).get(path.format(number=loan.number, case=loan.case_number))
    assert answer.status_code == 200
    assert spoken_of(answer.content.decode()) == []


def test_no_paper_has_a_field_of_it(tongling: Offices, loan: Loan) -> None:
    officer = tongling.at(Role.BANK_OFFICER)
    given = make_statement(loan.pk, date(2026, 1, 1), date(2026, 10, 14), actor=officer, now=NOW)
    case = Case.objects.get(number=loan.case_number)
    for paper in (agreement(case, actor=officer, now=NOW), borrower_statement(given, actor=officer, now=NOW)):
        printed = read(paper)
        assert [text for text in (*printed.labels, *printed.values) if SUBSIDY.search(text)] == []


def test_nor_has_the_calculator(client: Any) -> None:
    assert spoken_of(client.get(address("tongling-2022-13", TONGLING)).content.decode()) == []
    assert "政府贴" in spoken_of(client.get(address("rugao-draft", RUGAO)).content.decode())
