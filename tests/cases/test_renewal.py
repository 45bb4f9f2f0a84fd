"""Yearly renewals of one loan: pension from 2029-05, 152 months paid in October 2026.

The tier is 1 040 yuan a month in 2027: 12 × 1 040 = 12 480 yuan. A year not published yet takes the tier of the year before it.
"""

from datetime import date
from typing import Any

import pytest

from tests.people.tables import SYSTEM
from zhubao.access.actors import OutOfScope
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.cases.actions import renewal
from zhubao.cases.actions.signatures import Signature
from zhubao.cases.models import Case, Renewal, RenewalStep
from zhubao.cases.selectors import without_renewal
from zhubao.cases.stepping import Request
from zhubao.errors import ZhubaoError
from zhubao.people.models import Circumstance, Identity
from zhubao.people.recording import end_identity, record_insured
from zhubao.people.statements import InsuredStatement, Origin
from zhubao.tasks.models import Task

from .lives import applicant, at, figures, handed_in
from .offices import Offices, ask, citizen, open_offices

pytestmark = pytest.mark.django_db
LOAN = "RG320682-2026-000001"
YEAR_FEN = 1_248_000


@pytest.fixture
def offices() -> Offices:
    figures()
    return open_offices()


@pytest.fixture
def case(offices: Offices) -> Case:
    """A case whose agreement was signed."""
    filed = handed_in(offices, applicant(paid=152), months_asked=28)
    Case.objects.filter(pk=filed.pk).update(state="agreed", closed_at=at("2026-11-20"))
    return Case.objects.get(pk=filed.pk)


def paid(case: Case, months: int, day: str) -> None:
    """Have the register count more months paid."""
    statement = InsuredStatement(
        "employee_pension", date.fromisoformat(day), Origin(f"参保登记 {day}"), participation_type="flexible",
        insured_area="320682", paid_months=months, deemed_months=0, deemed_confirmed=True, retirement_category="female55",
        receiving_pension=False,
    )  # fmt: skip
    record_insured(case.person_id, statement, actor=SYSTEM, now=at(day))


def file(offices: Offices, case: Case, year: int, day: str, **more: Any) -> Renewal:
    given = {
        "category": "dibao",
        "asked_fen": YEAR_FEN,
        "signed_on": date.fromisoformat(day),
        "request": ask(),
        "actor": offices.at(Role.COMMITTEE_MEMBER),
        **more,
    }
    return renewal.file_renewal(case.pk, LOAN, year, now=at(day), **given)


def review(offices: Offices, filed: Renewal, day: str, **more: Any) -> Renewal:
    member = offices.at(Role.COMMITTEE_MEMBER, other=True)
    given = {"agrees": True, "signature": Signature("丁桂兰", True, date.fromisoformat(day)), **more}
    return renewal.review(filed.pk, request=ask(), actor=member, now=at(day), **given)


def propose(offices: Offices, filed: Renewal, day: str) -> Renewal:
    return renewal.propose(filed.pk, request=ask(), actor=offices.at(Role.AGENCY_REVIEWER), now=at(day))


def decide(offices: Offices, filed: Renewal, day: str, outcome: str = "granted", **more: Any) -> Renewal:
    given = {"actor": offices.at(Role.AGENCY_APPROVER), **more}
    return renewal.decide(filed.pk, outcome, request=ask(), now=at(day), **given)


def prepared(offices: Offices, case: Case, **more: Any) -> Renewal:
    """Bring a renewal for 2027 to the approver."""
    filed = file(offices, case, 2027, "2026-12-01", **more)
    review(offices, filed, "2026-12-03")
    return propose(offices, filed, "2026-12-07")


def refused(code: str, action: Any, *arguments: Any, **named: Any) -> ZhubaoError:
    """Check that an action is refused and changed nothing."""

    def counted() -> list[Any]:
        columns = ("pk", "state", "steps_taken", "amount_fen", "reviewed_by", "suspended_because")
        return [list(Renewal.objects.values_list(*columns)), RenewalStep.objects.count(), AuditEntry.objects.count()]

    before = counted()
    with pytest.raises(ZhubaoError) as refusal:
        action(*arguments, **named)
    assert (refusal.value.code, counted()) == (code, before)
    return refusal.value


@pytest.mark.clauses("rg-19a", "rg-19b", "rg-19c", "rg-19d", "rg-annex2-seq", "rg-annex2-agency", "rg-annex2-amount")
def test_three_years_of_renewals(offices: Offices, case: Case) -> None:
    told = []
    # The lowest tiers of the three years: 1 040, 1 060 and 1 080 yuan a month; of 2029 four months are left.
    # Year of the draw, months paid by then, yuan asked for.
    for year, months, asked in ((2027, 150, 12_480), (2028, 162, 12_720), (2029, 174, 4_320)):
        filing = year - 1
        paid(case, months, f"{filing}-09-30")
        filed = file(offices, case, year, f"{filing}-10-12", asked_fen=asked * 100)
        assert Task.objects.get(subject=filed.subject, closed_at=None).kind == "renewal.rugao.review"
        # Working days of later years are not published: the tasks then say so and no day is guessed.
        review(offices, filed, f"{filing}-10-20")
        propose(offices, filed, f"{filing}-10-25")
        done = decide(offices, filed, f"{filing}-10-26")
        told.append((done.year, done.nth, done.months, done.amount_fen, done.state))
    assert told == [
        (2027, 1, 12, 1_248_000, "granted"),
        (2028, 2, 12, 1_272_000, "granted"),
        (2029, 3, 4, 432_000, "granted"),
    ]
    assert not Task.objects.filter(subject__startswith="renewal:", closed_at=None).exists()


@pytest.mark.parametrize(
    ("day", "year", "more", "code"),
    [
        pytest.param("2026-09-30", 2027, {}, "E-WINDOW", id="窗口前 before the window"),
        pytest.param("2027-01-04", 2027, {}, "E-WINDOW", id="窗口后 after it"),
        pytest.param("2026-12-01", 2026, {}, "E-WINDOW", id="当年 the running year"),
        pytest.param("2026-12-01", 2028, {"late_reason": "x"}, "E-WINDOW", id="隔年 the year after next"),
        pytest.param("2026-12-01", 2027, {"category": ""}, "E-CATEGORY", id="未勾选 no kind ticked"),
        pytest.param("2026-12-01", 2027, {"asked_fen": 1_248_001}, "E-AMOUNT", id="多一分 one fen too much"),
        pytest.param("2026-12-01", 2027, {"asked_fen": 0}, "E-AMOUNT", id="零元 nothing"),
        pytest.param("2026-12-01", 2027, {"signed_on": None}, "E-OPINION", id="未签字 unsigned"),
        pytest.param("2026-12-01", 2027, {"signed_on": date(2026, 12, 2)}, "E-OPINION", id="未来签字 signed ahead"),
    ],
)
@pytest.mark.clauses("rg-annex2-type", "rg-annex2-amount")
def test_a_renewal_that_cannot_be_filed(
    offices: Offices, case: Case, day: str, year: int, more: dict[str, Any], code: str
) -> None:
    refused(code, file, offices, case, year, day, **more)


def test_a_late_renewal_is_filed_with_its_reason_for_the_months_left(offices: Offices, case: Case) -> None:
    given = {"late_reason": "住院", "asked_fen": 10 * 104_000}
    refused("E-AMOUNT", file, offices, case, 2027, "2027-03-08", **{**given, "asked_fen": 10 * 104_000 + 1})
    filed = file(offices, case, 2027, "2027-03-08", **given)
    assert (filed.state, filed.late_reason, filed.nth) == ("filed", "住院", 1)


def test_one_renewal_a_year_and_a_withdrawn_one_does_not_count(offices: Offices, case: Case) -> None:
    filed = file(offices, case, 2027, "2026-12-01")
    refused("E-RENEWAL-TWICE", file, offices, case, 2027, "2026-12-02")
    member = offices.at(Role.COMMITTEE_MEMBER)
    refused("E-REASON", renewal.withdraw, filed.pk, reason="", request=ask(), actor=member, now=at("2026-12-02"))
    renewal.withdraw(filed.pk, reason="金额填错", request=ask(), actor=member, now=at("2026-12-02"))
    assert file(offices, case, 2027, "2026-12-03").nth == 1


@pytest.mark.clauses("rg-19b", "rg-20a")
def test_who_has_not_filed_is_listed_after_the_window(offices: Offices, case: Case) -> None:
    filed = file(offices, case, 2027, "2026-12-31")
    assert without_renewal(["A", LOAN, "B"], 2027) == ["A", "B"]
    assert without_renewal([LOAN], 2028) == [LOAN]
    member = offices.at(Role.COMMITTEE_MEMBER)
    renewal.withdraw(filed.pk, reason="金额填错", request=ask(), actor=member, now=at("2026-12-31"))
    assert without_renewal([LOAN], 2027) == [LOAN]


def test_a_case_without_an_agreement_has_nothing_to_renew(offices: Offices) -> None:
    refused("E-STATE", file, offices, handed_in(offices, applicant()), 2027, "2026-12-01")


@pytest.mark.clauses("rg-19b")
def test_borrowers_file_for_themselves_and_for_nobody_else(offices: Offices, case: Case) -> None:
    own, other = citizen(case.person), citizen(applicant(44))
    with pytest.raises(OutOfScope):
        file(offices, case, 2027, "2026-12-01", actor=other)
    request = ask()
    filed = file(offices, case, 2027, "2026-12-01", actor=own, request=request)
    assert file(offices, case, 2027, "2026-12-02", actor=own, request=Request(request.key)) == filed
    assert Renewal.objects.count() == 1


@pytest.mark.clauses("rg-19c", "rg-annex2-committee")
@pytest.mark.parametrize(
    ("signature", "missing"),
    [
        pytest.param(Signature("", True, date(2026, 12, 3)), "经办人", id="经办人 reviewer"),
        pytest.param(Signature("丁桂兰", False, date(2026, 12, 3)), "公章", id="公章 seal"),
        pytest.param(Signature("丁桂兰", True, None), "日期", id="日期 date"),
    ],
)
def test_the_committee_signs_whole_or_not_at_all(offices: Offices, case: Case, signature: Signature, missing: str) -> None:
    filed = file(offices, case, 2027, "2026-12-01")
    refusal = refused("E-OPINION", review, offices, filed, "2026-12-03", signature=signature)
    assert missing in refusal.problem.zh
    refused("E-REASON", review, offices, filed, "2026-12-03", agrees=False)
    refused("E-STATE", propose, offices, filed, "2026-12-03")
    assert review(offices, filed, "2026-12-03").reviewed_by == "丁桂兰"


def test_against_the_committee_the_agency_says_why(offices: Offices, case: Case) -> None:
    filed = file(offices, case, 2027, "2026-12-01")
    review(offices, filed, "2026-12-03", agrees=False, opinion="已找到工作")
    propose(offices, filed, "2026-12-07")
    refused("E-REASON", decide, offices, filed, "2026-12-08")
    assert decide(offices, filed, "2026-12-08", reason="核实为临时帮工").state == "granted"


@pytest.mark.clauses("rg-20a")
@pytest.mark.parametrize("because", ["reemployed", "improved", "other"])
def test_a_suspension_is_somebodys_choice_with_a_reason(offices: Offices, case: Case, because: str) -> None:
    filed = prepared(offices, case)
    refused("E-REASON", decide, offices, filed, "2026-12-08", "suspended", because=because)
    refused("E-OUTCOME", decide, offices, filed, "2026-12-08", "suspended", reason="x")
    done = decide(offices, filed, "2026-12-08", "suspended", because=because, reason="已签劳动合同")
    assert (done.state, done.suspended_because) == ("suspended", because)
    # A later fourth quarter is open again.
    paid(case, 162, "2027-09-30")
    assert file(offices, case, 2028, "2027-10-12").nth == 2


@pytest.mark.clauses("rg-19d")
def test_lost_hardship_is_not_granted(offices: Offices, case: Case) -> None:
    filed = prepared(offices, case)
    end_identity(Identity.objects.get(person=case.person).pk, date(2026, 12, 7), "停发", actor=SYSTEM, now=at("2026-12-08"))
    refused("E-STALE", decide, offices, filed, "2026-12-08")
    again = file_again(offices, case, filed)
    refused("E-VERDICT", decide, offices, again, "2026-12-11")


def file_again(offices: Offices, case: Case, filed: Renewal) -> Renewal:
    member = offices.at(Role.COMMITTEE_MEMBER)
    renewal.withdraw(filed.pk, reason="重报", request=ask(), actor=member, now=at("2026-12-08"))
    again = file(offices, case, 2027, "2026-12-08")
    review(offices, again, "2026-12-09")
    return propose(offices, again, "2026-12-10")


def test_a_changed_hardship_must_be_shown(offices: Offices, case: Case) -> None:
    refused("E-CATEGORY", decide, offices, prepared(offices, case, category="severe_disability"), "2026-12-08")


def test_missing_evidence_grants_nothing(offices: Offices, case: Case) -> None:
    Circumstance.objects.filter(person=case.person).update(withdrawn_at=at("2026-11-30"))
    refused("E-VERDICT", decide, offices, prepared(offices, case), "2026-12-08")


def test_whoever_filed_reviewed_or_proposed_does_not_decide(offices: Offices, case: Case) -> None:
    filed = prepared(offices, case)
    with pytest.raises(OutOfScope):
        decide(offices, filed, "2026-12-08", actor=offices.at(Role.AGENCY_REVIEWER))
    request, approver = ask(), offices.at(Role.AGENCY_APPROVER)
    for day in ("2026-12-08", "2026-12-09"):
        renewal.decide(filed.pk, "granted", request=request, actor=approver, now=at(day))
    assert RenewalStep.objects.filter(renewal=filed, verb="decide").count() == 1
    refused("E-STATE", decide, offices, filed, "2026-12-09", actor=offices.at(Role.AGENCY_APPROVER, other=True))
