"""Values by name, day and place; local entries over the built-in tables; the register of open questions."""

from datetime import date
from itertools import pairwise

import pytest

from zhubao.errors import ZhubaoError
from zhubao.parameters import Bound, Parameter, ParameterBook, area_chain, check_bounds
from zhubao.parameters.book import note_words
from zhubao.parameters.names import NAMES, UNITS
from zhubao.parameters.questions import questions, settings, settle

BOOK = ParameterBook.built_in()


def local(
    name: str, value: int | str, area: str, first: date, last: date | None = None, unit: str = "fen", decided_by: str = ""
) -> Parameter:
    return Parameter(name, value, unit, area, first, last, "local document", decided_by=decided_by, place="local.csv:2")


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("360702", ("360702", "360700", "360000", "CN")),
        ("360702001", ("360702", "360700", "360000", "CN")),
        ("360700", ("360700", "360000", "CN")),
        ("360000", ("360000", "CN")),
        ("500243", ("500243", "500200", "500000", "CN")),
        ("CN", ("CN",)),
    ],
)
def test_the_area_hierarchy(code: str, chain: tuple[str, ...]) -> None:
    assert area_chain(code) == chain


@pytest.mark.parametrize(
    ("name", "on", "area", "value", "confidence"),
    [
        pytest.param("calc_base_fen", date(2025, 5, 1), "360702", 705400, "A", id="江西2025计发基数"),
        pytest.param("calc_base_fen", date(2025, 5, 1), "320682", 891700, "A", id="江苏2025计发基数"),
        pytest.param("calc_base_fen", date(2026, 5, 1), "360702", None, None, id="2026未公布"),
        pytest.param("lowest_tier_monthly_fen", date(2024, 5, 1), "360702", 76780, "A", id="江西2024最低档"),
        pytest.param("lowest_tier_monthly_fen", date(2025, 5, 1), "360702", None, None, id="江西2025下限未见"),
        pytest.param("lowest_tier_monthly_fen", date(2024, 5, 1), "320682", 97580, "A", id="江苏2024最低档"),
        pytest.param("lowest_tier_yearly_fen", date(2022, 3, 1), "500243", 10000, "A", id="彭水2022最低档"),
        pytest.param("lowest_tier_yearly_fen", date(2023, 1, 1), "500243", None, None, id="彭水2023不知"),
        pytest.param("lowest_tier_yearly_fen", date(2021, 12, 17), "360702", 10000, "A", id="赣州首日"),
        pytest.param("lowest_tier_yearly_fen", date(2021, 12, 16), "360702", None, None, id="赣州前一日"),
        pytest.param("lowest_tier_yearly_fen", date(2025, 12, 31), "360702", 10000, "A", id="赣州末日"),
        pytest.param("lowest_tier_yearly_fen", date(2026, 1, 1), "360702", None, None, id="赣州期后"),
        pytest.param("benchmark_ppm", date(2026, 5, 1), "320682", 49000, "A", id="五年以上基准"),
        pytest.param("lpr_1y_ppm", date(2021, 12, 20), "360000", 38000, "A", id="LPR当日"),
        pytest.param("lpr_1y_ppm", date(2021, 12, 19), "360000", 38500, "A", id="LPR前一日"),
        pytest.param("lpr_5y_ppm", date(2024, 2, 20), "360000", 39500, "C", id="LPR待核实"),
        pytest.param("lpr_1y_ppm", date(2026, 11, 21), "360000", 30000, "C", id="LPR未更新"),
        pytest.param("account_crediting_ppm", date(2025, 6, 1), "360000", 15000, "A", id="记账利率2025"),
        pytest.param("account_crediting_ppm", date(2026, 6, 1), "360000", None, None, id="记账利率2026"),
        pytest.param("floor_fen", date(2021, 6, 1), "360702", 76500, "C", id="江西低保线未核实"),
        pytest.param("floor_fen", date(2026, 6, 1), "360702", None, None, id="低保线须录入"),
        pytest.param("basic_pension_fen", date(2026, 6, 1), "340700", 16300, "A", id="全国最低基础养老金"),
        pytest.param("max_years_to_retirement", date(2026, 6, 1), "360702", None, None, id="无内置"),
    ],
)
def test_built_in_values(name: str, on: date, area: str, value: int | None, confidence: str | None) -> None:
    found = BOOK.find(name, on, area)
    assert (found.value if found else None, found.confidence if found else None) == (value, confidence)
    if found:
        assert found.unverified == (confidence == "C")
        assert found.source


def test_the_last_known_base_is_found_after_its_year() -> None:
    last = BOOK.latest("calc_base_fen", date(2026, 5, 1), "360702")
    assert last is not None
    assert (last.value, last.effective_to) == (705400, date(2025, 12, 31))
    assert BOOK.latest("calc_base_fen", date(2010, 5, 1), "360702") is None


def test_the_tiers_of_a_year_come_smallest_first() -> None:
    tiers = [entry.number() // 10000 for entry in BOOK.all("tier_yearly_fen", date(2022, 3, 1), "500243")]
    assert tiers == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20]


def test_every_built_in_row_is_whole() -> None:
    seen = 0
    for entry in BOOK.entries():
        known = NAMES[entry.name]
        assert isinstance(entry.value, int), entry
        assert entry.value >= 0, entry
        assert entry.unit == known.unit == UNITS[entry.unit][0], entry
        assert entry.confidence in "ABCD", entry
        assert entry.source, entry
        assert entry.effective_to is None or entry.effective_from <= entry.effective_to, entry
        seen += 1
    assert seen > 300


def test_every_note_of_the_tables_is_said_in_chinese() -> None:
    notes = {entry.note for entry in ParameterBook.built_in().entries() if entry.note}
    assert len(notes) > 30
    assert [note for note in notes if note_words(note).zh == note] == []


def test_built_in_periods_do_not_overlap() -> None:
    groups: dict[tuple[str, str], list[Parameter]] = {}
    for entry in BOOK.entries():
        if not NAMES[entry.name].several:
            groups.setdefault((entry.name, entry.area_code), []).append(entry)
    for key, group in groups.items():
        for earlier, later in pairwise(group):
            assert earlier.effective_to is not None, key
            assert earlier.effective_to < later.effective_from, key


def test_a_local_entry_lies_over_the_table_in_its_period_only() -> None:
    book = BOOK.over([local("calc_base_fen", 700000, "360000", date(2025, 7, 1), date(2025, 9, 30))])
    values = [book.find("calc_base_fen", date(2025, month, 1), "360702") for month in (6, 7, 9, 10)]
    assert [entry.value if entry else None for entry in values] == [705400, 700000, 700000, 705400]
    before = BOOK.find("calc_base_fen", date(2025, 7, 1), "360702")
    assert before is not None
    assert before.value == 705400


def test_the_nearest_area_wins_and_the_newest_layer_on_it() -> None:
    book = BOOK.over(
        [local("floor_fen", 80000, "360000", date(2026, 1, 1)), local("floor_fen", 90000, "360700", date(2026, 1, 1))]
    )
    on = date(2026, 6, 1)
    assert [book.find("floor_fen", on, area).value for area in ("360702", "360800", "360000")] == [90000, 80000, 80000]  # type: ignore[union-attr]
    newest = book.over([local("floor_fen", 91000, "360700", date(2026, 1, 1))])
    found = newest.find("floor_fen", on, "360702")
    assert found is not None
    assert found.value == 91000


def test_segments_stand_in_the_order_of_their_first_days() -> None:
    years = [entry.effective_from.year for entry in BOOK.segments("calc_base_fen", "360702")]
    assert years == [2020, 2021, 2022, 2023, 2024, 2025]


def test_an_undeclared_name_is_refused() -> None:
    with pytest.raises(ZhubaoError, match="E-PARAM-NAME"):
        BOOK.find("floor", date(2026, 1, 1))
    with pytest.raises(ZhubaoError, match="E-PARAM-NAME"):
        BOOK.find("setting.A-XX-1", date(2026, 1, 1))


def test_a_bound_refuses_what_narrows_and_lets_relax() -> None:
    from zhubao.language import Text

    bound = Bound("max_years_to_retirement", "36", "jx-1.3a", Text("只可放宽", "may relax only"), minimum=8)

    def years(value: int, area: str = "360700") -> Parameter:
        return local("max_years_to_retirement", value, area, date(2026, 1, 1), unit="years")

    check_bounds([years(8), years(10), years(3, "320682")], [bound])
    with pytest.raises(ZhubaoError) as error:
        check_bounds([years(10), years(7)], [bound])
    assert (error.value.code, error.value.place) == ("E-PARAM-NARROWS", "local.csv:2")
    assert "jx-1.3a" in error.value.message("en")


def test_ninety_three_open_questions_each_with_a_default_and_a_decider() -> None:
    register = questions()
    counts = {prefix: sum(key.startswith(f"A-{prefix}-") for key in register) for prefix in ("ALL", "JX", "RG", "TL", "PS", "GZ")}
    assert counts == {"ALL": 16, "JX": 23, "RG": 23, "TL": 10, "PS": 13, "GZ": 8}
    for question in register.values():
        assert all([*question.question, *question.default, *question.decider]), question.id
        assert question.value not in question.alternatives, question.id


def test_every_lending_convention_has_a_question_or_a_setting() -> None:
    numbers = {number for question in questions().values() for number in question.lending}
    numbers |= {number for setting in settings().values() for number in setting.lending}
    assert numbers >= set(range(1, 27)) - {23}  # early repayment in the grace has one reading only


def test_a_question_is_provisional_until_somebody_decides() -> None:
    on = date(2026, 6, 1)
    assert settle(BOOK, "A-JX-4", on, "360702").value == "both"
    assert not settle(BOOK, "A-JX-4", on, "360702").confirmed
    unsigned = BOOK.over([local("setting.A-JX-4", "urban", "360000", date(2026, 1, 1), unit="text")])
    assert (settle(unsigned, "A-JX-4", on, "360702").value, settle(unsigned, "A-JX-4", on, "360702").confirmed) == (
        "urban",
        False,
    )
    signed = BOOK.over([local("setting.A-JX-4", "urban", "360000", date(2026, 1, 1), unit="text", decided_by="江西省人社厅")])
    assert settle(signed, "A-JX-4", on, "360702").confirmed
    assert settle(signed, "A-JX-4", date(2025, 12, 31), "360702").value == "both"
    with pytest.raises(ZhubaoError, match="E-QUESTION"):
        settle(BOOK, "A-JX-99", on)


def test_what_a_provisional_row_says() -> None:
    row = questions()["A-JX-4"].provisional()
    assert (row["question"], row["decider"]) == ("A-JX-4", "province")
    assert "registered poor" in row["default"]
