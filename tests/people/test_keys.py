"""The keys of an installation: made once, read from the environment, never replaced in silence."""

import os
import stat
from pathlib import Path

import pytest
from django.conf import settings

from tests.people.tables import chen
from zhubao.errors import ZhubaoError
from zhubao.people.keys import FILE_NAME, VARIABLE, keys, new_keys, read_keys

INDEX, OLD, NEW = "11" * 32, "22" * 32, "33" * 32


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    before = read_keys(f"index={INDEX};k1={OLD}", "t")
    after = read_keys(f"index={INDEX}\nk2={NEW}\nk1={OLD}\n", "t")
    sealed = before.seal("320682197305160424", "people_person.id_number_sealed.1")
    assert after.open(sealed, "people_person.id_number_sealed.1") == "320682197305160424"
    assert after.seal("x", "c").startswith(b"AES:k2:")
    assert before.digest("x") == after.digest("x")
    with pytest.raises(ZhubaoError, match="E-KEY"):
        read_keys(f"index={INDEX};k2={NEW}", "t").open(sealed, "people_person.id_number_sealed.1")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="空"),
        pytest.param(f"k1={OLD}", id="没有索引密钥"),
        pytest.param(f"index={INDEX}", id="没有数据密钥"),
        pytest.param(f"index={INDEX};k1={OLD};k1={NEW}", id="同一编号两次"),
        pytest.param(f"index={INDEX};k1={OLD[:-2]}", id="短了"),
        pytest.param(f"index={INDEX};K 1={OLD}", id="编号写法不对"),
    ],
)
def test_keys_written_wrongly(text: str) -> None:
    with pytest.raises(ZhubaoError, match="E-KEY"):
        read_keys(text, "t")


def test_keys_are_not_printed() -> None:
    assert INDEX not in repr(read_keys(f"index={INDEX};k1={OLD}", "t"))
    assert new_keys() != new_keys()


@pytest.mark.django_db
def test_the_file_is_made_once_for_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(settings, "DATA_FOLDER", tmp_path)
    made = keys()
    assert keys() == made
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [FILE_NAME]
    monkeypatch.setenv(VARIABLE, f"index={INDEX};k1={OLD}")
    assert keys().index == bytes.fromhex(INDEX)


@pytest.mark.django_db
def test_a_lost_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chen()
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(settings, "DATA_FOLDER", tmp_path)
    with pytest.raises(ZhubaoError) as refused:
        keys()
    assert refused.value.code == "E-KEYS-LOST"
    assert not list(tmp_path.iterdir())
