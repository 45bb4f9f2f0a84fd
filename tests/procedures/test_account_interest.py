"""The year's interest county by county, as the command does it; and what `zhubao verify` says of the accounts."""

from datetime import UTC, date, datetime

import pytest

from tests.people.tables import RUGAO, SYSTEM, chen
from zhubao.access.actors import Actor
from zhubao.accounts.actions import credit
from zhubao.accounts.interest.actions import enter_rate
from zhubao.accounts.models import Entry
from zhubao.accounts.selectors import balance
from zhubao.errors import ZhubaoError
from zhubao.procedures import account_interest
from zhubao.procedures.verification import account_control

NOW = datetime(2027, 2, 1, 2, 0, tzinfo=UTC)
COMMAND = Actor.system(account_interest.SYSTEM)
pytestmark = pytest.mark.django_db


@pytest.mark.clauses("gz-7a", "gz-7b")
def test_a_county_is_tried_then_posted_and_both_may_be_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    person = chen()
    credit(person, "own", 1_000_000, on=date(2025, 5, 1), subject="test:1", key="1", actor=SYSTEM, now=NOW)
    (refused,) = account_interest.try_counties("32", 2026, actor=COMMAND, clock=lambda: NOW)
    assert account_interest.as_json(refused)["fault"] is not None
    enter_rate(RUGAO, 2026, 40_000, "省厅通告 7 号", actor=SYSTEM, now=NOW)
    (untried,) = account_interest.post_counties(RUGAO, 2026, actor=COMMAND, clock=lambda: NOW)
    assert untried.fault is not None
    assert untried.fault.code == "E-INTEREST-STATE"
    for _twice in range(2):
        (tried,) = account_interest.try_counties("32", 2026, actor=COMMAND, clock=lambda: NOW)
    assert account_interest.as_json(tried) == {
        "region": RUGAO, "run": tried.run and tried.run.pk, "state": "tried", "rate_ppm": 40_000, "document": "省厅通告 7 号",
        "accounts": 1, "lots": 1, "interest_fen": 40_000, "by_source": {"own": 40_000}, "fault": None,
    }  # fmt: skip
    assert balance(person).fen == 1_000_000
    stopped = "zhubao.accounts.interest.actions.post_control"
    with monkeypatch.context() as broken:
        broken.setattr(stopped, lambda *_args, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            account_interest.post_counties(RUGAO, 2026, actor=COMMAND, clock=lambda: NOW)
    assert Entry.objects.filter(kind="interest").count() == 0
    for _twice in range(2):
        (posted,) = account_interest.post_counties(RUGAO, 2026, actor=COMMAND, clock=lambda: NOW)
    assert posted.run is not None
    assert (posted.run.state, balance(person).fen) == ("posted", 1_040_000)
    assert account_control(RUGAO) == {"name": "account_control", "checked": 1, "differences": []}


def test_a_region_without_accounts_is_refused() -> None:
    with pytest.raises(ZhubaoError, match="E-INTEREST-NONE"):
        account_interest.try_counties(RUGAO, 2026, actor=COMMAND, clock=lambda: NOW)
