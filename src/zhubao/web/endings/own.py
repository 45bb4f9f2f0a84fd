"""The borrower's own pages: what pays the loan off, the certificate, a new card, a pension relation that is to move."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhubao.cases.models import Case
from zhubao.loans.endings.card import change_card, may_change
from zhubao.loans.endings.early import ask_quote, payoff_on
from zhubao.loans.endings.transfer import owed_now, request_transfer
from zhubao.loans.models import Loan, LoanStep, SettlementCertificate, TransferRequest
from zhubao.loans.replaying import record_of
from zhubao.loans.selectors import loan_for, loans_for
from zhubao.loans.states import process_of
from zhubao.procedures.transfer_checked import drop_request
from zhubao.web.attempts import told_above, told_at
from zhubao.web.citizen.panels import PANELS, Panel
from zhubao.web.documents.to_print import loan_papers_to_print
from zhubao.web.middleware import CitizenRequest
from zhubao.web.posts import for_citizens

from .card_forms import REASONS, banks_near, waiting_change
from .on_loan import cards_of, may_be_quoted, transfers_of
from .quote import PAPER, QuoteForm, quoted_said, quoting
from .transfer import DROPPED, TransferForm, blocked_said

PAPERS = (PAPER, "settlement-certificate")


def own_loan(request: CitizenRequest, number: str) -> Loan:
    """Return the citizen's own loan; anybody else's is not there."""
    try:
        return loan_for(request.actor, number)
    except Loan.DoesNotExist as error:
        raise Http404 from error


@never_cache
@require_GET
@for_citizens
def own(request: CitizenRequest, number: str) -> HttpResponseBase:
    """Show what is owed today, the quotes asked for, the certificate, and what else may be asked for."""
    return _shown(request, own_loan(request, number), QuoteForm())


@require_POST
@for_citizens
def ask(request: CitizenRequest, number: str) -> HttpResponseBase:
    """Reckon what pays the loan off on a day."""
    loan = own_loan(request, number)
    if not may_be_quoted(loan):
        raise Http404
    form = QuoteForm(request.POST)
    if form.is_valid():
        with told_at(form, "day"):
            made = ask_quote(loan.pk, form.cleaned_data["day"], actor=request.actor, now=request.now)
            messages.success(request, quoted_said(made))
            return redirect("endings:own", loan.number)
    return _shown(request, loan, form)


def _shown(request: CitizenRequest, loan: Loan, form: QuoteForm) -> HttpResponseBase:
    context: dict[str, Any] = {
        "loan": loan,
        "certificate": SettlementCertificate.objects.filter(loan=loan).first(),
        "to_print": [
            paper for paper in loan_papers_to_print(loan, request.actor) if any(name in paper.address for name in PAPERS)
        ],
        "may_change_card": may_report_card(loan),
        "may_move": loan.state != "withdrawn",
    }
    if may_be_quoted(loan):
        context |= {"form": form, "today": payoff_on(record_of(loan), localdate(request.now)), **quoting(loan)}
    return render(request, "endings/own.html", context, status=422 if form.errors else 200)


class CardForm(forms.Form):
    """The new card as the borrower has it in hand."""

    use_required_attribute = False
    why = forms.ChoiceField(
        label=gettext_lazy("What happened to the old card?"),
        choices=list(REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what happened.")},
    )
    told = forms.CharField(
        label=gettext_lazy("In a few words"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Only needed with another reason."),
    )
    bank = forms.TypedChoiceField(label=gettext_lazy("Bank of the new card"), coerce=int)
    number = forms.CharField(
        label=gettext_lazy("Account number of the new card"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write the number as it stands on the card.")},
    )

    def __init__(self, loan: Loan, data: Any = None) -> None:
        super().__init__(data, auto_id="card_%s", initial={"bank": loan.bank_id})
        field: Any = self.fields["bank"]
        field.choices = banks_near(loan)


CARD_FIELDS = {"E-CARD": "number", "E-CARD-OTHER-BANK": "bank", "E-CARD-REASON": "told"}


def may_report_card(loan: Loan) -> bool:
    """Tell whether the borrower may report another card account now."""
    return may_change(loan) and loan.state in process_of(loan.policy_id).transition("change_card").start


@never_cache
@require_http_methods(["GET", "POST"])
@for_citizens
def card(request: CitizenRequest, number: str) -> HttpResponseBase:
    """Report a new card; the agency looks at it before it is used. Sent twice it is reported once."""
    loan = own_loan(request, number)
    if not may_report_card(loan):
        raise Http404
    form = CardForm(loan, request.POST if request.method == "POST" else None)
    key = request.POST.get("key", "")[:60]
    if request.method == "POST" and key and LoanStep.objects.filter(loan=loan, verb="change_card", key=key).exists():
        return redirect("endings:own-card", loan.number)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        day = localdate(request.now)
        with told_at(form, lambda error: CARD_FIELDS.get(error.code)):
            change_card(
                loan.pk,
                values["bank"],
                values["number"],
                day,
                values["why"],
                told=values["told"],
                key=key,
                actor=request.actor,
                now=request.now,
            )
            messages.success(request, _("Reported. Until the agency has looked at it, the old account stays in use."))
            return redirect("endings:own-card", loan.number)
    waits = waiting_change(loan)
    context = {"loan": loan, "form": None if waits else form, "cards": cards_of(loan), "key": uuid4().hex}
    return render(request, "endings/own_card.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@for_citizens
def move(request: CitizenRequest, number: str) -> HttpResponseBase:
    """Ask for the pension relation to move, or say that the pension is claimed elsewhere; what is owed comes first."""
    loan = own_loan(request, number)
    if loan.state == "withdrawn":
        raise Http404
    today = localdate(request.now)
    posted = request.POST.copy()
    posted["day"] = today.isoformat()
    form = TransferForm(posted if request.method == "POST" else None)
    form.fields["day"].widget = forms.HiddenInput()
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with told_at(form):
            made = request_transfer(loan.pk, values["kind"], values["to_place"], today, actor=request.actor, now=request.now)
            messages.info(request, blocked_said(made))
            return redirect("endings:own-transfer", loan.number)
    context = {
        "loan": loan,
        "form": form,
        "transfers": transfers_of(loan, today),
        "owed_fen": owed_now(loan, today),
        "drop_view": "endings:own-drop",
    }
    return render(request, "endings/own_transfer.html", context, status=422 if form.errors else 200)


@require_POST
@for_citizens
def drop_move(request: CitizenRequest, number: str, request_id: int) -> HttpResponseBase:
    """Take one's own request back; a refusal is told on the page."""
    loan = own_loan(request, number)
    if not TransferRequest.objects.filter(pk=request_id, loan=loan).exists():
        raise Http404
    with told_above(request):
        drop_request(request_id, actor=request.actor, now=request.now)
        messages.success(request, DROPPED)
    return redirect("endings:own-transfer", loan.number)


def endings_panel(request: CitizenRequest, case: Case) -> Panel | None:
    """Return the way to these pages for the loans of a case; None before anything was paid out."""
    loans = loans_for(request.actor).filter(case_number=case.number, tranches__drawn_on__isnull=False).distinct().order_by("pk")
    rows = [
        {
            "loan": loan,
            "certificate": SettlementCertificate.objects.filter(loan=loan).first(),
            "may_pay": may_be_quoted(loan),
            "may_change_card": may_report_card(loan),
        }
        for loan in loans
    ]
    return Panel("endings/panel.html", {"rows": rows}) if rows else None


PANELS.append(endings_panel)
