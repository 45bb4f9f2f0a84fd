"""Claims a post may see, how far work on them is, what banks have not handed in, and the backstop beside the subsidy."""

from datetime import date
from typing import NamedTuple

from django.db.models import F, Func, IntegerField, Min, QuerySet, Sum

from zhubao.access.actors import Actor
from zhubao.access.roles import BANK_ROLES, Role
from zhubao.access.scopes import RegionQuerySet
from zhubao.lending import terms_for
from zhubao.lending.government_days import claim_window
from zhubao.policies.claims import implements

from ..models import ClaimLine, DeathSettlement, Loan, LoanEvent, SubsidyClaim
from ..states import ways_of
from ..states.claim import CLAIM_COURSES

CLAIM_ROLES = frozenset(
    {
        Role.AGENCY_ACCOUNTANT,
        Role.AGENCY_APPROVER,
        Role.BANK_OFFICER,
        Role.BANK_REVIEWER,
        Role.HRSS_SUPERVISOR,
        Role.FINANCE_CLERK,
        Role.AUDITOR,
    }
)
# How many finished years are looked through for claims that did not come.
YEARS_BACK = 3


class Missing(NamedTuple):
    """A finished interest year a bank has not claimed. `due_on`: by when its document asks for it, None where it names no day."""

    bank_id: int
    bank: str
    policy_id: str
    year: int
    ended_on: date
    due_on: date | None


def claims_for(actor: Actor) -> RegionQuerySet[SubsidyClaim]:
    """Return the claims a post may see, the latest year first: its own for a bank, those of the region for the other offices."""
    claims = SubsidyClaim.objects.select_related("bank", "receiver", "envelope").within(actor)
    if actor.user_id is None:
        return claims
    if actor.role not in CLAIM_ROLES:
        return claims.none()
    return claims.filter(bank_id=actor.organisation_id) if actor.role in BANK_ROLES else claims


def claim_for(actor: Actor, number: str) -> SubsidyClaim:
    """Return a claim a post may see; raise DoesNotExist for any other, as if it were not there."""
    return claims_for(actor).get(number=number)


def lines_recomputed(claim: SubsidyClaim) -> int:
    """Return how many lines of the bank's file have been recomputed."""
    size = Func(F("details"), function="cardinality", output_field=IntegerField())
    return ClaimLine.objects.filter(claim=claim).aggregate(count=Sum(size, default=0))["count"] or 0


def loans_booked(claim: SubsidyClaim) -> int:
    """Return in how many loans' books a paid claim stands."""
    loans = ClaimLine.objects.filter(claim=claim, loan__isnull=False).values("loan_id")
    return LoanEvent.objects.filter(loan__in=loans, key=claim.subject).count()


@implements("rg-17", as_="feature")
def missing_claims(actor: Actor, today: date) -> list[Missing]:
    """Return the finished years of banks that drew loans with interest subsidy and handed no claim in, the earliest first."""
    if actor.role not in CLAIM_ROLES:
        return []
    loans = Loan.objects.within(actor).filter(policy_id__in=list(CLAIM_COURSES), tranches__drawn_on__isnull=False)
    if actor.role in BANK_ROLES:
        loans = loans.filter(bank_id=actor.organisation_id)
    begun = loans.order_by().values_list("bank_id", "bank__name", "policy_id").annotate(first=Min("tranches__drawn_on"))
    claimed = set(claims_for(actor).order_by().values_list("bank_id", "policy_id", "year"))
    found = []
    for bank_id, bank, policy_id, first in begun:
        terms = terms_for(policy_id).terms
        for year in range(today.year - YEARS_BACK, today.year + 1):
            ends_on = date.fromordinal(claim_window(terms, year)[1])
            if first < ends_on <= today and (bank_id, policy_id, year) not in claimed:
                # Rugao's statement belongs to the end of the year; the Jiangxi document names no day.
                due_on = date(year, 12, 31) if ways_of(policy_id).claimed_in_year else None
                found.append(Missing(bank_id, bank, policy_id, year, ends_on, due_on))
    return sorted(found, key=lambda each: (each.ended_on, each.bank))


@implements("rg-16", as_="feature")
def backstop_of(claim: SubsidyClaim) -> "QuerySet[DeathSettlement]":
    """Return the deaths of a claim's year and bank whose debt finance takes over: the part of the budget beside the subsidy, Rugao's."""
    deaths = DeathSettlement.objects.select_related("loan__person").order_by("died_on", "loan__number")
    if not ways_of(claim.policy_id).backstop:
        return deaths.none()
    return deaths.filter(
        loan__bank_id=claim.bank_id,
        loan__policy_id=claim.policy_id,
        loan__region_code__startswith=claim.region_code,
        divided_at__isnull=False,
        finance_fen__gt=0,
        died_on__gte=claim.starts_on,
        died_on__lt=claim.ends_on,
    )
