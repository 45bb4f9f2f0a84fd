"""Findings that a loan or its subsidy was obtained or used falsely, and what was recovered. Money in fen."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation, Post, User
from zhubao.access.scopes import RegionQuerySet

from ..states.fraud import FRAUD, FRAUD_KINDS
from .beside import BesideRecord, BesideStep
from .loan import Loan


class FindingQuerySet(RegionQuerySet["FraudFinding"]):
    """Findings of a scope."""


class FraudFinding(BesideRecord):
    """One finding about one loan. The three amounts are what was claimed on the day finance agreed; None before.

    `principal_fen` and `interest_fen` are owed to the bank, `subsidy_fen` is the subsidy finance had paid by then. What is still open
    is never kept: the loan's own replay and the recoveries say it. `subsidy_ended_on`: first day without a subsidy, None where the
    programme or the loan has none. `referred_to`: the authority the case was handed on to.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="findings")
    subsidy_ended_on = models.DateField(_("subsidy ended"), null=True)
    principal_fen = models.BigIntegerField(_("principal"), null=True)
    interest_fen = models.BigIntegerField(_("interest"), null=True)
    subsidy_fen = models.BigIntegerField(_("subsidy"), null=True)
    referred_to = models.CharField(_("handed on to"), max_length=120, blank=True)
    finance = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("finance"))

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="finding_state_known", condition=Q(state__in=[state.name for state in FRAUD.states])),
            models.CheckConstraint(name="finding_kind_known", condition=Q(kind__in=list(FRAUD_KINDS))),
            models.CheckConstraint(name="finding_says_facts", condition=~Q(facts="")),
            models.CheckConstraint(
                name="finding_claim_not_negative",
                condition=Q(principal_fen=None, interest_fen=None, subsidy_fen=None)
                | Q(principal_fen__gte=0, interest_fen__gte=0, subsidy_fen__gte=0),
            ),
            # Nobody is found against unheard, whatever a program does.
            models.CheckConstraint(
                name="finding_heard_first",
                condition=~Q(state__in=["agency_decided", "recovering", "recovered"])
                | (Q(notified_on__isnull=False, decided_on__isnull=False) & ~Q(notice_proof="") & ~Q(decision="")),
            ),
            models.UniqueConstraint(
                fields=["loan"], condition=~Q(state__in=["recovered", "dropped"]), name="one_open_finding_of_a_loan"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "state"], name="finding_by_region")]

    @property
    def subject(self) -> str:
        """The name under which audit, tasks, notices and postings speak of it."""
        return f"fraud:{self.number}"


class FraudStep(BesideStep):
    """A step of a finding."""

    record = models.ForeignKey(FraudFinding, models.PROTECT, related_name="steps")

    class Meta(BesideStep.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "number"], name="fraud_step_number_once"),
            models.UniqueConstraint(fields=["record", "key"], name="fraud_step_once"),
        ]


class FraudPaper(models.Model):
    """A scanned paper of a finding: evidence, the proof of delivery, or what the person handed in."""

    record = models.ForeignKey(FraudFinding, models.PROTECT, related_name="papers")
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=160)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["record", "sha256"], name="fraud_paper_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the bytes are kept."""
        return Path(settings.MEDIA_ROOT) / self.stored_as


class FraudRecovery(models.Model):
    """Money that came back: to the bank for principal and interest, or to finance for the subsidy. Added, never changed."""

    record = models.ForeignKey(FraudFinding, models.PROTECT, related_name="recoveries")
    payee = models.CharField(_("paid to"), max_length=10)
    receipt = models.CharField(_("receipt number"), max_length=60)
    on = models.DateField(_("paid on"))
    amount_fen = models.BigIntegerField(_("amount"))
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "payee", "receipt"], name="fraud_recovery_once"),
            models.CheckConstraint(name="fraud_recovery_above_zero", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(name="fraud_recovery_payee_known", condition=Q(payee__in=["bank", "finance"])),
        ]

    def __str__(self) -> str:
        return f"{self.payee} {self.receipt}"
