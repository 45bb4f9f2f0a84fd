"""Wrongly recorded entries that are taken back: proposed by one person, taken back by another; nothing is erased."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Post, User
from zhubao.language import Text

from .draw import Receipt, Tranche
from .loan import Loan, LoanEvent

ENTRIES: dict[str, Text] = {
    "draw": Text("放款", "draw"),
    "contribution": Text("缴费", "contribution"),
    "pension": Text("养老金", "pension"),
}


class TakingBack(models.Model):
    """One entry proposed to be taken back, and what became of the proposal ("proposed", "taken_back", "left").

    A draw names its `tranche` (its receipts go with it), a contribution its `receipt`, a pension its `event`. `right_fen` and
    `right_basic_fen` replace a wrong pension in the same act; empty, it is only taken back.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="takings_back")
    what = models.CharField(_("entry"), max_length=12)
    tranche = models.ForeignKey(Tranche, models.PROTECT, null=True, related_name="+")
    receipt = models.ForeignKey(Receipt, models.PROTECT, null=True, related_name="+")
    event = models.ForeignKey(LoanEvent, models.PROTECT, null=True, related_name="+")
    right_fen = models.BigIntegerField(_("right amount"), null=True)
    right_basic_fen = models.BigIntegerField(_("right basic part"), null=True)
    state = models.CharField(_("state"), max_length=12, default="proposed")
    reason = models.TextField(_("reason"))
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan"], condition=Q(state="proposed"), name="one_open_taking_back"),
            models.CheckConstraint(name="taking_back_entry_known", condition=Q(what__in=list(ENTRIES))),
            models.CheckConstraint(name="taking_back_state_known", condition=Q(state__in=["proposed", "taken_back", "left"])),
            models.CheckConstraint(name="taking_back_by_another", condition=~Q(proposed_by=models.F("decided_by"))),
            models.CheckConstraint(name="taking_back_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.what}"
