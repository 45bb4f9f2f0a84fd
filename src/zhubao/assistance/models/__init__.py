"""Tables of contributions on behalf."""

from .claiming import (
    AssistanceBudget,
    AssistanceClaim,
    AssistanceClaimLine,
    AssistanceClaimStep,
    DisabilitySettlement,
    DisabilitySettlementLine,
)
from .collecting import PlanDifference, PlanDifferenceKind, PlanReceipt, ReceiptKind
from .ledger import CallWay, CloseOut, DifferenceKind, HouseholdCall, LedgerDifference, LedgerMonth, Proof
from .plan import AssistancePlan, PlanLoss, PlanRun, PlanRunKind, PlanRunTotal
from .recovering import Recovery
from .refunding import Refund, RefundPayment, RefundState
from .row import ChangeKind, Channel, PlanChange, PlanRow, PlanStep
from .sponsor import Sponsor, SponsoredPerson, SponsorKind, Sponsorship

__all__ = [
    "AssistanceBudget",
    "AssistanceClaim",
    "AssistanceClaimLine",
    "AssistanceClaimStep",
    "AssistancePlan",
    "CallWay",
    "ChangeKind",
    "Channel",
    "CloseOut",
    "DifferenceKind",
    "DisabilitySettlement",
    "DisabilitySettlementLine",
    "HouseholdCall",
    "LedgerDifference",
    "LedgerMonth",
    "PlanChange",
    "PlanDifference",
    "PlanDifferenceKind",
    "PlanLoss",
    "PlanReceipt",
    "PlanRow",
    "PlanRun",
    "PlanRunKind",
    "PlanRunTotal",
    "PlanStep",
    "Proof",
    "ReceiptKind",
    "Recovery",
    "Refund",
    "RefundPayment",
    "RefundState",
    "Sponsor",
    "SponsorKind",
    "SponsoredPerson",
    "Sponsorship",
]
