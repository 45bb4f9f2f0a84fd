"""Lives of Jiangxi and Tongling applicants a clerk could check, and the way of a case up to the bank's counter.

Jiangxi: 沈志远, born 1968-09-03, 160 months paid by October 2026. Under the reform a man born in September 1968 reaches his age in
September 2029; the 36 months till then bring him to 196, and he needs 180. Lowest tier 800 yuan a month: 9 600 a year.
Tongling: 吴大勇, born 1971-03-08, pays 3 000 yuan a year.
"""

from datetime import date
from typing import Any

from tests.people.tables import SYSTEM, number
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.actions import agency, bank, intake, tongling
from zhubao.cases.contract import Terms
from zhubao.cases.models import Case
from zhubao.cases.promises import Promises
from zhubao.parameters import Parameter
from zhubao.people.actions import register_person, set_card
from zhubao.people.models import Person
from zhubao.people.recording import certify, record_insured
from zhubao.people.statements import IdentityStatement, InsuredStatement, Origin
from zhubao.programmes.actions import enter_figures
from zhubao.programmes.bank_actions import Bid, record_cooperation, record_selection

from .lives import at
from .offices import JIANGXI_COUNTY, TONGLING_COUNTY, Offices, ask

JIANGXI, TONGLING = "jiangxi-2020-7", "tongling-2022-13"
REGISTER = Origin("参保登记 2026-09-30")
FIRST, MONDAY = date(2026, 1, 1), "2026-10-12"
DAY = date(2026, 10, 12)
SIGNED: dict[str, Any] = {
    "phone": "13900000001",
    "truth_declared_on": DAY,
    "sharing_agreed_on": DAY,
    "signed_on": DAY,
    "signed_how": "paper",
}
JIANGXI_TERMS = Terms(
    need_fen=28_800_00,
    amount_fen=28_800_00,
    years=4,
    rate_ppm=30_000,
    disbursement="card_account",
    method="pension_monthly",
    grace_months=36,
    repay_months=60,
    instalment_fen=600_00,
)
TONGLING_TERMS = Terms(
    need_fen=15_000_00,
    amount_fen=15_000_00,
    years=5,
    rate_ppm=45_000,
    disbursement="card_to_collection",
    method="pension_monthly",
    grace_months=53,
    repay_months=120,
    instalment_fen=150_00,
)
JIANGXI_PROMISES = Promises(deduction_agreed_on=DAY, account_locked_on=DAY)
TONGLING_PROMISES = JIANGXI_PROMISES


def figures() -> None:
    """Enter the figures of both places: Jiangxi's lowest tier and base of 2026, Tongling's tiers and basic pension."""
    rows = [
        ("lowest_tier_monthly_fen", "360000", 800_00),
        ("calc_base_fen", "360000", 7200_00),
        ("lowest_tier_yearly_fen", "340700", 200_00),
        ("basic_pension_fen", "340700", 220_00),
    ]
    entries = [Parameter(name, value, "fen", area, FIRST, None, "测试用数", decided_by="测试") for name, area, value in rows]
    enter_figures(entries, actor=SYSTEM, now=at("2026-09-01"))


def man(
    serial: int = 17,
    *,
    listed: bool = True,
    card: bool = True,
    paid: int = 160,
    scheme: str = "employee_pension",
    hukou: str = JIANGXI_COUNTY,
) -> Person:
    """Register 沈志远 of Leping. `listed`: on the civil affairs' list of urban dibao. `card`: his card account is at the county's bank."""
    now = at("2026-09-30")
    person = register_person(
        number("19680903", serial, JIANGXI_COUNTY), "沈志远", region_code=JIANGXI_COUNTY, hukou_code=hukou,
        hukou_source="户口簿", actor=SYSTEM, now=now,
    )  # fmt: skip
    insured(person, scheme, JIANGXI_COUNTY, paid, account_fen=30_000_00)
    if listed:
        source = Origin("城镇低保名册", "file:1", "城镇低保", 17)
        certify(person.pk, IdentityStatement("urban_dibao", "civil_affairs", source, FIRST), actor=SYSTEM, now=now)
    if card:
        keep_card(person, the_bank(JIANGXI_COUNTY))
    return person


def put_on_roster(person: Person, starts_on: date = FIRST) -> None:
    """Have the civil affairs' list of urban dibao arrive with the person on it."""
    statement = IdentityStatement("urban_dibao", "civil_affairs", Origin("城镇低保名册"), starts_on)
    certify(person.pk, statement, actor=SYSTEM, now=at(MONDAY))


def resident(serial: int = 31, *, scheme: str = "resident_pension", paid: int = 120) -> Person:
    """Register 吴大勇 of Tongling: born 1971-03-08, ten years paid, 12 000 yuan in his account."""
    person = register_person(
        number("19710308", serial, TONGLING_COUNTY), "吴大勇", region_code=TONGLING_COUNTY, actor=SYSTEM, now=at("2026-09-30")
    )
    insured(person, scheme, TONGLING_COUNTY, paid, account_fen=12_000_00)
    keep_card(person, the_bank(TONGLING_COUNTY))
    return person


def insured(person: Person, scheme: str, area: str, paid: int, *, account_fen: int | None) -> None:
    """Enter what the register says on 30 September 2026."""
    statement = InsuredStatement(
        scheme, date(2026, 9, 30), REGISTER, participation_type="flexible", insured_area=area, paid_months=paid,
        deemed_months=0, deemed_confirmed=True, receiving_pension=False, account_fen=account_fen, index_ppm=600_000,
    )  # fmt: skip
    record_insured(person.pk, statement, actor=SYSTEM, now=at("2026-09-30"))


def child(name: str = "吴小军", born: str = "19960502", serial: int = 11) -> Person:
    """Register somebody who may sign beside 吴大勇."""
    return register_person(
        number(born, serial, TONGLING_COUNTY), name, region_code=TONGLING_COUNTY, actor=SYSTEM, now=at("2026-09-30")
    )


def the_bank(area: str) -> Organisation:
    """Return the county's first bank."""
    return Organisation.objects.filter(kind=OrganisationKind.BANK, region_id=area).earliest("pk")


def second_bank(area: str) -> Organisation:
    """Open another bank of the county."""
    return Organisation.objects.get_or_create(kind=OrganisationKind.BANK, region_id=area, name=f"{area} 第二家银行")[0]


def keep_card(person: Person, at_bank: Organisation) -> None:
    """Keep the account of the person's social security card at a bank."""
    set_card(person.pk, at_bank.pk, f"62281234{person.pk:08d}", starts_on=FIRST, actor=SYSTEM, now=at("2026-09-30"))


def cooperate(at_bank: Organisation, *policies: str, **papers: Any) -> None:
    """Register a bank with every paper the programmes want, less those given as empty."""
    kept: dict[str, Any] = {
        "card_partner": True,
        "agreement": "合〔2026〕3号",
        "agreed_on": FIRST,
        "confidentiality": "密〔2026〕3号",
        "confidential_from": FIRST,
        "pension_account": "32060001000123",
    }
    now, region = at("2026-02-01"), at_bank.region_id
    record_cooperation(at_bank.pk, policies, region_code=region, starts_on=FIRST, actor=SYSTEM, now=now, **(kept | papers))
    for policy in policies:
        if policy != JIANGXI:
            record_selection(
                policy, [Bid(at_bank.pk, 90, chosen=True)], region_code=region, decided_on=FIRST, document=f"选〔2026〕{at_bank.pk}号",
                reason="评分最高", actor=SYSTEM, now=now,
            )  # fmt: skip


def handed_in(offices: Offices, person: Person, policy: str = JIANGXI, **form: Any) -> Case:
    """Take an application in at the counter of the agency (Jiangxi) or of the bank (Tongling)."""
    jiangxi = policy == JIANGXI
    clerk = offices.at(Role.AGENCY_INTAKE if jiangxi else Role.BANK_OFFICER, other=not jiangxi)
    channel, now = "counter" if jiangxi else "bank", at(MONDAY, 8)
    case = intake.open_case(person, policy, channel=channel, request=ask(), actor=clerk, now=now)
    own = {"inability_declared_on": DAY} if jiangxi else {"tier_fen": 3000_00, "years_asked": 5, "children": 1}
    intake.fill_application(case.pk, SIGNED | own | form, actor=clerk, now=now)
    return intake.submit(case.pk, request=ask(), actor=clerk, now=now)


def proposed(offices: Offices, person: Person, **form: Any) -> Case:
    """Have the agency's reviewer look at a Jiangxi application."""
    case = handed_in(offices, person, **form)
    return agency.propose(case.pk, request=ask(), actor=offices.at(Role.AGENCY_REVIEWER), now=at(MONDAY))


def qualified(offices: Offices, person: Person, **form: Any) -> Case:
    """Have both decisions of Jiangxi made as the verdict says."""
    case = proposed(offices, person, **form)
    return agency.decide(case.pk, "granted", request=ask(), actor=offices.at(Role.AGENCY_APPROVER), now=at(MONDAY))


def pushed(offices: Offices, person: Person, **form: Any) -> Case:
    """Have a Jiangxi case sent to its bank."""
    case = qualified(offices, person, **form)
    return agency.push(case.pk, request=ask(), actor=offices.at(Role.AGENCY_REVIEWER), now=at(MONDAY))


def estimated(offices: Offices, person: Person, **form: Any) -> Case:
    """Have the agency give its estimate in a Tongling case."""
    case = handed_in(offices, person, TONGLING, **form)
    return tongling.estimate(case.pk, request=ask(), actor=offices.at(Role.AGENCY_REVIEWER), now=at(MONDAY))


def assessed(offices: Offices, case: Case, terms: Terms | None = None, day: str = MONDAY) -> Case:
    """Have the bank's officer prepare the terms."""
    terms = terms or (JIANGXI_TERMS if case.policy_id == JIANGXI else TONGLING_TERMS)
    return bank.bank_assess(case.pk, terms, request=ask(), actor=offices.at(Role.BANK_OFFICER), now=at(day))


def approved(offices: Offices, case: Case, terms: Terms | None = None, day: str = MONDAY) -> Case:
    """Have the bank's reviewer approve the offer."""
    case = assessed(offices, case, terms, day)
    return bank.bank_decide(case.pk, "approve", request=ask(), actor=offices.at(Role.BANK_REVIEWER), now=at(day))


def signed(offices: Offices, case: Case, number: str = "助2026-001", day: str = MONDAY, **more: Any) -> Case:
    """Have borrower and bank sign."""
    promises = more.pop("promises", JIANGXI_PROMISES)
    return bank.sign(
        case.pk, number, date.fromisoformat(day), promises, request=ask(), actor=offices.at(Role.BANK_OFFICER), now=at(day), **more
    )  # fmt: skip


def beside(offices: Offices, case: Case, person: Person, relation: str = "child", consents: bool = True) -> Case:
    """Name somebody beside the borrower, who consents."""
    officer, now = offices.at(Role.BANK_OFFICER), at(MONDAY)
    tongling.add_co_borrower(case.pk, person, relation, request=ask(), actor=officer, now=now)
    if consents:
        tongling.record_consent(case.pk, person.pk, DAY, request=ask(), actor=officer, now=now)
    return case
