"""Words and tones of loans: states of loans and draws, events, terms."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from zhubao.cases.contract import METHODS
from zhubao.lending import Kind
from zhubao.loans.draws import PAYEES, TRANCHE_STATES
from zhubao.loans.models import Loan, LoanEvent, Tranche
from zhubao.loans.states import process_of
from zhubao.parameters import ParameterBook
from zhubao.parameters.names import declared
from zhubao.programmes.selectors import area_of_region
from zhubao.web.banks.fields import percent
from zhubao.web.calculator.words import yuan_said
from zhubao.web.cases.steps.bank import DAY_COUNTS, SETTLEMENTS
from zhubao.web.clerk.words import said
from zhubao.web.navigation import Label

GOOD: Final = ("contributed", "recorded", "subsidy_matched")
HALTED: Final = ("not_drawn", "suspended")
ENDED: Final = ("withdrawn", "qualification_ended")
DRAW_TONES: Final = {
    "paid_in": "ok",
    "drawn": "wait",
    "unpaid": "bad",
    "released": "info",
    "confirmed": "info",
    "planned": "info",
}
TRANCHE_LABELS: Final = {state.name: state.label for state in TRANCHE_STATES}
RATES: Final = (Kind.RATE_SET, Kind.CEILING_SET)
EVENTS: Final[dict[int, Label]] = {
    Kind.REVERSED: _("annuls an entry"),
    Kind.CEILING_SET: _("highest rate"),
    Kind.RATE_SET: _("rate"),
    Kind.CERTIFIED: _("interest subsidy begins"),
    Kind.CERTIFICATION_LOST: _("interest subsidy ends"),
    Kind.GRACE_ENDED: _("grace period ends"),
    Kind.CONTRIBUTION_UNPAID: _("contribution not paid in"),
    Kind.TRANCHE_PAID: _("draw"),
    Kind.PREPAID: _("repaid early"),
    Kind.PAID_OFF: _("paid off"),
    Kind.MATURED: _("falls due"),
    Kind.DEDUCTION_DUE: _("deduction due"),
    Kind.DEDUCTED: _("deducted"),
    Kind.DIED: _("death"),
    Kind.PENSION_SET: _("monthly pension"),
    Kind.BASIC_PENSION_SET: _("basic pension"),
    Kind.FLOOR_SET: _("what must be left"),
    Kind.AGREED_SET: _("agreed instalment"),
    Kind.TRANSFERRED: _("transferred"),
    Kind.CLAIM_PAID: _("subsidy paid out"),
    Kind.CLAIM_RETURNED: _("subsidy given back"),
    Kind.ESTATE_PAID: _("paid from the estate"),
}


POSTED: Final[dict[str, Label]] = {
    "tranche": _("draw"),
    "accrue_government": _("interest, government"),
    "accrue_borrower": _("interest, borrower"),
    "capitalise": _("unpaid interest joins the principal"),
    "contribution": _("contribution paid in"),
    "contribution_subsidy": _("contribution subsidy"),
    "deduct_interest": _("interest deducted from the pension"),
    "deduct_principal": _("principal deducted from the pension"),
    "deduction_returned": _("deduction after the death, to be returned"),
    "deductions_paid_back": _("deduction after the death, returned"),
    "prepay_interest": _("interest repaid early"),
    "prepay_principal": _("principal repaid early"),
    "maturity_interest": _("interest due at the end of the term"),
    "maturity_principal": _("principal due at the end of the term"),
    "death_account_interest": _("after death: interest paid by the personal account"),
    "death_account_principal": _("after death: principal paid by the personal account"),
    "death_government_interest": _("after death: interest paid by finance"),
    "death_government_principal": _("after death: principal paid by finance"),
    "death_bank_interest": _("after death: interest borne by the bank"),
    "death_bank_principal": _("after death: principal borne by the bank"),
    "death_estate_interest": _("after death: interest becomes the bank's claim"),
    "death_estate_principal": _("after death: principal becomes the bank's claim"),
    "estate_paid": _("paid on the claim after death"),
    "written_off": _("claim written off by the bank"),
    "claim_paid": _("interest subsidy paid out"),
    "claim_returned": _("interest subsidy given back"),
    "fraud_subsidy": _("subsidy to be recovered after fraud"),
    "fraud_refund": _("subsidy recovered after fraud"),
}


def state_said(loan: Loan) -> str:
    """Return the state of a loan in words."""
    return said(process_of(loan.policy_id).state(loan.state).label)


def state_tone(loan: Loan) -> str:
    """Return the tone of a state: in order, waiting, or ended otherwise."""
    if loan.state in ENDED:
        return "bad"
    if loan.state in GOOD:
        return "ok"
    return "wait" if loan.state in (*HALTED, "drawn") else "info"


def draw_said(draw: Tranche) -> str:
    """Return the state of a draw in words."""
    return said(TRANCHE_LABELS[draw.state])


def draw_tone(draw: Tranche) -> str:
    """Return the tone of a draw's state."""
    return DRAW_TONES.get(draw.state, "")


def payee_said(draw: Tranche) -> str:
    """Return where the money of a draw went; "" before it went anywhere."""
    return said(PAYEES[draw.payee]) if draw.payee else ""


# What stands before the colon in the key of an entry that was annulled.
ANNULLED: Final[dict[str, Label]] = {
    "draw": _("draw of the year"),
    "pension": _("pension from"),
    "basic": _("basic pension from"),
}


def event_said(event: LoanEvent) -> tuple[Label, str]:
    """Return what an event is, and its amount or rate in words."""
    value = f"{percent(event.amount)}%" if event.kind in RATES else yuan_said(event.amount) if event.amount else ""
    # An annulment bears the number of the entry it annuls, no amount.
    if event.kind in (Kind.CONTRIBUTION_UNPAID, Kind.REVERSED):
        value = ""
    return EVENTS.get(event.kind, str(event.kind)), value


def source_said(event: LoanEvent, book: ParameterBook) -> str:
    """Return what an event rests on; a published figure by its label, with a remark where nobody has verified it."""
    what, _colon, which = event.source.partition(":")
    if event.kind == Kind.REVERSED and what in ANNULLED:
        return f"{ANNULLED[what]} {which}"
    if event.kind == Kind.GRACE_ENDED and event.source == "pension":
        return str(_("the pension begins"))
    known = declared(event.source) if event.source else None
    if known is None:
        return event.source
    entry = book.latest(known.name, event.day, area_of_region(event.loan.region_code))
    if entry is not None and entry.unverified and entry.value == event.amount:
        return f"{said(known.label)} · {_('unverified')}"
    return said(known.label)


def posted_said(kind: str) -> Label:
    """Return what a posting is about; the bare kind where it has no name."""
    about = kind.partition(".")[0]
    return POSTED.get(about, about)


def method_said(method: str) -> str:
    """Return a way of repaying in words."""
    return said(METHODS[method]) if method in METHODS else method


def day_count_said(code: str) -> str:
    """Return a day count in words."""
    return str(dict(DAY_COUNTS).get(code, code))


def settlement_said(pattern: str) -> str:
    """Return settlement days in words."""
    return str(dict(SETTLEMENTS).get(pattern, pattern))
