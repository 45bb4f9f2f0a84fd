"""The forms of early payment: reported by one at the bank, confirmed or dropped by another."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhubao.access import clock
from zhubao.documents.amounts import amount_in_yuan
from zhubao.loans.endings.early import (
    LOWER,
    SHORTER,
    confirm_part,
    drop_payment,
    instalment_on,
    pay_all,
    pay_part,
    payoff_on,
    settle_early,
)
from zhubao.loans.models import Loan, PayoffQuote, Prepayment
from zhubao.loans.replaying import record_of
from zhubao.web.calculator.fields import MoneyField
from zhubao.web.calculator.words import yuan_said
from zhubao.web.loans.forms import PAGES, Asked, DayForm, LoanForm, LoanStepPage, Pair, ReasonForm, Values, typed
from zhubao.web.navigation import Label

CHOICES: dict[str, Label] = {
    SHORTER: _("a part, the term becomes shorter"),
    LOWER: _("a part, the instalment becomes lower"),
}


def reported(loan: Loan) -> Prepayment | None:
    """Return the early payment of a loan that waits to be confirmed; there is at most one."""
    return Prepayment.objects.select_related("quote").filter(loan=loan, state="reported").first()


def usable_quotes(loan: Loan) -> list[PayoffQuote]:
    """Return the quotes of a loan that no payment has used, of days that have come, the latest first."""
    return list(PayoffQuote.objects.filter(loan=loan, used_at=None, valid_on__lte=clock.today()).order_by("-valid_on", "-pk")[:5])


class PayEarly(DayForm):
    """What the borrower paid early: all of it on a quote, or a part with what it changes."""

    explains = _("Money that has come. It counts when another person has confirmed it. Nothing is charged beside the debt.")
    what = forms.ChoiceField(label=_("What was paid"), widget=forms.RadioSelect)
    amount_fen = MoneyField(label=_("Amount paid (yuan)"))
    reference = forms.CharField(label=_("Bank reference"), max_length=100)
    instalment_fen = MoneyField(
        label=_("Monthly instalment afterwards (yuan)"),
        required=False,
        help_text=_("Only with a lower instalment. Empty: it falls in the proportion of the debt."),
    )
    field_order = ("what", "day", "amount_fen", "reference", "instalment_fen")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        quotes = usable_quotes(self.loan)
        field: Any = self.fields["what"]
        field.choices = [*((f"quote-{each.pk}", self._quote_said(each)) for each in quotes), *CHOICES.items()]
        if quotes:
            self.initial.setdefault("what", f"quote-{quotes[0].pk}")
            self.initial["day"] = quotes[0].valid_on
            self.initial.setdefault("amount_fen", typed(quotes[0].total_fen))
        else:
            field.help_text = _("To pay all of it, ask for a quote of the day first.")

    @property
    def shown(self) -> list[Pair]:
        """What is owed today, and the instalment in force."""
        today, known = clock.today(), record_of(self.loan)
        found = payoff_on(known, today)
        rows = [(gettext("Pays it off today"), yuan_said(found.total)), (gettext("of it interest"), yuan_said(found.interest))]
        present = instalment_on(self.loan, known, today)
        return [*rows, (gettext("Monthly instalment"), yuan_said(present))] if present else rows

    def _quote_said(self, quote: PayoffQuote) -> str:
        words = {"number": quote.number, "amount": amount_in_yuan(quote.total_fen), "day": quote.valid_on.isoformat()}
        return gettext("all of it: %(amount)s yuan on %(day)s (quote %(number)s)") % words


class OfPayment(LoanForm):
    """A step on the payment that was reported; `payment` names the one the page showed."""

    payment = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.reported = reported(self.loan)
        if self.reported is not None:
            self.initial.setdefault("payment", self.reported.pk)

    def clean_payment(self) -> int:
        """Refuse another payment than the one that waits."""
        if self.reported is None or self.cleaned_data["payment"] != self.reported.pk:
            raise forms.ValidationError(_("Another payment waits now: look at the loan again."))
        return self.reported.pk

    @property
    def shown(self) -> list[Pair]:
        """The payment as it was reported."""
        paid = self.reported
        if paid is None:
            return []
        rows = [
            (gettext("Day of payment"), paid.paid_on.isoformat()),
            (gettext("Amount"), yuan_said(paid.amount_fen)),
            (gettext("Bank reference"), paid.reference),
        ]
        if paid.quote is not None:
            return [*rows, (gettext("Quote"), paid.quote.number)]
        rows.append((gettext("What it changes"), str(CHOICES[paid.choice])))
        if paid.instalment_fen is not None:
            rows.append((gettext("Monthly instalment afterwards"), yuan_said(paid.instalment_fen)))
        return rows


class ConfirmPart(OfPayment):
    """The money of a part is there."""

    explains = _("Compare with the bank's own books first: the payment pays interest, then principal, as of its own day.")


class SettleEarly(OfPayment):
    """The money of the whole debt is there."""

    explains = _("Compare with the bank's own books first. The loan is settled with it and the settlement certificate is issued.")


class DropPayment(OfPayment, ReasonForm):
    """The money never came."""

    explains = _("The debt was not touched; a quote that was used for it cannot be used again.")


def _pay_early(loan: Loan, draw: Any, values: Values, asked: Asked) -> None:
    what, day, fen, reference = (values[name] for name in ("what", "day", "amount_fen", "reference"))
    if what in CHOICES:
        pay_part(loan.pk, day, fen, reference, what, instalment_fen=values["instalment_fen"], **asked)
    else:
        pay_all(int(what.removeprefix("quote-")), day, fen, reference, **asked)


PAGES |= {
    "pay_early": LoanStepPage(PayEarly, _pay_early, fits=lambda loan: reported(loan) is None),
    "confirm_part": LoanStepPage(
        ConfirmPart,
        lambda loan, draw, values, asked: confirm_part(values["payment"], **asked),
        fits=lambda loan: (paid := reported(loan)) is not None and paid.quote is None,
    ),
    "settle_early": LoanStepPage(
        SettleEarly,
        lambda loan, draw, values, asked: settle_early(values["payment"], **asked),
        fits=lambda loan: (paid := reported(loan)) is not None and paid.quote is not None,
    ),
    "drop_payment": LoanStepPage(
        DropPayment,
        lambda loan, draw, values, asked: drop_payment(values["payment"], values["reason"], **asked),
        fits=lambda loan: reported(loan) is not None,
    ),
}
