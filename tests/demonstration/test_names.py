"""Invented names: believable, never from a register, and hard enough to break careless software."""

from random import Random

import pytest

from zhubao.demonstration.names import RARE_CHARACTERS, Names, given_name_characters, misspelt


def drawn(count: int, seed: int = 1, local: dict[str, int] | None = None) -> list[str]:
    rng, names = Random(seed), Names(local)
    return [names.full_name(rng, "female" if at % 2 else "male", 1950 + at % 60) for at in range(count)]


def test_common_surnames_lead_and_local_ones_show() -> None:
    everywhere = drawn(6_000)
    in_pengshui = drawn(6_000, local={"冉": 60, "庹": 18})
    share = lambda names, surname: sum(name.startswith(surname) for name in names) / len(names)  # noqa: E731
    assert 0.03 < share(everywhere, "王") < 0.08
    assert share(everywhere, "冉") < 0.01
    assert share(in_pengshui, "冉") > 0.02
    assert share(in_pengshui, "庹") > 0.005


def test_a_thousand_families_hold_rare_characters_interpuncts_and_compound_surnames() -> None:
    names = drawn(6_000)
    assert any(character in name for name in names for character in RARE_CHARACTERS)
    assert any("·" in name for name in names)
    assert any(name.startswith(("欧阳", "司马", "上官", "诸葛", "夏侯", "尉迟", "皇甫", "令狐")) for name in names)


def test_rare_characters_survive_the_encodings_of_the_files() -> None:
    assert "䶮" in RARE_CHARACTERS
    assert "𬱟" in RARE_CHARACTERS
    for encoding in ("gb18030", "utf-8-sig"):
        assert RARE_CHARACTERS.encode(encoding).decode(encoding) == RARE_CHARACTERS


def test_children_carry_the_surname_of_the_family() -> None:
    names = Names()
    assert all(names.full_name(Random(seed), "male", 2005, "庹").startswith("庹") for seed in range(200))


@pytest.mark.parametrize("name", ["王秀英", "冉国华", "吴䶮", "阿依·央金", "欧阳建国", "李淼"])
def test_a_misspelt_name_is_another_name(name: str) -> None:
    assert misspelt(name) != name
    assert misspelt(name)[0] == name[0]


@pytest.mark.parametrize(("year", "typical"), [(1955, "秀"), (1980, "丽"), (2008, "涵")])
def test_given_names_follow_the_fashion_of_the_year(year: int, typical: str) -> None:
    assert typical in given_name_characters("female", year)
