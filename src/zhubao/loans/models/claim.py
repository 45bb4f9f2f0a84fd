"""Claims of the interest subsidy: a bank's claim for a year, its file's lines as they came, and what each loan's days come to."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation, Post, User
from zhubao.access.scopes import RegionQuerySet
from zhubao.exchange.models import Envelope
from zhubao.lending.claim_comparison import Cause

from ..states.claim import CLAIM_COURSES, OPEN_TO_CHANGE
from .loan import Loan

STATES = sorted({state.name for course in CLAIM_COURSES.values() for state in course.states})
CAUSES = [cause.value for cause in Cause]


class SubsidyClaim(models.Model):
    """What a bank claims of a county for a year, once. Money in fen.

    `starts_on` to `ends_on` (not counted) is the claim year. `received_on`: the day the complete file came, from which the days to
    payment run; they stand still while `returned_on` is set, `paused_days` is how long they stood before. `due_on` is None where a
    year has no working calendar and the place wants no day supposed. The sums are those of the lines; `open_lines` differ and nobody
    has said what becomes of them.
    `paid_on` says that finance paid, `booked_at` that every loan's books say so.
    """

    region_code = models.CharField(max_length=12)
    policy_id = models.CharField(_("policy"), max_length=40)
    number = models.CharField(_("claim number"), max_length=40, unique=True)
    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("bank"))
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("handed in to"))
    year = models.PositiveSmallIntegerField(_("year"))
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(_("state"), max_length=20)
    state_since = models.DateTimeField()
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="+")
    received_on = models.DateField(_("received"))
    due_on = models.DateField(_("due"), null=True)
    due_arithmetic = models.JSONField(default=dict)
    provisional = models.CharField(max_length=40, blank=True)
    returned_on = models.DateField(null=True)
    paused_days = models.PositiveIntegerField(default=0)
    file_lines = models.PositiveIntegerField(_("lines of the file"), default=0)
    lines = models.PositiveIntegerField(_("loans"), default=0)
    differing = models.PositiveIntegerField(_("differ"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    open_lines = models.PositiveIntegerField(_("open"), default=0)
    asked_fen = models.BigIntegerField(_("asked for"), default=0)
    computed_fen = models.BigIntegerField(_("computed"), default=0)
    accepted_fen = models.BigIntegerField(_("accepted"), default=0)
    checked_at = models.DateTimeField(null=True)
    paid_on = models.DateField(_("paid"), null=True)
    payment_reference = models.CharField(_("payment reference"), max_length=60, blank=True)
    booked_at = models.DateTimeField(null=True)

    objects = RegionQuerySet["SubsidyClaim"].as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "region_code", "pk"]
        verbose_name = _("subsidy claim")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bank", "region_code", "policy_id", "year"], name="claim_of_a_year_once"),
            models.CheckConstraint(name="claim_state_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="claim_policy_known", condition=Q(policy_id__in=list(CLAIM_COURSES))),
            models.CheckConstraint(name="claim_year_in_order", condition=Q(starts_on__lt=F("ends_on"))),
            models.CheckConstraint(
                name="claim_paid_is_decided_and_says_how",
                condition=Q(paid_on=None, payment_reference="")
                | (Q(paid_on__isnull=False, open_lines=0, state="paid") & ~Q(payment_reference="")),
            ),
            models.CheckConstraint(
                name="claim_beyond_the_check_is_decided", condition=Q(state__in=list(OPEN_TO_CHANGE)) | Q(open_lines=0)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The name under which audit, tasks and events speak of it."""
        return f"claim:{self.number}"


class ClaimStep(models.Model):
    """Who took which step of a claim, when, and why; added, never changed."""

    claim = models.ForeignKey(SubsidyClaim, models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=32)
    start = models.CharField(max_length=20, blank=True)
    end = models.CharField(max_length=20)
    at = models.DateTimeField()
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["claim", "number"], name="claim_step_number_once")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.number} {self.verb}"


class ClaimDetail(models.Model):
    """One line of the bank's file as it came: a loan's days from `starts_on` to `ends_on` (not counted) on one principal and rate.

    `kind` is current, added or taken_back; the last two put right an earlier `year`. `person_index` is the blind index of the citizen
    number it named. The amounts are as written, never below 0.
    """

    claim = models.ForeignKey(SubsidyClaim, models.PROTECT, related_name="details", db_index=False)
    number = models.PositiveIntegerField(_("line"))
    loan_number = models.CharField(max_length=40)
    person_index = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    draw = models.CharField(max_length=20, blank=True)
    principal_fen = models.BigIntegerField()
    rate_ppm = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    days = models.PositiveIntegerField()
    interest_fen = models.BigIntegerField()
    subsidy_fen = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.CheckConstraint(name="claim_detail_kind_known", condition=Q(kind__in=["current", "added", "taken_back"])),
            models.CheckConstraint(name="claim_detail_not_negative", condition=Q(subsidy_fen__gte=0, interest_fen__gte=0)),
        ]
        indexes: ClassVar = [models.Index(fields=["claim", "loan_number"], name="claim_detail_by_loan")]

    def __str__(self) -> str:
        return f"{self.claim_id}/{self.number}"


class ClaimLine(models.Model):
    """A loan's year in a claim: what the bank asks, what its days come to, what is accepted; fen, below 0 to give back.

    `correction`: it puts right an earlier `year`. `cause`: what its difference mostly comes from. `refused`: why nothing of it is
    paid, "" unless so. `accepted_fen` is None while it differs and nobody has said what becomes of it. A loan's year is claimed once:
    of the lines that are no corrections and not refused there is one in all claims.
    """

    claim = models.ForeignKey(SubsidyClaim, models.PROTECT, related_name="loan_lines", db_index=False)
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="claim_lines", db_index=False)
    loan_number = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    correction = models.BooleanField(default=False)
    asked_fen = models.BigIntegerField(_("asked for"))
    computed_fen = models.BigIntegerField(_("computed"))
    accepted_fen = models.BigIntegerField(_("accepted"), null=True)
    cause = models.CharField(_("cause"), max_length=16, blank=True)
    refused = models.CharField(_("refused"), max_length=30, blank=True)
    details = ArrayField(models.PositiveIntegerField(), default=list)

    class Meta:
        ordering: ClassVar = ["loan_number", "year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "loan_number", "year"], name="claim_line_once"),
            models.UniqueConstraint(
                fields=["loan", "year"], condition=Q(correction=False, refused=""), name="year_of_a_loan_claimed_once"
            ),
            models.CheckConstraint(name="claim_line_cause_known", condition=Q(cause__in=["", *CAUSES])),
            models.CheckConstraint(
                name="claim_line_pays_no_more_than_both_say",
                condition=Q(accepted_fen=None)
                | Q(accepted_fen=0)
                | (Q(accepted_fen__lte=F("asked_fen")) & Q(accepted_fen__lte=F("computed_fen"))),
            ),
            models.CheckConstraint(name="claim_line_refused_pays_nothing", condition=Q(refused="") | Q(accepted_fen=0)),
            models.CheckConstraint(name="claim_line_of_no_loan_is_refused", condition=Q(loan__isnull=False) | ~Q(refused="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["claim", "cause"], condition=~Q(cause=""), name="claim_line_differing"),
            models.Index(fields=["loan", "year"], name="claim_line_by_loan"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.loan_number} {self.year}"

    @property
    def difference_fen(self) -> int:
        """What the bank asks above what the days come to, fen."""
        return self.asked_fen - self.computed_fen
