"""The only writers of measures, their evidence and events. Each action is one transaction with its audit entry in it."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.models import Organisation
from zhubao.access.private_files import keep
from zhubao.access.roles import OrganisationKind
from zhubao.access.uploads import suffix_of
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import implements
from zhubao.policies.measures import MeasureText, measures
from zhubao.policies.register import document
from zhubao.programmes.selectors import area_of_region, parameter_book

from .course import BUREAU, MEASURE, POST_OF
from .models import Dimension, Measure, MeasureEvent, MeasureEvidence, MeasureUnit, RiskControl
from .offices import offices_of, townships_of
from .periods import following, period_of
from .stepping import Going, begin, finish

LONGEST_NOTE = 1000


@implements("gz-1g", "gz-5d", "gz-13c", "jx-5.1a", "jx-5.2b", "rg-22", "tl-5.1a", "tl-5.1m", "ps-3.1a", as_="action")
@transaction.atomic
def take_up(region_code: str, policy_id: str, *, actor: Actor, now: datetime) -> list[Measure]:
    """Take up the measures of a document in a county; those that stand already are left as they are. Return the new rows.

    A measure of townships or banks becomes a row for each. Units are the nearest offices of their kinds; the lead is the first of its
    kind, and a row without one stays incomplete. Raise OutOfScope, E-MEASURE-COUNTY for a region that is no county, E-MEASURE-NONE
    for a document without measures, E-MEASURE-REGION for a document of another place, E-POLICY-UNKNOWN.
    """
    actor.require_role(*BUREAU)
    actor.require_region(region_code)
    known = document(policy_id)
    if len(region_code) != 6:
        raise ZhubaoError(
            "E-MEASURE-COUNTY",
            Text("以县（区、市）为单位列入", "measures are taken up county by county"),
            place=region_code,
            remedy=Text("由县级岗位列入", "a post of the county takes them up"),
        )
    if not measures(policy_id):
        raise ZhubaoError("E-MEASURE-NONE", Text("这份文件没有措施", "the document has no measures"), place=policy_id)
    if not region_code.startswith(known.region):
        raise ZhubaoError(
            "E-MEASURE-REGION",
            Text("这份文件不在本地施行", "the document is of another place"),
            place=f"{policy_id} {region_code}",
        )
    made: list[Measure] = []
    for each in measures(policy_id):
        made += [
            _take_up_one(each, place, subject, actor, now)
            for place, subject in _rows_of(each, region_code)
            if not Measure.objects.filter(region_code=place, measure_id=each.id, subject_of=subject).exists()
        ]
    return made


def _rows_of(known: MeasureText, county: str) -> list[tuple[str, Organisation | None]]:
    if known.per == "township":
        return [(office.region_id, office) for office in townships_of(county)]
    if known.per == "bank":
        return [(county, office) for office in offices_of(OrganisationKind.BANK, county)]
    return [(county, None)]


def _take_up_one(known: MeasureText, place: str, subject: Organisation | None, actor: Actor, now: datetime) -> Measure:
    today = localdate(now)
    units: list[tuple[str, Organisation | None]] = []
    for kind in known.units:
        if subject is not None and subject.kind == kind:
            units.append((kind, subject))
        else:
            units += [(kind, office) for office in offices_of(kind, place)] or [(kind, None)]
    period = period_of(known.period, today, area_of_region(place), parameter_book())
    measure = Measure(
        region_code=place,
        policy_id=known.policy,
        measure_id=known.id,
        subject_of=subject,
        lead=next((office for kind, office in units if kind == known.lead and office is not None), None),
        period_from=period.first if period else None,
        period_to=period.last if period else None,
        due_on=period.due_on if period else None,
        ends_on=known.until if known.until is not None and known.until >= today else None,
        taken_up_at=now,
        state=MEASURE.first,
        state_since=now,
    )
    measure.save()
    MeasureUnit.objects.bulk_create(MeasureUnit(measure=measure, kind=kind, organisation=office) for kind, office in units)
    going = Going(measure, MEASURE.transition("take_up"), "", "take_up", actor, now)
    return finish(going, to="waiting_superior" if known.period == "plan" else "planned", units=len(units))


@transaction.atomic
def assign(
    measure_id: int,
    lead_id: int,
    due_on: date | None,
    ends_on: date | None,
    reason: str,
    *,
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> Measure:
    """Name another lead unit among the responsible ones, or other days. Raise E-MEASURE-UNIT for a unit that is not responsible,

    E-MEASURE-DAY for a report day of a measure that waits for the superior, or an end before the report is due.
    """
    going = begin(measure_id, "assign", reason=reason, seen=seen, key=key, actor=actor, now=now)
    measure = going.measure
    if going.done:
        return measure
    if not measure.units.filter(organisation_id=lead_id).exists():
        raise ZhubaoError(
            "E-MEASURE-UNIT",
            Text("牵头单位应是责任单位之一", "the lead is one of the responsible units"),
            place=measure.subject,
            remedy=Text("从责任单位中选", "choose one of them"),
        )
    if (measure.state == "waiting_superior" and due_on is not None) or (ends_on and due_on and ends_on < due_on):
        raise ZhubaoError(
            "E-MEASURE-DAY",
            Text(
                "日期不合：等上级方案的不设报告日，办结日不早于报告日", "no report day while it waits; the end is not before it"
            ),
            place=measure.subject,
        )
    before = {"lead": measure.lead_id, "due_on": str(measure.due_on), "ends_on": str(measure.ends_on)}
    measure.lead = Organisation.objects.get(pk=lead_id)
    measure.due_on, measure.ends_on = due_on, ends_on
    return finish(going, lead=lead_id, due_on=str(due_on), ends_on=str(ends_on), was=before)


@implements("jx-5.2a", "tl-5.2a", "gz-5d", as_="action")
@transaction.atomic
def report(measure_id: int, words: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Measure:
    """Report on the running period by the lead unit; the next period begins. A report that was missed is made up for.

    Raise OutOfScope for any other unit, E-STATE, E-REPORT-EMPTY without words, E-REPORT-EARLY before the period began.
    """
    going = begin(measure_id, "report", reason=words, seen=seen, key=key, actor=actor, now=now)
    measure = going.measure
    if going.done:
        return measure
    if not going.reason:
        raise ZhubaoError("E-REPORT-EMPTY", Text("请写明进展", "say what was done"), place=measure.subject)
    if measure.period_from is not None and going.today < measure.period_from:
        raise ZhubaoError(
            "E-REPORT-EARLY",
            Text(f"本期已报；下一期从 {measure.period_from} 开始", f"reported; the next period begins on {measure.period_from}"),
            place=measure.subject,
        )
    period = (measure.period_from, measure.period_to) if measure.period_from and measure.period_to else None
    if period is not None:
        area, book = area_of_region(measure.region_code), parameter_book()
        after = following(measure.known.period, period[1], area, book)
        # Whoever was silent for several periods reports once and goes on with the one that runs.
        running = period_of(measure.known.period, going.today, area, book)
        if after is not None and running is not None and going.row.verb == "catch_up" and running.first > after.first:
            after = running
        assert after is not None
        measure.period_from, measure.period_to, measure.due_on = after.first, after.last, after.due_on
    elif measure.due_on is not None:
        measure.due_on = None
    measure.missed, measure.missed_due_on = 0, None
    return finish(going, period=period, due_on=str(measure.due_on))


@implements("gz-5a", "gz-9b", as_="action")
@transaction.atomic
def wait(measure_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Measure:
    """Let a measure wait for the superior's plan: it has no day and is not overdue meanwhile."""
    going = begin(measure_id, "wait", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if going.done:
        return going.measure
    going.measure.due_on, going.measure.missed, going.measure.missed_due_on = None, 0, None
    return finish(going)


@implements("gz-5a", "gz-9b", as_="action")
@transaction.atomic
def superior_plan(
    measure_id: int, plan: str, due_on: date, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> Measure:
    """Take in the superior's plan by its number, and the day it names. Raise E-MEASURE-DAY unless the day lies ahead."""
    going = begin(measure_id, "superior_plan", reason=plan, seen=seen, key=key, actor=actor, now=now)
    if going.done:
        return going.measure
    if due_on < going.today:
        raise ZhubaoError("E-MEASURE-DAY", Text("日期应在今天或以后", "the day is today or later"), place=going.measure.subject)
    going.measure.superior_plan, going.measure.due_on = going.reason[:300], due_on
    return finish(going, due_on=str(due_on))


@transaction.atomic
def close(measure_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Measure:
    """Close a measure that has evidence. Raise E-NO-EVIDENCE without any: it stays open."""
    going = begin(measure_id, "close", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if going.done:
        return going.measure
    evidence = going.measure.evidence.count()
    if not evidence:
        raise ZhubaoError(
            "E-NO-EVIDENCE",
            Text("没有证明材料，不能办结", "without evidence a measure stays open"),
            place=going.measure.subject,
            remedy=Text("先上传文件或写明材料在哪里", "add a file, or a note that says where it lies"),
        )
    return finish(going, evidence=evidence)


@transaction.atomic
def reopen(measure_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Measure:
    """Open a closed measure again, with the reason; its reports go on with the period that runs."""
    going = begin(measure_id, "reopen", reason=reason, seen=seen, key=key, actor=actor, now=now)
    measure = going.measure
    if going.done:
        return measure
    running = period_of(measure.known.period, going.today, area_of_region(measure.region_code), parameter_book())
    if running is not None:
        measure.period_from, measure.period_to, measure.due_on = running.first, running.last, running.due_on
    return finish(going)


@transaction.atomic
def add_evidence(
    measure_id: int, note: str, *, content: bytes = b"", name: str = "", actor: Actor, now: datetime
) -> MeasureEvidence:
    """Add evidence by a responsible unit or the bureau: a file (PDF, JPEG, PNG), a note, or both; the same again is added once.

    Raise OutOfScope, E-EVIDENCE-EMPTY without either, E-STATE once the measure is closed, E-ATTACHMENT-... for other files.
    """
    measure = unit_measure(measure_id, actor)
    if measure.state == "closed":
        raise ZhubaoError("E-STATE", Text("措施已办结", "the measure is closed"), place=measure.subject)
    if not note.strip() and not content:
        raise ZhubaoError("E-EVIDENCE-EMPTY", Text("请选文件或写说明", "choose a file or write a note"), place=measure.subject)
    stored, digest = keep(content, "measures", measure.region_code, suffix=suffix_of(content, name)) if content else ("", "")
    evidence, made = MeasureEvidence.objects.get_or_create(
        measure=measure,
        note=note.strip()[:LONGEST_NOTE],
        sha256=digest,
        defaults={
            "name": name[:200],
            "stored_as": stored,
            "added_at": now,
            "added_by_id": actor.post_id,
            "actor_name": actor.name,
        },
    )
    if made:
        after = {"name": name, "sha256": digest, "note": evidence.note[:200]}
        record("measure.evidence", measure.subject, actor=actor, now=now, region_code=measure.region_code, after=after)
    return evidence


@implements("jx-5.2c", "tl-5.3a", "tl-5.3c", as_="action")
@transaction.atomic
def log_event(
    measure_id: int,
    held_on: date,
    place: str,
    about: str,
    *,
    online: bool = False,
    people: int = 0,
    safety_note: str = "",
    actor: Actor,
    now: datetime,
) -> MeasureEvent:
    """Log a publicity event of a measure by a responsible unit; the same event again is logged once.

    Raise OutOfScope, E-EVENT without place or subject or for a day to come, E-EVENT-SAFETY for an event on site in a time of
    epidemic control (setting ``epidemic_control``) that does not say how it was kept safe.
    """
    measure = unit_measure(measure_id, actor)
    if not place.strip() or not about.strip() or held_on > localdate(now) or people < 0:
        raise ZhubaoError(
            "E-EVENT",
            Text("请写明地点和内容；日期不晚于今天", "place and subject are needed, and a day that is not to come"),
            place=f"{measure.subject} {held_on}",
        )
    controlled = parameter_book().find("setting.epidemic_control", held_on, area_of_region(measure.region_code))
    if controlled is not None and str(controlled.value) == "yes" and not online and not safety_note.strip():
        raise ZhubaoError(
            "E-EVENT-SAFETY",
            Text("疫情防控期内的现场活动要写明安全措施", "on site in a time of epidemic control: say how it was kept safe"),
            place=f"{measure.subject} {held_on}",
            remedy=Text("写明安全措施，或改为线上", "note the precautions, or hold it online"),
        )
    event, made = MeasureEvent.objects.get_or_create(
        measure=measure,
        held_on=held_on,
        place=place.strip()[:100],
        about=about.strip()[:200],
        defaults={
            "online": online,
            "people": people,
            "safety_note": safety_note.strip()[:300],
            "entered_at": now,
            "entered_by_id": actor.post_id,
            "actor_name": actor.name,
        },
    )
    if made:
        after = {"held_on": str(held_on), "place": event.place, "online": online, "people": people}
        record("measure.event", measure.subject, actor=actor, now=now, region_code=measure.region_code, after=after)
    return event


@implements("gz-10a", as_="action")
@transaction.atomic
def enter_control(
    measure_id: int, dimension: str, risk: str, control: str, owner_id: int, since: date, *, actor: Actor, now: datetime
) -> RiskControl:
    """Enter a risk with its control and the responsible unit that owns it; the same risk again changes nothing.

    Raise OutOfScope, E-RISK for another measure, without words, without one of the four sides or for a day to come, E-MEASURE-UNIT for
    an owner that is not responsible.
    """
    measure = unit_measure(measure_id, actor)
    known = "risk_controls" in measure.known.indicators
    if not (known and dimension in Dimension.values and risk.strip() and control.strip() and since <= localdate(now)):
        raise ZhubaoError(
            "E-RISK",
            Text(
                "请选四方面之一，写明风险和控制措施，日期不晚于今天",
                "one of the four sides, risk, control and a day not to come are needed",
            ),
            place=measure.subject,
        )
    if not measure.units.filter(organisation_id=owner_id).exists():
        raise ZhubaoError(
            "E-MEASURE-UNIT", Text("责任人应是责任单位之一", "the owner is one of the responsible units"), place=measure.subject
        )
    row, made = RiskControl.objects.get_or_create(
        measure=measure,
        dimension=dimension,
        risk=risk.strip()[:200],
        defaults={
            "control": control.strip()[:300],
            "owner_id": owner_id,
            "since": since,
            "entered_at": now,
            "entered_by_id": actor.post_id,
            "actor_name": actor.name,
        },
    )
    if made:
        after = {"dimension": dimension, "risk": row.risk, "owner": owner_id}
        record("measure.control", measure.subject, actor=actor, now=now, region_code=measure.region_code, after=after)
    return row


def unit_measure(measure_id: int, actor: Actor) -> Measure:
    """Return a measure, locked, to one of its units or the bureau of its region; raise OutOfScope for anybody else."""
    measure = Measure.objects.select_for_update().get(pk=measure_id)
    if actor.user_id is None or (actor.role in BUREAU and actor.covers(measure.region_code)):
        return measure
    if not works_on(measure, actor):
        raise OutOfScope(measure.subject, Text("本单位不是责任单位", "your unit is not responsible for it"))
    return measure


def works_on(measure: Measure, actor: Actor) -> bool:
    """Tell whether the actor sits at the post of a responsible unit."""
    return any(
        unit.organisation_id == actor.organisation_id and POST_OF[unit.kind] == actor.role
        for unit in measure.units.all()
        if unit.organisation_id is not None
    )
