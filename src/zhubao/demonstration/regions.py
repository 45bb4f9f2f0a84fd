"""The five kinds of places the demonstration imitates: codes, villages (invented), surnames, and how common each hardship is.

Every share is a demonstration choice, large enough that a small county still shows each case; none is a statistic.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

RegionKey = Literal["jiangxi", "rugao", "tongling", "pengshui", "ganzhou"]

# Day on which the demonstration stands: inside the fourth-quarter window, so that every programme can be tried.
DEMONSTRATION_DAY = date(2026, 10, 12)


@dataclass(frozen=True)
class NumberCode:
    """An area code printed in citizen numbers of people born from `born_from` to `born_to` (years, inclusive), with a weight."""

    code: str
    born_from: int
    born_to: int
    weight: int


@dataclass(frozen=True)
class Shares:
    """Share of each hardship, per mille: of households for the first four, of persons for the rest."""

    dibao: int = 60
    lifted_out: int = 0
    monitored: int = 0
    low_income: int = 0
    special_hardship: int = 14
    returned_to_poverty: int = 0
    disabled: int = 60
    unemployed: int = 0
    poor_worker: int = 0
    expenditure_poor: int = 0
    employee_scheme: int = 180


@dataclass(frozen=True)
class Region:
    """One place of the demonstration: `code` is today's county, `policy` the document tried there."""

    key: RegionKey
    name: str
    code: str
    province: str
    policy: str
    number_codes: tuple[NumberCode, ...]
    townships: tuple[str, ...]
    shares: Shares
    urban_percent: int
    local_surnames: dict[str, int] = field(default_factory=dict)
    ethnic_groups: tuple[tuple[str, int], ...] = (("汉族", 100),)


# People who married in from elsewhere keep the code of their first number; the product's table may not know it.
ELSEWHERE = ("430121", "510623", "522122", "411322", "420921")
ELSEWHERE_PERCENT = 3
VILLAGES = ("新塘村", "石桥村", "柳溪村", "枫树村", "大屋村", "上坪村", "下坪村", "古井社区", "长岭村", "荷塘社区")

REGIONS: dict[RegionKey, Region] = {
    "jiangxi": Region(
        key="jiangxi",
        name="南昌市东湖区",
        code="360102",
        province="360000",
        policy="jiangxi-2020-7",
        number_codes=(
            NumberCode("360102", 1900, 2100, 60),
            NumberCode("360103", 1900, 2100, 20),
            NumberCode("360111", 1900, 2100, 12),
            NumberCode("360122", 1900, 2014, 8),
        ),
        townships=("临江街道", "文昌街道", "青桥街道", "沙井镇", "湖坊头镇"),
        shares=Shares(
            dibao=45,
            special_hardship=12,
            low_income=30,
            expenditure_poor=15,
            lifted_out=35,
            unemployed=25,
            disabled=45,
            employee_scheme=420,
        ),
        urban_percent=80,
        local_surnames={"熊": 25, "万": 25, "胡": 15, "涂": 12, "邓": 8},
    ),
    "rugao": Region(
        key="rugao",
        name="如皋市",
        code="320682",
        province="320000",
        policy="rugao-draft",
        number_codes=(
            NumberCode("320622", 1900, 1974, 92),
            NumberCode("320682", 1900, 1974, 8),
            NumberCode("320682", 1975, 2100, 100),
        ),
        townships=("东皋街道", "白塘镇", "长河镇", "南渡镇", "北凌镇", "磨桥镇"),
        shares=Shares(dibao=40, special_hardship=10, unemployed=25, poor_worker=12, disabled=50, employee_scheme=380),
        urban_percent=55,
        local_surnames={"陈": 15, "丁": 15, "薛": 12, "冒": 10, "沙": 8, "吴": 10},
    ),
    "tongling": Region(
        key="tongling",
        name="铜陵市义安区",
        code="340706",
        province="340000",
        policy="tongling-2022-13",
        number_codes=(
            NumberCode("340721", 1900, 2014, 70),
            NumberCode("340702", 1900, 2014, 15),
            NumberCode("342823", 1900, 1970, 10),
            NumberCode("340703", 1900, 2014, 5),
            NumberCode("340706", 2015, 2100, 80),
            NumberCode("340705", 2015, 2100, 20),
        ),
        townships=("顺江镇", "天井镇", "钟桥镇", "西湖口乡", "老洲头乡"),
        shares=Shares(dibao=45, special_hardship=12, disabled=50, employee_scheme=250),
        urban_percent=50,
        local_surnames={"汪": 15, "佘": 10, "钱": 8, "方": 10, "章": 10},
    ),
    "pengshui": Region(
        key="pengshui",
        name="彭水苗族土家族自治县",
        code="500243",
        province="500000",
        policy="pengshui-2022",
        number_codes=(
            NumberCode("513525", 1900, 1979, 85),
            NumberCode("500243", 1900, 1979, 15),
            NumberCode("500243", 1980, 2100, 92),
            NumberCode("513525", 1980, 1996, 8),
        ),
        townships=("汉葭口街道", "绍溪街道", "郁水镇", "黄岭镇", "鹿角坪镇", "桑柘坝镇", "龙射坪镇", "诸佛岭乡"),
        shares=Shares(dibao=85, special_hardship=18, returned_to_poverty=12, lifted_out=60, disabled=70, employee_scheme=90),
        urban_percent=25,
        local_surnames={
            "冉": 60,
            "向": 40,
            "田": 35,
            "谢": 25,
            "庹": 18,
            "廖": 20,
            "任": 20,
            "龚": 15,
            "覃": 12,
            "侯": 10,
            "麻": 8,
            "石": 15,
        },
        ethnic_groups=(("苗族", 46), ("土家族", 17), ("汉族", 36), ("侗族", 1)),
    ),
    "ganzhou": Region(
        key="ganzhou",
        name="赣州市南康区",
        code="360703",
        province="360000",
        policy="ganzhou-2021-7",
        number_codes=(
            NumberCode("362122", 1900, 1979, 80),
            NumberCode("362103", 1900, 1979, 12),
            NumberCode("362123", 1900, 1979, 8),
            NumberCode("362103", 1980, 1997, 40),
            NumberCode("360782", 1980, 2012, 60),
            NumberCode("360703", 2013, 2100, 100),
        ),
        townships=("东山口街道", "唐江口镇", "凤岗坪镇", "龙回坝镇", "浮石口乡", "赤土岭畲族乡", "横市坪镇"),
        shares=Shares(dibao=70, special_hardship=15, lifted_out=130, monitored=25, disabled=60, employee_scheme=120),
        urban_percent=35,
        local_surnames={"钟": 30, "赖": 30, "刘": 20, "谢": 15, "曾": 15, "邱": 12, "蓝": 10, "雷": 6},
        ethnic_groups=(("汉族", 97), ("畲族", 3)),
    ),
}
