"""Somebody who paid turns out to have had another category on that day, and the amount would change: a desk decides, tax gives back.

A reckoning puts the payer right by itself where nobody's money changes; everything else waits here (A-PS-9: who was certified and paid
keeps the part on behalf, so it may rise and never falls).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.roles import OrganisationKind, Role
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.evidence.selectors import assess
from zhubao.language import Text
from zhubao.ledger.chart import Party
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.deadlines import deadline
from zhubao.tasks.kinds import declare

from ..collecting_differences import agree, open_difference
from ..models import Channel, PlanDifference, PlanDifferenceKind, PlanRow
from ..parties import Books, office_of_kind, organisation
from ..refunding import DEFAULT_DAYS, REFUND_DAYS
from ..sponsors_ceiling import sponsored_in_rows
from ..stepping import take
from ..vouchers import REFUND, require_voucher
from .facts import PAID
from .rules import document_of

WEIGH: Final = declare(
    "plan.payer_amount", Text("身份更正会改变金额，核定出资", "another category would change the amount: decide")
)
GIVE_BACK: Final = declare(
    "plan.own_part_back", Text("退还本人多缴的自付部分", "give back what was paid too much of the own part")
)
WEIGH_DAYS: Final = "assistance_payer_days"
Choice = Literal["amount", "payer", "keep"]


@dataclass(frozen=True)
class Found:
    """What a row would stand on by the category of the day its own part was paid, fen. `given_back_fen`: own part paid too much."""

    category: str
    payer: str
    channel: str
    on_behalf_fen: int
    self_pay_fen: int
    given_back_fen: int


def found_at_payment(row: PlanRow, *, now: datetime) -> Found | None:
    """Return what the document says of the day the own part was paid; None where it agrees with the row or cannot be said.

    Raise what judging raises for figures that are missing.
    """
    if row.state not in PAID or row.self_paid_on is None:
        return None
    told = assess(row.person, row.plan.policy_id, row.self_paid_on, now=now)
    if told.verdict != "met" or not told.category:
        return None
    own_channel = told.category in document_of(row.plan.policy_id).own_channel
    channel = Channel.DISABILITY if own_channel else Channel.COUNTY
    if (told.category, told.payer or "", channel) == (row.category, row.payer, row.channel):
        return None
    on_behalf = told.amounts["on_behalf_fen"] or 0
    own = row.tier_fen - on_behalf
    return Found(told.category, told.payer or "", channel.value, on_behalf, own, max(0, row.self_paid_fen - own))


@implements("ps-2.1e", as_="action")
@transaction.atomic
def decide_payer(row_id: int, choice: Choice, reason: str, *, actor: Actor, now: datetime) -> PlanRow:
    """Decide about a row whose category on the day of payment was another: take category, payer and amount, the first two, or nothing.

    What the person paid too much is given back by tax, as a task. The same again changes nothing. Raise DoesNotExist, OutOfScope,
    E-PAYER-AGREES (nothing to decide), E-PAYER-LESS (the part on behalf would fall), E-PAYER-CHANNEL (the other way of the money, but
    tax has listed the row), E-PAYER-SPONSORED (the own part came from a sponsor), and what `take` raises.
    """
    row = PlanRow.objects.select_for_update(of=("self",)).select_related("plan", "person").get(pk=row_id)
    actor.require_role(Role.AGENCY_REVIEWER)
    actor.require_region(row.plan.region_code)
    found = found_at_payment(row, now=now)
    if found is None:
        raise ZhubaoError(
            "E-PAYER-AGREES", Text("类别与缴费当日一致，无需更正", "the row agrees with the day of payment"), place=row.subject
        )
    verb = "correct_payer"
    values: dict[str, Any] = {"category": found.category, "payer": found.payer, "channel": found.channel}
    values["identity_id"] = _identity_behind(row, found)
    back = 0
    if choice == "keep":
        verb, values = "keep_payer", {}
    else:
        _require_channel(row, found)
    if choice == "amount":
        _require_more(row, found)
        back = found.given_back_fen
        values |= {
            "on_behalf_fen": found.on_behalf_fen,
            "self_pay_fen": found.self_pay_fen,
            "self_paid_fen": row.self_paid_fen - back,
        }
    rows, key = PlanRow.objects.filter(pk=row.pk), key_of(verb, found)
    take(row.plan, rows, verb, key=key, reason=reason, values=values, actor=actor, now=now)
    close_tasks(row.subject, [WEIGH], actor=actor, now=now)
    if back:
        _ask_tax(row, back, actor=actor, now=now)
    row.refresh_from_db()
    return row


def _identity_behind(row: PlanRow, found: Found) -> int | None:
    """Return the newest word of a department behind the category of the day of payment."""
    certifiers = judge_of(row.plan.policy_id).policy.identities[found.category].certifiers
    told = row.person.identities.filter(category=found.category, certifier__in=certifiers, withdrawn_at=None)
    return told.order_by(F("starts_on").desc(nulls_last=True), "-pk").values_list("pk", flat=True).first()


def key_of(verb: str, found: Found) -> str:
    """Return the key of the step that settles a finding: the same finding is asked about once."""
    return f"{verb}:{found.category}:{found.on_behalf_fen}"


def _require_channel(row: PlanRow, found: Found) -> None:
    if found.channel != row.channel and row.state != "self_paid":
        raise ZhubaoError(
            "E-PAYER-CHANNEL",
            Text("税务已列入实缴数据，不能改为另一渠道", "tax has listed the row: the way of the money cannot change any more"),
            place=row.subject,
            remedy=Text("请主管部门先不予核实退回，再更正", "have the department reject it at verification first"),
        )


def _require_more(row: PlanRow, found: Found) -> None:
    if found.on_behalf_fen < row.on_behalf_fen:
        raise ZhubaoError(
            "E-PAYER-LESS",
            Text("本人已按计划缴费，代缴金额不再调低", "the person paid by the plan: the part on behalf does not fall"),
            place=row.subject,
            remedy=Text("只更正类别和出资部门，或维持不变", "put category and payer right only, or leave the row"),
        )
    if found.given_back_fen > row.self_paid_fen - sponsored_in_rows([row.pk]).get(row.pk, 0):
        raise ZhubaoError(
            "E-PAYER-SPONSORED",
            Text("自付部分由资助方缴纳，不能退给本人", "a sponsor paid the own part: it cannot go back to the person"),
            place=row.subject,
            remedy=Text("只更正类别和出资部门，资助款另行商定", "put category and payer right only and settle with the sponsor"),
        )


def _ask_tax(row: PlanRow, fen: int, *, actor: Actor, now: datetime) -> None:
    open_difference(
        row.plan,
        PlanDifferenceKind.OWN_PART_BACK,
        row.subject,
        row=row,
        tax_fen=fen,
        detail=Text(
            f"身份更正后代缴增加，本人多缴 {amount_in_yuan(fen)} 元待退",
            f"more is paid on behalf: {amount_in_yuan(fen)} yuan go back to the person",
        ),
        now=now,
    )
    area = area_of_region(row.plan.region_code)
    open_task(
        GIVE_BACK,
        row.subject,
        region_code=row.plan.region_code,
        role=Role.TAX_CLERK,
        organisation_id=office_of_kind(row.plan, OrganisationKind.TAX).pk,
        deadline=deadline(REFUND_DAYS, DEFAULT_DAYS, "calendar", localdate(now), area, parameter_book()),
        actor=actor,
        now=now,
    )


def to_give_back(row: PlanRow) -> PlanDifference | None:
    """Return what tax still has to give back to the person of a row, in `tax_fen`; None for nothing."""
    return PlanDifference.objects.open().filter(plan=row.plan_id, kind=PlanDifferenceKind.OWN_PART_BACK, row=row).first()


@transaction.atomic
def give_back(row_id: int, on: date, reference: str, *, actor: Actor, now: datetime) -> PlanRow:
    """Record that tax gave back what somebody paid too much: posted, and no longer open. Done before: nothing changes.

    Raise DoesNotExist, OutOfScope, E-REFUND-DAY, E-REFUND-REFERENCE, and what `take` raises.
    """
    row = PlanRow.objects.select_for_update(of=("self",)).select_related("plan", "person").get(pk=row_id)
    actor.require_role(Role.TAX_CLERK)
    actor.require_region(row.plan.region_code)
    owed = to_give_back(row)
    if owed is None:
        return row
    voucher = require_voucher(REFUND, reference, on, first=row.self_paid_on, today=localdate(now), place=row.subject)
    fen = owed.tax_fen or 0
    said = f"退还 {amount_in_yuan(fen)} 元，凭证 {voucher}"
    rows = PlanRow.objects.filter(pk=row.pk)
    take(row.plan, rows, "give_back", key=f"back:{owed.pk}", reason=said, on=on, actor=actor, now=now)
    tax = office_of_kind(row.plan, OrganisationKind.TAX)
    books, entry = Books(row.plan.region_code, row.subject, on), f"back:{owed.pk}"
    books.add("own_part_back", entry, Party.PERSON, "cash", "contribution", fen, which=f"person:{row.person_id}")
    books.add("own_part_back", entry, Party.TAX, "contributions_collected", "collection_account", fen, which=organisation(tax))
    books.add("own_part_back", entry, Party.FUND, "contributions", "collection_account", fen)
    books.post(actor=actor, now=now)
    agree(row.plan, (PlanDifferenceKind.OWN_PART_BACK,), subject=row.subject, now=now)
    close_tasks(row.subject, [GIVE_BACK], actor=actor, now=now)
    return row
