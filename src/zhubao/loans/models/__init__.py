"""Tables of loans. No workflow here: the steps write, `selectors` reads, `states` says what may follow what."""

from .closing import DeductionOrder, LoanClosing, MonthEndRun
from .draw import Permit, Receipt, Tranche, TranchePart
from .loan import Loan, LoanEvent, LoanQuerySet, LoanSigner, LoanStep, TermsSetting

__all__ = [
    "DeductionOrder",
    "Loan",
    "LoanClosing",
    "LoanEvent",
    "LoanQuerySet",
    "LoanSigner",
    "LoanStep",
    "MonthEndRun",
    "Permit",
    "Receipt",
    "TermsSetting",
    "Tranche",
    "TranchePart",
]
