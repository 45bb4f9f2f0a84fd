"""Making statements: one on demand, or those of a run; what was given out is never changed, a later one stands beside it."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.roles import BANK_ROLES, Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import implements
from zhubao.workflow import CITIZEN

from ..models import Loan, Statement, StatementRun
from ..selectors import loans_for
from ..states import ENDED, ways_of
from .figures import Figures
from .reading import Account, accounts_of, kept_figures

ON_DEMAND_ROLES = (
    Role.BANK_OFFICER,
    Role.BANK_REVIEWER,
    Role.AGENCY_INTAKE,
    Role.AGENCY_REVIEWER,
    Role.AGENCY_APPROVER,
    Role.AGENCY_ACCOUNTANT,
)
RUN_ROLES = (Role.BANK_OFFICER, Role.BANK_REVIEWER, Role.AGENCY_ACCOUNTANT)


def yearly_period(policy_id: str, year: int) -> tuple[date, date]:
    """Return first and last day (counted) of a year's statement: the calendar year, in Rugao the twelve months before the review.

    Rugao's review begins on 1 October (its art. 21), and the statement given then ends the day before.
    """
    first = ways_of(policy_id).statement_from
    starts_on = date(year - 1 if first > 1 else year, first, 1)
    return starts_on, starts_on.replace(year=starts_on.year + 1) - timedelta(1)


@implements("tl-5.1c", as_="action")
@transaction.atomic
def make_statement(loan_id: int, starts_on: date, ends_on: date, *, actor: Actor, now: datetime) -> Statement:
    """Make a loan's statement for a period, both days counted, and return it; the last one of the period where nothing changed since.

    For the borrower and the offices that deal with the loan. Raise DoesNotExist, OutOfScope, E-STATEMENT-PERIOD.
    """
    loan = Loan.objects.select_for_update(of=("self",)).select_related("bank").get(pk=loan_id)
    actor.require_role(*ON_DEMAND_ROLES, CITIZEN)
    # Nobody is asked for a scope who acts for the whole installation.
    if (actor.user_id is not None or actor.role == CITIZEN) and not loans_for(actor).filter(pk=loan.pk).exists():
        raise OutOfScope(loan.number, Text("不是本单位或本人的贷款", "not a loan of this office or person"))
    _require_period(starts_on, ends_on, now)
    (statement, made) = _made([loan], starts_on, ends_on, None, actor=actor, now=now)[0]
    if made:
        after = {"statement": statement.number, "from": str(starts_on), "to": str(ends_on), "sha256": statement.sha256}
        record("statement.made", loan.subject, actor=actor, now=now, region_code=loan.region_code, after=after)
    return statement


@implements("rg-21", as_="action")
@transaction.atomic
def open_statement_run(policy_id: str, year: int, *, actor: Actor, now: datetime) -> StatementRun:
    """Return the run of a year's statements of a programme for the actor's bank, or its agency's region; begun now or before.

    Raise OutOfScope, E-STATEMENT-PERIOD while the period is not over.
    """
    actor.require_role(*RUN_ROLES)
    starts_on, ends_on = yearly_period(policy_id, year)
    _require_period(starts_on, ends_on, now)
    run, made = StatementRun.objects.get_or_create(
        region_code=actor.scope,
        policy_id=policy_id,
        bank_id=actor.organisation_id if actor.role in BANK_ROLES else None,
        starts_on=starts_on,
        ends_on=ends_on,
        defaults={"asked_at": now, "asked_by_id": actor.post_id, "actor_name": actor.name},
    )
    if made:
        after = {"policy": policy_id, "from": str(starts_on), "to": str(ends_on), "bank": run.bank_id}
        record("statements.asked", f"statements:{run.pk}", actor=actor, now=now, region_code=run.region_code, after=after)
    return run


def loans_of_run(run: StatementRun) -> Sequence[int]:
    """Return the keys of the loans a run still has to make statements for: drawn by its last day and not ended before its first."""
    loans = Loan.objects.filter(
        policy_id=run.policy_id, region_code__startswith=run.region_code, tranches__drawn_on__lte=run.ends_on
    )
    if run.bank_id is not None:
        loans = loans.filter(bank_id=run.bank_id)
    ended = Loan.objects.filter(state__in=ENDED, state_since__date__lt=run.starts_on).values("pk")
    done = Statement.objects.filter(run=run).values("loan_id")
    return list(loans.exclude(pk__in=ended).exclude(pk__in=done).order_by("pk").values_list("pk", flat=True).distinct())


@transaction.atomic
def make_for_run(run: StatementRun, loan_ids: Sequence[int], *, actor: Actor, now: datetime) -> list[Statement]:
    """Make the statements of a run for some of its loans and return them; a loan that has one of this run is passed over."""
    locked = Loan.objects.select_for_update(of=("self",)).filter(pk__in=loan_ids).select_related("bank").order_by("pk")
    loans = list(locked)
    done = set(Statement.objects.filter(run=run, loan__in=loan_ids).values_list("loan_id", flat=True))
    loans = [loan for loan in loans if loan.pk not in done]
    return [each for each, _made_now in _made(loans, run.starts_on, run.ends_on, run, actor=actor, now=now)] if loans else []


@transaction.atomic
def finish_statement_run(run_id: int, *, actor: Actor, now: datetime) -> StatementRun:
    """Add up what a run made and close it; the figures of the first to do so stand."""
    run = StatementRun.objects.select_for_update().get(pk=run_id)
    if run.finished_at is None:
        made = Statement.objects.filter(run=run)
        run.loans = run.made = made.count()
        run.changed = made.filter(sequence__gt=1).count()
        run.finished_at = now
        run.save()
        after = {"statements": run.made, "changed": run.changed}
        record("statements.made", f"statements:{run.pk}", actor=actor, now=now, region_code=run.region_code, after=after)
    return run


def _made(
    loans: Sequence[Loan], starts_on: date, ends_on: date, run: StatementRun | None, *, actor: Actor, now: datetime
) -> list[tuple[Statement, bool]]:
    """Return the statement of each locked loan, and whether it is new. A run gives out its own even where nothing changed."""
    accounts = accounts_of(loans, starts_on, ends_on)
    last: dict[int, Statement] = {}
    for each in Statement.objects.filter(loan__in=loans, starts_on=starts_on, ends_on=ends_on).order_by("sequence"):
        last[each.loan_id] = each
    result = []
    for loan in loans:
        before, account = last.get(loan.pk), accounts[loan.pk]
        if before is not None and run is None and kept_figures(before) == account.figures:
            result.append((before, False))
        else:
            result.append((_row(loan, account, before, starts_on, ends_on, run, actor=actor, now=now), True))
    Statement.objects.bulk_create([each for each, new in result if new])
    return result


def _row(
    loan: Loan,
    account: Account,
    before: Statement | None,
    starts_on: date,
    ends_on: date,
    run: StatementRun | None,
    *,
    actor: Actor,
    now: datetime,
) -> Statement:
    sequence = before.sequence + 1 if before else 1
    number = f"DZ-{loan.number}-{starts_on:%Y%m%d}-{ends_on:%Y%m%d}-{sequence}"
    return Statement(
        loan=loan,
        run=run,
        number=number,
        starts_on=starts_on,
        ends_on=ends_on,
        sequence=sequence,
        made_at=now,
        made_by_id=actor.post_id,
        actor_name=actor.name,
        last_posting=account.last_posting,
        sha256=digest(number, account.figures),
        **{f"{name}_fen": fen for name, fen in account.figures.as_dict().items()},
    )


def digest(number: str, figures: Figures) -> str:
    """Return SHA-256 (hexadecimal) of a statement's number, which names loan and period, and its figures."""
    return hashlib.sha256(json.dumps([number, figures.as_dict()], separators=(",", ":")).encode()).hexdigest()


def _require_period(starts_on: date, ends_on: date, now: datetime) -> None:
    """Raise E-STATEMENT-PERIOD unless the first day is not after the last, nor the last after today."""
    if not starts_on <= ends_on <= localdate(now) or starts_on < ends_on - timedelta(366 * 60):
        raise ZhubaoError(
            "E-STATEMENT-PERIOD",
            Text("起日不晚于止日，止日不晚于今天", "the first day is not after the last, nor the last after today"),
            place=f"{starts_on} – {ends_on}",
        )
