"""Tables of loans. No workflow here: the steps write, `selectors` reads, `states` says what may follow what."""

from .claim import ClaimDetail, ClaimLine, ClaimStep, SubsidyClaim
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
from .fraud import FraudFinding, FraudPaper, FraudRecovery, FraudStep
from .loan import Loan, LoanEvent, LoanQuerySet, LoanSigner, LoanStep, TermsSetting
from .standing import LoanStanding
from .statement import Statement, StatementRun
from .taking_back import TakingBack
from .verification import (
    VerificationCertifier,
    VerificationObjection,
    VerificationProposal,
    VerificationRoster,
    VerificationRun,
)

__all__ = [
    "CardChange",
    "ClaimDetail",
    "ClaimLine",
    "ClaimStep",
    "DeathCheck",
    "DeathPayer",
    "DeathSettlement",
    "DeductionFollowUp",
    "DeductionInstruction",
    "DeductionOrder",
    "DeductionReturn",
    "EstateClaim",
    "EstatePayment",
    "FraudFinding",
    "FraudPaper",
    "FraudRecovery",
    "FraudStep",
    "Loan",
    "LoanClosing",
    "LoanEvent",
    "LoanQuerySet",
    "LoanSigner",
    "LoanStanding",
    "LoanStep",
    "MonthEndRun",
    "PayoffQuote",
    "PensionCredit",
    "Permit",
    "Prepayment",
    "Receipt",
    "SettlementCertificate",
    "Statement",
    "StatementRun",
    "SubsidyClaim",
    "TakingBack",
    "TermsSetting",
    "Tranche",
    "TranchePart",
    "TransferRequest",
    "VerificationCertifier",
    "VerificationObjection",
    "VerificationProposal",
    "VerificationRoster",
    "VerificationRun",
]
