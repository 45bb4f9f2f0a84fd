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
# What axe would load beforehand serves rules about sound and orientation, of which the pages have none.
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "rules": {"color-contrast": {"enabled": False}},
    "resultTypes": ["violations"],
    "preload": False,
}
# Contrast takes axe most of its time and follows from colours, size and weight alone: each combination is measured once in a run,
# known only after axe itself has passed an element with it.
LOOK = """async ({rules, known}) => {
  const seen = new Set(known), times = new Map(), elements = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    const field = element.matches("input, select, textarea");
    if (!field && ![...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
    if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const own = getComputedStyle(element);
    const look = [own.color, own.fontSize, own.fontWeight, own.textShadow, own.webkitTextStroke, field];
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (style.backgroundColor !== "rgba(0, 0, 0, 0)") look.push(style.backgroundColor);
      if (style.backgroundImage !== "none") look.push(style.backgroundImage);
      for (const effect of [style.opacity, style.filter, style.mixBlendMode])
        if (!["1", "none", "normal"].includes(effect)) look.push(effect);
    }
    const key = look.join();
    times.set(key, (times.get(key) ?? 0) + 1);
    if (!seen.has(key) && times.get(key) <= 3) elements.set(element, key);
  }
  const {violations} = await axe.run(document, rules);
  if (!elements.size) return {violations, passed: []};
  const contrast = {runOnly: {type: "rule", values: ["color-contrast"]}, elementRef: true, preload: false};
  const found = await axe.run({include: [...elements.keys()]}, contrast);
  const nodes = (rules) => rules.flatMap((rule) => rule.nodes);
  const passed = nodes(found.passes).map((node) => elements.get(node.element)).filter(Boolean);
  const broken = found.violations.map(({id, nodes}) => ({id, nodes: nodes.map(({html}) => ({html}))}));
  return {violations: [...violations, ...broken], passed: [...new Set(passed)]};
}"""
MEASURED: set[str] = set()


def accessible(axe: "Axe", page: "Page") -> list[str]:
    """Return the broken rules of WCAG 2.1 AA on a page, each with the first element at fault; empty when there are none."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.axe_script)
    found = page.evaluate(LOOK, {"rules": RULES, "known": sorted(MEASURED)})
    MEASURED.update(found["passed"])
    return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found["violations"]]


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
