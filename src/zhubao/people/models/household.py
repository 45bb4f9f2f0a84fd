"""Households and who belongs to them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.scopes import RegionQuerySet

from .person import DIGEST_BYTES, Person


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
