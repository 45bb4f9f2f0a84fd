"""What the page of a loan shows of its end: quotes, early payments, the certificate, a death, transfers, changes of the card."""

from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhubao.access.actors import Actor
from zhubao.loans.endings.card import REASON_LABELS
from zhubao.loans.endings.certificates import CERTIFYING_POSTS, SETTLED
from zhubao.loans.endings.early import ASKING_POSTS
from zhubao.loans.endings.transfer import ASKING_POSTS as TRANSFER_POSTS
from zhubao.loans.endings.transfer import KIND_LABELS, owed_now, why_blocked
from zhubao.loans.models import (
    CardChange,
    DeathSettlement,
    Loan,
    PayoffQuote,
    Prepayment,
    SettlementCertificate,
    TransferRequest,
)
from zhubao.loans.states import process_of
from zhubao.web.clerk.words import said
from zhubao.web.navigation import Label

from .early_forms import CHOICES

LISTED: Final = 5
ALL: Label = _("all of the debt")
PAYMENT_STATES: Final[dict[str, tuple[Label, str]]] = {
    "reported": (_("money to be confirmed"), "wait"),
    "confirmed": (_("confirmed"), "ok"),
    "dropped": (_("money never came"), "bad"),
}
CARD_STATES: Final[dict[str, tuple[Label, str]]] = {
    "pending": (_("decision pending"), "wait"),
    "applied": (_("account in use"), "ok"),
    "refused": (_("change refused"), "bad"),
}


def may_be_quoted(loan: Loan) -> bool:
    """Tell whether a loan has a debt that may be paid early."""
    return loan.state in process_of(loan.policy_id).transition("pay_early").start


def endings_of(loan: Loan, actor: Actor, today: date) -> dict[str, Any]:
    """Return the context of `endings/on_loan.html`."""
    transfers = transfers_of(loan, today)
    certificate = SettlementCertificate.objects.filter(loan=loan).first()
    return {
        "quotes": quotes_of(loan, today),
        "payments": payments_of(loan),
        "certificate": certificate,
        "may_certify": certificate is None and loan.state == SETTLED and actor.role in CERTIFYING_POSTS,
        "death": DeathSettlement.objects.filter(loan=loan).first(),
        "transfers": transfers,
        "cards": cards_of(loan),
        "quote_address": reverse("endings:quote", args=[loan.number])
        if actor.role in ASKING_POSTS and may_be_quoted(loan)
        else "",
        "transfer_address": reverse("endings:transfer", args=[loan.number])
        if transfers or (actor.role in TRANSFER_POSTS and loan.state != "withdrawn")
        else "",
    }


def quotes_of(loan: Loan, today: date) -> list[tuple[PayoffQuote, Label, str]]:
    """Return the last quotes of a loan with how they stand: used, of use on their day, over."""
    return [(quote, *_stands(quote, today)) for quote in PayoffQuote.objects.filter(loan=loan)[:LISTED]]


def _stands(quote: PayoffQuote, today: date) -> tuple[Label, str]:
    if quote.used_at is not None:
        return _("quote used"), ""
    if quote.valid_on < today:
        return _("its day is over"), ""
    return _("valid that day only"), "info"


def payments_of(loan: Loan) -> list[tuple[Prepayment, Label, Label, str]]:
    """Return the early payments of a loan: what each pays, its state, the tone."""
    rows = Prepayment.objects.filter(loan=loan).order_by("-pk")
    return [(each, CHOICES[each.choice] if each.choice else ALL, *PAYMENT_STATES[each.state]) for each in rows]


def transfers_of(loan: Loan, today: date) -> list[tuple[TransferRequest, str, str]]:
    """Return the requests of a transfer: what was asked, and what stands in the way today ("" once released or taken back)."""
    rows = list(TransferRequest.objects.filter(loan=loan).select_related("certificate"))
    if not rows:
        return []
    why = said(why_blocked(loan, owed_now(loan, today)))
    return [(each, said(KIND_LABELS[each.kind]), why if each.state == "blocked" else "") for each in rows]


def cards_of(loan: Loan) -> list[tuple[CardChange, str, Label, str]]:
    """Return the changes of the card account: why, how it stands, the tone."""
    rows = CardChange.objects.filter(loan=loan)
    return [(each, f"{said(REASON_LABELS[each.reason])} {each.told}".strip(), *CARD_STATES[each.state]) for each in rows]
