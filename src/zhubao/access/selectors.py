"""What screens read of access."""

from django.db.models import Count, Prefetch, Q, QuerySet

from .actors import Actor
from .clock import installation
from .models import Organisation, Post, Region, User


def is_demonstration() -> bool:
    """Tell whether this database holds a demonstration."""
    here = installation()
    return here is not None and here.demonstration


def open_posts_of(user: User) -> QuerySet[Post]:
    """Return the posts a person may act at, with organisation and scope read along."""
    return Post.objects.open().filter(user=user).select_related("user", "organisation", "scope").order_by("pk")


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
