"""The other four places of the demonstration: an agency with one clerk each, figures, files, and everybody judged once.

Rugao has every post; here one review clerk is enough to open the other documents' pages and see people on them.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from zhubao.access.actions import add_organisation, add_region, add_user, open_post, set_password
from zhubao.access.actors import Actor
from zhubao.access.models import Post, User
from zhubao.access.roles import OrganisationKind, Role
from zhubao.demonstration.county import Manifest
from zhubao.demonstration.parameters import demonstration_parameters_for
from zhubao.demonstration.regions import DEMONSTRATION_DAY, REGIONS, Region
from zhubao.identity import area_name
from zhubao.programmes.actions import enter_figures
from zhubao.rosters.actions import ask_screening, receive_file
from zhubao.rosters.models import FileState, RosterFile, Screening

from .roster_received import read_received
from .screening_run import run_screening

ACTOR = Actor.system("demonstration")
CLERKS = {"jiangxi": "万小芸", "tongling": "汪志明", "pengshui": "冉光华", "ganzhou": "钟秀兰"}
# How the name of a department's list begins.
LISTS_OF = {
    "民政局": OrganisationKind.CIVIL_AFFAIRS,
    "残联": OrganisationKind.DISABLED_FEDERATION,
    "农业农村局": OrganisationKind.RURAL_AFFAIRS,
    "建档立卡": OrganisationKind.RURAL_AFFAIRS,
}


def other_regions() -> Iterator[Region]:
    """Yield the places besides Rugao."""
    return (region for key, region in REGIONS.items() if key in CLERKS)


def account(username: str, name: str, password: str, *, now: datetime) -> User:
    """Return the demonstration account of this name with this password, making or mending it."""
    user = User.objects.filter(username=username).first()
    if user is None:
        return add_user(username, name, shared_hash(password), hashed=True, actor=ACTOR, now=now)
    if user.password != shared_hash(password) and not user.check_password(password):
        set_password(user, password, actor=ACTOR, now=now)
    return user


@cache
def shared_hash(password: str) -> str:
    """Return the stored form of the password all demonstration accounts share: the one in use, else a new one.

    Stretching a password takes half a second on purpose; for each of sixty accounts that would be half a minute at every start.
    """
    in_use = User.objects.values_list("password", flat=True).order_by("pk").first()
    return in_use if in_use and check_password(password, in_use) else make_password(password)


def add_clerks(*, password: str, now: datetime) -> list[Post]:
    """Add the agency and its review clerk in each of the other places; safe to repeat."""
    posts = []
    for region in other_regions():
        code = region.code
        for part, name in ((code[:2], area_name(code[:2] + "0000")), (code[:4], area_name(code[:4] + "00"))):
            if name:  # the counties of a municipality stand right under it
                add_region(part, name, actor=ACTOR, now=now)
        county = add_region(code, region.name, actor=ACTOR, now=now)
        agency = add_organisation(county, OrganisationKind.AGENCY, f"{region.name}社会保险经办机构", actor=ACTOR, now=now)
        user = account(f"agency-reviewer-{region.key}", CLERKS[region.key], password, now=now)
        posts.append(open_post(user, agency, Role.AGENCY_REVIEWER, actor=ACTOR, now=now))
    return posts


@transaction.atomic
def hand_in_files(written: Manifest, region: Region, *, figures_from: datetime, now: datetime) -> list[RosterFile]:
    """Enter one place's figures, known since `figures_from`, and hand in its roster files as its clerk; the same files twice change
    nothing."""
    enter_figures(demonstration_parameters_for(region.key), actor=ACTOR, now=figures_from)
    clerk = Post.objects.open().get(user__username=f"agency-reviewer-{region.key}").actor()
    insured = written.files(region.key, "insured")
    handed_in = []
    for path in [*written.files(region.key), *insured]:
        actor = whose_list(path.name, region.code) or clerk
        with path.open("rb") as content:
            chunks = iter(lambda content=content: content.read(1 << 20), b"")  # type: ignore[misc]
            file, _ = receive_file(chunks, name=path.name, region_code=region.code, insured=path in insured, actor=actor, now=now)
        handed_in.append(file)
    return handed_in


def whose_list(name: str, region_code: str) -> Actor | None:
    """Return the clerk of the department whose list a file is, None where the department has no post here."""
    kind = next((kind for word, kind in LISTS_OF.items() if name.startswith(word)), None)
    posts = Post.objects.open().filter(role=Role.CERTIFIER, organisation__kind=kind, scope_id=region_code)
    post = posts.select_related("user", "organisation").first()
    return post.actor() if post else None


def screen_county(region_code: str, *, clock: Callable[[], datetime]) -> Screening | None:
    """Read a place's files and judge everybody on them once, as a clerk would; None when that was done before."""
    region = next(each for each in REGIONS.values() if each.code == region_code)
    if Screening.objects.filter(region_code=region_code).exists():
        return None
    files = [
        read_received(pk, now=clock()) for pk in RosterFile.objects.filter(region_code=region_code).values_list("pk", flat=True)
    ]
    clerk = Post.objects.open().filter(role=Role.AGENCY_REVIEWER, scope_id=region_code).first()
    readable = [file.pk for file in files if file.state == FileState.READ]
    if clerk is None or not readable:
        return None
    screening = ask_screening(
        region.policy, DEMONSTRATION_DAY, readable, region_code=region_code, actor=clerk.actor(), now=clock()
    )
    return run_screening(screening.pk, clock=clock)
