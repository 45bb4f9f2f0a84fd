"""The forms of a change of the card account, for the counter and for the borrower."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhubao.access import clock
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind
from zhubao.loans.endings.card import REASON_LABELS, change_card, decide_card
from zhubao.loans.models import CardChange, Loan
from zhubao.web.calculator.fields import DayField
from zhubao.web.clerk.words import said
from zhubao.web.loans.forms import PAGES, Asked, LoanForm, LoanStepPage, Pair, ReasonForm, Values

REASONS = {"lost": _("card lost"), "damaged": _("card damaged"), "other": _("another reason for a new card")}


def waiting_change(loan: Loan) -> CardChange | None:
    """Return the change of card account that waits for a decision; there is at most one."""
    return CardChange.objects.filter(loan=loan, state="pending").first()


def banks_near(loan: Loan) -> list[tuple[int, str]]:
    """Return the banks of a loan's place, the lending one first."""
    banks = Organisation.objects.filter(kind=OrganisationKind.BANK, region__code__startswith=loan.region_code[:6]).order_by(
        "name"
    )
    others = [(bank.pk, bank.name) for bank in banks if bank.pk != loan.bank_id]
    return [(loan.bank_id, loan.bank.name), *others]


class ChangeCard(LoanForm):
    """Another card account."""

    explains = _(
        "While the loan is open the account stays at the lending bank. Any reason but loss or damage is decided by the agency."
    )
    bank = forms.TypedChoiceField(label=_("Bank of the new card"), coerce=int)
    number = forms.CharField(
        label=_("Account number of the new card"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    day = DayField(label=_("In use from"))
    why = forms.ChoiceField(label=_("Why it is changed"), choices=list(REASONS.items()), widget=forms.RadioSelect)
    told = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed with another reason."),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["bank"]
        field.choices = banks_near(self.loan)
        self.initial.setdefault("bank", self.loan.bank_id)
        self.initial.setdefault("day", clock.today())

    @property
    def shown(self) -> list[Pair]:
        """The account in use."""
        card = self.loan.card_account
        return [(gettext("Account in use"), f"{self.loan.bank.name} **** {card.last_four}")] if card else []


class DecideCard(ReasonForm):
    """A change the rule blocks, or the borrower reported."""

    explains = _("In principle the account stays as it is. Whoever allows another one does so in their own name and says why.")
    allow = forms.ChoiceField(
        label=_("Allow the change?"), choices=[("yes", _("allow the change")), ("no", _("refuse it"))], widget=forms.RadioSelect
    )
    change = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("allow", "reason")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.waits = waiting_change(self.loan)
        if self.waits is not None:
            self.initial.setdefault("change", self.waits.pk)

    def clean_change(self) -> int:
        """Refuse another change than the one that waits."""
        if self.waits is None or self.cleaned_data["change"] != self.waits.pk:
            raise forms.ValidationError(_("Another change waits now: look at the loan again."))
        return self.waits.pk

    @property
    def shown(self) -> list[Pair]:
        """What is asked for."""
        card, asked = self.loan.card_account, self.waits
        rows = [(gettext("Account in use"), f"**** {card.last_four}")] if card else []
        if asked is None:
            return rows
        by = asked.asked_by
        return [
            *rows,
            (gettext("Account asked for"), f"{self.loan.bank.name} **** {asked.last_four}"),
            (gettext("In use from"), asked.starts_on.isoformat()),
            (gettext("Why it is changed"), f"{said(REASON_LABELS[asked.reason])} {asked.told}".strip()),
            (gettext("Change asked for by"), by.organisation.name if by else gettext("the borrower")),
        ]


def _change(loan: Loan, draw: Any, values: Values, asked: Asked) -> None:
    change_card(loan.pk, values["bank"], values["number"], values["day"], values["why"], told=values["told"], **asked)


def _decide(loan: Loan, draw: Any, values: Values, asked: Asked) -> None:
    decide_card(values["change"], values["reason"], allow=values["allow"] == "yes", **asked)


PAGES |= {
    "change_card": LoanStepPage(ChangeCard, _change, fits=lambda loan: waiting_change(loan) is None),
    "decide_card": LoanStepPage(DecideCard, _decide, fits=lambda loan: waiting_change(loan) is not None),
}
