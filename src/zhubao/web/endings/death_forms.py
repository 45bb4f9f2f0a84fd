"""The forms of the settlement after a death: the check-list, the finding, the payers, the claim."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhubao.access import clock
from zhubao.errors import ZhubaoError
from zhubao.loans.endings import clearing, death
from zhubao.loans.endings.clearing import CLAIM_LABELS, PAYER_LABELS, left_of, write_off_waits
from zhubao.loans.endings.death import missing_checks
from zhubao.loans.models import DeathPayer, DeathSettlement, EstateClaim, Loan
from zhubao.loans.personal_account import balance_on
from zhubao.loans.states import ways_of
from zhubao.web.calculator.fields import DayField, MoneyField
from zhubao.web.calculator.words import yuan_said
from zhubao.web.clerk.words import explained, said
from zhubao.web.loans.forms import PAGES, Asked, DayForm, LoanForm, LoanStepPage, Pair, ReasonForm, Values, typed

SHEET = "endings:death"


def settlement_of(loan: Loan) -> DeathSettlement | None:
    """Return the settlement of a dead borrower's loan; None while there is none."""
    return DeathSettlement.objects.filter(loan=loan).first()


def claim_of(loan: Loan) -> EstateClaim | None:
    """Return the bank's claim after a death; None where there is none."""
    return EstateClaim.objects.filter(settlement__loan=loan).first()


def owing(loan: Loan) -> list[DeathPayer]:
    """Return the payers whose money may come now: they have not paid, and finance has agreed."""
    payers = DeathPayer.objects.filter(settlement__loan=loan, paid_on=None)
    return [each for each in payers if each.payer != "finance" or each.approved_at is not None]


class OpenDeath(DayForm):
    """The death and what proves it."""

    explains = _(
        "Interest stops with this day. Draws not paid out are cancelled and the personal account settles the debt first."
    )
    day = DayField(label=_("Day of death"))
    proof = forms.CharField(
        label=_("Proof of death"), max_length=200, help_text=_("The paper and its number, for example a death certificate.")
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # Today is the least likely day: it is typed, or stands in the register.
        self.initial["day"] = self.loan.person.died_on


class EnterBalance(LoanForm):
    """What stood on the personal account."""

    explains = _("As of the day of death. Entered once, by one person; another one fixes who pays.")
    account_fen = MoneyField(label=_("Balance of the personal account (yuan)"))
    loan_formed_fen = MoneyField(
        label=_("Part of it formed by the loan (yuan)"), help_text=_("In Tongling only this part repays; the rest is the heirs'.")
    )
    source = forms.CharField(label=_("Where the balance comes from"), max_length=200)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not ways_of(self.loan.policy_id).loan_formed:
            del self.fields["loan_formed_fen"]
        there = balance_on(self.loan, self.loan.person.died_on) if self.loan.person.died_on else None
        if there is not None:
            self.initial.setdefault("account_fen", typed(there[0]))
            self.initial.setdefault("loan_formed_fen", typed(there[1]))
            self.initial.setdefault("source", gettext("Entries of the personal account up to the day of death"))


class Note(LoanForm):
    """A line of the check-list that is done."""

    note = forms.CharField(label=_("What was found"), widget=forms.Textarea(attrs={"rows": 2}), max_length=200)


class StopDeductions(Note):
    """No instalment is taken any more."""

    explains = _("What was taken after the death is recorded as taken first; it goes back when the debt is divided.")


class InformHeirs(Note):
    """Who was told."""

    explains = _("Who signed beside the borrower gets a notice as well.")
    note = forms.CharField(label=_("Who was told, and how"), widget=forms.Textarea(attrs={"rows": 2}), max_length=200)


class FindFault(ReasonForm):
    """The loss is the bank's own."""

    explains = _("A finding in writing. It counts when finance agrees; then finance pays nothing of this debt.")


class AnswerFault(ReasonForm):
    """Finance's answer to the finding."""

    agree = forms.ChoiceField(
        label=_("The bank bears the loss itself"),
        choices=[("yes", _("finance agrees to the finding")), ("no", _("finance does not agree"))],
        widget=forms.RadioSelect,
    )
    field_order = ("agree", "reason")

    @property
    def shown(self) -> list[Pair]:
        """The finding."""
        found = settlement_of(self.loan)
        return [(gettext("Finding"), found.fault)] if found else []


class DivideDebt(LoanForm):
    """Who pays what."""

    explains = _(
        "The personal account pays first, then who the document names. The amounts are reckoned from the events of the loan and fixed with this step."
    )

    @property
    def shown(self) -> list[Pair]:
        """What it rests on."""
        found = settlement_of(self.loan)
        if found is None:
            return []
        rows = [
            (gettext("Day of death"), found.died_on.isoformat()),
            (gettext("Balance of the personal account"), yuan_said(found.account_fen or 0)),
        ]
        if found.loan_formed_fen is not None:
            rows.append((gettext("Part of it formed by the loan"), yuan_said(found.loan_formed_fen)))
        rows.append((gettext("Source"), found.account_source))
        if found.bank_at_fault:
            rows.append((gettext("The bank's own fault"), found.fault))
        try:
            division, returned = death.division_on(found, clock.today())
        except ZhubaoError as error:
            # Taking the step would be refused with the same words.
            return [*rows, (gettext("Not possible yet"), explained(error))]
        parts = [
            (gettext("Debt on the day of death"), division.debt),
            (gettext("Paid by the personal account"), division.from_account),
            (gettext("Paid by finance"), division.government),
            (gettext("Borne by the bank"), division.bank),
            (gettext("Not covered, to be claimed"), division.unrecovered),
            (gettext("Left to the heirs"), division.heirs),
            (gettext("Deducted after the death"), returned),
        ]
        return [*rows, *((label, yuan_said(fen)) for label, fen in parts if fen)]


class ApproveBackstop(LoanForm):
    """Finance pays its part."""

    explains = _("The bank records the money once it has come.")

    @property
    def shown(self) -> list[Pair]:
        """Finance's part of the debt."""
        payer = DeathPayer.objects.filter(settlement__loan=self.loan, payer="finance").select_related("settlement").first()
        if payer is None:
            return []
        of = payer.settlement
        return [
            (gettext("Debt on the day of death"), yuan_said(of.debt_fen or 0)),
            (gettext("Paid by the personal account"), yuan_said(of.from_account_fen or 0)),
            (gettext("Paid by finance"), yuan_said(payer.amount_fen)),
        ]


class ReceiveMoney(DayForm):
    """A payer's part is there, whole."""

    explains = _("A part comes in one sum. Finance pays after it has agreed.")
    payer = forms.ChoiceField(label=_("Who paid"), widget=forms.RadioSelect)
    amount_fen = MoneyField(label=_("Amount received (yuan)"))
    reference = forms.CharField(label=_("Bank reference"), max_length=100)
    field_order = ("payer", "day", "amount_fen", "reference")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        payers = owing(self.loan)
        field: Any = self.fields["payer"]
        field.choices = [(each.payer, f"{said(PAYER_LABELS[each.payer])} · {yuan_said(each.amount_fen)}") for each in payers]
        if len(payers) == 1:
            self.initial.setdefault("payer", payers[0].payer)
            self.initial.setdefault("amount_fen", typed(payers[0].amount_fen))


class ReturnDeductions(DayForm):
    """What was taken after the death went back."""

    explains = _("It goes back to the card account and belongs to the heirs.")
    reference = forms.CharField(label=_("Bank reference"), max_length=100)

    @property
    def shown(self) -> list[Pair]:
        """What goes back."""
        found = settlement_of(self.loan)
        return [(gettext("To be returned"), yuan_said(found.returned_fen or 0))] if found else []


class CloseDeath(LoanForm):
    """Everybody has paid."""

    explains = _("What nobody pays becomes the bank's claim; without such a rest the loan is settled and certified.")

    @property
    def shown(self) -> list[Pair]:
        """What is left over for a claim."""
        found = settlement_of(self.loan)
        if found is None:
            return []
        rows = [(gettext("Debt on the day of death"), yuan_said(found.debt_fen or 0))]
        if not found.unrecovered_fen:
            return [*rows, (gettext("Not covered"), yuan_said(0))]
        whom = said(CLAIM_LABELS[clearing.claimed_on_whom(self.loan)])
        return [*rows, (gettext("Not covered"), yuan_said(found.unrecovered_fen)), (gettext("Claimed of"), whom)]


class OfClaim(LoanForm):
    """A step on the bank's claim."""

    @property
    def shown(self) -> list[Pair]:
        """The claim and what is left of it."""
        claim = claim_of(self.loan)
        if claim is None:
            return []
        return [
            (gettext("Claimed of"), said(CLAIM_LABELS[claim.claimed_on])),
            (gettext("Amount claimed"), yuan_said(claim.amount_fen)),
            (gettext("Left of it"), yuan_said(left_of(claim))),
        ]


class ClaimPaidIn(OfClaim, DayForm):
    """Money that came in on the claim."""

    explains = _("Parts are taken. The same reference counts once.")
    amount_fen = MoneyField(label=_("Amount received (yuan)"))
    paid_by = forms.CharField(label=_("Money paid by"), max_length=60)
    reference = forms.CharField(label=_("Bank reference"), max_length=100)


class SettleClaim(OfClaim):
    """The claim is paid."""

    explains = _("The loan is settled and the certificate issued.")


class ProposeWriteOff(OfClaim, ReasonForm):
    """The rest cannot be recovered."""

    explains = _("Another person at the bank decides. A write-off is the bank's own loss, never a public one.")


class WriteOff(OfClaim, ReasonForm):
    """The decision on the write-off."""

    explains = _("The bank's own loss: no public money, and no settlement certificate.")


class KeepClaim(OfClaim, ReasonForm):
    """The claim stands."""

    explains = _("The claim stands and is pursued further.")


def _enter_balance(loan: Loan, draw: Any, values: Values, asked: Asked) -> None:
    part = values.get("loan_formed_fen")
    death.enter_balance(loan.pk, values["account_fen"], values["source"], loan_formed_fen=part, **asked)


def _receive(loan: Loan, draw: Any, values: Values, asked: Asked) -> None:
    sent = (values[name] for name in ("payer", "day", "amount_fen", "reference"))
    clearing.receive_money(loan.pk, *sent, **asked)


def _claim_paid_in(loan: Loan, draw: Any, values: Values, asked: Asked) -> None:
    sent = (values[name] for name in ("day", "amount_fen", "paid_by", "reference"))
    clearing.claim_paid_in(loan.pk, *sent, **asked)


def _lacks(item: str) -> Any:
    return lambda loan: (found := settlement_of(loan)) is not None and item in missing_checks(found)


def _undivided(loan: Loan) -> bool:
    found = settlement_of(loan)
    return found is not None and found.divided_at is None


def _fault_waits(loan: Loan) -> bool:
    found = settlement_of(loan)
    return found is not None and found.divided_at is None and found.fault_found_at is not None and not found.bank_at_fault


def _may_divide(loan: Loan) -> bool:
    found = settlement_of(loan)
    return found is not None and found.divided_at is None and not missing_checks(found) and not _fault_waits(loan)


def _finance_to_agree(loan: Loan) -> bool:
    return DeathPayer.objects.filter(settlement__loan=loan, payer="finance", approved_at=None).exists()


def _to_return(loan: Loan) -> bool:
    found = settlement_of(loan)
    return found is not None and bool(found.returned_fen) and found.returned_on is None


def _through(loan: Loan) -> bool:
    found = settlement_of(loan)
    return (
        found is not None
        and found.divided_at is not None
        and not (found.payers.filter(paid_on=None).exists() or _to_return(loan))
    )


def _left(loan: Loan) -> int:
    claim = claim_of(loan)
    return left_of(claim) if claim else 0


PAGES |= {
    "open_death": LoanStepPage(
        OpenDeath,
        lambda loan, draw, values, asked: death.open_death(loan.pk, values["day"], values["proof"], **asked),
        lands=SHEET,
    ),
    "enter_balance": LoanStepPage(EnterBalance, _enter_balance, fits=_lacks(death.BALANCE), lands=SHEET),
    "stop_deductions": LoanStepPage(
        StopDeductions,
        lambda loan, draw, values, asked: death.stop_deductions(loan.pk, values["note"], **asked),
        fits=_lacks(death.DEDUCTIONS),
        lands=SHEET,
    ),
    "inform_heirs": LoanStepPage(
        InformHeirs,
        lambda loan, draw, values, asked: death.inform_heirs(loan.pk, values["note"], **asked),
        fits=_lacks(death.HEIRS),
        lands=SHEET,
    ),
    "find_fault": LoanStepPage(
        FindFault,
        lambda loan, draw, values, asked: death.find_fault(loan.pk, values["reason"], **asked),
        fits=lambda loan: _undivided(loan) and not _fault_waits(loan),
        lands=SHEET,
    ),
    "agree_fault": LoanStepPage(
        AnswerFault,
        lambda loan, draw, values, asked: death.agree_fault(loan.pk, values["reason"], agree=values["agree"] == "yes", **asked),
        fits=_fault_waits,
        lands=SHEET,
    ),
    "divide_debt": LoanStepPage(
        DivideDebt, lambda loan, draw, values, asked: death.divide_debt(loan.pk, **asked), fits=_may_divide, lands=SHEET
    ),
    "approve_backstop": LoanStepPage(
        ApproveBackstop,
        lambda loan, draw, values, asked: clearing.approve_backstop(loan.pk, **asked),
        fits=_finance_to_agree,
        lands=SHEET,
    ),
    "receive_money": LoanStepPage(ReceiveMoney, _receive, fits=lambda loan: bool(owing(loan)), lands=SHEET),
    "return_deductions": LoanStepPage(
        ReturnDeductions,
        lambda loan, draw, values, asked: clearing.return_deductions(loan.pk, values["day"], values["reference"], **asked),
        fits=_to_return,
        lands=SHEET,
    ),
    "close_death": LoanStepPage(
        CloseDeath, lambda loan, draw, values, asked: clearing.close_death(loan.pk, **asked), fits=_through, lands=SHEET
    ),
    "claim_paid_in": LoanStepPage(ClaimPaidIn, _claim_paid_in, fits=lambda loan: _left(loan) > 0, lands=SHEET),
    "settle_claim": LoanStepPage(
        SettleClaim,
        lambda loan, draw, values, asked: clearing.settle_claim(loan.pk, **asked),
        fits=lambda loan: _left(loan) == 0,
        lands=SHEET,
    ),
    "propose_write_off": LoanStepPage(
        ProposeWriteOff,
        lambda loan, draw, values, asked: clearing.propose_write_off(loan.pk, values["reason"], **asked),
        fits=lambda loan: _left(loan) > 0 and not write_off_waits(loan),
        lands=SHEET,
    ),
    "write_off": LoanStepPage(
        WriteOff,
        lambda loan, draw, values, asked: clearing.write_off(loan.pk, values["reason"], **asked),
        fits=lambda loan: _left(loan) > 0 and write_off_waits(loan),
        lands=SHEET,
    ),
    "keep_claim": LoanStepPage(
        KeepClaim,
        lambda loan, draw, values, asked: clearing.keep_claim(loan.pk, values["reason"], **asked),
        fits=write_off_waits,
        lands=SHEET,
    ),
}
