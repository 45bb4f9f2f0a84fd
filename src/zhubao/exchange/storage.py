"""Where the bytes of files are kept: below the uploads, readable by the service alone, named by their hash."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from zhubao.errors import ZhubaoError
from zhubao.language import Text

FOLDER = "exchange"


def keep(chunks: Iterable[bytes], name: str) -> tuple[str, str]:
    """Keep bytes and return where (relative to the uploads) and their SHA-256; the same bytes are kept once.

    Raise E-FILE-EMPTY for none, E-UPLOAD-LARGE as soon as the limit is passed.
    """
    folder = _private_folder()
    digest, size = hashlib.sha256(), 0
    handle, path = tempfile.mkstemp(dir=folder, suffix=".part")
    temporary = Path(path)
    try:
        with os.fdopen(handle, "wb") as stream:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.UPLOAD_LIMIT_BYTES:
                    limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
                    problem = Text(f"文件超过 {limit} MB", f"the file is larger than {limit} MB")
                    raise ZhubaoError("E-UPLOAD-LARGE", problem, place=name, remedy=Text("分成几份传送", "send it in parts"))
                digest.update(chunk)
                stream.write(chunk)
        if size == 0:
            raise ZhubaoError("E-FILE-EMPTY", Text("文件是空的", "the file is empty"), place=name)
        stored = f"{FOLDER}/{digest.hexdigest()}{Path(name).suffix.lower()[:8]}"
        temporary.replace(Path(settings.MEDIA_ROOT) / stored)
    finally:
        temporary.unlink(missing_ok=True)
    return stored, digest.hexdigest()


def companion(sha256: str, name: str) -> str:
    """Return the text that goes beside a file as ``<name>.sha256``, in the form `sha256sum -c` reads."""
    return f"{sha256}  {name}\n"


def stated_hash(companion_text: str) -> str:
    """Return the hash a companion text states; E-EXCHANGE-HASH when it holds none."""
    word = companion_text.replace("\ufeff", "").split()[:1]
    stated = word[0].lower() if word else ""
    if len(stated) != 64 or set(stated) - set("0123456789abcdef"):
        raise ZhubaoError("E-EXCHANGE-HASH", Text("校验文件里没有 SHA-256", "the companion file holds no SHA-256"))
    return stated


def _private_folder() -> Path:
    folder = Path(settings.MEDIA_ROOT)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True, mode=0o700)
    folder /= FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder
