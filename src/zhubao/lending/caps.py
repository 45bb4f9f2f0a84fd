"""How much of a month's pension may go to the loan, and how a payment is split."""

from .terms import Terms


def monthly_cap(terms: Terms, pension: int, floor: int = 0, basic: int = 0, agreed: int | None = None) -> int:
    """Return the most that may be deducted for one month, in fen; never below 0.

    `pension`, `floor`, `basic`, `agreed` are fen a month. A share is rounded down to the fen (rg-14.1a); the floor rule leaves
    the dibao standard (jx-3.2c); the basic pension stays outside unless the contract says otherwise (tl-4.2b, tl-4.2c).
    """
    rule = terms.deduction_rule
    if rule == "remaining_at_least":
        cap = pension - floor
    elif rule == "max_share":
        cap = pension * terms.share_percent // 100
    elif rule == "exclude_basic" and terms.basic_pension == "excluded":
        cap = pension - basic
    else:
        cap = pension
    if agreed is not None and agreed < cap:
        cap = agreed
    return cap if cap > 0 and cap >= terms.min_deduction_fen else 0


def allocate(terms: Terms, amount: int, interest_due: int, principal: int) -> tuple[int, int]:
    """Return what of `amount` pays interest and what pays principal; `amount` does not exceed the two together."""
    if terms.allocation == "interest_first":
        to_interest = min(amount, interest_due)
        return to_interest, amount - to_interest
    to_principal = min(amount, principal)
    return amount - to_principal, to_principal
