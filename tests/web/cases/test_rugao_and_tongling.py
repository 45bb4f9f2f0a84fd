"""Steps of Rugao and Tongling taken at their forms by the agency and the bureau."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.cases import lives, loan_lives
from tests.cases.lives import VILLAGE, at
from tests.cases.offices import Offices, ask
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.actions import rugao as deciding
from zhubao.cases.models import Case

from .conftest import desk


def take(client: Client, case: Case, verb: str, **values: Any) -> Any:
    """Open the form of a step and send it."""
    page = client.get(f"/cases/{case.number}/steps/{verb}/").content.decode()
    hidden = dict(re.findall(r'name="(seen|key)" value="([^"]*)"', page))
    return client.post(f"/cases/{case.number}/steps/{verb}/", {**hidden, **values})


@pytest.mark.clauses("rg-12.2c")
def test_deemed_months_go_to_the_bureau_and_back(rugao: Offices, clock: Any) -> None:
    lives.figures()
    case = lives.signed(rugao, lives.applicant(paid=126, deemed=24))
    clock(at("2026-10-19"))
    reviewer, bureau = desk(rugao, Role.AGENCY_REVIEWER), desk(rugao, Role.HRSS_SUPERVISOR)
    refused = take(reviewer, case, "propose")
    assert refused.status_code == 422
    assert "视同年限还没有认定" in refused.content.decode()
    assert take(reviewer, case, "send_deemed").status_code == 302
    assert case.number in bureau.get("/cases/").content.decode()
    assert take(bureau, case, "confirm_deemed", months="20").status_code == 422
    assert take(bureau, case, "confirm_deemed", months="20", reason="档案缺四个月").status_code == 302
    case.refresh_from_db()
    assert case.state == "committee_approved"
    assert case.decisions.get(kind="deemed").months_confirmed == 20
    assert take(reviewer, case, "propose").status_code == 302
    page = desk(rugao, Role.AGENCY_APPROVER).get(f"/cases/{case.number}/").content.decode()
    assert "20 个月" in page
    assert f"/cases/{case.number}/steps/decide/" in page


@pytest.mark.clauses("rg-12.1e")
def test_an_objection_is_heard_and_decided(rugao: Offices, clock: Any) -> None:
    lives.figures()
    case = lives.reviewed(rugao, lives.applicant())
    lives.post(rugao, case)
    clock(at("2026-10-12", 15))
    clerk, approver = desk(rugao, Role.AGENCY_INTAKE), desk(rugao, Role.AGENCY_APPROVER)
    assert take(clerk, case, "object", by_name="王某", said="家里有车").status_code == 302
    objection = case.objections.get()
    answer = take(approver, case, "decide_objection", objection=objection.pk, upheld="no", reason="查无此事")
    assert answer.status_code == 422
    assert "还没有调查结果" in answer.content.decode()
    assert take(approver, case, "hear", objection=objection.pk, heard="没有车").status_code == 302
    page = approver.get(f"/cases/{case.number}/").content.decode()
    assert "没有车" in page
    case.refresh_from_db()
    assert case.state == "objection"


def test_who_got_a_copy_of_the_signed_form(rugao: Offices, clock: Any) -> None:
    lives.figures()
    case = lives.proposed(rugao, lives.applicant())
    Case.objects.filter(pk=case.pk).update(state="agreed", bank=rugao.office(OrganisationKind.BANK))
    clock(at("2026-10-20"))
    clerk = desk(rugao, Role.AGENCY_INTAKE)
    assert "还没有送达： 居（村）委会、社保经办机构" in clerk.get(f"/cases/{case.number}/").content.decode()
    address = f"/cases/{case.number}/copies/"
    assert "请选择收件单位" in clerk.post(address, {"recipient": "committee"}, follow=True).content.decode()
    page = clerk.post(address, {"recipient": "committee", "received_by": "周主任"}, follow=True).content.decode()
    assert "周主任" in page
    assert "还没有送达： 社保经办机构" in page
    assert desk(rugao, Role.COMMITTEE_MEMBER).post(address, {"recipient": "bank", "received_by": "x"}).status_code == 403
    assert case.copies.count() == 1


def test_the_forecast_stands_beside_what_was_decided(rugao: Offices) -> None:
    lives.figures()
    case = lives.proposed(rugao, lives.applicant())
    deciding.decide(case.pk, "granted", request=ask(), actor=rugao.at(Role.AGENCY_APPROVER), now=at("2026-10-20"))
    page = desk(rugao, Role.AGENCY_REVIEWER).get(f"/cases/{case.number}/forecast/").content.decode()
    found = re.search(r"核定 ([0-9,.]+) 元（各月都按核定时的档次），测算共借 ([0-9,.]+) 元", page)
    assert found is not None
    assert found[1] == "30,600.00" != found[2]


def test_the_forecast_says_which_years_tiers_are_assumed(jiangxi: Offices) -> None:
    loan_lives.figures()
    case = loan_lives.handed_in(jiangxi, loan_lives.man())
    page = desk(jiangxi, Role.AGENCY_REVIEWER).get(f"/cases/{case.number}/forecast/").content.decode()
    assert re.search(r"20\d\d(、20\d\d)* 年的缴费档次尚未公布，暂按 20\d\d 年的档次推算，属于假设", page)
    # The rate published last is in the table by general knowledge only.
    assert re.search(r"未经核实的数值.*未核实.* 一年期贷款市场报价利率", page)


def test_the_committee_sees_its_own_village_only(rugao: Offices, clock: Any) -> None:
    lives.figures()
    case = lives.handed_in(rugao, lives.applicant())
    member = desk(rugao, Role.COMMITTEE_MEMBER)
    page = member.get("/cases/").content.decode()
    assert case.number in page
    assert "试运行" in page
    Case.objects.filter(pk=case.pk).update(region_code=VILLAGE[:9] + "299")
    assert member.get(f"/cases/{case.number}/").status_code == 403


@pytest.mark.clauses("tl-3.2a")
def test_the_agency_gives_tongling_banks_its_estimate(tongling: Offices) -> None:
    loan_lives.figures()
    case = loan_lives.handed_in(tongling, loan_lives.resident(), loan_lives.TONGLING)
    reviewer = desk(tongling, Role.AGENCY_REVIEWER)
    assert case.number in reviewer.get("/cases/").content.decode()
    assert take(reviewer, case, "estimate").status_code == 302
    assert case.estimates.count() == 1
    assert case.number not in re.findall(r'<td><a href="/cases/([^/]+)/">', reviewer.get("/cases/").content.decode())
    assert reviewer.get(f"/cases/{case.number}/forecast/").status_code == 200
