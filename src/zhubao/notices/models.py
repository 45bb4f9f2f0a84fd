"""What was told to whom, in which words and by which way, with the proof that it arrived."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation
from zhubao.access.roles import Role
from zhubao.access.scopes import RegionQuerySet


class Channel(models.TextChoices):
    """The way something was told."""

    PAPER = "paper", _("handed over on paper")
    SMS = "sms", _("text message")
    COUNTER = "counter", _("told at the counter")
    POST = "post", _("sent by post")
    ONLINE = "online", _("shown online")


class NoticeQuerySet(RegionQuerySet["Notice"]):
    """Notices of a scope."""

    def unacknowledged(self) -> "NoticeQuerySet":
        """Those nobody has acknowledged yet."""
        return self.filter(acknowledged_at=None)


class Notice(models.Model):
    """One thing told once: to a person, or to the posts of a role at an organisation.

    `subject` is what it is about (``case:12``). `occasion` tells apart what is told several times about one subject (the second
    reminder, a month). `proof` is how delivery can be shown: the number of the letter, of the message, of the signed slip.
    """

    region_code = models.CharField(max_length=12)
    subject = models.CharField(_("subject"), max_length=80)
    kind = models.CharField(_("kind"), max_length=48)
    occasion = models.CharField(max_length=40, blank=True)
    # A plain number: people stand above notices.
    person_id = models.BigIntegerField(null=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    role = models.CharField(max_length=24, choices=Role.choices, blank=True)
    channel = models.CharField(_("way"), max_length=10, choices=Channel.choices)
    text = models.TextField(_("words"))
    proof = models.CharField(_("proof of delivery"), max_length=300, blank=True)
    told_at = models.DateTimeField(_("told"))
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    told_by_name = models.CharField(max_length=60)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    acknowledged_by_name = models.CharField(max_length=60, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-told_at", "-id"]
        verbose_name = _("notice")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "subject", "kind", "occasion", "person_id", "organisation", "role"],
                nulls_distinct=False,
                name="notice_once",
            ),
            models.CheckConstraint(
                condition=Q(person_id__isnull=False, organisation=None, role="") | Q(person_id=None, organisation__isnull=False),
                name="notice_has_one_addressee",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="notice_says_something"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="notice_channel_known"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["region_code", "told_at"], opclasses=["varchar_pattern_ops", "timestamptz_ops"], name="notice_by_region"
            ),
            models.Index(fields=["person_id", "told_at"], condition=Q(person_id__isnull=False), name="notice_by_person"),
            models.Index(
                fields=["organisation", "role", "told_at"],
                condition=Q(organisation__isnull=False, acknowledged_at=None),
                name="notice_by_post",
            ),
            models.Index(fields=["subject", "told_at"], name="notice_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
