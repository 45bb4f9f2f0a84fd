"""Shares of years beside each other, with the line they should reach."""

from collections.abc import Sequence
from typing import NamedTuple

from zhubao.language import Language, Text

from .charts import Chart
from .drawing import BRICK, INK, PINE, SUN, draw, plot

PPM = 1_000_000


class Share(NamedTuple):
    """A share in parts per million under a name."""

    name: str
    ppm: int


def shares_against(title: str, shares: Sequence[Share], target_ppm: int, language: Language = "zh") -> Chart:
    """Return one bar a share with its figure, and a line at the target; a bar below it has another colour and says so in the table."""
    import altair as alt

    reached, below = Text("达标", "reached").in_(language), Text("未达标", "below").in_(language)
    target = _percent(target_ppm)
    data = [
        {
            "name": each.name,
            "share": each.ppm / PPM,
            "says": _percent(each.ppm),
            "held": reached if each.ppm >= target_ppm else below,
        }
        for each in shares
    ]
    top = max(PPM, target_ppm, *(each.ppm for each in shares)) / PPM * 1.15
    y = alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=alt.Axis(format=".0%", tickCount=5))
    colour = alt.Color("held:N", scale=alt.Scale(domain=[reached, below], range=[PINE, SUN]), legend=None)
    base = plot(data).encode(
        x=alt.X("name:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, domain=False, ticks=False)), y=y
    )
    bars = base.mark_bar(width={"band": 0.45}, aria=False).encode(color=colour)
    figures = base.mark_text(aria=False, dy=-8, fontSize=12, color=INK).encode(text="says:N")
    line = plot([{"target": target_ppm / PPM, "says": Text(f"目标 {target}", f"target {target}").in_(language)}])
    rule = line.mark_rule(aria=False, color=BRICK, strokeDash=[5, 4]).encode(y="target:Q")
    words = line.mark_text(aria=False, align="left", baseline="bottom", dy=-3, x=4, fontSize=12, color=BRICK).encode(
        y="target:Q", text="says:N"
    )
    description = "；".join(f"{each.name} {_percent(each.ppm)}" for each in shares)
    headings = tuple(
        text.in_(language)
        for text in (Text("年度", "Year"), Text("比例", "Share"), Text("目标", "Target"), Text("是否达标", "Target reached"))
    )
    rows = tuple((row["name"], row["says"], target, row["held"]) for row in data)
    return Chart(draw(alt.layer(bars, figures, rule, words), title, description), title, description, headings, rows)  # type: ignore[arg-type]


def _percent(ppm: int) -> str:
    """Return a share with two decimals, cut off, so that 79.999 % does not read as 80 %."""
    return f"{ppm // 10_000}.{ppm // 100 % 100:02}%"
