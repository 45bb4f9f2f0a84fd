"""Two officers press the button at the same moment: one wins, the other is told who was faster, and everything is there once."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.cases.actions import agency, bank
from zhubao.cases.models import Case, Decision
from zhubao.cases.stepping import Request
from zhubao.errors import ZhubaoError

from . import loan_lives as lives
from .lives import at
from .offices import JIANGXI_COUNTY, Offices, ask, open_offices

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def offices() -> Offices:
    lives.figures()
    opened = open_offices(JIANGXI_COUNTY)
    lives.cooperate(lives.the_bank(JIANGXI_COUNTY), lives.JIANGXI)
    return opened


def at_once(*actions: Callable[[], Any]) -> list[str]:
    """Run actions in threads that begin together; return what became of each: "done" or the code of the refusal, sorted."""
    barrier, answers = Barrier(len(actions)), []

    def run(action: Callable[[], Any]) -> None:
        barrier.wait(timeout=30)
        try:
            action()
            answers.append("done")
        except ZhubaoError as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(answers)


def test_two_approvers_decide_at_once(offices: Offices) -> None:
    case = lives.proposed(offices, lives.man())
    approvers = [offices.at(Role.AGENCY_APPROVER, other) for other in (False, True)]
    answers = at_once(
        *(lambda actor=actor: agency.decide(case.pk, "granted", request=ask(), actor=actor, now=at(lives.MONDAY)) for actor in approvers)
    )  # fmt: skip
    assert answers == ["E-STATE", "done"]
    assert Case.objects.get().state == "loan_qualified"
    assert sorted(Decision.objects.values_list("kind", flat=True)) == ["loan", "subsidy"]
    assert AuditEntry.objects.filter(action="case.decide").count() == 1


def test_the_same_request_arrives_twice_at_once(offices: Offices) -> None:
    case = lives.proposed(offices, lives.man())
    request, actor = Request("one and the same"), offices.at(Role.AGENCY_APPROVER)
    answers = at_once(
        *(lambda: agency.decide(case.pk, "granted", request=request, actor=actor, now=at(lives.MONDAY)) for _ in range(2))
    )
    assert answers == ["done", "done"]
    assert (Decision.objects.count(), case.steps.filter(verb="decide").count()) == (2, 1)


def test_one_reviewer_approves_while_the_other_refuses(offices: Offices) -> None:
    case = lives.assessed(offices, lives.pushed(offices, lives.man()))
    first, second = (offices.at(Role.BANK_REVIEWER, other) for other in (False, True))
    now = at(lives.MONDAY)
    answers = at_once(
        lambda: bank.bank_decide(case.pk, "approve", request=ask(), actor=first, now=now),
        lambda: bank.bank_decide(case.pk, "refuse", ground="identity", reason="证件不符", request=ask(), actor=second, now=now),
    )
    assert answers == ["E-STATE", "done"]
    decision = Decision.objects.get(kind="bank")
    assert Case.objects.get().state == ("bank_approved" if decision.outcome == "granted" else "bank_refused")


def test_two_applications_are_given_one_agreement_number_at_once(offices: Offices) -> None:
    approved = [lives.approved(offices, lives.pushed(offices, person)) for person in (lives.man(), lives.man(serial=19))]
    officers = [offices.at(Role.BANK_OFFICER, other) for other in (False, True)]
    answers = at_once(
        *(
            lambda case=case, actor=actor: bank.sign(
                case.pk, "A1", lives.DAY, lives.JIANGXI_PROMISES, request=ask(), actor=actor, now=at(lives.MONDAY)
            )
            for case, actor in zip(approved, officers, strict=True)
        )
    )
    assert answers == ["E-AGREEMENT", "done"]
    assert sorted(Case.objects.values_list("state", flat=True)) == ["agreed", "bank_approved"]
