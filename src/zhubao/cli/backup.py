"""One file with the whole database, and back: PostgreSQL's own programs, of the wheel or newer ones found on the machine."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TypedDict

from zhubao.errors import ZhubaoError
from zhubao.language import Text

# A dump of a newer server sets what an older one does not know; without these lines it restores on 15.
UNKNOWN_TO_OLDER = (b"SET transaction_timeout",)


class Backup(TypedDict):
    """What was written or read: the file, its size in bytes, its SHA-256, and the newest migration of each app in it."""

    file: str
    bytes: int
    sha256: str
    schema: str


def write_backup(file: Path) -> Backup:
    """Write the database to `file`, which appears whole or not at all.

    Raise E-BACKUP with the program's reason, E-BACKUP-VERSION when no program is as new as the server.
    """
    descriptor, name = tempfile.mkstemp(dir=folder_of(file), prefix=f".{file.name}.")
    os.close(descriptor)
    scratch = Path(name)
    try:
        done = subprocess.run(
            [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={scratch}", *address()],
            env=environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise refused(done.stderr, file)
        scratch.replace(file)
    finally:
        scratch.unlink(missing_ok=True)
    return described(file)


def read_backup(file: Path, *, force: bool) -> Backup:
    """Fill the database from `file` in one transaction; nothing is changed when it fails.

    Raise E-NOT-EMPTY when the database has tables and `force` is not set, E-BACKUP-FILE when the file is no backup of ours.
    """
    if not file.is_file() or file.open("rb").read(5) != b"PGDMP":
        raise ZhubaoError("E-BACKUP-FILE", Text("不是备份文件", "not a backup file"), place=str(file))
    if has_tables() and not force:
        raise ZhubaoError(
            "E-NOT-EMPTY",
            Text("数据库不是空的", "the database is not empty"),
            remedy=Text("换一个空库；确要覆盖，加 --force", "use an empty one; to overwrite it, add --force"),
        )
    with tempfile.TemporaryFile() as script:
        script.write(b"DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n")
        script.flush()
        write_script(file, script.fileno())
        script.seek(0)
        done = subprocess.run(
            [
                program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
                *address(),
            ],
            env=environment(), stdin=script, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise refused(done.stderr, file)
    return described(file)


def write_script(file: Path, descriptor: int) -> None:
    """Append the backup as SQL that PostgreSQL 15 and newer understand."""
    command = [program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        assert reader.stderr is not None
        with os.fdopen(os.dup(descriptor), "wb") as script:
            script.writelines(
                line
                for line in reader.stdout
                if not line.startswith(UNKNOWN_TO_OLDER) and not line.startswith(b"CREATE SCHEMA public;")
            )
        problem = reader.stderr.read().decode(errors="replace")
    if reader.returncode != 0:
        raise refused(problem, file)


def described(file: Path) -> Backup:
    """Return what stands in a backup that matches the database now."""
    from django.db import connection

    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app")
        schema = " ".join(f"{app}.{name}" for app, name in cursor.fetchall())
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {"file": str(file), "bytes": file.stat().st_size, "sha256": digest, "schema": schema}


def has_tables() -> bool:
    """Tell whether the database holds any table."""
    from django.db import connection

    return bool(connection.introspection.table_names())


def server_major() -> int:
    """Return the server's major version."""
    from django.db import connection

    connection.ensure_connection()
    return int(connection.connection.info.server_version) // 10000


def program(name: str) -> str:
    """Return a PostgreSQL program as new as the server; raise E-BACKUP-VERSION when there is none."""
    from zhubao.config.embedded_database import wheel_programs

    wheel = wheel_programs()
    candidates = [str(wheel / name)] if wheel else []
    on_path = shutil.which(name)
    if on_path:
        candidates.append(on_path)
    for candidate in candidates:
        said = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False).stdout
        digits = "".join(letter if letter.isdigit() else " " for letter in said).split()
        if digits and int(digits[0]) >= server_major():
            return candidate
    raise ZhubaoError(
        "E-BACKUP-VERSION",
        Text(f"没有不低于 PostgreSQL {server_major()} 的 {name}", f"no {name} as new as PostgreSQL {server_major()}"),
        remedy=Text("安装同版本的 PostgreSQL 客户端", "install PostgreSQL's client programs of that version"),
    )


def address() -> list[str]:
    """Return the options that name the database; the password goes by the environment."""
    from django.db import connection

    settings = connection.settings_dict
    pairs = {"--host": settings["HOST"], "--port": settings["PORT"], "--username": settings["USER"], "--dbname": settings["NAME"]}
    return [f"{option}={value}" for option, value in pairs.items() if value]


def environment() -> dict[str, str]:
    """Return the environment of the programs, with the password and the connection's options."""
    from django.db import connection

    settings = connection.settings_dict
    options = {f"PG{key.upper()}": str(value) for key, value in settings.get("OPTIONS", {}).items() if key.startswith("ssl")}
    return {**os.environ, **options, "PGPASSWORD": settings["PASSWORD"] or ""}


def folder_of(file: Path) -> Path:
    """Return the folder a file will stand in; raise E-FOLDER when it is missing or may not be written."""
    folder = file.resolve().parent
    if not os.access(folder, os.W_OK):
        raise ZhubaoError("E-FOLDER", Text("文件夹不存在或不能写", "the folder is missing or not writable"), place=str(folder))
    return folder


def refused(stderr: str, file: Path) -> ZhubaoError:
    """Return the error with the first line the program complained in."""
    reason = next((line for line in stderr.splitlines() if "rror" in line), stderr.strip())
    return ZhubaoError("E-BACKUP", Text(reason, reason), place=str(file))
