"""A year's draw as agency, bank and tax live it: amounts, files to and from the bank, receipts."""

from datetime import date, datetime
from typing import Any

from tests.cases import lives, loan_lives
from tests.cases.offices import Offices, ask
from tests.people.tables import SYSTEM
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.actions import bank, rugao
from zhubao.cases.contract import JIANGXI, RUGAO, TONGLING, Terms
from zhubao.cases.models import Case
from zhubao.cases.promises import Promises
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.contribution_receipts import ContributionReceipt
from zhubao.exchange.files.draw_return import DrawReturn
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.writing import write
from zhubao.exchange.models import Envelope
from zhubao.exchange.selectors import rows_of
from zhubao.loans.drawing import confirm_draw, record_draw, release_year
from zhubao.loans.models import Tranche
from zhubao.parameters import Parameter
from zhubao.people.sealing import open_number
from zhubao.procedures.agreement_signed import sign_agreement
from zhubao.procedures.contribution_received import apply_contributions, receive_contributions
from zhubao.procedures.draw_paid import apply_draw_return, receive_draw_return
from zhubao.procedures.roster_handed_over import hand_over_roster
from zhubao.procedures.year_opened import plan_draws, release_draws
from zhubao.programmes.actions import enter_figures

RUGAO_TERMS = Terms(
    need_fen=30_600_00,
    amount_fen=30_600_00,
    years=3,
    rate_ppm=49_000,
    disbursement="fund_account",
    method="pension_monthly",
    grace_months=31,
    repay_months=120,
)
RUGAO_PROMISES = Promises(
    deduction_agreed_on=date(2026, 10, 21),
    honest_use_on=date(2026, 10, 21),
    own_interest_on=date(2026, 10, 21),
    account_first_on=date(2026, 10, 21),
)


def office(offices: Offices, kind: OrganisationKind) -> Organisation:
    """Return an office of the county."""
    return offices.office(kind)


def signed_jiangxi(offices: Offices, *, listed: bool = True) -> Case:
    """Bring 沈志远 from the counter to the signed agreement on Monday 2026-10-12."""
    loan_lives.figures()
    loan_lives.cooperate(loan_lives.the_bank(offices.area), JIANGXI)
    case = loan_lives.approved(offices, loan_lives.pushed(offices, loan_lives.man(listed=listed)))
    return _sign(offices, case, "助2026-001", loan_lives.JIANGXI_PROMISES, lives.at("2026-10-12"))


def publish_highest_tier() -> None:
    """Enter the highest tier of Tongling's residents, 3 000 yuan a year."""
    tier = Parameter("tier_yearly_fen", 3_000_00, "fen", "340700", date(2026, 1, 1), None, "测试用数", decided_by="测试")
    enter_figures([tier], actor=SYSTEM, now=lives.at("2026-09-01"))


def signed_tongling(offices: Offices) -> Case:
    """Bring 吴大勇 and his son from the bank's counter to the signed contract on Monday 2026-10-12."""
    loan_lives.figures()
    loan_lives.cooperate(loan_lives.the_bank(offices.area), TONGLING)
    person = loan_lives.resident()
    case = loan_lives.beside(offices, loan_lives.estimated(offices, person), loan_lives.child())
    case = loan_lives.approved(offices, case)
    return _sign(offices, case, "铜助2026-001", loan_lives.TONGLING_PROMISES, lives.at("2026-10-12"))


def signed_rugao(offices: Offices) -> Case:
    """Bring 陈桂芳 from the committee through notice and agency to the signed agreement on Wednesday 2026-10-21."""
    lives.figures()
    loan_lives.cooperate(loan_lives.the_bank(offices.area), RUGAO)
    case = lives.proposed(offices, lives.applicant())
    now = lives.at("2026-10-20")
    case = rugao.decide(case.pk, "granted", request=ask(), actor=offices.at(Role.AGENCY_APPROVER), now=now)
    officer, reviewer = offices.at(Role.BANK_OFFICER), offices.at(Role.BANK_REVIEWER)
    bank.bank_assess(case.pk, RUGAO_TERMS, credit_report_on=date(2026, 10, 20), request=ask(), actor=officer, now=now)
    bank.bank_decide(case.pk, "approve", request=ask(), actor=reviewer, now=now)
    return _sign(offices, case, "皋助2026-001", RUGAO_PROMISES, lives.at("2026-10-21"))


def roster(offices: Offices, *cases: Case, day: str = "2026-10-22") -> list[Envelope]:
    """Have the Rugao bank put signed borrowers on its roster."""
    numbers = [case.number for case in cases]
    officer = offices.at(Role.BANK_OFFICER)
    return hand_over_roster(numbers, f"H{day}", actor=officer, now=lives.at(day)).rosters


def _sign(offices: Offices, case: Case, number: str, promises: Promises, now: datetime) -> Case:
    officer = offices.at(Role.BANK_OFFICER)
    return sign_agreement(case.pk, number, now.date(), promises, request=ask(), actor=officer, now=now)


def released(offices: Offices, day: str) -> list[Envelope]:
    """Fix and release the amounts of 2026 and return the files for the banks."""
    now = lives.at(day)
    planned = plan_draws(2026, actor=offices.at(Role.AGENCY_ACCOUNTANT), now=now)
    assert planned.refused == []
    draws = [draw.pk for draw in planned.draws]
    return release_draws(draws, f"F{day}", actor=offices.at(Role.AGENCY_APPROVER), now=now)


def drawn_by_the_bank(offices: Offices, day: str) -> Tranche:
    """Have a Tongling bank prepare, release and pay out the contract's draw of 2026, by two people."""
    now, on = lives.at(day), date.fromisoformat(day)
    (draw,) = plan_draws(2026, actor=offices.at(Role.BANK_OFFICER), now=now).draws
    release_year(draw.pk, actor=offices.at(Role.BANK_REVIEWER), now=now)
    officer = offices.at(Role.BANK_OFFICER)
    return record_draw(draw.pk, on, draw.amount_fen, "collection_account", source="LS1", actor=officer, now=now)


def confirmed(offices: Offices, day: str) -> None:
    """Have every borrower confirm at the bank's counter."""
    for draw in Tranche.objects.filter(state="released"):
        confirm_draw(draw.pk, date.fromisoformat(day), actor=offices.at(Role.BANK_OFFICER), now=lives.at(day))


def return_rows(request: Envelope, day: str, **more: Any) -> list[DrawReturn]:
    """Answer a request file as a bank that drew everything."""
    on = date.fromisoformat(day)
    return [
        DrawReturn(**{
            "loan_number": row.loan_number, "year": row.year, "sequence": row.sequence, "amount_fen": row.amount_fen,
            "drawn_on": on, "result": "drawn", "reason": "", "bank_reference": f"LS{row.loan_number}", **more,
        })
        for row in rows_of(request, today=on)
    ]  # fmt: skip


def send_return(offices: Offices, rows: list[DrawReturn], day: str, batch: str = "R1", policy: str = JIANGXI) -> Envelope:
    """Hand the bank's return file in at the agency and have it applied."""
    agency, at_bank = office(offices, OrganisationKind.AGENCY), loan_lives.the_bank(offices.area)
    content = write(layout_of("draw_return"), Head(batch, at_bank.name, agency.name, "登记放款"), rows, "csv")
    receipt = receive_draw_return(
        [content], name="放款回盘.csv", policy_id=policy, region_code=offices.area, bank_id=at_bank.pk, agency_id=agency.pk,
        actor=offices.at(Role.AGENCY_ACCOUNTANT), now=lives.at(day),
    )  # fmt: skip
    assert not receipt.refused, receipt.faults
    return apply_draw_return(receipt.envelope.pk, clock=lambda: lives.at(day))


def send_receipts(
    offices: Offices, rows: list[ContributionReceipt], day: str, batch: str = "S1", policy: str = JIANGXI
) -> Envelope:
    """Hand the tax office's file in at the agency and have it applied."""
    agency, tax = office(offices, OrganisationKind.AGENCY), office(offices, OrganisationKind.TAX)
    content = write(layout_of("contribution_receipts"), Head(batch, tax.name, agency.name, "记入个人账户"), rows, "xlsx")
    receipt = receive_contributions(
        [content], name="到账明细.xlsx", policy_id=policy, region_code=offices.area, tax_id=tax.pk, agency_id=agency.pk,
        actor=offices.at(Role.TAX_CLERK), now=lives.at(day),
    )  # fmt: skip
    assert not receipt.refused, receipt.faults
    return apply_contributions(receipt.envelope.pk, clock=lambda: lives.at(day))


def receipt_rows(day: str, **more: Any) -> list[ContributionReceipt]:
    """Return one receipt for each draw of 2026 that was paid out and not paid in yet."""
    on = date.fromisoformat(day)
    return [
        ContributionReceipt(**{
            "receipt_number": f"SP{number:04d}", "name": draw.loan.person.name, "id_number": open_number(draw.loan.person),
            "year": draw.year, "amount_fen": draw.amount_fen, "paid_on": on, "source": "loan",
            "loan_number": draw.loan.number, **more,
        })
        for number, draw in enumerate(Tranche.objects.filter(state="drawn").select_related("loan__person"), 1)
    ]  # fmt: skip
