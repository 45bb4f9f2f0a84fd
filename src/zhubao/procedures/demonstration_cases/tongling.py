"""Lives of the Tongling county: the resident and the bank, the agency's estimate, and the draws of two years."""

from datetime import date, datetime
from typing import Any, ClassVar

from zhubao.access.roles import Role
from zhubao.cases.actions import bank
from zhubao.cases.actions import tongling as steps
from zhubao.cases.contract import TONGLING
from zhubao.cases.models import Estimate
from zhubao.loans import drawing
from zhubao.people.actions import register_person, set_card

from .endings import ACCOUNT, CLAIM, EARLY, FRAUD, PART, REPAID, TRANSFER, WRITTEN_OFF
from .lives import Tale, months_between, terms_of
from .loans import Borrower
from .people import CARD_FROM

TIER_FEN, YEARS = 3_000_00, 5
TO_ESTIMATE = "begin submit estimate"
TO_OFFER = f"{TO_ESTIMATE} name_child consent assess approve"
SIGNED = f"{TO_OFFER} sign"
FIRST_YEAR = f"{SIGNED} @2025-06-20 plan release_draw pay_out paid_by_file match @2025-09-19"
TWO_YEARS = f"{FIRST_YEAR} plan release_draw pay_out paid_by_file match"
WOMAN, MAN = "resident", "resident_man"

TALES: tuple[Tale, ...] = (
    Tale(WOMAN, "begin", (0, 2, 8)),
    Tale(WOMAN, "begin submit", (0,)),
    Tale(MAN, "begin submit", (12,), bank=1),
    Tale("employee_scheme", "begin submit", (2,)),
    Tale(WOMAN, TO_ESTIMATE, (0,)),
    Tale(MAN, TO_ESTIMATE, (25,), bank=1),
    Tale(WOMAN, "begin submit return_form", (1, 3, 9)),
    Tale(MAN, f"{TO_ESTIMATE} name_child assess", (0, 2, 17)),
    Tale(WOMAN, f"{TO_ESTIMATE} name_child refuse_consent assess", (1,), bank=1),
    Tale(WOMAN, f"{TO_ESTIMATE} name_child consent assess bank_send_back", (1,)),
    Tale(WOMAN, TO_OFFER, (0, 14)),
    Tale(MAN, f"{TO_ESTIMATE} assess approve", (2,), bank=1),
    Tale(WOMAN, f"{TO_ESTIMATE} assess bank_refuse", (1, 9)),
    Tale(MAN, f"{TO_ESTIMATE} assess bank_refuse", (2,), bank=1),
    Tale(WOMAN, f"{TO_ESTIMATE} assess bank_refuse bank_again", (1,)),
    Tale(MAN, f"{TO_ESTIMATE} assess bank_refuse close", (3,)),
    Tale(WOMAN, "begin submit withdraw", (2,)),
    Tale(WOMAN, SIGNED, (0, 4)),
    Tale(WOMAN, f"{SIGNED} withdraw_loan", (3,)),
    Tale(WOMAN, f"{SIGNED} plan", (1, 3)),
    Tale(WOMAN, f"{SIGNED} plan", (1,), bank=1),
    Tale(WOMAN, f"{SIGNED} plan withdraw_loan", (1,)),
    Tale(WOMAN, f"{SIGNED} plan release_draw", (0, 2)),
    Tale(WOMAN, f"{SIGNED} plan release_draw pay_out", (1, 6)),
    Tale(WOMAN, f"{SIGNED} plan release_draw pay_out pay_in_part", (2,)),
    Tale(WOMAN, f"{SIGNED} plan release_draw pay_out pay_in", (1, 3)),
    Tale(WOMAN, TWO_YEARS, (40,) * 2),
    Tale(WOMAN, f"{FIRST_YEAR} plan release_draw pay_out paid_by_faulty_file", (45,) * 2),
    Tale(WOMAN, FIRST_YEAR, (0,), bank=1),
    Tale(WOMAN, f"{FIRST_YEAR} plan release_draw", (1,)),
    Tale(WOMAN, TO_ESTIMATE, (1,), username="citizen-tongling", fresh=True),
    # A draw noted for somebody who was not paid: taken back by a second person and paid out anew, or still to be looked at.
    Tale(WOMAN, f"{SIGNED} plan release_draw pay_out ask_taking_back take_back pay_out", (2,)),
    Tale(WOMAN, f"{SIGNED} plan release_draw pay_out ask_taking_back", (1,)),
    # Whose loans end, each in its own way, when the clock goes forward.
    Tale(MAN, TWO_YEARS, (40,), ends=REPAID, born=date(1966, 12, 11)),
    Tale(WOMAN, FIRST_YEAR, (0,), ends=EARLY),
    Tale(MAN, TWO_YEARS, (40,), ends=PART, born=date(1967, 1, 22)),
    Tale(WOMAN, FIRST_YEAR, (0,), ends=TRANSFER),
    Tale(WOMAN, FIRST_YEAR, (0,), ends=ACCOUNT),
    Tale(WOMAN, FIRST_YEAR, (0,), ends=CLAIM),
    Tale(WOMAN, FIRST_YEAR, (0,), ends=WRITTEN_OFF),
    Tale(WOMAN, FIRST_YEAR, (0,), ends=FRAUD),
)


class TonglingLife(Borrower):
    """One resident of the Tongling county."""

    policy = TONGLING
    channel = "bank"
    taking_in = Role.BANK_OFFICER
    returning = Role.BANK_OFFICER
    planning = Role.BANK_OFFICER
    DAYS: ClassVar[dict[str, int]] = {
        "estimate": 1, "name_child": 1, "assess": 2, "approve": 1, "bank_refuse": 1, "bank_again": 2, "close": 3, "sign": 2,
        "return_form": 1, "withdraw": 1, "plan": 2, "release_draw": 1, "pay_out": 1, "pay_in": 2, "paid_by_file": 2,
        "paid_by_faulty_file": 2, "pay_in_part": 2, "match": 3, "withdraw_loan": 2, "bank_send_back": 1,
        "ask_taking_back": 1, "take_back": 1,
    }  # fmt: skip

    def begin(self, now: datetime) -> None:
        """Register a child beside the applicant, who may sign with them."""
        super().begin(now)
        born, number = self.crowd.numbers.issue(self.desk.region.number_codes[0].code, date(1996, 5, 2), "male")
        name = f"{self.applicant.person.name[0]}小军"
        clerk = self.at(Role.AGENCY_INTAKE)
        self.child = register_person(number, name, region_code=self.region_code, born=born, actor=clerk, now=now)

    def form(self, now: datetime) -> dict[str, Any]:
        """Add the bank, the tier, the years and the children."""
        own = {"bank": self.bank.pk, "tier_fen": TIER_FEN, "years_asked": YEARS, "children": 1}
        return super().form(now) | own

    def estimate(self, now: datetime) -> None:
        """Have the agency tell the bank record and estimate."""
        steps.estimate(self.case.pk, request=self.request(), actor=self.at(Role.AGENCY_REVIEWER), now=now)

    def name_child(self, now: datetime) -> None:
        """Name the child who borrows jointly."""
        officer = self.at(Role.BANK_OFFICER)
        steps.add_co_borrower(self.case.pk, self.child, "child", request=self.request(), actor=officer, now=now)

    def consent(self, now: datetime) -> None:
        """Have the child consent."""
        self._consent(now, now.date())

    def refuse_consent(self, now: datetime) -> None:
        """Have the child refuse."""
        self._consent(now, None, refused_because="子女在外地，暂不同意")

    def _consent(self, now: datetime, day: date | None, **words: str) -> None:
        officer = self.at(Role.BANK_OFFICER)
        steps.record_consent(self.case.pk, self.child.pk, day, request=self.request(), actor=officer, now=now, **words)

    def assess(self, now: datetime) -> None:
        """Prepare the terms: the highest tier for five years at most, repaid in ten years of pension."""
        found = Estimate.objects.filter(case=self.case).latest("pk")
        grace = months_between(now.date(), found.pension_month)
        years = max(1, min(YEARS, -(-grace // 12)))
        amount = TIER_FEN * years
        terms = terms_of(
            amount,
            12 * years,
            rate_ppm=45_000 if now.year > 2025 else 44_000,
            disbursement="card_to_collection",
            grace_months=grace,
            repay_months=120,
            instalment_fen=amount // (12 if self.tale.ends else 100),
        )
        bank.bank_assess(self.case.pk, terms, request=self.request(), actor=self.at(Role.BANK_OFFICER), now=now)

    def bank_refuse(self, now: datetime) -> None:
        """Have the bank refuse."""
        self._bank("refuse", now, reason="家庭收入不足以按期归还")

    def bank_again(self, now: datetime) -> None:
        """Take the case to the county's other bank, where the applicant opens a card account."""
        there = next(each for each in self.desk.banks if each != self.bank)
        number = f"62299{self.desk.region.code}{self.serial:08d}"
        set_card(self.person.pk, there.pk, number, starts_on=CARD_FROM, actor=self.at(Role.AGENCY_INTAKE), now=now)
        officer = self.at(Role.BANK_OFFICER)
        bank.bank_again(
            self.case.pk, reason="改向另一家合作银行申请", bank_id=there.pk, request=self.request(), actor=officer, now=now
        )
        self.bank = there

    def close(self, now: datetime) -> None:
        """Close the case without a loan."""
        reason = "本人决定不再申请"
        bank.close(self.case.pk, reason=reason, request=self.request(), actor=self.at(Role.BANK_OFFICER), now=now)

    def release_draw(self, now: datetime) -> None:
        """Release the draw by the bank's second person."""
        drawing.release_year(self.draw.pk, actor=self.at(Role.BANK_REVIEWER), now=now)
