"""Snapshots: the facts a decision was made on, sealed. The table takes new rows and nothing else."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhubao.access.scopes import RegionQuerySet
from zhubao.people.models import Person


class SnapshotQuerySet(RegionQuerySet["Snapshot"]):
    """Snapshots of a scope."""


class Snapshot(models.Model):
    """What was known of a person when a policy was asked about them, and what it answered.

    `facts`, `stated` and `result` are archives, never queried: the facts with their sources, those of them that the asker added, and the
    whole answer in the shape of the JSON contract. `known_at` is the moment whose parameter book was used; `edition` names the text of
    the policy's rules, `engine_version` the program. `sha256` seals them all.
    """

    region_code = models.CharField(max_length=12)
    person = models.ForeignKey(Person, models.PROTECT, related_name="snapshots")
    policy_id = models.CharField(_("policy"), max_length=40)
    on = models.DateField(_("day"))
    known_at = models.DateTimeField()
    facts = models.JSONField()
    stated = models.JSONField(default=dict)
    result = models.JSONField()
    verdict = models.CharField(_("verdict"), max_length=20)
    edition = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made"))

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "sha256"], name="snapshot_once"),
            models.CheckConstraint(
                name="snapshot_verdict_known",
                condition=models.Q(verdict__in=("met", "not_met", "evidence_missing", "to_be_decided")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "person", "policy_id"], name="snapshot_by_person")]

    def __str__(self) -> str:
        return f"snapshot:{self.pk}"

    @property
    def decisions(self) -> dict[str, str]:
        """Return the verdict per decision of the document (Jiangxi decides the loan and the subsidy)."""
        decisions: dict[str, str] = self.result["decisions"]
        return decisions
