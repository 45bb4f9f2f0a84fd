"""Papers of a loan's end as they are read at the counter."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.loans.endings import NOW, checked, divided, paid_all, quoted
from tests.loans.lives import TERMS, Life, PostOf, life_of
from zhubao.access.roles import Role
from zhubao.documents import PrintedForm, typeset_pictures
from zhubao.documents.typesetting import compiler_inputs
from zhubao.loans.endings.death import agree_fault, divide_debt, find_fault
from zhubao.loans.endings.early import settle_early
from zhubao.loans.models import Loan
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.procedures.printing import papers_of_loan, print_loan_paper

pytestmark = pytest.mark.django_db


def read(form: PrintedForm, name: str) -> str:
    """Return what the template is given, without spaces; keep its pages as pictures where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        for number, page in enumerate(typeset_pictures(form), 1):
            (Path(folder) / f"paper-{name}-{number}.png").write_bytes(page)
    return "".join(compiler_inputs(form)["form"].split())


def lent(policy_id: str, post_of: PostOf, subsidised_from: date | None = None) -> Life:
    """Return a loan with one draw paid in."""
    terms = replace(TERMS[policy_id], settlement="yearly-12-20", subsidised_from=subsidised_from)
    life = life_of(policy_id, post_of, terms=terms)
    life.year(2021)
    return life


def printed(life: Life, name: str, picture: str, role: Role = Role.BANK_OFFICER) -> str:
    """Return the words of a paper of a loan."""
    loan = Loan.objects.get(pk=life.loan.pk)
    (paper,) = [paper.name for paper in papers_of_loan(loan, life.by(role)) if paper.name.startswith(name)]
    return read(print_loan_paper(loan, paper, actor=life.by(role), now=NOW), picture)


@pytest.mark.clauses("jx-3.3b", "rg-14.3")
def test_the_quote_and_the_certificate(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of)
    quoted(life)
    quote = printed(life, "payoff", "payoff")
    for words in ("L1-20210618-1", "8,400.00元", "89.83元", "捌仟肆佰捌拾玖元捌角叁分", "仅当日有效", "不收任何费用"):
        assert words in quote, words
    settle_early(paid_all(life).pk, actor=life.by(Role.BANK_REVIEWER), now=NOW)
    certificate = printed(life, "settlement-certificate", "certificate")
    for words in ("L1-JQ", "王芳", "捌仟肆佰元整", "2021年6月18日", "转移"):
        assert words in certificate, words


@pytest.mark.clauses("rg-15.3", "rg-annex1-c4")
def test_the_sheet_after_a_death_names_finding_and_undertaking(post_of: PostOf) -> None:
    life = lent(RUGAO, post_of)
    checked(life, 500_000)
    find_fault(life.loan.pk, "银行未按协议扣款", actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    agree_fault(life.loan.pk, "同意", actor=life.by(Role.FINANCE_CLERK), now=NOW)
    divide_debt(life.loan.pk, actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    sheet = printed(life, "death-sheet", "death-rugao", Role.FINANCE_CLERK)
    for words in (
        "8,400.00元",
        "5,000.00元",
        "3,400.00元",
        "附件1承诺4",
        "银行未按协议扣款",
        "财政部门",
        "死亡证明第7号",
        "女儿，上门告知",
    ):
        assert words in sheet, words


@pytest.mark.clauses("tl-4.3b")
def test_the_letter_tells_the_child_who_signed_what_is_left_to_pay(post_of: PostOf) -> None:
    life = lent(TONGLING, post_of)
    divided(life, 300_000, 120_000)
    letter = printed(life, "death-letter", "death-letter-tongling")
    assert "王小明（" not in letter
    for words in (
        "王小明",
        "王芳（身份证号3206**********0448）",
        "3,039.58元",
        "1,200.00元",
        "壹仟捌佰叁拾玖元伍角捌分",
        "1,800.00元",
    ):
        assert words in letter, words
    sheet = printed(life, "death-sheet", "death-tongling")
    assert "财政代偿" not in sheet
    assert "向共同借款人追偿" in sheet


@pytest.mark.clauses("jx-3.4b")
def test_what_rests_on_an_unconfirmed_default_says_so(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of)
    assert not [paper for paper in papers_of_loan(life.loan, life.by(Role.BANK_OFFICER)) if paper.name.startswith("death")]
    divided(life, 500_000)
    sheet = printed(life, "death-sheet", "death-jiangxi")
    assert "尚未经有权部门确认" in sheet
    assert "向遗产追偿" in sheet
