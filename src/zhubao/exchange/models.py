"""Envelopes: one file from one office to another, and what became of each of its lines."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Organisation
from zhubao.access.scopes import RegionQuerySet
from zhubao.language import Text

from .files import layout_of


class Direction(models.TextChoices):
    """Whether a file was written here or handed in."""

    OUT = "out", _("written here")
    IN = "in", _("handed in")


class EnvelopeState(models.TextChoices):
    """How far a file has come. The last three are what became of its lines; one being read has no batch and no lines yet."""

    MADE = "made", _("written")
    SENT = "sent", _("handed over")
    ARRIVED = "arrived", _("being read")
    RECEIVED = "received", _("received")
    ACCEPTED = "accepted", _("all lines taken")
    PARTLY = "partly", _("taken in part")
    REFUSED = "refused", pgettext_lazy("file", "refused")


FINAL = frozenset({EnvelopeState.ACCEPTED, EnvelopeState.PARTLY, EnvelopeState.REFUSED})
TAKEN = "OK"


class EnvelopeQuerySet(RegionQuerySet["Envelope"]):
    """Envelopes of a scope."""

    def good(self) -> "EnvelopeQuerySet":
        """Those whose file could be read and agreed with itself."""
        return self.filter(fault="")


class Envelope(models.Model):
    """One file between two offices. `batch` is the sender's number for it, once per sender, receiver and kind.

    A file refused whole has its faults in `fault` and no lines; its batch number stays free for the corrected file. `total_fen` is
    the sum of its lines in fen. `answers` is the file this one answers line by line.
    """

    region_code = models.CharField(max_length=12)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(_("kind"), max_length=30)
    policy_id = models.CharField(_("policy"), max_length=40)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    sender = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("sender"))
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("receiver"))
    purpose = models.CharField(_("purpose"), max_length=200)
    count = models.PositiveIntegerField(_("lines"), default=0)
    total_fen = models.BigIntegerField(_("total"), default=0)
    taken_count = models.PositiveIntegerField(_("lines taken"), default=0)
    taken_fen = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(_("file name"), max_length=200)
    stored_as = models.CharField(max_length=160)
    state = models.CharField(_("state"), max_length=10, choices=EnvelopeState.choices)
    fault = models.TextField(blank=True)
    fault_en = models.TextField(blank=True)
    made_at = models.DateTimeField(_("written"), null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("received"), null=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="answered_by")

    objects = EnvelopeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = _("envelope")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sender", "receiver", "kind", "batch"], condition=Q(fault="") & ~Q(state="arrived"), name="batch_once"
            ),
            models.UniqueConstraint(fields=["sender", "receiver", "kind", "sha256"], name="file_once"),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="envelope_direction_known"),
            models.CheckConstraint(condition=Q(state__in=EnvelopeState.values), name="envelope_state_known"),
            models.CheckConstraint(condition=~Q(purpose=""), name="envelope_has_a_purpose"),
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="envelope_goes_elsewhere"),
            models.CheckConstraint(
                condition=Q(total_fen__gte=0, taken_fen__gte=0, taken_fen__lte=F("total_fen"), taken_count__lte=F("count")),
                name="envelope_sums_in_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["region_code", "kind", "id"],
                opclasses=["varchar_pattern_ops", "varchar_ops", "int8_ops"],
                name="envelope_by_region",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.batch}".strip()

    @property
    def title(self) -> Text:
        """What kind of file it is."""
        return layout_of(self.kind).title

    @property
    def subject(self) -> str:
        """What names the envelope in tasks, notices and the audit log."""
        return f"envelope:{self.pk}"

    @property
    def path(self) -> Path:
        """Where the bytes are kept."""
        return Path(settings.MEDIA_ROOT) / self.stored_as


class EnvelopeLine(models.Model):
    """One line of a file and what became of it. Citizen numbers stay in the file: lists show the masked name alone.

    `key` is what tells the line from every other of its file. `result_code` is ``OK``, or the code of the error that refused the
    line; `applied_key` the idempotency key of the act that applied it.
    """

    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="lines", db_index=False)
    number = models.PositiveIntegerField(_("line"))
    key = models.CharField(max_length=120)
    subject = models.CharField(_("subject"), max_length=80)
    masked_name = models.CharField(pgettext_lazy("person", "name"), max_length=20, blank=True)
    amount_fen = models.BigIntegerField(_("amount"))
    year = models.PositiveSmallIntegerField(_("year"), null=True)
    day = models.DateField(_("day"), null=True)
    result_code = models.CharField(_("result"), max_length=40, blank=True)
    message = models.TextField(blank=True)
    message_en = models.TextField(blank=True)
    applied_at = models.DateTimeField(null=True)
    applied_key = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        verbose_name = _("line of an envelope")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["envelope", "number"], name="line_number_once"),
            models.UniqueConstraint(fields=["envelope", "key"], name="line_key_once"),
            models.UniqueConstraint(fields=["envelope", "applied_key"], condition=~Q(applied_key=""), name="line_applied_once"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="line_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(applied_at=None, result_code="") | (Q(applied_at__isnull=False) & ~Q(result_code="")),
                name="line_applied_with_result",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["envelope", "number"], condition=Q(applied_at=None), name="line_to_apply"),
            models.Index(fields=["subject"], name="line_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.envelope_id}/{self.number}"

    @property
    def taken(self) -> bool:
        """Whether the line was taken."""
        return self.result_code == TAKEN

    @property
    def words(self) -> Text:
        """What the line was answered, in both languages."""
        return Text(self.message, self.message_en)
