"""Two hundred clerks at work for a minute on a county of a hundred thousand cases, against the real server on this machine.

Each clerk opens the queue, thinks for 5 to 10 seconds, opens a case of the queue, thinks again. The server (granian, two processes)
and PostgreSQL share the machine's cores with the clerks. A time is from the first byte of the question to the last of the answer.
The floor: 95 of 100 answers within 150 ms on both pages, and no answer that is not 200; meant for two cores with nothing else to
do. It stops by itself; loopback only.
"""

import asyncio
import os
import re
import resource
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from .load_county import CASES, CLERKS, fill, scratch_installation, sign_clerks_in

SECONDS, WORKERS = 60.0, 2
THINKS = (5.0, 10.0)
P95_MS = 150.0
HOST = "127.0.0.1"
A_CASE = re.compile(rb'href="(/cases/[A-Z]{2}[0-9]{6}-[0-9]{4}-[0-9]{6}/)')


@dataclass
class Times:
    """Answer times in milliseconds by page, and answers that were none."""

    of: dict[str, list[float]] = field(default_factory=lambda: {"queue": [], "case": []})
    errors: list[str] = field(default_factory=list)

    def share(self, page: str, percent: int) -> float:
        """Return the time within which so many of a hundred answers came."""
        times = sorted(self.of[page])
        return times[min(len(times) - 1, len(times) * percent // 100)] if times else float("inf")


class Clerk:
    """One signed-in clerk with a connection that is kept open."""

    def __init__(self, port: int, session: str, times: Times, seed: int) -> None:
        self.port, self.session, self.times, self.rng = port, session, times, Random(seed)
        self.wires: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def work(self, until: float) -> None:
        """Go from the queue to a case and back until a moment of the monotonic clock; begin at a moment of one's own."""
        await asyncio.sleep(self.rng.uniform(0, THINKS[1]))
        while time.monotonic() < until:
            listed = sorted(set(A_CASE.findall(await self.open("queue", "/cases/"))))
            await self.think(until)
            if listed and time.monotonic() < until:
                await self.open("case", self.rng.choice(listed).decode())
                await self.think(until)
        if self.wires:
            self.wires[1].close()

    async def think(self, until: float) -> None:
        """Pause as somebody who reads."""
        await asyncio.sleep(max(0.0, min(self.rng.uniform(*THINKS), until - time.monotonic())))

    async def open(self, page: str, path: str) -> bytes:
        """Open a page and return its text; note the time, and what was no answer."""
        asked = time.perf_counter()
        try:
            status, body = await asyncio.wait_for(self._ask(path), 30)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            self.wires = None
            self.times.errors.append(f"{path} {type(error).__name__}")
            return b""
        self.times.of[page].append((time.perf_counter() - asked) * 1000)
        if status != 200:
            self.times.errors.append(f"{path} {status}")
        return body

    async def _ask(self, path: str) -> tuple[int, bytes]:
        self.wires = self.wires or await asyncio.open_connection(HOST, self.port)
        reader, writer = self.wires
        lines = (f"GET {path} HTTP/1.1", f"Host: {HOST}:{self.port}", f"Cookie: sessionid={self.session}", "", "")
        writer.write("\r\n".join(lines).encode())
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head.split(b" ", 2)[1])
        length = re.search(rb"content-length: (\d+)", head)
        if length:
            return status, await reader.readexactly(int(length.group(1)))
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readuntil(b"\r\n")
        return status, body


async def busy(port: int, sessions: list[str], seconds: float) -> Times:
    """Have every clerk work side by side for so many seconds."""
    times, until = Times(), time.monotonic() + seconds
    await asyncio.gather(*(Clerk(port, session, times, seed).work(until) for seed, session in enumerate(sessions)))
    return times


def database_seconds() -> float:
    """Return the processor time PostgreSQL has used, its ended processes included, as Linux tells it."""
    from zhubao.config.embedded_database import cluster_folder

    server = (cluster_folder() / "postmaster.pid").read_text().split()[0]
    ticks = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            told = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if folder.name == server:
            ticks += sum(map(int, told[11:15]))
        elif told[1] == server:
            ticks += sum(map(int, told[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def main(cases: int = CASES, clerks: int = CLERKS, seconds: float = SECONDS) -> int:
    """Make the county, start the server, let the clerks work, stop the server; 1 when the floor was missed."""
    with scratch_installation():
        began = time.perf_counter()
        count = fill(cases)
        sessions = [key for _name, key in sign_clerks_in(clerks)]
        print(f"{count:,} cases in {time.perf_counter() - began:.0f} s; {clerks} clerks, {seconds:.0f} s", flush=True)
        from zhubao.cli.supervision import server_command, wait_until_answering

        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = int(probe.getsockname()[1])
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        server = subprocess.Popen(server_command(HOST, port, WORKERS), env=os.environ)
        try:
            wait_until_answering(port)
            database, clerk = database_seconds(), time.process_time()
            times = asyncio.run(busy(port, sessions, seconds))
            database, clerk = database_seconds() - database, time.process_time() - clerk
        finally:
            server.terminate()
            server.wait(timeout=30)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    answers = max(1, sum(len(found) for found in times.of.values()))
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    spent_by = (("server, its start included,", used), ("PostgreSQL", database), ("the clerks themselves", clerk))
    print("processor an answer: " + "  ".join(f"{name} {spent * 1000 / answers:.1f} ms" for name, spent in spent_by))
    for page, found in times.of.items():
        shares = "  ".join(f"p{percent} {times.share(page, percent):.0f} ms" for percent in (50, 95, 99))
        print(f"{page:6} {len(found):5} answers  {len(found) / seconds:.1f}/s  {shares}")
    print(f"errors {len(times.errors)}  {times.errors[:3]}")
    missed = times.errors or any(times.share(page, 95) > P95_MS for page in times.of)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
