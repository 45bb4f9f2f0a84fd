"""What other parts of the service add to the page of a case: the agreement, later draws.

A panel is a function of the request and the case that returns the template to include and its context, or None where it has nothing
to say. It stands in `PANELS`; panels are shown in that order below the state of the case.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from zhubao.cases.models import Case
from zhubao.web.middleware import CitizenRequest


class Panel(NamedTuple):
    """A part of the page: the template included with `panel` as its context."""

    template: str
    context: dict[str, Any]


PANELS: list[Callable[[CitizenRequest, Case], Panel | None]] = []


def panels_of(request: CitizenRequest, case: Case) -> list[Panel]:
    """Return what there is to show beside the state of a case."""
    return [panel for make in PANELS if (panel := make(request, case)) is not None]
