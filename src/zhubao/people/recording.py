"""The writers of what registers, departments and the household state about one person. Each is one transaction with its audit entry."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import implements
from zhubao.policies.person import CODES
from zhubao.programmes.selectors import area_of_region

from .actions import KEEPING_ROLES, locked_person
from .certifiers import check_certifier, require_department, shown_by_paper
from .models import Circumstance, CircumstanceKind, Identity, InsuredRecord, Person
from .statements import IdentityStatement, InsuredStatement, Origin, as_columns, readable

CERTIFYING_ROLES = (Role.CERTIFIER, Role.HRSS_SUPERVISOR)
# Posts before whom a person lays the department's own certificate.
SEEING_ROLES = (*KEEPING_ROLES, Role.COMMITTEE_MEMBER)


@transaction.atomic
def record_insured(person_id: int, statement: InsuredStatement, *, actor: Actor, now: datetime) -> InsuredRecord:
    """Keep what the insurance register says; the present record of the scheme is superseded, the same content only gets its new day.

    Raise E-INSURED for an unknown code, E-RECORD-OLDER for a statement older than the present record.
    """
    person = locked_person(person_id, *KEEPING_ROLES, actor=actor)
    check_insured(statement)
    current = InsuredRecord.objects.select_for_update().filter(person=person, scheme=statement.scheme, superseded_at=None).first()
    if current is not None:
        if current.recorded_on > statement.recorded_on:
            problem = Text(f"现有记录是 {current.recorded_on} 的", f"the present record is of {current.recorded_on}")
            raise ZhubaoError("E-RECORD-OLDER", problem, place=statement.recorded_on.isoformat())
        if all(getattr(current, name) == value for name, value in statement.content().items()):
            return _confirmed(current, statement)
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    made = InsuredRecord.objects.create(person=person, recorded_at=now, **insured_columns(statement))
    after = readable({**statement.content(), "recorded_on": statement.recorded_on, "source": statement.origin.source})
    before = readable({name: getattr(current, name) for name in statement.content()}) if current else None
    _note("insured.recorded", person, actor=actor, now=now, before=before, after=after)
    return made


def _confirmed(current: InsuredRecord, statement: InsuredStatement) -> InsuredRecord:
    for name, value in {"recorded_on": statement.recorded_on, **statement.origin.columns()}.items():
        setattr(current, name, value)
    current.save(update_fields=["recorded_on", *statement.origin.columns()])
    return current


def insured_columns(statement: InsuredStatement) -> dict[str, Any]:
    """Return an insured statement as the columns of its row."""
    return {**statement.content(), "recorded_on": statement.recorded_on, **statement.origin.columns()}


def check_insured(statement: InsuredStatement) -> None:
    """Raise E-INSURED for a code no document knows and E-SOURCE without a source."""
    for name, known in (
        ("scheme", CODES["scheme"]),
        ("participation_type", ("", "flexible", "employer")),
        ("retirement_category", ("", *CODES["retirement_category"])),
    ):
        if getattr(statement, name) not in known:
            raise ZhubaoError("E-INSURED", Text("不认识的代码", "unknown code"), place=f"{name} {getattr(statement, name)}")
    require_source(statement.origin)


def require_source(origin: Origin) -> None:
    """Raise E-SOURCE for a statement that does not say where it comes from."""
    if not origin.source.strip():
        raise ZhubaoError("E-SOURCE", Text("要写明来源", "say where this comes from"))


@implements("jx-1.2i", "jx-1.2j", "jx-1.2k", as_="action")
@transaction.atomic
def certify(person_id: int, statement: IdentityStatement, *, actor: Actor, now: datetime) -> Identity:
    """Keep that a department certifies a category for a person: entered by the department, or at a counter from its certificate.

    The same again changes nothing. Raise E-CATEGORY, E-CERTIFIER for a department that does not certify the category here, OutOfScope for
    another department's clerk and at a counter for a category that comes by list only, E-CERTIFICATE at a counter without a
    certificate, E-IDENTITY-OVERLAP beside one that holds already.
    """
    person = locked_person(person_id, *CERTIFYING_ROLES, *SEEING_ROLES, actor=actor)
    check_certifier(statement.category, statement.certifier, person.region_code, localdate(now))
    require_department(actor, statement.certifier)
    require_source(statement.origin)
    if actor.role in SEEING_ROLES and not shown_by_paper(statement.category, area_of_region(person.region_code)):
        raise OutOfScope(
            statement.category, Text("这一类只凭主管部门的名册", "this category comes by the department's list only")
        )
    if actor.role in SEEING_ROLES and not statement.certificate.strip():
        raise ZhubaoError(
            "E-CERTIFICATE",
            Text("要登记所看到的证件号", "the number of the certificate seen is needed"),
            place=statement.category,
            remedy=Text("填写证件号，或由认定部门报送名册", "enter it, or have the department send its list"),
        )
    _in_order(statement.starts_on, statement.ends_on)
    columns = as_columns(statement)
    period = {name: columns[name] for name in ("category", "certifier", "certificate", "starts_on", "ends_on")}
    standing = Identity.objects.standing().filter(person=person)
    there = standing.filter(**period).first()
    if there is not None:
        return there
    same_kind = standing.filter(category=statement.category, certifier=statement.certifier)
    if same_kind.filter(_overlapping(statement.starts_on, statement.ends_on)).exists():
        problem = Text("这段时间已有同一部门认定的同一类别", "the department certifies this category for these days already")
        raise ZhubaoError("E-IDENTITY-OVERLAP", problem, place=statement.category)
    identity = Identity.objects.create(person=person, region_code=person.region_code[:6], recorded_at=now, **columns)
    _note("identity.certified", person, actor=actor, now=now, after=readable({"identity": identity.pk, **columns}))
    return identity


@transaction.atomic
def withdraw_identity(identity_id: int, reason: str, *, actor: Actor, now: datetime) -> Identity:
    """Take back an identity that was entered in error; past decisions keep what they saw. A second withdrawal changes nothing.

    The department takes back its own; the agency only what was entered at a counter, never a row of a department's list.
    """
    identity = _own_identity(identity_id, actor)
    said = _said(reason)
    if identity.withdrawn_at is None:
        identity.withdrawn_at, identity.withdrawn_because = now, said
        identity.save(update_fields=["withdrawn_at", "withdrawn_because"])
        before = {"identity": identity.pk, "category": identity.category}
        _note("identity.withdrawn", identity.person, actor=actor, now=now, before=before, reason=said)
    return identity


@transaction.atomic
def end_identity(identity_id: int, ends_on: date, reason: str, *, actor: Actor, now: datetime) -> Identity:
    """Keep the last day of an identity; who may, as `withdraw_identity`."""
    identity = _own_identity(identity_id, actor)
    said = _said(reason)
    _in_order(identity.starts_on, ends_on)
    if identity.ends_on != ends_on:
        before = readable({"identity": identity.pk, "ends_on": identity.ends_on})
        identity.ends_on = ends_on
        identity.save(update_fields=["ends_on"])
        after = {"ends_on": ends_on.isoformat()}
        _note("identity.ended", identity.person, actor=actor, now=now, before=before, after=after, reason=said)
    return identity


def _own_identity(identity_id: int, actor: Actor) -> Identity:
    actor.require_role(*CERTIFYING_ROLES, *KEEPING_ROLES)
    identity = Identity.objects.select_for_update(of=("self",)).select_related("person").get(pk=identity_id)
    actor.require_region(identity.region_code)
    require_department(actor, identity.certifier)
    if actor.role in KEEPING_ROLES and identity.roster_file:
        problem = Text("名册中的认定由主管部门更正", "a row of a department's list is put right by the department")
        raise OutOfScope(f"identity:{identity_id}", problem)
    return identity


@transaction.atomic
def note_circumstance(
    person_id: int,
    kind: str,
    origin: Origin,
    *,
    value: int = 1,
    starts_on: date | None = None,
    ends_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> Circumstance:
    """Keep a dated statement about a person's life; an open one of the kind that began before ends on the day before.

    `value` is 1 or 0, the number of children, the grade 1 to 4. The same again changes nothing. Raise E-CIRCUMSTANCE for a value that does
    not fit, E-CIRCUMSTANCE-OVERLAP for days already spoken for.
    """
    person = locked_person(person_id, *SEEING_ROLES, Role.HRSS_SUPERVISOR, actor=actor)
    allowed = {CircumstanceKind.CHILDREN: range(31), CircumstanceKind.DISABILITY_GRADE: range(1, 5)}
    if kind not in CircumstanceKind.values or value not in allowed.get(CircumstanceKind(kind), range(2)):
        raise ZhubaoError("E-CIRCUMSTANCE", Text("这一项不能这样填", "this cannot be stated so"), place=f"{kind} {value}")
    require_source(origin)
    _in_order(starts_on, ends_on)
    standing = Circumstance.objects.filter(person=person, kind=kind, withdrawn_at=None)
    there = standing.filter(value=value, starts_on=starts_on, ends_on=ends_on).first()
    if there is not None:
        return there
    if starts_on is not None:
        before = standing.filter(Q(starts_on=None) | Q(starts_on__lt=starts_on), ends_on=None)
        before.update(ends_on=starts_on - timedelta(days=1))
    if standing.filter(_overlapping(starts_on, ends_on)).exists():
        problem = Text("这段时间已有记录", "something is on record for these days")
        raise ZhubaoError("E-CIRCUMSTANCE-OVERLAP", problem, place=kind)
    period = {"kind": kind, "value": value, "starts_on": starts_on, "ends_on": ends_on}
    made = Circumstance.objects.create(person=person, recorded_at=now, **period, **origin.columns())
    _note("circumstance.noted", person, actor=actor, now=now, after=readable({**period, "source": origin.source}))
    return made


@transaction.atomic
def withdraw_circumstance(circumstance_id: int, reason: str, *, actor: Actor, now: datetime) -> Circumstance:
    """Take back a statement entered in error. A second withdrawal changes nothing."""
    actor.require_role(*KEEPING_ROLES)
    made = Circumstance.objects.select_for_update(of=("self",)).select_related("person").get(pk=circumstance_id)
    actor.require_region(made.person.region_code)
    said = _said(reason)
    if made.withdrawn_at is None:
        made.withdrawn_at = now
        made.save(update_fields=["withdrawn_at"])
        before = {"kind": made.kind, "value": made.value}
        _note("circumstance.withdrawn", made.person, actor=actor, now=now, before=before, reason=said)
    return made


def _overlapping(starts_on: date | None, ends_on: date | None) -> Q:
    """Select rows whose days meet these days."""
    begun = Q() if ends_on is None else Q(starts_on=None) | Q(starts_on__lte=ends_on)
    not_over = Q() if starts_on is None else Q(ends_on=None) | Q(ends_on__gte=starts_on)
    return begun & not_over


def _in_order(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise ZhubaoError("E-DAYS", Text("止日早于起日", "the last day is before the first"), place=ends_on.isoformat())


def _said(reason: str) -> str:
    said = reason.strip()
    if not 0 < len(said) <= 300:
        raise ZhubaoError("E-REASON", Text("请写明理由，不超过 300 字", "a reason is needed, at most 300 characters"))
    return said


def _note(action: str, person: Person, *, actor: Actor, now: datetime, **entry: Any) -> None:
    record(action, f"person:{person.pk}", actor=actor, now=now, region_code=person.region_code, **entry)
