"""Scopes: a post sees its region and everything below it; asking for more is refused, never answered with nothing."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhubao.access.actions import add_organisation, open_post, set_up_installation
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry, Organisation, Post
from zhubao.access.roles import OrganisationKind, Role
from zhubao.access.selectors import open_posts_of
from zhubao.errors import ZhubaoError
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

Posts = Callable[[str], Post]


@pytest.mark.parametrize(
    ("scope", "region", "covered"),
    [
        ("320682", "320682", True),
        ("320682", "320682108201", True),
        ("320682108", "320682", False),
        ("320682", "320681", False),
        ("3206", "320682108", True),
        ("", "500243", True),
    ],
    ids=["本县", "下属村", "上级", "邻县", "市看县", "全系统"],
)
def test_covers(scope: str, region: str, covered: bool) -> None:
    assert Actor(name="丁", scope=scope).covers(region) is covered


def test_a_list_is_narrowed_to_the_scope(post_of: Posts) -> None:
    township = post_of(Role.TOWNSHIP_CLERK).actor()
    names = set(Organisation.objects.within(township).values_list("name", flat=True))
    assert names == {"东陈镇人民政府", "新塘村村民委员会"}


def test_asking_for_a_region_outside_raises(post_of: Posts) -> None:
    village = post_of(Role.COMMITTEE_MEMBER).actor()
    with pytest.raises(OutOfScope, match="E-SCOPE: 320682:"):
        Organisation.objects.in_region(village, "320682")


def test_an_object_outside_raises_and_one_inside_is_given(post_of: Posts) -> None:
    village = post_of(Role.COMMITTEE_MEMBER).actor()
    assert Organisation.objects.get_for(village, name="新塘村村民委员会").region_id == "320682108201"
    with pytest.raises(OutOfScope):
        Organisation.objects.get_for(village, name="如皋市财政局")


def test_nobody_adds_an_organisation_elsewhere(post_of: Posts) -> None:
    agency = post_of(Role.AGENCY_ADMINISTRATOR)
    neighbour = post_of(Role.PBOC_SUPERVISOR).organisation.region
    with pytest.raises(OutOfScope):
        add_organisation(neighbour, OrganisationKind.BANK, "邻县银行", actor=agency.actor(), now=timezone.now())


def test_a_bank_has_no_reviewing_clerk_of_the_agency(post_of: Posts) -> None:
    bank = post_of(Role.BANK_OFFICER)
    with pytest.raises(ZhubaoError, match="E-POST-ROLE"):
        open_post(bank.user, bank.organisation, Role.AGENCY_REVIEWER, actor=Actor.system("test"), now=timezone.now())


@for_posts(Role.AUDITOR)
def auditors_page(request: PostRequest) -> None:  # type: ignore[misc]
    raise AssertionError("opened to a post that may not")


def test_another_post_is_refused(rf: RequestFactory, post_of: Posts) -> None:
    request = rf.get("/auditor/")
    request.user = post_of(Role.TAX_CLERK).user
    request.post, request.actor = post_of(Role.TAX_CLERK), post_of(Role.TAX_CLERK).actor()  # type: ignore[attr-defined]
    with pytest.raises(OutOfScope, match="this post does not do this"):
        auditors_page(request)


def test_a_refusal_is_a_page_and_an_audit_entry(signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    def counted_elsewhere(_actor: Actor) -> list[object]:
        raise OutOfScope.of_region("500243", "320682108201")

    client = signed_in(Role.COMMITTEE_MEMBER)
    monkeypatch.setattr("zhubao.web.home.entries_for", counted_elsewhere)
    response = client.get("/")
    assert response.status_code == 403
    assert "不在本岗位的管辖范围" in response.content.decode()
    entry = AuditEntry.objects.get(action="access.refused")
    assert (entry.subject, entry.region_code, entry.actor_name) == ("page:/", "320682108201", "丁桂兰")


@pytest.mark.django_db
def test_a_demonstration_does_not_enter_real_data() -> None:
    set_up_installation(demonstration=False, now=timezone.now())
    with pytest.raises(ZhubaoError, match="E-REAL-DATA"):
        set_up_installation(demonstration=True, now=timezone.now())


def test_the_open_posts_of_somebody_are_whole_in_one_query(post_of: Posts) -> None:
    first = post_of(Role.AGENCY_REVIEWER)
    second = open_post(first.user, first.organisation, Role.AGENCY_INTAKE, actor=Actor.system("test"), now=timezone.now())
    with CaptureQueriesContext(connection) as asked:
        found = open_posts_of(first.user)
        told = [(post.actor(), str(post.organisation), post.scope.name, post.user) for post in found]
    assert len(asked) == 1
    assert told == [
        (post.actor(), post.organisation.name, post.scope.name, first.user)
        for post in Post.objects.filter(user=first.user).order_by("pk")
    ]
    Post.objects.filter(pk=first.pk).update(closed_at=timezone.now())
    assert open_posts_of(first.user) == [second]
    first.user.is_active = False
    assert open_posts_of(first.user) == []
