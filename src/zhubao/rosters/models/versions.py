"""A department's list of one category as a series of versions: rows, rejected rows, and what changed since the version before.

A version is never edited. A later correction is another version; a draft that should not have been handed in is withdrawn and stays.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Organisation
from zhubao.access.scopes import RegionQuerySet
from zhubao.people.models import DIGEST_BYTES, Person
from zhubao.policies.person import DEPARTMENTS

from .files import RosterFile


class RosterListQuerySet(RegionQuerySet["RosterList"]):
    """Lists of a scope."""


class RosterList(models.Model):
    """The list of one category that one department keeps for a county, month by month."""

    region_code = models.CharField(max_length=12)
    category = models.CharField(_("category"), max_length=40)
    certifier = models.CharField(_("certifying department"), max_length=24)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    objects = RosterListQuerySet.as_manager()

    class Meta:
        verbose_name = _("department's list")
        ordering: ClassVar = ["region_code", "certifier", "category"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "category", "certifier"], name="roster_list_once"),
            models.CheckConstraint(name="roster_list_certifier_known", condition=Q(certifier__in=DEPARTMENTS)),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The name under which audit and tasks speak of the list."""
        return f"roster-list:{self.pk}"


class VersionState(models.TextChoices):
    """How far a version has come."""

    RECEIVED = "received", _("being read")
    REFUSED = "refused", _("cannot be read")
    DRAFT = "draft", _("to be certified")
    ASKING = "asking", _("waits for a second person")
    CERTIFIED = "certified", _("certified")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN_STATES = (VersionState.RECEIVED, VersionState.DRAFT, VersionState.ASKING)


class RosterVersionQuerySet(RegionQuerySet["RosterVersion"]):
    """Versions of a scope."""

    region_path = "roster__region_code"

    def standing(self) -> "RosterVersionQuerySet":
        """Those that were certified and whose people are entered."""
        return self.filter(state=VersionState.CERTIFIED, entered_at__isnull=False)


class RosterVersion(models.Model):
    """One hand-in of a list: whom it names as of `listed_on`, who answers for it, and how it differs from the `previous` one.

    Counts are of people: `entered`, `returned` (was on the list before), `moved` (from or to another list of the department), `left`,
    `changed` (other data), `held` (not on it, but a rejected row may be theirs). `loss_percent` is the setting that was in force, and
    `loss_question` the open question while nobody has decided it. `entered_at`: identities were entered; `matched_at`: last matched.
    """

    roster = models.ForeignKey(RosterList, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    file = models.ForeignKey(RosterFile, models.PROTECT, related_name="+")
    listed_on = models.DateField(_("as of"))
    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=10, choices=VersionState.choices, default=VersionState.RECEIVED)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="following")
    fault = models.TextField(blank=True)
    fault_en = models.TextField(blank=True)
    rows_count = models.PositiveIntegerField(_("people"), default=0)
    rejected_count = models.PositiveIntegerField(_("rejected rows"), default=0)
    entered_count = models.PositiveIntegerField(_("entered"), default=0)
    returned_count = models.PositiveIntegerField(_("came back"), default=0)
    moved_count = models.PositiveIntegerField(_("category changed"), default=0)
    left_count = models.PositiveIntegerField(_("left"), default=0)
    changed_count = models.PositiveIntegerField(_("data changed"), default=0)
    held_count = models.PositiveIntegerField(_("held"), default=0)
    loss_percent = models.PositiveSmallIntegerField(default=0)
    loss_question = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField(_("handed in"))
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True)
    statement = models.CharField(_("statement"), max_length=300, blank=True)
    certified_at = models.DateTimeField(_("certified"), null=True)
    certified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    loss_reason = models.CharField(_("reason for the loss"), max_length=300, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(null=True)
    matched_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects = RosterVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a list")
        ordering: ClassVar = ["roster", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["roster", "number"], name="roster_version_number_once"),
            models.UniqueConstraint(
                fields=["roster", "file", "month"],
                condition=~Q(state__in=(VersionState.WITHDRAWN, VersionState.REFUSED)),
                name="roster_version_file_once",
            ),
            models.UniqueConstraint(fields=["roster"], condition=Q(state__in=OPEN_STATES), name="roster_version_one_open"),
            models.CheckConstraint(name="roster_version_state_known", condition=Q(state__in=VersionState.values)),
            models.CheckConstraint(
                name="roster_version_answered_for",
                condition=~Q(state__in=(VersionState.ASKING, VersionState.CERTIFIED))
                | (Q(certified_at__isnull=False, certified_by__isnull=False) & ~Q(statement="")),
            ),
            models.CheckConstraint(
                name="roster_version_second_person",
                condition=Q(confirmed_by=None) | (~Q(confirmed_by=F("certified_by")) & ~Q(loss_reason="")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["roster", "month", "state"], name="roster_version_by_month")]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The name under which audit and tasks speak of the version."""
        return f"roster-version:{self.pk}"

    @property
    def region_code(self) -> str:
        """The county of the list."""
        return self.roster.region_code

    @property
    def open(self) -> bool:
        """Whether the version may still be certified or withdrawn."""
        return self.state in OPEN_STATES


class RosterRow(models.Model):
    """One person on a version, as the file names them; `row` is the row in the file's `sheet`.

    `region_code` is the village, or as much of it as is known here. `person` is empty while the number is not in the register.
    `enrolment` is what the last matching found (see `Enrolment`).
    """

    version = models.ForeignKey(RosterVersion, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=80, blank=True)
    row = models.PositiveIntegerField(_("row"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    number_index = models.BinaryField(max_length=DIGEST_BYTES)
    number_masked = models.CharField(_("citizen number"), max_length=18)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    born = models.DateField(_("born"))
    region_code = models.CharField(max_length=12)
    township = models.CharField(_("township"), max_length=60, blank=True)
    village = models.CharField(_("village or community"), max_length=60, blank=True)
    starts_on = models.DateField(_("from"), null=True)
    ends_on = models.DateField(_("to"), null=True)
    grade = models.PositiveSmallIntegerField(_("grade of disability"), null=True)
    certificate = models.CharField(_("certificate"), max_length=60, blank=True)
    account_sealed = models.BinaryField(null=True)
    account_index = models.BinaryField(max_length=DIGEST_BYTES, null=True)
    account_last_four = models.CharField(_("bank account"), max_length=4, blank=True)
    enrolment = models.CharField(_("enrolment"), max_length=16, blank=True)

    objects = models.Manager["RosterRow"]()

    class Meta:
        verbose_name = _("row of a list")
        ordering: ClassVar = ["version", "row"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "number_index"], name="roster_row_once")]
        indexes: ClassVar = [
            models.Index(fields=["version", "person"], name="roster_row_by_person"),
            models.Index(fields=["version", "region_code"], name="roster_row_by_place"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.row}"


class RejectedRow(models.Model):
    """A row of a version that cannot be used: the cell, what stands in it (numbers masked), why, and how to put it right."""

    version = models.ForeignKey(RosterVersion, models.CASCADE, related_name="rejected_rows")
    sheet = models.CharField(max_length=80, blank=True)
    row = models.PositiveIntegerField(_("row"))
    cell = models.CharField(_("cell"), max_length=12)
    column = models.CharField(_("column"), max_length=60, blank=True)
    content = models.CharField(_("content"), max_length=120, blank=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60, blank=True)
    number_index = models.BinaryField(max_length=DIGEST_BYTES, null=True)
    code = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    reason_en = models.CharField(max_length=200)
    remedy = models.CharField(max_length=200, blank=True)
    remedy_en = models.CharField(max_length=200, blank=True)

    objects = models.Manager["RejectedRow"]()

    class Meta:
        verbose_name = _("rejected row")
        ordering: ClassVar = ["version", "sheet", "row", "id"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.cell}"


class ChangeKind(models.TextChoices):
    """How a person's place on a version differs from the version before."""

    ENTERED = "entered", _("newly listed")
    RETURNED = "returned", _("came back")
    MOVED_IN = "moved_in", _("category changed: from another list")
    MOVED_OUT = "moved_out", _("category changed: to another list")
    LEFT = "left", _("left")
    CHANGED = "changed", _("data changed")
    HELD = "held", _("held: a rejected row may be theirs")


class RosterChange(models.Model):
    """One person for whom a version differs from the one before; whoever is the same has no row here.

    `row` is the person's row on the new version, `before` on the old one. `fields` names the columns that changed, `other_category`
    the other list of the department where the person's category changed.
    """

    version = models.ForeignKey(RosterVersion, models.CASCADE, related_name="changes")
    kind = models.CharField(_("change"), max_length=10, choices=ChangeKind.choices)
    row = models.ForeignKey(RosterRow, models.CASCADE, null=True, related_name="+")
    before = models.ForeignKey(RosterRow, models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="roster_changes")
    fields = ArrayField(models.CharField(max_length=16), default=list)
    other_category = models.CharField(max_length=40, blank=True)

    objects = models.Manager["RosterChange"]()

    class Meta:
        verbose_name = _("change of a list")
        ordering: ClassVar = ["version", "kind", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="roster_change_kind_known", condition=Q(kind__in=ChangeKind.values)),
            models.CheckConstraint(name="roster_change_of_a_row", condition=Q(row__isnull=False) | Q(before__isnull=False)),
        ]
        indexes: ClassVar = [models.Index(fields=["version", "kind"], name="roster_change_by_kind")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.kind}"
