"""The forms of the steps of findings and listings, and which action each calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final, TypedDict

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.loans.fraud import actions as fraud
from zhubao.loans.fraud.claiming import claim_if_agreed, open_of
from zhubao.loans.models import FraudFinding, Loan
from zhubao.loans.states.fraud import FOUND, FRAUD_KINDS
from zhubao.oversight.dishonesty import actions as listing
from zhubao.oversight.dishonesty.course import KINDS_OF, LISTING_KINDS
from zhubao.oversight.dishonesty.models import Listing
from zhubao.web.calculator.fields import DayField, MoneyField
from zhubao.web.calculator.words import yuan_said
from zhubao.web.clerk.words import said
from zhubao.web.navigation import Label

from .finding import Record

LONGEST: Final = 2000
# How a notice reaches somebody: ways that leave a proof of delivery.
CHANNELS: Final[dict[str, Label]] = {
    "paper": _("delivered on paper"),
    "post": _("sent by post"),
    "counter": _("handed over at the counter"),
}


class Asked(TypedDict):
    """What every action takes by name beside its own values."""

    seen: str
    key: str
    actor: Actor
    now: datetime


Values = Mapping[str, Any]
Act = Callable[[int, Values, Asked], object]


def _words(label: Label, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=LONGEST, **more)


class KeyedForm(forms.Form):
    """A form sent with the name of the request, so that the same one sent twice is one."""

    use_required_attribute = False
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{"auto_id": "step_%s", **named})


class StepForm(KeyedForm):
    """A step that needs nothing but the click. `seen` is the state the page showed."""

    explains: ClassVar[Label] = ""
    seen = forms.CharField(widget=forms.HiddenInput, max_length=24)

    def __init__(self, record: Record, *arguments: Any, **named: Any) -> None:
        self.record = record
        super().__init__(*arguments, **named)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What stands above the fields: the facts, and what the person said."""
        rows = [(gettext("Facts"), self.record.facts)]
        if self.record.statement:
            rows.append((gettext("The person says"), self.record.statement))
        return rows


class Serve(StepForm):
    """The notice of facts reached the person."""

    explains = _("Print the notice of facts first. The days for a statement are counted from the day it arrived.")
    day = DayField(label=_("Served on"))
    channel = forms.ChoiceField(label=_("How"), choices=list(CHANNELS.items()))
    proof = forms.CharField(label=_("Proof of delivery"), max_length=300, help_text=_("For example: receipt of delivery no. 12"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.initial.setdefault("day", clock.today())


class Statement(StepForm):
    """What the person says."""

    explains = _("Taken down in the person's own words; what was said before stays.")
    text = _words(_("What the person says"), 6)


class Reasons(StepForm):
    """A step that needs its reasons."""

    reason = _words(_("Reasons"), 5)


class Decide(Reasons):
    """The agency decides that it is so."""

    explains = _("It holds once finance agrees. Say what the person said and why it does or does not change anything.")


class DecideListing(Reasons):
    """HRSS decides to list."""

    explains = _("The rules on the list say how long a listing lasts: enter the day it ends.")
    removal_on = DayField(label=_("Removed on"))


class Agree(StepForm):
    """Finance agrees."""

    explains = _("From here on nothing more is drawn, the debt is due, and the subsidy paid is claimed back.")

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Facts and statement, the agency's reasons, and what would be claimed today."""
        claim = claim_if_agreed(self.record.loan, clock.today())
        return [
            *super().shown,
            (gettext("Reasons of the agency"), self.record.decision),
            (gettext("Principal"), yuan_said(claim.principal_fen)),
            (gettext("Interest"), yuan_said(claim.interest_fen)),
            (gettext("Subsidy paid so far"), yuan_said(claim.subsidy_fen)),
        ]


class Money(StepForm):
    """Money that came back."""

    receipt = forms.CharField(label=_("Receipt number"), max_length=60)
    day = DayField(label=_("Paid in on"))
    amount_fen = MoneyField(label=_("Amount (yuan)"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.initial.setdefault("day", clock.today())

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What is open today."""
        assert isinstance(self.record, FraudFinding), self.record
        left = open_of(self.record, clock.today())
        return [
            (gettext("Principal and interest still open"), yuan_said(left.bank_fen)),
            (gettext("Subsidy still open"), yuan_said(left.subsidy_fen)),
        ]


class Repaid(Money):
    """Principal and interest."""

    explains = _("Booked as an early payment of the loan; with the last fen the loan is settled.")


class Refer(Reasons):
    """The case goes to the authority in charge."""

    authority = forms.CharField(label=_("Handed on to"), max_length=120)
    field_order = ("authority", "reason")


def _bank_open(record: Record, today: date) -> bool:
    return isinstance(record, FraudFinding) and open_of(record, today).bank_fen > 0


def _subsidy_open(record: Record, today: date) -> bool:
    return isinstance(record, FraudFinding) and open_of(record, today).subsidy_fen > 0


@dataclass(frozen=True)
class StepPage:
    """The form of a step, the call of its action, and whether there is something to do for it on a day."""

    form: type[StepForm]
    act: Act
    fits: Callable[[Record, date], bool] = lambda record, today: True


def _serve(serve: Callable[..., object]) -> Act:
    return lambda pk, values, asked: serve(pk, values["day"], values["proof"], channel=values["channel"], **asked)


def _reasoned(act: Callable[..., object]) -> Act:
    return lambda pk, values, asked: act(pk, values["reason"], **asked)


def _money(act: Callable[..., object]) -> Act:
    # The receipt's number is the key: the same one sent twice is one.
    return lambda pk, values, asked: act(
        pk, values["receipt"], values["day"], values["amount_fen"], seen=asked["seen"], actor=asked["actor"], now=asked["now"]
    )


def _heard(record: Record, today: date) -> bool:
    return record.heard_by(today)


STEPS: Final[dict[str, dict[str, StepPage]]] = {
    "findings": {
        "serve_notice": StepPage(Serve, _serve(fraud.serve_notice)),
        "take_statement": StepPage(Statement, lambda pk, values, asked: fraud.take_statement(pk, values["text"], **asked)),
        "decide_finding": StepPage(Decide, _reasoned(fraud.decide_finding), _heard),
        "agree_finding": StepPage(Agree, lambda pk, values, asked: fraud.agree_finding(pk, **asked)),
        "send_back": StepPage(Reasons, _reasoned(fraud.send_back)),
        "drop_finding": StepPage(Reasons, _reasoned(fraud.drop_finding)),
        "record_repayment": StepPage(Repaid, _money(fraud.record_repayment), _bank_open),
        "record_refund": StepPage(Money, _money(fraud.record_refund), _subsidy_open),
        "close_finding": StepPage(
            StepForm,
            lambda pk, values, asked: fraud.close_finding(pk, **asked),
            lambda record, today: not (_bank_open(record, today) or _subsidy_open(record, today)),
        ),
        "refer": StepPage(Refer, lambda pk, values, asked: fraud.refer(pk, values["authority"], values["reason"], **asked)),
    },
    "listings": {
        "serve_notice": StepPage(Serve, _serve(listing.serve_notice)),
        "take_statement": StepPage(Statement, lambda pk, values, asked: listing.take_statement(pk, values["text"], **asked)),
        "decide_listing": StepPage(
            DecideListing,
            lambda pk, values, asked: listing.decide_listing(pk, values["reason"], values["removal_on"], **asked),
            _heard,
        ),
        "decline_listing": StepPage(Reasons, _reasoned(listing.decline_listing)),
        "remove": StepPage(
            StepForm,
            lambda pk, values, asked: listing.remove(pk, **asked),
            lambda record, today: isinstance(record, Listing) and record.removal_on is not None and record.removal_on <= today,
        ),
        "remove_early": StepPage(Reasons, _reasoned(listing.remove_early)),
    },
}
# What a refusal names → the field it stands at.
FIELD_OF: Final[dict[str, str]] = {
    "E-NOTICE-DAY": "day",
    "E-NOTICE-PROOF": "proof",
    "E-STATEMENT": "text",
    "E-REASON": "reason",
    "E-RECOVERY": "amount_fen",
    "E-RECOVERY-DAY": "day",
    "E-RECEIPT-KEY": "receipt",
    "E-LISTING-REMOVAL": "removal_on",
    "E-LISTING-KIND": "kind",
    "E-LISTING-FRAUD": "kind",
    "E-FINDING-FACTS": "facts",
    "E-DRAW-DAY": "found_on",
}


class NewFinding(KeyedForm):
    """The facts that point to fraud."""

    kind = forms.ChoiceField(label=_("Kind of facts"))
    facts = _words(_("Facts"), 5, help_text=_("What happened, when, and how it became known. The person reads it in the notice."))
    found_on = DayField(label=_("Facts found on"))

    def __init__(self, loan: Loan, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.loan = loan
        self.initial.setdefault("found_on", clock.today())
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [(kind, said(label)) for kind, label in FRAUD_KINDS.items()]

    def open(self, *, actor: Actor, now: datetime) -> Record:
        """Open the record."""
        said_here = self.cleaned_data
        return fraud.open_finding(
            self.loan.pk,
            said_here["kind"],
            said_here["facts"],
            said_here["found_on"],
            key=said_here["key"],
            actor=actor,
            now=now,
        )


class NewListing(NewFinding):
    """The facts a listing would rest on, with the papers by number and the money."""

    evidence = forms.CharField(label=_("Evidence of the facts"), max_length=300, help_text=_("The papers by name and number."))
    amount_fen = MoneyField(label=_("Money the facts are about (yuan)"))
    field_order = ("kind", "facts", "evidence", "amount_fen", "found_on")

    def __init__(self, loan: Loan, *arguments: Any, **named: Any) -> None:
        super().__init__(loan, *arguments, **named)
        agreed = FraudFinding.objects.filter(loan=loan, state__in=FOUND).exists()
        kinds = [kind for kind in KINDS_OF.get(loan.policy_id, ()) if kind != "fraud" or agreed]
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [(kind, said(LISTING_KINDS[kind])) for kind in kinds]
        fields["kind"].help_text = _("Arrears alone list nobody. Fraud is offered once finance has agreed to a finding.")

    def open(self, *, actor: Actor, now: datetime) -> Record:
        """Open the record."""
        said_here = self.cleaned_data
        return listing.propose_listing(
            self.loan.pk,
            said_here["kind"],
            said_here["facts"],
            said_here["evidence"],
            said_here["amount_fen"],
            said_here["found_on"],
            key=said_here["key"],
            actor=actor,
            now=now,
        )


NEW: Final[dict[str, type[NewFinding]]] = {"findings": NewFinding, "listings": NewListing}
