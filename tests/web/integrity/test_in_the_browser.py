"""Fraud and dishonesty as eyes, keyboards and screen readers meet them: told, answered, decided, recovered, listed."""

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from tests.loans.lives import PostOf, at, life_of
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from zhubao.access.roles import Role
from zhubao.loans.fraud import actions as fraud
from zhubao.loans.models import FraudFinding
from zhubao.loans.states import JIANGXI
from zhubao.oversight.dishonesty import actions as listing
from zhubao.workflow import CITIZEN

from .conftest import AFTER, FOUND, TOLD, Office, opened

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def looked_at(page: "Page", axe: "Axe", name: str) -> None:
    """Want a page to break no accessibility rule and to fit a phone; keep its picture."""
    assert accessible(axe, page) == []
    pictures(page, name)
    page.set_viewport_size({"width": 390, "height": 844})
    assert not too_wide(page)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_and_a_listing_on_the_screen(
    page: "Page", live_server: Any, axe: "Axe", post_of: PostOf, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    from playwright.sync_api import expect

    office: Office = opened(life_of(JIANGXI, post_of), post_of, monkeypatch)
    life = office.life

    def at_desk(role: str, path: str) -> None:
        session = office.desk(role).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [
                {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url},
                {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url},
            ]
        )
        page.goto(path)

    at_desk(Role.AGENCY_REVIEWER, f"/integrity/new/findings/?loan={life.loan.number}")
    looked_at(page, axe, f"finding-new-{language}")
    page.locator("#step_facts").fill("申请时提供的低保证编号经民政部门核实不存在，系伪造。")
    page.locator("button[data-once]").click()
    expect(page.locator("a[href$='/steps/serve_notice/']")).to_have_count(1)
    finding = FraudFinding.objects.get()
    path = f"/integrity/findings/{finding.number}/"
    office.turn(TOLD)
    at_desk(Role.AGENCY_REVIEWER, f"{path}steps/serve_notice/")
    page.locator("#step_proof").fill("送达回证第 12 号")
    looked_at(page, axe, f"finding-serve-{language}")
    page.locator("button[data-once]").click()
    expect(page.locator("#hearing")).to_be_visible()
    expect(page.locator("a[href$='/steps/serve_notice/']")).to_have_count(0)

    at_desk(CITIZEN, f"/integrity/own/findings/{finding.number}/")
    page.locator("textarea").fill("这个证是居委会代办的，我不知道是假的。")
    looked_at(page, axe, f"finding-own-{language}")
    page.locator("button[data-once]").click()
    expect(page.get_by_text("这个证是居委会代办的").first).to_be_visible()

    office.turn(AFTER)
    at_desk(Role.AGENCY_APPROVER, path)
    looked_at(page, axe, f"finding-heard-{language}")
    fraud.decide_finding(finding.pk, "证件核实系伪造，本人陈述不影响认定", actor=life.by(Role.AGENCY_APPROVER), now=AFTER)
    at_desk(Role.FINANCE_CLERK, f"{path}steps/agree_finding/")
    looked_at(page, axe, f"finding-agree-{language}")
    page.locator("button[data-once]").click()
    expect(page.locator("#recovery").first).to_be_visible()
    day = AFTER.date()
    fraud.record_refund(finding.pk, "F-2024-01", day, 20_000, actor=life.by(Role.FINANCE_CLERK), now=AFTER)
    fraud.record_repayment(finding.pk, "B-001", day, 500_000, actor=life.by(Role.BANK_OFFICER), now=AFTER)
    at_desk(Role.BANK_OFFICER, path)
    looked_at(page, axe, f"finding-recovery-{language}")
    at_desk(Role.BANK_OFFICER, f"{path}steps/record_repayment/")
    looked_at(page, axe, f"finding-repaid-{language}")
    at_desk(Role.AGENCY_APPROVER, "/integrity/")
    looked_at(page, axe, f"findings-{language}")
    at_desk(CITIZEN, f"/integrity/own/findings/{finding.number}/")
    looked_at(page, axe, f"finding-own-decided-{language}")

    hrss = life.by(Role.HRSS_SUPERVISOR)
    proposed = listing.propose_listing(
        life.loan.pk, "fraud", finding.facts, "认定决定书", 1_000_000, day, actor=life.by(Role.AGENCY_APPROVER), now=AFTER
    )
    listing.serve_notice(proposed.pk, day, "送达回证第 15 号", actor=hrss, now=AFTER)
    later = at(2024, 6, 24)
    listing.decide_listing(proposed.pk, "认定已生效，属于骗取", at(2027, 6, 24).date(), actor=hrss, now=later)
    office.turn(later)
    at_desk(Role.HRSS_SUPERVISOR, f"/integrity/listings/{proposed.number}/")
    looked_at(page, axe, f"listing-{language}")
    at_desk(Role.HRSS_SUPERVISOR, "/integrity/listings/")
    with page.expect_download() as download:
        page.locator("form[action='/integrity/listings/hand-over/'] button").first.click()
    assert download.value.suggested_filename.endswith(".xlsx")
    at_desk(Role.HRSS_SUPERVISOR, "/integrity/listings/")
    looked_at(page, axe, f"listings-{language}")
    at_desk(CITIZEN, f"/integrity/own/listings/{proposed.number}/")
    looked_at(page, axe, f"listing-own-{language}")


def test_a_wrong_entry_on_the_screen(
    page: "Page", live_server: Any, axe: "Axe", post_of: PostOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from playwright.sync_api import expect

    office: Office = opened(life_of(JIANGXI, post_of), post_of, monkeypatch)
    path = f"/loans/{office.life.loan.number}/"
    office.turn(FOUND)

    def at_desk(role: str, path: str) -> None:
        session = office.desk(role).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto(path)

    at_desk(Role.BANK_OFFICER, f"{path}steps/propose_taking_back/")
    page.locator("input[name=entry]").first.check()
    page.locator("#step_reason").fill("放款流水记到别人名下")
    looked_at(page, axe, "taking-back-propose")
    page.locator("button[data-once]").click()
    expect(page.locator("a[href$='/steps/propose_taking_back/']")).to_have_count(0)
    at_desk(Role.AGENCY_APPROVER, f"{path}steps/take_back/")
    looked_at(page, axe, "taking-back-check")
    page.locator("button[data-once]").click()
    expect(page.locator("a[href$='/steps/take_back/']")).to_have_count(0)
    looked_at(page, axe, "taking-back-loan")
