"""Requests for a service, with the way they came in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..courses import Course, CourseQuerySet, CourseStep, declare_tasks
from .course import PROCESS

# A queue and a supervision notice name a task wherever the tables are known.
declare_tasks(PROCESS)


class Service(models.TextChoices):
    """What is asked for here; a pension is claimed in its own course (`benefits`)."""

    ENROL = "enrol", _("enrol in the residents' pension")
    AUTHENTICATE = "authenticate", _("prove that I draw my pension (yearly)")


class Proof(models.TextChoices):
    """How somebody's identity was proven."""

    FINGERPRINT = "fingerprint", pgettext_lazy("proof", "fingerprint")
    FACE = "face", _("face on the telephone")
    SEEN = "seen", _("seen in person")


class ServiceRequest(Course):
    """One request; `online`: the person asked from home, else an office took it in. `proof` only of an identity that was proven."""

    PROCESS = PROCESS
    PREFIX = "self-service"

    service = models.CharField(_("service"), max_length=12, choices=Service.choices)
    online = models.BooleanField(pgettext_lazy("request", "online"))
    asked_on = models.DateField(_("asked"))
    proof = models.CharField(_("how proven"), max_length=12, blank=True)

    objects = CourseQuerySet["ServiceRequest"].as_manager()

    class Meta:
        verbose_name = _("service asked for")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "service"], condition=Q(state="open"), name="service_request_once"),
            models.CheckConstraint(name="service_known", condition=Q(service__in=Service.values)),
            models.CheckConstraint(name="service_state_known", condition=Q(state__in=[state.name for state in PROCESS.states])),
            models.CheckConstraint(
                name="identity_proven_somehow",
                condition=~Q(service=Service.AUTHENTICATE, state="done") | Q(proof__in=Proof.values),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["region_code", "state"], name="service_by_region", opclasses=["varchar_pattern_ops", "varchar_ops"]
            ),
        ]


class ServiceRequestStep(CourseStep):
    """A step of a request."""

    course = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="steps")

    objects = models.Manager["ServiceRequestStep"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "number"], name="service_step_number_once"),
            models.UniqueConstraint(fields=["course", "key"], name="service_step_once"),
        ]
