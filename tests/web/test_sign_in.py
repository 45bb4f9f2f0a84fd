"""Signing in as a clerk does it: in Chinese, in English, with a wrong password, with several posts."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import PASSWORD
from zhubao.access.actions import close_post, open_post
from zhubao.access.actors import Actor
from zhubao.access.models import AuditEntry, Organisation, Post
from zhubao.access.roles import Role

Posts = Callable[[str], Post]
SYSTEM = Actor.system("test")


def attempt(client: Client, username: str, password: str = PASSWORD) -> int:
    """Try to sign in; return the status: 302 is in, 200 is the form again, 429 is locked out."""
    return client.post("/sign-in/", {"username": username, "password": password}).status_code


def test_the_first_page_asks_to_sign_in_and_leads_back(client: Client, county: list[Post]) -> None:
    response = client.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/sign-in/?next=/")


def test_chinese_unless_asked_otherwise(client: Client, county: list[Post]) -> None:
    page = client.get("/sign-in/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="zh-Hans">' in page
    assert "用户名" in page
    assert "演示数据" in page
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    page = client.get("/sign-in/").content.decode()
    assert '<html lang="en">' in page
    assert "User name" in page
    assert "Demonstration data" in page


def test_signed_in_at_the_only_post_and_written_down(client: Client, post_of: Posts) -> None:
    assert attempt(client, "agency-reviewer") == 302
    page = client.get("/").content.decode()
    assert "陆建国，您好" in page
    assert "如皋市社会保险经办机构 · 审核岗" in page
    entry = AuditEntry.objects.filter(action="session.opened").get()
    assert (entry.subject, entry.actor_name) == ("user:agency-reviewer", "陆建国")


def test_signing_out_needs_a_button_not_a_link(signed_in: Callable[[str], Client]) -> None:
    client = signed_in(Role.AUDITOR)
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/").status_code == 302


def test_five_wrong_passwords_close_the_door_for_that_name_only(client: Client, county: list[Post]) -> None:
    assert [attempt(client, "tax-clerk", "wrong") for _time in range(5)] == [200, 200, 200, 200, 429]
    assert attempt(client, "tax-clerk") == 429
    assert attempt(client, "finance-clerk") == 302


def test_somebody_with_two_posts_chooses_one(client: Client, post_of: Posts) -> None:
    reviewer = post_of(Role.AGENCY_REVIEWER)
    second = open_post(reviewer.user, reviewer.organisation, Role.AGENCY_INTAKE, actor=SYSTEM, now=timezone.now())
    attempt(client, "agency-reviewer")
    assert client.get("/").headers["Location"] == "/choose-post/"
    client.post("/choose-post/", {"post": str(second.pk)})
    assert "受理岗" in client.get("/").content.decode()


def test_somebody_elses_post_cannot_be_chosen(client: Client, post_of: Posts) -> None:
    attempt(client, "agency-reviewer")
    client.post("/choose-post/", {"post": str(post_of(Role.FINANCE_CLERK).pk)})
    assert "审核岗" in client.get("/").content.decode()


def test_a_closed_post_opens_nothing(client: Client, post_of: Posts) -> None:
    attempt(client, "agency-reviewer")
    close_post(post_of(Role.AGENCY_REVIEWER), reason="调离", actor=SYSTEM, now=timezone.now())
    assert client.get("/").headers["Location"] == "/choose-post/"
    assert "您还没有岗位" in client.get("/choose-post/").content.decode()


@pytest.mark.parametrize("there", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_switches_never_lead_elsewhere(client: Client, county: list[Post], there: str) -> None:
    assert client.post("/language/", {"language": "en", "next": there}).headers["Location"] == "/"


def test_large_type_is_kept(client: Client, county: list[Post]) -> None:
    client.post("/type-size/", {"size": "large", "next": "/sign-in/"})
    assert '<html lang="zh-Hans" class="large">' in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize("address", ["/", "/sign-in/", "/nothing-here/"])
def test_no_page_runs_a_script_written_into_it(client: Client, county: list[Post], address: str) -> None:
    policy = client.get(address).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_page_that_is_not_there_says_so(client: Client, county: list[Post]) -> None:
    response = client.get("/nothing-here/")
    assert response.status_code == 404
    assert "没有这个页面" in response.content.decode()


def test_every_kind_of_organisation_and_every_role_is_there(county: list[Post]) -> None:
    assert Organisation.objects.filter(region__code__startswith="3206").count() == 12
    assert Organisation.objects.filter(kind="agency").count() == 5, "Rugao and one place for each other document"
    assert {post.role for post in county} == set(Role.values)
