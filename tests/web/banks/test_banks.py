"""The registry of banks, as the posts that decide and those that look meet it."""

from typing import Any

import pytest

from tests.cases import loan_lives
from tests.cases.offices import Offices
from tests.web.cases.conftest import desk
from zhubao.access.roles import Role
from zhubao.programmes.banks import missing_for
from zhubao.programmes.models import BankCooperation, BankOffer, BankSelection

TONGLING = "tongling-2022-13"
DAY = "2026-10-12"
PAPERS = {
    "policies": [TONGLING], "starts_on": "2026-01-01", "card_partner": "on", "agreement": "合〔2026〕3号", "agreed_on": "2026-01-01",
    "confidentiality": "密〔2026〕3号", "confidential_from": "2026-01-01", "pension_account": "32060001000123",
}  # fmt: skip


def test_what_is_missing_goes_paper_by_paper_until_cases_may_be_sent(tongling: Offices) -> None:
    bank = loan_lives.the_bank(tongling.area)
    approver = desk(tongling, Role.AGENCY_APPROVER)
    assert "没有有效的合作登记" in approver.get("/banks/").content.decode()
    first = PAPERS | {"confidentiality": "", "confidential_from": ""}
    assert approver.post(f"/banks/{bank.pk}/cooperation/", first).status_code == 302
    page = approver.get("/banks/").content.decode()
    assert "没有保密协议" in page
    assert "没有择优确定的记录" in page
    assert approver.post(f"/banks/{bank.pk}/cooperation/", PAPERS).status_code == 302
    chosen = {"policy": TONGLING, "decided_on": "2026-02-01", "document": "选〔2026〕1号", "reason": "评分最高"}
    assert approver.post("/banks/choose/", {**chosen, f"chosen_{bank.pk}": "on"}).status_code == 422
    assert approver.post("/banks/choose/", {**chosen, f"chosen_{bank.pk}": "on", f"score_{bank.pk}": "90"}).status_code == 302
    assert "齐全，可以发送" in approver.get("/banks/").content.decode()
    page = approver.get(f"/banks/{bank.pk}/").content.decode()
    assert "**** 0123" in page
    assert BankCooperation.objects.count() == 1
    assert BankSelection.objects.get().bids.get().score == 90


@pytest.mark.parametrize(
    "wrong",
    [{"agreed_on": ""}, {"policies": []}, {"starts_on": "昨天"}, {"ends_on": "2025-01-01"}],
    ids=["协议没有日期-undated", "没有政策-no programme", "日期不对-no day", "先止后起-ends before it begins"],
)
def test_papers_that_do_not_hold_stay_in_the_form(tongling: Offices, wrong: dict[str, Any]) -> None:
    bank = loan_lives.the_bank(tongling.area)
    answer = desk(tongling, Role.AGENCY_APPROVER).post(f"/banks/{bank.pk}/cooperation/", PAPERS | wrong)
    assert answer.status_code == 422
    assert "合〔2026〕3号" in answer.content.decode()
    assert not BankCooperation.objects.exists()


def test_a_bank_records_its_own_offer_and_nobody_else_s(tongling: Offices) -> None:
    bank, other = loan_lives.the_bank(tongling.area), loan_lives.second_bank(tongling.area)
    officer = desk(tongling, Role.BANK_OFFICER)
    offer = {"policy": TONGLING, "rate_ppm": "4.35", "starts_on": DAY, "source": "利率公告2026-3"}
    assert officer.post(f"/banks/{bank.pk}/offer/", offer).status_code == 302
    assert BankOffer.objects.get().rate_ppm == 43_500
    assert officer.post(f"/banks/{bank.pk}/offer/", offer | {"rate_ppm": "四"}).status_code == 422
    assert officer.post(f"/banks/{bank.pk}/offer/", offer | {"rate_ppm": "0"}).status_code == 422
    assert officer.post(f"/banks/{other.pk}/offer/", offer).status_code == 404
    assert other.name not in officer.get("/banks/").content.decode()
    assert BankOffer.objects.count() == 1


def test_a_cooperation_ends_with_a_reason(tongling: Offices) -> None:
    bank = loan_lives.the_bank(tongling.area)
    approver = desk(tongling, Role.AGENCY_APPROVER)
    approver.post(f"/banks/{bank.pk}/cooperation/", PAPERS)
    end = f"/banks/{bank.pk}/cooperation/{BankCooperation.objects.get().pk}/end/"
    assert approver.post(end, {"on": "2026-10-01", "reason": ""}).status_code == 422
    assert approver.post(end, {"on": "2026-10-01", "reason": "协议到期"}).status_code == 302
    assert missing_for(bank, TONGLING, loan_lives.DAY)[0].zh == "没有有效的合作登记"


def test_posts_that_do_not_decide_change_nothing(tongling: Offices) -> None:
    bank = loan_lives.the_bank(tongling.area)
    for role in (Role.BANK_OFFICER, Role.AGENCY_ACCOUNTANT, Role.AUDITOR):
        client = desk(tongling, role)
        assert client.get("/banks/").status_code == 200, role
        assert client.post(f"/banks/{bank.pk}/cooperation/", PAPERS).status_code == 403, role
        assert client.post("/banks/choose/", {}).status_code == 403, role
    assert desk(tongling, Role.TAX_CLERK).get("/banks/").status_code == 403
    assert desk(tongling, Role.AGENCY_APPROVER).get("/banks/999999/").status_code == 404
    assert not BankCooperation.objects.exists()


def test_the_queries_of_the_list_are_few(tongling: Offices, django_assert_max_num_queries: Any) -> None:
    loan_lives.cooperate(loan_lives.the_bank(tongling.area), TONGLING)
    client = desk(tongling, Role.AUDITOR)
    with django_assert_max_num_queries(15):
        assert client.get("/banks/").status_code == 200
