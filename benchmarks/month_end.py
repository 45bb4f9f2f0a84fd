"""The month-end of a million loans in PostgreSQL, all postings, closings and orders included, by two processes; and its balances anew.

A third of the loans is repaid from pensions, with last month's instalment taken; settlement days fall in the month. Of two hundred loans
one begins to be repaid and one is through, about as many as a month brings when loans last ten years. What it comes to is compared with a
replay of every life that the copies were made of. A second run must change nothing; every balance of a loan that goes on quietly is then
derived from the postings. The same postings are also copied into a bare table, as the least that a database can do for them.
"""

import os
import resource
import threading
import time
from pathlib import Path
from typing import Any

from .load_county import scratch_installation
from .month_end_county import CLOSES, COUNTY, ORIGINALS, at, fill

LOANS = 1_000_000
WORKERS = 2
MOST_SECONDS, MOST_BYTES, MOST_SECONDS_OF_BALANCES = 30.0, 2 * 10**9, 20.0
COLUMNS = 'region_code, party, party_reference, "on", booked_on, debit, credit, amount_fen, source, subject, kind, entry, posted_at, actor_name'


def main(loans: int = LOANS) -> int:
    """Fill, close, compare, close again, derive balances, copy; 1 when something took longer than it may or came out wrong."""
    with scratch_installation():
        began = time.perf_counter()
        count = fill(loans)
        print(
            f"{count:,} loans with their lives up to the last month-end, filled in {time.perf_counter() - began:.0f} s",
            flush=True,
        )
        wrong = []
        with Peak() as peak:
            seconds, processor, done = _timed(_close)
        floor = MOST_SECONDS * count / LOANS
        print(
            f"month-end of {done.run.loans:,} loans, {done.run.postings:,} postings, {done.run.orders:,} orders: {seconds:.1f} s, "
            f"{processor:.1f} s of processor ({count / seconds:,.0f} loans a second); the floor is {floor:.1f} s"
        )
        print(
            f"peak memory of all processes, database included: {peak.most / 1e9:.2f} GB; the floor is {MOST_BYTES / 1e9:.0f} GB"
        )
        wrong += [
            *_too_much("month-end", seconds, floor),
            *_too_much("memory", peak.most, MOST_BYTES),
            *_unlike_replay(done.run, count),
        ]
        wrong += _changed_by_a_second_run()
        wrong += _balances(count)
        bare = _bare_copy()
        print(f"bare COPY of the same postings: {bare:.1f} s; the month-end takes {seconds / bare:.1f} times as long", flush=True)
        for fault in wrong:
            print(f"WRONG: {fault}")
        return int(bool(wrong))


def _close() -> Any:
    from zhubao.access.actors import Actor
    from zhubao.procedures.month_end import close_month

    return close_month(COUNTY, CLOSES, workers=WORKERS, actor=Actor.system("benchmark"), clock=lambda: at(CLOSES))


def _unlike_replay(run: Any, count: int) -> list[str]:
    """Return in what a run differs from the replays of the originals, each counted once a copy: no cache, no columns."""
    from zhubao.loans.books import Standing
    from zhubao.loans.models import DeductionOrder, Loan, LoanClosing, LoanStanding, LoanStep
    from zhubao.loans.month_end import examine
    from zhubao.loans.replaying import records_of
    from zhubao.programmes.selectors import parameter_book

    copies, book = count // ORIGINALS, parameter_book()
    originals = list(Loan.objects.filter(pk__lte=ORIGINALS).select_related("bank", "person"))
    ordered: dict[int, dict[Any, int]] = {}
    for pk, month, fen in DeductionOrder.objects.filter(loan_id__lte=ORIGINALS, month__lt=CLOSES.replace(day=1)).values_list(
        "loan_id", "month", "amount_fen"
    ):
        ordered.setdefault(pk, {})[month] = fen
    before = _booked_before([loan.subject for loan in originals])
    wanted = {"interest_fen": 0, "government_fen": 0, "owed_fen": 0, "orders": 0, "ordered_fen": 0}
    for loan in originals:
        known = records_of([loan])[loan.pk]
        found = examine(loan, known, Standing({}, {}), ordered.get(loan.pk, {}), CLOSES, book)
        earned = [line for line in found.lines if line.party.value == "bank" and line.credit == "interest_income"]
        government = sum(line.amount_fen for line in earned if line.debit == "interest_receivable_government")
        wanted["interest_fen"] += sum(line.amount_fen for line in earned) - before[loan.subject][0]
        wanted["government_fen"] += government - before[loan.subject][1]
        wanted["owed_fen"] += found.owed_fen
        wanted["orders"] += bool(found.order and found.order.amount_fen)
        wanted["ordered_fen"] += found.order.amount_fen if found.order else 0
    from django.db.models import Sum

    closings = LoanClosing.objects.filter(run=run)
    orders = DeductionOrder.objects.filter(month=CLOSES.replace(day=1))
    have = {
        "interest_fen": run.interest_fen,
        "government_fen": run.government_fen,
        "owed_fen": closings.aggregate(fen=Sum("owed_fen"))["fen"],
        "orders": run.orders,
        "ordered_fen": orders.aggregate(fen=Sum("amount_fen"))["fen"],
    }
    print(f"  {', '.join(f'{name} {value:,}' for name, value in have.items())}")
    held, kept = closings.exclude(held_code="").count(), LoanStanding.objects.filter(as_of=CLOSES).count()
    began, ended = (LoanStep.objects.filter(verb=verb).count() for verb in ("begin_repaying", "settle"))
    print(
        f"  begun to repay {began:,}, settled {ended:,}; held {held:,}; closed as columns again next month: {kept:,}", flush=True
    )
    wanted |= {"begun": 1, "settled": 1}
    have |= {"begun": began, "settled": ended}
    return [
        f"{name}: {have[name]:,}, a replay says {value * copies:,}"
        for name, value in wanted.items()
        if have[name] != value * copies
    ]


def _booked_before(subjects: list[str]) -> dict[str, tuple[int, int]]:
    """Return of each loan the interest that stood in the bank's books before the run, and the government's part, fen."""
    from django.db.models import Q, Sum

    from zhubao.ledger.models import Posting

    income = Posting.objects.filter(subject__in=subjects, party="bank", credit="interest_income").exclude(posted_at=at(CLOSES))
    government = Sum("amount_fen", filter=Q(debit="interest_receivable_government"), default=0)
    rows = income.order_by().values_list("subject").annotate(fen=Sum("amount_fen"), part=government)
    return dict.fromkeys(subjects, (0, 0)) | {subject: (fen, part) for subject, fen, part in rows}


def _changed_by_a_second_run() -> list[str]:
    """Close again, as the same run and by working on it anew, and return what that added."""
    from zhubao.ledger.models import Posting
    from zhubao.loans.models import LoanClosing
    from zhubao.procedures.month_end import work_on

    def counts() -> tuple[int, int]:
        return LoanClosing.objects.count(), Posting.objects.count()

    before = counts()
    began = time.perf_counter()
    again = _close()
    work_on(again.run.pk, clock=lambda: at(CLOSES))
    seconds = time.perf_counter() - began
    print(f"a second run finds it done: {again.already_done}; with a search for loans left: {seconds:.2f} s", flush=True)
    return [] if again.already_done and counts() == before else [f"a second run made of {before} {counts()}"]


def _balances(count: int) -> list[str]:
    """Derive every balance from the postings and return what differs from where the loans are said to stand."""
    from zhubao.loans.models import LoanStanding
    from zhubao.loans.verifying import balances_beside_postings

    quiet = LoanStanding.objects.count()
    seconds, _processor, (checked, faults) = _timed(lambda: balances_beside_postings(COUNTY))
    floor = MOST_SECONDS_OF_BALANCES * count / LOANS
    print(f"balances of {checked:,} loans derived from their postings: {seconds:.1f} s; the floor is {floor:.1f} s", flush=True)
    wrong = [f"{len(faults)} balances differ: {faults[:3]}"] if faults else []
    return [
        *wrong,
        *([f"{checked:,} balances derived, not {quiet:,}"] if checked != quiet else []),
        *_too_much("balances", seconds, floor),
    ]


def _bare_copy() -> float:
    """Copy what the run posted into a table without keys, indexes or triggers, and return the seconds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (LIKE ledger_posting)")
        cursor.execute("ALTER TABLE bare ALTER COLUMN id DROP NOT NULL")
        query = f'SELECT {COLUMNS} FROM ledger_posting WHERE posted_at = %s AND "on" > %s'
        with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)", [at(CLOSES), CLOSES.replace(day=1)]) as copy:
            parts = [bytes(part) for part in copy]
        began = time.perf_counter()
        with cursor.copy(f"COPY bare ({COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy:
            for part in parts:
                copy.write(part)
        return time.perf_counter() - began


def _too_much(what: str, found: float, most: float) -> list[str]:
    return [f"{what}: {found:,.1f}, at most {most:,.1f}"] if found > most else []


def _timed(work: Any) -> tuple[float, float, Any]:
    """Return the seconds something takes, those of the processors of our own processes and of the database, and its result."""
    began, processor = time.perf_counter(), _processor_seconds()
    result = work()
    return time.perf_counter() - began, _processor_seconds() - processor, result


def _processor_seconds() -> float:
    """Return what our processes that have ended, this one, and the database have used."""
    own = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    ticks = 0
    for pid in (_server(), *_below(_server())):
        # Time of children that ended is the server's: connections come and go.
        numbers = _stat(pid)[11:15] if pid == _server() else _stat(pid)[11:13]
        ticks += sum(int(number) for number in numbers)
    return own + ticks / os.sysconf("SC_CLK_TCK")


def _server() -> int:
    from zhubao.config.embedded_database import cluster_folder

    return int((cluster_folder() / "postmaster.pid").read_text(encoding="ascii").split()[0])


def _stat(pid: int) -> list[str]:
    """Return what the kernel says of a process after its name; zeros for one that has just ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(") ")[2].split()
    except OSError:
        return ["0"] * 50


def _below(*roots: int) -> list[int]:
    """Return the processes that some processes started, and theirs."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            children.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
    found, new = [], list(roots)
    while new:
        new = [child for parent in new for child in children.get(parent, [])]
        found += new
    return found


class Peak:
    """The most memory that this process, those it starts and the database's held at one time while it is watched, bytes.

    Pages that several share are counted once (the kernel's proportional set size).
    """

    def __init__(self) -> None:
        self.most = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        server, own = _server(), os.getpid()
        while not self._over.wait(1):
            self.most = max(self.most, sum(map(_held_by, [own, server, *_below(own, server)])))


def _held_by(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
