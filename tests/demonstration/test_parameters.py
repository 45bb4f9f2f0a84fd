"""The demonstration parameter set: marked in every row, never in the place of a value that somebody published."""

from datetime import date
from pathlib import Path

import pytest

from zhubao.demonstration.parameters import (
    DECIDED_BY,
    SOURCE,
    demonstration_parameters,
    demonstration_parameters_for,
    write_demonstration_parameters,
)
from zhubao.demonstration.regions import REGIONS, RegionKey
from zhubao.parameters import ParameterBook
from zhubao.parameters.local import read_local_file


def test_every_entry_is_marked_as_not_official() -> None:
    for entry in demonstration_parameters():
        assert entry.source.startswith(SOURCE)
        assert "非官方" in entry.source
        assert entry.decided_by == DECIDED_BY


def test_no_published_value_is_replaced() -> None:
    """Resident tiers are the exception: provinces set their own above the national frame, and none was found."""
    built_in = ParameterBook.built_in()
    for entry in demonstration_parameters():
        if entry.name.startswith(("setting.", "tier_yearly")):
            continue
        last = entry.effective_to or date(2027, 12, 31)
        for day in (max(entry.effective_from, date(2020, 1, 1)), last):
            published = built_in.find(entry.name, day, entry.area_code)
            assert published is None or published.confidence == "C", entry


def test_the_file_reads_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "parameters.csv"
    write_demonstration_parameters(path)
    read = read_local_file(path)
    key = lambda entry: (entry.area_code, entry.name, entry.value, entry.unit, entry.effective_from, entry.effective_to)  # noqa: E731
    assert [key(entry) for entry in read] == [key(entry) for entry in demonstration_parameters()]


@pytest.mark.parametrize(
    ("region", "name", "fen"),
    [
        ("jiangxi", "lowest_tier_monthly_fen", 81_000),
        ("jiangxi", "floor_fen", 91_000),
        ("rugao", "lowest_tier_monthly_fen", 102_000),
        ("rugao", "calc_base_fen", 910_000),
        ("tongling", "lowest_tier_yearly_fen", 20_000),
        ("pengshui", "lowest_tier_yearly_fen", 10_000),
        ("ganzhou", "lowest_tier_yearly_fen", 10_000),
    ],
)
def test_values_of_2026(region: RegionKey, name: str, fen: int) -> None:
    book = ParameterBook(demonstration_parameters_for(region))
    found = book.find(name, date(2026, 10, 12), REGIONS[region].code)
    assert found is not None
    assert found.number() == fen


@pytest.mark.parametrize(("region", "extended"), [("pengshui", True), ("ganzhou", True), ("rugao", False), ("tongling", False)])
def test_only_documents_past_their_term_are_extended(region: RegionKey, *, extended: bool) -> None:
    entries = [entry for entry in demonstration_parameters_for(region) if entry.name == "setting.extended_to"]
    assert [entry.value for entry in entries] == (["2030-12-31"] if extended else [])
    assert all("延长" in entry.source for entry in entries)
