"""Month-ends: the run of a region, each loan closed by it, and the month's deduction orders."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Post
from zhubao.access.scopes import RegionQuerySet

from .loan import Loan


class MonthEndRun(models.Model):
    """A month-end of a region: the day it closes, and, once it is done, what it came to. `due`: how many loans it found to close.

    `finished_at` is None while it runs or after it was killed; the next run for the same region and day goes on with it. Money in fen;
    `government_fen` is the part of `interest_fen` that finance bears.
    """

    region_code = models.CharField(max_length=12)
    as_of = models.DateField(_("closes"))
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    finished_at = models.DateTimeField(null=True)
    due = models.PositiveIntegerField(default=0)
    loans = models.PositiveIntegerField(_("loans"), default=0)
    postings = models.PositiveIntegerField(_("postings"), default=0)
    interest_fen = models.BigIntegerField(_("interest"), default=0)
    government_fen = models.BigIntegerField(_("borne by finance"), default=0)
    orders = models.PositiveIntegerField(_("deduction orders"), default=0)

    objects = RegionQuerySet["MonthEndRun"].as_manager()

    class Meta:
        ordering: ClassVar = ["-as_of", "region_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "as_of"], name="month_end_once"),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.as_of}"


class LoanClosing(models.Model):
    """One loan closed as of a day by a month-end, once whichever regions overlap; added, never changed.

    `booked`: its interest up to the end of that day is in the books. `interest_fen` and `government_fen`: what this closing posted of
    it, below zero where it took back more. `owed_fen`: principal and the borrower's interest after it. `held_code` and the two texts:
    why the loan needs somebody's hand, empty when nothing does.
    """

    # A run writes a million of them under the loans' locks, and neither loans nor runs are ever deleted.
    run = models.ForeignKey(MonthEndRun, models.PROTECT, db_constraint=False, db_index=False, related_name="closings")
    loan = models.ForeignKey(Loan, models.PROTECT, db_constraint=False, db_index=False, related_name="closings")
    as_of = models.DateField()
    booked = models.BooleanField()
    postings = models.PositiveIntegerField()
    interest_fen = models.BigIntegerField()
    government_fen = models.BigIntegerField()
    owed_fen = models.BigIntegerField()
    held_code = models.CharField(max_length=40, blank=True)
    held_zh = models.CharField(max_length=200, blank=True)
    held_en = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["as_of"]
        indexes: ClassVar = [
            BrinIndex(fields=["run"], name="loan_closing_run"),
            models.Index(fields=["run"], condition=~Q(held_code=""), name="loan_closing_held"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan", "as_of"], name="loan_closed_once"),
            models.CheckConstraint(name="loan_closing_booked_or_held", condition=Q(booked=True) | ~Q(held_code="")),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.as_of}"


class DeductionOrder(models.Model):
    """What the bank is to take from one month's pension, with the numbers that bound it; added, never changed.

    `rule` and `protected_fen`: what the document leaves untouched of `pension_fen` (the dibao standard, the half above the share, the
    basic pension). `agreed_fen`: the instalment agreed, None where there is none. `debt_fen`: what was owed on `ordered_on` less what
    earlier orders are still to bring.
    """

    # A trigger looks both up, once for all rows of a statement.
    loan = models.ForeignKey(Loan, models.PROTECT, db_constraint=False, db_index=False, related_name="deduction_orders")
    closing = models.OneToOneField(LoanClosing, models.PROTECT, db_constraint=False, related_name="order")
    month = models.DateField(_("month of pension"))
    ordered_on = models.DateField(_("ordered"))
    rule = models.CharField(_("rule"), max_length=24)
    pension_fen = models.BigIntegerField(_("pension"))
    protected_fen = models.BigIntegerField(_("protected"))
    agreed_fen = models.BigIntegerField(_("agreed instalment"), null=True)
    debt_fen = models.BigIntegerField(_("owed"))
    amount_fen = models.BigIntegerField(_("to be deducted"))

    class Meta:
        ordering: ClassVar = ["month"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan", "month"], name="deduction_once_a_month"),
            models.CheckConstraint(name="deduction_month_first", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="deduction_leaves_what_is_protected",
                condition=Q(amount_fen=0) | Q(amount_fen__gt=0, amount_fen__lte=F("pension_fen") - F("protected_fen")),
            ),
            models.CheckConstraint(
                name="deduction_within_debt_and_instalment",
                condition=Q(amount_fen__lte=F("debt_fen")) & (Q(agreed_fen=None) | Q(amount_fen__lte=F("agreed_fen"))),
            ),
            models.CheckConstraint(
                name="deduction_protects_something",
                condition=Q(pension_fen__gte=0, protected_fen__gte=0)
                & (~Q(rule="max_share") | Q(protected_fen__gte=F("pension_fen") - F("pension_fen") / 2)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.month:%Y-%m}"
