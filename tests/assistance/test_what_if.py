"""Trying a plan out: what a higher tier, an answered question or a new list would change, with no row touched."""

from datetime import date

import pytest
from django.db.models import Sum

from zhubao.access.roles import Role
from zhubao.assistance.models import PlanChange, PlanRow, PlanRun, PlanRunKind, PlanStep
from zhubao.assistance.planning.reckoning import Assumption, ask_run, reckon
from zhubao.errors import ZhubaoError
from zhubao.people.keys import keys
from zhubao.people.models import Person
from zhubao.procedures.plan_reckoned import as_json, reckon_plan

from .pengshui import COUNTY, PEOPLE, POLICY, SYSTEM, YEAR, County, at, hand_in


def attempt(county: County, assumption: Assumption, day: date = date(2022, 2, 1)) -> PlanRun:
    """Try the plan out and see that no row was touched."""
    assert county.plan is not None
    reviewer = county.by(Role.AGENCY_REVIEWER)
    before = list(PlanRow.objects.order_by("pk").values())
    steps = PlanStep.objects.count()
    run = ask_run(county.plan.pk, PlanRunKind.TRIAL, day, key="what-if", assumption=assumption, actor=reviewer, now=at(2, 1))
    done = reckon(run.pk, actor=reviewer, now=at(2, 1))
    assert (list(PlanRow.objects.order_by("pk").values()), PlanStep.objects.count()) == (before, steps)
    return done


def difference(run: PlanRun) -> tuple[int, int, int]:
    """Return by how many people, and how much on behalf and own part, a run changes the plan."""
    total = run.totals.aggregate(
        people=Sum("people") - Sum("people_before"),
        on_behalf=Sum("on_behalf_fen") - Sum("on_behalf_before_fen"),
        self_pay=Sum("self_pay_fen") - Sum("self_pay_before_fen"),
    )
    return total["people"], total["on_behalf"], total["self_pay"]


@pytest.mark.clauses("ps-2.2d")
def test_a_higher_lowest_tier_costs_so_much_more(pengshui: County) -> None:
    # 5 in full: 20 more each; 4 by seventy per cent: 84 instead of 70; own part of 向, 田, 石: 36; 廖 200 − 84, 任 500 − 120.
    run = attempt(pengshui, Assumption(lowest_tier_fen=12_000))
    assert difference(run) == (0, 5 * 2_000 + 4 * 1_400, 3 * 600 - 1_400 - 2_000)
    assert run.planned == 9


def test_an_answer_to_an_open_question_is_tried_before_it_is_decided(pengshui: County) -> None:
    assumed = Assumption(lowest_tier_fen=12_000, setting="A-PS-4", value="100_yuan")
    assert difference(attempt(pengshui, assumed))[1] == 5 * 2_000


def test_the_newest_lists_are_tried_before_the_month_s_update(pengshui: County) -> None:
    hand_in(tuple(each for each in PEOPLE if each.name != "石开明"), on=date(2022, 1, 20), categories=("dibao",))
    run = attempt(pengshui, Assumption())
    assert difference(run) == (-1, -7_000, -3_000)
    assert PlanChange.objects.filter(run=run).values_list("person__name", "kind").get() == ("石开明", "left")


def test_a_file_is_tried_as_the_whole_list_of_a_category(pengshui: County, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhubao.assistance.planning import judging
    from zhubao.rosters.models import RosterFile

    user = pengshui.posts[Role.AGENCY_REVIEWER].user
    file = RosterFile.objects.create(
        region_code=COUNTY,
        organisation=pengshui.agency,
        name="返贫.xlsx",
        sha256="0" * 64,
        size=1,
        stored_as="x",
        received_at=at(2, 1),
        received_by=user,
    )
    listed = [each.number for each in PEOPLE if each.name in ("田玉珍", "庹翠花")] + ["513525198001010011"]
    monkeypatch.setattr(judging, "numbers_on", lambda *_: listed)
    run = attempt(pengshui, Assumption(roster_id=file.pk, category="return_to_poverty"))
    assert (run.unregistered, difference(run)) == (1, (0, 0, 0))
    assert keys().digest(listed[0]) == bytes(Person.objects.get(name="田玉珍").id_number_index)


@pytest.mark.parametrize(
    "assumption",
    [Assumption(setting="no-such", value="x"), Assumption(roster_id=1), Assumption(lowest_tier_fen=0)],
    ids=["没有的设置 unknown setting", "缺类别 no category", "档次为零 no tier"],
)
def test_what_cannot_be_assumed_is_refused(pengshui: County, assumption: Assumption) -> None:
    with pytest.raises(ZhubaoError) as refused:
        attempt(pengshui, assumption)
    assert refused.value.code == "E-PLAN-ASSUMED"


def test_the_command_reckons_once_and_says_what_it_comes_to(pengshui: County) -> None:
    run = reckon_plan(COUNTY, POLICY, YEAR, date(2022, 2, 10), actor=SYSTEM, now=at(2, 10))
    again = reckon_plan(COUNTY, POLICY, YEAR, date(2022, 2, 10), actor=SYSTEM, now=at(2, 11))
    assert again == run
    told = as_json(run)
    assert (told["plan"], told["kind"], told["planned"], told["held"]) == ("plan:500243-pengshui-2022-2022", "monthly", 9, 0)
    assert [(each["category"], each["people"], each["on_behalf_fen"]) for each in told["categories"]] == [
        ("dibao", 3, 21_000),
        ("return_to_poverty", 1, 7_000),
        ("severe_disability", 2, 20_000),
        ("tekun", 3, 30_000),
    ]
