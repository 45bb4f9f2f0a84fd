"""What people of a plan paid themselves, as tax received it: own parts, and whole tiers that make a refund due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.roles import OrganisationKind
from zhubao.accounts.actions import Credit, credit_many
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import Envelope
from zhubao.language import Text
from zhubao.ledger.actions import Line, post_new
from zhubao.ledger.chart import Party
from zhubao.parameters import ParameterBook
from zhubao.people.models import Person
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book

from .models import AssistancePlan, PlanReceipt, PlanRow, ReceiptKind
from .parties import Books, office_of_kind, organisation
from .states import process_of
from .stepping import Taking, require_may, require_start, take_each

LATEST_AGE = 60


@dataclass(frozen=True)
class Paid:
    """One payment as tax received it, fen; `tier_fen` is the tier it was paid for."""

    number: str
    tier_fen: int
    amount_fen: int
    paid_on: date


Outcome = PlanReceipt | ZhubaoError
VERBS = {ReceiptKind.OWN_PART: "pay_self", ReceiptKind.IN_FULL: "report_full"}


@implements("ps-2.2e", "ps-2.1d", "ps-2.2i", "gz-1b", as_="action")
@transaction.atomic
def record_receipts(
    plan: AssistancePlan,
    payments: Sequence[tuple[Person, Paid]],
    *,
    envelope: Envelope | None = None,
    actor: Actor,
    now: datetime,
) -> list[Outcome]:
    """Enter what people of the plan paid, each as if alone and in this order; return each receipt, or the error that refuses it.

    The tier less the part on behalf is the own part, the whole tier makes a refund due; where a sponsor has paid some of the own part
    already the person pays the rest. The same receipt again changes nothing. Refused alone: E-PLAN-PERSON (not in the plan),
    E-RECEIPT-TAKEN (the number was used otherwise), E-RECEIPT-TWICE (the person has another receipt), E-LINE-YEAR, E-RECEIPT-DAY (to
    come), E-RECEIPT-TIER, E-RECEIPT-AMOUNT (neither own part nor tier), E-RECEIPT-FULL where the document knows no refund,
    E-RECEIPT-SPONSORED (the whole tier, though a sponsor paid some of it), E-RECEIPT-AGE, E-RECEIPT-DEAD, E-STATE.

    Raise OutOfScope, E-PLAN-CLOSED and what else `take_each` raises for all of them, and nothing stands then.
    """
    require_may(plan, "pay_self", actor)
    desk = _Desk(plan, payments, envelope, actor, now)
    outcomes = [desk.take_in(person, paid) for person, paid in payments]
    desk.write()
    return outcomes


class _Desk:
    """What is known of a plan's payments while some more are taken in: rows under lock, receipts, tiers; and what is to be written."""

    def __init__(
        self,
        plan: AssistancePlan,
        payments: Sequence[tuple[Person, Paid]],
        envelope: Envelope | None,
        actor: Actor,
        now: datetime,
    ) -> None:
        self.plan, self.envelope, self.actor, self.now = plan, envelope, actor, now
        people = [person.pk for person, _paid in payments]
        locked = PlanRow.objects.select_for_update(of=("self",)).filter(plan=plan, person_id__in=people).order_by("pk")
        self.rows = {row.person_id: row for row in locked}
        numbers = [paid.number for _person, paid in payments]
        rows = [row.pk for row in self.rows.values()]
        self.by_number = {each.number: each for each in PlanReceipt.objects.filter(plan=plan, number__in=numbers)}
        self.by_row = {each.row_id: each for each in PlanReceipt.objects.filter(row__in=rows)}
        self.fresh: list[tuple[PlanRow, PlanReceipt]] = []
        self._tiers: dict[date, set[int]] = {}

    def take_in(self, person: Person, paid: Paid) -> Outcome:
        """Return the receipt of a payment, to be written or standing already, or what refuses it."""
        row = self.rows.get(person.pk)
        try:
            if row is None:
                raise _not_in_plan(self.plan)
            known = _known(self.by_number.get(paid.number), self.by_row.get(row.pk), row, paid)
            return known or self._accepted(row, person, paid)
        except ZhubaoError as error:
            return error

    def _accepted(self, row: PlanRow, person: Person, paid: Paid) -> PlanReceipt:
        _check_day(self.plan, row, person, paid, localdate(self.now))
        kind = _kind_of(self.plan, row, paid, self.tiers(paid.paid_on))
        require_start(self.plan, require_may(self.plan, VERBS[kind], self.actor), [(row.pk, row.state)])
        receipt = PlanReceipt(
            region_code=row.region_code,
            plan=self.plan,
            row=row,
            number=paid.number,
            kind=kind,
            tier_fen=paid.tier_fen,
            amount_fen=paid.amount_fen,
            paid_on=paid.paid_on,
            envelope=self.envelope,
            entered_at=self.now,
            entered_by_id=self.actor.post_id,
        )
        self.by_number[paid.number] = self.by_row[row.pk] = receipt
        self.fresh.append((row, receipt))
        return receipt

    def tiers(self, on: date) -> set[int]:
        """Return the tiers a resident may choose on a day, with the plan's lowest one."""
        if on not in self._tiers:
            entries = self._book.all("tier_yearly_fen", on, area_of_region(self.plan.region_code))
            lowest = {self.plan.lowest_tier_fen} if self.plan.lowest_tier_fen else set()
            self._tiers[on] = {int(entry.value) for entry in entries} | lowest
        return self._tiers[on]

    @cached_property
    def _book(self) -> ParameterBook:
        return parameter_book()

    def write(self) -> None:
        """Write receipts, postings and entries, then the steps, whose audit entries come last."""
        if not self.fresh:
            return
        PlanReceipt.objects.bulk_create([receipt for _row, receipt in self.fresh])
        _post(self.plan, self.fresh, actor=self.actor, now=self.now)
        for kind, verb in VERBS.items():
            those = [(row, receipt) for row, receipt in self.fresh if receipt.kind == kind]
            after: dict[str, object] = {"fen": sum(receipt.amount_fen for _row, receipt in those)}
            after["file"] = self.envelope.subject if self.envelope else ""
            if those:
                take_each(self.plan, verb, [_taking(*each) for each in those], after=after, actor=self.actor, now=self.now)


def _taking(row: PlanRow, receipt: PlanReceipt) -> Taking:
    values = {
        "self_paid_fen": row.self_paid_fen + receipt.amount_fen,
        "self_paid_on": receipt.paid_on,
        "tier_paid_fen": receipt.tier_fen,
        "tier_fen": receipt.tier_fen,
        "self_pay_fen": receipt.tier_fen - row.on_behalf_fen,
        "receipt_number": receipt.number,
    }
    return Taking(row.pk, row.state, f"receipt:{receipt.number}", receipt.paid_on, values)


def _not_in_plan(plan: AssistancePlan) -> ZhubaoError:
    return ZhubaoError(
        "E-PLAN-PERSON",
        Text(f"身份证号：不在 {plan.year} 年代缴计划内", f"citizen number: not in the plan of {plan.year}"),
        place=plan.subject,
        remedy=Text("核对号码；应代缴的请主管部门报名单", "check the number; departments name whom the plan lacks"),
    )


def _known(same_number: PlanReceipt | None, same_row: PlanReceipt | None, row: PlanRow, paid: Paid) -> PlanReceipt | None:
    """Return the receipt that is this very payment, None for a new one; raise where number or person has another."""
    if same_number is not None:
        content = (same_number.row_id, same_number.tier_fen, same_number.amount_fen, same_number.paid_on)
        if content == (row.pk, paid.tier_fen, paid.amount_fen, paid.paid_on):
            return same_number
        raise ZhubaoError(
            "E-RECEIPT-TAKEN",
            Text("税票号码：已登记过另一笔", "receipt: the number was used for something else"),
            place=paid.number,
            remedy=Text("核对税票号码", "check the number of the receipt"),
        )
    if same_row is not None:
        raise ZhubaoError(
            "E-RECEIPT-TWICE",
            Text(
                f"税票号码：此人今年已凭 {same_row.number} 缴费",
                f"receipt: the person paid this year already ({same_row.number})",
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


def _kind_of(plan: AssistancePlan, row: PlanRow, paid: Paid, tiers: set[int]) -> ReceiptKind:
    if paid.tier_fen != row.tier_fen and paid.tier_fen not in tiers:
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


def _post(plan: AssistancePlan, paid: Sequence[tuple[PlanRow, PlanReceipt]], *, actor: Actor, now: datetime) -> None:
    """Post what people paid; who paid everything has it on the account at once, the others when the part on behalf has come."""
    tax = organisation(office_of_kind(plan, OrganisationKind.TAX))
    lines: list[Line] = []
    own: list[Credit] = []
    for row, receipt in paid:
        entry, fen = f"{receipt.paid_on}/{receipt.number}"[:60], receipt.amount_fen
        books = Books(plan.region_code, row.subject, receipt.paid_on)
        books.add("self_pay", entry, Party.PERSON, "contribution", "cash", fen, which=f"person:{row.person_id}")
        books.add("self_pay", entry, Party.TAX, "collection_account", "contributions_collected", fen, which=tax)
        books.add("self_pay", entry, Party.FUND, "collection_account", "contributions", fen)
        lines += books.lines
        if receipt.kind == ReceiptKind.IN_FULL:
            key = f"own:{receipt.number}"[:60]
            own.append(Credit(row.person_id, "own", fen, receipt.paid_on, row.subject, key, region_code=plan.region_code))
    post_new(lines, actor=actor, now=now)
    credit_many(own, actor=actor, now=now)
