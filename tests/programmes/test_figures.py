"""A county's own figures: entered with source and date, withdrawn with a reason, never overwritten."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import broken_links
from zhubao.access.models import AuditEntry, Post
from zhubao.access.roles import Role
from zhubao.demonstration.parameters import demonstration_parameters
from zhubao.errors import ZhubaoError
from zhubao.parameters import Parameter
from zhubao.programmes.actions import DECIDING_ROLES, enter_figures, withdraw_figure
from zhubao.programmes.checks import faults_of, takes_number, words_of
from zhubao.programmes.models import LocalFigure
from zhubao.programmes.selectors import figure_for, figures_of, needs_of, parameter_book

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 12, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = NOW + timedelta(days=30)
AREA = "320682"
DAY = date(2026, 10, 12)
SYSTEM = Actor.system("test")


def figure(
    value: int | str = 102_000,
    first: date = date(2026, 1, 1),
    last: date | None = date(2026, 12, 31),
    *,
    name: str = "lowest_tier_monthly_fen",
    area: str = AREA,
    unit: str = "fen",
    source: str = "皋人社发〔2026〕1号",
) -> Parameter:
    return Parameter(name, value, unit, area, first, last, source, decided_by="市人社局 周海峰")


@pytest.fixture
def approver(post_of: Callable[[str], Post]) -> Actor:
    return post_of(Role.AGENCY_APPROVER).actor()


def test_an_entered_figure_is_what_the_core_reads(approver: Actor) -> None:
    assert parameter_book().find("lowest_tier_monthly_fen", DAY, AREA) is None
    (row,) = enter_figures([figure()], actor=approver, now=NOW)
    found = parameter_book().find("lowest_tier_monthly_fen", DAY, AREA)
    assert found is not None
    assert (found.value, found.confidence, found.decided_by, found.place) == (102_000, "local", "市人社局 周海峰", row.place)
    assert (row.entered_by_id, row.entered_at) == (approver.user_id, NOW)


def test_the_same_figures_twice_change_nothing(approver: Actor) -> None:
    entries = [figure(), figure(106_000, date(2027, 1, 1), None)]
    assert len(enter_figures(entries, actor=approver, now=NOW)) == 2
    assert enter_figures(entries, actor=approver, now=LATER) == []
    assert LocalFigure.objects.count() == 2


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(date(2026, 12, 31), None, id="同一天"),
        pytest.param(date(2025, 1, 1), date(2026, 1, 1), id="前段末日"),
        pytest.param(date(2025, 1, 1), None, id="盖住"),
        pytest.param(date(2026, 3, 1), date(2026, 4, 1), id="在其中"),
    ],
)
def test_two_values_on_one_day_are_refused(approver: Actor, first: date, last: date | None) -> None:
    enter_figures([figure()], actor=approver, now=NOW)
    with pytest.raises(ZhubaoError, match="E-PARAM-OVERLAP"):
        enter_figures([figure(110_000, first, last)], actor=approver, now=LATER)
    assert LocalFigure.objects.get().value == "102000"


def test_the_database_refuses_a_second_value_that_no_check_saw(approver: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two officials enter at the same moment: both checks pass, one row stays."""
    enter_figures([figure()], actor=approver, now=NOW)
    monkeypatch.setattr("zhubao.programmes.actions.faults_of", lambda *_entries, **_named: iter(()))
    with pytest.raises(ZhubaoError, match="E-PARAM-OVERLAP"):
        enter_figures([figure(110_000)], actor=approver, now=LATER)


def test_tiers_of_one_year_stand_beside_each_other(approver: Actor) -> None:
    tiers = [figure(fen, name="tier_yearly_fen") for fen in (30_000, 50_000, 100_000)]
    enter_figures(tiers, actor=approver, now=NOW)
    assert [each.value for each in parameter_book().all("tier_yearly_fen", DAY, AREA)] == [30_000, 50_000, 100_000]


def test_one_bad_entry_keeps_all_out(approver: Actor) -> None:
    with pytest.raises(OutOfScope):
        enter_figures([figure(), figure(area="320600")], actor=approver, now=NOW)
    assert not LocalFigure.objects.exists()
    assert not AuditEntry.objects.filter(action="figure.entered").exists()


@pytest.mark.parametrize("area", ["CN", "320000", "320600", "320681"], ids=["全国", "省", "市", "邻县"])
def test_a_county_decides_for_itself_only(approver: Actor, area: str) -> None:
    with pytest.raises(OutOfScope):
        enter_figures([figure(area=area)], actor=approver, now=NOW)


@pytest.mark.clauses("jx-1.2g", "jx-1.3a", "jx-2.3d")
def test_what_a_locality_may_widen_with_a_document() -> None:
    """More years before the age, a higher yearly cap, further groups: each with the locality's own document."""
    widened = [
        figure(10, name="max_years_to_retirement", area="360702", unit="years"),
        figure(1_500_000, name="annual_cap_factor", area="360702", unit="ppm"),
        figure("rural_dibao", name="extra_categories", area="360702", unit="text"),
    ]
    assert len(enter_figures(widened, actor=SYSTEM, now=NOW)) == 3
    book = parameter_book()
    for entry in widened:
        found = book.find(entry.name, DAY, "360702")
        assert found is not None
        assert (found.value, found.source) == (entry.value, "皋人社发〔2026〕1号")
        assert book.find(entry.name, DAY, "360703") is None


@pytest.mark.parametrize("role", list(Role))
def test_posts_that_decide(post_of: Callable[[str], Post], role: Role) -> None:
    actor = post_of(role).actor()
    if role in DECIDING_ROLES:
        assert enter_figures([figure()], actor=actor, now=NOW)
    else:
        with pytest.raises(OutOfScope):
            enter_figures([figure()], actor=actor, now=NOW)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        pytest.param(figure(7, name="max_years_to_retirement", area="360000", unit="years"), "E-PARAM-NARROWS", id="比省里严"),
        pytest.param(figure("act_365", name="setting.A-ALL-2", unit="text"), "E-SETTING-VALUE", id="没有这个词"),
        pytest.param(figure("五年", name="setting.A-RG-1", unit="text"), "E-SETTING-VALUE", id="应为整数"),
        pytest.param(figure(source="长" * 301), "E-PARAM-LONG", id="来源太长"),
        pytest.param(figure(source="皋\0人社"), "E-PARAM-VALUE", id="不能保存的字符"),
    ],
)
def test_refused(entry: Parameter, code: str) -> None:
    assert [fault.code for fault in faults_of([entry], actor=SYSTEM)] == [code]
    with pytest.raises(ZhubaoError, match=code):
        enter_figures([entry], actor=SYSTEM, now=NOW)


def test_every_fault_of_a_list_is_found() -> None:
    entries = [
        figure("act_365", name="setting.A-ALL-2", unit="text"),
        figure(7, name="max_years_to_retirement", area="360000", unit="years"),
        figure(),
    ]
    assert [fault.code for fault in faults_of(entries, actor=SYSTEM)] == ["E-SETTING-VALUE", "E-PARAM-NARROWS"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("setting.A-ALL-2", ("act360", "act365", "month+odd")),
        ("setting.A-JX-4", ("both", "urban")),
        ("setting.A-RG-8", ()),
        ("setting.A-PS-10", ()),
        ("setting.day_count", ("act360", "act365", "month+odd")),
        ("floor_fen", ()),
    ],
)
def test_words_a_setting_takes(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


def test_answers_the_rules_count_with() -> None:
    assert [each for each in ("A-RG-1", "A-RG-8", "A-GZ-1", "A-JX-4", "A-ALL-9") if takes_number(f"setting.{each}")] == [
        "A-RG-1",
        "A-RG-8",
        "A-GZ-1",
    ]


def test_a_withdrawn_figure_stays_with_decisions_made_before(approver: Actor) -> None:
    (row,) = enter_figures([figure()], actor=approver, now=NOW)
    withdraw_figure(row.pk, "文号录错", actor=approver, now=LATER)
    find = lambda book: book.find("lowest_tier_monthly_fen", DAY, AREA)  # noqa: E731
    assert find(parameter_book()) is None
    assert find(parameter_book(LATER)) is None
    assert find(parameter_book(LATER - timedelta(seconds=1))).value == 102_000
    assert find(parameter_book(NOW)).value == 102_000
    assert find(parameter_book(NOW - timedelta(seconds=1))) is None


def test_a_second_withdrawal_changes_nothing(approver: Actor) -> None:
    (row,) = enter_figures([figure()], actor=approver, now=NOW)
    withdraw_figure(row.pk, "文号录错", actor=approver, now=LATER)
    again = withdraw_figure(row.pk, "别的原因", actor=approver, now=LATER + timedelta(days=1))
    assert (again.withdrawn_at, again.withdrawn_because) == (LATER, "文号录错")
    assert AuditEntry.objects.filter(action="figure.withdrawn").count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "长" * 301], ids=["空", "空白", "太长"])
def test_withdrawing_needs_a_reason(approver: Actor, reason: str) -> None:
    (row,) = enter_figures([figure()], actor=approver, now=NOW)
    with pytest.raises(ZhubaoError, match="E-REASON"):
        withdraw_figure(row.pk, reason, actor=approver, now=LATER)


def test_nobody_changes_a_figure_of_another_area(approver: Actor) -> None:
    (row,) = enter_figures([figure(area="320000")], actor=SYSTEM, now=NOW)
    assert row.entered_by is None
    with pytest.raises(OutOfScope):
        figure_for(approver, row.pk)
    with pytest.raises(OutOfScope):
        withdraw_figure(row.pk, "文号录错", actor=approver, now=LATER)


def test_a_new_value_follows_the_old_one(approver: Actor) -> None:
    enter_figures([figure(last=None)], actor=approver, now=NOW)
    enter_figures([figure(110_000, date(2027, 1, 1), None)], actor=approver, now=LATER, following=True)
    standing = [(row.value, row.effective_from, row.effective_to) for row in figures_of(AREA)]
    assert standing == [
        ("102000", date(2026, 1, 1), date(2026, 12, 31)),
        ("110000", date(2027, 1, 1), None),
    ]
    before = parameter_book(NOW).find("lowest_tier_monthly_fen", date(2027, 6, 1), AREA)
    assert before is not None
    assert before.value == 102_000


def test_following_does_not_push_a_later_value_aside(approver: Actor) -> None:
    enter_figures([figure(110_000, date(2027, 1, 1), None)], actor=approver, now=NOW)
    with pytest.raises(ZhubaoError, match="E-PARAM-OVERLAP"):
        enter_figures([figure(last=None)], actor=approver, now=LATER, following=True)
    assert LocalFigure.objects.standing().count() == 1


def test_what_was_decided_is_in_the_audit_chain(approver: Actor) -> None:
    (row,) = enter_figures([figure()], actor=approver, now=NOW)
    withdraw_figure(row.pk, "文号录错", actor=approver, now=LATER)
    entered, withdrawn = AuditEntry.objects.filter(subject=row.place).order_by("number")
    assert (entered.action, entered.chain, entered.after["value"]) == ("figure.entered", AREA, "102000")
    assert (withdrawn.action, withdrawn.reason, withdrawn.before["source"]) == ("figure.withdrawn", "文号录错", row.source)
    assert list(broken_links()) == []


def test_the_demonstration_set_can_be_entered() -> None:
    entries = demonstration_parameters()
    assert len(enter_figures(entries, actor=SYSTEM, now=NOW)) == len(entries)
    book = parameter_book()
    assert [need.name.name for need in needs_of("360702", DAY, book) if need.missing] == []


@pytest.mark.parametrize(
    ("area", "missing"),
    [
        pytest.param("320682", ["lowest_tier_monthly_fen"], id="如皋"),
        pytest.param("500243", ["setting.extended_to"], id="彭水：方案已过期"),
        pytest.param("CN", [], id="全国"),
    ],
)
def test_missing_figures_are_named(area: str, missing: list[str]) -> None:
    needs = needs_of(area, DAY, parameter_book())
    assert [need.name.name for need in needs if need.missing] == missing
    assert [need.missing for need in needs] == sorted((need.missing for need in needs), reverse=True)


def test_a_year_not_yet_published_takes_the_one_before() -> None:
    needs = {need.name.name: need for need in needs_of("320682", DAY, parameter_book())}
    base = needs["calc_base_fen"]
    assert base.carried
    assert base.entry is not None
    assert base.entry.effective_to == date(2025, 12, 31)
    assert not needs["benchmark_ppm"].carried
