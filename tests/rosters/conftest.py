"""Files of these tests in a folder of their own, and the offices of a small Pengshui."""

from pathlib import Path

import pytest
from django.conf import settings

from zhubao.access.actors import Actor

from .offices import set_up


@pytest.fixture
def uploads_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what a test hands in in its own folder."""
    folder = tmp_path / "files"
    monkeypatch.setattr(settings, "MEDIA_ROOT", folder)
    return folder


@pytest.fixture
def offices(db: None, uploads_in: Path) -> dict[str, Actor]:
    """Return who acts in Pengshui, by name."""
    return set_up()
