"""The yearly draw: amount fixed, released, confirmed, paid out; or not drawn, or the loan withdrawn before its first draw."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending.events import tranche_paid
from zhubao.people.models import CardAccount
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import parameter_book
from zhubao.workflow import Transition

from .amounts import Part, cap_of, highest_tier, parts_of, parts_of_gaps, permit_for
from .books import book
from .draws import OPEN_TRANCHE, PAID_OUT, PAYEE_OF, PAYEES
from .models import Loan, Tranche, TranchePart
from .rates import follow_rates
from .replaying import outcome, terms_of
from .states import process_of, ways_of
from .stepping import Step, add_event, begin, deadline_of, finish


@implements("jx-2.3b", "jx-annex-4a", "rg-12.4a", as_="action")
@transaction.atomic
def plan_year(
    loan_id: int,
    year: int,
    *,
    month_from: int = 1,
    months: int = 12,
    amount_fen: int | None = None,
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> Tranche:
    """Fix what a loan draws for a year: by default all it may. Done again before the release, it replaces the amount.

    Jiangxi and Rugao pay `months` from `month_from` on at the lowest tier; a Tongling draw is what the contract leaves (`amount_fen`
    or all of it), at most the highest tier. Raise E-DRAW-BACK for a back-payment loan, E-DRAW-MONTHS, E-DRAW-BASE, E-DRAW-PERMIT,
    E-DRAW-TWICE when the year is drawn, E-DRAW-CAP for more than the cap or nothing left.
    """
    step = begin(loan_id, "plan_year", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.draw
    loan = step.loan
    if loan.back_payment:
        raise ZhubaoError("E-DRAW-BACK", Text("补缴贷款只放一次款", "a back-payment loan has one draw"), place=loan.number)
    planned = _planned(loan, year)
    if ways_of(loan.policy_id).counted_by == "contract":
        _require_contributor(loan, date(year, 1, 1))
        parts, contribution = [], highest_tier(loan, year, parameter_book())
    else:
        parts = parts_of(loan, year, month_from, months, parameter_book())
        contribution = sum(part.fen for part in parts)
    _require_free_months(loan, year, month_from, months, planned)
    return _fix(step, planned, year, month_from, months, parts, contribution, amount_fen)


@implements("jx-2.1b", as_="action")
@transaction.atomic
def plan_back_payment(
    loan_id: int,
    gaps: dict[int, int],
    *,
    amount_fen: int | None = None,
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> Tranche:
    """Fix the one draw of a back-payment loan: months of each earlier year as the tax office accepts them, each at its year's tier.

    Raise E-DRAW-BACK for a yearly loan or a second draw, E-DRAW-MONTHS, E-DRAW-BASE, E-DRAW-CAP.
    """
    step = begin(loan_id, "plan_year", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.draw
    loan = step.loan
    planned = loan.tranches.filter(state="planned").first()
    if not loan.back_payment or loan.tranches.filter(state__in=PAID_OUT).exists():
        raise ZhubaoError("E-DRAW-BACK", Text("补缴只放一次款", "back-payment is drawn once"), place=loan.number)
    parts = parts_of_gaps(loan, gaps, parameter_book())
    if not parts:
        raise ZhubaoError("E-DRAW-MONTHS", Text("没有补缴月份", "no gap months are given"), place=loan.number)
    months = sum(part.months for part in parts)
    return _fix(step, planned, step.today.year, 1, months, parts, sum(part.fen for part in parts), amount_fen)


@transaction.atomic
def release_year(
    tranche_id: int, *, requested_in: str = "", seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> Tranche:
    """Release a planned draw to the bank; another person than who fixed the amount. `requested_in`: the file that tells the bank."""
    step = begin_on(tranche_id, "release_year", seen=seen, key=key, actor=actor, now=now)
    if not step.done:
        step.draw.requested_in = requested_in
        finish(step, amount_fen=step.draw.amount_fen)
    return step.draw


@transaction.atomic
def name_file(tranche_ids: list[int], requested_in: str, *, actor: Actor) -> int:
    """Note in released draws the number of the file that tells the bank of them; one noted before stays. Return how many were noted.

    The file's own audit entry covers it.
    """
    actor.require_role(Role.AGENCY_ACCOUNTANT, Role.AGENCY_APPROVER)
    released = Tranche.objects.filter(
        pk__in=tranche_ids, state="released", requested_in="", loan__region_code__startswith=actor.scope
    )
    return released.update(requested_in=requested_in)


@implements("jx-annex-4c", as_="action")
@transaction.atomic
def confirm_draw(
    tranche_id: int, confirmed_on: date, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> Tranche:
    """Record that the borrower confirmed the draw at the bank on a day; E-DRAW-DAY for a day to come or before the signing."""
    step = begin_on(tranche_id, "confirm_draw", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.draw
    require_day(step, confirmed_on, not_before=step.loan.signed_on)
    step.draw.confirmed_on = confirmed_on
    finish(step, on=confirmed_on)
    return step.draw


@implements("jx-2.3b", "jx-annex-4c", "rg-7b", "rg-12.4b", "tl-3.4a", "tl-3.5c", as_="action")
@transaction.atomic
def record_draw(
    tranche_id: int,
    drawn_on: date,
    amount_fen: int,
    payee: str,
    *,
    source: str = "",
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> Tranche:
    """Record what the bank paid out, with its event and its postings; `payee` is where the money went (`draws.PAYEES`).

    Raise E-DRAW-PAYEE for any other account, E-DRAW-CAP above the amount released (Rugao and Tongling: any other amount, E-DRAW-AMOUNT),
    E-DRAW-DAY, E-DRAW-PENSION from the first month of pension on, E-DRAW-PERMIT, E-LOAN-CARD without the card account, E-LOAN-…
    """
    step = begin_on(tranche_id, "record_draw", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.draw
    loan, tranche = step.loan, step.draw
    require_day(step, drawn_on, not_before=tranche.confirmed_on or loan.signed_on)
    _require_contributor(loan, drawn_on)
    _require_payee(loan, payee)
    _require_amount(loan, tranche, amount_fen)
    if ways_of(loan.policy_id).renewed:
        permit_for(loan, tranche.year)
    terms = terms_of(loan).terms
    first = min([drawn_on, *(day for day in loan.tranches.values_list("drawn_on", flat=True) if day)])
    follow_rates(loan, terms, first, drawn_on, actor=actor, now=now)
    event = add_event(
        loan, f"draw:{tranche.year}/{tranche.sequence}", tranche_paid(drawn_on, amount_fen), source, actor=actor, now=now
    )
    tranche.asked_fen = tranche.amount_fen
    tranche.amount_fen, tranche.drawn_on, tranche.payee, tranche.event_entry = amount_fen, drawn_on, payee, event.entry
    if _contribution_row(loan).due is not None:
        tranche.pay_by = deadline_of(step, _contribution_row(loan)).due_on
    outcome(loan, max(drawn_on, step.today))
    book(loan, step.today, actor=actor, now=now)
    finish(step, on=drawn_on, amount_fen=amount_fen, payee=payee)
    return tranche


@transaction.atomic
def leave_out_months(
    tranche_id: int, months: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> Tranche:
    """Take the last `months` out of a released draw, because the borrower pays them otherwise or was employed; cap and amount fall.

    Raise E-DRAW-MONTHS for none or all of them (then it is `not_drawn`), E-REASON.
    """
    step = begin_on(tranche_id, "leave_out_months", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.draw
    tranche = step.draw
    if not 0 < months < tranche.months or step.loan.back_payment:
        raise ZhubaoError("E-DRAW-MONTHS", Text("应扣除其中一部分月份", "some of the months, not all"), place=str(tranche))
    left = tranche.months - months
    parts = parts_of(step.loan, tranche.year, tranche.month_from, left, parameter_book())
    cap = min(tranche.cap_fen, sum(part.fen for part in parts))
    tranche.months, tranche.cap_fen, tranche.amount_fen = left, cap, min(tranche.amount_fen, cap)
    _write_parts(tranche, parts)
    finish(step, months=left, amount_fen=tranche.amount_fen)
    return tranche


@transaction.atomic
def not_drawn(tranche_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Tranche:
    """Note that nothing is drawn for the year: declined, paid otherwise, or employed all year; the loan goes on."""
    step = begin_on(tranche_id, "not_drawn", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if not step.done:
        finish(step)
    return step.draw


@transaction.atomic
def withdraw(loan_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Loan:
    """End a loan before its first draw at the borrower's signed wish; E-LOAN-DRAWN when something was drawn."""
    step = begin(loan_id, "withdraw", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.loan
    if step.loan.tranches.filter(state__in=PAID_OUT).exists():
        problem = Text("已有放款，不能撤回", "something was drawn; it cannot be withdrawn")
        raise ZhubaoError("E-LOAN-DRAWN", problem, place=step.loan.number)
    cancel_open_draws(step.loan)
    return finish(step)


def cancel_open_draws(*loans: Loan) -> None:
    """Cancel the draws of locked loans that were not paid out."""
    Tranche.objects.filter(loan__in=loans, state__in=OPEN_TRANCHE).update(state="cancelled")


def begin_on(tranche_id: int, verb: str, *, reason: str = "", seen: str | None, key: str, actor: Actor, now: datetime) -> Step:
    """Begin a step on a draw; DoesNotExist for none."""
    loan_id = Tranche.objects.values_list("loan_id", flat=True).get(pk=tranche_id)
    return begin(loan_id, verb, tranche_id=tranche_id, reason=reason, seen=seen, key=key, actor=actor, now=now)


def _planned(loan: Loan, year: int) -> Tranche | None:
    """Return the year's draw that may still be replaced; E-DRAW-TWICE when another year's, or a released one, is under way."""
    open_draws = list(loan.tranches.filter(state__in=OPEN_TRANCHE))
    if not open_draws:
        return None
    if open_draws[0].state != "planned" or open_draws[0].year != year:
        raise _twice(loan, open_draws[0].year)
    return open_draws[0]


def _require_free_months(loan: Loan, year: int, month_from: int, months: int, planned: Tranche | None) -> None:
    """Refuse months that another draw of the year paid; a Tongling draw counts by its amount."""
    if ways_of(loan.policy_id).counted_by == "contract":
        return
    taken: set[int] = set()
    for tranche in loan.tranches.filter(year=year, state__in=PAID_OUT):
        taken |= set(range(tranche.month_from, tranche.month_from + tranche.months))
    if taken & set(range(month_from, month_from + months)):
        raise _twice(loan, year)


def _fix(
    step: Step,
    planned: Tranche | None,
    year: int,
    month_from: int,
    months: int,
    parts: list[Part],
    contribution_fen: int,
    amount_fen: int | None,
) -> Tranche:
    loan = step.loan
    cap = cap_of(loan, year, contribution_fen, beside=planned)
    amount = cap if amount_fen is None else amount_fen
    if not 0 < amount <= cap:
        raise _above_cap(loan, amount, cap)
    if planned is None:
        last = loan.tranches.filter(year=year).aggregate(last=Max("sequence"))["last"] or 0
        planned = Tranche(loan=loan, year=year, sequence=last + 1, state="planned")
    planned.year, planned.month_from, planned.months = year, month_from, months
    planned.cap_fen, planned.amount_fen = cap, amount
    planned.save()
    _write_parts(planned, parts)
    step.tranche = planned
    finish(step, cap_fen=cap, amount_fen=amount, months=months)
    return planned


def _write_parts(tranche: Tranche, parts: list[Part]) -> None:
    tranche.parts.all().delete()
    for part in parts:
        TranchePart.objects.create(
            tranche=tranche, year=part.year, months=part.months, monthly_fen=part.monthly_fen, source=part.source[:300]
        )


def require_day(step: Step, on: date, *, not_before: date) -> None:
    """Raise E-DRAW-DAY for a day before `not_before` or after today."""
    if not not_before <= on <= step.today:
        raise ZhubaoError(
            "E-DRAW-DAY",
            Text(f"应在 {not_before} 至今天之间", f"the day lies between {not_before} and today"),
            place=f"{step.loan.number} {on}",
        )


def _require_contributor(loan: Loan, on: date) -> None:
    if on >= loan.pension_month:
        raise ZhubaoError(
            "E-DRAW-PENSION",
            Text("已到领取养老金的月份，不再放款", "the pension has begun; nothing more is drawn"),
            place=f"{loan.number} {on}",
        )


def _require_payee(loan: Loan, payee: str) -> None:
    wanted = PAYEE_OF[loan.policy_id]
    if payee != wanted:
        label = PAYEES[wanted]
        raise ZhubaoError(
            "E-DRAW-PAYEE",
            Text(f"只能划入{label.zh}", f"money goes only to the {label.en}"),
            place=f"{loan.number} {payee}",
        )
    account = loan.card_account_id
    if ways_of(loan.policy_id).by_card and not CardAccount.objects.filter(pk=account or 0, ends_on=None).exists():
        raise ZhubaoError("E-LOAN-CARD", Text("社保卡账户已停用", "the card account is closed"), place=loan.number)


def _require_amount(loan: Loan, tranche: Tranche, amount_fen: int) -> None:
    """Refuse more than was released and nothing; where the file binds (Rugao, Tongling), any other amount."""
    if not 0 < amount_fen <= tranche.amount_fen:
        raise _above_cap(loan, amount_fen, tranche.amount_fen)
    if ways_of(loan.policy_id).exact and amount_fen != tranche.amount_fen:
        raise ZhubaoError(
            "E-DRAW-AMOUNT",
            Text(
                f"应等于文件所列 {amount_in_yuan(tranche.amount_fen)} 元",
                f"it must be the {amount_in_yuan(tranche.amount_fen)} yuan of the file",
            ),
            place=loan.number,
        )


def _contribution_row(loan: Loan) -> Transition:
    return process_of(loan.policy_id).transition("record_contribution")


def _above_cap(loan: Loan, amount: int, cap: int) -> ZhubaoError:
    asked, most = amount_in_yuan(amount), amount_in_yuan(cap)
    return ZhubaoError("E-DRAW-CAP", Text(f"{asked} 元，最多 {most} 元", f"{asked} yuan, at most {most}"), place=loan.number)


def _twice(loan: Loan, year: int) -> ZhubaoError:
    return ZhubaoError(
        "E-DRAW-TWICE", Text(f"{year} 年已有放款在办或已放", f"a draw for {year} is under way or made"), place=loan.number
    )
