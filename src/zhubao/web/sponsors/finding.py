"""Who may open the pages of sponsors, and what they find."""

from typing import Final

from django.db.models import Count, Q, Sum
from django.http import Http404

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.assistance.models import Sponsor, Sponsorship
from zhubao.assistance.models.sponsor import SponsorQuerySet, SponsorshipQuerySet

ENTERING_ROLES: Final = (Role.AGENCY_INTAKE, Role.AGENCY_REVIEWER)
READING_ROLES: Final = frozenset(
    {*ENTERING_ROLES, Role.AGENCY_APPROVER, Role.AGENCY_ACCOUNTANT, Role.TAX_CLERK, Role.HRSS_SUPERVISOR, Role.AUDITOR}
)
TONES: Final = {"checked": "wait", "paid": "wait", "recorded": "info", "receipted": "ok", "refused": "bad"}


def sponsors_for(actor: Actor) -> SponsorQuerySet:
    """Return the sponsors of the post's counties with what each has paid and how many people for."""
    paid = Q(sponsorships__state__in=("paid", "recorded", "receipted"))
    return (
        Sponsor.objects.within(actor)
        .annotate(offers=Count("sponsorships"), fen=Sum("sponsorships__paid_fen", filter=paid, default=0))
        .order_by("region_code", "name")
    )


def sponsor_for(actor: Actor, sponsor_id: int) -> Sponsor:
    """Return a sponsor; Http404 for none, OutOfScope for another county."""
    try:
        return Sponsor.objects.get_for(actor, pk=sponsor_id)
    except Sponsor.DoesNotExist as error:
        raise Http404 from error


def sponsorships_of(sponsor: Sponsor) -> SponsorshipQuerySet:
    """Return a sponsor's own ledger, the latest first, with people asked for, people accepted and what they come to."""
    accepted = Q(people__refused="")
    found = sponsor.sponsorships.annotate(
        asked=Count("people"), taken=Count("people", filter=accepted), fen=Sum("people__accepted_fen", default=0)
    )
    return found.order_by("-year", "-pk")


def sponsorship_for(actor: Actor, number: str) -> Sponsorship:
    """Return a sponsorship by its number; Http404 for none, OutOfScope for another county."""
    try:
        return Sponsorship.objects.select_related("sponsor").get_for(actor, number=number)
    except Sponsorship.DoesNotExist as error:
        raise Http404 from error
