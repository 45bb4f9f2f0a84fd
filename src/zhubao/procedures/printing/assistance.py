"""Papers of contributions on behalf, filled from the plan as it stands. Every printing that carries citizen numbers is noted."""

from collections.abc import Callable
from datetime import date, datetime

from django.db.models import Count, Q, Sum
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.models import Organisation, Region
from zhubao.access.roles import OrganisationKind
from zhubao.assistance.closing_out_calls import owing
from zhubao.assistance.closing_out_turns import YEAR_END, category_label, turn_of
from zhubao.assistance.models import AssistancePlan, Channel, PlanRow, SponsoredPerson, Sponsorship
from zhubao.assistance.models.row import PlanRowQuerySet
from zhubao.assistance.states import process_of
from zhubao.documents.assistance import (
    ClaimGroup,
    LedgerLine,
    OnBehalfClaimForm,
    PlanVisitLine,
    PlanVisitList,
    RefundLine,
    RefundPaperList,
    TownshipLedger,
)
from zhubao.documents.household import Household, HouseholdNotices, ReceiptPerson, SponsorReceipt
from zhubao.documents.typesetting import PrintedForm
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.sealing import open_number
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.policies.person import DEPARTMENTS

Made = Callable[..., PrintedForm]
WHERE = ("微信、支付宝搜“社保缴费”或税务小程序", "村（社区）干部上门代办", "乡镇便民服务中心、税务大厅窗口")
MOST_NOTICES = 500
# Who stands on a department's claim form, and who on its refund list.
CLAIMED = Q(channel=Channel.COUNTY, state__in=("verified", "claimed", "funded", "credited"), on_behalf_fen__gt=0)
REFUNDED = ("self_full", "refund_listed", "refunded")


@implements("ps-2.2c", "ps-2.2d", as_="feature")
def plan_list(plan: AssistancePlan, place: str, *, actor: Actor, now: datetime) -> PlanVisitList:
    """Return the people of a place on the plan with what is paid on behalf and what remains; citizen numbers are on record."""
    rows = list(_rows(plan, place).exclude(state__in=("excluded", "cancelled")))
    names = _places(rows)
    course = process_of(plan.policy_id)
    _noted("plan_list", plan, place, len(rows), actor, now)
    return PlanVisitList(
        date=localdate(now),
        number=f"JH{place}-{plan.year}",
        office=plan.agency.name,
        year=plan.year,
        place=_name(place),
        rows=tuple(
            PlanVisitLine(
                names.get(row.region_code, ""),
                row.person.name,
                open_number(row.person),
                _category(plan, row.category),
                row.tier_fen,
                row.on_behalf_fen,
                row.self_pay_fen,
                row.due_on,
                course.state(row.state).label.zh,
            )
            for row in rows
        ),
    )


@implements("ps-3.1b", "ps-3.2d", as_="feature")
def township_ledger(plan: AssistancePlan, place: str, *, actor: Actor, now: datetime) -> TownshipLedger:
    """Return the ledger of a place: everybody, what is missing and whose turn it is, or the proof; citizen numbers are on record."""
    rows = list(_rows(plan, place))
    names = _places(rows)
    _noted("township_ledger", plan, place, len(rows), actor, now)
    lines = []
    for row in rows:
        turn = turn_of(row)
        lines.append(
            LedgerLine(
                names.get(row.region_code, ""),
                row.person.name,
                open_number(row.person),
                _category(plan, row.category),
                row.self_pay_fen,
                row.self_paid_fen,
                turn.why.zh,
                turn.who.zh if turn.code != "closed" else "",
                turn.since,
                turn.due_on,
                row.closed_out_proof,
            )
        )
    return TownshipLedger(
        date=localdate(now),
        number=f"TZ{place}-{plan.year}",
        office=plan.agency.name,
        year=plan.year,
        place=_name(place),
        closed=sum(row.state == "closed_out" for row in rows),
        rows=tuple(lines),
    )


@implements("ps-2.2i", as_="feature")
def refund_paper(plan: AssistancePlan, place: str, *, payer: str, actor: Actor, now: datetime) -> RefundPaperList:
    """Return who paid everything alone and is paid back by a department; E-PAPER-NONE where there is nobody."""
    rows = list(_rows(plan, place).filter(state__in=REFUNDED, payer=payer))
    if not rows:
        raise _none("refunds")
    names = _places(rows)
    course = process_of(plan.policy_id)
    _noted("refund_list", plan, place, len(rows), actor, now)
    return RefundPaperList(
        date=localdate(now),
        number=f"TF{place}-{plan.year}-{payer}",
        office=plan.agency.name,
        year=plan.year,
        department=DEPARTMENTS[payer],
        rows=tuple(
            RefundLine(
                row.person.name,
                open_number(row.person),
                names.get(row.region_code, ""),
                _category(plan, row.category),
                row.self_paid_fen,
                row.self_paid_on,
                row.on_behalf_fen,
                course.state(row.state).label.zh,
            )
            for row in rows
        ),
    )


@implements("ps-2.2g", as_="feature")
def claim_form(plan: AssistancePlan, *, payer: str, now: datetime) -> OnBehalfClaimForm:
    """Return a department's claim as its rows stand: verified, claimed or paid, never those of the former channel.

    E-PAPER-NONE where nothing is verified.
    """
    rows = PlanRow.objects.filter(CLAIMED, plan=plan, payer=payer)
    found = (
        rows.order_by("category", "on_behalf_fen")
        .values_list("category", "on_behalf_fen")
        .annotate(persons=Count("pk"), total=Sum("on_behalf_fen"))
    )
    groups = tuple(ClaimGroup(_category(plan, category), persons, each, total) for category, each, persons, total in found)
    if not groups:
        raise _none("claim")
    return OnBehalfClaimForm(
        date=localdate(now),
        number=f"SQ{plan.region_code}-{plan.year}-{payer}",
        year=plan.year,
        programme=judge_of(plan.policy_id).policy.title.zh,
        department=DEPARTMENTS[payer],
        finance=_office(plan, OrganisationKind.FINANCE),
        account="税务部门提供的社会保险费待报解专户",
        groups=groups,
    )


@implements("ps-3.2b", as_="feature")
def household_notices(
    plan: AssistancePlan, place: str, *, row: PlanRow | None = None, phone: str = "", now: datetime
) -> HouseholdNotices:
    """Return the notices of everybody in a place who owes the own part, or of one person; E-PAPER-NONE where nobody does."""
    rows = [row] if row else list(owing(plan, place).select_related("person").order_by("region_code", "pk")[:MOST_NOTICES])
    if not rows:
        raise _none("notices")
    names = _places(rows)
    end = date(plan.year, *YEAR_END)
    today = localdate(now)
    return HouseholdNotices(
        date=today,
        number=f"GZ{place}-{plan.year}",
        year=plan.year,
        office=_office(plan, OrganisationKind.TOWNSHIP, place) or plan.agency.name,
        phone=phone,
        where=WHERE,
        households=tuple(
            Household(
                each.person.name,
                names.get(each.region_code, ""),
                _category(plan, each.category),
                each.on_behalf_fen,
                each.own_part_due_fen,
                each.due_on if each.due_on and each.due_on >= today else end,
            )
            for each in rows
        ),
    )


@implements("gz-2a", as_="feature")
def sponsor_receipt(made: Sponsorship) -> SponsorReceipt:
    """Return a sponsorship's receipt; E-PAPER-NONE before it was written."""
    if not made.receipt_number or made.receipt_on is None or made.paid_on is None or made.recorded_on is None:
        raise _none(made.number)
    people = SponsoredPerson.objects.filter(sponsorship=made, refused="").select_related("person").order_by("pk")
    agency = Organisation.objects.filter(kind=OrganisationKind.AGENCY, region_id=made.region_code).first()
    return SponsorReceipt(
        date=made.receipt_on,
        number=made.receipt_number,
        sponsor=made.sponsor.name,
        sponsor_kind=SPONSOR_KINDS[made.sponsor.kind],
        year=made.year,
        paid_on=made.paid_on,
        payment=made.payment_reference,
        recorded_on=made.recorded_on,
        office=agency.name if agency else "",
        people=tuple(ReceiptPerson(each.person.masked_name, each.person.masked_number, each.accepted_fen) for each in people),
    )


SPONSOR_KINDS = {"collective": "集体经济组织", "organisation": "社会组织", "charity": "公益慈善组织", "person": "个人"}


def _rows(plan: AssistancePlan, place: str) -> PlanRowQuerySet:
    rows = PlanRow.objects.filter(plan=plan, region_code__startswith=place)
    return rows.select_related("person", "plan").order_by("region_code", "person__name", "pk")


def _places(rows: list[PlanRow]) -> dict[str, str]:
    return dict(Region.objects.filter(code__in={row.region_code for row in rows}).values_list("code", "name"))


def _name(place: str) -> str:
    found = Region.objects.filter(code=place).first()
    return found.name if found else place


def _category(plan: AssistancePlan, category: str) -> str:
    return category_label(plan.policy_id, category).zh


def _office(plan: AssistancePlan, kind: str, place: str = "") -> str:
    """Return the name of the county's office of a kind, or of the township a place lies in; "" where there is none."""
    offices = Organisation.objects.filter(kind=kind, region__code__startswith=plan.region_code)
    if place:
        offices = offices.filter(region_id=place[:9])
    found = offices.order_by("region_id").first()
    return found.name if found else ""


def _noted(paper: str, plan: AssistancePlan, place: str, count: int, actor: Actor, now: datetime) -> None:
    """Keep that a list with citizen numbers was printed, for whom and how many."""
    actor.require_region(place)
    record(f"plan.printed_{paper}", plan.subject, actor=actor, now=now, region_code=place, after={"people": count})


def _none(name: str) -> ZhubaoError:
    return ZhubaoError("E-PAPER-NONE", Text("没有这份材料，或现在还不能打印", "there is no such paper, or not yet"), place=name)
