"""A year of measures in the demonstration's Ganzhou county: reported, late, supervised, with figures, the fund and bulletins."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.models import Post
from zhubao.access.roles import OrganisationKind
from zhubao.demonstration.regions import REGIONS
from zhubao.oversight.measures import actions
from zhubao.oversight.measures.bulletin import give_out
from zhubao.oversight.measures.figures import enter_figure, enter_fund_year
from zhubao.oversight.measures.models import Measure, MeasureQuerySet
from zhubao.oversight.measures.supervising import remind_measures, supervise_measures

YEAR = 2026
SYSTEM = Actor.system("measures")
HRSS, FINANCE, TAX = OrganisationKind.HRSS, OrganisationKind.FINANCE, OrganisationKind.TAX
LATE, NEVER = "gz-13", "gz-4"

SURPLUS_YUAN = ((2024, 31_200_000, 23_700_000), (2025, 33_800_000, 27_600_000), (2026, 35_100_000, 29_000_000))
# Indicator, part, figure of the first quarter, what each later quarter adds, its whole.
FIGURES = (
    ("unemployment_insured", "", 8_120, 310, None),
    ("skill_subsidy_persons", "", 126, 14, None),
    ("skill_subsidy_fen", "", 189_000_00, 21_000_00, None),
    ("injury_insured", "", 11_460, 240, None),
    ("insured_of_residents", "", 402_300, 1_150, 418_000),
    ("card_holders", "", 471_500, 900, 480_000),
    ("training_hours", "", 64, 8, None),
    ("training_score", "", 86, 1, None),
    ("seniors_taken_in", "", 212, 18, None),
)
PROJECTS = (("mining", 2), ("construction", 6), ("furniture", 9), ("transport", 3), ("metal", 2))


class Happening(NamedTuple):
    """Something done on a day of the year."""

    month: int
    day: int
    what: Callable[["County", datetime], object]


class County:
    """The county with the hands that move its measures."""

    def __init__(self, code: str, policy_id: str) -> None:
        self.code, self.policy_id = code, policy_id

    def by(self, kind: OrganisationKind) -> Actor:
        """Return the actor at the first post of an office of the county."""
        return Post.objects.open().filter(organisation__kind=kind, scope_id=self.code).order_by("pk")[0].actor()

    def take_up(self, now: datetime) -> None:
        """Take the measures up and enter what keeps risks in check."""
        actions.take_up(self.code, self.policy_id, actor=self.by(HRSS), now=now)
        risks = self._rows().get(measure_id="gz-10")
        tax = self.by(TAX)
        for dimension, risk, control in (
            ("policy", "同一人享受两项补贴", "一人一年只列一行，重复的须说明"),
            ("handling", "一人经办到底", "录入、审核、核定分人"),
            ("information", "名单迟到", "每月催报，缺报列出"),
            ("supervision", "超期无人过问", "到期自动督办"),
        ):
            owner = tax.organisation_id or 0
            actions.enter_control(risks.pk, dimension, risk, control, owner, now.date(), actor=tax, now=now)

    def report(self, now: datetime, *, but: tuple[str, ...] = ()) -> None:
        """Have every lead unit report whose period is over, but for some measures."""
        for row in (
            self._rows().filter(state__in=("planned", "active", "overdue"), period_to__lt=now.date()).exclude(measure_id__in=but)
        ):
            actions.report(row.pk, "本期工作已按要求落实，数据见指标。", actor=self.by(HRSS), now=now)

    def supervise(self, now: datetime) -> None:
        """Remind and supervise as every morning does."""
        supervise_measures(now.date(), actor=SYSTEM, now=now)
        remind_measures(now.date(), actor=SYSTEM, now=now)

    def log_events(self, now: datetime) -> None:
        """Log two publicity events and keep a note as evidence."""
        row = self._rows().get(measure_id=LATE)
        for place, online, people in (("圩日集市", False, 240), ("县融媒体直播间", True, 1_800)):
            actions.log_event(
                row.pk, now.date(), place, "代缴和参保政策怎么算", online=online, people=people, actor=self.by(HRSS), now=now
            )
        actions.add_evidence(row.pk, "活动照片和签到表存基层科档案柜", actor=self.by(HRSS), now=now)

    def enter_figures(self, quarter: int, now: datetime) -> None:
        """Have units hand in the figures of a quarter."""
        last = date(now.year, quarter * 3, 28)
        hands = {"skill_subsidy_persons": FINANCE, "skill_subsidy_fen": FINANCE}
        for name, part, figure, more, whole in FIGURES:
            enter_figure(
                self.code,
                name,
                last,
                figure + more * (quarter - 1),
                f"{now.year}年{quarter}季度统计表",
                part=part,
                denominator=whole,
                actor=self.by(hands.get(name, HRSS)),
                now=now,
            )
        for part, number in PROJECTS if quarter == 1 else ():
            enter_figure(
                self.code, "prevention_projects", last, number, "工伤预防项目清单", part=part, actor=self.by(HRSS), now=now
            )

    def enter_fund(self, now: datetime) -> None:
        """Have finance enter the fund's years from the audited accounts."""
        for year, surplus, entrusted in SURPLUS_YUAN:
            enter_fund_year(
                self.code,
                year,
                surplus * 100,
                entrusted * 100,
                f"{year - 1}年度社会保险基金决算",
                date(year, 3, 20),
                gains_fen=None if year == now.year else surplus * 100 * 13 // 100,
                average_assets_fen=None if year == now.year else surplus * 100 * 4,
                actor=self.by(FINANCE),
                now=now,
            )

    def give_out(self, quarter: int, now: datetime) -> None:
        """Give the bulletin of a quarter out."""
        give_out(self.code, self.policy_id, date(now.year, quarter * 3 - 2, 1), actor=self.by(HRSS), now=now)

    def _rows(self) -> MeasureQuerySet:
        return Measure.objects.filter(region_code=self.code, policy_id=self.policy_id).order_by("pk")


def happenings() -> Iterator[Happening]:
    """Yield what is done in the year, in the order of the days."""
    yield Happening(1, 12, County.take_up)
    yield Happening(2, 6, lambda county, now: county.report(now, but=(NEVER, LATE)))
    yield Happening(3, 6, lambda county, now: county.report(now, but=(NEVER, LATE)))
    yield Happening(4, 2, County.enter_fund)
    yield Happening(4, 7, lambda county, now: county.report(now, but=(NEVER, LATE)))
    yield Happening(4, 9, lambda county, now: county.enter_figures(1, now))
    yield Happening(4, 13, County.supervise)
    yield Happening(4, 15, lambda county, now: county.give_out(1, now))
    yield Happening(4, 24, lambda county, now: county.report(now, but=(NEVER,)))
    yield Happening(4, 25, County.log_events)
    for month in (5, 6):
        yield Happening(month, 7, lambda county, now: county.report(now, but=(NEVER,)))
    yield Happening(7, 7, lambda county, now: county.report(now, but=(NEVER,)))
    yield Happening(7, 9, lambda county, now: county.enter_figures(2, now))
    yield Happening(7, 13, County.supervise)
    yield Happening(7, 15, lambda county, now: county.give_out(2, now))
    for month in (8, 9, 10):
        yield Happening(month, 7, lambda county, now: county.report(now, but=(NEVER,)))
    yield Happening(10, 9, lambda county, now: county.enter_figures(3, now))
    yield Happening(10, 13, County.supervise)
    yield Happening(10, 15, lambda county, now: county.give_out(3, now))


@transaction.atomic
def fill_measures(until: date) -> int:
    """Have the year of measures lived up to a day in the Ganzhou county, whose offices stand; return how many measures there are.

    A second time changes nothing.
    """
    region = REGIONS["ganzhou"]
    county = County(region.code, region.policy)
    if not Measure.objects.filter(region_code=region.code).exists():
        for happening in happenings():
            now = datetime.fromisoformat(f"{YEAR}-{happening.month:02}-{happening.day:02}T09:00:00+08:00")
            if now.date() > until:
                break
            happening.what(county, now)
    return Measure.objects.filter(region_code=region.code).count()
