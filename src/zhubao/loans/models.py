"""Loans, their draws, and what happened to them. Events, steps, receipts and permits are only ever added.

Money in fen, rates in parts per million a year. The debt is nowhere kept: it is what `replay` makes of the events.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Organisation, Post, User
from zhubao.access.scopes import RegionQuerySet

from .draws import PAYEES, TRANCHE_STATES
from .states import PROCESSES

STATES = sorted({state.name for process in PROCESSES.values() for state in process.states})


class LoanQuerySet(RegionQuerySet["Loan"]):
    """Loans of a scope."""


class Loan(models.Model):
    """One signed agreement. `number` is its name everywhere; `case_number` the application it came from.

    A back-payment loan pays earlier years in one draw and stands beside the yearly loan of the same application. `yearly_cap_fen` and
    `principal_cap_fen` are what was agreed (None = the document's own cap alone). `subsidised_from`: first day of the interest subsidy as
    decided at the agreement, None while nobody decided. `pension_month`: the first of the first month of pension, as estimated.
    """

    region_code = models.CharField(max_length=12)
    number = models.CharField(_("loan number"), max_length=40, unique=True)
    case_number = models.CharField(_("case number"), max_length=40)
    policy_id = models.CharField(_("policy"), max_length=40)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="loans")
    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("bank"))
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("agency"))
    back_payment = models.BooleanField(_("pays earlier years"), default=False)
    state = models.CharField(_("state"), max_length=24)
    state_since = models.DateTimeField()
    signed_on = models.DateField(pgettext_lazy("contract", "signed"))
    principal_cap_fen = models.BigIntegerField(_("amount agreed"), null=True)
    yearly_cap_fen = models.BigIntegerField(_("amount agreed a year"), null=True)
    years = models.PositiveSmallIntegerField(_("years of draws"))
    grace_months = models.PositiveSmallIntegerField(_("months before the pension"))
    repay_months = models.PositiveSmallIntegerField(_("months of repayment"), null=True)
    rate_ppm = models.PositiveIntegerField(_("rate"))
    day_count = models.CharField(_("day count"), max_length=10, default="act360")
    settlement = models.CharField(_("settlement days"), max_length=20, default="yearly-12-20")
    method = models.CharField(_("repayment method"), max_length=60)
    instalment_fen = models.BigIntegerField(_("instalment a month"), null=True)
    basic_pension_agreed_on = models.DateField(_("basic pension agreed"), null=True)
    subsidised_from = models.DateField(_("subsidised from"), null=True)
    card_account = models.ForeignKey("people.CardAccount", models.PROTECT, null=True, related_name="+")
    pension_month = models.DateField(_("first month of pension"))
    opened_at = models.DateTimeField()

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan")
        constraints: ClassVar = [
            models.CheckConstraint(name="loan_state_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="loan_policy_known", condition=Q(policy_id__in=list(PROCESSES))),
            models.CheckConstraint(
                name="loan_caps_above_zero",
                condition=(Q(principal_cap_fen=None) | Q(principal_cap_fen__gt=0))
                & (Q(yearly_cap_fen=None) | Q(yearly_cap_fen__gt=0)),
            ),
            models.CheckConstraint(name="loan_pension_month_first", condition=Q(pension_month__day=1)),
            models.UniqueConstraint(fields=["case_number", "back_payment"], name="loan_of_a_case_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "state"], name="loan_by_region"),
            models.Index(fields=["bank", "state"], name="loan_by_bank"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The name under which audit, tasks and postings speak of it."""
        return f"loan:{self.number}"


class TermsSetting(models.Model):
    """One convention of interest or repayment as bank or agency settled it for this loan; both dates inclusive, empty = open."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="settings")
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=60)
    effective_from = models.DateField(null=True)
    effective_to = models.DateField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan", "name", "effective_from"], nulls_distinct=False, name="loan_setting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.name}"


class LoanSigner(models.Model):
    """Somebody who signs beside the borrower: a child, or a guarantor for who has none."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="signers")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    relation = models.CharField(_("relation"), max_length=10)
    consents_on = models.DateField(_("consent"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="loan_signer_relation_known", condition=Q(relation__in=["child", "guarantor"])),
            models.UniqueConstraint(fields=["loan", "person"], name="loan_signer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.relation}"


class Tranche(models.Model):
    """One draw: a year's contribution, or all accepted gap months of a back-payment loan.

    `cap_fen` is the most that may be drawn and `amount_fen` what is asked for, later what was drawn: never above the cap.
    `requested_in`: the file that told the bank. `cure_until`: the last day a reminder gave to pay in.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="tranches")
    year = models.PositiveSmallIntegerField(_("contribution year"))
    sequence = models.PositiveSmallIntegerField(default=1)
    month_from = models.PositiveSmallIntegerField(_("first month"), default=1)
    months = models.PositiveSmallIntegerField(_("months"))
    cap_fen = models.BigIntegerField(_("cap"))
    amount_fen = models.BigIntegerField(_("amount"))
    state = models.CharField(_("state"), max_length=12)
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


class Receipt(models.Model):
    """Money of a draw that arrived as a contribution; several may make up one draw."""

    tranche = models.ForeignKey(Tranche, models.PROTECT, related_name="receipts")
    number = models.CharField(_("receipt number"), max_length=60)
    on = models.DateField(_("day"))
    amount_fen = models.BigIntegerField(_("amount"))
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tranche", "number"], name="receipt_once"),
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


class LoanEvent(models.Model):
    """One dated happening of the loan's money, as `zhubao.lending.events` knows it; added, never changed.

    `day` is when it takes effect, `entered_at` when somebody said so: the order of entry changes no figure. A mistake is annulled by
    an event of its own.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="events")
    entry = models.PositiveIntegerField()
    day = models.DateField()
    kind = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField(default=0)
    more = ArrayField(models.BigIntegerField(), default=list)
    key = models.CharField(max_length=80)
    source = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["entry"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan", "entry"], name="loan_event_entry_once"),
            models.UniqueConstraint(fields=["loan", "key"], name="loan_event_once"),
            models.CheckConstraint(name="loan_event_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.key}"


class LoanStep(models.Model):
    """Who took which step, when, and why; added, never changed. `tranche` is the draw it was about."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="steps")
    tranche = models.ForeignKey(Tranche, models.PROTECT, null=True, related_name="steps")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=32)
    start = models.CharField(max_length=24, blank=True)
    end = models.CharField(max_length=24)
    at = models.DateTimeField()
    on = models.DateField()
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    key = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan", "number"], name="loan_step_number_once"),
            models.UniqueConstraint(fields=["loan", "key"], name="loan_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.number} {self.verb}"


class MonthEndRun(models.Model):
    """A month-end of a region: the day it closes, and, once it is done, what it came to.

    `finished_at` is None while it runs or after it was killed; the next run for the same region and day goes on with it. Money in fen;
    `government_fen` is the part of `interest_fen` that finance bears.
    """

    region_code = models.CharField(max_length=12)
    as_of = models.DateField(_("closes"))
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    finished_at = models.DateTimeField(null=True)
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

    run = models.ForeignKey(MonthEndRun, models.PROTECT, related_name="closings")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="closings")
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

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="deduction_orders")
    closing = models.OneToOneField(LoanClosing, models.PROTECT, related_name="order")
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
