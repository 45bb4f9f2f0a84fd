"""The table of stories told in public."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Post

from ..measures.models import Measure


class CaseStoryQuerySet(models.QuerySet["CaseStory"]):
    """Stories of measures."""

    def published(self) -> "CaseStoryQuerySet":
        """Return those the public may read."""
        return self.exclude(published_at=None).filter(withdrawn_at=None)


class CaseStory(models.Model):
    """What a measure did for one person, in words. It is shown under `masked_name` and never under the person's own.

    `consent_on` and `consent_paper` (which paper, where it lies) say that the person agreed to these very words: other words need the
    consent again. `withdrawn_at`: taken from the public page for good, with the reason.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("story"))
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    consent_on = models.DateField(_("consent given on"), null=True)
    consent_paper = models.CharField(_("paper of consent"), max_length=200, blank=True)
    published_at = models.DateTimeField(pgettext_lazy("story", "published"), null=True)
    published_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(_("why withdrawn"), max_length=300, blank=True)

    objects = CaseStoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("story")
        ordering: ClassVar = ["-published_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "person", "title"], name="story_once"),
            models.CheckConstraint(name="story_has_words", condition=~Q(title="") & ~Q(text="")),
            models.CheckConstraint(
                name="story_published_with_consent",
                condition=Q(published_at=None) | (Q(consent_on__isnull=False) & ~Q(consent_paper="")),
            ),
            models.CheckConstraint(name="story_withdrawn_with_reason", condition=Q(withdrawn_at=None) | ~Q(withdrawn_because="")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def masked_name(self) -> str:
        """The name the public reads."""
        return self.person.masked_name
