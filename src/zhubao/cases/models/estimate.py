"""What the agency tells a bank about an applicant: the record and the first month's pension as far as it can be foreseen."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.evidence.models import Snapshot

from .case import Case, Step


class Estimate(models.Model):
    """The figures a bank sets years and amount by, as the agency handed them over. Money in fen a month unless said otherwise.

    `contribution_fen` is the contribution of a whole year at the tier that is paid, `months_to_pay` those from the day on until the
    pension. `assumed` lists what stood in for figures nobody has decided yet: an archive, never queried. A later one follows it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="estimates")
    step = models.OneToOneField(Step, models.PROTECT, related_name="estimate")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    age_months = models.PositiveSmallIntegerField(_("age in months"))
    paid_months = models.PositiveSmallIntegerField(_("months paid"))
    contribution_fen = models.BigIntegerField(_("contribution a year"))
    months_to_pay = models.PositiveSmallIntegerField(_("months to pay"))
    account_fen = models.BigIntegerField(_("balance of the personal account"))
    pension_month = models.DateField(_("first pension month"))
    basic_fen = models.BigIntegerField(_("basic pension"))
    account_pension_fen = models.BigIntegerField(_("pension from the account"))
    transition_fen = models.BigIntegerField(_("transition pension"))
    pension_fen = models.BigIntegerField(_("first month's pension"))
    assumed = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(pension_fen=models.F("basic_fen") + models.F("account_pension_fen") + models.F("transition_fen")),
                name="estimate_parts_add_up",
            ),
            models.CheckConstraint(condition=Q(contribution_fen__gt=0), name="estimate_contribution_positive"),
        ]

    def __str__(self) -> str:
        return f"estimate {self.case_id}"
