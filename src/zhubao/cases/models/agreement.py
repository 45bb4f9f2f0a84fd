"""What the bank offers, what was signed, who signs with the borrower, and who got which copy of a form."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation, User
from zhubao.evidence.models import Snapshot
from zhubao.people.models import Person

from .case import Case


class LoanTermsColumns(models.Model):
    """The terms of an offer and of the agreement made from it. Money in fen, rates in ppm a year, months and years whole.

    `need_fen` is what the borrower needs, `amount_fen` the credit line, both for the whole term; `instalment_fen` what is agreed to
    be deducted a month; `basic_pension_agreed_on` the day on which the basic pension was given in, empty when it stays untouched.
    """

    need_fen = models.BigIntegerField(_("amount needed"))
    amount_fen = models.BigIntegerField(_("credit line"))
    years = models.PositiveSmallIntegerField(_("years of draws"))
    grace_months = models.PositiveSmallIntegerField(_("grace months"), default=0)
    repay_months = models.PositiveSmallIntegerField(_("months of repayment"), default=0)
    rate_ppm = models.PositiveIntegerField(_("yearly rate"))
    day_count = models.CharField(_("day count"), max_length=10, default="act360")
    settlement = models.CharField(_("settlement days"), max_length=20, default="yearly-12-20")
    disbursement = models.CharField(_("how it is paid out"), max_length=60)
    method = models.CharField(_("how it is repaid"), max_length=60)
    instalment_fen = models.BigIntegerField(_("monthly instalment"), null=True, blank=True)
    basic_pension_agreed_on = models.DateField(_("basic pension given in"), null=True, blank=True)

    class Meta:
        abstract = True


class BankOffer(LoanTermsColumns):
    """The terms a bank's officer prepared for a case; its reviewer decides on them. A new offer supersedes the one before it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="offers")
    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    credit_report_on = models.DateField(_("credit report of"), null=True, blank=True)
    credit_found = models.TextField(_("what the credit review found"), blank=True)
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(superseded_at=None), name="one_standing_offer"),
            models.CheckConstraint(
                condition=Q(need_fen__gt=0) & Q(amount_fen__gt=0) & Q(years__gt=0), name="offer_amounts_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.case_id}"


class Agreement(LoanTermsColumns):
    """The signed loan agreement; the loan is opened from it. A consent without a day has not been given.

    `snapshot` holds the terms as the policy judged them on the day of signing.
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="agreement")
    number = models.CharField(_("agreement number"), max_length=40)
    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    signed_on = models.DateField(_("signed"))
    deduction_agreed_on = models.DateField(_("deduction from the pension agreed"), null=True, blank=True)
    account_locked_on = models.DateField(_("card account kept until repaid"), null=True, blank=True)
    honest_use_on = models.DateField(_("honest use and supervision promised"), null=True, blank=True)
    own_interest_on = models.DateField(_("interest after the pension begins accepted"), null=True, blank=True)
    account_first_on = models.DateField(_("repayment from the account balance first agreed"), null=True, blank=True)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bank", "number"], name="agreement_number_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0) & Q(years__gt=0), name="agreement_amounts_positive"),
        ]

    def __str__(self) -> str:
        return self.number


class CoBorrower(models.Model):
    """Somebody who signs beside the borrower: a child as co-borrower, or a guarantor where there is no child."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="co_borrowers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    relation = models.CharField(max_length=10, choices=[("child", _("child")), ("guarantor", _("guarantor"))])
    capable = models.BooleanField(_("of full capacity"), default=True)
    consented_on = models.DateField(_("consent given"), null=True, blank=True)
    refused_because = models.TextField(_("why consent was refused"), blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "person"], name="co_borrower_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.relation}"


class FormCopy(models.Model):
    """One copy of a form or roster handed to a recipient of its distribution list."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="copies")
    form = models.CharField(max_length=24)
    recipient = models.CharField(max_length=24)
    handed_on = models.DateField()
    received_by = models.CharField(max_length=60)
    handed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "form", "recipient"], name="form_copy_once")]

    def __str__(self) -> str:
        return f"{self.form} → {self.recipient}"
