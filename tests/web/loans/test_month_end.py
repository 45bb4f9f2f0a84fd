"""The month-end page: started by the accountant, read by the auditor; every figure opens the loans it is made of."""

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from tests.loans.lives import COUNTY, SYSTEM, PostOf, at, life_of, rows_of_everything
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from zhubao.access.roles import Role
from zhubao.loans.models import Loan, MonthEndRun
from zhubao.loans.repaying import record_pension
from zhubao.loans.states import RUGAO
from zhubao.people.models import Person
from zhubao.procedures.month_end import close_month, run_month_end

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
DAY = date(2022, 7, 31)


@pytest.fixture
def two_loans(post_of: PostOf) -> None:
    """Lend twice; one is repaid from July 2022, the other borrower has died and nothing is settled."""
    for number, sequence in (("L1", 45), ("L2", 47)):
        life = life_of(RUGAO, post_of, name=number, sequence=sequence)
        life.year(2021)
        record_pension(life.loan.pk, date(2022, 7, 1), 180_000, "待遇发放文件", actor=SYSTEM, now=at(2022, 7, 5))
    Person.objects.filter(loans__number=Loan.objects.latest("pk").number).update(died_on=date(2022, 6, 1), died_source="民政")


def close() -> MonthEndRun:
    """Close July 2022 on the first of August."""
    return close_month(COUNTY, DAY, actor=SYSTEM, clock=lambda: at(2022, 8, 1)).run


def text_of(client: Client, address: str) -> str:
    """Return a page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_it_is_started_once_and_watched(two_loans: None, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr("zhubao.web.loans.month_end.close_month_soon", asked.append)
    accountant = signed_in(Role.AGENCY_ACCOUNTANT)
    first = accountant.post("/loans/month-end/start/", {"as_of": "2022-07-31"})
    run = MonthEndRun.objects.get()
    assert (first["Location"], asked) == (f"/loans/month-end/{run.pk}/", [run.pk])
    assert "hx-get" in text_of(accountant, first["Location"])
    # Somebody asks again while it waits: the same run, and its lock keeps the work single.
    accountant.post("/loans/month-end/start/", {"as_of": "2022-07-31"})
    assert asked == [run.pk, run.pk]
    assert accountant.get(f"{first['Location']}progress/").status_code == 200
    run_month_end(run.pk, clock=lambda: at(2022, 8, 1))
    assert accountant.get(f"{first['Location']}progress/")["HX-Refresh"] == "true"
    before = rows_of_everything()
    accountant.post("/loans/month-end/start/", {"as_of": "2022-07-31"})
    assert asked == [run.pk, run.pk]
    assert rows_of_everything() == before


@pytest.mark.parametrize(
    ("role", "as_of", "status"),
    [
        pytest.param(Role.AGENCY_ACCOUNTANT, "月底", 422, id="不是日期 no day"),
        pytest.param(Role.AGENCY_ACCOUNTANT, "", 422, id="没写日期 empty"),
        pytest.param(Role.AGENCY_ACCOUNTANT, "9999-12-31", 422, id="还没到的日子 a day to come"),
        pytest.param(Role.AUDITOR, "2022-07-31", 403, id="审计只看 the auditor reads"),
        pytest.param(Role.BANK_OFFICER, "2022-07-31", 403, id="银行不办 not the bank's"),
    ],
)
def test_what_cannot_be_started_changes_nothing(two_loans: None, signed_in: SignedIn, role: str, as_of: str, status: int) -> None:
    assert signed_in(role).post("/loans/month-end/start/", {"as_of": as_of}).status_code == status
    assert not MonthEndRun.objects.exists()


def test_every_figure_opens_its_loans(two_loans: None, signed_in: SignedIn) -> None:
    run = close()
    repaid, dead = Loan.objects.order_by("pk")
    address = f"/loans/month-end/{run.pk}/"
    for role in (Role.AGENCY_ACCOUNTANT, Role.AUDITOR):
        client = signed_in(role)
        assert address in text_of(client, "/loans/month-end/")
        for show, numbers in {
            "all": [repaid, dead], "held": [dead], "orders": [repaid], "interest": [repaid], "finance": [repaid],
            "borrower": [repaid], "owed": [repaid],
        }.items():  # fmt: skip
            page = text_of(client, f"{address}?show={show}")
            found = [loan for loan in (repaid, dead) if f"/loans/{loan.number}/" in page]
            assert found == numbers, show
        assert "E-DEATH-OPEN" in text_of(client, address)
    # 8 400 yuan at 4.9 % over 360: 546.51 are the government's to the pension, the borrower has 35.45 to the end of July.
    orders = text_of(signed_in(Role.AUDITOR), f"{address}?show=orders")
    for figure in ("581.96", "546.51", "35.45"):
        assert figure in orders
    assert signed_in(Role.BANK_OFFICER).get(address).status_code == 403
    assert signed_in(Role.AUDITOR).get("/loans/month-end/999/").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_read_in_the_browser(two_loans: None, page_at: Callable[[str], "Page"], axe: "Axe", language: str) -> None:
    run = close()
    open_run = MonthEndRun.objects.create(
        region_code=COUNTY, as_of=date(2022, 8, 31), started_at=at(2022, 9, 1), actor_name="会计", due=2
    )
    page: Any = page_at(Role.AGENCY_ACCOUNTANT)
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": page.url}])
    for address, name in (
        ("/loans/month-end/", "list"),
        (f"/loans/month-end/{open_run.pk}/", "running"),
        (f"/loans/month-end/{run.pk}/", "held"),
        (f"/loans/month-end/{run.pk}/?show=orders", "orders"),
    ):
        page.goto(address)
        assert accessible(axe, page) == [], name
        pictures(page, f"month-end-{name}-{language}")
        page.set_viewport_size({"width": 390, "height": 844})
        assert not too_wide(page), name
        page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("tbody a").first.click()
    expect(page).to_have_url(re.compile(f"/loans/{Loan.objects.earliest('pk').number}/$"))
