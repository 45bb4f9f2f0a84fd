"""The writers of regions, organisations and posts. Each action is one transaction with its audit entry in it."""

from datetime import datetime

from django.db import transaction

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .accounts import add_user, require_account, set_password
from .actors import Actor
from .audit import record
from .models import Installation, Organisation, Post, Region, User
from .roles import ROLES_OF, OrganisationKind, Role, incompatibility

__all__ = [
    "add_organisation",
    "add_region",
    "add_user",
    "close_post",
    "open_post",
    "real_data",
    "set_password",
    "set_up_installation",
]


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
    actor.require_role(Role.AGENCY_ADMINISTRATOR)
    actor.require_region(code)
    shorter = [code[:length] for length in (2, 4, 6, 9) if length < len(code)]
    parent = Region.objects.filter(code__in=shorter).order_by("-code").first()
    region, made = Region.objects.get_or_create(code=code, defaults={"name": name, "parent": parent})
    if made:
        record("region.added", f"region:{code}", actor=actor, now=now, region_code=code, after={"name": name})
    return region


@transaction.atomic
def add_organisation(region: Region, kind: OrganisationKind, name: str, *, actor: Actor, now: datetime) -> Organisation:
    """Add an organisation to a region, or return the one there."""
    actor.require_role(Role.AGENCY_ADMINISTRATOR)
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
def open_post(
    user: User, organisation: Organisation, role: str, *, scope: Region | None = None, actor: Actor, now: datetime
) -> Post:
    """Give a person a post; its scope is the organisation's region unless a region inside or above it is named.

    Idempotent: an open post of the same kind is returned. An account of no region goes to the organisation's. Raise E-POST-ROLE
    when organisations of this kind have no such post, E-POST-SCOPE for a region beside the organisation's, E-POST-SELF for a
    post of one's own, E-POST-TOGETHER when the person holds a post that must stay in other hands, OutOfScope for a person, an
    organisation or a region that is not the actor's.
    """
    actor.require_role(Role.AGENCY_ADMINISTRATOR)
    if role not in ROLES_OF[OrganisationKind(organisation.kind)]:
        raise ZhubaoError("E-POST-ROLE", Text("这类机构没有这个岗位", "organisations of this kind have no such post"), place=role)
    region = scope or organisation.region
    if not (region.code.startswith(organisation.region_id) or organisation.region_id.startswith(region.code)):
        raise ZhubaoError(
            "E-POST-SCOPE",
            Text("管辖区域要与机构所在区域同属一支", "the region covered must lie inside or above the organisation's"),
            place=region.code,
        )
    actor.require_region(organisation.region_id)
    actor.require_region(region.code)
    # Two administrators may give one person two posts at once: the second waits and sees the first.
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.region_id is None:
        user.region = organisation.region
        user.save(update_fields=["region"])
    require_account(user, actor)
    _refuse_own(user, actor)
    held = Post.objects.filter(user=user, closed_at=None)
    there = held.filter(organisation=organisation, role=role).first()
    if there:
        return there
    line = incompatibility(role, held.values_list("role", flat=True))
    if line:
        raise ZhubaoError(
            "E-POST-TOGETHER",
            line.reason,
            place=", ".join(line.clauses),
            remedy=Text("请另派一人，或先停用原岗位", "name another person, or close the other post first"),
        )
    post = Post.objects.create(user=user, organisation=organisation, role=role, scope=region, opened_at=now)
    after = {"user": user.username, "role": role, "organisation": organisation.name, "scope": region.code}
    record("post.opened", f"post:{post.pk}", actor=actor, now=now, region_code=region.code, after=after)
    return post


@transaction.atomic
def close_post(post: Post, *, reason: str, actor: Actor, now: datetime) -> None:
    """End a post; what was done at it stays. Safe to repeat. Raise E-POST-SELF for a post of one's own."""
    actor.require_role(Role.AGENCY_ADMINISTRATOR)
    actor.require_region(post.scope_id)
    _refuse_own(post.user, actor)
    if Post.objects.filter(pk=post.pk, closed_at=None).update(closed_at=now):
        before = {"user": post.user.username, "role": post.role, "organisation": post.organisation.name, "scope": post.scope_id}
        record("post.closed", f"post:{post.pk}", actor=actor, now=now, region_code=post.scope_id, before=before, reason=reason)


def _refuse_own(user: User, actor: Actor) -> None:
    if actor.user_id == user.pk:
        raise ZhubaoError(
            "E-POST-SELF",
            Text("自己的岗位不由自己开停", "nobody opens or closes posts of their own"),
            remedy=Text("请另一位管理员办理", "ask another administrator"),
        )
