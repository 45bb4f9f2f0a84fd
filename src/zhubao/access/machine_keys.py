"""Keys by which another office's system signs in at a post: shown once when issued, kept as a digest, revoked at any time."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .actors import Actor, OutOfScope
from .audit import record
from .models import MachineKey, Post
from .roles import BANK_ROLES, Role

# Systems hand files in; whoever decides at the agency, supervises or audits does so in person.
KEYED_ROLES = BANK_ROLES | {Role.TAX_CLERK}
BYTES = 32


@transaction.atomic
def issue_key(post: Post, name: str, *, actor: Actor, now: datetime) -> tuple[MachineKey, str]:
    """Issue a key for a system that acts at a post, and return it with its secret, which is told only now.

    Raise OutOfScope for a post of another region or one of the actor's own, E-KEY-POST for a post without keys or a closed one,
    E-KEY-NAME without the system's name.
    """
    actor.require_role(Role.AGENCY_ADMINISTRATOR)
    actor.require_region(post.scope_id)
    if post.user_id == actor.user_id:
        raise OutOfScope(f"post:{post.pk}", Text("不能给自己的岗位发密钥", "nobody issues a key for a post of their own"))
    if post.closed_at is not None or not post.user.is_active or post.role not in KEYED_ROLES:
        raise ZhubaoError(
            "E-KEY-POST",
            Text("只给在岗的银行、税务岗位发密钥", "keys are for open posts of banks and tax offices"),
            place=str(post),
        )
    if not name.strip():
        raise ZhubaoError("E-KEY-NAME", Text("请写明是哪个系统", "say which system it is for"), place=str(post))
    secret = secrets.token_urlsafe(BYTES)
    key = MachineKey.objects.create(
        post=post, name=name.strip()[:60], digest=_digest(secret), issued_at=now, issued_by_id=actor.user_id
    )
    _note("key.issued", key, actor=actor, now=now)
    return key, secret


@transaction.atomic
def revoke_key(key: MachineKey, *, reason: str, actor: Actor, now: datetime) -> None:
    """Let a key open nothing any more. Safe to repeat; OutOfScope for another region's."""
    actor.require_role(Role.AGENCY_ADMINISTRATOR)
    actor.require_region(key.post.scope_id)
    if MachineKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        _note("key.revoked", key, actor=actor, now=now, reason=reason)


def post_of_key(secret: str) -> Post | None:
    """Return the open post a key signs in at; None for one that is none, was revoked, or whose post or account is closed."""
    found = MachineKey.objects.filter(digest=_digest(secret), revoked_at=None)
    return Post.objects.open().filter(pk__in=found.values("post")).select_related("user", "organisation").first()


def _digest(secret: str) -> str:
    # A secret of 256 random bits needs no salt and no slow hash.
    return hashlib.sha256(secret.encode()).hexdigest()


def _note(action: str, key: MachineKey, *, actor: Actor, now: datetime, reason: str = "") -> None:
    after = {"key": key.pk, "system": key.name}
    record(action, f"post:{key.post_id}", actor=actor, now=now, region_code=key.post.scope_id, after=after, reason=reason.strip())
