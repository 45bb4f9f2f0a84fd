"""Taking an application in at the agency's counter, the committee's table and the bank's desk."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cases.lives import VILLAGE
from tests.cases.offices import JIANGXI_COUNTY, RUGAO_COUNTY, TONGLING_COUNTY, Offices
from tests.people.tables import number
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.cases.models import Case
from zhubao.people.models import Person

from .conftest import desk

PDF = b"%PDF-1.7 scan"
EMPTY = {"family-TOTAL_FORMS": "0", "family-INITIAL_FORMS": "0"}
SIGNED = {"truth_declared_on": "2026-10-12", "sharing_agreed_on": "2026-10-12", "signed_on": "2026-10-12", "signed_how": "paper"}


def who(area: str, **more: str) -> dict[str, str]:
    """Return what the first form asks of a man born in 1968."""
    return {
        "id_number": number("19680903", 17, area),
        "name": "沈志远",
        "route": "ordinary",
        "key": "first",
        "region": area,
        **more,
    }


@pytest.mark.clauses("jx-1.1g", "jx-annex-1")
def test_from_the_number_to_the_handed_in_form(jiangxi: Offices) -> None:
    clerk = desk(jiangxi, Role.AGENCY_INTAKE)
    asked = who(JIANGXI_COUNTY, programme="jiangxi-2020-7", hukou_code=JIANGXI_COUNTY)
    assert 'name="id_number"' in clerk.get("/cases/new/").content.decode()
    answer = clerk.post("/cases/new/", asked)
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/cases/{case.number}/form/"
    assert (case.channel, case.state, case.person.hukou_code) == ("counter", "draft", JIANGXI_COUNTY)
    page = clerk.get(f"/cases/{case.number}/form/").content.decode()
    assert "还缺" in page
    assert "情况属实的承诺" in page
    form = {
        "phone": "13900000001",
        "amount_asked_fen": "28,800",
        "inability_declared_on": "2026-10-12",
        "family-TOTAL_FORMS": "2",
        "family-INITIAL_FORMS": "0",
        "family-0-name": "李秀英",
        "family-0-relation": "配偶",
        "family-0-employed": "no",
        "family-1-name": "",
        **SIGNED,
    }
    assert clerk.post(f"/cases/{case.number}/form/", form).status_code == 302
    case.application.refresh_from_db()
    assert (case.application.amount_asked_fen, case.application.signed_on) == (28_800_00, date(2026, 10, 12))
    assert [(each.name, each.employed) for each in case.family.all()] == [("李秀英", False)]
    page = clerk.get(f"/cases/{case.number}/form/").content.decode()
    assert "可以提交" in page
    assert 'value="28,800.00"' in page or 'value="28800.00"' in page
    sent = {name: re.search(rf'name="{name}" value="([^"]*)"', _step(clerk, case, "submit"))[1] for name in ("seen", "key")}  # type: ignore[index]
    assert clerk.post(f"/cases/{case.number}/steps/submit/", sent).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.filed_on) == ("submitted", date(2026, 10, 12))
    assert clerk.get(f"/cases/{case.number}/form/").status_code == 302


def _step(client: Client, case: Case, verb: str) -> str:
    return client.get(f"/cases/{case.number}/steps/{verb}/").content.decode()


def test_an_incomplete_form_says_in_words_what_is_missing(jiangxi: Offices) -> None:
    clerk = desk(jiangxi, Role.AGENCY_INTAKE)
    clerk.post("/cases/new/", who(JIANGXI_COUNTY, programme="jiangxi-2020-7"))
    case = Case.objects.get()
    page = _step(clerk, case, "submit")
    sent = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("seen", "key")}  # type: ignore[index]
    answer = clerk.post(f"/cases/{case.number}/steps/submit/", sent)
    assert answer.status_code == 422
    assert "还缺：联系电话、无力缴费声明、情况属实的承诺" in answer.content.decode()
    case.refresh_from_db()
    assert (case.state, case.steps_taken) == ("draft", 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"id_number": "36028119680903001A"}, "身份", id="号码校验位不对"),
        pytest.param({"name": ""}, "必填", id="没有姓名"),
        pytest.param({"programme": "rugao-draft"}, "选择", id="别处的政策"),
        pytest.param({"region": "320682"}, "选择", id="别处的参保地"),
    ],
)
def test_nobody_is_registered_by_a_refused_form(jiangxi: Offices, change: dict[str, str], words: str) -> None:
    answer = desk(jiangxi, Role.AGENCY_INTAKE).post("/cases/new/", who(JIANGXI_COUNTY, programme="jiangxi-2020-7") | change)
    assert answer.status_code == 422
    assert 'class="fault"' in answer.content.decode() or 'role="alert"' in answer.content.decode(), words
    assert (Person.objects.count(), Case.objects.count()) == (0, 0)


def test_a_second_application_leads_to_the_first(jiangxi: Offices) -> None:
    clerk = desk(jiangxi, Role.AGENCY_INTAKE)
    asked = who(JIANGXI_COUNTY, programme="jiangxi-2020-7")
    clerk.post("/cases/new/", asked)
    answer = clerk.post("/cases/new/", asked | {"key": "second"})
    assert answer.status_code == 422
    assert f"/cases/{Case.objects.get().number}/" in answer.content.decode()
    # The first request sent once more opens nothing new either.
    assert clerk.post("/cases/new/", asked).status_code == 302
    assert Case.objects.count() == 1


@pytest.mark.clauses("rg-12.1a", "rg-12.1b")
def test_a_committee_takes_papers_and_sees_originals(rugao: Offices) -> None:
    member = desk(rugao, Role.COMMITTEE_MEMBER)
    member.post("/cases/new/", who(RUGAO_COUNTY, programme="rugao-draft", region=VILLAGE))
    case = Case.objects.get()
    assert (case.channel, case.committee_id) == ("village", rugao.post(Role.COMMITTEE_MEMBER).organisation_id)
    address = f"/cases/{case.number}/papers/"
    assert member.post(address, {"kind": "identity_card", "scan": SimpleUploadedFile("证.pdf", PDF)}).status_code == 302
    refused = member.post(address, {"kind": "identity_card", "scan": SimpleUploadedFile("证.exe", b"MZ program")})
    assert refused.status_code == 422
    assert "PDF" in refused.content.decode()
    member.post(address + "seen/", {"kind": "household_booklet"})
    scan, original = case.attachments.order_by("pk")
    assert (scan.kind, original.kind, original.original_seen_on) == ("identity_card", "household_booklet", date(2026, 10, 12))
    answer = member.get(f"{address}{scan.pk}/")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert AuditEntry.objects.filter(action="case.paper_read", subject=case.subject).count() == 1
    other = desk(rugao, Role.TAX_CLERK)
    assert other.get(f"{address}{scan.pk}/").status_code == 403
    assert AuditEntry.objects.filter(action="case.paper_read").count() == 1
    member.post(f"{address}{scan.pk}/remove/")
    assert member.get(f"{address}{scan.pk}/").status_code == 404


def test_a_file_above_ten_megabytes_is_refused_before_it_is_kept(jiangxi: Offices) -> None:
    clerk = desk(jiangxi, Role.AGENCY_INTAKE)
    clerk.post("/cases/new/", who(JIANGXI_COUNTY, programme="jiangxi-2020-7"))
    case = Case.objects.get()
    large = SimpleUploadedFile("大.pdf", PDF + bytes(10 * 1024 * 1024 + 70_000))
    answer = clerk.post(f"/cases/{case.number}/papers/", {"kind": "identity_card", "scan": large}, follow=True)
    assert "10 MB" in answer.content.decode()
    assert case.attachments.count() == 0


@pytest.mark.clauses("tl-2c")
def test_a_resident_of_tongling_applies_at_the_bank(tongling: Offices) -> None:
    officer = desk(tongling, Role.BANK_OFFICER)
    officer.post("/cases/new/", who(TONGLING_COUNTY, programme="tongling-2022-13"))
    case = Case.objects.get()
    assert (case.channel, case.bank_id) == ("bank", tongling.post(Role.BANK_OFFICER).organisation_id)
    form: dict[str, Any] = {"phone": "13900000001", "bank": case.bank_id, "tier_fen": "3000", "years_asked": "5", "children": "1"}
    assert officer.post(f"/cases/{case.number}/form/", {**form, **SIGNED, **EMPTY}).status_code == 302
    case.application.refresh_from_db()
    assert (case.application.tier_fen, case.application.years_asked, case.application.children) == (3000_00, 5, 1)


@pytest.mark.parametrize("role", [Role.AGENCY_APPROVER, Role.HRSS_SUPERVISOR, Role.AUDITOR, Role.FINANCE_CLERK])
def test_other_posts_take_nothing_in(jiangxi: Offices, role: str) -> None:
    assert desk(jiangxi, role).get("/cases/new/").status_code == 403
