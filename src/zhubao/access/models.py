"""Tables of access. No workflow here: `actions` writes, `selectors` reads."""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .actors import Actor
from .composed import Composed, Given
from .roles import OrganisationKind, Role
from .scopes import RegionQuerySet


class Region(models.Model):
    """A place in the administrative tree. A code begins with its parent's: 32 · 3206 · 320682 · 320682101 · 320682101201."""

    code = models.CharField(_("code"), primary_key=True, max_length=12)
    name = models.CharField(_("name"), max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="region_code_shape", condition=Q(code__regex=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(RegionQuerySet["Organisation"]):
    """Organisations of a scope."""

    region_path = "region__code"


class Organisation(models.Model):
    """An office that takes part: one row for each agency, committee, bureau, bank."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="organisations")
    kind = models.CharField(_("kind"), max_length=24, choices=OrganisationKind.choices)
    name = models.CharField(_("name"), max_length=80)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "kind", "name"], name="organisation_once"),
            models.CheckConstraint(name="organisation_kind_known", condition=Q(kind__in=OrganisationKind.values)),
        ]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(RegionQuerySet["User"]):
    """People who sign in, by the region whose administrator looks after their account."""

    region_path = "region__code"


class AccountManager(BaseUserManager["User"]):
    """Accounts. That of a session is asked for at every request, by its key."""

    def get(self, *conditions: Any, **wanted: Any) -> "User":
        """Return one account; raise DoesNotExist for none."""
        if conditions or wanted.keys() != {"pk"}:
            return super().get(*conditions, **wanted)
        found = _BY_KEY.first(key=wanted["pk"])
        if found is None:
            raise User.DoesNotExist(wanted["pk"])
        return found


UserManager = AccountManager.from_queryset(UserQuerySet)


class User(AbstractBaseUser):
    """A person who signs in. What they may do hangs on their posts, never on the person."""

    username = models.CharField(_("user name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40)
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(default=False)
    # Whose administrator looks after the account; without one, only the system does.
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region"))

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.name


_BY_KEY = Composed(lambda: User.objects.filter(pk=Given("key")))


class PostQuerySet(models.QuerySet["Post"]):
    """Posts, open ones by default of whoever asks."""

    def open(self) -> "PostQuerySet":
        """Return the posts not given up, of people who may still sign in."""
        return self.filter(closed_at=None, user__is_active=True)


class Post(models.Model):
    """One person's work at one organisation, within one region."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    scope = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region covered"))
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], condition=Q(closed_at=None), name="open_post_once"),
            models.CheckConstraint(name="post_role_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_role_display()}"

    def actor(self) -> Actor:
        """Return this post as the one who acts."""
        return Actor(
            name=self.user.name,
            scope=self.scope_id,
            role=self.role,
            organisation_id=self.organisation_id,
            post_id=self.pk,
            user_id=self.user_id,
        )


class MachineKey(models.Model):
    """A key by which a system acts at a post; only the SHA-256 of its secret is kept."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="keys")
    name = models.CharField(_("system"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(pgettext_lazy("key", "issued"))
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager["MachineKey"]()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.name


class AuditEntryQuerySet(RegionQuerySet["AuditEntry"]):
    """Audit entries of a scope."""


class AuditEntry(models.Model):
    """What was done, by whom, to what, and why. The table refuses update and delete; each entry seals the one before it.

    A chain runs through the entries of one county (the first six digits of the region code; "" for the whole installation),
    so that counties do not wait for each other.
    """

    region_code = models.CharField(max_length=12, blank=True)
    chain = models.CharField(max_length=6, blank=True)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    previous_seal = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "number"], name="audit_number_once")]
        indexes: ClassVar = [
            models.Index(fields=["subject", "at"], name="audit_by_subject"),
            models.Index(fields=["region_code", "at"], name="audit_by_region"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}/{self.number} {self.action} {self.subject}"


class Installation(models.Model):
    """What this database is for: one row, written when it is set up. A demonstration never turns into the real thing.

    `ahead`: how far the clock of a demonstration stands before the real time; of anything else it cannot be moved.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    demonstration = models.BooleanField()
    created_at = models.DateTimeField()
    ahead = models.DurationField(default=timedelta)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="one_installation", condition=Q(id=1)),
            models.CheckConstraint(
                name="installation_clock_of_a_demonstration",
                condition=Q(ahead=timedelta()) | Q(demonstration=True, ahead__gt=timedelta()),
            ),
        ]

    def __str__(self) -> str:
        return "demonstration" if self.demonstration else "production"
