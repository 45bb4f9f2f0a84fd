"""Where the boxes and words of a process drawing stand: the main path down the left, exceptions beside the step they come from.

Pure geometry in whole pixels. Words are measured generously, so that what fits here fits in every font.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zhubao.language import Language, Text

from .process import Process, State, Transition

MARGIN, WIDTH, BETWEEN = 12, 232, 132
TITLE, SMALL = 14, 11
TITLE_LINE, SMALL_LINE = 20, 16
PAD, MARK = 10, 20
GAP = 20
# More sources than this, and a state stands at the foot with its sources in words; so does a step without an arrow.
# An act that leaves the state as it is stands at the foot once it may be done in more than one state.
MOST_SOURCES = 3
PARTS = re.compile(r"[!-~’“”]+ *|[^!-~ ][、。，：；）]* *| +")
FROM = Text("可从这些状态到达：", "from: ")
ANYWHERE = Text("可在多个状态下办理：", "steps that may be taken in several states:")
WITHIN = Text("可在：", "in: ")
LISTED = Text("；", "; ")
# What begins the words of an act that leaves a state as it is.
ACT = "· "
LEADS = " → "


@dataclass(frozen=True)
class Box:
    """One state: its corner and size, its title and the notes below it, line by line."""

    state: State
    x: int
    y: int
    width: int
    height: int
    title: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def door(self) -> int:
        """The height at which arrows come and go at the sides: the middle of the title's first line."""
        return self.y + PAD + TITLE_LINE // 2

    @property
    def bottom(self) -> int:
        """The lower edge."""
        return self.y + self.height


@dataclass(frozen=True)
class Arrow:
    """A line through some points with its words, which begin at a corner and run line by line."""

    points: tuple[tuple[int, int], ...]
    words: tuple[str, ...]
    x: int
    y: int

    @property
    def extent(self) -> tuple[int, int, int, int]:
        """The words' corner and size."""
        width = max((measure(line, SMALL) for line in self.words), default=0)
        return self.x, self.y, width, SMALL_LINE * len(self.words)


@dataclass(frozen=True)
class Remark:
    """Words at the foot, line by line from a corner: the steps, and below them the states in which they may be taken."""

    x: int
    y: int
    steps: tuple[str, ...]
    states: tuple[str, ...] = ()

    @property
    def extent(self) -> tuple[int, int, int, int]:
        """The words' corner and size."""
        lines = (*self.steps, *self.states)
        return self.x, self.y, max(measure(line, SMALL) for line in lines), SMALL_LINE * len(lines)


@dataclass(frozen=True)
class Layout:
    """A whole drawing."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    remarks: tuple[Remark, ...]
    width: int
    height: int


def measure(words: str, size: int) -> int:
    """Return a width in pixels that words of a size do not exceed: a full em for a wide sign, three fifths for the others."""
    return sum(size if unicodedata.east_asian_width(sign) in "WFA" else -(-size * 3 // 5) for sign in words)


def wrapped(words: str, size: int, width: int) -> tuple[str, ...]:
    """Return words broken into lines no wider than a width; a single word that is wider stays whole."""
    lines, line = [], ""
    for part in _parts(words):
        if line and measure((line + part).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += part
    return (*lines, line.rstrip())


def _parts(words: str) -> Iterator[str]:
    """Yield what may begin a line: a word with its blank, a wide sign with the stop behind it."""
    yield from (found[0] for found in PARTS.finditer(words))


def main_path(process: Process) -> list[str]:
    """Return the states of the ordinary course: from the first, always the next in the table that a step leads to."""
    order = [state.name for state in process.states]
    path = [process.first]
    while path[-1] not in process.final:
        ends = {end for row in process.leaving(path[-1]) for end in row.ends}
        later = [name for name in order[order.index(path[-1]) + 1 :] if name in ends]
        if not later:
            break
        path.append(later[0])
    return path


def layout(process: Process, language: Language) -> Layout:
    """Place every state and step of a table."""
    return _Placing(process, lambda text: text.in_(language)).done()


class _Placing:
    """The work of placing: boxes and arrows are added from the top down."""

    def __init__(self, process: Process, say: Callable[[Text], str]) -> None:
        self.process, self.say = process, say
        self.main = main_path(process)
        self.boxes: list[Box] = []
        self.arrows: list[Arrow] = []
        self.parents = self._parents()
        self.foot = [each.name for each in process.states if each.name not in self.main and each.name not in self.parents]
        self.said_in = self._said_in()

    def done(self) -> Layout:
        """Place the main path with its exceptions, then the foot."""
        y = MARGIN + self._above()
        for number, name in enumerate(self.main):
            following = self.main[number + 1] if number + 1 < len(self.main) else None
            box = self._put(name, MARGIN, y)
            bottom = self._beside(box)
            if following is None:
                y = max(box.bottom, bottom) + GAP
                continue
            words = wrapped(self._words(name, following), SMALL, WIDTH - 40)
            y = max(box.bottom + GAP + SMALL_LINE * len(words), bottom + GAP)
            self._down(box, y, words)
        for name in self.foot:
            y = self._put(name, MARGIN, y, broad=True).bottom + GAP
        remarks = tuple(self._remarks(y))
        width = MARGIN * 2 + self._breadth()
        bottom = max([*(box.bottom for box in self.boxes), *(each.extent[1] + each.extent[3] for each in remarks)])
        return Layout(tuple(self.boxes), tuple(self.arrows), remarks, width, bottom + MARGIN)

    def _above(self) -> int:
        """Return how much the words over the first arrow to the side need above its box."""
        beside = self._children(self.main[0])[:1]
        lines = sum(len(wrapped(self._words(self.main[0], name), SMALL, BETWEEN - 32)) for name in beside)
        return max(0, SMALL_LINE * lines + 4 - PAD - TITLE_LINE // 2)

    def _breadth(self) -> int:
        """Return the width of one column, or of both where something stands beside the main path."""
        return WIDTH + (BETWEEN + WIDTH if self.parents else 0)

    def _parents(self) -> dict[str, str]:
        """Return beside which state each exception stands: the first of the main path that leads to it, else another exception."""
        parents: dict[str, str] = {}
        aside = [state.name for state in self.process.states if state.name not in self.main]
        sources = {name: self._sources(name) for name in aside}
        for name in aside:
            before = [each for each in self.main if each in sources[name]]
            if before and len(sources[name]) <= MOST_SOURCES:
                parents[name] = before[0]
        for name in aside:
            others = [each for each in sources[name] if each in parents and each != name]
            if name not in parents and len(sources[name]) <= MOST_SOURCES and others:
                parents[name] = others[0]
        return parents

    def _sources(self, name: str) -> list[str]:
        """Return the states from which a step leads to a state, itself not counted, in the order of the table."""
        found = {start for row in self.process.transitions if name in row.ends for start in row.start if start != name}
        return [state.name for state in self.process.states if state.name in found]

    def _put(self, name: str, x: int, y: int, *, broad: bool = False) -> Box:
        """Place a state; a `broad` one stands at the foot, over both columns, with its sources in words."""
        width = self._breadth() if broad else WIDTH
        state = self.process.state(name)
        title = wrapped(self.say(state.label), TITLE, width - PAD * 2 - MARK)
        said = self._notes(name)
        if broad:
            joined = Text("、", ", ")
            said = [self.say(FROM) + self.say(joined).join(self._label(each) for each in self._sources(name)), *said]
        notes = tuple(line for each in said for line in wrapped(each, SMALL, width - PAD * 2))
        height = PAD * 2 + TITLE_LINE * len(title) + SMALL_LINE * len(notes)
        box = Box(state, x, y, width, height, title, notes)
        self.boxes.append(box)
        return box

    def _notes(self, name: str) -> list[str]:
        """Return in words what has no arrow: acts of this state alone in one line, steps across by where they lead."""
        here = [note for note, states in self.said_in.items() if name in states and not self._at_foot(note)]
        acts = [note.removeprefix(ACT) for note in here if note.startswith(ACT)]
        across: dict[str, list[str]] = {}
        for note in here:
            if not note.startswith(ACT):
                step, _arrow, end = note.rpartition(LEADS)
                across.setdefault(end, []).append(step)
        lines = [self.say(LISTED).join(steps) + LEADS + end for end, steps in across.items()]
        return [ACT + self.say(LISTED).join(acts), *lines] if acts else lines

    def _at_foot(self, note: str) -> bool:
        """Tell whether words stand at the foot instead of in boxes: acts of several states, steps elsewhere of many."""
        return len(self.said_in[note]) > (1 if note.startswith(ACT) else MOST_SOURCES)

    def _said_in(self) -> dict[str, list[str]]:
        """Return each step without an arrow in words, with the states it may be taken in."""
        found: dict[str, list[str]] = {}
        for row in self.process.transitions:
            for name in (state.name for state in self.process.states if state.name in row.start):
                for note in self._without_arrow(row, name):
                    found.setdefault(note, []).append(name)
        return {note: list(dict.fromkeys(states)) for note, states in found.items()}

    def _without_arrow(self, row: Transition, name: str) -> Iterator[str]:
        """Yield in words where a step leads from a state without an arrow."""
        following = self.main[self.main.index(name) + 1] if name in self.main[:-1] else None
        if row.stays or row.ends == (name,):
            yield f"{ACT}{self.say(row.label)}"
        for end in row.ends:
            if end not in (following, name) and end not in self.foot and self.parents.get(end) != name:
                yield f"{self.say(row.label)}{LEADS}{self._label(end)}"

    def _remarks(self, y: int) -> Iterator[Remark]:
        """Yield the foot's heading and steps of many states, those of the same states together."""
        together: dict[tuple[str, ...], list[str]] = {}
        for note, states in self.said_in.items():
            if self._at_foot(note):
                together.setdefault(tuple(states), []).append(note.removeprefix(ACT))
        if not together:
            return
        room = self._breadth() - PAD * 2
        joined, listed = self.say(Text("、", ", ")), self.say(LISTED)
        yield Remark(MARGIN, y, wrapped(self.say(ANYWHERE), SMALL, room))
        y += SMALL_LINE + PAD // 2
        for group, notes in together.items():
            steps, within = ACT + listed.join(notes), self.say(WITHIN) + joined.join(self._label(each) for each in group)
            remark = Remark(MARGIN + PAD, y, wrapped(steps, SMALL, room), wrapped(within, SMALL, room))
            yield remark
            y += remark.extent[3] + PAD // 2

    def _beside(self, source: Box) -> int:
        """Place the exceptions of a state on its right, each with those that come from it below, and return how far down they reach."""
        left = MARGIN + WIDTH + BETWEEN
        y, bottom = source.y, source.bottom
        for number, name in enumerate(self._children(source.state.name)):
            box = self._put(name, left, y)
            start = (source.x + source.width, source.door)
            trunk = start[0] + 10
            points = (start, (left, box.door)) if number == 0 else ((trunk, source.door), (trunk, box.door), (left, box.door))
            words = wrapped(self._words(source.state.name, name), SMALL, BETWEEN - 32)
            self.arrows.append(Arrow(points, words, trunk + 8, box.door - 4 - SMALL_LINE * len(words)))
            bottom = self._below(box)
            # Three lines of words above the next arrow still find room.
            y = max(bottom + GAP, box.door + SMALL_LINE * 4)
        return max(bottom, source.bottom)

    def _below(self, source: Box) -> int:
        bottom = source.bottom
        for name in self._children(source.state.name):
            words = wrapped(self._words(source.state.name, name), SMALL, WIDTH - 40)
            y = bottom + GAP + SMALL_LINE * len(words)
            self._down(source if bottom == source.bottom else self.boxes[-1], y, words)
            bottom = self._below(self._put(name, source.x, y))
        return bottom

    def _children(self, name: str) -> list[str]:
        return [state.name for state in self.process.states if self.parents.get(state.name) == name]

    def _down(self, source: Box, y: int, words: tuple[str, ...]) -> None:
        x = source.x + 22
        self.arrows.append(Arrow(((x, source.bottom), (x, y)), words, x + 12, source.bottom + 8))

    def _label(self, name: str) -> str:
        return self.say(self.process.state(name).label)

    def _words(self, start: str, end: str) -> str:
        labels = [self.say(row.label) for row in self.process.leaving(start) if end in row.ends]
        return self.say(Text("、", ", ")).join(dict.fromkeys(labels))
