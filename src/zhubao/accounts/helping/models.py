"""People who are to be helped to enrol."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..courses import Course, CourseQuerySet, CourseStep, declare_tasks
from .course import PROCESS

# A queue and a supervision notice name a task wherever the tables are known.
declare_tasks(PROCESS)


class HelpGround(models.TextChoices):
    """Why somebody is to be helped."""

    ROSTER = "roster", _("on a roster, in no pension scheme")
    FLEXIBLE = "flexible", _("flexible worker, in no pension scheme")
    RESIDENT = "resident", _("resident on record in no pension scheme")


class EnrolmentHelp(Course):
    """One person who is in no pension scheme; open once at a time. `category` is the roster's, "" for a flexible worker."""

    PROCESS = PROCESS
    PREFIX = "enrolment-help"

    ground = models.CharField(_("why"), max_length=10, choices=HelpGround.choices)
    category = models.CharField(_("category"), max_length=40, blank=True)
    found_on = models.DateField(_("found"))
    contacts = models.PositiveSmallIntegerField(_("contacts"), default=0)
    scheme = models.CharField(_("scheme"), max_length=20, blank=True)
    place = models.CharField(_("where insured"), max_length=100, blank=True)

    objects = CourseQuerySet["EnrolmentHelp"].as_manager()

    class Meta:
        verbose_name = _("help to enrol")
        ordering: ClassVar = ["region_code", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=~Q(state="closed"), name="enrolment_help_once"),
            models.CheckConstraint(name="enrolment_help_ground_known", condition=Q(ground__in=HelpGround.values)),
            models.CheckConstraint(
                name="enrolment_help_state_known", condition=Q(state__in=[state.name for state in PROCESS.states])
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["region_code", "state"], name="enrolment_help_by_region", opclasses=["varchar_pattern_ops", "varchar_ops"]
            ),
        ]


class EnrolmentHelpStep(CourseStep):
    """A step of helping somebody."""

    course = models.ForeignKey(EnrolmentHelp, models.CASCADE, related_name="steps")

    objects = models.Manager["EnrolmentHelpStep"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "number"], name="enrolment_help_step_number_once"),
            models.UniqueConstraint(fields=["course", "key"], name="enrolment_help_step_once"),
        ]
