"""A whole county on disk: the same bytes twice, every file marked, and exactly the planted faults in them."""

import json
from collections import Counter
from pathlib import Path

import fastexcel
import pyarrow.parquet as pq
import pytest

from zhubao.demonstration.county import Manifest, RegionCounty, county, write_county
from zhubao.demonstration.faults import RATES
from zhubao.demonstration.numbers import is_marked_synthetic
from zhubao.demonstration.regions import DEMONSTRATION_DAY, REGIONS
from zhubao.errors import ZhubaoError
from zhubao.screening.rosters import read_rosters

PEOPLE, SEED = 4_000, 7


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return write_county(tmp_path_factory.mktemp("county"), PEOPLE, SEED)


@pytest.fixture(scope="module")
def places() -> list[RegionCounty]:
    return list(county(PEOPLE, SEED))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_same_people_and_seed_same_bytes(written: Manifest, tmp_path: Path) -> None:
    again = write_county(tmp_path, PEOPLE, SEED)
    assert contents(tmp_path) == contents(written.folder)
    assert again.document == written.document


def test_another_seed_another_county(written: Manifest, tmp_path: Path) -> None:
    other = write_county(tmp_path, PEOPLE, SEED + 1)
    assert other.document["regions"]["rugao"]["applicants"] != written.document["regions"]["rugao"]["applicants"]


def test_the_manifest_counts_what_was_written(written: Manifest) -> None:
    document = json.loads((written.folder / "manifest.json").read_text(encoding="utf-8"))
    assert document == written.document
    assert (written.people, document["people"], written.seed) == (PEOPLE, PEOPLE, SEED)
    assert set(document["regions"]) == set(REGIONS)
    for region in REGIONS:
        assert all(path.is_file() for path in written.files(region))
        assert [path.stem for path in written.files(region, "insured")] == ["参保信息"]


def test_every_file_says_that_it_is_a_demonstration(written: Manifest) -> None:
    for region in REGIONS:
        for path in [*written.files(region), *written.files(region, "insured")]:
            if path.suffix == ".xlsx":
                book = fastexcel.read_excel(path)
                for sheet in book.sheet_names:
                    assert "演示数据" in str(book.load_sheet(sheet, header_row=None).to_arrow().column(0)[0]), (path.name, sheet)
            elif path.suffix == ".parquet":
                assert set(pq.read_table(path).column("备注").to_pylist()) == {"演示数据"}
            else:
                content = path.read_bytes()
                text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030")
                assert "演示数据" in text.splitlines()[0] + text.splitlines()[1], path.name
        assert "非官方" in (written.folder / region / "parameters.csv").read_text(encoding="utf-8")
    assert "演示数据" in (written.folder / "说明.txt").read_text(encoding="utf-8")


def test_screening_rejects_exactly_the_planted_rows(written: Manifest) -> None:
    for region in REGIONS:
        for file in written.document["regions"][region]["files"]:
            path = written.folder / file["path"]
            found = read_rosters([(path, None)], today=DEMONSTRATION_DAY, insured=file["kind"] == "insured")
            planted = Counter((fault["sheet"], fault["cell"]) for fault in file["faults"] if fault["effect"] == "rejected")
            assert Counter((each.sheet, each.cell) for each in found.rejections) == planted, file["path"]
            assert sum(sheet.rows for sheet in found.sheets) == file["rows"], file["path"]
            converted = sum(sheet.remarks.get("converted_from_15_digits", 0) for sheet in found.sheets)
            assert converted == file["effects"]["converted"], file["path"]


def test_screening_reads_the_true_person_of_every_other_row(places: list[RegionCounty], written: Manifest) -> None:
    for place in places:
        for file in place.files:
            path = written.folder / place.region / file.name
            found = read_rosters([(path, None)], today=DEMONSTRATION_DAY, insured=file.kind == "insured").rows
            expected = Counter(number for sheet in file.sheets for number, _ in sheet.usable())
            assert Counter(found["id_number"].to_pylist()) == expected, file.name


def test_kinds_are_recognised_from_the_files_alone(places: list[RegionCounty], written: Manifest) -> None:
    for place in places:
        for file in place.rosters:
            found = read_rosters([(written.folder / place.region / file.name, None)], today=DEMONSTRATION_DAY).rows
            expected = Counter(kind for sheet in file.sheets for _, kind in sheet.usable())
            assert Counter(found["kind"].to_pylist()) == expected, file.name


def test_a_large_county_plants_every_fault(places: list[RegionCounty]) -> None:
    planted = {fault.fault for place in places for file in place.files for sheet in file.sheets for fault in sheet.faults}
    assert planted == set(RATES)


def test_differences_name_people_who_stand_in_the_files(places: list[RegionCounty]) -> None:
    for place in places:
        listed = {number for file in place.rosters for sheet in file.sheets for number, _ in sheet.usable()}
        by_number = {person.id_number: person for person in place.people}
        found = place.differences
        assert set(found.two_names) <= set(found.twice) <= listed
        assert set(found.several_rosters) <= listed
        assert all(by_number[number].deceased for number in found.deceased)
        for number in found.employee_scheme:
            assert by_number[number].also_employee or by_number[number].scheme == "employee_pension"
    assert any(place.differences.deceased for place in places)
    assert any(place.differences.two_names for place in places)
    assert any(place.differences.several_rosters for place in places)


def test_no_number_appears_twice_in_the_county_and_all_are_marked(places: list[RegionCounty]) -> None:
    numbers = [person.id_number for place in places for person in place.people]
    assert len(set(numbers)) == len(numbers) == PEOPLE
    assert all(map(is_marked_synthetic, numbers))


def test_a_county_of_a_handful_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ZhubaoError, match="E-DEMO-PEOPLE"):
        write_county(tmp_path / "small", 20, SEED)
    assert not (tmp_path / "small").exists()


def test_the_smallest_county_is_written_without_empty_files(tmp_path: Path) -> None:
    small = write_county(tmp_path, 100, SEED)
    assert small.people == 100
    for region in REGIONS:
        assert all(file["rows"] > 0 for file in small.document["regions"][region]["files"])


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(ZhubaoError, match="E-FILE-WRITE"):
        write_county(tmp_path / "taken", 100, SEED)
