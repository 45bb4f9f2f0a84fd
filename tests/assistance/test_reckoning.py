"""The plan of a county: who is on it, with what, by when, paid by whom."""

from datetime import date

import pytest

from zhubao.assistance.models import PlanRow, PlanStep

from .pengshui import County

# name: state, category, payer, channel, tier, on behalf, self-pay, due
EXPECTED = {
    "冉秀兰": ("planned", "tekun", "civil_affairs", "county", 10_000, 10_000, 0, date(2022, 12, 31)),
    "向文斌": ("planned", "dibao", "civil_affairs", "county", 10_000, 7_000, 3_000, date(2022, 8, 31)),
    "田玉珍": ("planned", "return_to_poverty", "rural_revitalisation", "county", 10_000, 7_000, 3_000, date(2022, 8, 31)),
    "谢国强": ("planned", "severe_disability", "federation", "disability", 10_000, 10_000, 0, date(2022, 12, 31)),
    "廖桂香": ("planned", "dibao", "civil_affairs", "county", 20_000, 7_000, 13_000, date(2022, 8, 31)),
    "任建国": ("planned", "tekun", "civil_affairs", "county", 50_000, 10_000, 40_000, date(2022, 8, 31)),
    "龚小兰": ("planned", "tekun", "civil_affairs", "county", 10_000, 10_000, 0, date(2022, 12, 31)),
    "覃大勇": ("planned", "severe_disability", "federation", "disability", 10_000, 10_000, 0, date(2022, 12, 31)),
    "石开明": ("planned", "dibao", "civil_affairs", "county", 10_000, 7_000, 3_000, date(2022, 6, 14)),
}


@pytest.mark.clauses("ps-2.1b", "ps-2.1c", "ps-2.1d", "ps-2.1e", "ps-2.1f", "ps-2.1g", "ps-1g", "ps-2.2d")
def test_everybody_on_the_lists_has_one_row_with_category_payer_and_amounts(pengshui: County) -> None:
    rows = {
        row.person.name: (
            row.state,
            row.category,
            row.payer,
            row.channel,
            row.tier_fen,
            row.on_behalf_fen,
            row.self_pay_fen,
            row.due_on,
        )
        for row in PlanRow.objects.filter(plan=pengshui.plan, state="planned").select_related("person")
    }
    assert rows == EXPECTED


@pytest.mark.clauses("ps-1b", "ps-1d", "ps-2.2c")
def test_the_others_are_excluded_wait_for_evidence_or_are_too_old_or_young_to_be_rows(pengshui: County) -> None:
    assert (pengshui.row("侯明").state, pengshui.row("侯明").failed) == ("excluded", ["ps-1b", "ps-2.1a"])
    assert (pengshui.row("麻小芳").state, pengshui.row("麻小芳").failed) == ("excluded", ["ps-1d"])
    waiting = pengshui.row("庹翠花")
    assert (waiting.state, waiting.on_behalf_fen) == ("rostered", 0)
    assert "ps-1b" in waiting.unknown
    assert not PlanRow.objects.filter(person__name__in=("冉东升", "向海")).exists()
    assert pengshui.plan is not None
    run = pengshui.plan.runs.get()
    assert (run.entered, run.planned, run.excluded, run.missing, run.outside_age) == (12, 9, 2, 1, 2)
    assert (run.on_behalf_fen, run.self_pay_fen) == (5 * 10_000 + 4 * 7_000, 3 * 3_000 + 13_000 + 40_000)


def test_every_row_has_its_history_from_the_roster_on(pengshui: County) -> None:
    def steps(name: str) -> list[tuple[int, str, str, str]]:
        return list(PlanStep.objects.filter(row=pengshui.row(name)).values_list("number", "verb", "start", "end"))

    assert steps("向文斌") == [(1, "enter", "", "rostered"), (2, "plan", "rostered", "planned")]
    assert steps("侯明") == [(1, "enter", "", "rostered"), (2, "exclude", "rostered", "excluded")]
    assert steps("庹翠花") == [(1, "enter", "", "rostered")]
