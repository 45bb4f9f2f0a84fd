"""Steps of the bank: terms, decision, agreement, and in Tongling who signs beside the borrower.

The two steps that may be reported to the supervisor run in the transaction of their own action alone: the report must stay when the
step is refused.
"""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhubao.cases.actions import bank, tongling
from zhubao.cases.contract import CONTRACTING, DISBURSEMENTS, METHODS, Terms
from zhubao.cases.models import BankOffer, Case
from zhubao.cases.promises import WANTED, Promises
from zhubao.lending.settings import POLICY_DEFAULTS
from zhubao.lending.terms import Terms as Conventions
from zhubao.people.actions import register_person
from zhubao.procedures.agreement_signed import sign_agreement
from zhubao.web.banks.fields import RateField, percent
from zhubao.web.calculator.fields import DayField, MoneyField, WholeField
from zhubao.web.calculator.words import yuan_said
from zhubao.web.clerk.words import said

from .framework import EVERY_PROGRAMME, TONGLING, Asked, StepForm, Values, step

OTHER_GROUND = "other"
DAY_COUNTS = [("act360", _("actual days / 360")), ("act365", _("actual days / 365")), ("month+odd", _("months of 30 days"))]
SETTLEMENTS = [
    ("yearly-12-20", _("20 December")),
    ("quarterly-20", _("the 20th of March, June, September, December")),
    ("monthly-20", _("the 20th of every month")),
]
Pair = tuple[Any, str]


class Assess(StepForm):
    """The terms the officer settles with the borrower."""

    explains = _(
        "The terms are checked clause by clause with the figures of today, then another person of the bank decides on them."
    )
    need_fen = MoneyField(label=_("Amount needed, whole term (yuan)"))
    amount_fen = MoneyField(label=_("Credit line, whole term (yuan)"))
    years = WholeField(1, 20, label=_("Years of draws"))
    rate_ppm = RateField(label=_("Yearly rate (percent)"))
    grace_months = WholeField(0, 240, label=_("Grace months until the pension"))
    repay_months = WholeField(0, 360, label=_("Months of repayment"))
    method = forms.ChoiceField(label=_("How it is repaid"))
    instalment_fen = MoneyField(label=_("Monthly instalment (yuan)"), required=False)
    basic_pension_agreed_on = DayField(label=_("Consent to use the basic pension, day"), required=False)
    day_count = forms.ChoiceField(label=_("Day count"), choices=DAY_COUNTS)
    settlement = forms.ChoiceField(label=_("Settlement days"), choices=SETTLEMENTS)
    credit_report_on = DayField(label=_("Credit report of"), required=False)
    credit_found = forms.CharField(
        label=_("What the credit review found"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )
    conditions = forms.CharField(
        label=_("Conditions beside the terms"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=500
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        asked = CONTRACTING[self.case.policy_id]
        self.choose_from("method", [(code, said(label)) for code, label in asked.methods.items()])
        settled = POLICY_DEFAULTS[self.case.policy_id].get("settlement", Conventions().settlement)
        before = BankOffer.objects.filter(case=self.case).last()
        if before is not None:
            self.initial = {**_typed(Terms.of(before)), **self.initial}
        self.initial.setdefault("settlement", settled)
        if not asked.basic_pension:
            del self.fields["basic_pension_agreed_on"]
        self.fields["credit_report_on"].required = asked.credit_report
        self.fields["instalment_fen"].required = asked.instalment
        if asked.grounds_listed:
            self.fields["conditions"].help_text = _(
                "Not allowed here (jx-2.2e): a condition is refused and reported to the supervisor."
            )

    @property
    def shown(self) -> list[Pair]:
        """What the agency handed over for these terms."""
        return estimate_rows(self.case)


def _typed(terms: Terms) -> dict[str, Any]:
    """Return terms as the fields of the form show them: money in yuan."""
    return {
        name: f"{value // 100}.{value % 100:02}" if name.endswith("_fen") and value is not None else value
        for name, value in terms.columns().items()
    }


def estimate_rows(case: Case) -> list[Pair]:
    """Return the agency's latest estimate in words; nothing where there is none."""
    found = case.estimates.last()
    if found is None:
        return []
    return [
        (gettext("First pension month"), f"{found.pension_month:%Y-%m}"),
        (gettext("First month's pension, estimated"), yuan_said(found.pension_fen)),
        (gettext("of it basic pension"), yuan_said(found.basic_fen)),
        (gettext("Contribution a year"), yuan_said(found.contribution_fen)),
        (gettext("Months to pay"), str(found.months_to_pay)),
    ]


def offer_rows(case: Case) -> list[Pair]:
    """Return the standing offer in words; nothing where there is none."""
    offer = case.offers.filter(superseded_at=None).select_related("prepared_by").first()
    if offer is None:
        return []
    method = METHODS.get(offer.method)
    rows = [
        (gettext("Credit line"), yuan_said(offer.amount_fen)),
        (gettext("Amount needed"), yuan_said(offer.need_fen)),
        (gettext("Years of draws"), str(offer.years)),
        (gettext("Yearly rate"), f"{percent(offer.rate_ppm)}%"),
        (gettext("Grace months"), str(offer.grace_months)),
        (gettext("Months of repayment"), str(offer.repay_months)),
        (gettext("How it is paid out"), said(DISBURSEMENTS[case.policy_id][1])),
        (gettext("How it is repaid"), said(method) if method else offer.method),
        (gettext("Monthly instalment"), yuan_said(offer.instalment_fen) if offer.instalment_fen is not None else ""),
        (gettext("Credit report of"), date_format(offer.credit_report_on, "Y-m-d") if offer.credit_report_on else ""),
        (gettext("What the credit review found"), offer.credit_found),
        (gettext("Prepared by"), offer.prepared_by.name if offer.prepared_by else ""),
    ]
    return [(label, value) for label, value in rows if value]


class Decide(StepForm):
    """Approve, refuse, or have the terms prepared again."""

    explains = _("Whoever prepared the terms does not decide on them.")
    outcome = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[
            (bank.APPROVE, _("approve")),
            (bank.REFUSE, _("refuse")),
            (bank.SEND_BACK, _("back to the officer")),
        ],
    )
    ground = forms.ChoiceField(label=_("Ground of a refusal"), required=False)
    reason = forms.CharField(
        label=_("Reason for refusing or sending back"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not CONTRACTING[self.case.policy_id].grounds_listed:
            del self.fields["ground"]
            return
        self.fields["ground"].help_text = _("These are the only grounds the document allows (jx-2.2e).")
        self.choose_from(
            "ground",
            [
                ("", "—"),
                *((code, f"{said(label)}（{clause}）") for code, (clause, label) in bank.GROUNDS.items()),
                (OTHER_GROUND, _("another ground: not allowed, is reported to the supervisor")),
            ],
        )

    def clean(self) -> dict[str, Any]:
        """Ask for the ground of a refusal before anything is reported."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if "ground" in self.fields and values.get("outcome") == bank.REFUSE and not values.get("ground"):
            self.add_error("ground", _("Choose the ground the refusal rests on."))
        return values

    @property
    def shown(self) -> list[Pair]:
        """The terms that are decided on."""
        return offer_rows(self.case)


class Sign(StepForm):
    """The agreement as it was signed; its terms are those that were approved."""

    explains = _("The terms are those the bank approved, checked once more on the day of signing. With it the loan is opened.")
    number = forms.CharField(label=_("Agreement number"), max_length=40)
    signed_on = DayField(label=_("Signed on"))
    deduction_agreed_on = DayField(label=_("Deduction from the pension agreed on"), required=False)
    account_locked_on = DayField(label=_("Card account kept until repaid, agreed on"), required=False)
    honest_use_on = DayField(label=_("Honest use and supervision promised on"), required=False)
    own_interest_on = DayField(label=_("Interest after the pension begins accepted on"), required=False)
    account_first_on = DayField(label=_("Repayment from the account balance first agreed on"), required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        wanted = WANTED[self.case.policy_id]
        for name in Promises.__dataclass_fields__:
            if name not in (*wanted, "deduction_agreed_on"):
                del self.fields[name]

    @property
    def shown(self) -> list[Pair]:
        """The terms that were approved, and who signs beside the borrower."""
        return [*offer_rows(self.case), *beside_rows(self.case)]


def beside_rows(case: Case) -> list[Pair]:
    """Return who signs beside the borrower, each with what they said."""
    rows = []
    for one in case.co_borrowers.select_related("person"):
        if one.refused_because:
            answer = gettext("refused: %(why)s") % {"why": one.refused_because}
        elif one.consented_on:
            answer = gettext("consents, %(day)s") % {"day": one.consented_on.isoformat()}
        else:
            answer = gettext("not asked yet")
        rows.append((one.get_relation_display(), f"{one.person.masked_name} · {answer}"))
    return rows


class Beside(StepForm):
    """Somebody who signs beside the borrower."""

    explains = _("A child borrows jointly; where there is no child, somebody guarantees. Eighteen or older, of full capacity.")
    name = forms.CharField(label=_("Name"), max_length=60)
    id_number = forms.CharField(
        label=_("Citizen number"), max_length=24, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"})
    )
    relation = forms.ChoiceField(
        label=_("Relation"), widget=forms.RadioSelect, choices=[("child", _("child")), ("guarantor", _("guarantor"))]
    )
    capable = forms.ChoiceField(
        label=_("Of full capacity"), widget=forms.RadioSelect, choices=[("yes", _("yes")), ("no", _("no"))], initial="yes"
    )

    @property
    def shown(self) -> list[Pair]:
        """Who is named already."""
        return beside_rows(self.case)


class Consent(StepForm):
    """What somebody named beside the borrower said."""

    explains = _("A consent has its day, a refusal its reason; a later word replaces the one before.")
    person = forms.TypedChoiceField(label=_("Who answers"), coerce=int)
    consented_on = DayField(label=_("Consent signed on"), required=False)
    refused_because = forms.CharField(
        label=_("Why consent was refused"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=500
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        named_beside = self.case.co_borrowers.select_related("person")
        choices = [(one.person_id, f"{one.person.masked_name}（{one.get_relation_display()}）") for one in named_beside]
        self.choose_from("person", choices if len(choices) == 1 else [("", "—"), *choices])
        if not choices:
            self.fields["person"].help_text = _("Nobody is named yet: name somebody first.")

    @property
    def shown(self) -> list[Pair]:
        """Who is named, and what they said."""
        return beside_rows(self.case)


@step("bank_assess", *EVERY_PROGRAMME, form=Assess)
def assess(case: Case, values: Values, asked: Asked) -> None:
    """Prepare the terms."""
    terms = Terms(
        need_fen=values["need_fen"],
        amount_fen=values["amount_fen"],
        years=values["years"],
        rate_ppm=values["rate_ppm"],
        disbursement=DISBURSEMENTS[case.policy_id][0],
        method=values["method"],
        grace_months=values["grace_months"],
        repay_months=values["repay_months"],
        instalment_fen=values["instalment_fen"],
        day_count=values["day_count"],
        settlement=values["settlement"],
        basic_pension_agreed_on=values.get("basic_pension_agreed_on"),
    )
    bank.bank_assess(
        case.pk,
        terms,
        conditions=values["conditions"],
        credit_report_on=values["credit_report_on"],
        credit_found=values["credit_found"],
        **asked,
    )


@step("bank_decide", *EVERY_PROGRAMME, form=Decide)
def decide(case: Case, values: Values, asked: Asked) -> None:
    """Decide on the terms."""
    bank.bank_decide(case.pk, values["outcome"], ground=values.get("ground", ""), reason=values["reason"], **asked)


@step("sign", *EVERY_PROGRAMME, form=Sign)
def sign(case: Case, values: Values, asked: Asked) -> None:
    """Record the agreement and open its loan."""
    promises = Promises(**{name: values.get(name) for name in Promises.__dataclass_fields__})
    sign_agreement(case.pk, values["number"], values["signed_on"], promises, **asked)


@step("add_co_borrower", TONGLING, form=Beside)
@transaction.atomic
def add_beside(case: Case, values: Values, asked: Asked) -> None:
    """Name somebody who signs beside the borrower; who is not on record yet is entered."""
    person = register_person(
        values["id_number"], values["name"], region_code=case.region_code, actor=asked["actor"], now=asked["now"]
    )
    tongling.add_co_borrower(case.pk, person, values["relation"], capable=values["capable"] == "yes", **asked)


@step("record_consent", TONGLING, form=Consent)
def record_consent(case: Case, values: Values, asked: Asked) -> None:
    """Record consent or refusal."""
    tongling.record_consent(case.pk, values["person"], values["consented_on"], refused_because=values["refused_because"], **asked)
