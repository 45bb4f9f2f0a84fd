"""Recording a request at the counter: find the person, then say what moves where."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.accounts.transfers.actions import request as ask_for
from zhubao.accounts.transfers.models import Transfer
from zhubao.people.models import Person
from zhubao.people.selectors import SHOWN, insured_records, person_for, search
from zhubao.web.attempts import told_at
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import AskForm


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(Role.AGENCY_INTAKE)
def ask(request: PostRequest) -> HttpResponseBase:
    """Show whom a clerk means, then the form; with POST, record the request."""
    text = request.GET.get("q", "").strip()
    person = _chosen(request)
    form = AskForm(request.POST or None, initial={"key": uuid4().hex}, auto_id="ask_%s") if person else None
    if request.method == "POST" and person is not None and form is not None and form.is_valid():
        values = form.cleaned_data
        with told_at(form):
            made = ask_for(
                person,
                values["kind"],
                values["other_place"],
                clock.today(),
                key=values["key"],
                actor=request.actor,
                now=clock.now(),
            )
            messages.success(request, asked_said(made))
            return redirect("transfers:transfer", made.number)
    context: dict[str, Any] = {
        "text": text,
        "people": list(search(request.actor, text)[:SHOWN]) if text and person is None else [],
        "person": person,
        "records": insured_records(person) if person else [],
        "form": form,
    }
    return render(request, "transfers/ask.html", context, status=422 if form is not None and form.errors else 200)


def asked_said(made: Transfer) -> str:
    """Return number and day of a request in one sentence."""
    day = made.due_on.isoformat() if made.due_on else "—"
    return _("Recorded as %(number)s, to be done by %(day)s.") % {"number": made.number, "day": day}


def _chosen(request: PostRequest) -> Person | None:
    number = request.GET.get("person", "")
    if not number:
        return None
    try:
        return person_for(request.actor, int(number))
    except (ValueError, Person.DoesNotExist) as error:
        raise Http404 from error
