"""Check your answers, sign, hand in."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zhubao.cases.actions.intake import fill_application, submit
from zhubao.cases.models import Application, Case
from zhubao.cases.selectors import history_of
from zhubao.cases.states import process_of
from zhubao.cases.stepping import Request
from zhubao.errors import ZhubaoError
from zhubao.policies import judge_of
from zhubao.web.calculator.words import explained, said, yuan_short
from zhubao.web.middleware import CitizenRequest

from .asking import asked, editable, own_case, stamp, today
from .forms import DeclarationsForm, declarations_of, narrowed
from .papers import wanted_for
from .progress import waited_for
from .sections import TITLES, address_of, missing, names_of, outside_window


@dataclass(frozen=True)
class Answer:
    """One question with its answer ("" when it is not answered) and the page where it can be changed."""

    question: Any
    answer: str
    address: str


class SignForm(forms.Form):
    """The name typed by hand stands for the signature; the day is today's."""

    use_required_attribute = False
    name = forms.CharField(
        label=gettext_lazy("Type your full name"),
        max_length=60,
        error_messages={"required": gettext_lazy("Type your full name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, person_name: str, data: Any = None) -> None:
        super().__init__(data)
        self.person_name = person_name

    def clean_name(self) -> str:
        """Return the name; it must be the one on record."""
        typed = narrowed(self.cleaned_data["name"])
        if "".join(typed.split()) != "".join(self.person_name.split()):
            raise ValidationError(_("This is not the name on your record. Type the name as on your identity card."))
        return typed


def answers_of(case: Case, request: CitizenRequest) -> list[Answer]:
    """Return every answer of the form in the order of its pages."""
    on, application = today(request), case.application
    rows = []
    for name in names_of(case, on):
        address = f"{address_of(name, case)}?from=check"
        rows += [Answer(question, answer, address) for question, answer in _answered(name, case, application, on)]
    return rows


def _answered(name: str, case: Case, application: Application, on: Any) -> list[tuple[Any, str]]:
    """Return the questions of one page with their answers; the pages that ask nothing have none."""
    law = judge_of(case.policy_id).policy
    if name == "hardship":
        fact = law.facts.get(f"identity_{application.category}")
        rows: list[tuple[Any, str]] = [(TITLES[name], said(fact.label) if fact else "")]
        return [*rows, (_("Number of the certificate"), application.certificate)] if application.certificate else rows
    if name == "family":
        people = [f"{each.name}（{each.relation}）" for each in case.family.all()]
        return [(TITLES[name], "、".join(people))]
    if name == "papers":
        sent = [said(each.paper.label) for each in wanted_for(case, on) if each.files or each.seen or each.proved_by]
        return [(TITLES[name], "、".join(sent))]
    if name == "declarations":
        given = {column: getattr(application, column) for column in declarations_of(case, on)}
        return [(DeclarationsForm.MEANINGS[column][0], _("yes") if day else "") for column, day in given.items()]
    simple: dict[str, list[tuple[Any, Any]]] = {
        "committee": [(TITLES["committee"], case.committee)],
        "bank": [(TITLES["bank"], application.bank_wanted)],
        "plan": [
            (_("Your contribution a year"), yuan_short(application.tier_fen) if application.tier_fen else ""),
            (_("Years"), application.years_asked),
        ],
        "gaps": [(TITLES["gaps"], application.back_payable_months)],
        "deemed": [(TITLES["deemed"], application.deemed_months_claimed)],
        "children": [(TITLES["children"], "" if application.children is None else str(application.children))],
        "contact": [
            (_("Telephone"), application.phone),
            (_("Where you live"), application.address),
            *([(_("Where you worked before"), application.former_employer)] if application.former_employer else []),
        ],
        "late": [(TITLES["late"], application.late_reason)],
    }
    return [(question, str(answer) if answer else "") for question, answer in simple.get(name, [])]


@require_GET
@own_case
def check(request: CitizenRequest, case: Case) -> HttpResponseBase:
    """Show every answer with a link to change it, and what is still missing."""
    if not editable(case):
        return redirect("citizen:case", case.number)
    on = today(request)
    context = {"case": case, "answers": answers_of(case, request), "missing": missing(case, case.application, on)}
    return render(request, "citizen/check.html", context)


@require_http_methods(["GET", "POST"])
@own_case
def sign(request: CitizenRequest, case: Case) -> HttpResponseBase:
    """Sign by typing the name and hand the application in; the same form sent twice does it once."""
    sent = asked(request) if request.method == "POST" else None
    if sent is not None and history_of(case).filter(key=sent.key, verb="submit").exists():
        return redirect("citizen:done", case.number)
    if request.method == "GET" and not editable(case):
        return redirect("citizen:case", case.number)
    if missing(case, case.application, today(request)) and editable(case):
        return redirect("citizen:check", case.number)
    form = SignForm(case.person.name, request.POST if sent is not None else None)
    if sent is not None and form.is_valid():
        try:
            _hand_in(request, case, sent)
        except ZhubaoError as error:
            if error.code != "E-WINDOW":
                raise
            form.add_error(None, explained(error))
        else:
            return redirect("citizen:done", case.number)
    waits = outside_window(case, today(request)) and case.application.late_allowed_by_id is None
    context = {"case": case, "form": form, "today": today(request), "waits": waits, **stamp(case)}
    return render(request, "citizen/sign.html", context, status=422 if form.errors else 200)


def _hand_in(request: CitizenRequest, case: Case, sent: Request) -> None:
    """Keep the signature and hand in, both or neither."""
    with transaction.atomic():
        signed = {"signed_on": today(request), "signed_how": "electronic"}
        fill_application(case.pk, signed, actor=request.actor, now=request.now)
        submit(case.pk, request=sent, actor=request.actor, now=request.now)


@require_GET
@own_case
def done(request: CitizenRequest, case: Case) -> HttpResponseBase:
    """Say that the application was handed in, its number, and what happens next."""
    if editable(case) or case.filed_on is None:
        return redirect("citizen:case", case.number)
    state = process_of(case.policy_id).state(case.state)
    context = {
        "case": case,
        "state": state,
        "waits": waited_for(case, today(request)),
        "address": reverse("citizen:case", args=[case.number]),
    }
    return render(request, "citizen/done.html", context)
