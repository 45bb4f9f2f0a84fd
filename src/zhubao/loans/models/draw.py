"""Draws: a year's contribution, what its cap is made of, the money that arrived, the leave to draw another year."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Post

from ..draws import PAYEES, TRANCHE_STATES
from .loan import Loan


class Tranche(models.Model):
    """One draw: a year's contribution, or all accepted gap months of a back-payment loan.

    `cap_fen` is the most that may be drawn and `amount_fen` what is asked for, later what was drawn: never above the cap.
    `asked_fen` keeps what was released once the bank has paid out. `requested_in`: the file that told the bank.
    `cure_until`: the last day a reminder gave to pay in.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="tranches")
    year = models.PositiveSmallIntegerField(_("contribution year"))
    sequence = models.PositiveSmallIntegerField(default=1)
    month_from = models.PositiveSmallIntegerField(_("first month"), default=1)
    months = models.PositiveSmallIntegerField(_("months"))
    cap_fen = models.BigIntegerField(_("cap"))
    amount_fen = models.BigIntegerField(_("amount"))
    state = models.CharField(_("state"), max_length=12)
    asked_fen = models.BigIntegerField(_("amount released"), null=True)
    requested_in = models.CharField(_("file to the bank"), max_length=60, blank=True)
    confirmed_on = models.DateField(_("confirmed"), null=True)
    drawn_on = models.DateField(_("drawn"), null=True)
    payee = models.CharField(_("paid to"), max_length=24, blank=True)
    event_entry = models.PositiveIntegerField(null=True)
    pay_by = models.DateField(_("contribution due"), null=True)
    contributed_on = models.DateField(_("paid in"), null=True)
    cure_until = models.DateField(_("to be put right by"), null=True)
    subsidy_fen = models.BigIntegerField(_("contribution subsidy"), null=True)
    subsidy_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["year", "sequence"]
        verbose_name = _("draw")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan", "year", "sequence"], name="tranche_once"),
            models.CheckConstraint(name="tranche_within_cap", condition=Q(amount_fen__gt=0, amount_fen__lte=F("cap_fen"))),
            models.CheckConstraint(name="tranche_state_known", condition=Q(state__in=[state.name for state in TRANCHE_STATES])),
            models.CheckConstraint(name="tranche_payee_known", condition=Q(payee__in=["", *PAYEES])),
            models.CheckConstraint(
                name="tranche_drawn_says_when",
                condition=Q(drawn_on=None, payee="", event_entry=None)
                | (Q(drawn_on__isnull=False, event_entry__isnull=False) & ~Q(payee="")),
            ),
            models.CheckConstraint(name="tranche_within_year", condition=Q(month_from__gte=1, months__gte=1)),
            models.CheckConstraint(name="tranche_subsidy_above_zero", condition=Q(subsidy_fen=None) | Q(subsidy_fen__gt=0)),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "pay_by"], name="tranche_by_state")]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.year}/{self.sequence}"

    @property
    def paid_in_late(self) -> bool:
        """Whether the contribution came after the day it was due."""
        return self.contributed_on is not None and self.pay_by is not None and self.contributed_on > self.pay_by


class TranchePart(models.Model):
    """What a cap is made of: so many months of a year at that year's contribution a month, fen."""

    tranche = models.ForeignKey(Tranche, models.PROTECT, related_name="parts")
    year = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField()
    monthly_fen = models.BigIntegerField()
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["year", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="tranche_part_above_zero", condition=Q(months__gte=1, months__lte=12, monthly_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.months} × {self.monthly_fen}"


class StandingReceipts(models.Manager["Receipt"]):
    """The receipts that were not taken back."""

    def get_queryset(self) -> models.QuerySet["Receipt"]:
        """Leave out what was taken back."""
        return super().get_queryset().filter(taken_back_at=None)


class Receipt(models.Model):
    """Money of a draw that arrived as a contribution; several may make up one draw. One taken back counts nowhere any more."""

    tranche = models.ForeignKey(Tranche, models.PROTECT, related_name="receipts")
    number = models.CharField(_("receipt number"), max_length=60)
    on = models.DateField(_("day"))
    amount_fen = models.BigIntegerField(_("amount"))
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    objects = StandingReceipts()
    everything = models.Manager["Receipt"]()

    class Meta:
        ordering: ClassVar = ["on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tranche", "number"], condition=Q(taken_back_at=None), name="receipt_once"),
            models.CheckConstraint(name="receipt_above_zero", condition=Q(amount_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return self.number


class Permit(models.Model):
    """Leave to draw for a further year, granted by a renewal: the `nth` of the loan, up to `amount_fen`."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="permits")
    year = models.PositiveSmallIntegerField(_("contribution year"))
    nth = models.PositiveSmallIntegerField(_("renewal number"))
    amount_fen = models.BigIntegerField(_("amount"))
    granted_on = models.DateField(pgettext_lazy("day", "granted"))
    case_number = models.CharField(_("case number"), max_length=40)

    class Meta:
        ordering: ClassVar = ["year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan", "year"], name="permit_of_a_year_once"),
            models.UniqueConstraint(fields=["loan", "nth"], name="permit_number_once"),
            models.CheckConstraint(name="permit_above_zero", condition=Q(amount_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.year}"
