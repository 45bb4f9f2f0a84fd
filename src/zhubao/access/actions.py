"""The only writers of access. Each action is one transaction with its audit entry in it."""

from datetime import datetime

from django.db import transaction

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .actors import Actor
from .audit import record
from .models import Installation, Organisation, Post, Region, User
from .roles import ROLES_OF, OrganisationKind


@transaction.atomic
def set_up_installation(*, demonstration: bool, now: datetime) -> Installation:
    """Write what this database is for, once; raise E-REAL-DATA when a demonstration is asked of a database that is none."""
    installation, _made = Installation.objects.get_or_create(id=1, defaults={"demonstration": demonstration, "created_at": now})
    if demonstration and not installation.demonstration:
        raise real_data()
    return installation


def real_data() -> ZhubaoError:
    """Return the refusal to mix a demonstration with real data."""
    return ZhubaoError(
        "E-REAL-DATA",
        Text("数据库里是真实数据，不能装入演示数据", "the database holds real data; a demonstration may not enter it"),
        remedy=Text("换一个空数据库", "use an empty database"),
    )


@transaction.atomic
def add_region(code: str, name: str, *, actor: Actor, now: datetime) -> Region:
    """Add a region under the nearest region whose code begins its own, or return the one there."""
    shorter = [code[:length] for length in (2, 4, 6, 9) if length < len(code)]
    parent = Region.objects.filter(code__in=shorter).order_by("-code").first()
    region, made = Region.objects.get_or_create(code=code, defaults={"name": name, "parent": parent})
    if made:
        record("region.added", f"region:{code}", actor=actor, now=now, region_code=code, after={"name": name})
    return region


@transaction.atomic
def add_organisation(region: Region, kind: OrganisationKind, name: str, *, actor: Actor, now: datetime) -> Organisation:
    """Add an organisation to a region, or return the one there."""
    actor.require_region(region.code)
    organisation, made = Organisation.objects.get_or_create(region=region, kind=kind.value, name=name)
    if made:
        record(
            "organisation.added",
            f"organisation:{organisation.pk}",
            actor=actor,
            now=now,
            region_code=region.code,
            after={"kind": kind.value, "name": name},
        )
    return organisation


@transaction.atomic
def add_user(username: str, name: str, password: str, *, actor: Actor, now: datetime) -> User:
    """Add a person who may sign in, with their first password."""
    user = User(username=username, name=name)
    user.set_password(password)
    user.save(force_insert=True)
    record("user.added", f"user:{username}", actor=actor, now=now, after={"name": name})
    return user


@transaction.atomic
def set_password(user: User, password: str, *, actor: Actor, now: datetime) -> None:
    """Replace a person's password; the audit entry says that, not what it is."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record("user.password_set", f"user:{user.username}", actor=actor, now=now)


@transaction.atomic
def open_post(
    user: User, organisation: Organisation, role: str, *, scope: Region | None = None, actor: Actor, now: datetime
) -> Post:
    """Give a person a post; its scope is the organisation's region unless a region inside or above it is named.

    Raise E-POST-ROLE when organisations of this kind have no such post. Idempotent: an open post of the same kind is returned.
    """
    if role not in ROLES_OF[OrganisationKind(organisation.kind)]:
        raise ZhubaoError("E-POST-ROLE", Text("这类机构没有这个岗位", "organisations of this kind have no such post"), place=role)
    region = scope or organisation.region
    actor.require_region(region.code)
    post, made = Post.objects.get_or_create(
        user=user, organisation=organisation, role=role, closed_at=None, defaults={"scope": region, "opened_at": now}
    )
    if made:
        after = {"user": user.username, "role": role, "scope": region.code}
        record("post.opened", f"post:{post.pk}", actor=actor, now=now, region_code=region.code, after=after)
    return post


@transaction.atomic
def close_post(post: Post, *, reason: str, actor: Actor, now: datetime) -> None:
    """End a post; what was done at it stays. Safe to repeat."""
    actor.require_region(post.scope_id)
    if Post.objects.filter(pk=post.pk, closed_at=None).update(closed_at=now):
        record("post.closed", f"post:{post.pk}", actor=actor, now=now, region_code=post.scope_id, reason=reason)
