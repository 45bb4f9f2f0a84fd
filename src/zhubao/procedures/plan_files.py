"""Files about a plan: handed out to tax and townships, and those of tax and departments applied when they come in."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.assistance.claiming import LETTERS
from zhubao.assistance.collecting import Paid, record_receipts
from zhubao.assistance.collecting_differences import keep_refused
from zhubao.assistance.collecting_files import actual_rows, plan_rows
from zhubao.assistance.collecting_tasks import renew_tasks
from zhubao.assistance.models import AssistancePlan, PlanRow
from zhubao.assistance.parties import office_of, office_of_kind, payers_of_office
from zhubao.assistance.verifying import Listed, compare_actual, list_actual, reject_rows, row_of_file, verify_rows
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import Receipt, make_envelope, receive_envelope
from zhubao.exchange.files.actual_on_behalf import ActualOnBehalf
from zhubao.exchange.files.self_pay_receipts import SelfPayReceipt
from zhubao.exchange.files.verified_list import REJECTED, VerifiedOnBehalf
from zhubao.exchange.lines import AT_ONCE, work_through, work_through_many
from zhubao.exchange.models import Envelope, EnvelopeLine
from zhubao.exchange.selectors import next_batch, rows_of
from zhubao.language import Text
from zhubao.people.finding import find_all
from zhubao.people.models import Person
from zhubao.people.selectors import find
from zhubao.policies.claims import implements

from .received_files import apply_soon_unless_refused

PLAN, RECEIPTS, ACTUAL, VERIFIED = "contribution_plan", "self_pay_receipts", "actual_on_behalf", "verified_list"
SYSTEM = "plan_files"
# States in which a person is in the plan that is handed out.
ON_THE_PLAN = ("planned", "self_paid")


@implements("ps-2.2d", "ps-2.2e", as_="action")
@transaction.atomic
def hand_out_plan(plan: AssistancePlan, *, actor: Actor, now: datetime) -> list[Envelope]:
    """Write the plan file for tax and for each township with people on it, and put what waits into the queues.

    An office that has the same lines already gets no second file; return the new ones. Raise OutOfScope, E-PLAN-NOT-PUBLISHED,
    E-EXCHANGE-EMPTY when nobody is on the plan, E-OFFICE-MISSING.
    """
    actor.require_role(Role.AGENCY_REVIEWER)
    actor.require_region(plan.region_code)
    require_published(plan)
    rows = list(
        PlanRow.objects.filter(plan=plan, state__in=ON_THE_PLAN).select_related("person", "plan").order_by("region_code", "pk")
    )
    if not rows:
        raise ZhubaoError("E-EXCHANGE-EMPTY", Text("计划里还没有人", "nobody is on the plan"), place=plan.subject)
    townships = Organisation.objects.filter(kind=OrganisationKind.TOWNSHIP, region__code__startswith=plan.region_code)
    to: list[tuple[Organisation, list[PlanRow]]] = [(office_of_kind(plan, OrganisationKind.TAX), rows)]
    to += [(office, [row for row in rows if row.region_code.startswith(office.region_id)]) for office in townships.order_by("pk")]
    made = []
    for office, theirs in to:
        lines = plan_rows(theirs)
        last = Envelope.objects.good().filter(kind=PLAN, sender=plan.agency_id, receiver=office.pk, policy_id=plan.policy_id)
        before = last.order_by("-pk").first()
        if not lines or (before is not None and rows_of(before, today=localdate(now)) == tuple(lines)):
            continue
        made.append(
            make_envelope(
                PLAN,
                lines,
                batch=next_batch(plan.agency_id, PLAN, localdate(now)),
                policy_id=plan.policy_id,
                region_code=plan.region_code,
                sender_id=plan.agency_id,
                receiver_id=office.pk,
                actor=actor,
                now=now,
            )
        )
    renew_tasks(plan, actor=actor, now=now)
    return made


def receive_plan_file(
    kind: str,
    chunks: Iterable[bytes],
    *,
    name: str,
    plan: AssistancePlan,
    sender_id: int,
    companion: str = "",
    actor: Actor,
    now: datetime,
) -> Receipt:
    """Take a file of tax or of a department about a plan in and have it applied in the background; the same bytes again do nothing.

    Raise E-PLAN-NOT-PUBLISHED, and see `receive_envelope` for what refuses a file whole.
    """
    require_published(plan)
    receipt = receive_envelope(
        kind,
        chunks,
        name=name,
        policy_id=plan.policy_id,
        region_code=plan.region_code,
        sender_id=sender_id,
        receiver_id=plan.agency_id,
        companion=companion,
        actor=actor,
        now=now,
    )
    return apply_soon_unless_refused(receipt)


def require_published(plan: AssistancePlan) -> None:
    """Raise E-PLAN-NOT-PUBLISHED while a plan is drafted; a closed one is refused by its steps."""
    if plan.state == "drafted":
        raise ZhubaoError(
            "E-PLAN-NOT-PUBLISHED",
            Text("计划还没有发布", "the plan is not published yet"),
            place=plan.subject,
            remedy=Text("发布后再征收", "publish it first"),
        )


def apply_receipts(envelope_id: int, *, clock: Callable[[], datetime], at_once: int = AT_ONCE) -> Envelope:
    """Apply every receipt of tax nothing became of yet, `at_once` in a transaction; safe to repeat after any stop."""
    envelope = Envelope.objects.get(pk=envelope_id)
    actor = _system(envelope)
    receipts = partial(_receipts, envelope, actor)
    envelope = work_through_many(envelope_id, receipts, actor=actor, clock=clock, at_once=at_once)
    return _followed_up(envelope, actor, clock=clock)


def apply_actual(envelope_id: int, *, clock: Callable[[], datetime]) -> Envelope:
    """Apply tax's actual data, note who is missing, and hand each department the lines it verifies; safe to repeat after any stop."""
    envelope = _apply(envelope_id, _actual, clock=clock)
    for plan in _plans(envelope):
        compare_actual(plan, now=clock())
        hand_to_departments(plan, envelope, now=clock())
        renew_tasks(plan, actor=_system(envelope), now=clock())
    return envelope


def apply_verified(envelope_id: int, *, clock: Callable[[], datetime]) -> Envelope:
    """Apply a department's verified list; safe to repeat after any stop."""
    return _apply(envelope_id, _verified, clock=clock)


APPLY: dict[str, Callable[..., Envelope]] = {RECEIPTS: apply_receipts, ACTUAL: apply_actual, VERIFIED: apply_verified}


@implements("ps-2.2f", as_="action")
@transaction.atomic
def hand_to_departments(plan: AssistancePlan, envelope: Envelope, *, now: datetime) -> list[Envelope]:
    """Write tax's lines that were taken for each department that verifies them, one file each, once; return the new ones."""
    rows = PlanRow.objects.filter(plan=plan, steps__key=_key(envelope)).select_related("person", "plan").order_by("pk")
    by_payer: dict[str, list[PlanRow]] = {}
    for row in rows:
        by_payer.setdefault(row.payer, []).append(row)
    made = []
    for payer, theirs in sorted(by_payer.items()):
        office, batch = office_of(plan, payer), f"{envelope.batch[:20]}-{envelope.pk}-{LETTERS.get(payer, payer[:8])}"
        # Handed over before a stop: rows may have moved on since, the file stays as the department has it.
        if Envelope.objects.good().filter(kind=ACTUAL, sender=envelope.sender, receiver=office, batch=batch).exists():
            continue
        made.append(
            make_envelope(
                ACTUAL,
                actual_rows(theirs),
                batch=batch,
                policy_id=plan.policy_id,
                region_code=plan.region_code,
                sender_id=envelope.sender_id,
                receiver_id=office.pk,
                actor=_system(envelope),
                now=now,
            )
        )
    return made


def _apply(envelope_id: int, handle: Callable[..., str], *, clock: Callable[[], datetime]) -> Envelope:
    envelope = Envelope.objects.get(pk=envelope_id)
    actor = _system(envelope)
    envelope = work_through(envelope_id, partial(handle, envelope, actor), actor=actor, clock=clock)
    return _followed_up(envelope, actor, clock=clock)


def _followed_up(envelope: Envelope, actor: Actor, *, clock: Callable[[], datetime]) -> Envelope:
    """Open differences for the lines that were refused, and renew what waits in the plan."""
    for plan in _plans(envelope):
        keep_refused(plan, envelope, now=clock())
        renew_tasks(plan, actor=actor, now=clock())
    return envelope


def _plans(envelope: Envelope) -> list[AssistancePlan]:
    """Return the plan a file is about, for its differences: that of its lines' year, else the county's last."""
    plans = AssistancePlan.objects.filter(region_code=envelope.region_code, policy_id=envelope.policy_id)
    years = [year for year in set(envelope.lines.values_list("year", flat=True)) if year is not None]
    found = plans.filter(year__in=years).order_by("-year").first() or plans.order_by("-year").first()
    return [found] if found else []


def _receipts(
    envelope: Envelope, actor: Actor, lines: Sequence[tuple[int, SelfPayReceipt]], now: datetime
) -> list[str | ZhubaoError]:
    """Take receipts in, and answer each with its key or what refuses it."""
    rows = [row for _number, row in lines]
    plans = {plan.year: plan for plan in _plans_of(envelope).filter(year__in={row.year for row in rows})}
    people = find_all(row.id_number for row in rows)
    answers: list[str | ZhubaoError] = [f"receipt/{row.receipt_number}" for row in rows]
    payments: dict[int, list[tuple[int, tuple[Person, Paid]]]] = {}
    for place, row in enumerate(rows):
        try:
            _require_plan(plans.get(row.year), row.year)
            person = _require_person(people.get(row.id_number), envelope, row)
        except ZhubaoError as error:
            answers[place] = error
        else:
            paid = Paid(row.receipt_number, row.tier_fen, row.amount_fen, row.paid_on)
            payments.setdefault(row.year, []).append((place, (person, paid)))
    for year, those in payments.items():
        each = [payment for _place, payment in those]
        outcomes = record_receipts(plans[year], each, envelope=envelope, actor=actor, now=now)
        for (place, _payment), outcome in zip(those, outcomes, strict=True):
            if isinstance(outcome, ZhubaoError):
                answers[place] = outcome
    return answers


def _actual(envelope: Envelope, actor: Actor, line: EnvelopeLine, row: ActualOnBehalf, now: datetime) -> str:
    plan, person = _plan_of(envelope, row.year), _person_of(envelope, row)
    listed = Listed(_number(row.plan_number), row.category, row.tier_fen, row.self_paid_fen, row.on_behalf_fen)
    list_actual(plan, person, listed, on=localdate(now), key=_key(envelope), actor=actor, now=now)
    return f"actual/{row.plan_number}"


def _verified(envelope: Envelope, actor: Actor, line: EnvelopeLine, row: VerifiedOnBehalf, now: datetime) -> str:
    plan, person = _plan_of(envelope, row.year), _person_of(envelope, row)
    found = row_of_file(plan, _number(row.plan_number), person)
    if found.payer not in payers_of_office(envelope.sender):
        raise ZhubaoError(
            "E-VERIFIED-PAYER",
            Text("计划编号：由别的部门出资", "plan number: another department pays"),
            place=found.subject,
            remedy=Text("由出资部门核实", "that department verifies it"),
        )
    if row.on_behalf_fen != found.on_behalf_fen:
        raise ZhubaoError(
            "E-VERIFIED-AMOUNT",
            Text("代缴金额：与实缴数据不同", "on behalf: not the sum of the actual data"),
            place=found.subject,
        )
    key = f"verified:{envelope.pk}"
    if row.result == REJECTED:
        reject_rows(plan, [found.pk], row.reason, key=key, actor=actor, now=now)
    else:
        verify_rows(plan, [found.pk], key=key, actor=actor, now=now)
    return f"verified/{row.plan_number}"


def _plan_of(envelope: Envelope, year: int) -> AssistancePlan:
    """Return the county's plan of a line's year; raise what `_require_plan` raises."""
    return _require_plan(_plans_of(envelope).filter(year=year).first(), year)


def _plans_of(envelope: Envelope) -> QuerySet[AssistancePlan]:
    plans = AssistancePlan.objects.select_related("agency")
    return plans.filter(region_code=envelope.region_code, policy_id=envelope.policy_id)


def _require_plan(plan: AssistancePlan | None, year: int) -> AssistancePlan:
    """Return the plan found for a line's year; E-LINE-YEAR where there is none, E-PLAN-NOT-PUBLISHED."""
    if plan is None:
        raise ZhubaoError(
            "E-LINE-YEAR",
            Text(f"所属年度：没有 {year} 年的代缴计划", f"year: there is no plan of {year}"),
            place=str(year),
            remedy=Text("核对所属年度", "check the year"),
        )
    require_published(plan)
    return plan


def _person_of(envelope: Envelope, row: Any) -> Person:
    """Return the person a line names; raise what `_require_person` raises."""
    return _require_person(find(row.id_number), envelope, row)


def _require_person(person: Person | None, envelope: Envelope, row: Any) -> Person:
    """Return the person found for a line; E-PERSON-UNKNOWN, E-PLAN-REGION for somebody of another county, E-LINE-NAME."""
    if person is None:
        raise ZhubaoError(
            "E-PERSON-UNKNOWN",
            Text("身份证号：系统里没有此人", "citizen number: nobody is on record"),
            place=envelope.batch,
            remedy=Text("核对号码", "check the number"),
        )
    if not person.region_code.startswith(envelope.region_code):
        raise ZhubaoError(
            "E-PLAN-REGION",
            Text("身份证号：此人在外县参保", "citizen number: insured in another county"),
            place=envelope.batch,
            remedy=Text("转参保地税务", "it belongs to tax of that county"),
        )
    if person.name != row.name:
        raise ZhubaoError(
            "E-LINE-NAME",
            Text("姓名：与身份证号不符", "name: not that of the citizen number"),
            place=envelope.batch,
            remedy=Text("核对姓名", "check the name"),
        )
    return person


def _number(text: str) -> int:
    """Return a plan number as the row it names, 0 for what can be none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _key(envelope: Envelope) -> str:
    return f"actual:{envelope.pk}"


def _system(envelope: Envelope) -> Actor:
    return Actor.system(SYSTEM, envelope.region_code)
