"""Month-ends of quiet loans killed, run twice at the same time, or met by an early payment: the books of one after the other."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.loans.lives import SYSTEM, at
from tests.loans.quiet.county import COUNTY, VILLAGE, open_county, rows
from tests.loans.test_events import together
from tests.procedures.test_killed import dying, killed_while
from zhubao.ledger.models import Posting
from zhubao.lending.events import prepaid
from zhubao.loans.books import book
from zhubao.loans.models import Loan, LoanClosing, LoanEvent, LoanStanding
from zhubao.loans.quiet import closing, standings
from zhubao.loans.quiet.advancing import advance
from zhubao.loans.stepping import add_event
from zhubao.loans.verifying import balances_beside_postings, books_beside_replay
from zhubao.procedures import month_end
from zhubao.procedures.month_end import close_month

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.skipif(sys.platform != "linux", reason="forks processes")]
LOANS = 6
BEFORE, DAY, PAID_ON = date(2022, 3, 31), date(2022, 4, 30), date(2022, 4, 12)
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def quiet(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> list[Loan]:
    """Return the loans that a county closed in March and may close as columns in April, three at a time."""
    open_county(LOANS, seed=3)
    close(BEFORE)
    monkeypatch.setattr(month_end, "QUIET_CHUNK", 3)
    kept = list(Loan.objects.exclude(standing=None).order_by("pk"))
    assert len(kept) > 3
    return kept


def close(day: date = DAY, workers: int = 1) -> None:
    """Close the county as of a day."""
    close_month(COUNTY, day, workers=workers, actor=SYSTEM, clock=lambda: at(2022, 5, 1))


def pay_early(loan: Loan) -> None:
    """Pay a part of a loan as every action does: the loan locked, the event told, the difference booked."""
    locked = Loan.objects.select_for_update().get(pk=loan.pk)
    add_event(locked, "prepaid:1", prepaid(PAID_ON, 10_000), "柜面", actor=SYSTEM, now=at(2022, 4, 12))
    book(locked, PAID_ON, actor=SYSTEM, now=at(2022, 4, 12))


def left_by(*works: Callable[[], object]) -> Rows:
    """Return what stands when some work was done, one after the other and alone; nothing of it stays."""
    with transaction.atomic():
        for work in works:
            work()
        found = rows()
        transaction.set_rollback(True)
    return found


def faultless() -> None:
    """Make sure that books, replays, postings and the cache agree."""
    assert [fault for _number, faults in books_beside_replay() for fault in faults] == []
    assert balances_beside_postings() == (LoanStanding.objects.count(), [])


def blocked() -> bool:
    """Tell whether somebody waits for a lock in this database."""
    with connection.cursor() as cursor:
        # Within a transaction the list of connections is otherwise the one of the first look.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def in_a_thread(work: Callable[[], object]) -> Iterator[None]:
    """Do some work in a thread with a connection of its own, and wait for it at the end of the block; its error is raised there."""
    errors: list[BaseException] = []

    def one() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=one)
    thread.start()
    try:
        yield
    finally:
        thread.join(timeout=60)
    assert errors == []


def until_blocked() -> None:
    """Wait until somebody waits for a lock."""
    pause = threading.Event()
    assert any(blocked() or pause.wait(0.02) for _try in range(1500)), "nobody waited"


POINTS = [
    pytest.param(closing, "post_columns", 1, False, id="第一批记账之后"),
    pytest.param(closing, "_write_orders", 2, False, id="第二批开单之后"),
    pytest.param(standings, "write", 1, True, id="第一批留底之前"),
    pytest.param(month_end, "close_quiet", 1, False, id="第一批提交之后"),
]


@pytest.mark.parametrize(("module", "name", "call", "before"), POINTS)
def test_a_killed_month_end_is_repeated_to_the_same_rows(
    quiet: list[Loan], monkeypatch: pytest.MonkeyPatch, module: Any, name: str, call: int, before: bool
) -> None:
    alone = left_by(close)
    with monkeypatch.context() as patched:
        patched.setattr(module, name, dying(getattr(module, name), call, before=before))
        assert killed_while(close) == signal.SIGKILL
    assert LoanClosing.objects.filter(as_of=DAY).count() < LOANS
    close()
    assert rows() == alone


def test_two_month_ends_at_once_post_once(quiet: list[Loan]) -> None:
    alone = left_by(close)

    def one() -> None:
        try:
            close()
        finally:
            connection.close()

    together([one, one])
    assert rows() == alone
    faultless()


def test_two_processes_share_the_quiet_loans(quiet: list[Loan]) -> None:
    alone = left_by(close)
    close(workers=2)
    assert rows() == alone


def test_the_database_refuses_a_second_posting(quiet: list[Loan]) -> None:
    close()
    before = Posting.objects.count()
    columns = 'region_code, party, party_reference, "on", booked_on, debit, credit, amount_fen, source, subject, kind, entry'
    with (
        pytest.raises(IntegrityError, match="_subject_on_ledger_key_mark"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO ledger_posting ({columns}, posted_at, actor_name)"
            f" SELECT {columns}, posted_at, actor_name FROM ledger_posting WHERE region_code = %s LIMIT 1",
            [VILLAGE],
        )
    assert Posting.objects.count() == before


def test_a_payment_during_a_month_end_waits_for_it(quiet: list[Loan], monkeypatch: pytest.MonkeyPatch) -> None:
    loan, reached, go_on = quiet[0], threading.Event(), threading.Event()
    expected = left_by(close, lambda: pay_early(loan))

    def held(*arguments: Any, **more: Any) -> Any:
        reached.set()
        assert go_on.wait(60)
        return advance(*arguments, **more)

    monkeypatch.setattr(closing, "advance", held)
    with in_a_thread(close):
        assert reached.wait(60)
        with in_a_thread(lambda: transaction.atomic()(pay_early)(loan)):
            until_blocked()
            assert not LoanEvent.objects.filter(loan=loan, key="prepaid:1").exists()
            go_on.set()
    assert rows() == expected
    assert not LoanStanding.objects.filter(loan=loan).exists()
    faultless()


def test_a_month_end_waits_for_a_payment_and_counts_it_in(quiet: list[Loan]) -> None:
    loan = quiet[0]
    expected = left_by(lambda: pay_early(loan), close)
    with ExitStack() as running, transaction.atomic():
        pay_early(loan)
        running.enter_context(in_a_thread(close))
        until_blocked()
    assert rows() == expected
    assert LoanClosing.objects.get(loan=loan, as_of=DAY).booked
    faultless()
