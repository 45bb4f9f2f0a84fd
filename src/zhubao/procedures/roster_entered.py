"""A roster that was read is entered as a department's list of one category: from then on it is evidence of its people's hardship."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.bulk import ENTERING_ROLES, Entered, enter_identity_rows
from zhubao.people.certifiers import SPEAKS_FOR
from zhubao.people.models import CategoryList
from zhubao.people.statements import IdentityRow, Origin
from zhubao.policies.claims import implements
from zhubao.policies.person import DEPARTMENTS
from zhubao.programmes.selectors import area_of_region, policies_in
from zhubao.rosters.actions import RECEIVING_ROLES
from zhubao.rosters.models import FileState, RosterFile, RosterList
from zhubao.rosters.reading import as_day, fits
from zhubao.screening.kinds import KINDS
from zhubao.screening.marks import kinds_giving
from zhubao.screening.rosters import ReadRosters, read_rosters

from .roster_received import for_page, under_own_name

LISTING_ROLES = tuple(role for role in RECEIVING_ROLES if role in ENTERING_ROLES)


@dataclass(frozen=True)
class Certified:
    """A category as a department certifies it in a place."""

    category: str
    label: Text
    certifier: str


def certified_in(region_code: str, actor: Actor) -> list[Certified]:
    """Return the categories a post may enter lists of, in the order of the documents; a department's post those of its own."""
    mine: tuple[str, ...] | None = None
    if actor.role in {Role.CERTIFIER, Role.HRSS_SUPERVISOR}:
        kind = Organisation.objects.values_list("kind", flat=True).filter(pk=actor.organisation_id or 0).first()
        mine = SPEAKS_FOR.get(kind or "", ())
    found: dict[tuple[str, str], Certified] = {}
    for policy in policies_in(area_of_region(region_code)):
        for code, identity in policy.identities.items():
            label = Text(identity.label.zh, identity.label.en)
            for certifier in identity.certifiers:
                if certifier in DEPARTMENTS and (mine is None or certifier in mine):
                    found.setdefault((code, certifier), Certified(code, label, certifier))
    return list(found.values())


def lists_from(file: RosterFile) -> list[CategoryList]:
    """Return the complete lists a file was entered as, the latest first."""
    return list(CategoryList.objects.filter(roster_file=f"file:{file.pk}").order_by("-listed_on", "category"))


@implements("jx-2.5b", as_="action")
@transaction.atomic
def enter_roster(
    file_id: int, category: str, certifier: str, listed_on: date, *, complete: bool, actor: Actor, now: datetime
) -> Entered:
    """Enter the people of a file as a department's list of a category as of a day; the same again changes nothing.

    `complete`: the file is the whole list, so that whoever is not on it no longer has the category. Raise OutOfScope, E-ROSTER-UNREAD
    for a file that cannot be read or holds insured persons, E-ROSTER-VERSIONS where the department hands in its list in versions,
    E-ROSTER-KINDS for one of several kinds or of a kind that does not give the category, E-ROSTER-DAY for a day to come,
    E-ROSTER-ROWS when a whole list has rows that cannot be used, and what `enter_identity_rows` raises; nothing is entered then.
    """
    actor.require_role(*LISTING_ROLES)
    file = RosterFile.objects.select_for_update().get(pk=file_id)
    actor.require_region(file.region_code)
    today = localdate(now)
    if file.state != FileState.READ or file.insured:
        raise ZhubaoError(
            "E-ROSTER-UNREAD", Text("不是读好的部门名册", "it is no department roster that was read"), place=file.name
        )
    if RosterList.objects.filter(region_code=file.region_code[:6], category=category, certifier=certifier).exists():
        raise ZhubaoError(
            "E-ROSTER-VERSIONS",
            Text("这份名册由主管部门逐月报送和认定", "the department hands in and certifies this list month by month"),
            place=file.name,
            remedy=Text("由部门在“本部门名册”中报送新的一版", "the department hands in a new version on its own page"),
        )
    if listed_on > today:
        raise ZhubaoError(
            "E-ROSTER-DAY", Text("名册日期不能晚于今天", "the list cannot be of a day to come"), place=str(listed_on)
        )
    with under_own_name(file) as path:
        try:
            read = read_rosters([(path, file.kind or None)], today=today)
        except ZhubaoError as error:
            raise for_page(error) from error
    _require_usable(file, read, category, complete)
    done = enter_identity_rows(
        _rows(read, category),
        region_code=file.region_code,
        certifier=certifier,
        origin=Origin(file.name, f"file:{file.pk}"),
        listed_on=listed_on,
        complete=[category] if complete else [],
        actor=actor,
        now=now,
    )
    if complete and done.conflicts:
        first = done.conflicts[0]
        raise ZhubaoError(
            "E-ROSTER-ROWS",
            Text(
                f"{len(done.conflicts)} 人的号码登记在别人名下，如“{first.said}”登记为“{first.registered}”",
                f"{len(done.conflicts)} numbers are registered under another name, such as {first.said} as {first.registered}",
            ),
            place=f"{file.name} {first.row or ''}".strip(),
            remedy=Text("请部门核对姓名和号码后重报", "have the department check names and numbers and send it again"),
        )
    return done


def _require_usable(file: RosterFile, read: ReadRosters, category: str, complete: bool) -> None:
    kinds = {kind for kind in read.rows.column("kind").unique().to_pylist() if kind}
    if len(kinds) > 1:
        raise ZhubaoError(
            "E-ROSTER-KINDS",
            Text("一份文件里有几类名册", "the file holds rosters of several kinds"),
            place=file.name,
            remedy=Text("一类一份文件报送", "send one file for each kind"),
        )
    if (giving := kinds_giving(category)) and not kinds <= giving:
        label = KINDS[kinds.pop()].label
        raise ZhubaoError(
            "E-ROSTER-KINDS",
            Text(f"这份文件是{label.zh}，与所选类别不符", f"the file was read as {label.en}, which is not the category chosen"),
            place=file.name,
            remedy=Text("改选类别；文件类别认错的，先改正", "choose another category, or say first what the file is"),
        )
    if complete and read.rejections:
        first = read.rejections[0]
        raise ZhubaoError(
            "E-ROSTER-ROWS",
            Text(
                f"{len(read.rejections)} 行不能用：漏了的人会被当作已不在名册",
                f"{len(read.rejections)} rows cannot be used: their people would be taken for no longer listed",
            ),
            place=first.place,
            remedy=Text("改正后重报，或不作为完整名册录入", "put them right and send it again, or enter it as a part only"),
        )


def _rows(read: ReadRosters, category: str) -> Iterator[IdentityRow]:
    wanted = ["source", "row", "id_number", "name", "from_day", "to_day", "certificate", "urban_rural", "disability_grade"]
    for batch in read.rows.select(wanted).to_batches():
        for source, row, number, name, first, last, certificate, place, grade in zip(
            *(column.to_pylist() for column in batch.columns), strict=True
        ):
            if fits(category, place, grade):
                sheet = read.sheets[source].sheet or ""
                yield IdentityRow(number, name or "", category, row, sheet, as_day(first), as_day(last), certificate or "")
