"""What records beside a loan share: where one stands, the person's statement and its period, and who took which step."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Organisation, Post, User


class BesideRecord(models.Model):
    """One record about a person and a loan with a course of its own; the loan goes on by its own rows.

    `statement_until` is the last day for a statement, counted from the notice; `provisional` the open question its number of days
    rests on. `stated_how` says whether the person wrote it online or it was taken down at the counter.
    """

    region_code = models.CharField(max_length=12)
    number = models.CharField(_("number"), max_length=60, unique=True)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("agency"))
    kind = models.CharField(_("kind of facts"), max_length=20)
    facts = models.TextField(_("facts"))
    found_on = models.DateField(_("found"))
    state = models.CharField(_("state"), max_length=24)
    state_since = models.DateTimeField()
    notified_on = models.DateField(_("notice served"), null=True)
    notice_proof = models.CharField(_("proof of delivery"), max_length=300, blank=True)
    statement_until = models.DateField(_("statement until"), null=True)
    provisional = models.CharField(max_length=40, blank=True)
    statement = models.TextField(_("statement"), blank=True)
    stated_on = models.DateField(_("stated"), null=True)
    stated_how = models.CharField(max_length=10, blank=True)
    decided_on = models.DateField(_("decided"), null=True)
    decision = models.TextField(_("reasons of the decision"), blank=True)
    opened_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    def heard_by(self, on: date) -> bool:
        """Tell whether the person has been heard by a day: a statement was made, or the time for one is over."""
        return self.notified_on is not None and (
            self.stated_on is not None or (self.statement_until is not None and on > self.statement_until)
        )


class BesideStep(models.Model):
    """Who took which step of a record, when, and why; added, never changed."""

    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=32)
    start = models.CharField(max_length=24, blank=True)
    end = models.CharField(max_length=24)
    at = models.DateTimeField()
    on = models.DateField(pgettext_lazy("date", "day"))
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    key = models.CharField(max_length=100)

    class Meta:
        abstract = True
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"
