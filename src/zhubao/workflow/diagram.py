"""A process table drawn as SVG: states as boxes in the order of the table, steps as arrows, the present state in colour."""

from collections.abc import Callable
from html import escape
from typing import NamedTuple

from zhubao.language import Language, Text

from .process import Process, State

BOX_WIDTH, BOX_HEIGHT, GAP, MARGIN, LANE = 190, 34, 26, 16, 22
PINE, PAPER, INK, HAIR, SUN = "#1f5c4d", "#ffffff", "#22302c", "#c9cfc9", "#f2c55c"


class _Arrow(NamedTuple):
    """One step between two rows of boxes, merged with the others that join the same two."""

    start: int
    end: int
    words: str


def draw(process: Process, current: str | None, language: Language, *, passed: frozenset[str] = frozenset()) -> str:
    """Return the diagram as an SVG with a title and a description; `passed` are the states the case has been in.

    Arrows to the next box run straight down; all others run beside the boxes, each in a lane of its own.
    """
    say: Callable[[Text], str] = lambda text: text.in_(language)  # noqa: E731
    rows = {state.name: number for number, state in enumerate(process.states)}
    straight, beside = _arrows(process, rows, say)
    height = MARGIN * 2 + len(process.states) * (BOX_HEIGHT + GAP) - GAP
    width = MARGIN * 2 + BOX_WIDTH + LANE * (len(beside) + 1) + 240
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" class="process"><title>{escape(say(process.title))}</title>',
        f"<desc>{escape(_described(process, current, say))}</desc>",
        f'<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">'
        f'<path d="M0 0 8 4 0 8z" fill="{INK}"/></marker></defs>',
    ]
    parts += [_straight(arrow) for arrow in straight]
    parts += [_beside(arrow, lane) for lane, arrow in enumerate(beside, start=1)]
    parts += [_box(state, rows[state.name], say, current, passed) for state in process.states]
    return "".join([*parts, "</svg>"])


def _arrows(process: Process, rows: dict[str, int], say: Callable[[Text], str]) -> tuple[list[_Arrow], list[_Arrow]]:
    """Return arrows to the box right below, and all others sorted so that short ones lie nearest to the boxes."""
    words: dict[tuple[int, int], list[str]] = {}
    for row in process.transitions:
        for start in row.start:
            for end in row.ends:
                if start != end:
                    words.setdefault((rows[start], rows[end]), []).append(say(row.label))
    arrows = [_Arrow(start, end, "、".join(dict.fromkeys(labels))) for (start, end), labels in words.items()]
    straight = [arrow for arrow in arrows if arrow.end == arrow.start + 1]
    beside = [arrow for arrow in arrows if arrow.end != arrow.start + 1]
    # Many steps lead to the same end (withdrawal): they share one lane, drawn from the first box they leave.
    merged: dict[tuple[int, str], list[_Arrow]] = {}
    for arrow in beside:
        merged.setdefault((arrow.end, arrow.words), []).append(arrow)
    lanes = [group[0] for group in merged.values()]
    return straight, sorted(lanes, key=lambda arrow: abs(arrow.end - arrow.start))


def _top(row: int) -> int:
    return MARGIN + row * (BOX_HEIGHT + GAP)


def _box(state: State, row: int, say: Callable[[Text], str], current: str | None, passed: frozenset[str]) -> str:
    fill, ink, line = PAPER, INK, HAIR
    if state.name == current:
        fill, ink, line = PINE, PAPER, PINE
    elif state.name in passed:
        line = PINE
    mark = f'<circle cx="{MARGIN + 12}" cy="{_top(row) + BOX_HEIGHT // 2}" r="4" fill="{SUN}"/>' if state.name == current else ""
    dash = ' stroke-dasharray="4 3"' if state.final else ""
    return (
        f'<rect x="{MARGIN}" y="{_top(row)}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="4" fill="{fill}" stroke="{line}"{dash}/>'
        f'{mark}<text x="{MARGIN + BOX_WIDTH // 2}" y="{_top(row) + BOX_HEIGHT // 2 + 5}" text-anchor="middle" font-size="13" '
        f'fill="{ink}">{escape(say(state.label))}</text>'
    )


def _straight(arrow: _Arrow) -> str:
    middle, top = MARGIN + BOX_WIDTH // 2, _top(arrow.start) + BOX_HEIGHT
    return (
        f'<path d="M{middle} {top}V{top + GAP - 2}" stroke="{INK}" fill="none" marker-end="url(#tip)"/>'
        f'<text x="{middle + 8}" y="{top + GAP // 2 + 4}" font-size="11" fill="{INK}">{escape(arrow.words)}</text>'
    )


def _beside(arrow: _Arrow, lane: int) -> str:
    right = MARGIN + BOX_WIDTH
    x = right + LANE * lane
    # Outgoing and incoming ends on one box must not lie on each other.
    start, end = _top(arrow.start) + BOX_HEIGHT // 2 + 6, _top(arrow.end) + BOX_HEIGHT // 2 - 6
    middle = (start + end) // 2
    return (
        f'<path d="M{right} {start}H{x}V{end}H{right + 3}" stroke="{INK}" stroke-opacity=".55" fill="none" '
        f'marker-end="url(#tip)"/>'
        f'<text x="{x + 4}" y="{middle + 4}" font-size="11" fill="{INK}" paint-order="stroke" stroke="{PAPER}" '
        f'stroke-width="3">{escape(arrow.words)}</text>'
    )


def _described(process: Process, current: str | None, say: Callable[[Text], str]) -> str:
    return f"{say(process.title)}: {say(process.state(current).label)}" if current else say(process.title)
