"""A claim in a real browser: read by the accessibility rules, at two widths, in both languages."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.loans.lives import COUNTY, PostOf, at
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from tests.procedures.claims import borrowers, checked, file_of, rows_of
from tests.web.test_in_the_browser import speak
from zhubao.access.roles import Role
from zhubao.loans.models import ClaimLine
from zhubao.loans.states import RUGAO
from zhubao.procedures.claim_received import hand_claim_in, take_claim_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
# The browser's clock is the real one: the claim came a few days before it.
CAME = at(2026, 11, 10)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_claim_with_its_lines_and_a_line_with_its_days(
    page_at: "Callable[[str], Page]", axe: "Axe", post_of: PostOf, settings: Any, tmp_path: Any, language: str
) -> None:
    from playwright.sync_api import expect

    settings.MEDIA_ROOT = tmp_path / "files"
    borrowers(post_of, 3, RUGAO)
    rows = rows_of(post_of, 2021, RUGAO)
    told = [
        replace(rows[0], subsidy_fen=rows[0].subsidy_fen + 211),
        replace(rows[1], rate_ppm=54_000, interest_fen=35_910, subsidy_fen=35_910),
        replace(rows[2], loan_number="L0000000000"),
    ]
    claim = checked(post_of, told, policy_id=RUGAO, now=CAME)
    line = ClaimLine.objects.get(claim=claim, loan_number="L1")
    page = page_at(Role.AGENCY_ACCOUNTANT)
    speak(page, language)
    for name, path, wanted in (
        ("claims", "/claims/", claim.number),
        ("claim", f"/claims/{claim.number}/", "L0000000000"),
        ("line", f"/claims/{claim.number}/lines/{line.pk}/", "5.40%"),
    ):
        page.goto(path)
        expect(page.locator("main")).to_contain_text(wanted)
        pictures(page, f"{name}-{language}")
        assert accessible(axe, page) == []
        page.set_viewport_size({"width": 390, "height": 900})
        assert not too_wide(page), name
        page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"/claims/{claim.number}/")
    causes = page.locator("section[aria-labelledby=causes]")
    causes.locator("input[name=reason]").first.fill("按重算数")
    causes.locator("button[value=take_ours]").first.click()
    expect(page.locator("p.message.success")).to_contain_text("Done" if language == "en" else "已办理")
    claim.refresh_from_db()
    assert claim.open_lines == 1
    page.context.clear_cookies()
    page = page_at(Role.BANK_OFFICER)
    page.goto("/claims/")
    expect(page.locator("input[name=sent]")).to_be_visible()
    officer = post_of(Role.BANK_OFFICER).actor()
    again = hand_claim_in(
        [file_of(post_of, rows, "B2", RUGAO)], name="贴息申请.csv", policy_id=RUGAO, region_code=COUNTY,
        bank_id=officer.organisation_id or 0, actor=officer, now=at(2026, 11, 12),
    ).envelope  # fmt: skip
    page.goto(f"/claims/files/{again.pk}/")
    expect(page.locator("progress")).to_be_visible()
    pictures(page, "claim-being-read-zh")
    take_claim_in(again.pk, actor=officer, now=at(2026, 11, 12))
    expect(page.locator("ol.faults")).to_contain_text("E-CLAIM-TAKEN")
    pictures(page, "claim-file-refused-zh")
    assert accessible(axe, page) == []
    page.goto("/claims/")
    expect(page.locator("#unread")).to_be_visible()
    pictures(page, "claims-bank-zh")
    assert accessible(axe, page) == []
