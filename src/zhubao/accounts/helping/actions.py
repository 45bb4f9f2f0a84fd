"""The only writers of helping somebody to enrol."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.models import Identity, InsuredRecord, Person, Scheme
from zhubao.policies.claims import implements
from zhubao.rosters.models.matching import Difference, DifferenceKind, DifferenceState, Outcome

from ..courses import begin, take
from .models import EnrolmentHelp, HelpGround

YOUNGEST, OLDEST = 16, 60
OUTCOMES = ("enrolled", "refused", "elsewhere")
CHUNK = 500


@implements("gz-12b", "gz-3a", "gz-3c", as_="action")
def find_uninsured(region_code: str, *, actor: Actor, now: datetime) -> int:
    """Open help for everybody on the rosters in force who is in no pension scheme, and everybody on record as in none; return how many.

    Somebody whose help is open, or ended by an outcome nobody checked yet, is passed over, and so is whom the township already has as a
    difference of a department's list, or who refused there in writing. Raise OutOfScope.
    """
    actor.require_role(Role.AGENCY_REVIEWER)
    actor.require_region(region_code)
    made = 0
    for person, ground, category in uninsured(region_code, localdate(now)):
        _open(person, ground, category, actor=actor, now=now)
        made += 1
    return made


def uninsured(region_code: str, on: date) -> Iterator[tuple[Person, str, str]]:
    """Yield the people of 16 to 59 in no pension scheme with why and under which category; students, soldiers and prisoners are none."""
    current = InsuredRecord.objects.filter(person=OuterRef("pk"), superseded_at=None)
    listed = Identity.objects.in_force(on).filter(person=OuterRef("pk"))
    helped = EnrolmentHelp.objects.filter(person=OuterRef("pk"))
    asked = Difference.objects.filter(person=OuterRef("pk"), kind=DifferenceKind.NOT_ENROLLED)
    away = Q(student=True) | Q(military=True) | Q(imprisoned=True) | Q(deceased=True)
    people: Any = (
        Person.objects.filter(
            region_code__startswith=region_code,
            died_on=None,
            born__gt=date(on.year - OLDEST, on.month, min(on.day, 28)),
            born__lte=date(on.year - YOUNGEST, on.month, min(on.day, 28)),
        )
        .filter(
            ~Exists(current.exclude(scheme=Scheme.NONE)),
            ~Exists(current.filter(away)),
            ~Exists(helped.exclude(state="closed")),
            ~Exists(helped.filter(state="closed", found_on=on)),
            ~Exists(asked.filter(Q(state=DifferenceState.OPEN) | Q(outcome=Outcome.REFUSED))),
        )
        .filter(Exists(listed) | Exists(current.filter(scheme=Scheme.NONE)))
        .annotate(flexible=Exists(current.filter(scheme=Scheme.NONE, participation_type="flexible")))
        .order_by("pk")
    )
    for person in people.iterator(chunk_size=CHUNK):
        identity = Identity.objects.in_force(on).filter(person=person).order_by("pk").first()
        if identity is not None:
            yield person, HelpGround.ROSTER, identity.category
        else:
            yield person, HelpGround.FLEXIBLE if person.flexible else HelpGround.RESIDENT, ""


@transaction.atomic
def _open(person: Person, ground: str, category: str, *, actor: Actor, now: datetime) -> EnrolmentHelp:
    help_ = EnrolmentHelp(
        region_code=person.region_code, person=person, ground=ground, category=category, found_on=localdate(now)
    )
    return begin(help_, "find", key="find", actor=actor, now=now, after={"ground": ground})


@implements("gz-3c", as_="action")
@transaction.atomic
def contact(help_id: int, words: str, *, key: str = "", actor: Actor, now: datetime) -> EnrolmentHelp:
    """Record that somebody was called or visited, with what was said."""
    values = {"contacts": F("contacts") + 1}
    done = take(EnrolmentHelp, help_id, "contact", reason=words, key=key, values=values, actor=actor, now=now)
    done.refresh_from_db()
    return done


@implements("gz-12b", as_="action")
@transaction.atomic
def settle(
    help_id: int, outcome: str, words: str, *, scheme: str = "", place: str = "", key: str = "", actor: Actor, now: datetime
) -> EnrolmentHelp:
    """Record the outcome; E-OUTCOME for one that is none, or an enrolment that names no scheme, or elsewhere without a place."""
    fault = (
        Text("请选择结果", "choose an outcome")
        if outcome not in OUTCOMES
        else Text("请选择参加的制度", "choose the scheme")
        if outcome == "enrolled" and scheme not in (Scheme.EMPLOYEE, Scheme.RESIDENT)
        else Text("请写明在哪里参保", "say where the person is insured")
        if outcome == "elsewhere" and not place.strip()
        else None
    )
    if fault is not None:
        raise ZhubaoError("E-OUTCOME", fault, place=f"enrolment-help:{help_id}", remedy=Text("补填后再登记", "fill it in"))
    values = {"scheme": scheme if outcome == "enrolled" else "", "place": place.strip()[:100] if outcome == "elsewhere" else ""}
    return take(EnrolmentHelp, help_id, "settle", to=outcome, reason=words, key=key, values=values, actor=actor, now=now)


@transaction.atomic
def again(help_id: int, reason: str, *, key: str = "", actor: Actor, now: datetime) -> EnrolmentHelp:
    """Send an outcome back to be helped again."""
    return take(EnrolmentHelp, help_id, "again", reason=reason, key=key, actor=actor, now=now)


@implements("gz-12b", as_="action")
@transaction.atomic
def close(help_id: int, *, key: str = "", actor: Actor, now: datetime) -> EnrolmentHelp:
    """Close what was checked; whoever says "enrolled" is only closed once the insured record shows it (E-NOT-ENROLLED)."""
    help_ = EnrolmentHelp.objects.get(pk=help_id)
    record = InsuredRecord.objects.filter(person_id=help_.person_id, superseded_at=None, scheme=help_.scheme)
    if help_.state == "enrolled" and not record.exists():
        raise ZhubaoError(
            "E-NOT-ENROLLED",
            Text("参保登记里还没有这条记录", "the insured record does not show it yet"),
            place=help_.subject,
            remedy=Text("等参保数据更新后再销号", "close it once the data has been updated"),
        )
    return take(EnrolmentHelp, help_id, "close", key=key, actor=actor, now=now)
