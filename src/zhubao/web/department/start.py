"""The start page of a department: its lists, what is due, what differs, and handing in a new version."""

from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.procedures.jobs import read_version_soon
from zhubao.procedures.roster_entered import certified_in
from zhubao.rosters.actions import too_large
from zhubao.rosters.due import month_of
from zhubao.rosters.lists import differences_for, months_of, versions_for
from zhubao.rosters.versions import HAND_IN_ROLES, hand_in_version
from zhubao.screening.reasons import DEPARTMENTS
from zhubao.web.attempts import told_at
from zhubao.web.clerk.finding import counties_of
from zhubao.web.clerk.uploads import limited
from zhubao.web.clerk.words import explained, said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .words import STANDINGS, TONES, list_said

SHOWN: Final = 20


class HandInForm(forms.Form):
    """A department's list of a category as of a day."""

    certified = forms.ChoiceField(label=gettext_lazy("Which list"))
    listed_on = forms.DateField(
        label=gettext_lazy("As of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The day on which the list is complete. Whoever is not on it loses the category from that day."),
    )
    sent = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt,.parquet"}),
        help_text=gettext_lazy("The whole list, as you keep it: Excel or CSV with name and citizen number."),
        error_messages={"empty": gettext_lazy("The file is empty.")},
    )

    def __init__(self, request: PostRequest, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        counties = counties_of(request.actor)
        choices = [
            (f"{county.code}/{each.category}/{each.certifier}", f"{said(each.label)} · {said(DEPARTMENTS[each.certifier])}")
            for county in counties
            for each in certified_in(county.code, request.actor)
        ]
        field: Any = self.fields["certified"]
        field.choices = choices
        self.fields["listed_on"].initial = clock.today()


@require_GET
@for_posts(*HAND_IN_ROLES)
def home(request: PostRequest) -> HttpResponseBase:
    """Show the department's lists with what is due this month, versions and open differences."""
    return _home(request, HandInForm(request))


def _home(request: PostRequest, form: HandInForm, status: int = 200) -> HttpResponseBase:
    today = clock.today()
    month = month_of(today)
    months = [each for each in months_of(request.actor, month, today) if _mine(request, each.roster.organisation_id)]
    versions = list(versions_for(request.actor).filter(roster__organisation=request.post.organisation_id)[:SHOWN])
    context = {
        "form": form,
        "month": month,
        "months": [(each, list_said(each.roster), *STANDINGS[each.standing]) for each in months],
        "versions": [(each, list_said(each.roster), TONES[each.state]) for each in versions],
        "open": differences_for(request.actor).open().filter(roster__organisation=request.post.organisation_id).count(),
        "overdue": sum(each.standing == "overdue" for each in months),
        "to_certify": sum(each.state in {"draft", "asking"} for each in versions),
        "reading": any(each.state == "received" or (each.state == "certified" and not each.entered_at) for each in versions),
    }
    return render(request, "department/home.html", context, status=status)


def _mine(request: PostRequest, organisation_id: int) -> bool:
    return organisation_id == request.post.organisation_id


@for_posts(*HAND_IN_ROLES)
def _refuse_large(request: PostRequest) -> HttpResponseBase:
    messages.error(request, explained(too_large(_("This file"))))
    return _home(request, HandInForm(request), status=413)


@limited(_refuse_large)
@require_POST
@for_posts(*HAND_IN_ROLES)
def hand_in(request: PostRequest) -> HttpResponseBase:
    """Hand in a version and have it read in the background."""
    form = HandInForm(request, request.POST, request.FILES)
    if not form.is_valid():
        return _home(request, form, status=422)
    county, category, certifier = form.cleaned_data["certified"].split("/")
    sent, listed_on = form.cleaned_data["sent"], form.cleaned_data["listed_on"]
    with told_at(form):
        version, new = hand_in_version(
            sent.chunks(),
            name=sent.name or "",
            category=category,
            certifier=certifier,
            region_code=county,
            listed_on=listed_on if isinstance(listed_on, date) else clock.today(),
            actor=request.actor,
            now=clock.now(),
        )
        if new:
            read_version_soon(version.pk)
            messages.success(request, _("The list is being read. Certify it when you have looked at what changed."))
        else:
            messages.info(request, _("This file was handed in for this list and month already. Nothing was changed."))
        return redirect("department:version", version.pk)
    return _home(request, form, status=422)
