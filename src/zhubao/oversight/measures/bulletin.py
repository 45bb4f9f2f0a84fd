"""The bulletin of a county, document and quarter: composed from what stands, kept as it was given out, corrected by a new edition."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.policies.measures import IndicatorText, indicator, indicators, measures

from .course import BUREAU
from .indicators import Asked, Reading, read
from .models import Bulletin, BulletinLine, BulletinPart, Measure
from .periods import quarter_before, quarter_of

FUND = ("fund_entrusted", "fund_return")


@implements("gz-0.2", "jx-5.2a", "tl-5.2a", as_="feature")
def compose(region_code: str, policy_id: str, first: date) -> list[BulletinLine]:
    """Return the lines of a bulletin for the quarter that begins on a day, from what stands now; nothing is kept.

    Measures with their state, those overdue, then every indicator of the document against its target and the quarter before.
    """
    first, last = quarter_of(first)
    before = quarter_before(first)
    lines = list(_measure_lines(region_code, policy_id))
    now, then = Asked(region_code, policy_id, first, last), Asked(region_code, policy_id, *before)
    for name in indicators_of(policy_id):
        lines += _indicator_lines(indicator(name), read(name, now), read(name, then))
    for table in BulletinPart.values:
        for position, line in enumerate((line for line in lines if line.table == table), 1):
            line.position = position
    return sorted(lines, key=lambda line: (BulletinPart.values.index(line.table), line.position))


def indicators_of(policy_id: str) -> list[str]:
    """Return the indicators of a document's measures, each once, in the order of the register."""
    wanted = {name for each in measures(policy_id) for name in each.indicators}
    return [name for name in indicators() if name in wanted]


@implements("jx-5.2a", "jx-5.2b", "tl-5.2a", as_="action")
@transaction.atomic
def give_out(region_code: str, policy_id: str, first: date, *, because: str = "", actor: Actor, now: datetime) -> Bulletin:
    """Give out the bulletin of a quarter that is over; given out before, what changed since makes a new edition with its reason.

    The same again with nothing changed returns the edition that stands. Raise OutOfScope, E-MEASURE-NONE while the county tracks
    nothing of the document, E-BULLETIN-EARLY before the quarter is over, E-BULLETIN-CORRECTION for a new edition without a reason.
    """
    actor.require_role(*BUREAU)
    actor.require_region(region_code)
    first, last = quarter_of(first)
    place = f"{region_code} {policy_id} {first}"
    if not Measure.objects.filter(region_code__startswith=region_code, policy_id=policy_id).exists():
        raise ZhubaoError(
            "E-MEASURE-NONE", Text("还没有列入这份文件的措施", "no measure of the document is taken up"), place=place
        )
    if localdate(now) <= last:
        raise ZhubaoError(
            "E-BULLETIN-EARLY",
            Text(f"这一季度到 {last} 才结束", f"the quarter ends on {last}"),
            place=place,
            remedy=Text("可先看预览", "look at the preview until then"),
        )
    standing = latest(region_code, policy_id, first)
    lines = compose(region_code, policy_id, first)
    if standing is not None and not changes(list(standing.lines.all()), lines):
        return standing
    if standing is not None and not because.strip():
        raise ZhubaoError(
            "E-BULLETIN-CORRECTION",
            Text("已发过一版；更正要写明原因", "an edition was given out; a correction says why"),
            place=standing.number,
        )
    edition = standing.edition + 1 if standing else 1
    tag = judge_of(policy_id).policy.tag
    number = f"TB-{tag}-{region_code}-{first.year}Q{(first.month + 2) // 3}-{edition}"
    bulletin = Bulletin.objects.create(
        region_code=region_code,
        policy_id=policy_id,
        number=number,
        period_from=first,
        period_to=last,
        edition=edition,
        given_out_at=now,
        given_out_by_id=actor.post_id,
        actor_name=actor.name,
        because=because.strip()[:300] if standing else "",
    )
    for line in lines:
        line.bulletin = bulletin
    BulletinLine.objects.bulk_create(lines)
    after = {"number": number, "lines": len(lines)}
    record(
        "bulletin.given_out",
        f"bulletin:{number}",
        actor=actor,
        now=now,
        region_code=region_code,
        after=after,
        reason=bulletin.because,
    )
    return bulletin


def latest(region_code: str, policy_id: str, first: date) -> Bulletin | None:
    """Return the last edition of a quarter's bulletin, None when none was given out."""
    found = Bulletin.objects.filter(region_code=region_code, policy_id=policy_id, period_from=first)
    return found.order_by("-edition").first()


@dataclass(frozen=True)
class Change:
    """One line that differs between two editions; None where an edition has no such line."""

    old: BulletinLine | None
    new: BulletinLine | None

    @property
    def line(self) -> BulletinLine:
        """The line, as the later edition words it where it has it."""
        found = self.new or self.old
        assert found is not None
        return found


def changes(old: list[BulletinLine], new: list[BulletinLine]) -> list[Change]:
    """Return what differs between the lines of two editions, in the order of the later one, dropped lines last."""
    before, after = ({(line.table, line.name, line.part): line for line in lines} for lines in (old, new))
    found = [
        Change(before.get(key), line) for key, line in after.items() if key not in before or _said(before[key]) != _said(line)
    ]
    return found + [Change(line, None) for key, line in before.items() if key not in after]


def _said(line: BulletinLine) -> tuple[object, ...]:
    return (line.state, line.day, line.organisations, line.numerator, line.denominator)


def _measure_lines(region_code: str, policy_id: str) -> Iterator[BulletinLine]:
    rows = Measure.objects.filter(region_code__startswith=region_code, policy_id=policy_id).select_related("lead", "subject_of")
    for row in rows.prefetch_related("units__organisation").order_by("pk"):
        known = row.known
        units = "、".join(unit.organisation.name for unit in row.units.all() if unit.organisation is not None)
        subject = f"（{row.subject_of.name}）" if row.subject_of else ""
        shared = {
            "name": row.measure_id,
            "part": str(row.subject_of_id or ""),
            "label_zh": f"{known.title.zh}{subject}"[:200],
            "label_en": f"{known.title.en}{f' ({row.subject_of.name})' if row.subject_of else ''}"[:200],
            "state": row.state,
            "day": row.due_on,
        }
        yield BulletinLine(table=BulletinPart.MEASURE, organisations=units[:400], **shared)
        if row.state == "overdue":
            lead = row.lead.name if row.lead else ""
            yield BulletinLine(table=BulletinPart.OVERDUE, organisations=lead, numerator=row.missed, **shared)


def _indicator_lines(known: IndicatorText, now: list[Reading], before: list[Reading]) -> Iterator[BulletinLine]:
    earlier = {reading.part: reading for reading in before}
    table = BulletinPart.FUND if known.name in FUND else BulletinPart.INDICATOR
    shown: dict[str, Reading | None] = {reading.part: reading for reading in now}
    for part, reading in (shown or {"": None}).items():
        was = earlier.get(part)
        label = reading.label if reading else Text("", "")
        yield BulletinLine(
            table=table,
            name=known.name,
            part=part,
            label_zh=f"{known.label.zh}：{label.zh}" if part else known.label.zh,
            label_en=f"{known.label.en}: {label.en}" if part else known.label.en,
            unit=known.unit,
            risk=known.risk,
            numerator=reading.numerator if reading else None,
            denominator=reading.denominator if reading else None,
            before_numerator=was.numerator if was else None,
            before_denominator=was.denominator if was else None,
            target_ppm=known.target_ppm,
        )
