"""What a borrower sees of the yearly verifications: the result, the reason, from which day, and how to object."""

from typing import Any, Final

from django.utils.translation import gettext as _

from zhubao.cases.models import Case
from zhubao.loans.models import VerificationObjection, VerificationProposal
from zhubao.loans.models.verification import Finding, Ground, ProposalState
from zhubao.loans.selectors import loans_for
from zhubao.loans.states import ways_of
from zhubao.loans.verification.selectors import verifications_of
from zhubao.loans.verification.words import GROUNDS, finding_label
from zhubao.web.citizen.panels import PANELS, Panel
from zhubao.web.clerk.words import said
from zhubao.web.middleware import CitizenRequest

from .finding import TONES, department_said

YEARS: Final = 3


def verification_panel(request: CitizenRequest, case: Case) -> Panel | None:
    """Return the decided verifications of the loans of a case; None before the first."""
    rows = [
        _row(found)
        for loan in loans_for(request.actor).filter(case_number=case.number).order_by("pk")
        for found in verifications_of(loan, request.actor)[:YEARS]
    ]
    return Panel("verification/panel.html", {"years": rows}) if rows else None


def _row(found: VerificationProposal) -> dict[str, Any]:
    policy_id, finding = found.loan.policy_id, Finding(found.finding)
    row: dict[str, Any] = {"year": found.year, "number": found.loan.number, "reason": found.reason}
    if found.state == ProposalState.REJECTED:
        return {**row, "label": _("stays as it was"), "tone": "ok"}
    objection = VerificationObjection.objects.filter(proposal=found).first()
    return {
        **row,
        "objection": objection,
        "finding": finding,
        "label": said(finding_label(policy_id, finding)),
        "tone": TONES[finding],
        "ground": said(GROUNDS[Ground(found.ground)]),
        "department": department_said(found.certifier),
        "ended_on": found.ended_on,
        "from_day": found.effective_on,
        "rugao": ways_of(policy_id).verifies == "draws",
        "paper": f"verification-{found.year}" if found.effective_on else "",
    }


PANELS.append(verification_panel)
