"""Coverage by place as stacked bars: insured, under way, own part open, refused; the table says the same in figures."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from zhubao.language import Language, Text

from .charts import Chart
from .drawing import INK, PINE, QUIET, SKY, SUN, WHITE, draw, plot

_PARTS = (
    (Text("已缴清", "insured"), PINE, WHITE),
    (Text("等政府代缴到账", "money on its way"), SKY, WHITE),
    (Text("自付没交或待核对", "own part open or being checked"), SUN, INK),
    (Text("书面不参保", "refused in writing"), QUIET, WHITE),
)
_ROW = 30


class PlaceShare(NamedTuple):
    """A place with its counts of persons, in the order of the chart's parts, and its share in words."""

    name: str
    complete: int
    under_way: int
    waiting: int
    refused: int
    share: str


def coverage_by_place(title: str, places: Sequence[PlaceShare], language: Language = "zh") -> Chart:
    """Return one bar of a hundred per cent for each place, in the order given; a place without anybody has no bar."""
    return _coverage(title, tuple(places), language)


@lru_cache(maxsize=256)
def _coverage(title: str, places: tuple[PlaceShare, ...], language: Language) -> Chart:
    import altair as alt

    names = [words.in_(language) for words, _fill, _ink in _PARTS]
    bars: list[dict[str, Any]] = []
    inside: list[dict[str, Any]] = []
    beside: list[dict[str, Any]] = []
    for place in places:
        counts = place[1:5]
        whole, left = sum(counts), 0
        for (part, _fill, ink), count in zip(_PARTS, counts, strict=True):
            span = {"place": place.name, "from": left / whole if whole else 0, "to": (left + count) / whole if whole else 0}
            bars.append({**span, "part": part.in_(language)})
            if whole and count * 12 >= whole:
                inside.append({"place": place.name, "at": (left + count / 2) / whole, "says": str(count), "ink": ink})
            left += count
        beside.append({"place": place.name, "at": 1.01, "says": place.share, "ink": INK})
    y = alt.Y("place:N", sort=None, title=None, axis=alt.Axis(labelLimit=160, domain=False, ticks=False))
    scale = alt.Scale(domain=[0, 1.12], nice=False)
    axis = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], domain=False, ticks=False)
    colour = alt.Color(
        "part:N",
        scale=alt.Scale(domain=names, range=[fill for _words, fill, _ink in _PARTS]),
        legend=alt.Legend(orient="top", title=None, labelFontSize=12, labelLimit=240, aria=False),
    )
    drawn = (
        plot(bars)
        .mark_bar(height=20, aria=False)
        .encode(y=y, x=alt.X("from:Q", scale=scale, axis=axis, title=None), x2="to:Q", color=colour)
    )
    layers = [drawn]
    for rows, align in ((inside, "center"), (beside, "left")):
        if rows:
            text = plot(rows).mark_text(align=align, fontSize=12, aria=False)
            layers.append(
                text.encode(y=alt.Y("place:N", sort=None), x="at:Q", text="says:N", color=alt.Color("ink:N", scale=None))
            )
    said = "；".join(f"{place.name} {place.share}" for place in places)
    headings = (Text("地方", "Place").in_(language), *names, Text("参保率", "Share").in_(language))
    rows_of_words = tuple((place.name, *(str(count) for count in place[1:5]), place.share) for place in places)
    svg = draw(alt.layer(*layers), title, said, height=max(60, _ROW * len(places)))
    return Chart(svg, title, said, headings, rows_of_words)
