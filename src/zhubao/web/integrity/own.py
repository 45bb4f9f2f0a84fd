"""What a citizen sees of a matter about themselves, and where they state their side: large and plain."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhubao.access.uploads import LARGEST_BYTES
from zhubao.errors import ZhubaoError
from zhubao.loans.fraud import actions as fraud
from zhubao.loans.fraud.claiming import open_of
from zhubao.loans.fraud.papers import add_paper
from zhubao.loans.models import FraudFinding
from zhubao.loans.states.fraud import FOUND
from zhubao.oversight.dishonesty import actions as listing
from zhubao.policies.claims import implements
from zhubao.procedures.printing.integrity import papers_of
from zhubao.web.clerk.words import explained, said
from zhubao.web.documents.to_print import ToPrint
from zhubao.web.middleware import CitizenRequest
from zhubao.web.posts import for_citizens

from .finding import Record, found, matter_with
from .record import PAPERS, kept, printed
from .words import kind_said, state_said, state_tone

LONGEST = 2000


class OwnStatement(forms.Form):
    """The person's side, in their own words, with a paper if they have one."""

    use_required_attribute = False
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    text = forms.CharField(
        label=gettext_lazy("What do you want to say about it?"),
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Write what you want to say in a few words.")},
    )
    paper = forms.FileField(
        label=gettext_lazy("A paper that shows it"),
        required=False,
        help_text=gettext_lazy("A photo or a PDF, at most 10 MB. You may leave it out."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )


@implements("jx-4.2b", "tl-4.4", "rg-23c", as_="feature")
@never_cache
@require_http_methods(["GET", "POST"])
@for_citizens
def one(request: CitizenRequest, name: str, number: str) -> HttpResponseBase:
    """Show the notice, what was decided and what is to be paid back; take the statement while its time runs."""
    record = found(request.actor, name, number)
    today = timezone.localdate(request.now)
    may_state = record.state == "notified" and record.statement_until is not None and today <= record.statement_until
    form = OwnStatement(request.POST, request.FILES) if request.method == "POST" else OwnStatement(initial={"key": uuid4().hex})
    if name == "listings":
        del form.fields["paper"]
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                _state(record, form.cleaned_data, request)
        except ZhubaoError as error:
            form.add_error("paper" if error.code.startswith("E-ATTACHMENT") else None, explained(error))
        else:
            messages.success(request, _("Your statement has arrived. It is read before anything is decided."))
            return redirect("integrity:own", name, number)
    agreed = isinstance(record, FraudFinding) and record.state in FOUND
    context: dict[str, Any] = {
        "record": record,
        "finding": isinstance(record, FraudFinding),
        "loan": record.loan,
        "kind": kind_said(record),
        "state": state_said(record),
        "tone": state_tone(record),
        "waiting": said(matter_with(record).process.state(record.state).waiting),
        "may_state": may_state or bool(form.errors),
        "form": form,
        "open": open_of(record, today) if agreed else None,  # type: ignore[arg-type]
        "papers": list(record.papers.all()) if isinstance(record, FraudFinding) else [],
        "to_print": [
            ToPrint(said(PAPERS[name, paper]), reverse("integrity:own-paper", args=[name, number, paper]))
            for paper in papers_of(record, request.actor)
        ],
    }
    return render(request, "integrity/own.html", context, status=422 if form.errors else 200)


def _state(record: Record, values: dict[str, Any], request: CitizenRequest) -> None:
    """Keep paper and words of the person; refused together, for a paper that is none keeps the words from being sent."""
    asked: dict[str, Any] = {"actor": request.actor, "now": request.now}
    if isinstance(record, FraudFinding):
        if values.get("paper"):
            # One byte more than is taken is enough to refuse it.
            add_paper(record.pk, values["paper"].name, values["paper"].read(LARGEST_BYTES + 1), **asked)
        fraud.take_statement(record.pk, values["text"], key=values["key"], **asked)
    else:
        listing.take_statement(record.pk, values["text"], key=values["key"], **asked)


@never_cache
@require_GET
@for_citizens
def paper(request: CitizenRequest, name: str, number: str, paper: str) -> HttpResponseBase:
    """Give the person the notice or the decision about them as PDF."""
    return printed(found(request.actor, name, number), paper, request.actor)


@never_cache
@require_GET
@for_citizens
def look(request: CitizenRequest, number: str, paper_id: int) -> HttpResponseBase:
    """Show the person a paper of the finding about them."""
    record = found(request.actor, "findings", number)
    return kept(record, paper_id, request.actor) if isinstance(record, FraudFinding) else HttpResponse(status=404)
