"""Whose pages these are: one's own case only; posts elsewhere, citizens only here, whoever is both chooses."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cases.offices import NOW
from tests.conftest import PASSWORD
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.people.models import CitizenAccount
from zhubao.web.navigation import entries
from zhubao.workflow import CITIZEN

from .conftest import BACKEND, COUNTIES, JIANGXI, Citizen, world

pytestmark = pytest.mark.django_db
PAGES = [
    "",
    "known/",
    "forecast/",
    "family/",
    "papers/",
    "papers/identity_card/",
    "check/",
    "sign/",
    "done/",
    "history/",
    "withdraw/",
]


def test_signing_in_leads_to_the_own_affairs(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    me.client.logout()
    answer = me.client.post("/sign-in/", {"username": "chen", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/citizen/"
    assert "陈桂芳，您好" in answer.content.decode()


def test_nobody_signed_in_is_asked_to(client: Client, db: None) -> None:
    assert client.get("/citizen/").headers["Location"] == "/sign-in/?next=/citizen/"


@pytest.mark.parametrize("page", PAGES)
def test_somebody_elses_case_is_not_there_and_the_attempt_is_kept(
    citizen: Callable[[str], Citizen], stranger: Callable[[str], Client], page: str
) -> None:
    me = citizen(JIANGXI)
    me.begin()
    other, before = stranger(COUNTIES[JIANGXI]), world()
    assert other.get(me.address(page)).status_code == 404
    assert other.post(me.address(page), {"name": "陈桂芳", "reason": "x"}).status_code in (404, 405)
    assert world() == before
    kept = AuditEntry.objects.filter(action="access.refused", actor_name="沈志远")
    assert kept.count() >= 1
    assert me.case.number in kept[0].subject


def test_somebody_elses_paper_is_not_shown(citizen: Callable[[str], Citizen], stranger: Callable[[str], Client]) -> None:
    me = citizen(JIANGXI)
    me.begin()
    own = me.client.get(me.address("files/1/"))
    assert (own.status_code, stranger(COUNTIES[JIANGXI]).get(me.address("files/1/")).status_code) == (404, 404)


def test_citizens_stay_out_of_the_offices(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    offices = [entry.address for entry in entries() if entry.roles and CITIZEN not in entry.roles]
    assert {page: me.client.get(page).status_code for page in offices} == dict.fromkeys(offices, 403)
    assert AuditEntry.objects.filter(action="access.refused", actor_name="陈桂芳").count() == len(offices)


def test_posts_stay_out_of_the_citizens_pages(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    me.begin()
    officer = Client()
    officer.force_login(me.offices.post(Role.AGENCY_REVIEWER).user, backend=BACKEND)
    assert [officer.get(page).status_code for page in ("/citizen/", me.address())] == [403, 403]


def test_whoever_is_both_chooses(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    post, client = me.offices.post(Role.AGENCY_INTAKE), Client()
    CitizenAccount.objects.filter(person=me.person).delete()
    CitizenAccount.objects.create(user=post.user, person=me.person, opened_at=NOW)
    client.force_login(post.user, backend=BACKEND)
    for page in ("/", "/citizen/"):
        assert client.get(page).headers["Location"] == "/choose-post/"
    assert "办自己的事" in client.get("/choose-post/").content.decode()
    client.post("/choose-post/", {"post": "citizen"})
    assert client.get("/citizen/").status_code == 200
    client.post("/choose-post/", {"post": str(post.pk)})
    assert [client.get(page).status_code for page in ("/citizen/", "/")] == [403, 200]


def test_nobody_chooses_to_be_a_citizen_without_an_account(citizen: Callable[[str], Citizen]) -> None:
    me = citizen(JIANGXI)
    client = Client()
    client.force_login(me.offices.post(Role.AGENCY_INTAKE).user, backend=BACKEND)
    client.post("/choose-post/", {"post": "citizen"})
    assert client.get("/citizen/").status_code == 403
