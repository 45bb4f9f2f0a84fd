"""The two forms of the public pages. They are GET forms: the address is the case, and every field not given has a default."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.policies import judge_of

from .fields import DayField, DecimalTextField, MoneyField, MonthField, TypedField, WholeField
from .programmes import LoanPage, OnBehalfPage
from .words import said, yuan_short

CATEGORIES = (
    ("female55", _("Woman, flexible employment (formerly 55)")),
    ("female50", _("Woman, worker (formerly 50)")),
    ("male60", _("Man (formerly 60)")),
)
EARLIEST_DAY, LATEST_DAY = date(2005, 1, 1), date(2100, 1, 1)
UNSURE = "unsure"


def example(page: LoanPage | OnBehalfPage, today: date) -> dict[str, str]:
    """Return the case a page opens with: somebody a few years before the pension who has most of the months."""
    values = {"birth": f"{today.year - 53}-06", "on": today.isoformat()}
    if isinstance(page, OnBehalfPage):
        return {**values, "birth": f"{today.year - 45}-06", "insured": "here"}
    if page.resident:
        return {**values, "birth": f"{today.year - 55}-06", "paid_years": "10", "paid_months": "0", "yearly": "1000"}
    values |= {"category": "female55", "paid_years": "13", "paid_months": "0"}
    return {**values, "hardship": "no"} if page.asks_hardship else values


def typed(asked: QueryDict, page: LoanPage | OnBehalfPage, today: date) -> QueryDict:
    """Return what was asked with the defaults of everything not asked; an empty field stays empty."""
    values = asked.copy()
    for name, value in example(page, today).items():
        if name not in values:
            values[name] = value
    return values


class CaseForm(forms.Form):
    """What both forms share: errors stand in a place of their own that a partial answer can fill."""

    use_required_attribute = False
    birth = MonthField(
        label=_("Born in"), placeholder="1971-06", error_messages={"required": _("Write year and month of birth.")}
    )
    on = DayField(label=_("Calculated on"), help_text=_("Figures and ages are taken as they stand on this day."))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"fault-{name}"

    def clean_on(self) -> date:
        """Return the day, refusing what no table can answer for."""
        on: date = self.cleaned_data["on"]
        if not EARLIEST_DAY <= on < LATEST_DAY:
            raise ValidationError(_("Write a day between 2005 and 2099."))
        return on

    def clean(self) -> dict[str, Any]:
        """Refuse a birth after the day asked about, or more than 120 years before it."""
        values = super().clean() or {}
        birth, on = values.get("birth"), values.get("on")
        if birth and on:
            if birth > f"{on:%Y-%m}":
                self.add_error("birth", _("The birth lies after the day of the calculation."))
            elif int(birth[:4]) < on.year - 120:
                self.add_error("birth", _("Nobody is that old; check the year."))
        return values

    def query(self) -> str:
        """Return the case as the query of an address: every field that has a value, in the order of the page."""
        pairs = QueryDict(mutable=True)
        for name in self.fields:
            chosen = self.data.getlist(name) if isinstance(self.data, QueryDict) else [self.data.get(name, "")]
            pairs.setlist(name, [value for value in chosen if value])
        return pairs.urlencode()


class LoanForm(CaseForm):
    """One person's case of a loan; a document asks only what it turns on."""

    category = forms.ChoiceField(label=_("Sex and kind of insurance"), choices=CATEGORIES)
    paid_years = WholeField(0, 60, label=_("Years paid"), suffix=pgettext_lazy("after a number", "years"), required=False)
    paid_months = WholeField(0, 11, label=_("and months"), suffix=_("months"), required=False)
    hardship = forms.ChoiceField(
        label=_("Recognised as in hardship"),
        choices=(("yes", _("Yes")), ("no", _("No"))),
        widget=forms.RadioSelect,
        help_text=_("Dibao, extreme poverty, registered poor, laid off by a state or collective enterprise and the like."),
    )
    yearly = forms.ChoiceField(label=_("Contribution paid by loan each year"))
    own = forms.ChoiceField(
        label=_("Beside it: paid by yourself each year"),
        required=False,
        help_text=_("The tier you would pay without a loan; the two are shown side by side."),
    )
    account = MoneyField(
        label=_("Balance of the personal account"), required=False, help_text=_("Left empty it is estimated from what was paid.")
    )
    deemed = WholeField(0, 600, label=_("Months deemed paid"), suffix=_("months"), required=False)
    index = DecimalTextField("0.4", "3", label=_("Average contribution index"), placeholder="0.60", required=False)
    rate = DecimalTextField("0", "24", label=_("The bank's rate a year"), suffix="%", required=False)
    agreed = MoneyField(label=_("Agreed instalment a month"), required=False)
    field_order = (
        "birth", "category", "paid_years", "paid_months", "hardship", "yearly", "own", "account", "on", "deemed", "index", "rate", "agreed",
    )  # fmt: skip
    MORE = ("on", "deemed", "index", "rate", "agreed")

    def __init__(self, page: LoanPage, tiers_fen: tuple[int, ...], data: Mapping[str, Any]) -> None:
        super().__init__(data)
        unasked = {"category", "deemed", "index"} if page.resident else {"yearly", "own"}
        for name in unasked | (set() if page.asks_hardship else {"hardship"}):
            del self.fields[name]
        if page.resident:
            yearly: Any = self.fields["yearly"]
            yearly.choices = [(str(fen // 100), yuan_short(fen)) for fen in tiers_fen]
            own: Any = self.fields["own"]
            own.choices = [("", _("the lowest")), *yearly.choices]

    def clean(self) -> dict[str, Any]:
        """Want at least one of years and months paid."""
        values = super().clean()
        empty = values.get("paid_years") is None and values.get("paid_months") is None
        if empty and not {"paid_years", "paid_months"} & set(self.errors):
            self.add_error("paid_years", _("Write how long you have paid; 0 if never."))
        if "own" in self.fields and "own" not in self.errors:
            # Every page of residents has tiers: without any, `yearly` is at fault.
            lowest = next((tier for tier, _words in self.fields["yearly"].choices), "0")  # type: ignore[attr-defined]
            values["own_fen"] = int(values.get("own") or lowest) * 100
        return values

    @property
    def more(self) -> list[forms.BoundField]:
        """Return the fields that stand behind “more”."""
        return [self[name] for name in self.fields if name in self.MORE]

    @property
    def more_open(self) -> bool:
        """Whether something behind “more” was typed or is at fault."""
        return any(name in self.errors or (name != "on" and self.data.get(name)) for name in self.MORE)


FLAGS = {
    "student": _("At school or university"),
    "military": _("In military service"),
    "imprisoned": _("Serving a sentence"),
    "receiving_pension": _("Already receiving a pension"),
}


class OnBehalfForm(CaseForm):
    """One person's case of a contribution on behalf."""

    lists = forms.MultipleChoiceField(
        label=_("On which lists are you?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Tick all that apply."),
    )
    insured = forms.ChoiceField(label=_("Where are you insured?"))
    flags = forms.MultipleChoiceField(
        label=_("Does one of these hold?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Leave empty if none."),
    )
    tier = forms.ChoiceField(label=_("Tier you want to pay a year"), required=False)
    field_order = ("birth", "lists", "insured", "flags", "tier", "on")

    def __init__(self, page: OnBehalfPage, tiers_fen: tuple[int, ...], data: Mapping[str, Any]) -> None:
        super().__init__(data)
        law = judge_of(page.id).policy
        lists: Any = self.fields["lists"]
        categories = [(code, said(law.facts[f"identity_{code}"].label)) for code in law.identities]
        lists.choices = [*categories, (UNSURE, _("I do not know"))]
        insured: Any = self.fields["insured"]
        insured.choices = [
            ("here", _("Residents' pension, in this place")),
            *([("city", _("Residents' pension, another county of the city"))] if page.elsewhere else []),
            *([("away", _("Residents' pension, another province"))] if page.elsewhere else []),
            ("none", _("Not insured yet")),
            ("employee", _("Employees' pension")),
        ]
        flags: Any = self.fields["flags"]
        flags.choices = [(name, FLAGS[name]) for name in page.asks]
        tier: Any = self.fields["tier"]
        tier.choices = [("", _("the lowest")), *((str(fen // 100), yuan_short(fen)) for fen in tiers_fen)]


def fields_in_error(form: CaseForm) -> list[tuple[str, list[str]]]:
    """Return every field with its errors, none included, so that a partial answer clears what was put right."""
    return [(name, [str(error) for error in form.errors.get(name, [])]) for name in form.fields]


def suffix_of(field: forms.Field) -> Any:
    """Return what stands behind a field."""
    return field.suffix if isinstance(field, TypedField) else ""
