"""Files the service keeps to itself: below the uploads folder, readable by nobody else."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


def private_folder(*parts: str) -> Path:
    """Return a folder below the uploads, made when missing; what is made may be opened by the service alone."""
    folder = Path(settings.MEDIA_ROOT)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True, mode=0o700)
    for part in parts:
        folder /= part
        folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def keep(content: bytes, *folders: str, suffix: str = "") -> tuple[str, str]:
    """Keep bytes under their SHA-256 in a private folder and return the path below the uploads folder, and the digest.

    Written beside and renamed, so that a killed process never leaves half a file; the same bytes again change nothing.
    """
    folder = private_folder(*folders)
    digest = hashlib.sha256(content).hexdigest()
    path = folder / f"{digest}{suffix}"
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as temporary:
            temporary.write(content)
        os.replace(temporary.name, path)
    return path.relative_to(Path(settings.MEDIA_ROOT)).as_posix(), digest
