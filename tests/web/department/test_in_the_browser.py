"""A department hands in a list that lost a third of its people, and everybody looks at it."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

from tests.looking import accessible, pictures, too_wide
from tests.rosters.offices import certified, number, people, set_up, sheet
from zhubao.access import clock
from zhubao.access.models import User
from zhubao.procedures.roster_certified import read_version
from zhubao.rosters.models import Difference, RosterVersion

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD = "a password for tests"
HEADER = ("姓名", "身份证号", "人员类别", "乡镇", "村")


@pytest.mark.django_db(transaction=True)
def test_a_department_and_the_agency_at_their_pages(
    page: "Page", axe: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")
    offices = set_up()
    User.objects.update(password=make_password(PASSWORD))
    today = clock.today()
    lines = [(*line, "绍庆镇", "文庙村") for line in people(9)]
    first = certified(offices["civil"], lines, on=date(today.year, today.month, 1), now=clock.now(), header=HEADER)
    severe: dict[str, Any] = {"category": "severe_disability", "certifier": "federation", "title": "残疾人"}
    certified(offices["federation"], [lines[5][:2], ("重残", number(800))], on=today, now=clock.now(), **severe)

    _sign_in(page, "civil-pengshui")
    page.goto("/department/")
    _looked_at(page, axe, "department-home")
    file = tmp_path / "低保.csv"
    file.write_bytes(sheet([*lines[3:], ("坏行", "500243", "绍庆镇", "别村")], header=HEADER))
    page.locator("#id_certified").select_option("500243/dibao/civil_affairs")
    page.locator("#id_sent").set_input_files(file)
    with page.expect_navigation():
        page.locator('form[action="/department/hand-in/"] button').click()
    version = RosterVersion.objects.get(state="received")
    read_version(version.pk, now=clock.now())
    page.reload()
    expect(page.locator("#loss_reason")).to_be_visible()
    _looked_at(page, axe, "department-version")
    page.locator("#loss_reason").fill("三户整户迁出")
    with page.expect_navigation():
        page.locator('form[action$="/certify/"] button').click()
    expect(page.get_by_role("heading", name="由第二人确认减员")).to_be_visible()

    page.context.clear_cookies()
    _sign_in(page, "agency-pengshui")
    for name, address in (
        ("department-overview", "/department/overview/"),
        ("department-list", f"/department/lists/{first.roster_id}/"),
        ("department-differences", "/department/differences/"),
        ("department-difference", f"/department/differences/{Difference.objects.open().filter(kind='overlap')[0].pk}/"),
        ("department-events", "/department/events/"),
    ):
        page.goto(address)
        _looked_at(page, axe, name)


def _sign_in(page: "Page", username: str) -> None:
    page.goto("/sign-in/")
    page.locator("#id_username").fill(username)
    page.locator("#id_password").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main form button").click()


def _looked_at(page: "Page", axe: Any, name: str) -> None:
    assert accessible(axe, page) == []
    pictures(page, name)
    page.set_viewport_size({"width": 390, "height": 844})
    assert not too_wide(page)
    page.set_viewport_size({"width": 1280, "height": 900})
