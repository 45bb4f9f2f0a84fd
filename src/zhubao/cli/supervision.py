"""The child processes of `zhubao run`: web server and worker, started together, stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

from zhubao.errors import ZhubaoError
from zhubao.language import Text

Say = Callable[[Text], None]
LOCAL = "127.0.0.1"
PORTS_TRIED = 50
# Requests wait on the database, not on the processor; more than this many at once only queue there.
THREADS = 4
# Browsers keep their connections open, and the server counts those, not what is asked over them: the next clerk would wait for one to leave.
CONNECTIONS = 1024
# The counties of a demonstration are filled side by side by so many processes.
PROCESSES = 2


def is_free(host: str, port: int) -> bool:
    """Tell whether nobody listens on a port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def refuse_taken(host: str, port: int) -> None:
    """Raise E-PORT when somebody listens on a port already."""
    if not is_free(host, port):
        raise ZhubaoError(
            "E-PORT",
            Text("端口已被占用", "the port is taken"),
            place=f"{host}:{port}",
            remedy=Text("用 --port 另选一个", "choose another with --port"),
        )


def free_port(wished: int) -> int:
    """Return the wished port or the next free one; raise E-PORT when a long run of them is taken."""
    for port in range(wished, min(wished + PORTS_TRIED, 65536)):
        if is_free(LOCAL, port):
            return port
    refuse_taken(LOCAL, wished)
    return wished


def server_command(host: str, port: int, workers: int) -> list[str]:
    """Return the command line of the web server."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "zhubao.config.wsgi:application",
        "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", str(THREADS), "--backpressure", str(CONNECTIONS), "--log-level", "warning",
    ]  # fmt: skip


def serve_here(host: str, port: int, workers: int) -> int:
    """Run the web server until it is stopped; return its exit status."""
    return supervise([server_command(host, port, workers)], ready=lambda: None)


def run_everything(port: int, *, demonstration: bool, say: Say) -> int:
    """Start web server and worker, print the address and the accounts, wait for Ctrl-C; return 0 when asked to stop."""
    from zhubao.config import embedded_database
    from zhubao.config.database_address import uses_embedded_server
    from zhubao.config.places import data_folder

    accounts = prepare_demonstration() if demonstration else []
    chosen = free_port(port)
    if chosen != port:
        say(Text(f"端口 {port} 已被占用，改用 {chosen}。", f"Port {port} is taken; using {chosen}."))
    say(Text(f"数据在 {data_folder()}", f"Data is in {data_folder()}"))
    if uses_embedded_server():
        where = embedded_database.cluster_folder()
        say(Text(f"数据库：内置 PostgreSQL，{where}", f"Database: embedded PostgreSQL, {where}"))
    else:
        say(Text("数据库：DATABASE_URL 所指", "Database: the one DATABASE_URL names"))

    def announce() -> None:
        wait_until_answering(chosen)
        for line in accounts:
            say(line)
        say(Text(f"打开 http://{LOCAL}:{chosen}/ （Ctrl-C 停止）", f"Open http://{LOCAL}:{chosen}/ (Ctrl-C stops)"))

    worker = [sys.executable, "-m", "zhubao.cli.main", "worker"]
    return supervise([server_command(LOCAL, chosen, 1), worker], ready=announce)


def prepare_demonstration() -> list[Text]:
    """Fill an empty database with the demonstration; return one line per account, none when the database holds real data."""
    from django.utils import timezone, translation

    from zhubao.access.selectors import is_demonstration, open_posts
    from zhubao.config.places import create_data_folder
    from zhubao.procedures import demonstration
    from zhubao.procedures.demonstration_cases.filling import citizens

    if not demonstration.wanted():
        return []
    password = demonstration_password()
    lines = [Text(f"演示账号，口令都是 {password}", f"Demonstration accounts, all with the password {password}")]
    if is_demonstration():
        demonstration.open_every_office(password=password)
    else:
        folder = create_data_folder() / "demonstration"
        demonstration.fill_everything(folder, password=password, jobs=PROCESSES, now=timezone.now())
    for post in open_posts():
        with translation.override("zh-hans"):
            chinese = f"{post.organisation} · {post.get_role_display()} · {post.user}"
        with translation.override("en"):
            english = f"{post.get_role_display()}, {post.organisation.get_kind_display()}"
        lines.append(Text(f"  {post.user.username:28} {chinese}", f"  {post.user.username:28} {english}"))
    for user in citizens():
        lines.append(Text(f"  {user.username:28} 申请人 · {user}", f"  {user.username:28} applicant"))
    return lines


def demonstration_password() -> str:
    """Return the password of all demonstration accounts: made once, kept for the owner of the data folder."""
    import secrets

    from zhubao.config.places import create_data_folder
    from zhubao.config.secret import keep_once

    return keep_once(create_data_folder() / "demonstration-password", secrets.token_urlsafe(9))


def wait_until_answering(port: int) -> None:
    """Return when the web server accepts connections; raise E-SERVER when it has not after a minute."""
    for _attempt in range(600):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if probe.connect_ex((LOCAL, port)) == 0:
                return
        time.sleep(0.1)
    raise ZhubaoError("E-SERVER", Text("网页服务没有启动", "the web server did not start"), place=f"{LOCAL}:{port}")


def supervise(commands: list[list[str]], *, ready: Callable[[], None]) -> int:
    """Run commands side by side until a signal or until one ends, then stop the others; return 0 after a signal.

    Raise E-STOPPED-ITSELF naming the process that ended without being asked.
    """
    asked_to_stop = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    # Sessions of their own: Ctrl-C reaches only us, and we stop them in order.
    children = [subprocess.Popen(command, start_new_session=True, env=os.environ) for command in commands]
    try:
        ready()
        while not asked_to_stop and all(child.poll() is None for child in children):
            time.sleep(0.2)
        ended = next((child for child in children if child.poll() is not None), None)
        if ended and not asked_to_stop:
            name = str(ended.args[2]) if isinstance(ended.args, list) else ""
            raise ZhubaoError(
                "E-STOPPED-ITSELF",
                Text(f"进程自行结束，状态 {ended.returncode}", f"the process ended by itself with status {ended.returncode}"),
                place=name,
            )
        return 0
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        for number, handler in before.items():
            signal.signal(number, handler)
