"""Figures that show how measures go: counted live where the system has the data, else as units handed them in.

A live indicator is a function of the region, the document and the days it is asked for; it yields one reading, or one for each part.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from zhubao.language import Text
from zhubao.policies.measures import IndicatorText, indicator

from .models import FundYear, IndicatorFigure
from .periods import quarter_of

PPM = 1_000_000
ALL = Text("", "")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a region with everything below it, a document, and days, both inclusive."""

    region_code: str
    policy_id: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure: a count or fen in `numerator`, for a share its whole in `denominator`; `part` "" is the figure itself."""

    numerator: int
    denominator: int | None = None
    part: str = ""
    label: Text = ALL


Live = Callable[[Asked], Iterable[Reading]]
LIVE: dict[str, Live] = {}


def counts(name: str) -> Callable[[Live], Live]:
    """Register a function as the live count of an indicator; ValueError for one the register does not call live, or a second one."""
    if indicator(name).source != "live" or name in LIVE:
        raise ValueError(f"{name!r} is not counted live, or is counted already")

    def register(count: Live) -> Live:
        LIVE[name] = count
        return count

    return register


def share_ppm(numerator: int, denominator: int | None) -> int | None:
    """Return a share in parts per million, cut off so that the whole means everybody; None without a whole."""
    return numerator * PPM // denominator if denominator else None


def reaches(numerator: int, denominator: int | None, target_ppm: int) -> bool | None:
    """Tell whether a share reaches its target, to the last fen; None without a whole."""
    return numerator * PPM >= denominator * target_ppm if denominator else None


def read(name: str, asked: Asked) -> list[Reading]:
    """Return the readings of an indicator, [] where nothing was handed in for the days."""
    known = indicator(name)
    if known.source == "live":
        from . import live, live_accounts, live_purposes  # noqa: F401 - registers the counts; loaded with the apps they read

        return list(LIVE[name](asked))
    return _handed_in(known, asked)


def _handed_in(known: IndicatorText, asked: Asked) -> list[Reading]:
    year = (date(asked.last.year, 1, 1), date(asked.last.year, 12, 31))
    first, last = quarter_of(asked.last) if known.period == "quarter" else year
    figures = IndicatorFigure.objects.standing().filter(
        region_code__startswith=asked.region_code, indicator_name=known.name, period_from=first, period_to=last
    )
    labels = dict(known.parts)
    found: dict[str, Reading] = {}
    # Several counties of a region are one figure together.
    for figure in figures.order_by("part"):
        before = found.get(figure.part)
        whole = None if figure.denominator is None else figure.denominator + ((before.denominator or 0) if before else 0)
        found[figure.part] = Reading(
            figure.numerator + (before.numerator if before else 0),
            whole,
            figure.part,
            labels.get(figure.part, Text(figure.part, figure.part)),
        )
    order = {code: at for at, (code, _label) in enumerate(known.parts)}
    return sorted(found.values(), key=lambda each: (order.get(each.part, len(order)), each.part))


def entrusted(row: FundYear) -> Reading:
    """Return what was entrusted in a year against the new surplus it is measured by; no share without a surplus."""
    return Reading(row.entrusted_fen, row.surplus_fen if row.surplus_fen > 0 else None)


def returned(row: FundYear) -> Reading | None:
    """Return the gains of a year against average assets, None while they are not entered."""
    return None if row.gains_fen is None else Reading(row.gains_fen, row.average_assets_fen)
