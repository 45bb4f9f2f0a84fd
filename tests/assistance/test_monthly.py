"""A plan month by month: who enters, leaves, comes back, changes, and what a list that shrinks too much may not do by itself."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.people.tables import number
from tests.rosters import offices
from zhubao.access.accounts import add_user
from zhubao.access.actions import open_post
from zhubao.access.roles import Role
from zhubao.assistance.models import PlanChange, PlanRow, PlanRun, PlanRunKind, PlanStep
from zhubao.assistance.planning.opening import publish_plan
from zhubao.assistance.planning.reckoning import EVIDENCE, LOSS, accept_loss, ask_run, reckon
from zhubao.assistance.stepping import take
from zhubao.errors import ZhubaoError
from zhubao.people.actions import change_person, record_death
from zhubao.people.numbers import correct_number
from zhubao.procedures.roster_certified import enter_version
from zhubao.rosters.models import RosterVersion
from zhubao.rosters.versions import certify_version, confirm_loss
from zhubao.tasks.models import Task

from .pengshui import COUNTY, OTHER_VILLAGE, PEOPLE, SYSTEM, County, Named, at, hand_in, insure, remembered_county, update

BY_NAME = {each.name: each for each in PEOPLE}


def lists(*, without: tuple[str, ...] = (), changed: tuple[Named, ...] = ()) -> tuple[Named, ...]:
    """Return the people of January without some, with others as they are now."""
    kept = {each.name: each for each in PEOPLE if each.name not in without}
    return tuple({**kept, **{each.name: each for each in changed}}.values())


def changes(run: PlanRun) -> set[tuple[str, str, str, str]]:
    """Return the changes of a run: name, kind, before, after."""
    rows = PlanChange.objects.filter(run=run).select_related("person")
    return {(row.person.name, row.kind, row.before, row.after) for row in rows}


def test_the_same_lists_again_change_nothing(pengshui: County) -> None:
    before = list(PlanRow.objects.order_by("pk").values())
    steps = PlanStep.objects.count()
    run = update(pengshui, 2, 10)
    assert update(pengshui, 2, 10) == run
    assert changes(run) == set()
    assert (list(PlanRow.objects.order_by("pk").values()), PlanStep.objects.count()) == (before, steps)


@pytest.mark.clauses("ps-2.2k", "ps-2.2l", "ps-3.1c")
@pytest.mark.parametrize(
    ("month", "day", "due", "rule"),
    [(6, 10, date(2022, 8, 31), "ps-2.2e"), (8, 10, date(2022, 12, 31), "A-PS-8"), (9, 20, date(2022, 12, 31), "ps-2.2l")],
    ids=["截止前三十天以上 in good time", "不足三十天 within thirty days", "八月底后 after August"],
)
def test_who_enters_during_the_year_has_until_august_or_until_december(
    pengshui: County, month: int, day: int, due: date, rule: str
) -> None:
    new = Named("田新民", "19910909", ("dibao",))
    insure((new,), on=date(2022, month, day), now=at(month, day))
    hand_in((*PEOPLE, new), on=date(2022, month, day), categories=("dibao",))
    run = update(pengshui, month, day + 1)
    row = pengshui.row("田新民")
    assert (row.state, row.entered_on, row.due_on, row.due_rule) == ("planned", date(2022, month, day), due, rule)
    assert ("田新民", "entered", "", "dibao") in changes(run)


@pytest.mark.clauses("ps-2.2d")
def test_a_month_s_changes_are_told_by_person(pengshui: County) -> None:
    poorer = replace(BY_NAME["向文斌"], categories=("dibao", "tekun"))
    chooses = replace(BY_NAME["廖桂香"], tier_fen=30_000)
    working = replace(BY_NAME["田玉珍"], scheme="employee_pension", area="330100")
    known = replace(BY_NAME["庹翠花"], scheme="resident_pension")
    graduate = replace(BY_NAME["麻小芳"], statuses={})
    hand_in(lists(without=("石开明",), changed=(poorer,)), on=date(2022, 3, 8))
    insure((chooses, working, known, graduate), on=date(2022, 3, 8), now=at(3, 8))
    change_person(pengshui.person("任建国").pk, region_code="500243101201", actor=SYSTEM, now=at(3, 8))
    run = update(pengshui, 3, 10)
    assert changes(run) == {
        ("石开明", "left", "dibao", "不符合：属于代缴资助对象"),
        ("向文斌", "category", "dibao", "tekun"),
        ("向文斌", "amount", "7000", "10000"),
        ("廖桂香", "tier", "20000", "30000"),
        ("田玉珍", "excluded", "return_to_poverty", "ps-1b ps-2.1a"),
        ("麻小芳", "readmitted", "excluded", "dibao"),
        ("任建国", "moved", OTHER_VILLAGE, "500243101201"),
    }
    assert (pengshui.row("庹翠花").state, pengshui.row("石开明").state) == ("planned", "cancelled")
    assert (pengshui.row("向文斌").self_pay_fen, pengshui.row("廖桂香").self_pay_fen) == (0, 23_000)
    assert not Task.objects.open().filter(kind=EVIDENCE).exists()
    again = update(pengshui, 3, 11)
    assert changes(again) == set()


def test_who_leaves_and_returns_within_a_month_loses_nothing(pengshui: County) -> None:
    hand_in(lists(without=("石开明",)), on=date(2022, 3, 2))
    hand_in(PEOPLE, on=date(2022, 3, 20))
    assert changes(update(pengshui, 3, 31)) == set()
    assert pengshui.row("石开明").state == "planned"


def test_who_left_and_comes_back_is_readmitted_with_a_new_day(pengshui: County) -> None:
    hand_in(lists(without=("向文斌",)), on=date(2022, 3, 2))
    update(pengshui, 3, 10)
    assert pengshui.row("向文斌").state == "cancelled"
    hand_in(PEOPLE, on=date(2022, 9, 5))
    run = update(pengshui, 9, 10)
    row = pengshui.row("向文斌")
    assert ("向文斌", "readmitted", "cancelled", "dibao") in changes(run)
    assert (row.state, row.on_behalf_fen, row.due_on) == ("planned", 7_000, date(2022, 12, 31))
    verbs = PlanStep.objects.filter(row=row).values_list("verb", flat=True)
    assert list(verbs) == ["enter", "plan", "cancel", "readmit", "plan"]


def test_a_death_before_payment_cancels_and_a_refusal_stays_refused(pengshui: County) -> None:
    assert pengshui.plan is not None
    record_death(pengshui.person("冉秀兰").pk, date(2022, 4, 2), "殡葬名单", actor=SYSTEM, now=at(4, 5))
    refusing = PlanRow.objects.filter(pk=pengshui.row("龚小兰").pk)
    reviewer = pengshui.by(Role.AGENCY_REVIEWER)
    take(pengshui.plan, refusing, "cancel", key="refusal", reason="本人书面不参保", actor=reviewer, now=at(4, 5))
    run = update(pengshui, 4, 10)
    assert changes(run) == {("冉秀兰", "left", "tekun", "死亡")}
    assert (pengshui.row("冉秀兰").state, pengshui.row("龚小兰").state) == ("cancelled", "cancelled")


@pytest.mark.clauses("ps-2.1e")
def test_the_identity_of_the_day_of_payment_keeps_and_only_the_payer_is_put_right(pengshui: County) -> None:
    assert pengshui.plan is not None
    tax, paid = pengshui.by(Role.TAX_CLERK), {"self_paid_fen": 3_000, "self_paid_on": date(2022, 5, 20)}
    both = PlanRow.objects.filter(person__name__in=("向文斌", "石开明"))
    take(pengshui.plan, both, "pay_self", key="receipt", values=paid, actor=tax, now=at(5, 20))
    # 石开明 was on the poverty office's list before he paid, and told to be on it only afterwards; 向文斌 left dibao after paying.
    earlier = replace(BY_NAME["石开明"], categories=("return_to_poverty",))
    hand_in(lists(changed=(earlier,)), on=date(2022, 5, 1), categories=("dibao", "return_to_poverty"), now=at(6, 2))
    hand_in(lists(without=("向文斌",), changed=(earlier,)), on=date(2022, 6, 1), categories=("dibao",), now=at(6, 2))
    run = update(pengshui, 6, 10)
    assert changes(run) == {
        ("石开明", "category", "dibao", "return_to_poverty"),
        ("石开明", "payer", "civil_affairs", "rural_revitalisation"),
    }
    row = pengshui.row("石开明")
    assert (row.state, row.payer, row.on_behalf_fen) == ("self_paid", "rural_revitalisation", 7_000)
    assert PlanStep.objects.filter(row=row).values_list("verb", flat=True).last() == "correct_payer"
    assert (pengshui.row("向文斌").state, pengshui.row("向文斌").payer) == ("self_paid", "civil_affairs")


def test_a_list_that_drops_a_third_of_a_department_s_people_asks_before_anyone_loses_help(pengshui: County) -> None:
    gone = ("向文斌", "廖桂香", "石开明")
    hand_in(lists(without=gone), on=date(2022, 3, 8), categories=("dibao",))
    run = update(pengshui, 3, 10)
    assert (run.held, run.left) == (3, 0)
    assert {pengshui.row(name).state for name in gone} == {"planned"}
    loss = run.losses.get()
    assert (loss.certifier, loss.had, loss.lost, loss.percent) == ("civil_affairs", 7, 3, 30)
    task = Task.objects.open().get(kind=LOSS)
    assert (task.role, task.subject, task.due_on) == ("agency_approver", run.subject, date(2022, 3, 17))
    approver = pengshui.by(Role.AGENCY_APPROVER)
    for actor, reason, code in (
        (pengshui.by(Role.AGENCY_REVIEWER), "已核", "E-SCOPE"),
        (approver, " ", "E-REASON"),
    ):
        with pytest.raises(ZhubaoError) as refused:
            accept_loss(run.pk, "civil_affairs", reason, actor=actor, now=at(3, 11))
        assert refused.value.code == code
    asked = accept_loss(run.pk, "civil_affairs", "民政局函告：年审退出3户", actor=approver, now=at(3, 11))
    assert accept_loss(run.pk, "civil_affairs", "", actor=approver, now=at(3, 11)) == asked
    done = reckon(asked.pk, actor=SYSTEM, now=at(3, 11))
    assert (done.held, done.left) == (0, 3)
    assert {pengshui.row(name).state for name in gone} == {"cancelled"}
    assert not Task.objects.open().filter(kind=LOSS).exists()


@pytest.mark.clauses("ps-2.1a")
def test_the_history_follows_a_person_whose_number_is_corrected(pengshui: County) -> None:
    row = pengshui.row("向文斌").pk
    corrected = number("19620401", 77, COUNTY)
    person, day = pengshui.person("向文斌").pk, date(2022, 4, 20)
    correct_number(person, corrected, "派出所更正证明 2022-17", corrected_on=day, actor=SYSTEM, now=at(4, 20))
    run = update(pengshui, 5, 10)
    assert changes(run) == {("向文斌", "excluded", "dibao", "ps-2.1a")}
    assert PlanStep.objects.filter(row_id=row).count() == 3


def test_a_row_without_evidence_waits_for_the_review_clerk_with_a_day(pengshui: County) -> None:
    task = Task.objects.open().get(kind=EVIDENCE)
    row = pengshui.row("庹翠花")
    assert (task.subject, task.role, task.region_code) == (row.subject, "agency_reviewer", OTHER_VILLAGE)
    assert task.due_on == date(2022, 1, 20)


@pytest.mark.django_db
def test_who_made_a_plan_does_not_publish_it_and_nothing_is_collected_before() -> None:
    county = remembered_county(publish=False)
    assert county.plan is not None
    reviewer = county.by(Role.AGENCY_REVIEWER)
    with pytest.raises(ZhubaoError) as refused:
        take(county.plan, PlanRow.objects.all(), "pay_self", key="early", actor=county.by(Role.TAX_CLERK), now=at(1, 11))
    assert refused.value.code == "E-PLAN-DRAFT"
    same = replace(reviewer, role=Role.AGENCY_APPROVER)
    with pytest.raises(ZhubaoError) as refused:
        publish_plan(county.plan.pk, actor=same, now=at(1, 12))
    assert refused.value.code == "E-SAME-PERSON"
    assert publish_plan(county.plan.pk, actor=county.by(Role.AGENCY_APPROVER), now=at(1, 12)).state == "published"


@pytest.mark.parametrize(
    ("day", "kind"),
    [(date(2021, 12, 31), PlanRunKind.MONTHLY), (date(2022, 1, 9), PlanRunKind.MONTHLY), (date(2022, 7, 1), PlanRunKind.MONTHLY)],
    ids=["别的年度 another year", "早于上次 before the last", "还没到 to come"],
)
def test_a_day_that_cannot_be_is_refused(pengshui: County, day: date, kind: PlanRunKind) -> None:
    assert pengshui.plan is not None
    with pytest.raises(ZhubaoError) as refused:
        ask_run(pengshui.plan.pk, kind, day, key="x", actor=pengshui.by(Role.AGENCY_REVIEWER), now=at(3, 1))
    assert refused.value.code == "E-PLAN-DAY"


def test_a_reckoning_that_fails_leaves_nothing_half_and_goes_on_when_asked_again(
    pengshui: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pengshui.plan is not None
    hand_in(lists(without=("石开明",)), on=date(2022, 3, 2))
    before = list(PlanRow.objects.order_by("pk").values())

    def killed(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("zhubao.assistance.planning.reckoning.renew_tasks", killed)
        with pytest.raises(KeyboardInterrupt):
            update(pengshui, 3, 10)
    assert list(PlanRow.objects.order_by("pk").values()) == before
    assert not PlanChange.objects.filter(run__kind=PlanRunKind.MONTHLY).exists()
    run = update(pengshui, 3, 10)
    assert (run.number, run.left, COUNTY) == (2, 1, pengshui.plan.region_code)


@pytest.mark.parametrize("confirmed", [4, 1], ids=["四人都已确认 all four", "只确认一人 one of four"])
def test_what_a_second_person_confirmed_with_the_list_is_not_asked_again(
    pengshui: County, settings: Any, tmp_path: Path, confirmed: int
) -> None:
    settings.MEDIA_ROOT = tmp_path
    gone = ("向文斌", "廖桂香", "石开明", "庹翠花")
    civil, second = (
        pengshui.posts[Role.CERTIFIER],
        add_user("ps-second", "民政局复核", "!", hashed=True, actor=SYSTEM, now=at(1, 4)),
    )
    confirming = open_post(second, civil.organisation, Role.CERTIFIER, actor=SYSTEM, now=at(1, 4)).actor()
    dibao = [(each.name, each.number) for each in PEOPLE if "dibao" in each.categories and each.name != "向海"]
    offices.certified(civil.actor(), dibao, now=at(3, 1), on=date(2022, 3, 1))
    left = [line for line in dibao if line[0] not in gone[:confirmed]]
    version = offices.hand_in(civil.actor(), left, now=at(3, 8), on=date(2022, 3, 8))
    RosterVersion.objects.filter(pk=version.pk).update(loss_percent=10)
    certify_version(version.pk, "与台账一致", loss_reason="年审退出", actor=civil.actor(), now=at(3, 8))
    confirm_loss(version.pk, actor=confirming, now=at(3, 9))
    enter_version(version.pk, now=at(3, 9))
    if confirmed < len(gone):
        hand_in(lists(without=gone), on=date(2022, 3, 9), categories=("dibao",), now=at(3, 9))
    run = update(pengshui, 3, 10)
    loss = run.losses.get()
    assert (loss.lost, loss.accepted_at is not None, run.held) == ((4, True, 0) if confirmed == len(gone) else (4, False, 4))
    assert Task.objects.open().filter(kind=LOSS).exists() is (confirmed < len(gone))
    if confirmed == len(gone):
        assert (loss.accepted_name, "年审退出" in loss.reason) == ("民政局复核", True)
        assert {pengshui.row(name).state for name in gone} == {"cancelled"}
