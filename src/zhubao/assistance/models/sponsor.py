"""Sponsors: who pays contributions for whom, within which ceiling, and the receipt for it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import User
from zhubao.access.scopes import RegionQuerySet
from zhubao.people.models import Person

from ..states.sponsorship import SPONSORSHIP
from .row import PlanRow


class SponsorKind(models.TextChoices):
    """Who may pay for others: the four the document names."""

    COLLECTIVE = "collective", _("village or other collective")
    ORGANISATION = "organisation", _("social organisation")
    CHARITY = "charity", _("charity")
    PERSON = "person", pgettext_lazy("sponsor", "individual")


class SponsorQuerySet(RegionQuerySet["Sponsor"]):
    """Sponsors of a scope."""


class Sponsor(models.Model):
    """Somebody who pays contributions for others in a county. `code` is the unified social credit code, "" for an individual."""

    region_code = models.CharField(max_length=12)
    kind = models.CharField(_("kind"), max_length=12, choices=SponsorKind.choices)
    name = models.CharField(pgettext_lazy("sponsor", "name"), max_length=80)
    code = models.CharField(_("social credit code"), max_length=18, blank=True)
    contact = models.CharField(_("contact"), max_length=40, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    registered_at = models.DateTimeField()

    objects = SponsorQuerySet.as_manager()

    class Meta:
        verbose_name = _("sponsor")
        ordering: ClassVar = ["region_code", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "name"], name="sponsor_once"),
            models.CheckConstraint(name="sponsor_kind_known", condition=Q(kind__in=SponsorKind.values)),
            models.CheckConstraint(name="sponsor_region_shape", condition=Q(region_code__regex=r"^[0-9]{6}$")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """The name under which audit and postings speak of the sponsor."""
        return f"sponsor:{self.pk}"


class SponsorshipQuerySet(RegionQuerySet["Sponsorship"]):
    """Sponsorships of a scope."""


class Sponsorship(models.Model):
    """One offer of a sponsor for a year: so much for each person, named or of a category, until its receipt. Money in fen.

    `number` names it on papers. `payment_reference` is the bank's number of the payment: the same payment is recorded once.
    """

    region_code = models.CharField(max_length=12)
    sponsor = models.ForeignKey(Sponsor, models.PROTECT, related_name="sponsorships")
    number = models.CharField(_("number"), max_length=30, unique=True)
    policy_id = models.CharField(_("policy"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    category = models.CharField(_("category"), max_length=40, blank=True)
    each_fen = models.BigIntegerField(_("for each person"))
    state = models.CharField(_("state"), max_length=12, default=SPONSORSHIP.first)
    state_since = models.DateTimeField()
    offered_on = models.DateField(_("offered on"))
    key = models.CharField(max_length=80)
    offered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    checked_on = models.DateField(_("checked on"), null=True)
    paid_on = models.DateField(_("paid on"), null=True)
    paid_fen = models.BigIntegerField(_("paid"), default=0)
    payment_reference = models.CharField(_("number of the payment"), max_length=60, blank=True)
    paid_noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_on = models.DateField(_("on the accounts since"), null=True)
    receipt_number = models.CharField(_("receipt"), max_length=40, blank=True)
    receipt_on = models.DateField(_("receipt of"), null=True)

    objects = SponsorshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("sponsorship")
        ordering: ClassVar = ["-year", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sponsor", "key"], name="sponsorship_once"),
            models.UniqueConstraint(
                fields=["region_code", "payment_reference"], condition=~Q(payment_reference=""), name="sponsor_payment_once"
            ),
            models.CheckConstraint(
                name="sponsorship_state_known", condition=Q(state__in=[state.name for state in SPONSORSHIP.states])
            ),
            models.CheckConstraint(name="sponsorship_money", condition=Q(each_fen__gt=0, paid_fen__gte=0)),
            models.CheckConstraint(
                name="sponsorship_paid_with_reference",
                condition=~Q(state__in=("paid", "recorded", "receipted")) | (~Q(payment_reference="") & Q(paid_fen__gt=0)),
            ),
            models.CheckConstraint(name="sponsorship_receipt_numbered", condition=~Q(state="receipted") | ~Q(receipt_number="")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The name under which audit, tasks and postings speak of the sponsorship."""
        return f"sponsorship:{self.number}"


class SponsoredPerson(models.Model):
    """One person of a sponsorship: fee and public part, what others pay, the ceiling that leaves, and why not where it is refused.

    `refused` is the stable code of the refusal, "" where the person is sponsored; `accepted_fen` is then what the sponsor pays.
    """

    sponsorship = models.ForeignKey(Sponsorship, models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    row = models.ForeignKey(PlanRow, models.PROTECT, null=True, related_name="sponsored")
    region_code = models.CharField(max_length=12)
    group = models.CharField(_("group"), max_length=40)
    tier_fen = models.BigIntegerField(_("tier"))
    government_fen = models.BigIntegerField(_("public part"), default=0)
    others_fen = models.BigIntegerField(_("paid by the person or others"), default=0)
    ceiling_fen = models.BigIntegerField(_("ceiling"))
    asked_fen = models.BigIntegerField(_("offered"))
    accepted_fen = models.BigIntegerField(_("accepted"), default=0)
    refused = models.CharField(max_length=24, blank=True)

    objects = models.Manager["SponsoredPerson"]()

    class Meta:
        verbose_name = _("sponsored person")
        ordering: ClassVar = ["sponsorship", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sponsorship", "person"], name="sponsored_person_once"),
            models.CheckConstraint(name="sponsored_within_ceiling", condition=Q(accepted_fen__lte=F("ceiling_fen"))),
            models.CheckConstraint(
                name="sponsored_or_refused",
                condition=(Q(refused="") & Q(accepted_fen=F("asked_fen"))) | (~Q(refused="") & Q(accepted_fen=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sponsorship} {self.person_id}"
