"""A process table drawn as SVG: the ordinary course down the left, exceptions beside it, where the case stands and has been."""

from collections.abc import Callable
from html import escape

from zhubao.language import Language, Text

from .layout import MARGIN, PAD, SMALL, SMALL_LINE, TITLE, TITLE_LINE, Arrow, Box, Remark, layout
from .process import Process

PINE, SHEET, INK, SOFT, HAIR, SUN = "#1f5d50", "#ffffff", "#1d2429", "#56616a", "#8b918f", "#d98b1f"
FONT = "'PingFang SC','Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei',sans-serif"
PASSED = Text("已经过", "passed")
NOW = Text("现在", "now")


def draw(process: Process, current: str | None, language: Language, *, passed: frozenset[str] = frozenset()) -> str:
    """Return the diagram as an SVG with a title and a description; `passed` are the states the case has been in.

    The present state is filled, a passed one has a tick, a final one a broken edge; steps without an arrow stand in the box in words,
    those of many states once at the foot.
    """
    say: Callable[[Text], str] = lambda text: text.in_(language)  # noqa: E731
    placed = layout(process, language)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {placed.width} {placed.height}" width="{placed.width}" '
        f'height="{placed.height}" role="img" class="process" font-family="{FONT}"><title>{escape(say(process.title))}</title>',
        f"<desc>{escape(_described(process, current, passed, say))}</desc>",
        f'<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0 8 4 0 8z" fill="{SOFT}"/></marker></defs>',
    ]
    parts += [_arrow(arrow) for arrow in placed.arrows]
    parts += [_box(box, current, passed) for box in placed.boxes]
    parts += [_remark(remark) for remark in placed.remarks]
    return "".join([*parts, "</svg>"])


def _arrow(arrow: Arrow) -> str:
    (x, y), *others = arrow.points
    path = f"M{x} {y}" + "".join(f"L{to_x} {to_y}" for to_x, to_y in others)
    return f'<path d="{path}" stroke="{SOFT}" fill="none" marker-end="url(#tip)"/>' + _lines(
        arrow.words, arrow.x, arrow.y, SMALL, SMALL_LINE, SOFT
    )


def _box(box: Box, current: str | None, passed: frozenset[str]) -> str:
    here = box.state.name == current
    been = box.state.name in passed and not here
    fill, ink, note = (PINE, SHEET, SHEET) if here else (SHEET, INK, SOFT)
    edge = PINE if here or been else HAIR
    dash = ' stroke-dasharray="5 3"' if box.state.final and not here else ""
    mark = ""
    if here:
        mark = f'<circle cx="{box.x + box.width - MARGIN - 4}" cy="{box.door}" r="5" fill="{SUN}"/>'
    elif been:
        x, y = box.x + box.width - MARGIN - 9, box.door
        mark = f'<path class="tick" d="M{x} {y}l4 4 7-9" stroke="{PINE}" stroke-width="2" fill="none"/>'
    weight = 2 if been or here else 1
    return (
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="6" fill="{fill}" stroke="{edge}" '
        f'stroke-width="{weight}"{dash}/>{mark}'
        + _lines(box.title, box.x + PAD, box.y + PAD, TITLE, TITLE_LINE, ink)
        + _lines(box.notes, box.x + PAD, box.y + PAD + TITLE_LINE * len(box.title), SMALL, SMALL_LINE, note)
    )


def _remark(remark: Remark) -> str:
    below = remark.y + SMALL_LINE * len(remark.steps)
    return _lines(remark.steps, remark.x, remark.y, SMALL, SMALL_LINE, INK) + _lines(
        remark.states, remark.x, below, SMALL, SMALL_LINE, SOFT
    )


def _lines(lines: tuple[str, ...], x: int, y: int, size: int, step: int, ink: str) -> str:
    """Return lines of text whose first begins at a corner."""
    baseline = (step + size) // 2 - 2
    return "".join(
        f'<text x="{x}" y="{y + number * step + baseline}" font-size="{size}" fill="{ink}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _described(process: Process, current: str | None, passed: frozenset[str], say: Callable[[Text], str]) -> str:
    """Return in words what the colours say."""
    words = say(process.title)
    if current:
        words += f": {say(NOW)} {say(process.state(current).label)}"
    before = [say(state.label) for state in process.states if state.name in passed and state.name != current]
    return f"{words}; {say(PASSED)} {', '.join(before)}" if before else words
