"""The yearly verification: the run of a region and a year, the rosters it rests on, and what it found of every loan.

A loan has one finding a year. While nobody has decided it a later run may renew it; what was decided stays.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Post, User
from zhubao.access.scopes import RegionQuerySet
from zhubao.people.models import CategoryList, Identity
from zhubao.policies.person import DEPARTMENTS

from ..states import PROCESSES
from .loan import Loan


class Finding(models.TextChoices):
    """What the rosters say of a loan's subsidy; in Rugao of its further draws."""

    KEEP = "keep", _("goes on")
    LOSE = "lose", _("is lost")
    REGAIN = "regain", _("begins")
    UNKNOWN = "unknown", _("evidence missing")


class Ground(models.TextChoices):
    """Why a finding is what it is."""

    ON_ROSTER = "on_roster", _("on the roster")
    ENDED = "ended", _("certified until a day that is past")
    OFF_ROSTER = "off_roster", _("on no roster")
    NOT_UNEMPLOYED = "not_unemployed", _("on the roster, but no longer unemployed")
    ROSTER_MISSING = "roster_missing", _("the roster of the department is missing")
    FACT_MISSING = "fact_missing", _("on the roster; a further fact is not known")
    REEMPLOYED = "reemployed", _("works again")
    IMPROVED = "improved", _("no longer in hardship by the rosters")
    NOT_APPLIED = "not_applied", _("did not apply for a renewal")
    RENEWAL = "renewal", _("a renewal is in hand")


class ProposalState(models.TextChoices):
    """How far a finding has come."""

    PROPOSED = "proposed", _("to be decided")
    CONFIRMED = "confirmed", _("confirmed")
    CHANGED = "changed", _("confirmed from another day")
    REJECTED = "rejected", pgettext_lazy("finding", "rejected")


# What a person may still decide, and into what; a decision is final (a mistake is put right by an event of its own).
DECISIONS: dict[str, tuple[str, ...]] = {
    ProposalState.PROPOSED: (ProposalState.CONFIRMED, ProposalState.CHANGED, ProposalState.REJECTED),
    ProposalState.CONFIRMED: (),
    ProposalState.CHANGED: (),
    ProposalState.REJECTED: (),
}


class VerificationRun(models.Model):
    """One look at the loans of a programme in a region for a year, resting on certain rosters.

    `rosters_digest` names those rosters: the same again is the same run. `finished_at` is None while it runs or after it was killed.
    `effect_on`: the day a result takes effect where nothing else is agreed. `fresh_from`: a list or certificate older than that is no
    evidence. `horizon_from`, `measured_at`: the first of the twelve months the budget looks at, and when its figures were complete.
    """

    region_code = models.CharField(max_length=12)
    policy_id = models.CharField(_("programme"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    as_of = models.DateField(_("as of"))
    effect_on = models.DateField(_("takes effect"))
    fresh_from = models.DateField()
    rosters_digest = models.CharField(max_length=64)
    loss_percent = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(_("started"))
    started_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    started_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    finished_at = models.DateTimeField(null=True)
    measured_at = models.DateTimeField(null=True)
    looked_at = models.PositiveIntegerField(_("loans"), default=0)

    objects = RegionQuerySet["VerificationRun"].as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "-started_at", "-pk"]
        verbose_name = _("verification")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "policy_id", "year", "rosters_digest"], name="verification_once_for_its_rosters"
            ),
            models.CheckConstraint(name="verification_policy_known", condition=Q(policy_id__in=list(PROCESSES))),
            models.CheckConstraint(name="verification_percent", condition=Q(loss_percent__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.policy_id} {self.year}"

    @property
    def subject(self) -> str:
        """The name under which audit and tasks speak of it."""
        return f"verification:{self.pk}"


class VerificationRoster(models.Model):
    """A roster a run asked for: the newest complete list of one category by one department, or that there is none (`listing` None).

    `used`: it is recent enough to be evidence.
    """

    run = models.ForeignKey(VerificationRun, models.CASCADE, related_name="rosters")
    category = models.CharField(max_length=40)
    certifier = models.CharField(max_length=24)
    listing = models.ForeignKey(CategoryList, models.PROTECT, null=True, related_name="+")
    used = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["certifier", "category", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "category", "certifier", "listing"], nulls_distinct=False, name="verification_roster_once"
            ),
            models.CheckConstraint(name="verification_roster_is_there", condition=Q(used=False) | Q(listing__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.certifier} {self.category}"


class VerificationCertifier(models.Model):
    """What a run comes to for the people of one department ("" where no department's word is on record).

    `suspicious`: more of them are lost by the rosters than a faulty roster should be able to cost; nothing of the run is decided before
    somebody accepted that with a reason.
    """

    run = models.ForeignKey(VerificationRun, models.CASCADE, related_name="certifiers")
    certifier = models.CharField(max_length=24, blank=True)
    kept = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    regained = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    suspicious = models.BooleanField(default=False)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    accepted_name = models.CharField(max_length=60, blank=True)
    accepted_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["certifier"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "certifier"], name="verification_certifier_once"),
            models.CheckConstraint(name="verification_certifier_known", condition=Q(certifier__in=["", *DEPARTMENTS])),
            models.CheckConstraint(
                name="verification_accepted_with_reason", condition=Q(accepted_at=None) | ~Q(accepted_reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.certifier}"


class ProposalQuerySet(RegionQuerySet["VerificationProposal"]):
    """Findings of a scope."""

    def open(self) -> "ProposalQuerySet":
        """Those that wait for a decision; what is unknown waits for evidence instead."""
        return self.filter(state=ProposalState.PROPOSED).exclude(finding=Finding.UNKNOWN)

    def moving(self) -> "ProposalQuerySet":
        """Those that change something when they are confirmed."""
        return self.filter(finding__in=(Finding.LOSE, Finding.REGAIN))


class VerificationProposal(models.Model):
    """What was found of one loan in a year, on which basis, and what became of it.

    `identity`: the certified identity it rests on, with its own place in the roster; `category`, `certifier`, `ended_on` are what that
    said then. `proposed_on`: the day it would take effect, None where nothing changes; `effective_on`: the day decided. `borne_fen` and
    `borne_after_fen`: interest of the twelve months of the budget that finance bears as it stands, and with the finding carried out.
    """

    # Written by one statement out of the tables they point to, where nothing is ever deleted: a million look-ups less.
    run = models.ForeignKey(VerificationRun, models.PROTECT, related_name="proposals", db_index=False, db_constraint=False)
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="verifications", db_index=False, db_constraint=False)
    region_code = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    finding = models.CharField(_("finding"), max_length=10, choices=Finding.choices)
    ground = models.CharField(_("reason"), max_length=16, choices=Ground.choices)
    identity = models.ForeignKey(Identity, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False)
    category = models.CharField(max_length=40, blank=True)
    certifier = models.CharField(max_length=24, blank=True)
    ended_on = models.DateField(_("certified until"), null=True)
    proposed_on = models.DateField(_("from"), null=True)
    borne_fen = models.BigIntegerField(null=True)
    borne_after_fen = models.BigIntegerField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    effective_on = models.DateField(_("decided from"), null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_name = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan", "year"], name="verified_once_a_year"),
            models.CheckConstraint(name="verification_finding_known", condition=Q(finding__in=Finding.values)),
            models.CheckConstraint(name="verification_ground_known", condition=Q(ground__in=Ground.values)),
            models.CheckConstraint(name="verification_state_known", condition=Q(state__in=ProposalState.values)),
            models.CheckConstraint(
                name="verification_unknown_is_not_decided",
                condition=~Q(finding=Finding.UNKNOWN) | Q(state=ProposalState.PROPOSED),
            ),
            models.CheckConstraint(
                name="verification_decided_by_somebody",
                condition=Q(state=ProposalState.PROPOSED, decided_at=None) | (Q(decided_at__isnull=False) & ~Q(decided_name="")),
            ),
            models.CheckConstraint(
                name="verification_other_decision_has_a_reason",
                condition=~Q(state__in=(ProposalState.CHANGED, ProposalState.REJECTED)) | ~Q(reason=""),
            ),
        ]
        indexes: ClassVar = [
            # Eight of ten go on as they are, and nobody looks for them one by one.
            models.Index(fields=["run", "finding", "state"], name="verification_moving", condition=~Q(finding=Finding.KEEP))
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.year} {self.finding}"

    @property
    def key(self) -> str:
        """The key of what its confirmation enters on the loan."""
        return f"verification:{self.year}"


class VerificationObjection(models.Model):
    """What a borrower objected to a decided finding, heard and answered once by the supervising bureau; added, never changed."""

    proposal = models.OneToOneField(VerificationProposal, models.PROTECT, related_name="objection", db_constraint=False)
    said = models.CharField(max_length=2000)
    filed_on = models.DateField()
    upheld = models.BooleanField()
    answer = models.CharField(max_length=500)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_name = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="verification_objection_answered", condition=~Q(said="") & ~Q(answer="")),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.upheld}"
