"""Pengshui's year 2022 in a browser, each actor in turn: from the departments' lists of January to the ledger closed to zero.

Five people of one village: 冉茂英 in extreme poverty (100 in full), 向朝贵 on dibao (70, 30 of his own), 田维珍 returned to poverty, who
paid all of it and gets 70 back, 谢德才 severely disabled (the former channel), and 廖文军, insured by an employer elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cases.lives import at
from tests.looking import pictures, too_wide
from tests.people.tables import number
from zhubao.access.actions import add_organisation
from zhubao.access.actors import Actor
from zhubao.access.models import Region
from zhubao.access.roles import OrganisationKind
from zhubao.accounts.selectors import balance
from zhubao.assistance.models import AssistanceClaim, AssistancePlan, DisabilitySettlement, PlanRow
from zhubao.demonstration.parameters import demonstration_parameters_for
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.self_pay_receipts import SelfPayReceipt
from zhubao.exchange.files.writing import write
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import trial_balance
from zhubao.people.actions import set_card
from zhubao.people.bulk import enter_insured_rows
from zhubao.people.models import Person
from zhubao.people.statements import InsuredRow, InsuredStatement, Origin
from zhubao.procedures import demonstration
from zhubao.programmes.actions import enter_figures

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COUNTY, VILLAGE = "500243", ("汉葭口街道", "新塘村")
PASSWORD = "a password for tests"
SYSTEM = Actor.system("test")
DESK, PHONE = (1280, 900), (390, 844)
CIVIL, RURAL, FEDERATION = "civil-affairs-pengshui", "rural-affairs-pengshui", "disabled-federation-pengshui"
REVIEWER, APPROVER = "agency-reviewer-pengshui", "agency-approver-pengshui"
FINANCE, SECOND_AT_FINANCE, TAX = "finance-clerk-pengshui", "finance-clerk-pengshui-2", "tax-clerk-pengshui"
TOWNSHIP, COMMITTEE = "township-clerk-pengshui-1", "committee-member-pengshui-11"
# Name, number, category, department's account, its name in the forms.
PEOPLE: tuple[tuple[str, str, str, str, str], ...] = (
    ("冉茂英", number("19750312", 411, COUNTY), "tekun", CIVIL, "civil_affairs"),
    ("向朝贵", number("19820705", 412, COUNTY), "dibao", CIVIL, "civil_affairs"),
    ("廖文军", number("19880606", 415, COUNTY), "dibao", CIVIL, "civil_affairs"),
    ("田维珍", number("19790920", 413, COUNTY), "return_to_poverty", RURAL, "rural_revitalisation"),
    ("谢德才", number("19850101", 414, COUNTY), "severe_disability", FEDERATION, "federation"),
)


@dataclass
class Year:
    """The browser, the clock, the work that waits in the background, and a folder for files."""

    page: "Page"
    clock: Callable[[datetime], None]
    work: Callable[[], int]
    folder: Path
    seen: int = 0

    def day(self, day: str) -> None:
        """Let it be the morning of a day in China."""
        self.clock(at(day, 9))

    def arrives(self, username: str, *path: str, phone: bool = False) -> None:
        """Have somebody sign in and go to a place by the navigation, then on by links whose address ends so."""
        self.page.set_viewport_size(dict(zip(("width", "height"), PHONE if phone else DESK, strict=True)))  # type: ignore[arg-type]
        self.page.context.clear_cookies()
        self.page.goto("/sign-in/")
        self.page.locator("#id_username").fill(username)
        self.page.locator("#id_password").fill(PASSWORD)
        self.press("main form button")
        for number_, address in enumerate(path):
            self.press(f'header nav a[href="{address}"]' if number_ == 0 else f'main a[href$="{address}"]')

    def press(self, where: str) -> None:
        """Press the first thing of a kind and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.locator(where).first.click()

    def sends(self, action: str, button: str = "button.go", **fields: str | Path) -> None:
        """Fill in the form with an address that ends so and send it; the page after it has no refusal."""
        form = self.page.locator(f'form[action$="{action}"]').first
        for name, value in fields.items():
            field = form.locator(f'[name="{name}"], [form="{form.get_attribute("id") or "-"}"][name="{name}"]').first
            if isinstance(value, Path):
                field.set_input_files(str(value))
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        with self.page.expect_navigation():
            form.locator(button).first.click()
        assert self.page.locator(".message.error, .errorlist").all_inner_texts() == []

    def look(self, what: str) -> None:
        """Keep a picture of the page; it does not leave the screen."""
        assert not too_wide(self.page), what
        self.seen += 1
        pictures(self.page, f"pengshui-{self.seen:02}-{what}")

    def file(self, name: str, content: bytes) -> Path:
        """Put a file where the browser finds it."""
        path = self.folder / name
        path.write_bytes(content)
        return path


@pytest.fixture
def year(page: "Page", clock: Callable[[datetime], None], work: Callable[[], int], tmp_path: Path) -> Year:
    """Return the county with its offices, its figures, and what the insurance register says of the five."""
    demonstration.open_every_office(password=PASSWORD)
    enter_figures(demonstration_parameters_for("pengshui"), actor=SYSTEM, now=demonstration.OPENED)
    january = at("2022-01-04", 9)
    rows = []
    for row, (name, id_number, *_rest) in enumerate(PEOPLE, 2):
        scheme, area = ("employee_pension", "440300") if name == "廖文军" else ("resident_pension", COUNTY)
        nothing: dict[str, Any] = {"student": False, "military": False, "imprisoned": False, "deceased": False}
        statement = InsuredStatement(
            scheme, date(2022, 1, 4), Origin("参保登记", "file:1", "参保", row), insured_area=area, **nothing
        )
        rows.append(InsuredRow(id_number, name, statement))
    enter_insured_rows(rows, region_code=COUNTY, actor=SYSTEM, now=january)
    bank = add_organisation(
        Region.objects.get(code=COUNTY), OrganisationKind.BANK, "演示合作银行彭水支行", actor=SYSTEM, now=january
    )
    person = Person.objects.get(name="田维珍")
    set_card(person.pk, bank.pk, "6217001000000000011", starts_on=date(2020, 1, 1), actor=SYSTEM, now=january)
    return Year(page, clock, work, tmp_path)


def plan() -> AssistancePlan:
    return AssistancePlan.objects.get()


def state(name: str) -> str:
    return PlanRow.objects.get(person__name=name).state


def test_from_the_lists_of_january_to_the_closed_ledger(year: Year) -> None:
    lists(year)
    the_plan(year)
    the_money_of_the_people(year)
    the_money_of_the_county(year)
    the_former_channel(year)
    closing(year)
    books(year)


def lists(year: Year) -> None:
    """Three departments hand their four lists in and answer for them."""
    year.day("2022-01-05")
    for category, account, certifier in dict.fromkeys((each[2], each[3], each[4]) for each in PEOPLE):
        lines = ["姓名,身份证号,残疾等级,乡镇,村"]
        lines += [f"{name},{id_number},一级,{','.join(VILLAGE)}" for name, id_number, of, *_rest in PEOPLE if of == category]
        sent = year.file(f"{category}.csv", "\n".join(lines).encode("utf-8-sig"))
        year.arrives(account, "/department/")
        year.sends("/hand-in/", certified=f"{COUNTY}/{category}/{certifier}", listed_on="2022-01-05", sent=sent)
        year.work()
        year.page.reload()
        year.look(f"list-{category}")
        year.sends("/certify/", statement="已逐人核对，真实完整")
        year.work()


def the_plan(year: Year) -> None:
    """The reviewer opens and reckons the plan, another publishes it; it goes out to tax and the township."""
    year.day("2022-01-10")
    year.arrives(REVIEWER, "/assistance/")
    year.sends("/open/", policy="pengshui-2022", year="2022")
    year.sends("/reckon/", as_of="2022-01-10")
    year.work()
    year.arrives(APPROVER, "/assistance/", f"/assistance/{plan().pk}/")
    year.look("plan")
    year.sends("/publish/")
    assert [state(each[0]) for each in PEOPLE] == ["planned", "planned", "excluded", "planned", "planned"]
    year.day("2022-01-13")
    year.arrives(REVIEWER, "/collection/", f"/collection/{plan().pk}/")
    year.sends("/hand-out/")
    year.look("handed-out")
    year.arrives(FINANCE, "/collection/", f"/collection/{plan().pk}/", "/claims/")
    year.sends("/budget/", "button", amount="1000.00", document="彭财社〔2022〕1号", on="2022-01-13")


def the_money_of_the_people(year: Year) -> None:
    """The village calls on the household that owes; tax hands in who paid, one of them everything; that one is refunded."""
    year.day("2022-05-10")
    year.arrives(TOWNSHIP, "/closing_out/", phone=True)
    year.sends("/calls/", "button")
    year.arrives(COMMITTEE, "/closing_out/", phone=True)
    year.look("village")
    year.page.goto(f"/closing_out/people/{PlanRow.objects.get(person__name='向朝贵').pk}/")
    year.sends("/call/", said="本周去镇上缴", way="visit", on="2022-05-10")
    year.look("household")
    year.day("2022-05-20")
    tax_sends(year, "self_pay_receipts", [receipt("向朝贵", 30, "S1"), receipt("田维珍", 100, "S2")])
    assert (state("向朝贵"), state("田维珍")) == ("self_paid", "self_full")
    year.arrives(REVIEWER, "/collection/", f"/collection/{plan().pk}/", "/refunds/")
    year.sends("/refunds/draw-up/")
    year.day("2022-05-27")
    year.arrives(RURAL, "/collection/", f"/collection/{plan().pk}/", "/refunds/")
    year.page.locator('[name="refund"]').check()
    year.page.locator('[form="pay"][name="reference"]').fill("退0527")
    year.look("refunds")
    year.press('button[form="pay"]')
    assert state("田维珍") == "refunded"


def the_money_of_the_county(year: Year) -> None:
    """Tax's data of September, civil affairs' word and claim, two people at finance, tax's allocation."""
    year.day("2022-09-05")
    year.arrives(TAX, "/collection/", f"/collection/{plan().pk}/")
    with year.page.expect_download() as download:
        year.page.locator('form[action$="/prepared/"] button').first.click()
    prepared = year.file("actual.xlsx", Path(download.value.path()).read_bytes())
    year.sends("/upload/", kind="actual_on_behalf", sent=prepared)
    year.work()
    assert (state("冉茂英"), state("向朝贵")) == ("actual_listed", "actual_listed")
    year.day("2022-09-15")
    year.arrives(CIVIL, "/collection/", f"/collection/{plan().pk}/", "/verification/")
    year.look("verification")
    year.sends("/decide/", 'button[value="all"]')
    year.arrives(CIVIL, "/collection/", f"/collection/{plan().pk}/", "/claims/")
    year.sends("/claims/submit/")
    claim = AssistanceClaim.objects.get()
    assert claim.total_fen == 170_00
    year.day("2022-09-26")
    for account, verb, fields in (
        (FINANCE, "check", {}),
        (SECOND_AT_FINANCE, "approve", {}),
        (FINANCE, "pay", {"on": "2022-09-26", "reference": "国库88"}),
        (TAX, "allocate", {"count": "2", "total": "170.00", "on": "2022-09-26", "reference": "税9"}),
    ):
        year.arrives(account, "/collection/", f"/collection/{plan().pk}/", "/claims/", f"/collection/claims/{claim.number}/")
        year.sends(f"/steps/{verb}/", **fields)
    year.look("claim")
    assert (state("冉茂英"), state("向朝贵")) == ("credited", "credited")


def the_former_channel(year: Year) -> None:
    """City and county settle what they owe for the severely disabled."""
    year.day("2022-12-12")
    year.arrives(FINANCE, "/collection/", f"/collection/{plan().pk}/", "/disability/")
    year.sends("/draw-up/")
    year.arrives(SECOND_AT_FINANCE, "/collection/", f"/collection/{plan().pk}/", "/disability/")
    year.sends("/settle/", on="2022-12-12", reference="结算1")
    year.look("disability")
    settled = DisabilitySettlement.objects.get()
    assert (settled.city_fen, settled.county_fen) == (60_00, 40_00)


def closing(year: Year) -> None:
    """The township closes out by receipts and vouchers, the village the one who is excluded by a paper, and the year is closed."""
    year.day("2022-12-28")
    year.arrives(TOWNSHIP, "/closing_out/", phone=True)
    year.sends("/receipts/")
    year.look("township")
    assert {name for name, *_rest in PEOPLE if state(name) != "closed_out"} == {"廖文军"}
    year.arrives(COMMITTEE, "/closing_out/", phone=True)
    year.page.goto(f"/closing_out/people/{PlanRow.objects.get(person__name='廖文军').pk}/")
    year.sends("/close/", reference="深圳参保证明", on="2022-12-28")
    year.look("closed-out")
    assert set(PlanRow.objects.values_list("state", flat=True)) == {"closed_out"}
    year.arrives(APPROVER, "/closing_out/")
    year.press('main a[href*="/closing_out/coverage/"]')
    year.look("coverage")
    year.sends("/close-year/")
    assert plan().state == "closed"


def books(year: Year) -> None:
    """Every party's books balance, and the five accounts hold what was paid for them, by its source."""
    for party in Party:
        assert sum(each.fen for each in trial_balance(SYSTEM, COUNTY, party=party)) == 0
    held = {each[0]: balance(Person.objects.get(name=each[0]), date(2022, 12, 31)).by_source for each in PEOPLE}
    assert held == {
        "冉茂英": {"on_behalf": 100_00},
        "向朝贵": {"own": 30_00, "on_behalf": 70_00},
        "廖文军": {},
        "田维珍": {"own": 30_00, "on_behalf": 70_00},
        "谢德才": {"on_behalf": 100_00},
    }


def receipt(name: str, yuan: int, number_: str) -> SelfPayReceipt:
    id_number = next(each[1] for each in PEOPLE if each[0] == name)
    return SelfPayReceipt(number_, name, id_number, 2022, 100_00, yuan * 100, date(2022, 5, 18))


def tax_sends(year: Year, kind: str, rows: list[Any]) -> None:
    """Have tax hand a file in on the page of the plan; what waits is done."""
    sent = year.file(f"{kind}.csv", write(layout_of(kind), Head("S1", "", "", "核对"), rows, "csv"))
    year.arrives(TAX, "/collection/", f"/collection/{plan().pk}/")
    year.sends("/upload/", kind=kind, sent=sent)
    year.work()
    year.look(kind)
