"""The writers of accounts: who may sign in, with which password. Each action is one transaction with its audit entry in it.

Every change of a password ends the sessions opened with the old one, because a session carries a mark of the password.
"""

import secrets
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .actors import Actor, OutOfScope
from .audit import record
from .models import Post, Region, User
from .roles import Role

# Without signs that look alike on paper (0 o 1 l i); four groups of four give 78 bits.
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
GROUPS, GROUP_LENGTH = 4, 4
USERNAME_LENGTH = 40
PASSWORD_FAULTS = {
    "password_too_short": Text("太短，至少要十个字符", "too short: ten signs at least"),
    "password_too_common": Text("太常见，容易被猜到", "too common, easily guessed"),
    "password_entirely_numeric": Text("不能全是数字", "digits alone are not enough"),
    "password_too_similar": Text("与用户名或姓名太像", "too much like the user name or the name"),
}


def new_password() -> str:
    """Return a password nobody knows yet, easy to read aloud: ``k7mp-2xqd-9hta-vw4e``."""
    return "-".join("".join(secrets.choice(SIGNS) for _sign in range(GROUP_LENGTH)) for _group in range(GROUPS))


def require_account(user: User, actor: Actor) -> None:
    """Raise OutOfScope unless the account and every open post of its person lie in the actor's scope.

    Otherwise a county could take over the account of somebody who acts for the prefecture.
    """
    places = [user.region_id or "", *Post.objects.filter(user=user, closed_at=None).values_list("scope_id", flat=True)]
    for place in places:
        if not actor.covers(place):
            raise OutOfScope.of_region(user.username, actor.scope)


@transaction.atomic
def add_user(
    username: str,
    name: str,
    password: str,
    *,
    region: Region | None = None,
    must_change: bool = False,
    hashed: bool = False,
    actor: Actor,
    now: datetime,
) -> User:
    """Add a person who may sign in, with their first password, which with `must_change` opens only the page that changes it.

    `hashed`: `password` is the stored form already, because many accounts of a demonstration share one. Raise E-USER-NAME for a
    name to sign in with that has spaces or is too long, E-USER-TAKEN when somebody has it.
    """
    actor.require_role(Role.AGENCY_ADMINISTRATOR)
    actor.require_region(region.code if region else "")
    if not username or len(username) > USERNAME_LENGTH or any(sign.isspace() for sign in username):
        raise ZhubaoError(
            "E-USER-NAME",
            Text(f"用户名要 1 到 {USERNAME_LENGTH} 个字，不含空格", f"1 to {USERNAME_LENGTH} signs without spaces are needed"),
            place=username,
        )
    if User.objects.filter(username__iexact=username).exists():
        raise ZhubaoError(
            "E-USER-TAKEN",
            Text("这个用户名已有人用", "somebody has this user name"),
            place=username,
            remedy=Text("换一个", "choose another"),
        )
    user = User(username=username, name=name, region=region, must_change_password=must_change)
    user.password = password if hashed else make_password(password)
    user.save(force_insert=True)
    record("user.added", f"user:{username}", actor=actor, now=now, region_code=_place(user), after={"name": name})
    return user


@transaction.atomic
def set_password(user: User, password: str, *, must_change: bool = False, actor: Actor, now: datetime) -> None:
    """Replace a person's password; the audit entry says that, not what it is. The person's sessions end."""
    _require_other(user, actor)
    user.set_password(password)
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])
    record("user.password_set", f"user:{user.username}", actor=actor, now=now, region_code=_place(user))


@transaction.atomic
def change_own_password(user: User, old: str, new: str, *, actor: Actor, now: datetime) -> None:
    """Let a person replace their own password; every other session of theirs ends.

    Raise OutOfScope for somebody else's, E-PASSWORD-OLD when `old` is wrong or the same as `new`, E-PASSWORD when `new` is too
    easy to guess.
    """
    if actor.user_id != user.pk:
        raise OutOfScope(user.username, Text("只能改自己的口令", "only one's own password can be changed"))
    if not user.check_password(old):
        raise ZhubaoError("E-PASSWORD-OLD", Text("现用口令不对", "the present password is wrong"), place=user.username)
    if old == new:
        raise ZhubaoError(
            "E-PASSWORD-OLD", Text("新口令与现用口令相同", "the new password is the present one"), place=user.username
        )
    require_good_password(new, user)
    user.set_password(new)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record("user.password_changed", f"user:{user.username}", actor=actor, now=now, region_code=_place(user))


def password_faults(password: str, user: User) -> list[Text]:
    """Return every reason why a password is too easy to guess, in our own words: Django's are not all translated."""
    try:
        validate_password(password, user)
    except ValidationError as found:
        return [
            PASSWORD_FAULTS.get(fault.code or "", Text("这个口令不能用", " ".join(fault.messages))) for fault in found.error_list
        ]
    return []


def require_good_password(password: str, user: User) -> None:
    """Raise E-PASSWORD with every reason why a password is too easy to guess."""
    faults = password_faults(password, user)
    if faults:
        problem = Text("；".join(fault.zh for fault in faults), "; ".join(fault.en for fault in faults))
        raise ZhubaoError("E-PASSWORD", problem, place=user.username)


@transaction.atomic
def deactivate_user(user: User, *, reason: str, actor: Actor, now: datetime) -> None:
    """Close an account and every open post of its person; the sessions end with the next request. Safe to repeat.

    Raise E-USER-SELF for one's own, OutOfScope for an account that is not the actor's to look after.
    """
    _require_other(user, actor)
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not user.is_active:
        return
    posts = Post.objects.filter(user=user, closed_at=None)
    closed = [f"post:{pk}" for pk in posts.values_list("pk", flat=True)]
    posts.update(closed_at=now)
    user.is_active = False
    # An open session must not come back to life when the account is opened again.
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    record(
        "user.deactivated",
        f"user:{user.username}",
        actor=actor,
        now=now,
        region_code=_place(user),
        after={"posts_closed": closed},
        reason=reason,
    )


@transaction.atomic
def reactivate_user(user: User, password: str, *, actor: Actor, now: datetime) -> None:
    """Open a closed account again with a new password that must be changed; posts have to be opened anew. Safe to repeat."""
    _require_other(user, actor)
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.is_active:
        return
    user.is_active, user.must_change_password = True, True
    user.set_password(password)
    user.save(update_fields=["is_active", "must_change_password", "password"])
    record("user.reactivated", f"user:{user.username}", actor=actor, now=now, region_code=_place(user))


def _require_other(user: User, actor: Actor) -> None:
    actor.require_role(Role.AGENCY_ADMINISTRATOR)
    require_account(user, actor)
    if actor.user_id == user.pk:
        raise ZhubaoError(
            "E-USER-SELF",
            Text("自己的账号不在这里改", "one's own account is not changed here"),
            remedy=Text("改口令用“修改口令”；其余请另一位管理员办理", "use “Change password”, or ask another administrator"),
        )


def _place(user: User) -> str:
    return user.region_id or ""
