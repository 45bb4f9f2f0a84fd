"""Charts as accessible SVG with the same figures as table rows; drawn on the server, no network, cached by their data.

Amounts are integer fen, months are year × 12 + month. A chart never speaks by colour alone: every area and line is named on the
chart, lines differ in dash, and the table says the same in figures.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text
from zhubao.pension.months import month_text

from .amounts import amount_in_yuan
from .drawing import INK, PINE, QUIET, SUN, WHITE, draw, line_look, month_axis, plot, yuan_axis

_KEPT = Text("到手", "Received")
_REPAID = Text("还贷", "Repaid")
_MONTHS = Text("月份", "Months")
_MONTH = Text("月份", "Month")
_CACHED_CHARTS = 512


class Chart(NamedTuple):
    """A drawn chart: SVG text, its title and description, and the same data as a table (headings, rows of words)."""

    svg: str
    title: str
    description: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Phase(NamedTuple):
    """A stretch of the loan's life: its name and first month (year × 12 + month)."""

    name: str
    first_month: int


class Path(NamedTuple):
    """One way compared with others: its name and a value in fen for each month."""

    name: str
    values_fen: tuple[int, ...]


def pension_use(first_month: int, kept_fen: Sequence[int], repaid_fen: Sequence[int], language: Language = "zh") -> Chart:
    """Return where each month's pension goes, from `first_month` on: what reaches the person below, what repays the loan above.

    The table joins months with equal amounts. E-CHART when the series are empty or unlike in length.
    """
    _same_length(len(kept_fen), {"kept_fen": len(kept_fen), "repaid_fen": len(repaid_fen)})
    return _pension_use(first_month, tuple(kept_fen), tuple(repaid_fen), language)


def debt_over_time(first_month: int, debt_fen: Sequence[int], phases: Sequence[Phase] = (), language: Language = "zh") -> Chart:
    """Return the debt at the end of each month from `first_month` on, with its phases named above the line.

    The table holds the first month, every December, the month before each phase and the last month.
    """
    _same_length(len(debt_fen), {"debt_fen": len(debt_fen)})
    return _debt_over_time(first_month, tuple(debt_fen), tuple(phases), language)


def paths_compared(
    first_month: int, paths: Sequence[Path], break_even_month: int | None = None, language: Language = "zh"
) -> Chart:
    """Return cumulated amounts of two or more ways from `first_month` on; a mark stands where one overtakes the other."""
    if not paths:
        _same_length(0, {})
    _same_length(len(paths[0].values_fen), {path.name: len(path.values_fen) for path in paths})
    return _paths_compared(first_month, tuple(paths), break_even_month, language)


def by_category(
    title: str, names: Sequence[str], values: Sequence[int], unit: Literal["yuan", "persons"], language: Language = "zh"
) -> Chart:
    """Return one bar a category in the order given, with its figure; values are fen for "yuan", counts for "persons"."""
    _same_length(len(names), {"names": len(names), "values": len(values)})
    return _by_category(title, tuple(names), tuple(values), unit, language)


def _same_length(length: int, lengths: dict[str, int]) -> None:
    if not length or any(other != length for other in lengths.values()):
        said = ", ".join(f"{name}: {count}" for name, count in lengths.items())
        raise ZhubaoError(
            "E-CHART",
            Text(f"图表数据为空或长短不一（{said}）", f"chart series are empty or differ in length ({said})"),
            remedy=Text("各序列须逐月对应", "give one value a month in every series"),
        )


@lru_cache(maxsize=_CACHED_CHARTS)
def _pension_use(first: int, kept: tuple[int, ...], repaid: tuple[int, ...], language: Language) -> Chart:
    import altair as alt

    names = (_KEPT.in_(language), _REPAID.in_(language))
    runs = _runs(kept, repaid)
    values, words = [], []
    for start, length in runs:
        ends = {"from": _day(first + start), "to": _day(first + start + length)}
        bounds = (0, kept[start], kept[start] + repaid[start])
        for name, low, high, ink in zip(names, bounds, bounds[1:], (WHITE, INK), strict=False):
            values.append({**ends, "low": low, "high": high, "use": name})
            if high > low and length * 8 >= len(kept):
                words.append(
                    {
                        "at": _day(first + start + length // 2),
                        "y": (low + high) // 2,
                        "says": f"{name} {amount_in_yuan(high - low)}",
                        "colour": ink,
                    }
                )
    x = alt.X("from:T", axis=month_axis(len(kept)), title=None, scale=alt.Scale(type="utc", nice=False))
    y = alt.Y("low:Q", axis=yuan_axis(), title=None)
    colour = alt.Color("use:N", scale=alt.Scale(domain=list(names), range=[PINE, SUN]), legend=None)
    areas = plot(values).mark_rect(stroke=WHITE, strokeWidth=0.4).encode(x=x, x2="to:T", y=y, y2="high:Q", color=colour)
    labels = (
        plot(words)
        .mark_text(fontSize=13)
        .encode(x=alt.X("at:T", scale=alt.Scale(type="utc")), y="y:Q", text="says:N", color=alt.Color("colour:N", scale=None))
    )
    title = Text("每月养老金的去向", "Where each month's pension goes").in_(language)
    rows = tuple(
        (
            _span(first + start, length, language),
            amount_in_yuan(kept[start]),
            amount_in_yuan(repaid[start]),
            amount_in_yuan(kept[start] + repaid[start]),
        )
        for start, length in runs
    )
    said = [
        Text(f"{span}：到手 {kept_yuan} 元，还贷 {repaid_yuan} 元", f"{span}: {kept_yuan} yuan received, {repaid_yuan} repaid")
        for span, kept_yuan, repaid_yuan, _ in dict.fromkeys((rows[0], rows[-1]))
    ]
    description = Text(
        f"共 {len(kept)} 个月。{'；'.join(text.zh for text in said)}。",
        f"{len(kept)} months. {'; '.join(text.en for text in said)}.",
    ).in_(language)
    headings = tuple(
        text.in_(language)
        for text in (
            _MONTHS,
            Text("到手（元）", "Received (yuan)"),
            Text("还贷（元）", "Repaid (yuan)"),
            Text("养老金（元）", "Pension (yuan)"),
        )
    )
    return Chart(draw(alt.layer(areas, labels), title, description), title, description, headings, rows)


@lru_cache(maxsize=_CACHED_CHARTS)
def _debt_over_time(first: int, debt: tuple[int, ...], phases: tuple[Phase, ...], language: Language) -> Chart:
    import altair as alt

    values = [{"month": _day(first + index), "debt": fen} for index, fen in enumerate(debt)]
    x = alt.X("month:T", axis=month_axis(len(debt)), title=None, scale=alt.Scale(type="utc", nice=False))
    top = max(*debt, 1)
    y = alt.Y("debt:Q", axis=yuan_axis(), title=None, scale=alt.Scale(domain=[0, top * 9 // 8], nice=False))
    base = plot(values).encode(x=x, y=y)
    area = base.mark_area(color=SUN, opacity=0.25, interpolate="step-after")
    line = base.mark_line(color=SUN, strokeWidth=2, interpolate="step-after")
    layers: list[Any] = [area, line]
    if phases:
        starts = [{"month": _day(phase.first_month), "says": phase.name, "y": top * 9 // 8} for phase in phases]
        marks = plot(starts).encode(x=alt.X("month:T", scale=alt.Scale(type="utc")))
        layers.append(marks.mark_rule(color=QUIET, strokeDash=[3, 3]))
        layers.append(marks.mark_text(align="left", dx=4, dy=8, fontSize=12, color=INK).encode(y="y:Q", text="says:N"))
    title = Text("欠款怎样变化", "Debt over time").in_(language)
    wanted = {0, len(debt) - 1} | {i for i in range(len(debt)) if (first + i) % 12 == 0}
    wanted |= {phase.first_month - first - 1 for phase in phases if 0 < phase.first_month - first < len(debt)}
    rows = tuple((month_text(first + i), _phase_at(first + i, phases), amount_in_yuan(debt[i])) for i in sorted(wanted))
    peak = max(range(len(debt)), key=debt.__getitem__)
    most, left = amount_in_yuan(debt[peak]), amount_in_yuan(debt[-1])
    when, end = month_text(first + peak), month_text(first + len(debt) - 1)
    description = Text(
        f"{month_text(first)} 至 {end}。最多欠 {most} 元（{when}），最后一月欠 {left} 元。",
        f"{month_text(first)} to {end}. At most {most} yuan ({when}); {left} in the last month.",
    ).in_(language)
    headings = tuple(text.in_(language) for text in (_MONTH, Text("阶段", "Phase"), Text("欠款（元）", "Debt (yuan)")))
    return Chart(draw(alt.layer(*layers), title, description), title, description, headings, rows)


@lru_cache(maxsize=_CACHED_CHARTS)
def _paths_compared(first: int, paths: tuple[Path, ...], crossing: int | None, language: Language) -> Chart:
    import altair as alt

    length = len(paths[0].values_fen)
    values = [
        {"month": _day(first + i), "value": fen, "path": path.name} for path in paths for i, fen in enumerate(path.values_fen)
    ]
    names = [path.name for path in paths]
    colours, dashes = line_look(len(paths))
    x = alt.X("month:T", axis=month_axis(length), title=None, scale=alt.Scale(type="utc", nice=False))
    y = alt.Y("value:Q", axis=yuan_axis(), title=None)
    colour = alt.Color("path:N", scale=alt.Scale(domain=names, range=colours), legend=None)
    lines = (
        plot(values)
        .mark_line(strokeWidth=2)
        .encode(
            x=x, y=y, color=colour, strokeDash=alt.StrokeDash("path:N", scale=alt.Scale(domain=names, range=dashes), legend=None)
        )
    )
    ends = [{"month": _day(first + length - 1), "value": path.values_fen[-1], "path": path.name} for path in paths]
    labels = (
        plot(ends)
        .mark_text(align="left", dx=6, fontSize=12)
        .encode(x=alt.X("month:T", scale=alt.Scale(type="utc")), y="value:Q", text="path:N", color=colour)
    )
    layers: list[Any] = [lines, labels]
    said = Text("没有回本点。", "No break-even.")
    if crossing is not None:
        said = Text(f"{month_text(crossing)} 回本。", f"Break-even in {month_text(crossing)}.")
        mark = plot([{"month": _day(crossing), "says": said.in_(language).rstrip("。.")}])
        mark = mark.encode(x=alt.X("month:T", scale=alt.Scale(type="utc")))
        layers.append(mark.mark_rule(color=INK, strokeDash=[2, 3]))
        layers.append(mark.mark_text(align="left", dx=5, fontSize=12, color=INK, y=8).encode(text="says:N"))
    title = Text("几种办法比一比", "Ways compared").in_(language)
    wanted = {0, length - 1} | {i for i in range(length) if (first + i) % 12 == 0}
    if crossing is not None and 0 <= crossing - first < length:
        wanted.add(crossing - first)
    rows = tuple((month_text(first + i), *(amount_in_yuan(path.values_fen[i]) for path in paths)) for i in sorted(wanted))
    last = "；".join(f"{path.name} {amount_in_yuan(path.values_fen[-1])} 元" for path in paths)
    last_english = "; ".join(f"{path.name} {amount_in_yuan(path.values_fen[-1])} yuan" for path in paths)
    end = month_text(first + length - 1)
    description = said.in_(language) + Text(f"到 {end} 累计：{last}。", f" Total by {end}: {last_english}.").in_(language)
    headings = (_MONTH.in_(language), *(f"{path.name}{Text('（元）', ' (yuan)').in_(language)}" for path in paths))
    return Chart(draw(alt.layer(*layers), title, description), title, description, headings, rows)


@lru_cache(maxsize=_CACHED_CHARTS)
def _by_category(
    title: str, names: tuple[str, ...], values: tuple[int, ...], unit: Literal["yuan", "persons"], language: Language
) -> Chart:
    import altair as alt

    worded = tuple(amount_in_yuan(value) if unit == "yuan" else f"{value:,}" for value in values)
    data = [{"name": name, "value": value, "says": says} for name, value, says in zip(names, values, worded, strict=True)]
    axis = yuan_axis() if unit == "yuan" else alt.Axis(format=",d", tickMinStep=1, tickCount=5)
    base = plot(data).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=220, domain=False, ticks=False)),
        x=alt.X("value:Q", axis=axis, title=None, scale=alt.Scale(domain=[min(0, *values), max(1, *values) * 6 // 5])),
    )
    bars = base.mark_bar(color=PINE, height=18)
    figures = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(text="says:N")
    word = Text("元", "yuan") if unit == "yuan" else Text("人", "persons")
    description = "；".join(f"{name} {says} {word.in_(language)}" for name, says in zip(names, worded, strict=True))
    headings = (
        Text("类别", "Category").in_(language),
        Text("金额（元）", "Amount (yuan)").in_(language) if unit == "yuan" else Text("人数", "Persons").in_(language),
    )
    svg = draw(alt.layer(bars, figures), title, description, height=34 * len(names))
    return Chart(svg, title, description, headings, tuple(zip(names, worded, strict=True)))


def _runs(*series: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return (start, length) of the stretches in which every series stays the same."""
    starts = [0, *(i for i in range(1, len(series[0])) if any(one[i] != one[i - 1] for one in series))]
    return [(start, end - start) for start, end in zip(starts, [*starts[1:], len(series[0])], strict=True)]


def _span(first: int, length: int, language: Language) -> str:
    if length == 1:
        return month_text(first)
    return Text(
        f"{month_text(first)} 至 {month_text(first + length - 1)}", f"{month_text(first)} to {month_text(first + length - 1)}"
    ).in_(language)


def _phase_at(month: int, phases: tuple[Phase, ...]) -> str:
    return next((phase.name for phase in reversed(phases) if phase.first_month <= month), "")


def _day(month: int) -> str:
    return f"{month_text(month)}-01T00:00:00Z"
