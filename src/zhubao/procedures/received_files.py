"""Files that came in and are applied in the background: which procedure works through which kind."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from zhubao.exchange.actions import Receipt
from zhubao.exchange.models import Envelope

Apply = Callable[..., Envelope]


def apply_soon_unless_refused(receipt: Receipt) -> Receipt:
    """Have a received file applied once the present transaction stands, and return its receipt; a refused one waits for nobody."""
    if not receipt.refused:
        from .jobs import apply_envelope_soon

        transaction.on_commit(lambda: apply_envelope_soon(receipt.envelope.pk))
    return receipt


def apply_envelope(envelope_id: int, *, clock: Callable[[], datetime]) -> Envelope:
    """Work through a received file by its kind; one of a kind that moves nothing is left as it is. Safe to repeat."""
    from .claim_received import KIND as CLAIMS
    from .claim_received import check_received
    from .contribution_received import KIND as CONTRIBUTIONS
    from .contribution_received import apply_contributions
    from .deduction_returned import KIND as DEDUCTIONS
    from .deduction_returned import apply_deduction_return
    from .draw_paid import KIND as DRAWS
    from .draw_paid import apply_draw_return
    from .pension_credited import KIND as CREDITS
    from .pension_credited import apply_pension_credits
    from .plan_files import APPLY as PLAN_FILES

    by_kind: dict[str, Apply] = {
        DRAWS: apply_draw_return,
        CONTRIBUTIONS: apply_contributions,
        CREDITS: apply_pension_credits,
        DEDUCTIONS: apply_deduction_return,
        CLAIMS: check_received,
        **PLAN_FILES,
    }
    envelope = Envelope.objects.get(pk=envelope_id)
    apply = by_kind.get(envelope.kind)
    return apply(envelope_id, clock=clock) if apply else envelope
