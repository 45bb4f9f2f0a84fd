"""Lists of deaths, prisoners, students and soldiers: handing one in, and those that are in."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhubao.access import clock
from zhubao.access.models import Region
from zhubao.procedures.jobs import read_soon
from zhubao.procedures.roster_received import placed
from zhubao.rosters.actions import receive_file
from zhubao.rosters.events import ENTERING_ROLES, enter_events, read_events
from zhubao.rosters.models import EventKind, EventList, Sender
from zhubao.web.attempts import told_at
from zhubao.web.clerk.finding import counties_of
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts


class EventsForm(forms.Form):
    """A list of events from another office."""

    region = forms.ModelChoiceField(Region.objects.none(), label=gettext_lazy("County"), empty_label=None)
    kind = forms.ChoiceField(label=gettext_lazy("What it lists"), choices=EventKind.choices)
    sender = forms.ChoiceField(label=gettext_lazy("From which office"), choices=Sender.choices)
    listed_on = forms.DateField(label=gettext_lazy("As of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    sent = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt,.parquet"}),
        help_text=gettext_lazy(
            "Name, citizen number, and the day: 死亡日期, 收监日期 and 释放日期, 入学日期 and 毕业日期, 入伍日期 and 退役日期."
        ),
    )

    def __init__(self, request: PostRequest, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        region: Any = self.fields["region"]
        region.queryset = Region.objects.filter(code__in=[county.code for county in counties_of(request.actor)])
        region.initial = region.queryset.first()
        self.fields["listed_on"].initial = clock.today()


@require_http_methods(["GET", "POST"])
@for_posts(*ENTERING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """Show the lists of events that are in, and take another in."""
    form = EventsForm(request, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with told_at(form):
            new = _enter(request, form.cleaned_data)
            if new is None:
                messages.info(request, _("This list is in already. Nothing was changed."))
            else:
                words = _(
                    "%(rows)s people are on it, %(known)s of them in the register. Match the lists again to see what follows."
                )
                messages.success(request, words % {"rows": new.rows_count, "known": new.known_count})
            return redirect("department:events")
    lists = EventList.objects.within(request.actor).select_related("file")[:50]
    return render(request, "department/events.html", {"form": form, "lists": lists}, status=422 if form.errors else 200)


def _enter(request: PostRequest, given: dict[str, Any]) -> EventList | None:
    now, sent = clock.now(), given["sent"]
    file, made = receive_file(
        sent.chunks(), name=sent.name or "", region_code=given["region"].code, insured=True, actor=request.actor, now=now
    )
    with tempfile.TemporaryDirectory(prefix="zhubao-") as folder:
        events, rejected = read_events(placed(file, Path(folder)), today=clock.today())
    if made:
        read_soon(file.pk)
    listed_on = given["listed_on"] if isinstance(given["listed_on"], date) else clock.today()
    listing, new = enter_events(
        file, given["kind"], given["sender"], events, listed_on=listed_on, rejected=rejected, actor=request.actor, now=now
    )
    return listing if new else None
