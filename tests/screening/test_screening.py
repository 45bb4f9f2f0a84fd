"""Whole screenings, small enough to check by hand: several rosters, the insured persons, one verdict a person, all outputs."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from zhubao.errors import ZhubaoError
from zhubao.parameters import Parameter, ParameterBook
from zhubao.screening import Request, Screening, run

from .making import number, sheet_rows, text, workbook

DAY = date(2022, 3, 1)
HAN, MA, LIU, CHEN, YANG = (number(born) for born in ("19801230", "19750101", "19620301", "20000615", "19900909"))
ROSTER = ["姓名", "身份证号", "乡镇"]
INSURED = ["身份证号", "姓名", "参保险种", "参保地代码", "人员状态"]


def screen(folder: Path, *rosters: Path, insured: Path | None = None, out: str = "结果.csv", **more: Any) -> Screening:
    """Screen by Pengshui's plan on 1 March 2022 unless told otherwise."""
    asked: dict[str, Any] = {"policy": "pengshui-2022", "on": DAY, **more}
    return run(Request(tuple((path, None) for path in rosters), out=folder / out, insured=insured, **asked))


def people(path: Path) -> dict[str, dict[str, str]]:
    """Return the rows of a csv result by citizen number."""
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["id_number"]: row for row in csv.DictReader(stream)}


@pytest.fixture
def dibao(tmp_path: Path) -> Path:
    """Four people on the dibao roster."""
    listed = [("韩梅", HAN), ("马东", MA), ("柳青", LIU), ("陈辰", CHEN)]
    return text(tmp_path / "民政低保.csv", [ROSTER, *([name, id_number, "汉葭街道"] for name, id_number in listed)])


@pytest.fixture
def tekun(tmp_path: Path) -> Path:
    """One of the four, and another, on the roster of special hardship."""
    return text(tmp_path / "特困.csv", [ROSTER, ["韩梅", HAN, "汉葭街道"], ["杨洋", YANG, "绍庆街道"]])


@pytest.fixture
def insured(tmp_path: Path) -> Path:
    """Ordinary resident contributors, but one in the employee scheme and one at school."""
    rows = [
        [HAN, "韩梅", "城乡居民", "500243", "正常"],
        [MA, "马东", "城乡居民", "500243", "正常"],
        [MA, "马东", "企业职工", "440300", "正常"],
        [LIU, "柳青", "未参保", "", "正常"],
        [CHEN, "陈辰", "城乡居民", "500243", "在校学生"],
        [YANG, "杨洋", "城乡居民", "500243", "死亡"],
    ]
    return text(tmp_path / "参保.csv", [INSURED, *rows])


def test_one_row_a_person_with_the_identity_that_decides(tmp_path: Path, dibao: Path, tekun: Path, insured: Path) -> None:
    others = [text(tmp_path / f"{kind}.csv", [ROSTER, ["杨洋", YANG, "绍庆街道"]]) for kind in ("返贫",)]
    disabled = text(tmp_path / "残疾.csv", [[*ROSTER, "残疾等级"], ["杨洋", YANG, "绍庆街道", "三级"]])
    found = screen(tmp_path, dibao, tekun, *others, disabled, insured=insured)
    rows = people(tmp_path / "结果.csv")
    assert list(rows) == sorted((HAN, MA, LIU, CHEN, YANG))
    verdicts = {
        number: (row["verdict"], row["category"], row["payer"], row["on_behalf_fen"], row["failed"])
        for number, row in rows.items()
    }
    assert verdicts == {
        HAN: ("met", "tekun", "civil_affairs", "10000", ""),
        MA: ("not_met", "dibao", "civil_affairs", "0", "ps-1b;ps-2.1a"),
        LIU: ("not_met", "dibao", "civil_affairs", "0", "ps-2.1a"),  # sixty on the very day
        CHEN: ("not_met", "dibao", "civil_affairs", "0", "ps-1d"),
        YANG: ("not_met", "tekun", "civil_affairs", "0", "A-PS-9"),
    }
    assert rows[HAN]["reasons"] == "其他身份：低保对象（民政部门）"
    assert rows[CHEN]["reasons"] == "ps-1d 在校学生"
    assert rows[YANG]["reasons"] == "A-PS-9 死亡；其他身份：返贫致贫人口（乡村振兴部门）"
    summary = found.summary
    assert (summary["rows"], summary["rejected"], summary["persons"]) == (8, 0, 5)
    assert summary["verdicts"] == {"met": 1, "not_met": 4, "evidence_missing": 0, "to_be_decided": 0}
    assert summary["by_category"] == [
        {"category": "dibao", "persons": 3, "met": 0, "on_behalf_fen": 0, "self_pay_fen": 0},
        {"category": "tekun", "persons": 2, "met": 1, "on_behalf_fen": 10000, "self_pay_fen": 0},
    ]
    assert [row["township"] for row in summary["by_township"]] == ["汉葭街道", "绍庆街道"]
    assert summary["differences"] == {"two_names": 0, "twice": 0, "employee_scheme": 1, "deceased": 1}
    assert found.exit_status == 0


@pytest.mark.clauses("ps-2.2d")
def test_three_rosters_of_a_thousand_people_give_a_thousand_planned_or_refused(tmp_path: Path) -> None:
    everybody = [number(f"{1950 + at % 60}0{1 + at % 9}11", order=f"{at:03d}") for at in range(1000)]
    parts = {"特困": everybody[:400], "低保": everybody[300:900], "返贫": everybody[800:]}
    rosters = [
        text(tmp_path / f"{kind}.csv", [ROSTER, *(["某某", each, "汉葭街道"] for each in part)]) for kind, part in parts.items()
    ]
    records = [[each, "某某", "城乡居民" if at % 5 else "企业职工", "500243", "正常"] for at, each in enumerate(everybody)]
    screen(tmp_path, *rosters, insured=text(tmp_path / "参保.csv", [INSURED, *records]))
    rows = people(tmp_path / "结果.csv")
    assert set(rows) == set(everybody)
    for row in rows.values():
        planned = row["verdict"] == "met" and row["category"] and int(row["on_behalf_fen"]) + int(row["self_pay_fen"]) == 10000
        refused = row["verdict"] == "not_met" and row["failed"] and row["reasons"]
        assert planned or refused, row


def test_a_roster_not_given_leaves_the_identity_open(tmp_path: Path, dibao: Path, tekun: Path) -> None:
    found = screen(tmp_path, dibao)
    assert people(tmp_path / "结果.csv")[HAN]["verdict"] == "evidence_missing"
    needed = {row["fact"]: row["needed_by"] for row in found.summary["missing"]}
    assert needed["scheme"] == ["ps-1b", "ps-1c", "ps-2.1a"]


def test_the_same_file_twice_changes_nothing(tmp_path: Path, dibao: Path, insured: Path) -> None:
    once = screen(tmp_path, dibao, insured=insured)
    before = {path.name: path.read_bytes() for path in once.outputs}
    copy = tmp_path / "另存低保.csv"
    copy.write_bytes(dibao.read_bytes())
    twice = screen(tmp_path, dibao, copy, insured=insured)
    assert {path.name: path.read_bytes() for path in twice.outputs} == before
    assert twice.summary == once.summary


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_the_same_input_gives_the_same_bytes(tmp_path: Path, dibao: Path, insured: Path, suffix: str) -> None:
    first = screen(tmp_path, dibao, insured=insured, out=f"甲{suffix}")
    second = screen(tmp_path, dibao, insured=insured, out=f"乙{suffix}")
    assert [path.read_bytes() for path in first.outputs] == [path.read_bytes() for path in second.outputs]


def test_xlsx_speaks_chinese_and_yuan(tmp_path: Path, dibao: Path, insured: Path) -> None:
    screen(tmp_path, dibao, insured=insured, out="结果.xlsx")
    rows = sheet_rows(tmp_path / "结果.xlsx")
    assert rows[0] == (
        *("身份证号", "姓名", "乡镇", "村（社区）", "结论", "类别", "支付单位", "代缴金额（元）", "自付金额（元）"),
        *("不符合条款", "待核实条款", "理由"),
    )
    assert dict(zip(rows[0], next(row for row in rows if row[0] == HAN), strict=True)) == {
        **dict.fromkeys(rows[0]),
        "身份证号": HAN,
        "姓名": "韩梅",
        "乡镇": "汉葭街道",
        "结论": "符合",
        "类别": "低保对象",
        "支付单位": "民政部门",
        "代缴金额（元）": "70.00",
        "自付金额（元）": "30.00",
    }


def test_parquet_holds_text_and_whole_numbers(tmp_path: Path, dibao: Path, insured: Path) -> None:
    screen(tmp_path, dibao, insured=insured, out="结果.parquet")
    table = pq.read_table(tmp_path / "结果.parquet")
    types = {field.name: str(field.type) for field in table.schema}
    assert types == {name: "int64" if name.endswith("_fen") else "string" for name in types}
    row = next(row for row in table.to_pylist() if row["id_number"] == CHEN)
    assert (row["on_behalf_fen"], row["self_pay_fen"], row["unknown"]) == (0, None, None)


def test_rejected_rows_name_the_cell_and_what_to_do(tmp_path: Path, insured: Path) -> None:
    roster = workbook(
        tmp_path / "名册.xlsx", {"低保": [ROSTER, ["韩梅", HAN, "汉葭街道"], ["某某", "500243198012300040", "汉葭街道"]]}
    )
    found = screen(tmp_path, roster, insured=insured)
    assert found.exit_status == 1
    assert sheet_rows(tmp_path / "结果.rejected.xlsx") == [
        ("文件", "工作表", "单元格", "列", "内容", "原因", "怎么改"),
        ("名册.xlsx", "低保", "B3", "身份证号", "500243198012300040", "校验码应为 X，现为 0", "对照证件更正，或不报这一行"),
    ]
    mapping = json.loads((tmp_path / "结果.mapping.json").read_text(encoding="utf-8"))
    assert mapping["files"][0]["mapping"] == {"A": "name", "B": "id_number", "C": "township"}


def test_differences_say_where(tmp_path: Path, dibao: Path, insured: Path) -> None:
    again = text(tmp_path / "低保补报.csv", [ROSTER, ["韩玫", HAN, "汉葭街道"]])
    found = screen(tmp_path, dibao, again, insured=insured)
    assert found.summary["differences"] == {"two_names": 1, "twice": 1, "employee_scheme": 1, "deceased": 0}
    rows = sheet_rows(tmp_path / "结果.differences.xlsx")
    assert ("同号不同名", HAN, "韩玫", "低保名册", "低保补报.csv", "", "2") in rows
    assert ("在名册上又参加企业职工养老", MA, "马东", "参保人员", "参保.csv", "", "4") in rows


def test_no_longer_on_the_roster_on_the_day(tmp_path: Path) -> None:
    rows = [
        ["姓名", "身份证号", "起始保障年月", "停保年月"],
        ["韩梅", HAN, "2020-01", "2022-02"],
        ["马东", MA, "2020-01", "2022-03"],
    ]
    screen(tmp_path, text(tmp_path / "低保.csv", rows))
    found = people(tmp_path / "结果.csv")
    assert (found[HAN]["category"], found[MA]["category"]) == ("", "dibao")


@pytest.mark.parametrize(
    ("grade", "status", "category"),
    [
        ("一级", "正常", "severe_disability"),
        ("2", "", "severe_disability"),
        ("三级", "正常", ""),
        ("一级", "注销", ""),
        ("", "正常", ""),
    ],
)
def test_severe_disability(tmp_path: Path, grade: str, status: str, category: str) -> None:
    rows = [["姓名", "身份证号", "残疾等级", "证件状态"], ["韩梅", HAN, grade, status]]
    screen(tmp_path, text(tmp_path / "残疾人.csv", rows))
    assert people(tmp_path / "结果.csv")[HAN]["category"] == category


def test_another_regions_roster_is_refused(tmp_path: Path) -> None:
    elsewhere = number("19800101", area="360721")
    roster = text(tmp_path / "低保.csv", [ROSTER, ["赣州人", elsewhere, "梅林镇"]])
    with pytest.raises(ZhubaoError, match=r"E-REGION: 低保\.csv"):
        screen(tmp_path, roster)
    assert not list(tmp_path.glob("结果*"))
    assert screen(tmp_path, roster, other_region=True).summary["files"][0]["remarks"] == {"first_issued_elsewhere": 1}


def test_old_codes_belong_to_the_region(tmp_path: Path) -> None:
    old = number("19800101", area="513525")
    found = screen(tmp_path, text(tmp_path / "低保.csv", [ROSTER, ["老号", old, "汉葭街道"]]))
    assert found.summary["files"][0]["remarks"] == {}


APPLICANTS = [
    "姓名",
    "身份证号",
    "户籍地代码",
    "参保险种",
    "参保身份",
    "参保地代码",
    "实际缴费月数",
    "困难类型",
    "证件号",
    "无力缴费声明",
    "享受社保补贴",
]


def lowest_tier(fen: int, area: str) -> Parameter:
    """Return a local lowest tier a month."""
    return Parameter("lowest_tier_monthly_fen", fen, "fen", area, date(2020, 1, 1), None, "演示")


def test_a_loan_policy_asks_only_about_its_applicants(tmp_path: Path) -> None:
    ding, wu = number("19730618", area="320682", order="002"), number("19730618", area="320622", order="004")
    applicants = text(
        tmp_path / "申请.csv",
        [
            APPLICANTS,
            ["丁一", ding, "320682", "企业职工", "灵活就业", "320682", "148", "下岗失业", "S-0001", "是", "否"],
        ],
    )
    unemployed = text(tmp_path / "失业.csv", [["姓名", "身份证号"], ["丁一", ding], ["吴二", wu]])
    found = screen(
        *(tmp_path, applicants, unemployed),
        policy="rugao-draft",
        on=date(2026, 10, 12),
        book=ParameterBook((lowest_tier(86400, "320682"),)),
    )
    rows = people(tmp_path / "结果.csv")
    assert list(rows) == [ding]
    row = rows[ding]
    assert list(row)[7:12] == ["months", "monthly_fen", "credit_line_fen", "projected_months", "rate_ppm"]
    assert (row["category"], row["payer"], row["monthly_fen"]) == ("laid_off", "finance", "86400")
    assert "rg-4.2" not in row["reasons"]
    assert found.summary["trial"] is True


def test_figures_of_the_place_of_insurance(tmp_path: Path) -> None:
    nan, jiu = number("19730618", area="360102", order="002"), number("19730618", area="360402", order="002")
    applicants = text(
        tmp_path / "申请.csv",
        [
            APPLICANTS,
            ["南昌人", nan, "360102", "企业职工", "灵活就业", "360102", "148", "", "", "是", ""],
            ["九江人", jiu, "360402", "企业职工", "灵活就业", "360402", "148", "", "", "是", ""],
        ],
    )
    book = ParameterBook((lowest_tier(80000, "360000"), lowest_tier(90000, "360400")))
    screen(tmp_path, applicants, policy="jiangxi-2020-7", on=date(2026, 10, 12), book=book)
    rows = people(tmp_path / "结果.csv")
    assert (rows[nan]["annual_cap_fen"], rows[jiu]["annual_cap_fen"]) == ("960000", "1080000")
    assert list(rows[nan])[7] == "subsidy"


def test_a_figure_that_is_missing_is_named_once(tmp_path: Path) -> None:
    """A person insured in the city and one insured elsewhere lack the same figure: that of the city."""
    here, elsewhere = number("19730618", area="320682", order="002"), number("19730618", area="320682", order="004")
    rows = [[here, "320682"], [elsewhere, "320622"]]
    lives = [["丁一", who, "320682", "企业职工", "灵活就业", place, "148", "下岗失业", "S-1", "是", "否"] for who, place in rows]
    found = screen(tmp_path, text(tmp_path / "申请.csv", [APPLICANTS, *lives]), policy="rugao-draft", on=date(2026, 10, 12))
    lacking = [(row["fact"], row.get("area_code")) for row in found.summary["missing"]]
    assert lacking.count(("lowest_tier_monthly_fen", "320682")) == 1


def test_applicants_have_no_place_in_assistance(tmp_path: Path) -> None:
    rows = [APPLICANTS, ["韩梅", HAN, "500243", "", "", "", "148", "", "", "", ""]]
    with pytest.raises(ZhubaoError, match="E-KIND-POLICY"):
        screen(tmp_path, text(tmp_path / "申请.csv", rows))


def test_progress_tells_stage_and_share(tmp_path: Path, dibao: Path) -> None:
    told: list[tuple[str, int, int]] = []
    run(Request(((dibao, None),), "pengshui-2022", DAY, tmp_path / "结果.csv"), lambda *step: told.append(step))
    assert told == [
        ("reading", 0, 1),
        ("reading", 1, 1),
        ("deciding", 0, 1),
        ("deciding", 1, 1),
        ("writing", 0, 4),
        ("writing", 4, 4),
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"out": "结果.txt"}, "E-OUTPUT-KIND"),
        ({"out": "民政低保.csv"}, "E-OUTPUT-INPUT"),
        ({"out": "没有/结果.csv"}, "E-OUTPUT"),
        ({"policy": "nowhere"}, "E-POLICY-UNKNOWN"),
        ({"on": date(2023, 1, 1)}, "E-POLICY-NOT-IN-FORCE"),
    ],
)
def test_a_request_that_cannot_be_met(tmp_path: Path, dibao: Path, change: dict[str, Any], code: str) -> None:
    with pytest.raises(ZhubaoError) as raised:
        screen(tmp_path, dibao, **change)
    assert raised.value.code == code


def test_a_name_that_would_run_as_a_formula(tmp_path: Path) -> None:
    rows = [ROSTER, ["=1+1", HAN, "@镇"]]
    screen(tmp_path, text(tmp_path / "低保.csv", rows))
    row = people(tmp_path / "结果.csv")[HAN]
    assert (row["name"], row["township"]) == ("'=1+1", "'@镇")
