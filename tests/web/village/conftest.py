"""Xintang village and its county on Saturday 2026-10-17, the eighth day after a notice posted on Friday the 9th."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.cases.lives import at, figures
from tests.cases.offices import RUGAO_COUNTY, Offices, open_offices

Clock = Callable[[datetime], None]
SATURDAY = at("2026-10-17", 15)


@pytest.fixture(autouse=True)
def uploads_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a test uploads in its own folder."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return a function that sets the hour the pages take for now."""

    def turn(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    turn(SATURDAY)
    return turn


@pytest.fixture
def rugao(db: None, clock: Clock) -> Offices:
    """Return the offices of Rugao, with its figures."""
    figures()
    return open_offices(RUGAO_COUNTY)


def desk(offices: Offices, role: str, other: bool = False, language: str = "en") -> Client:
    """Return a client signed in at a post."""
    client = Client()
    client.force_login(offices.post(role, other).user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def form_of(client: Client, address: str, action: str = "") -> dict[str, str]:
    """Open a page and return what the hidden fields of the form that goes to `action` hold (of the last form without one)."""
    page = client.get(address).content.decode()
    forms = re.findall(r'<form class="fields.*?</form>', page, re.S)
    wanted = [form for form in forms if f'action="{action}"' in form] if action else forms
    assert wanted, f"no form to {action} on {address}"
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', wanted[-1]))
