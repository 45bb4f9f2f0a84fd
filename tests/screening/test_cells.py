"""What department cells say: dates in every shape, yes and no, grades, amounts in yuan, months."""

import pytest

from zhubao.screening import cells
from zhubao.screening.cells import UnreadableError


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-01", 20220101),
        ("2022/1/5", 20220105),
        ("20220105", 20220105),
        ("202201", 20220101),
        ("2022年1月", 20220101),
        ("2022年1月5日", 20220105),
        ("2022.1.5", 20220105),
        ("２０２２－０１－０５", 20220105),
        ("2022-01-05 00:00:00", 20220105),
        ("44562", 20220101),
        ("", None),
        ("长期", None),
    ],
)
def test_day(text: str, day: int | None) -> None:
    assert cells.read_day(text) == day


@pytest.mark.parametrize("text", ["2022-13", "2022-02-30", "20221301", "1月5日", "不详", "0000-00-00"])
def test_no_such_day(text: str) -> None:
    with pytest.raises(UnreadableError):
        cells.read_day(text)


def test_a_month_ends_on_its_last_day() -> None:
    assert cells.read_last_day("2024-02") == 20240229
    assert cells.read_last_day("2024-02-10") == 20240210


@pytest.mark.parametrize(
    ("text", "flag"),
    [("是", True), ("有", True), ("1", True), ("Y", True), ("否", False), ("无", False), ("0", False), ("n", False), ("", None)],
)
def test_flag(text: str, flag: bool | None) -> None:
    assert cells.read_flag(text) is flag


@pytest.mark.parametrize(
    ("text", "grade"), [("一级", 1), ("1", 1), ("Ⅰ", 1), ("Ⅱ级", 2), ("肢体三级", 3), ("4级", 4), ("1.0", 1), ("", None)]
)
def test_grade(text: str, grade: int | None) -> None:
    assert cells.read_grade(text) == grade


def test_grade_five_does_not_exist() -> None:
    with pytest.raises(UnreadableError):
        cells.read_grade("五级")


@pytest.mark.parametrize(
    ("text", "fen"), [("500", 50000), ("1,234.50", 123450), ("500元/年", 50000), ("100元档", 10000), ("０.５", 50), ("", None)]
)
def test_yuan(text: str, fen: int | None) -> None:
    assert cells.read_yuan(text) == fen


@pytest.mark.parametrize("text", ["0.005", "五百", "-3", "1e3"])
def test_no_amount(text: str) -> None:
    with pytest.raises(UnreadableError):
        cells.read_yuan(text)


@pytest.mark.parametrize(("text", "months"), [("148", 148), ("148.0", 148), ("12年4个月", 148), ("12年", 144), ("", None)])
def test_months(text: str, months: int | None) -> None:
    assert cells.read_months(text) == months


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("城乡居民", "resident_pension"),
        ("企业职工", "employee_pension"),
        ("机关事业", "institution_pension"),
        ("未参保", "none"),
        ("", None),
    ],
)
def test_scheme(text: str, scheme: str | None) -> None:
    assert cells.read_scheme(text) == scheme


@pytest.mark.parametrize(
    ("text", "status"),
    [("正常", "ordinary"), ("在校学生", "student"), ("现役军人", "military"), ("服刑", "imprisoned"), ("死亡", "deceased")],
)
def test_status(text: str, status: str) -> None:
    assert cells.read_status(text) == status


def test_town_and_country() -> None:
    assert [cells.read_urban_rural(word) for word in ("城市", "城镇", "农村", "非农业", "农业", "")] == [
        *("urban", "urban", "rural", "urban", "rural"),
        None,
    ]
