"""Synthetic people in households: a deterministic stream, the same for the same count, seed and region.

Distributions are demonstration choices: ages and household shapes of a county that the young have left, hardship by
`regions.Shares`, statuses by the constants below. Nothing is estimated from real records.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Literal

from .names import Names, Sex
from .numbers import NumberIssuer
from .regions import DEMONSTRATION_DAY, ELSEWHERE, ELSEWHERE_PERCENT, REGIONS, VILLAGES, Region, RegionKey

Scheme = Literal["employee_pension", "resident_pension", "institution_pension", "none"]
Participation = Literal["flexible", "employer"]
Kind = Literal[
    "special_hardship", "dibao", "returned_to_poverty", "disabled", "lifted_out", "monitored",
    "unemployed", "expenditure_poor", "low_income", "poor_worker", "subsidised",
]  # fmt: skip

CERTIFIERS: dict[Kind, str] = {
    "special_hardship": "civil_affairs",
    "dibao": "civil_affairs",
    "returned_to_poverty": "rural_revitalisation",
    "disabled": "federation",
    "lifted_out": "rural_revitalisation",
    "monitored": "rural_revitalisation",
    "unemployed": "hrss",
    "expenditure_poor": "civil_affairs",
    "low_income": "civil_affairs",
    "poor_worker": "trade_union",
    "subsidised": "hrss",
}

# Per mille of persons of the ages concerned.
MILITARY = 20
IMPRISONED = 4
DECEASED_UNDER_60 = 4
DECEASED_FROM_60 = 25
EMPLOYEE_BESIDE_RESIDENT = 20
INSURED_ELSEWHERE = 25
RESIDENT_TIERS = ((10_000, 48), (20_000, 18), (30_000, 12), (50_000, 11), (100_000, 6), (200_000, 5))


@dataclass(frozen=True, slots=True)
class Identity:
    """A hardship identity as a department keeps it: in force from `starts` to `ends` (both inclusive; None = still)."""

    kind: Kind
    certifier: str
    starts: date
    ends: date | None = None
    certificate: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DisabilityCertificate:
    """A disability certificate: 20 characters, or 22 after a re-issue; kind 1–7, grade 1 (heaviest) to 4."""

    number: str
    kind: int
    grade: int
    issued: date
    expires: date
    status: Literal["正常", "过期", "注销", "冻结"]


@dataclass(frozen=True, slots=True)
class SyntheticPerson:
    """One invented person with everything the registers, rosters and applications of a demonstration show."""

    region: RegionKey
    serial: int
    name: str
    id_number: str
    birth: date
    sex: Sex
    ethnic_group: str
    hukou: str
    residence: str
    township: str
    village: str
    urban: bool
    household: str
    head_name: str
    head_id_number: str
    relation: str
    household_size: int
    scheme: Scheme
    participation: Participation | None
    insured_locality: str
    also_employee: bool
    paid_months: int
    deemed_months: int
    deemed_confirmed: bool
    tier_fen: int | None
    paid_fen: int
    account_fen: int
    student: bool = False
    military: bool = False
    imprisoned: bool = False
    deceased: bool = False
    deceased_on: date | None = None
    employed: bool = False
    identities: tuple[Identity, ...] = ()
    disability: DisabilityCertificate | None = None

    def age(self, on: date) -> int:
        """Return whole years lived on `on`."""
        return on.year - self.birth.year - ((on.month, on.day) < (self.birth.month, self.birth.day))

    def identity(self, kind: Kind) -> Identity | None:
        """Return the identity of that kind, whether still in force or ended, or None."""
        return next((identity for identity in self.identities if identity.kind == kind), None)

    @property
    def status(self) -> str:
        """Return the 人员状态 of the insured file."""
        if self.deceased:
            return "死亡"
        if self.imprisoned:
            return "服刑"
        if self.military:
            return "现役军人"
        return "在校学生" if self.student else "正常"


# (weight, members as (relation, sex or None, years younger than the head)).
_Shape = tuple[int, tuple[tuple[str, Sex | None, int], ...]]
_SHAPES: tuple[_Shape, ...] = (
    (18, (("户主", None, 0),)),
    (24, (("户主", "male", 0), ("配偶", "female", 2))),
    (24, (("户主", "male", 0), ("配偶", "female", 2), ("子女", None, 25))),
    (16, (("户主", "male", 0), ("配偶", "female", 1), ("子女", None, 24), ("子女", None, 28))),
    (8, (("户主", "female", 0), ("子女", None, 24))),
    (10, (("户主", "male", 0), ("配偶", "female", 3), ("子女", None, 26), ("母亲", "female", -24))),
)
_SEXES: tuple[Sex, Sex] = ("male", "female")
_HEAD_AGES = ((26, 39, 18), (40, 49, 22), (50, 59, 32), (60, 69, 18), (70, 88, 10))


def people(
    count: int,
    seed: int,
    region: RegionKey,
    *,
    on: date = DEMONSTRATION_DAY,
    issuer: NumberIssuer | None = None,
) -> Iterator[SyntheticPerson]:
    """Yield exactly `count` people of `region` as they stand on `on`.

    Pass one `issuer` to several calls to keep citizen numbers unique across them.
    """
    return islice(_stream(seed, REGIONS[region], on, issuer or NumberIssuer()), count)


def _stream(seed: int, region: Region, on: date, issuer: NumberIssuer) -> Iterator[SyntheticPerson]:
    rng = Random(f"zhubao demonstration {seed} {region.key}")
    names = Names(region.local_surnames)
    serial = household = 0
    while True:
        household += 1
        for person in _household(rng, names, region, household, on, issuer):
            serial += 1
            yield replace(person, serial=serial)


def _household(rng: Random, names: Names, region: Region, number: int, on: date, issuer: NumberIssuer) -> list[SyntheticPerson]:
    shape = rng.choices([members for _, members in _SHAPES], [weight for weight, _ in _SHAPES])[0]
    low, high, _ = rng.choices(_HEAD_AGES, [band[2] for band in _HEAD_AGES])[0]
    head_age = rng.randint(low, high)
    township, village = rng.choice(region.townships), rng.choice(VILLAGES)
    urban = rng.randrange(100) < region.urban_percent
    household_identities = tuple(_household_identities(rng, region, urban, number, on))
    household = f"{region.code}{number:07d}"
    ethnic_group = rng.choices([group for group, _ in region.ethnic_groups], [weight for _, weight in region.ethnic_groups])[0]
    family_surname: str | None = None
    head_name = head_number = ""
    members: list[SyntheticPerson] = []
    for relation, fixed_sex, younger in shape:
        age = head_age - younger + (rng.randint(-3, 3) if younger else 0)
        if not 0 <= age <= 104:
            continue
        sex = rng.choice(_SEXES) if fixed_sex is None else fixed_sex
        birth = on - timedelta(days=age * 365 + age // 4 + rng.randrange(1, 365))
        birth, id_number = issuer.issue(_number_code(rng, region, birth.year), birth, sex)
        own_surname = family_surname if relation == "子女" else None
        name = names.full_name(rng, sex, birth.year, own_surname)
        if relation == "户主":
            head_name, head_number = name, id_number
            family_surname = None if "·" in name else name[0]
        person = SyntheticPerson(
            region=region.key,
            serial=0,
            name=name,
            id_number=id_number,
            birth=birth,
            sex=sex,
            ethnic_group=ethnic_group,
            hukou=region.code if rng.randrange(100) < 97 else rng.choice(ELSEWHERE),
            residence=region.code if rng.randrange(100) < 96 else rng.choice(ELSEWHERE),
            township=township,
            village=village,
            urban=urban,
            household=household,
            head_name=head_name,
            head_id_number=head_number,
            relation=relation,
            household_size=len(shape),
            scheme="none",
            participation=None,
            insured_locality=region.code,
            also_employee=False,
            paid_months=0,
            deemed_months=0,
            deemed_confirmed=True,
            tier_fen=None,
            paid_fen=0,
            account_fen=0,
            identities=household_identities,
        )
        members.append(_with_hardship(rng, region, _with_insurance(rng, region, _with_status(rng, person, on), on), on))
    return members


def _number_code(rng: Random, region: Region, year: int) -> str:
    if rng.randrange(100) < ELSEWHERE_PERCENT:
        return rng.choice(ELSEWHERE)
    fitting = [code for code in region.number_codes if code.born_from <= year <= code.born_to]
    return rng.choices(fitting, [code.weight for code in fitting])[0].code


def _with_status(rng: Random, person: SyntheticPerson, on: date) -> SyntheticPerson:
    age = person.age(on)
    draw = rng.randrange(1000)
    if draw < (DECEASED_FROM_60 if age >= 60 else DECEASED_UNDER_60):
        return replace(person, deceased=True, deceased_on=on - timedelta(days=rng.randrange(20, 700)))
    if age < 23:
        return replace(person, student=age >= 6 and draw < (950 if age < 16 else 700 if age < 19 else 400))
    if age < 26 and person.sex == "male" and draw >= 1000 - 2 * MILITARY:
        return replace(person, military=True)
    if age < 60 and draw >= 1000 - IMPRISONED:
        return replace(person, imprisoned=True)
    return replace(person, employed=age < 60 and draw < 640)


def _with_insurance(rng: Random, region: Region, person: SyntheticPerson, on: date) -> SyntheticPerson:
    age = person.age(on)
    draw = rng.randrange(1000)
    if age < 16 or (person.student and draw < 800) or draw >= 940:
        return person
    if draw < region.shares.employee_scheme:
        flexible = rng.randrange(100) < 45
        paid = int((age - 16) * 12 * rng.uniform(0.15, 0.9))
        deemed = rng.randrange(6, 84) if age >= 48 and rng.randrange(100) < 20 else 0
        return replace(
            person,
            scheme="employee_pension",
            participation="flexible" if flexible else "employer",
            paid_months=paid,
            deemed_months=deemed,
            deemed_confirmed=deemed == 0 or rng.randrange(100) < 70,
            account_fen=paid * rng.randrange(18_000, 42_000),
        )
    if person.urban and draw >= 910:
        return replace(person, scheme="institution_pension", participation="employer", paid_months=(age - 16) * 9)
    tier = rng.choices([tier for tier, _ in RESIDENT_TIERS], [weight for _, weight in RESIDENT_TIERS])[0]
    years = min(max(0, on.year - 2010), max(0, age - 16))
    return replace(
        person,
        scheme="resident_pension",
        insured_locality=rng.choice(ELSEWHERE) if rng.randrange(1000) < INSURED_ELSEWHERE else region.code,
        also_employee=16 <= age < 60 and rng.randrange(1000) < EMPLOYEE_BESIDE_RESIDENT,
        paid_months=years * 12,
        tier_fen=tier if age < 60 else None,
        paid_fen=tier if age < 60 and rng.randrange(100) < 45 else 0,
        account_fen=years * (tier + 3_000),
    )


def _household_identities(rng: Random, region: Region, urban: bool, number: int, on: date) -> Iterator[Identity]:
    shares = region.shares
    if rng.randrange(1000) < shares.dibao:
        detail = rng.choice(("A类", "B类", "C类"))
        yield _dated(rng, "dibao", on, years=9, certificate=f"演示低保{region.code}{number:06d}", detail=detail)
    if rng.randrange(1000) < shares.lifted_out:
        yield Identity(
            "lifted_out", "civil_affairs" if urban and region.key == "jiangxi" else CERTIFIERS["lifted_out"],
            date(rng.randint(2014, 2017), rng.randint(1, 12), 1), detail="脱贫户",
        )  # fmt: skip
    if rng.randrange(1000) < shares.monitored:
        yield _dated(rng, "monitored", on, years=4, detail=rng.choice(("脱贫不稳定户", "边缘易致贫户", "突发严重困难户")))
    if rng.randrange(1000) < shares.low_income:
        yield _dated(rng, "low_income", on, years=4)
    if rng.randrange(1000) < shares.expenditure_poor:
        yield _dated(rng, "expenditure_poor", on, years=2)


def _dated(rng: Random, kind: Kind, on: date, *, years: int, certificate: str | None = None, detail: str = "") -> Identity:
    """Return an identity that began within `years` before `on`; about one in twelve has ended since."""
    starts = (on - timedelta(days=rng.randrange(40, years * 365))).replace(day=1)
    ended = rng.randrange(12) == 0
    ends = starts + timedelta(days=rng.randrange(1, max(2, (on - starts).days))) if ended else None
    return Identity(kind, CERTIFIERS[kind], starts, ends, certificate, detail)


def _with_hardship(rng: Random, region: Region, person: SyntheticPerson, on: date) -> SyntheticPerson:
    shares, age = region.shares, person.age(on)
    own: list[Identity] = list(person.identities)
    disability = None
    single = person.household_size == 1
    if rng.randrange(1000) < shares.special_hardship * (4 if single and age >= 50 else 1 if single or age >= 60 else 0):
        own.append(_dated(rng, "special_hardship", on, years=12, certificate=f"演示特困{person.id_number[-8:]}"))
    if rng.randrange(1000) < shares.returned_to_poverty:
        own.append(_dated(rng, "returned_to_poverty", on, years=2))
    if rng.randrange(1000) < shares.disabled:
        disability = _disability(rng, person, on)
        ends = None if disability.status == "正常" else min(disability.expires, on)
        own.append(Identity("disabled", "federation", disability.issued, ends, disability.number))
    if 25 <= age < 60 and not person.employed and not person.student:
        if rng.randrange(1000) < 4 * shares.unemployed:
            detail = rng.choice(("国有", "集体", "私营"))
            own.append(_dated(rng, "unemployed", on, years=3, certificate=f"演示就创{person.id_number[-8:]}", detail=detail))
        if rng.randrange(1000) < 3 * shares.poor_worker:
            own.append(_dated(rng, "poor_worker", on, years=3, certificate=f"演示特职{person.id_number[-8:]}"))
    return replace(person, identities=tuple(own), disability=disability)


def _disability(rng: Random, person: SyntheticPerson, on: date) -> DisabilityCertificate:
    kind = rng.choices(range(1, 8), (12, 10, 3, 48, 10, 12, 5))[0]
    grade = rng.choices((1, 2, 3, 4), (16, 26, 28, 30))[0]
    reissue = f"B{rng.randint(1, 3)}" if rng.randrange(100) < 18 else ""
    status: Literal["正常", "过期", "注销", "冻结"] = rng.choices(("正常", "过期", "注销", "冻结"), (92, 4, 2, 2))[0]
    earliest = max(person.birth, on - timedelta(days=9 * 365))
    issued = earliest + timedelta(days=rng.randrange(max(1, (on - earliest).days)))
    # A certificate runs ten years; an expired one was issued more than ten years ago, so its holder is no small child.
    if status == "过期":
        issued = on - timedelta(days=rng.randrange(3_700, 4_300))
        status = "过期" if issued > person.birth else "正常"
        issued = max(issued, earliest) if status == "正常" else issued
    expires = issued + timedelta(days=3_652)
    return DisabilityCertificate(f"{person.id_number}{kind}{grade}{reissue}", kind, grade, issued, expires, status)
