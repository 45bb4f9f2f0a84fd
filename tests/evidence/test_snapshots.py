"""What a decision was made on: kept, judged again to the letter, compared with today."""

import json
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.evidence.lives import DAY, DAYS, LIVES, insure, rugao_borrower
from tests.people.tables import NOW, RUGAO, SYSTEM
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry
from zhubao.evidence import editions, selectors
from zhubao.evidence.actions import freeze
from zhubao.evidence.models import Snapshot
from zhubao.evidence.selectors import Difference, differences, faithful, replay, snapshot_for, snapshots_of, unfaithful
from zhubao.parameters import Parameter
from zhubao.people.models import Identity
from zhubao.people.recording import end_identity
from zhubao.policies import MODULES
from zhubao.policies.judging import as_json
from zhubao.programmes.actions import enter_figures, withdraw_figure

pytestmark = pytest.mark.django_db
STATED = {"open_loan": {"value": False, "source": "贷款登记"}, "inability_declaration": {"value": True, "source": "声明书"}}
LATER = NOW + timedelta(days=1)
TIER = Parameter("lowest_tier_monthly_fen", 86_400, "fen", "320682", date(2026, 1, 1), None, "苏人社发 2026", decided_by="人社局")


def frozen(policy_id: str = "rugao-draft") -> Snapshot:
    on = DAYS.get(policy_id, DAY)
    made = freeze(LIVES[policy_id](), policy_id, on, stated=STATED, actor=SYSTEM, now=NOW)
    return Snapshot.objects.select_related("person").get(pk=made.pk)


@pytest.mark.parametrize("policy_id", MODULES)
def test_a_snapshot_is_judged_again_to_the_letter(policy_id: str) -> None:
    kept = frozen(policy_id)
    assert json.loads(json.dumps(as_json(replay(kept)))) == kept.result
    assert (kept.verdict, kept.decisions) == (kept.result["verdict"], kept.result["decisions"])
    assert faithful(kept)
    assert not list(unfaithful())
    assert AuditEntry.objects.get(action="evidence.frozen").after == {
        "snapshot": kept.pk,
        "policy": policy_id,
        "on": kept.on.isoformat(),
        "verdict": kept.verdict,
        "sha256": kept.sha256,
    }


def test_no_citizen_number_lies_in_a_snapshot() -> None:
    kept = frozen()
    assert "320682197305160" not in json.dumps([kept.facts, kept.stated, kept.result])
    assert kept.facts["birth"]["source"] == "公民身份号码"


def test_later_figures_do_not_change_what_was_decided() -> None:
    [figure] = enter_figures([TIER], actor=SYSTEM, now=NOW)
    kept = frozen()
    assert TIER.name not in {row["fact"] for row in kept.result["missing"]}
    withdraw_figure(figure.pk, "更正", actor=SYSTEM, now=LATER)
    dearer = Parameter(*(TIER.name, 90_000, "fen", "320682", date(2026, 1, 1), None, "苏人社发 2026 更正"), decided_by="人社局")
    enter_figures([dearer], actor=SYSTEM, now=LATER)
    assert faithful(kept)
    changed = differences(kept, LATER + timedelta(hours=1), on=DAY)
    assert [(each.what, each.name, each.then, each.now) for each in changed] == [("figure", TIER.name, 86_400, 90_000)]
    assert changed[0].source == "苏人社发 2026 更正"


def test_the_same_moment_again_is_the_same_snapshot() -> None:
    person = rugao_borrower()
    first, second = (freeze(person, "rugao-draft", DAY, stated=STATED, actor=SYSTEM, now=NOW) for _ in range(2))
    third = freeze(person, "rugao-draft", DAY, stated=STATED, actor=SYSTEM, now=LATER)
    assert first == second != third
    assert [each.pk for each in snapshots_of(person, "rugao-draft")] == [third.pk, first.pk]
    assert not snapshots_of(person, "jiangxi-2020-7").exists()


def test_nothing_differs_while_nothing_has_changed() -> None:
    assert differences(frozen(), NOW) == []


def test_what_has_changed_since() -> None:
    kept = frozen()
    end_identity(Identity.objects.get().pk, date(2026, 10, 12), "停保", actor=SYSTEM, now=LATER)
    insure(kept.person, "employee_pension", participation_type="flexible", paid_months=151, retirement_category="female55")
    found = {each.name: each for each in differences(kept, LATER)}
    assert (found["identity_dibao"].then, found["identity_dibao"].now) == (True, False)
    assert (found["paid_months"].then, found["paid_months"].now) == (150, 151)
    assert found["paid_months"].label.zh == "实际缴费月数"
    assert found["paid_months"].source == "参保人员文件 2026-09 · 参保 · 第 12 行"
    assert (found["deemed_months"].then, found["deemed_months"].now) == (0, None)
    assert {each.what for each in found.values()} == {"fact"}
    assert faithful(kept)


def test_other_rules_and_a_document_no_longer_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = frozen("pengshui-2022")
    ended = Difference("policy", "in_force", differences(kept, NOW)[0].label, True, False)
    assert differences(kept, NOW) == [ended]
    monkeypatch.setattr(selectors, "edition_of", lambda policy_id: "f" * 64)
    assert [(each.name, each.now) for each in differences(kept, NOW)] == [("pengshui-2022", "f" * 12), ("in_force", False)]


def test_every_document_has_its_own_edition() -> None:
    texts = {policy_id: editions.edition_of(policy_id) for policy_id in MODULES}
    assert len(set(texts.values())) == len(MODULES)
    editions.edition_of.cache_clear()
    assert {policy_id: editions.edition_of(policy_id) for policy_id in MODULES} == texts


@pytest.mark.parametrize("change", [{"verdict": "met"}, {"facts": {}}, {"on": date(2026, 1, 1)}])
def test_the_table_takes_new_rows_only(change: dict[str, object]) -> None:
    kept = frozen()
    with pytest.raises(DatabaseError, match="takes new rows only"), transaction.atomic():
        Snapshot.objects.filter(pk=kept.pk).update(**change)
    with pytest.raises(DatabaseError, match="takes new rows only"), transaction.atomic():
        Snapshot.objects.filter(pk=kept.pk).delete()


def test_a_snapshot_that_was_written_by_hand_is_found() -> None:
    kept = frozen()
    kept.pk, kept.facts = None, {**kept.facts, "paid_months": {"value": 170, "source": "改过"}}
    kept.sha256 = "0" * 64
    kept.save(force_insert=True)
    assert [each.pk for each in unfaithful(RUGAO)] == [kept.pk]
    assert not faithful(kept)


def test_who_may_keep_and_read_one() -> None:
    kept = frozen()
    elsewhere = Actor("乙", "360702", "agency_reviewer", user_id=1)
    with pytest.raises(OutOfScope):
        freeze(kept.person, "rugao-draft", DAY, actor=elsewhere, now=NOW)
    with pytest.raises(OutOfScope):
        snapshot_for(elsewhere, kept.pk)
    assert snapshot_for(Actor.system("test", "320682"), kept.pk) == kept
