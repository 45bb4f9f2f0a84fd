"""Accounts: passwords, closing, and who looks after whom."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.conftest import PASSWORD
from zhubao.access.accounts import (
    add_user,
    change_own_password,
    deactivate_user,
    new_password,
    reactivate_user,
    set_password,
)
from zhubao.access.actions import close_post, open_post
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry, Post, Region, User
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError

Posts = Callable[[str], Post]
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")


def signed_in(user: User, password: str = PASSWORD) -> Client:
    """Return a browser of its own, signed in through the page."""
    browser = Client()
    assert browser.post("/sign-in/", {"username": user.username, "password": password}).status_code == 302
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/password/").status_code == 200


def test_passwords_can_be_read_aloud() -> None:
    made = {new_password() for _time in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch("([2-9a-hjkmnp-z]{4}-){3}[2-9a-hjkmnp-z]{4}", password) for password in made)


def test_closing_an_account_ends_its_sessions_and_posts_at_once(post_of: Posts) -> None:
    clerk = post_of(Role.TAX_CLERK)
    browser = signed_in(clerk.user)
    assert is_in(browser)
    administrator = post_of(Role.AGENCY_ADMINISTRATOR).actor()
    deactivate_user(clerk.user, reason="调离", actor=administrator, now=NOW)
    assert not is_in(browser)
    clerk.refresh_from_db()
    assert clerk.closed_at == NOW
    entry = AuditEntry.objects.get(action="user.deactivated")
    assert (entry.subject, entry.region_code, entry.reason) == ("user:tax-clerk", "320682", "调离")
    assert entry.after == {"posts_closed": [f"post:{clerk.pk}"]}


def test_an_account_opened_again_has_no_old_session_and_no_post(post_of: Posts) -> None:
    user = post_of(Role.TAX_CLERK).user
    browser = signed_in(user)
    deactivate_user(user, reason="借调", actor=SYSTEM, now=NOW)
    user.refresh_from_db()
    reactivate_user(user, "another password", actor=SYSTEM, now=NOW)
    assert not is_in(browser)
    assert not Post.objects.open().filter(user=user).exists()
    assert signed_in(user, "another password").get("/").headers["Location"] == "/password/"


def test_a_new_password_ends_sessions_and_must_be_changed(post_of: Posts) -> None:
    user = post_of(Role.FINANCE_CLERK).user
    browser = signed_in(user)
    set_password(user, "given by somebody", must_change=True, actor=SYSTEM, now=NOW)
    assert not is_in(browser)
    fresh = signed_in(user, "given by somebody")
    assert fresh.get("/").headers["Location"] == "/password/"
    page = fresh.post("/password/", {"old": "given by somebody", "new": "my own long words", "again": "my own long words"})
    assert page.headers["Location"] == "/"
    assert fresh.get("/").status_code == 200, "the session that changed the password stays"
    assert AuditEntry.objects.filter(action="user.password_changed", region_code="320682").count() == 1


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param("wrong", "my own long words", "E-PASSWORD-OLD", id="现用口令不对"),
        pytest.param(PASSWORD, PASSWORD, "E-PASSWORD-OLD", id="没有换"),
        pytest.param(PASSWORD, "short", "E-PASSWORD", id="太短"),
        pytest.param(PASSWORD, "1234567890123", "E-PASSWORD", id="全是数字"),
    ],
)
def test_a_password_that_is_not_taken(old: str, new: str, code: str, post_of: Posts) -> None:
    user = post_of(Role.TAX_CLERK).user
    actor = Actor(name=user.name, scope="", user_id=user.pk)
    with pytest.raises(ZhubaoError, match=f"^{code}:"):
        change_own_password(user, old, new, actor=actor, now=NOW)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("username", "code"),
    [("", "E-USER-NAME"), ("two words", "E-USER-NAME"), ("x" * 41, "E-USER-NAME"), ("Tax-Clerk", "E-USER-TAKEN")],
    ids=["空", "有空格", "太长", "只差大小写"],
)
def test_user_names_that_are_not_taken(username: str, code: str, county: list[Post]) -> None:
    with pytest.raises(ZhubaoError, match=f"^{code}:"):
        add_user(username, "某人", "x", actor=SYSTEM, now=NOW)


def test_a_county_does_not_take_over_an_account_that_acts_for_the_prefecture(post_of: Posts) -> None:
    """The account is the county's, but one of its posts covers the whole prefecture."""
    clerk = post_of(Role.FINANCE_CLERK)
    close_post(clerk, reason="升迁", actor=SYSTEM, now=NOW)
    prefecture = Region.objects.get(code="3206")
    open_post(clerk.user, clerk.organisation, Role.FINANCE_CLERK, scope=prefecture, actor=SYSTEM, now=NOW)
    county = post_of(Role.AGENCY_ADMINISTRATOR).actor()
    with pytest.raises(OutOfScope):
        set_password(clerk.user, "mine now", actor=county, now=NOW)
    with pytest.raises(OutOfScope):
        deactivate_user(clerk.user, reason="x", actor=county, now=NOW)


def test_nobody_changes_their_own_account_or_posts(post_of: Posts) -> None:
    post = post_of(Role.AGENCY_ADMINISTRATOR)
    actor = post.actor()
    with pytest.raises(ZhubaoError, match=r"^E-USER-SELF"):
        deactivate_user(post.user, reason="x", actor=actor, now=NOW)
    with pytest.raises(ZhubaoError, match=r"^E-USER-SELF"):
        set_password(post.user, "x", actor=actor, now=NOW)
    with pytest.raises(ZhubaoError, match=r"^E-POST-SELF"):
        close_post(post, reason="x", actor=actor, now=NOW)
    with pytest.raises(ZhubaoError, match=r"^E-POST-SELF"):
        open_post(post.user, post.organisation, Role.AGENCY_APPROVER, actor=actor, now=NOW)
