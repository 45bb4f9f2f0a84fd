"""Posts that stay in different hands: every pair of roles, in both orders, against the table."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import permutations

import pytest

from zhubao.access.accounts import add_user
from zhubao.access.actions import close_post, open_post
from zhubao.access.actors import Actor
from zhubao.access.models import Organisation, Post
from zhubao.access.roles import EVERY_ROLE, INCOMPATIBLE, ROLES_OF, Role, incompatibility
from zhubao.errors import ZhubaoError
from zhubao.policies.register import clause

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")
APART = [
    (Role.AGENCY_REVIEWER, Role.AGENCY_APPROVER),
    (Role.AGENCY_ACCOUNTANT, Role.AGENCY_APPROVER),
    (Role.CERTIFIER, Role.AGENCY_REVIEWER),
    (Role.CERTIFIER, Role.AGENCY_INTAKE),
    (Role.FINANCE_CLERK, Role.AGENCY_APPROVER),
    (Role.FINANCE_CLERK, Role.BANK_OFFICER),
    (Role.BANK_OFFICER, Role.BANK_REVIEWER),
    (Role.BANK_OFFICER, Role.AGENCY_REVIEWER),
    (Role.COMMITTEE_MEMBER, Role.AGENCY_REVIEWER),
    (Role.COMMITTEE_MEMBER, Role.BANK_OFFICER),
    (Role.AGENCY_ADMINISTRATOR, Role.AGENCY_APPROVER),
    *((Role.AUDITOR, role) for role in Role if role is not Role.AUDITOR),
]
TOGETHER = [
    (Role.AGENCY_INTAKE, Role.AGENCY_REVIEWER),
    (Role.AGENCY_INTAKE, Role.AGENCY_ADMINISTRATOR),
    (Role.COMMITTEE_MEMBER, Role.TOWNSHIP_CLERK),
    (Role.CERTIFIER, Role.TOWNSHIP_CLERK),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_held_apart(one: Role, other: Role) -> None:
    assert incompatibility(one, [other])
    assert incompatibility(other, [one])


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_may_be_held_together(one: Role, other: Role) -> None:
    assert incompatibility(one, [other]) is None
    assert incompatibility(other, [one]) is None


@pytest.mark.parametrize("role", sorted(EVERY_ROLE))
def test_the_same_work_at_two_organisations_is_no_conflict(role: Role) -> None:
    assert incompatibility(role, [role]) is None


def test_every_line_says_why_in_both_languages_and_rests_on_clauses_of_the_register() -> None:
    for line in INCOMPATIBLE:
        assert line.reason.zh
        assert line.reason.en
        assert line.clauses
        for each in line.clauses:
            assert clause(each).id == each


def place_of(role: Role) -> Organisation:
    """Return the first organisation of the county that has this post."""
    return next(
        organisation
        for organisation in Organisation.objects.order_by("pk")
        if role in ROLES_OF[organisation.kind]  # type: ignore[index]
    )


@pytest.mark.usefixtures("county")
@pytest.mark.clauses("gz-10b")
def test_the_action_refuses_every_pair_of_the_table_and_opens_every_other() -> None:
    for number, (first, second) in enumerate(permutations(Role, 2)):
        user = add_user(f"person-{number}", "某人", "x", region=place_of(first).region, actor=SYSTEM, now=NOW)
        open_post(user, place_of(first), first, actor=SYSTEM, now=NOW)
        line = incompatibility(second, [first])
        if line is None:
            open_post(user, place_of(second), second, actor=SYSTEM, now=NOW)
        else:
            with pytest.raises(ZhubaoError, match=r"^E-POST-TOGETHER") as refused:
                open_post(user, place_of(second), second, actor=SYSTEM, now=NOW)
            assert (refused.value.problem, refused.value.place) == (line.reason, ", ".join(line.clauses))
        assert Post.objects.filter(user=user).count() == (1 if line else 2)


def test_once_the_first_post_is_closed_the_second_may_be_opened(post_of: Callable[[str], Post]) -> None:
    reviewer = post_of(Role.AGENCY_REVIEWER)
    close_post(reviewer, reason="转岗", actor=SYSTEM, now=NOW)
    opened = open_post(reviewer.user, reviewer.organisation, Role.AGENCY_APPROVER, actor=SYSTEM, now=NOW)
    assert opened.closed_at is None
