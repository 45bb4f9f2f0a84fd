"""A Jiangxi loan that the yearly verification found something of, for the tests of the step that carries it out."""

from datetime import date, datetime
from typing import Any

from tests.loans.lives import COUNTY, SYSTEM, Life, at
from tests.loans.verification.rosters import NOVEMBER, listed, uncertified
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.loans.models import VerificationProposal
from zhubao.loans.states import JIANGXI, RUGAO
from zhubao.loans.verification.deciding import accept_roster, confirm
from zhubao.loans.verification.objecting import answer_objection
from zhubao.loans.verification.running import open_run, work_on

VERIFYING_VERBS = frozenset({"lose_subsidy", "regain_subsidy", "restore_subsidy", "resume_draws"})


def ready_to_verify(life: Life, verb: str) -> tuple[Any, datetime]:
    """Have a loan found off this year's roster, or on it without a subsidy, or decided already; return how to go on and when."""
    assert verb in VERIFYING_VERBS
    life.year(2021)
    policy_id, year, now, decided = JIANGXI, 2022, NOVEMBER, at(2022, 11, 20)
    if verb == "resume_draws":
        policy_id, year, now, decided = RUGAO, 2021, at(2022, 1, 5), at(2022, 1, 6)
    elif verb == "regain_subsidy":
        uncertified(life)
        listed("urban_dibao", 1, on=date(2022, 10, 15))
    else:
        listed("urban_dibao", 1, on=date(2020, 12, 1))
        listed("urban_dibao", on=date(2022, 10, 15))
    run = work_on(open_run(COUNTY, policy_id, year, actor=SYSTEM, now=now).pk, actor=SYSTEM, now=now)
    approver = life.by(Role.AGENCY_APPROVER)
    if run.certifiers.filter(suspicious=True).exists():
        accept_roster(run.pk, "civil_affairs", "民政局核实", actor=approver, now=now)
    found = VerificationProposal.objects.get(loan=life.loan).pk

    def decide(actor: Actor, when: datetime) -> Any:
        return confirm(run.pk, [found], actor=actor, now=when)

    def answer(actor: Actor, when: datetime) -> Any:
        return answer_objection(found, "名册漏登", when.date(), upheld=True, answer="属实", actor=actor, now=when)

    if verb in {"lose_subsidy", "regain_subsidy"}:
        return decide, decided
    decide(approver, decided)
    return answer, decided
