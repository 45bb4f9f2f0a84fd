"""A transfer from the counter or the citizen's own page to the money that moved, as each post's pages tell it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.accounts.hands import SYSTEM
from tests.people.tables import chen
from zhubao.access import clock
from zhubao.access.models import Post, User
from zhubao.access.roles import Role
from zhubao.accounts.actions import credit
from zhubao.accounts.models import Source
from zhubao.accounts.transfers.models import Transfer
from zhubao.people.actions import open_citizen_account
from zhubao.people.models import Person

SignedIn = Callable[[str], Client]
GOOD = dict.fromkeys(("identity", "record", "overlap", "pension"), "good")


@pytest.fixture
def person(county: list[Post]) -> Person:
    found = chen(region_code="320682108201")
    credit(found, Source.OWN, 120_000, on=clock.today(), subject="receipt:1", key="1", actor=SYSTEM, now=clock.now())
    return found


def ask(signed_in: SignedIn, person: Person) -> Transfer:
    client = signed_in(Role.AGENCY_INTAKE)
    found = client.get("/transfers/ask/", {"q": "陈桂"})
    assert f"?person={person.pk}" in found.content.decode()
    answer = client.post(f"/transfers/ask/?person={person.pk}", {"kind": "out", "other_place": "广东省深圳市", "key": "1"})
    assert answer.status_code == 302
    return Transfer.objects.get()


def step(client: Client, transfer: Transfer, verb: str, **values: Any) -> int:
    return client.post(f"/transfers/{transfer.number}/steps/{verb}/", values).status_code


@pytest.mark.clauses("gz-11c")
def test_a_transfer_is_asked_for_checked_and_moved(signed_in: SignedIn, person: Person) -> None:
    made = ask(signed_in, person)
    client = signed_in(Role.AGENCY_REVIEWER)
    assert str(made.number) in client.get("/transfers/?state=open").content.decode()
    assert step(client, made, "check", **{**GOOD, "identity": "unknown"}, overlap_months="0") == 422
    assert step(client, made, "check", **GOOD, overlap_months="0") == 302
    client = signed_in(Role.AGENCY_ACCOUNTANT)
    page = client.get(f"/transfers/{made.number}/").content.decode()
    assert "1,200.00" in page
    assert step(client, made, "move", paper="函1号", day=str(clock.today()), amount="1300") == 422
    assert step(client, made, "move", paper="函1号", day=str(clock.today()), amount="") == 302
    made.refresh_from_db()
    assert (made.state, made.amount_fen) == ("moved", 120_000)
    book = client.get("/transfers/list.xlsx")
    assert book["Content-Type"].endswith("sheet")


@pytest.mark.clauses("gz-11c")
def test_a_citizen_asks_online_and_withdraws(client: Client, county: list[Post], person: Person) -> None:
    user = User.objects.create(username="citizen-1")
    open_citizen_account(user, person.pk, actor=SYSTEM, now=clock.now())
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/transfers/own/", {"kind": "to_employee", "other_place": "", "key": "1"}).status_code == 422
    for _twice in range(2):
        assert client.post("/transfers/own/", {"kind": "to_employee", "other_place": "如皋市", "key": "1"}).status_code == 302
    made = Transfer.objects.get()
    assert made.online
    assert str(made.number) in client.get("/transfers/own/").content.decode()
    client.post(f"/transfers/own/{made.number}/withdraw/")
    made.refresh_from_db()
    assert made.state == "withdrawn"
    assert client.get("/transfers/").status_code == 403


def test_the_queue_leads_to_the_page(signed_in: SignedIn, person: Person) -> None:
    made = ask(signed_in, person)
    assert f"/transfers/{made.number}/" in signed_in(Role.AGENCY_REVIEWER).get("/cases/").content.decode()


def test_another_county_sees_nothing_of_it(signed_in: SignedIn, person: Person) -> None:
    made = ask(signed_in, person)
    Transfer.objects.filter(pk=made.pk).update(region_code="500243")
    assert signed_in(Role.AGENCY_REVIEWER).get(f"/transfers/{made.number}/").status_code == 403
