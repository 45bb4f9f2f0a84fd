"""Offices of a small Pengshui, and signing in at one of their posts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.rosters.offices import set_up
from zhubao.access.actors import Actor
from zhubao.access.models import User


@pytest.fixture
def offices(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Actor]:
    """Return who acts in Pengshui, by name; what is handed in stays in the test's own folder."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")
    return set_up()


@pytest.fixture
def at(offices: dict[str, Actor], client: Client) -> Callable[[str], Client]:
    """Return a function from a name to a client signed in at that post."""

    def sign_in(name: str) -> Client:
        user = User.objects.get(pk=offices[name].user_id or 0)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
