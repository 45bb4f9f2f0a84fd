"""What the applicant states and brings: the form's own fields, the family, the papers."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Organisation, User

from .case import Case


class Application(models.Model):
    """The application form of a case; a date that is empty says that the act has not been done.

    `category` is the hardship the applicant names, an identity of the policy. `late_reason` explains a filing outside the window,
    `late_allowed_by` the official who let it pass (A-ALL-12). `subsidy_waived_on`: the applicant gives up the social insurance
    subsidy from that day (A-RG-7). Money in fen.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="application")
    category = models.CharField(_("hardship"), max_length=40, blank=True)
    certificate = models.CharField(_("certificate number"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=160, blank=True)
    former_employer = models.CharField(_("former employer"), max_length=120, blank=True)
    months_asked = models.PositiveSmallIntegerField(_("months asked for"), null=True, blank=True)
    amount_asked_fen = models.BigIntegerField(_("amount asked for"), null=True, blank=True)
    years_asked = models.PositiveSmallIntegerField(_("years"), null=True, blank=True)
    tier_fen = models.BigIntegerField(_("tier chosen"), null=True, blank=True)
    back_payable_months = models.PositiveSmallIntegerField(_("months of past gaps"), null=True, blank=True)
    deemed_months_claimed = models.PositiveSmallIntegerField(_("deemed months claimed"), null=True, blank=True)
    children = models.PositiveSmallIntegerField(_("children"), null=True, blank=True)
    inability_declared_on = models.DateField(_("declaration of inability to pay"), null=True, blank=True)
    truth_declared_on = models.DateField(_("declaration of truth"), null=True, blank=True)
    sharing_agreed_on = models.DateField(_("agreement to share data"), null=True, blank=True)
    subsidy_waived_on = models.DateField(_("social insurance subsidy given up"), null=True, blank=True)
    signed_on = models.DateField(_("signed"), null=True, blank=True)
    signed_how = models.CharField(
        max_length=12, blank=True, choices=[("paper", _("on paper")), ("electronic", _("electronically"))]
    )
    fingerprint = models.BooleanField(_("fingerprint"), default=False)
    assisted = models.BooleanField(_("filled in with help at the counter"), default=False)
    bank_wanted = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    late_reason = models.TextField(_("why outside the window"), blank=True)
    late_allowed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_asked_fen=None) | Q(amount_asked_fen__gt=0), name="amount_asked_positive"),
            models.CheckConstraint(condition=Q(tier_fen=None) | Q(tier_fen__gt=0), name="tier_chosen_positive"),
        ]

    def __str__(self) -> str:
        return f"application {self.case_id}"


class FamilyMember(models.Model):
    """A member of the household as the form lists them; `able` and `employed` count towards a family without employment."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="family")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=40)
    relation = models.CharField(_("relation"), max_length=20)
    born = models.DateField(_("born"), null=True, blank=True)
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    able = models.BooleanField(_("of working age and able"), null=True, blank=True)
    employed = models.BooleanField(_("employed"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "name", "relation"], name="family_member_once")]

    def __str__(self) -> str:
        return self.name


class Attachment(models.Model):
    """A paper: a scan that was sent, or an original that somebody saw at the counter (then without a file)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    kind = models.CharField(_("paper"), max_length=32)
    name = models.CharField(_("file name"), max_length=200, blank=True)
    size = models.PositiveIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    stored_as = models.CharField(max_length=160, blank=True)
    original_seen_on = models.DateField(_("original seen"), null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind", "sha256"], condition=Q(removed_at=None) & ~Q(sha256=""), name="attachment_once"
            ),
            models.CheckConstraint(condition=~Q(sha256="") | ~Q(original_seen_on=None), name="attachment_file_or_original"),
        ]

    def __str__(self) -> str:
        return self.name or self.kind

    @property
    def path(self) -> Path:
        """Where the bytes are kept."""
        return Path(settings.MEDIA_ROOT) / self.stored_as
