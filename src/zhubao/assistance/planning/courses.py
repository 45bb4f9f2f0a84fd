"""Which steps of the table a row takes when a reckoning finds something of it."""

from typing import Final, NamedTuple

from zhubao.workflow import Process

# What a reckoning may find of a row: the verbs of the table, and two without a step: `enter` alone waits for evidence, `note` only
# brings up to date what is written beside the row.
FINDINGS: Final = ("enter", "plan", "exclude", "cancel", "readmit", "replan", "correct_payer")
UNSETTLED: Final = ("rostered", "matched")
# Where a reckoning finds somebody: on no row yet, or on a row in one of these states.
FOUND_IN: Final = ("", *UNSETTLED, "planned", "claimed", "excluded", "cancelled", "self_paid", "actual_listed", "verified")


class Taken(NamedTuple):
    """One step of a course; `reasoned` asks for the reason beside it."""

    finding: str
    found_in: str
    number: int
    verb: str
    start: str
    end: str
    reasoned: bool


def courses_of(process: Process) -> list[Taken]:
    """Return the steps of every finding in every state it may be made in, each allowed by the table."""
    taken: list[Taken] = []
    for found_in in FOUND_IN:
        for finding in FINDINGS:
            taken += _course(process, finding, found_in) or []
    return taken


def _course(process: Process, finding: str, found_in: str) -> list[Taken] | None:
    """Return the steps of a finding from a state, None where the table has no such course."""
    steps: list[Taken] = []
    state = found_in
    for verb in _verbs(process, finding, found_in):
        rows = [row for row in process.transitions if row.verb == verb and (state in row.start or (not state and not row.start))]
        if not rows:
            return None
        row = rows[0]
        end = state if row.stays else row.ends[0]
        steps.append(Taken(finding, found_in, len(steps) + 1, verb, state, end, row.reason))
        state = end
    return steps


def _verbs(process: Process, finding: str, found_in: str) -> list[str]:
    matching = ["match"] if any(row.verb == "match" for row in process.transitions) else []
    first: list[str] = [] if found_in else ["enter"]
    if finding == "enter":
        return first
    if finding == "readmit":
        return ["readmit", *matching, "plan"]
    between = matching if found_in in ("", "rostered") and finding in ("plan", "exclude") else []
    return [*first, *between, finding]
