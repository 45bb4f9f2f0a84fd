"""Every step of every programme as every post, by the same hands twice, from other offices: what is refused changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from tests.loans.correcting import CORRECTING_VERBS, ready_to_correct
from tests.loans.deducting import DEDUCTING_VERBS, ready_to_deduct
from tests.loans.endings import ENDING_VERBS, ready_to_end
from tests.loans.lives import RUGAO_TERMS, SYSTEM, VILLAGE, Life, PostOf, another, at, life_of, nothing_written
from tests.loans.verifying import VERIFYING_VERBS, ready_to_verify
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import AGENCY_ROLES, BANK_ROLES, Role
from zhubao.errors import ZhubaoError
from zhubao.lending.events import floor_set, paid_off
from zhubao.loans.contributing import end_qualification, grant_subsidy, match_subsidy, record_contribution, remind
from zhubao.loans.drawing import (
    confirm_draw,
    leave_out_months,
    not_drawn,
    plan_year,
    record_draw,
    release_year,
    withdraw,
)
from zhubao.loans.draws import PAYEE_OF
from zhubao.loans.following import follow_up
from zhubao.loans.models import Loan, LoanStep, Tranche
from zhubao.loans.opening import open_loan
from zhubao.loans.renewing import drop_renewal, open_renewal, permit_year, suspend
from zhubao.loans.repaying import begin_repaying, record_pension, settle
from zhubao.loans.states import JIANGXI, PROCESSES, RUGAO
from zhubao.loans.stepping import add_event
from zhubao.people.actions import open_citizen_account
from zhubao.workflow import CITIZEN, Transition

EVERYBODY = (*Role.values, CITIZEN)
Take = Callable[[Actor, datetime], Any]


def rows() -> list[Any]:
    """Every step of the three tables but the opening, as parameters."""
    return [
        pytest.param(policy_id, row, id=f"{policy_id}-{row.verb}")
        for policy_id, process in PROCESSES.items()
        for row in process.transitions
        if row.start
    ]


def ready_for(life: Life, verb: str) -> tuple[Take, datetime]:
    """Bring a loan to where a step may be taken, and return how to take it and when."""
    if verb in ENDING_VERBS:
        return ready_to_end(life, verb)
    if verb in CORRECTING_VERBS:
        return ready_to_correct(life, verb)
    if verb in DEDUCTING_VERBS:
        return ready_to_deduct(life, verb)
    if verb in VERIFYING_VERBS:
        return ready_to_verify(life, verb)
    loan, payee = life.loan, PAYEE_OF[life.loan.policy_id]
    if verb == "plan_year":
        return lambda actor, now: plan_year(loan.pk, 2021, actor=actor, now=now), at(2021, 3, 2)
    if verb == "grant_subsidy":
        Loan.objects.filter(pk=loan.pk).update(subsidised_from=None)
        return lambda actor, now: grant_subsidy(loan.pk, date(2021, 3, 1), "名册补到", actor=actor, now=now), at(2021, 3, 2)
    if verb == "withdraw":
        return lambda actor, now: withdraw(loan.pk, "不需要", actor=actor, now=now), at(2021, 3, 2)
    if verb == "release_year":
        tranche = life.plan(2021)
        return lambda actor, now: release_year(tranche.pk, actor=actor, now=now), at(2021, 3, 2)
    if verb in {"confirm_draw", "leave_out_months", "not_drawn"}:
        tranche = life.release(life.plan(2021))
        take: dict[str, Take] = {
            "confirm_draw": lambda actor, now: confirm_draw(tranche.pk, date(2021, 3, 9), actor=actor, now=now),
            "leave_out_months": lambda actor, now: leave_out_months(tranche.pk, 2, "单位参保", actor=actor, now=now),
            "not_drawn": lambda actor, now: not_drawn(tranche.pk, "自缴", actor=actor, now=now),
        }
        return take[verb], at(2021, 3, 9)
    if verb == "record_draw":
        tranche = life.ready(2021)
        fen = tranche.amount_fen
        return lambda actor, now: record_draw(tranche.pk, date(2021, 3, 10), fen, payee, actor=actor, now=now), at(2021, 3, 10)
    tranche = life.draw(life.ready(2021))
    if verb == "record_contribution":
        fen = tranche.amount_fen
        return (
            lambda actor, now: record_contribution(tranche.pk, "R1", date(2021, 3, 10), fen, actor=actor, now=now),
            at(2021, 3, 10),
        )
    if verb == "remind":
        return lambda actor, now: remind(tranche.pk, "电话", actor=actor, now=now), at(2021, 3, 11)
    if verb == "end_qualification":
        remind(tranche.pk, "电话", actor=life.by(Role.AGENCY_ACCOUNTANT), now=at(2021, 3, 11))
        return lambda actor, now: end_qualification(tranche.pk, "未缴", actor=actor, now=now), at(2021, 4, 1)
    life.pay_in(tranche)
    if verb in {"begin_repaying", "settle"}:
        record_pension(loan.pk, date(2021, 12, 1), 200_000, "发放文件", basic_fen=10_000, actor=SYSTEM, now=at(2021, 12, 2))
        add_event(loan, "floor", floor_set(date(2021, 12, 1), 76_500), actor=SYSTEM, now=at(2021, 12, 2))
        if verb == "begin_repaying":
            return lambda actor, now: begin_repaying(loan.pk, date(2021, 12, 31), actor=actor, now=now), at(2021, 12, 31)
        begin_repaying(loan.pk, date(2021, 12, 31), actor=SYSTEM, now=at(2021, 12, 31))
        add_event(loan, "paid_off", paid_off(date(2022, 1, 4)), actor=SYSTEM, now=at(2022, 1, 4))
        return lambda actor, now: settle(loan.pk, date(2022, 1, 4), actor=actor, now=now), at(2022, 1, 4)
    if verb == "match_subsidy":
        return lambda actor, now: match_subsidy(tranche.pk, 20_000, date(2021, 3, 10), actor=actor, now=now), at(2021, 5, 1)
    if verb == "follow_up":
        return lambda actor, now: follow_up(loan.pk, "上门，身体尚可", actor=actor, now=now), at(2022, 3, 1)
    if verb == "suspend":
        return lambda actor, now: suspend(loan.pk, "再就业", actor=actor, now=now), at(2022, 1, 4)
    if verb == "open_renewal":
        return lambda actor, now: open_renewal(loan.pk, "R1", actor=actor, now=now), at(2021, 10, 20)
    open_renewal(loan.pk, "R1", actor=life.by(CITIZEN), now=at(2021, 10, 20))
    if verb == "permit_year":
        return lambda actor, now: permit_year(loan.pk, 2022, 900_000, "R1", actor=actor, now=now), at(2021, 11, 20)
    assert verb == "drop_renewal", verb
    return lambda actor, now: drop_renewal(loan.pk, "撤回", actor=actor, now=now), at(2021, 11, 20)


def refused(take: Take, actor: Actor, now: datetime) -> str:
    """Return the code of a refusal."""
    with pytest.raises(ZhubaoError) as error:
        take(actor, now)
    return error.value.code


@pytest.mark.parametrize(("policy_id", "row"), rows())
def test_a_step_belongs_to_its_posts_offices_and_hands(policy_id: str, row: Transition, post_of: PostOf) -> None:
    life = life_of(policy_id, post_of)
    take, now = ready_for(life, row.verb)
    with nothing_written():
        for role in EVERYBODY:
            if role not in row.posts:
                assert refused(take, life.by(role), now) == "E-SCOPE", role
        for role in row.posts:
            actor = life.by(role)
            if role != CITIZEN:
                assert refused(take, replace(actor, scope="500243"), now) == "E-SCOPE", role
            if role in AGENCY_ROLES | BANK_ROLES:
                assert refused(take, replace(actor, organisation_id=0), now) == "E-SCOPE", role
            if role == CITIZEN:
                assert refused(take, replace(actor, person_id=0), now) == "E-SCOPE"
        verbs = LoanStep.objects.filter(verb__in=row.apart_from, loan=life.loan)
        assert {step.verb for step in verbs} == set(row.apart_from)
        for step in verbs:
            same_hands = replace(life.by(row.posts[0]), user_id=step.user_id)
            assert refused(take, same_hands, now) == "E-SAME-PERSON", step.verb
        stood = life.fresh().state
        for state in PROCESSES[policy_id].states:
            if state.name not in row.start:
                Loan.objects.filter(pk=life.loan.pk).update(state=state.name)
                assert refused(take, life.by(row.posts[0]), now) == "E-STATE", state.name
                assert life.fresh().state == state.name
        Loan.objects.filter(pk=life.loan.pk).update(state=stood)
    for role in row.posts[1:]:
        with transaction.atomic():
            take(life.by(role), now)
            transaction.set_rollback(True)
    take(life.by(row.posts[0]), now)
    last = LoanStep.objects.filter(loan=life.loan).order_by("number").last()
    assert last is not None
    assert (last.verb, last.user_id) == (row.verb, life.by(row.posts[0]).user_id)


def test_a_loan_is_opened_by_its_bank(post_of: PostOf) -> None:
    life = life_of(RUGAO, post_of)

    def take(actor: Actor, now: datetime) -> Loan:
        return open_loan(
            "L2",
            RUGAO_TERMS,
            region_code=VILLAGE,
            policy_id=RUGAO,
            case_number="case-L2",
            person_id=life.loan.person_id,
            bank_id=life.loan.bank_id,
            agency_id=life.loan.agency_id,
            actor=actor,
            now=now,
        )

    officer = life.by(Role.BANK_OFFICER)
    with nothing_written():
        for role in set(EVERYBODY) - BANK_ROLES:
            assert refused(take, life.by(role), at(2021, 3, 1)) == "E-SCOPE", role
        assert refused(take, replace(officer, organisation_id=0), at(2021, 3, 1)) == "E-SCOPE"
    assert take(officer, at(2021, 3, 1)).pk == take(life.by(Role.BANK_REVIEWER), at(2021, 3, 1)).pk


def test_nobody_deals_with_their_own_loan(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    accountant = post_of(Role.AGENCY_ACCOUNTANT)
    open_citizen_account(accountant.user, life.loan.person_id, actor=Actor.system("test"), now=at(2021, 1, 3))
    take, now = ready_for(life, "plan_year")
    with nothing_written():
        assert refused(take, accountant.actor(), now) == "E-OWN-CASE"


def test_the_next_year_may_have_other_hands(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    accountant, approver = life.by(Role.AGENCY_ACCOUNTANT), life.by(Role.AGENCY_APPROVER)
    planned = plan_year(life.loan.pk, 2022, actor=another(accountant, approver), now=at(2022, 3, 1))
    with pytest.raises(ZhubaoError, match="E-SAME-PERSON"):
        release_year(planned.pk, actor=approver, now=at(2022, 3, 2))
    assert release_year(planned.pk, actor=another(approver, accountant), now=at(2022, 3, 2)).state == "released"


def test_a_page_that_is_out_of_date_is_told(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    tranche = life.ready(2021)
    with nothing_written(), pytest.raises(ZhubaoError, match=r"^E-STATE"):
        life.draw(tranche, actor=life.by(Role.BANK_OFFICER), now=at(2021, 3, 10), seen="agreed")
    life.draw(tranche, seen="draw_due")
    assert Tranche.objects.get().state == "drawn"


def test_the_system_is_bound_to_its_region_only(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    take, now = ready_for(life, "plan_year")
    with pytest.raises(OutOfScope):
        take(Actor.system("file", scope="500243"), now)
    assert take(Actor.system("file"), now).state == "planned"
