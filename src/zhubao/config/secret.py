"""The key that signs sessions: from the environment, or made once and kept in the data folder for its owner only."""

import os
import secrets
from pathlib import Path

from .places import create_data_folder, data_folder

FILE_NAME = "secret.key"


def secret_key() -> str:
    """Return `SECRET_KEY`, else the kept key, else one for this process alone (checks and builds leave no file behind)."""
    named = os.environ.get("SECRET_KEY")
    if named:
        return named
    try:
        return (data_folder() / FILE_NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(48)


def create_secret_key() -> None:
    """Make and keep a key unless one is there; every process of the installation must sign with the same one."""
    if not os.environ.get("SECRET_KEY"):
        keep_once(create_data_folder() / FILE_NAME, secrets.token_urlsafe(48))


def keep_once(path: Path, value: str) -> str:
    """Write `value` to `path` with mode 0600 unless the file is there, and return what the file holds."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(value + "\n")
    return value
