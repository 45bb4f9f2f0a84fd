"""Tables of loans. No workflow here: the steps write, `selectors` reads, `states` says what may follow what."""

from .closing import DeductionOrder, LoanClosing, MonthEndRun
from .deduction import DeductionFollowUp, DeductionInstruction, DeductionReturn, PensionCredit
from .draw import Permit, Receipt, Tranche, TranchePart
from .ending import (
    CardChange,
    DeathCheck,
    DeathPayer,
    DeathSettlement,
    EstateClaim,
    EstatePayment,
    PayoffQuote,
    Prepayment,
    SettlementCertificate,
    TransferRequest,
)
from .loan import Loan, LoanEvent, LoanQuerySet, LoanSigner, LoanStep, TermsSetting

__all__ = [
    "CardChange",
    "DeathCheck",
    "DeathPayer",
    "DeathSettlement",
    "DeductionFollowUp",
    "DeductionInstruction",
    "DeductionOrder",
    "DeductionReturn",
    "EstateClaim",
    "EstatePayment",
    "Loan",
    "LoanClosing",
    "LoanEvent",
    "LoanQuerySet",
    "LoanSigner",
    "LoanStep",
    "MonthEndRun",
    "PayoffQuote",
    "PensionCredit",
    "Permit",
    "Prepayment",
    "Receipt",
    "SettlementCertificate",
    "TermsSetting",
    "Tranche",
    "TranchePart",
    "TransferRequest",
]
