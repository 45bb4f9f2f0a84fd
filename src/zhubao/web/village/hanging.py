"""A notice on the wall: which of its days are over, how many are left, and from which day the opinion may be signed."""

from dataclasses import dataclass
from datetime import date, timedelta

from zhubao.calendars import NoticePeriod, WorkingCalendar, notice_period
from zhubao.cases.actions.committee import NOTICE_DAYS
from zhubao.cases.models import PublicNotice
from zhubao.errors import ZhubaoError
from zhubao.web.clerk.words import said


@dataclass(frozen=True)
class WallDay:
    """One day of the count: the n-th full day (0 for a day that does not count, with the reason), and whether it is over."""

    day: date
    nth: int
    why: str
    over: bool


@dataclass(frozen=True)
class Hanging:
    """A notice as of a day: `left` full days are not over yet, today's among them; signing is possible from `sign_from`."""

    posted_on: date
    first_day: date
    last_day: date
    days: tuple[WallDay, ...]
    left: int
    sign_from: date

    @property
    def may_be_signed(self) -> bool:
        """Whether every full day is over."""
        return self.left == 0


def hanging(notice: PublicNotice, today: date) -> Hanging:
    """Return how a notice stands on a day; its days were fixed when it was posted."""
    return of_period(_period(notice), today)


def of_period(period: NoticePeriod, today: date) -> Hanging:
    """Return how a period stands on a day."""
    days, nth = [], 0
    for each in period.counted.days:
        nth += each.counted
        days.append(WallDay(each.day, nth if each.counted else 0, said(each.reason), each.day < today))
    counted = [each for each in days if each.nth]
    return Hanging(
        posted_on=period.posted,
        first_day=counted[0].day,
        last_day=period.last_day,
        days=tuple(days),
        left=sum(not each.over for each in counted),
        sign_from=period.sign_off_from,
    )


def _period(notice: PublicNotice) -> NoticePeriod:
    """Return the period whose last day the notice names: of calendar days, or of working days where the place counts those."""
    plain = notice_period(notice.posted_on, NOTICE_DAYS)
    if plain.last_day == notice.last_day:
        return plain
    try:
        return notice_period(notice.posted_on, NOTICE_DAYS, WorkingCalendar.built_in())
    except ZhubaoError:
        # The calendar of a year that is no longer known: the days themselves stay those the notice names.
        return NoticePeriod(notice.posted_on, notice.last_day, notice.last_day + timedelta(days=1), plain.counted)
