"""The citizen's menu of three services, the office's list, and the online share by township."""

from collections.abc import Callable
from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from tests.accounts.hands import SYSTEM
from tests.people.tables import chen
from zhubao.access import clock
from zhubao.access.models import Post, User
from zhubao.access.roles import Role
from zhubao.accounts.benefits.actions import find
from zhubao.accounts.benefits.models import Benefit, Ground
from zhubao.accounts.self_service.models import ServiceRequest
from zhubao.people.actions import open_citizen_account
from zhubao.people.models import Person
from zhubao.people.recording import record_insured
from zhubao.people.statements import InsuredStatement, Origin

SignedIn = Callable[[str], Client]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def person(county: list[Post]) -> Person:
    return chen(region_code="320682108201")


@pytest.fixture
def home(person: Person) -> Client:
    """Return the client of 陈桂芳 at home, in English."""
    user = User.objects.create(username="chen", name="陈桂芳", password="!")
    open_citizen_account(user, person.pk, actor=SYSTEM, now=clock.now())
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(user, backend=BACKEND)
    return client


def recorded(person: Person, scheme: str, **stated: bool) -> None:
    statement = InsuredStatement(scheme, date(2026, 1, 1), Origin("参保登记"), **stated)
    record_insured(person.pk, statement, actor=SYSTEM, now=clock.now())


@pytest.mark.clauses("ps-3.2e")
def test_the_menu_offers_enrolment_claim_and_proof_of_life(home: Client, person: Person, signed_in: SignedIn) -> None:
    recorded(person, "none")
    page = home.get("/services/").content.decode()
    for words in ("Enrol in the residents' pension", "Claim your pension", "Prove that you draw your pension"):
        assert f">{words}" in page, words
    assert 'action="/services/ask/enrol/"' in page
    assert 'action="/services/ask/authenticate/"' not in page, "nothing is drawn yet"
    assert home.post("/services/ask/enrol/", {"key": "k1"}).status_code == 302
    assert home.post("/services/ask/enrol/", {"key": "k1"}).status_code == 302
    asked = ServiceRequest.objects.get()
    assert (asked.online, asked.state) == (True, "open")
    assert "to be dealt with" in home.get("/services/").content.decode()

    township = signed_in(Role.TOWNSHIP_CLERK)
    assert f"/services/requests/{asked.pk}/" in township.get("/services/requests/").content.decode()
    steps = f"/services/requests/{asked.pk}/steps/settle/"
    assert township.post(steps, {"outcome": "done", "reason": ""}).status_code == 422
    assert township.post(steps, {"outcome": "done", "reason": "已登记，请按档次缴费"}).status_code == 302
    assert "已登记，请按档次缴费" in home.get("/services/").content.decode()

    recorded(person, "resident_pension", receiving_pension=True)
    page = home.get("/services/").content.decode()
    assert 'action="/services/ask/authenticate/"' in page
    assert 'action="/services/ask/enrol/"' not in page
    assert home.post("/services/ask/dance/").status_code == 404
    assert home.get("/services/requests/").status_code in (302, 403)


@pytest.mark.clauses("ps-3.2e")
def test_the_claim_is_made_from_the_menu_and_the_share_stands_by_township(
    home: Client, person: Person, signed_in: SignedIn
) -> None:
    Person.objects.filter(pk=person.pk).update(born=date(1960, 5, 16))
    found = find(Person.objects.get(pk=person.pk), Ground.AGE, actor=SYSTEM, now=clock.now())
    assert 'href="/citizen/pension/"' in home.get("/services/").content.decode()
    assert home.post("/citizen/pension/apply/", {"other": "no", "key": "k"}).status_code == 302
    assert Benefit.objects.get(pk=found.pk).state == "applied"
    recorded(person, "resident_pension", receiving_pension=True)
    clerk = signed_in(Role.TOWNSHIP_CLERK)
    answer = clerk.post("/services/requests/record/", {"person": "陈桂芳", "service": "authenticate", "key": "c1"})
    asked = ServiceRequest.objects.get()
    assert (answer["Location"], asked.online) == (f"/services/requests/{asked.pk}/", False)
    done = {"outcome": "done", "proof": "fingerprint", "reason": "带终端上门"}
    assert clerk.post(f"/services/requests/{asked.pk}/steps/settle/", {**done, "proof": ""}).status_code == 422
    assert clerk.post(f"/services/requests/{asked.pk}/steps/settle/", done).status_code == 302
    use = clerk.get("/services/use/").content.decode()
    for cell in ("0 / 0", "1 / 1", "100.0%", "0 / 1", "0.0%", "1 / 2", "50.0%"):
        assert cell in use, cell
    assert clerk.post("/services/requests/record/", {"person": "没有此人", "service": "enrol", "key": "c2"}).status_code == 302
    assert ServiceRequest.objects.count() == 1
