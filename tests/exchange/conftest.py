"""The bank and the agency of the county, with a complete cooperation, and files kept in a folder of the test's own."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from zhubao.access.actions import add_region
from zhubao.access.actors import Actor
from zhubao.access.models import Organisation, Post, Region
from zhubao.access.roles import Role
from zhubao.programmes.bank_actions import Bid, record_cooperation, record_selection

NOW = datetime(2026, 3, 12, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
RUGAO = "rugao-draft"
SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def files_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the files of a test in its own folder."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")


@pytest.fixture
def place(db: None) -> Region:
    """Return a county with nothing in it."""
    for code, name in (("32", "江苏省"), ("3206", "南通市"), ("320682", "如皋市")):
        region = add_region(code, name, actor=SYSTEM, now=NOW)
    return region


@pytest.fixture
def agency(post_of: Callable[[str], Post]) -> Organisation:
    return post_of(Role.AGENCY_REVIEWER).organisation


@pytest.fixture
def bank(post_of: Callable[[str], Post]) -> Organisation:
    """Return the county's bank, which may be sent cases under Rugao's document."""
    found = post_of(Role.BANK_OFFICER).organisation
    record_selection(
        RUGAO,
        [Bid(found.pk, 90, True)],
        region_code="320682",
        decided_on=date(2026, 1, 1),
        document="皋人社发〔2026〕1号",
        reason="只有一家报名",
        actor=SYSTEM,
        now=NOW,
    )
    record_cooperation(
        found.pk,
        [RUGAO],
        region_code="320682",
        starts_on=date(2026, 1, 1),
        confidentiality="密〔2026〕1号",
        confidential_from=date(2026, 1, 1),
        actor=SYSTEM,
        now=NOW,
    )
    return found
