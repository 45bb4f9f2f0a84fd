"""Loans brought to where an entry may be taken back, or one recovered after fraud may be settled."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tests.loans.lives import SYSTEM, Life, at
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.lending.events import paid_off
from zhubao.loans.fraud.actions import settle_recovered
from zhubao.loans.models import FraudFinding
from zhubao.loans.stepping import add_event
from zhubao.loans.taking_back import leave_standing, propose_taking_back_draw, take_back

CORRECTING_VERBS = ("propose_taking_back", "take_back", "leave_standing", "settle_recovered")


def ready_to_correct(life: Life, verb: str) -> tuple[Callable[[Actor, datetime], Any], datetime]:
    """Bring a loan to where one of these steps may be taken, and return how to take it and when."""
    loan, draw, now = life.loan, life.draw(life.ready(2021)), at(2021, 3, 20)
    if verb == "propose_taking_back":
        return lambda actor, when: propose_taking_back_draw(draw.pk, "记错人", actor=actor, now=when), now
    if verb == "settle_recovered":
        add_event(loan, "paid_off", paid_off(date(2021, 3, 15)), actor=SYSTEM, now=now)
        FraudFinding.objects.create(
            region_code=loan.region_code,
            number="L1-F1",
            loan=loan,
            person=loan.person,
            agency=loan.agency,
            kind="diverted",
            facts="挪用",
            found_on=now.date(),
            state="recovering",
            state_since=now,
            notified_on=now.date(),
            notice_proof="P",
            decided_on=now.date(),
            decision="查实",
            opened_at=now,
        )
        return lambda actor, when: settle_recovered(loan.pk, when.date(), actor=actor, now=when), now
    propose_taking_back_draw(draw.pk, "记错人", actor=life.by(Role.BANK_OFFICER), now=now)
    if verb == "take_back":
        return lambda actor, when: take_back(loan.pk, actor=actor, now=when), now
    return lambda actor, when: leave_standing(loan.pk, "无误", actor=actor, now=when), now
