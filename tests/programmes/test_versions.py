"""Later texts of those above: what is decided from their day, what stays as it was, and the agreements to be looked at again."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.evidence.lives import jiangxi_borrower
from zhubao.access.actions import add_organisation
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry, Organisation, Region
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.evidence.actions import freeze
from zhubao.evidence.models import Snapshot
from zhubao.evidence.selectors import faithful
from zhubao.parameters import Parameter
from zhubao.programmes.actions import enter_figures
from zhubao.programmes.bank_actions import record_cooperation
from zhubao.programmes.models import BankCooperation, PolicyVersion
from zhubao.programmes.version_actions import enter_version, review_agreement
from zhubao.programmes.versions import to_review, version_on

pytestmark = pytest.mark.django_db
JIANGXI, TONGLING = "jiangxi-2020-7", "tongling-2022-13"
GANZHOU, TONGGUAN = "360702", "340705"
SYSTEM = Actor.system("test")
NEW_YEAR = date(2025, 1, 1)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


ENTERED = at(date(2024, 12, 20))


def newer(policy_id: str = JIANGXI, document: str = "赣人社规〔2024〕9号", **given: Any) -> PolicyVersion:
    """Enter a later text of the province that lends only from five years before the pension on, not from eight."""
    wanted: dict[str, Any] = {
        "issued_by": "省人力资源和社会保障厅",
        "effective_from": NEW_YEAR,
        "summary": "起始年限由八年改为五年",
        "region_code": GANZHOU if policy_id == JIANGXI else TONGGUAN,
        "actor": SYSTEM,
        "now": ENTERED,
        "figures": [years(5)] if policy_id == JIANGXI else [],
    }
    return enter_version(policy_id, document, **{**wanted, **given})


def years(value: int) -> Parameter:
    return Parameter("max_years_to_retirement", value, "years", GANZHOU, NEW_YEAR, None, "县文件", decided_by="test")


def decided(day: date) -> tuple[str, Snapshot]:
    """Freeze the facts of the man born in 1971-04 on a day, and return what the clause on the years ahead says."""
    person = Snapshot.objects.first()
    kept = freeze(person.person if person else jiangxi_borrower(), JIANGXI, day, actor=SYSTEM, now=at(day))
    return next(row["verdict"] for row in kept.result["clauses"] if row["id"] == "jx-1.1c"), kept


@pytest.mark.clauses("jx-5.4c")
def test_a_second_version_changes_what_is_decided_from_its_day_and_nothing_before() -> None:
    """He is 6 years and 4 months from his pension at the end of 2024, within eight years and not within five."""
    before, kept = decided(date(2024, 12, 19))
    version = newer()
    eve, also_kept = decided(date(2024, 12, 31))
    day, _new = decided(NEW_YEAR)
    assert (before, eve, day) == ("met", "met", "not_met")
    assert faithful(kept)
    assert faithful(also_kept)
    standing = [version_on(JIANGXI, GANZHOU, on) for on in (date(2024, 12, 31), NEW_YEAR)]
    assert [(each.number, each.text) for each in standing] == [(1, None), (2, version)]
    assert version_on(JIANGXI, GANZHOU, NEW_YEAR, known_at=at(date(2024, 12, 19))).number == 1
    assert version_on(JIANGXI, "360703", NEW_YEAR).number == 1
    assert version_on(JIANGXI, "360702101", NEW_YEAR).number == 2


@pytest.mark.clauses("jx-5.4c")
def test_a_text_entered_late_leaves_decisions_of_the_days_between() -> None:
    """Who decided in January knew the old text: the decision stands, a new one of the same day follows the new text."""
    _before, kept = decided(date(2025, 1, 10))
    newer(now=at(date(2025, 2, 3)))
    assert faithful(kept)
    assert decided(date(2025, 2, 3))[0] == "not_met"


@pytest.mark.clauses("jx-5.4c")
def test_the_figure_a_county_had_ends_the_day_before_and_keeps_its_limit() -> None:
    """The county had relaxed eight years to ten; on its own it could never have gone below eight."""
    with pytest.raises(ZhubaoError, match="E-PARAM-NARROWS"):
        enter_figures([years(5)], actor=SYSTEM, now=ENTERED)
    relaxed = Parameter("max_years_to_retirement", 10, "years", GANZHOU, date(2024, 1, 1), None, "县文件", decided_by="test")
    enter_figures([relaxed], actor=SYSTEM, now=at(date(2024, 1, 1)))
    version = newer()
    figure = version.figures.get()
    assert (figure.value, figure.source, figure.decided_by) == ("5", "赣人社规〔2024〕9号", "省人力资源和社会保障厅")
    assert decided(date(2024, 12, 31))[0] == "met"
    assert decided(NEW_YEAR)[0] == "not_met"


def test_the_same_document_again_changes_nothing() -> None:
    assert newer() == newer(summary="别的话")
    assert PolicyVersion.objects.get().summary == "起始年限由八年改为五年"
    assert AuditEntry.objects.filter(action="policy.version").count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param({"effective_from": date(2020, 12, 30)}, "E-VERSION-DAY", id="不晚于原文件"),
        pytest.param({"issued_by": " "}, "E-VERSION", id="没有发文机关"),
        pytest.param({"summary": ""}, "E-VERSION", id="没有写改了什么"),
        pytest.param({"document": ""}, "E-VERSION", id="没有文号"),
    ],
)
def test_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(ZhubaoError) as refused:
        newer(**given)
    assert refused.value.code == code
    assert not PolicyVersion.objects.exists()


def test_a_third_version_comes_after_the_second() -> None:
    newer()
    with pytest.raises(ZhubaoError, match="E-VERSION-DAY"):
        newer(document="赣人社规〔2024〕10号", effective_from=NEW_YEAR)
    newer(document="赣人社规〔2026〕1号", effective_from=date(2026, 1, 1), figures=[years(6)])
    assert [version_on(JIANGXI, GANZHOU, date(year, 6, 1)).number for year in (2024, 2025, 2026)] == [1, 2, 3]


def test_who_may_enter_one(post_of: Callable[[str], Any]) -> None:
    for role in (Role.AGENCY_INTAKE, Role.BANK_OFFICER, Role.HRSS_SUPERVISOR):
        with pytest.raises(OutOfScope):
            newer(actor=post_of(role).actor())


@pytest.fixture
def bank() -> Organisation:
    for code in ("34", "3407", TONGGUAN):
        Region.objects.create(code=code, name=code, parent_id=code[:-2] if len(code) > 2 else None)
    return add_organisation(Region.objects.get(pk=TONGGUAN), OrganisationKind.BANK, "铜官农商银行", actor=SYSTEM, now=ENTERED)


def agreed(bank: Organisation, on: date | None, starts_on: date = date(2023, 1, 1)) -> BankCooperation:
    """Record the bank's cooperation with an agreement of a day, or with none yet."""
    number = f"合〔{on.year}〕3号" if on else ""
    return record_cooperation(
        bank.pk,
        [TONGLING],
        region_code=TONGGUAN,
        starts_on=starts_on,
        agreement=number,
        agreed_on=on,
        actor=SYSTEM,
        now=ENTERED,
    )


@pytest.mark.clauses("tl-5.4b")
def test_every_agreement_of_the_old_text_is_to_be_reviewed(bank: Organisation) -> None:
    old = agreed(bank, date(2023, 1, 1))
    assert to_review(old) == []
    version = newer(TONGLING, "皖人社发〔2024〕20号")
    assert to_review(old) == [version]
    review_agreement(old.pk, version.pk, "条款不受影响，继续执行", actor=SYSTEM, now=ENTERED)
    review_agreement(old.pk, version.pk, "再点一次", actor=SYSTEM, now=ENTERED)
    assert to_review(BankCooperation.objects.get()) == []
    assert old.reviews.get().conclusion == "条款不受影响，继续执行"
    newest = newer(TONGLING, "皖人社发〔2025〕8号", effective_from=date(2025, 7, 1))
    with pytest.raises(ZhubaoError, match="E-REASON"):
        review_agreement(old.pk, newest.pk, " ", actor=SYSTEM, now=ENTERED)


@pytest.mark.clauses("tl-5.4b")
@pytest.mark.parametrize(
    ("on", "flagged"),
    [
        pytest.param(date(2024, 12, 31), True, id="施行前一天签的"),
        pytest.param(NEW_YEAR, False, id="施行当天签的"),
        pytest.param(None, False, id="还没有签"),
    ],
)
def test_an_agreement_signed_under_the_new_text_needs_no_review(bank: Organisation, on: date | None, flagged: bool) -> None:
    cooperation = agreed(bank, on)
    version = newer(TONGLING, "皖人社发〔2024〕20号")
    assert bool(to_review(cooperation)) is flagged
    if not flagged:
        with pytest.raises(ZhubaoError, match="E-REVIEW"):
            review_agreement(cooperation.pk, version.pk, "看过", actor=SYSTEM, now=ENTERED)


@pytest.mark.clauses("tl-5.4b")
def test_a_new_agreement_takes_the_flag_away_and_other_places_have_none(bank: Organisation) -> None:
    agreed(bank, date(2023, 1, 1))
    newer(TONGLING, "皖人社发〔2024〕20号")
    assert to_review(agreed(bank, date(2025, 1, 6))) == []
    newer(JIANGXI)
    assert len(PolicyVersion.objects.all()) == 2
