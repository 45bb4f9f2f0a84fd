"""Statements of account as they were given out, and the runs that made a year's statements at once."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation, Post
from zhubao.access.scopes import RegionQuerySet

from ..states import PROCESSES
from .loan import Loan


class StatementRun(models.Model):
    """The statements of a period for every loan of a programme: of one bank, or (`bank` None) of an agency's region.

    Both days are counted. `finished_at` is None while it runs or after it was killed; it goes on where it stood. `changed`: how many of
    its statements put right an earlier one of the same period.
    """

    region_code = models.CharField(max_length=12)
    policy_id = models.CharField(_("policy"), max_length=40)
    bank = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("bank"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    finished_at = models.DateTimeField(null=True)
    loans = models.PositiveIntegerField(_("loans"), default=0)
    made = models.PositiveIntegerField(_("statements"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)

    objects = RegionQuerySet["StatementRun"].as_manager()

    class Meta:
        ordering: ClassVar = ["-ends_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "policy_id", "bank", "starts_on", "ends_on"],
                nulls_distinct=False,
                name="statement_run_once",
            ),
            models.CheckConstraint(name="statement_run_policy_known", condition=Q(policy_id__in=list(PROCESSES))),
            models.CheckConstraint(name="statement_run_in_order", condition=Q(starts_on__lte=F("ends_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.policy_id} {self.starts_on}/{self.ends_on}"


class Statement(models.Model):
    """A loan's statement as it was made; added, never changed. Another for the same period puts it right and stands beside it.

    Both days are counted. Money in fen, as the bank's books said it: see `loans.statements.figures` for what each figure is made of.
    `last_posting`: the highest key of a posting known to it, so that every figure can still be opened. `open_borrower_fen` and
    `open_finance_fen`: interest up to the last day that was not booked yet, None where it cannot be reckoned. `sha256` is of the content.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="statements")
    run = models.ForeignKey(StatementRun, models.PROTECT, null=True, related_name="statements")
    number = models.CharField(_("statement number"), max_length=70, unique=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    sequence = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    last_posting = models.BigIntegerField()
    opening_principal_fen = models.BigIntegerField()
    opening_interest_fen = models.BigIntegerField()
    draws_fen = models.BigIntegerField()
    interest_borrower_fen = models.BigIntegerField()
    interest_finance_fen = models.BigIntegerField()
    subsidy_paid_fen = models.BigIntegerField()
    capitalised_fen = models.BigIntegerField()
    repaid_interest_fen = models.BigIntegerField()
    repaid_principal_fen = models.BigIntegerField()
    taken_over_fen = models.BigIntegerField()
    other_fen = models.BigIntegerField()
    returned_fen = models.BigIntegerField()
    closing_principal_fen = models.BigIntegerField()
    closing_interest_fen = models.BigIntegerField()
    subsidy_owed_fen = models.BigIntegerField()
    open_borrower_fen = models.BigIntegerField(null=True)
    open_finance_fen = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-ends_on", "-starts_on", "-sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan", "starts_on", "ends_on", "sequence"], name="statement_once"),
            models.CheckConstraint(name="statement_in_order", condition=Q(starts_on__lte=F("ends_on"))),
            models.CheckConstraint(
                name="statement_adds_up",
                condition=Q(
                    closing_principal_fen=F("opening_principal_fen")
                    + F("opening_interest_fen")
                    + F("draws_fen")
                    + F("interest_borrower_fen")
                    - F("repaid_interest_fen")
                    - F("repaid_principal_fen")
                    - F("taken_over_fen")
                    + F("other_fen")
                    - F("closing_interest_fen")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number
