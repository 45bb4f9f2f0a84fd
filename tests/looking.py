"""Looking at pages: the accessibility rules by axe, and pictures for the eyes of whoever changed a page.

All wait until the page shown has loaded; after a click that leads to another page, wait for that page first.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

WIDTHS = (1280, 390)
# A long walk through pages is taken in Chinese each time, in English by `make long`.
LANGUAGES = [pytest.param("zh-hans", id="中文"), pytest.param("en", id="English", marks=pytest.mark.long)]
# Only what is broken is listed in full; listing each element that keeps a rule takes longer than looking at it.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}, "resultTypes": ["violations"]}


def accessible(axe: "Axe", page: "Page") -> list[str]:
    """Return the broken rules of WCAG 2.1 AA on a page, each with the first element at fault; empty when there are none."""
    page.wait_for_load_state()
    found = axe.run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found]


def too_wide(page: "Page") -> bool:
    """Tell whether a page scrolls sideways."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def pictures(page: "Page", name: str) -> None:
    """Keep a picture of the page at each width when SCREENSHOTS names a folder: ``name-1280.png``, ``name-390.png``."""
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state()
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    if before:
        page.set_viewport_size(before)
