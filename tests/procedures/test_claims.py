"""A bank's claim from its file to the books: recomputed by loan and day, verified, approved by two people, paid, and never twice."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.loans.lives import COUNTY, PostOf, at, rows_of_everything
from zhubao.access.actors import OutOfScope
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.calendars import CalendarEntry, WorkingCalendar
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import Envelope
from zhubao.language import Text
from zhubao.ledger.models import Posting
from zhubao.lending import Kind
from zhubao.lending.claims import claim_for
from zhubao.lending.events import certification_lost, grace_ended, reversed_entry
from zhubao.loans.books import book
from zhubao.loans.claims import actions
from zhubao.loans.claims.payment import book_payment
from zhubao.loans.claims.stepping import course_of
from zhubao.loans.models import ClaimLine, ClaimStep, LoanEvent, SubsidyClaim
from zhubao.loans.replaying import record_of
from zhubao.loans.states import RUGAO
from zhubao.loans.states.claim import CLAIM_COURSES
from zhubao.loans.stepping import add_event
from zhubao.loans.verifying import books_beside_replay
from zhubao.people.actions import record_death
from zhubao.workflow import CITIZEN

from .claims import (
    HANDED_IN,
    OF_2021,
    OF_2022,
    borrowers,
    checked,
    file_of,
    hand_in,
    paid,
    rows_of,
    second_at_finance,
)

pytestmark = pytest.mark.django_db


def lines(claim: SubsidyClaim) -> list[tuple[str, int, int, int | None, str, str]]:
    rows = ClaimLine.objects.filter(claim=claim).order_by("loan_number", "year")
    return list(rows.values_list("loan_number", "asked_fen", "computed_fen", "accepted_fen", "cause", "refused"))


@pytest.mark.clauses("jx-annex-5a", "jx-2.4b")
def test_the_file_from_our_own_figures_agrees_with_every_loan(post_of: PostOf) -> None:
    lives = borrowers(post_of, 2)
    rows = rows_of(post_of, 2021)
    assert [
        (row.loan_number, row.principal_fen, row.rate_ppm, row.starts_on, row.ends_on, row.days, row.subsidy_fen) for row in rows
    ] == [(f"L{number}", 840_000, 38_500, date(2021, 3, 10), date(2021, 12, 20), 285, OF_2021) for number in (0, 1)]
    claim = checked(post_of, rows)
    assert (claim.state, claim.lines, claim.differing, claim.open_lines) == ("checked", 2, 0, 0)
    assert (claim.asked_fen, claim.computed_fen, claim.accepted_fen) == (2 * OF_2021,) * 3
    known = record_of(lives[0].loan)
    assert claim_for(known.terms, known.events, 2021).interest == OF_2021
    assert Envelope.objects.get(kind="subsidy_claim").state == "accepted"


@pytest.mark.clauses("jx-2.4d")
def test_a_borrower_without_hardship_has_no_line_and_cannot_be_added(post_of: PostOf) -> None:
    (life,) = borrowers(post_of, 1)
    rows = rows_of(post_of, 2021)
    (certificate,) = LoanEvent.objects.filter(loan=life.loan, kind=Kind.CERTIFIED)
    wrong = reversed_entry(certificate.day, certificate.entry)
    add_event(life.loan, "no-hardship", wrong, actor=post_of(Role.AGENCY_APPROVER).actor(), now=HANDED_IN)
    assert rows_of(post_of, 2021) == []
    claim = checked(post_of, rows)
    assert lines(claim) == [("L0", OF_2021, 0, 0, "not_certified", "E-CLAIM-UNCERTIFIED")]
    assert Envelope.objects.get(kind="subsidy_claim").state == "refused"


@pytest.mark.clauses("jx-2.4c")
def test_days_after_the_pension_conditions_were_met_are_not_paid(post_of: PostOf) -> None:
    (life,) = borrowers(post_of, 1)
    rows = rows_of(post_of, 2021)
    met = grace_ended(date(2021, 7, 1))
    add_event(life.loan, "met", met, actor=post_of(Role.AGENCY_APPROVER).actor(), now=HANDED_IN)
    # 113 days from 10 March to 1 July: 10 151.17 fen.
    assert lines(checked(post_of, rows)) == [("L0", OF_2021, 10_151, None, "after_grace", "")]
    only = replace(rows[0], starts_on=date(2021, 7, 1), days=172, subsidy_fen=15_452, interest_fen=15_452)
    actions.return_claim(
        SubsidyClaim.objects.get().pk, "已达到领取条件", actor=post_of(Role.AGENCY_ACCOUNTANT).actor(), now=HANDED_IN
    )
    assert lines(checked(post_of, [only], batch="B2"))[0][4] == "after_grace"


@pytest.mark.clauses("jx-annex-5b")
def test_a_difference_is_settled_before_the_claim_is_verified(post_of: PostOf) -> None:
    borrowers(post_of, 2)
    rows = rows_of(post_of, 2021)
    claim = checked(post_of, [replace(rows[0], subsidy_fen=OF_2021 + 211), rows[1]])
    assert lines(claim)[0] == ("L0", OF_2021 + 211, OF_2021, None, "arithmetic", "")
    approver = post_of(Role.AGENCY_APPROVER).actor()
    with pytest.raises(ZhubaoError, match="E-CLAIM-OPEN"):
        actions.verify(claim.pk, actor=approver, now=HANDED_IN)
    accountant = post_of(Role.AGENCY_ACCOUNTANT).actor()
    with pytest.raises(ZhubaoError, match="E-REASON"):
        actions.settle_lines(claim.pk, actions.TAKE_OURS, " ", cause="arithmetic", actor=accountant, now=HANDED_IN)
    with pytest.raises(ZhubaoError, match="E-CLAIM-CHOICE"):
        actions.settle_lines(claim.pk, actions.TAKE_OURS, "按重算数", cause="rate", actor=accountant, now=HANDED_IN)
    done = actions.settle_lines(claim.pk, actions.TAKE_OURS, "按重算数", cause="arithmetic", actor=accountant, now=HANDED_IN)
    assert (done.open_lines, done.accepted_fen) == (0, 2 * OF_2021)
    assert actions.verify(claim.pk, actor=approver, now=HANDED_IN).state == "agency_verified"


def test_unknown_loans_other_people_and_the_dead_are_refused_with_their_reasons(post_of: PostOf) -> None:
    lives = borrowers(post_of, 3)
    rows = rows_of(post_of, 2021)
    record_death(
        lives[2].loan.person_id, date(2021, 3, 10), source="公安通报", actor=post_of(Role.AGENCY_REVIEWER).actor(), now=HANDED_IN
    )
    claim = checked(post_of, [replace(rows[0], loan_number="L9"), replace(rows[1], id_number=rows[0].id_number), rows[2]])
    assert lines(claim) == [
        ("L1", OF_2021, 0, 0, "", "E-CLAIM-PERSON"),
        ("L2", OF_2021, 0, 0, "after_death", "E-CLAIM-DEAD"),
        ("L9", OF_2021, 0, 0, "", "E-LOAN-UNKNOWN"),
    ]
    assert claim.accepted_fen == 0


@pytest.mark.clauses("jx-annex-5c", "jx-5.1c")
def test_finance_approves_with_two_people_pays_and_the_books_say_so(post_of: PostOf) -> None:
    lives = borrowers(post_of, 2)
    claim = checked(post_of, rows_of(post_of, 2021))
    for life in lives:
        book(life.loan, date(2021, 12, 31), actor=life.by(Role.AGENCY_ACCOUNTANT), now=HANDED_IN)
    done = paid(post_of, claim, at(2022, 2, 24))
    assert (done.state, done.paid_on, done.payment_reference) == ("paid", date(2022, 2, 24), "国库支付2022-0012")
    for _again in range(2):
        book_payment(claim.pk, actor=post_of(Role.FINANCE_CLERK).actor(), now=at(2022, 2, 24))
    event = LoanEvent.objects.get(loan=lives[0].loan, key=f"claim:{claim.number}")
    assert (event.amount, event.day) == (OF_2021, date(2022, 2, 24))
    posted = Posting.objects.filter(subject=lives[0].loan.subject, kind__startswith="claim_paid").order_by("party")
    assert [(row.party, row.debit, row.credit, row.amount_fen) for row in posted] == [
        ("bank", "settlement", "interest_receivable_government", OF_2021),
        ("finance", "interest_subsidy_expense", "treasury_cash", OF_2021),
    ]
    # What was posted at once is what a replay of the loan says.
    book(lives[0].loan, date(2022, 2, 28), actor=post_of(Role.FINANCE_CLERK).actor(), now=at(2022, 2, 28))
    assert Posting.objects.filter(subject=lives[0].loan.subject, kind__startswith="claim_paid").count() == 2


@pytest.mark.clauses("rg-17", "rg-annex1-bank-c", "rg-16")
def test_a_rugao_statement_goes_over_hrss_to_finance(post_of: PostOf) -> None:
    borrowers(post_of, 1, RUGAO)
    rows = rows_of(post_of, 2021, RUGAO)
    content = file_of(post_of, rows, policy_id=RUGAO)
    finance = Organisation.objects.get(kind=OrganisationKind.FINANCE, region_id=COUNTY)
    with pytest.raises(ZhubaoError, match="E-EXCHANGE-OFFICES"):
        hand_in(post_of, content, policy_id=RUGAO, receiver_id=finance.pk)
    agency = post_of(Role.AGENCY_APPROVER).organisation_id
    with pytest.raises(ZhubaoError, match="E-CLAIM-ROUTE"):
        hand_in(post_of, file_of(post_of, rows), policy_id=RUGAO, receiver_id=agency)
    claim = checked(post_of, rows, policy_id=RUGAO)
    # 8 400 yuan at 4.90 % for 285 days.
    assert (claim.accepted_fen, claim.due_on) == (32_585, date(2022, 2, 9))
    with pytest.raises(ZhubaoError, match="E-STATE"):
        actions.prepare_payment(claim.pk, actor=post_of(Role.FINANCE_CLERK).actor(), now=HANDED_IN)
    assert paid(post_of, claim, at(2022, 1, 20)).state == "paid"


def of_2022() -> WorkingCalendar:
    """The spring of 2022: 31 January to 6 February off, 29 and 30 January worked."""
    off = [
        CalendarEntry(date(2022, 1, 31) + timedelta(at), works=False, holiday=Text("春节", "Spring Festival"), source="通知")
        for at in range(7)
    ]
    worked = [
        CalendarEntry(date(2022, 1, day), works=True, holiday=Text("春节", "Spring Festival"), source="通知") for day in (29, 30)
    ]
    return WorkingCalendar([*off, *worked])


@pytest.mark.clauses("jx-annex-5d")
def test_thirty_working_days_are_counted_and_stand_still_while_the_bank_corrects(post_of: PostOf) -> None:
    borrowers(post_of, 1)
    rows = rows_of(post_of, 2021)
    claim = checked(post_of, rows, calendar=of_2022())
    assert claim.due_on == date(2022, 2, 24)
    assert [each["day"] for each in claim.due_arithmetic["days"] if not each["counted"]][-1] == "2022-02-20"
    accountant = post_of(Role.AGENCY_ACCOUNTANT).actor()
    returned = actions.return_claim(claim.pk, "利率列请核对", actor=accountant, now=at(2022, 1, 12))
    assert (returned.state, returned.returned_on) == ("returned", date(2022, 1, 12))
    again = checked(post_of, rows, batch="B1-2", now=at(2022, 1, 17), calendar=of_2022())
    # Thursday, Friday and Monday stood still: three working days more.
    assert (again.pk, again.state, again.paused_days, again.due_on) == (claim.pk, "checked", 3, date(2022, 3, 1))
    assert again.received_on == date(2022, 1, 10)


def test_a_back_dated_event_is_a_line_of_the_next_claim(post_of: PostOf) -> None:
    lives = borrowers(post_of, 2)
    first = paid(post_of, checked(post_of, rows_of(post_of, 2021)), at(2022, 2, 1))
    book_payment(first.pk, actor=post_of(Role.FINANCE_CLERK).actor(), now=at(2022, 2, 1))
    before = lines(first)
    # Found in June 2022: the first borrower was not certified from 1 December 2021 on. 19 days, 1 706.83 fen.
    by = post_of(Role.AGENCY_APPROVER).actor()
    add_event(lives[0].loan, "late", certification_lost(date(2021, 12, 1)), actor=by, now=at(2022, 6, 1))
    rows = rows_of(post_of, 2022, now=at(2023, 1, 5))
    taken = [(row.loan_number, row.kind, row.year, row.subsidy_fen) for row in rows]
    assert taken == [("L0", "taken_back", 2021, 1_707), ("L1", "current", 2022, OF_2022)]
    claim = checked(post_of, rows, 2022, now=at(2023, 1, 5))
    assert lines(claim) == [("L0", -1_707, -1_707, -1_707, "", ""), ("L1", OF_2022, OF_2022, OF_2022, "", "")]
    assert lines(first) == before
    second = paid(post_of, claim, at(2023, 2, 1))
    book_payment(second.pk, actor=post_of(Role.FINANCE_CLERK).actor(), now=at(2023, 2, 1))
    given_back = LoanEvent.objects.get(loan=lives[0].loan, key=f"claim:{second.number}")
    assert (given_back.amount, given_back.kind) == (1_707, 43)
    row = Posting.objects.get(subject=lives[0].loan.subject, kind="claim_returned.bank")
    assert (row.debit, row.credit, row.amount_fen) == ("interest_receivable_government", "settlement", 1_707)
    for life in lives:
        book(life.loan, date(2023, 2, 28), actor=by, now=at(2023, 2, 28))
    assert dict(books_beside_replay()) == {"L0": [], "L1": []}


def test_what_the_bank_leaves_out_of_its_corrections_is_taken_back_all_the_same(post_of: PostOf) -> None:
    lives = borrowers(post_of, 2)
    paid(post_of, checked(post_of, rows_of(post_of, 2021)), at(2022, 2, 1))
    by = post_of(Role.AGENCY_APPROVER).actor()
    add_event(lives[0].loan, "late", certification_lost(date(2021, 12, 1)), actor=by, now=at(2022, 6, 1))
    rows = [row for row in rows_of(post_of, 2022, now=at(2023, 1, 5)) if row.kind == "current"]
    claim = checked(post_of, rows, 2022, now=at(2023, 1, 5))
    assert lines(claim)[0] == ("L0", 0, -1_707, -1_707, "not_listed", "")
    assert claim.accepted_fen == OF_2022 - 1_707


def test_a_year_is_claimed_once_and_a_second_claim_changes_nothing(post_of: PostOf) -> None:
    borrowers(post_of, 1)
    rows = rows_of(post_of, 2021)
    claim = checked(post_of, rows)
    before = rows_of_everything()
    with pytest.raises(ZhubaoError, match="E-CLAIM-TAKEN"):
        hand_in(post_of, file_of(post_of, [replace(rows[0], days=284)], "B2"))
    assert rows_of_everything() == before
    same = hand_in(post_of, file_of(post_of, rows, "B2021"))
    assert (same.receipt.new, same.claim) == (False, claim)
    assert rows_of_everything() == before
    next_year = rows_of(post_of, 2022, now=at(2023, 1, 5))
    asked_again = replace(rows[0], kind="added", subsidy_fen=OF_2021)
    later = checked(post_of, [*next_year, asked_again], 2022, now=at(2023, 1, 5))
    assert lines(later)[0] == ("L0", OF_2021, 0, 0, "already_claimed", "E-CLAIM-TAKEN")


BAD = [
    pytest.param(
        lambda text: text.replace("合计（元）,256.03", "合计（元）,300.00"), "E-EXCHANGE-TOTAL", id="合计被改-edited total"
    ),
    pytest.param(lambda text: text.replace(",256.03,256.03", ",256.03,-256.03"), "E-LINE-CELL", id="负数-negative amount"),
    pytest.param(lambda text: text.replace("演示合作银行如皋支行", "别的银行"), "E-EXCHANGE-OFFICE", id="别的银行-another bank"),
    pytest.param(lambda text: text.replace("3.85%", "3.85"), "E-LINE-CELL", id="利率无百分号-rate without its sign"),
]


@pytest.mark.parametrize(("spoil", "code"), BAD)
def test_a_faulty_file_is_refused_whole(post_of: PostOf, spoil: Any, code: str) -> None:
    borrowers(post_of, 1)
    text = file_of(post_of, rows_of(post_of, 2021)).decode("utf-8-sig")
    assert spoil(text) != text
    received = hand_in(post_of, spoil(text).encode())
    assert code in [fault.code for fault in received.receipt.faults]
    assert received.claim is None
    assert not SubsidyClaim.objects.exists()


def test_a_file_in_gb18030_is_read_as_well(post_of: PostOf) -> None:
    borrowers(post_of, 1)
    text = file_of(post_of, rows_of(post_of, 2021)).decode("utf-8-sig")
    received = hand_in(post_of, text.encode("gb18030"))
    assert received.claim is not None
    assert received.claim.asked_fen == OF_2021


@pytest.mark.parametrize(
    ("change", "year", "code"),
    [
        pytest.param({"year": 2020}, 2021, "E-CLAIM-YEAR", id="本期填了别的年度-another year"),
        pytest.param({"kind": "added"}, 2021, "E-CLAIM-YEAR", id="补报填了本年度-own year added"),
        pytest.param({"ends_on": date(2021, 3, 10)}, 2021, "E-CLAIM-DAYS", id="止息日不在后-ends before it begins"),
        pytest.param({"year": 2022}, 2022, "E-CLAIM-EARLY", id="年度未结束-year not over"),
    ],
)
def test_lines_that_cannot_be_leave_nothing_behind(post_of: PostOf, change: dict[str, Any], year: int, code: str) -> None:
    borrowers(post_of, 1)
    rows = [replace(row, **change) for row in rows_of(post_of, 2021)]
    content = file_of(post_of, rows)
    before = rows_of_everything()
    with pytest.raises(ZhubaoError, match=code):
        hand_in(post_of, content, year)
    assert rows_of_everything() == before
    assert not Envelope.objects.filter(kind="subsidy_claim").exists()


@pytest.mark.parametrize("policy_id", list(CLAIM_COURSES))
def test_each_step_belongs_to_its_posts_states_and_hands(post_of: PostOf, policy_id: str) -> None:
    borrowers(post_of, 1, policy_id)
    rows = rows_of(post_of, 2021, policy_id)
    claim = checked(post_of, [replace(rows[0], subsidy_fen=rows[0].subsidy_fen + 500)], policy_id=policy_id)
    takes: dict[str, Any] = {
        "settle_lines": lambda actor: actions.settle_lines(claim.pk, actions.TAKE_OURS, "按重算", actor=actor, now=HANDED_IN),
        "return_claim": lambda actor: actions.return_claim(claim.pk, "请核对", actor=actor, now=HANDED_IN),
        "verify": lambda actor: actions.verify(claim.pk, actor=actor, now=HANDED_IN),
        "send_back": lambda actor: actions.send_back(claim.pk, "请再核", actor=actor, now=HANDED_IN),
        "prepare_payment": lambda actor: actions.prepare_payment(claim.pk, actor=actor, now=HANDED_IN),
        "approve": lambda actor: actions.approve(claim.pk, actor=actor, now=HANDED_IN),
        "pay": lambda actor: actions.record_payment(claim.pk, HANDED_IN.date(), "支1", actor=actor, now=HANDED_IN),
        "check": lambda actor: actions.finish_check(claim.pk, actor=actor, now=HANDED_IN),
    }
    course = course_of(policy_id)
    order = ["settle_lines", "verify", "prepare_payment", "approve", "pay"]
    for verb in order:
        claim.refresh_from_db()
        for row in course.transitions:
            if not row.start or row.verb == "resubmit":
                continue
            take = takes[row.verb]
            for role in (*Role.values, CITIZEN):
                actor = replace(post_of(role if role != CITIZEN else Role.AUDITOR).actor(), role=role)
                if role not in row.posts or claim.state not in row.start:
                    _refused(take, actor, "E-STATE" if role in row.posts else "E-SCOPE")
            if claim.state in row.start:
                for role in row.posts:
                    _refused(take, replace(post_of(role).actor(), scope="500243"), "E-SCOPE")
        hands = second_at_finance(post_of) if verb == "approve" else post_of(course.transition(verb).posts[0]).actor()
        for step in ClaimStep.objects.filter(claim=claim, verb__in=course.transition(verb).apart_from).exclude(user=None):
            _refused(takes[verb], replace(hands, user_id=step.user_id), "E-SAME-PERSON")
        takes[verb](hands)
    claim.refresh_from_db()
    assert claim.state == "paid"


def _refused(take: Any, actor: Any, code: str) -> None:
    steps = ClaimStep.objects.count()
    with pytest.raises(ZhubaoError, match=code):
        take(actor)
    assert ClaimStep.objects.count() == steps


def test_the_database_refuses_to_claim_or_to_change_twice(post_of: PostOf) -> None:
    from django.db import IntegrityError, transaction

    borrowers(post_of, 1)
    claim = paid(post_of, checked(post_of, rows_of(post_of, 2021)), at(2022, 2, 1))
    line = ClaimLine.objects.get(claim=claim)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimLine.objects.filter(pk=line.pk).update(accepted_fen=0)
    other = SubsidyClaim.objects.get(pk=claim.pk)
    other.pk, other.number, other.year, other.state = None, "TXX", 2020, "checked"
    other.paid_on, other.payment_reference = None, ""
    other.save()
    with pytest.raises(IntegrityError, match="year_of_a_loan_claimed_once"), transaction.atomic():
        ClaimLine.objects.create(
            claim=other, loan=line.loan, loan_number="L0", year=2021, asked_fen=1, computed_fen=1, accepted_fen=1
        )


def test_another_banks_officer_cannot_touch_the_claim(post_of: PostOf) -> None:
    borrowers(post_of, 1)
    content = file_of(post_of, rows_of(post_of, 2021))
    officer = replace(post_of(Role.BANK_OFFICER).actor(), organisation_id=0)
    with pytest.raises(OutOfScope):
        hand_in(post_of, content, actor=officer)
