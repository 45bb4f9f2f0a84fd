"""What a locality decided, each with its dates, source and decider: figures and settings, the banks that lend and what they offer."""

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Organisation
from zhubao.access.scopes import RegionQuerySet
from zhubao.parameters import Parameter
from zhubao.parameters.names import declared


class DateRange(models.Func):
    """A PostgreSQL date range with both ends included; an empty end is open."""

    function = "DATERANGE"
    output_field = DateRangeField()


class LocalFigureQuerySet(models.QuerySet["LocalFigure"]):
    """Named selections of local figures."""

    def standing(self) -> "LocalFigureQuerySet":
        """Those not withdrawn."""
        return self.filter(withdrawn_at=None)

    def known_at(self, moment: datetime) -> "LocalFigureQuerySet":
        """Those that stood at `moment`: what a decision of that moment was judged with."""
        return self.filter(entered_at__lte=moment).exclude(withdrawn_at__lte=moment)


class ProgrammeStart(models.Model):
    """From which day a programme takes applications in a place, and the document that says so."""

    region_code = models.CharField(max_length=12)
    policy_id = models.CharField(_("policy"), max_length=40)
    starts_on = models.DateField(_("from"))
    document = models.CharField(_("document"), max_length=200)
    entered_at = models.DateTimeField(_("entered"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("start of a programme")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "policy_id"], name="programme_starts_once"),
            models.CheckConstraint(condition=~models.Q(document=""), name="programme_start_is_documented"),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.policy_id} {self.starts_on}"


class PolicyVersion(models.Model):
    """A later text of the state, the province or the city that takes the place of a policy's own from a day on.

    The document itself is the first version; what the text changes in figures are the `figures` entered with it. `region_code` is
    where it was entered and holds.
    """

    region_code = models.CharField(max_length=12)
    policy_id = models.CharField(_("policy"), max_length=40)
    document = models.CharField(_("document"), max_length=200)
    issued_by = models.CharField(_("issued by"), max_length=100)
    effective_from = models.DateField(_("in force from"))
    summary = models.CharField(_("what the text changes"), max_length=500)
    entered_at = models.DateTimeField(_("entered"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["effective_from", "id"]
        verbose_name = _("version of a policy")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "policy_id", "document"], name="policy_version_once"),
            models.CheckConstraint(
                condition=~models.Q(document="") & ~models.Q(issued_by="") & ~models.Q(summary=""),
                name="policy_version_is_documented",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.document}"


class LocalFigure(models.Model):
    """One dated value of one name in one area, as a locality entered it.

    `value` is written as in a parameter file: an integer in the kept unit (fen, ppm, years) or a word. Both dates are inclusive; an
    empty `effective_to` is open. A correction withdraws the old row and enters a new one: nothing is overwritten.
    """

    area_code = models.CharField(_("area code"), max_length=6)
    name = models.CharField(_("name"), max_length=64)
    value = models.CharField(_("value"), max_length=200)
    unit = models.CharField(_("unit"), max_length=10)
    effective_from = models.DateField(_("in force from"), null=True, blank=True)
    effective_to = models.DateField(_("in force to"), null=True, blank=True)
    source = models.CharField(pgettext_lazy("document", "source"), max_length=300)
    decided_by = models.CharField(_("decided by"), max_length=100, blank=True)
    several = models.BooleanField(default=False, editable=False)
    # Set where the figure comes with a later text of those above the locality.
    version = models.ForeignKey(PolicyVersion, models.PROTECT, null=True, blank=True, editable=False, related_name="figures")
    entered_at = models.DateTimeField(_("entered"))
    # Empty for what the system itself entered (the demonstration's set).
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects = LocalFigureQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["area_code", "name", "effective_from", "id"]
        verbose_name = _("local figure")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(effective_from=None)
                | models.Q(effective_to=None)
                | models.Q(effective_from__lte=models.F("effective_to")),
                name="local_figure_dates_in_order",
            ),
            models.CheckConstraint(condition=~models.Q(source=""), name="local_figure_has_a_source"),
            ExclusionConstraint(
                name="local_figure_one_value_a_day",
                expressions=[
                    ("area_code", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    (DateRange("effective_from", "effective_to", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(withdrawn_at=None, several=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.name} = {self.value}"

    @property
    def place(self) -> str:
        """Return what names the row in messages and in the book: ``figure:12``."""
        return f"figure:{self.pk}"

    def as_parameter(self) -> Parameter:
        """Return the row as the pure core reads it."""
        known = declared(self.name)
        value = self.value if known is None or known.unit == "text" else int(self.value)
        return Parameter(
            self.name,
            value,
            self.unit,
            self.area_code,
            self.effective_from or date.min,
            self.effective_to,
            self.source,
            decided_by=self.decided_by,
            place=self.place,
            supersedes=self.version_id is not None,
        )


class BankSelection(models.Model):
    """How the banks of a programme were chosen: the document, the reason, and in its bids the score of every bank that offered."""

    region_code = models.CharField(max_length=12)
    policy_id = models.CharField(_("policy"), max_length=40)
    decided_on = models.DateField(_("decided"))
    document = models.CharField(_("document"), max_length=200)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("choice of banks")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "policy_id", "document"], name="bank_selection_once"),
            models.CheckConstraint(condition=~models.Q(document="") & ~models.Q(reason=""), name="bank_selection_is_documented"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.document}"


class BankBid(models.Model):
    """One bank that offered in a selection: its score in points, and whether it was chosen."""

    selection = models.ForeignKey(BankSelection, models.PROTECT, related_name="bids")
    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(_("score"))
    chosen = models.BooleanField(_("chosen"))

    class Meta:
        ordering: ClassVar = ["-score", "bank_id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["selection", "bank"], name="bank_bids_once")]

    def __str__(self) -> str:
        return f"{self.selection_id} {self.bank_id}"


class BankCooperationQuerySet(RegionQuerySet["BankCooperation"]):
    """Cooperations of a scope."""

    def holding(self, on: date) -> "BankCooperationQuerySet":
        """Those that hold on a day."""
        begun = self.filter(starts_on__lte=on)
        return begun.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=on))


class BankCooperation(models.Model):
    """A bank that lends in a place, with the papers that its work rests on; `banks.missing_for` tells which of them are wanting.

    Both dates are inclusive; an empty `ends_on` is open. `card_partner` says that it issues the social security card.
    `pension_account` is the agency's account at the bank from which pensions are paid out.
    """

    region_code = models.CharField(max_length=12)
    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="cooperations")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True)
    card_partner = models.BooleanField(_("issues the social security card"), default=False)
    agreement = models.CharField(_("cooperation agreement"), max_length=100, blank=True)
    agreed_on = models.DateField(null=True)
    confidentiality = models.CharField(_("confidentiality agreement"), max_length=100, blank=True)
    confidential_from = models.DateField(null=True)
    pension_account = models.CharField(_("pension-payment account"), max_length=40, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)

    objects = BankCooperationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["region_code", "bank_id", "starts_on"]
        verbose_name = _("cooperation with a bank")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(starts_on__lte=models.F("ends_on")), name="cooperation_dates_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(agreement="", agreed_on=None) | (~models.Q(agreement="") & models.Q(agreed_on__isnull=False)),
                name="cooperation_agreement_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(confidentiality="", confidential_from=None)
                | (~models.Q(confidentiality="") & models.Q(confidential_from__isnull=False)),
                name="cooperation_confidentiality_dated",
            ),
            ExclusionConstraint(
                name="one_cooperation_a_day",
                expressions=[
                    ("region_code", RangeOperators.EQUAL),
                    ("bank", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.bank_id} {self.starts_on}"


class AgreementReview(models.Model):
    """What came of looking at a bank's agreement again after a new version of a policy it was signed under."""

    cooperation = models.ForeignKey(BankCooperation, models.PROTECT, related_name="reviews")
    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="reviews")
    conclusion = models.CharField(_("conclusion"), max_length=300)
    reviewed_at = models.DateTimeField(_("reviewed at"))
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("review of an agreement")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cooperation", "version"], name="agreement_reviewed_once"),
            models.CheckConstraint(condition=~models.Q(conclusion=""), name="agreement_review_concludes"),
        ]

    def __str__(self) -> str:
        return f"{self.cooperation_id} {self.version_id}"


class CooperationPolicy(models.Model):
    """One policy that a cooperation is for."""

    cooperation = models.ForeignKey(BankCooperation, models.PROTECT, related_name="policies")
    policy_id = models.CharField(_("policy"), max_length=40)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["cooperation", "policy_id"], name="cooperation_policy_once")]

    def __str__(self) -> str:
        return self.policy_id


class BankOffer(models.Model):
    """A yearly rate (parts per million) a bank offers for a policy's loans up to so many months; both dates inclusive."""

    region_code = models.CharField(max_length=12)
    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="offers")
    policy_id = models.CharField(_("policy"), max_length=40)
    rate_ppm = models.PositiveIntegerField(_("rate"))
    # Empty for any term.
    longest_months = models.PositiveSmallIntegerField(_("longest term"), null=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True)
    source = models.CharField(pgettext_lazy("document", "source"), max_length=300)
    entered_at = models.DateTimeField(_("entered"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["region_code", "bank_id", "policy_id", "starts_on"]
        verbose_name = _("offer of a bank")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "bank", "policy_id", "longest_months", "starts_on", "rate_ppm"],
                nulls_distinct=False,
                name="bank_offer_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(starts_on__lte=models.F("ends_on")), name="bank_offer_dates_in_order"
            ),
            models.CheckConstraint(condition=models.Q(rate_ppm__lt=1_000_000), name="bank_offer_is_a_rate"),
            models.CheckConstraint(condition=~models.Q(source=""), name="bank_offer_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.bank_id} {self.policy_id} {self.rate_ppm}"
