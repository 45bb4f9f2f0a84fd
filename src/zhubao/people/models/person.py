"""Persons, their former numbers, telephones, card accounts and sign-ins. Numbers are sealed; what a screen shows stands beside them, masked."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import BANK_ROLES
from zhubao.access.scopes import RegionQuerySet
from zhubao.identity import mask_name

CITIZEN = "citizen"
DIGEST_BYTES = 32


def in_order(first: str, last: str) -> Q:
    """Return the condition that a day does not lie after another; a day left empty is open."""
    return Q(**{first: None}) | Q(**{last: None}) | Q(**{f"{first}__lte": models.F(last)})


class Sex(models.TextChoices):
    """Sex, as the citizen number says it."""

    MALE = "male", _("male")
    FEMALE = "female", _("female")


class PersonQuerySet(RegionQuerySet["Person"]):
    """Persons by the region they are looked after in."""

    def seen_by(self, actor: Actor) -> "PersonQuerySet":
        """Return the persons an actor may look up: a citizen only themself, a bank its own card holders, a post its region."""
        if actor.role == CITIZEN:
            return self.filter(citizen_account__user_id=actor.user_id or 0)
        if actor.role in BANK_ROLES:
            holders = CardAccount.objects.filter(bank_id=actor.organisation_id).values("person_id")
            return self.within(actor).filter(pk__in=holders)
        return self.within(actor)


class Person(models.Model):
    """One natural person; the citizen number is sealed, found by its blind index, shown masked.

    `region_code` is the place of insurance, six digits or a township or village inside it.
    """

    region_code = models.CharField(max_length=12)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    id_number_sealed = models.BinaryField()
    id_number_index = models.BinaryField(max_length=DIGEST_BYTES, unique=True)
    id_number_masked = models.CharField(_("citizen number"), max_length=18)
    born = models.DateField(_("born"))
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices)
    hukou_code = models.CharField(_("household registration"), max_length=6, blank=True)
    hukou_source = models.CharField(max_length=200, blank=True)
    residence_code = models.CharField(_("residence"), max_length=6, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    died_on = models.DateField(_("died"), null=True, blank=True)
    died_source = models.CharField(max_length=200, blank=True)
    registered_at = models.DateTimeField(_("registered"))

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        ordering: ClassVar = ["region_code", "name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="person_sex_known", condition=Q(sex__in=Sex.values)),
            models.CheckConstraint(name="person_dies_after_birth", condition=in_order("born", "died_on")),
            models.CheckConstraint(name="person_death_has_a_source", condition=Q(died_on=None) | ~Q(died_source="")),
            models.CheckConstraint(name="person_region_shape", condition=Q(region_code__regex=r"^[0-9]{6,12}$")),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["region_code", "name"], name="person_by_name", opclasses=["varchar_pattern_ops", "varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return f"person:{self.pk}"

    @property
    def masked_name(self) -> str:
        """Return the name as a public list shows it."""
        return mask_name(self.name)

    @property
    def masked_number(self) -> str:
        """Return the citizen number with its middle starred."""
        return self.id_number_masked

    def dead_on(self, day: date) -> bool:
        """Tell whether the person is known to have died on or before a day."""
        return self.died_on is not None and self.died_on <= day


class FormerNumber(models.Model):
    """A citizen number a person had before it was corrected: lists that still carry it mean this person.

    `paper` is the document the correction rests on, with its number.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="former_numbers")
    index = models.BinaryField(max_length=DIGEST_BYTES, unique=True)
    masked = models.CharField(_("former number"), max_length=18)
    paper = models.CharField(_("paper"), max_length=200)
    corrected_on = models.DateField(_("corrected on"))
    recorded_at = models.DateTimeField(_("recorded"))

    objects = models.Manager["FormerNumber"]()

    class Meta:
        verbose_name = _("former number")
        ordering: ClassVar = ["person", "-corrected_on", "-id"]
        constraints: ClassVar = [models.CheckConstraint(name="former_number_with_paper", condition=~Q(paper=""))]

    def __str__(self) -> str:
        return self.masked


class Phone(models.Model):
    """A telephone number of a person and the time it was theirs."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="phones")
    sealed = models.BinaryField()
    index = models.BinaryField(max_length=DIGEST_BYTES)
    masked = models.CharField(_("telephone"), max_length=20)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager["Phone"]()

    class Meta:
        verbose_name = _("telephone")
        constraints: ClassVar = [models.UniqueConstraint(fields=["person"], condition=Q(ends_at=None), name="phone_current_once")]
        indexes: ClassVar = [models.Index(fields=["index"], name="phone_by_number")]

    def __str__(self) -> str:
        return self.masked


class CardAccount(models.Model):
    """The financial account of a person's social-security card at one bank, with its days."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="card_accounts")
    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    index = models.BinaryField(max_length=DIGEST_BYTES)
    last_four = models.CharField(_("last four digits"), max_length=4)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = models.Manager["CardAccount"]()

    class Meta:
        verbose_name = _("card account")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "bank"], condition=Q(ends_on=None), name="card_account_current_once"),
            models.UniqueConstraint(fields=["index"], condition=Q(ends_on=None), name="card_account_of_one_person"),
            models.CheckConstraint(name="card_account_days_in_order", condition=in_order("starts_on", "ends_on")),
        ]

    def __str__(self) -> str:
        return f"*{self.last_four}"


class CitizenAccount(models.Model):
    """Which person a signed-in citizen is."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="citizen_account")
    person = models.OneToOneField(Person, models.PROTECT, related_name="citizen_account")
    opened_at = models.DateTimeField()

    objects = models.Manager["CitizenAccount"]()

    def __str__(self) -> str:
        return f"user:{self.user_id} {self.person}"
