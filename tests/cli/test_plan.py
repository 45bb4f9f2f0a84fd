"""`zhubao plan` reckons a county's plan, tries it out, and writes nothing the second time."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from tests.assistance.pengshui import remembered_county
from zhubao.assistance.models import PlanRow, PlanRun
from zhubao.cli.plan import plan


@pytest.mark.django_db
@pytest.mark.clauses("ps-2.2d")
def test_the_plan_is_brought_up_to_date_tried_out_and_safe_to_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered_county()
    monkeypatch.setattr("zhubao.cli.plan.installation", nullcontext)
    monkeypatch.setattr("zhubao.access.clock.now", lambda: datetime(2022, 3, 10, 2, tzinfo=UTC))

    def asked(*more: str) -> dict[str, Any]:
        given = ["--region", "500243", "--policy", "pengshui-2022", "--year", "2022", "--as-of", "2022-03-10", "--json", *more]
        answer = CliRunner().invoke(plan, given, standalone_mode=False, catch_exceptions=False)
        assert answer.return_value == 0
        told: dict[str, Any] = json.loads(answer.output)
        return told

    first = asked()
    assert (first["kind"], first["planned"], first["on_behalf_fen"]) == ("monthly", 9, 78_000)
    assert asked() == first
    before = list(PlanRow.objects.order_by("pk").values())
    tried = asked("--trial", "--lowest-tier", "120")
    assert (tried["kind"], tried["on_behalf_fen"]) == ("trial", 93_600)
    assert list(PlanRow.objects.order_by("pk").values()) == before
    assert PlanRun.objects.count() == 3
