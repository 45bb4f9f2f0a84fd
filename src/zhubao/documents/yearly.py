"""Amounts of years as stacked bars, every part named beside the bars, with the same figures as a table."""

from collections.abc import Sequence
from functools import lru_cache

from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text

from .amounts import amount_in_yuan
from .charts import Chart, Path
from .drawing import BRICK, INK, PINE, SKY, SUN, draw, plot, yuan_axis

_FILLS = (PINE, SUN, SKY, BRICK)
_YEAR = Text("年度", "Year")
_TOTAL = Text("合计（元）", "Total (yuan)")


def by_year(title: str, years: Sequence[int], parts: Sequence[Path], language: Language = "zh") -> Chart:
    """Return one stacked bar a year; each part has its fen for every year and its own place in the stack, the first at the bottom.

    The total stands above each bar. E-CHART without years or with parts of another length.
    """
    if not years or not parts or any(len(part.values_fen) != len(years) for part in parts):
        raise ZhubaoError(
            "E-CHART",
            Text("图表数据为空或长短不一", "chart series are empty or differ in length"),
            remedy=Text("各序列须逐年对应", "give one value a year in every series"),
        )
    return _by_year(title, tuple(years), tuple(parts), language)


@lru_cache(maxsize=128)
def _by_year(title: str, years: tuple[int, ...], parts: tuple[Path, ...], language: Language) -> Chart:
    import altair as alt

    names = [part.name for part in parts]
    totals = [sum(part.values_fen[at] for part in parts) for at in range(len(years))]
    values = []
    for at, year in enumerate(years):
        low = 0
        for part in parts:
            values.append({"year": str(year), "low": low, "high": low + part.values_fen[at], "part": part.name})
            low += part.values_fen[at]
    top = max(*totals, 1) * 9 // 8
    x = alt.X("year:N", title=None, axis=alt.Axis(labelAngle=0, domain=True, ticks=False))
    y = alt.Y("low:Q", axis=yuan_axis(), title=None, scale=alt.Scale(domain=[0, top], nice=False))
    fills = [_FILLS[at % len(_FILLS)] for at in range(len(names))]
    legend = alt.Legend(title=None, orient="top", labelFontSize=12, symbolType="square", labelLimit=240)
    colour = alt.Color("part:N", scale=alt.Scale(domain=names, range=fills), legend=legend)
    bars = plot(values).mark_bar(stroke="#ffffff", strokeWidth=0.6, size=44).encode(x=x, y=y, y2="high:Q", color=colour)
    sums = [{"year": str(year), "total": total, "says": amount_in_yuan(total)} for year, total in zip(years, totals, strict=True)]
    figures = plot(sums).mark_text(dy=-7, fontSize=12, color=INK).encode(x="year:N", y="total:Q", text="says:N")
    rows = tuple(
        (str(year), *(amount_in_yuan(part.values_fen[at]) for part in parts), amount_in_yuan(totals[at]))
        for at, year in enumerate(years)
    )
    said = [Text(f"{year} 年 {row[-1]} 元", f"{year}: {row[-1]} yuan") for year, row in zip(years, rows, strict=True)]
    description = Text("；".join(text.zh for text in said) + "。", "; ".join(text.en for text in said) + ".").in_(language)
    yuan = Text("（元）", " (yuan)").in_(language)
    headings = (_YEAR.in_(language), *(f"{name}{yuan}" for name in names), _TOTAL.in_(language))
    return Chart(draw(alt.layer(bars, figures), title, description), title, description, headings, rows)
