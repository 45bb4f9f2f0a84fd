"""Fraud found in a loan: nobody is found against unheard, what is claimed, what comes back, and what stays as it is."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.loans.courses import Take, put_to_the_test
from tests.loans.lives import Life, PostOf, at, life_of
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.ledger.models import Posting
from zhubao.lending.events import claim_paid, prepaid
from zhubao.loans.fraud import actions as fraud
from zhubao.loans.fraud.claiming import claim_if_agreed, claim_of, open_of
from zhubao.loans.fraud.papers import add_paper
from zhubao.loans.models import FraudFinding, Permit
from zhubao.loans.replaying import outcome
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.loans.states.fraud import FRAUD
from zhubao.loans.stepping import add_event
from zhubao.notices.models import Notice
from zhubao.tasks.models import Task
from zhubao.workflow import CITIZEN, Transition

SCAN = b"%PDF-1.7 evidence"


class Course:
    """A finding taken step by step by the hands it belongs to; the notice of 3 June gives five working days, to 10 June 2024."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.finding = fraud.open_finding(
            life.loan.pk, "false_proof", "低保证系伪造", date(2024, 6, 3), actor=life.by(Role.AGENCY_REVIEWER), now=at(2024, 6, 3)
        )

    def served(self) -> "Course":
        fraud.serve_notice(
            self.finding.pk, date(2024, 6, 3), "送达回证 12", actor=self.life.by(Role.AGENCY_REVIEWER), now=at(2024, 6, 3)
        )
        return self

    def decided(self) -> "Course":
        self.served()
        fraud.decide_finding(self.finding.pk, "证件核实系伪造", actor=self.life.by(Role.AGENCY_APPROVER), now=at(2024, 6, 12))
        return self

    def agreed(self) -> "Course":
        self.decided()
        fraud.agree_finding(self.finding.pk, actor=self.life.by(Role.FINANCE_CLERK), now=at(2024, 6, 13))
        return self

    def fresh(self) -> FraudFinding:
        return FraudFinding.objects.get(pk=self.finding.pk)


def two_years(policy_id: str, post_of: PostOf) -> Life:
    """A loan of 19,200 yuan in grace, of which finance has paid 940.80 of interest to the bank (test data)."""
    life = life_of(policy_id, post_of)
    if policy_id == RUGAO:
        for nth, year in enumerate((2022, 2023), 1):
            Permit.objects.create(
                loan=life.loan, year=year, nth=nth, amount_fen=960_000, granted_on=date(year, 1, 4), case_number="R"
            )
        life.year(2022)
        type(life.loan).objects.filter(pk=life.loan.pk).update(state="renewal")
        life.year(2023)
    else:
        life.year(2022)
        life.year(2023)
    add_event(life.loan, "claim:1", claim_paid(date(2024, 1, 31), 94_080), actor=life.by(Role.FINANCE_CLERK), now=at(2024, 1, 31))
    return life


def ready_for(course: Course, verb: str) -> tuple[Take, datetime]:
    """Bring a finding to where a step may be taken, and return how to take it and when."""
    pk = course.finding.pk
    if verb == "serve_notice":
        return lambda actor, now: fraud.serve_notice(pk, date(2024, 6, 3), "P1", actor=actor, now=now), at(2024, 6, 4)
    if verb == "take_statement":
        course.served()
        return lambda actor, now: fraud.take_statement(pk, "证件是真的", actor=actor, now=now), at(2024, 6, 5)
    if verb == "decide_finding":
        course.served()
        return lambda actor, now: fraud.decide_finding(pk, "查实", actor=actor, now=now), at(2024, 6, 12)
    if verb == "drop_finding":
        return lambda actor, now: fraud.drop_finding(pk, "查无此事", actor=actor, now=now), at(2024, 6, 12)
    if verb in {"agree_finding", "send_back", "refer"}:
        course.decided()
        takes: dict[str, Take] = {
            "agree_finding": lambda actor, now: fraud.agree_finding(pk, actor=actor, now=now),
            "send_back": lambda actor, now: fraud.send_back(pk, "证据不足", actor=actor, now=now),
            "refer": lambda actor, now: fraud.refer(pk, "市公安局", "涉嫌诈骗", actor=actor, now=now),
        }
        return takes[verb], at(2024, 6, 13)
    course.agreed()
    day = date(2024, 6, 14)
    if verb == "record_repayment":
        return lambda actor, now: fraud.record_repayment(pk, "B1", day, 100_000, actor=actor, now=now), at(2024, 6, 14)
    if verb == "record_refund":
        return lambda actor, now: fraud.record_refund(pk, "F1", day, 4_080, actor=actor, now=now), at(2024, 6, 14)
    assert verb == "close_finding", verb
    life = course.life
    owes = claim_of(life.loan, day).bank_fen
    fraud.record_refund(pk, "F1", day, 94_080, actor=life.by(Role.FINANCE_CLERK), now=at(2024, 6, 14))
    add_event(life.loan, "early", prepaid(day, owes), actor=life.by(Role.BANK_OFFICER), now=at(2024, 6, 14))
    return lambda actor, now: fraud.close_finding(pk, actor=actor, now=now), at(2024, 6, 14)


@pytest.mark.parametrize("row", [row for row in FRAUD.transitions if row.start], ids=lambda row: row.verb)
def test_a_step_belongs_to_its_posts_offices_and_hands(row: Transition, post_of: PostOf) -> None:
    course = Course(two_years(RUGAO, post_of))
    take, now = ready_for(course, row.verb)
    put_to_the_test(FRAUD, row, course.finding, course.life, take, now)


def test_only_those_who_examine_open_a_finding(post_of: PostOf) -> None:
    life = two_years(RUGAO, post_of)
    first = FRAUD.transitions[0]
    for role in [*Role.values, CITIZEN]:
        if role not in first.posts:
            with pytest.raises(ZhubaoError, match="E-SCOPE"):
                fraud.open_finding(life.loan.pk, "false_proof", "假证", date(2024, 6, 3), actor=life.by(role), now=at(2024, 6, 3))


@pytest.mark.clauses("rg-23c")
def test_the_debt_is_due_and_the_subsidy_goes_back_to_finance(post_of: PostOf) -> None:
    course = Course(two_years(RUGAO, post_of))
    expected = claim_if_agreed(course.life.loan, date(2024, 6, 13))
    course.agreed()
    life, finding = course.life, course.fresh()
    assert (expected.principal_fen, expected.interest_fen, expected.subsidy_fen) == (1_920_000, 45_995, 94_080)
    assert (finding.state, finding.principal_fen, finding.subsidy_fen) == ("recovering", 1_920_000, 94_080)
    # Paid to the settlement of 20 December 2023; from that day the borrower bears it alone: 19,200 × 4.9 % × 176 / 360.
    assert (finding.subsidy_ended_on, finding.interest_fen) == (date(2023, 12, 20), 45_995)
    rows = {
        (row.party, row.debit, row.credit, row.amount_fen) for row in Posting.objects.filter(source="fraud", subject="loan:L1")
    }
    assert rows == {
        ("finance", "subsidy_recovery_receivable", "interest_subsidy_expense", 94_080),
        ("borrower", "recovery_loss", "recovery_payable", 94_080),
    }
    type(life.loan).objects.filter(pk=life.loan.pk).update(state="renewal")
    with pytest.raises(ZhubaoError, match="E-FRAUD-STOP"):
        life.plan(2024, now=at(2024, 6, 14))


@pytest.mark.clauses("rg-23c", "jx-5.2e")
def test_what_comes_back_is_recorded_until_nothing_is_open(post_of: PostOf) -> None:
    course = Course(two_years(JIANGXI, post_of)).agreed()
    life, pk = course.life, course.finding.pk
    bank, finance, day = life.by(Role.BANK_OFFICER), life.by(Role.FINANCE_CLERK), date(2024, 6, 20)
    fraud.record_refund(pk, "F1", day, 50_000, actor=finance, now=at(2024, 6, 20))
    fraud.record_refund(pk, "F1", day, 50_000, actor=finance, now=at(2024, 6, 20))
    with pytest.raises(ZhubaoError, match="E-RECOVERY"):
        fraud.record_refund(pk, "F2", day, 44_081, actor=finance, now=at(2024, 6, 20))
    with pytest.raises(ZhubaoError, match="E-RECEIPT-KEY"):
        fraud.record_refund(pk, "F1", day, 1, actor=finance, now=at(2024, 6, 20))
    fraud.record_refund(pk, "F2", day, 44_080, actor=finance, now=at(2024, 6, 20))
    owes = claim_of(life.loan, day).bank_fen
    fraud.record_repayment(pk, "B1", day, 1_000_000, actor=bank, now=at(2024, 6, 20))
    assert open_of(course.fresh(), day).bank_fen == owes - 1_000_000
    waits = Task.objects.open().filter(subject=course.fresh().subject)
    assert [(task.role, task.organisation_id) for task in waits] == [(Role.BANK_OFFICER, life.loan.bank_id)]
    fraud.record_repayment(pk, "B2", day, owes - 1_000_000, actor=bank, now=at(2024, 6, 20))
    assert (course.fresh().state, life.fresh().state) == ("recovered", "settled")
    assert not waits.all().exists()
    assert outcome(life.fresh(), day).principal == 0
    sums: dict[str, int] = {}
    for row in Posting.objects.filter(source="fraud"):
        for account, fen in ((row.debit, row.amount_fen), (row.credit, -row.amount_fen)):
            sums[account] = sums.get(account, 0) + fen
    assert (sums["subsidy_recovery_receivable"], sums["recovery_payable"]) == (0, 0)
    assert (sums["treasury_cash"], sums["own_money"]) == (94_080, -94_080)


@pytest.mark.clauses("jx-4.1a", "rg-23b")
@pytest.mark.parametrize("kind", ["false_proof", "false_claim", "diverted"], ids=["假证明", "冒领贴息", "挪用"])
def test_a_loan_under_examination_goes_on(kind: str, post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2022)
    now = at(2022, 6, 3)
    fraud.open_finding(life.loan.pk, kind, "线索", date(2022, 6, 3), actor=life.by(Role.AGENCY_ACCOUNTANT), now=now)
    assert life.fresh().state == "contributed"
    assert life.year(2023).state == "paid_in"


def test_nobody_is_found_against_unheard(post_of: PostOf) -> None:
    course = Course(two_years(RUGAO, post_of))
    pk, approver, citizen = course.finding.pk, course.life.by(Role.AGENCY_APPROVER), course.life.by(CITIZEN)
    with pytest.raises(ZhubaoError, match="E-STATE"):
        fraud.decide_finding(pk, "查实", actor=approver, now=at(2024, 6, 12))
    with pytest.raises(ZhubaoError, match="E-NOTICE-PROOF"):
        fraud.serve_notice(pk, date(2024, 6, 3), " ", actor=course.life.by(Role.AGENCY_REVIEWER), now=at(2024, 6, 3))
    course.served()
    assert (course.fresh().statement_until, course.fresh().provisional) == (date(2024, 6, 11), "A-ALL-9")
    assert Notice.objects.get(kind="fraud.notice").person_id == course.life.loan.person_id
    assert Task.objects.open().get(kind="fraud.decide_finding").due_on is None
    for day in (4, 11):
        with pytest.raises(ZhubaoError, match="E-NOT-HEARD"):
            fraud.decide_finding(pk, "查实", actor=approver, now=at(2024, 6, day))
    with transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
        FraudFinding.objects.create(
            region_code="320682",
            number="X",
            loan=life_of(TONGLING, post_of, name="L2", sequence=46).loan,
            person=course.life.loan.person,
            agency=course.life.loan.agency,
            kind="diverted",
            facts="x",
            found_on=date(2024, 6, 3),
            state="recovering",
            state_since=at(2024, 6, 3),
            opened_at=at(2024, 6, 3),
        )
    fraud.take_statement(pk, "证是居委会代办的", actor=citizen, now=at(2024, 6, 5))
    assert fraud.decide_finding(pk, "查实", actor=approver, now=at(2024, 6, 5)).state == "agency_decided"
    assert Task.objects.open().get(subject=course.fresh().subject).role == Role.FINANCE_CLERK


def test_the_person_states_within_the_period_and_the_office_after_it(post_of: PostOf) -> None:
    course = Course(two_years(RUGAO, post_of)).served()
    pk, late = course.finding.pk, at(2024, 6, 12)
    with pytest.raises(ZhubaoError, match="E-STATEMENT-LATE"):
        fraud.take_statement(pk, "迟到的话", actor=course.life.by(CITIZEN), now=late)
    fraud.take_statement(pk, "邮寄的陈述", actor=course.life.by(Role.AGENCY_INTAKE), now=late)
    fraud.take_statement(pk, "补充一句", actor=course.life.by(Role.AGENCY_INTAKE), now=late)
    assert (course.fresh().statement, course.fresh().stated_how) == ("邮寄的陈述\n\n补充一句", "counter")


def test_papers_are_kept_until_the_decision(post_of: PostOf) -> None:
    course = Course(two_years(RUGAO, post_of))
    examiner: Any = course.life.by(Role.AGENCY_REVIEWER)
    paper = add_paper(course.finding.pk, "证.pdf", SCAN, actor=examiner, now=at(2024, 6, 3))
    assert add_paper(course.finding.pk, "证.pdf", SCAN, actor=examiner, now=at(2024, 6, 3)) == paper
    with pytest.raises(ZhubaoError, match="E-ATTACHMENT-TYPE"):
        add_paper(course.finding.pk, "x.exe", b"MZ", actor=examiner, now=at(2024, 6, 3))
    course.served()
    add_paper(course.finding.pk, "说明.pdf", SCAN + b"2", actor=course.life.by(CITIZEN), now=at(2024, 6, 4))
    assert course.finding.papers.count() == 2
    fraud.decide_finding(course.finding.pk, "查实", actor=course.life.by(Role.AGENCY_APPROVER), now=at(2024, 6, 12))
    with pytest.raises(ZhubaoError, match="E-STATE"):
        add_paper(course.finding.pk, "迟.pdf", SCAN + b"3", actor=examiner, now=at(2024, 6, 12))


def test_a_loan_without_a_subsidy_claims_the_debt_alone(post_of: PostOf) -> None:
    life = life_of(TONGLING, post_of)
    life.year(2022)
    course = Course(life).agreed()
    finding = course.fresh()
    assert (finding.subsidy_fen, finding.subsidy_ended_on, finding.principal_fen) == (0, None, 300_000)
    assert not Posting.objects.filter(source="fraud").exists()
