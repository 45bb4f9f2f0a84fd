"""The demonstration's casework: every state of every table is occupied, every account finds work, and everything agrees with itself."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import broken_links
from zhubao.access.audit_log import Wanted, entries_for
from zhubao.access.models import AuditEntry, User
from zhubao.access.roles import Role
from zhubao.access.selectors import open_posts, people_for
from zhubao.cases.models import Case, Objection, Renewal, RenewalStep, Step
from zhubao.cases.selectors import cases_for
from zhubao.cases.states import PROCESSES, RENEWAL
from zhubao.evidence.models import Snapshot
from zhubao.evidence.selectors import unfaithful
from zhubao.exchange.models import Envelope, EnvelopeState
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import balance, trial_balance
from zhubao.loans.draws import PAID_OUT, TRANCHE_STATES
from zhubao.loans.models import (
    ClaimLine,
    FraudFinding,
    Loan,
    LoanStep,
    SubsidyClaim,
    Tranche,
    VerificationProposal,
    VerificationRun,
)
from zhubao.loans.replaying import outcome
from zhubao.loans.selectors import to_be_planned
from zhubao.loans.states import JIANGXI, RUGAO
from zhubao.loans.states import PROCESSES as LOAN_PROCESSES
from zhubao.loans.states.claim import CLAIM_COURSES
from zhubao.loans.states.fraud import FRAUD
from zhubao.oversight.models import Difference
from zhubao.people.models import CitizenAccount, Identity
from zhubao.procedures import demonstration
from zhubao.procedures.demonstration_cases.filling import citizens
from zhubao.programmes.models import BankCooperation
from zhubao.rosters.models import RosterFile, RosterVersion, Screening
from zhubao.rosters.selectors import files_for
from zhubao.tasks.models import Task
from zhubao.tasks.selectors import late, waiting_for

pytestmark = pytest.mark.django_db
PASSWORD = "a password for tests"
NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
TODAY = date(2026, 11, 21)
COUNTIES = [pytest.param("360102", id="江西"), pytest.param("320682", id="如皋"), pytest.param("340706", id="铜陵")]
# The borrowers of the demonstration still pay contributions.
AFTER_THE_PENSION = {"repaying", "settled", "death_settlement", "estate_claim", "written_off"}
TABLES = [pytest.param(process, id=policy) for policy, process in PROCESSES.items()]
LOAN_TABLES = [pytest.param(process, id=policy) for policy, process in LOAN_PROCESSES.items()]


@pytest.fixture(scope="module", autouse=True)
def filled(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Fill the demonstration once for this module, and take it all back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = fill(tmp_path_factory.mktemp("county"))
        # Otherwise every test's end would look anew after the references of all these rows.
        connection.check_constraints()
        yield made
        transaction.set_rollback(True)


def fill(folder: Path) -> demonstration.Filled:
    return demonstration.fill_everything(folder, password=PASSWORD, now=NOW)


def test_the_counts_are_true(filled: demonstration.Filled) -> None:
    assert (filled.cases, filled.loans) == (Case.objects.count(), Loan.objects.count())
    assert 150 <= filled.cases <= 250


@pytest.mark.parametrize("process", TABLES)
def test_a_case_stands_in_every_state(process: Any) -> None:
    found = Counter(Case.objects.filter(policy_id=process.policy_id).values_list("state", flat=True))
    assert {state.name for state in process.states} - found.keys() == set()
    waiting = {state.name for state in process.states if any(row.waits for row in process.leaving(state.name))}
    assert {state: found[state] for state in waiting if found[state] < 3} == {}


def test_a_renewal_stands_in_every_state() -> None:
    found = Counter(Renewal.objects.values_list("state", flat=True))
    assert found.keys() == {state.name for state in RENEWAL.states}
    assert min(found[state] for state in ("filed", "reviewed", "proposed")) >= 3


@pytest.mark.parametrize("process", LOAN_TABLES)
def test_a_loan_stands_in_every_state(process: Any) -> None:
    found = set(Loan.objects.filter(policy_id=process.policy_id).values_list("state", flat=True))
    assert {state.name for state in process.states} - found - AFTER_THE_PENSION == set()


# Four banks of the demonstration claim its first year; the other states come with the months, or are passed at once.
OTHER_CLAIM_STATES = {"received", "agency_verified", "finance_approved"}


def test_a_claim_waits_at_the_agency_at_its_bank_and_at_finance() -> None:
    known = {state.name for course in CLAIM_COURSES.values() for state in course.states}
    assert set(SubsidyClaim.objects.values_list("state", flat=True)) == known - OTHER_CLAIM_STATES
    (mistaken,) = SubsidyClaim.objects.filter(state="checked")
    lines = ClaimLine.objects.filter(claim=mistaken)
    assert set(lines.exclude(cause="").values_list("cause", flat=True)) == {"arithmetic", "rate"}
    assert lines.get(refused="E-LOAN-UNKNOWN").loan is None
    waiting = {task.subject for task in Task.objects.open().filter(kind__startswith="claim.")}
    assert waiting == {claim.subject for claim in SubsidyClaim.objects.exclude(state="paid")}
    assert SubsidyClaim.objects.get(state="paid").booked_at is not None


@pytest.mark.parametrize("county", COUNTIES)
def test_a_finding_of_fraud_stands_in_every_state(county: str) -> None:
    found = FraudFinding.objects.filter(region_code__startswith=county).values_list("state", flat=True)
    assert sorted(found) == sorted(state.name for state in FRAUD.states)
    assert FraudFinding.objects.get(region_code__startswith=county, state="recovered").loan.state == "settled"


def test_the_years_verification_waits_to_be_decided() -> None:
    findings = Counter(VerificationProposal.objects.open().values_list("run__policy_id", "finding"))
    assert {policy for policy, _finding in findings} == {JIANGXI, RUGAO}
    assert len({finding for policy, finding in findings if policy == RUGAO}) > 1
    assert VerificationRun.objects.filter(finished_at=None).count() == 0


def test_a_draw_stands_in_every_state() -> None:
    assert set(Tranche.objects.values_list("state", flat=True)) == {state.name for state in TRANCHE_STATES}


@pytest.mark.parametrize("verb", sorted({row.verb for process in PROCESSES.values() for row in process.transitions}))
def test_every_step_was_taken(verb: str) -> None:
    assert Step.objects.filter(verb=verb).exists()


def test_everything_agrees_with_itself() -> None:
    assert list(broken_links()) == []
    assert Snapshot.objects.count() > 200
    assert list(unfaithful()) == []
    for party in Party:
        accounts_of = trial_balance(Actor.system("test"), "", party=party)
        assert sum(each.fen for each in accounts_of) == 0
    for loan in Loan.objects.all():
        drawn = sum(loan.tranches.filter(state__in=PAID_OUT).values_list("amount_fen", flat=True))
        lent = balance(Party.BANK, "loan_principal", subject=loan.subject)
        assert lent == outcome(loan, TODAY).principal
        assert lent == drawn or loan.findings.filter(recoveries__payee="bank").exists()


@pytest.mark.parametrize("history", [Step, RenewalStep, LoanStep])
def test_steps_follow_each_other_in_time_and_by_different_hands(history: Any) -> None:
    owner = {Step: "case", RenewalStep: "renewal", LoanStep: "loan"}[history]
    moments: dict[int, datetime] = {}
    for of, _number, at in history.objects.order_by(owner, "number").values_list(owner, "number", "at"):
        assert at >= moments.get(of, at)
        moments[of] = at
    assert max(moments.values()) <= NOW


def test_a_second_filling_changes_nothing(filled: demonstration.Filled, tmp_path: Path) -> None:
    before = (AuditEntry.objects.count(), Task.objects.count(), User.objects.count(), Envelope.objects.count())
    assert fill(tmp_path) == filled
    assert (AuditEntry.objects.count(), Task.objects.count(), User.objects.count(), Envelope.objects.count()) == before


@pytest.mark.parametrize("county", COUNTIES)
def test_there_is_something_to_reconcile(county: str) -> None:
    causes = set(Difference.objects.open().filter(region_code__startswith=county).values_list("cause", flat=True))
    assert {"tax_amount", "tax_silent", "tax_refused"} <= causes


def test_a_bank_sent_a_line_of_a_loan_nobody_knows() -> None:
    refused = Envelope.objects.filter(kind="draw_return", state=EnvelopeState.PARTLY)
    assert {envelope.lines.get(result_code="E-LOAN-UNKNOWN").subject for envelope in refused} == {"loan:L0000000000"}


def test_some_are_late_and_most_are_not() -> None:
    waiting = Task.objects.open()
    overdue = waiting.filter(due_on__lt=TODAY).count()
    assert 15 < overdue < waiting.count() // 2


def test_identities_name_the_file_sheet_and_row() -> None:
    named = Identity.objects.exclude(roster_file="")
    assert named.count() > 20
    for identity in named:
        kind, _, key = identity.roster_file.partition(":")
        file = RosterFile.objects.get(pk=key) if kind == "file" else RosterVersion.objects.get(pk=key).file
        assert (identity.source, bool(identity.row)) == (file.name, True)


def test_citizens_stand_at_different_stages() -> None:
    found = {
        account.user.username: list(account.person.cases.values_list("policy_id", "state"))
        for account in CitizenAccount.objects.select_related("user", "person")
    }
    assert found == {
        "citizen-jiangxi": [("jiangxi-2020-7", "proposed")],
        "citizen-rugao": [("rugao-draft", "committee_approved")],
        "citizen-tongling": [("tongling-2022-13", "applied")],
        "citizen-new": [],
    }
    assert [user.username for user in citizens()] == sorted(found)


def queue(actor: Actor) -> int:
    return waiting_for(actor).count()


def lists(actor: Actor) -> int:
    return files_for(actor).count()


def forms(actor: Actor) -> int:
    return cases_for(actor).filter(state__in=("draft", "returned")).count()


def amounts(actor: Actor) -> int:
    return to_be_planned(actor, 2026).count()


def differences(actor: Actor) -> int:
    return Difference.objects.open().within(actor).count()


def past_their_day(actor: Actor) -> int:
    return late(actor, TODAY).count()


def objections(actor: Actor) -> int:
    return Objection.objects.filter(upheld=None, case__in=cases_for(actor)).count()


def accounts(actor: Actor) -> int:
    return people_for(actor).count()


def banks(actor: Actor) -> int:
    return BankCooperation.objects.within(actor).count()


def log(actor: Actor) -> int:
    return entries_for(actor, Wanted()).count()


def screenings(actor: Actor) -> int:
    return RosterFile.objects.within(actor).count() + Screening.objects.within(actor).count()


# Where the accounts of a role find their work, and which accounts have no queue of tasks but another page.
WORK: dict[str, Callable[[Actor], int]] = {
    Role.AGENCY_INTAKE: forms,
    Role.AGENCY_REVIEWER: queue,
    Role.AGENCY_APPROVER: queue,
    Role.AGENCY_ACCOUNTANT: amounts,
    Role.AGENCY_ADMINISTRATOR: accounts,
    Role.COMMITTEE_MEMBER: queue,
    Role.TOWNSHIP_CLERK: objections,
    Role.CERTIFIER: lists,
    Role.HRSS_SUPERVISOR: queue,
    Role.FINANCE_CLERK: differences,
    Role.TAX_CLERK: queue,
    Role.BANK_OFFICER: queue,
    Role.BANK_REVIEWER: queue,
    Role.PBOC_SUPERVISOR: banks,
    Role.AUDITOR: log,
}
ELSEWHERE: dict[str, Callable[[Actor], int]] = {
    "tax-clerk": differences,
    "agency-approver-tongling": past_their_day,
    "hrss-supervisor-tongling": past_their_day,
}
# `test_demonstration_assistance` looks at the desks of these counties.
ON_BEHALF = ("500243", "360703")
# Rugao's policy asks its rural affairs bureau for no list.
IDLE = {"rural-affairs"}


def test_every_account_finds_work() -> None:
    found = {}
    for post in open_posts():
        if post.scope_id.startswith(ON_BEHALF):
            continue
        work = ELSEWHERE.get(post.user.username) or WORK[post.role]
        found[post.user.username] = work(post.actor())
    assert {username for username, count in found.items() if not count} == IDLE
    assert len(found) == 54
