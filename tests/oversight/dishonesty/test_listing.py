"""The list of seriously dishonest persons: facts, notice, statement, decision, removal day; without one of them nobody is listed."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.loans.courses import Take, put_to_the_test
from tests.loans.lives import Life, PostOf, at, life_of
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.loans.fraud import actions as fraud
from zhubao.loans.models import Loan
from zhubao.loans.replaying import outcome
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.notices.models import Notice
from zhubao.oversight.dishonesty import actions as listing
from zhubao.oversight.dishonesty.course import LISTING
from zhubao.oversight.dishonesty.handing_over import hand_over, sanction_list
from zhubao.oversight.dishonesty.models import Listing
from zhubao.people.sealing import open_number
from zhubao.tasks.models import Task
from zhubao.workflow import CITIZEN, Transition

END = date(2026, 6, 12)


class Course:
    """A listing taken step by step: proposed by the agency on 3 June 2024, told the same day, five working days to 11 June."""

    def __init__(self, life: Life, kind: str = "diverted") -> None:
        self.life = life
        self.listing = listing.propose_listing(
            life.loan.pk,
            kind,
            "贷款转入他人账户",
            "银行流水 12 号",
            300_000,
            date(2024, 6, 3),
            actor=life.by(Role.AGENCY_APPROVER),
            now=at(2024, 6, 3),
        )

    def served(self) -> "Course":
        hrss = self.life.by(Role.HRSS_SUPERVISOR)
        listing.serve_notice(self.listing.pk, date(2024, 6, 3), "送达回证 7", actor=hrss, now=at(2024, 6, 3))
        return self

    def listed(self, by: int | None = None) -> "Course":
        """Have it decided by the bureau's post, or by another person of it."""
        self.served()
        hrss = self.life.by(Role.HRSS_SUPERVISOR)
        hrss = replace(hrss, user_id=by) if by else hrss
        listing.decide_listing(self.listing.pk, "查实挪用", END, actor=hrss, now=at(2024, 6, 12))
        return self

    def fresh(self) -> Listing:
        return Listing.objects.get(pk=self.listing.pk)


def ready_for(course: Course, verb: str) -> tuple[Take, datetime]:
    """Bring a listing to where a step may be taken, and return how to take it and when."""
    pk = course.listing.pk
    if verb == "serve_notice":
        return lambda actor, now: listing.serve_notice(pk, date(2024, 6, 3), "P1", actor=actor, now=now), at(2024, 6, 4)
    if verb == "decline_listing":
        return lambda actor, now: listing.decline_listing(pk, "证据不足", actor=actor, now=now), at(2024, 6, 4)
    if verb == "take_statement":
        course.served()
        return lambda actor, now: listing.take_statement(pk, "钱是还债用的", actor=actor, now=now), at(2024, 6, 5)
    if verb == "decide_listing":
        course.served()
        return lambda actor, now: listing.decide_listing(pk, "查实", END, actor=actor, now=now), at(2024, 6, 12)
    # Who decided does not remove early: here another person of the bureau decided.
    course.listed(by=course.life.by(Role.AUDITOR).user_id)
    if verb == "remove":
        return lambda actor, now: listing.remove(pk, actor=actor, now=now), at(2026, 6, 12)
    assert verb == "remove_early", verb
    return lambda actor, now: listing.remove_early(pk, "已退回全部款项", actor=actor, now=now), at(2025, 1, 6)


@pytest.mark.parametrize("row", [row for row in LISTING.transitions if row.start], ids=lambda row: row.verb)
def test_a_step_belongs_to_its_posts_and_hands(row: Transition, post_of: PostOf) -> None:
    course = Course(life_of(TONGLING, post_of))
    take, now = ready_for(course, row.verb)
    put_to_the_test(LISTING, row, course.listing, course.life, take, now)


def test_only_the_agency_and_the_bureau_propose(post_of: PostOf) -> None:
    life = life_of(TONGLING, post_of)
    first = LISTING.transition("propose_listing")
    for role in [*Role.values, CITIZEN]:
        if role not in first.posts:
            with pytest.raises(ZhubaoError, match="E-SCOPE"):
                _propose(life, "diverted", actor=life.by(role))


def _propose(life: Life, kind: str, *, evidence: str = "流水", actor: Actor | None = None) -> Listing:
    day, by = date(2024, 6, 3), actor or life.by(Role.AGENCY_APPROVER)
    return listing.propose_listing(life.loan.pk, kind, "事实", evidence, 1_00, day, actor=by, now=at(2024, 6, 3))


@pytest.mark.clauses("jx-4.1a", "tl-4.4")
@pytest.mark.parametrize(
    ("policy_id", "kind", "evidence", "code"),
    [
        (TONGLING, "arrears", "流水", "E-LISTING-KIND"),
        (TONGLING, "fraud", "流水", "E-LISTING-FRAUD"),
        (TONGLING, "diverted", " ", "E-LISTING-FACTS"),
        (RUGAO, "diverted", "流水", "E-LISTING-POLICY"),
    ],
    ids=["欠款不列入-arrears", "骗取未经认定-no finding", "没有证据-no papers", "文件没有名单-no such list"],
)
def test_nobody_is_proposed_without_facts_the_document_names(
    policy_id: str, kind: str, evidence: str, code: str, post_of: PostOf
) -> None:
    life = life_of(policy_id, post_of)
    with pytest.raises(ZhubaoError, match=code):
        _propose(life, kind, evidence=evidence)
    assert not Listing.objects.exists()


@pytest.mark.clauses("jx-4.2b", "tl-4.4")
def test_nobody_is_listed_without_notice_statement_period_and_removal_day(post_of: PostOf) -> None:
    course = Course(life_of(TONGLING, post_of))
    pk, hrss = course.listing.pk, course.life.by(Role.HRSS_SUPERVISOR)
    with pytest.raises(ZhubaoError, match="E-STATE"):
        listing.decide_listing(pk, "查实", END, actor=hrss, now=at(2024, 6, 12))
    with pytest.raises(ZhubaoError, match="E-NOTICE-PROOF"):
        listing.serve_notice(pk, date(2024, 6, 3), " ", actor=hrss, now=at(2024, 6, 3))
    course.served()
    assert (course.fresh().statement_until, course.fresh().provisional) == (date(2024, 6, 11), "A-ALL-13")
    with pytest.raises(ZhubaoError, match="E-NOT-HEARD"):
        listing.decide_listing(pk, "查实", END, actor=hrss, now=at(2024, 6, 11))
    with pytest.raises(ZhubaoError, match="E-LISTING-REMOVAL"):
        listing.decide_listing(pk, "查实", date(2024, 6, 12), actor=hrss, now=at(2024, 6, 12))
    days = {"notified_on": date(2024, 6, 3), "statement_until": date(2024, 6, 11), "decided_on": date(2024, 6, 12)}
    whole: dict[str, Any] = {**days, "notice_proof": "P", "decision": "D", "removal_on": END, "state": "listed"}
    gaps: list[dict[str, Any]] = [{"notice_proof": ""}, {"notified_on": None}, {"decision": ""}, {"removal_on": None}]
    for missing in gaps:
        with transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
            Listing.objects.filter(pk=pk).update(**{**whole, **missing})


@pytest.mark.clauses("jx-4.2b", "tl-4.4")
def test_the_loan_goes_on_as_it_was(post_of: PostOf) -> None:
    life = life_of(TONGLING, post_of)
    life.year(2022)
    before, owes = Loan.objects.values().get(pk=life.loan.pk), outcome(life.fresh(), date(2024, 6, 1)).principal
    Course(life).listed()
    assert Loan.objects.values().get(pk=life.loan.pk) == before
    assert outcome(life.fresh(), date(2024, 6, 12)).principal == owes
    assert life.year(2023).state == "paid_in"


@pytest.mark.clauses("jx-4.2a", "jx-4.2b", "tl-4.4")
@pytest.mark.parametrize(("policy_id", "tag"), [(JIANGXI, "JX"), (TONGLING, "TL")], ids=["江西", "铜陵"])
@pytest.mark.parametrize("department", ["hrss", "civil_affairs"])
def test_a_department_gets_who_is_listed_and_under_which_document(
    policy_id: str, tag: str, department: str, post_of: PostOf
) -> None:
    course = Course(life_of(policy_id, post_of)).listed()
    hrss, person = course.life.by(Role.HRSS_SUPERVISOR), course.life.loan.person
    (row,) = sanction_list("320682", department, date(2024, 6, 13), actor=hrss, now=at(2024, 6, 13)).people
    number = course.fresh().number
    assert row == (person.name, open_number(person), tag, "贷款挪作他用", 300_000, date(2024, 6, 12), END, number)
    made, content = hand_over("320682", department, actor=hrss, now=at(2024, 6, 13))
    assert (made.rows, made.department, content[:2]) == (1, department, b"PK")
    for role in (Role.AGENCY_APPROVER, Role.AUDITOR, Role.BANK_OFFICER):
        with pytest.raises(ZhubaoError, match="E-SCOPE"):
            hand_over("320682", department, actor=course.life.by(role), now=at(2024, 6, 13))


def test_whoever_is_listed_comes_off_on_the_day_and_is_told(post_of: PostOf) -> None:
    course = Course(life_of(TONGLING, post_of)).listed()
    assert listing.remove_expired("", now=at(2026, 6, 11)) == 0
    assert (listing.remove_expired("", now=at(2026, 6, 12)), listing.remove_expired("", now=at(2026, 6, 13))) == (1, 0)
    fresh = course.fresh()
    assert (fresh.state, fresh.removed_on) == ("removed", END)
    told = Notice.objects.filter(subject=fresh.subject, person_id=fresh.person_id).order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["listing.notice", "listing.listed", "listing.removed"]
    made, _content = hand_over("320682", "hrss", actor=course.life.by(Role.HRSS_SUPERVISOR), now=at(2026, 6, 13))
    assert made.rows == 0


def test_a_finding_that_finance_agreed_to_may_list_in_jiangxi(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2022)
    reviewer, now = life.by(Role.AGENCY_REVIEWER), at(2024, 6, 3)
    finding = fraud.open_finding(life.loan.pk, "false_proof", "假证", date(2024, 6, 3), actor=reviewer, now=now)
    fraud.serve_notice(finding.pk, date(2024, 6, 3), "P", actor=reviewer, now=now)
    fraud.decide_finding(finding.pk, "查实", actor=life.by(Role.AGENCY_APPROVER), now=at(2024, 6, 12))
    fraud.agree_finding(finding.pk, actor=life.by(Role.FINANCE_CLERK), now=at(2024, 6, 12))
    proposed = listing.propose_listing(
        life.loan.pk,
        "fraud",
        "假证",
        "F1",
        100,
        date(2024, 6, 12),
        actor=life.by(Role.HRSS_SUPERVISOR),
        now=at(2024, 6, 12),
    )
    assert proposed.finding == finding
    assert Task.objects.open().get(subject=proposed.subject).role == Role.HRSS_SUPERVISOR
