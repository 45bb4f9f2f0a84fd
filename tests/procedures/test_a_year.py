"""From the signed agreement to the paid contribution, in each programme; then the sources are compared."""

from datetime import date
from typing import Any

import pytest

from tests.cases import lives
from tests.cases.offices import JIANGXI_COUNTY, RUGAO_COUNTY, TONGLING_COUNTY, Offices, ask, open_offices
from tests.people.tables import SYSTEM, number
from zhubao.access.models import AuditEntry
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.actions import rugao
from zhubao.cases.actions.intake import open_case
from zhubao.cases.contract import JIANGXI, RUGAO, TONGLING
from zhubao.cases.models import FormCopy
from zhubao.cases.selectors import cases_for
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import Envelope, EnvelopeState
from zhubao.ledger.models import Posting
from zhubao.loans.models import Loan, Tranche
from zhubao.oversight.models import Difference
from zhubao.oversight.reconciliation import explain, reconcile
from zhubao.procedures.roster_handed_over import hand_over_roster, to_be_rostered
from zhubao.procedures.year_opened import months_payable, plan_draws, release_draws
from zhubao.programmes.actions import withdraw_figure
from zhubao.programmes.models import LocalFigure

from . import year

pytestmark = pytest.mark.django_db
SIGNED = {JIANGXI: year.signed_jiangxi, TONGLING: year.signed_tongling, RUGAO: year.signed_rugao}
COUNTY = {JIANGXI: JIANGXI_COUNTY, TONGLING: TONGLING_COUNTY, RUGAO: RUGAO_COUNTY}
PROGRAMMES = [pytest.param(JIANGXI, id="江西"), pytest.param(RUGAO, id="如皋"), pytest.param(TONGLING, id="铜陵")]
# Jiangxi and Rugao pay the months left of 2026 at the lowest tier: 3 × 800 and 3 × 1 020 yuan; Tongling the contract's 3 000.
DRAWN = {JIANGXI: 2_400_00, RUGAO: 3_060_00, TONGLING: 3_000_00}
STRANGER = number("19680903", 17, RUGAO_COUNTY)
PAID_IN = {JIANGXI: "contributed", RUGAO: "recorded", TONGLING: "recorded"}


def begun(policy: str) -> tuple[Offices, Loan]:
    """Return the offices of a programme's county and the one loan that begins there."""
    offices = open_offices(COUNTY[policy])
    case = SIGNED[policy](offices)
    if policy == RUGAO:
        year.roster(offices, case)
    if policy == TONGLING:
        year.publish_highest_tier()
    return offices, Loan.objects.get(case_number=case.number)


def drawn(policy: str) -> tuple[Offices, Loan]:
    """Bring the loan of a programme to its first draw."""
    offices, loan = begun(policy)
    if policy == TONGLING:
        year.drawn_by_the_bank(offices, "2026-10-28")
        return offices, loan
    (request,) = year.released(offices, "2026-10-26")
    assert request.total_fen == DRAWN[policy]
    if policy == JIANGXI:
        year.confirmed(offices, "2026-10-28")
    year.send_return(offices, year.return_rows(request, "2026-10-28"), "2026-10-29", policy=policy)
    return offices, loan


def compare(offices: Offices) -> Any:
    return reconcile(offices.area, 2026, actor=offices.at(Role.AGENCY_ACCOUNTANT), now=lives.at("2026-10-31"))


@pytest.mark.clauses(
    "jx-annex-4a", "jx-annex-4c", "jx-annex-4d", "rg-12.4a", "rg-12.4b", "rg-12.5", "tl-3.5b", "tl-5.1i", "tl-5.1l"
)
@pytest.mark.parametrize("policy", PROGRAMMES)
def test_from_the_agreement_to_the_paid_contribution(policy: str) -> None:
    offices, loan = drawn(policy)
    draw = Tranche.objects.get(loan=loan)
    assert (draw.amount_fen, draw.drawn_on, draw.state) == (DRAWN[policy], date(2026, 10, 28), "drawn")
    done = year.send_receipts(offices, year.receipt_rows("2026-10-28"), "2026-10-30", policy=policy)
    assert done.state == EnvelopeState.ACCEPTED
    loan.refresh_from_db()
    assert loan.state == PAID_IN[policy]
    lent = Posting.objects.filter(party="bank", debit="loan_principal", subject=loan.subject)
    assert [posting.amount_fen for posting in lent] == [DRAWN[policy]]
    found = compare(offices)
    assert (found.draws, found.agency_fen, found.bank_fen, found.tax_fen, found.open) == (1, *(DRAWN[policy],) * 3, 0)


@pytest.mark.clauses("rg-12.0")
def test_the_log_tells_the_six_steps_in_their_order() -> None:
    """Application, committee, agency, agreement, roster, draw: each once, by the office whose step it is."""
    _offices, loan = drawn(RUGAO)
    told = AuditEntry.objects.filter(subject__in=(f"case:{loan.case_number}", loan.subject)).order_by("pk")
    wanted = ["case.submit", "case.sign_opinion", "case.decide", "case.sign", "loan.open_loan", "loan.record_draw"]
    assert [entry.action for entry in told if entry.action in wanted] == wanted


@pytest.mark.clauses("rg-12.3a", "rg-12.3b")
def test_the_roster_goes_out_in_four_copies_and_begins_the_loans() -> None:
    offices = open_offices(RUGAO_COUNTY)
    case = year.signed_rugao(offices)
    officer = offices.at(Role.BANK_OFFICER)
    assert not Loan.objects.exists()
    assert list(to_be_rostered(officer)) == [case]
    rosters = year.roster(offices, case)
    assert sorted(envelope.receiver.kind for envelope in rosters) == ["agency", "finance", "hrss"]
    assert sorted(FormCopy.objects.values_list("recipient", flat=True)) == ["agency", "bank", "finance", "hrss"]
    assert year.roster(offices, case) == rosters
    assert Loan.objects.count() == 1
    assert list(to_be_rostered(officer)) == []
    with pytest.raises(ZhubaoError, match="E-ROSTER-CASE"):
        hand_over_roster(["RG320682-2026-000009"], "H2", actor=officer, now=lives.at("2026-10-23"))


def test_amounts_are_fixed_and_released_by_two_people() -> None:
    offices, _loan = begun(JIANGXI)
    now = lives.at("2026-10-26")
    (draw,) = plan_draws(2026, actor=offices.at(Role.AGENCY_ACCOUNTANT), now=now).draws
    again = plan_draws(2026, actor=offices.at(Role.AGENCY_ACCOUNTANT), now=now)
    assert (again.draws, again.refused) == ([], [])
    approver = offices.at(Role.AGENCY_APPROVER)
    first = release_draws([draw.pk], "F1", actor=approver, now=now)
    assert release_draws([draw.pk], "F1", actor=approver, now=now) == first
    assert Envelope.objects.count() == 1
    with pytest.raises(ZhubaoError, match="E-RELEASE-EMPTY"):
        release_draws([], "F2", actor=approver, now=now)


def test_a_loan_without_a_published_base_holds_nobody_up() -> None:
    offices, loan = begun(RUGAO)
    published = LocalFigure.objects.get(name="lowest_tier_monthly_fen", area_code="320000", effective_from=date(2028, 1, 1))
    withdraw_figure(published.pk, "尚未公布", actor=SYSTEM, now=lives.at("2028-01-04"))
    planned = plan_draws(2028, actor=offices.at(Role.AGENCY_ACCOUNTANT), now=lives.at("2028-01-05"))
    assert planned.draws == []
    assert [(refusal.loan, refusal.error.code) for refusal in planned.refused] == [(loan, "E-DRAW-BASE")]


@pytest.mark.parametrize(
    ("signed", "pension", "of_year", "payable"),
    [
        pytest.param("2026-10-12", "2029-10-01", 2026, (10, 3), id="签约当年从签约月起"),
        pytest.param("2026-10-12", "2029-10-01", 2027, (1, 12), id="中间整年"),
        pytest.param("2026-10-12", "2029-10-01", 2029, (1, 9), id="领取当年到领取月前"),
        pytest.param("2026-10-12", "2027-01-01", 2027, (1, 0), id="一月起领取，当年无月可缴"),
    ],
)
def test_the_months_a_year_may_pay(signed: str, pension: str, of_year: int, payable: tuple[int, int]) -> None:
    loan = Loan(signed_on=date.fromisoformat(signed), pension_month=date.fromisoformat(pension))
    assert months_payable(loan, of_year) == payable


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"loan_number": "LJX360281-2026-000099"}, "E-LOAN-UNKNOWN", id="没有这笔贷款"),
        pytest.param({"sequence": 2}, "E-DRAW-UNKNOWN", id="没有这笔放款"),
        pytest.param({"amount_fen": 2_400_01}, "E-DRAW-CAP", id="超过核定金额一分"),
        pytest.param({"drawn_on": None}, "E-RETURN-DAY", id="没有放款日期"),
    ],
)
def test_a_line_that_does_not_fit_is_answered_and_changes_nothing(changed: dict[str, Any], code: str) -> None:
    offices, loan = begun(JIANGXI)
    (request,) = year.released(offices, "2026-10-26")
    year.confirmed(offices, "2026-10-28")
    before = Posting.objects.count()
    returned = year.send_return(offices, year.return_rows(request, "2026-10-28", **changed), "2026-10-29")
    assert returned.state == EnvelopeState.REFUSED
    assert [line.result_code for line in returned.lines.all()] == [code]
    loan.refresh_from_db()
    assert (loan.state, Posting.objects.count()) == ("draw_due", before)
    assert compare(offices).open == 1


def test_the_same_return_twice_draws_once() -> None:
    offices, loan = drawn(JIANGXI)
    request = Envelope.objects.get(kind="draw_request")
    year.send_return(offices, year.return_rows(request, "2026-10-28"), "2026-10-30")
    other = year.send_return(offices, year.return_rows(request, "2026-10-28"), "2026-10-30", batch="R2")
    assert [line.result_code for line in other.lines.all()] == ["E-STATE"]
    assert Posting.objects.filter(subject=loan.subject, party="bank").count() == 1


@pytest.mark.clauses("jx-4.1a")
def test_what_does_not_agree_is_listed_until_it_does() -> None:
    offices, _loan = drawn(JIANGXI)
    assert compare(offices).open == 1
    assert Difference.objects.get().cause == "tax_silent"
    short = year.receipt_rows("2026-10-28", amount_fen=2_000_00)
    year.send_receipts(offices, short, "2026-10-30")
    found = compare(offices)
    assert (found.open, found.closed) == (1, 1)
    standing = Difference.objects.open().get()
    assert (standing.cause, standing.bank_fen, standing.tax_fen) == ("tax_amount", 2_400_00, 2_000_00)
    rest = year.receipt_rows("2026-10-29", amount_fen=400_00, receipt_number="SP0002")
    year.send_receipts(offices, rest, "2026-10-30", batch="S2")
    assert compare(offices).open == 0


@pytest.mark.clauses("tl-3.5a")
def test_two_hundred_yuan_of_a_draw_that_did_not_arrive() -> None:
    offices, loan = drawn(TONGLING)
    year.send_receipts(offices, year.receipt_rows("2026-10-28", amount_fen=2_800_00), "2026-10-30", policy=TONGLING)
    compare(offices)
    standing = Difference.objects.open().get()
    assert (standing.loan_number, standing.cause, standing.bank_fen, standing.tax_fen) == (
        loan.number, "tax_amount", 3_000_00, 2_800_00,
    )  # fmt: skip


@pytest.mark.clauses("rg-7a", "jx-4.1a")
def test_of_ten_receipts_the_one_of_another_person_is_refused() -> None:
    """3,060 yuan arrive in nine parts of 340; a tenth names the loan and another citizen's number."""
    offices, loan = drawn(RUGAO)
    own = [
        part for number in range(9) for part in year.receipt_rows("2026-10-28", amount_fen=340_00, receipt_number=f"SP{number}")
    ]
    other = year.receipt_rows("2026-10-28", amount_fen=340_00, receipt_number="SP9", id_number=STRANGER)
    done = year.send_receipts(offices, [*own, *other], "2026-10-30", policy=RUGAO)
    results = [line.result_code for line in done.lines.order_by("number")]
    assert (done.state, results) == (EnvelopeState.PARTLY, ["OK"] * 9 + ["E-RECEIPT-PERSON"])
    loan.refresh_from_db()
    assert loan.state == "recorded"
    compare(offices)
    assert loan.number in Difference.objects.open().get(cause="tax_refused").detail


@pytest.mark.clauses("jx-4.1a")
def test_a_receipt_of_somebody_else_waits_for_an_explanation() -> None:
    offices, _loan = drawn(JIANGXI)
    wrong = year.receipt_rows("2026-10-28", loan_number="LJX360281-2026-000099")
    assert year.send_receipts(offices, wrong, "2026-10-30").state == EnvelopeState.REFUSED
    compare(offices)
    difference = Difference.objects.get(cause="tax_refused")
    accountant = offices.at(Role.AGENCY_ACCOUNTANT)
    with pytest.raises(ZhubaoError, match="E-REASON"):
        explain(difference.pk, " ", actor=accountant, now=lives.at("2026-10-31"))
    explain(difference.pk, "税票属外县，已退税务", actor=accountant, now=lives.at("2026-10-31"))
    compare(offices)
    assert list(Difference.objects.open().values_list("cause", flat=True)) == ["tax_silent"]
    agency = offices.office(OrganisationKind.AGENCY)
    assert Envelope.objects.filter(receiver=agency, state=EnvelopeState.REFUSED).count() == 1


def test_the_same_draw_named_again_in_a_later_file_opens_no_difference() -> None:
    offices, _loan = drawn(JIANGXI)
    request = Envelope.objects.get(kind="draw_request")
    year.send_return(offices, year.return_rows(request, "2026-10-28"), "2026-10-30", batch="R2")
    year.send_receipts(offices, year.receipt_rows("2026-10-28"), "2026-10-30")
    assert compare(offices).open == 0


def test_nobody_applies_again_between_the_agreement_and_the_roster() -> None:
    offices = open_offices(RUGAO_COUNTY)
    case = year.signed_rugao(offices)
    intake = offices.at(Role.AGENCY_INTAKE)
    with pytest.raises(ZhubaoError, match="E-CASE-OPEN") as refusal:
        open_case(case.person, RUGAO, channel="counter", request=ask(), actor=intake, now=lives.at("2026-10-22"))
    assert refusal.value.place == case.number


def test_a_case_without_a_bank_is_seen_by_the_banks_that_may_take_it() -> None:
    offices = open_offices(RUGAO_COUNTY)
    lives.figures()
    case = lives.proposed(offices, lives.applicant())
    officer = offices.at(Role.BANK_OFFICER)
    assert not cases_for(officer).exists()
    rugao.decide(case.pk, "granted", request=ask(), actor=offices.at(Role.AGENCY_APPROVER), now=lives.at("2026-10-20"))
    assert [seen.pk for seen in cases_for(officer)] == [case.pk]
