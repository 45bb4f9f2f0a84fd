"""`zhubao receive`: files as an operator hands them in, with the status and the words of the command."""

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone

from tests.loans.lives import COUNTY, PostOf, at
from tests.procedures import deductions as bank
from tests.procedures.claims import HANDED_IN, borrowers, file_of, rows_of
from tests.procedures.retirements import retiring
from zhubao.access.roles import Role
from zhubao.cli.receive import receive
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import Envelope
from zhubao.loans.models import PensionCredit, SubsidyClaim
from zhubao.loans.states import RUGAO
from zhubao.rosters.models import RosterFile

pytestmark = pytest.mark.django_db
JULY = date(2022, 7, 1)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what runs the command in the test's own database: exit status and the object it printed."""
    monkeypatch.setattr("zhubao.cli.receive.installation", nullcontext)

    def answer(now: datetime, *arguments: str) -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr(timezone, "now", lambda: now)
        done = CliRunner().invoke(receive, [*arguments, "--json"], standalone_mode=False)
        if done.exception is not None:
            raise done.exception
        return done.return_value, json.loads(done.output)

    return answer


def test_pensions_are_taken_in_line_by_line_and_again_nothing_changes(post_of: PostOf, run: Any, tmp_path: Path) -> None:
    life = retiring(RUGAO, post_of)
    right = bank.credited(life, JULY, 180_000, date(2022, 7, 15))
    rows = [right, replace(right, loan_number="L77")]
    file = tmp_path / "养老金入账明细.csv"
    file.write_bytes(bank.credit_content(life, rows, "C1"))
    arguments = (str(file), "--layout", "pension_credit", "--region", COUNTY)
    status, said = run(at(2022, 7, 16), *arguments)
    assert (status, said["state"], said["lines"], said["taken"], said["already_done"]) == (1, "partly", 2, 1, False)
    assert [line["line"] for line in said["refused"]] == [2]
    assert said["refused"][0]["reason"].startswith("E-LOAN-UNKNOWN")
    assert (said["policy"], said["sender"], said["batch"]) == (RUGAO, life.loan.bank.name, "C1")
    again = run(at(2022, 7, 17), *arguments)
    assert again == (1, {**said, "already_done": True})
    assert (Envelope.objects.count(), PensionCredit.objects.count()) == (1, 1)


def test_a_claim_is_recomputed_at_once_and_a_faulty_one_refused_whole(post_of: PostOf, run: Any, tmp_path: Path) -> None:
    borrowers(post_of, 1, RUGAO)
    file = tmp_path / "贴息申请.csv"
    content = file_of(post_of, rows_of(post_of, 2021, RUGAO), policy_id=RUGAO)
    file.write_bytes(content.replace("结束,1".encode(), "结束,2".encode()))
    arguments = (str(file), "--layout", "subsidy_claim", "--region", COUNTY)
    status, said = run(HANDED_IN, *arguments)
    assert (status, said["state"], said["taken"]) == (1, "refused", 0)
    assert said["faults"][0].startswith("E-EXCHANGE-CUT")
    assert not SubsidyClaim.objects.exists()
    file.write_bytes(content)
    status, said = run(HANDED_IN, *arguments)
    assert (status, said["taken"], said["claim"]["state"], said["claim"]["differing"]) == (0, 1, "checked", 0)


def test_a_roster_is_handed_in_in_somebodys_name(post_of: PostOf, run: Any, tmp_path: Path) -> None:
    file = tmp_path / "低保名册.csv"
    file.write_text("姓名,身份证号\n甲,320682197305160405\n乙,320682197305160400\n", encoding="utf-8")
    arguments = (str(file), "--layout", "roster", "--region", COUNTY)
    with pytest.raises(ZhubaoError, match="E-RECEIVE-POST"):
        run(HANDED_IN, *arguments)
    login = post_of(Role.AGENCY_REVIEWER).user.username
    status, said = run(HANDED_IN, *arguments, "--as", login)
    assert (status, said["state"], said["lines"], said["rejected"]) == (1, "read", 2, 1)
    assert RosterFile.objects.get().received_by.username == login
    assert run(HANDED_IN, *arguments, "--as", login)[1]["already_done"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("--layout", "letter", "--region", COUNTY), "E-EXCHANGE-KIND", id="没有的种类-no such layout"),
        pytest.param(("--layout", "draw_return", "--region", "999999"), "E-REGION-UNKNOWN", id="没有的区划-no such region"),
        pytest.param(("--layout", "draw_return", "--region", COUNTY), "E-FILE-MISSING", id="没有文件-no file"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_kept(
    county: object, run: Any, tmp_path: Path, arguments: tuple[str, ...], code: str
) -> None:
    with pytest.raises(ZhubaoError, match=code):
        run(HANDED_IN, str(tmp_path / "x.csv"), *arguments)
    assert not Envelope.objects.exists()
