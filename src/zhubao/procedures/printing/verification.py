"""Papers of the yearly verification, filled from what was found and decided."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.documents.verification import VerificationLetter, VerificationList, VerifiedRow
from zhubao.documents.wording import chinese_date
from zhubao.loans.models import Loan, VerificationProposal, VerificationRun
from zhubao.loans.models.verification import ProposalState
from zhubao.loans.verification.words import (
    GROUNDS,
    REMEDY,
    basis_said,
    category_said,
    finding_label,
    ground_said,
    letter_title,
    outcome_said,
)
from zhubao.people.actions import number_for_print
from zhubao.people.sealing import open_number
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.policies.person import DEPARTMENTS

DECISIONS = {
    ProposalState.PROPOSED: "待决定",
    ProposalState.CONFIRMED: "已确认",
    ProposalState.CHANGED: "另定生效日",
    ProposalState.REJECTED: "不予采纳",
}


def decided_of(loan: Loan) -> QuerySet[VerificationProposal]:
    """Return the decided findings of a loan that changed something, the latest year first."""
    found = VerificationProposal.objects.filter(loan=loan, state__in=(ProposalState.CONFIRMED, ProposalState.CHANGED))
    return found.exclude(effective_on=None).select_related("loan__person", "loan__agency", "run").order_by("-year")


@implements("jx-2.5d", "rg-20a", as_="feature")
def verification_letter(found: VerificationProposal, *, actor: Actor, now: datetime) -> VerificationLetter:
    """Return the letter about a decided finding; the citizen number on it is on record."""
    loan = found.loan
    assert found.effective_on is not None, found
    assert found.decided_at is not None, found
    title = letter_title(found).zh
    return VerificationLetter(
        date=localdate(found.decided_at),
        number=f"{loan.number}-{found.year}",
        title=title,
        borrower=loan.person.name,
        citizen_number=number_for_print(loan.person, title, actor=actor, now=now),
        loan_number=loan.number,
        year=found.year,
        ground=ground_said(found, chinese_date),
        outcome=outcome_said(found, found.effective_on, chinese_date),
        reason=found.reason,
        basis=basis_said(loan.policy_id),
        remedy=REMEDY,
        office=loan.agency.name,
    )


@implements("jx-2.5b", as_="feature")
def verification_list(
    run: VerificationRun, found: Sequence[VerificationProposal], *, certifier: str | None, office: str, now: datetime
) -> VerificationList:
    """Return findings of a run as a list for a department ("" those of no department, None all); the caller notes that it was taken."""
    department = "全部部门" if certifier is None else DEPARTMENTS.get(certifier, "不在任何部门名册的人员")
    programme = judge_of(run.policy_id).policy.title.zh
    return VerificationList(
        date=localdate(now),
        number=f"{run.region_code}-{run.year}-{run.pk}",
        office=office,
        year=run.year,
        below=f"{programme}　{department}　名册截至 {run.as_of}",
        rows=tuple(_row(run, each) for each in found),
    )


def _row(run: VerificationRun, found: VerificationProposal) -> VerifiedRow:
    loan = found.loan
    return VerifiedRow(
        loan.person.name,
        open_number(loan.person),
        loan.number,
        category_said(run.policy_id, found.category) if found.category else "",
        found.ended_on,
        finding_label(run.policy_id, found.finding).zh,
        GROUNDS[found.ground].zh,  # type: ignore[index]
        found.effective_on or found.proposed_on,
        DECISIONS[found.state],  # type: ignore[index]
    )
