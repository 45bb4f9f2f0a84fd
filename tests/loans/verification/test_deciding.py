"""What a second person makes of the findings: confirmed, given another day, rejected; what happens to interest, books and borrower."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.loans.lives import COUNTY, SYSTEM, Life, PostOf, at, rows_of_everything
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.lending.claims import borne_until
from zhubao.lending.events import reversed_entry
from zhubao.loans.models import Loan, Permit, VerificationProposal, VerificationRun
from zhubao.loans.replaying import events_of, outcome, records_of, terms_of
from zhubao.loans.states import RUGAO
from zhubao.loans.stepping import add_event
from zhubao.loans.verification import budget
from zhubao.loans.verification.budget import measure, shares_of
from zhubao.loans.verification.deciding import accept_roster, confirm, reject
from zhubao.loans.verification.selectors import overdue
from zhubao.notices.models import Notice
from zhubao.procedures.verification_run import confirm_found
from zhubao.tasks.models import Task

from .rosters import NOVEMBER, borrowers, listed
from .test_matching import findings, verified

DECIDED = at(2022, 11, 20)


@pytest.fixture
def approver(post_of: PostOf) -> Actor:
    return post_of(Role.AGENCY_APPROVER).actor()


@pytest.fixture
def found(post_of: PostOf) -> tuple[list[Life], VerificationRun]:
    """Three borrowers on last year's list; this year's has two of them."""
    lives = borrowers(post_of)
    listed("urban_dibao", 1, 2, 3, on=date(2020, 12, 1))
    listed("urban_dibao", 1, 2, on=date(2022, 10, 15))
    return lives, verified(post_of)


def ids(**wanted: object) -> list[int]:
    return list(VerificationProposal.objects.filter(**wanted).values_list("pk", flat=True))


def accepted(run: VerificationRun, approver: Actor) -> VerificationRun:
    accept_roster(run.pk, "civil_affairs", "民政局核实：一人已超标退出", actor=approver, now=DECIDED)
    return run


@pytest.mark.clauses("jx-2.5d")
def test_the_subsidy_lasts_to_the_end_of_the_year_and_no_day_longer(
    found: tuple[list[Life], VerificationRun], approver: Actor
) -> None:
    lives, run = found
    accepted(run, approver)
    assert confirm(run.pk, ids(), actor=approver, now=DECIDED) == 3
    loan = lives[2].fresh()
    terms, events = terms_of(loan).terms, events_of(loan)
    last = borne_until(terms, events, date(2023, 1, 1))
    assert last == borne_until(terms, events, date(2024, 1, 1))
    # 8 400.00 at 3.85 % from 10 March 2021 to 31 December 2022, 662 days over 360.
    assert (outcome(loan, date(2023, 1, 1)).principal, last) == (840_000, 59_470)
    assert loan.steps.get(verb="lose_subsidy").on == date(2023, 1, 1)


@pytest.mark.clauses("jx-2.5c")
def test_who_is_on_the_roster_keeps_the_subsidy_without_a_gap(found: tuple[list[Life], VerificationRun], approver: Actor) -> None:
    lives, run = found
    before = events_of(lives[0].loan)
    accepted(run, approver)
    confirm(run.pk, ids(loan__number="L1"), actor=approver, now=DECIDED)
    assert events_of(lives[0].loan) == before
    assert not Notice.objects.filter(person_id=lives[0].loan.person_id, kind="verification").exists()


def test_the_borrower_is_told_day_reason_and_remedy(found: tuple[list[Life], VerificationRun], approver: Actor) -> None:
    lives, run = found
    accepted(run, approver)
    confirm(run.pk, ids(), actor=approver, now=DECIDED)
    (told,) = Notice.objects.filter(kind="verification")
    assert told.person_id == lives[2].loan.person_id
    for words in ("2023-01-01", "城镇低保", "认定至 2022-10-14", "不追回", "异议"):
        assert words in told.text


def test_a_second_confirmation_changes_nothing(found: tuple[list[Life], VerificationRun], approver: Actor) -> None:
    _lives, run = found
    accepted(run, approver)
    confirm(run.pk, ids(), actor=approver, now=DECIDED)
    before = rows_of_everything()
    assert confirm(run.pk, ids(), actor=approver, now=DECIDED) == 0
    assert rows_of_everything() == before


def test_a_day_of_ones_own_needs_a_reason_and_lies_ahead(found: tuple[list[Life], VerificationRun], approver: Actor) -> None:
    lives, run = found
    accepted(run, approver)
    for day, reason, code in ((date(2022, 11, 19), "早了", "E-VERIFICATION-DAY"), (date(2023, 3, 1), " ", "E-REASON")):
        before = rows_of_everything()
        with pytest.raises(ZhubaoError) as error:
            confirm(run.pk, ids(), effective_on=day, reason=reason, actor=approver, now=DECIDED)
        assert error.value.code == code
        assert rows_of_everything() == before
    confirm(run.pk, ids(finding="lose"), effective_on=date(2023, 3, 1), reason="给一个季度", actor=approver, now=DECIDED)
    decided = VerificationProposal.objects.get(loan=lives[2].loan)
    assert (decided.state, decided.effective_on) == ("changed", date(2023, 3, 1))


def test_what_is_decided_late_never_counts_before_its_notice(found: tuple[list[Life], VerificationRun], approver: Actor) -> None:
    lives, run = found
    accepted(run, approver)
    confirm(run.pk, ids(), actor=approver, now=at(2023, 1, 12))
    assert VerificationProposal.objects.get(loan=lives[2].loan).effective_on == date(2023, 1, 12)


def test_a_rejected_finding_leaves_the_loan_as_it_was(found: tuple[list[Life], VerificationRun], approver: Actor) -> None:
    lives, run = found
    before = events_of(lives[2].loan)
    assert reject(run.pk, ids(finding="lose"), "名册漏登，民政已出证明", actor=approver, now=DECIDED) == 1
    assert events_of(lives[2].loan) == before
    assert VerificationProposal.objects.get(loan=lives[2].loan).state == "rejected"


def test_too_many_lost_of_one_department_is_explained_first(found: tuple[list[Life], VerificationRun], approver: Actor) -> None:
    _lives, run = found  # one of three is a third: more than thirty percent
    for take, code in (
        (lambda: confirm(run.pk, ids(), actor=approver, now=DECIDED), "E-VERIFICATION-ROSTER"),
        (lambda: accept_roster(run.pk, "civil_affairs", "  ", actor=approver, now=DECIDED), "E-REASON"),
        (lambda: accept_roster(run.pk, "hrss", "核实", actor=approver, now=DECIDED), "E-VERIFICATION-CERTIFIER"),
    ):
        before = rows_of_everything()
        with pytest.raises(ZhubaoError) as error:
            take()
        assert error.value.code == code
        assert rows_of_everything() == before


def test_two_people_and_the_right_post(found: tuple[list[Life], VerificationRun], approver: Actor, post_of: PostOf) -> None:
    _lives, run = found
    accepted(run, approver)
    same = replace(approver, user_id=run.started_user_id)
    for actor, code in (
        (same, "E-SAME-PERSON"),
        (post_of(Role.AGENCY_ACCOUNTANT).actor(), "E-SCOPE"),
        (post_of(Role.AUDITOR).actor(), "E-SCOPE"),
        (replace(approver, scope="500243"), "E-SCOPE"),
    ):
        before = rows_of_everything()
        with pytest.raises(ZhubaoError) as error:
            confirm(run.pk, ids(), actor=actor, now=DECIDED)
        assert error.value.code == code
        assert rows_of_everything() == before


def test_the_budget_is_shown_before_anything_is_confirmed(found: tuple[list[Life], VerificationRun], approver: Actor) -> None:
    _lives, run = found
    measure(run.pk, clock=lambda: NOVEMBER)
    (share,) = shares_of(run)
    # 2023: 8 400.00 × 3.85 % × 365 / 360 = 327.89 a loan, three loans as it stands, two after it; the period of the claim closes
    # on 20 December, so the two parts of a year may round a fen apart.
    assert (share.area_code, share.loans) == (COUNTY, 3)
    assert abs(share.borne_fen - 3 * 32_789) <= 3
    assert share.borrowers_fen * 3 == share.borne_fen
    reject(run.pk, ids(finding="lose"), "漏登", actor=approver, now=DECIDED)
    assert shares_of(run)[0].borrowers_fen == 0


@pytest.mark.clauses("jx-2.5a")
def test_a_loan_without_its_yearly_record_is_overdue(post_of: PostOf, approver: Actor) -> None:
    borrowers(post_of)
    listed("urban_dibao", 1, 2, 3, on=date(2022, 10, 15))
    december = date(2022, 12, 1)
    agency = post_of(Role.AGENCY_ACCOUNTANT).actor()
    assert [loan.number for loan in overdue(agency, 2021, december)] == []  # first drawn in 2021
    assert [loan.number for loan in overdue(agency, 2022, december)] == ["L1", "L2", "L3"]
    run = verified(post_of)
    assert Task.objects.filter(subject=run.subject, closed_at=None, role=Role.AGENCY_APPROVER).count() == 1
    confirm(run.pk, ids(), actor=approver, now=DECIDED)
    assert [loan.number for loan in overdue(agency, 2022, december)] == []
    assert not Task.objects.filter(subject=run.subject, closed_at=None).exists()
    assert set(findings().values()) == {("keep", "on_roster")}


@pytest.mark.clauses("rg-20a", "rg-20b", "rg-19a")
def test_in_rugao_draws_are_suspended_and_the_interest_is_left_alone(post_of: PostOf, approver: Actor) -> None:
    (life,) = borrowers(post_of, 1, policy_id=RUGAO)
    january = at(2022, 1, 5)
    run = verified(post_of, 2021, RUGAO, now=january)
    assert findings() == {"L1": ("lose", "not_applied")}
    before = events_of(life.loan)
    assert confirm(run.pk, ids(), actor=approver, now=january) == 1
    assert life.fresh().state == "suspended"
    assert events_of(life.loan) == before
    (told,) = Notice.objects.filter(kind="verification")
    assert "照常贴息" in told.text


@pytest.mark.clauses("rg-19d")
def test_in_rugao_whose_renewal_was_granted_and_drawn_did_apply(post_of: PostOf) -> None:
    (life,) = borrowers(post_of, 1, policy_id=RUGAO)
    Permit.objects.create(
        loan=life.loan, year=2022, nth=1, amount_fen=12_240_00, granted_on=date(2021, 12, 20), case_number="RG-1"
    )
    verified(post_of, 2021, RUGAO, now=at(2022, 1, 25))
    assert findings() == {}


def test_many_are_confirmed_though_one_loan_has_moved_on(found: tuple[list[Life], VerificationRun], approver: Actor) -> None:
    lives, run = found
    accepted(run, approver)
    Loan.objects.filter(pk=lives[2].loan.pk).update(state="repaying")
    assert confirm_found(run.pk, actor=approver, clock=lambda: DECIDED) == (2, 1)
    assert set(VerificationProposal.objects.values_list("loan__number", "state")) == {
        ("L1", "confirmed"), ("L2", "confirmed"), ("L3", "proposed"),
    }  # fmt: skip
    assert confirm_found(run.pk, actor=approver, clock=lambda: DECIDED) == (0, 1)


def test_the_budget_goes_on_where_it_was_killed_and_counts_what_cannot_be_reckoned(
    found: tuple[list[Life], VerificationRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    lives, run = found
    rate = lives[1].loan.events.get(key="rate")
    add_event(lives[1].loan, "no-rate", reversed_entry(rate.day, rate.entry), actor=SYSTEM, now=NOVEMBER)
    monkeypatch.setattr("zhubao.loans.verification.budget.CHUNK", 1)
    reckon = records_of
    calls: list[int] = []

    def killed(loans: Any) -> Any:
        calls.append(1)
        return reckon(loans) if len(calls) == 1 else 1 / 0

    monkeypatch.setattr("zhubao.loans.verification.budget.records_of", killed)
    with pytest.raises(ZeroDivisionError):
        measure(run.pk, clock=lambda: NOVEMBER)
    assert budget.unreckoned(run) == 2
    monkeypatch.setattr("zhubao.loans.verification.budget.records_of", reckon)
    assert measure(run.pk, clock=lambda: NOVEMBER).measured_at == NOVEMBER
    assert budget.unreckoned(run) == 1
    assert shares_of(run)[0].loans == 2
