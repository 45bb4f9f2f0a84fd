"""Lives of the tests: what is on record of a few synthetic people of each document's place."""

from datetime import date

from tests.people.tables import NOW, SYSTEM, number
from zhubao.people.actions import record_death, register_person
from zhubao.people.bulk import enter_identity_rows
from zhubao.people.households import record_household
from zhubao.people.models import Person
from zhubao.people.recording import certify, note_circumstance, record_insured
from zhubao.people.statements import IdentityRow, IdentityStatement, InsuredStatement, MemberStatement, Origin

DAY = date(2026, 10, 12)
PAPER = Origin("证件原件")
INSURED = Origin("参保人员文件 2026-09", "file:1", "参保", 12)


def register(born: str, serial: int, area: str, name: str) -> Person:
    return register_person(
        number(born, serial, area),
        name,
        region_code=area,
        hukou_code=area,
        hukou_source="户口簿",
        residence_code=area,
        actor=SYSTEM,
        now=NOW,
    )


def insure(person: Person, scheme: str, **given: object) -> None:
    statement = InsuredStatement(scheme, date(2026, 9, 30), INSURED, insured_area=person.region_code[:6], **given)  # type: ignore[arg-type]
    record_insured(person.pk, statement, actor=SYSTEM, now=NOW)


def rugao_borrower() -> Person:
    """A woman of 53 with 150 months paid, on dibao with her certificate; her husband works."""
    person = register("19730516", 42, "320682", "陈桂芳")
    months = {"paid_months": 150, "deemed_months": 0, "deemed_confirmed": True}
    insure(person, "employee_pension", participation_type="flexible", retirement_category="female55", **months)
    dibao = IdentityStatement("dibao", "civil_affairs", PAPER, date(2024, 7, 1), None, "皋低保2024-031")
    certify(person.pk, dibao, actor=SYSTEM, now=NOW)
    note_circumstance(person.pk, "subsidised", Origin("社保补贴名册"), value=0, actor=SYSTEM, now=NOW)
    note_circumstance(person.pk, "children", Origin("户口簿"), value=1, actor=SYSTEM, now=NOW)
    family = [
        MemberStatement("陈桂芳", "户主", number("19730516", 42, "320682"), able=True, employed=False),
        MemberStatement("沈志远", "配偶", number("19680903", 17, "320682"), able=True, employed=True),
        MemberStatement("沈小明", "子", able=False),
    ]
    record_household(
        "H1",
        family,
        region_code="320682",
        business_income_fen=0,
        investment_income_fen=12_000,
        declared_on=date(2026, 10, 8),
        source="家庭申报",
        actor=SYSTEM,
        now=NOW,
    )
    return person


def jiangxi_borrower() -> Person:
    """A man of 55 laid off by a state enterprise, still registered as unemployed."""
    person = register("19710403", 31, "360702", "刘建军")
    insure(person, "employee_pension", participation_type="flexible", paid_months=140, deemed_months=30, deemed_confirmed=True)
    laid_off = IdentityStatement("laid_off_soe_collective", "hrss", Origin("下岗失业名册", "file:4", "", 8), date(2020, 5, 1))
    certify(person.pk, laid_off, actor=SYSTEM, now=NOW)
    note_circumstance(person.pk, "unemployed", Origin("失业登记"), starts_on=date(2020, 5, 6), actor=SYSTEM, now=NOW)
    return person


def tongling_resident() -> Person:
    """A woman of 50 in the resident scheme with a chosen tier."""
    person = register("19760808", 28, "340705", "何秀英")
    insure(person, "resident_pension", paid_months=132, chosen_tier_fen=300_000, receiving_pension=False)
    note_circumstance(person.pk, "children", Origin("户口簿"), value=2, actor=SYSTEM, now=NOW)
    return person


def pengshui_resident() -> Person:
    """A woman of 45 on the whole list of dibao; the list of the severely disabled does not name her."""
    person = register("19801230", 4, "500243", "谢桂花")
    insure(person, "resident_pension", student=False, military=False, imprisoned=False, deceased=False, chosen_tier_fen=50_000)
    whole_list("500243", "civil_affairs", "dibao", "民政低保名册 2026-09", (person, "谢桂花", 3))
    whole_list("500243", "federation", "severe_disability", "残联重残名册 2026-09")
    return person


def ganzhou_resident() -> Person:
    """A man of 40 with a disability of grade 2 and a monitored household; he died this summer."""
    person = register("19860101", 15, "360702", "钟有才")
    insure(person, "resident_pension", receiving_pension=False, imprisoned=False)
    note_circumstance(person.pk, "disability_grade", Origin("残疾人证"), value=2, actor=SYSTEM, now=NOW)
    certify(
        person.pk, IdentityStatement("monitored", "rural_revitalisation", PAPER, None, date(2025, 12, 31)), actor=SYSTEM, now=NOW
    )
    return record_death(person.pk, date(2026, 7, 30), "公安死亡信息 2026-08", actor=SYSTEM, now=NOW)


def whole_list(
    area: str, certifier: str, category: str, source: str, *rows: tuple[Person, str, int], day: date = date(2026, 9, 1)
) -> None:
    """Hand in the whole list of a category; `rows` are (person, name, row)."""
    listed = [IdentityRow(_number(person), name, category, row, "在册") for person, name, row in rows]
    enter_identity_rows(
        listed,
        region_code=area,
        certifier=certifier,
        origin=Origin(source, f"file:{category}:{day:%m}"),
        listed_on=day,
        complete=[category],
        actor=SYSTEM,
        now=NOW,
    )


def _number(person: Person) -> str:
    from zhubao.people.sealing import open_number

    return open_number(person)


LIVES = {
    "rugao-draft": rugao_borrower,
    "jiangxi-2020-7": jiangxi_borrower,
    "tongling-2022-13": tongling_resident,
    "pengshui-2022": pengshui_resident,
    "ganzhou-2021-7": ganzhou_resident,
}
# A day on which each document holds.
DAYS = {"pengshui-2022": date(2022, 3, 1), "ganzhou-2021-7": date(2025, 11, 1)}
