"""Deductions from pensions: what was credited, what the bank was told to take, what it took. Rows are added, never changed.

Each line stores the numbers it was decided on, and the database compares them with where they come from (migration
`deductions`): an instalment waits for the whole pension of its month, leaves what the document protects whatever other loans take of
the same pension, and nothing is recorded as taken above it or before the pension came.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Organisation, Post, User
from zhubao.access.scopes import RegionQuerySet

from .closing import DeductionOrder


class PensionCredit(models.Model):
    """The pension of one month of a person, credited whole by `bank` on a day. `basic_fen`: its basic part, None where not stated."""

    region_code = models.CharField(max_length=12)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="pension_credits")
    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    month = models.DateField(_("month of pension"))
    gross_fen = models.BigIntegerField(_("pension"))
    basic_fen = models.BigIntegerField(_("basic pension"), null=True)
    credited_on = models.DateField(_("credited"))
    source = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    objects = RegionQuerySet["PensionCredit"].as_manager()

    class Meta:
        ordering: ClassVar = ["month"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "month"], name="pension_credited_once_a_month"),
            models.CheckConstraint(name="pension_credit_month_first", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="pension_credit_parts",
                condition=Q(gross_fen__gt=0) & (Q(basic_fen=None) | Q(basic_fen__gte=0, basic_fen__lte=F("gross_fen"))),
            ),
            models.CheckConstraint(name="pension_credit_not_ahead", condition=Q(credited_on__gte=F("month"))),
        ]
        indexes: ClassVar = [models.Index(fields=["bank", "month"], name="pension_credit_by_bank")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.month:%Y-%m}"


class DeductionInstruction(models.Model):
    """One order told to the bank in a file, after the pension was seen credited in full.

    `amount_fen`: what the bank is to take, the ordered amount or less. `pension_fen`: what was credited; `others_fen`: what other
    instructions take of the same pension; `protected_fen` and `ordered_fen` as the order has them.
    """

    order = models.OneToOneField(DeductionOrder, models.PROTECT, related_name="instruction")
    credit = models.ForeignKey(PensionCredit, models.PROTECT, related_name="instructions")
    envelope = models.ForeignKey("exchange.Envelope", models.PROTECT, related_name="+")
    instructed_on = models.DateField()
    pension_fen = models.BigIntegerField(_("pension"))
    others_fen = models.BigIntegerField(_("other loans"))
    protected_fen = models.BigIntegerField(_("protected"))
    ordered_fen = models.BigIntegerField(_("ordered"))
    amount_fen = models.BigIntegerField(_("to be deducted"))

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="deduction_told_leaves_what_is_protected",
                condition=Q(
                    others_fen__gte=0,
                    protected_fen__gte=0,
                    amount_fen__lte=F("pension_fen") - F("protected_fen") - F("others_fen"),
                ),
            ),
            models.CheckConstraint(
                name="deduction_told_within_order", condition=Q(amount_fen__gt=0, amount_fen__lte=F("ordered_fen"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.amount_fen}"


class Result(models.TextChoices):
    """What the bank says of an instalment."""

    TAKEN = "taken", _("taken in full")
    INSUFFICIENT = "insufficient", _("not enough in the account")
    BLOCKED = "blocked", _("account blocked")
    CLOSED = "closed", pgettext_lazy("deduction", "account closed")
    MOVED = "moved", _("the instalment was moved away")
    PROTECTED = "protected", _("less than must be left")
    OTHER = "other", pgettext_lazy("deduction", "another reason")


class DeductionReturn(models.Model):
    """What the bank took of one instruction, once. `taken_fen` is 0 where it took nothing; `result` says why it took less."""

    instruction = models.OneToOneField(DeductionInstruction, models.PROTECT, related_name="answer")
    instructed_fen = models.BigIntegerField()
    credited_on = models.DateField()
    taken_on = models.DateField(_("taken on"))
    taken_fen = models.BigIntegerField(_("taken"))
    result = models.CharField(_("result"), max_length=12, choices=Result.choices)
    reason = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="deduction_taken_within_order", condition=Q(taken_fen__gte=0, taken_fen__lte=F("instructed_fen"))
            ),
            models.CheckConstraint(name="deduction_taken_after_credit", condition=Q(taken_on__gte=F("credited_on"))),
            models.CheckConstraint(name="deduction_result_known", condition=Q(result__in=Result.values)),
            models.CheckConstraint(
                name="deduction_taken_in_full_or_not",
                condition=Q(result="taken", taken_fen=F("instructed_fen"))
                | (~Q(result="taken") & Q(taken_fen__lt=F("instructed_fen"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instruction_id} {self.result}"

    @property
    def missing_fen(self) -> int:
        """What was not taken, fen."""
        return self.instructed_fen - self.taken_fen

    @property
    def failed(self) -> bool:
        """Whether the borrower owes what was not taken: not where the protected amount was the reason (A-JX-12)."""
        return self.missing_fen > 0 and self.result != Result.PROTECTED


class DeductionFollowUp(models.Model):
    """What came of talking to a borrower whose instalment was not taken."""

    answer = models.ForeignKey(DeductionReturn, models.PROTECT, related_name="follow_ups")
    said = models.CharField(max_length=300)
    at = models.DateTimeField()
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.CheckConstraint(name="follow_up_says_something", condition=~Q(said=""))]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.at:%Y-%m-%d}"
