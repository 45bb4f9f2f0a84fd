"""A small Pengshui: its departments with two clerks each, agency, township and bureau; and lists as its departments write them."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation, Post, Region, User
from zhubao.access.roles import OrganisationKind, Role
from zhubao.procedures.roster_certified import enter_version, read_version
from zhubao.rosters.models import RosterVersion
from zhubao.rosters.versions import certify_version, hand_in_version

PENGSHUI = "500243"
TOWN, VILLAGE = "500243101", "500243101201"
MARCH = datetime(2022, 3, 10, 2, tzinfo=UTC)
APRIL = datetime(2022, 4, 8, 2, tzinfo=UTC)
OFFICES = {
    "civil": (OrganisationKind.CIVIL_AFFAIRS, Role.CERTIFIER),
    "civil-second": (OrganisationKind.CIVIL_AFFAIRS, Role.CERTIFIER),
    "rural": (OrganisationKind.RURAL_AFFAIRS, Role.CERTIFIER),
    "federation": (OrganisationKind.DISABLED_FEDERATION, Role.CERTIFIER),
    "agency": (OrganisationKind.AGENCY, Role.AGENCY_REVIEWER),
    "bureau": (OrganisationKind.HRSS, Role.HRSS_SUPERVISOR),
}


def set_up() -> dict[str, Actor]:
    """Write the places and offices of Pengshui and return who acts by name; ``township`` is the clerk of 绍庆镇."""
    for code, name in (("50", "重庆市"), (PENGSHUI, "彭水县"), (TOWN, "绍庆镇"), (VILLAGE, "文庙村")):
        Region.objects.get_or_create(code=code, defaults={"name": name})
    posts = {name: _post(name, kind, role, PENGSHUI) for name, (kind, role) in OFFICES.items()}
    posts["township"] = _post("township", OrganisationKind.TOWNSHIP, Role.TOWNSHIP_CLERK, TOWN)
    return {name: post.actor() for name, post in posts.items()}


def _post(name: str, kind: str, role: str, region: str) -> Post:
    office, _ = Organisation.objects.get_or_create(region_id=region, kind=kind, name=f"演示{kind}")
    user = User.objects.create(username=f"{name}-pengshui", name=name, region_id=PENGSHUI)
    return Post.objects.create(user=user, organisation=office, role=role, scope_id=region, opened_at=MARCH)


def number(serial: int, born: date = date(1980, 5, 6), area: str = PENGSHUI) -> str:
    """Return a synthetic citizen number with a right check digit."""
    body = f"{area}{born:%Y%m%d}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(sign) * weight for sign, weight in zip(body, weights, strict=True)) % 11]


Line = tuple[str, str]


def sheet(lines: Sequence[Sequence[str]], title: str = "低保", header: Sequence[str] = ("姓名", "身份证号", "人员类别")) -> bytes:
    """Return a list as a file; each line is a name and a number, and what further columns `header` has."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(header)
    for name, id_number, *more in lines:
        writer.writerow([name, id_number, title, *more])
    return stream.getvalue().encode()


def people(count: int, first: int = 100) -> list[Line]:
    """Return so many people: 甲, 乙, … with numbers of their own."""
    names = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
    return [(f"{names[at % 16]}{'一二三四五六七八九十'[at // 16 % 10]}", number(first + at)) for at in range(count)]


def hand_in(
    actor: Actor,
    lines: Sequence[Sequence[str]],
    *,
    on: date = date(2022, 3, 5),
    now: datetime = MARCH,
    category: str = "dibao",
    certifier: str = "civil_affairs",
    title: str = "低保",
    header: Sequence[str] = ("姓名", "身份证号", "人员类别"),
) -> RosterVersion:
    """Hand a list in and have it read."""
    made, _new = hand_in_version(
        [sheet(lines, title, header)],
        name=f"{title}.csv",
        category=category,
        certifier=certifier,
        region_code=PENGSHUI,
        listed_on=on,
        actor=actor,
        now=now,
    )
    return read_version(made.pk, now=now)


def certified(actor: Actor, lines: Sequence[Sequence[str]], *, now: datetime = MARCH, **more: object) -> RosterVersion:
    """Hand a list in, certify it and have its people entered."""
    version = hand_in(actor, lines, now=now, **more)  # type: ignore[arg-type]
    certify_version(version.pk, "经核对，与本部门台账一致", actor=actor, now=now)
    return enter_version(version.pk, now=now)
