"""The keys that seal numbers in this installation: from `ZHUBAO_KEYS`, else made once and kept beside the data, for its owner only.

Written as ``index=<hex>;<id>=<hex>;<id>=<hex>``, one a line in the file. The first key with an id seals, the others still open what
they sealed, so a new key is put in front and rows are sealed anew when convenient. The index key never changes: numbers are found by
it. See docs/decisions/0007-numbers-at-rest.md.
"""

import hashlib
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from zhubao.errors import ZhubaoError
from zhubao.identity.protection import blind_index, decrypt, encrypt
from zhubao.language import Text

FILE_NAME = "numbers.keys"
VARIABLE = "ZHUBAO_KEYS"
INDEX = "index"
_LINE = re.compile(r"([a-z0-9]{1,24})=([0-9a-f]{64})")


@dataclass(frozen=True)
class Keys:
    """The index key and the data keys by id, 32 bytes each; the first of `data` seals. Never printed."""

    index: bytes = field(repr=False)
    data: dict[str, bytes] = field(repr=False)

    def seal(self, text: str, context: str) -> bytes:
        """Return `text` sealed with the present key for the place `context` names."""
        key_id = next(iter(self.data))
        return encrypt(text, key_id=key_id, key=self.data[key_id], context=context)

    def open(self, stored: bytes | memoryview, context: str) -> str:
        """Return the text of a sealed value; E-KEY without its key, E-SEALED when it was changed or moved."""
        return decrypt(bytes(stored), keys=self.data, context=context)

    def digest(self, text: str) -> bytes:
        """Return the blind index of a number."""
        return blind_index(text, key=self.index)


def read_keys(text: str, place: str) -> Keys:
    """Read keys as they are written; E-KEY for anything else."""
    lines = [line.strip() for line in re.split(r"[;\n]", text) if line.strip()]
    found: dict[str, bytes] = {}
    for line in lines:
        parts = _LINE.fullmatch(line)
        if parts is None or parts[1] in found:
            raise _unreadable(place)
        found[parts[1]] = bytes.fromhex(parts[2])
    index = found.pop(INDEX, None)
    if index is None or not found:
        raise _unreadable(place)
    return Keys(index, found)


def keys() -> Keys:
    """Return the keys of this installation, making the file on first use.

    Raise E-KEY when they cannot be read, E-KEYS-LOST when the file is gone while sealed numbers are there: new keys would open
    nothing and find nobody.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return _read(named, VARIABLE)
    path = Path(settings.DATA_FOLDER) / FILE_NAME
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        text = _make(path)
    return _read(text, str(path))


@lru_cache(maxsize=4)
def _read(text: str, place: str) -> Keys:
    return read_keys(text, place)


def new_keys() -> str:
    """Return fresh keys as they are written; a data key is named after its own digest, so no two keys share an id."""
    key = secrets.token_bytes(32)
    name = "k" + hashlib.sha256(key).hexdigest()[:8]
    return f"{INDEX}={secrets.token_hex(32)}\n{name}={key.hex()}\n"


def _make(path: Path) -> str:
    from .models import HouseholdMember, Person

    if Person.objects.exists() or HouseholdMember.objects.exists():
        raise ZhubaoError(
            "E-KEYS-LOST",
            Text("密钥文件不见了，而库里有加密的号码", "the key file is gone while sealed numbers are stored"),
            place=str(path),
            remedy=Text("放回密钥文件，或设置 ZHUBAO_KEYS", "put the key file back, or set ZHUBAO_KEYS"),
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written whole beside its place and linked there: another process sees all of it or nothing, and the first one wins.
    beside = path.with_name(f".{FILE_NAME}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(new_keys())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink()
    return path.read_text(encoding="ascii")


def _unreadable(place: str) -> ZhubaoError:
    return ZhubaoError(
        "E-KEY",
        Text("密钥的写法不对", "the keys are not written as they should be"),
        place=place,
        remedy=Text("应为 index=<64位十六进制>;编号=<64位十六进制>", "index=<64 hex digits>;id=<64 hex digits>"),
    )
