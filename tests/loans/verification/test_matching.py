"""What the rosters say of borrowers: on them, no longer on them, or no roster at all."""

from datetime import date, datetime

import pytest

from tests.loans.lives import COUNTY, SYSTEM, PostOf, at, rows_of_everything
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.loans.models import VerificationProposal, VerificationRun
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.loans.verification.deciding import confirm, reject
from zhubao.loans.verification.running import counts_of, open_run, work_on
from zhubao.parameters import Parameter
from zhubao.people.actions import record_death
from zhubao.people.households import record_household
from zhubao.people.models import Identity
from zhubao.people.statements import MemberStatement
from zhubao.programmes.actions import enter_figures

from .rosters import NOVEMBER, borrowers, listed, numbers, uncertified


def verified(post_of: PostOf, year: int = 2022, policy_id: str = JIANGXI, *, now: datetime = NOVEMBER) -> VerificationRun:
    actor = post_of(Role.AGENCY_ACCOUNTANT).actor()
    run = open_run(COUNTY, policy_id, year, actor=actor, now=now)
    return work_on(run.pk, actor=actor, now=now)


def findings() -> dict[str, tuple[str, str]]:
    rows = VerificationProposal.objects.order_by("loan__number")
    return {number: (finding, ground) for number, finding, ground in rows.values_list("loan__number", "finding", "ground")}


@pytest.mark.clauses("jx-2.5b")
def test_two_of_three_are_on_the_roster(post_of: PostOf) -> None:
    borrowers(post_of)
    listed("urban_dibao", 1, 2, 3, on=date(2020, 12, 1))
    listed("urban_dibao", 1, 2, on=date(2022, 10, 15))
    verified(post_of)
    assert findings() == {"L1": ("keep", "on_roster"), "L2": ("keep", "on_roster"), "L3": ("lose", "ended")}
    stopped = VerificationProposal.objects.get(loan__number="L3")
    assert (stopped.ended_on, stopped.proposed_on) == (date(2022, 10, 14), date(2023, 1, 1))
    kept = VerificationProposal.objects.get(loan__number="L1")
    assert kept.identity is not None
    assert (kept.identity.roster_file, kept.identity.sheet, kept.identity.row) == ("file:urban_dibao-2022-10-15", "Sheet1", 2)


def test_a_roster_that_is_missing_or_old_is_evidence_missing_and_no_loss(post_of: PostOf) -> None:
    borrowers(post_of)
    listed("urban_dibao", 1, on=date(2020, 12, 1), now=at(2020, 12, 2))
    run = verified(post_of)
    assert findings() == dict.fromkeys(("L1", "L2", "L3"), ("unknown", "roster_missing"))
    assert counts_of(run) == {"unknown": 3}
    assert not VerificationProposal.objects.exclude(proposed_on=None).exists()


def test_a_list_that_is_not_the_whole_confirms_and_never_takes_away(post_of: PostOf) -> None:
    borrowers(post_of, 2)
    listed("urban_dibao", 1, 2, on=date(2020, 12, 1), now=at(2020, 12, 2))
    listed("urban_low_income", 1, on=date(2022, 10, 15), complete=False)
    verified(post_of)
    assert findings() == {"L1": ("keep", "on_roster"), "L2": ("unknown", "roster_missing")}


def test_another_hardship_keeps_the_subsidy(post_of: PostOf) -> None:
    borrowers(post_of, 2)
    listed("urban_dibao", 1, 2, on=date(2020, 12, 1))
    listed("urban_low_income", 2, on=date(2022, 10, 20))
    listed("urban_dibao", on=date(2022, 10, 15))
    verified(post_of)
    assert findings() == {"L1": ("lose", "ended"), "L2": ("keep", "on_roster")}


@pytest.mark.clauses("jx-1.2c", "jx-1.2d")
@pytest.mark.parametrize("category", ["urban_low_income", "urban_expenditure_poor"])
def test_a_borrower_whose_household_is_on_the_list_keeps_the_subsidy_until_it_is_dropped(post_of: PostOf, category: str) -> None:
    lives = borrowers(post_of, 2)
    members = [MemberStatement("王芳", relation, each) for relation, each in zip(("户主", "妻"), numbers(1, 2), strict=True)]
    record_household("H1", members, region_code=COUNTY, source="民政核对名单", actor=SYSTEM, now=NOVEMBER)
    listed(category, 1, on=date(2020, 12, 1))
    listed(category, 1, on=date(2022, 10, 15))
    verified(post_of)
    assert findings() == {"L1": ("keep", "on_roster"), "L2": ("keep", "on_roster")}
    certified = Identity.objects.get(person=lives[0].loan.person, ends_on=None)
    assert VerificationProposal.objects.get(loan__number="L2").identity == certified
    listed(category, on=date(2022, 11, 1))
    verified(post_of, now=at(2022, 11, 20))
    assert findings() == {"L1": ("lose", "ended"), "L2": ("lose", "ended")}


def test_a_hardship_found_later_is_proposed_from_the_day_of_effect(post_of: PostOf) -> None:
    gained, never = borrowers(post_of, 2)
    uncertified(gained)
    uncertified(never)
    listed("urban_dibao", 1, on=date(2022, 10, 15))
    verified(post_of)
    assert findings() == {"L1": ("regain", "on_roster")}
    assert VerificationProposal.objects.get().proposed_on == date(2023, 1, 1)


@pytest.mark.clauses("jx-2.5d")
@pytest.mark.parametrize(
    ("rule", "first"),
    [
        pytest.param("year_start", date(2023, 1, 1), id="次年一月 the year after"),
        pytest.param("result_day", date(2022, 11, 10), id="决定之日 the day of the result"),
        pytest.param("next_settlement", date(2022, 12, 20), id="下一结息日 the next settlement"),
        pytest.param("roster_end", date(2022, 10, 15), id="名册到期次日 the day after the roster"),
    ],
)
def test_the_day_of_a_loss_is_a_setting(post_of: PostOf, rule: str, first: date) -> None:
    borrowers(post_of, 1)
    setting = Parameter("setting.A-ALL-7", rule, "", COUNTY, date(2021, 1, 1), None, "局发文", decided_by="经办机构会同财政")
    enter_figures([setting], actor=SYSTEM, now=at(2021, 1, 2))
    listed("urban_dibao", 1, on=date(2020, 12, 1))
    listed("urban_dibao", on=date(2022, 10, 15))
    verified(post_of)
    assert VerificationProposal.objects.get().proposed_on == first


def test_who_died_or_drew_first_this_year_is_not_looked_at(post_of: PostOf) -> None:
    lives = borrowers(post_of, 2)
    listed("urban_dibao", 1, 2, on=date(2022, 10, 15))
    record_death(lives[1].loan.person_id, date(2022, 6, 1), "死亡证明", actor=SYSTEM, now=NOVEMBER)
    verified(post_of)
    assert set(findings()) == {"L1"}
    VerificationProposal.objects.all().delete()
    verified(post_of, 2021, now=at(2022, 1, 10))
    assert findings() == {}


def test_a_second_run_on_the_same_rosters_changes_nothing(post_of: PostOf) -> None:
    borrowers(post_of, 2)
    listed("urban_dibao", 1, 2, on=date(2022, 10, 15))
    first = verified(post_of)
    before = rows_of_everything()
    assert verified(post_of).pk == first.pk
    assert rows_of_everything() == before


def test_a_new_roster_renews_what_waits_and_leaves_what_was_decided(post_of: PostOf) -> None:
    borrowers(post_of, 4)
    listed("urban_dibao", 1, 2, 3, 4, on=date(2020, 12, 1))
    listed("urban_dibao", 1, 2, 3, on=date(2022, 10, 15))
    first = verified(post_of)
    approver = post_of(Role.AGENCY_APPROVER).actor()
    for number, take in (("L1", confirm), ("L4", reject)):
        take(first.pk, [VerificationProposal.objects.get(loan__number=number).pk], reason="漏登", actor=approver, now=NOVEMBER)
    listed("urban_dibao", 2, on=date(2022, 11, 8))
    second = verified(post_of)
    assert second.pk != first.pk
    rows = VerificationProposal.objects.order_by("loan__number").values_list("loan__number", "finding", "state", "run_id")
    assert list(rows) == [
        ("L1", "keep", "confirmed", first.pk),
        ("L2", "keep", "proposed", second.pk),
        ("L3", "lose", "proposed", second.pk),
        ("L4", "lose", "rejected", first.pk),
    ]


def test_a_killed_run_leaves_nothing_and_is_done_again(post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> None:
    borrowers(post_of, 2)
    listed("urban_dibao", 1, 2, on=date(2022, 10, 15))
    actor = post_of(Role.AGENCY_ACCOUNTANT).actor()
    run = open_run(COUNTY, JIANGXI, 2022, actor=actor, now=NOVEMBER)
    with monkeypatch.context() as killed:
        killed.setattr("zhubao.loans.verification.running._sum_up", lambda _run: 1 / 0)
        before = rows_of_everything()
        with pytest.raises(ZeroDivisionError):
            work_on(run.pk, actor=actor, now=NOVEMBER)
        assert rows_of_everything() == before
    assert work_on(run.pk, actor=actor, now=NOVEMBER).looked_at == 2


@pytest.mark.parametrize(
    ("policy_id", "year", "named", "code"),
    [
        pytest.param(TONGLING, 2022, {}, "E-VERIFICATION-NONE", id="铜陵没有贴息 no subsidy"),
        pytest.param(RUGAO, 2022, {}, "E-VERIFICATION-WINDOW", id="续贷窗口期内 the window is open"),
        pytest.param(JIANGXI, 2020, {}, "E-VERIFICATION-DAY", id="另一年 another year"),
        pytest.param(JIANGXI, 2022, {"as_of": date(2022, 12, 1)}, "E-VERIFICATION-DAY", id="未来的名册 a day to come"),
        pytest.param(JIANGXI, 2022, {"effect_on": date(2022, 1, 1)}, "E-VERIFICATION-DAY", id="倒签 an effect gone by"),
    ],
)
def test_what_cannot_be_verified_is_refused(
    post_of: PostOf, policy_id: str, year: int, named: dict[str, date], code: str
) -> None:
    actor = post_of(Role.AGENCY_ACCOUNTANT).actor()
    before = rows_of_everything()
    with pytest.raises(ZhubaoError) as error:
        open_run(COUNTY, policy_id, year, **named, actor=actor, now=NOVEMBER)
    assert error.value.code == code
    assert rows_of_everything() == before
