"""What screens read of access."""

from django.db.models import QuerySet

from .models import Installation, Post, User


def is_demonstration() -> bool:
    """Tell whether this database holds a demonstration."""
    return Installation.objects.filter(demonstration=True).exists()


def open_posts_of(user: User) -> QuerySet[Post]:
    """Return the posts a person may act at, with organisation and scope read along."""
    return Post.objects.open().filter(user=user).select_related("user", "organisation", "scope").order_by("pk")


def open_posts() -> QuerySet[Post]:
    """Return every open post in the order they were opened."""
    return Post.objects.open().select_related("user", "organisation", "scope").order_by("pk")
