"""What is asked with a statement composed once is what the query set itself finds: objects, joined rows, values converted by their fields."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext

from zhubao.access.composed import Composed, Given, ask, keep_rows
from zhubao.access.models import AuditEntry, Installation, Organisation, Post, Region, User

NOON = datetime(2026, 10, 12, 4, tzinfo=UTC)
QUESTIONS: dict[
    str, tuple[Callable[[], "QuerySet[Post]"], Callable[[Post], dict[str, object]], Callable[[Post], "QuerySet[Post]"]]
] = {
    "按主键 by key": (
        lambda: Post.objects.filter(pk=Given("key")),
        lambda post: {"key": post.pk},
        lambda post: Post.objects.filter(pk=post.pk),
    ),
    "外键与文字 by foreign key and word": (
        lambda: Post.objects.filter(organisation_id=Given("office"), role=Given("role")).order_by("-pk"),
        lambda post: {"office": post.organisation_id, "role": post.role},
        lambda post: Post.objects.filter(organisation=post.organisation, role=post.role).order_by("-pk"),
    ),
    "连带单位和辖区 joined with office and scope": (
        lambda: Post.objects.filter(pk=Given("key")).select_related("organisation__region", "scope", "user"),
        lambda post: {"key": post.pk},
        lambda post: Post.objects.filter(pk=post.pk).select_related("organisation__region", "scope", "user"),
    ),
    "时刻比较、前两行 by moment, the first two": (
        lambda: Post.objects.filter(opened_at__lte=Given("at"), closed_at=None).order_by("pk")[:2],
        lambda post: {"at": post.opened_at},
        lambda post: Post.objects.filter(opened_at__lte=post.opened_at, closed_at=None).order_by("pk")[:2],
    ),
}


@pytest.mark.parametrize("prepared", [2, None], ids=["服务器预编译 prepared", "不预编译 not prepared"])
@pytest.mark.parametrize("words", QUESTIONS)
def test_the_rows_are_those_of_the_query_set(county: list[Post], words: str, prepared: int | None, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "prepare_threshold", prepared)
    question, values, plain = QUESTIONS[words]
    composed = Composed(question)
    for post in county * 2:
        found, wanted = composed.rows(**values(post)), list(plain(post))
        assert found == wanted
        assert [vars(each).keys() for each in found] == [vars(each).keys() for each in wanted]
        assert [each.opened_at for each in found] == [each.opened_at for each in wanted]


def test_joined_rows_are_there_without_another_question(county: list[Post], django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    composed = Composed(lambda: Post.objects.filter(pk=Given("key")).select_related("organisation__region"))
    code = county[0].organisation.region.code
    with django_assert_num_queries(1):
        post = composed.first(key=county[0].pk)
        assert post is not None
        assert post.organisation.region.code == code


@pytest.mark.django_db
def test_values_are_read_as_their_fields_read_them() -> None:
    Installation.objects.update_or_create(
        id=1, defaults={"demonstration": True, "created_at": NOON, "ahead": timedelta(days=3, hours=2)}
    )
    entry = {"action": "a", "actor_name": "甲", "subject": "case:1", "at": NOON, "seal": "s", "number": 1}
    AuditEntry.objects.create(**entry, after={"行数": [1, None]})
    AuditEntry.objects.create(**{**entry, "number": 2})
    installed = Composed(lambda: Installation.objects.all()[:1]).first()
    assert installed is not None
    assert installed.ahead == timedelta(days=3, hours=2)
    entries = Composed(lambda: AuditEntry.objects.filter(subject=Given("subject")).order_by("number")).rows(subject="case:1")
    assert [each.after for each in entries] == [{"行数": [1, None]}, None]


def test_annotated_and_deferred(county: list[Post]) -> None:
    composed = Composed(lambda: Post.objects.filter(pk=Given("key")).annotate(office=F("organisation__name")).defer("role"))
    post = composed.first(key=county[0].pk)
    assert post is not None
    assert (vars(post)["office"], post.get_deferred_fields()) == (county[0].organisation.name, {"role"})
    assert post.role == county[0].role


@pytest.mark.django_db
def test_what_can_find_nothing_asks_nothing(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(0):
        assert Composed(lambda: Post.objects.none().filter(pk=Given("key"))).rows(key=1) == []
    assert Composed(lambda: User.objects.filter(pk=Given("key"))).first(key=0) is None


def test_kept_rows_answer_for_their_relation(county: list[Post], django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    office = Organisation.objects.get(pk=county[0].organisation_id)
    keep_rows(office, "posts", Composed(lambda: Post.objects.filter(organisation_id=Given("office"))).rows(office=office.pk))
    with django_assert_num_queries(0):
        assert {post.organisation for post in office.posts.all()} == {office}
    assert set(office.posts.all()) == set(Post.objects.filter(organisation=office))


def test_an_account_is_found_by_its_key_or_not_at_all(county: list[Post]) -> None:
    user = county[0].user
    assert User.objects.get(pk=user.pk).username == User.objects.get(username=user.username).username == user.username
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=0)


def test_a_written_statement(county: list[Post]) -> None:
    region = Region.objects.get(pk=county[0].scope_id)
    assert ask("SELECT name FROM access_region WHERE code = %(code)s", {"code": region.code}) == [(region.name,)]


def test_a_log_of_statements_shows_their_values(county: list[Post]) -> None:
    composed = Composed(lambda: Post.objects.filter(pk=Given("key")))
    with CaptureQueriesContext(connection) as asked:
        for _ in range(4):
            composed.rows(key=county[0].pk)
    assert [f"({county[0].pk})" in query["sql"] for query in asked.captured_queries] == [True] * 4
