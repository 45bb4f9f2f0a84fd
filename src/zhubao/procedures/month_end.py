"""The month-end of a region: every loan with debt is brought up to a day, its interest split and posted, its order written.

The run is a row of its own and goes on where it stood: loans are closed in chunks, each a transaction, and a loan that was closed as of
the day is never closed again, by whichever run. Several processes may work on one run. Loans to which nothing happened since their last
closing come first, many at once; the others are replayed one by one.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple, TypedDict

from django.db import connections, transaction
from django.db.models import Count, Q, Sum
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.models import Region
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.actions import prepare_years
from zhubao.loans.models import LoanClosing, MonthEndRun
from zhubao.loans.month_end import close_loans, to_be_closed
from zhubao.loans.quiet.closing import close_quiet, ranges_of
from zhubao.programmes.selectors import parameter_book

from .forked import drop_inherited_connections

SYSTEM = "month-end"
RUNNING_ROLES = (Role.AGENCY_ACCOUNTANT,)
# Loans a transaction: replayed one by one, and as columns.
CHUNK, QUIET_CHUNK = 500, 25_000


class Held(NamedTuple):
    """A loan that needs somebody's hand, and why."""

    loan: str
    code: str
    reason: Text


class MonthEnd(NamedTuple):
    """A finished run; `already_done` when it had been finished before it was asked for."""

    run: MonthEndRun
    already_done: bool
    held: tuple[Held, ...]


class MonthEndJson(TypedDict):
    """A month-end as the command prints it; money in fen."""

    region: str
    as_of: str
    run: int
    already_done: bool
    loans: int
    postings: int
    interest_fen: int
    government_fen: int
    orders: int
    held: list[dict[str, str]]


def close_month(region_code: str, as_of: date, *, workers: int = 1, actor: Actor, clock: Callable[[], datetime]) -> MonthEnd:
    """Close a region and everything below it as of a day, interest of that day included; safe to repeat after any stop.

    A run finished before is returned as it was. `workers`: processes that share the work. Raise what `open_run` raises.
    """
    return _close(open_run(region_code, as_of, actor=actor, now=clock()), workers=workers, actor=actor, clock=clock)


def run_month_end(run_id: int, *, clock: Callable[[], datetime]) -> MonthEnd:
    """Do a run that somebody opened, or go on with it where it stopped, in their name and in this process alone."""
    run = MonthEndRun.objects.select_related("started_by").get(pk=run_id)
    actor = run.started_by.actor() if run.started_by else Actor.system(SYSTEM, run.region_code)
    return _close(run, workers=1, actor=actor, clock=clock)


def _close(run: MonthEndRun, *, workers: int, actor: Actor, clock: Callable[[], datetime]) -> MonthEnd:
    if run.finished_at is not None:
        return MonthEnd(run, already_done=True, held=held_in(run))
    prepare_years(run.as_of)
    ranges, done = ranges_of(run, QUIET_CHUNK), run.closings.count()
    with _shared(close_ranges, run, ranges, workers, clock):
        # Counted while the others begin: it takes a look at every loan.
        run.due = done + sum(count for _first, _last, count in ranges) + to_be_closed(run).count()
        run.save(update_fields=["due"])
    if workers > 1 and run.due - run.closings.count() > CHUNK:
        with _shared(close_replayed, run, _to_be_replayed(run), workers, clock):
            pass
    work_on(run.pk, clock=clock)
    finished = _finish(run.pk, actor=actor, now=clock())
    return MonthEnd(finished, already_done=False, held=held_in(finished))


@transaction.atomic
def open_run(region_code: str, as_of: date, *, actor: Actor, now: datetime) -> MonthEndRun:
    """Return the run of a region and a day, begun now or before.

    Raise OutOfScope, E-REGION-UNKNOWN, E-MONTH-END-DAY for a day that is still to come.
    """
    actor.require_role(*RUNNING_ROLES)
    actor.require_region(region_code)
    if not Region.objects.filter(code=region_code).exists():
        raise ZhubaoError("E-REGION-UNKNOWN", Text("没有这个区划", "there is no such region"), place=region_code)
    if as_of > localdate(now):
        problem = Text("只能结到今天为止", "a day that is still to come cannot be closed")
        raise ZhubaoError("E-MONTH-END-DAY", problem, place=as_of.isoformat())
    run, _made = MonthEndRun.objects.get_or_create(
        region_code=region_code,
        as_of=as_of,
        defaults={"started_at": now, "started_by_id": actor.post_id, "actor_name": actor.name},
    )
    return run


def work_on(run_id: int, *, clock: Callable[[], datetime]) -> None:
    """Close the loans of a run that are not closed yet; those that somebody else holds are waited for."""
    run = MonthEndRun.objects.get(pk=run_id)
    close_ranges(run, ranges_of(run, QUIET_CHUNK), clock=clock, wait=True)
    close_replayed(run, _to_be_replayed(run), clock=clock, wait=True)


def close_ranges(run: MonthEndRun, ranges: Sequence[tuple[int, int, int]], *, clock: Callable[[], datetime], wait: bool) -> None:
    """Close quiet loans in ranges of keys; those that need a replay are left. `wait`: for loans somebody else holds, or leave them."""
    actor, book = Actor.system(SYSTEM, run.region_code), parameter_book()
    for first, last, _count in ranges:
        close_quiet(run, first, last, book, wait=wait, actor=actor, now=clock())


def close_replayed(run: MonthEndRun, loans: Sequence[int], *, clock: Callable[[], datetime], wait: bool) -> None:
    """Close loans by replay; `wait` as above."""
    actor, book = Actor.system(SYSTEM, run.region_code), parameter_book()
    for at in range(0, len(loans), CHUNK):
        close_loans(run, loans[at : at + CHUNK], book, wait=wait, actor=actor, now=clock())


def held_in(run: MonthEndRun) -> tuple[Held, ...]:
    """Return the loans a run held, with reasons, by number."""
    rows = run.closings.exclude(held_code="").order_by("loan__number")
    found = rows.values_list("loan__number", "held_code", "held_zh", "held_en")
    return tuple(Held(number, code, Text(zh, en)) for number, code, zh, en in found)


def as_json(done: MonthEnd) -> MonthEndJson:
    """Return a month-end in the shape the command prints."""
    run = done.run
    return {
        "region": run.region_code,
        "as_of": run.as_of.isoformat(),
        "run": run.pk,
        "already_done": done.already_done,
        "loans": run.loans,
        "postings": run.postings,
        "interest_fen": run.interest_fen,
        "government_fen": run.government_fen,
        "orders": run.orders,
        "held": [{"loan": each.loan, "reason": f"{each.code}: {each.reason.zh}"} for each in done.held],
    }


def _to_be_replayed(run: MonthEndRun) -> list[int]:
    return list(to_be_closed(run).order_by("pk").values_list("pk", flat=True))


@contextmanager
def _shared(
    work: Callable[..., None], run: MonthEndRun, parts: Sequence[Any], workers: int, clock: Callable[[], datetime]
) -> Iterator[None]:
    """Have several processes do what they can of some work while the block runs, each every so many-th part; wait for them at its end.

    What one of them leaves behind is the caller's. One worker is the caller itself: nothing is started.
    """
    processes = []
    if workers > 1 and parts:
        connections.close_all()
        context = multiprocessing.get_context("fork")
        processes = [context.Process(target=_one_of, args=(work, run, parts[part::workers], clock)) for part in range(workers)]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.join()


def _one_of(work: Callable[..., None], run: MonthEndRun, parts: Sequence[Any], clock: Callable[[], datetime]) -> None:
    drop_inherited_connections()
    try:
        work(run, parts, clock=clock, wait=False)
    finally:
        connections.close_all()


@transaction.atomic
def _finish(run_id: int, *, actor: Actor, now: datetime) -> MonthEndRun:
    """Add up what the run closed, and close the run itself; the figures of the first to do so stand."""
    run = MonthEndRun.objects.select_for_update().get(pk=run_id)
    if run.finished_at is not None:
        return run
    closings = LoanClosing.objects.filter(run=run)
    sums = closings.aggregate(
        loans=Count("pk", filter=~Q(owed_fen=0) | ~Q(postings=0) | ~Q(held_code="")),
        postings=Sum("postings", default=0),
        interest_fen=Sum("interest_fen", default=0),
        government_fen=Sum("government_fen", default=0),
        orders=Count("order", filter=Q(order__amount_fen__gt=0)),
    )
    for name, value in sums.items():
        setattr(run, name, value)
    run.finished_at = now
    run.save()
    after = {"as_of": str(run.as_of), **sums, "held": closings.exclude(held_code="").count()}
    record("month_end.finished", f"month_end:{run.pk}", actor=actor, now=now, region_code=run.region_code, after=after)
    return run
