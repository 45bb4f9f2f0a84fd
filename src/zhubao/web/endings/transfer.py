"""A pension relation that is to move, or a pension claimed elsewhere: asked for, blocked with the sum, released on the certificate."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhubao.access import clock
from zhubao.loans.endings.transfer import ASKING_POSTS, KIND_LABELS, RELEASING_POSTS, owed_now, release_transfer, request_transfer
from zhubao.loans.models import Loan, TransferRequest
from zhubao.procedures.transfer_checked import drop_request
from zhubao.web.attempts import Attempt, told_at
from zhubao.web.calculator.fields import DayField
from zhubao.web.clerk.words import language, said
from zhubao.web.loans.finding import LOAN_ROLES, found_loan
from zhubao.web.loans.words import state_said
from zhubao.web.middleware import PostRequest
from zhubao.web.navigation import Label
from zhubao.web.posts import for_posts
from zhubao.workflow import CITIZEN

from .on_loan import transfers_of

DROPPED = gettext_lazy("Taken back. It may be asked for again at any time.")


class TransferForm(forms.Form):
    """What is to move where."""

    kind = forms.ChoiceField(label=gettext_lazy("What is asked for"), widget=forms.RadioSelect)
    to_place = forms.CharField(label=gettext_lazy("To which place"), max_length=100)
    day = DayField(label=gettext_lazy("Asked on"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{"auto_id": "transfer_%s", **named})
        field: Any = self.fields["kind"]
        field.choices = [(kind, said(label)) for kind, label in KIND_LABELS.items()]
        self.initial.setdefault("kind", next(iter(KIND_LABELS)))
        self.initial.setdefault("day", clock.today())


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*LOAN_ROLES)
def transfer(request: PostRequest, number: str) -> HttpResponseBase:
    """Show the requests of a loan; with POST, record one."""
    loan = found_loan(request.actor, number)
    asks = request.actor.role in ASKING_POSTS and loan.state != "withdrawn"
    form = TransferForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with told_at(form, lambda error: "day" if error.code == "E-PAYMENT-DAY" else None):
            made = request_transfer(
                loan.pk, values["kind"], values["to_place"], values["day"], actor=request.actor, now=clock.now()
            )
            messages.info(request, blocked_said(made))
            return redirect("endings:transfer", loan.number)
    return _shown(request, loan, form if asks else None)


@require_POST
@for_posts(*RELEASING_POSTS)
def release(request: PostRequest, number: str, request_id: int) -> HttpResponseBase:
    """Release a request on the settlement certificate; refused, the page says why."""
    done = _("The pension relation is released: the certificate is noted with it.")
    return _acted(request, number, request_id, release_transfer, done)


@require_POST
@for_posts(*(post for post in ASKING_POSTS if post != CITIZEN))
def drop(request: PostRequest, number: str, request_id: int) -> HttpResponseBase:
    """Take a blocked request back at the borrower's word; refused, the page says why."""
    return _acted(request, number, request_id, drop_request, DROPPED)


def _acted(request: PostRequest, number: str, request_id: int, act: Callable[..., object], done: Label) -> HttpResponseBase:
    """Do something with a request of the loan and say so; one that is not there changes nothing."""
    loan = found_loan(request.actor, number)
    with Attempt() as attempt:
        if TransferRequest.objects.filter(pk=request_id, loan=loan).exists():
            act(request_id, actor=request.actor, now=clock.now())
            messages.success(request, done)
        return redirect("endings:transfer", loan.number)
    return _shown(request, loan, None, fault=attempt.fault)


def blocked_said(made: TransferRequest) -> str:
    """Return what a request meets, in one sentence."""
    why = made.reason_zh if language() == "zh" else made.reason_en
    return _("Recorded. It cannot go ahead yet: %(why)s.") % {"why": why}


def _shown(request: PostRequest, loan: Loan, form: TransferForm | None, *, fault: str = "") -> HttpResponseBase:
    context = {
        "loan": loan,
        "form": form,
        "fault": fault,
        "state": state_said(loan),
        "owed_fen": owed_now(loan, clock.today()),
        "transfers": transfers_of(loan, clock.today()),
        "may_release": request.actor.role in RELEASING_POSTS,
        "drop_view": "endings:drop" if request.actor.role in ASKING_POSTS else "",
    }
    return render(request, "endings/transfer.html", context, status=422 if fault or (form and form.errors) else 200)
