"""The bulletin of measures on paper and as a workbook, filled from its lines, kept or just composed."""

from collections.abc import Sequence
from datetime import date

from zhubao.documents.bulletins import BulletinCell, BulletinColumn, BulletinTable, Figure, PrintedBulletin, counted
from zhubao.documents.lists import Kind
from zhubao.oversight.measures.course import MEASURE
from zhubao.oversight.measures.indicators import reaches, share_ppm
from zhubao.oversight.measures.models import BulletinLine, BulletinPart
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.policies.measures import indicator

KINDS: dict[str, Kind] = {"fen": "yuan", "ppm": "percent"}
UNITS = {"persons": "人", "count": "个", "fen": "元", "ppm": "%", "hours": "小时", "points": "分", "days": "天"}
RISKS = {"age": "防因老返贫", "injury": "防因工伤返贫", "unemployment": "防因失业返贫", "": "其他"}


@implements("gz-0.2", "jx-5.2a", "jx-5.2b", "tl-5.2a", as_="feature")
def printed_bulletin(
    lines: Sequence[BulletinLine],
    *,
    number: str,
    policy_id: str,
    place: str,
    office: str,
    first: date,
    on: date,
    because: str = "",
) -> PrintedBulletin:
    """Return a bulletin of a quarter that begins on `first`, as of a day; without a number it is a draft."""
    of = {table: [line for line in lines if line.table == table] for table in BulletinPart.values}
    states = [(state.label.zh, sum(line.state == state.name for line in of[BulletinPart.MEASURE])) for state in MEASURE.states]
    opening = [f"共跟踪措施 {len(of[BulletinPart.MEASURE])} 项：{counted(states)}。"]
    if because:
        opening.append(f"本期更正：{because}。")
    title = judge_of(policy_id).policy.title.zh
    return PrintedBulletin(
        date=on,
        number=number,
        title=f"{place}措施进展通报" if number else f"{place}措施进展通报（预览）",
        below=f"{title}　{first.year} 年第 {(first.month + 2) // 3} 季度",
        office=office,
        opening=tuple(opening),
        tables=(
            BulletinTable(
                "超期未报",
                (
                    BulletinColumn("措施", 20),
                    BulletinColumn("牵头单位", 16),
                    BulletinColumn("应报日期", 8),
                    BulletinColumn("超期次数", 6, True),
                ),
                tuple(
                    (line.label_zh, line.organisations, line.day, Figure(line.numerator or 0, "count"))
                    for line in of[BulletinPart.OVERDUE]
                ),
                "没有超期未报的措施。",
            ),
            BulletinTable(
                "措施进展",
                (
                    BulletinColumn("措施", 20),
                    BulletinColumn("责任单位", 34),
                    BulletinColumn("状态", 7),
                    BulletinColumn("下次报告", 8),
                ),
                tuple(
                    (line.label_zh, line.organisations, MEASURE.state(line.state).label.zh, line.day)
                    for line in of[BulletinPart.MEASURE]
                ),
            ),
            *(
                _figures(RISKS[risk], [line for line in of[BulletinPart.INDICATOR] if line.risk == risk])
                for risk in RISKS
                if any(line.risk == risk for line in of[BulletinPart.INDICATOR])
            ),
            *((_figures("基金", of[BulletinPart.FUND]),) if of[BulletinPart.FUND] else ()),
        ),
    )


def figure(numerator: int | None, denominator: int | None, unit: str) -> Figure | None:
    """Return a figure in its unit, a share as parts per million; None where there is none."""
    if numerator is None:
        return None
    if unit == "ppm":
        share = share_ppm(numerator, denominator)
        return None if share is None else Figure(share, "percent")
    return Figure(numerator, KINDS.get(unit, "count"))


def verdict(line: BulletinLine) -> bool | None:
    """Tell whether a line reaches its target; None where there is no target or no share."""
    if line.target_ppm is None or line.numerator is None:
        return None
    return reaches(line.numerator, line.denominator, line.target_ppm)


def _figures(title: str, lines: Sequence[BulletinLine]) -> BulletinTable:
    columns = (
        BulletinColumn("指标", 26),
        BulletinColumn("单位", 5),
        BulletinColumn("本期", 12, True),
        BulletinColumn("分子／分母", 16, True),
        BulletinColumn("上期", 12, True),
        BulletinColumn("目标", 8, True),
        BulletinColumn("达标", 6),
    )
    return BulletinTable(title, columns, tuple(_row(line) for line in lines))


def _row(line: BulletinLine) -> tuple[BulletinCell, ...]:
    now = figure(line.numerator, line.denominator, line.unit)
    reached = verdict(line)
    counted_here = indicator(line.name).source == "live"
    return (
        line.label_zh,
        UNITS[line.unit],
        now if now is not None else "—" if line.numerator is not None or counted_here else "未报",
        f"{_whole(line.numerator, line)}／{_whole(line.denominator, line)}" if line.denominator else "",
        figure(line.before_numerator, line.before_denominator, line.unit),
        None if line.target_ppm is None else Figure(line.target_ppm, "percent"),
        "" if reached is None else "是" if reached else "否",
    )


def _whole(value: int | None, line: BulletinLine) -> str:
    if line.name.startswith("fund_"):
        return f"{(value or 0) // 100:,}.{(value or 0) % 100:02}"
    return f"{value or 0:,}"
