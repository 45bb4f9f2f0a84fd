"""What screens read of loans: always for somebody, never more than their post may see."""

from datetime import date

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import AGENCY_ROLES, BANK_ROLES, Role
from zhubao.workflow import CITIZEN, Transition

from .draws import TRANCHE_MOVES, tranche_starts
from .models import Loan, LoanQuerySet, LoanStep, Tranche
from .states import PROCESSES, process_of
from .stepping import may_take

SEES_NO_LOANS = frozenset({Role.AGENCY_ADMINISTRATOR, Role.CERTIFIER, Role.PBOC_SUPERVISOR})


def loans_for(actor: Actor) -> LoanQuerySet:
    """Return the loans a post may see, newest first: a citizen's own, a bank's own, an agency's own, the region's for the others."""
    loans = Loan.objects.select_related("person", "bank", "agency").order_by("-signed_on", "-pk")
    if actor.role == CITIZEN:
        return loans.filter(person_id=actor.person_id or 0)
    if actor.role in SEES_NO_LOANS:
        return loans.none()
    loans = loans.within(actor)
    if actor.role in BANK_ROLES:
        return loans.filter(bank_id=actor.organisation_id)
    return loans.filter(agency_id=actor.organisation_id) if actor.role in AGENCY_ROLES else loans


def loan_for(actor: Actor, number: str) -> Loan:
    """Return one loan; raise DoesNotExist for none and for a citizen anybody else's, OutOfScope for one that is not the post's."""
    loan = Loan.objects.select_related("person", "bank", "agency", "card_account").get(number=number)
    if actor.role == CITIZEN and loan.person_id != actor.person_id:
        raise Loan.DoesNotExist(number)
    if not loans_for(actor).filter(pk=loan.pk).exists():
        raise OutOfScope.of_region(number, actor.scope)
    return loan


def draws_of(loan: Loan) -> QuerySet[Tranche]:
    """Return the draws of a loan in the order of their years, with the parts of their caps and their receipts."""
    return loan.tranches.prefetch_related("parts", "receipts")


def draw_of(actor: Actor, number: str, year: int) -> Tranche:
    """Return the latest draw of a loan for a year, as a file line names it; raise DoesNotExist, OutOfScope as `loan_for` does."""
    found = loan_for(actor, number).tranches.filter(year=year).order_by("sequence").last()
    if found is None:
        raise Tranche.DoesNotExist(f"{number} {year}")
    return found


def history_of(loan: Loan) -> QuerySet[LoanStep]:
    """Return the steps of a loan in order, with posts and draws."""
    return loan.steps.select_related("post__organisation", "tranche").order_by("number")


def steps_open_to(loan: Loan, actor: Actor, tranche: Tranche | None = None) -> list[Transition]:
    """Return the steps a page may offer an actor: post, office, state of loan and draw fit, and no earlier step stands in the way."""
    rows = []
    for row in process_of(loan.policy_id).open_to(loan.state, actor.role):
        about_draw = row.verb in TRANCHE_MOVES
        if about_draw != (tranche is not None):
            continue
        if tranche is not None and tranche.state not in tranche_starts(loan.policy_id, row.verb):
            continue
        if may_take(loan, row, actor, tranche):
            rows.append(row)
    return rows


def waiting_draws(actor: Actor) -> QuerySet[Tranche]:
    """Return the draws that wait for a step of the actor's post, the oldest state first."""
    wanted = Q(pk__in=[])
    for policy_id, process in PROCESSES.items():
        for row in process.transitions:
            if not row.waits or actor.role not in row.posts or row.verb not in TRANCHE_MOVES:
                continue
            fits = Q(loan__policy_id=policy_id, loan__state__in=row.start, state__in=tranche_starts(policy_id, row.verb))
            wanted |= fits & Q(subsidy_fen=None) if row.verb == "match_subsidy" else fits
    seen = Tranche.objects.filter(wanted, loan__in=loans_for(actor).order_by())
    return seen.select_related("loan__person", "loan__bank").order_by("loan__state_since", "pk")


def to_be_planned(actor: Actor, year: int) -> LoanQuerySet:
    """Return the yearly loans of an actor's office that have no draw for a year yet and could have one, by number.

    A Rugao loan is among them with a permit for the year, or before its first draw.
    """
    wanted = Q(pk__in=[])
    for policy_id, process in PROCESSES.items():
        row = process.transition("plan_year")
        wanted |= Q(policy_id=policy_id, state__in=row.start)
    loans = loans_for(actor).filter(wanted, back_payment=False, pension_month__gt=date(year, 1, 1))
    done = Tranche.objects.filter(year=year).exclude(state="cancelled").values("loan_id")
    loans = loans.exclude(pk__in=done).exclude(Q(state="renewal") & ~Q(permits__year=year))
    return loans.order_by("number")


def released_draws(actor: Actor, *, not_in_a_file: bool = True) -> QuerySet[Tranche]:
    """Return the draws released to a bank and not yet paid out, those of no file yet by default, by loan number."""
    draws = Tranche.objects.filter(loan__in=loans_for(actor).order_by(), state__in=("released", "confirmed"))
    if not_in_a_file:
        draws = draws.filter(requested_in="")
    return draws.select_related("loan__person", "loan__bank").order_by("loan__number")


def overdue_contributions(actor: Actor, on: date) -> QuerySet[Tranche]:
    """Return the draws whose contribution was due before a day and has not arrived, the oldest first."""
    draws = Tranche.objects.filter(loan__in=loans_for(actor).order_by(), state="drawn", pay_by__lt=on)
    return draws.select_related("loan__person", "loan__bank").order_by("pay_by", "pk")


def incomplete_contributions(actor: Actor) -> QuerySet[Tranche]:
    """Return the draws of which a part has arrived, with `received_fen`, what of them arrived, and `missing_fen`."""
    draws = Tranche.objects.filter(loan__in=loans_for(actor).order_by(), state="drawn")
    draws = draws.annotate(received_fen=Coalesce(Sum("receipts__amount_fen", filter=Q(receipts__taken_back_at=None)), 0)).filter(
        received_fen__gt=0
    )
    return draws.annotate(missing_fen=F("amount_fen") - F("received_fen")).select_related("loan__person").order_by("pk")
