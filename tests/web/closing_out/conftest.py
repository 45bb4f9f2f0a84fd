"""Twelve people of Yushan on 20 August 2022, and desks of every post that deals with them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.assistance.ledger_people import AUGUST, pengshui
from tests.cases.offices import Offices


@pytest.fixture(autouse=True)
def uploads_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a test uploads in its own folder."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Return a function that sets the hour the pages take for now."""

    def turn(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    turn(AUGUST)
    return turn


@pytest.fixture
def offices(db: None, clock: Callable[[datetime], None]) -> Offices:
    """Return the offices of Pengshui with the twelve on the plan."""
    return pengshui()


def desk(offices: Offices, role: str, language: str = "en") -> Client:
    """Return a client signed in at a post."""
    client = Client()
    client.force_login(offices.post(role).user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client
