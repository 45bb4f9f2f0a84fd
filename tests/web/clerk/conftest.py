"""A county that contributes on behalf of people, its agency and departments, and what they hand in."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.screening.making import number, text
from zhubao.access.actions import add_organisation, add_region, add_user, open_post
from zhubao.access.actors import Actor
from zhubao.access.models import Post
from zhubao.access.roles import OrganisationKind, Role
from zhubao.parameters import Parameter
from zhubao.programmes.actions import enter_figures

PASSWORD = "a password for tests"
PENGSHUI = "500243"
SYSTEM = Actor.system("tests")
OFFICES = (
    ("agency", OrganisationKind.AGENCY, "彭水县社会保险经办机构", Role.AGENCY_REVIEWER),
    ("civil", OrganisationKind.CIVIL_AFFAIRS, "彭水县民政局", Role.CERTIFIER),
    ("federation", OrganisationKind.DISABLED_FEDERATION, "彭水县残疾人联合会", Role.CERTIFIER),
    ("finance", OrganisationKind.FINANCE, "彭水县财政局", Role.FINANCE_CLERK),
)


@pytest.fixture(autouse=True)
def uploads_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a test uploads in its own folder."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")


@dataclass
class Office:
    """One post of the county with a client signed in at it; the pages it gets are Chinese unless it `speaks` English."""

    post: Post
    client: Client

    def speaks(self, language: str) -> None:
        """Choose the language of the pages."""
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    def hand_in(self, *files: tuple[str, bytes], kinds: Sequence[str] = ("",)) -> Any:
        """Send files as the form does and return the page that follows."""
        sent = [SimpleUploadedFile(name, content) for name, content in files]
        return self.client.post("/clerk/rosters/upload/", {"sent": sent, "kind": list(kinds)}, follow=True)


@pytest.fixture
def offices(db: None) -> dict[str, Office]:
    """Return the posts of Pengshui by short names, each signed in."""
    return open_offices()


def open_offices() -> dict[str, Office]:
    """Open one post at each office of Pengshui; every account has `PASSWORD`."""
    now = timezone.now()
    region = add_region(PENGSHUI, "彭水县", actor=SYSTEM, now=now)
    opened = {}
    for name, kind, title, role in OFFICES:
        organisation = add_organisation(region, kind, title, actor=SYSTEM, now=now)
        user = add_user(f"pengshui-{name}", title[-4:], PASSWORD, actor=SYSTEM, now=now)
        post = open_post(user, organisation, role, actor=SYSTEM, now=now)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        opened[name] = Office(post, client)
    return opened


@pytest.fixture
def lowest_tier(db: None) -> None:
    """Enter the lowest tier of 2022, 100 yuan a year, for the demonstration county."""
    enter_lowest_tier()


def enter_lowest_tier(fen: int = 10_000) -> None:
    """Enter the lowest tier of 2022, a year."""
    figure = Parameter("lowest_tier_yearly_fen", fen, "fen", PENGSHUI, date(2022, 1, 1), None, "测试用", decided_by="测试")
    enter_figures([figure], actor=SYSTEM, now=timezone.now())


@pytest.fixture
def work() -> Callable[[], int]:
    """Return a function that does the jobs that wait, in their order, and returns how many there were."""

    def do_all() -> int:
        from django.db import connection
        from procrastinate.contrib.django import app

        done = 0
        while True:
            with connection.cursor() as cursor:
                cursor.execute("SELECT id, task_name, args FROM procrastinate_jobs ORDER BY id LIMIT 1")
                job = cursor.fetchone()
                if job is None:
                    return done
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job[0]])
            app.tasks[job[1]](**json.loads(job[2]))
            done += 1

    return do_all


TEKUN = number("19800102", order="004")
DIBAO = number("19700506", order="001")
STUDENT = number("20051111", order="002")
BOTH = number("19620303", order="003")
OLD = number("19550101", order="005")


@pytest.fixture
def rosters(tmp_path: Path) -> dict[str, tuple[str, bytes]]:
    """Return the files of three departments and the insured persons: five people, one of them on two rosters, one row wrong."""
    files = {
        "dibao": (
            "民政低保.csv",
            "gb18030",
            [
                ["彭水县城乡低保花名册", "", "", ""],
                ["序号", "姓名", "身份证号", "乡镇"],
                ["1", "冉小梅", DIBAO, "郁水镇"],
                ["2", "田大山", STUDENT, "郁水镇"],
                ["3", "向明", OLD, "黄岭镇"],
                ["4", "石头", DIBAO[:-1] + ("0" if DIBAO[-1] != "0" else "1"), "黄岭镇"],
            ],
        ),
        "tekun": (
            "特困人员.csv",
            "utf-8-sig",
            [["姓名", "身份证号", "乡镇"], ["谢长河", TEKUN, "黄岭镇"], ["庹兰", BOTH, "郁水镇"]],
        ),
        "disabled": (
            "残疾人名册.csv",
            "utf-8",
            [["姓名", "残疾人证号", "残疾等级", "乡镇"], ["庹兰", BOTH + "41", "一级", "郁水镇"]],
        ),
        "insured": (
            "居保参保.csv",
            "gb18030",
            [
                ["身份证号", "姓名", "参保险种", "参保地代码", "缴费档次", "人员状态"],
                [TEKUN, "谢长河", "城乡居民", PENGSHUI, "500", "正常"],
                [DIBAO, "冉小梅", "城乡居民", PENGSHUI, "100", "正常"],
                [STUDENT, "田大山", "城乡居民", PENGSHUI, "", "在校学生"],
                [OLD, "向明", "城乡居民", PENGSHUI, "", "正常"],
            ],
        ),
    }
    return {
        key: (name, text(tmp_path / f"{key}-source", rows, encoding).read_bytes())
        for key, (name, encoding, rows) in files.items()
    }
