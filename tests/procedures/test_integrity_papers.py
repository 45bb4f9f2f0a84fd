"""Papers of fraud and dishonesty: the notice says what is held against somebody and until when to answer, the decision why and what follows."""

from datetime import date

import pytest

from tests.loans.lives import PostOf, at, life_of
from tests.loans.test_fraud import Course, two_years
from tests.oversight.dishonesty.test_listing import Course as ListingCourse
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.loans.fraud import actions as fraud
from zhubao.loans.states import RUGAO, TONGLING
from zhubao.procedures.printing.integrity import papers_of, print_paper
from zhubao.workflow import CITIZEN

from .test_printing import read

pytestmark = pytest.mark.django_db
NOW = at(2024, 6, 13)


@pytest.mark.clauses("rg-23c")
def test_the_papers_of_a_finding(post_of: PostOf) -> None:
    course = Course(two_years(RUGAO, post_of))
    reviewer = course.life.by(Role.AGENCY_REVIEWER)
    draft = read(print_paper(course.fresh(), "notice", actor=reviewer, now=NOW), "finding-notice-draft")
    assert "收到本告知书后5个工作日内" in draft
    course.served()
    fraud.take_statement(course.finding.pk, "证是居委会代办的", actor=course.life.by(CITIZEN), now=at(2024, 6, 5))
    notice = read(print_paper(course.fresh(), "notice", actor=reviewer, now=NOW), "finding-notice")
    assert "低保证系伪造" in notice
    assert "2024年6月11日前" in notice
    with pytest.raises(ZhubaoError, match="E-PAPER-NONE"):
        print_paper(course.fresh(), "decision", actor=reviewer, now=NOW)
    fraud.decide_finding(course.finding.pk, "证件核实系伪造", actor=course.life.by(Role.AGENCY_APPROVER), now=at(2024, 6, 12))
    fraud.agree_finding(course.finding.pk, actor=course.life.by(Role.FINANCE_CLERK), now=NOW)
    decision = read(print_paper(course.fresh(), "decision", actor=reviewer, now=NOW), "finding-decision")
    for words in ("证是居委会代办的", "证件核实系伪造", "19,200.00", "459.95", "940.80", "行政复议", "2024年6月13日"):
        assert words in decision, words
    assert AuditEntry.objects.filter(action="person.number_printed", reason__in=["事实告知书", "认定与追回决定书"]).count() == 3


@pytest.mark.clauses("tl-4.4")
def test_the_papers_of_a_listing(post_of: PostOf) -> None:
    course = ListingCourse(life_of(TONGLING, post_of)).listed()
    hrss = course.life.by(Role.HRSS_SUPERVISOR)
    notice = read(print_paper(course.fresh(), "notice", actor=hrss, now=NOW), "listing-notice")
    assert "银行流水12号" in notice
    decision = read(print_paper(course.fresh(), "decision", actor=hrss, now=NOW), "listing-decision")
    for words in ("查实挪用", "2026年6月12日移出", "您没有提出陈述", "如皋市人力资源和社会保障局"):
        assert words in decision, words
    for role in (Role.BANK_OFFICER, Role.AUDITOR, Role.TAX_CLERK):
        assert papers_of(course.fresh(), course.life.by(role)) == []
    assert course.fresh().decided_on == date(2024, 6, 12)
