"""The pages of the form that hold one question each: shown, read, saved, and on to the next."""

from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from zhubao.cases.actions.intake import fill_application
from zhubao.cases.models import Case
from zhubao.people.actions import set_phone
from zhubao.people.selectors import phone_of
from zhubao.web.middleware import CitizenRequest

from .asking import editable, own_case, require_seen, stamp, today
from .forms import FORMS, SectionForm
from .informing import proofs_of
from .sections import after, names_of


@require_http_methods(["GET", "POST"])
@own_case
def page(request: CitizenRequest, case: Case, name: str) -> HttpResponseBase:
    """Show one question of the form, or save its answer and go on: back to the check when it was changed from there."""
    on = today(request)
    if name not in FORMS or name not in names_of(case, on):
        raise Http404
    if request.method == "GET" and not editable(case):
        return redirect("citizen:case", case.number)
    form = FORMS[name](case, case.application, on, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require_seen(request, case)
        if form.is_valid():
            _save(request, case, name, form)
            return redirect(onward(request, name, case))
    context = {
        "case": case,
        "name": name,
        "form": form,
        "proofs": proofs_of(case, on) if name == "hardship" else [],
        "recorded_phone": phone_of(request.person) if name == "contact" else None,
        **stamp(case),
    }
    special = {"declarations": "citizen/declarations.html"}
    return render(request, special.get(name, "citizen/section.html"), context, status=422 if form.errors else 200)


def _save(request: CitizenRequest, case: Case, name: str, form: SectionForm) -> None:
    with transaction.atomic():
        fill_application(case.pk, form.columns(), actor=request.actor, now=request.now)
        if name == "contact":
            set_phone(request.person.pk, form.cleaned_data["phone"], actor=request.actor, now=request.now)


def onward(request: CitizenRequest, name: str, case: Case) -> str:
    """Return where a saved page leads."""
    if request.GET.get("from") == "check":
        return reverse("citizen:check", args=[case.number])
    return after(name, case, today(request))
