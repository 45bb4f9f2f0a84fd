"""`zhubao run`, `install`, `regions import` and the files they make, as an operator meets them: real processes on a real port."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from zhubao.config.database_address import uses_embedded_server

pytestmark = pytest.mark.skipif(not uses_embedded_server(), reason="starts servers of its own; DATABASE_URL names one")
# Posts of Rugao with its second bank, of the Jiangxi and the Tongling county, of the two that pay on behalf, and four citizens.
ACCOUNTS = 20 + 17 + 17 + 21 + 21 + 4
COMMAND = [sys.executable, "-m", "zhubao.cli.main"]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Return an empty data folder that the server's own user can reach; pytest's own are closed to it when root runs them."""
    with tempfile.TemporaryDirectory(prefix="zhubao-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def zhubao(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command on the installation of `place`."""
    environment = {**os.environ, "ZHUBAO_DATA_DIR": str(place)}
    return subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=300)


@contextmanager
def running(place: Path, port: int, *options: str) -> Iterator[list[str]]:
    """Run the installation; give the lines printed up to the address; stop it as Ctrl-C does."""
    environment = {**os.environ, "ZHUBAO_DATA_DIR": str(place), "PYTHONUNBUFFERED": "1"}
    command = [*COMMAND, "run", "--port", str(port), *options]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            if "http://" in line:
                break
        yield lines
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        process.stdout.close()
    assert process.returncode == 0


def address_in(lines: list[str]) -> str:
    """Return the address the command printed."""
    found = re.search(r"http://[0-9.:]+/", lines[-1])
    assert found, lines
    return found.group()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_twice_at_once(place: Path, port: int, *options: str) -> list[str]:
    """Run the installation, and once more beside it; return what the first run printed, once both have stopped."""
    with running(place, port, *options) as first:
        assert address_in(first) == f"http://127.0.0.1:{port}/"
        with urllib.request.urlopen(address_in(first)) as page:
            assert "用户名" in page.read().decode()
        with running(place, port, *options) as second:
            assert f"端口 {port} 已被占用" in "\n".join(second)
            assert address_in(second) != address_in(first)
        with urllib.request.urlopen(address_in(first) + "health/") as page:
            assert page.status == 200, "the first run lost its database when the second one stopped"
    assert not (place / "postgresql" / "postmaster.pid").exists()
    assert (place / "secret.key").stat().st_mode & 0o777 == 0o600
    return first


def chain_of(place: Path) -> dict[str, object]:
    """Return what `verify` says of the audit log."""
    verified = zhubao(place, "verify", "--json")
    assert verified.returncode == 0
    chain: dict[str, object] = json.loads(verified.stdout)["checks"][0]
    assert (chain["name"], chain["differences"]) == ("audit_chain", [])
    return chain


def back_up_and_restore(place: Path, kept: Path) -> None:
    """Write a backup, have it refused over data that are there, and restore it all the same."""
    chain = chain_of(place)
    written = json.loads(zhubao(place, "backup", str(kept), "--json").stdout)
    assert set(written) == {"file", "bytes", "sha256", "schema"}
    assert written["bytes"] == kept.stat().st_size
    refused = zhubao(place, "restore", str(kept), "--json")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "E-NOT-EMPTY" in refused.stderr
    restored = zhubao(place, "restore", str(kept), "--force", "--json")
    assert json.loads(restored.stdout)["schema"] == written["schema"]
    assert chain_of(place)["checked"] == chain["checked"]


def switch_on(place: Path, folder: Path) -> None:
    """Switch a county on, once, and read its places from a file."""
    early = zhubao(place, "regions", "import", str(folder / "none.csv"))
    assert (early.returncode, early.stdout) == (2, "")
    assert early.stderr.startswith("zhubao: E-NOT-INSTALLED: ")

    done = zhubao(place, "install", "--region", "500243", "--name", "彭水县社会保险事务中心", "--user", "hexin", "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert len(made.pop("password")) == 19
    assert made == {
        "region": "500243",
        "regions": {"50": "重庆市", "500243": "彭水苗族土家族自治县"},
        "agency": "彭水县社会保险事务中心",
        "user": "hexin",
    }

    again = zhubao(place, "install", "--region", "320682", "--name", "另一个", "--lang", "en")
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.startswith("zhubao: E-INSTALLED: this database is set up already")
    assert zhubao(place, "demo").stderr.startswith("zhubao: E-REAL-DATA: ")

    faulty = folder / "faulty.csv"
    faulty.write_text("code,name\n500243101,汉葭街道\n5002431,坏\n360102001,外地\n", encoding="utf-8")
    refused = zhubao(place, "regions", "import", str(faulty))
    assert refused.returncode == 2
    assert [line.split(": ")[:2] for line in refused.stderr.splitlines()[:2]] == [
        ["E-REGION-CODE", f"{faulty}:3"],
        ["E-REGION-PARENT", f"{faulty}:4"],
    ]
    assert refused.stderr.splitlines()[-1].startswith(f"zhubao: E-REGIONS: {faulty}: 有 2 处错误")

    good = folder / "good.csv"
    good.write_text("代码,名称\n500243101000,汉葭街道\n", encoding="gb18030")
    imported = json.loads(zhubao(place, "regions", "import", str(good), "--json").stdout)
    assert imported == {"file": str(good), "added": 1, "renamed": 0, "unchanged": 0}


def test_an_installation_without_demonstration(place: Path, tmp_path: Path) -> None:
    port = free_port()
    assert not any(" · " in line for line in run_twice_at_once(place, port, "--empty"))
    switch_on(place, tmp_path)
    back_up_and_restore(place, tmp_path / "county.backup")
    with running(place, port) as again:
        assert not any("口令" in line for line in again), "no demonstration beside real data"


@pytest.mark.long
def test_a_whole_life(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="zhubao-test-") as folder:
        place, port = Path(folder), free_port()
        place.chmod(0o755)
        first = run_twice_at_once(place, port)
        assert sum(" · " in line for line in first) == ACCOUNTS, "one account for each post, and the citizens"
        checked = chain_of(place)["checked"]
        assert isinstance(checked, int)
        assert checked > 17

        made = json.loads(zhubao(place, "demo", "--json").stdout)
        assert made == {"people": 3000, "rosters": 20, "cases": made["cases"], "loans": made["loans"], "seed": 7}
        assert (made["cases"] > 150, made["loans"] > 50) == (True, True)

        back_up_and_restore(place, tmp_path / "county.backup")
        with running(place, port) as again:
            password = next(line for line in again if "口令" in line)
            assert password in first
            assert sum(" · " in line for line in again) == ACCOUNTS


def test_a_county_in_files_needs_no_database(tmp_path: Path) -> None:
    done = zhubao(tmp_path / "none", "demo", "--people", "200", "--seed", "3", "--out", str(tmp_path / "county"), "--json")
    assert json.loads(done.stdout)["people"] == 200
    assert (tmp_path / "county" / "manifest.json").is_file()
    assert not (tmp_path / "none").exists()


def test_serve_refuses_a_taken_port(place: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = zhubao(place, "serve", "--port", str(port))
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"zhubao: E-PORT: 127.0.0.1:{port}: ")


def test_a_file_that_is_no_backup_is_refused(place: Path, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not a dump")
    refused = zhubao(place, "restore", str(other), "--force")
    assert refused.returncode == 2
    assert "E-BACKUP-FILE" in refused.stderr


def test_an_address_nobody_answers_is_one_line(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "ZHUBAO_DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"postgresql://nobody@127.0.0.1:{free_port()}/nothing",
    }
    done = subprocess.run([*COMMAND, "verify"], env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "E-DATABASE: 127.0.0.1: " in done.stderr
