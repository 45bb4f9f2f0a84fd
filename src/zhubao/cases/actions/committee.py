"""The committee's part: first review, the notice with its seven full days, the signed opinion. Each is an act with its own day."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.calendars import NoticePeriod, WorkingCalendar, notice_period
from zhubao.errors import ZhubaoError
from zhubao.evidence.figures import book_at
from zhubao.language import Text
from zhubao.parameters.questions import settle
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region

from ..models import Application, Case, Decision, NoticeLine, PublicNotice
from ..models.review import DecisionKind, Outcome
from ..stepping import Going, Request, step_of
from .signatures import Signature
from .verdicts import judged, require_refusable

NOTICE_DAYS = 7


# What the committee finds at the door: the hardship and its six kinds.
OWN_FINDING = frozenset({"rg-4.0f", *(f"rg-4.{kind}" for kind in range(1, 7))})


@implements("rg-12.1c", as_="action")
def first_review(
    case_id: int,
    *,
    passed: bool,
    category: str = "",
    lives_here: bool = True,
    clause: str = "",
    reason: str = "",
    request: Request,
    actor: Actor,
    now: datetime,
) -> Case:
    """Review an application where the applicant lives; it is then to be posted, or rejected with a clause and a reason.

    `category` is the hardship the committee found, the one applied for unless given: a roster or the certificate must show it
    (E-CATEGORY). Raise E-COMMITTEE when the applicant lives elsewhere, E-REFUSAL for a rejection without reason, or on a clause that
    the facts do not fail; the hardship itself is the committee's own finding, whatever a list says.
    """
    with step_of(case_id, "first_review", request, actor=actor, now=now) as going:
        case = going.case
        if going.repeated:
            return case
        _require_residence(case, lives_here)
        found = category or Application.objects.get(case=case).category
        snapshot = judged(case, going.today, actor=actor, now=now)
        if passed and found not in snapshot.result["categories"]:
            raise ZhubaoError(
                "E-CATEGORY",
                Text(
                    f"名册和证件都没有证明属于“{hardship(case, found).zh}”",
                    f"neither a roster nor a certificate shows “{hardship(case, found).en}”",
                ),
                place=case.number,
                remedy=Text("核对证件原件，或请主管部门出具名单", "check the original, or ask the department for its list"),
            )
        if not passed and (clause not in OWN_FINDING or not reason.strip()):
            require_refusable(snapshot, clause, reason)
        step = going.move("first_reviewed" if passed else "rejected", reason=reason, category=found, clause=clause)
        Decision.objects.create(
            case=case,
            step=step,
            kind=DecisionKind.COMMITTEE,
            outcome=Outcome.GRANTED if passed else Outcome.REFUSED,
            snapshot=snapshot,
            category=found,
            clause="" if passed else clause,
            reason=reason.strip(),
            at=now,
        )
        return case


@implements("rg-12.1d", as_="action")
@transaction.atomic
def post_notice(
    case_ids: Sequence[int],
    *,
    place: str,
    phone: str,
    posted_on: date | None = None,
    seen: Mapping[int, int] | None = None,
    request: Request,
    actor: Actor,
    now: datetime,
) -> PublicNotice:
    """Put up one notice for cases of one committee, and return it with the names and numbers masked as they are printed.

    `posted_on` is today unless given: not before the first review, not in the future (E-NOTICE-DAY). Raise E-NOTICE-CASES for no
    case or cases of several committees, E-NOTICE-PLACE without place or telephone. All cases are posted or none.
    `seen` holds the number of steps the asker saw of each case.
    """
    if actor.organisation_id is None or actor.post_id is None:
        raise OutOfScope(actor.name, Text("由社区（村）张贴", "a committee posts its notices"))
    with ExitStack() as stack:
        shown = seen or {}
        keyed = [(pk, Request(f"{request.key}/{pk}", shown.get(pk, request.seen))) for pk in sorted(set(case_ids))]
        goings = [stack.enter_context(step_of(pk, "post_notice", each, actor=actor, now=now)) for pk, each in keyed]
        if len({(going.case.committee_id, going.case.policy_id) for going in goings}) != 1:
            raise ZhubaoError("E-NOTICE-CASES", Text("一张公示只列本社区（村）的申请", "a notice lists cases of one committee"))
        if all(going.repeated for going in goings):
            return notice_of(goings[0].case)
        if not place.strip() or not phone.strip():
            raise ZhubaoError(
                "E-NOTICE-PLACE", Text("公示须写明张贴地点和举报电话", "say where it hangs, and the telephone for objections")
            )
        posted = posted_on or goings[0].today
        for going in goings:
            _require_posting_day(going, posted)
        period = notice_days(goings[0].case, posted, now)
        notice = PublicNotice.objects.create(
            region_code=goings[0].case.region_code,
            committee_id=actor.organisation_id,
            policy_id=goings[0].case.policy_id,
            posted_on=posted,
            first_day=next(day.day for day in period.counted.days if day.counted),
            last_day=period.last_day,
            place=place.strip(),
            phone=phone.strip(),
            posted_by_id=actor.post_id,
        )
        for going in goings:
            person = going.case.person
            NoticeLine.objects.create(
                notice=notice,
                case=going.case,
                name=person.masked_name,
                number=person.masked_number,
                category=_reviewed(going.case).category,
            )
            days = {"posted": posted.isoformat(), "last_day": period.last_day.isoformat()}
            going.move(notice=notice.pk, **days)
        return notice


def notice_days(case: Case, posted: date, now: datetime) -> NoticePeriod:
    """Return the days of a notice posted on a day, by the answer the place has given to what a day is (A-ALL-10)."""
    settled = settle(book_at(now), "A-ALL-10", posted, area_of_region(case.region_code))
    working = WorkingCalendar.built_in() if settled.value == "working_days" else None
    return notice_period(posted, NOTICE_DAYS, working)


def notice_of(case: Case) -> PublicNotice:
    """Return the notice that names a case, the newest of several; DoesNotExist for none."""
    return PublicNotice.objects.filter(lines__case=case).latest("pk")


@implements("rg-12.1e", "rg-annex1-committee", as_="action")
def sign_opinion(
    case_id: int, *, category: str, signature: Signature, opinion: str = "", request: Request, actor: Actor, now: datetime
) -> Case:
    """Sign the committee's opinion: kind of hardship, handler, seal and day; the application then goes to the agency.

    `opinion` adds words to those printed on the form. Raise E-OPINION naming what the box lacks, E-CATEGORY for a hardship that was
    not posted, E-NOTICE before the eighth day after posting, naming the first possible one.
    """
    with step_of(case_id, "sign_opinion", request, actor=actor, now=now) as going:
        case = going.case
        if going.repeated:
            return case
        signed_on = signature.complete(going.today, (category, Text("困难类型", "kind of hardship")))
        notice = notice_of(case)
        if category != notice.lines.get(case=case).category:
            raise ZhubaoError(
                "E-CATEGORY",
                Text("与公示的困难类型不一致", "not the hardship that was posted"),
                place=hardship(case, category).zh,
            )
        _require_over(notice, signed_on)
        step = going.move(category=category, signed_on=signed_on.isoformat())
        Decision.objects.create(
            case=case,
            step=step,
            kind=DecisionKind.COMMITTEE,
            outcome=Outcome.GRANTED,
            snapshot=_reviewed(case).snapshot,
            category=category,
            certified_by=signature.handler.strip()[:160],
            effective_from=signed_on,
            reason=opinion.strip(),
            at=now,
        )
        return case


@transaction.atomic
def take_down(notice_id: int, *, on: date | None = None, actor: Actor, now: datetime) -> PublicNotice:
    """Note the day a notice was taken down; a second note changes nothing. Raise E-NOTICE before its full days have passed."""
    notice = PublicNotice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    actor.require_role(Role.COMMITTEE_MEMBER)
    actor.require_region(notice.region_code)
    if actor.organisation_id != notice.committee_id:
        raise OutOfScope(str(notice), Text("由别的单位办理", "another office deals with this"))
    if notice.taken_down_on is not None:
        return notice
    today = timezone.localdate(now)
    day = on or today
    if day > today:
        raise ZhubaoError("E-NOTICE-DAY", Text("日期晚于今天", "the day is in the future"), place=day.isoformat())
    _require_over(notice, day)
    notice.taken_down_on = day
    notice.save(update_fields=["taken_down_on"])
    after = {"taken_down_on": day.isoformat()}
    record("notice.taken_down", f"notice:{notice.pk}", actor=actor, now=now, region_code=notice.region_code, after=after)
    return notice


def hardship(case: Case, category: str) -> Text:
    """Return the label of a category, the code itself where the policy has none of it."""
    identity = judge_of(case.policy_id).policy.identities.get(category)
    return Text(identity.label.zh, identity.label.en) if identity else Text(category, category)


def _reviewed(case: Case) -> Decision:
    """Return the first review that let the case be posted."""
    reviews = Decision.objects.filter(case=case, kind=DecisionKind.COMMITTEE, step__verb="first_review")
    return reviews.select_related("step", "snapshot").latest("pk")


def lives_elsewhere(case: Case) -> bool:
    """Tell whether the register knows that the applicant lives outside the committee's place."""
    place, code = case.committee, case.person.residence_code
    return bool(code and place and not place.region_id.startswith(code[: len(place.region_id)]))


def _require_residence(case: Case, lives_here: bool) -> None:
    """Refuse the review by the committee of another place; what is unknown of the residence is the committee's to say."""
    if lives_here and not lives_elsewhere(case):
        return
    raise ZhubaoError(
        "E-COMMITTEE",
        Text("申请人不住在本社区（村）", "the applicant does not live here"),
        place=case.number,
        remedy=Text("写明理由退回，由居住地社区（村）初审", "return it with the reason: the committee of residence reviews"),
    )


def _require_posting_day(going: Going[Case], posted: date) -> None:
    reviewed_on = _reviewed(going.case).step.on
    if not reviewed_on <= posted <= going.today:
        raise ZhubaoError(
            "E-NOTICE-DAY",
            Text(
                f"张贴日应在{reviewed_on}（初审）至{going.today}（今天）之间",
                f"posted between {reviewed_on}, the first review, and {going.today}, today",
            ),
            place=posted.isoformat(),
        )


def _require_over(notice: PublicNotice, day: date) -> None:
    """Refuse a day on which the notice's full days have not all passed, with the first day that will do."""
    first_possible = date.fromordinal(notice.last_day.toordinal() + 1)
    if day >= first_possible:
        return
    raise ZhubaoError(
        "E-NOTICE",
        Text(
            f"{notice.posted_on}张贴（当天不计），{notice.first_day}至{notice.last_day}公示满七天，{first_possible}起方可",
            f"posted {notice.posted_on}, which does not count; seven full days {notice.first_day} to {notice.last_day}; "
            f"possible from {first_possible}",
        ),
        place=day.isoformat(),
        remedy=Text(f"请在{first_possible}或以后办理", f"do it on {first_possible} or later"),
    )
