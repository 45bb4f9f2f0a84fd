"""A category of the day of payment that would change the amount: a desk decides, tax gives back, nobody is asked twice."""

from dataclasses import replace
from datetime import date

import pytest

from zhubao.access.roles import Role
from zhubao.assistance.models import PlanRow, PlanStep
from zhubao.assistance.planning.correcting import GIVE_BACK, WEIGH, decide_payer, found_at_payment, give_back, to_give_back
from zhubao.assistance.stepping import take
from zhubao.errors import ZhubaoError
from zhubao.ledger.models import Posting
from zhubao.tasks.models import Task

from .pengshui import PEOPLE, County, at, hand_in, update

BY_NAME = {each.name: each for each in PEOPLE}


def paid_then_told(county: County, name: str, category: str, was: str, own_fen: int) -> PlanRow:
    """Let somebody pay the own part in May, and a list of June say that another category held since before."""
    assert county.plan is not None
    row = county.row(name)
    paid = {"self_paid_fen": own_fen, "self_paid_on": date(2022, 5, 20)}
    take(
        county.plan,
        PlanRow.objects.filter(pk=row.pk),
        "pay_self",
        key=f"receipt:{name}",
        values=paid,
        actor=county.by(Role.TAX_CLERK),
        now=at(5, 20),
    )
    told = tuple(replace(each, categories=(category,)) if each.name == name else each for each in PEOPLE)
    hand_in(told, on=date(2022, 5, 1), categories=(was, category), now=at(6, 2))
    update(county, 6, 10)
    return county.row(name)


@pytest.mark.clauses("ps-2.1e")
def test_more_on_behalf_waits_for_a_decision_and_the_own_part_goes_back(pengshui: County) -> None:
    row = paid_then_told(pengshui, "廖桂香", "tekun", "dibao", 13_000)
    assert (row.category, row.payer, row.on_behalf_fen, row.self_pay_fen) == ("dibao", "civil_affairs", 7_000, 13_000)
    task = Task.objects.open().get(kind=WEIGH)
    assert (task.subject, task.role, task.due_on) == (row.subject, "agency_reviewer", date(2022, 6, 25))
    found = found_at_payment(row, now=at(6, 11))
    assert found is not None
    assert (found.category, found.on_behalf_fen, found.self_pay_fen, found.given_back_fen) == ("tekun", 10_000, 10_000, 3_000)
    reviewer, tax = pengshui.by(Role.AGENCY_REVIEWER), pengshui.by(Role.TAX_CLERK)
    for actor, reason, code in ((tax, "已核", "E-SCOPE"), (reviewer, " ", "E-REASON")):
        with pytest.raises(ZhubaoError) as refused:
            decide_payer(row.pk, "amount", reason, actor=actor, now=at(6, 12))
        assert refused.value.code == code
    row = decide_payer(row.pk, "amount", "民政局补报：4月起特困", actor=reviewer, now=at(6, 12))
    assert (row.category, row.on_behalf_fen, row.self_pay_fen, row.self_paid_fen) == ("tekun", 10_000, 10_000, 10_000)
    assert row.identity is not None
    assert row.identity.category == "tekun"
    assert Task.objects.open().get(subject=row.subject).kind == GIVE_BACK
    with pytest.raises(ZhubaoError) as refused:
        decide_payer(row.pk, "amount", "再来一次", actor=reviewer, now=at(6, 12))
    assert refused.value.code == "E-PAYER-AGREES"
    give_back(row.pk, date(2022, 6, 15), "TF-0615", actor=tax, now=at(6, 15))
    give_back(row.pk, date(2022, 6, 15), "TF-0615", actor=tax, now=at(6, 15))
    assert to_give_back(row) is None
    assert not Task.objects.open().filter(subject=row.subject).exists()
    posted = Posting.objects.filter(subject=row.subject, kind__startswith="own_part_back.").values_list("party", "amount_fen")
    assert set(posted) == {("person", 3_000), ("tax", 3_000), ("fund", 3_000)}
    update(pengshui, 7, 10)
    assert not Task.objects.open().filter(subject=row.subject).exists()


def test_less_on_behalf_never_falls_and_a_row_left_as_it_is_is_not_asked_about_again(pengshui: County) -> None:
    row = paid_then_told(pengshui, "任建国", "dibao", "tekun", 40_000)
    reviewer = pengshui.by(Role.AGENCY_REVIEWER)
    with pytest.raises(ZhubaoError) as refused:
        decide_payer(row.pk, "amount", "改按低保", actor=reviewer, now=at(6, 12))
    assert refused.value.code == "E-PAYER-LESS"
    assert (row.on_behalf_fen, row.category) == (10_000, "tekun")
    decide_payer(row.pk, "keep", "缴费时持有效特困证", actor=reviewer, now=at(6, 12))
    assert not Task.objects.open().filter(subject=row.subject).exists()
    update(pengshui, 7, 10)
    assert not Task.objects.open().filter(subject=row.subject).exists()
    assert PlanStep.objects.filter(row=row).values_list("verb", flat=True).last() == "keep_payer"


def test_the_former_channel_is_taken_only_before_tax_lists_the_row(pengshui: County) -> None:
    row = paid_then_told(pengshui, "石开明", "severe_disability", "dibao", 3_000)
    reviewer = pengshui.by(Role.AGENCY_REVIEWER)
    PlanRow.objects.filter(pk=row.pk).update(state="actual_listed")
    with pytest.raises(ZhubaoError) as refused:
        decide_payer(row.pk, "payer", "残联补报", actor=reviewer, now=at(6, 12))
    assert refused.value.code == "E-PAYER-CHANNEL"
    PlanRow.objects.filter(pk=row.pk).update(state="self_paid")
    row = decide_payer(row.pk, "payer", "残联补报", actor=reviewer, now=at(6, 12))
    assert (row.category, row.payer, row.channel, row.on_behalf_fen) == ("severe_disability", "federation", "disability", 7_000)
