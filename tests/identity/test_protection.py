"""Sealed numbers open only with their key and in their place; the index finds them without opening."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.errors import ZhubaoError
from zhubao.identity.protection import Algorithm, blind_index, decrypt, encrypt, key_id_of

KEYS = {"2026a": bytes(range(32)), "sm": bytes(range(16))}
NUMBER = "360721196508120011"
PLACE = "person.number:7"


@pytest.mark.parametrize(("algorithm", "key_id"), [("AES", "2026a"), ("SM4", "sm")])
def test_a_number_comes_back(algorithm: Algorithm, key_id: str) -> None:
    sealed = encrypt(NUMBER, key_id=key_id, key=KEYS[key_id], context=PLACE, algorithm=algorithm)
    assert decrypt(sealed, keys=KEYS, context=PLACE) == NUMBER
    assert sealed.startswith(f"{algorithm}:{key_id}:".encode())
    assert key_id_of(sealed) == key_id
    assert NUMBER.encode() not in sealed
    assert sealed != encrypt(NUMBER, key_id=key_id, key=KEYS[key_id], context=PLACE, algorithm=algorithm)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 200), st.integers(1, 255))
def test_no_byte_can_be_changed(place: int, change: int) -> None:
    sealed = bytearray(encrypt(NUMBER, key_id="2026a", key=KEYS["2026a"], context=PLACE))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(ZhubaoError):
        decrypt(bytes(sealed), keys=KEYS, context=PLACE)


def test_a_value_copied_to_another_row_does_not_open() -> None:
    sealed = encrypt(NUMBER, key_id="2026a", key=KEYS["2026a"], context=PLACE)
    with pytest.raises(ZhubaoError, match="E-SEALED"):
        decrypt(sealed, keys=KEYS, context="person.number:8")


@pytest.mark.parametrize("stored", [b"", b"AES", b"AES:2026a:", b"DES:2026a:" + bytes(40), b"AES:2026a:short"])
def test_what_is_no_sealed_value_is_refused(stored: bytes) -> None:
    with pytest.raises(ZhubaoError, match="E-SEALED"):
        decrypt(stored, keys=KEYS, context=PLACE)


def test_keys_are_checked() -> None:
    sealed = encrypt(NUMBER, key_id="2026a", key=KEYS["2026a"], context=PLACE)
    with pytest.raises(ZhubaoError, match="E-KEY"):
        decrypt(sealed, keys={}, context=PLACE)
    with pytest.raises(ZhubaoError, match="E-KEY"):
        encrypt(NUMBER, key_id="2026a", key=bytes(16), context=PLACE)
    with pytest.raises(ZhubaoError, match="E-KEY"):
        encrypt(NUMBER, key_id="a:b", key=KEYS["2026a"], context=PLACE)
    with pytest.raises(ZhubaoError, match="E-KEY"):
        blind_index(NUMBER, key=b"short")


def test_the_index_is_the_same_for_the_same_number_and_key_only() -> None:
    key = bytes(range(32))
    assert blind_index(NUMBER, key=key) == blind_index(NUMBER, key=key)
    assert len(blind_index(NUMBER, key=key)) == 32
    assert blind_index(NUMBER, key=key) != blind_index("50024319801230004X", key=key)
    assert blind_index(NUMBER, key=key) != blind_index(NUMBER, key=bytes(32))


def test_reading_a_number_loads_no_cryptography() -> None:
    code = "import sys, zhubao.identity, zhubao.identity.protection, zhubao.parameters; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
