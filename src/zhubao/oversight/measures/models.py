"""Tables of measures: the row a county tracks, its units, steps, reports, evidence and events, the figures, and the bulletins."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Organisation, Post, User
from zhubao.access.roles import OrganisationKind
from zhubao.access.scopes import RegionQuerySet
from zhubao.policies.measures import IndicatorText, MeasureText, indicator, measure

from .course import MEASURE

STATES = [state.name for state in MEASURE.states]


class MeasureQuerySet(RegionQuerySet["Measure"]):
    """Measures of a scope."""

    def open(self) -> "MeasureQuerySet":
        """Those not closed."""
        return self.exclude(state="closed")

    def of_unit(self, organisation_id: int | None) -> "MeasureQuerySet":
        """Those an organisation is responsible for."""
        return self.filter(units__organisation_id=organisation_id or 0)


class Measure(models.Model):
    """One measure of a document as one county tracks it (or one township, or one bank of it).

    `measure_id` is its id in the register. `lead` reports; without one the row is incomplete. `due_on` is the last day for the next
    report, which speaks of the days `period_from` to `period_to`; `ends_on` the day the whole measure should be done, None where
    neither the text nor the county names one. `missed` counts reports that were not there on their day since one last was.
    """

    region_code = models.CharField(max_length=12)
    policy_id = models.CharField(_("policy"), max_length=40)
    measure_id = models.CharField(_("measure"), max_length=40)
    subject_of = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    lead = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("lead unit"))
    state = models.CharField(_("state"), max_length=20)
    state_since = models.DateTimeField()
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    due_on = models.DateField(_("report due"), null=True)
    ends_on = models.DateField(_("to be done by"), null=True)
    missed = models.PositiveSmallIntegerField(_("missed"), default=0)
    missed_due_on = models.DateField(null=True)
    superior_plan = models.CharField(_("superior's plan"), max_length=300, blank=True)
    taken_up_at = models.DateTimeField()

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        ordering: ClassVar = ["region_code", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "measure_id", "subject_of"], nulls_distinct=False, name="measure_once"
            ),
            models.CheckConstraint(name="measure_state_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="measure_waits_without_a_day", condition=~Q(state="waiting_superior") | Q(due_on=None)),
            models.CheckConstraint(name="measure_active_has_lead", condition=~Q(state="active") | Q(lead__isnull=False)),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "state"], name="measure_by_region")]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The name under which audit, tasks and notices speak of it."""
        return f"measure:{self.pk}"

    @property
    def known(self) -> MeasureText:
        """The measure as the register words it."""
        return measure(self.measure_id)


class MeasureUnit(models.Model):
    """One unit that answers for a measure; `organisation` is None while the county has none of that kind."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="units")
    kind = models.CharField(max_length=24, choices=OrganisationKind.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")

    objects = models.Manager["MeasureUnit"]()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "kind", "organisation"], nulls_distinct=False, name="measure_unit_once"),
            models.CheckConstraint(name="measure_unit_kind_known", condition=Q(kind__in=OrganisationKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.kind}"


class MeasureStep(models.Model):
    """Who took which step of a measure, when, and why; added, never changed."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=32)
    start = models.CharField(max_length=20, blank=True)
    end = models.CharField(max_length=20)
    at = models.DateTimeField()
    on = models.DateField(pgettext_lazy("date", "day"))
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    key = models.CharField(max_length=100)
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)

    objects = models.Manager["MeasureStep"]()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "number"], name="measure_step_number_once"),
            models.UniqueConstraint(fields=["measure", "key"], name="measure_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"


class MeasureEvidence(models.Model):
    """What shows that a measure was carried out: a paper kept as a file, or a note that says where it lies."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="evidence")
    note = models.TextField(_("note"), blank=True)
    name = models.CharField(_("file name"), max_length=200, blank=True)
    stored_as = models.CharField(max_length=160, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)

    objects = models.Manager["MeasureEvidence"]()

    class Meta:
        ordering: ClassVar = ["added_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="measure_evidence_says_something", condition=~Q(note="") | ~Q(stored_as="")),
        ]

    def __str__(self) -> str:
        return self.name or self.note[:40]


class MeasureEvent(models.Model):
    """One publicity event under a measure: where, when, for how many; on site or online."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="events")
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=100)
    online = models.BooleanField(pgettext_lazy("event", "online"), default=False)
    people = models.PositiveIntegerField(_("people reached"), default=0)
    about = models.CharField(_("about"), max_length=200)
    safety_note = models.CharField(_("how it was kept safe"), max_length=300, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)

    objects = models.Manager["MeasureEvent"]()

    class Meta:
        ordering: ClassVar = ["-held_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "held_on", "place", "about"], name="measure_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.place}"


class Dimension(models.TextChoices):
    """On which of four sides a risk is kept in check."""

    POLICY = "policy", _("policy")
    HANDLING = "handling", pgettext_lazy("risk", "handling")
    INFORMATION = "information", pgettext_lazy("risk", "information")
    SUPERVISION = "supervision", pgettext_lazy("risk", "supervision")


class RiskControl(models.Model):
    """One entry of a county's risk register: a risk on one of four sides, what keeps it in check, and the unit that answers for it."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="controls")
    dimension = models.CharField(_("side"), max_length=12, choices=Dimension.choices)
    risk = models.CharField(_("risk"), max_length=200)
    control = models.CharField(_("control"), max_length=300)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("owner"))
    since = models.DateField(_("in place since"))
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)

    objects = models.Manager["RiskControl"]()

    class Meta:
        ordering: ClassVar = ["dimension", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "dimension", "risk"], name="risk_control_once"),
            models.CheckConstraint(name="risk_dimension_known", condition=Q(dimension__in=Dimension.values)),
            models.CheckConstraint(name="risk_has_control", condition=~Q(risk="") & ~Q(control="")),
        ]

    def __str__(self) -> str:
        return self.risk


class IndicatorFigureQuerySet(RegionQuerySet["IndicatorFigure"]):
    """Figures of a scope."""

    def standing(self) -> "IndicatorFigureQuerySet":
        """Those not corrected."""
        return self.filter(superseded_at=None)


class IndicatorFigure(models.Model):
    """One figure a unit handed in for a period, days inclusive. Money in fen. A correction is a new row that `replaces` the old one.

    `denominator` only for shares. `part` is a code of the register, or a county's own words where the indicator takes them.
    """

    region_code = models.CharField(max_length=12)
    indicator_name = models.CharField(_("indicator"), max_length=40)
    part = models.CharField(_("of which"), max_length=40, blank=True)
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    numerator = models.BigIntegerField(_("figure"))
    denominator = models.BigIntegerField(_("out of"), null=True)
    document = models.CharField(_("document"), max_length=200)
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    entered_at = models.DateTimeField(_("entered"))
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    because = models.CharField(_("why corrected"), max_length=300, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    superseded_at = models.DateTimeField(null=True)

    objects = IndicatorFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure of an indicator")
        ordering: ClassVar = ["indicator_name", "part", "period_from", "entered_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "indicator_name", "part", "period_from", "period_to"],
                condition=Q(superseded_at=None),
                name="indicator_figure_stands_once",
            ),
            models.CheckConstraint(name="indicator_figure_not_negative", condition=Q(numerator__gte=0)),
            models.CheckConstraint(
                name="indicator_figure_share",
                condition=Q(denominator=None) | Q(denominator__gt=0, denominator__gte=F("numerator")),
            ),
            models.CheckConstraint(name="indicator_figure_period", condition=Q(period_to__gte=F("period_from"))),
            models.CheckConstraint(name="indicator_figure_has_document", condition=~Q(document="")),
            models.CheckConstraint(name="indicator_correction_says_why", condition=Q(replaces=None) | ~Q(because="")),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.indicator_name} {self.part} {self.period_from}"

    @property
    def known(self) -> IndicatorText:
        """The indicator as the register words it."""
        return indicator(self.indicator_name)


class FundYearQuerySet(RegionQuerySet["FundYear"]):
    """Years of the fund of a scope."""

    def standing(self) -> "FundYearQuerySet":
        """Those not corrected."""
        return self.filter(superseded_at=None)


class FundYear(models.Model):
    """What was entrusted for investment in a year, against the new surplus of the year the county counts it by. Money in fen.

    `surplus_year` follows the answer to the open question in `provisional` (empty once somebody decided). Gains and average assets
    are those of `year`. A correction is a new row that `replaces` the old one.
    """

    region_code = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField(_("year"))
    surplus_year = models.PositiveSmallIntegerField(_("surplus of"))
    provisional = models.CharField(max_length=40, blank=True)
    surplus_fen = models.BigIntegerField(_("new surplus"))
    entrusted_fen = models.BigIntegerField(_("entrusted"))
    gains_fen = models.BigIntegerField(_("gains"), null=True)
    average_assets_fen = models.BigIntegerField(_("average assets"), null=True)
    document = models.CharField(_("audited accounts"), max_length=200)
    audited_on = models.DateField(_("audited"))
    entered_at = models.DateTimeField(_("entered"))
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    because = models.CharField(_("why corrected"), max_length=300, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    superseded_at = models.DateTimeField(null=True)

    objects = FundYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("year of the fund")
        ordering: ClassVar = ["year", "entered_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "year"], condition=Q(superseded_at=None), name="fund_year_stands_once"
            ),
            models.CheckConstraint(name="fund_year_money", condition=Q(entrusted_fen__gte=0)),
            models.CheckConstraint(
                name="fund_year_return",
                condition=Q(gains_fen=None, average_assets_fen=None) | Q(gains_fen__isnull=False, average_assets_fen__gt=0),
            ),
            models.CheckConstraint(name="fund_year_has_accounts", condition=~Q(document="")),
            models.CheckConstraint(name="fund_correction_says_why", condition=Q(replaces=None) | ~Q(because="")),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.year}"


class BulletinQuerySet(RegionQuerySet["Bulletin"]):
    """Bulletins of a scope."""


class Bulletin(models.Model):
    """The bulletin of a county, document and quarter as it was given out; a later edition does not change an earlier one."""

    region_code = models.CharField(max_length=12)
    policy_id = models.CharField(_("policy"), max_length=40)
    number = models.CharField(_("number"), max_length=60, unique=True)
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    edition = models.PositiveSmallIntegerField(_("edition"))
    given_out_at = models.DateTimeField(_("given out"))
    given_out_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    because = models.CharField(_("why corrected"), max_length=300, blank=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulletin")
        ordering: ClassVar = ["-period_from", "-edition"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "policy_id", "period_from", "edition"], name="bulletin_edition_once"),
            models.CheckConstraint(name="bulletin_correction_says_why", condition=Q(edition=1) | ~Q(because="")),
        ]

    def __str__(self) -> str:
        return self.number


class BulletinPart(models.TextChoices):
    """Which table of a bulletin a line stands in."""

    MEASURE = "measure", _("measures")
    OVERDUE = "overdue", _("overdue")
    INDICATOR = "indicator", _("indicators")
    FUND = "fund", _("fund")


class BulletinLine(models.Model):
    """One line of a bulletin as given out. `words` are its texts in Chinese; figures are whole numbers in the indicator's unit.

    `name` and `part` tell the line from the others of its table, so that two editions can be laid beside each other.
    """

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="lines")
    table = models.CharField(max_length=10, choices=BulletinPart.choices)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    part = models.CharField(max_length=80, blank=True)
    label_zh = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    unit = models.CharField(max_length=8, blank=True)
    risk = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=20, blank=True)
    organisations = models.CharField(max_length=400, blank=True)
    day = models.DateField(null=True)
    numerator = models.BigIntegerField(null=True)
    denominator = models.BigIntegerField(null=True)
    before_numerator = models.BigIntegerField(null=True)
    before_denominator = models.BigIntegerField(null=True)
    target_ppm = models.PositiveIntegerField(null=True)

    objects = models.Manager["BulletinLine"]()

    class Meta:
        ordering: ClassVar = ["table", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bulletin", "table", "name", "part"], name="bulletin_line_once"),
            models.CheckConstraint(name="bulletin_table_known", condition=Q(table__in=BulletinPart.values)),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin} {self.table} {self.name}"
