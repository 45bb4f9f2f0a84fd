"""Roster files as departments sent them, and screenings of several files by one policy on one day.

A screening keeps its rows as Parquet files in its own folder, not as database rows: they are read whole, filtered and exported, never
changed (see `results`). What has to be found, counted or refused by the database stands in columns here.
"""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation
from zhubao.access.scopes import RegionQuerySet


class RosterFileQuerySet(RegionQuerySet["RosterFile"]):
    """Roster files of a scope."""


class FileState(models.TextChoices):
    """How far the reading of a file has come."""

    RECEIVED = "received", _("being read")
    READ = "read", _("read")
    REFUSED = "refused", _("cannot be read")


class RosterFile(models.Model):
    """One file a department or the agency handed in. The same bytes handed in again for one region are the same row.

    `sheets` says what the reading found: a list of sheets with kind, header row, column mapping and counts.
    """

    region_code = models.CharField(max_length=12)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("file name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=24, blank=True)
    insured = models.BooleanField(_("insured persons' file"), default=False)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("size"))
    stored_as = models.CharField(max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=FileState.choices, default=FileState.RECEIVED)
    fault = models.TextField(blank=True)
    fault_en = models.TextField(blank=True)
    sheets = models.JSONField(default=list)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    received_at = models.DateTimeField(_("received"))
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = RosterFileQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-received_at", "-id"]
        verbose_name = _("roster file")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "sha256"], name="roster_file_once"),
            models.CheckConstraint(condition=models.Q(state__in=FileState.values), name="roster_file_state_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the bytes are kept."""
        return Path(settings.MEDIA_ROOT) / self.stored_as


class ScreeningQuerySet(RegionQuerySet["Screening"]):
    """Screenings of a scope."""


class ScreeningState(models.TextChoices):
    """How far a screening has come."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Screening(models.Model):
    """Several roster files judged by one policy on one day, with the parameter book of `figures_known_at`."""

    region_code = models.CharField(max_length=12)
    policy_id = models.CharField(_("policy"), max_length=40)
    on = models.DateField(_("day"))
    files = models.ManyToManyField(RosterFile, related_name="screenings")
    other_region = models.BooleanField(_("accept files of people first registered elsewhere"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=ScreeningState.choices, default=ScreeningState.WAITING)
    stage = models.CharField(max_length=40, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    fault = models.TextField(blank=True)
    fault_en = models.TextField(blank=True)
    persons = models.PositiveIntegerField(_("persons"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    summary = models.JSONField(default=dict)
    figures_known_at = models.DateTimeField()
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        verbose_name = _("screening")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=ScreeningState.values), name="screening_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.on}"

    @property
    def folder(self) -> Path:
        """Where result files are kept."""
        return Path(settings.MEDIA_ROOT) / "screenings" / str(self.pk)

    @property
    def percent(self) -> int:
        """How much of the present stage is done, 0 to 100."""
        return 100 if self.state == ScreeningState.DONE else self.done * 100 // self.total if self.total else 0
