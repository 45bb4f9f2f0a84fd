"""Taking a step of a loan: its form, what comes back when somebody was faster, and what comes back when it is refused."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhubao.access import clock
from zhubao.loans.contributing import receipt_key
from zhubao.loans.draws import TRANCHE_MOVES, tranche_starts
from zhubao.loans.models import Loan, LoanStep, Tranche
from zhubao.loans.selectors import history_of
from zhubao.loans.states import process_of
from zhubao.loans.stepping import may_take, require_may
from zhubao.web.attempts import Attempt, told_at
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.workflow import Transition

from .finding import LOAN_ROLES, found_draw, found_loan
from .forms import Asked, LoanForm, LoanStepPage, page_of
from .words import state_said

# What a refusal names → the field it stands at.
FIELD_OF = {
    "E-DRAW-DAY": "day",
    "E-DRAW-CAP": "amount_fen",
    "E-DRAW-AMOUNT": "amount_fen",
    "E-DRAW-MONTHS": "months",
    "E-RECEIPT": "amount_fen",
    "E-RECEIPT-KEY": "receipt",
    "E-REASON": "reason",
    "E-SUBSIDY": "amount_fen",
    "E-FEE": "amount_fen",
    "E-PAYMENT": "amount_fen",
    "E-PAYMENT-DAY": "day",
    "E-PAYMENT-TWICE": "reference",
    "E-QUOTE-EXPIRED": "day",
    "E-INSTALMENT": "instalment_fen",
    "E-DEATH-DAY": "day",
    "E-BALANCE": "account_fen",
    "E-CARD": "number",
    "E-CARD-OTHER-BANK": "bank",
    "E-CARD-REASON": "told",
}


@dataclass(frozen=True)
class Taking:
    """A step somebody asks for: the loan, its draw where the step is about one, the row of the table, the form."""

    request: PostRequest
    loan: Loan
    draw: Tranche | None
    row: Transition
    page: LoanStepPage

    def answer(self) -> HttpResponseBase:
        """Show the form, or take the step and go back to the loan."""
        fault = self._refused()
        return self._ask(fault) if self.request.method == "GET" else self._take()

    def _refused(self) -> str:
        """Return why the actor may not take the step though their post may; OutOfScope goes through."""
        with Attempt() as attempt:
            require_may(self.request.actor, self.loan, self.row)
        if attempt.refusal is None and self._fits() and not may_take(self.loan, self.row, self.request.actor, self.draw):
            return _("You took an earlier step of this draw that must be in other hands: a colleague takes this one.")
        return attempt.fault

    def _fits(self) -> bool:
        if self.loan.state not in self.row.start or not self.page.fits(self.loan):
            return False
        return self.draw is None or self.draw.state in tranche_starts(self.loan.policy_id, self.row.verb)

    def _ask(self, fault: str) -> HttpResponseBase:
        if not self._fits():
            return self._overtaken()
        form = self.page.form(self.loan, self.draw, initial={"seen": self.loan.state, "key": uuid4().hex})
        return self._shown(form, fault=fault)

    def _take(self) -> HttpResponseBase:
        posted = self.request.POST
        form = self.page.form(self.loan, self.draw, posted)
        # A receipt's own number is its key: the same one sent twice is one.
        keys = [posted.get("key", ""), receipt_key(self.draw.pk, posted.get("receipt", "")) if self.draw else ""]
        mine = LoanStep.objects.filter(loan=self.loan, verb=self.row.verb, user_id=self.request.actor.user_id or 0)
        if mine.filter(key__in=filter(None, keys)).exists():
            return self._done()
        if not self._fits():
            return self._overtaken()
        if not form.is_valid():
            return self._shown(form, status=422)
        values = form.cleaned_data
        asked: Asked = {"seen": values["seen"], "key": values["key"], "actor": self.request.actor, "now": clock.now()}
        with told_at(form, lambda error: FIELD_OF.get(error.code)) as attempt:
            self.page.act(self.loan, self.draw, values, asked)
            return self._done()
        return self._overtaken() if attempt.overtaken else self._shown(form, status=422)

    def _shown(self, form: LoanForm, *, fault: str = "", status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "loan": self.loan,
            "draw": self.draw,
            "row": self.row,
            "form": form,
            "fault": fault,
            "state": state_said(self.loan),
        }
        return render(self.request, "loans/step.html", context, status=status)

    def _overtaken(self) -> HttpResponse:
        """Say who was faster, with what, and how the loan stands now; nothing was written."""
        loan = Loan.objects.select_related("person").get(pk=self.loan.pk)
        last = history_of(loan).last()
        did = process_of(loan.policy_id).transition(last.verb).label if last else None
        context = {"loan": loan, "row": self.row, "last": last, "did": did, "state": state_said(loan)}
        return render(self.request, "loans/overtaken.html", context, status=409)

    def _done(self) -> HttpResponseBase:
        loan = Loan.objects.get(pk=self.loan.pk)
        words = _("%(loan)s: “%(step)s” is done. It now stands at “%(state)s”.")
        told = {"loan": loan.number, "step": said(self.row.label), "state": state_said(loan)}
        messages.success(self.request, words % told)
        return redirect(self.page.lands, loan.number)


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*LOAN_ROLES)
def take(request: PostRequest, number: str, verb: str, draw_id: int | None = None) -> HttpResponseBase:
    """Show the form of a step; with POST, take it."""
    loan = found_loan(request.actor, number)
    row = next((row for row in process_of(loan.policy_id).transitions if row.verb == verb), None)
    page = page_of(loan, verb)
    if row is None or page is None or (verb in TRANCHE_MOVES) != (draw_id is not None):
        raise Http404
    draw = found_draw(loan, draw_id) if draw_id is not None else None
    return Taking(request, loan, draw, row, page).answer()
