"""`zhubao install` and `zhubao regions import` as whoever switches a county on meets them: real processes, an empty folder."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhubao.config.database_address import uses_embedded_server

pytestmark = pytest.mark.skipif(not uses_embedded_server(), reason="starts a server of its own; DATABASE_URL names one")
COMMAND = [sys.executable, "-m", "zhubao.cli.main"]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Return an empty data folder that the server's own user can reach."""
    with tempfile.TemporaryDirectory(prefix="zhubao-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def zhubao(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command on the installation of `place`."""
    environment = {**os.environ, "ZHUBAO_DATA_DIR": str(place)}
    return subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=300)


def test_a_county_is_switched_on_once(place: Path, tmp_path: Path) -> None:
    early = zhubao(place, "regions", "import", str(tmp_path / "none.csv"))
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

    faulty = tmp_path / "faulty.csv"
    faulty.write_text("code,name\n500243101,汉葭街道\n5002431,坏\n360102001,外地\n", encoding="utf-8")
    refused = zhubao(place, "regions", "import", str(faulty))
    assert refused.returncode == 2
    assert [line.split(": ")[:2] for line in refused.stderr.splitlines()[:2]] == [
        ["E-REGION-CODE", f"{faulty}:3"],
        ["E-REGION-PARENT", f"{faulty}:4"],
    ]
    assert refused.stderr.splitlines()[-1].startswith(f"zhubao: E-REGIONS: {faulty}: 有 2 处错误")

    good = tmp_path / "good.csv"
    good.write_text("代码,名称\n500243101000,汉葭街道\n", encoding="gb18030")
    imported = json.loads(zhubao(place, "regions", "import", str(good), "--json").stdout)
    assert imported == {"file": str(good), "added": 1, "renamed": 0, "unchanged": 0}
    assert json.loads(zhubao(place, "verify", "--json").stdout)["checks"][0]["differences"] == []
