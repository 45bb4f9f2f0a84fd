"""The bank's answers to many instalments at once: those taken in full are written together, every other as if alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import Act, record_all
from zhubao.errors import ZhubaoError
from zhubao.ledger.actions import Line, post_new
from zhubao.lending import Event
from zhubao.lending.events import deducted
from zhubao.policies.claims import implements
from zhubao.workflow import Transition

from ..books import missing_lines, standing_of
from ..models import DeductionInstruction, DeductionReturn, Loan, LoanEvent, LoanStanding, LoanStep
from ..repaying import deduction_key, owed_after
from ..replaying import records_of
from ..states import process_of
from ..states.common_ground import REPAYING
from ..stepping import Step, event_row, renew_together, require_may, step_row
from .returning import Returned, answer_to, facts_of, record_deduction

VERB = "record_deduction"


@dataclass(frozen=True)
class _Taken:
    """An instalment taken in full that leaves a debt: what is to be written of it."""

    loan: Loan
    month: date
    answer: DeductionReturn
    event: Event
    lines: list[Line]


@implements("jx-3.2a", "jx-annex-6a", "tl-4.2a", as_="action")
@transaction.atomic
def record_deductions(given: Sequence[Returned], *, actor: Actor, now: datetime) -> list[DeductionReturn | ZhubaoError]:
    """Record what a bank took of many instalments, each as if alone and in this order; return each, or the error that refuses it.

    See `record_deduction` for what it does and what refuses one. Raise DoesNotExist for no loan, and nothing stands then.
    """
    desk = _Desk(given, actor, now)
    found = [desk.take_in(each) for each in given]
    desk.write()
    return found


class _Desk:
    """What is known of loans, under lock, while their instalments are answered; and what is to be written together.

    What a loan's first answer changes is not followed up here: every further one of the same loan goes alone.
    """

    def __init__(self, given: Sequence[Returned], actor: Actor, now: datetime) -> None:
        self.actor, self.now, self.today = actor, now, localdate(now)
        ids = {each.loan_id for each in given}
        locked = Loan.objects.select_for_update(of=("self",)).filter(pk__in=ids).select_related("bank").order_by("pk")
        self.loans = {loan.pk: loan for loan in locked}
        loans = list(self.loans.values())
        told = DeductionInstruction.objects.filter(order__loan__in=ids, order__month__in={each.month for each in given})
        self.told = {(each.order.loan_id, each.order.month): each for each in told.select_related("order", "credit", "answer")}
        self.records = records_of(loans)
        self.standings = standing_of(loans)
        steps = LoanStep.objects.filter(loan__in=ids).order_by().values_list("loan_id").annotate(Count("pk"))
        self.steps: dict[int, int] = dict(steps)
        self.answered: set[int] = set()
        self.fresh: list[_Taken] = []

    def take_in(self, given: Returned) -> DeductionReturn | ZhubaoError:
        """Return the answer to an instalment, to be written or standing already, or what refuses it."""
        loan = self.loans.get(given.loan_id)
        if loan is None:
            raise Loan.DoesNotExist(given.loan_id)
        if self.actor.user_id is not None or loan.state != REPAYING.name or loan.pk in self.answered:
            return self._alone(given)
        try:
            require_may(self.actor, loan, _row(loan))
            told = self.told.get((loan.pk, given.month))
            answer = answer_to(told, given, loan, actor=self.actor, now=self.now)
            if not answer._state.adding:
                return answer
            taken = self._taken(loan, given.month, answer)
        except ZhubaoError as error:
            return error
        if taken is None:
            return self._alone(given)
        self.answered.add(loan.pk)
        self.fresh.append(taken)
        return answer

    def _taken(self, loan: Loan, month: date, answer: DeductionReturn) -> _Taken | None:
        """Return what is to be written of an answer; None where more comes of it: a failure, the last instalment, a second event."""
        known, key = self.records[loan.pk], deduction_key(month)
        if answer.missing_fen or any(used.partition("#")[0] == key for used in known.keys):
            return None
        event = deducted(answer.taken_on, answer.taken_fen, [month], entry=len(known.events) + 1)
        known = replace(known, events=[*known.events, event], keys=known.keys | {key})
        last = max(answer.taken_on, self.today)
        if not owed_after(known.outcome(last), last):
            return None
        up_to = max([answer.taken_on, *known.month_ends])
        return _Taken(loan, month, answer, event, missing_lines(loan, known, self.standings[loan.subject], up_to))

    def _alone(self, given: Returned) -> DeductionReturn | ZhubaoError:
        """Record one answer by itself, after those before it."""
        self.write()
        self.answered.add(given.loan_id)
        try:
            return record_deduction(
                given.loan_id,
                given.month,
                given.taken_fen,
                given.taken_on,
                given.result,
                reason=given.reason,
                reference=given.reference,
                source=given.source,
                actor=self.actor,
                now=self.now,
            )
        except ZhubaoError as error:
            return error

    def write(self) -> None:
        """Write what waits: answers, events, postings and steps, and the audit entries last."""
        fresh, self.fresh = self.fresh, []
        if not fresh:
            return
        DeductionReturn.objects.bulk_create([each.answer for each in fresh])
        LoanEvent.objects.bulk_create([
            event_row(
                each.loan, each.event.entry, deduction_key(each.month), each.event, each.answer.source, actor=self.actor, now=self.now
            )
            for each in fresh
        ])  # fmt: skip
        LoanStanding.objects.filter(loan__in=[each.loan.pk for each in fresh if each.lines]).update(touched=True)
        post_new([line for each in fresh for line in each.lines], actor=self.actor, now=self.now)
        steps = [self._step(each.loan) for each in fresh]
        LoanStep.objects.bulk_create(
            step_row(step, self.steps.get(step.loan.pk, 0) + 1, step.loan.state, step.loan.state, each.answer.taken_on)
            for step, each in zip(steps, fresh, strict=True)
        )
        renew_together(steps)
        record_all([_act(each) for each in fresh], actor=self.actor, now=self.now)

    def _step(self, loan: Loan) -> Step:
        return Step(loan, None, _row(loan), "", "", self.actor, self.now, done=False)


def _row(loan: Loan) -> Transition:
    return process_of(loan.policy_id).transition(VERB)


def _act(taken: _Taken) -> Act:
    loan = taken.loan
    after = {"state": loan.state, **facts_of(taken.answer, taken.month)}
    return Act(f"loan.{VERB}", loan.subject, loan.region_code, before={"state": loan.state}, after=after)
