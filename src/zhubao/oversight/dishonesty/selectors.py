"""What is read of findings and listings: always for somebody, never more than their post may see; and what points to fraud."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from zhubao.access.actors import Actor
from zhubao.access.roles import AGENCY_ROLES, BANK_ROLES, Role
from zhubao.cases.models import Application
from zhubao.loans.beside import may_take
from zhubao.loans.models import FraudFinding
from zhubao.policies.claims import implements
from zhubao.workflow import CITIZEN, Process, Transition

from .models import Listing

READERS = frozenset(
    {
        Role.AGENCY_INTAKE,
        Role.AGENCY_REVIEWER,
        Role.AGENCY_APPROVER,
        Role.AGENCY_ACCOUNTANT,
        Role.HRSS_SUPERVISOR,
        Role.FINANCE_CLERK,
        Role.BANK_OFFICER,
        Role.AUDITOR,
    }
)
# A bank learns of a finding once it has to recover.
TOLD_TO_THE_BANK = ("recovering", "recovered")


def findings_for(actor: Actor) -> QuerySet[FraudFinding]:
    """Return the findings a post may see, the newest first: a citizen's own, an agency's own, a bank's once recovery has begun."""
    found = FraudFinding.objects.select_related("loan", "person", "agency").order_by("-opened_at", "-pk")
    if actor.role == CITIZEN:
        return found.filter(person_id=actor.person_id or 0).exclude(notified_on=None)
    if actor.user_id is not None and actor.role not in READERS:
        return found.none()
    found = found.filter(region_code__startswith=actor.scope)
    if actor.role in BANK_ROLES:
        return found.filter(loan__bank_id=actor.organisation_id, state__in=TOLD_TO_THE_BANK)
    return found.filter(agency_id=actor.organisation_id) if actor.role in AGENCY_ROLES else found


def listings_for(actor: Actor) -> QuerySet[Listing]:
    """Return the listings a post may see, the newest first; a citizen's own once told of them; no bank sees the list here."""
    found = Listing.objects.select_related("loan", "person", "agency", "finding").order_by("-opened_at", "-pk")
    if actor.role == CITIZEN:
        return found.filter(person_id=actor.person_id or 0).exclude(notified_on=None)
    if actor.user_id is not None and (actor.role not in READERS or actor.role in BANK_ROLES):
        return found.none()
    found = found.filter(region_code__startswith=actor.scope)
    return found.filter(agency_id=actor.organisation_id) if actor.role in AGENCY_ROLES else found


def steps_open_to(process: Process, record: Any, actor: Actor) -> list[Transition]:
    """Return the steps a page may offer an actor for a finding or a listing."""
    return [row for row in process.open_to(record.state, actor.role) if may_take(process, record, row, actor)]


@dataclass(frozen=True)
class SharedCertificate:
    """One certificate number that several people gave, with the numbers of their cases."""

    certificate: str
    cases: tuple[str, ...]


@implements("rg-23b", as_="feature")
def shared_certificates(actor: Actor) -> list[SharedCertificate]:
    """Return the certificate numbers that more than one person of the region gave; withdrawn applications count, they were made."""
    forms = Application.objects.filter(case__region_code__startswith=actor.scope).exclude(certificate="")
    if actor.role in AGENCY_ROLES:
        forms = forms.filter(case__agency_id=actor.organisation_id)
    twice = forms.values("certificate").annotate(people=Count("case__person_id", distinct=True)).filter(people__gt=1)
    numbers = sorted(twice.values_list("certificate", flat=True))
    found: dict[str, list[str]] = {number: [] for number in numbers}
    rows = forms.filter(certificate__in=numbers).order_by("case__number").values_list("certificate", "case__number")
    for certificate, case in rows:
        found[certificate].append(case)
    return [SharedCertificate(certificate, tuple(cases)) for certificate, cases in found.items()]
