"""What the page of one person shows."""

from dataclasses import dataclass
from typing import Any

from zhubao.access.actors import Actor
from zhubao.access.machine_keys import KEYED_ROLES
from zhubao.access.models import User
from zhubao.access.roles import INCOMPATIBLE, ROLES_OF, Incompatibility, OrganisationKind, Role, incompatibility
from zhubao.access.selectors import organisations_for, posts_of

from .forms import PostForm, ReasonForm


@dataclass(frozen=True)
class Choice:
    """A post that could be opened; `against` is the line that forbids it beside the posts held, None when it is free."""

    value: str
    label: Any
    against: Incompatibility | None


@dataclass(frozen=True)
class Rule:
    """A line of the posts that stay in different hands, with the names of both sides."""

    one: list[Any]
    other: list[Any]
    line: Incompatibility


def person_sheet(actor: Actor, user: User, form: PostForm | None = None) -> dict[str, Any]:
    """Return what the page of a person needs; `form` is a post that was refused, with its faults."""
    posts = list(posts_of(user))
    posts.sort(key=lambda post: post.closed_at is not None)
    held = [post.role for post in posts if post.closed_at is None]
    groups = [
        (
            organisation,
            [
                Choice(f"{organisation.pk}:{role.value}", role.label, incompatibility(role, held))
                for role in ROLES_OF[OrganisationKind(organisation.kind)]
            ],
        )
        for organisation in organisations_for(actor)
    ]
    return {
        "person": user,
        "posts": posts,
        "groups": groups,
        "form": form or PostForm(actor),
        "reason": ReasonForm(auto_id="account_%s"),
        "own": actor.user_id == user.pk,
        "keyed": [
            (post, list(post.keys.all()))
            for post in posts
            if post.closed_at is None and user.is_active and post.role in KEYED_ROLES
        ],
        "rules": rules(held),
    }


def rules(held: list[str]) -> list[Rule]:
    """Return the lines that touch a post held, all of them for somebody without one."""
    touched = [line for line in INCOMPATIBLE if not held or any(role in line.one | line.other for role in held)]
    return [Rule(_labels(line.one), _labels(line.other - line.one), line) for line in touched]


def _labels(roles: frozenset[Role]) -> list[Any]:
    """Return the names of roles in their usual order; one sign for all of them."""
    return [role.label for role in Role if role in roles]
