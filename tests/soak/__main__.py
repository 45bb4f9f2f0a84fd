"""`python -m tests.soak [ROUNDS] [--seed N]`: kill (SIGKILL) server, worker or database at random points, fifty times.

The work is one bank's day: two files handed in to the server, applied by the worker, a claim paid, July closed. It is done once
undisturbed. Then, round by round, from a copy of the same database, one kill falls at a random moment of it; the database is started
again, the work of a worker that is gone goes back to the queue, and the work is repeated until it is done. Its books must be those of
the undisturbed run: every posting, event, order, claim line and entry of the audit log. Only processes started here are ended; all
of it stands below a temporary folder and goes with it.
"""

import argparse
import math
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

ROUNDS = 50
PATIENCE, GRACE = 120.0, 5.0
DATABASE, PROCESS = "database", "process"


@contextmanager
def scratch_installation() -> Iterator[None]:
    """Have an empty installation of its own inside the block, its clock standing still, and nothing of it afterwards."""
    with tempfile.TemporaryDirectory(prefix="zhubao-soak-") as folder:
        Path(folder).chmod(0o755)
        os.environ["ZHUBAO_DATA_DIR"] = folder
        os.environ.pop("DATABASE_URL", None)
        from zhubao.cli.operations import installation

        with installation():
            from django.conf import settings
            from django.utils import timezone

            from .county import NOW

            settings.ALLOWED_HOSTS = ["*"]
            settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
            settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
            timezone.now = lambda: NOW  # every process of the soak is forked from this one
            try:
                yield
            finally:
                go_to("")


def go_to(name: str) -> None:
    """Let go of every connection, and open the next ones to a database; "" for none."""
    from django.db import connections

    connections.close_all()
    connections.databases["default"]["NAME"] = name
    for alias in list(connections):
        with suppress(AttributeError):
            del connections[alias]


def copied(source: str, name: str) -> None:
    """Make a database anew as a copy of another, and go to it."""
    import psycopg

    from zhubao.config import embedded_database

    go_to("")
    with psycopg.connect(
        host=str(embedded_database.socket_folder()), user=embedded_database.OWNER, dbname="postgres", autocommit=True
    ) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        # Copied through the log, sequences go back to the copy's state when the server crashes, and give out keys twice (PostgreSQL 15-18).
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy')
    go_to(name)


class Killer:
    """Kills once, after so many seconds of work, the process at work or the database; without a moment it kills nothing."""

    def __init__(self, after: float | None = None, victim: str = "") -> None:
        self.left = after
        self.victim = victim
        self.struck = ""
        self.struck_at = math.inf
        self.worked = 0.0

    def run(self, name: str, work: Callable[[], Any]) -> bool:
        """Do some work in a process of its own; tell whether it came to its end. Raise RuntimeError when it hangs."""
        from django.db import connections

        connections.close_all()
        child = os.fork()
        if child == 0:
            _in_child(work)
        began = time.perf_counter()
        while True:
            done, status = os.waitpid(child, os.WNOHANG)
            passed = time.perf_counter() - began
            if done:
                break
            if self.left is not None and passed >= self.left:
                self.strike(name, child)
                self.struck_at = passed
            # A worker without its database waits for it to come back; it goes too, as when a machine is started anew.
            if passed > PATIENCE or (passed > self.struck_at + GRACE and self.struck == DATABASE):
                os.kill(child, signal.SIGKILL)
                _gone, status = os.waitpid(child, 0)
                if self.struck != DATABASE:
                    raise RuntimeError(f"{name} hangs")
                break
            time.sleep(0.002)
        if self.left is not None:
            self.left -= passed
        self.struck_at = math.inf
        self.worked += passed
        return status == 0

    def strike(self, name: str, child: int) -> None:
        """Kill what is to be killed."""
        from zhubao.config.embedded_database import cluster_folder

        self.left, self.struck = None, DATABASE if self.victim == DATABASE else name
        victim = child
        if self.victim == DATABASE:
            victim = int((cluster_folder() / "postmaster.pid").read_text().split()[0])
        os.kill(victim, signal.SIGKILL)


def _in_child(work: Callable[[], Any]) -> None:
    """Do the work and end the process: 0, or 1 where it failed, which after a kill of the database it may."""
    from zhubao.procedures.forked import drop_inherited_connections

    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if not os.environ.get("SOAK_LOUD"):
            os.dup2(1, 2)
        drop_inherited_connections()
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def mended() -> None:
    """Do what supervision does after a crash: have the database up, and work of workers that are gone back in the queue."""
    from django.db import DatabaseError, connection

    from zhubao.config import embedded_database
    from zhubao.errors import ZhubaoError

    began, name = time.perf_counter(), connection.settings_dict["NAME"]
    while True:
        try:
            if not embedded_database.is_running(embedded_database.cluster_folder()):
                # The hold on the server that was killed stands; a second one would keep the last from stopping it.
                embedded_database.start().hold.close()
            go_to(name)
            connection.ensure_connection()
            break
        except (ZhubaoError, DatabaseError):
            # A server just killed counts as running until its process is gone, and refuses everybody.
            if time.perf_counter() - began > PATIENCE:
                raise
            time.sleep(0.2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs WHERE status = 'doing'")
        left = [row[0] for row in cursor.fetchall()]
    from django.utils import timezone
    from procrastinate.contrib.django import app

    for job in left:
        app.job_manager.retry_job_by_id(job, retry_at=timezone.now())


def day_of_work(work: Any, killer: Killer) -> int:
    """Do the day's work until it is done; return how often it was begun."""
    from . import county

    stages: list[tuple[str, Callable[[], Any]]] = [
        ("server", lambda: county.hand_in(work)),
        ("worker", county.work_through),
        ("server", county.pay),
        ("worker", county.close),
    ]
    for begun in range(1, 6):
        if all(killer.run(name, stage) for name, stage in stages) and county.finished():
            return begun
        mended()
    raise RuntimeError("the work is not done after five beginnings")


def differences(wanted: Any, found: Any) -> list[str]:
    """Return in words where books differ."""
    said = []
    for name, rows in wanted.items():
        less, more = Counter(rows) - Counter(found[name]), Counter(found[name]) - Counter(rows)
        said += [f"{name}: missing {row}" for row in less] + [f"{name}: too much {row}" for row in more]
    return said


def main(rounds: int, seed: int) -> int:
    """Kill so many times; 1 when the books of any round differ, or too few kills fell into the work."""
    choose = random.Random(seed)
    with scratch_installation():
        from . import county

        work = county.fill()
        copied("zhubao", "calm")
        calm = Killer()
        day_of_work(work, calm)
        wanted = county.books()
        fen = sum(row[-1] for row in wanted["postings"])
        click.echo(f"undisturbed: {calm.worked:.1f} s, {len(wanted['postings'])} postings of {fen:,} fen; seed {seed}")
        wrong = [f"undisturbed: {each}" for each in wanted["unlike replay"]]
        struck: Counter[str] = Counter()
        shortest, number = calm.worked, 0
        while struck.total() < rounds and number < 3 * rounds:
            number += 1
            copied("zhubao", "soak")
            after = choose.uniform(0, shortest)
            killer = Killer(after, choose.choice((DATABASE, PROCESS, PROCESS)))
            begun = day_of_work(work, killer)
            found = differences(wanted, county.books())
            if killer.struck:
                struck[killer.struck] += 1
            else:
                # The machine was quicker than on the first day: the kill came too late, and the round does not count.
                shortest = min(shortest, killer.worked)
            click.echo(
                f"{number:3} {killer.struck or 'nothing'} killed after {after:.2f} s, begun {begun} times: "
                f"{'the same books' if not found else f'{len(found)} DIFFERENCES'}"
            )
            wrong += [f"{number}: {each}" for each in found]
        if struck.total() < rounds:
            wrong.append(f"only {struck.total()} of {rounds} kills fell into the work")
        click.echo(", ".join(f"{name} {count}" for name, count in sorted(struck.items())))
        for each in wrong[:50]:
            click.echo(f"WRONG {each}")
    return int(bool(wrong))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("rounds", nargs="?", type=int, default=ROUNDS)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args()
    sys.exit(main(given.rounds, given.seed))
