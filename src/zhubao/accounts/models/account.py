"""A personal account, the lots of money in it, and the entries that are all it consists of."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.actors import Actor
from zhubao.access.models import Post
from zhubao.access.scopes import RegionQuerySet
from zhubao.people.models import CITIZEN, Person, Scheme

COUNTY_LENGTH = 6


class Source(models.TextChoices):
    """Whose money a lot is. Interest follows the lot it was earned on; `interest` is what an older book did not attribute."""

    OWN = "own", pgettext_lazy("money in an account", "own payments")
    LOAN = "loan", pgettext_lazy("money in an account", "paid by loan")
    ON_BEHALF = "on_behalf", pgettext_lazy("money in an account", "paid on behalf")
    SUBSIDY = "subsidy", pgettext_lazy("money in an account", "government subsidy")
    SPONSOR = "sponsor", pgettext_lazy("money in an account", "paid by a sponsor")
    INTEREST = "interest", pgettext_lazy("money in an account", "interest, not attributed")
    TRANSFER = "transfer", pgettext_lazy("money in an account", "transferred")


class Kind(models.TextChoices):
    """What an entry is; the sign of its amount follows from it, the other way round in an entry that takes another back."""

    OPENING = "opening", pgettext_lazy("account entry", "balance brought over")
    CONTRIBUTION = "contribution", pgettext_lazy("account entry", "contribution")
    SUBSIDY = "subsidy", pgettext_lazy("account entry", "contribution subsidy")
    INTEREST = "interest", pgettext_lazy("account entry", "interest of the year")
    TRANSFER_IN = "transfer_in", pgettext_lazy("account entry", "transferred in")
    TRANSFER_OUT = "transfer_out", pgettext_lazy("account entry", "transferred out")
    PAYOUT = "payout", pgettext_lazy("account entry", "paid out")
    RECLASSIFIED = "reclassified", pgettext_lazy("account entry", "moved to another source")


ADDS = (Kind.OPENING, Kind.CONTRIBUTION, Kind.SUBSIDY, Kind.TRANSFER_IN)
TAKES = (Kind.TRANSFER_OUT, Kind.PAYOUT)


class AccountQuerySet(RegionQuerySet["Account"]):
    """Accounts of a scope: a county's agency sees its county's, a citizen only their own."""

    def seen_by(self, actor: Actor) -> "AccountQuerySet":
        """Return the accounts an actor may open."""
        if actor.role == CITIZEN:
            return self.filter(person_id=actor.person_id or 0)
        return self.within(actor)


class Account(models.Model):
    """The account a county keeps for one person in one pension scheme; `region_code` is the county, six digits."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="accounts")
    scheme = models.CharField(_("scheme"), max_length=20, choices=Scheme.choices, default=Scheme.RESIDENT)
    region_code = models.CharField(max_length=COUNTY_LENGTH)
    opened_on = models.DateField(_("opened"))

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal account")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "scheme", "region_code"], name="account_once"),
            models.CheckConstraint(name="account_scheme_known", condition=Q(scheme__in=Scheme.values)),
            models.CheckConstraint(name="account_of_a_county", condition=Q(region_code__regex=r"^[0-9]{6}$")),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "scheme", "id"], name="account_by_county")]

    def __str__(self) -> str:
        return f"account:{self.pk}"


class Lot(models.Model):
    """Money of one source and origin in an account: "loan" and the loan's number, "on_behalf" and a year, or "" for all of a source.

    Lots are never changed nor taken out, so that an entry's lot is always there although no foreign key holds it.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="lots")
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    origin = models.CharField(_("origin"), max_length=40, blank=True)

    objects = models.Manager["Lot"]()

    class Meta:
        verbose_name = _("lot")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "source", "origin"], name="account_lot_once"),
            models.CheckConstraint(name="account_lot_source_known", condition=Q(source__in=Source.values)),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.source} {self.origin}".strip()


class BatchQuerySet(RegionQuerySet["Batch"]):
    """Batches of a scope."""


class Batch(models.Model):
    """Entries made in one act in one county: a file, a run, a single happening. Its control postings carry its number."""

    region_code = models.CharField(max_length=COUNTY_LENGTH)
    booked_on = models.DateField(_("booked"))
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of entries")

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """Return what its control postings are about."""
        return f"account_batch:{self.pk}"


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries by what they are about."""

    def of(self, subject: str) -> "EntryQuerySet":
        """Return the entries of one thing ("receipt:12"), in the order they were made."""
        return self.filter(subject=subject).order_by("pk")

    def up_to(self, on: date) -> "EntryQuerySet":
        """Return the entries that took effect up to and including a day."""
        return self.filter(on__lte=on)


class Entry(models.Model):
    """One amount of one lot, fen, signed by its kind; the table refuses update and delete, and is partitioned by the year of `on`.

    `on` is the day it takes effect, its batch says when it was booked and by whom. `subject` and `key` are what it was made for
    ("receipt:12", "2026"), both empty for interest, whose batch and lot name it. `carried_fen` stands in the interest of a year alone:
    what the lot comes to with it on the last day of that year. `reverses` is the entry that this one takes back.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, db_constraint=False, db_index=False, related_name="entries")
    lot = models.ForeignKey(Lot, models.PROTECT, db_constraint=False, db_index=False, related_name="entries")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    on = models.DateField(_("in effect"))
    amount_fen = models.BigIntegerField(_("amount"))
    carried_fen = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=80, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, db_constraint=False, related_name="reversed_by")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("account entry")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="account_entry_signed_by_kind",
                condition=Q(reverses__isnull=False)
                | Q(kind=Kind.RECLASSIFIED)
                | Q(kind=Kind.INTEREST, amount_fen__gte=0)
                | Q(kind__in=ADDS, amount_fen__gt=0)
                | Q(kind__in=TAKES, amount_fen__lt=0),
            ),
            models.CheckConstraint(
                name="account_entry_interest_alone_carries", condition=Q(carried_fen=None) | Q(kind=Kind.INTEREST, reverses=None)
            ),
            models.UniqueConstraint(
                fields=["subject", "key", "kind", "lot", "on"], condition=~Q(subject=""), name="account_entry_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["lot", "on"], name="account_entry_by_lot")]

    def __str__(self) -> str:
        return f"{self.subject} {self.key} {self.kind}".strip() or f"entry:{self.pk}"
