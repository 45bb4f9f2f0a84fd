"""Things to do. A row is open until `closed_at`; one subject has at most one open task of a kind."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation
from zhubao.access.roles import Role
from zhubao.access.scopes import RegionQuerySet
from zhubao.language import Text

from .kinds import title_of


class TaskQuerySet(RegionQuerySet["Task"]):
    """Tasks of a scope."""

    def open(self) -> "TaskQuerySet":
        """Those not yet done."""
        return self.filter(closed_at=None)

    def by_due_date(self) -> "TaskQuerySet":
        """Order by the due date, the earliest first; those without one come last, the oldest of them first."""
        return self.order_by(F("due_on").asc(nulls_last=True), "id")

    def to_list(self) -> "TaskQuerySet":
        """Read how a day was counted as text, in `counted`: a page shows few counts many times."""
        return self.defer("due_arithmetic").annotate(counted=Cast("due_arithmetic", models.TextField()))


class Task(models.Model):
    """One thing to do about one subject (``case:12``), by a post of one role.

    With an `organisation` it is that organisation's; without one it is for every post of the role whose scope covers the region.
    `due_on` is the last day in time. `due_arithmetic` keeps how that day was counted (an archive, never queried); `provisional`
    is the id of the open question while the number of days is a default that nobody decided.
    """

    region_code = models.CharField(max_length=12)
    kind = models.CharField(_("kind"), max_length=48)
    subject = models.CharField(_("subject"), max_length=80)
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    due_on = models.DateField(_("due"), null=True)
    due_arithmetic = models.JSONField(default=dict)
    provisional = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "subject", "kind"], condition=Q(closed_at=None), name="open_task_once"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="task_role_known"),
        ]
        # A scope is a prefix of the region code: only the pattern operators let an index answer that in every collation.
        indexes: ClassVar = [
            models.Index(
                fields=["region_code", "role", "due_on"],
                opclasses=["varchar_pattern_ops", "varchar_ops", "date_ops"],
                condition=Q(closed_at=None),
                name="task_by_region",
            ),
            # A page of a queue is read in the order of an index and stops after its lines; its kinds are counted in another.
            models.Index(
                fields=["organisation", "role", "due_on", "id"], condition=Q(closed_at=None), name="task_by_organisation"
            ),
            models.Index(
                fields=["organisation", "role", "kind", "due_on"], condition=Q(closed_at=None), name="task_kinds_of_organisation"
            ),
            models.Index(fields=["role", "due_on", "id"], condition=Q(closed_at=None), name="task_by_due_date"),
            models.Index(
                fields=["role", "kind", "region_code", "due_on"],
                opclasses=["varchar_ops", "varchar_ops", "varchar_pattern_ops", "date_ops"],
                condition=Q(closed_at=None, organisation=None),
                name="task_kinds_of_region",
            ),
            models.Index(fields=["subject", "opened_at"], name="task_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def title(self) -> Text:
        """What is to be done, in a few words."""
        return title_of(self.kind)
