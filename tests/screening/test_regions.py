"""Which codes of citizen numbers belong to a county: those of its places under today's name, and under the names they had before."""

import pytest

from zhubao.screening.regions import codes_of


@pytest.mark.parametrize(
    ("region", "codes"),
    [
        pytest.param("360703", {"360703", "360782", "362103", "362122"}, id="南康县成南康市再成南康区"),
        pytest.param("320682", {"320682", "320622"}, id="如皋县成如皋市"),
        pytest.param("500243", {"500243", "513525"}, id="彭水随重庆改码"),
    ],
)
def test_a_county_keeps_the_people_numbered_before_it_was_renamed(region: str, codes: set[str]) -> None:
    assert codes_of(region) >= codes


def test_a_neighbour_of_today_with_the_same_stem_is_another_place() -> None:
    assert "360821" not in codes_of("360802")
