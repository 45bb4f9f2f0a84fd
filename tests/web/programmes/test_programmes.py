"""The pages of loan programmes: parties and start, a later text with its figures, the agreements that it has looked at again."""

from typing import Any

import pytest

from tests.cases import loan_lives
from tests.cases.offices import Offices
from tests.cases.test_intake import begin
from tests.people.tables import chen
from tests.web.cases.conftest import desk
from zhubao.access.models import Organisation, Region
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.programmes.models import AgreementReview, PolicyVersion, ProgrammeStart

JIANGXI, TONGLING = "jiangxi-2020-7", "tongling-2022-13"
START = {"starts_on": "2026-10-12", "document": "启用通知2026-1"}
VERSION = {
    "document": "赣人社规〔2026〕9号",
    "issued_by": "省人力资源和社会保障厅",
    "effective_from": "2027-01-01",
    "summary": "起始年限由八年改为五年",
    "figure_max_years_to_retirement": "5",
}


@pytest.mark.clauses("jx-0.2")
def test_a_programme_is_started_once_the_missing_party_is_there(jiangxi: Offices) -> None:
    """The county has no poverty relief office yet: the page names it, and no application is taken in."""
    ProgrammeStart.objects.all().delete()
    approver = desk(jiangxi, Role.AGENCY_APPROVER)
    page = approver.get(f"/programmes/{JIANGXI}/").content.decode()
    assert page.count("未登记") == 1
    assert "未启用" in approver.get("/programmes/").content.decode()
    refused = approver.post(f"/programmes/{JIANGXI}/start/", START)
    assert refused.status_code == 422
    assert "还没有登记：扶贫（乡村振兴）部门" in refused.content.decode()
    person = chen(region_code=jiangxi.area)
    with pytest.raises(ZhubaoError, match="E-PROGRAMME-NOT-STARTED"):
        begin(person, jiangxi.at(Role.AGENCY_INTAKE))
    region = Region.objects.get(pk=jiangxi.area)
    Organisation.objects.create(region=region, kind=OrganisationKind.RURAL_AFFAIRS, name="乡村振兴局")
    assert approver.post(f"/programmes/{JIANGXI}/start/", START).status_code == 302
    assert "2026-10-12 起受理中" in approver.get(f"/programmes/{JIANGXI}/").content.decode()
    assert begin(person, jiangxi.at(Role.AGENCY_INTAKE)).policy_id == JIANGXI


@pytest.mark.clauses("jx-5.4c")
def test_a_later_text_is_entered_with_its_figure_and_shown_with_its_number(jiangxi: Offices) -> None:
    approver = desk(jiangxi, Role.AGENCY_APPROVER)
    address = f"/programmes/{JIANGXI}/version/"
    wrong = approver.post(address, VERSION | {"figure_max_years_to_retirement": "五年"})
    assert wrong.status_code == 422
    assert "赣人社规〔2026〕9号" in wrong.content.decode()
    assert approver.post(address, VERSION | {"effective_from": "2020-12-30"}).status_code == 422
    assert not PolicyVersion.objects.exists()
    assert approver.post(address, VERSION).status_code == 302
    text = PolicyVersion.objects.get()
    assert [(each.name, each.value) for each in text.figures.all()] == [("max_years_to_retirement", "5")]
    page = approver.get(f"/programmes/{JIANGXI}/")
    assert [number for number, _text in page.context["versions"]] == [2]
    assert page.context["programme"].version.number == 1
    for words in ("赣人社规〔2026〕9号", "2027-01-01", "起始年限由八年改为五年", "5 年"):
        assert words in page.content.decode(), words


@pytest.mark.clauses("tl-5.4b")
def test_the_bank_s_agreement_is_flagged_until_it_has_been_reviewed(tongling: Offices) -> None:
    bank = loan_lives.the_bank(tongling.area)
    approver = desk(tongling, Role.AGENCY_APPROVER)
    day = {"starts_on": "2026-01-01", "agreement": "合〔2026〕3号", "agreed_on": "2026-01-01"}
    assert approver.post(f"/banks/{bank.pk}/cooperation/", {"policies": [TONGLING], **day}).status_code == 302
    assert "待复核" not in approver.get("/banks/").content.decode()
    text = {**VERSION, "document": "皖人社发〔2026〕20号"}
    assert approver.post(f"/programmes/{TONGLING}/version/", text).status_code == 302
    assert "协议待复核" in approver.get("/banks/").content.decode()
    assert "合〔2026〕3号" in approver.get(f"/programmes/{TONGLING}/").content.decode()
    page = approver.get(f"/banks/{bank.pk}/").content.decode()
    assert "复核 合〔2026〕3号：皖人社发〔2026〕20号 自 2027-01-01 起施行" in page
    version, cooperation = PolicyVersion.objects.get(), bank.cooperations.get()
    address = f"/banks/{bank.pk}/cooperation/{cooperation.pk}/review/{version.pk}/"
    assert approver.post(address, {"conclusion": ""}).status_code == 422
    assert desk(tongling, Role.BANK_OFFICER).post(address, {"conclusion": "看过"}).status_code == 403
    assert approver.post(address, {"conclusion": "条款不受影响"}).status_code == 302
    assert AgreementReview.objects.get().conclusion == "条款不受影响"
    assert "待复核" not in approver.get("/banks/").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_who_looks_and_who_decides(jiangxi: Offices, language: str) -> None:
    auditor = desk(jiangxi, Role.AUDITOR)
    auditor.cookies["language"] = language
    page: Any = auditor.get(f"/programmes/{JIANGXI}/")
    assert (page.status_code, "<form" in page.content.decode().split("<main")[1]) == (200, False)
    assert auditor.post(f"/programmes/{JIANGXI}/start/", START).status_code == 403
    assert auditor.get(f"/programmes/{TONGLING}/").status_code == 404
    assert desk(jiangxi, Role.BANK_OFFICER).get("/programmes/").status_code == 403
