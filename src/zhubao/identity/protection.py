"""Numbers at rest: encrypted with the context they belong to, and findable by a keyed digest without being decrypted.

A stored value begins with the algorithm and the id of its key, so keys can be changed one row at a time. The associated data
(table, column and row) binds a value to its place: copied to another row it does not open. Keys are arguments, never read here.
"""

import os
from collections.abc import Mapping
from typing import Any, Literal

from zhubao.errors import ZhubaoError
from zhubao.language import Text

Algorithm = Literal["AES", "SM4"]
_NONCE_BYTES = 12
_TAG_BYTES = 16


def encrypt(text: str, *, key_id: str, key: bytes, context: str, algorithm: Algorithm = "AES") -> bytes:
    """Return ``algorithm:key_id:`` followed by nonce, ciphertext and tag (AES-256-GCM or SM4-GCM).

    `context` names the place the value belongs to. `key` is 32 bytes for AES, 16 for SM4. Raises E-KEY for a key of another
    length or an id that is empty or holds a colon.
    """
    if not key_id or ":" in key_id or not key_id.isascii():
        raise ZhubaoError(
            "E-KEY", Text("密钥编号不能为空、不能含冒号", "a key id must be plain and without a colon"), place=key_id
        )
    prefix = f"{algorithm}:{key_id}:".encode()
    nonce = os.urandom(_NONCE_BYTES)
    encryptor = _cipher(algorithm, key, nonce).encryptor()
    encryptor.authenticate_additional_data(prefix + context.encode())
    sealed: bytes = encryptor.update(text.encode()) + encryptor.finalize()
    tag: bytes = encryptor.tag
    return prefix + nonce + sealed + tag


def decrypt(stored: bytes, *, keys: Mapping[str, bytes], context: str) -> str:
    """Return the text of a stored value; E-KEY when its key is not among `keys`, E-SEALED when it was changed or moved."""
    from cryptography.exceptions import InvalidTag

    algorithm, key_id, body = _parts(stored)
    if key_id not in keys:
        raise ZhubaoError("E-KEY", Text("没有该编号的密钥", "there is no key of that id"), place=key_id)
    if len(body) < _NONCE_BYTES + _TAG_BYTES:
        raise _broken()
    nonce, sealed, tag = body[:_NONCE_BYTES], body[_NONCE_BYTES:-_TAG_BYTES], body[-_TAG_BYTES:]
    decryptor = _cipher(algorithm, keys[key_id], nonce, tag).decryptor()
    decryptor.authenticate_additional_data(f"{algorithm}:{key_id}:".encode() + context.encode())
    try:
        text: str = (decryptor.update(sealed) + decryptor.finalize()).decode()
    except InvalidTag as error:
        raise _broken() from error
    return text


def key_id_of(stored: bytes) -> str:
    """Return the id of the key a stored value was sealed with."""
    return _parts(stored)[1]


def blind_index(text: str, *, key: bytes) -> bytes:
    """Return the 32 bytes (HMAC-SM3) by which a value is found without decrypting; the same text gives the same bytes."""
    from cryptography.hazmat.primitives.hashes import SM3
    from cryptography.hazmat.primitives.hmac import HMAC

    if len(key) < 16:
        raise ZhubaoError("E-KEY", Text("索引密钥至少 16 字节", "an index key is at least 16 bytes"))
    digest = HMAC(key, SM3())
    digest.update(text.encode())
    found: bytes = digest.finalize()
    return found


def _parts(stored: bytes) -> tuple[Algorithm, str, bytes]:
    algorithm, _, rest = stored.partition(b":")
    key_id, colon, body = rest.partition(b":")
    if not colon:
        raise _broken()
    if algorithm == b"AES":
        return "AES", key_id.decode("ascii", "replace"), body
    if algorithm == b"SM4":
        return "SM4", key_id.decode("ascii", "replace"), body
    raise _broken()


def _cipher(algorithm: Algorithm, key: bytes, nonce: bytes, tag: bytes | None = None) -> Any:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    length = 32 if algorithm == "AES" else 16
    if len(key) != length:
        zh, en = f"{algorithm} 密钥应为 {length} 字节", f"an {algorithm} key is {length} bytes"
        raise ZhubaoError("E-KEY", Text(zh, en))
    return Cipher(algorithms.AES(key) if algorithm == "AES" else algorithms.SM4(key), modes.GCM(nonce, tag))


def _broken() -> ZhubaoError:
    return ZhubaoError(
        "E-SEALED",
        Text("密文被改动过或不属于这一行", "the sealed value was changed or does not belong here"),
        remedy=Text("从备份恢复这一行", "restore the row from a backup"),
    )
