"""What a decision was made on: kept, judged again to the letter, compared with today."""

import json
from datetime import date

import pytest

from tests.people.tables import NOW, RUGAO, SYSTEM, chen
from zhubao.access.models import AuditEntry
from zhubao.evidence.actions import freeze
from zhubao.evidence.models import Snapshot
from zhubao.evidence.selectors import faithful, replay, unfaithful
from zhubao.people.models import Identity, InsuredRecord, Person
from zhubao.policies.judging import as_json

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 12)
STATED = {"open_loan": {"value": False, "source": "贷款登记"}, "inability_declaration": {"value": True, "source": "声明书"}}


@pytest.fixture
def person() -> Person:
    someone = chen()
    InsuredRecord.objects.create(
        person=someone,
        scheme="employee_pension",
        participation_type="flexible",
        insured_area=RUGAO,
        paid_months=150,
        recorded_on=date(2026, 9, 30),
        recorded_at=NOW,
        source="参保人员文件 2026-09",
        row=12,
    )
    Identity.objects.create(
        person=someone,
        region_code=RUGAO,
        category="dibao",
        certifier="civil_affairs",
        certificate="皋低保2024-031",
        starts_on=date(2024, 7, 1),
        source="民政低保名册 2026-09",
        sheet="低保",
        row=3,
        recorded_at=NOW,
    )
    return someone


def test_a_snapshot_is_judged_again_to_the_letter(person: Person) -> None:
    snapshot = freeze(person, "rugao-draft", DAY, stated=STATED, actor=SYSTEM, now=NOW)
    kept = Snapshot.objects.get(pk=snapshot.pk)
    assert json.loads(json.dumps(as_json(replay(kept)))) == kept.result
    assert kept.result["clauses"][0]["source"] == "户口簿"
    assert faithful(kept)
    assert not list(unfaithful(RUGAO))
    assert AuditEntry.objects.get(action="evidence.frozen").after == {
        "snapshot": kept.pk,
        "policy": "rugao-draft",
        "on": "2026-10-12",
        "verdict": kept.verdict,
        "sha256": kept.sha256,
    }
