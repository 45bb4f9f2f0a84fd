"""What a story needs: the clock, the background's work, a folder for the files, and the browser."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cases.offices import Offices
from tests.web.cases.conftest import clock, uploads_apart
from tests.web.clerk.conftest import work
from zhubao.people.models import Person

from .telling import Story

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["clock", "uploads_apart", "work"]


@pytest.fixture
def story(
    page: "Page", clock: Callable[[datetime], None], work: Callable[[], int], tmp_path: Path
) -> Callable[[Offices, Person, str], Story]:
    """Return a function that begins the story of a borrower in a county."""

    def begin(offices: Offices, borrower: Person, name: str) -> Story:
        return Story(page, offices, borrower, clock, work, tmp_path, name)

    return begin
