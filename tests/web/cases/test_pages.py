"""The queue, the lists, the case and its steps, as the posts of a county meet them."""

import re

from django.test import Client

from tests.cases import loan_lives
from tests.cases.offices import Offices
from zhubao.access.roles import Role
from zhubao.cases.models import Case

from .conftest import desk


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field of a form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden {name}"
    return found[1]


def opened(client: Client, case: Case, verb: str) -> dict[str, str]:
    """Open the form of a step and return what its hidden fields hold."""
    page = client.get(f"/cases/{case.number}/steps/{verb}/").content.decode()
    return {"seen": hidden(page, "seen"), "key": hidden(page, "key")}


def test_a_case_goes_from_the_queue_to_both_decisions(jiangxi: Offices) -> None:
    loan_lives.figures()
    case = loan_lives.handed_in(jiangxi, loan_lives.man())
    reviewer, approver = desk(jiangxi, Role.AGENCY_REVIEWER), desk(jiangxi, Role.AGENCY_APPROVER)
    assert case.number in reviewer.get("/cases/").content.decode()
    sent = opened(reviewer, case, "propose")
    assert reviewer.post(f"/cases/{case.number}/steps/propose/", {**sent, "open_loan": "no"}).status_code == 302
    assert f'/cases/{case.number}/"' not in reviewer.get("/cases/").content.decode()
    sent = opened(approver, case, "decide")
    assert approver.post(f"/cases/{case.number}/steps/decide/", {**sent, "outcome": "granted"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "loan_qualified"
    assert [(each.kind, each.outcome) for each in case.decisions.all()] == [("loan", "granted"), ("subsidy", "granted")]
    for each in case.decisions.all():
        assert approver.get(f"/cases/{case.number}/decisions/{each.pk}/").status_code == 200
