"""What the page of a loan says of findings, listings and wrong entries about it, and where to record one."""

from typing import Any

from django.urls import reverse

from zhubao.access.actors import Actor
from zhubao.loans.models import Loan, TakingBack
from zhubao.oversight.dishonesty.course import KINDS_OF
from zhubao.web.loans.correcting import proposed_said

from .finding import MATTERS
from .words import kind_said, state_said, state_tone


def integrity_of(loan: Loan, actor: Actor) -> dict[str, Any]:
    """Return the context of `integrity/on_loan.html`."""
    rows = [
        (each, kind_said(each), state_said(each), state_tone(each), reverse("integrity:one", args=[name, each.number]))
        for name, matter in MATTERS.items()
        for each in matter.seen_by(actor).filter(loan=loan)
    ]
    taken_back = TakingBack.objects.filter(loan=loan).select_related("tranche", "receipt", "event")
    asked = {name: actor.role in matter.openers for name, matter in MATTERS.items()}
    return {
        "rows": rows,
        "new_finding": f"{reverse('integrity:new', args=['findings'])}?loan={loan.number}" if asked["findings"] else "",
        "new_listing": f"{reverse('integrity:new', args=['listings'])}?loan={loan.number}"
        if asked["listings"] and loan.policy_id in KINDS_OF
        else "",
        "taken_back": [(each, proposed_said(each)) for each in taken_back.order_by("-proposed_at")],
    }
