"""What screens read of verifications: always for somebody, never more than their post may see."""

from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from zhubao.access.actors import Actor
from zhubao.lending import Kind
from zhubao.policies.claims import implements
from zhubao.workflow import CITIZEN

from ..models import Loan, LoanEvent, LoanQuerySet, Tranche, VerificationProposal, VerificationRun
from ..models.verification import Finding, ProposalQuerySet, ProposalState
from ..selectors import loans_for
from ..states import WAYS


def runs_for(actor: Actor) -> QuerySet[VerificationRun]:
    """Return the runs of a post's region, the latest year first."""
    return VerificationRun.objects.within(actor).select_related("started_by")


def run_for(actor: Actor, run_id: int) -> VerificationRun:
    """Return one run; raise DoesNotExist, or OutOfScope for another region's."""
    return VerificationRun.objects.select_related("started_by").get_for(actor, pk=run_id)


def proposals_of(
    run: VerificationRun, *, finding: str = "", ground: str = "", certifier: str | None = None, state: str = ""
) -> ProposalQuerySet:
    """Return the findings of a run, narrowed by what is given, in the order they were found."""
    rows = VerificationProposal.objects.filter(run=run).select_related("loan__person", "loan__bank", "identity")
    wanted = {"finding": finding, "ground": ground, "state": state}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows if certifier is None else rows.filter(certifier=certifier)


def proposal_for(actor: Actor, run_id: int, proposal_id: int) -> VerificationProposal:
    """Return one finding of a run; raise as `run_for` does."""
    return proposals_of(run_for(actor, run_id)).get(pk=proposal_id)


def counts_by_ground(run: VerificationRun) -> list[tuple[str, str, int, int]]:
    """Return finding, reason, how many there are and how many of them nobody decided, the largest first."""
    rows = (
        VerificationProposal.objects.filter(run=run)
        .order_by()
        .values_list("finding", "ground", "state")
        .annotate(count=Count("pk"))
    )
    sums: dict[tuple[str, str], list[int]] = {}
    for finding, ground, state, count in rows:
        both = sums.setdefault((finding, ground), [0, 0])
        both[0] += count
        both[1] += count if state == ProposalState.PROPOSED else 0
    order = {finding: at for at, finding in enumerate((Finding.LOSE, Finding.REGAIN, Finding.UNKNOWN, Finding.KEEP))}
    found = [(finding, ground, count, waiting) for (finding, ground), (count, waiting) in sums.items()]
    return sorted(found, key=lambda row: (order[Finding(row[0])], -row[2]))


# Loans whose subsidy a verification looks at, in the states it looks at.
_SUBSIDY_VERIFIED = reduce(
    or_, (Q(policy_id=each, state__in=ways.verified_in) for each, ways in WAYS.items() if ways.verifies == "subsidy")
)


@implements("jx-2.5a", as_="feature")
def overdue(actor: Actor, year: int, on: date) -> LoanQuerySet:
    """Return the subsidised loans in grace whose verification of a year is not decided, by number: none was made, or it waits.

    Looked at are those whose first draw was before the year and that are subsidised on the day.
    """
    decided = VerificationProposal.objects.filter(loan=OuterRef("pk"), year=year).exclude(state=ProposalState.PROPOSED)
    drawn = Tranche.objects.filter(loan=OuterRef("pk"), drawn_on__lt=date(year, 1, 1))
    told = LoanEvent.objects.filter(loan=OuterRef("pk"), day__lte=on)
    annulled = LoanEvent.objects.filter(loan=OuterRef("loan"), kind=Kind.REVERSED, amount=OuterRef("entry"))
    told = told.filter(kind__in=(Kind.CERTIFICATION_LOST, Kind.CERTIFIED)).exclude(Exists(annulled))
    status = told.order_by("-day", "-kind", "-entry").values("kind")[:1]
    loans = loans_for(actor).filter(_SUBSIDY_VERIFIED, pension_month__gt=on, person__died_on=None)
    loans = loans.filter(Exists(drawn)).exclude(Exists(decided)).alias(status=status).filter(status=Kind.CERTIFIED)
    return loans.order_by("number")


def verifications_of(loan: Loan, actor: Actor) -> QuerySet[VerificationProposal]:
    """Return what the yearly verifications found of a loan, the latest year first; a borrower sees what was decided."""
    rows = VerificationProposal.objects.filter(loan=loan).select_related("run", "loan", "identity").order_by("-year")
    return rows.exclude(state=ProposalState.PROPOSED) if actor.role == CITIZEN else rows
