"""Postings: one row each, debit and credit in the books of one party. A row that does not balance cannot be written."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q

from zhubao.access.models import Post
from zhubao.access.scopes import RegionQuerySet

from .chart import Party

_KEY_MARK = Func(F("kind"), F("entry"), F("source"), function="ledger_key_mark", output_field=models.BigIntegerField())


class PostingQuerySet(RegionQuerySet["Posting"]):
    """Postings of a scope."""

    def of(self, source: str, subject: str) -> "PostingQuerySet":
        """Return the postings of one thing, in the order they were made."""
        return self.filter(source=source, subject=subject).order_by("pk")


class Posting(models.Model):
    """One movement in the books of one party; the table refuses update and delete, and a second row of the same key and day.

    The table is partitioned by the year of `on`: a query that names days reads those years alone, and no other table may refer to a
    posting by a foreign key. `actions` refuse a key that is used with another day. The unique key holds a mark of kind, entry and
    source in place of their texts; that a post that posted exists and stays is kept by triggers (see the migrations). It is the only
    index: postings are asked for by subject, and what looks one up by `id` names its subject as well.

    `on` is the day it takes effect, `booked_on` the day it entered the books: a back-dated happening leaves the difference with
    today's booking day. `party_reference` says which one of its kind the party is ("organisation:7", "person:12", "" for the
    region's only one). `source`, `subject`, `kind` and `entry` are the key; `amount_fen` is above 0, `reverses` the row it takes back,
    which a trigger keeps to one a row and among postings of the same subject.
    """

    region_code = models.CharField(max_length=12)
    party = models.CharField(max_length=12)
    party_reference = models.CharField(max_length=40, blank=True)
    on = models.DateField()
    booked_on = models.DateField()
    debit = models.CharField(max_length=40)
    credit = models.CharField(max_length=40)
    amount_fen = models.BigIntegerField()
    source = models.CharField(max_length=20)
    subject = models.CharField(max_length=60, db_collation="C")
    kind = models.CharField(max_length=40)
    entry = models.CharField(max_length=60)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, db_constraint=False, related_name="reversed_by")
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(Post, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+")
    actor_name = models.CharField(max_length=60)

    objects = PostingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="posting_amount_above_zero", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(name="posting_two_accounts", condition=~Q(debit=F("credit"))),
            models.CheckConstraint(name="posting_party_known", condition=Q(party__in=[party.value for party in Party])),
            models.UniqueConstraint(F("subject"), F("on"), _KEY_MARK, name="posting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.subject} {self.kind} {self.entry}"
