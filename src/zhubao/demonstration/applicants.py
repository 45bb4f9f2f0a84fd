"""Applicants for the three loan programmes, designed so that each outcome is seen: met, not met, evidence missing.

A design fixes the months and the birth so that the verdict follows on `DEMONSTRATION_DAY` from the files alone: the list of
applicants, the department rosters and the insured file. Women's births of 1973–1975 and men's of 1967–1970 give a pension
month that the loans of Jiangxi (eight years) and, for the earlier ones, of Rugao (five years) still reach.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Literal

from .faults import Cell, Fault, Row, plant
from .layouts import KIND_WORDS
from .names import Names, Sex
from .numbers import NumberIssuer
from .people import CERTIFIERS, DisabilityCertificate, Identity, Kind, Participation, Scheme, SyntheticPerson
from .regions import DEMONSTRATION_DAY, REGIONS, VILLAGES, RegionKey
from .rosters import SCHEME_WORDS, PlantedFile, PlantedSheet
from .tables import Table

Verdict = Literal["met", "not_met", "evidence_missing"]
# First and last day of birth, inclusive.
Births = tuple[date, date]


@dataclass(frozen=True)
class Design:
    """One designed life: what the applicant brings, the verdict it must get and the clause it turns on ("" when met)."""

    key: str
    expected: Verdict
    clause: str = ""
    payer: str | None = None
    category: Kind | None = None
    sex: Sex = "female"
    births: Births = (date(1973, 1, 1), date(1973, 10, 28))
    paid: tuple[int, int] | None = (155, 178)
    deemed: int = 0
    deemed_confirmed: bool = True
    hukou: str | None = None
    scheme: Scheme = "employee_pension"
    participation: Participation | None = "flexible"
    declared: bool | None = True
    subsidised: bool = False
    urban: bool = True
    detail: str = ""
    in_insured_file: bool = True


@dataclass(frozen=True)
class Applicant:
    """An invented person and the design they follow."""

    person: SyntheticPerson
    design: Design


_MAN: Births = (date(1967, 6, 1), date(1968, 6, 28))
_JIANGXI_WOMAN: Births = (date(1973, 1, 1), date(1975, 12, 28))
_JIANGXI_MAN: Births = (date(1967, 6, 1), date(1970, 12, 28))

DESIGNS: dict[RegionKey, tuple[Design, ...]] = {
    "rugao": (
        Design("dibao", "met", payer="finance", category="dibao"),
        Design("laid_off", "met", payer="finance", category="unemployed", detail="私营"),
        Design("laid_off_man", "met", payer="finance", category="unemployed", sex="male", births=_MAN, paid=(165, 178), detail="国有"),
        Design("poor_worker", "met", payer="finance", category="poor_worker"),
        Design("severe_disability", "met", payer="finance", category="disabled"),
        Design("deemed_confirmed", "met", payer="finance", category="dibao", paid=(130, 140), deemed=36),
        Design("hukou_elsewhere", "not_met", "rg-4.0a", category="dibao", hukou="320681"),
        Design("through_an_employer", "not_met", "rg-4.0b", category="dibao", participation="employer"),
        Design("too_far_from_pension", "not_met", "rg-4.0c", category="dibao", births=(date(1977, 1, 1), date(1977, 12, 28))),
        Design("under_ten_years", "not_met", "rg-4.0d", category="dibao", paid=(90, 119)),
        Design("cannot_reach_fifteen", "not_met", "rg-4.0e", category="dibao", paid=(121, 130)),
        Design("no_roster_names_them", "evidence_missing", "rg-4.0f"),
        Design("subsidy_runs", "not_met", "rg-5a", category="unemployed", subsidised=True),
        Design("deemed_open", "evidence_missing", "rg-4.0d", category="dibao", paid=(105, 115), deemed=60, deemed_confirmed=False),
        Design("no_declaration", "evidence_missing", "rg-annex1-apply", category="dibao", declared=None),
        Design("participation_not_stated", "evidence_missing", "rg-4.0b", category="dibao", participation=None),
    ),
    "jiangxi": (
        Design("urban_dibao", "met", payer="finance", category="dibao", births=_JIANGXI_WOMAN, paid=(160, 178)),
        Design("urban_tekun", "met", payer="finance", category="special_hardship", births=_JIANGXI_WOMAN, paid=(160, 178)),
        Design("low_income", "met", payer="finance", category="low_income", sex="male", births=_JIANGXI_MAN, paid=(165, 178)),
        Design("expenditure_poor", "met", payer="finance", category="expenditure_poor", births=_JIANGXI_WOMAN, paid=(160, 178)),
        Design("registered_poor", "met", payer="finance", category="lifted_out", urban=False, births=_JIANGXI_WOMAN, paid=(160, 178)),
        Design("laid_off_state", "met", payer="finance", category="unemployed", births=_JIANGXI_WOMAN, paid=(160, 178), detail="国有"),
        Design("no_hardship", "met", payer="borrower", births=_JIANGXI_WOMAN, paid=(160, 178)),
        Design("laid_off_private", "met", payer="borrower", category="unemployed", births=_JIANGXI_WOMAN, paid=(160, 178), detail="私营"),
        Design("hukou_elsewhere", "not_met", "jx-1.1a", births=_JIANGXI_WOMAN, paid=(160, 178), hukou="440106"),
        Design("resident_scheme", "not_met", "jx-1.1b", scheme="resident_pension", participation=None),
        Design("more_than_eight_years", "not_met", "jx-1.1c", births=(date(1980, 1, 1), date(1982, 12, 28)), paid=(200, 230)),
        Design("cannot_reach_conditions", "not_met", "jx-1.1d", paid=(40, 80)),
        Design("through_an_employer", "not_met", "jx-1.1e", births=_JIANGXI_WOMAN, paid=(160, 178), participation="employer"),
        Design("months_unknown", "evidence_missing", "jx-1.1d", births=_JIANGXI_WOMAN, paid=None),
        Design("no_declaration", "evidence_missing", "jx-1.1g", births=_JIANGXI_WOMAN, paid=(160, 178), declared=None),
    ),
    "tongling": (
        Design("resident", "met", payer="borrower", scheme="resident_pension", participation=None, paid=(60, 170)),
        Design("resident_man", "met", payer="borrower", scheme="resident_pension", participation=None, paid=(60, 170), sex="male", births=_MAN),
        Design("employee_scheme", "not_met", "tl-2a"),
        Design("scheme_unknown", "evidence_missing", "tl-2a", scheme="none", participation=None, paid=None, in_insured_file=False),
    ),
}  # fmt: skip
LOAN_REGIONS: tuple[RegionKey, ...] = tuple(DESIGNS)
# Only faults that screening cleans or converts: the designed outcome must not hang on a misspelt row.
_HARMLESS: tuple[Fault, ...] = ("full_width", "spaces", "lower_case_x", "fifteen_digits")
_FILE_NAMES: dict[RegionKey, str] = {
    "rugao": "助保贷款申请人员.xlsx",
    "jiangxi": "助保贷款申请花名册.xlsx",
    "tongling": "居民养老助保贷款申请名单.csv",
}
_HEADER = (
    "序号", "姓名", "身份证号", "户籍地代码", "居住地代码", "乡镇（街道）", "村（居）", "参保险种", "参保身份", "参保地代码",
    "实际缴费月数", "视同缴费月数", "视同是否确认", "退休类别", "困难类型", "证件号", "无力缴费声明", "选择档次", "享受社保补贴",
)  # fmt: skip


def applicants(count: int, seed: int, region: RegionKey, issuer: NumberIssuer) -> tuple[Applicant, ...]:
    """Return `count` applicants of a loan region, following its designs in turn; the demonstration day is fixed."""
    rng = Random(f"zhubao applicants {seed} {region}")
    names = Names(REGIONS[region].local_surnames)
    designs = DESIGNS[region]
    return tuple(_applicant(rng, names, designs[at % len(designs)], region, at + 1, issuer) for at in range(count))


def _applicant(rng: Random, names: Names, design: Design, region: RegionKey, serial: int, issuer: NumberIssuer) -> Applicant:
    place = REGIONS[region]
    first, last = design.births
    codes = [code for code in place.number_codes if code.born_from <= first.year <= code.born_to]
    code = rng.choices(codes, [code.weight for code in codes])[0].code
    birth, id_number = issuer.issue(code, first + timedelta(days=rng.randint(0, (last - first).days)), design.sex)
    name = names.full_name(rng, design.sex, birth.year)
    paid = rng.randint(*design.paid) if design.paid else 0
    household = f"{place.code}{9_000_000 + serial}"
    employee = design.scheme == "employee_pension"
    person = SyntheticPerson(
        region=region,
        serial=serial,
        name=name,
        id_number=id_number,
        birth=birth,
        sex=design.sex,
        ethnic_group=place.ethnic_groups[0][0],
        hukou=design.hukou or place.code,
        residence=place.code,
        township=rng.choice(place.townships),
        village=rng.choice(VILLAGES),
        urban=design.urban,
        household=household,
        head_name=name,
        head_id_number=id_number,
        relation="户主",
        household_size=1,
        scheme=design.scheme,
        participation=design.participation,
        insured_locality=place.code,
        also_employee=False,
        paid_months=paid,
        deemed_months=design.deemed,
        deemed_confirmed=design.deemed_confirmed,
        tier_fen=None if employee or design.scheme == "none" else 200_000,
        paid_fen=0,
        account_fen=paid * (28_000 if employee else 2_500),
    )
    return Applicant(_with_category(rng, person, design), design)


def _with_category(rng: Random, person: SyntheticPerson, design: Design) -> SyntheticPerson:
    identities: list[Identity] = []
    disability = None
    starts = date(DEMONSTRATION_DAY.year - 1, rng.randint(1, 12), 1)
    if design.category == "disabled":
        grade = rng.randint(1, 2)
        number = f"{person.id_number}4{grade}"
        disability = DisabilityCertificate(number, 4, grade, starts, starts.replace(year=starts.year + 10), "正常")
        identities.append(Identity("disabled", "federation", starts, None, number))
    elif design.category:
        certifier = CERTIFIERS[design.category]
        certificate = f"演示证{person.household[-6:]}"
        identities.append(Identity(design.category, certifier, starts, None, certificate, design.detail))
    if design.subsidised:
        identities.append(Identity("subsidised", CERTIFIERS["subsidised"], starts, date(DEMONSTRATION_DAY.year + 1, 12, 31)))
    return replace(person, identities=tuple(identities), disability=disability)


def applicants_file(listed: Sequence[Applicant], seed: int, region: RegionKey) -> PlantedFile:
    """Return the list of applicants with a few harmless faults."""
    rng = Random(f"zhubao applicants file {seed} {region}")
    rows = [
        Row(applicant.person.id_number, applicant.person.name, "applicants", _cells(applicant, serial))
        for serial, applicant in enumerate(listed, start=1)
    ]
    rows, faults = plant(rows, 2, 1, rng, allowed=_HARMLESS)
    titles = (f"{REGIONS[region].name}助保贷款申请名单（演示数据，均为虚构）",)
    name = _FILE_NAMES[region]
    table = Table("申请名单" if name.endswith("xlsx") else "", _HEADER, [row.cells for row in rows], titles)
    sheet = PlantedSheet(table, tuple(faults), tuple(row.id_number for row in rows), ("applicants",) * len(rows))
    return PlantedFile(name, "xlsx" if name.endswith("xlsx") else "csv-gb18030", "applicants", (sheet,))


def _cells(applicant: Applicant, serial: int) -> tuple[Cell, ...]:
    person, design = applicant.person, applicant.design
    identity = person.identities[0] if person.identities else None
    participation = {"flexible": "灵活就业", "employer": "单位", None: None}[design.participation]
    employee = design.scheme == "employee_pension"
    return (
        serial,
        person.name,
        person.id_number,
        person.hukou,
        person.residence,
        person.township,
        person.village,
        None if design.scheme == "none" else SCHEME_WORDS[design.scheme],
        participation,
        person.insured_locality,
        person.paid_months if design.paid else None,
        person.deemed_months,
        ("是" if person.deemed_confirmed else "否") if person.deemed_months else None,
        ("男60周岁" if design.sex == "male" else "女55周岁") if employee else "居民60周岁",
        KIND_WORDS[identity.kind] if identity else None,
        identity.certificate if identity else None,
        {True: "是", False: "否", None: None}[design.declared],
        None if person.tier_fen is None else person.tier_fen // 100,
        "是" if design.subsidised else "否",
    )
