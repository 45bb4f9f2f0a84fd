"""What people of a plan paid themselves, as tax received it: own parts, and whole tiers that make a refund due."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.roles import OrganisationKind
from zhubao.accounts.actions import Credit, credit_many
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import Envelope
from zhubao.language import Text
from zhubao.ledger.chart import Party
from zhubao.people.models import Person
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book

from .models import AssistancePlan, PlanReceipt, PlanRow, ReceiptKind
from .parties import Books, office_of_kind, organisation
from .states import process_of
from .stepping import require_may, take

LATEST_AGE = 60


@dataclass(frozen=True)
class Paid:
    """One payment as tax received it, fen; `tier_fen` is the tier it was paid for."""

    number: str
    tier_fen: int
    amount_fen: int
    paid_on: date


@implements("ps-2.2e", "ps-2.1d", "ps-2.2i", "gz-1b", as_="action")
@transaction.atomic
def record_receipt(
    plan: AssistancePlan, person: Person, paid: Paid, *, envelope: Envelope | None = None, actor: Actor, now: datetime
) -> PlanReceipt:
    """Enter what a person of the plan paid: the tier less the part on behalf is the own part, the whole tier makes a refund due.

    Where a sponsor has paid some of the own part already the person pays the rest.

    The same receipt again changes nothing. Raise E-PLAN-PERSON (not in the plan), E-RECEIPT-TAKEN (the number was used otherwise),
    E-RECEIPT-TWICE (the person has another receipt), E-LINE-YEAR, E-RECEIPT-DAY (to come), E-RECEIPT-TIER, E-RECEIPT-AMOUNT (neither
    own part nor tier), E-RECEIPT-FULL where the document knows no refund, E-RECEIPT-SPONSORED (the whole tier, though a sponsor paid
    some of it), E-RECEIPT-AGE, E-RECEIPT-DEAD, and what `take` raises.
    """
    require_may(plan, "pay_self", actor)
    row = PlanRow.objects.select_for_update(of=("self",)).filter(plan=plan, person=person).first()
    if row is None:
        raise ZhubaoError(
            "E-PLAN-PERSON",
            Text(f"身份证号：不在 {plan.year} 年代缴计划内", f"citizen number: not in the plan of {plan.year}"),
            place=plan.subject,
            remedy=Text("核对号码；应代缴的请主管部门报名单", "check the number; departments name whom the plan lacks"),
        )
    known = _known(plan, row, paid)
    if known is not None:
        return known
    _check_day(plan, row, person, paid, localdate(now))
    kind = _kind_of(plan, row, paid)
    verb = "pay_self" if kind is ReceiptKind.OWN_PART else "report_full"
    values = {
        "self_paid_fen": row.self_paid_fen + paid.amount_fen,
        "self_paid_on": paid.paid_on,
        "tier_paid_fen": paid.tier_fen,
        "tier_fen": paid.tier_fen,
        "self_pay_fen": paid.tier_fen - row.on_behalf_fen,
        "receipt_number": paid.number,
    }
    rows = PlanRow.objects.filter(pk=row.pk)
    take(plan, rows, verb, key=f"receipt:{paid.number}", on=paid.paid_on, values=values, actor=actor, now=now)
    receipt = PlanReceipt.objects.create(
        region_code=row.region_code,
        plan=plan,
        row=row,
        number=paid.number,
        kind=kind,
        tier_fen=paid.tier_fen,
        amount_fen=paid.amount_fen,
        paid_on=paid.paid_on,
        envelope=envelope,
        entered_at=now,
        entered_by_id=actor.post_id,
    )
    _post(plan, row, receipt, actor=actor, now=now)
    return receipt


def _known(plan: AssistancePlan, row: PlanRow, paid: Paid) -> PlanReceipt | None:
    known = PlanReceipt.objects.filter(plan=plan, number=paid.number).first()
    if known is not None:
        same = (known.row_id, known.tier_fen, known.amount_fen, known.paid_on)
        if same == (row.pk, paid.tier_fen, paid.amount_fen, paid.paid_on):
            return known
        raise ZhubaoError(
            "E-RECEIPT-TAKEN",
            Text("税票号码：已登记过另一笔", "receipt: the number was used for something else"),
            place=paid.number,
            remedy=Text("核对税票号码", "check the number of the receipt"),
        )
    earlier = PlanReceipt.objects.filter(row=row).first()
    if earlier is not None:
        raise ZhubaoError(
            "E-RECEIPT-TWICE",
            Text(
                f"税票号码：此人今年已凭 {earlier.number} 缴费", f"receipt: the person paid this year already ({earlier.number})"
            ),
            place=paid.number,
            remedy=Text("重复缴费由税务退还本人", "tax gives a second payment back"),
        )
    return None


def _check_day(plan: AssistancePlan, row: PlanRow, person: Person, paid: Paid, today: date) -> None:
    """Raise what speaks against the day a payment was made on (A-PS-3, A-PS-9)."""
    on = paid.paid_on
    if on.year != plan.year:
        raise ZhubaoError(
            "E-LINE-YEAR",
            Text(f"缴费日期：{on} 不在 {plan.year} 年内", f"paid on {on}, not in {plan.year}"),
            place=paid.number,
            remedy=Text("计入所属年度的文件", "it belongs into the file of its own year"),
        )
    if on > today:
        raise ZhubaoError("E-RECEIPT-DAY", Text(f"缴费日期：{on} 还没到", f"paid on {on}, a day to come"), place=paid.number)
    if person.dead_on(on):
        raise ZhubaoError(
            "E-RECEIPT-DEAD",
            Text(f"缴费日期：此人已于 {person.died_on} 死亡", f"the person died on {person.died_on}"),
            place=row.subject,
            remedy=Text("税务核实后退还缴费人", "tax looks into it and gives the money back"),
        )
    age = on.year - person.born.year - ((on.month, on.day) < (person.born.month, person.born.day))
    if age >= LATEST_AGE:
        raise ZhubaoError(
            "E-RECEIPT-AGE",
            Text(f"缴费日期：此人当日已满 {LATEST_AGE} 周岁", f"the person was {LATEST_AGE} on that day"),
            place=row.subject,
            remedy=Text("转待遇申领", "see to the pension instead"),
        )


def _kind_of(plan: AssistancePlan, row: PlanRow, paid: Paid) -> ReceiptKind:
    if paid.tier_fen != row.tier_fen and paid.tier_fen not in _tiers(plan, paid.paid_on):
        raise ZhubaoError(
            "E-RECEIPT-TIER",
            Text("缴费档次：今年没有这一档", "tier: there is none of this amount this year"),
            place=row.subject,
            remedy=Text("核对缴费档次", "check the tier"),
        )
    if paid.amount_fen == paid.tier_fen:
        if row.self_paid_fen:
            raise ZhubaoError(
                "E-RECEIPT-SPONSORED",
                Text(
                    f"缴费金额：资助方已缴 {amount_in_yuan(row.self_paid_fen)} 元，本人不应再缴全额",
                    f"amount: a sponsor paid {amount_in_yuan(row.self_paid_fen)} yuan, the whole tier is too much",
                ),
                place=row.subject,
                remedy=Text("由税务退还多缴部分后重新登记", "tax gives back what is too much and the rest is entered"),
            )
        verbs = {step.verb for step in process_of(plan.policy_id).transitions}
        if "report_full" not in verbs:
            raise ZhubaoError(
                "E-RECEIPT-FULL",
                Text("缴费金额：本人已缴全额，本办法没有退费", "amount: paid in full, and the document knows no refund"),
                place=row.subject,
                remedy=Text("由税务退还代缴部分后重新登记", "tax gives the part on behalf back and the rest is entered"),
            )
        return ReceiptKind.IN_FULL
    # In `planned` only sponsors have paid anything of the own part.
    own = paid.tier_fen - row.on_behalf_fen - row.self_paid_fen
    if paid.amount_fen != own:
        raise ZhubaoError(
            "E-RECEIPT-AMOUNT",
            Text(
                f"缴费金额：应为自付 {amount_in_yuan(own)} 元或全额 {amount_in_yuan(paid.tier_fen)} 元",
                f"amount: {amount_in_yuan(own)} yuan for the own part, or {amount_in_yuan(paid.tier_fen)} in full",
            ),
            place=row.subject,
            remedy=Text("核对档次和金额", "check tier and amount"),
        )
    return ReceiptKind.OWN_PART


def _tiers(plan: AssistancePlan, on: date) -> set[int]:
    """Return the tiers a resident may choose on a day, with the plan's lowest one."""
    entries = parameter_book().all("tier_yearly_fen", on, area_of_region(plan.region_code))
    lowest = {plan.lowest_tier_fen} if plan.lowest_tier_fen else set()
    return {int(entry.value) for entry in entries} | lowest


def _post(plan: AssistancePlan, row: PlanRow, receipt: PlanReceipt, *, actor: Actor, now: datetime) -> None:
    """Post what a person paid; who paid everything has it on the account at once, the others when the part on behalf has come."""
    tax, entry, fen = office_of_kind(plan, OrganisationKind.TAX), f"{receipt.paid_on}/{receipt.number}"[:60], receipt.amount_fen
    books = Books(plan.region_code, row.subject, receipt.paid_on)
    books.add("self_pay", entry, Party.PERSON, "contribution", "cash", fen, which=f"person:{row.person_id}")
    books.add("self_pay", entry, Party.TAX, "collection_account", "contributions_collected", fen, which=organisation(tax))
    books.add("self_pay", entry, Party.FUND, "collection_account", "contributions", fen)
    books.post(actor=actor, now=now)
    if receipt.kind == ReceiptKind.IN_FULL:
        own = Credit(
            row.person_id, "own", fen, receipt.paid_on, row.subject, f"own:{receipt.number}"[:60], region_code=plan.region_code
        )
        credit_many([own], actor=actor, now=now)
