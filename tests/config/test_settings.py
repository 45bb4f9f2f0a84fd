"""Settings an installation relies on without anybody saying so."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from zhubao.config.places import SYSTEM_FOLDER, data_folder
from zhubao.config.secret import keep_once


def setting(name: str, **environment: str) -> str:
    """Return a setting as a fresh process with this environment sees it."""
    clean = {key: value for key, value in os.environ.items() if key not in {"DEBUG", "SECRET_KEY", "ALLOWED_HOSTS"}}
    command = [sys.executable, "-c", f"from zhubao.config import settings; print(settings.{name})"]
    return subprocess.run(command, env={**clean, **environment}, capture_output=True, text=True, check=True).stdout.strip()


def test_faults_are_not_shown_to_the_world() -> None:
    assert setting("DEBUG") == "False"


def test_only_this_machine_until_somebody_names_hosts() -> None:
    assert setting("ALLOWED_HOSTS") == "['127.0.0.1', 'localhost']"
    assert setting("ALLOWED_HOSTS", ALLOWED_HOSTS="a.county,b.county") == "['a.county', 'b.county']"


def test_no_key_is_written_by_reading_settings(tmp_path: Path) -> None:
    first, second = (setting("SECRET_KEY", ZHUBAO_DATA_DIR=str(tmp_path / "data")) for _time in range(2))
    assert first != second
    assert not (tmp_path / "data").exists()


def test_a_kept_secret_is_its_owners_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    assert keep_once(path, "first") == keep_once(path, "second") == "first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_cookies_travel_only_encrypted_behind_tls() -> None:
    assert setting("SESSION_COOKIE_SECURE", BEHIND_TLS="1") == "True"
    assert setting("CSRF_COOKIE_SECURE", BEHIND_TLS="1") == "True"


def test_root_keeps_data_out_of_homes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHUBAO_DATA_DIR")
    monkeypatch.setattr("zhubao.config.places.os.geteuid", lambda: 0)
    assert data_folder().parent == SYSTEM_FOLDER
    monkeypatch.setattr("zhubao.config.places.os.geteuid", lambda: 1000)
    assert data_folder().name == "var"


def test_an_upload_of_a_whole_department_fits() -> None:
    assert settings.UPLOAD_LIMIT_BYTES == 300 * 1024 * 1024
