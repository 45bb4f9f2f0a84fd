"""The people the applicant lives with (Rugao form): a table of as many rows as there are people."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from zhubao.cases.actions.intake import list_family
from zhubao.cases.models import Case
from zhubao.people.selectors import household_of, members_of
from zhubao.web.calculator.fields import DayField
from zhubao.web.middleware import CitizenRequest

from .asking import editable, own_case, require_seen, stamp, today
from .forms import narrowed
from .saving import onward
from .sections import names_of

MOST_MEMBERS = 12
OLDEST = 120
YES_NO = (("", _("not sure")), ("yes", _("yes")), ("no", _("no")))
FLAGS = {"yes": True, "no": False, "": None}


class MemberForm(forms.Form):
    """One person of the household."""

    use_required_attribute = False
    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        error_messages={"required": _("Write the name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    relation = forms.CharField(
        label=_("Who this is to you"),
        max_length=20,
        error_messages={"required": _("Write who this is to you.")},
        help_text=_("For example husband, daughter, mother."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    born = DayField(label=_("Born on"), required=False)
    employer = forms.CharField(
        label=_("Works at"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    able = forms.ChoiceField(label=_("Of working age and able to work?"), choices=YES_NO, required=False)
    employed = forms.ChoiceField(label=_("In work now?"), choices=YES_NO, required=False)

    def __init__(self, *arguments: Any, on: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.on = on

    def clean_name(self) -> str:
        """Return the name; signs that belong to no name are refused."""
        name = narrowed(self.cleaned_data["name"])
        if any(sign in '<>&"{}[]=/\\' or sign.isdigit() for sign in name):
            raise ValidationError(_("A name has no such signs; write it as on the identity card."))
        return name

    def clean_born(self) -> date | None:
        """Return the day of birth; one that lies ahead or too far back is refused."""
        born: date | None = self.cleaned_data["born"]
        if born is not None and born > self.on:
            raise ValidationError(_("This day lies ahead. Write the day of birth."))
        if born is not None and born.year < self.on.year - OLDEST:
            raise ValidationError(_("That is more than 120 years ago; check the year."))
        return born

    def columns(self) -> dict[str, Any]:
        """Return the columns of a family member."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "relation": narrowed(given["relation"]),
            "born": given["born"],
            "employer": narrowed(given["employer"]),
            "able": FLAGS[given["able"]],
            "employed": FLAGS[given["employed"]],
        }


class Members(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows; an empty one counts for nobody, and nobody stands twice."""

    def clean(self) -> None:
        """Refuse the same person twice."""
        seen = set()
        for form in self.forms:
            person = (form.cleaned_data.get("name"), form.cleaned_data.get("relation")) if form.is_valid() else (None, None)
            if person[0] and person in seen:
                form.add_error("name", _("This person stands here twice."))
            seen.add(person)


MemberFormSet = forms.formset_factory(
    MemberForm, formset=Members, extra=1, max_num=MOST_MEMBERS, validate_max=True, can_delete=True
)


@require_http_methods(["GET", "POST"])
@own_case
def family(request: CitizenRequest, case: Case) -> HttpResponseBase:
    """Show and save the household; one more empty row comes with the button for it, with what was typed kept."""
    on = today(request)
    if "family" not in names_of(case, on) or (request.method == "GET" and not editable(case)):
        return redirect("citizen:case", case.number)
    if request.method == "GET":
        rows = MemberFormSet(initial=_standing(case), form_kwargs={"on": on})
    else:
        require_seen(request, case)
        data = request.POST.copy()
        if "more" in request.POST:
            total = data.get("form-TOTAL_FORMS", "")
            data["form-TOTAL_FORMS"] = str(min(int(total) + 1, MOST_MEMBERS)) if total.isdecimal() and len(total) < 4 else "1"
        rows = MemberFormSet(data, form_kwargs={"on": on})
        if "more" not in request.POST and rows.is_valid():
            members = [
                form.columns()
                for form in rows.forms
                if form.has_changed() and form.cleaned_data and not form.cleaned_data.get("DELETE")
            ]
            list_family(case.pk, members, actor=request.actor, now=request.now)
            return redirect(onward(request, "family", case))
    faulty = request.method == "POST" and "more" not in request.POST
    context = {"case": case, "rows": rows, "most": MOST_MEMBERS, "quiet": not faulty, **stamp(case)}
    return render(request, "citizen/family.html", context, status=422 if faulty else 200)


def _standing(case: Case) -> list[dict[str, Any]]:
    """Return the household as listed; before that as the household register knows it, without the applicant."""
    said = {True: "yes", False: "no", None: ""}
    listed: list[Any] = list(case.family.all())
    if not listed and (household := household_of(case.person)) is not None:
        listed = [member for member in members_of(household) if member.person_id != case.person_id]
    return [
        {
            "name": each.name,
            "relation": each.relation,
            "born": each.born,
            "employer": each.employer,
            "able": said[each.able],
            "employed": said[each.employed],
        }
        for each in listed
    ]
