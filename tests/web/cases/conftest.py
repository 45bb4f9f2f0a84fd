"""Offices whose people sign in, on a Monday of the filing season."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.cases.lives import at
from tests.cases.offices import JIANGXI_COUNTY, RUGAO_COUNTY, TONGLING_COUNTY, Offices, open_offices

MONDAY = at("2026-10-12", 15)


@pytest.fixture(autouse=True)
def uploads_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a test uploads in its own folder."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Return a function that sets the hour the pages take for now."""

    def turn(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    turn(MONDAY)
    return turn


@pytest.fixture
def jiangxi(db: None, clock: object) -> Offices:
    """Return the offices of a Jiangxi county."""
    return open_offices(JIANGXI_COUNTY)


@pytest.fixture
def rugao(db: None, clock: object) -> Offices:
    """Return the offices of Rugao."""
    return open_offices(RUGAO_COUNTY)


@pytest.fixture
def tongling(db: None, clock: object) -> Offices:
    """Return the offices of a Tongling district."""
    return open_offices(TONGLING_COUNTY)


def desk(offices: Offices, role: str, other: bool = False, language: str = "") -> Client:
    """Return a client signed in at a post; its pages are Chinese unless a language is named."""
    client = Client()
    client.force_login(offices.post(role, other).user, backend="django.contrib.auth.backends.ModelBackend")
    if language:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client
