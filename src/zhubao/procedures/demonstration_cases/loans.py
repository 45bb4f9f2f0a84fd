"""A loan's years: amounts fixed and released, drawn, paid in; by hand at a counter, or together in files between the offices."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, ClassVar

from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.actions import bank
from zhubao.cases.promises import Promises
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.contribution_receipts import ContributionReceipt
from zhubao.exchange.files.draw_return import DrawReturn
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.writing import write
from zhubao.loans import contributing, drawing, taking_back
from zhubao.loans.draws import PAYEE_OF
from zhubao.loans.models import Loan, Tranche
from zhubao.people.sealing import open_number

from ..agreement_signed import sign_agreement
from ..contribution_received import apply_contributions, receive_contributions
from ..draw_paid import apply_draw_return, receive_draw_return
from ..year_opened import months_payable, release_draws
from .endings import named
from .lives import Life

# What a line of a bank's file bears that no loan of the county has: such a line is refused and answered.
NO_LOAN = "L0000000000"


class Borrower(Life):
    """A life that may go on beyond the agreement."""

    planning: ClassVar[Role] = Role.AGENCY_ACCOUNTANT
    recording: ClassVar[Role] = Role.TAX_CLERK
    TOGETHER: ClassVar[dict[str, time]] = {
        "release": time(16, 0),
        "drawn_by_file": time(16, 20),
        "paid_by_file": time(16, 40),
        "drawn_by_faulty_file": time(16, 25),
        "paid_by_faulty_file": time(16, 45),
    }

    @property
    def loan(self) -> Loan:
        """The loan of the case."""
        return Loan.objects.get(case_number=self.case.number)

    @property
    def draw(self) -> Tranche:
        """The latest draw of the loan."""
        return Tranche.objects.select_related("loan__person").filter(loan=self.loan).latest("year", "sequence")

    def promises(self, now: datetime) -> Promises:
        """Return what the borrower promises on the day of signing."""
        today = now.date()
        return Promises(*(today,) * 5)

    def approve(self, now: datetime) -> None:
        """Have the bank's reviewer approve the offer."""
        bank.bank_decide(self.case.pk, "approve", request=self.request(), actor=self.at(Role.BANK_REVIEWER), now=now)

    def bank_send_back(self, now: datetime) -> None:
        """Have the offer prepared anew."""
        self._bank("send_back", now, reason="每月还款额请与本人再核对")

    def _bank(self, outcome: str, now: datetime, **words: str) -> None:
        bank.bank_decide(self.case.pk, outcome, request=self.request(), actor=self.at(Role.BANK_REVIEWER), now=now, **words)

    def sign(self, now: datetime) -> None:
        """Have both parties sign."""
        number = f"演示助{now.year}-{self.serial:04d}" + named(self.tale.ends)
        officer = self.at(Role.BANK_OFFICER)
        sign_agreement(self.case.pk, number, now.date(), self.promises(now), request=self.request(), actor=officer, now=now)

    def plan(self, now: datetime) -> None:
        """Fix the amount of the running year."""
        first, months = months_payable(self.loan, now.year)
        drawing.plan_year(self.loan.pk, now.year, month_from=first, months=months, actor=self.at(self.planning), now=now)

    @staticmethod
    def release(lives: "Sequence[Borrower]", now: datetime) -> None:
        """Release the amounts fixed, and tell the banks in a file."""
        draws = [life.draw.pk for life in lives]
        release_draws(draws, f"{now:%Y%m%d}-001", actor=lives[0].at(Role.AGENCY_APPROVER), now=now)

    def confirm(self, now: datetime) -> None:
        """Have the borrower confirm at the bank."""
        drawing.confirm_draw(self.draw.pk, now.date(), actor=self.at(Role.BANK_OFFICER), now=now)

    def pay_out(self, now: datetime) -> None:
        """Pay the draw out at the counter."""
        draw = self.draw
        payee, officer = PAYEE_OF[self.policy], self.at(Role.BANK_OFFICER)
        drawing.record_draw(draw.pk, now.date(), draw.amount_fen, payee, source=f"LS{draw.pk}", actor=officer, now=now)

    def ask_taking_back(self, now: datetime) -> None:
        """Ask that the draw be taken back: the bank noted it under the wrong loan."""
        taking_back.propose_taking_back_draw(self.draw.pk, "放款流水记错了人", actor=self.at(Role.BANK_OFFICER), now=now)

    def take_back(self, now: datetime) -> None:
        """Take back what is proposed, by the agency's own person."""
        taking_back.take_back(self.loan.pk, actor=self.at(Role.AGENCY_APPROVER), now=now)

    def leave_out(self, now: datetime) -> None:
        """Take the last month out of the draw."""
        drawing.leave_out_months(self.draw.pk, 1, "12 月由新单位缴费", actor=self.at(Role.AGENCY_ACCOUNTANT), now=now)

    def not_drawn(self, now: datetime) -> None:
        """Have nothing drawn this year."""
        drawing.not_drawn(self.draw.pk, "本人今年自己缴清", actor=self.at(Role.BANK_OFFICER), now=now)

    def pay_in(self, now: datetime) -> None:
        """Record that the contribution arrived."""
        self._receipt(now, self.draw.amount_fen - contributing.received_fen(self.draw))

    def pay_in_part(self, now: datetime) -> None:
        """Record that a part of the contribution arrived."""
        self._receipt(now, self.draw.amount_fen // 2)

    def _receipt(self, now: datetime, fen: int) -> None:
        draw = self.draw
        number = f"SP{self.serial:04d}{now:%y%m%d}"
        contributing.record_contribution(draw.pk, number, now.date(), fen, actor=self.at(self.recording), now=now)

    def remind(self, now: datetime) -> None:
        """Remind the borrower of the contribution."""
        told = "电话告知本人，请十五日内缴清"
        contributing.remind(self.draw.pk, told, actor=self.at(Role.AGENCY_ACCOUNTANT), now=now)

    def end(self, now: datetime) -> None:
        """End the qualification: the reminder was of no use."""
        reason = "催缴后逾期仍未缴费"
        contributing.end_qualification(self.draw.pk, reason, actor=self.at(Role.AGENCY_APPROVER), now=now)

    def match(self, now: datetime) -> None:
        """Have finance add its subsidy to the contribution."""
        draw = self.draw
        contributing.match_subsidy(draw.pk, 120_00, now.date(), actor=self.at(Role.FINANCE_CLERK), now=now)

    def withdraw_loan(self, now: datetime) -> None:
        """Withdraw before the first draw."""
        drawing.withdraw(self.loan.pk, "本人书面撤回，未放款", actor=self.at(Role.BANK_OFFICER), now=now)

    @staticmethod
    def drawn_by_file(lives: "Sequence[Borrower]", now: datetime) -> None:
        """Have each bank draw and tell the agency in a file."""
        _return_files(lives, now, faulty=False)

    @staticmethod
    def drawn_by_faulty_file(lives: "Sequence[Borrower]", now: datetime) -> None:
        """Have the banks' files bear a line of a loan nobody knows."""
        _return_files(lives, now, faulty=True)

    @staticmethod
    def paid_by_file(lives: "Sequence[Borrower]", now: datetime) -> None:
        """Have the tax office tell in a file what arrived."""
        _receipts_file(lives, now, "001", [0] * len(lives))

    @staticmethod
    def paid_by_faulty_file(lives: "Sequence[Borrower]", now: datetime) -> None:
        """Have the tax office's file say ten yuan more than was drawn for the first of them, and ten less for the next."""
        wrong = [1_000, -1_000]
        _receipts_file(lives, now, "002", [wrong[at] if at < len(wrong) else 0 for at in range(len(lives))])


def _return_files(lives: Sequence[Borrower], now: datetime, *, faulty: bool) -> None:
    desk = lives[0].desk
    agency = desk.office(OrganisationKind.AGENCY)
    for at_bank in desk.banks:
        rows = [_returned(life.draw, now) for life in lives if life.bank == at_bank]
        if not rows:
            continue
        if faulty:
            rows.append(DrawReturn(NO_LOAN, now.year, 1, 810_000, now.date(), "drawn", "", "LS-0"))
        batch = f"{now:%Y%m%d}-{'002' if faulty else '001'}"
        head = Head(batch, at_bank.name, agency.name, layout_of("draw_return").purpose.zh)
        receipt = receive_draw_return(
            [write(layout_of("draw_return"), head, rows, "csv")],
            name=f"放款回盘{batch}.csv",
            policy_id=lives[0].policy,
            region_code=desk.region.code,
            bank_id=at_bank.pk,
            agency_id=agency.pk,
            actor=desk.at(Role.AGENCY_ACCOUNTANT),
            now=now,
        )
        apply_draw_return(receipt.envelope.pk, clock=lambda: now)


def _returned(draw: Tranche, now: datetime) -> DrawReturn:
    return DrawReturn(draw.loan.number, draw.year, draw.sequence, draw.amount_fen, now.date(), "drawn", "", f"LS{draw.pk}")


def _receipts_file(lives: Sequence[Borrower], now: datetime, part: str, more_fen: Sequence[int]) -> None:
    desk = lives[0].desk
    agency, tax = desk.office(OrganisationKind.AGENCY), desk.office(OrganisationKind.TAX)
    batch = f"{now:%Y%m%d}-{part}"
    head = Head(batch, tax.name, agency.name, layout_of("contribution_receipts").purpose.zh)
    rows = [_received(life, now, more) for life, more in zip(lives, more_fen, strict=True)]
    receipt = receive_contributions(
        [write(layout_of("contribution_receipts"), head, rows, "xlsx")],
        name=f"到账明细{batch}.xlsx",
        policy_id=lives[0].policy,
        region_code=desk.region.code,
        tax_id=tax.pk,
        agency_id=agency.pk,
        actor=desk.at(Role.TAX_CLERK),
        now=now,
    )
    apply_contributions(receipt.envelope.pk, clock=lambda: now)


def _received(life: Borrower, now: datetime, more_fen: int) -> ContributionReceipt:
    draw = life.draw
    person = draw.loan.person
    values: dict[str, Any] = {
        "receipt_number": f"SP{life.serial:04d}{now:%y%m%d}",
        "name": person.name,
        "id_number": open_number(person),
        "year": draw.year,
        "amount_fen": draw.amount_fen + more_fen,
        "paid_on": now.date(),
        "source": "loan",
        "loan_number": draw.loan.number,
    }
    return ContributionReceipt(**values)
