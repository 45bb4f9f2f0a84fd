"""Tables of rosters: files and screenings, lists by department in versions, what matching found."""

from .files import FileState, RosterFile, RosterFileQuerySet, Screening, ScreeningQuerySet, ScreeningState
from .matching import (
    LASTING,
    OUTCOMES,
    Difference,
    DifferenceKind,
    DifferenceState,
    Enrolment,
    EventKind,
    EventList,
    EventRow,
    Outcome,
    Sender,
)
from .versions import (
    ChangeKind,
    RejectedRow,
    RosterChange,
    RosterList,
    RosterRow,
    RosterVersion,
    VersionState,
)

__all__ = [
    "LASTING",
    "OUTCOMES",
    "ChangeKind",
    "Difference",
    "DifferenceKind",
    "DifferenceState",
    "Enrolment",
    "EventKind",
    "EventList",
    "EventRow",
    "FileState",
    "Outcome",
    "RejectedRow",
    "RosterChange",
    "RosterFile",
    "RosterFileQuerySet",
    "RosterList",
    "RosterRow",
    "RosterVersion",
    "Screening",
    "ScreeningQuerySet",
    "ScreeningState",
    "Sender",
    "VersionState",
]
