"""Listings, who took which step, and the files that told the departments. A loan is never changed by them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import User
from zhubao.access.scopes import RegionQuerySet
from zhubao.loans.models import FraudFinding, Loan
from zhubao.loans.models.beside import BesideRecord, BesideStep

from .course import LISTING, LISTING_KINDS

DEPARTMENTS = ("hrss", "civil_affairs")


class ListingQuerySet(RegionQuerySet["Listing"]):
    """Listings of a scope."""


class Listing(BesideRecord):
    """One person proposed for, on, or removed from the list. `finding` is the fraud it rests on, `evidence` the papers by number.

    `amount_fen` is the money the facts are about. `removal_on` is the day it ends by itself, `removed_on` the day it did.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="listings")
    finding = models.ForeignKey(FraudFinding, models.PROTECT, null=True, related_name="listings")
    evidence = models.CharField(_("evidence"), max_length=300)
    amount_fen = models.BigIntegerField(_("amount"))
    removal_on = models.DateField(_("removal day"), null=True)
    removed_on = models.DateField(_("removed"), null=True)
    removed_because = models.TextField(_("why removed early"), blank=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listing")
        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="listing_state_known", condition=Q(state__in=[state.name for state in LISTING.states])),
            models.CheckConstraint(name="listing_kind_known", condition=Q(kind__in=list(LISTING_KINDS))),
            models.CheckConstraint(name="listing_says_facts", condition=~Q(facts="") & ~Q(evidence="") & Q(amount_fen__gte=0)),
            models.CheckConstraint(name="listing_fraud_is_found", condition=~Q(kind="fraud") | Q(finding__isnull=False)),
            # Facts, notice with its proof, statement period, decision and removal day: without one of them nobody is listed.
            models.CheckConstraint(
                name="listing_after_every_step",
                condition=~Q(state__in=["listed", "removed"])
                | (
                    Q(
                        notified_on__isnull=False,
                        statement_until__isnull=False,
                        decided_on__isnull=False,
                        removal_on__isnull=False,
                        removal_on__gt=models.F("decided_on"),
                    )
                    & ~Q(notice_proof="")
                    & ~Q(decision="")
                ),
            ),
            models.CheckConstraint(name="listing_removed_on", condition=~Q(state="removed") | Q(removed_on__isnull=False)),
            models.UniqueConstraint(
                fields=["loan"], condition=~Q(state__in=["removed", "not_listed"]), name="one_open_listing_of_a_loan"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "state"], name="listing_by_region")]

    @property
    def subject(self) -> str:
        """The name under which audit, tasks and notices speak of it."""
        return f"listing:{self.number}"


class ListingStep(BesideStep):
    """A step of a listing."""

    record = models.ForeignKey(Listing, models.PROTECT, related_name="steps")

    class Meta(BesideStep.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "number"], name="listing_step_number_once"),
            models.UniqueConstraint(fields=["record", "key"], name="listing_step_once"),
        ]


class ListingHandOver(models.Model):
    """A file with who is listed, made for one department; what stood in it follows from the listings of that day."""

    region_code = models.CharField(max_length=12)
    department = models.CharField(_("department"), max_length=16)
    number = models.CharField(_("number"), max_length=40, unique=True)
    as_of = models.DateField(_("as of"))
    rows = models.PositiveIntegerField(_("persons"))
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="hand_over_department_known", condition=Q(department__in=DEPARTMENTS)),
        ]

    def __str__(self) -> str:
        return self.number
