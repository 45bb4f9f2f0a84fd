"""The demonstration county as an oracle: every planted fault is found at its cell, every designed applicant gets the designed verdict."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zhubao.demonstration.county import Manifest, write_county
from zhubao.demonstration.regions import REGIONS, RegionKey
from zhubao.parameters import ParameterBook
from zhubao.parameters.local import read_local_file
from zhubao.screening import Request, run
from zhubao.screening.rosters import read_rosters

REGION_KEYS: list[RegionKey] = list(REGIONS)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """A county of some 1,500 people in five places."""
    return write_county(tmp_path_factory.mktemp("county"), 1500, 11)


@pytest.mark.parametrize("region", REGION_KEYS)
def test_every_planted_fault_is_found_at_its_cell(county: Manifest, region: RegionKey) -> None:
    today = date.fromisoformat(county.document["on"])
    planted, found = set(), set()
    for file in county.document["regions"][region]["files"]:
        path = county.folder / file["path"]
        read = read_rosters([(path, None)], today=today, insured=file["kind"] == "insured")
        found |= {(each.file, each.sheet, each.cell) for each in read.rejections}
        planted |= {(path.name, each["sheet"], each["cell"]) for each in file["faults"] if each["effect"] == "rejected"}
        sheets = [sheet for sheet in read.sheets if sheet.header_row]
        assert [(sheet.header_row, sheet.rows) for sheet in sheets] == [
            (each["header_row"], each["rows"]) for each in file["sheets"]
        ]
        if file["kind"] != "insured":
            assert [set(sheet.kinds) for sheet in sheets] == [set(each["kinds"]) for each in file["sheets"]]
    assert found == planted


def _screened(county: Manifest, region: RegionKey, on: date, out: Path) -> dict[str, Any]:
    described = county.document["regions"][region]
    book = ParameterBook(tuple(read_local_file(county.folder / described["parameters"])))
    files = tuple((path, None) for path in county.files(region))
    insured = county.files(region, "insured")[0]
    return run(Request(files, described["policy"], on, out, insured=insured, book=book)).summary


@pytest.mark.parametrize("region", ["jiangxi", "rugao", "tongling"])
def test_designed_applicants_get_their_verdict(county: Manifest, region: RegionKey, tmp_path: Path) -> None:
    summary = _screened(county, region, date.fromisoformat(county.document["on"]), tmp_path / "result.csv")
    with (tmp_path / "result.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["id_number"]: row for row in csv.DictReader(stream)}
    designed = county.document["regions"][region]["applicants"]
    assert {number: row["verdict"] for number, row in rows.items()} == {each["id_number"]: each["expected"] for each in designed}
    for each in designed:
        row = rows[each["id_number"]]
        assert each["clause"] is None or each["clause"] in f"{row['failed']};{row['unknown']}".split(";"), each
        assert each["payer"] is None or each["payer"] == row["payer"]
    _differences_as_described(county, region, summary)


def test_differences_of_a_screening_for_assistance(county: Manifest, tmp_path: Path) -> None:
    _differences_as_described(county, "ganzhou", _screened(county, "ganzhou", date(2025, 12, 31), tmp_path / "result.csv"))


def _differences_as_described(county: Manifest, region: RegionKey, summary: dict[str, Any]) -> None:
    described = county.document["regions"][region]["differences"]
    assert summary["differences"] == {
        kind: len(described[kind]) for kind in ("two_names", "twice", "employee_scheme", "deceased")
    }
