"""What screens read of access."""

from functools import cache

from django.db import connection
from django.db.models import Count, Model, Prefetch, Q, QuerySet

from .actors import Actor
from .clock import installation
from .composed import ask
from .models import Organisation, Post, Region, User


def is_demonstration() -> bool:
    """Tell whether this database holds a demonstration."""
    here = installation()
    return here is not None and here.demonstration


def open_posts_of(user: User) -> list[Post]:
    """Return the posts a person may act at, with organisation and scope read along, in the order they were opened.

    Every request asks it, so its statement is written once: to compose it each time took five times as long as to have it answered.
    """
    if not user.is_active:
        return []
    posts = []
    own, office, scope = (len(_columns(model)) for model in (Post, Organisation, Region))
    for row in ask(_open_posts(), [user.pk]):
        post = Post.from_db(connection.alias, _columns(Post), row[:own])
        post.user = user
        post.organisation = Organisation.from_db(connection.alias, _columns(Organisation), row[own : own + office])
        post.scope = Region.from_db(connection.alias, _columns(Region), row[-scope:])
        posts.append(post)
    return posts


@cache
def _open_posts() -> str:
    told = ", ".join(f'{name}."{column}"' for model, name in _JOINED for column in _columns(model))
    return f"""
        SELECT {told} FROM access_post AS post
        JOIN access_organisation AS organisation ON organisation.id = post.organisation_id
        JOIN access_region AS scope ON scope.code = post.scope_id
        WHERE post.user_id = %s AND post.closed_at IS NULL ORDER BY post.id"""


_JOINED: tuple[tuple[type[Model], str], ...] = ((Post, "post"), (Organisation, "organisation"), (Region, "scope"))


@cache
def _columns(model: type[Model]) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]


def open_posts() -> QuerySet[Post]:
    """Return every open post in the order they were opened."""
    return Post.objects.open().select_related("user", "organisation", "scope").order_by("pk")


def organisations_for(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations of the actor's scope with `open_count`, the number of their open posts, by region and name."""
    count = Count("posts", filter=Q(posts__closed_at=None, posts__user__is_active=True))
    return Organisation.objects.within(actor).select_related("region").annotate(open_count=count).order_by("region", "name")


def people_for(actor: Actor, search: str = "", *, closed: bool = False) -> QuerySet[User]:
    """Return the accounts the actor looks after, with `open_posts`; `search` is part of a name, `closed` adds closed accounts."""
    people = User.objects.within(actor).select_related("region").order_by("username")
    if not closed:
        people = people.filter(is_active=True)
    if search:
        people = people.filter(Q(username__icontains=search) | Q(name__icontains=search))
    posts = Post.objects.filter(closed_at=None).select_related("organisation", "scope").order_by("pk")
    return people.prefetch_related(Prefetch("posts", queryset=posts, to_attr="open_posts"))


def person_for(actor: Actor, number: int) -> User:
    """Return one account; raise DoesNotExist, or OutOfScope when somebody else looks after it."""
    return User.objects.get_for(actor, pk=number)


def posts_of(user: User) -> QuerySet[Post]:
    """Return every post a person has or had, open ones first, then the newest."""
    return Post.objects.filter(user=user).select_related("organisation", "scope").order_by("-closed_at", "-pk")


def region_named(actor: Actor, words: str) -> Region | None:
    """Return the region of the actor's scope with this code, or the only one with this name; None when there is none."""
    inside = Region.objects.filter(code__startswith=actor.scope)
    found = list(inside.filter(Q(code=words) | Q(name=words))[:2])
    return found[0] if len(found) == 1 else None
