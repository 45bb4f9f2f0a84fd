"""Who sees which loan, and what waits at which post."""

from dataclasses import replace
from datetime import date

import pytest

from tests.loans.lives import Life, PostOf, at, life_of
from zhubao.access.actors import OutOfScope
from zhubao.access.roles import Role
from zhubao.loans.drawing import confirm_draw, name_file
from zhubao.loans.models import Loan, Tranche
from zhubao.loans.selectors import (
    draw_of,
    draws_of,
    history_of,
    loan_for,
    loans_for,
    released_draws,
    steps_open_to,
    to_be_planned,
    waiting_draws,
)
from zhubao.loans.states import JIANGXI, PROCESSES, TONGLING
from zhubao.tasks.models import Task
from zhubao.workflow import CITIZEN, draw

SEE_NOTHING = (Role.AGENCY_ADMINISTRATOR, Role.CERTIFIER, Role.PBOC_SUPERVISOR)


@pytest.fixture
def life(post_of: PostOf) -> Life:
    """A Jiangxi loan signed on 1 March 2021."""
    return life_of(JIANGXI, post_of)


def test_a_loan_is_seen_by_those_it_concerns(life: Life) -> None:
    for role in (*Role.values, CITIZEN):
        actor = life.by(role)
        if role in {*SEE_NOTHING} or not life.loan.region_code.startswith(actor.scope):
            assert not loans_for(actor).exists(), role
            with pytest.raises(OutOfScope):
                loan_for(actor, "L1")
        else:
            assert loan_for(actor, "L1").pk == life.loan.pk, role


def test_nobody_sees_the_loans_of_others(life: Life) -> None:
    with pytest.raises(Loan.DoesNotExist):
        loan_for(replace(life.by(CITIZEN), person_id=0), "L1")
    for stranger in (
        replace(life.by(Role.BANK_OFFICER), organisation_id=0),
        replace(life.by(Role.AGENCY_REVIEWER), organisation_id=0),
        replace(life.by(Role.FINANCE_CLERK), scope="500243"),
    ):
        assert not loans_for(stranger).exists()
        with pytest.raises(OutOfScope):
            loan_for(stranger, "L1")


def test_a_draw_waits_at_one_post_after_the_other(life: Life) -> None:
    def waits() -> set[str]:
        return {role for role in Role.values if waiting_draws(life.by(role)).exists()}

    assert [loan.number for loan in to_be_planned(life.by(Role.AGENCY_ACCOUNTANT), 2021)] == ["L1"]
    tranche = life.plan(2021)
    assert not to_be_planned(life.by(Role.AGENCY_ACCOUNTANT), 2021).exists()
    assert waits() == {Role.AGENCY_APPROVER}
    life.release(tranche)
    assert waits() == {Role.BANK_OFFICER}
    life.draw(life_confirmed(life))
    assert waits() == {Role.TAX_CLERK}
    assert draw_of(life.by(Role.BANK_OFFICER), "L1", 2021).pk == tranche.pk
    with pytest.raises(Tranche.DoesNotExist):
        draw_of(life.by(Role.BANK_OFFICER), "L1", 2022)
    (task,) = Task.objects.open().filter(subject="loan:L1")
    assert (task.kind, task.role, task.due_on) == ("loan.jiangxi.record_contribution", Role.TAX_CLERK, tranche_day(life))
    life.pay_in(draws_of(life.loan).get())
    assert waits() == set()
    assert not Task.objects.open().filter(subject="loan:L1").exists()


def life_confirmed(life: Life) -> Tranche:
    tranche = draws_of(life.loan).get()
    return confirm_draw(tranche.pk, date(2021, 3, 10), actor=life.by(Role.BANK_OFFICER), now=at(2021, 3, 10))


def tranche_day(life: Life) -> date | None:
    return draws_of(life.loan).get().drawn_on


def test_a_page_offers_only_what_may_be_done(life: Life) -> None:
    def offered(role: str, tranche: Tranche | None = None) -> list[str]:
        return [row.verb for row in steps_open_to(life.fresh(), life.by(role), tranche)]

    assert offered(Role.AGENCY_ACCOUNTANT) == ["plan_year"]
    assert offered(CITIZEN) == ["change_card", "withdraw"]
    tranche = life.plan(2021)
    assert offered(Role.AGENCY_APPROVER, tranche) == ["release_year"]
    assert offered(Role.BANK_OFFICER, tranche) == []
    life.release(tranche)
    tranche.refresh_from_db()
    assert offered(Role.BANK_OFFICER, tranche) == ["confirm_draw", "not_drawn"]
    assert [step.verb for step in history_of(life.loan)] == ["open_loan", "plan_year", "release_year"]


def test_released_draws_go_into_one_file(life: Life) -> None:
    tranche = life.release(life.plan(2021))
    accountant = life.by(Role.AGENCY_ACCOUNTANT)
    assert [each.pk for each in released_draws(accountant)] == [tranche.pk]
    assert name_file([tranche.pk], "2021-0001", actor=accountant) == 1
    assert name_file([tranche.pk], "2021-0002", actor=accountant) == 0
    assert not released_draws(accountant).exists()
    assert released_draws(accountant, not_in_a_file=False).get().requested_in == "2021-0001"


def test_finance_is_asked_for_the_subsidy_even_after_the_next_draw(post_of: PostOf) -> None:
    life = life_of(TONGLING, post_of)
    first = life.year(2021)
    life.draw(life.ready(2022))
    assert [each.pk for each in waiting_draws(life.by(Role.FINANCE_CLERK))] == [first.pk]
    assert Task.objects.open().filter(kind="loan.tongling.match_subsidy").count() == 1


@pytest.mark.parametrize("policy_id", PROCESSES)
def test_the_course_can_be_drawn(policy_id: str) -> None:
    process = PROCESSES[policy_id]
    for state in process.states:
        picture = draw(process, state.name, "zh")
        assert state.label.zh in picture
