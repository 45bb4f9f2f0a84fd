"""Requests to move a pension relation, what was checked about them, and the loans that hold them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import User

from ..courses import Course, CourseQuerySet, CourseStep, declare_tasks
from .course import PROCESS

# A queue and a supervision notice name a task wherever the tables are known.
declare_tasks(PROCESS)


class TransferKind(models.TextChoices):
    """What is to move where."""

    OUT = "out", _("resident relation to another place")
    IN = "in", _("resident relation from another place")
    TO_EMPLOYEE = "to_employee", _("from the resident to the employee scheme")
    TO_RESIDENT = "to_resident", _("from the employee to the resident scheme")


# The relation leaves the residents' accounts of this place.
LEAVING = (TransferKind.OUT, TransferKind.TO_EMPLOYEE)
# The relation leaves the place of insurance; linking two schemes at one place does not.
LEAVES_PLACE = (TransferKind.OUT,)


class TransferQuerySet(CourseQuerySet["Transfer"]):
    """Transfers of a scope."""

    def open(self) -> "TransferQuerySet":
        """Return those not ended."""
        return self.exclude(state__in=PROCESS.final)


class Transfer(Course):
    """One request, with its number and the day by which it is to be done. Money in fen.

    `other_place` is where the relation goes to or comes from. `overlap_months` are months paid in both schemes, None until somebody
    counted them; `amount_fen` is what was moved on `moved_on`, `paper` the number of the letter with which it was.
    """

    PROCESS = PROCESS
    PREFIX = "transfer"

    number = models.CharField(_("number"), max_length=20, unique=True, null=True)
    kind = models.CharField(_("what is asked for"), max_length=12, choices=TransferKind.choices)
    other_place = models.CharField(_("other place"), max_length=100)
    online = models.BooleanField(_("asked for online"))
    requested_on = models.DateField(_("requested"))
    due_on = models.DateField(_("due"), null=True)
    due_arithmetic = models.JSONField(default=dict)
    provisional = models.CharField(max_length=40, blank=True)
    overlap_months = models.PositiveSmallIntegerField(_("months paid in both schemes"), null=True)
    amount_fen = models.BigIntegerField(_("amount moved"), null=True)
    moved_on = models.DateField(_("moved"), null=True)
    paper = models.CharField(_("letter"), max_length=60, blank=True)
    key = models.CharField(max_length=60)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="transfer_kind_known", condition=Q(kind__in=TransferKind.values)),
            models.CheckConstraint(name="transfer_state_known", condition=Q(state__in=[state.name for state in PROCESS.states])),
            models.CheckConstraint(
                name="transfer_moved_with_amount",
                condition=~Q(state="moved") | (Q(amount_fen__gte=0, moved_on__isnull=False) & ~Q(paper="")),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=~Q(state__in=sorted(PROCESS.final)),
                name="transfer_one_open_a_person",
            ),
            models.UniqueConstraint(fields=["person", "key"], name="transfer_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["region_code", "state"], name="transfer_by_region", opclasses=["varchar_pattern_ops", "varchar_ops"]
            ),
        ]


class TransferStep(CourseStep):
    """A step of a transfer."""

    course = models.ForeignKey(Transfer, models.CASCADE, related_name="steps")

    objects = models.Manager["TransferStep"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "number"], name="transfer_step_number_once"),
            models.UniqueConstraint(fields=["course", "key"], name="transfer_step_once"),
        ]


class CheckOutcome(models.TextChoices):
    """What a check found."""

    GOOD = "good", _("in order")
    BAD = "bad", _("not in order")
    UNKNOWN = "unknown", _("evidence missing")


class TransferCheck(models.Model):
    """One point of the check-list as it was found last; the loans are found by the system."""

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="checks")
    item = models.CharField(max_length=24)
    outcome = models.CharField(_("result"), max_length=8, choices=CheckOutcome.choices)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = models.Manager["TransferCheck"]()

    class Meta:
        ordering: ClassVar = ["transfer", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transfer", "item"], name="transfer_check_once"),
            models.CheckConstraint(name="transfer_check_outcome_known", condition=Q(outcome__in=CheckOutcome.values)),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.item}"


class TransferHold(models.Model):
    """An open loan that holds a transfer: its number and the clause; lifted on the certificate, or by a decision with its reason."""

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="holds")
    loan_number = models.CharField(_("loan"), max_length=40)
    clause = models.CharField(_("clause"), max_length=20)
    owed_fen = models.BigIntegerField(_("owed"))
    found_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    certificate = models.CharField(_("settlement certificate"), max_length=60, blank=True)
    decision = models.CharField(_("decision"), max_length=500, blank=True)

    objects = models.Manager["TransferHold"]()

    class Meta:
        ordering: ClassVar = ["transfer", "loan_number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transfer", "loan_number"], name="transfer_hold_once"),
            models.CheckConstraint(
                name="transfer_hold_lifted_for_a_reason",
                condition=Q(lifted_at=None) | ~Q(certificate="", decision=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.loan_number}"
