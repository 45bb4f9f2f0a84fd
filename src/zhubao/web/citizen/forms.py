"""The forms of the application, one to a page. Each says its question, reads its answer and names the columns it fills."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind
from zhubao.cases.models import Application, Case
from zhubao.cases.papers import CERTIFICATES
from zhubao.policies import judge_of
from zhubao.programmes.banks import CooperatingBank, banks_for
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.web.calculator.fields import WholeField
from zhubao.web.calculator.words import rate_said, said, yuan_short

from .informing import proofs_of

_MOBILE, _LANDLINE = re.compile(r"1[3-9]\d{9}"), re.compile(r"0\d{2,3}-?\d{7,8}")
NONE_OF_THEM = "none"
FEW = 8
MOST_YEARS = 40


def narrowed(text: str) -> str:
    """Return text with full-width signs narrowed and blanks at its ends cut."""
    return unicodedata.normalize("NFKC", text).strip()


class SectionForm(forms.Form):
    """What all share: one question as the heading, a sentence below it, the case it is about."""

    use_required_attribute = False
    heading: ClassVar[Any] = ""
    intro: ClassVar[Any] = ""

    def __init__(self, case: Case, application: Application, on: date, data: Any = None) -> None:
        super().__init__(data, initial=self.initial_of(case, application))
        self.case, self.application, self.on = case, application, on
        self.prepare()

    @classmethod
    def initial_of(cls, case: Case, application: Application) -> dict[str, Any]:
        """Return what stands already."""
        return {name: getattr(application, name) for name in cls.base_fields if hasattr(application, name)}

    def prepare(self) -> None:
        """Fill choices that depend on the case."""

    def columns(self) -> Mapping[str, Any]:
        """Return the columns of the application that the answers fill."""
        return self.cleaned_data


class HardshipForm(SectionForm):
    """Which of the programme's kinds of hardship; Jiangxi also takes applicants without one."""

    heading = _("Which of these fits your family?")
    intro = _("Choose one. If two fit, choose the one you have a certificate for.")
    category = forms.ChoiceField(
        label=_("Kind of hardship"), widget=forms.RadioSelect, error_messages={"required": _("Choose the one that fits.")}
    )
    certificate = forms.CharField(
        label=_("Number of the certificate"),
        required=False,
        max_length=60,
        help_text=_("If you have it at hand. It stands on the certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def prepare(self) -> None:
        """List the document's own categories."""
        law = judge_of(self.case.policy_id).policy
        field: Any = self.fields["category"]
        choices = [(code, said(law.facts[f"identity_{code}"].label)) for code in law.identities]
        if not self.application.category:
            proved = [proof.code for proof in proofs_of(self.case, self.on)]
            self.initial["category"] = next((code for code in proved if code in law.identities), "")
        if self.case.policy_id == "rugao-draft":
            field.choices = choices
        else:
            field.choices = [*choices, (NONE_OF_THEM, _("None of these (you can apply all the same)"))]
            del self.fields["certificate"]

    def columns(self) -> Mapping[str, Any]:
        """Return the category, "" for none."""
        chosen = self.cleaned_data["category"]
        known = {"category": "" if chosen == NONE_OF_THEM else chosen}
        if "certificate" in self.fields:
            known["certificate"] = narrowed(self.cleaned_data["certificate"]) if chosen in CERTIFICATES else ""
        return known


class OfficeForm(SectionForm):
    """A choice among the offices of one kind in the case's county: buttons for a few, a list for many."""

    kind: ClassVar[OrganisationKind]
    office = forms.ChoiceField(error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one from the list.")})

    def prepare(self) -> None:
        """List the offices, grouped by the place above them when there are many."""
        offices = Organisation.objects.filter(kind=self.kind, region__code__startswith=self.case.region_code[:6])
        found = list(offices.select_related("region", "region__parent").order_by("region__code", "name"))
        field: Any = self.fields["office"]
        field.label = self.heading
        if len(found) <= FEW:
            field.widget = forms.RadioSelect()
            field.choices = [(str(each.pk), each.name) for each in found]
            return
        groups: dict[str, list[tuple[str, str]]] = {}
        for each in found:
            above = each.region.parent.name if each.region.parent else each.region.name
            groups.setdefault(above, []).append((str(each.pk), each.name))
        field.choices = [("", _("Choose…")), *groups.items()]


class CommitteeForm(OfficeForm):
    """The committee where the applicant lives."""

    heading = _("Where do you live now?")
    intro = _(
        "The committee of the place where you live looks at your application first, not the one of your household register."
    )
    kind = OrganisationKind.COMMITTEE

    @classmethod
    def initial_of(cls, case: Case, application: Application) -> dict[str, Any]:
        """Return the committee of the case."""
        return {"office": str(case.committee_id or "")}

    def columns(self) -> Mapping[str, Any]:
        """Return the committee."""
        return {"committee": int(self.cleaned_data["office"])}


class BankForm(OfficeForm):
    """The bank the applicant turns to."""

    heading = _("Which bank do you want to borrow from?")
    intro = _("The bank decides by its own rules whether it lends.")
    kind = OrganisationKind.BANK

    def prepare(self) -> None:
        """List the banks that cooperate in the programme, each with the lowest rate it offers, the lowest first."""
        found = banks_for(self.case.policy_id, self.case.region_code, self.on)
        near = [each for each in found if each.bank.region_id.startswith(self.case.region_code[:6])]
        field: Any = self.fields["office"]
        field.label, field.widget = self.heading, forms.RadioSelect()
        field.choices = [(str(each.bank.pk), self._offered(each)) for each in near]
        if not near:
            field.help_text = _("No bank has been registered for this loan yet. Ask at the agency when one will be.")

    @staticmethod
    def _offered(each: CooperatingBank) -> str:
        if each.offer is None:
            return each.bank.name
        words = {"bank": each.bank.name, "rate": rate_said(each.offer.rate_ppm)}
        return gettext("%(bank)s (from %(rate)s a year)") % words

    @classmethod
    def initial_of(cls, case: Case, application: Application) -> dict[str, Any]:
        """Return the bank named."""
        return {"office": str(application.bank_wanted_id or "")}

    def columns(self) -> Mapping[str, Any]:
        """Return the bank."""
        return {"bank": int(self.cleaned_data["office"])}


class PlanForm(SectionForm):
    """The tier a year and the number of years (Tongling)."""

    heading = _("How much a year, and for how many years?")
    intro = _("A higher tier brings a higher pension, and more to repay.")
    tier = forms.ChoiceField(
        label=_("Your contribution a year"),
        error_messages={"required": _("Choose a tier."), "invalid_choice": _("Choose a tier.")},
    )
    years_asked = WholeField(1, MOST_YEARS, label=_("Years"), error_messages={"required": _("Write the number of years.")})

    def prepare(self) -> None:
        """List the tiers in force where the person is insured."""
        entries = parameter_book().all("tier_yearly_fen", self.on, area_of_region(self.case.region_code))
        tiers = sorted({entry.number() for entry in entries})
        field: Any = self.fields["tier"]
        field.choices = [("", _("Choose…")), *((str(fen), yuan_short(fen)) for fen in tiers)]
        self.initial["tier"] = str(self.application.tier_fen or "")

    def columns(self) -> Mapping[str, Any]:
        """Return tier in fen and years."""
        return {"tier_fen": int(self.cleaned_data["tier"]), "years_asked": self.cleaned_data["years_asked"]}


class ChildrenForm(SectionForm):
    """How many children there are: one of them borrows jointly (Tongling)."""

    heading = _("How many grown-up children do you have?")
    intro = _("One child borrows together with you. Without children you need somebody who guarantees. Bring them to the bank.")
    children = WholeField(
        0, 20, label=_("Children of 18 and over"), error_messages={"required": _("Write a number; 0 if you have none.")}
    )


class GapsForm(SectionForm):
    """How many months of earlier years are to be paid back (Jiangxi, the loan for past gaps)."""

    heading = _("How many months do you want to pay back?")
    intro = _("Only months that the tax office accepts count. The agency asks there; write what you know.")
    back_payable_months = WholeField(
        1, 360, label=_("Months not paid"), error_messages={"required": _("Write the number of months.")}
    )


class DeemedForm(SectionForm):
    """Months of early work that may count as paid though nothing was paid then."""

    heading = _("Did you work for the state or a collective before contributions began?")
    intro = _("Such years can count as paid. If your record does not show them, write how many months; the bureau decides.")
    deemed_months_claimed = WholeField(
        0, 480, label=_("Months"), help_text=_("Leave it empty if there are none."), required=False
    )


class ContactForm(SectionForm):
    """Telephone and address."""

    heading = _("How do we reach you?")
    intro = _("We call when something is missing or decided.")
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        error_messages={"required": _("Write a telephone number.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("A mobile number has 11 digits. With a landline write the area code, for example 0513-87650000."),
    )
    address = forms.CharField(
        label=_("Where you live"),
        max_length=160,
        error_messages={"required": _("Write where you live."), "max_length": _("At most 160 characters.")},
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        help_text=_("Township, village, group or house number."),
    )
    former_employer = forms.CharField(
        label=_("Where you worked before"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def prepare(self) -> None:
        """The former employer stands only on the Rugao form."""
        if self.case.policy_id != "rugao-draft":
            del self.fields["former_employer"]

    def clean_phone(self) -> str:
        """Return the number, digits only for a mobile; anything else than a number that can be called is refused."""
        typed = re.sub(r"\s", "", narrowed(self.cleaned_data["phone"])).replace("—", "-")
        digits = typed.removeprefix("+86").replace("-", "")
        if _MOBILE.fullmatch(digits):
            return digits
        if _LANDLINE.fullmatch(typed):
            return typed
        raise ValidationError(_("This is no telephone number. A mobile number has 11 digits, for example 13900000001."))

    def clean_address(self) -> str:
        """Return the address."""
        return narrowed(self.cleaned_data["address"])


class LateForm(SectionForm):
    """The reason for filing outside the window (Rugao)."""

    heading = _("Why do you apply now?")
    intro = _(
        "Applications are taken from October to December. Outside that time an officer must accept your reason before you can hand it in."
    )
    late_reason = forms.CharField(
        label=_("Your reason"),
        max_length=500,
        error_messages={"required": _("Write your reason.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DeclarationsForm(SectionForm):
    """The declarations of the form, each with what it means."""

    heading = _("Please read and tick")
    intro = _("Each sentence is yours when you tick it. If one is not true, do not tick it and ask at the counter.")
    MEANINGS: ClassVar[dict[str, tuple[Any, Any]]] = {
        "inability_declared_on": (
            _("I cannot pay the contribution now."),
            _("It means: you have no money for it at present. Nobody asks for a proof; if it is not so, the loan can be ended."),
        ),
        "truth_declared_on": (
            _("What I have written is true, and my papers are genuine."),
            _(
                "It means: who knowingly writes something false must give back what the government paid, and may be held to account."
            ),
        ),
        "sharing_agreed_on": (
            _("The offices and the bank may compare my data."),
            _("It means: agency, departments and bank look at your record and lists for this loan only, and tell nobody else."),
        ),
        "subsidy_waived_on": (
            _("I give up the social insurance subsidy while I have the loan."),
            _(
                "It means: you cannot have both for the same months. If you do not tick it, the loan waits until the subsidy ends."
            ),
        ),
    }

    def prepare(self) -> None:
        """Take the declarations this programme wants; who draws no subsidy has none to give up."""
        for name in declarations_of(self.case, self.on):
            words, meaning = self.MEANINGS[name]
            self.fields[name] = forms.BooleanField(
                label=words,
                help_text=meaning,
                required=name != "subsidy_waived_on",
                initial=bool(getattr(self.application, name)),
                error_messages={"required": _("Tick this if it is true; without it the application cannot be handed in.")},
            )

    def columns(self) -> Mapping[str, Any]:
        """Return the day each declaration was made: the day it was first ticked stays."""
        given = self.cleaned_data
        return {name: (getattr(self.application, name) or self.on) if given[name] else None for name in given}


def declarations_of(case: Case, on: date) -> list[str]:
    """Return the declarations that a case wants, in the order of the page; only who draws a subsidy now can give it up."""
    names = [] if case.policy_id == "tongling-2022-13" else ["inability_declared_on"]
    names += ["truth_declared_on", "sharing_agreed_on"]
    subsidised = case.person.circumstances.filter(kind="subsidised", value=1, withdrawn_at=None)
    if case.policy_id == "rugao-draft" and subsidised.filter(Q(ends_on=None) | Q(ends_on__gte=on)).exists():
        names.append("subsidy_waived_on")
    return names


FORMS: dict[str, type[SectionForm]] = {
    "hardship": HardshipForm,
    "committee": CommitteeForm,
    "bank": BankForm,
    "plan": PlanForm,
    "children": ChildrenForm,
    "gaps": GapsForm,
    "deemed": DeemedForm,
    "contact": ContactForm,
    "late": LateForm,
    "declarations": DeclarationsForm,
}
