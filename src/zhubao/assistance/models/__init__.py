"""Tables of contributions on behalf."""

from .ledger import CallWay, CloseOut, DifferenceKind, HouseholdCall, LedgerDifference, LedgerMonth, Proof
from .plan import AssistancePlan, PlanLoss, PlanRun, PlanRunKind, PlanRunTotal
from .row import ChangeKind, Channel, PlanChange, PlanRow, PlanStep
from .sponsor import Sponsor, SponsoredPerson, SponsorKind, Sponsorship

__all__ = [
    "AssistancePlan",
    "CallWay",
    "ChangeKind",
    "Channel",
    "CloseOut",
    "DifferenceKind",
    "HouseholdCall",
    "LedgerDifference",
    "LedgerMonth",
    "PlanChange",
    "PlanLoss",
    "PlanRow",
    "PlanRun",
    "PlanRunKind",
    "PlanRunTotal",
    "PlanStep",
    "Proof",
    "Sponsor",
    "SponsorKind",
    "SponsoredPerson",
    "Sponsorship",
]
