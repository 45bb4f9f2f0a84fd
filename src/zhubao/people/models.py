"""Persons and what is on record about them. Numbers are sealed; what a screen shows stands beside them, masked.

Nothing here is overwritten in silence: an insured record is superseded by the next one, an identity or a circumstance is ended or
withdrawn, a phone number and a card account keep their days. Every statement names the file, sheet and row it came from, or the paper.
"""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import BANK_ROLES
from zhubao.access.scopes import RegionQuerySet
from zhubao.identity import mask_name
from zhubao.policies.person import CODES, DEPARTMENTS
from zhubao.programmes.models import DateRange

CITIZEN = "citizen"
DIGEST_BYTES = 32


def _in_order(first: str, last: str) -> Q:
    return Q(**{first: None}) | Q(**{last: None}) | Q(**{f"{first}__lte": models.F(last)})


class Sex(models.TextChoices):
    """Sex, as the citizen number says it."""

    MALE = "male", _("male")
    FEMALE = "female", _("female")


class Scheme(models.TextChoices):
    """The pension scheme of an insured record."""

    EMPLOYEE = "employee_pension", _("employee pension")
    RESIDENT = "resident_pension", _("resident pension")
    INSTITUTION = "institution_pension", _("institution pension")
    NONE = "none", _("not insured")


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
            models.CheckConstraint(name="person_dies_after_birth", condition=_in_order("born", "died_on")),
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


class Sourced(models.Model):
    """A statement with where it came from: the words for it, and file, sheet and row when it was read from a roster."""

    source = models.CharField(_("source"), max_length=200)
    roster_file = models.CharField(max_length=40, blank=True)
    sheet = models.CharField(max_length=80, blank=True)
    row = models.PositiveIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        abstract = True


class InsuredRecord(Sourced):
    """What the insurance register says of a person in one scheme, on one day; the next record supersedes it.

    Money in fen, the index of wages in parts per million. An empty figure or flag was not given.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="insured_records")
    scheme = models.CharField(_("scheme"), max_length=20, choices=Scheme.choices)
    participation_type = models.CharField(_("kind of participation"), max_length=8, blank=True)
    insured_area = models.CharField(_("place of insurance"), max_length=6, blank=True)
    paid_months = models.PositiveIntegerField(_("months paid"), null=True, blank=True)
    deemed_months = models.PositiveIntegerField(_("deemed months"), null=True, blank=True)
    deemed_confirmed = models.BooleanField(_("deemed months confirmed"), null=True, blank=True)
    back_payable_months = models.PositiveIntegerField(_("months that may be paid back"), null=True, blank=True)
    continuing = models.BooleanField(_("keeps paying past the age"), null=True, blank=True)
    retirement_category = models.CharField(_("retirement category"), max_length=12, blank=True)
    student = models.BooleanField(_("student"), null=True, blank=True)
    military = models.BooleanField(_("in military service"), null=True, blank=True)
    imprisoned = models.BooleanField(_("serving a sentence"), null=True, blank=True)
    deceased = models.BooleanField(_("deceased"), null=True, blank=True)
    receiving_pension = models.BooleanField(_("draws a pension"), null=True, blank=True)
    chosen_tier_fen = models.BigIntegerField(_("tier chosen"), null=True, blank=True)
    account_fen = models.BigIntegerField(_("account balance"), null=True, blank=True)
    index_ppm = models.BigIntegerField(_("index of wages"), null=True, blank=True)
    recorded_on = models.DateField(_("as of"))
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager["InsuredRecord"]()

    class Meta:
        verbose_name = _("insured record")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "scheme"], condition=Q(superseded_at=None), name="insured_record_current_once"
            ),
            models.CheckConstraint(name="insured_record_scheme_known", condition=Q(scheme__in=Scheme.values)),
            models.CheckConstraint(
                name="insured_record_codes_known",
                condition=Q(participation_type__in=("", "flexible", "employer"))
                & Q(retirement_category__in=("", *CODES["retirement_category"])),
            ),
            models.CheckConstraint(
                name="insured_record_money_not_negative",
                condition=(Q(chosen_tier_fen=None) | Q(chosen_tier_fen__gte=0)) & (Q(account_fen=None) | Q(account_fen__gte=0)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["insured_area", "scheme"], condition=Q(superseded_at=None), name="insured_record_by_area"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.scheme}"


class HouseholdQuerySet(RegionQuerySet["Household"]):
    """Households of a scope."""


class Household(models.Model):
    """A household as its booklet and its own declaration show it; income of the family in fen a year, empty = not declared."""

    region_code = models.CharField(max_length=12)
    number = models.CharField(_("household number"), max_length=40)
    business_income_fen = models.BigIntegerField(_("business income"), null=True, blank=True)
    investment_income_fen = models.BigIntegerField(_("investment income"), null=True, blank=True)
    declared_on = models.DateField(_("declared"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        constraints: ClassVar = [models.UniqueConstraint(fields=["region_code", "number"], name="household_once")]

    def __str__(self) -> str:
        return self.number


class HouseholdMember(models.Model):
    """One member of a household; `person` where the member is registered too. Income a month in fen."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="memberships")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    relation = models.CharField(_("relation to the head"), max_length=20)
    born = models.DateField(_("born"), null=True, blank=True)
    id_number_sealed = models.BinaryField(null=True, blank=True)
    id_number_index = models.BinaryField(max_length=DIGEST_BYTES, null=True, blank=True)
    id_number_masked = models.CharField(_("citizen number"), max_length=18, blank=True)
    employer = models.CharField(_("employer"), max_length=100, blank=True)
    phone_sealed = models.BinaryField(null=True, blank=True)
    able = models.BooleanField(_("able to work"), null=True, blank=True)
    employed = models.BooleanField(_("in employment"), null=True, blank=True)
    monthly_income_fen = models.BigIntegerField(_("income a month"), null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager["HouseholdMember"]()

    class Meta:
        verbose_name = _("household member")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=Q(left_at=None), name="household_member_in_one"),
            models.UniqueConstraint(
                fields=["household", "id_number_index"], condition=Q(left_at=None), name="household_member_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["id_number_index"], name="household_member_by_number")]

    def __str__(self) -> str:
        return f"household:{self.household_id} {self.relation}"


class IdentityQuerySet(RegionQuerySet["Identity"]):
    """Identities by the region whose department certified them."""

    def standing(self) -> "IdentityQuerySet":
        """Those not withdrawn."""
        return self.filter(withdrawn_at=None)

    def in_force(self, day: date) -> "IdentityQuerySet":
        """Those standing that hold on a day."""
        begun = Q(starts_on=None) | Q(starts_on__lte=day)
        return self.standing().filter(begun, Q(ends_on=None) | Q(ends_on__gte=day))


class Identity(Sourced):
    """A category a department has certified for a person, with its days (both included, empty = open).

    `region_code` is the department's. One that was entered in error is withdrawn, one that is over gets an end.
    """

    region_code = models.CharField(max_length=12)
    person = models.ForeignKey(Person, models.CASCADE, related_name="identities")
    category = models.CharField(_("category"), max_length=40)
    certifier = models.CharField(_("certifying department"), max_length=24)
    certificate = models.CharField(_("certificate"), max_length=60, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="identity_once_a_day",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("category", RangeOperators.EQUAL),
                    ("certifier", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
            ),
            models.CheckConstraint(name="identity_days_in_order", condition=_in_order("starts_on", "ends_on")),
            models.CheckConstraint(name="identity_certifier_known", condition=Q(certifier__in=DEPARTMENTS)),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["region_code", "certifier", "category"], condition=Q(withdrawn_at=None), name="identity_by_list"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.category}"


class CategoryListQuerySet(RegionQuerySet["CategoryList"]):
    """Complete lists of a scope."""


class CategoryList(models.Model):
    """A complete list of one category that a department handed in for a region: whoever is not on it does not have the category."""

    region_code = models.CharField(max_length=12)
    category = models.CharField(_("category"), max_length=40)
    certifier = models.CharField(_("certifying department"), max_length=24)
    listed_on = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=200)
    roster_file = models.CharField(max_length=40)
    recorded_at = models.DateTimeField(_("recorded"))

    objects = CategoryListQuerySet.as_manager()

    class Meta:
        verbose_name = _("complete list")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "category", "certifier", "roster_file"], name="category_list_once"),
            models.CheckConstraint(name="category_list_certifier_known", condition=Q(certifier__in=DEPARTMENTS)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "category", "certifier", "-listed_on"], name="category_list_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.category} {self.listed_on}"


class CircumstanceKind(models.TextChoices):
    """What a dated statement about a person's life says; `value` is 1 or 0 for yes and no, a number where the kind counts."""

    UNEMPLOYED = "unemployed", _("registered as unemployed")
    EMPLOYED = "employed", _("in employment")
    SUBSIDISED = "subsidised", _("draws the social-insurance subsidy")
    CHILDREN = "children", _("number of children")
    DISABILITY_GRADE = "disability_grade", _("grade of disability")
    STUDENT = "student", _("student")
    MILITARY = "military", _("in military service")
    IMPRISONED = "imprisoned", _("serving a sentence")


class Circumstance(Sourced):
    """A dated statement about a person's life (both days included, empty = open): work, study, service, prison, children, disability."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="circumstances")
    kind = models.CharField(_("kind"), max_length=20, choices=CircumstanceKind.choices)
    value = models.PositiveSmallIntegerField(_("value"), default=1)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager["Circumstance"]()

    class Meta:
        verbose_name = _("circumstance")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="circumstance_once_a_day",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
            ),
            models.CheckConstraint(name="circumstance_days_in_order", condition=_in_order("starts_on", "ends_on")),
            models.CheckConstraint(
                name="circumstance_value_fits",
                condition=Q(kind=CircumstanceKind.CHILDREN, value__lte=30)
                | Q(kind=CircumstanceKind.DISABILITY_GRADE, value__range=(1, 4))
                | Q(
                    kind__in=(
                        CircumstanceKind.UNEMPLOYED,
                        CircumstanceKind.EMPLOYED,
                        CircumstanceKind.SUBSIDISED,
                        CircumstanceKind.STUDENT,
                        CircumstanceKind.MILITARY,
                        CircumstanceKind.IMPRISONED,
                    ),
                    value__in=(0, 1),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.kind}"


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
            models.CheckConstraint(name="card_account_days_in_order", condition=_in_order("starts_on", "ends_on")),
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
