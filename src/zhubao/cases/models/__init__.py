"""Tables of casework. No workflow here: `actions` writes, `selectors` reads, `states` says what may follow what."""

from .agreement import Agreement, BankOffer, CoBorrower, FormCopy
from .application import Application, Attachment, FamilyMember
from .case import Case, CaseCounter, Step
from .estimate import Estimate
from .review import Decision, NoticeLine, Objection, Proposal, PublicNotice, Renewal, RenewalStep

__all__ = [
    "Agreement",
    "Application",
    "Attachment",
    "BankOffer",
    "Case",
    "CaseCounter",
    "CoBorrower",
    "Decision",
    "Estimate",
    "FamilyMember",
    "FormCopy",
    "NoticeLine",
    "Objection",
    "Proposal",
    "PublicNotice",
    "Renewal",
    "RenewalStep",
    "Step",
]
