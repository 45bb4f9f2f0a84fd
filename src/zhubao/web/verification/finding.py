"""Who may open these pages, which run and which findings an address asks for, and how they are worded."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import Http404, QueryDict

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.loans.models import VerificationProposal, VerificationRun
from zhubao.loans.models.verification import Finding, Ground, ProposalQuerySet, ProposalState
from zhubao.loans.selectors import loans_for
from zhubao.loans.states import WAYS
from zhubao.loans.verification.deciding import DECIDING_ROLES
from zhubao.loans.verification.running import PROPOSING_ROLES
from zhubao.loans.verification.selectors import proposals_of, run_for
from zhubao.loans.verification.words import GROUNDS, category_label, finding_label
from zhubao.policies import judge_of
from zhubao.screening.reasons import DEPARTMENTS
from zhubao.web.clerk.finding import found
from zhubao.web.clerk.words import said
from zhubao.web.navigation import Label

READING_ROLES: Final = frozenset({*PROPOSING_ROLES, *DECIDING_ROLES, Role.HRSS_SUPERVISOR, Role.FINANCE_CLERK, Role.AUDITOR})
LISTING_ROLES: Final = READING_ROLES - {Role.FINANCE_CLERK, Role.AUDITOR}
"""Who may take a list with citizen numbers away."""
TONES: Final = {Finding.KEEP: "ok", Finding.LOSE: "bad", Finding.REGAIN: "info", Finding.UNKNOWN: "wait"}
STATE_TONES: Final = {
    ProposalState.PROPOSED: "wait",
    ProposalState.CONFIRMED: "ok",
    ProposalState.CHANGED: "info",
    ProposalState.REJECTED: "",
}
NOBODY: Final = "none"
"""The word of an address for findings that rest on no department's roster."""


@dataclass(frozen=True)
class Wanted:
    """The findings an address asks for; `certifier` None is every department, "" is none of them."""

    finding: str = ""
    ground: str = ""
    certifier: str | None = None
    state: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The parts of an address that asks for them."""
        certifier = "" if self.certifier is None else self.certifier or NOBODY
        return {"finding": self.finding, "ground": self.ground, "certifier": certifier, "state": self.state}

    def rows(self, run: VerificationRun) -> ProposalQuerySet:
        """Return the findings of a run that it keeps."""
        return proposals_of(run, finding=self.finding, ground=self.ground, certifier=self.certifier, state=self.state)


def wanted_in(values: QueryDict) -> Wanted:
    """Return what an address or a form asks for; a word that names nothing is passed over."""
    finding, ground, state, certifier = (values.get(name, "") for name in ("finding", "ground", "state", "certifier"))
    return Wanted(
        finding if finding in Finding.values else "",
        ground if ground in Ground.values else "",
        "" if certifier == NOBODY else certifier if certifier in DEPARTMENTS else None,
        state if state in ProposalState.values else "",
    )


def found_run(actor: Actor, run_id: int) -> VerificationRun:
    """Return a run; Http404 for none, OutOfScope for another region's."""
    return found(run_for, actor, run_id)


def found_finding(run: VerificationRun, found_id: int) -> VerificationProposal:
    """Return a finding of a run; Http404 for none."""
    row = proposals_of(run).filter(pk=found_id).first()
    if row is None:
        raise Http404
    return row


def programmes_of(actor: Actor) -> list[tuple[str, Label]]:
    """Return the programmes of the loans in a post's region that have something to verify, each with its title."""
    present = (
        loans_for(actor)
        .filter(policy_id__in=[policy_id for policy_id, ways in WAYS.items() if ways.verifies])
        .order_by("policy_id")
        .values_list("policy_id", flat=True)
        .distinct()
    )
    return [(policy_id, said(judge_of(policy_id).policy.title)) for policy_id in present]


def department_said(certifier: str) -> Label:
    """Return a department in words; "" for none."""
    return said(DEPARTMENTS[certifier]) if certifier in DEPARTMENTS else ""


def shown(row: VerificationProposal, run: VerificationRun) -> dict[str, Any]:
    """Return what a list shows of a finding; the name is masked."""
    return {
        "row": row,
        "loan": row.loan,
        "finding": said(finding_label(run.policy_id, row.finding)),
        "tone": TONES[Finding(row.finding)],
        "ground": said(GROUNDS[Ground(row.ground)]),
        "category": said(category_label(run.policy_id, row.category)) if row.category else "",
        "department": department_said(row.certifier),
        "from_day": row.effective_on or row.proposed_on,
        "state": row.get_state_display(),
        "state_tone": STATE_TONES[ProposalState(row.state)],
    }


def day_in(text: str) -> date | None:
    """Return a day written as 2026-01-31; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
