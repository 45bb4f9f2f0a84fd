"""A loan whose instalment the bank was told to take, row by row, for the tests of the step that records the answer."""

from datetime import date, datetime
from typing import Any

from tests.loans.lives import SYSTEM, Life, at
from zhubao.access.actors import Actor
from zhubao.exchange.models import Direction, Envelope, EnvelopeState
from zhubao.lending.events import floor_set
from zhubao.loans.deductions.returning import record_deduction
from zhubao.loans.models import DeductionInstruction, DeductionOrder, LoanClosing, MonthEndRun, PensionCredit
from zhubao.loans.repaying import begin_repaying, record_pension
from zhubao.loans.stepping import add_event

DEDUCTING_VERBS = frozenset({"record_deduction"})
MONTH, END = date(2021, 12, 1), date(2021, 12, 31)


def ready_to_deduct(life: Life, verb: str) -> tuple[Any, datetime]:
    """Bring a loan to the answer of its first instalment of 200 yuan, and return how to record it and when."""
    assert verb in DEDUCTING_VERBS
    life.year(2021)
    loan = life.loan
    record_pension(loan.pk, MONTH, 200_000, "发放文件", basic_fen=10_000, actor=SYSTEM, now=at(2021, 12, 2))
    add_event(loan, "floor", floor_set(MONTH, 76_500), actor=SYSTEM, now=at(2021, 12, 2))
    begin_repaying(loan.pk, END, actor=SYSTEM, now=at(2021, 12, 31))
    instruction_of(life)

    def take(actor: Actor, now: datetime) -> Any:
        return record_deduction(loan.pk, MONTH, 20_000, date(2022, 1, 5), "taken", actor=actor, now=now)

    return take, at(2022, 1, 5)


def instruction_of(life: Life) -> DeductionInstruction:
    """Write the rows of an instalment told to the bank."""
    loan = life.fresh()
    run = MonthEndRun.objects.create(region_code=loan.region_code, as_of=END, started_at=at(2021, 12, 31), actor_name="test")
    figures: dict[str, Any] = {"postings": 0, "interest_fen": 0, "government_fen": 0, "owed_fen": 840_000}
    closing = LoanClosing.objects.create(run=run, loan=loan, as_of=END, booked=True, **figures)
    order = DeductionOrder.objects.create(
        loan=loan, closing=closing, month=MONTH, ordered_on=END, rule="remaining_at_least", pension_fen=200_000,
        protected_fen=76_500, agreed_fen=20_000, debt_fen=840_000, amount_fen=20_000,
    )  # fmt: skip
    credit = PensionCredit.objects.create(
        region_code=loan.region_code, person=loan.person, bank=loan.bank, month=MONTH, gross_fen=200_000,
        credited_on=date(2021, 12, 15), source="C1", recorded_at=at(2021, 12, 16),
    )  # fmt: skip
    envelope = Envelope.objects.create(
        region_code=loan.region_code, direction=Direction.OUT, kind="deduction_order", policy_id=loan.policy_id, batch="O1",
        sender=loan.agency, receiver=loan.bank, purpose="扣划", count=1, total_fen=20_000, sha256="0" * 64, name="O1.xlsx",
        stored_as="O1.xlsx", state=EnvelopeState.MADE,
    )  # fmt: skip
    return DeductionInstruction.objects.create(
        order=order, credit=credit, envelope=envelope, instructed_on=date(2022, 1, 1), pension_fen=200_000, others_fen=0,
        protected_fen=76_500, ordered_fen=20_000, amount_fen=20_000,
    )  # fmt: skip
