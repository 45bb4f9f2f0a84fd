"""Every action of access at every post: allowed, or refused and nothing changed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from django.db import transaction

from zhubao.access import accounts, actions, audit_log, regions
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry, Post, Region, User
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError

from .tables import tables

Posts = Callable[[str], Post]
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")
ADMINISTRATOR = {Role.AGENCY_ADMINISTRATOR}
VILLAGE = regions.RegionFile([regions.Line(2, "320682108202", "杨庄村")])


@dataclass(frozen=True)
class Others:
    """People and things of the county that the action is done to."""

    newcomer: User
    former: User
    taxman: Post


Act = Callable[[Others, Actor], object]


def region(code: str = "320682") -> Region:
    return Region.objects.get(code=code)


ACTS: dict[str, tuple[str, set[Role], Act]] = {
    "add_region": ("新增区划", ADMINISTRATOR, lambda o, a: actions.add_region("320682109", "丁堰镇", actor=a, now=NOW)),
    "import_regions": (
        "导入区划",
        ADMINISTRATOR,
        lambda o, a: regions.import_regions(VILLAGE, place="村.csv", actor=a, now=NOW),
    ),
    "add_organisation": (
        "新增机构",
        ADMINISTRATOR,
        lambda o, a: actions.add_organisation(region(), OrganisationKind.BANK, "第二家银行", actor=a, now=NOW),
    ),
    "add_user": (
        "新增人员",
        ADMINISTRATOR,
        lambda o, a: accounts.add_user("new", "新来", "x", region=region(), actor=a, now=NOW),
    ),
    "set_password": ("发放新口令", ADMINISTRATOR, lambda o, a: accounts.set_password(o.newcomer, "y", actor=a, now=NOW)),
    "deactivate_user": (
        "停用账号",
        ADMINISTRATOR,
        lambda o, a: accounts.deactivate_user(o.newcomer, reason="调离", actor=a, now=NOW),
    ),
    "reactivate_user": ("重启账号", ADMINISTRATOR, lambda o, a: accounts.reactivate_user(o.former, "z", actor=a, now=NOW)),
    "open_post": (
        "开通岗位",
        ADMINISTRATOR,
        lambda o, a: actions.open_post(o.newcomer, o.taxman.organisation, Role.TAX_CLERK, actor=a, now=NOW),
    ),
    "close_post": ("停用岗位", ADMINISTRATOR, lambda o, a: actions.close_post(o.taxman, reason="调离", actor=a, now=NOW)),
    "change_own_password": (
        "替别人改口令",
        set(),
        lambda o, a: accounts.change_own_password(o.newcomer, "first", "a long new password", actor=a, now=NOW),
    ),
    "record_export": (
        "导出审计日志",
        {Role.AUDITOR, Role.AGENCY_ADMINISTRATOR},
        lambda o, a: audit_log.record_export(audit_log.Wanted(), 3, actor=a, now=NOW),
    ),
}


@pytest.fixture
def others(post_of: Posts) -> Others:
    newcomer = accounts.add_user("newcomer", "新人", "first", region=region(), actor=SYSTEM, now=NOW)
    former = accounts.add_user("former", "离职者", "first", region=region(), actor=SYSTEM, now=NOW)
    accounts.deactivate_user(former, reason="离职", actor=SYSTEM, now=NOW)
    return Others(newcomer, former, post_of(Role.TAX_CLERK))


@pytest.mark.parametrize("act", ACTS, ids=[words for words, _allowed, _do in ACTS.values()])
def test_each_action_at_each_post(act: str, others: Others, post_of: Posts) -> None:
    _words, allowed, do = ACTS[act]
    before = tables()
    for role in set(Role) - allowed:
        with pytest.raises(OutOfScope):
            do(others, post_of(role).actor())
    assert tables() == before
    for role in allowed:
        actor = post_of(role).actor()
        undone = transaction.savepoint()
        do(others, actor)
        entry = AuditEntry.objects.latest("pk")
        assert (entry.user_id, entry.region_code[:6]) == (actor.user_id, "320682"), role
        transaction.savepoint_rollback(undone)


@pytest.mark.parametrize("act", [act for act in ACTS if ACTS[act][1] == ADMINISTRATOR])
def test_an_administrator_of_a_neighbouring_county_does_nothing_here(act: str, others: Others, post_of: Posts) -> None:
    neighbour = replace(post_of(Role.AGENCY_ADMINISTRATOR).actor(), scope="320681")
    before = tables()
    # A file names its faults line by line, also those of scope.
    with pytest.raises(ZhubaoError, match=r"^E-REGIONS:" if act == "import_regions" else r"^E-SCOPE:"):
        ACTS[act][2](others, neighbour)
    assert tables() == before


def test_every_action_is_in_the_table() -> None:
    """An action is a public function that takes an actor and a time."""
    found = {
        name
        for module in (accounts, actions, audit_log, regions)
        for name, thing in vars(module).items()
        if callable(thing) and not name.startswith("_") and {"actor", "now"} <= set(getattr(thing, "__annotations__", {}))
    }
    assert found - {"record"} == set(ACTS)
