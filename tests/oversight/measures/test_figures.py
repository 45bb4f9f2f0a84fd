"""Figures of measures: handed in by units and corrected, counted live, the fund against four fifths, and the bulletin that keeps them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.cases.offices import Offices
from tests.people.tables import chen, shen
from zhubao.access.actors import Actor
from zhubao.access.models import AuditEntry, Post, Region
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.oversight.measures.actions import enter_control
from zhubao.oversight.measures.bulletin import changes, compose, give_out, latest
from zhubao.oversight.measures.course import POST_OF
from zhubao.oversight.measures.figures import enter_figure, enter_fund_year
from zhubao.oversight.measures.indicators import LIVE, Asked, Reading, entrusted, reaches, read, returned, share_ppm
from zhubao.oversight.measures.live import places_without_person
from zhubao.oversight.measures.models import Bulletin, BulletinLine, FundYear, IndicatorFigure, Measure
from zhubao.oversight.measures.selectors import missing_bulletins
from zhubao.people.models import Identity, InsuredRecord, Scheme
from zhubao.policies.measures import indicators, measures

from .counties import COUNTY, GANZHOU, SYSTEM, a_county, at, post_at, taken_up

pytestmark = pytest.mark.django_db
HRSS, FINANCE, TAX, CIVIL = (
    OrganisationKind.HRSS,
    OrganisationKind.FINANCE,
    OrganisationKind.TAX,
    OrganisationKind.CIVIL_AFFAIRS,
)
APRIL = at(2022, 4, 12)
MARCH = date(2022, 3, 31)
QUARTER = Asked(COUNTY, GANZHOU, date(2022, 1, 1), MARCH)


@pytest.fixture
def county() -> Offices:
    return a_county()


def enter(name: str, numerator: int, by: Actor | None = None, day: date = MARCH, **named: Any) -> IndicatorFigure:
    named = {"document": "一季度统计表", "actor": by or post_at(HRSS), "now": APRIL, **named}
    return enter_figure(COUNTY, name, day, numerator, **named)


def refused(act: Callable[[], object], code: str) -> None:
    """Expect a refusal that leaves neither a figure nor an audit entry behind."""
    before = (AuditEntry.objects.count(), IndicatorFigure.objects.count(), FundYear.objects.count(), Bulletin.objects.count())
    with pytest.raises(ZhubaoError) as refusal:
        act()
    assert refusal.value.code == code
    after = (AuditEntry.objects.count(), IndicatorFigure.objects.count(), FundYear.objects.count(), Bulletin.objects.count())
    assert after == before


def test_every_indicator_is_counted_or_handed_in_by_a_unit_of_its_measure() -> None:
    read_all = {name for name, known in indicators().items() if known.source == "live"}
    import zhubao.oversight.measures.live_accounts
    import zhubao.oversight.measures.live_purposes  # noqa: F401 - registers the counts, with those of live

    assert set(LIVE) == read_all
    units = {name: set(each.units) for each in measures() for name in each.indicators}
    for name, known in indicators().items():
        assert (known.source == "entered") == bool(known.by), name
        assert set(known.by) <= units[name] | {HRSS}, name
        assert set(known.by) <= set(POST_OF), name


@pytest.mark.clauses("gz-4a", "gz-4b", "gz-5b", "gz-5c")
def test_units_hand_in_what_only_they_know(county: Offices) -> None:
    enter("unemployment_insured", 812)
    enter("skill_subsidy_persons", 30, by=post_at(FINANCE))
    enter("skill_subsidy_fen", 45_000_00, by=post_at(FINANCE))
    for part, number in (("mining", 2), ("construction", 5), ("烟花爆竹", 1)):
        enter("prevention_projects", number, part=part)
    for part in ("disability", "care", "survivor", "medical", "rehabilitation"):
        enter("injury_benefit", 1_000_00, day=date(2021, 6, 1), part=part)
        enter("injury_benefit", 1_100_00, part=part)
    assert [each.numerator for each in read("unemployment_insured", QUARTER)] == [812]
    assert [(each.label.zh, each.numerator) for each in read("prevention_projects", QUARTER)] == [
        ("矿山", 2), ("建筑施工", 5), ("烟花爆竹", 1),
    ]  # fmt: skip
    year = Asked(COUNTY, GANZHOU, date(2021, 1, 1), date(2021, 12, 31))
    rises = [
        (now.part, now.numerator - then.numerator)
        for now, then in zip(read("injury_benefit", QUARTER), read("injury_benefit", year), strict=True)
    ]
    assert rises == [(part, 100_00) for part in ("disability", "care", "survivor", "medical", "rehabilitation")]
    assert read("unemployment_insured", year) == []


@pytest.mark.parametrize(
    ("name", "numerator", "named", "code"),
    [
        ("skill_subsidy_fen", -1, {}, "E-INDICATOR-VALUE"),
        ("card_holders", 990, {}, "E-INDICATOR-VALUE"),
        ("card_holders", 1_001, {"denominator": 1_000}, "E-INDICATOR-VALUE"),
        ("training_hours", 8, {"denominator": 10}, "E-INDICATOR-VALUE"),
        ("injury_benefit", 1, {"part": "烟花爆竹"}, "E-INDICATOR-PART"),
        ("injury_benefit", 1, {}, "E-INDICATOR-PART"),
        ("training_hours", 8, {"part": "x"}, "E-INDICATOR-PART"),
        ("training_hours", 8, {"document": " "}, "E-INDICATOR-DOCUMENT"),
        ("training_hours", 8, {"day": date(2022, 7, 1)}, "E-INDICATOR-PERIOD"),
        ("loans_open", 8, {}, "E-INDICATOR-LIVE"),
        ("beauty", 8, {}, "E-INDICATOR-UNKNOWN"),
    ],
)
def test_a_figure_that_makes_no_sense_is_refused(county: Offices, name: str, numerator: int, named: Any, code: str) -> None:
    refused(lambda: enter(name, numerator, **named), code)


def test_only_its_unit_hands_a_figure_in(county: Offices) -> None:
    a_county("360703")
    for actor in (
        post_at(CIVIL),
        post_at(TAX),
        county.at(Role.AUDITOR),
        county.at(Role.AGENCY_REVIEWER),
        post_at(HRSS, "360703"),
    ):
        refused(lambda actor=actor: enter("training_hours", 8, by=actor), "E-SCOPE")  # type: ignore[misc]


@pytest.mark.clauses("gz-11e", "gz-11a")
def test_a_correction_keeps_what_stood_before(county: Offices) -> None:
    first = enter("card_holders", 980, denominator=1_000)
    assert enter("card_holders", 980, denominator=1_000) == first
    refused(lambda: enter("card_holders", 990, denominator=1_000), "E-INDICATOR-CORRECTION")
    second = enter("card_holders", 990, denominator=1_000, because="漏报一个村")
    assert (second.replaces, IndicatorFigure.objects.count()) == (first, 2)
    (reading,) = read("card_holders", QUARTER)
    assert share_ppm(reading.numerator, reading.denominator) == 990_000
    enter("training_score", 86)
    assert [each.numerator for each in read("training_score", QUARTER)] == [86]


@pytest.mark.clauses("gz-12a")
def test_people_on_rosters_who_are_insured_group_by_group(county: Offices) -> None:
    village = f"{COUNTY}108201"
    for person, category, scheme in (
        (chen(region_code=village), "dibao", Scheme.RESIDENT),
        (shen(SYSTEM, region_code=village), "tekun", Scheme.NONE),
    ):
        Identity.objects.create(
            region_code=village, person=person, category=category, certifier="civil_affairs", source="名册", recorded_at=APRIL
        )
        InsuredRecord.objects.create(person=person, scheme=scheme, source="参保库", recorded_at=APRIL, recorded_on=MARCH)
    found = {each.part: (each.numerator, each.denominator) for each in read("enrolled_of_rostered", QUARTER)}
    assert (found[""], found["dibao"], found["tekun"], found["monitored"]) == ((1, 2), (1, 1), (0, 1), (0, 0))
    assert sum(whole or 0 for part, (_insured, whole) in found.items() if part) == 2


@pytest.mark.clauses("gz-11b")
def test_villages_where_nobody_is_responsible_are_listed(county: Offices) -> None:
    assert places_without_person(COUNTY) == []
    Region.objects.create(code=f"{COUNTY}108202", name="无人村")
    Post.objects.filter(role=Role.TOWNSHIP_CLERK, scope_id=f"{COUNTY}108").update(closed_at=APRIL)
    assert [place.code for place in places_without_person(COUNTY)] == [f"{COUNTY}108", f"{COUNTY}108202"]
    assert [each.numerator for each in read("points_without_person", QUARTER)] == [2]


@pytest.mark.clauses("rg-22")
def test_every_open_task_has_one_owner_party(county: Offices) -> None:
    taken_up()
    parties = read("open_tasks_by_party", Asked(COUNTY, GANZHOU, date(2022, 1, 1), MARCH))
    assert {each.part: each.numerator for each in parties} == {HRSS: 14}


@pytest.mark.clauses("gz-9a")
@pytest.mark.parametrize(
    ("surplus", "share", "passes"),
    [(100_000_000_00, 80_000_000_00, True), (100_000_000_00, 79_999_999_99, False), (0, 5_00, None), (-3_00, 0, None)],
)
def test_four_fifths_of_the_new_surplus_to_the_last_fen(county: Offices, surplus: int, share: int, passes: bool | None) -> None:
    named: dict[str, Any] = {"actor": post_at(FINANCE), "now": APRIL}
    row = enter_fund_year(COUNTY, 2022, surplus, share, "2021年度决算", date(2022, 3, 20), **named)
    assert (row.surplus_year, row.provisional) == (2021, "A-GZ-6")
    reading = entrusted(row)
    assert reaches(reading.numerator, reading.denominator, 800_000) is passes
    assert read("fund_entrusted", QUARTER) == [reading]


@pytest.mark.clauses("gz-9c")
def test_the_return_of_a_year_and_its_correction(county: Offices) -> None:
    named: dict[str, Any] = {"actor": post_at(FINANCE), "now": APRIL, "average_assets_fen": 100_000_000_00}

    def entered(gains: int, **more: Any) -> FundYear:
        return enter_fund_year(COUNTY, 2022, 10_00, 9_00, "2021年度决算", date(2022, 3, 20), gains_fen=gains, **{**named, **more})

    first = entered(4_000_000_00)
    reading = returned(first)
    assert reading is not None
    assert share_ppm(reading.numerator, reading.denominator) == 40_000
    assert entered(4_000_000_00) == first
    refused(lambda: entered(4_100_000_00), "E-INDICATOR-CORRECTION")
    assert entered(4_100_000_00, because="审计调整").replaces == first
    refused(lambda: entered(1, average_assets_fen=None), "E-FUND-AMOUNT")
    refused(lambda: entered(1, average_assets_fen=0), "E-FUND-AMOUNT")
    refused(lambda: entered(1, actor=post_at(HRSS)), "E-SCOPE")
    refused(
        lambda: enter_fund_year(COUNTY, 2022, 1, 1, "决算", date(2021, 12, 31), actor=post_at(FINANCE), now=APRIL), "E-FUND-YEAR"
    )


@pytest.mark.clauses("gz-0.2", "jx-5.2b")
def test_a_bulletin_is_kept_as_given_out_and_a_correction_shows_old_and_new(county: Offices) -> None:
    bureau, first = post_at(HRSS), date(2022, 1, 1)
    refused(lambda: give_out(COUNTY, GANZHOU, first, actor=bureau, now=APRIL), "E-MEASURE-NONE")
    taken_up()
    enter("unemployment_insured", 812)
    refused(lambda: give_out(COUNTY, GANZHOU, first, actor=bureau, now=at(2022, 3, 31)), "E-BULLETIN-EARLY")
    refused(lambda: give_out(COUNTY, GANZHOU, first, actor=post_at(FINANCE), now=APRIL), "E-SCOPE")
    assert [each.region_code for each in missing_bulletins(bureau, first)] == [COUNTY]
    one = give_out(COUNTY, GANZHOU, first, actor=bureau, now=APRIL)
    assert (one.number, give_out(COUNTY, GANZHOU, first, actor=bureau, now=APRIL)) == ("TB-GZ-360702-2022Q1-1", one)
    assert missing_bulletins(bureau, first) == []
    assert {line.risk for line in one.lines.all()} == {"", "age", "injury", "unemployment"}
    enter("unemployment_insured", 818, because="补报")
    refused(lambda: give_out(COUNTY, GANZHOU, first, actor=bureau, now=APRIL), "E-BULLETIN-CORRECTION")
    two = give_out(COUNTY, GANZHOU, first, because="补报六人", actor=bureau, now=APRIL)
    (change,) = changes(list(one.lines.all()), list(two.lines.all()))
    assert change.old is not None
    assert change.new is not None
    assert (change.line.name, change.old.numerator, change.new.numerator) == ("unemployment_insured", 812, 818)
    assert latest(COUNTY, GANZHOU, first) == two


def test_a_bulletin_says_what_is_overdue_and_what_the_quarter_before_was(county: Offices) -> None:
    rows = taken_up()
    Measure.objects.filter(pk=rows["gz-2"].pk).update(state="overdue", missed=2)
    enter("unemployment_insured", 700, day=date(2021, 12, 31), document="四季度")
    enter("unemployment_insured", 812)
    lines: dict[tuple[str, str], BulletinLine] = {(line.table, line.name): line for line in compose(COUNTY, GANZHOU, MARCH)}
    overdue = lines["overdue", "gz-2"]
    assert (overdue.organisations, overdue.numerator) == (rows["gz-2"].lead.name if rows["gz-2"].lead else "", 2)
    insured = lines["indicator", "unemployment_insured"]
    assert (insured.numerator, insured.before_numerator) == (812, 700)
    assert lines["indicator", "training_hours"].numerator is None
    assert lines["fund", "fund_entrusted"].target_ppm == 800_000
    assert Reading(1).part == ""


@pytest.mark.clauses("jx-5.2a", "tl-5.2a")
@pytest.mark.parametrize(("policy", "area"), [("jiangxi-2020-7", COUNTY), ("tongling-2022-13", "340705")])
def test_the_loan_bulletin_has_the_figures_of_the_documents(policy: str, area: str) -> None:
    a_county(area)
    taken_up(area, policy)
    names = {line.name for line in compose(area, policy, MARCH)}
    assert {"applications", "approvals", "loans_drawn", "loans_drawn_fen"} <= names
    assert all(line.numerator is not None for line in compose(area, policy, MARCH) if line.name == "applications")


@pytest.mark.clauses("gz-10a")
def test_every_risk_has_one_of_four_sides_a_control_and_an_owner(county: Offices) -> None:
    row = taken_up()["gz-10"]
    tax, since = post_at(TAX), date(2022, 3, 1)

    def entered(dimension: str, risk: str, owner: int | None, by: Actor = tax) -> object:
        return enter_control(row.pk, dimension, risk, "双人复核", owner or 0, since, actor=by, now=APRIL)

    for dimension in ("policy", "handling", "information", "supervision"):
        entered(dimension, f"风险{dimension}", tax.organisation_id)
    entered("policy", "风险policy", tax.organisation_id)
    counted = [(each.label.zh, each.numerator) for each in read("risk_controls", QUARTER)]
    assert counted == [("政策", 1), ("经办", 1), ("信息", 1), ("监督", 1)]
    for dimension, risk, owner, code in (
        ("luck", "x", tax.organisation_id, "E-RISK"),
        ("policy", " ", tax.organisation_id, "E-RISK"),
        ("policy", "x", post_at(FINANCE).organisation_id, "E-MEASURE-UNIT"),
    ):
        refused(lambda dimension=dimension, risk=risk, owner=owner: entered(dimension, risk, owner), code)  # type: ignore[misc]
    refused(lambda: entered("policy", "x", tax.organisation_id, post_at(FINANCE)), "E-SCOPE")
