"""The case itself and the history of its steps."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation, Post, User
from zhubao.access.scopes import RegionQuerySet
from zhubao.people.models import Person


class Channel(models.TextChoices):
    """How an application came in."""

    COUNTER = "counter", _("at the counter")
    ONLINE = "online", _("online")
    VILLAGE = "village", _("through the committee")
    BANK = "bank", _("at the bank")


class Route(models.TextChoices):
    """Which of a programme's courses an application takes."""

    ORDINARY = "ordinary", _("yearly draws")
    BACK_PAYMENT = "back_payment", _("one draw for past gaps")
    FINAL_YEAR = "final_year", _("pension conditions met within the year")


class CaseQuerySet(RegionQuerySet["Case"]):
    """Cases of a scope."""

    def open(self) -> "CaseQuerySet":
        """Return the cases that have not ended."""
        return self.filter(closed_at=None)


class Case(models.Model):
    """One application of one person in one programme. `state` is a name in the programme's process table.

    `region_code` is the place of insurance, `filed_on` the day of the first filing, kept when the case moves to another place.
    `steps_taken` counts the rows of the history: a page shows it, and an action that saw an older count is refused.
    """

    region_code = models.CharField(max_length=12)
    number = models.CharField(_("case number"), max_length=24, unique=True)
    policy_id = models.CharField(_("programme"), max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    state = models.CharField(_("state"), max_length=24)
    state_since = models.DateField()
    steps_taken = models.PositiveIntegerField(default=0)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    route = models.CharField(_("route"), max_length=12, choices=Route.choices, default=Route.ORDINARY)
    trial = models.BooleanField(default=False)
    agency = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    committee = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    bank = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    filed_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=Q(closed_at=None), name="one_open_case_per_person"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="case_channel_known"),
            models.CheckConstraint(condition=Q(route__in=Route.values), name="case_route_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "policy_id", "state"], name="case_by_region_and_state"),
            models.Index(fields=["agency", "state"], name="case_by_agency"),
            models.Index(fields=["bank", "state"], condition=~Q(bank=None), name="case_by_bank"),
            models.Index(fields=["committee", "state"], condition=~Q(committee=None), name="case_by_committee"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """What names the case in tasks, notices and the audit log."""
        return f"case:{self.number}"


class CaseCounter(models.Model):
    """The last case number given in one place and year."""

    region_code = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["region_code", "year"], name="case_counter_once")]

    def __str__(self) -> str:
        return f"{self.region_code} {self.year}: {self.last}"


class Step(models.Model):
    """One step taken: append-only. `start` and `end` are the states before and after; `key` makes a repeated request harmless."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
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
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "number"], name="case_step_once")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number} {self.verb}"
