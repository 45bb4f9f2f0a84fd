"""Guidance, help to enrol, resident pensions and transfers in a real browser: the accessibility rules at a phone's width."""

import os
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.accounts.hands import SYSTEM
from tests.looking import accessible, pictures, too_wide
from tests.people.tables import chen, number
from tests.web.test_in_the_browser import speak
from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.accounts.actions import credit
from zhubao.accounts.benefits.actions import apply, grant
from zhubao.accounts.benefits.models import Benefit
from zhubao.accounts.benefits.running import run_month
from zhubao.accounts.helping.actions import contact, find_uninsured
from zhubao.accounts.helping.models import EnrolmentHelp
from zhubao.accounts.models import Source
from zhubao.accounts.transfers.actions import Holding, check, request
from zhubao.accounts.transfers.checklist import CheckList, Found, items_of
from zhubao.people.actions import register_person
from zhubao.people.models import Person
from zhubao.people.recording import certify, record_insured
from zhubao.people.statements import IdentityStatement, InsuredStatement, Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
COUNTY, VILLAGE = "320682", "320682108201"
LANGUAGES = ("zh", "en") if os.environ.get("SCREENSHOTS") else ("zh",)


def listed(born: date, serial: int, name: str) -> Person:
    """Register somebody on the civil affairs department's list."""
    person = register_person(number(f"{born:%Y%m%d}", serial), name, region_code=VILLAGE, actor=SYSTEM, now=clock.now())
    certify(person.pk, IdentityStatement("dibao", "civil_affairs", Origin("名册")), actor=SYSTEM, now=clock.now())
    return person


def filled() -> dict[str, str]:
    """Have a granted pension, one applied for, somebody to be helped and a held transfer, and return the pages of each."""
    now, today = clock.now(), clock.today()
    for serial, name in ((22, "肖五妹"), (24, "吴大贵")):
        listed(date(today.year - 63, 3, 15), serial, name)
    listed(date(today.year - 41, 3, 15), 26, "何玉莲")
    run = run_month(COUNTY, date(today.year, today.month, 1), actor=SYSTEM, now=now)
    first, second = Benefit.objects.order_by("pk")
    apply(first.pk, None, actor=SYSTEM, now=now)
    apply(second.pk, False, actor=SYSTEM, now=now)
    grant(second.pk, actor=SYSTEM, now=now)
    find_uninsured(COUNTY, actor=SYSTEM, now=now)
    help_ = EnrolmentHelp.objects.get()
    contact(help_.pk, "电话：愿意了解居民养老", actor=SYSTEM, now=now)
    person = chen(region_code=VILLAGE)
    stated = InsuredStatement("resident_pension", today, Origin("参保登记"), paid_months=60)
    record_insured(person.pk, stated, actor=SYSTEM, now=now)
    credit(person, Source.OWN, 120_000, on=today, subject="receipt:1", key="1", actor=SYSTEM, now=now)
    moving = request(person, "out", "广东省深圳市", today, online=True, key="1", actor=SYSTEM, now=now)
    good = CheckList({item: Found("good") for item in items_of("out")}, 0)
    check(moving.pk, good, [Holding("RG-2025-0007", "rg-14.3", 1_234_500)], actor=SYSTEM, now=now)
    other = request(listed(date(1985, 5, 5), 28, "马长河"), "to_employee", "如皋市", today, key="1", actor=SYSTEM, now=now)
    return {
        "benefits": "/benefits/",
        "benefit": f"/benefits/{first.pk}/",
        "granted": f"/benefits/{second.pk}/",
        "run": f"/benefits/runs/{run.pk}/",
        "help": "/guidance/help/",
        "helped": f"/guidance/help/{help_.pk}/",
        "flexible": "/guidance/flexible/",
        "transfers": "/transfers/",
        "held": f"/transfers/{moving.number}/",
        "check": f"/transfers/{other.number}/",
        "guidance": "/guidance/ganzhou/?birth=1992-06&category=male60&scheme=none&income=4000&lists=dibao&on=2026-11-20",
        "pengshui": "/guidance/pengshui/",
    }


def test_every_page_keeps_the_rules_and_fits_a_phone(page_at: "Callable[[str], Page]", axe: "Axe") -> None:
    page = page_at(Role.AGENCY_REVIEWER)
    addresses = filled()
    for language in LANGUAGES:
        speak(page, language)
        for name, address in addresses.items():
            page.set_viewport_size({"width": 390, "height": 900})
            page.goto(address)
            assert not too_wide(page), name
            assert accessible(axe, page) == [], name
            pictures(page, f"{name}-{language}")
