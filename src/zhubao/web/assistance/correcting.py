"""A row whose category on the day of payment was another: what stands and what was found, the desk's decision, tax's repayment."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.assistance.models import Channel, PlanRow
from zhubao.assistance.planning.correcting import WEIGH, Choice, decide_payer, found_at_payment, give_back, to_give_back
from zhubao.assistance.planning.selectors import row_for
from zhubao.tasks.models import Task
from zhubao.web.attempts import told_above
from zhubao.web.calculator.fields import DayField
from zhubao.web.clerk.finding import found
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import category_said, payer_said

CHOICES: list[tuple[Choice, Any]] = [
    ("amount", gettext_lazy("Take category, payer and amount; what was paid too much goes back")),
    ("payer", gettext_lazy("Put category and payer right, the amount stays")),
    ("keep", gettext_lazy("Leave everything as it is")),
]


class DecisionForm(forms.Form):
    """What to take over of what was found, and why."""

    choice = forms.ChoiceField(label=gettext_lazy("How to settle it"), choices=CHOICES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason and paper"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write the reason.")},
    )


class BackForm(forms.Form):
    """When tax gave the money back, and by which voucher."""

    on = DayField(label=gettext_lazy("Paid back on"))
    reference = forms.CharField(label=gettext_lazy("Voucher"), max_length=60)


def shown_for(request: PostRequest, row: PlanRow) -> dict[str, Any]:
    """Return what the page of a row shows of this: `differs` with both sides, `owed_fen`, and the forms open to the post."""
    context: dict[str, Any] = {}
    if Task.objects.open().filter(subject=row.subject, kind=WEIGH).exists():
        told = found_at_payment(row, now=clock.now())
        if told is not None:
            context["differs"] = [
                (
                    _("as it stands"),
                    category_said(row.plan.policy_id, row.category),
                    payer_said(row.payer),
                    row.get_channel_display(),
                    row.on_behalf_fen,
                    row.self_pay_fen,
                ),
                (
                    _("on the day of payment"),
                    category_said(row.plan.policy_id, told.category),
                    payer_said(told.payer),
                    Channel(told.channel).label,
                    told.on_behalf_fen,
                    told.self_pay_fen,
                ),
            ]
            context["too_much_fen"] = told.given_back_fen
        if request.actor.role == Role.AGENCY_REVIEWER:
            context["decision"] = DecisionForm()
    owed = to_give_back(row)
    if owed is not None:
        context["owed_fen"] = owed.tax_fen
        if request.actor.role == Role.TAX_CLERK:
            context["back"] = BackForm(initial={"on": clock.today()})
    return context


@require_POST
@for_posts(Role.AGENCY_REVIEWER)
def decide(request: PostRequest, row_id: int) -> HttpResponseBase:
    """Decide about the payer and the amount of one person."""
    row = found(row_for, request.actor, row_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a decision and write the reason."))
        return redirect("assistance:row", row.pk)
    with told_above(request):
        decide_payer(row.pk, form.cleaned_data["choice"], form.cleaned_data["reason"], actor=request.actor, now=clock.now())
        messages.success(request, _("The decision is kept."))
    return redirect("assistance:row", row.pk)


@require_POST
@for_posts(Role.TAX_CLERK)
def pay_back(request: PostRequest, row_id: int) -> HttpResponseBase:
    """Record that tax gave back what one person paid too much."""
    row = found(row_for, request.actor, row_id)
    form = BackForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the day and the voucher."))
        return redirect("assistance:row", row.pk)
    with told_above(request):
        give_back(row.pk, form.cleaned_data["on"], form.cleaned_data["reference"], actor=request.actor, now=clock.now())
        messages.success(request, _("The repayment is booked."))
    return redirect("assistance:row", row.pk)
