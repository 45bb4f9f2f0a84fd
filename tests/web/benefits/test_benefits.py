"""A month of resident pensions on the pages: found, helped to apply, granted, paid."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.accounts.hands import SYSTEM
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from tests.people.tables import number
from zhubao.access import clock
from zhubao.access.models import Post
from zhubao.access.roles import Role
from zhubao.accounts.actions import credit
from zhubao.accounts.after_death.actions import find
from zhubao.accounts.after_death.models import AfterDeath
from zhubao.accounts.benefits.models import Benefit, BenefitAmount, BenefitMonth, BenefitRun
from zhubao.people.actions import record_death, register_person
from zhubao.people.models import Person
from zhubao.people.recording import certify
from zhubao.people.statements import IdentityStatement, Origin

SignedIn = Callable[[str], Client]
COUNTY, VILLAGE = "320682", "320682108201"


@pytest.fixture
def senior(county: list[Post]) -> Person:
    today = clock.today()
    born = date(today.year - 63, 3, 15)
    person = register_person(number(f"{born:%Y%m%d}", 22), "肖五妹", region_code=VILLAGE, actor=SYSTEM, now=clock.now())
    certify(person.pk, IdentityStatement("dibao", "civil_affairs", Origin("名册")), actor=SYSTEM, now=clock.now())
    return person


@pytest.mark.clauses("gz-1d", "gz-6b")
def test_a_month_from_the_search_to_the_grant(signed_in: SignedIn, senior: Person) -> None:
    month = f"{clock.today():%Y-%m}"
    client = signed_in(Role.AGENCY_REVIEWER)
    assert client.post("/benefits/run/", {"county": COUNTY, "month": "nothing"}).status_code == 422
    assert client.post("/benefits/run/", {"county": COUNTY, "month": month}).status_code == 302
    run, benefit = BenefitRun.objects.get(), Benefit.objects.get()
    assert run.seniors == 1
    assert client.get(f"/benefits/runs/{run.pk}/").status_code == 200
    township = signed_in(Role.TOWNSHIP_CLERK)
    page = township.get(f"/benefits/{benefit.pk}/").content.decode()
    assert "163.00" in page
    steps = f"/benefits/{benefit.pk}/steps/"
    assert township.post(steps + "apply/", {"other": "unknown"}).status_code == 302
    client = signed_in(Role.AGENCY_REVIEWER)
    assert client.post(steps + "grant/", {"looked": ""}).status_code == 422
    assert client.post(steps + "grant/", {"looked": "全省养老发放库"}).status_code == 302
    benefit.refresh_from_db()
    assert benefit.state == "granted"
    assert client.get("/benefits/?state=granted").content.decode().count(f"/benefits/{benefit.pk}/") == 1
    for address in ("/benefits/list.xlsx", f"/benefits/runs/{run.pk}/paid.xlsx"):
        assert client.get(address).content[:2] == b"PK"
    assert signed_in(Role.BANK_OFFICER).get("/benefits/").status_code == 403


@pytest.mark.clauses("gz-1d")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_after_a_death_in_the_browser(
    page_at: Callable[[str], Page], county: list[Post], axe: "object", language: str, client: Client
) -> None:
    record = after_death()
    page = page_at(Role.AGENCY_ACCOUNTANT)
    page.context.add_cookies([{"name": "language", "value": language, "url": page.url}])
    page.goto("/cases/")
    page.locator(f"a[href='/benefits/deaths/{record.pk}/']").first.click()
    expect(page.locator("h1")).to_contain_text("肖")
    assert accessible(axe, page) == []  # type: ignore[arg-type]
    pictures(page, f"after-death-{language}")
    page.locator("#recover_on").fill(f"{clock.today():%Y-%m-%d}")
    page.locator("#recover_amount_fen").fill("103.00")
    page.locator("#recover_payer").fill("代发银行")
    page.locator("#recover_reference").fill("T20220520-1")
    page.locator("#act-recover + form button").click()
    expect(page.locator("#money")).to_be_visible()
    page.goto("/benefits/deaths/")
    assert accessible(axe, page) == []  # type: ignore[arg-type]
    pictures(page, f"after-deaths-{language}")
    page.set_viewport_size({"width": 390, "height": 844})
    assert not too_wide(page)
    record.refresh_from_db()
    assert (record.state, record.recovered_fen) == ("inherit", 10_300)
    client.force_login(
        next(post for post in county if post.role == Role.AUDITOR).user, backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get("/benefits/deaths/list.xlsx?state=inherit").content[:2] == b"PK"
    assert client.post(f"/benefits/deaths/{record.pk}/steps/claim/", {"heir": "肖军"}).status_code == 422


def after_death() -> AfterDeath:
    """Let somebody who drew one month die before it; the month is to come back, the rest is the heirs'."""
    today = clock.today()
    first = today.replace(day=1)
    died = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 20)
    person = register_person(number("19590315", 22), "肖五妹", region_code=VILLAGE, actor=SYSTEM, now=clock.now())
    credit(person, "own", 139_000, on=died, subject="paid", key="1", actor=SYSTEM, now=clock.now())
    credit(person, "subsidy", 30_000, on=died, subject="subsidy", key="1", actor=SYSTEM, now=clock.now())
    benefit = Benefit.objects.create(
        region_code=VILLAGE,
        person=person,
        ground="age",
        state="granted",
        state_since=clock.now(),
        opened_at=clock.now(),
        of_age_on=date(2019, 3, 15),
        found_on=died,
        other_pension=False,
        account_fen=139_000,
        starts_on=first,
    )
    BenefitAmount.objects.create(
        benefit=benefit, starts_on=first, basic_fen=9_300, account_part_fen=1_000, standard_source="试验", entered_at=clock.now()
    )
    run = BenefitRun.objects.create(region_code=COUNTY, month=first, started_at=clock.now(), actor_name="test")
    BenefitMonth.objects.create(benefit=benefit, month=first, run=run, basic_fen=9_300, account_part_fen=1_000, taken_fen=0)
    record_death(person.pk, died, "医院", actor=SYSTEM, now=clock.now())
    person.refresh_from_db()
    return find(person, actor=SYSTEM, now=clock.now())
