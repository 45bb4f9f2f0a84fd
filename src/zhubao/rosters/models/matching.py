"""What matching a list with other records found: one difference a person and kind, open until somebody settles it; lists of events."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Organisation
from zhubao.access.roles import Role
from zhubao.access.scopes import RegionQuerySet
from zhubao.people.models import DIGEST_BYTES, Person

from .files import RosterFile
from .versions import RosterList, RosterVersion


class Enrolment(models.TextChoices):
    """Where a person of a list is insured, by the records there are."""

    HERE = "here", _("resident pension here")
    IN_CITY = "in_city", _("resident pension elsewhere in the city")
    ELSEWHERE = "elsewhere", _("resident pension in another place")
    EMPLOYEE = "employee", _("employee or institution pension")
    AGED = "aged", _("60 or older")
    NONE = "none", _("not enrolled")
    NO_RECORD = "no_record", _("no record of insurance")


class DifferenceKind(models.TextChoices):
    """What does not agree between a list and other records."""

    NOT_ENROLLED = "not_enrolled", _("not enrolled")
    IN_CITY = "in_city", _("enrolled elsewhere in the city")
    ELSEWHERE = "elsewhere", _("enrolled in another place")
    EMPLOYEE = "employee", _("in the employee scheme")
    STUDENT = "student", _("student")
    MILITARY = "military", _("in military service")
    IMPRISONED = "imprisoned", _("serving a sentence")
    DECEASED = "deceased", _("deceased")
    AGED = "aged", _("60 or older, no pension on record")
    OVERLAP = "overlap", _("on two lists")
    NAME = "name", _("number under another name")
    NUMBER = "number", _("perhaps a corrected number")
    REJECTED = "rejected", _("row cannot be used")


class Outcome(models.TextChoices):
    """How a difference was settled."""

    CORRECTED = "corrected", _("the department puts its list right")
    RECORD_WRONG = "record_wrong", _("the other record is wrong, the list stands")
    CONFIRMED = "confirmed", _("it is so: the person is left out of the plan")
    STANDS = "stands", _("it is so, and the person stays in the plan")
    ENROLLED = "enrolled", _("enrolled with our help")
    REFUSED = "refused", _("does not want to enrol, in writing")
    SAME_PERSON = "same_person", _("the same person: the number was corrected")
    OTHER_PERSON = "other_person", _("another person: both numbers are right")
    BENEFIT = "benefit", _("applies for the monthly benefit")


_EXCLUDING: Final = (Outcome.CONFIRMED, Outcome.RECORD_WRONG, Outcome.CORRECTED)
OUTCOMES: Final[dict[str, tuple[Outcome, ...]]] = {
    DifferenceKind.NOT_ENROLLED: (Outcome.ENROLLED, Outcome.REFUSED, Outcome.CORRECTED, Outcome.RECORD_WRONG),
    DifferenceKind.IN_CITY: (Outcome.STANDS, *_EXCLUDING),
    DifferenceKind.ELSEWHERE: _EXCLUDING,
    DifferenceKind.EMPLOYEE: _EXCLUDING,
    DifferenceKind.STUDENT: _EXCLUDING,
    DifferenceKind.MILITARY: _EXCLUDING,
    DifferenceKind.IMPRISONED: _EXCLUDING,
    DifferenceKind.DECEASED: _EXCLUDING,
    DifferenceKind.AGED: (Outcome.BENEFIT, *_EXCLUDING),
    DifferenceKind.OVERLAP: (Outcome.STANDS, Outcome.CORRECTED),
    DifferenceKind.NAME: (Outcome.CORRECTED, Outcome.RECORD_WRONG),
    DifferenceKind.NUMBER: (Outcome.SAME_PERSON, Outcome.OTHER_PERSON, Outcome.CORRECTED),
    DifferenceKind.REJECTED: (Outcome.CORRECTED,),
}
# After these the same finding is not asked again; after the others it is, should the next matching still find it.
LASTING: Final = (Outcome.RECORD_WRONG, Outcome.CONFIRMED, Outcome.STANDS, Outcome.REFUSED, Outcome.OTHER_PERSON)


class DifferenceState(models.TextChoices):
    """Whether a difference still waits for somebody."""

    OPEN = "open", _("to be cleared up")
    SETTLED = "settled", _("cleared up")
    GONE = "gone", _("no longer found")


class DifferenceQuerySet(RegionQuerySet["Difference"]):
    """Differences of a scope."""

    def open(self) -> "DifferenceQuerySet":
        """Those that wait for somebody."""
        return self.filter(state=DifferenceState.OPEN)


class Difference(models.Model):
    """One person of a list for whom other records say something else; the list's newest version that showed it is `version`.

    `detail` is what was found: a place, a day, a name; `other` the other list of an overlap and `prevailing` the category that
    is paid by the documents' order, `prevailing_by` the clause or question it rests on. `role` and `organisation` owe the answer.
    """

    region_code = models.CharField(max_length=12)
    roster = models.ForeignKey(RosterList, models.PROTECT, related_name="differences")
    version = models.ForeignKey(RosterVersion, models.PROTECT, related_name="differences")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="roster_differences")
    number_index = models.BinaryField(max_length=DIGEST_BYTES)
    number_masked = models.CharField(_("citizen number"), max_length=18)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    kind = models.CharField(_("difference"), max_length=12, choices=DifferenceKind.choices)
    detail = models.CharField(_("found"), max_length=200, blank=True)
    other = models.ForeignKey(RosterList, models.PROTECT, null=True, related_name="+")
    prevailing = models.CharField(max_length=40, blank=True)
    prevailing_by = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=24, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    found_on = models.DateField(_("found on"))
    found_at = models.DateTimeField()
    due_on = models.DateField(_("due"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=DifferenceState.choices, default=DifferenceState.OPEN)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    evidence = models.CharField(_("evidence"), max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference")
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["roster", "number_index", "kind"], condition=Q(state=DifferenceState.OPEN), name="roster_difference_once"
            ),
            models.CheckConstraint(name="roster_difference_kind_known", condition=Q(kind__in=DifferenceKind.values)),
            models.CheckConstraint(
                name="roster_difference_settled_with_reason",
                condition=~Q(state=DifferenceState.SETTLED) | (~Q(outcome="") & ~Q(reason="") & Q(settled_by__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["roster", "state", "kind"], name="roster_difference_by_state"),
            models.Index(
                fields=["region_code", "state"],
                opclasses=["varchar_pattern_ops", "varchar_ops"],
                name="roster_difference_by_place",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The name under which audit and tasks speak of the difference."""
        return f"roster-difference:{self.pk}"

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How it may be settled."""
        return OUTCOMES[self.kind]


class EventKind(models.TextChoices):
    """What a list of events tells of the people on it."""

    DEATH = "death", _("deaths")
    PRISON = "prison", _("people serving a sentence")
    STUDY = "study", _("students")
    SERVICE = "service", _("people in military service")


class Sender(models.TextChoices):
    """Whose list of events it is."""

    HEALTH = "health", _("health commission")
    JUSTICE = "justice", _("justice and police")
    EDUCATION = "education", _("education bureau")
    VETERANS = "veterans", _("armed forces department")
    MEDICAL = "medical", _("medical insurance bureau")
    CIVIL_AFFAIRS = "civil_affairs", _("civil affairs (funerals)")


class EventListQuerySet(RegionQuerySet["EventList"]):
    """Lists of events of a scope."""


class EventList(models.Model):
    """A list of deaths, prisoners, students or soldiers another office gave, entered by the agency; the same file counts once."""

    region_code = models.CharField(max_length=12)
    kind = models.CharField(_("what it lists"), max_length=8, choices=EventKind.choices)
    sender = models.CharField(_("from"), max_length=16, choices=Sender.choices)
    file = models.ForeignKey(RosterFile, models.PROTECT, related_name="+")
    listed_on = models.DateField(_("as of"))
    rows_count = models.PositiveIntegerField(_("people"), default=0)
    rejected_count = models.PositiveIntegerField(_("rejected rows"), default=0)
    known_count = models.PositiveIntegerField(_("in the register"), default=0)
    received_at = models.DateTimeField(_("handed in"))
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = EventListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of events")
        ordering: ClassVar = ["-received_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "kind", "file"], name="event_list_once"),
            models.CheckConstraint(name="event_list_kind_known", condition=Q(kind__in=EventKind.values)),
        ]

    def __str__(self) -> str:
        return f"event-list:{self.pk}"


class EventRow(models.Model):
    """One person on a list of events with the days it gives; kept also for people not in the register, who may come later."""

    listing = models.ForeignKey(EventList, models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField(_("row"))
    number_index = models.BinaryField(max_length=DIGEST_BYTES)
    number_masked = models.CharField(_("citizen number"), max_length=18)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    starts_on = models.DateField(_("from"), null=True)
    ends_on = models.DateField(_("to"), null=True)

    objects = models.Manager["EventRow"]()

    class Meta:
        verbose_name = _("row of a list of events")
        ordering: ClassVar = ["listing", "row"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["listing", "number_index"], name="event_row_once")]
        indexes: ClassVar = [models.Index(fields=["number_index"], name="event_row_by_number")]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.row}"
