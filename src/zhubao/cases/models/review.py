"""What was decided about a case, what was put up in public, who objected, and the yearly renewals."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Organisation, Post, User
from zhubao.access.scopes import RegionQuerySet
from zhubao.evidence.models import Snapshot

from .case import Case, Step


class DecisionKind(models.TextChoices):
    """What a decision is about."""

    LOAN = "loan", _("loan qualification")
    SUBSIDY = "subsidy", pgettext_lazy("decision", "interest subsidy")
    COMMITTEE = "committee", _("committee's opinion")
    DEEMED = "deemed", _("deemed period")
    BANK = "bank", _("bank's decision")
    OBJECTION = "objection", _("objection")
    RENEWAL = "renewal", _("renewal")


class Outcome(models.TextChoices):
    """How a decision went; `pending` waits for a roster, `blocked` for something to end."""

    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    PENDING = "pending", _("pending")
    BLOCKED = "blocked", _("blocked")


class Decision(models.Model):
    """One decision as it was made: never changed, a later one of the same kind follows it. Money in fen, both months whole.

    `snapshot` holds facts, figures, policy version and verdict as they were. `clause` is the one a refusal rests on.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    step = models.ForeignKey(Step, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=DecisionKind.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+")
    category = models.CharField(max_length=40, blank=True)
    certifier = models.CharField(max_length=40, blank=True)
    certified_by = models.CharField(max_length=160, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    pension_month = models.DateField(null=True, blank=True)
    months_left = models.PositiveSmallIntegerField(null=True, blank=True)
    months_confirmed = models.PositiveSmallIntegerField(null=True, blank=True)
    amount_fen = models.BigIntegerField(null=True, blank=True)
    clause = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="decision_kind_known"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="decision_outcome_known"),
            models.CheckConstraint(condition=~Q(outcome="refused") | ~Q(reason=""), name="refusal_has_a_reason"),
            models.CheckConstraint(condition=Q(amount_fen=None) | Q(amount_fen__gte=0), name="decision_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}: {self.outcome}"


class Proposal(models.Model):
    """What the reviewer puts before the approver, with the verdict as it was frozen. Money in fen, months whole.

    `subsidy` is the outcome proposed for the interest subsidy where a programme decides it apart. A later proposal follows it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals")
    step = models.OneToOneField(Step, models.PROTECT, related_name="proposal")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    subsidy = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    category = models.CharField(max_length=40, blank=True)
    pension_month = models.DateField(null=True, blank=True)
    months_left = models.PositiveSmallIntegerField(null=True, blank=True)
    amount_fen = models.BigIntegerField(null=True, blank=True)
    clause = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="proposal_outcome_known"),
            models.CheckConstraint(condition=Q(subsidy__in=["", *Outcome.values]), name="proposal_subsidy_known"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.outcome}"


class PublicNoticeQuerySet(RegionQuerySet["PublicNotice"]):
    """Notices of a scope."""


class PublicNotice(models.Model):
    """A notice a committee put up: `posted_on` does not count, `last_day` is the last of its full days (A-ALL-10)."""

    region_code = models.CharField(max_length=12)
    committee = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    policy_id = models.CharField(max_length=40)
    posted_on = models.DateField(_("posted"))
    first_day = models.DateField(_("first full day"))
    last_day = models.DateField(_("last full day"))
    place = models.CharField(_("where it hangs"), max_length=160)
    phone = models.CharField(_("telephone for objections"), max_length=20)
    posted_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    taken_down_on = models.DateField(null=True, blank=True)

    objects = PublicNoticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-posted_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(posted_on__lt=F("first_day")) & Q(first_day__lte=F("last_day")), name="notice_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee_id} {self.posted_on}"


class NoticeLine(models.Model):
    """One person on a notice, masked as it was printed."""

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, models.PROTECT, related_name="notice_lines")
    name = models.CharField(max_length=40)
    number = models.CharField(max_length=24)
    category = models.CharField(max_length=40)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "case"], name="notice_line_once")]

    def __str__(self) -> str:
        return self.name


class Objection(models.Model):
    """An objection against a person on a notice, or of an applicant against a refusal; heard, investigated, decided."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="objections")
    against = models.CharField(max_length=10, choices=[("notice", _("public notice")), ("refusal", _("refusal"))])
    # Who spoke may ask not to be named to the applicant; the committee and the agency know.
    by_name = models.CharField(_("who objects"), max_length=40)
    contact = models.CharField(_("how to reach them"), max_length=60, blank=True)
    said = models.TextField(_("what they say"))
    filed_on = models.DateField()
    hearing_on = models.DateField(null=True, blank=True)
    heard = models.TextField(blank=True)
    finding = models.TextField(blank=True)
    found_on = models.DateField(null=True, blank=True)
    upheld = models.BooleanField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(upheld=None) | (~Q(reason="") & ~Q(decided_on=None)), name="objection_decided_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"objection {self.case_id}"


class RenewalQuerySet(RegionQuerySet["Renewal"]):
    """Renewals of a scope."""


class Suspension(models.TextChoices):
    """Why a renewal is suspended (rg-20a)."""

    REEMPLOYED = "reemployed", _("in work again")
    IMPROVED = "improved", _("hardship over")
    OTHER = "other", _("other reason")


class Renewal(models.Model):
    """A yearly renewal (n-th) of a running loan, filed on the second form; granted, it permits the draw of `year`.

    `asked_fen` is what the borrower asks for, `amount_fen` and `months` what the agency found; `reviewed_by` signed the committee's
    opinion, which `committee_agrees` sums up.
    """

    region_code = models.CharField(max_length=12)
    case = models.ForeignKey(Case, models.PROTECT, related_name="renewals")
    loan_number = models.CharField(max_length=24)
    year = models.PositiveSmallIntegerField(_("year"))
    nth = models.PositiveSmallIntegerField(_("n-th renewal"))
    state = models.CharField(max_length=24)
    state_since = models.DateField()
    steps_taken = models.PositiveIntegerField(default=0)
    category = models.CharField(max_length=40, blank=True)
    late_reason = models.TextField(blank=True)
    asked_fen = models.BigIntegerField(_("amount asked for"))
    committee_agrees = models.BooleanField(_("committee agrees"), null=True, blank=True)
    reviewed_by = models.CharField(_("reviewed by"), max_length=60, blank=True)
    reviewed_on = models.DateField(_("reviewed"), null=True, blank=True)
    amount_fen = models.BigIntegerField(null=True, blank=True)
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    suspended_because = models.CharField(_("suspended because"), max_length=12, blank=True, choices=Suspension.choices)
    filed_on = models.DateField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RenewalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan_number", "year"], condition=~Q(state="withdrawn"), name="one_renewal_a_year"),
            models.CheckConstraint(
                condition=Q(asked_fen__gt=0) & (Q(amount_fen=None) | Q(amount_fen__gt=0)), name="renewal_amounts_positive"
            ),
            models.CheckConstraint(
                condition=Q(state="suspended", suspended_because__in=Suspension.values)
                | (~Q(state="suspended") & Q(suspended_because="")),
                name="renewal_suspended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan_number} {self.year}"

    @property
    def subject(self) -> str:
        """What names the renewal in tasks, notices and the audit log."""
        return f"renewal:{self.loan_number}/{self.year}"


class RenewalStep(models.Model):
    """One step of a renewal: append-only, like a case's."""

    renewal = models.ForeignKey(Renewal, models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=32)
    start = models.CharField(max_length=24, blank=True)
    end = models.CharField(max_length=24)
    at = models.DateTimeField()
    on = models.DateField()
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=24)
    actor_name = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    key = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["renewal", "number"], name="renewal_step_once")]

    def __str__(self) -> str:
        return f"{self.renewal_id}/{self.number} {self.verb}"
