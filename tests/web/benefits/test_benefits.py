"""A month of resident pensions on the pages: found, helped to apply, granted, paid."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from tests.accounts.hands import SYSTEM
from tests.people.tables import number
from zhubao.access import clock
from zhubao.access.models import Post
from zhubao.access.roles import Role
from zhubao.accounts.benefits.models import Benefit, BenefitRun
from zhubao.people.actions import register_person
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
