"""How every chart looks, and how its SVG is made fit for reading aloud: title, description, one image to a screen reader."""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

INK, QUIET, RULE, WHITE = "#1d2429", "#56616a", "#e4e1da", "#ffffff"
PINE, SUN, SKY, BRICK = "#1f5d50", "#d98b1f", "#2c5f8a", "#b3402e"
SUN_TEXT = "#8a5710"
FONTS = "PingFang SC, Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, sans-serif"
"""The sans family of the screens; on paper the second name is the wheel's font."""

WIDTH, HEIGHT = 620, 220
# Names stand beside their lines in the same colour, so the amber is the one for text.
_LINES = ((PINE, [1, 0]), (SUN_TEXT, [6, 3]), (SKY, [2, 2]), (BRICK, [8, 3, 2, 3]))
_OPENING = re.compile(r'<svg ([^>]*?)width="[0-9.]+" height="[0-9.]+" ')


def plot(rows: list[dict[str, Any]]) -> Any:
    """Return a chart of plain rows, to be given a mark and encodings."""
    import altair as alt

    return alt.Chart({"values": rows})


def month_axis(months: int) -> Any:
    """Return the time axis: a year at each tick, months too where the chart is shorter than three years."""
    import altair as alt

    years = max(1, months // 12)
    return alt.Axis(
        format="%Y-%m" if years < 3 else "%Y",
        tickCount={"interval": "month", "step": 6} if years < 3 else {"interval": "year", "step": max(1, years // 8)},
        grid=False,
    )


def yuan_axis() -> Any:
    """Return an axis whose data are fen and whose labels are yuan."""
    import altair as alt

    return alt.Axis(labelExpr="format(datum.value / 100, ',.0f')", tickCount=5, domain=False, ticks=False)


def line_look(count: int) -> tuple[list[str], list[list[int]]]:
    """Return colour and dash for each of `count` lines; beyond four they repeat."""
    looks = [_LINES[index % len(_LINES)] for index in range(count)]
    return [colour for colour, _ in looks], [dash for _, dash in looks]


def draw(chart: Any, title: str, description: str, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Return the Altair chart as SVG without fixed size: role img, title and description, fonts by family name, no network."""
    import vl_convert

    _measure_with_the_print_font()
    styled = chart.properties(width=width, height=height).configure(
        background="transparent",
        font=FONTS,
        aria=False,
        padding={"left": 4, "right": 4, "top": 8, "bottom": 4},
        view={"stroke": None},
        axis={"labelColor": QUIET, "labelFontSize": 12, "gridColor": RULE, "domainColor": RULE, "tickColor": RULE},
    )
    drawn: str = vl_convert.vegalite_to_svg(styled.to_dict(), allowed_base_urls=[])
    return _accessible(drawn, title, description)


def _accessible(svg: str, title: str, description: str) -> str:
    # The identifiers come from the content, so that two charts on a page never share them.
    mark = hashlib.sha256(f"{title}{description}{svg}".encode()).hexdigest()[:10]
    opening = _OPENING.match(svg)
    if opening is None:
        raise ValueError("the chart library no longer writes an svg element of known form")
    end = svg.index(">", opening.end() - 1)
    head = f'<svg {opening[1]}role="img" aria-labelledby="title-{mark} words-{mark}" {svg[opening.end() : end]}>'
    words = f'<title id="title-{mark}">{escape(title)}</title><desc id="words-{mark}">{escape(description)}</desc>'
    return head + words + svg[end + 1 :]


@cache
def _measure_with_the_print_font() -> None:
    """Let the drawing engine measure Chinese words with the font of the wheel, whatever the machine has."""
    import noto_cjk_sans_otc
    import vl_convert

    vl_convert.register_font_directory(str(Path(str(noto_cjk_sans_otc.FONT_PATH)).parent))
