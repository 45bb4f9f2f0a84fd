"""Loans, who signs beside the borrower, and what happened to them. Events and steps are only ever added.

Money in fen, rates in parts per million a year. The debt is nowhere kept: it is what `replay` makes of the events.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Organisation, Post, User
from zhubao.access.scopes import RegionQuerySet

from ..states import PROCESSES

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
    tranche = models.ForeignKey("loans.Tranche", models.PROTECT, null=True, related_name="steps")
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
