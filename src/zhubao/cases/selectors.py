"""What screens read of cases. A case is only ever got through `case_for`."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from django.db.models import F, Q, QuerySet

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.composed import Composed, Given, ask, keep_rows
from zhubao.access.roles import BANK_ROLES, Role
from zhubao.policies.claims import implements
from zhubao.workflow import CITIZEN, Transition

from .models import Agreement, Attachment, BankOffer, Case, Decision, FamilyMember, Objection, Renewal, Step
from .models.case import CaseQuerySet
from .models.review import DecisionKind
from .states import PROCESSES, process_of
from .stepping import may_take, organisation_of

SEES_NO_CASES = frozenset({Role.AGENCY_ADMINISTRATOR, Role.CERTIFIER, Role.TAX_CLERK, Role.PBOC_SUPERVISOR})


# A case that named no bank waits for the first cooperating one that takes it up.
FREE_TO_TAKE = sorted({start for process in PROCESSES.values() for start in process.transition("bank_assess").start})
_BORROWERS = """
    SELECT number, policy_id, trial, person.name FROM cases_case JOIN people_person AS person ON person.id = person_id
    WHERE number = ANY(%(numbers)s)"""
_ROWS: dict[str, Composed[Any]] = {
    "steps": Composed(
        lambda: Step.objects.filter(case_id=Given("case")).annotate(office=F("post__organisation__name")).order_by("number")
    ),
    "decisions": Composed(lambda: Decision.objects.filter(case_id=Given("case")).order_by("pk")),
    "family": Composed(lambda: FamilyMember.objects.filter(case_id=Given("case")).order_by("pk")),
    "attachments": Composed(lambda: Attachment.objects.filter(case_id=Given("case")).select_related("added_by").order_by("pk")),
    "objections": Composed(lambda: Objection.objects.filter(case_id=Given("case")).order_by("pk")),
}
_OFFER = Composed(lambda: BankOffer.objects.filter(case_id=Given("case"), superseded_at=None).order_by("pk"))


def cases_for(actor: Actor) -> CaseQuerySet:
    """Return the cases a post may see: a citizen's own, a bank's and a committee's own, the region's for the others."""
    if actor.role == CITIZEN:
        return Case.objects.filter(person_id=actor.person_id or 0)
    if actor.role in SEES_NO_CASES:
        return Case.objects.none()
    seen = Case.objects.within(actor)
    if actor.role in BANK_ROLES:
        return seen.filter(Q(bank_id=actor.organisation_id) | Q(bank=None, state__in=FREE_TO_TAKE))
    if actor.role == Role.COMMITTEE_MEMBER:
        return seen.filter(committee_id=actor.organisation_id)
    return seen


def case_for(actor: Actor, number: str) -> Case:
    """Return a case with person, application, agreement and offices read along.

    Raise DoesNotExist for none, and for a citizen anybody else's, OutOfScope for one that is not the post's.
    """
    found = _one_for(actor).first(number=number)
    if found is not None:
        return found
    if actor.role != CITIZEN and Case.objects.filter(number=number).exists():
        raise OutOfScope.of_region(number, actor.scope)
    raise Case.DoesNotExist(number)


@lru_cache(maxsize=512)
def _one_for(actor: Actor) -> Composed[Case]:
    """Return the question for one case as an actor may see it: composed once for each, since what they see hangs on who they are."""
    with_offices = ("person", "application", "agreement", "agency", "committee", "bank")
    return Composed(lambda: cases_for(actor).select_related(*with_offices).filter(number=Given("number")))


def read_rows(case: Case) -> None:
    """Read what a case consists of, a question a table, and keep it at the case: `case.steps.all()` and its like ask no more.

    Steps (each with the name of its post's `office`, None where there was no post), decisions (each with its step), family,
    attachments (each with who added it) and objections, the first first.
    """
    for name, question in _ROWS.items():
        keep_rows(case, name, question.rows(case=case.pk))
    taken = {step.pk: step for step in case.steps.all()}
    for decision in case.decisions.all():
        decision.step = taken[decision.step_id]


def standing_offer(case: Case) -> BankOffer | None:
    """Return the bank's offer that stands; None where it made none or withdrew it."""
    return _OFFER.first(case=case.pk)


def agreement_of(case: Case) -> Agreement | None:
    """Return the agreement of a case; None before both have signed."""
    return case.agreement if hasattr(case, "agreement") else None


def borrowers_of(numbers: Collection[str]) -> list[tuple[str, str, bool, str]]:
    """Return number, programme, whether it is a trial, and the borrower's full name of each of these cases."""
    named: list[tuple[str, str, bool, str]] = ask(_BORROWERS, {"numbers": list(numbers)})
    return named


def steps_open_to(case: Case, actor: Actor) -> list[Transition]:
    """Return the steps this post may take in the case now, in the order of the table."""
    return may_take(case, process_of(case.policy_id).open_to(case.state, actor.role), actor)


def history_of(case: Case) -> QuerySet[Step]:
    """Return the steps taken, the first first."""
    return case.steps.select_related("post__organisation").order_by("number")


@implements("tl-5.1k", as_="feature")
def decided_by_banks(actor: Actor, policy_id: str) -> QuerySet[Decision]:
    """Return what banks decided on the cases a post may see, the newest first: whom they lend to, how much, and why not to others."""
    decided = Decision.objects.filter(case__in=cases_for(actor), case__policy_id=policy_id, kind=DecisionKind.BANK)
    return decided.select_related("case__person", "case__bank").order_by("-pk")


@implements("rg-19b", "rg-20a", as_="feature")
def without_renewal(loan_numbers: Iterable[str], year: int) -> list[str]:
    """Return the loans for whose draw of `year` no renewal was filed, in the order given: after the window they may be suspended,
    which somebody decides. One taken back counts as not filed."""
    wanted = list(loan_numbers)
    filed = Renewal.objects.filter(loan_number__in=wanted, year=year).exclude(state="withdrawn")
    there = set(filed.values_list("loan_number", flat=True))
    return [number for number in wanted if number not in there]


__all__ = [
    "agreement_of",
    "borrowers_of",
    "case_for",
    "cases_for",
    "decided_by_banks",
    "history_of",
    "organisation_of",
    "read_rows",
    "standing_offer",
    "steps_open_to",
    "without_renewal",
]
