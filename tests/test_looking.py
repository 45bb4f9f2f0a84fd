"""Looking at pages sees what is broken, also where it measures a combination of colours only once."""

from typing import TYPE_CHECKING

import pytest

from .looking import accessible

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
PAGE = '<html lang="zh"><title>页</title><main style="background: {ground}">{content}</main></html>'
GOOD, BAD, HIDDEN = (
    '<p style="color: #234">清楚</p>',
    '<p style="color: #bbb">不清楚</p>',
    '<p style="color: #bbb; display: none">看不见</p>',
)


@pytest.mark.parametrize(
    ("pages", "broken"),
    [
        pytest.param([("white", GOOD), ("white", GOOD)], [[], []], id="清楚的字"),
        pytest.param([("white", BAD), ("white", BAD)], [["color-contrast"], ["color-contrast"]], id="不清楚的字，每次都报"),
        pytest.param([("white", HIDDEN), ("white", BAD)], [[], ["color-contrast"]], id="看不见时不算看过"),
        pytest.param([("white", GOOD), ("#345", GOOD)], [[], ["color-contrast"]], id="同样的字，换了底色"),
        pytest.param([("white", GOOD * 9 + BAD)], [["color-contrast"]], id="许多清楚的字后面一个不清楚的"),
        pytest.param([("white", GOOD), ("white", GOOD + "<input>")], [[], ["label"]], id="字看过了，别的还要看"),
    ],
)
def test_what_is_broken_is_seen(
    browser: "Browser", axe: "Axe", pages: list[tuple[str, str]], broken: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.looking.MEASURED", set())
    opened = browser.new_page()
    found = []
    for ground, content in pages:
        opened.goto("about:blank")
        opened.set_content(PAGE.format(ground=ground, content=content))
        found.append([each.split(":")[0] for each in accessible(axe, opened)])
    opened.close()
    assert found == broken
