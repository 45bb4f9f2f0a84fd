"""Forms of the counter: who applies for what, the whole application on one page, the household, the papers."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation, Region
from zhubao.access.roles import OrganisationKind
from zhubao.cases.models import Application, Case
from zhubao.cases.models.case import Route
from zhubao.cases.papers import OTHER, SIGNED_FORM, WITHDRAWAL, Paper, papers_of
from zhubao.documents.amounts import amount_in_yuan
from zhubao.policies import judge_of
from zhubao.web.calculator.fields import DayField, MoneyField, WholeField
from zhubao.web.clerk.words import said

from .steps.framework import JIANGXI, RUGAO, TONGLING
from .tabs import receives

COUNTY_LENGTH: Final = 6
SHORT: Final = forms.Textarea(attrs={"rows": 2})
PEOPLE: Final = 3  # empty rows of the household beside those listed
MONEY: Final = frozenset({"amount_asked_fen", "tier_fen"})

_SIGNED = ("truth_declared_on", "sharing_agreed_on", "signed_on", "signed_how", "fingerprint", "assisted")
_CONTACT = ("phone", "address")
FIELDS_OF: Final[dict[str, tuple[str, ...]]] = {
    JIANGXI: (
        *_CONTACT, "former_employer", "category", "certificate", "months_asked", "amount_asked_fen", "back_payable_months",
        "deemed_months_claimed", "bank", "inability_declared_on", *_SIGNED,
    ),
    RUGAO: (
        *_CONTACT, "former_employer", "category", "certificate", "committee", "bank", "months_asked", "amount_asked_fen",
        "deemed_months_claimed", "subsidy_waived_on", "late_reason", "inability_declared_on", *_SIGNED,
    ),
    TONGLING: (*_CONTACT, "bank", "tier_fen", "years_asked", "amount_asked_fen", "children", *_SIGNED),
}  # fmt: skip


class BeginForm(forms.Form):
    """Who applies, and for which programme. The number stands in no address."""

    id_number = forms.CharField(
        label=_("Citizen number"), max_length=24, widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True})
    )
    name = forms.CharField(
        label=_("Name, as on the identity card"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    programme = forms.ChoiceField(label=_("Programme"))
    route = forms.ChoiceField(label=_("Course"), choices=Route.choices, initial=Route.ORDINARY)
    region = forms.ChoiceField(label=_("Place of insurance; the village or community where a committee reviews"))
    hukou_code = forms.RegexField(
        r"^(\d{6})?$",
        label=_("Household registration (area code)"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": "6"}),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def __init__(self, actor: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        policies = [judge_of(policy_id).policy for policy_id in receives(actor)]
        here = [each for each in policies if actor.scope.startswith(each.region) or each.region.startswith(actor.scope)]
        programme: Any = self.fields["programme"]
        programme.choices = [(each.id, said(each.title)) for each in here]
        places = Region.objects.filter(code__startswith=actor.scope).order_by("code")
        region: Any = self.fields["region"]
        region.choices = [(each.code, f"{each.name} {each.code}") for each in places if len(each.code) >= COUNTY_LENGTH]


class ApplicationForm(forms.Form):
    """The application form of a programme, all of it on one page."""

    phone = forms.CharField(label=_("Telephone"), required=False, max_length=20)
    address = forms.CharField(label=_("Address"), required=False, max_length=160)
    former_employer = forms.CharField(label=_("Former employer"), required=False, max_length=120)
    category = forms.ChoiceField(label=_("Hardship"), required=False)
    certificate = forms.CharField(label=_("Number of the certificate"), required=False, max_length=60)
    committee = forms.TypedChoiceField(label=_("Committee"), required=False, coerce=int, empty_value=None)
    bank = forms.TypedChoiceField(label=_("Bank"), required=False, coerce=int, empty_value=None)
    tier_fen = MoneyField(label=_("Tier chosen, yuan a year"), required=False)
    years_asked = WholeField(1, 30, label=_("Years"), required=False)
    months_asked = WholeField(1, 600, label=_("Months asked for"), required=False)
    amount_asked_fen = MoneyField(label=_("Amount asked for, yuan"), required=False)
    back_payable_months = WholeField(0, 600, label=_("Months of past gaps"), required=False)
    deemed_months_claimed = WholeField(0, 600, label=_("Deemed months claimed"), required=False)
    children = WholeField(0, 30, label=_("Children"), required=False)
    subsidy_waived_on = DayField(label=_("Social insurance subsidy given up, signed"), required=False)
    late_reason = forms.CharField(label=_("Why outside the filing window"), required=False, widget=SHORT, max_length=1000)
    inability_declared_on = DayField(label=_("Declared: cannot pay"), required=False)
    truth_declared_on = DayField(label=_("Declared: all is true"), required=False)
    sharing_agreed_on = DayField(label=_("Agreed: offices and bank compare data"), required=False)
    signed_on = DayField(label=_("Signed"), required=False)
    signed_how = forms.ChoiceField(
        label=_("How it was signed"),
        required=False,
        choices=[("", "—"), ("paper", _("on paper")), ("electronic", _("electronically"))],
    )
    fingerprint = forms.BooleanField(label=_("With a fingerprint"), required=False)
    assisted = forms.BooleanField(label=_("Filled in with our help and read out to the applicant"), required=False)

    def __init__(self, case: Case, *arguments: Any, **named: Any) -> None:
        self.case = case
        super().__init__(*arguments, **named)
        wanted = FIELDS_OF[case.policy_id]
        self.fields = {name: self.fields[name] for name in wanted}
        policy = judge_of(case.policy_id).policy
        if "category" in self.fields:
            self._choices("category", [("", "—"), *((each.code, said(each.label)) for each in policy.identities.values())])
        if "committee" in self.fields:
            self._choices("committee", self._offices(OrganisationKind.COMMITTEE))
        self._choices("bank", self._offices(OrganisationKind.BANK))

    def _choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def _offices(self, kind: OrganisationKind) -> list[tuple[Any, Any]]:
        offices = Organisation.objects.filter(kind=kind, region__code__startswith=self.case.region_code[:COUNTY_LENGTH])
        return [("", "—"), *offices.order_by("name").values_list("pk", "name")]

    def columns(self) -> dict[str, Any]:
        """Return the values for `fill_application`; to be asked of a valid form."""
        return {name: "" if value is None and name in _TEXTS else value for name, value in self.cleaned_data.items()}


_TEXTS: Final = frozenset({"category", "signed_how"})


def filled(case: Case, application: Application) -> dict[str, Any]:
    """Return what the form shows of an application: money in yuan."""
    values: dict[str, Any] = {}
    for name in FIELDS_OF[case.policy_id]:
        if name == "committee":
            values[name] = case.committee_id
        elif name == "bank":
            values[name] = application.bank_wanted_id or case.bank_id
        else:
            value = getattr(application, name)
            values[name] = amount_in_yuan(value) if name in MONEY and value is not None else value
    return values


class MemberForm(forms.Form):
    """One member of the household; a row without a name is passed over."""

    ANSWERS = (("", "—"), ("yes", _("yes")), ("no", _("no")))
    name = forms.CharField(label=_("Name"), required=False, max_length=40)
    relation = forms.CharField(label=_("Relation"), required=False, max_length=20)
    born = DayField(label=_("Born"), required=False)
    able = forms.ChoiceField(label=_("Able to work"), required=False, choices=ANSWERS)
    employed = forms.ChoiceField(label=_("Employed"), required=False, choices=ANSWERS)
    employer = forms.CharField(label=_("Employer"), required=False, max_length=120)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=20)

    def clean(self) -> dict[str, Any]:
        """Want a relation to everybody who is named."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("name") and not values.get("relation"):
            self.add_error("relation", _("Say how this person is related to the applicant."))
        return values


Household: Any = forms.formset_factory(MemberForm, extra=PEOPLE, max_num=20, validate_max=True)


def member_rows(case: Case) -> list[dict[str, Any]]:
    """Return the household as its form shows it."""
    words = {True: "yes", False: "no", None: ""}
    return [
        {
            "name": each.name, "relation": each.relation, "born": each.born, "able": words[each.able],
            "employed": words[each.employed], "employer": each.employer, "phone": each.phone,
        }
        for each in case.family.all()
    ]  # fmt: skip


def members(rows: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the columns of the members named in a valid household."""
    flags = {"yes": True, "no": False}
    return [{**row, "able": flags.get(row["able"]), "employed": flags.get(row["employed"])} for row in rows if row.get("name")]


def papers_for(case: Case, application: Application) -> list[Paper]:
    """Return the papers a counter may add: those the programme asks for, the signed form, a withdrawal, others."""
    return [*papers_of(case, application.category), SIGNED_FORM, WITHDRAWAL, OTHER]


class PaperForm(forms.Form):
    """A scan of one kind of paper."""

    kind = forms.ChoiceField(label=_("Paper"))
    scan = forms.FileField(
        label=_("Scan or photograph"),
        help_text=_("PDF, JPEG or PNG, at most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, wanted: list[Paper], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        kind: Any = self.fields["kind"]
        kind.choices = [(each.kind, said(each.label)) for each in wanted]
