"""Layouts of department files by region: which columns, which headers, which kind of file each office is fond of.

Headers are synonyms that screening must recognise (the product's contract on rosters); the rest is what real files carry
around them: serial numbers, household numbers, bank accounts, titles, notes. Bank accounts begin with 0000: no bank does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal, NamedTuple

from .faults import Cell
from .people import Identity, Kind, SyntheticPerson
from .regions import REGIONS, RegionKey
from .tables import Format

# Stands in every row of a file that has no title to say so.
DEMONSTRATION_REMARK = "演示数据"
DISABILITY_KINDS = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
GRADE_WORDS = ("一级", "二级", "三级", "四级")
KIND_WORDS: dict[Kind, str] = {
    "special_hardship": "特困人员",
    "dibao": "低保对象",
    "returned_to_poverty": "返贫致贫人口",
    "disabled": "残疾人",
    "lifted_out": "脱贫户",
    "monitored": "监测对象",
    "unemployed": "下岗失业人员",
    "expenditure_poor": "支出型困难家庭",
    "low_income": "低收入家庭",
    "poor_worker": "特困职工",
    "subsidised": "社会保险补贴人员",
}


class Line(NamedTuple):
    """What the cells of one row are made from."""

    person: SyntheticPerson
    identity: Identity
    serial: int
    rng: Random


@dataclass(frozen=True)
class Column:
    """One column of a layout; `role` marks the two columns in which faults are planted."""

    header: str
    value: Callable[[Line], Cell]
    role: Literal["id", "name", ""] = ""


@dataclass(frozen=True)
class Layout:
    """One sheet of a department file; several kinds only where a column of each row names its own."""

    sheet: str
    kinds: tuple[Kind, ...]
    columns: tuple[Column, ...]
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    grouped: tuple[str, ...] = ()

    def place(self, role: Literal["id", "name"]) -> int:
        """Return the 0-based place of the column with that role."""
        return next(at for at, column in enumerate(self.columns) if column.role == role)


@dataclass(frozen=True)
class RosterFile:
    """One file of one department."""

    name: str
    form: Format
    layouts: tuple[Layout, ...]


def day_in_some_shape(day: date | None, rng: Random) -> str | None:
    """Write a day as clerks do: five shapes, months alone included."""
    if day is None:
        return None
    shapes = (
        f"{day:%Y-%m}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月",
        f"{day:%Y-%m-%d}",
    )
    return rng.choice(shapes)


def _certificate(line: Line) -> str:
    return line.person.disability.number if line.person.disability else ""


SERIAL = Column("序号", lambda line: line.serial)
NAME = Column("姓名", lambda line: line.person.name, "name")
MEMBER_NAME = Column("成员姓名", lambda line: line.person.name, "name")
HEAD_NAME = Column("户主姓名", lambda line: line.person.head_name)
HEAD_NUMBER = Column("户主身份证号", lambda line: line.person.head_id_number)
RELATION = Column("与户主关系", lambda line: line.person.relation)
CITY_OR_COUNTRY = Column("城乡类别", lambda line: "城市" if line.person.urban else "农村")
DIBAO_NUMBER = Column("低保证号", lambda line: line.identity.certificate)
DIBAO_CLASS = Column("低保类别", lambda line: line.identity.detail)
AMOUNT = Column("月保障金额（元）", lambda line: 320.0 + 10 * (int(line.person.household[-2:]) % 40))
HOUSEHOLD = Column("户编号", lambda line: line.person.household)
HOUSEHOLD_KIND = Column("户类型", lambda line: line.identity.detail)
SIZE = Column("保障人口", lambda line: line.person.household_size)
ACCOUNT = Column("银行账号", lambda line: f"0000{line.person.household}{line.person.serial % 10}")
CARE = Column("供养方式", lambda line: "集中" if line.person.serial % 3 == 0 else "分散")
DISABILITY_NUMBER = Column("残疾人证号", _certificate, "id")
DISABILITY_KIND = Column(
    "残疾类别", lambda line: DISABILITY_KINDS[line.person.disability.kind - 1] if line.person.disability else None
)
GRADE_WORD = Column("残疾等级", lambda line: GRADE_WORDS[line.person.disability.grade - 1] if line.person.disability else None)
GRADE_DIGIT = Column("残疾等级", lambda line: line.person.disability.grade if line.person.disability else None)
GRADE_ROMAN = Column("残疾级别", lambda line: "ⅠⅡⅢⅣ"[line.person.disability.grade - 1] if line.person.disability else None)
CERTIFICATE_STATUS = Column("证件状态", lambda line: line.person.disability.status if line.person.disability else None)
EXPIRES = Column("有效期至", lambda line: line.person.disability.expires if line.person.disability else None)
ISSUED = Column("发证日期", lambda line: line.person.disability.issued if line.person.disability else None)
ENTERPRISE = Column("企业性质", lambda line: line.identity.detail or None)
CERTIFICATE = Column("证件号", lambda line: line.identity.certificate)
PERSON_KIND = Column("人员类别", lambda line: KIND_WORDS[line.identity.kind])
REMARK = Column("备注", lambda line: DEMONSTRATION_REMARK)


def _number(header: str) -> Column:
    return Column(header, lambda line: line.person.id_number, "id")


def _township(header: str) -> Column:
    return Column(header, lambda line: line.person.township)


def _village(header: str) -> Column:
    return Column(header, lambda line: line.person.village)


def _from(header: str, *, as_cell: bool = False) -> Column:
    return Column(header, lambda line: line.identity.starts if as_cell else day_in_some_shape(line.identity.starts, line.rng))


def _to(header: str, *, as_cell: bool = False) -> Column:
    return Column(header, lambda line: line.identity.ends if as_cell else day_in_some_shape(line.identity.ends, line.rng))


def _titles(region: RegionKey, office: str, what: str) -> tuple[str, ...]:
    return (f"{REGIONS[region].name}{what}（演示数据，均为虚构）", f"填报单位：{office}　　填报日期：2026年9月30日")


_NOTE = "（演示数据，姓名、号码均由程序虚构）"
# `{rows}` becomes the number of rows above.
_SIGNED = ("合计：{rows} 行", "填表人：演示员　　审核人：演示员")


def _dibao(region: RegionKey, *, sheet: str = "低保对象", from_cell: bool = False) -> Layout:
    return Layout(
        sheet,
        ("dibao",),
        (
            SERIAL, _township("乡镇（街道）"), _village("村（居）"), DIBAO_NUMBER, HEAD_NAME, HEAD_NUMBER, SIZE, MEMBER_NAME,
            _number("成员身份证号"), RELATION, CITY_OR_COUNTRY, DIBAO_CLASS, AMOUNT, _from("起始保障年月", as_cell=from_cell),
            _to("停保年月", as_cell=from_cell), ACCOUNT,
        ),
        _titles(region, "民政局", "居民家庭保障名册"),
        _SIGNED,
        grouped=("低保证号",),
    )  # fmt: skip


def _tekun(region: RegionKey) -> Layout:
    columns = (
        SERIAL, NAME, _number("公民身份号码"), CITY_OR_COUNTRY, CARE, _township("乡镇"), _village("村"), _from("批准时间"), _to("终止时间"),
    )  # fmt: skip
    return Layout("特困人员", ("special_hardship",), columns, _titles(region, "民政局", "救助供养人员名册"))


def _disabled(region: RegionKey, grade: Column) -> Layout:
    columns = (
        SERIAL, NAME, DISABILITY_NUMBER, DISABILITY_KIND, grade, CERTIFICATE_STATUS, ISSUED, EXPIRES, _township("街道"), _village("社区"),
    )  # fmt: skip
    return Layout("残疾人", ("disabled",), columns, _titles(region, "残疾人联合会", "持证人员名册"))


_FILES: dict[RegionKey, tuple[RosterFile, ...]] = {
    "pengshui": (
        RosterFile("民政局困难群众名册.xlsx", "xlsx", (_tekun("pengshui"), _dibao("pengshui"))),
        RosterFile(
            "乡村振兴局返贫致贫人口.csv", "csv-gb18030",
            (Layout("", ("returned_to_poverty",), (
                Column("县", lambda line: "彭水县"), _township("乡"), _village("村"), HOUSEHOLD, HEAD_NAME, NAME, _number("证件号码"), RELATION,
                _from("识别（纳入）时间"), _to("风险消除时间")),
                (f"返贫致贫人口{_NOTE}",)),),
        ),
        RosterFile("残联残疾人名册.xlsx", "xlsx", (_disabled("pengshui", GRADE_WORD),)),
    ),
    "ganzhou": (
        RosterFile(
            "民政局困难群众汇总.xlsx", "xlsx",
            (Layout("汇总表", ("dibao", "special_hardship"), (
                SERIAL, PERSON_KIND, _township("乡镇/街道"), _village("村/社区"), HEAD_NAME, NAME, _number("身份证号码"), CITY_OR_COUNTRY,
                _from("认定日期", as_cell=True), _to("终止时间", as_cell=True), REMARK),
                _titles("ganzhou", "民政局", "困难群众汇总表"), _SIGNED, grouped=("户主姓名",)),),
        ),
        RosterFile(
            "农业农村局脱贫人口.parquet", "parquet",
            (Layout("", ("lifted_out",), (
                _township("乡镇"), _village("村"), HOUSEHOLD, HEAD_NAME, HEAD_NUMBER, NAME, _number("身份证号"), RELATION, HOUSEHOLD_KIND,
                _from("识别时间"), REMARK)),),
        ),
        RosterFile(
            "农业农村局监测对象.csv", "csv-gb18030",
            (Layout("", ("monitored",), (
                _township("乡镇"), _village("村"), HOUSEHOLD, HEAD_NAME, NAME, _number("证件号码"), RELATION, HOUSEHOLD_KIND, _from("纳入时间"),
                _to("风险消除时间")), (f"监测对象{_NOTE}",)),),
        ),
        RosterFile("残联残疾人名册.csv", "csv-utf8-bom", (_disabled("ganzhou", GRADE_DIGIT),)),
    ),
    "rugao": (
        RosterFile("民政局低保名册.csv", "csv-gb18030", (_dibao("rugao"),)),
        RosterFile(
            "就业管理处下岗失业人员.csv", "csv-utf8-bom",
            (Layout("", ("unemployed",), (
                SERIAL, NAME, _number("公民身份证号"), ENTERPRISE, CERTIFICATE, _from("认定日期"), _to("终止日期"), _township("镇（街道）"),
                _village("村（社区）"), REMARK)),),
        ),
        RosterFile(
            "总工会特困职工.xlsx", "xlsx",
            (Layout("Sheet1", ("poor_worker",), (SERIAL, NAME, _number("身份证号"), CERTIFICATE, _from("认定时间"), _to("终止日期"), REMARK),
                _titles("rugao", "总工会", "帮扶职工名册")),),
        ),
        RosterFile("残联残疾人名册.xlsx", "xlsx", (_disabled("rugao", GRADE_ROMAN),)),
        RosterFile(
            "就业管理处社会保险补贴人员.parquet", "parquet",
            (Layout("", ("subsidised",), (NAME, _number("身份证号码"), _from("批准日期"), _to("终止日期"), REMARK)),),
        ),
    ),
    "jiangxi": (
        RosterFile(
            "民政局城镇困难群众.xlsx", "xlsx",
            (
                _tekun("jiangxi"),
                _dibao("jiangxi", sheet="最低生活保障", from_cell=True),
                Layout("支出型困难家庭", ("expenditure_poor",), (SERIAL, HEAD_NAME, MEMBER_NAME, _number("成员身份证号"), CITY_OR_COUNTRY,
                    _township("街道"), _village("社区"), _from("认定日期"), _to("终止日期")), _titles("jiangxi", "民政局", "认定家庭名册")),
                Layout("低收入家庭", ("low_income",), (SERIAL, HEAD_NAME, MEMBER_NAME, _number("成员身份证号"), CITY_OR_COUNTRY,
                    _township("街道"), _village("社区"), _from("认定日期"), _to("终止日期")), _titles("jiangxi", "民政局", "认定家庭名册")),
            ),
        ),
        RosterFile(
            "建档立卡人员.csv", "csv-gb18030",
            (Layout("", ("lifted_out",), (
                _township("乡镇"), _village("村"), HOUSEHOLD, HEAD_NAME, NAME, _number("证件号码"), CITY_OR_COUNTRY, HOUSEHOLD_KIND,
                _from("识别时间"), REMARK)),),
        ),
        RosterFile(
            "就业局下岗失业人员.csv", "csv-utf8-bom",
            (Layout("", ("unemployed",), (
                SERIAL, NAME, _number("社会保障号码"), ENTERPRISE, CERTIFICATE, _from("认定日期"), _to("终止日期"), REMARK)),),
        ),
    ),
    "tongling": (
        RosterFile("民政局低保名册.xlsx", "xlsx", (_dibao("tongling"),)),
        RosterFile("残联残疾人名册.csv", "csv-gb18030", (_disabled("tongling", GRADE_WORD),)),
    ),
}  # fmt: skip


def roster_files(region: RegionKey) -> tuple[RosterFile, ...]:
    """Return the department files of a region, the insured file and the list of applicants not among them."""
    return _FILES[region]
