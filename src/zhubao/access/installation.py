"""Setting a real installation up: its regions, its agency, and the first account, in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from zhubao.errors import ZhubaoError
from zhubao.identity import area_name, areas
from zhubao.language import Text

from .accounts import add_user, require_good_password
from .actions import add_organisation, add_region, open_post
from .actors import Actor
from .models import AuditEntry, Installation, Region, User
from .regions import RegionFile, import_regions
from .roles import OrganisationKind, Role

ACTOR = Actor.system("install")
LEVELS = (2, 4, 6)


@dataclass(frozen=True)
class Installed:
    """What was written: the regions (code → name), the agency's name, the name the first administrator signs in with."""

    regions: dict[str, str]
    agency: str
    username: str


def region_chain(code: str, on: date) -> dict[str, str]:
    """Return a region and everything above it, code → name of the area table on a day; what the table lacks has the name "".

    A municipality's counties stand right under it. Raise E-REGION-CODE for a code that has not 2, 4 or 6 digits or is filled up
    with noughts, E-REGION-PAST for one that was given up.
    """
    if len(code) not in LEVELS or not (code.isascii() and code.isdigit()) or code.endswith("00"):
        raise ZhubaoError(
            "E-REGION-CODE",
            Text(f"区划代码“{code}”应为 6 位（县）、4 位（市）或 2 位（省）", f"{code!r} has not 6 (county), 4 or 2 digits"),
            place="--region",
        )
    chain = {}
    for length in LEVELS:
        part = code[:length]
        full = part.ljust(6, "0")
        known = areas().get(full, ())
        if length <= len(code) and known and not any(area.holds_on(on) for area in known):
            raise ZhubaoError(
                "E-REGION-PAST",
                Text(f"代码 {part}（{area_name(full)}）已停用", f"code {part} ({area_name(full)}) was given up"),
                place="--region",
                remedy=Text("用现行代码", "use the code in force"),
            )
        if length <= len(code):
            chain[part] = area_name(full, on)
    return chain


def require_empty() -> None:
    """Raise E-DEMONSTRATION in a database that holds a demonstration, E-INSTALLED in one that holds anything else."""
    here = Installation.objects.first()
    if here and here.demonstration:
        raise ZhubaoError(
            "E-DEMONSTRATION",
            Text("这个数据库装的是演示数据", "this database holds a demonstration"),
            remedy=Text("换一个空数据库", "use an empty database"),
        )
    if here or any(model.objects.exists() for model in (User, Region, AuditEntry)):
        raise ZhubaoError(
            "E-INSTALLED",
            Text("这个数据库已经启用", "this database is set up already"),
            remedy=Text("用管理员账号登录；要另起一套，换一个空数据库", "sign in as its administrator, or use an empty database"),
        )


@transaction.atomic
def install(
    region_code: str,
    agency: str,
    *,
    username: str,
    person: str,
    password: str,
    must_change: bool,
    regions: RegionFile | None = None,
    place: str = "",
    now: datetime,
) -> Installed:
    """Set up an empty database for real work and return what was written.

    `regions` adds further regions and names those the area table lacks. Raise what `require_empty` and `region_chain` raise,
    E-REGION-UNKNOWN for a region nobody names, E-REGIONS for a faulty file, E-PASSWORD for a password easy to guess.
    """
    require_empty()
    _installation, made = Installation.objects.get_or_create(id=1, defaults={"demonstration": False, "created_at": now})
    if not made:
        require_empty()
    chain = region_chain(region_code, now.date())
    named = {line.code: line.name for line in regions.lines} if regions else {}
    for code, known in chain.items():
        name = named.get(code) or known
        if name:
            add_region(code, name, actor=ACTOR, now=now)
        elif len(code) in (2, len(region_code)):
            raise ZhubaoError(
                "E-REGION-UNKNOWN",
                Text(f"代码表里没有区划 {code} 的名称", f"the area table has no name for region {code}"),
                place="--region",
                remedy=Text("在 --regions 文件里写上它和上级的名称", "name it and what is above it in the file of --regions"),
            )
    if regions:
        import_regions(regions, place=place, actor=ACTOR, now=now)
    county = Region.objects.get(code=region_code)
    organisation = add_organisation(county, OrganisationKind.AGENCY, agency, actor=ACTOR, now=now)
    require_good_password(password, User(username=username, name=person))
    user = add_user(username, person, password, region=county, must_change=must_change, actor=ACTOR, now=now)
    open_post(user, organisation, Role.AGENCY_ADMINISTRATOR, actor=ACTOR, now=now)
    return Installed(dict(Region.objects.order_by("code").values_list("code", "name")), agency, username)
