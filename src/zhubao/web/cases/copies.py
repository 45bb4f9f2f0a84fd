"""The copies of the signed form: who got one, who still has to."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.cases.actions.copies import HANDING_OVER, RECIPIENTS, copies_outstanding, hand_over_copy
from zhubao.cases.models import Case
from zhubao.language import Text
from zhubao.web.attempts import told_above
from zhubao.web.calculator.fields import DayField
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import found_case
from .steps.framework import RUGAO

FORM = "rugao-annex1"


class CopyForm(forms.Form):
    """One copy handed over."""

    recipient = forms.ChoiceField(label=gettext_lazy("Copy for"))
    received_by = forms.CharField(label=gettext_lazy("Received by"), max_length=60)
    handed_on = DayField(label=gettext_lazy("Handed over on"), required=False)

    def __init__(self, outstanding: dict[str, Text], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        recipient: Any = self.fields["recipient"]
        recipient.choices = [(name, said(label)) for name, label in outstanding.items()]


def copies_sheet(case: Case, actor: Actor) -> dict[str, Any]:
    """Return the copies handed over, who still has none, and the form for posts that hand them over; nothing before the signature."""
    if case.policy_id != RUGAO or case.state != "agreed":
        return {}
    handed = [(RECIPIENTS[FORM].get(copy.recipient), copy) for copy in case.copies.filter(form=FORM)]
    outstanding = copies_outstanding(case)
    return {
        "handed": handed,
        "outstanding": list(outstanding.values()),
        "form": CopyForm(outstanding, auto_id="copy_%s") if outstanding and actor.role in HANDING_OVER else None,
    }


@require_POST
@for_posts(*HANDING_OVER)
def hand_over(request: PostRequest, number: str) -> HttpResponseBase:
    """Note that a recipient got its copy."""
    case = found_case(request.actor, number)
    form = CopyForm(RECIPIENTS[FORM], request.POST)
    if not form.is_valid():
        messages.error(request, _("Say who got the copy and who received it."))
        return redirect("cases:case", number)
    with told_above(request):
        hand_over_copy(
            case.pk,
            form.cleaned_data["recipient"],
            form.cleaned_data["received_by"],
            handed_on=form.cleaned_data["handed_on"],
            actor=request.actor,
            now=clock.now(),
        )
        messages.success(request, _("Noted."))
    return redirect("cases:case", number)
