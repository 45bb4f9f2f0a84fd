"""Charts: readable aloud, the same figures as their table, nothing from the network, drawn once for the same data."""

from xml.etree import ElementTree

import pytest

from zhubao.documents.charts import Chart, Path, Phase, by_category, debt_over_time, paths_compared, pension_use
from zhubao.errors import ZhubaoError

JUNE_2029 = 2029 * 12 + 6
SVG = "{http://www.w3.org/2000/svg}"

PENSION = pension_use(JUNE_2029, [99_860] * 49 + [161_100] * 44, [61_240] * 49 + [0] * 44)
DEBT = debt_over_time(
    JUNE_2029 - 24, [100_000] * 24 + [60_000, 20_000, 0], [Phase("放款", JUNE_2029 - 24), Phase("还款", JUNE_2029)]
)
WAYS = paths_compared(JUNE_2029, [Path("贷款缴费", (-100, 0, 300)), Path("不缴费", (0, 100, 200))], JUNE_2029 + 2)
BUDGET = by_category("贴息预算", ["低保 <一>", "下岗失业"], [1_200_000, 0], "yuan")
COVERED = by_category("参保人数", ["低保"], [1_234], "persons")


@pytest.mark.parametrize("chart", [PENSION, DEBT, WAYS, BUDGET, COVERED], ids=["用途", "欠款", "比较", "预算", "人数"])
def test_a_screen_reader_gets_one_image_with_title_and_description(chart: Chart) -> None:
    picture = ElementTree.fromstring(chart.svg)
    title, description = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert (title.text, description.text) == (chart.title, chart.description)
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert picture.get("width") is None
    assert picture.get("viewBox")


@pytest.mark.parametrize("chart", [PENSION, DEBT, WAYS, BUDGET], ids=["用途", "欠款", "比较", "预算"])
def test_nothing_is_loaded_and_letters_come_from_the_named_fonts(chart: Chart) -> None:
    picture = ElementTree.fromstring(chart.svg)
    assert {text.get("font-family") for text in picture.iter(f"{SVG}text")} == {
        "PingFang SC, Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, sans-serif"
    }
    assert "href=" not in chart.svg
    assert "url(" not in chart.svg


def _words(chart: Chart) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(chart.svg).iter(f"{SVG}text")]


def test_months_with_equal_amounts_are_one_row() -> None:
    assert PENSION.rows == (
        ("2029-06 至 2033-06", "998.60", "612.40", "1,611.00"),
        ("2033-07 至 2037-02", "1,611.00", "0.00", "1,611.00"),
    )
    assert {"到手 998.60", "还贷 612.40", "到手 1,611.00"} <= set(_words(PENSION))


def test_debt_table_holds_turning_points_and_year_ends() -> None:
    assert DEBT.rows == (
        ("2027-06", "放款", "1,000.00"),
        ("2027-12", "放款", "1,000.00"),
        ("2028-12", "放款", "1,000.00"),
        ("2029-05", "放款", "1,000.00"),
        ("2029-08", "还款", "0.00"),
    )
    assert {"放款", "还款", "1,000"} <= set(_words(DEBT))


def test_break_even_is_marked_and_said() -> None:
    assert "2029-08 回本" in _words(WAYS)
    assert WAYS.description == "2029-08 回本。到 2029-08 累计：贷款缴费 3.00 元；不缴费 2.00 元。"
    assert WAYS.rows[-1] == ("2029-08", "3.00", "2.00")
    assert paths_compared(JUNE_2029, [Path("一", (1,)), Path("二", (2,))]).description.startswith("没有回本点。")


def test_bars_carry_their_figures_in_the_order_given() -> None:
    assert BUDGET.rows == (("低保 <一>", "12,000.00"), ("下岗失业", "0.00"))
    assert {"12,000.00", "0.00", "低保 <一>"} <= set(_words(BUDGET))
    assert COVERED.rows == (("低保", "1,234"),)


def test_english_reader_gets_english_words() -> None:
    chart = pension_use(JUNE_2029, [100], [50], "en")
    assert chart.headings[1] == "Received (yuan)"
    assert chart.description == "1 months. 2029-06: 1.00 yuan received, 0.50 repaid."


def test_same_data_is_drawn_once_and_other_data_never_shares_identifiers() -> None:
    again = pension_use(JUNE_2029, tuple([99_860] * 49 + [161_100] * 44), [61_240] * 49 + [0] * 44)
    assert again is PENSION
    marks = {chart.svg.split('aria-labelledby="')[1].split('"')[0] for chart in (PENSION, DEBT, WAYS, BUDGET)}
    assert len(marks) == 4


@pytest.mark.parametrize(
    "draw",
    [lambda: pension_use(JUNE_2029, [1, 2], [1]), lambda: debt_over_time(JUNE_2029, []), lambda: paths_compared(JUNE_2029, [])],
    ids=["长短不一", "没有月份", "没有办法"],
)
def test_series_that_do_not_match_are_refused(draw: object) -> None:
    with pytest.raises(ZhubaoError, match="E-CHART"):
        draw()  # type: ignore[operator]
