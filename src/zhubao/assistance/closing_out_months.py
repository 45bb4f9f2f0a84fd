"""A township's own ledger of a month beside the plan: in ours not theirs, in theirs not ours, paid on one side only, another category."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.models import Organisation, Region
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.evidence.figures import book_at
from zhubao.exchange.models import Envelope
from zhubao.identity import mask_name, mask_number
from zhubao.language import Text
from zhubao.people.keys import keys
from zhubao.people.models import Person
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region
from zhubao.tasks.actions import close_many, open_task
from zhubao.tasks.deadlines import Deadline, deadline
from zhubao.tasks.kinds import declare

from .models import AssistancePlan, Channel, DifferenceKind, LedgerDifference, LedgerMonth, PlanRow

TASK: Final = declare("assistance.ledger_difference", Text("处理台账比对差异", "settle a difference of the township's ledger"))
SETTING, DAYS = "ledger_difference_days", 10
# Who settles which difference.
OWNERS: Final[dict[str, Role]] = {
    DifferenceKind.ONLY_OURS: Role.TOWNSHIP_CLERK,
    DifferenceKind.ONLY_THEIRS: Role.AGENCY_REVIEWER,
    DifferenceKind.PAID_THERE: Role.TOWNSHIP_CLERK,
    DifferenceKind.PAID_HERE: Role.TOWNSHIP_CLERK,
    DifferenceKind.CATEGORY: Role.AGENCY_REVIEWER,
}
PAID: Final = frozenset(
    {"self_paid", "actual_listed", "verified", "claimed", "funded", "credited", "self_full", "refund_listed", "refunded"}
)
NOT_COMPARED: Final = frozenset({"excluded", "cancelled", "closed_out"})
Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Found:
    """One difference as the comparison finds it, before it is kept."""

    kind: str
    row: PlanRow | None
    person: Person | None
    line: int | None
    name: str
    number: str
    theirs: str
    ours: str

    @property
    def key(self) -> tuple[str, int | None, str]:
        """What makes the difference of the next month the same one."""
        return self.kind, self.row.pk if self.row else None, "" if self.row else self.number


@implements("ps-3.2a", as_="action")
@transaction.atomic
def compare_month(envelope: Envelope, columns: Columns, month: date, *, actor: Actor, now: datetime) -> LedgerMonth:
    """Compare a township's ledger that came in with the plan of the month's year, and return the month.

    Every difference has an owner and a last day and stands in the owner's queue. One that an earlier month found keeps its day; one
    that is gone is settled. A later file of the month replaces the first. The same envelope again changes nothing. Raise
    E-PLAN-NONE without a published plan, OutOfScope.
    """
    township = envelope.sender.region_id
    actor.require_role(Role.TOWNSHIP_CLERK, Role.AGENCY_REVIEWER)
    actor.require_region(township)
    before = LedgerMonth.objects.filter(envelope=envelope).first()
    if before is not None:
        return before
    plan = (
        AssistancePlan.objects.select_for_update(of=("self",))
        .filter(region_code=township[:6], policy_id=envelope.policy_id, year=month.year)
        .first()
    )
    if plan is None or plan.state == "drafted":
        raise ZhubaoError(
            "E-PLAN-NONE", Text(f"{month.year} 年的代缴计划还没有发布", f"the plan of {month.year} is not published")
        )
    first = month.replace(day=1)
    standing = LedgerMonth.objects.standing().filter(plan=plan, region_code=township)
    standing.filter(month=first).update(replaced_at=now)
    found = differences(plan, township, columns)
    paid = sum(said == "yes" for said in columns["paid"])
    differing = {each.line for each in found if each.line is not None}
    compared = LedgerMonth.objects.create(
        region_code=township,
        plan=plan,
        month=first,
        envelope=envelope,
        persons=len(columns["paid"]),
        paid=paid,
        unpaid=len(columns["paid"]) - paid,
        agreeing=len(columns["paid"]) - len(differing),
        compared_at=now,
    )
    _keep(compared, found, actor=actor, now=now)
    after = {"month": f"{first:%Y-%m}", "persons": compared.persons, "unpaid": compared.unpaid, "differences": len(found)}
    record("plan.ledger_compared", plan.subject, actor=actor, now=now, region_code=township, after=after)
    return compared


def differences(plan: AssistancePlan, township: str, columns: Columns) -> list[Found]:
    """Return every difference between the columns of a ledger and a township's rows of the plan; nothing is kept."""
    digests = [keys().digest(number) for number in columns["id_number"]]
    people = {bytes(each.id_number_index): each for each in Person.objects.filter(id_number_index__in=digests)}
    rows = PlanRow.objects.filter(plan=plan).select_related("person")
    near = {row.person_id: row for row in rows.filter(region_code__startswith=township)}
    named = {person.pk for person in people.values()}
    far = {row.person_id: row for row in rows.filter(person_id__in=named - near.keys())}
    places = dict(Region.objects.filter(code__startswith=plan.region_code).values_list("code", "name"))
    found = []
    for line, digest in enumerate(digests, 1):
        person = people.get(digest)
        row = near.get(person.pk) if person else None
        given = {name: values[line - 1] for name, values in columns.items()}
        if row is None:
            elsewhere = far.get(person.pk) if person else None
            where = places.get(elsewhere.region_code, elsewhere.region_code) if elsewhere else ""
            shown = mask_name(given["name"]), mask_number(given["id_number"])
            found.append(Found(DifferenceKind.ONLY_THEIRS, elsewhere, person, line, *shown, given["village"], where))
            continue
        found += _about(row, line, given)
    met = {people[digest].pk for digest in digests if digest in people}
    for row in near.values():
        if row.person_id not in met and row.state not in NOT_COMPARED:
            village = places.get(row.region_code, row.region_code)
            shown = row.person.masked_name, row.person.masked_number
            found.append(Found(DifferenceKind.ONLY_OURS, row, row.person, None, *shown, "", village))
    return found


def _about(row: PlanRow, line: int, given: Mapping[str, Any]) -> list[Found]:
    """Return how a line and the row of the same person differ."""
    shown = row.person.masked_name, row.person.masked_number
    found = []
    if given["category"] != row.category and given["category"] not in row.categories:
        found.append(Found(DifferenceKind.CATEGORY, row, row.person, line, *shown, given["category"], row.category))
    owes = row.channel == Channel.COUNTY and row.self_pay_fen > 0
    if row.state in NOT_COMPARED or not owes:
        return found
    paid_here, paid_there = row.state in PAID, given["paid"] == "yes"
    if paid_here != paid_there:
        kind = DifferenceKind.PAID_HERE if paid_here else DifferenceKind.PAID_THERE
        found.append(Found(kind, row, row.person, line, *shown, given["paid"], "yes" if paid_here else "no"))
    return found


def _keep(compared: LedgerMonth, found: list[Found], *, actor: Actor, now: datetime) -> None:
    """Keep new differences with their tasks, leave those known, settle those that are gone."""
    open_ones = LedgerDifference.objects.open().filter(
        ledger_month__plan=compared.plan, ledger_month__region_code=compared.region_code
    )
    known = {(each.kind, each.row_id, "" if each.row_id else each.masked_number): each for each in open_ones}
    gone = [each for key, each in known.items() if key not in {one.key for one in found}]
    words = f"{compared.month:%Y-%m} 台账比对已一致"
    LedgerDifference.objects.filter(pk__in=[each.pk for each in gone]).update(
        settled_at=now, settled_by_name=actor.name, outcome=words
    )
    close_many([TASK], [each.subject for each in gone], actor=actor, now=now)
    limit = _deadline(compared, now)
    for one in found:
        if one.key in known:
            continue
        kept = LedgerDifference.objects.create(
            ledger_month=compared,
            region_code=one.row.region_code if one.row and one.kind != DifferenceKind.ONLY_THEIRS else compared.region_code,
            kind=one.kind,
            row=one.row,
            person=one.person,
            line=one.line,
            masked_name=one.name,
            masked_number=one.number,
            theirs=one.theirs[:60],
            ours=one.ours[:60],
            role=OWNERS[one.kind],
            due_on=limit.due_on,
        )
        agency = compared.plan.agency_id if kept.role == Role.AGENCY_REVIEWER else None
        open_task(
            TASK,
            kept.subject,
            region_code=compared.region_code,
            role=kept.role,
            organisation_id=agency,
            deadline=limit,
            actor=actor,
            now=now,
        )


def _deadline(compared: LedgerMonth, now: datetime) -> Deadline:
    return deadline(SETTING, DAYS, "calendar", localdate(now), area_of_region(compared.region_code), book_at(now))


@transaction.atomic
def settle_difference(difference_id: int, outcome: str, *, actor: Actor, now: datetime) -> LedgerDifference:
    """Settle a difference with what came of it; settled before, it stays as it is.

    Raise DoesNotExist, OutOfScope for a post it does not belong to, E-DIFFERENCE-WORDS without words.
    """
    found = LedgerDifference.objects.select_for_update(of=("self",)).select_related("ledger_month").get(pk=difference_id)
    actor.require_role(found.role)
    if not actor.covers(found.ledger_month.region_code):
        raise OutOfScope.of_region(found.subject, actor.scope)
    if found.settled_at is not None:
        return found
    words = outcome.strip()[:300]
    if not words:
        raise ZhubaoError("E-DIFFERENCE-WORDS", Text("请写明核实结果", "say what came of it"), place=found.subject)
    found.settled_at, found.outcome = now, words
    found.settled_by_id, found.settled_by_name = actor.post_id, actor.name
    found.save(update_fields=["settled_at", "outcome", "settled_by", "settled_by_name"])
    close_many([TASK], [found.subject], actor=actor, now=now)
    record(
        "plan.ledger_difference_settled",
        found.subject,
        actor=actor,
        now=now,
        region_code=found.region_code,
        before={"kind": found.kind, "theirs": found.theirs, "ours": found.ours},
        after={"outcome": words},
    )
    return found


@implements("ps-3.2a", as_="feature")
def townships_of_month(plan: AssistancePlan, month: date, region_code: str) -> list[tuple[Organisation, LedgerMonth | None]]:
    """Return every township of a region with its ledger of a month, None where it handed none in."""
    here = Organisation.objects.filter(kind=OrganisationKind.TOWNSHIP, region__code__startswith=region_code).order_by("region_id")
    months = LedgerMonth.objects.standing().filter(plan=plan, month=month.replace(day=1))
    found = {each.region_code: each for each in months}
    return [(office, found.get(office.region_id)) for office in here.select_related("region")]
