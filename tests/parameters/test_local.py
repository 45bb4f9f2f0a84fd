"""Local files as an agency writes them, and every fault named with its line."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.errors import ZhubaoError
from zhubao.parameters import Parameter
from zhubao.parameters.local import (
    COLUMNS,
    check_local_text,
    local_text,
    overlaps,
    read_local_file,
    read_local_text,
    write_local_file,
)

HEADER = ",".join(COLUMNS) + "\n"


@pytest.mark.parametrize(
    ("row", "value", "unit"),
    [
        pytest.param("360700,floor_fen,76500,fen,2026-01-01,2026-12-31,赣市民字〔2026〕1号,", 76500, "fen", id="分"),
        pytest.param("360700,floor_fen,765.50,yuan,2026-01-01,,赣市民字〔2026〕1号,市民政局", 76550, "fen", id="元"),
        pytest.param("CN,lpr_1y_ppm,3.0,%,2026-09-21,2026-10-19,LPR公告,", 30000, "ppm", id="百分比"),
        pytest.param("360000,annual_cap_factor,1.5,times,2026-01-01,,文件,", 1500000, "ppm", id="倍"),
        pytest.param("360000,max_years_to_retirement,10,years,2026-01-01,,文件,", 10, "years", id="年"),
        pytest.param("360000,extra_categories,rural_dibao,text,2026-01-01,,文件,", "rural_dibao", "text", id="文本"),
        pytest.param("360000,setting.A-PS-1,tekun,text,,,文件,", "tekun", "text", id="待定问题"),
        pytest.param("360000,setting.A-PS-1,tekun,,,,文件,", "tekun", "text", id="文字没有单位"),
        pytest.param("500243,setting.extended_to,2023-12-31,text,2023-01-01,,延期文件,县人社局", "2023-12-31", "text", id="延期"),
        pytest.param("360000,setting.day_count,act365,text,2026-01-01,,合作协议,", "act365", "text", id="计息规则"),
    ],
)
def test_rows_are_read_in_the_kept_unit(row: str, value: int | str, unit: str) -> None:
    (entry,) = read_local_text(HEADER + row + "\n", "local.csv")
    assert (entry.value, entry.unit, entry.confidence, entry.place) == (value, unit, "local", "local.csv:2")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        pytest.param("360700,floor,76500,fen,2026-01-01,,文件,", "E-PARAM-NAME", id="未知名称"),
        pytest.param("360700,setting.A-JX-99,x,text,2026-01-01,,文件,", "E-PARAM-NAME", id="未知问题"),
        pytest.param("360700,floor_fen,76500,ppm,2026-01-01,,文件,", "E-PARAM-UNIT", id="单位不符"),
        pytest.param("360700,floor_fen,76500,,2026-01-01,,文件,", "E-PARAM-UNIT", id="缺单位"),
        pytest.param("360700,floor_fen,-1,fen,2026-01-01,,文件,", "E-PARAM-NEGATIVE", id="负数"),
        pytest.param("360700,floor_fen,765.505,yuan,2026-01-01,,文件,", "E-PARAM-VALUE", id="不到分"),
        pytest.param("360700,floor_fen,765.5,fen,2026-01-01,,文件,", "E-PARAM-VALUE", id="半分"),
        pytest.param("360700,floor_fen,七百,yuan,2026-01-01,,文件,", "E-PARAM-VALUE", id="汉字"),
        pytest.param("360700,floor_fen,NaN,fen,2026-01-01,,文件,", "E-PARAM-VALUE", id="NaN"),
        pytest.param("360700,floor_fen,7e4,fen,2026-01-01,,文件,", "E-PARAM-VALUE", id="科学计数"),
        pytest.param("360700,floor_fen,1e999999,fen,2026-01-01,,文件,", "E-PARAM-VALUE", id="极大的科学计数"),
        pytest.param("360700,floor_fen,76_500,fen,2026-01-01,,文件,", "E-PARAM-VALUE", id="下划线"),
        pytest.param("360700,floor_fen,,fen,2026-01-01,,文件,", "E-PARAM-VALUE", id="空值"),
        pytest.param("360700,extra_categories,,text,2026-01-01,,文件,", "E-PARAM-VALUE", id="空文本"),
        pytest.param("360700,floor_fen,76500,fen,2026-12-31,2026-01-01,文件,", "E-PARAM-PERIOD", id="起止颠倒"),
        pytest.param("360700,floor_fen,76500,fen,2026-02-30,,文件,", "E-PARAM-DATE", id="坏日期"),
        pytest.param("500243,setting.extended_to,2023,text,,,文件,", "E-PARAM-DATE", id="延期日期"),
        pytest.param("360700,floor_fen,76500,fen,2026-01-01,,,", "E-PARAM-SOURCE", id="缺来源"),
        pytest.param("3607,floor_fen,76500,fen,2026-01-01,,文件,", "E-PARAM-AREA", id="区划"),
        pytest.param("360700,floor_fen,76500,fen,2026-01-01,,文件", "E-PARAM-COLUMNS", id="少一列"),
    ],
)
def test_a_faulty_row_is_refused_with_its_line(row: str, code: str) -> None:
    good = "360000,floor_fen,70000,fen,2026-01-01,,文件,\n"
    with pytest.raises(ZhubaoError) as error:
        read_local_text(HEADER + good + row + "\n", "local.csv")
    assert (error.value.code, error.value.place) == (code, "local.csv:3")


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        pytest.param(("2026-01-01", "2026-06-30"), ("2026-07-01", ""), False, id="相接"),
        pytest.param(("2026-01-01", "2026-07-01"), ("2026-07-01", ""), True, id="重一天"),
        pytest.param(("2026-01-01", ""), ("2027-01-01", ""), True, id="前者未止"),
        pytest.param(("2027-01-01", ""), ("2026-01-01", "2026-12-31"), False, id="倒序书写"),
    ],
)
def test_periods_of_one_name_must_not_overlap(first: tuple[str, str], second: tuple[str, str], overlap: bool) -> None:
    rows = "".join(f"360700,floor_fen,76500,fen,{start},{end},文件,\n" for start, end in (first, second))
    if overlap:
        with pytest.raises(ZhubaoError, match=r"E-PARAM-OVERLAP: local.csv:3"):
            read_local_text(HEADER + rows, "local.csv")
    else:
        assert len(read_local_text(HEADER + rows, "local.csv")) == 2


def test_a_check_names_every_fault_at_once() -> None:
    rows = "360700,floor,1,fen,2026-01-01,,文件,\n360700,floor_fen,1,fen,2026-01-01,,文件,\n360700,floor_fen,x,fen,2027-01-01,,文件,\n"
    entries, faults = check_local_text(HEADER + rows, "local.csv")
    assert [entry.place for entry in entries] == ["local.csv:3"]
    assert [(fault.code, fault.place) for fault in faults] == [("E-PARAM-NAME", "local.csv:2"), ("E-PARAM-VALUE", "local.csv:4")]


def test_tiers_of_one_year_may_stand_side_by_side() -> None:
    rows = "".join(f"360700,tier_yearly_fen,{yuan},yuan,2026-01-01,,文件,\n" for yuan in (100, 200, 300))
    assert len(read_local_text(HEADER + rows, "local.csv")) == 3


@pytest.mark.parametrize("text", ["", "name,value\n", HEADER.replace("source,", "")])
def test_another_header_is_refused(text: str) -> None:
    with pytest.raises(ZhubaoError, match="E-PARAM-HEADER"):
        read_local_text(text, "local.csv")


def test_columns_may_stand_in_another_order_and_blank_lines_are_skipped() -> None:
    text = "name,area_code,unit,value,effective_from,effective_to,decided_by,source\n\nfloor_fen,360700,fen,1,2026-01-01,,,文件\n,,,,,,,\n"
    (entry,) = read_local_text(text, "local.csv")
    assert (entry.name, entry.value, entry.source, entry.place) == ("floor_fen", 1, "文件", "local.csv:3")


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "本地参数.csv"
    path.write_text("\ufeff" + HEADER + "360700,floor_fen,1,fen,2026-01-01,,文件,\n", encoding="utf-8")
    (entry,) = read_local_file(path)
    assert entry.value == 1
    write_local_file(path, [entry])
    assert path.read_text(encoding="utf-8") == HEADER + "360700,floor_fen,1,fen,2026-01-01,,文件,\n"
    assert [item.name for item in tmp_path.iterdir()] == ["本地参数.csv"]
    path.write_bytes((HEADER + "360700,floor_fen,1,fen,2026-01-01,,文件,\n").encode("gb18030"))
    assert [each.source for each in read_local_file(path)] == ["文件"]
    (tmp_path / "表格.csv").write_bytes(b"PK\x03\x04\xff\xff")
    with pytest.raises(ZhubaoError, match="E-PARAM-FILE"):
        read_local_file(tmp_path / "表格.csv")
    with pytest.raises(ZhubaoError, match="E-FILE-MISSING"):
        read_local_file(tmp_path / "no.csv")
    with pytest.raises(ZhubaoError, match="E-FILE-WRITE"):
        write_local_file(tmp_path / "no" / "local.csv", [entry])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Parameter,
            st.just("floor_fen"),
            st.integers(0, 10**12),
            st.just("fen"),
            st.integers(110000, 659999).map(str),
            st.just(date(2026, 1, 1)),
            st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1)),
            st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1).map(str.strip).filter(bool),
        ),
        unique_by=lambda entry: entry.area_code,
    )
)
def test_written_entries_are_read_back_the_same(entries: list[Parameter]) -> None:
    assert not list(overlaps(entries))
    back = read_local_text(local_text(entries), "local.csv")
    assert [(e.name, e.value, e.area_code, e.effective_from, e.effective_to, e.source) for e in back] == [
        (e.name, e.value, e.area_code, e.effective_from, e.effective_to, e.source) for e in entries
    ]
