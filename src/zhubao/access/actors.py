"""Who acts: a person at a post, or the system itself. Every action takes one; every list is narrowed by one."""

from dataclasses import dataclass

from zhubao.errors import ZhubaoError
from zhubao.language import Text


class OutOfScope(ZhubaoError):  # noqa: N818 - a refusal, not a fault
    """Somebody asked for data of a region, or for work, that is not their post's."""

    def __init__(self, place: str, problem: Text) -> None:
        super().__init__("E-SCOPE", problem, place=place)

    @classmethod
    def of_region(cls, place: str, scope: str) -> "OutOfScope":
        """Return the refusal of something in a region the post's scope does not cover."""
        return cls(place, Text(f"不在本岗位的管辖范围（{scope}）", f"outside the scope of this post ({scope})"))


@dataclass(frozen=True)
class Actor:
    """One acting post. `scope` is the region code the post covers with everything below it; "" is the whole installation.

    The system acts without a user and a post, under the name of the work it does ("month-end"). A citizen acts without a post:
    `person_id` is the person the account belongs to.
    """

    name: str
    scope: str
    role: str = ""
    organisation_id: int | None = None
    post_id: int | None = None
    user_id: int | None = None
    person_id: int | None = None

    @classmethod
    def system(cls, name: str, scope: str = "") -> "Actor":
        """Return the system as an actor, doing the work `name` within `scope`."""
        return cls(name=name, scope=scope)

    def covers(self, region_code: str) -> bool:
        """Tell whether a region lies in the post's scope."""
        return region_code.startswith(self.scope)

    def require_region(self, region_code: str) -> None:
        """Raise OutOfScope unless the region lies in the post's scope."""
        if not self.covers(region_code):
            raise OutOfScope.of_region(region_code, self.scope)

    def require_role(self, *roles: str) -> None:
        """Raise OutOfScope unless the post has one of these roles; the system is never asked."""
        if self.user_id is not None and self.role not in roles:
            raise OutOfScope(self.role, Text("本岗位不办理此事", "this post does not do this"))
