"""The writers of versions: a department hands one in, it is read and compared, the department certifies it or takes it back.

What certifying does to people's identities is the procedure `roster_certified`.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.models import Region
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.identity import mask_account, mask_number
from zhubao.language import Text
from zhubao.people.certifiers import check_certifier, require_department
from zhubao.people.keys import keys
from zhubao.people.many_rows import add_rows, batches
from zhubao.people.models import FormerNumber, Person
from zhubao.people.sealing import context_of, row_keys
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.actions import close_tasks, open_task

from .actions import receive_file
from .comparing import compare, standing_version
from .dated_settings import LOSS_PERCENT, whole
from .due import CERTIFY, CONFIRM, close_hand_in, month_of, role_of
from .models import ChangeKind, RejectedRow, RosterList, RosterRow, RosterVersion, VersionState
from .models.versions import OPEN_STATES
from .reading import Listed, ReadList

# A department answers for its list; the labour office certifies one category of its own. The agency hands in nothing here.
HAND_IN_ROLES = (Role.CERTIFIER, Role.HRSS_SUPERVISOR)
ROW_FIELDS = tuple(each.name for each in RosterRow._meta.concrete_fields)


@implements("jx-5.1d", "gz-1a", "ps-2.2a", as_="action")
def hand_in_version(
    chunks: Iterable[bytes],
    *,
    name: str,
    category: str,
    certifier: str,
    region_code: str,
    listed_on: date,
    actor: Actor,
    now: datetime,
) -> tuple[RosterVersion, bool]:
    """Hand in a department's list of a category as of a day and return the version and whether it is new; it is then to be read.

    The same file for the same list and month again changes nothing; in a later month it says that nobody has changed. Raise
    OutOfScope for the agency and for another department, E-CERTIFIER for a category the department does not certify here, E-ROSTER-DAY
    for a day to come, E-LIST-OLDER for a day before the standing version, E-VERSION-OPEN while another version waits, and what
    `receive_file` raises.
    """
    actor.require_role(*HAND_IN_ROLES)
    if actor.user_id is None:
        raise OutOfScope(actor.name, Text("须由在岗人员办理", "only somebody at a post does this"))
    actor.require_region(region_code)
    require_department(actor, certifier)
    check_certifier(category, certifier, region_code, listed_on)
    if listed_on > localdate(now):
        raise ZhubaoError(
            "E-ROSTER-DAY", Text("名册日期不能晚于今天", "the list cannot be of a day to come"), place=str(listed_on)
        )
    file, _new = receive_file(chunks, name=name, region_code=region_code, actor=actor, now=now)
    with transaction.atomic():
        roster = open_list(region_code, category, certifier, actor=actor, now=now)
        RosterList.objects.select_for_update().get(pk=roster.pk)
        there = (
            roster.versions.filter(file=file, month=month_of(listed_on))
            .exclude(state__in=(VersionState.WITHDRAWN, VersionState.REFUSED))
            .first()
        )
        if there is not None:
            return there, False
        _require_next(roster, listed_on, name)
        last = roster.versions.order_by("-number").values_list("number", flat=True).first() or 0
        made = RosterVersion.objects.create(
            roster=roster,
            number=last + 1,
            file=file,
            listed_on=listed_on,
            month=month_of(listed_on),
            received_at=now,
            received_by_id=actor.user_id,
        )
        after = {
            "category": category,
            "certifier": certifier,
            "number": made.number,
            "listed_on": str(listed_on),
            "sha256": file.sha256,
        }
        record("roster_version.handed_in", made.subject, actor=actor, now=now, region_code=region_code, after=after)
    return made, True


def _require_next(roster: RosterList, listed_on: date, place: str) -> None:
    """Raise E-VERSION-OPEN while a version of the list waits, E-LIST-OLDER for a day before the standing one's."""
    if waiting := roster.versions.filter(state__in=OPEN_STATES).first():
        raise ZhubaoError(
            "E-VERSION-OPEN",
            Text(f"第 {waiting.number} 版还没有认定", f"version {waiting.number} is not certified yet"),
            place=place,
            remedy=Text("先认定或撤回那一版", "certify that one or take it back first"),
        )
    standing = standing_version(roster)
    if standing is not None and listed_on < standing.listed_on:
        raise ZhubaoError(
            "E-LIST-OLDER",
            Text(f"已有 {standing.listed_on} 的名册", f"there is a list of {standing.listed_on}"),
            place=listed_on.isoformat(),
            remedy=Text(
                "更正以前的名册，日期写现有名册当日或以后",
                "to correct an earlier list, give the standing list's day or a later one",
            ),
        )


def open_list(region_code: str, category: str, certifier: str, *, actor: Actor, now: datetime) -> RosterList:
    """Return the list a department keeps of a category in a county, opened when it is the first time."""
    if actor.organisation_id is None:
        raise OutOfScope(actor.name, Text("须由在岗人员办理", "only somebody at a post does this"))
    roster, _made = RosterList.objects.get_or_create(
        region_code=region_code[:6],
        category=category,
        certifier=certifier,
        defaults={"organisation_id": actor.organisation_id, "opened_at": now},
    )
    return roster


@transaction.atomic
def note_version_read(version_id: int, read: ReadList, *, actor: Actor, now: datetime) -> RosterVersion:
    """Keep the rows of a version and how they differ from the standing version; one already read stays as it is."""
    version = _locked(version_id)
    if version.state != VersionState.RECEIVED:
        return version
    roster = version.roster
    version.rows.all().delete()
    version.rejected_rows.all().delete()
    _add_rows(version, read.rows)
    held = keys()
    RejectedRow.objects.bulk_create(
        RejectedRow(
            version=version,
            sheet=each.sheet,
            row=each.row,
            cell=each.cell,
            column=each.column,
            content=each.content,
            name=each.name,
            number_index=held.digest(each.id_number) if each.id_number else None,
            code=each.code,
            reason=each.reason.zh[:200],
            reason_en=each.reason.en[:200],
            remedy=each.remedy.zh[:200],
            remedy_en=each.remedy.en[:200],
        )
        for each in read.refused
    )
    version.previous = standing_version(roster)
    counts = compare(version)
    area = area_of_region(roster.region_code)
    version.loss_percent, version.loss_question = whole(LOSS_PERCENT, version.listed_on, area, parameter_book())
    version.state, version.read_at = VersionState.DRAFT, now
    version.rows_count, version.rejected_count = len(read.rows), len(read.refused)
    version.entered_count, version.returned_count = counts[ChangeKind.ENTERED], counts[ChangeKind.RETURNED]
    version.moved_count = counts[ChangeKind.MOVED_IN] + counts[ChangeKind.MOVED_OUT]
    version.left_count, version.changed_count = counts[ChangeKind.LEFT], counts[ChangeKind.CHANGED]
    version.held_count = counts[ChangeKind.HELD]
    version.save()
    open_task(
        CERTIFY,
        version.subject,
        region_code=roster.region_code,
        role=role_of(roster),
        organisation_id=roster.organisation_id,
        deadline=None,
        actor=actor,
        now=now,
    )
    after = {"people": version.rows_count, "rejected": version.rejected_count, **counts}
    record("roster_version.read", version.subject, actor=actor, now=now, region_code=roster.region_code, after=after)
    return version


@transaction.atomic
def note_version_refused(version_id: int, error: ZhubaoError, *, actor: Actor, now: datetime) -> RosterVersion:
    """Keep why the file of a version cannot be used."""
    version = _locked(version_id)
    if version.state != VersionState.RECEIVED:
        return version
    version.state, version.fault, version.fault_en = VersionState.REFUSED, error.message("zh"), error.message("en")
    version.save(update_fields=["state", "fault", "fault_en"])
    region_code = version.roster.region_code
    record("roster_version.refused", version.subject, actor=actor, now=now, region_code=region_code, after={"code": error.code})
    return version


def loses_too_many(version: RosterVersion) -> bool:
    """Tell whether certifying a version would take help from so many people that it needs a reason and a second person."""
    before = version.previous.rows_count if version.previous else 0
    return before > 0 and version.left_count * 100 >= version.loss_percent * before and version.left_count > 0


@implements("jx-5.1d", "ps-2.2c", as_="action")
@transaction.atomic
def certify_version(version_id: int, statement: str, *, loss_reason: str = "", actor: Actor, now: datetime) -> RosterVersion:
    """Answer for a version as its department: `statement` in words, by this person, today. It counts once its people are entered.

    Where too many people would leave, `loss_reason` is needed and a second person confirms. Certifying again changes nothing. Raise
    OutOfScope for other departments and the agency, E-STATEMENT without a statement, E-VERSION-LOSS without the reason,
    E-VERSION-STATE for a version that is not to be certified, E-VERSION-OVERTAKEN when another version has come to count meanwhile.
    """
    version = _own(version_id, actor)
    if version.state in {VersionState.ASKING, VersionState.CERTIFIED}:
        return version
    _require_state(version, VersionState.DRAFT)
    said, why = statement.strip(), loss_reason.strip()
    if not 0 < len(said) <= 300:
        raise ZhubaoError("E-STATEMENT", Text("请写明认定意见，不超过 300 字", "a statement is needed, at most 300 characters"))
    standing = standing_version(version.roster)
    if standing != version.previous:
        raise ZhubaoError(
            "E-VERSION-OVERTAKEN",
            Text("比对之后已有新的一版生效", "another version has come to count since this one was compared"),
            place=str(version.number),
            remedy=Text("撤回后重新报送", "take it back and hand it in again"),
        )
    asks = loses_too_many(version)
    if asks and not 0 < len(why) <= 300:
        before = version.previous.rows_count if version.previous else 0
        raise ZhubaoError(
            "E-VERSION-LOSS",
            Text(
                f"比上一版少了 {version.left_count} 人（共 {before} 人），达到 {version.loss_percent}%，须说明原因并由第二人确认",
                f"{version.left_count} of {before} people are no longer on it, {version.loss_percent} % or more: say why, and a second"
                " person confirms",
            ),
            place=version.file.name,
            remedy=Text("先核对文件是否完整", "check first that the file is complete"),
        )
    version.statement, version.certified_at, version.certified_by_id = said, now, actor.user_id
    version.loss_reason = why if asks else ""
    version.state = VersionState.ASKING if asks else VersionState.CERTIFIED
    version.save(update_fields=["statement", "certified_at", "certified_by_id", "loss_reason", "state"])
    close_tasks(version.subject, [CERTIFY], actor=actor, now=now)
    roster = version.roster
    if asks:
        open_task(
            CONFIRM,
            version.subject,
            region_code=roster.region_code,
            role=role_of(roster),
            organisation_id=roster.organisation_id,
            deadline=None,
            actor=actor,
            now=now,
        )
    else:
        close_hand_in(version, actor=actor, now=now)
    after = {"statement": said, "people": version.rows_count, "left": version.left_count, "asks": asks}
    record(
        "roster_version.certified", version.subject, actor=actor, now=now, region_code=roster.region_code, after=after, reason=why
    )
    return version


@transaction.atomic
def confirm_loss(version_id: int, *, actor: Actor, now: datetime) -> RosterVersion:
    """Confirm as a second person that so many people really leave a list; a second confirmation changes nothing.

    Somebody else of the department, or the supervising bureau where the department has one clerk. Raise OutOfScope, E-SECOND-PERSON
    for who certified it, E-VERSION-STATE for a version nobody asks about.
    """
    actor.require_role(*HAND_IN_ROLES)
    version = _locked(version_id)
    actor.require_region(version.roster.region_code)
    if actor.role == Role.CERTIFIER:
        _require_owner(version, actor)
    if version.state == VersionState.CERTIFIED:
        return version
    _require_state(version, VersionState.ASKING)
    if actor.user_id == version.certified_by_id:
        raise ZhubaoError(
            "E-SECOND-PERSON",
            Text("认定的人不能自己确认", "whoever certified it cannot confirm it"),
            place=str(version.number),
            remedy=Text(
                "由本部门另一人或人社部门监督岗确认", "another person of the department, or the supervising officer, confirms"
            ),
        )
    version.state, version.confirmed_at, version.confirmed_by_id = VersionState.CERTIFIED, now, actor.user_id
    version.save(update_fields=["state", "confirmed_at", "confirmed_by_id"])
    close_tasks(version.subject, [CONFIRM], actor=actor, now=now)
    close_hand_in(version, actor=actor, now=now)
    region_code = version.roster.region_code
    record("roster_version.loss_confirmed", version.subject, actor=actor, now=now, region_code=region_code)
    return version


@transaction.atomic
def withdraw_version(version_id: int, reason: str, *, actor: Actor, now: datetime) -> RosterVersion:
    """Take back a version that does not count yet; it stays on record. A second withdrawal changes nothing. Raise E-REASON, E-VERSION-STATE."""
    version = _own(version_id, actor)
    if version.state == VersionState.WITHDRAWN:
        return version
    _require_state(version, *OPEN_STATES)
    said = reason.strip()
    if not 0 < len(said) <= 300:
        raise ZhubaoError("E-REASON", Text("请写明理由，不超过 300 字", "a reason is needed, at most 300 characters"))
    version.state, version.withdrawn_at, version.withdrawn_because = VersionState.WITHDRAWN, now, said
    version.save(update_fields=["state", "withdrawn_at", "withdrawn_because"])
    close_tasks(version.subject, [CERTIFY, CONFIRM], actor=actor, now=now)
    record("roster_version.withdrawn", version.subject, actor=actor, now=now, region_code=version.roster.region_code, reason=said)
    return version


def _locked(version_id: int) -> RosterVersion:
    return RosterVersion.objects.select_for_update(of=("self",)).select_related("roster", "previous", "file").get(pk=version_id)


def _own(version_id: int, actor: Actor) -> RosterVersion:
    actor.require_role(*HAND_IN_ROLES)
    version = _locked(version_id)
    actor.require_region(version.roster.region_code)
    _require_owner(version, actor)
    return version


def _require_owner(version: RosterVersion, actor: Actor) -> None:
    if version.roster.organisation_id != actor.organisation_id:
        raise OutOfScope(version.subject, Text("这是其他部门的名册", "this list is another department's"))


def _require_state(version: RosterVersion, *states: str) -> None:
    if version.state not in states:
        raise ZhubaoError(
            "E-VERSION-STATE",
            Text(f"这一版现在是“{_state_zh(version.state)}”", f"this version is {version.get_state_display()} now"),
            place=str(version.number),
            remedy=Text("更正请另报新的一版", "a correction is handed in as a new version"),
        )


def _state_zh(state: str) -> str:
    from django.utils.translation import override

    with override("zh-hans"):
        return str(VersionState(state).label)


def _add_rows(version: RosterVersion, listed: list[Listed]) -> None:
    """Write the rows of a version: numbers as blind index and masked, accounts sealed for their row."""
    held = keys()
    digests = [held.digest(row.id_number) for row in listed]
    people: dict[bytes, int] = {}
    for batch in batches(list(dict.fromkeys(digests))):
        there = Person.objects.filter(id_number_index__in=batch).values_list("id_number_index", "pk")
        former = FormerNumber.objects.filter(index__in=batch).values_list("index", "person_id")
        people |= {bytes(digest): key for digest, key in (*former, *there)}
    places = _Places(version.roster.region_code)
    rows: list[list[Any]] = []
    for key, row, digest in zip(row_keys(RosterRow, len(listed)), listed, digests, strict=True):
        account = row.account
        values = {
            "id": key,
            "version": version.pk,
            "sheet": row.sheet,
            "row": row.row,
            "person": people.get(digest),
            "number_index": digest,
            "number_masked": mask_number(row.id_number),
            "name": row.name,
            "born": row.born,
            "region_code": places.code(row.township, row.village),
            "township": row.township,
            "village": row.village,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "grade": row.grade,
            "certificate": row.certificate,
            "account_sealed": held.seal(account, context_of(RosterRow, "account_sealed", key)) if account else None,
            "account_index": held.digest(f"account:{account}") if account else None,
            "account_last_four": mask_account(account)[-4:] if account else "",
            "enrolment": "",
        }
        rows.append([values[name] for name in ROW_FIELDS])
    add_rows(RosterRow, ROW_FIELDS, rows)


class _Places:
    """The townships and villages of a county by their names, as rosters write them; a name that two places share means neither."""

    def __init__(self, county: str) -> None:
        self.county = county
        self.townships: dict[str, str] = {}
        self.villages: dict[tuple[str, str], str] = {}
        listed = list(Region.objects.filter(code__startswith=county).values_list("code", "name"))
        for code, name in listed:
            if len(code) == 9:
                self.townships[_plain(name)] = "" if _plain(name) in self.townships else code
        for code, name in listed:
            if len(code) == 12:
                self.villages[code[:9], _plain(name)] = code

    def code(self, township: str, village: str) -> str:
        """Return the code of the village, else of the township, else of the county."""
        town = self.townships.get(_plain(township), "")
        return self.villages.get((town, _plain(village)), "") or town or self.county


def _plain(name: str) -> str:
    for ending in ("村民委员会", "居民委员会", "社区居民委员会", "人民政府", "街道办事处"):
        name = name.removesuffix(ending)
    for ending in ("街道", "社区", "镇", "乡", "村"):
        if len(name) > len(ending) + 1:
            name = name.removesuffix(ending)
    return name.strip()
