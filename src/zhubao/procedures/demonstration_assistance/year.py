"""A year of contributions on behalf as a county lives it, from the lists of January to the closed ledger, by the people at its posts.

Each happening is an action with the day it falls on; `live` takes those up to a day in order. Files go through the same doors as
those of a real county: lists are handed in, read, certified and entered, tax's files are received and applied.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.assistance.claiming import (
    allocate_claim,
    approve_claim,
    check_claim,
    claimable,
    enter_budget,
    pay_claim,
    submit_claim,
)
from zhubao.assistance.closing_out import close_by_receipts, close_out, close_year
from zhubao.assistance.closing_out_calls import note_call, share_out_calls
from zhubao.assistance.collecting_differences import explain_difference
from zhubao.assistance.collecting_files import actual_rows
from zhubao.assistance.models import (
    AssistanceClaim,
    AssistancePlan,
    CallWay,
    DisabilitySettlement,
    PlanDifference,
    PlanRow,
    PlanRunKind,
    Proof,
    Refund,
)
from zhubao.assistance.parties import departments_claim
from zhubao.assistance.planning.opening import open_plan, publish_plan
from zhubao.assistance.planning.reckoning import ask_run, reckon
from zhubao.assistance.refunding import list_refunds, pay_refunds
from zhubao.assistance.settling_disability import draw_up_settlement, settle_disability, unsettled_rows
from zhubao.assistance.verifying import ready_rows, verify_rows
from zhubao.demonstration.people import SyntheticPerson
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.self_pay_receipts import SelfPayReceipt
from zhubao.exchange.files.writing import write
from zhubao.people.actions import set_card
from zhubao.people.bulk import enter_insured_rows
from zhubao.people.models import CardAccount, Person
from zhubao.people.sealing import open_number
from zhubao.people.statements import InsuredRow, InsuredStatement, Origin
from zhubao.rosters.reading import category_label
from zhubao.rosters.versions import certify_version, confirm_loss, hand_in_version

from ..demonstration_cases.lives import CHINA
from ..demonstration_cases.offices import Desk
from ..plan_files import APPLY, hand_out_plan, receive_plan_file
from ..roster_certified import enter_version, read_version
from .people import Listed

DEPARTMENTS = {
    "civil_affairs": OrganisationKind.CIVIL_AFFAIRS,
    "rural_revitalisation": OrganisationKind.RURAL_AFFAIRS,
    "federation": OrganisationKind.DISABLED_FEDERATION,
}
PAYERS = ("civil_affairs", "rural_revitalisation")
PROOFS = {
    "refunded": (Proof.REFUND, "退费凭证"),
    "excluded": (Proof.EXCLUSION, "参保证明"),
    "cancelled": (Proof.CANCELLATION, "取消证明"),
}
OPENS = time(9, 30)
STATEMENT = "本部门已逐人核对，名册真实完整（演示）"
LOSS_REASON = "复核后不再符合条件的人员退出（演示）"
BUDGET_FEN = 50_000_00
# How people pay their own part, by habit: nine in ten of a round, in the month given; who pays the whole tier; who is late.
IN_FULL, LATE = 8, 9
FIRST_ROUND, SECOND_ROUND = (0, 1, 2, 3, 4, 5, 6), (7,)
LAST_MONTH = 12


class AssistanceYear:
    """One county's year: the people listed, the plan, and the happenings by their days."""

    def __init__(self, desk: Desk, bank: Organisation, listed: Sequence[Listed], year: int) -> None:
        self.desk, self.bank, self.listed, self.year = desk, bank, listed, year
        self.policy = desk.region.policy
        self.habits = {each.person.id_number: each.habit for each in listed}

    @property
    def plan(self) -> AssistancePlan:
        """The plan of the year as it stands."""
        return AssistancePlan.objects.get(region_code=self.desk.region.code, policy_id=self.policy, year=self.year)

    def at(self, month: int, day: int) -> datetime:
        """Return the moment of a day of the year at which its work begins; month 13 is January of the next year."""
        year, month = (self.year, month) if month <= LAST_MONTH else (self.year + 1, month - LAST_MONTH)
        return datetime.combine(date(year, month, day), OPENS, CHINA)

    def rows(self, *states: str, habits: Iterable[int] | None = None) -> list[PlanRow]:
        """Return the rows of the plan in some states, of people who pay in one of these ways."""
        found = PlanRow.objects.filter(plan=self.plan, state__in=states).select_related("person", "plan").order_by("pk")
        wanted = set(habits) if habits is not None else None
        numbers = {row.pk: open_number(row.person) for row in found}
        return [row for row in found if wanted is None or self.habits.get(numbers[row.pk]) in wanted]

    def department(self, certifier: str) -> Actor:
        """Return the clerk who answers for a department's lists."""
        return self.desk.at(Role.CERTIFIER, self.desk.office(DEPARTMENTS[certifier]))

    def enter_register(self, now: datetime) -> None:
        """Enter what the insurance register says of everybody listed at the beginning of the year."""
        self._enter([each for each in self._everybody() if each.scheme != "none"], now)

    def enter_the_uninsured(self, now: datetime) -> None:
        """Enter of everybody the register did not name that they were looked for and are in no scheme."""
        self._enter([each for each in self._everybody() if each.scheme == "none"], now)

    def _everybody(self) -> list[SyntheticPerson]:
        return list({each.person.id_number: each.person for each in self.listed}.values())

    def _enter(self, people: Sequence[SyntheticPerson], now: datetime) -> None:
        rows = []
        for row, each in enumerate(people, 2):
            statement = InsuredStatement(
                each.scheme,
                now.date(),
                Origin(f"参保登记 {now.date()}", "", "参保", row),
                insured_area=each.insured_locality,
                paid_months=each.paid_months,
                student=each.student,
                military=each.military,
                imprisoned=each.imprisoned,
                deceased=False,
                chosen_tier_fen=each.tier_fen,
            )
            rows.append(InsuredRow(each.id_number, each.name, statement))
        enter_insured_rows(rows, region_code=self.desk.region.code, actor=Actor.system("register"), now=now)

    def hand_in_lists(self, month: int, now: datetime) -> None:
        """Have every department hand in its lists of a month and answer for them."""
        for category, certifier in sorted({(each.category, each.certifier) for each in self.listed}):
            people = [each for each in self.listed if each.category == category and each.in_month(month)]
            if not people:
                continue
            clerk = self.department(certifier)
            made, new = hand_in_version(
                [_list_file(people, category, month)],
                name=f"{self.year}年{month}月{category_label(category, self.desk.region.code).zh}名册.csv",
                category=category,
                certifier=certifier,
                region_code=self.desk.region.code,
                listed_on=now.date(),
                actor=clerk,
                now=now,
            )
            if not new:
                continue
            read_version(made.pk, now=now)
            version = certify_version(made.pk, STATEMENT, loss_reason=LOSS_REASON, actor=clerk, now=now)
            if version.state == "asking":
                confirm_loss(made.pk, actor=self.desk.at(Role.HRSS_SUPERVISOR), now=now)
            enter_version(made.pk, now=now)
        self._settle_in_villages()

    def _settle_in_villages(self) -> None:
        """Say of the people whose list names a village nobody has a code for where they live."""
        homes = {each.person.id_number: each.region_code for each in self.listed}
        people = Person.objects.filter(region_code=self.desk.region.code)
        for person in people:
            home = homes.get(open_number(person))
            if home:
                Person.objects.filter(pk=person.pk).update(region_code=home)

    def reckon(self, kind: PlanRunKind, now: datetime) -> None:
        """Reckon the plan as of a day."""
        reviewer = self.desk.at(Role.AGENCY_REVIEWER)
        asked = ask_run(self.plan.pk, kind, now.date(), key=f"{kind}-{now.date()}", actor=reviewer, now=now)
        reckon(asked.pk, actor=reviewer, now=now)

    def open(self, now: datetime) -> None:
        """Open the plan and reckon it for the first time."""
        open_plan(self.desk.region.code, self.policy, self.year, actor=self.desk.at(Role.AGENCY_REVIEWER), now=now)
        self.reckon(PlanRunKind.OPENING, now)

    def publish(self, now: datetime) -> None:
        """Publish the plan, hand it out to tax and the townships, and enter what the county provides for it."""
        publish_plan(self.plan.pk, actor=self.desk.at(Role.AGENCY_APPROVER), now=now)
        hand_out_plan(self.plan, actor=self.desk.at(Role.AGENCY_REVIEWER), now=now)
        finance = self.desk.at(Role.FINANCE_CLERK)
        enter_budget(self.plan, BUDGET_FEN, f"演示财社〔{self.year}〕1号", now.date(), actor=finance, now=now)

    def update(self, month: int, now: datetime) -> None:
        """Take the lists of a month in, reckon the plan again and hand out what is new."""
        self.hand_in_lists(month, now)
        self.reckon(PlanRunKind.MONTHLY, now)
        hand_out_plan(self.plan, actor=self.desk.at(Role.AGENCY_REVIEWER), now=now)

    def receive(self, kind: str, lines: Sequence[Any], batch: str, now: datetime) -> None:
        """Have tax hand a file in, and apply it as the worker does."""
        if not lines:
            return
        clerk = self.desk.at(Role.TAX_CLERK)
        office = self.desk.office(OrganisationKind.TAX)
        content = write(layout_of(kind), Head(batch, office.name, "", "核对"), list(lines), "csv")
        receipt = receive_plan_file(
            kind, [content], name=f"{batch}.csv", plan=self.plan, sender_id=office.pk, actor=clerk, now=now
        )
        APPLY[kind](receipt.envelope.pk, clock=lambda: now)

    def pay_own_parts(self, habits: Iterable[int], batch: str, now: datetime, *, in_full: bool = False) -> None:
        """Have people pay their own part, or the whole tier, to tax, which hands its receipts in."""
        lines = [
            SelfPayReceipt(
                f"{batch}-{row.pk}",
                row.person.name,
                open_number(row.person),
                self.year,
                row.tier_fen,
                row.tier_fen if in_full else row.self_pay_fen,
                now.date() - timedelta(days=2),
            )
            for row in self.rows("planned", habits=habits)
            if in_full or row.self_pay_fen
        ]
        self.receive("self_pay_receipts", lines, batch, now)

    def list_actual(self, batch: str, now: datetime) -> None:
        """Have tax list what was really paid, and the departments verify it."""
        self.receive("actual_on_behalf", actual_rows(ready_rows(self.plan).select_related("person", "plan")), batch, now)
        for payer in PAYERS:
            rows = [row.pk for row in self.rows("actual_listed") if row.payer == payer]
            if rows:
                verify_rows(self.plan, rows, key=f"verify-{batch}", actor=self.department(payer), now=now + timedelta(days=6))

    def claim(self, now: datetime) -> None:
        """Have every department, or where the county pays the agency, claim the money for whoever waits for it."""
        payers = PAYERS if departments_claim(self.plan) else ("",)
        for payer in payers:
            if claimable(self.plan, payer).exists():
                clerk = self.department(payer) if payer else self.desk.at(Role.AGENCY_REVIEWER)
                submit_claim(self.plan, payer, actor=clerk, now=now)

    def pay_claims(self, now: datetime) -> None:
        """Have finance check, approve and pay every claim, by two people."""
        first, second = self.finance()
        for claim in AssistanceClaim.objects.filter(plan=self.plan, state="submitted").order_by("pk"):
            check_claim(claim.pk, actor=first, now=now)
            approve_claim(claim.pk, actor=second, now=now)
            pay_claim(claim.pk, now.date(), f"国库{claim.number}", actor=first, now=now)

    def allocate(self, now: datetime) -> None:
        """Have tax confirm what it allocated of every claim that was paid."""
        for claim in AssistanceClaim.objects.filter(plan=self.plan, state="paid").order_by("pk"):
            allocate_claim(
                claim.pk,
                now.date(),
                claim.lines,
                claim.total_fen,
                f"入库{claim.number}",
                actor=self.desk.at(Role.TAX_CLERK),
                now=now,
            )

    def finance(self) -> tuple[Actor, Actor]:
        """Return the two people at finance."""
        first, second = (post.actor() for post in self.desk.posts if post.role == Role.FINANCE_CLERK)
        return first, second

    def list_refunds(self, now: datetime) -> None:
        """Put everybody who paid in full on the refund lists; their card accounts are on record."""
        clerk = self.desk.at(Role.AGENCY_INTAKE)
        for row in self.rows("self_full"):
            if not CardAccount.objects.filter(person=row.person, ends_on=None).exists():
                number = f"62281{self.desk.region.code}{row.person_id:08d}"
                set_card(row.person_id, self.bank.pk, number, starts_on=date(self.year, 1, 1), actor=clerk, now=now)
        list_refunds(self.plan, actor=self.desk.at(Role.AGENCY_REVIEWER), now=now)

    def pay_refunds(self, now: datetime) -> None:
        """Have the departments pay what is listed."""
        for payer in DEPARTMENTS:
            waiting = Refund.objects.filter(plan=self.plan, payer=payer, state="listed").values_list("pk", flat=True)
            if waiting:
                pay_refunds(self.plan, list(waiting), now.date(), f"退{now:%m%d}", actor=self.department(payer), now=now)

    def draw_up_settlement(self, now: datetime) -> None:
        """Have finance draw up what city and county owe for the severely disabled."""
        if unsettled_rows(self.plan).exists():
            draw_up_settlement(self.plan, actor=self.finance()[0], now=now)

    def settle_disability(self, now: datetime) -> None:
        """Have the other person at finance record that both have paid."""
        for settlement in DisabilitySettlement.objects.filter(plan=self.plan, settled_on=None):
            settle_disability(settlement.pk, now.date(), f"结{settlement.number}", actor=self.finance()[1], now=now)

    def call_on_households(self, now: datetime) -> None:
        """Share the unpaid out to the villages, and have those with a committee called on."""
        share_out_calls(self.plan.pk, self.desk.region.code, actor=self.desk.at(Role.AGENCY_REVIEWER), now=now)
        for row in self.rows("planned", habits=(LATE,)):
            caller = self._village(row.region_code)
            if caller is not None and row.self_pay_fen:
                said = "本人在外务工，答应年底前缴清（演示）"
                note_call(row.pk, on=now.date(), way=CallWay.PHONE, said=said, key=f"call-{now.date()}", actor=caller, now=now)

    def close_receipts(self, now: datetime) -> None:
        """Have every township close out the rows whose receipt the system holds."""
        for post in self.desk.posts:
            if post.role == Role.TOWNSHIP_CLERK:
                key = f"receipts-{now.date()}"
                close_by_receipts(self.plan.pk, post.scope_id, on=now.date(), key=key, actor=post.actor(), now=now)

    def close_rest(self, now: datetime) -> None:
        """Have the townships close out one by one whoever got a refund, was excluded or cancelled, each with its proof."""
        for row in self.rows(*PROOFS):
            proof, paper = PROOFS[row.state]
            clerk = self._township(row.region_code)
            reference = f"{paper}{row.pk}"
            close_out(row.pk, proof, reference, on=now.date(), key=f"close-{row.pk}", actor=clerk, now=now)

    def close(self, now: datetime) -> None:
        """Explain what still differs and close the year."""
        approver, accountant = self.desk.at(Role.AGENCY_APPROVER), self.desk.at(Role.AGENCY_ACCOUNTANT)
        for difference in PlanDifference.objects.filter(plan=self.plan, closed_at=None):
            explain_difference(difference.pk, "已与税务逐笔核对一致（演示）", actor=accountant, now=now)
        close_year(self.plan.pk, actor=approver, now=now)

    def _township(self, region_code: str) -> Actor:
        posts = (post for post in self.desk.posts if post.role == Role.TOWNSHIP_CLERK)
        return next(post.actor() for post in posts if region_code.startswith(post.scope_id))

    def _village(self, region_code: str) -> Actor | None:
        posts = (post for post in self.desk.posts if post.role == Role.COMMITTEE_MEMBER)
        return next((post.actor() for post in posts if post.scope_id == region_code), None)


def _list_file(people: Sequence[Listed], category: str, month: int) -> bytes:
    """Return a department's list of a month as it writes it: csv with a byte-order mark."""
    text = io.StringIO()
    writer = csv.writer(text)
    titles = ["序号", "姓名", "身份证号", "乡镇", "村（社区）"]
    severe = category == "severe_disability"
    writer.writerow([*titles, "残疾等级", "月份"] if severe else [*titles, "月份"])
    for number, each in enumerate(people, 1):
        grade = each.person.disability.grade if each.person.disability else 2
        cells = [number, each.person.name, each.person.id_number, each.township, each.village]
        writer.writerow([*cells, f"{'一二三四'[grade - 1]}级", month] if severe else [*cells, month])
    return b"\xef\xbb\xbf" + text.getvalue().encode()
