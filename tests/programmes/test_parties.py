"""A programme takes applications where every party its document addresses has an office."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from zhubao.access.actions import add_organisation
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import Organisation, Region
from zhubao.access.roles import OrganisationKind as Kind
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.programmes.models import ProgrammeStart
from zhubao.programmes.parties import missing_parties, require_started
from zhubao.programmes.version_actions import start_programme

pytestmark = pytest.mark.django_db
JIANGXI, RUGAO, TONGLING = "jiangxi-2020-7", "rugao-draft", "tongling-2022-13"
COUNTY, CITY = "360702", "3607"
SYSTEM = Actor.system("test")
NOW = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
FIRST = date(2026, 4, 1)
SEVEN = (Kind.AGENCY, Kind.CIVIL_AFFAIRS, Kind.RURAL_AFFAIRS, Kind.FINANCE, Kind.TAX, Kind.PBOC, Kind.BANK)
NAMES = {
    Kind.AGENCY: "人社部门或社保经办机构",
    Kind.CIVIL_AFFAIRS: "民政部门",
    Kind.RURAL_AFFAIRS: "扶贫（乡村振兴）部门",
    Kind.FINANCE: "财政部门",
    Kind.TAX: "税务部门",
    Kind.PBOC: "人民银行",
    Kind.BANK: "合作银行（至少一家）",
}


@pytest.fixture(autouse=True)
def county() -> None:
    """A county whose branch of the central bank sits in the city."""
    for code in ("36", CITY, COUNTY):
        Region.objects.create(code=code, name=code, parent_id=code[:-2] if len(code) > 2 else None)
    for kind in SEVEN:
        place = CITY if kind == Kind.PBOC else COUNTY
        add_organisation(Region.objects.get(pk=place), kind, f"章贡{kind.label}", actor=SYSTEM, now=NOW)


def start(policy_id: str = JIANGXI, starts_on: date = FIRST, document: str = "章人社发〔2026〕3号") -> ProgrammeStart:
    return start_programme(policy_id, starts_on, document, region_code=COUNTY, actor=SYSTEM, now=NOW)


@pytest.mark.clauses("jx-0.2")
def test_with_all_seven_parties_it_starts_on_its_day() -> None:
    assert missing_parties(JIANGXI, COUNTY) == []
    assert start() == start(document="第二次")
    with pytest.raises(ZhubaoError, match="it starts on 2026-04-01"):
        require_started(JIANGXI, COUNTY, date(2026, 3, 31))
    require_started(JIANGXI, f"{COUNTY}101", FIRST)


@pytest.mark.clauses("jx-0.2")
@pytest.mark.parametrize("kind", SEVEN)
def test_without_one_of_them_it_does_not_and_the_gap_is_named(kind: Kind) -> None:
    Organisation.objects.filter(kind=kind).delete()
    assert [party.label.zh for party in missing_parties(JIANGXI, COUNTY)] == [NAMES[kind]]
    with pytest.raises(ZhubaoError) as refused:
        start()
    assert refused.value.code == "E-PROGRAMME-PARTIES"
    assert NAMES[kind] in refused.value.problem.zh
    with pytest.raises(ZhubaoError, match="E-PROGRAMME-NOT-STARTED"):
        require_started(JIANGXI, COUNTY, FIRST)


@pytest.mark.clauses("jx-0.2")
def test_an_office_of_another_county_is_no_party_here() -> None:
    other = Region.objects.create(code="360703", name="南康区", parent_id=CITY)
    Organisation.objects.filter(kind=Kind.TAX).update(region=other)
    assert [party.label.en for party in missing_parties(JIANGXI, COUNTY)] == ["tax office"]


@pytest.mark.parametrize(
    ("policy_id", "starts_on", "document", "code"),
    [
        pytest.param(RUGAO, FIRST, "通知", "E-PROGRAMME-TRIAL", id="征求意见稿"),
        pytest.param(JIANGXI, date(2020, 12, 29), "通知", "E-PROGRAMME-START", id="早于文件"),
        pytest.param(JIANGXI, FIRST, " ", "E-PROGRAMME-START", id="没有文件"),
    ],
)
def test_refused(policy_id: str, starts_on: date, document: str, code: str) -> None:
    with pytest.raises(ZhubaoError) as refused:
        start(policy_id, starts_on, document)
    assert refused.value.code == code


def test_a_draft_is_tried_without_a_start_and_a_clerk_starts_nothing() -> None:
    require_started(RUGAO, "320682", FIRST)
    clerk = Actor("甲", COUNTY, Role.AGENCY_INTAKE, user_id=1)
    with pytest.raises(OutOfScope):
        start_programme(JIANGXI, FIRST, "通知", region_code=COUNTY, actor=clerk, now=NOW)
