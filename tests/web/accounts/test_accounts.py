"""Ten years of an account on the agency's pages and on the citizen's own; rate, trial and approval; the subsidy table and its lists."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.looking import accessible, pictures, too_wide
from tests.people.tables import SYSTEM, number
from zhubao.access import clock
from zhubao.access.models import Post, User
from zhubao.access.roles import Role
from zhubao.accounts.actions import Credit, credit_many
from zhubao.accounts.interest import actions
from zhubao.accounts.models import Account, InterestRun, SubsidyRun
from zhubao.accounts.selectors import balance
from zhubao.people.actions import open_citizen_account, register_person
from zhubao.people.models import Person
from zhubao.procedures import jobs
from zhubao.procedures.account_interest import run_posting, run_trial
from zhubao.tasks.models import Task

SignedIn = Callable[[str], Client]
COUNTY = "320682"
RATES = (43_700, 37_600, 33_000, 29_500, 27_000, 26_000, 25_000, 21_000, 19_000, 15_000)


@pytest.fixture
def person(county: list[Post]) -> Person:
    """Somebody whose ten years up to the last were paid in by themself, a loan and the government, without interest so far."""
    last = clock.today().year - 1
    person = register_person(number("19690312", 26), "顾金凤", region_code=f"{COUNTY}108201", actor=SYSTEM, now=clock.now())
    lines = []
    for year in range(last - 9, last + 1):
        source, lot = ("loan", "TL2021-1") if year > last - 4 else ("own", "")
        lines.append(Credit(person.pk, source, 300_000, date(year, 4, 12), f"paid:{year}", "1", lot))
        lines.append(Credit(person.pk, "subsidy", 20_000, date(year, 4, 12), f"subsidy:{year}", "1"))
    credit_many(lines, actor=SYSTEM, now=clock.now())
    return person


@pytest.fixture
def with_interest(person: Person) -> Person:
    """The same person after nine years of interest; the last year is still to be tried."""
    last = clock.today().year - 1
    for year, ppm in zip(range(last - 9, last + 1), RATES, strict=True):
        actions.enter_rate(COUNTY, year, ppm, f"省人社厅 {year} 年记账利率通告", actor=SYSTEM, now=clock.now())
        if year < last:
            run = actions.reckon_trial(actions.open_trial(COUNTY, year, actor=SYSTEM, now=clock.now()).pk, now=clock.now())
            actions.post_interest(actions.approve(run.pk, actor=SYSTEM, now=clock.now()).pk, now=clock.now())
    return person


@pytest.fixture(autouse=True)
def done_at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Do what the pages put into the background at once."""
    monkeypatch.setattr("zhubao.web.accounts.interest.try_account_interest_soon", lambda pk: run_trial(pk, clock=clock.now))
    monkeypatch.setattr("zhubao.web.accounts.interest.post_account_interest_soon", lambda pk: run_posting(pk, clock=clock.now))
    yield
    assert jobs.try_account_interest.queue == jobs.post_account_interest.queue == "month-end"


@pytest.mark.clauses("gz-7a", "gz-7b")
def test_a_year_goes_from_the_rate_to_the_accounts(signed_in: SignedIn, person: Person) -> None:
    year = clock.today().year - 1
    accountant = signed_in(Role.AGENCY_ACCOUNTANT)
    assert "E-INTEREST-RATE" not in accountant.get("/accounts/interest/").content.decode()
    assert accountant.post("/accounts/interest/try/", {"year": year}).status_code == 422
    assert accountant.post("/accounts/interest/rate/", {"year": year, "rate": "2.62", "document": "x"}).status_code == 403
    approver = signed_in(Role.AGENCY_APPROVER)
    assert approver.post("/accounts/interest/rate/", {"year": year, "rate": "2.62", "document": " "}).status_code == 422
    assert approver.post("/accounts/interest/rate/", {"year": year, "rate": "2.62", "document": "通告 7 号"}).status_code == 302
    assert signed_in(Role.AGENCY_ACCOUNTANT).post("/accounts/interest/try/", {"year": year}).status_code == 302
    run = InterestRun.objects.get()
    address = f"/accounts/interest/{run.pk}/"
    waits = Task.objects.open().get(subject=str(run))
    assert (waits.role, waits.title.zh) == (Role.AGENCY_APPROVER, "核准年度结息入账")
    assert address in signed_in(Role.AGENCY_APPROVER).get("/cases/").content.decode()
    assert signed_in(Role.AGENCY_ACCOUNTANT).post(address + "approve/").status_code == 403
    approver = signed_in(Role.AGENCY_APPROVER)
    assert approver.get(address + "list.xlsx").content[:2] == b"PK"
    assert approver.post(address + "approve/").status_code == 302
    assert not Task.objects.open().filter(subject=str(run)).exists()
    run.refresh_from_db()
    assert (run.state, run.rate_ppm) == ("posted", 26_200)
    assert balance(person).interest_fen == run.interest_fen
    page = approver.get(address + "?source=loan").content.decode()
    assert "通告 7 号" in page
    assert approver.post(address + "take-back/", {"reason": ""}).status_code == 422
    assert approver.post(address + "take-back/", {"reason": "利率抄错"}).status_code == 302
    assert balance(person).interest_fen == 0
    assert signed_in(Role.BANK_OFFICER).get(address).status_code == 403


@pytest.mark.clauses("gz-8b", "tl-5.1h")
def test_subsidies_go_from_the_table_to_the_accounts(signed_in: SignedIn, person: Person) -> None:
    year = clock.today().year
    credit_many([Credit(person.pk, "own", 10_000, date(year, 1, 1), "paid:now", "1")], actor=SYSTEM, now=clock.now())
    approver = signed_in(Role.AGENCY_APPROVER)
    for payer, amount in (("superior", "40"), ("local", "10")):
        row = {
            "payer": payer,
            "from_tier_fen": "100",
            "amount_fen": amount,
            "effective_from": "2022-01-01",
            "source": "财社 1 号",
        }
        assert approver.post("/accounts/subsidies/rate/", row).status_code == 302
    assert approver.post("/accounts/subsidies/rate/", {**row, "amount_fen": "20"}).status_code == 422
    assert signed_in(Role.AGENCY_ACCOUNTANT).post("/accounts/subsidies/list/", {"year": year}).status_code == 302
    run = SubsidyRun.objects.get()
    address = f"/accounts/subsidies/{run.pk}/"
    approver = signed_in(Role.AGENCY_APPROVER)
    page = approver.get(address).content.decode()
    assert all(amount in page for amount in ("50.00", "40.00", "10.00"))
    assert approver.get(address + "list.xlsx").content[:2] == b"PK"
    assert Task.objects.open().get(subject=str(run)).role == Role.AGENCY_APPROVER
    assert address in approver.get("/cases/").content.decode()
    assert approver.post(address + "credit/").status_code == 302
    assert not Task.objects.open().filter(subject=str(run)).exists()
    assert balance(person).of("subsidy") == 200_000 + 5_000


@pytest.mark.clauses("gz-7b")
def test_a_citizen_sees_their_own_account_alone(client: Client, with_interest: Person) -> None:
    user = User.objects.create(username="citizen-1")
    stranger = register_person(number("19700101", 28), "无关人", region_code=COUNTY, actor=SYSTEM, now=clock.now())
    open_citizen_account(user, stranger.pk, actor=SYSTEM, now=clock.now())
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/accounts/mine/").status_code == 200
    assert client.get("/accounts/mine/statement.pdf").status_code == 404
    assert client.get(f"/accounts/{Account.objects.get().pk}/").status_code == 403
    other = User.objects.create(username="citizen-2")
    open_citizen_account(other, with_interest.pk, actor=SYSTEM, now=clock.now())
    client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/accounts/mine/").content.decode()
    fen = balance(with_interest).fen
    assert f"{fen // 100:,}.{fen % 100:02}" in page
    assert "TL2021-1" in client.get("/accounts/mine/entries/?source=loan&group=interest").content.decode()
    assert client.get("/accounts/mine/statement.pdf").content[:4] == b"%PDF"


@pytest.mark.django_db(transaction=True)
def test_an_account_of_ten_years_in_the_browser(page_at: Callable[[str], Page], with_interest: Person, axe: "object") -> None:
    year = clock.today().year - 1
    page = page_at(Role.AGENCY_ACCOUNTANT)
    page.goto("/accounts/interest/")
    assert accessible(axe, page) == []  # type: ignore[arg-type]
    page.locator("main form button").first.click()
    expect(page.locator("h1")).to_contain_text(str(year))
    assert accessible(axe, page) == []  # type: ignore[arg-type]
    pictures(page, "account-interest-run")
    page.goto(f"/accounts/?q={number('19690312', 26)}")
    expect(page.locator("h1")).to_contain_text("顾")
    assert accessible(axe, page) == []  # type: ignore[arg-type]
    pictures(page, "account")
    page.locator("table a[href*='group=interest']").first.click()
    expect(page.locator("#behind")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert not too_wide(page)
    page.goto("/accounts/subsidies/")
    assert accessible(axe, page) == []  # type: ignore[arg-type]
    assert not too_wide(page)
    pictures(page, "account-subsidies")
