"""After a bank's refusal: asking another cooperating bank (Tongling, where the applicant may do so)."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from zhubao.cases.actions.bank import bank_again
from zhubao.cases.models import Case
from zhubao.cases.selectors import steps_open_to
from zhubao.cases.states import process_of
from zhubao.web.middleware import CitizenRequest

from .asking import asked, own_case, stamp, today
from .forms import BankForm


class OtherBankForm(BankForm):
    """Another bank, and why it is asked."""

    heading = _("Ask another bank")
    intro = _("Choose another bank of this loan. It looks at your application anew.")
    reason = forms.CharField(
        label=_("What do you want to tell the bank?"),
        max_length=500,
        error_messages={"required": _("Write a few words.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def prepare(self) -> None:
        """List the cooperating banks but the one that refused."""
        super().prepare()
        field: Any = self.fields["office"]
        field.choices = [choice for choice in field.choices if choice[0] != str(self.case.bank_id)]
        if not field.choices:
            field.help_text = _("No other bank lends under this programme now. Ask at the agency.")

    @classmethod
    def initial_of(cls, case: Case, application: Any) -> dict[str, Any]:
        """Nothing is chosen beforehand."""
        return {}


@require_http_methods(["GET", "POST"])
@own_case
def other_bank(request: CitizenRequest, case: Case) -> HttpResponseBase:
    """Bring the application to another bank; sent twice it goes there once."""
    if "citizen" not in process_of(case.policy_id).transition("bank_again").posts:
        raise Http404
    if request.method == "GET" and "bank_again" not in {row.verb for row in steps_open_to(case, request.actor)}:
        return redirect("citizen:case", case.number)
    form = OtherBankForm(case, case.application, today(request), request.POST if request.method == "POST" else None)
    sent = asked(request)
    if request.method == "POST" and (case.steps.filter(key=sent.key, verb="bank_again").exists() or form.is_valid()):
        chosen = int(form.cleaned_data["office"]) if form.is_valid() else None
        reason = form.cleaned_data.get("reason", "")
        bank_again(case.pk, bank_id=chosen, reason=reason, request=sent, actor=request.actor, now=request.now)
        return redirect("citizen:case", case.number)
    context = {"case": case, "form": form, "proofs": [], **stamp(case)}
    return render(request, "citizen/section.html", context, status=422 if form.errors else 200)
