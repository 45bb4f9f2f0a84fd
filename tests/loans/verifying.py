"""A Jiangxi loan that the yearly verification found something of, for the tests of the step that carries it out."""

from datetime import date, datetime
from typing import Any

from tests.loans.lives import COUNTY, SYSTEM, Life, at
from tests.loans.verification.rosters import NOVEMBER, listed, uncertified
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.loans.models import VerificationProposal
from zhubao.loans.states import JIANGXI
from zhubao.loans.verification.deciding import accept_roster, confirm
from zhubao.loans.verification.running import open_run, work_on

VERIFYING_VERBS = frozenset({"lose_subsidy", "regain_subsidy"})


def ready_to_verify(life: Life, verb: str) -> tuple[Any, datetime]:
    """Have a loan found off this year's roster, or on it without a subsidy; return how to confirm it and when."""
    assert verb in VERIFYING_VERBS
    life.year(2021)
    if verb == "lose_subsidy":
        listed("urban_dibao", 1, on=date(2020, 12, 1))
        listed("urban_dibao", on=date(2022, 10, 15))
    else:
        uncertified(life)
        listed("urban_dibao", 1, on=date(2022, 10, 15))
    run = work_on(open_run(COUNTY, JIANGXI, 2022, actor=SYSTEM, now=NOVEMBER).pk, actor=SYSTEM, now=NOVEMBER)
    if verb == "lose_subsidy":
        accept_roster(run.pk, "civil_affairs", "民政局核实", actor=life.by(Role.AGENCY_APPROVER), now=NOVEMBER)
    proposal = VerificationProposal.objects.get(loan=life.loan)

    def take(actor: Actor, now: datetime) -> Any:
        return confirm(run.pk, [proposal.pk], actor=actor, now=now)

    return take, at(2022, 11, 20)
