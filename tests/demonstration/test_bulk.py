"""Benchmark tables: numbers as valid and unique as the slow way makes them, any piece the same as in the whole."""

import time
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from zhubao.demonstration.bulk import BLOCK, as_insured, as_roster, bulk_people, bulk_tables, citizen_numbers, write_bulk
from zhubao.demonstration.numbers import is_marked_synthetic
from zhubao.errors import ZhubaoError
from zhubao.identity import CitizenNumber, check_character, read_number

TODAY = date(2026, 10, 12)


def test_numbers_agree_with_the_single_check_and_with_the_facts() -> None:
    table = bulk_people(3_000, 11)
    for row in table.select(["id_number", "birth_first", "sex"]).to_pylist():
        number = read_number(row["id_number"], TODAY)
        assert isinstance(number, CitizenNumber)
        assert (int(f"{number.birth:%Y%m%d}"), number.sex) == (row["birth_first"], row["sex"])
        assert is_marked_synthetic(row["id_number"])


def test_an_x_is_computed_like_any_other_check_character() -> None:
    days = np.arange(19_800_101, 19_800_129, dtype=np.int64)
    made = citizen_numbers(np.full(28, 500_243), days, np.full(28, 900)).to_pylist()
    assert made == [f"500243{day}900{check_character(f'500243{day}900')}" for day in days]
    assert any(number.endswith("X") for number in made)


def test_a_hundred_thousand_people_have_a_hundred_thousand_numbers() -> None:
    table = bulk_people(100_000, 11, region="pengshui")
    assert pc.count_distinct(table["id_number"]).as_py() == 100_000
    assert set(table["region_code"].unique().to_pylist()) == {"500243"}


def test_same_seed_same_table_and_pieces_fit_together() -> None:
    whole = bulk_people(BLOCK + 500, 11)
    assert whole.equals(bulk_people(BLOCK + 500, 11))
    assert whole.slice(BLOCK).equals(bulk_people(500, 11, start=BLOCK))
    assert not whole.slice(0, 500).equals(bulk_people(500, 12))


def test_the_file_holds_the_table(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    write_bulk(path, 2_000, 11)
    assert pq.read_table(path).equals(bulk_people(2_000, 11))
    assert sum(table.num_rows for table in bulk_tables(2_000, 11)) == 2_000
    assert [each.name for each in tmp_path.iterdir()] == ["people.parquet"]


def test_facts_are_true_false_and_unknown_in_every_column_that_may_be_unknown() -> None:
    table = bulk_people(20_000, 11)
    for name in ("student", "identity_dibao", "identity_tekun", "deceased"):
        assert set(pc.unique(table[name]).to_pylist()) == {True, False, None}, name
    assert table["id_number"].null_count == table["birth_first"].null_count == 0
    assert table["scheme"].null_count > 0


def test_rosters_and_insured_records_carry_chinese_headers() -> None:
    people = bulk_people(5_000, 11)
    roster, insured = as_roster(people, "dibao"), as_insured(people)
    assert roster.column_names == ["姓名", "身份证号", "乡镇", "村"]
    assert roster.num_rows == pc.sum(people["identity_dibao"]).as_py()
    assert set(insured["参保险种"].unique().to_pylist()) == {"城乡居民", "企业职工", "未参保"}
    assert set(insured["人员状态"].unique().to_pylist()) == {"正常", "在校学生", "现役军人", "服刑", "死亡"}


def test_more_people_than_numbers_is_refused() -> None:
    with pytest.raises(ZhubaoError, match="E-DEMO-PEOPLE"):
        bulk_people(60_000_000, 1, region="pengshui")


def test_a_hundred_thousand_rows_come_in_seconds() -> None:
    begun = time.process_time()
    bulk_people(100_000, 11)
    assert time.process_time() - begun < 3
