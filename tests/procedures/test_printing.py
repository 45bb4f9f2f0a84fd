"""Papers filled from what is on record: what stands on them, when they exist, who may have them."""

import os
from datetime import date
from pathlib import Path

import pytest

from tests.cases import lives
from tests.cases.offices import JIANGXI_COUNTY, RUGAO_COUNTY, TONGLING_COUNTY, Offices, ask, citizen, open_offices
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.cases.actions import rugao
from zhubao.cases.models import Case
from zhubao.documents import PrintedForm, typeset_pictures
from zhubao.documents.typesetting import compiler_inputs
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import Envelope
from zhubao.loans.contributing import end_qualification, remind
from zhubao.loans.models import Loan, Tranche
from zhubao.procedures.printing import papers_of_case, papers_of_loan, print_case_paper, print_loan_paper
from zhubao.procedures.printing.lists import printed_list

from . import year

pytestmark = pytest.mark.django_db
NOW = lives.at("2026-10-30")


def read(form: PrintedForm, name: str) -> str:
    """Return what the template is given, without spaces; keep its pages as pictures where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        for number, page in enumerate(typeset_pictures(form), 1):
            (Path(folder) / f"paper-{name}-{number}.png").write_bytes(page)
    return "".join(compiler_inputs(form)["form"].split())


def names(case: Case, offices: Offices, role: str) -> list[str]:
    return [paper.name.split("-")[0] for paper in papers_of_case(case, offices.at(role))]


@pytest.mark.clauses(
    "rg-12.1d", "rg-annex1-no", "rg-annex1-person", "rg-annex1-committee", "rg-annex1-agency-a", "rg-annex1-agency-b"
)
def test_the_papers_of_a_rugao_case() -> None:
    offices = open_offices(RUGAO_COUNTY)
    case = year.signed_rugao(offices)
    assert names(case, offices, Role.BANK_OFFICER) == ["application", "notice", "agreement"]
    assert names(case, offices, Role.TOWNSHIP_CLERK) == ["notice"]
    assert names(case, offices, Role.HRSS_SUPERVISOR) == []
    reviewer = offices.at(Role.AGENCY_REVIEWER)
    form = read(print_case_paper(case, "application", actor=reviewer, now=NOW), "rugao-application")
    for words in (
        case.number,
        "陈桂芳",
        "城乡最低生活保障对象",
        "2029年5月",
        "3.06",
        "附件1" if "附件1" in form else "助保贷款申请表",
    ):
        assert words in form, words
    assert form.count("申请人留存") == 1
    notice = next(paper for paper in papers_of_case(case, reviewer) if paper.name.startswith("notice"))
    hung = read(notice.make(reviewer, NOW), "rugao-notice")
    assert "陈桂芳" not in hung
    assert "2026年10月10日至2026年10月16日（共7天）" in hung
    agreed = read(print_case_paper(case, "agreement", actor=reviewer, now=NOW), "rugao-agreement")
    for words in ("叁万零陆佰元整", "4.90%", "每月扣划不超过当月养老金的50%"):
        assert words in agreed, words
    assert AuditEntry.objects.filter(action="person.number_printed").count() >= 2


@pytest.mark.clauses("rg-12.3a")
def test_the_roster_and_the_yearly_amounts_on_paper() -> None:
    offices = open_offices(RUGAO_COUNTY)
    year.roster(offices, year.signed_rugao(offices))
    roster = read(printed_list(Envelope.objects.filter(kind="borrower_roster")[0], now=NOW), "roster")
    for words in ("助保贷款借款人花名册", "陈桂芳", "30,600.00", "4.90%", "151"):
        assert words in roster, words
    year.released(offices, "2026-10-26")
    amounts = read(printed_list(Envelope.objects.get(kind="draw_request"), now=NOW), "amounts")
    for words in ("2026年度助保贷款缴费金额核定表", "3,060.00", "基金收入户"):
        assert words in amounts, words


@pytest.mark.clauses("jx-2.2b", "jx-annex-1", "jx-annex-4c", "jx-3.1b", "jx-3.1c")
def test_the_papers_of_a_jiangxi_loan_up_to_the_end_of_its_qualification() -> None:
    offices = open_offices(JIANGXI_COUNTY)
    case = year.signed_jiangxi(offices)
    reviewer, officer = offices.at(Role.AGENCY_REVIEWER), offices.at(Role.BANK_OFFICER)
    form = read(print_case_paper(case, "application", actor=reviewer, now=NOW), "jiangxi-application")
    for words in (case.number, "沈志远", "13年4个月", "2029年10月"):
        assert words in form, words
    loan = Loan.objects.get()
    assert papers_of_loan(loan, officer) == []
    (request,) = year.released(offices, "2026-10-26")
    year.confirmed(offices, "2026-10-28")
    year.send_return(offices, year.return_rows(request, "2026-10-28"), "2026-10-29")
    draw = Tranche.objects.get()
    confirmation = read(print_loan_paper(loan, "draw-2026-1", actor=officer, now=NOW), "draw")
    for words in (loan.number, "贰仟肆佰元整", "社会保障卡金融账户"):
        assert words in confirmation, words
    remind(draw.pk, "电话催缴", actor=offices.at(Role.AGENCY_ACCOUNTANT), now=lives.at("2026-10-30"))
    ended = lives.at("2026-11-20")
    end_qualification(draw.pk, "催缴后仍未缴费", actor=offices.at(Role.AGENCY_APPROVER), now=ended)
    loan.refresh_from_db()
    decision = read(print_loan_paper(loan, "termination-2026-1", actor=reviewer, now=ended), "termination")
    for words in ("终止助保贷款资格决定书", "2026年10月30日", "2026年11月20日", "2,400.00元"):
        assert words in decision, words


def test_the_agreement_of_tongling_names_who_signs_beside() -> None:
    offices = open_offices(TONGLING_COUNTY)
    case = year.signed_tongling(offices)
    sheet = read(print_case_paper(case, "agreement", actor=offices.at(Role.BANK_OFFICER), now=NOW), "tongling-agreement")
    for words in ("吴大勇", "吴小军", "壹万伍仟元整", "只扣个人账户养老金"):
        assert words in sheet, words


def test_what_is_not_there_yet_or_not_for_the_post_is_not_printed() -> None:
    offices = open_offices(RUGAO_COUNTY)
    lives.figures()
    case = lives.proposed(offices, lives.applicant())
    for role, name in ((Role.AGENCY_REVIEWER, "agreement"), (Role.FINANCE_CLERK, "application"), (Role.AUDITOR, "application")):
        with pytest.raises(ZhubaoError, match="E-PAPER-NONE"):
            print_case_paper(case, name, actor=offices.at(role), now=NOW)
    own = citizen(case.person)
    assert "陈桂芳" in read(print_case_paper(case, "application", actor=own, now=NOW), "own")
    rugao.decide(case.pk, "granted", request=ask(), actor=offices.at(Role.AGENCY_APPROVER), now=lives.at("2026-10-20"))
    assert date(2026, 10, 20) == case.decisions.get(kind="loan").step.on
