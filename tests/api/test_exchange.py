"""The door for systems: what comes in there is the record the same file would have made; without a key nothing opens."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.cases import lives, loan_lives
from tests.cases.offices import JIANGXI_COUNTY, Offices, open_offices
from tests.procedures import year
from zhubao.access import clock
from zhubao.access.machine_keys import issue_key, revoke_key
from zhubao.access.models import AuditEntry, MachineKey, Post
from zhubao.access.roles import OrganisationKind, Role
from zhubao.api.rows import json_of
from zhubao.cases.contract import JIANGXI
from zhubao.errors import ZhubaoError
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.writing import write
from zhubao.exchange.models import Envelope, EnvelopeLine
from zhubao.ledger.models import Posting
from zhubao.loans.models import Loan, LoanEvent, LoanStep, Tranche
from zhubao.procedures.files_taken_in import Asked, take_file_in

pytestmark = pytest.mark.django_db
NOW = lives.at("2026-10-29")
DRAWS = layout_of("draw_return")


@pytest.fixture
def offices(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Offices:
    """A Jiangxi county in which the bank was asked for the draw of 2026 and the borrower confirmed it."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")
    found = open_offices(JIANGXI_COUNTY)
    year.signed_jiangxi(found)
    year.released(found, "2026-10-26")
    year.confirmed(found, "2026-10-28")
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return found


def at_bank(offices: Offices, role: str = Role.BANK_OFFICER) -> Post:
    return offices.post(role)


def secret_of(offices: Offices, role: str = Role.BANK_OFFICER) -> str:
    _key, secret = issue_key(at_bank(offices, role), "核心系统", actor=offices.at(Role.AGENCY_ADMINISTRATOR), now=NOW)
    return secret


def rows(**more: Any) -> list[Any]:
    return year.return_rows(Envelope.objects.get(kind="draw_request"), "2026-10-28", **more)


def send(secret: str, body: dict[str, Any], kind: str = "draw_return") -> tuple[int, dict[str, Any]]:
    answer = Client(headers={"authorization": f"Bearer {secret}"}).post(
        f"/api/v1/files/{kind}", json.dumps(body), content_type="application/json"
    )
    return answer.status_code, answer.json()


def message(batch: str = "R1", **more: Any) -> dict[str, Any]:
    return {"batch": batch, "receiver": "", "rows": [json_of(DRAWS, row) for row in rows(**more)]}


def record() -> dict[str, list[Any]]:
    """Return everything that is on record of the loan and of the exchange, without the keys of rows."""
    return {
        "loan": list(Loan.objects.values_list("number", "state")),
        "draws": list(Tranche.objects.values_list("year", "sequence", "state", "amount_fen", "drawn_on", "confirmed_on")),
        "steps": list(LoanStep.objects.values_list("number", "verb", "start", "end", "at", "on", "user", "actor_name", "reason", "key")),
        "events": list(LoanEvent.objects.values_list("entry", "day", "kind", "amount", "more", "key", "source", "entered_at")),
        "books": sorted(Posting.objects.values_list("party", "on", "kind", "entry", "debit", "credit", "amount_fen")),
        "file": list(
            Envelope.objects.filter(kind="draw_return").values_list(
                "batch", "name", "sha256", "count", "total_fen", "state", "purpose", "received_at", "received_by", "sender", "receiver"
            )
        ),
        "lines": list(
            EnvelopeLine.objects.filter(envelope__kind="draw_return").values_list(
                "number", "key", "subject", "amount_fen", "year", "day", "result_code", "message", "applied_key", "applied_at"
            )
        ),
        "log": list(AuditEntry.objects.order_by("pk").values_list("action", "actor_name", "at", "reason")),
    }  # fmt: skip


@pytest.mark.clauses("jx-annex-3c")
def test_the_same_case_through_the_api_and_through_a_file_ends_in_an_identical_record(offices: Offices, tmp_path: Path) -> None:
    secret, bank, agency = secret_of(offices), loan_lives.the_bank(offices.area), year.office(offices, OrganisationKind.AGENCY)
    body = {**message(), "receiver": agency.name, "policy": JIANGXI}
    path = tmp_path / "放款回盘.csv"
    path.write_bytes(write(DRAWS, Head("R1", bank.name, agency.name, DRAWS.purpose.zh), rows(), "csv"))
    asked = Asked(path, "draw_return", offices.area, policy_id=JIANGXI, by=at_bank(offices).user.username)
    with transaction.atomic():
        by_file = take_file_in(asked, clock=clock.now).result
        filed = record()
        transaction.set_rollback(True)
    assert Loan.objects.get().state != "drawn"
    status, by_message = send(secret, body)
    assert (status, by_message) == (200, by_file)
    assert record() == filed
    assert (Loan.objects.get().state, Tranche.objects.get().drawn_on) == ("drawn", date(2026, 10, 28))
    assert send(secret, body) == (200, {**by_file, "already_done": True})
    assert record() == filed


@pytest.mark.clauses("jx-annex-3c")
def test_a_bank_takes_what_waits_for_it_and_no_other_does(offices: Offices) -> None:
    client = Client(headers={"authorization": f"Bearer {secret_of(offices)}"})
    (waiting,) = client.get("/api/v1/files?kind=draw_request").json()
    taken = client.get(f"/api/v1/files/{waiting['id']}").json()
    assert (taken["state"], taken["lines"], taken["rows"][0]["loan_number"]) == ("sent", 1, Loan.objects.get().number)
    assert AuditEntry.objects.filter(action="envelope.handed_over", user=at_bank(offices).user).count() == 1
    tax = Client(headers={"authorization": f"Bearer {secret_of(offices, Role.TAX_CLERK)}"})
    assert tax.get("/api/v1/files").json() == []
    answer = tax.get(f"/api/v1/files/{waiting['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "E-ENVELOPE-UNKNOWN")


def test_without_a_key_that_stands_nothing_opens(offices: Offices) -> None:
    secret = secret_of(offices)
    assert secret not in f"{MachineKey.objects.values_list()}{AuditEntry.objects.values_list('after', flat=True)}"
    assert send("x" * 43, message())[0] == 401
    assert Client().get("/api/v1/files").status_code == 401
    revoke_key(MachineKey.objects.get(), reason="系统更换", actor=offices.at(Role.AGENCY_ADMINISTRATOR), now=NOW)
    assert send(secret, message())[0] == 401
    again = secret_of(offices)
    Post.objects.filter(pk=at_bank(offices).pk).update(closed_at=NOW)
    assert send(again, message())[0] == 401
    assert not Envelope.objects.filter(kind="draw_return").exists()


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        pytest.param({"amount_fen": "2400.00"}, "E-LINE-CELL", "rows[1].amount_fen", id="金额不是整数分 no whole fen"),
        pytest.param({"amount_fen": True}, "E-LINE-CELL", "rows[1].amount_fen", id="真假值 a truth"),
        pytest.param({"drawn_on": "28.10.2026"}, "E-LINE-CELL", "rows[1].drawn_on", id="日期 another day"),
        pytest.param({"result": "已放款"}, "E-LINE-CELL", "rows[1].result", id="不是代码 no code"),
        pytest.param({"loan_number": ""}, "E-LINE-CELL", "rows[1].loan_number", id="缺编号 no number"),
        pytest.param({"colour": "red"}, "E-LINE-CELL", "rows[1].colour", id="多一项 a field too many"),
    ],
)
def test_a_faulty_message_is_refused_at_its_line_and_field(
    offices: Offices, change: dict[str, Any], code: str, place: str
) -> None:
    body = message()
    body["rows"][0] |= change
    status, told = send(secret_of(offices), body)
    assert (status, told["code"], told["place"]) == (422, code, place)
    assert not Envelope.objects.filter(kind="draw_return").exists()


def test_a_line_the_county_refuses_is_answered_and_another_offices_layout_is_not_taken(offices: Offices) -> None:
    secret = secret_of(offices)
    status, told = send(secret, message(loan_number="L77"))
    assert (status, told["state"], told["refused"][0]["reason"][:14]) == (200, "refused", "E-LOAN-UNKNOWN")
    for kind, code in (("contribution_receipts", "E-EXCHANGE-OFFICES"), ("letter", "E-EXCHANGE-KIND")):
        assert send(secret, {"batch": "S1", "rows": [{}]}, kind)[1]["code"] == code
    assert send(secret, {"batch": "R9", "rows": []})[0] == 422


def test_keys_are_for_open_posts_of_banks_and_tax(offices: Offices) -> None:
    administrator = offices.at(Role.AGENCY_ADMINISTRATOR)
    with pytest.raises(ZhubaoError, match="E-KEY-POST"):
        issue_key(offices.post(Role.AGENCY_APPROVER), "系统", actor=administrator, now=NOW)
    with pytest.raises(ZhubaoError, match="E-KEY-NAME"):
        issue_key(at_bank(offices), " ", actor=administrator, now=NOW)
    with pytest.raises(ZhubaoError, match="E-SCOPE"):
        issue_key(at_bank(offices), "系统", actor=offices.at(Role.BANK_OFFICER), now=NOW)
