"""States and transitions of one programme, checked when the table is read in."""

from collections import deque
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from zhubao.errors import ZhubaoError
from zhubao.language import Text

CITIZEN = "citizen"


@dataclass(frozen=True, slots=True)
class State:
    """Where a case may stand. `waiting` says in plain words to the person concerned what happens now; `final` ends the case."""

    name: str
    label: Text
    waiting: Text
    final: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """By when a step is to be done, counted from the day its state was entered.

    `setting` names the dated setting that holds the number of days; `days` is the proposed default, used as provisional until
    somebody decides.
    """

    setting: str
    days: int
    unit: Literal["working", "calendar"] = "working"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table.

    `row`: its number in the process table of the programme. `start`: states it may begin in, none for the step that opens a case.
    `ends`: states it may lead to, none when the state stays. `posts`: roles that may take it. `apart_from`: verbs whose doer may
    not take this one in the same case. `waits`: it stands in the work queue of its posts while the case is in a start state.
    `reason`: whoever takes it must say why.
    """

    row: str
    verb: str
    label: Text
    start: tuple[str, ...]
    ends: tuple[str, ...]
    posts: tuple[str, ...]
    clauses: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()
    due: Due | None = None
    waits: bool = False
    reason: bool = False

    @property
    def stays(self) -> bool:
        """Whether the step is an act beside the state."""
        return not self.ends


@dataclass(frozen=True)
class Process:
    """The whole table of a programme. Raise E-PROCESS at once for a table nobody could follow (see `_check`)."""

    policy_id: str
    title: Text
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    _by_verb: dict[str, Transition] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, State] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the rows and refuse a faulty table."""
        object.__setattr__(self, "_by_verb", {row.verb: row for row in self.transitions})
        object.__setattr__(self, "_by_name", {state.name: state for state in self.states})
        self._check()

    def transition(self, verb: str) -> Transition:
        """Return the row of a verb; E-STEP-UNKNOWN when the programme has no such step."""
        if verb not in self._by_verb:
            raise ZhubaoError("E-STEP-UNKNOWN", Text("本流程没有这一步", "this programme has no such step"), place=verb)
        return self._by_verb[verb]

    def state(self, name: str) -> State:
        """Return a state by name; KeyError for none, which only a broken database row can cause."""
        return self._by_name[name]

    def leaving(self, state: str) -> list[Transition]:
        """Return the steps that may be taken in a state, in the order of the table."""
        return [row for row in self.transitions if state in row.start]

    def open_to(self, state: str, role: str) -> list[Transition]:
        """Return the steps a role may take in a state."""
        return [row for row in self.leaving(state) if role in row.posts]

    @cached_property
    def final(self) -> frozenset[str]:
        """Names of the states that end a case."""
        return frozenset(state.name for state in self.states if state.final)

    @cached_property
    def first(self) -> str:
        """The state in which a case begins."""
        return next(row.ends[0] for row in self.transitions if not row.start)

    def _check(self) -> None:
        """Refuse double verbs and states, unknown names, states nobody reaches or leaves, steps apart from an unknown one."""
        faults = []
        if len(self._by_verb) != len(self.transitions) or len(self._by_name) != len(self.states):
            faults.append("a verb or a state stands twice")
        for row in self.transitions:
            faults += [f"{row.verb}: unknown state {name}" for name in (*row.start, *row.ends) if name not in self._by_name]
            faults += [f"{row.verb}: apart from unknown {verb}" for verb in row.apart_from if verb not in self._by_verb]
            faults += [f"{row.verb}: nobody may take it"] if not row.posts else []
            faults += [f"{row.verb}: opens a case without a state"] if not row.start and not row.ends else []
        faults += [f"nobody reaches {name}" for name in self._by_name.keys() - self._reached()]
        faults += [
            f"nobody leaves {state.name}"
            for state in self.states
            if not state.final and not any(not row.stays for row in self.leaving(state.name))
        ]
        if faults:
            raise ZhubaoError(
                "E-PROCESS", Text("流程表有误", "the process table is faulty"), place=f"{self.policy_id}: {'; '.join(faults)}"
            )

    def _reached(self) -> set[str]:
        reached = {end for row in self.transitions if not row.start for end in row.ends}
        queue = deque(reached)
        while queue:
            for row in self.leaving(queue.popleft()):
                for end in row.ends:
                    if end not in reached:
                        reached.add(end)
                        queue.append(end)
        return reached
