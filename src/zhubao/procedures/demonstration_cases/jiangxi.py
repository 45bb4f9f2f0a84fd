"""Lives of the Jiangxi county: agency, two decisions, bank, and the draws of two years."""

from datetime import date, datetime
from typing import Any, ClassVar

from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.actions import agency, bank, intake, objections
from zhubao.cases.contract import JIANGXI
from zhubao.cases.models import Estimate
from zhubao.loans import drawing
from zhubao.people.recording import certify
from zhubao.people.statements import IdentityStatement, Origin

from .endings import ACCOUNT, CLAIM, EARLY, FINANCE, FRAUD, PART, REPAID, TRANSFER, WRITTEN_OFF
from .lives import Tale, months_between, terms_of
from .loans import Borrower
from .people import LISTS

TO_AGENCY = "begin submit propose"
TO_BANK = f"{TO_AGENCY} decide push"
TO_OFFER = f"{TO_BANK} assess approve"
SIGNED = f"{TO_OFFER} sign"
# Signed in 2025, with that year's contribution paid from the loan.
FIRST_YEAR = f"{SIGNED} @2025-06-20 plan release confirm drawn_by_file paid_by_file @2025-09-19"
TWO_YEARS = f"{FIRST_YEAR} plan release confirm drawn_by_file @2026-09-18 paid_by_file"
GAPS = {2025: 12}

TALES: tuple[Tale, ...] = (
    Tale("no_declaration", "begin", (0, 2, 9)),
    Tale("urban_dibao", "begin submit", (0,)),
    Tale("low_income", "begin submit", (20,)),
    Tale("months_unknown", "begin submit", (2,)),
    Tale("expenditure_poor", "begin submit return_form", (1, 3, 12)),
    Tale("registered_poor", "begin submit return_form submit", (0,)),
    Tale("urban_tekun", TO_AGENCY, (0, 16)),
    Tale("months_unknown", TO_AGENCY, (1,)),
    Tale("hukou_elsewhere", TO_AGENCY, (1,)),
    Tale("laid_off_private", f"{TO_AGENCY} send_back", (1,)),
    Tale("laid_off_state", f"{TO_AGENCY} decide", (0, 1, 10)),
    Tale("hukou_elsewhere", f"{TO_AGENCY} refuse", (3,)),
    Tale("through_an_employer", f"{TO_AGENCY} refuse", (5,)),
    Tale("more_than_eight_years", f"{TO_AGENCY} refuse object", (1, 18)),
    Tale("cannot_reach_conditions", f"{TO_AGENCY} refuse object hear", (2,)),
    Tale("resident_scheme", f"{TO_AGENCY} refuse object hear dismiss", (2,)),
    Tale("hukou_elsewhere", f"{TO_AGENCY} refuse object hear uphold", (1,)),
    Tale("no_hardship", TO_BANK, (0,)),
    Tale("urban_dibao", TO_BANK, (14,), bank=1),
    Tale("low_income", f"{TO_BANK} assess", (0, 8)),
    Tale("expenditure_poor", f"{TO_BANK} assess", (0,), bank=1),
    Tale("urban_tekun", f"{TO_BANK} assess bank_send_back", (1,)),
    Tale("no_hardship", TO_OFFER, (0, 21)),
    Tale("laid_off_state", TO_OFFER, (1,), bank=1),
    Tale("registered_poor", f"{TO_BANK} assess bank_refuse", (1, 6)),
    Tale("laid_off_private", f"{TO_BANK} assess bank_refuse", (2,), bank=1),
    Tale("registered_poor", f"{TO_BANK} assess bank_refuse bank_again", (2,)),
    Tale("low_income", f"{TO_BANK} assess bank_refuse close", (3,)),
    Tale("no_hardship", "begin submit withdraw", (4,)),
    Tale("urban_dibao", "begin submit transfer", (1,)),
    # Signed, and then every place a loan and its draw can be in.
    Tale("urban_dibao", SIGNED, (0,)),
    Tale("no_hardship", f"{SIGNED} decide_subsidy", (1,)),
    Tale("urban_tekun", f"{SIGNED} withdraw_loan", (3,), bank=1),
    Tale("expenditure_poor", f"{SIGNED} plan", (1,), bank=1),
    Tale("laid_off_state", f"{SIGNED} plan release", (1,)),
    Tale("laid_off_state", f"{SIGNED} plan release leave_out", (1,)),
    Tale("low_income", f"{SIGNED} plan release confirm", (2,)),
    Tale("low_income", f"{SIGNED} plan release confirm", (0,), bank=1),
    Tale("urban_tekun", f"{SIGNED} plan release not_drawn", (2, 9)),
    Tale("laid_off_state", f"{SIGNED} plan release confirm pay_out", (1,)),
    Tale("laid_off_state", f"{SIGNED} plan release confirm pay_out pay_in_part", (1,)),
    Tale("registered_poor", f"{SIGNED} plan release confirm pay_out remind", (4,)),
    Tale("no_hardship", f"{SIGNED} plan release confirm pay_out remind end", (1,)),
    Tale("expenditure_poor", f"{SIGNED} plan release withdraw_loan", (2,)),
    Tale("no_hardship", f"{SIGNED} plan_gaps release confirm pay_out pay_in", (3,), route="back_payment"),
    Tale("no_hardship", f"{SIGNED} plan_gaps", (1,), route="back_payment"),
    Tale("urban_dibao", TWO_YEARS, (40,), paid=140),
    Tale("no_hardship", f"{FIRST_YEAR} plan release confirm drawn_by_faulty_file @2026-09-22 paid_by_faulty_file", (45,) * 2, paid=140),
    Tale("laid_off_state", FIRST_YEAR, (0,), paid=140, bank=1),
    Tale("low_income", f"{FIRST_YEAR} plan", (2,), paid=150),
    Tale("urban_dibao", "begin submit propose", (1,), username="citizen-jiangxi", fresh=True),
    # Whose loans end, each in its own way, when the clock goes forward.
    Tale("low_income", TWO_YEARS, (40,), paid=165, ends=REPAID, born=date(1966, 9, 14), amount_fen=15_000_00),
    Tale("urban_dibao", FIRST_YEAR, (0,), paid=140, ends=EARLY),
    Tale("low_income", TWO_YEARS, (40,), paid=165, ends=PART, born=date(1966, 12, 20), amount_fen=15_000_00),
    Tale("no_hardship", FIRST_YEAR, (0,), paid=140, ends=TRANSFER),
    Tale("urban_tekun", FIRST_YEAR, (0,), paid=140, ends=ACCOUNT),
    Tale("urban_dibao", FIRST_YEAR, (0,), paid=140, ends=FINANCE),
    Tale("no_hardship", FIRST_YEAR, (0,), paid=140, ends=CLAIM),
    Tale("no_hardship", FIRST_YEAR, (0,), paid=140, ends=WRITTEN_OFF),
    Tale("expenditure_poor", FIRST_YEAR, (0,), paid=140, ends=FRAUD),
    # A borrower of the second bank, which claims its subsidy; with a finding of fraud from the beginning, as several of those above.
    Tale("urban_dibao", TWO_YEARS, (40,), paid=140, bank=1),
)  # fmt: skip


class JiangxiLife(Borrower):
    """One applicant of the Jiangxi county."""

    policy = JIANGXI
    channel = "counter"
    taking_in = Role.AGENCY_INTAKE
    returning = Role.AGENCY_INTAKE
    DAYS: ClassVar[dict[str, int]] = {
        "propose": 1, "decide": 1, "refuse": 1, "object": 2, "hear": 2, "dismiss": 1, "uphold": 1, "push": 1, "assess": 1,
        "approve": 1, "bank_refuse": 1, "bank_again": 2, "close": 3, "sign": 2, "return_form": 1, "transfer": 1, "withdraw": 1,
        "plan": 2, "plan_gaps": 2, "release": 1, "confirm": 2, "drawn_by_file": 1, "drawn_by_faulty_file": 1, "paid_by_file": 2,
        "paid_by_faulty_file": 2, "not_drawn": 3, "remind": 2, "end": 20, "withdraw_loan": 3, "decide_subsidy": 2, "pay_in_part": 1,
        "leave_out": 1,
    }  # fmt: skip

    def form(self, now: datetime) -> dict[str, Any]:
        """Add the declaration that the applicant cannot pay, and past gaps."""
        gaps = {"back_payable_months": sum(GAPS.values())} if self.tale.route == "back_payment" else {}
        declared = {} if self.applicant.design.declared is None else {"inability_declared_on": now.date()}
        return super().form(now) | declared | gaps

    def propose(self, now: datetime) -> None:
        """Review."""
        agency.propose(self.case.pk, request=self.request(), actor=self.at(Role.AGENCY_REVIEWER), now=now)

    def send_back(self, now: datetime) -> None:
        """Have the review done again."""
        reason = "参保月数与登记不一致，请核对后重审"
        agency.send_back(self.case.pk, reason=reason, request=self.request(), actor=self.at(Role.AGENCY_APPROVER), now=now)

    def decide(self, now: datetime) -> None:
        """Grant the loan; the subsidy as the verdict says."""
        agency.decide(self.case.pk, "granted", request=self.request(), actor=self.at(Role.AGENCY_APPROVER), now=now)

    def refuse(self, now: datetime) -> None:
        """Refuse the loan on the clause the design turns on."""
        agency.decide(
            self.case.pk,
            "refused",
            clause=self.applicant.design.clause,
            reason="按登记信息不符合该条",
            request=self.request(),
            actor=self.at(Role.AGENCY_APPROVER),
            now=now,
        )

    def object(self, now: datetime) -> None:
        """Object to the refusal."""
        objections.object_to_refusal(
            self.case.pk, "登记信息有误，已补交证明", request=self.request(), actor=self.at(Role.AGENCY_INTAKE), now=now
        )

    def hear(self, now: datetime) -> None:
        """Have the bureau hear the applicant."""
        objections.hear_objection(
            self.case.pk, "本人陈述并出示原件", request=self.request(), actor=self.at(Role.HRSS_SUPERVISOR), now=now
        )

    def dismiss(self, now: datetime) -> None:
        """Have the refusal stand."""
        self._answer(now, upheld=False, reason="核实后原决定无误")

    def uphold(self, now: datetime) -> None:
        """Have the case reviewed anew."""
        self._answer(now, upheld=True, reason="补交的证明可采信，退回重新审核")

    def _answer(self, now: datetime, *, upheld: bool, reason: str) -> None:
        supervisor = self.at(Role.HRSS_SUPERVISOR)
        objections.decide_objection(self.case.pk, upheld=upheld, reason=reason, request=self.request(), actor=supervisor, now=now)

    def push(self, now: datetime) -> None:
        """Send the case to the bank of the card account."""
        agency.push(self.case.pk, bank_id=self.bank.pk, request=self.request(), actor=self.at(Role.AGENCY_REVIEWER), now=now)

    def assess(self, now: datetime) -> None:
        """Prepare the terms: the contributions to come, repaid from half of the pension."""
        found = Estimate.objects.filter(case=self.case).latest("pk")
        gaps = sum(GAPS.values()) if self.tale.route == "back_payment" else 0
        months = gaps or found.months_to_pay
        amount = self.tale.amount_fen or found.contribution_fen * months // 12 // 10_000 * 10_000
        terms = terms_of(
            amount,
            1 if gaps else months,
            rate_ppm=30_000,
            disbursement="card_account",
            grace_months=months_between(now.date(), found.pension_month),
            repay_months=60,
            instalment_fen=amount // 15 if self.tale.ends else max(amount // 50, 100_00),
        )
        bank.bank_assess(self.case.pk, terms, request=self.request(), actor=self.at(Role.BANK_OFFICER), now=now)

    def bank_refuse(self, now: datetime) -> None:
        """Have the bank refuse on a ground the document knows."""
        self._bank("refuse", now, ground="not_agreed", reason="借款人要求一次放清全部款项")

    def bank_again(self, now: datetime) -> None:
        """Bring the case to the bank once more."""
        reason = "双方已重新商定放款方式"
        bank.bank_again(self.case.pk, reason=reason, request=self.request(), actor=self.at(Role.AGENCY_REVIEWER), now=now)

    def close(self, now: datetime) -> None:
        """Close the case without a loan."""
        reason = "本人决定不再贷款"
        bank.close(self.case.pk, reason=reason, request=self.request(), actor=self.at(Role.AGENCY_REVIEWER), now=now)

    def transfer(self, now: datetime) -> None:
        """Hand the case to the agency of the other Jiangxi county, where the applicant is insured now."""
        there = Organisation.objects.filter(kind=OrganisationKind.AGENCY, region__code__startswith="36").exclude(
            region_id=self.desk.region.code
        )
        intake.transfer_case(
            self.case.pk,
            there.earliest("pk").pk,
            reason="参保关系已转入该县",
            request=self.request(),
            actor=self.at(Role.AGENCY_REVIEWER),
            now=now,
        )

    def plan_gaps(self, now: datetime) -> None:
        """Fix the one draw of past gaps."""
        drawing.plan_back_payment(self.loan.pk, GAPS, actor=self.at(Role.AGENCY_ACCOUNTANT), now=now)

    def decide_subsidy(self, now: datetime) -> None:
        """Have the department's list arrive late, and the pending subsidy decided on it."""
        listed = IdentityStatement("urban_low_income", "civil_affairs", Origin("民政局补报名册"), now.date().replace(day=1))
        certify(self.person.pk, listed, actor=LISTS, now=now)
        agency.decide_subsidy(self.case.pk, request=self.request(), actor=self.at(Role.AGENCY_APPROVER), now=now)
