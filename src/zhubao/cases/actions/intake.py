"""Taking applications in: opening, filling, papers, handing in, and what sends one back, elsewhere or away."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.models import Organisation
from zhubao.access.private_files import keep
from zhubao.access.roles import OrganisationKind
from zhubao.access.uploads import suffix_of
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending.settings import PREFIXES
from zhubao.people.models import Person
from zhubao.people.selectors import card_account
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.programmes.parties import require_started
from zhubao.workflow import CITIZEN

from ..completeness import lacking
from ..models import Application, Attachment, Case, CaseCounter, FamilyMember, Step
from ..models.case import Channel, Route
from ..papers import MOST_FILES, paper_of
from ..states import process_of
from ..stepping import Request, check_who, step_of
from .rugao import check_window

FIELDS = frozenset(
    """category certificate phone address former_employer months_asked amount_asked_fen years_asked tier_fen back_payable_months
    deemed_months_claimed children inability_declared_on truth_declared_on sharing_agreed_on subsidy_waived_on signed_on signed_how
    fingerprint assisted late_reason""".split()
)


@implements("jx-1.1g", "jx-annex-1", "rg-12.1a", "tl-2c", as_="action")
@transaction.atomic
def open_case(
    person: Person,
    policy_id: str,
    *,
    channel: str,
    route: str = Route.ORDINARY,
    request: Request,
    actor: Actor,
    now: datetime,
) -> Case:
    """Open an application for a person and return it, with an empty form and the offices that will deal with it.

    Raise E-CASE-OPEN when the person has an application under way (A-ALL-15), E-CHANNEL and E-ROUTE for no such word, OutOfScope
    for a citizen who opens one for somebody else or a post that takes none in, E-PROGRAMME-NOT-STARTED where the place takes none in yet.
    """
    process = process_of(policy_id)
    row = process.transition("begin")
    actor.require_region(person.region_code)
    actor.require_role(*row.posts)
    if actor.role == CITIZEN and actor.person_id != person.pk:
        raise OutOfScope(str(person), Text("不能替别人申请", "nobody applies for somebody else"))
    earlier = Step.objects.filter(key=request.key).select_related("case").first()
    if earlier is not None:
        return earlier.case
    _known(channel, Channel.values, "E-CHANNEL")
    _known(route, Route.values, "E-ROUTE")
    _refuse_second(person)
    policy = judge_of(policy_id).policy
    today = timezone.localdate(now)
    require_started(policy_id, person.region_code, today)
    case = Case(
        region_code=person.region_code,
        number=_next_number(policy_id, person.region_code, today),
        policy_id=policy_id,
        person=person,
        state=process.first,
        state_since=today,
        steps_taken=1,
        channel=channel,
        route=route,
        trial=policy.trial,
        agency=_agency_of(person.region_code),
        committee=Organisation.objects.filter(kind=OrganisationKind.COMMITTEE, region_id=person.region_code).first(),
        bank_id=actor.organisation_id if channel == Channel.BANK else None,
        opened_at=now,
    )
    _save_first(case)
    Application.objects.create(case=case, address=person.address, changed_at=now)
    Step.objects.create(
        case=case,
        number=1,
        verb=row.verb,
        end=case.state,
        at=now,
        on=today,
        post_id=actor.post_id,
        user_id=actor.user_id,
        role=actor.role,
        actor_name=actor.name,
        key=request.key,
    )
    record(
        "case.begin",
        case.subject,
        actor=actor,
        now=now,
        region_code=case.region_code,
        after={"state": case.state, "policy": policy_id, "channel": channel, "route": route},
    )
    return case


def _save_first(case: Case) -> None:
    """Save a new case; E-CASE-OPEN where somebody else opened one since it was looked for."""
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as error:
        if "one_open_case_per_person" not in str(error):
            raise
        raise _already_open(case.person) from error


@transaction.atomic
def fill_application(case_id: int, values: Mapping[str, Any], *, actor: Actor, now: datetime) -> Application:
    """Write fields of the form while the applicant still has it; what stands already is passed over.

    `values` names columns of `Application`, and `committee`, `bank` (ids of offices). Raise E-FIELD for another name, E-STATE once
    it was handed in, E-OFFICE for an office of another kind or place.
    """
    case = _editable(case_id, actor)
    application = Application.objects.select_for_update().get(case=case)
    changed: dict[str, Any] = {}
    for name, value in values.items():
        if name in ("committee", "bank"):
            changed |= _set_office(case, application, name, value)
        elif name not in FIELDS:
            raise ZhubaoError("E-FIELD", Text("申请表没有这一项", "the form has no such field"), place=name)
        elif getattr(application, name) != value:
            setattr(application, name, value)
            changed[name] = "" if name == "phone" else _plain(value)
    if not changed:
        return application
    application.changed_at = now
    application.full_clean(exclude=["case", "bank_wanted", "late_allowed_by"])
    application.save()
    case.save(update_fields=["committee", "bank", "region_code"])
    record("case.filled", case.subject, actor=actor, now=now, region_code=case.region_code, after=changed)
    return application


@implements("rg-annex1-family", as_="action")
@transaction.atomic
def list_family(case_id: int, members: list[Mapping[str, Any]], *, actor: Actor, now: datetime) -> list[FamilyMember]:
    """Put the household on the form, in place of what was listed before; each mapping names columns of `FamilyMember`."""
    case = _editable(case_id, actor)
    before = list(case.family.values_list("name", "relation"))
    case.family.all().delete()
    listed = [FamilyMember(case=case, **member) for member in members]
    for member in listed:
        member.full_clean(exclude=["case"])
    FamilyMember.objects.bulk_create(listed)
    after = [[member.name, member.relation] for member in listed]
    if [list(pair) for pair in before] != after:
        record(
            "case.family", case.subject, actor=actor, now=now, region_code=case.region_code, before=len(before), after=len(after)
        )
    return listed


@transaction.atomic
def add_attachment(case_id: int, kind: str, name: str, content: bytes, *, actor: Actor, now: datetime) -> Attachment:
    """Keep a scanned paper; the same file again for the same kind is the same row.

    Raise what `uploads.suffix_of` raises, E-PAPER for an unknown kind, E-ATTACHMENT-MANY above 30 files.
    """
    case = _with_papers(case_id, actor)
    paper_of(kind)
    suffix = suffix_of(content, name)
    standing = case.attachments.filter(removed_at=None)
    stored_as, digest = keep(content, "cases", suffix=suffix)
    found = standing.filter(kind=kind, sha256=digest).first()
    if found is not None:
        return found
    if standing.count() >= MOST_FILES:
        raise ZhubaoError("E-ATTACHMENT-MANY", Text(f"最多 {MOST_FILES} 个文件", f"at most {MOST_FILES} files"), place=name)
    attachment = Attachment.objects.create(
        case=case,
        kind=kind,
        name=name[:200],
        size=len(content),
        sha256=digest,
        stored_as=stored_as,
        added_at=now,
        added_by_id=actor.user_id,
    )
    after = {"kind": kind, "sha256": digest, "size": len(content)}
    record("case.paper", case.subject, actor=actor, now=now, region_code=case.region_code, after=after)
    return attachment


@implements("rg-12.1b", as_="action")
@transaction.atomic
def see_original(case_id: int, kind: str, *, actor: Actor, now: datetime) -> Attachment:
    """Note that an officer saw the original of a paper today. A citizen cannot; a second note changes nothing."""
    case = _with_papers(case_id, actor)
    if actor.role == CITIZEN:
        raise OutOfScope(case.number, Text("原件由工作人员核对", "an officer checks originals"))
    paper_of(kind)
    found = case.attachments.filter(kind=kind, removed_at=None).exclude(original_seen_on=None).first()
    if found is not None:
        return found
    seen = Attachment.objects.create(
        case=case, kind=kind, original_seen_on=timezone.localdate(now), added_at=now, added_by_id=actor.user_id
    )
    record("case.original_seen", case.subject, actor=actor, now=now, region_code=case.region_code, after={"kind": kind})
    return seen


@implements("rg-annex1-n3", as_="action")
@transaction.atomic
def remove_attachment(attachment_id: int, *, actor: Actor, now: datetime) -> Attachment:
    """Take a paper off a form that was not handed in yet; its file stays in the archive."""
    attachment = Attachment.objects.select_for_update().get(pk=attachment_id)
    case = _editable(attachment.case_id, actor)
    if attachment.removed_at is None:
        attachment.removed_at = now
        attachment.save(update_fields=["removed_at"])
        record(
            "case.paper_removed",
            case.subject,
            actor=actor,
            now=now,
            region_code=case.region_code,
            before={"kind": attachment.kind},
        )
    return attachment


@implements("jx-1.1h", "rg-12.1a", "tl-2c", "rg-annex1-truth", "rg-annex1-sign", "rg-3", as_="action")
def submit(case_id: int, *, request: Request, actor: Actor, now: datetime) -> Case:
    """Hand the application in; the first day of doing so stays the day of filing.

    Raise E-APPLICATION naming what is missing, and for Rugao what `check_window` raises.
    """
    with step_of(case_id, "submit", request, actor=actor, now=now) as going:
        case = going.case
        if not going.repeated:
            application = Application.objects.get(case=case)
            missing = lacking(case, application)
            if missing:
                raise ZhubaoError(
                    "E-APPLICATION",
                    Text(
                        "还缺：" + "、".join(lack.label.zh for lack in missing),
                        "missing: " + ", ".join(lack.label.en for lack in missing),
                    ),
                    place=case.number,
                    remedy=Text("补齐后再提交", "complete the form and hand it in"),
                )
            if case.policy_id == "rugao-draft":
                check_window(case, case.filed_on or going.today)
            if case.bank_id is None:
                case.bank_id = _bank_for(case, application)
            case.filed_on = case.filed_on or going.today
            going.move(filed_on=case.filed_on.isoformat())
        return case


@implements("jx-1.1h", as_="action")
def transfer_case(case_id: int, agency_id: int, *, reason: str, request: Request, actor: Actor, now: datetime) -> Case:
    """Hand an application to the agency of another place of insurance; the day of first filing is kept.

    Raise E-OFFICE when the office is no agency or the programme does not reach its place.
    """
    with step_of(case_id, "transfer", request, actor=actor, now=now) as going:
        case = going.case
        if not going.repeated:
            agency = Organisation.objects.filter(pk=agency_id, kind=OrganisationKind.AGENCY).first()
            if agency is None or agency.pk == case.agency_id:
                raise _no_office(str(agency_id))
            if not agency.region_id.startswith(judge_of(case.policy_id).policy.region):
                raise ZhubaoError(
                    "E-OFFICE", Text("该地不适用本政策", "this programme does not reach that place"), place=agency.name
                )
            before = case.region_code
            case.agency, case.region_code = agency, agency.region_id
            going.move(reason=reason, agency=agency.name, **{"from": before})
        return case


def return_for_correction(case_id: int, *, reason: str, request: Request, actor: Actor, now: datetime) -> Case:
    """Send the form back to the applicant; the reason tells what to put right."""
    return _plain_step(case_id, "return", reason, request, actor, now)


def withdraw(case_id: int, *, reason: str, request: Request, actor: Actor, now: datetime) -> Case:
    """End the application at the applicant's wish. At a counter the signed withdrawal must be among the papers (E-PAPER-MISSING)."""
    with step_of(case_id, "withdraw", request, actor=actor, now=now) as going:
        if not going.repeated:
            signed = going.case.attachments.filter(kind="withdrawal", removed_at=None).exists()
            if actor.role != CITIZEN and not signed:
                raise ZhubaoError(
                    "E-PAPER-MISSING",
                    Text("缺本人签字的撤回申请书", "the signed withdrawal is missing"),
                    place=going.case.number,
                    remedy=Text("上传撤回申请书，或登记已核对原件", "add the paper, or note that the original was seen"),
                )
            going.move(reason=reason)
        return going.case


def _plain_step(case_id: int, verb: str, reason: str, request: Request, actor: Actor, now: datetime) -> Case:
    with step_of(case_id, verb, request, actor=actor, now=now) as going:
        if not going.repeated:
            going.move(reason=reason)
        return going.case


def _editable(case_id: int, actor: Actor) -> Case:
    """Lock a case whose form the actor may still write in."""
    case = Case.objects.select_for_update(of=("self",)).select_related("person").get(pk=case_id)
    row = process_of(case.policy_id).transition("submit")
    check_who(case, row, actor)
    if case.state not in row.start:
        label = process_of(case.policy_id).state(case.state).label
        raise ZhubaoError(
            "E-STATE",
            Text(f"申请已提交，现为“{label.zh}”，不能再改", f"handed in; it stands at “{label.en}” and cannot be changed"),
            place=case.number,
            remedy=Text("请办理人退回补正后再改", "ask for it to be returned for correction"),
        )
    return case


def _with_papers(case_id: int, actor: Actor) -> Case:
    """Lock an open case to which the actor may add papers: the applicant, or a post that takes any step in it."""
    case = Case.objects.select_for_update(of=("self",)).select_related("person").get(pk=case_id)
    process = process_of(case.policy_id)
    rows = [row for row in process.transitions if actor.user_id is None or actor.role in row.posts]
    if not rows:
        raise OutOfScope(actor.role, Text("本岗位不办理此事", "this post does not do this"))
    check_who(case, rows[0], actor)
    if case.closed_at is not None:
        raise ZhubaoError("E-STATE", Text("申请已结束", "the application has ended"), place=case.number)
    return case


def _set_office(case: Case, application: Application, name: str, office_id: int | None) -> dict[str, Any]:
    """Set the committee or the bank the applicant names, and return what changed."""
    kind = OrganisationKind.COMMITTEE if name == "committee" else OrganisationKind.BANK
    office = Organisation.objects.filter(pk=office_id, kind=kind).first() if office_id else None
    if office_id and (office is None or not office.region_id.startswith(case.region_code[:6])):
        raise _no_office(str(office_id))
    if name == "committee":
        if case.committee_id == office_id:
            return {}
        case.committee = office
        # A committee sees what lies in its own village: the case goes where it is reviewed, its county stays.
        case.region_code = office.region_id if office else case.person.region_code
    else:
        if application.bank_wanted_id == office_id and case.bank_id == office_id:
            return {}
        application.bank_wanted, case.bank = office, office
    return {name: office.name if office else ""}


def _bank_for(case: Case, application: Application) -> int | None:
    """Return the bank the applicant names, else the one that keeps the social security card account (jx-3.5a)."""
    if application.bank_wanted_id:
        return application.bank_wanted_id
    banks = Organisation.objects.filter(kind=OrganisationKind.BANK, region__code__startswith=case.region_code[:6])
    return next((bank.pk for bank in banks if card_account(case.person, bank.pk)), None)


def _agency_of(region_code: str) -> Organisation:
    agency = Organisation.objects.filter(kind=OrganisationKind.AGENCY, region_id=region_code[:6]).first()
    if agency is None:
        raise ZhubaoError(
            "E-OFFICE", Text("参保地没有登记经办机构", "the place of insurance has no agency here"), place=region_code
        )
    return agency


def _next_number(policy_id: str, region_code: str, today: date) -> str:
    """Return the next case number of a place and year: ``RG320682-2026-000017``."""
    area = region_code[:6]
    CaseCounter.objects.get_or_create(region_code=area, year=today.year)
    counter = CaseCounter.objects.select_for_update().get(region_code=area, year=today.year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{PREFIXES[policy_id].upper()}{area}-{today.year}-{counter.last:06d}"


def _refuse_second(person: Person) -> None:
    if Case.objects.open().filter(person=person).exists():
        raise _already_open(person)
    # A signed Rugao agreement has no loan until the bank's roster: the register cannot know of it yet.
    signed = Case.objects.filter(person=person, policy_id="rugao-draft", state="agreed").exclude(route=Route.FINAL_YEAR)
    waiting = signed.exclude(copies__form="borrower_roster").first()
    if waiting is not None:
        raise _already_open(person, waiting)


def _already_open(person: Person, standing: Case | None = None) -> ZhubaoError:
    standing = standing or Case.objects.open().filter(person=person).first()
    return ZhubaoError(
        "E-CASE-OPEN",
        Text("此人已有在办的申请", "this person has an application under way"),
        place=standing.number if standing else "",
        remedy=Text("先办结或撤回原申请", "finish or withdraw that one first"),
    )


def _no_office(place: str) -> ZhubaoError:
    return ZhubaoError("E-OFFICE", Text("没有这个单位，或不在本地", "no such office in this place"), place=place)


def _known(word: str, words: list[str], code: str) -> None:
    if word not in words:
        raise ZhubaoError(code, Text(f"应为：{'、'.join(words)}", f"one of {', '.join(words)}"), place=word)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
