"""The Jiangxi agency: review, two decisions, sending the case to the bank."""

from datetime import date
from typing import Any

import pytest

from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.cases.actions import agency
from zhubao.cases.actions.agency import Subsidy
from zhubao.cases.models import Case, Decision, Estimate, Proposal
from zhubao.evidence.providers import Fact
from zhubao.evidence.registers import REGISTERS
from zhubao.exchange.files import bank_push
from zhubao.tasks.models import Task

from . import loan_lives as lives
from .lives import at
from .offices import JIANGXI_COUNTY, Offices, ask, open_offices
from .refusals import denied

pytestmark = pytest.mark.django_db
MONDAY, DAY = lives.MONDAY, lives.DAY


@pytest.fixture
def offices() -> Offices:
    lives.figures()
    opened = open_offices(JIANGXI_COUNTY)
    lives.cooperate(lives.the_bank(JIANGXI_COUNTY), lives.JIANGXI)
    return opened


def decide(offices: Offices, case: Case, outcome: str = "granted", **more: Any) -> Case:
    return agency.decide(case.pk, outcome, request=ask(), actor=offices.at(Role.AGENCY_APPROVER), now=at(MONDAY), **more)


def decisions(case: Case) -> list[tuple[str, str]]:
    return [(decision.kind, decision.outcome) for decision in case.decisions.all()]


@pytest.mark.clauses("jx-annex-2a", "jx-annex-2b")
def test_a_review_freezes_the_record_and_the_rosters_with_their_sources(offices: Offices) -> None:
    case = lives.proposed(offices, lives.man())
    proposal = Proposal.objects.get(case=case)
    assert (case.state, proposal.outcome, proposal.subsidy, proposal.category) == (
        "proposed",
        "granted",
        "granted",
        "urban_dibao",
    )
    facts = proposal.snapshot.facts
    assert facts["paid_months"]["value"] == 160
    assert facts["paid_months"]["source"].startswith("参保登记 2026-09-30")
    assert facts["identities"]["urban_dibao"]["certifier"] == "civil_affairs"
    task = Task.objects.get(subject=case.subject, closed_at=None)
    assert (task.kind, task.role, task.due_on) == ("case.jiangxi.decide", Role.AGENCY_APPROVER, date(2026, 10, 19))


@pytest.mark.clauses("jx-annex-2a", "jx-annex-2b", "jx-annex-2c")
def test_both_decisions_are_kept_apart(offices: Offices) -> None:
    case = decide(offices, lives.proposed(offices, lives.man()))
    assert case.state == "loan_qualified"
    assert decisions(case) == [("loan", "granted"), ("subsidy", "granted")]
    subsidy = case.decisions.get(kind="subsidy")
    assert (subsidy.category, subsidy.certifier, subsidy.effective_from) == ("urban_dibao", "civil_affairs", None)
    assert subsidy.certified_by == "城镇低保名册 · 城镇低保 · 第 17 行"
    assert {each.snapshot_id for each in case.decisions.all()} == {Proposal.objects.get(case=case).snapshot_id}


@pytest.mark.clauses("jx-annex-2c")
def test_a_missing_roster_leaves_the_subsidy_pending_and_the_loan_goes_on(offices: Offices) -> None:
    case = decide(offices, lives.proposed(offices, lives.man(listed=False)))
    assert case.state == "loan_qualified"
    assert decisions(case) == [("loan", "granted"), ("subsidy", "pending")]
    assert case.decisions.get(kind="subsidy").reason.startswith("缺：")


@pytest.mark.parametrize(
    ("subsidy", "code"),
    [
        pytest.param(Subsidy("granted"), "E-VERDICT", id="缺名册不能核准 granted without a roster"),
        pytest.param(Subsidy("refused", clause="jx-1.2h", reason="不在册"), "E-REFUSAL", id="缺名册不能拒 refused without one"),
        pytest.param(Subsidy("blocked"), "E-OUTCOME", id="没有这种决定 no such outcome"),
    ],
)
def test_without_a_roster_nothing_is_decided_on_the_subsidy(offices: Offices, subsidy: Subsidy, code: str) -> None:
    case = lives.proposed(offices, lives.man(listed=False))
    denied(code, decide, offices, case, subsidy=subsidy)


@pytest.mark.parametrize(
    ("subsidy", "code"),
    [
        pytest.param(Subsidy("pending"), "E-OUTCOME", id="证据齐备不能挂起 nothing is missing"),
        pytest.param(Subsidy(category="urban_low_income"), "E-CATEGORY", id="不属于该类别 not in the category"),
        pytest.param(Subsidy("refused", clause="jx-1.2h", reason="不符合"), "E-REFUSAL", id="条款已符合 the clause is met"),
    ],
)
def test_a_certified_hardship_is_not_decided_otherwise(offices: Offices, subsidy: Subsidy, code: str) -> None:
    denied(code, decide, offices, lives.proposed(offices, lives.man()), subsidy=subsidy)


@pytest.mark.clauses("jx-annex-2c")
def test_a_person_of_the_wrong_scheme_is_refused_with_clause_and_reason(offices: Offices) -> None:
    case = lives.proposed(offices, lives.man(scheme="resident_pension"))
    error = denied("E-VERDICT", decide, offices, case)
    assert "jx-1.1b" in error.problem.zh
    assert "jx-1.1b" in error.problem.en
    denied("E-REFUSAL", decide, offices, case, "refused", clause="jx-1.1b", reason=" ")
    denied("E-REFUSAL", decide, offices, case, "refused", clause="", reason="险种不符")
    denied("E-REFUSAL", decide, offices, case, "refused", clause="jx-1.1a", reason="户籍不符")
    case = decide(offices, case, "refused", clause="jx-1.1b", reason="参加的是居民养老保险")
    refusal = case.decisions.get()
    assert (case.state, refusal.kind, refusal.clause, refusal.reason) == ("rejected", "loan", "jx-1.1b", "参加的是居民养老保险")


@pytest.mark.parametrize(
    ("life", "proposed", "clause"),
    [
        pytest.param({"paid": 20}, "refused", "jx-1.1d", id="年限不够 too few months"),
        pytest.param({"hukou": ""}, "pending", "jx-1.1a", id="户籍不明 household registration unknown"),
    ],
)
def test_nothing_is_granted_against_the_verdict(offices: Offices, life: dict[str, Any], proposed: str, clause: str) -> None:
    case = lives.proposed(offices, lives.man(**life))
    assert Proposal.objects.get(case=case).outcome == proposed
    assert clause in denied("E-VERDICT", decide, offices, case).problem.zh
    if proposed == "pending":
        denied("E-REFUSAL", decide, offices, case, "refused", clause=clause, reason="没有户口簿")


def test_an_open_loan_stands_in_the_way(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REGISTERS, "open_loan", lambda people, _on: dict.fromkeys(people, Fact(True, "贷款登记 LJX1")))
    case = lives.proposed(offices, lives.man())
    assert "A-ALL-15" in denied("E-VERDICT", decide, offices, case).problem.zh


def test_a_review_overtaken_by_a_newer_record_is_done_again_first(offices: Offices) -> None:
    person = lives.man()
    case = lives.proposed(offices, person)
    lives.insured(person, "employee_pension", JIANGXI_COUNTY, 161, account_fen=30_000_00)
    denied("E-STALE", decide, offices, case)


def test_sent_back_the_review_is_done_again_with_what_is_known_then(offices: Offices) -> None:
    person = lives.man(listed=False)
    case = lives.proposed(offices, person)
    approver = offices.at(Role.AGENCY_APPROVER)
    denied("E-REASON", agency.send_back, case.pk, reason=" ", request=ask(), actor=approver, now=at(MONDAY))
    case = agency.send_back(case.pk, reason="名册已到，请重新核对", request=ask(), actor=approver, now=at(MONDAY))
    assert case.state == "submitted"
    lives.put_on_roster(person)
    agency.propose(case.pk, request=ask(), actor=offices.at(Role.AGENCY_REVIEWER), now=at("2026-10-13"))
    assert [each.subsidy for each in Proposal.objects.filter(case=case)] == ["pending", "granted"]
    assert decisions(decide(offices, case)) == [("loan", "granted"), ("subsidy", "granted")]


def make_up(offices: Offices, case: Case, subsidy: Subsidy | None = None, *, day: str = "2027-01-20", **more: Any) -> Case:
    actor = offices.at(Role.AGENCY_APPROVER)
    return agency.decide_subsidy(case.pk, subsidy, request=ask(), actor=actor, now=at(day), **more)


@pytest.mark.clauses("jx-2.5b", "jx-annex-2c")
@pytest.mark.parametrize(
    ("on_list_from", "drawn", "outcome", "counts_from"),
    [
        pytest.param("2026-01-01", "2026-11-20", "granted", "2026-11-20", id="放款时在册 listed on the day of the draw"),
        pytest.param("2026-01-01", None, "granted", None, id="还没放款 no draw yet"),
    ],
)
def test_a_pending_subsidy_counts_from_the_first_draw(
    offices: Offices, on_list_from: str, drawn: str | None, outcome: str, counts_from: str | None
) -> None:
    person = lives.man(listed=False)
    case = lives.qualified(offices, person)
    denied("E-VERDICT", make_up, offices, case)
    lives.put_on_roster(person, date.fromisoformat(on_list_from))
    case = make_up(offices, case, first_draw_on=date.fromisoformat(drawn) if drawn else None)
    last = case.decisions.filter(kind="subsidy").last()
    assert last is not None
    assert (last.outcome, last.effective_from) == (outcome, date.fromisoformat(counts_from) if counts_from else None)
    assert case.state == "loan_qualified"
    denied("E-SUBSIDY-DECIDED", make_up, offices, case)


def test_a_status_gained_after_the_first_draw_is_not_taken_for_one_at_the_draw(offices: Offices) -> None:
    person = lives.man(listed=False)
    case = lives.qualified(offices, person)
    lives.put_on_roster(person, date(2027, 1, 1))
    denied("E-VERDICT", make_up, offices, case, Subsidy("granted"), first_draw_on=date(2026, 11, 20))
    denied("E-DAY", make_up, offices, case, first_draw_on=date(2027, 1, 21))


@pytest.mark.clauses("jx-annex-3a", "jx-2.3a", "jx-3.5a")
def test_the_bank_of_the_card_account_gets_record_and_estimate(offices: Offices) -> None:
    case = lives.pushed(offices, lives.man())
    estimate = Estimate.objects.get(case=case)
    assert (case.state, case.bank) == ("bank_review", lives.the_bank(JIANGXI_COUNTY))
    # 58 years 1 month; a man born in September 1968 reaches his age in September 2029, the pension begins in October.
    assert (estimate.age_months, estimate.paid_months, estimate.contribution_fen) == (58 * 12 + 1, 160, 9600_00)
    assert (estimate.pension_month, estimate.months_to_pay) == (date(2029, 10, 1), 36)
    # 7 200 × (1 + 0.6) / 2 × 196/12 years × 1 % = 940.80
    assert (estimate.basic_fen, estimate.transition_fen) == (940_80, 0)
    # About 43 048 yuan in the account by then, over 132 months.
    assert (estimate.account_pension_fen, estimate.pension_fen) == (326_12, 1266_92)
    assert "account_crediting_ppm" in {row["question"] for row in estimate.assumed}
    entry = AuditEntry.objects.filter(subject=case.subject, action="case.push").get()
    assert entry.after is not None
    assert entry.after["handed_over"] == [column.title for column in bank_push.LAYOUT.columns]
    task = Task.objects.get(subject=case.subject, closed_at=None)
    assert (task.kind, task.organisation_id) == ("case.jiangxi.bank_assess", case.bank_id)


def push(offices: Offices, case: Case, **more: Any) -> Case:
    return agency.push(case.pk, request=ask(), actor=offices.at(Role.AGENCY_REVIEWER), now=at(MONDAY), **more)


@pytest.mark.clauses("jx-3.5a")
def test_no_other_bank_than_that_of_the_card_account(offices: Offices) -> None:
    other = lives.second_bank(JIANGXI_COUNTY)
    lives.cooperate(other, lives.JIANGXI)
    case = lives.qualified(offices, lives.man())
    assert denied("E-CARD-BANK", push, offices, case, bank_id=other.pk).place == other.name
    assert push(offices, case).bank == lives.the_bank(JIANGXI_COUNTY)


def test_without_a_card_account_no_bank_is_known(offices: Offices) -> None:
    denied("E-BANK", push, offices, lives.qualified(offices, lives.man(card=False)))


@pytest.mark.clauses("jx-annex-3a")
def test_a_bank_without_a_confidentiality_agreement_gets_no_file(offices: Offices) -> None:
    lives.cooperate(lives.the_bank(JIANGXI_COUNTY), lives.JIANGXI, confidentiality="", confidential_from=None)
    denied("E-BANK-COOPERATION", push, offices, lives.qualified(offices, lives.man()))


@pytest.mark.clauses("jx-2.3a")
def test_without_an_estimate_nothing_is_sent(offices: Offices) -> None:
    person = lives.man()
    lives.insured(person, "employee_pension", JIANGXI_COUNTY, 160, account_fen=None)
    error = denied("E-ESTIMATE", push, offices, lives.qualified(offices, person))
    assert "account_fen" in error.place


def test_the_same_request_twice_decides_once(offices: Offices) -> None:
    case = lives.proposed(offices, lives.man())
    request, approver = ask(), offices.at(Role.AGENCY_APPROVER)
    first = agency.decide(case.pk, "granted", request=request, actor=approver, now=at(MONDAY))
    second = agency.decide(case.pk, "granted", request=request, actor=approver, now=at(MONDAY))
    assert (first.state, second.state, Decision.objects.count(), second.steps.count()) == ("loan_qualified",) * 2 + (2, 4)
