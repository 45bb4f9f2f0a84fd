"""Lives of the Rugao county: committee, notice, agency, bank, roster, and the draws and renewals of two years."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, ClassVar

from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.actions import agency, bank, committee, notice_objections, rugao
from zhubao.cases.actions import renewal as renewals
from zhubao.cases.actions.signatures import Signature
from zhubao.cases.contract import RUGAO
from zhubao.cases.models import Decision, Renewal
from zhubao.cases.models.review import Suspension
from zhubao.demonstration.facts import identity_facts
from zhubao.people.models import Identity
from zhubao.people.recording import end_identity

from ..renewal_decided import decide_renewal, file_renewal, withdraw_renewal
from ..roster_handed_over import hand_over_roster
from .endings import ACCOUNT, EARLY, FAULT, FINANCE, FRAUD, PART, REPAID, TRANSFER
from .lives import Tale, months_between, terms_of
from .loans import Borrower
from .people import LISTS, as_of, record_months

VILLAGE = "320682108201"
FIFTEEN_YEARS = 180
POSTED = "begin submit first_review post_notice"
OBJECTED = f"{POSTED} object"
TO_AGENCY = f"{POSTED} sign_opinion"
TO_APPROVER = f"{TO_AGENCY} propose"
TO_BANK = f"{TO_APPROVER} decide"
TO_OFFER = f"{TO_BANK} assess approve"
SIGNED = f"{TO_OFFER} sign"
# Signed in the window of 2025, drawn before the year's end, renewed for 2026, and that year's contribution recorded.
FIRST_YEAR = f"{SIGNED} @2025-11-28 roster plan release drawn_by_file paid_by_file @2025-12-19"
RENEWED = f"{FIRST_YEAR} file_renewal review propose_renewal grant @2025-12-30"
SECOND_YEAR = f"{RENEWED} plan release drawn_by_file paid_by_file @2026-04-17 new_months"
FILED = f"{FIRST_YEAR} new_months file_renewal"
REVIEWED = f"{FILED} review"
PROPOSED = f"{REVIEWED} propose_renewal"
IN_2025 = 146

TALES: tuple[Tale, ...] = (
    Tale("dibao", "begin", (0, 7)),
    Tale("laid_off", "begin", (70,)),
    Tale("dibao", "begin submit", (0, 3)),
    Tale("no_roster_names_them", "begin submit", (9,)),
    Tale("participation_not_stated", "begin submit return_form", (1, 2)),
    Tale("poor_worker", "begin submit return_form", (6,)),
    Tale("laid_off_man", "begin submit first_review", (0, 1, 11)),
    Tale("laid_off", POSTED, (0,)),
    Tale("severe_disability", POSTED, (9,)),
    Tale("dibao", OBJECTED, (1,)),
    Tale("laid_off", f"{OBJECTED} investigate", (1,)),
    Tale("poor_worker", f"{OBJECTED} investigate hear", (12,)),
    Tale("dibao", f"{OBJECTED} investigate hear dismiss", (1,)),
    Tale("laid_off", f"{OBJECTED} investigate hear uphold", (2,)),
    Tale("dibao", TO_AGENCY, (13,)),
    Tale("deemed_open", TO_AGENCY, (1,)),
    Tale("deemed_open", f"{TO_AGENCY} send_deemed", (0, 3, 16)),
    Tale("deemed_open", f"{TO_AGENCY} send_deemed confirm_deemed propose", (1,)),
    Tale("deemed_confirmed", TO_APPROVER, (12,)),
    Tale("under_ten_years", TO_APPROVER, (1,)),
    Tale("cannot_reach_fifteen", f"{TO_APPROVER} send_back", (1,)),
    Tale("too_far_from_pension", f"{TO_APPROVER} refuse", (2,)),
    Tale("hukou_elsewhere", "begin submit reject", (1,)),
    Tale("subsidy_runs", f"{TO_APPROVER} block", (1, 3, 9)),
    Tale("subsidy_runs", f"{TO_APPROVER} block unblock", (1,)),
    Tale("poor_worker", TO_BANK, (10,)),
    Tale("laid_off_man", TO_BANK, (1,), bank=1),
    Tale("dibao", f"{TO_BANK} assess", (0, 8)),
    Tale("severe_disability", f"{TO_BANK} assess", (1,), bank=1),
    Tale("laid_off", f"{TO_BANK} assess bank_send_back", (1,)),
    Tale("dibao", TO_OFFER, (0, 15)),
    Tale("poor_worker", TO_OFFER, (1,), bank=1),
    Tale("laid_off_man", f"{TO_BANK} assess bank_refuse", (1, 3, 7)),
    Tale("dibao", f"{TO_BANK} assess bank_refuse bank_again", (2,)),
    Tale("severe_disability", f"{TO_BANK} assess bank_refuse close", (2,)),
    Tale("dibao", "begin submit withdraw", (3,)),
    Tale("poor_worker", "begin allow_late submit first_review post_notice @2026-09-22 sign_opinion", (18,)),
    # Signed in this window, and every place a loan and its draw can be in.
    Tale("dibao", SIGNED, (0,)),
    Tale("laid_off", SIGNED, (2,), bank=1),
    Tale("dibao", f"{SIGNED} roster", (0,), fresh=True),
    Tale("laid_off_man", f"{SIGNED} roster withdraw_loan", (1,)),
    Tale("severe_disability", f"{SIGNED} roster plan withdraw_loan", (1,)),
    Tale("poor_worker", f"{SIGNED} roster plan", (0, 2)),
    Tale("laid_off", f"{SIGNED} roster plan release", (0, 2)),
    Tale("dibao", f"{SIGNED} roster plan release", (1,), bank=1, fresh=True),
    Tale("severe_disability", f"{SIGNED} roster plan release drawn_by_file", (1,)),
    Tale("poor_worker", f"{SIGNED} roster plan release drawn_by_faulty_file paid_by_faulty_file", (2, 2)),
    Tale("laid_off", f"{SIGNED} roster plan release pay_out pay_in_part", (1,)),
    Tale("laid_off", f"{SIGNED} roster plan release drawn_by_file paid_by_file", (1,)),
    # Renewals for 2027 in every state, of loans that have drawn twice.
    Tale("dibao", SECOND_YEAR, (30,), paid=IN_2025, fresh=True),
    Tale("dibao", f"{SECOND_YEAR} file_renewal", (2,), paid=IN_2025, fresh=True),
    Tale("dibao", FILED, (0, 9), paid=IN_2025, fresh=True),
    Tale("poor_worker", REVIEWED, (0, 2, 11), paid=IN_2025),
    Tale("laid_off", PROPOSED, (0, 1, 10), paid=IN_2025),
    Tale("dibao", f"{PROPOSED} grant", (1,), paid=IN_2025, fresh=True),
    Tale("severe_disability", f"{PROPOSED} suspend", (1,), paid=IN_2025),
    Tale("poor_worker", f"{FILED} withdraw_renewal", (1,), paid=IN_2025),
    Tale("dibao", TO_AGENCY, (1,), username="citizen-rugao", fresh=True),
    # Whose loans end, each in its own way, when the clock goes forward.
    Tale("laid_off_man", SECOND_YEAR, (30,), paid=168, ends=REPAID, born=date(1966, 11, 8)),
    Tale("dibao", FIRST_YEAR, (0,), paid=IN_2025, ends=EARLY),
    Tale("laid_off_man", SECOND_YEAR, (30,), paid=168, ends=PART, born=date(1966, 12, 3)),
    Tale("poor_worker", FIRST_YEAR, (0,), paid=IN_2025, ends=TRANSFER),
    Tale("dibao", FIRST_YEAR, (0,), paid=IN_2025, ends=ACCOUNT),
    Tale("laid_off", FIRST_YEAR, (0,), paid=IN_2025, ends=FINANCE),
    Tale("severe_disability", FIRST_YEAR, (0,), paid=IN_2025, ends=FAULT),
    Tale("poor_worker", FIRST_YEAR, (0,), paid=IN_2025, ends=FRAUD),
    # With a finding of fraud from the beginning, as several of those above; and a borrower of the second bank, which claims its subsidy.
    Tale("dibao", SECOND_YEAR, (30,), paid=IN_2025, fresh=True),
    Tale("dibao", SECOND_YEAR, (30,), paid=IN_2025, fresh=True, bank=1),
)


class RugaoLife(Borrower):
    """One applicant of the Rugao county."""

    policy = RUGAO
    channel = "village"
    taking_in = Role.COMMITTEE_MEMBER
    returning = Role.COMMITTEE_MEMBER
    recording = Role.AGENCY_ACCOUNTANT
    TOGETHER: ClassVar[dict[str, time]] = {**Borrower.TOGETHER, "post_notice": time(15, 30), "roster": time(15, 45)}
    DAYS: ClassVar[dict[str, int]] = {
        "first_review": 1, "reject": 1, "post_notice": 0, "object": 2, "investigate": 2, "hear": 1, "dismiss": 1, "uphold": 1,
        "sign_opinion": 10, "send_deemed": 1, "confirm_deemed": 3, "propose": 1, "decide": 1, "refuse": 1, "block": 1, "unblock": 4,
        "send_back": 1, "assess": 1, "approve": 1, "bank_refuse": 1, "bank_again": 1, "close": 2, "sign": 1, "return_form": 1,
        "withdraw": 1, "allow_late": 1, "roster": 0, "plan": 1, "release": 0, "drawn_by_file": 1, "drawn_by_faulty_file": 1,
        "pay_out": 1, "paid_by_file": 1, "paid_by_faulty_file": 1, "pay_in_part": 1, "withdraw_loan": 2, "review": 1,
        "propose_renewal": 1, "grant": 1, "suspend": 1, "withdraw_renewal": 2, "bank_send_back": 1, "file_renewal": 1,
    }  # fmt: skip

    @property
    def region_code(self) -> str:
        """The village whose committee reviews."""
        return VILLAGE

    @property
    def category(self) -> str:
        """The hardship on the form, a code of the policy."""
        found = [code for code, fact in identity_facts(self.applicant.person).items() if fact]
        return found[0] if found else "dibao"

    def form(self, now: datetime) -> dict[str, Any]:
        """Add hardship, committee, months, the declaration, and why it comes outside the window."""
        one = self.applicant.person
        own: dict[str, Any] = {
            "category": self.category,
            "committee": self.desk.office(OrganisationKind.COMMITTEE).pk,
            "months_asked": max(1, FIFTEEN_YEARS - one.paid_months - (one.deemed_months if one.deemed_confirmed else 0)),
            "inability_declared_on": now.date(),
        }
        if now.month < 10:
            own["late_reason"] = "住院治疗，出院后才能办理"
        return super().form(now) | own

    def allow_late(self, now: datetime) -> None:
        """Accept the reason for filing outside the window."""
        rugao.allow_late(
            self.case.pk,
            reason="住院证明属实，准予受理",
            request=self.request(),
            actor=self.at(Role.AGENCY_APPROVER),
            now=now,
        )

    def first_review(self, now: datetime) -> None:
        """Pass the first review."""
        committee.first_review(self.case.pk, passed=True, request=self.request(), actor=self.at(Role.COMMITTEE_MEMBER), now=now)

    def reject(self, now: datetime) -> None:
        """Reject at the first review, on the clause the design turns on."""
        committee.first_review(
            self.case.pk,
            passed=False,
            clause=self.applicant.design.clause,
            reason="入户核实，不符合该条",
            request=self.request(),
            actor=self.at(Role.COMMITTEE_MEMBER),
            now=now,
        )

    @staticmethod
    def post_notice(lives: "Sequence[RugaoLife]", now: datetime) -> None:
        """Post one notice for all who passed."""
        committee.post_notice(
            [life.case.pk for life in lives],
            place="村委会公示栏",
            phone="0513-80000001",
            request=lives[0].request(),
            actor=lives[0].at(Role.COMMITTEE_MEMBER),
            now=now,
        )

    def object(self, now: datetime) -> None:
        """Have a neighbour object at the township."""
        notice_objections.object_to_notice(
            self.case.pk,
            by_name="村民代表",
            said="听说其在外地有工作单位",
            request=self.request(),
            actor=self.at(Role.TOWNSHIP_CLERK),
            now=now,
        )

    def investigate(self, now: datetime) -> None:
        """Have the committee look into it."""
        notice_objections.investigate(
            self.case.pk,
            self._objection(),
            finding="走访邻里并查询参保记录",
            request=self.request(),
            actor=self.at(Role.COMMITTEE_MEMBER),
            now=now,
        )

    def hear(self, now: datetime) -> None:
        """Hear the applicant."""
        notice_objections.hear_applicant(
            self.case.pk,
            self._objection(),
            heard="本人说明情况并出示记录",
            request=self.request(),
            actor=self.at(Role.AGENCY_REVIEWER),
            now=now,
        )

    def dismiss(self, now: datetime) -> None:
        """Let the notice go on."""
        self._answer(now, upheld=False, reason="经核实没有单位参保，异议不成立")

    def uphold(self, now: datetime) -> None:
        """Reject on the objection."""
        self._answer(now, upheld=True, reason="经核实在外地单位参保，异议成立")

    def _answer(self, now: datetime, *, upheld: bool, reason: str) -> None:
        notice_objections.decide_notice_objection(
            self.case.pk,
            self._objection(),
            upheld=upheld,
            reason=reason,
            request=self.request(),
            actor=self.at(Role.AGENCY_APPROVER),
            now=now,
        )

    def _objection(self) -> int:
        return int(self.case.objections.latest("pk").pk)

    def sign_opinion(self, now: datetime) -> None:
        """Sign the committee's opinion after the seven days, and take the notice down."""
        member = self.at(Role.COMMITTEE_MEMBER)
        signature = Signature(member.name, True, now.date())
        committee.sign_opinion(
            self.case.pk, category=self.category, signature=signature, request=self.request(), actor=member, now=now
        )
        committee.take_down(committee.notice_of(self.case).pk, actor=member, now=now)

    def send_deemed(self, now: datetime) -> None:
        """Send the deemed period for review."""
        rugao.send_deemed(self.case.pk, request=self.request(), actor=self.at(Role.AGENCY_REVIEWER), now=now)

    def confirm_deemed(self, now: datetime) -> None:
        """Confirm the deemed period whole."""
        months, supervisor = self.applicant.person.deemed_months, self.at(Role.HRSS_SUPERVISOR)
        rugao.confirm_deemed(self.case.pk, months, request=self.request(), actor=supervisor, now=now)

    def propose(self, now: datetime) -> None:
        """Prepare the agency's opinion."""
        rugao.propose(self.case.pk, request=self.request(), actor=self.at(Role.AGENCY_REVIEWER), now=now)

    def send_back(self, now: datetime) -> None:
        """Have the opinion prepared anew."""
        reason = "缴费月数请再与登记核对"
        agency.send_back(self.case.pk, reason=reason, request=self.request(), actor=self.at(Role.AGENCY_APPROVER), now=now)

    def decide(self, now: datetime) -> None:
        """Grant."""
        self._decide("granted", now)

    def refuse(self, now: datetime) -> None:
        """Refuse on the clause the design turns on."""
        self._decide("refused", now, clause=self.applicant.design.clause, reason="按登记信息不符合该条")

    def block(self, now: datetime) -> None:
        """Block while the subsidy is drawn."""
        self._decide("blocked", now, reason="正在领取社会保险补贴")

    def _decide(self, outcome: str, now: datetime, **words: str) -> None:
        approver = self.at(Role.AGENCY_APPROVER)
        rugao.decide(self.case.pk, outcome, request=self.request(), actor=approver, now=now, **words)

    def unblock(self, now: datetime) -> None:
        """Go on: the applicant gave the subsidy up."""
        rugao.unblock(
            self.case.pk,
            reason="本人签字放弃社保补贴",
            waived_on=now.date(),
            request=self.request(),
            actor=self.at(Role.AGENCY_REVIEWER),
            now=now,
        )

    def assess(self, now: datetime) -> None:
        """Read the credit report and prepare the terms: what the agency's opinion says, at the benchmark."""
        opinion = Decision.objects.filter(case=self.case, kind="loan", outcome="granted").latest("pk")
        amount, months, pension = opinion.amount_fen, opinion.months_left, opinion.pension_month
        assert amount is not None, self.case
        assert months is not None, self.case
        assert pension is not None, self.case
        terms = terms_of(
            amount,
            months,
            rate_ppm=49_000,
            disbursement="fund_account",
            grace_months=min(60, months_between(now.date(), pension)),
            repay_months=120,
        )
        officer = self.at(Role.BANK_OFFICER)
        bank.bank_assess(self.case.pk, terms, credit_report_on=now.date(), request=self.request(), actor=officer, now=now)

    def bank_refuse(self, now: datetime) -> None:
        """Have the bank refuse."""
        self._bank("refuse", now, reason="征信报告有多笔逾期未结清")

    def bank_again(self, now: datetime) -> None:
        """Send the case to the county's other bank."""
        there = next(each for each in self.desk.banks if each != self.bank)
        bank.bank_again(
            self.case.pk,
            reason="改送另一家指定银行",
            bank_id=there.pk,
            request=self.request(),
            actor=self.at(Role.AGENCY_REVIEWER),
            now=now,
        )
        self.bank = there

    def close(self, now: datetime) -> None:
        """Close the case without a loan."""
        reason = "两家银行均未同意，本人不再申请"
        bank.close(self.case.pk, reason=reason, request=self.request(), actor=self.at(Role.AGENCY_REVIEWER), now=now)

    @staticmethod
    def roster(lives: "Sequence[RugaoLife]", now: datetime) -> None:
        """Have each bank put its borrowers on a roster."""
        for at_bank in lives[0].desk.banks:
            numbers = [life.case.number for life in lives if life.bank == at_bank]
            if numbers:
                officer = lives[0].desk.at(Role.BANK_OFFICER, at_bank)
                hand_over_roster(numbers, f"{now:%Y%m%d}-001", actor=officer, now=now)

    def new_months(self, now: datetime) -> None:
        """Have the register say what has been paid since."""
        since = months_between(self.case.opened_at.date(), now.date())
        one = as_of(self.applicant, self.applicant.person.paid_months + min(since, 14), date(2024, 1, 1))
        record_months(self.person, one, now=now)

    @property
    def renewal(self) -> Renewal:
        """The latest renewal."""
        return Renewal.objects.filter(case=self.case).latest("pk")

    def file_renewal(self, now: datetime) -> None:
        """File for the draw of the next year."""
        year = now.year + 1
        need = renewals.need_of(self.fresh(), year, now.date(), now)
        assert need, self.case
        file_renewal(
            self.case.pk,
            year,
            category=self.category,
            asked_fen=need.amount_fen,
            signed_on=now.date(),
            request=self.request(),
            actor=self.at(Role.COMMITTEE_MEMBER),
            now=now,
        )

    def review(self, now: datetime) -> None:
        """Write the committee's opinion."""
        member = self.at(Role.COMMITTEE_MEMBER)
        renewals.review(
            self.renewal.pk,
            agrees=True,
            signature=Signature(member.name, True, now.date()),
            request=self.request(),
            actor=member,
            now=now,
        )

    def propose_renewal(self, now: datetime) -> None:
        """Prepare the amount."""
        renewals.propose(self.renewal.pk, request=self.request(), actor=self.at(Role.AGENCY_REVIEWER), now=now)

    def grant(self, now: datetime) -> None:
        """Grant the renewal."""
        approver = self.at(Role.AGENCY_APPROVER)
        decide_renewal(self.renewal.pk, "granted", request=self.request(), actor=approver, now=now)

    def suspend(self, now: datetime) -> None:
        """Suspend: the hardship has ended."""
        for identity in Identity.objects.standing().filter(person=self.person, ends_on=None):
            end_identity(identity.pk, now.date(), "复核后不再符合", actor=LISTS, now=now)
        approver = self.at(Role.AGENCY_APPROVER)
        decide_renewal(
            self.renewal.pk,
            "suspended",
            because=Suspension.IMPROVED,
            reason="困难情形已消除，今年不再放款",
            request=self.request(),
            actor=approver,
            now=now,
        )

    def withdraw_renewal(self, now: datetime) -> None:
        """Take the renewal back."""
        member = self.at(Role.COMMITTEE_MEMBER)
        withdraw_renewal(self.renewal.pk, reason="今年自己缴费", request=self.request(), actor=member, now=now)
