"""The administrator's pages: organisations, people, posts; what is refused says why."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.access.tables import tables
from tests.conftest import PASSWORD
from zhubao.access.accounts import add_user
from zhubao.access.actors import Actor
from zhubao.access.models import AuditEntry, MachineKey, Organisation, Post, Region, User
from zhubao.access.roles import Role

Posts = Callable[[str], Post]
SignIn = Callable[[str], Client]
SYSTEM = Actor.system("test")
PEOPLE = "/administration/people/"
ORGANISATIONS = "/administration/organisations/"


@pytest.fixture
def administrator(signed_in: SignIn) -> Client:
    return signed_in(Role.AGENCY_ADMINISTRATOR)


def person(user: User) -> str:
    return f"{PEOPLE}{user.pk}/"


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_organisations_by_kind_and_one_more(administrator: Client) -> None:
    assert "如皋市财政局" in text(administrator.get(ORGANISATIONS))
    form = {"kind": "bank", "name": "第二合作银行", "region": "如皋市"}
    assert administrator.post(ORGANISATIONS, form).status_code == 302
    assert "第二合作银行" in text(administrator.get(ORGANISATIONS))
    entry = AuditEntry.objects.get(action="organisation.added", after__name="第二合作银行")
    assert (entry.actor_name, entry.region_code) == ("何立新", "320682")


@pytest.mark.parametrize("region", ["3206", "江苏省", "360102", "没有的地方"], ids=["上级", "上级名称", "外地", "不存在"])
def test_a_region_outside_the_scope_is_no_choice(administrator: Client, region: str) -> None:
    before = tables()
    response = administrator.post(ORGANISATIONS, {"kind": "bank", "name": "别处银行", "region": region})
    assert response.status_code == 422
    assert "管辖范围内没有" in text(response)
    assert tables() == before


def shown_password(page: str) -> str:
    found = re.search(r"<code>([^<]+)</code>", page)
    assert found
    return found.group(1)


def test_a_person_is_added_gets_a_post_and_signs_in(administrator: Client) -> None:
    page = administrator.post(PEOPLE, {"name": "石小兰", "username": "shixiaolan", "region": "320682"})
    password = shown_password(text(page))
    assert "no-store" in page.headers["Cache-Control"]
    user = User.objects.get(username="shixiaolan")
    assert password not in text(administrator.get(person(user))), "shown only once"
    bank = Organisation.objects.get(name="演示合作银行如皋支行")
    assert administrator.post(f"{person(user)}posts/", {"post": f"{bank.pk}:bank_officer", "scope": ""}).status_code == 302
    assert Post.objects.get(user=user).scope_id == "320682"

    fresh = Client()
    assert fresh.post("/sign-in/", {"username": "shixiaolan", "password": password}).status_code == 302
    assert fresh.get("/").headers["Location"] == "/password/"
    assert "这是别人发给您的口令" in text(fresh.get("/password/"))
    new = {"old": password, "new": "石小兰的长口令2026", "again": "石小兰的长口令2026"}
    assert fresh.post("/password/", new).headers["Location"] == "/"
    assert "石小兰，您好" in text(fresh.get("/"))


def test_two_different_new_passwords_and_a_wrong_old_one(signed_in: SignIn) -> None:
    client = signed_in(Role.TAX_CLERK)
    assert "两次输入的新口令不一致" in text(
        client.post("/password/", {"old": PASSWORD, "new": "my own words", "again": "others"})
    )
    wrong = client.post("/password/", {"old": "x", "new": "my own long words", "again": "my own long words"})
    assert "现用口令不对" in text(wrong)
    assert User.objects.get(username="tax-clerk").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("short-1", ["太短，至少要十个字符"]),
        ("12345", ["太短，至少要十个字符", "太常见，容易被猜到", "不能全是数字"]),
        ("tax-clerk-1", ["与用户名或姓名太像"]),
    ],
    ids=["太短", "全是数字", "像用户名"],
)
def test_every_reason_against_a_new_password_is_said(signed_in: SignIn, new: str, said: list[str]) -> None:
    page = text(signed_in(Role.TAX_CLERK).post("/password/", {"old": PASSWORD, "new": new, "again": new}))
    assert re.findall(r'id="id_new_error">([^<]+)<', page) == said


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "某人", "username": "tax-clerk", "region": "320682"}, "这个用户名已有人用"),
        ({"name": "某人", "username": "two words", "region": "320682"}, "不含空格"),
        ({"name": "", "username": "new", "region": "320682"}, "这个字段是必填项"),
    ],
    ids=["重名", "有空格", "没有姓名"],
)
def test_a_person_who_is_not_added(administrator: Client, form: dict[str, str], said: str) -> None:
    before = tables()
    response = administrator.post(PEOPLE, form)
    assert response.status_code == 422
    assert said in text(response)
    assert tables() == before


def test_a_post_that_stays_in_other_hands_is_refused_with_reason_and_clauses(administrator: Client, post_of: Posts) -> None:
    reviewer = post_of(Role.AGENCY_REVIEWER)
    page = text(administrator.get(person(reviewer.user)))
    assert re.search(r'value="\d+:agency_approver" disabled>核定岗 — 录入、审核与核定要两个人经手', page)
    before = tables()
    response = administrator.post(
        f"{person(reviewer.user)}posts/", {"post": f"{reviewer.organisation_id}:agency_approver", "scope": ""}
    )
    assert response.status_code == 422
    assert "gz-10b：录入、审核与核定要两个人经手" in text(response)
    assert tables() == before


def test_a_post_of_another_organisation_kind_or_scope_is_no_choice(administrator: Client, post_of: Posts) -> None:
    clerk = post_of(Role.TAX_CLERK)
    before = tables()
    for post, scope in [("1:nothing", ""), (f"{clerk.organisation_id}:bank_officer", ""), ("x", ""), ("", "")]:
        assert administrator.post(f"{person(clerk.user)}posts/", {"post": post, "scope": scope}).status_code == 422
    assert tables() == before


def test_closing_a_post_needs_a_reason(administrator: Client, post_of: Posts) -> None:
    clerk = post_of(Role.TAX_CLERK)
    administrator.post(f"/administration/posts/{clerk.pk}/close/", {"reason": ""})
    clerk.refresh_from_db()
    assert clerk.closed_at is None
    administrator.post(f"/administration/posts/{clerk.pk}/close/", {"reason": "退休"})
    clerk.refresh_from_db()
    assert clerk.closed_at is not None
    assert AuditEntry.objects.get(action="post.closed").reason == "退休"


def test_an_account_is_closed_and_opened_again(administrator: Client, post_of: Posts) -> None:
    user = post_of(Role.TAX_CLERK).user
    theirs = Client()
    theirs.post("/sign-in/", {"username": "tax-clerk", "password": PASSWORD})
    assert theirs.get("/").status_code == 200
    administrator.post(f"{person(user)}close/", {"reason": "调离"})
    assert theirs.get("/").headers["Location"] == "/sign-in/?next=/"
    assert "账号已停用" in text(administrator.get(f"{PEOPLE}?closed=1"))
    assert "tax-clerk" not in text(administrator.get(PEOPLE))
    password = shown_password(text(administrator.post(f"{person(user)}open/")))
    assert theirs.post("/sign-in/", {"username": "tax-clerk", "password": password}).status_code == 302


def test_a_new_password_is_given(administrator: Client, post_of: Posts) -> None:
    user = post_of(Role.FINANCE_CLERK).user
    password = shown_password(text(administrator.post(f"{person(user)}password/")))
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password


@pytest.mark.parametrize("what", ["password/", "close/", "posts/"])
def test_one_s_own_account_is_left_alone(administrator: Client, post_of: Posts, what: str) -> None:
    own = post_of(Role.AGENCY_ADMINISTRATOR)
    form = {"reason": "x", "post": f"{own.organisation_id}:agency_intake", "scope": ""}
    before = tables()
    page = text(administrator.post(f"{person(own.user)}{what}", form, follow=True))
    assert "请另一位管理员办理" in page
    assert tables() == before


def test_somebody_of_another_region_is_not_shown(administrator: Client, post_of: Posts) -> None:
    supervisor = post_of(Role.PBOC_SUPERVISOR)
    stranger = add_user("stranger", "外县人", "x", region=Region.objects.get(code="3206"), actor=SYSTEM, now=timezone.now())
    assert "外县人" not in text(administrator.get(PEOPLE))
    for user in (supervisor.user, stranger):
        assert administrator.get(person(user)).status_code == 403
        assert administrator.post(f"{person(user)}password/").status_code == 403
    assert administrator.post(f"/administration/posts/{supervisor.pk}/close/", {"reason": "x"}).status_code == 403
    assert administrator.get(f"{PEOPLE}999999999/").status_code == 404
    assert administrator.post("/administration/posts/999999999/close/").status_code == 404


def test_the_list_is_searched_and_told_when_nobody_fits(administrator: Client) -> None:
    page = text(administrator.get(f"{PEOPLE}?search=秀珍"))
    assert "吴秀珍" in page
    assert "陆建国" not in page
    assert "没有找到" in text(administrator.get(f"{PEOPLE}?search=没有这个人"))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AGENCY_ADMINISTRATOR])
def test_nobody_else_opens_the_pages(signed_in: SignIn, role: Role) -> None:
    client = signed_in(role)
    assert [client.get(address).status_code for address in (PEOPLE, ORGANISATIONS)] == [403, 403]


def test_a_key_for_a_banks_system_is_shown_once_and_revoked(administrator: Client, post_of: Posts) -> None:
    post = post_of(Role.BANK_OFFICER)
    page = f"{PEOPLE}{post.user_id}/"
    assert f"/administration/posts/{post.pk}/keys/" in text(administrator.get(page))
    shown = text(administrator.post(f"/administration/posts/{post.pk}/keys/", {"name": "核心系统"}))
    secret = shown_password(shown)
    client = Client(headers={"authorization": f"Bearer {secret}"})
    assert client.get("/api/v1/files").status_code == 200
    assert secret not in text(administrator.get(page))
    key = MachineKey.objects.get()
    assert administrator.post(f"/administration/keys/{key.pk}/revoke/", {"reason": ""}).status_code == 302
    assert client.get("/api/v1/files").status_code == 200
    administrator.post(f"/administration/keys/{key.pk}/revoke/", {"reason": "系统更换"})
    assert client.get("/api/v1/files").status_code == 401
    approver = post_of(Role.AGENCY_APPROVER)
    assert "/keys/" not in text(administrator.get(f"{PEOPLE}{approver.user_id}/"))
