"""The money of a plan year through the pages, each post in turn; who opens which page; every list as a workbook; looks."""

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.assistance.collection import (
    CIVIL,
    COUNTY,
    IN_FULL,
    MAY,
    OFFICE_OF,
    OWN_PARTS,
    RURAL,
    County,
    actual,
    at,
    file_of,
    pengshui,
    receipt,
    row,
)
from tests.assistance.test_recovering import HEIRS_PAID, account_of_the_dead, credited_county
from tests.looking import LANGUAGES, accessible, pictures, too_wide
from zhubao.access.models import Post
from zhubao.access.roles import OrganisationKind, Role
from zhubao.accounts.after_death.actions import pay_heirs
from zhubao.assistance.models import AssistanceClaim, DisabilitySettlement, PlanDifference, PlanRow, Recovery, Refund
from zhubao.parameters import Parameter
from zhubao.people.actions import record_death, set_card
from zhubao.procedures.plan_files import APPLY
from zhubao.programmes.actions import enter_figures
from zhubao.screening.sources import open_sheets
from zhubao.tasks.models import Task
from zhubao.web.collection.finding import PARTS

if TYPE_CHECKING:
    pass

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Browser

BACKEND = "django.contrib.auth.backends.ModelBackend"
Turn = Callable[[datetime], None]


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Turn:
    """Set the clock of the pages; uploads stay in the test's folder."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def desk(role: str, payer: str = "", *, other: bool = False) -> Client:
    """Return a client signed in at a post of the county."""
    posts = Post.objects.filter(role=role, organisation__region__code__startswith=COUNTY).order_by("pk")
    if payer:
        posts = posts.filter(organisation__kind=OFFICE_OF[payer])
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(posts.select_related("user")[1 if other else 0].user, backend=BACKEND)
    return client


def post(client: Client, name: str, *given: Any, **data: Any) -> None:
    """Press a button of a page; it must lead on, whatever it says."""
    answer = client.post(reverse(f"collection:{name}", args=given), data)
    assert answer.status_code == 302, answer.content.decode()[:400]
    assert "sign-in" not in answer["Location"]


def upload(client: Client, county: County, kind: str, rows: list[Any], batch: str, moment: datetime) -> None:
    """Hand a file in through the page and have the worker apply it."""
    sent = BytesIO(file_of(kind, rows, batch))
    sent.name = f"{batch}.csv"
    answer = client.post(reverse("collection:upload", args=[county.plan.pk]), {"kind": kind, "sent": sent})
    assert answer.status_code == 302
    APPLY[kind](int(answer.url.strip("/").split("/")[-1]), clock=lambda: moment)  # type: ignore[attr-defined]


def a_year(county: County, turn: Turn) -> None:
    """Live the year through the pages up to the last claim."""
    plan = county.plan.pk
    turn(at(2, 1))
    post(desk(Role.AGENCY_REVIEWER), "hand-out", plan)
    post(desk(Role.FINANCE_CLERK), "budget", plan, amount="900.00", document="彭财社〔2022〕1号", on="2022-01-20")
    turn(MAY)
    upload(desk(Role.TAX_CLERK), county, "self_pay_receipts", [receipt(*each) for each in (*OWN_PARTS, *IN_FULL)], "S1", MAY)
    bank = county.office(OrganisationKind.BANK)
    person = row("谭贵芳").person_id
    set_card(person, bank.pk, "6217001000000000011", starts_on=date(2020, 1, 1), actor=county.at(Role.AGENCY_REVIEWER), now=MAY)
    post(desk(Role.AGENCY_REVIEWER), "refunds-draw-up", plan)
    refund = Refund.objects.get(row__person=person)
    post(desk(Role.CERTIFIER, CIVIL), "refunds-pay", plan, refund=refund.pk, on="2022-05-20", reference="F1")
    post(desk(Role.CERTIFIER, CIVIL), "refund-come-back", plan, refund.pk, on="2022-05-20", reason="账户已销户")
    post(desk(Role.AGENCY_REVIEWER), "refund-correct", plan, refund.pk, bank=bank.pk, number="6217001000000000029", reason="换卡")
    post(desk(Role.CERTIFIER, CIVIL), "refunds-pay", plan, refund=refund.pk, on="2022-05-20", reference="F2")
    turn(at(9, 5))
    prepared = desk(Role.TAX_CLERK).post(reverse("collection:prepared", args=[plan]))
    assert prepared["Content-Type"].endswith("sheet")
    names = [name for name, *_rest in OWN_PARTS] + ["庹德清"]
    upload(desk(Role.TAX_CLERK), county, "actual_on_behalf", [actual(name) for name in names], "A1", at(9, 5))
    turn(at(9, 15))
    post(desk(Role.CERTIFIER, CIVIL), "decide", plan, how="reject", row=row("庹德清").pk, reason="已退出特困", key="k1")
    post(desk(Role.CERTIFIER, CIVIL), "decide", plan, how="all", key="k2")
    post(desk(Role.CERTIFIER, CIVIL), "submit", plan, payer=CIVIL)
    claim = AssistanceClaim.objects.get()
    post(desk(Role.FINANCE_CLERK), "step", claim.number, "check", seen="submitted")
    post(desk(Role.FINANCE_CLERK), "step", claim.number, "approve", seen="checked")
    claim.refresh_from_db()
    assert claim.state == "checked"  # not by the same person
    post(desk(Role.FINANCE_CLERK, other=True), "step", claim.number, "approve", seen="checked")
    turn(at(10, 12))
    post(desk(Role.FINANCE_CLERK), "step", claim.number, "pay", on="2022-10-10", reference="国库88")
    post(desk(Role.TAX_CLERK), "step", claim.number, "allocate", count="2", total="170", on="2022-10-12", reference="税9")
    post(desk(Role.AGENCY_ACCOUNTANT), "step", claim.number, "release", reason="税务漏录一人")
    post(desk(Role.TAX_CLERK), "step", claim.number, "allocate", count="3", total="240", on="2022-10-12", reference="税9")
    turn(at(12, 12))
    split = Parameter(
        "setting.disability_city_percent",
        "60",
        "",
        COUNTY,
        date(2022, 1, 1),
        None,
        source="渝财社〔2022〕3号",
        decided_by="财政局",
    )
    enter_figures([split], actor=county.at(Role.HRSS_SUPERVISOR), now=at(11, 1))
    post(desk(Role.FINANCE_CLERK), "disability-draw-up", plan)
    settlement = DisabilitySettlement.objects.get()
    post(desk(Role.FINANCE_CLERK, other=True), "disability-settle", plan, settlement.pk, on="2022-12-12", reference="结算1")
    post(desk(Role.AGENCY_ACCOUNTANT), "reconcile", plan)
    record_death(row("冉光荣").person_id, date(2022, 5, 1), "卫健名单", actor=county.at(Role.AGENCY_REVIEWER), now=at(12, 12))
    post(desk(Role.AGENCY_REVIEWER), "recoveries-find", plan)


@pytest.mark.clauses("ps-2.2e", "ps-2.2g", "ps-2.2h", "ps-2.2i", "ps-2.2m")
@pytest.mark.django_db
def test_the_money_of_a_year_through_the_pages(turn: Turn, tmp_path: Path) -> None:
    """240 by a claim, 70 refunded, 100 for a severely disabled person; the rest stands where its own hands are waited for."""
    county = pengshui()
    a_year(county, turn)
    states = county.states()
    assert {name for name, state in states.items() if state == "credited"} == {"冉光荣", "向中玉", "何世琼", "廖永碧"}
    assert {name for name, state in states.items() if state == "actual_listed"} == {"任廷芳", "张泽会"}
    assert (states["谭贵芳"], states["罗天才"], states["庹德清"]) == ("refunded", "refund_listed", "planned")
    settled = DisabilitySettlement.objects.get()
    assert (settled.city_fen, settled.county_fen) == (6_000, 4_000)
    assert [each.kind for each in PlanDifference.objects.open()] == ["not_verified"]
    # Every open task is named and leads to a page its post may open.
    for task in Task.objects.open():
        client = desk(task.role, RURAL if task.subject.endswith(RURAL) else CIVIL if task.role == Role.CERTIFIER else "")
        assert f"/collection/{county.plan.pk}/" in client.get(reverse("cases:queue")).content.decode() or task.role in {
            Role.TOWNSHIP_CLERK
        }
    _who_opens_what(county)
    _workbooks(county, tmp_path)
    # 冉光荣 had died before he was due: his 70 come back, are booked once, and nothing waits for them any more.
    recovery = Recovery.objects.get()
    assert "70.00" in desk(Role.AGENCY_ACCOUNTANT).get(reverse("collection:recoveries", args=[county.plan.pk])).content.decode()
    post(desk(Role.AGENCY_ACCOUNTANT), "recovery-book", county.plan.pk, recovery.pk, on="2022-12-12", reference="SK-7")
    recovery.refresh_from_db()
    assert recovery.recovered_on == date(2022, 12, 12)
    assert not Task.objects.open().filter(subject=recovery.subject).exists()


def _who_opens_what(county: County) -> None:
    """Try every page as every post: it opens, or it is the page 403."""
    number = AssistanceClaim.objects.get().number
    for role in (*{each for _view, _label, roles, _only in PARTS for each in roles}, Role.BANK_OFFICER):
        client = desk(role, CIVIL if role == Role.CERTIFIER else "")
        for view, _label, roles, _only in PARTS:
            answer = client.get(reverse(f"collection:{view}", args=[county.plan.pk]))
            assert answer.status_code == (200 if role in roles else 403), (role, view)
        claims = next(roles for view, _label, roles, _only in PARTS if view == "claims")
        assert client.get(reverse("collection:claim", args=[number])).status_code == (200 if role in claims else 403), role
    # Another department does not see this one's claim; nobody sees a plan that is not there.
    assert desk(Role.CERTIFIER, RURAL).get(reverse("collection:claim", args=[number])).status_code == 404
    assert desk(Role.TAX_CLERK).get(reverse("collection:plan", args=[county.plan.pk + 1])).status_code == 404
    assert (
        "向**" not in desk(Role.CERTIFIER, RURAL).get(reverse("collection:verification", args=[county.plan.pk])).content.decode()
    )


def cells_of(answer: Any, folder: Path) -> list[tuple[str | None, ...]]:
    """Return the cells of a workbook a page sent."""
    (folder / "list.xlsx").write_bytes(b"".join(answer))
    sheet = next(iter(open_sheets(folder / "list.xlsx")))
    return list(sheet.rows(0, sheet.cells.num_rows))


def _workbooks(county: County, tmp: Path) -> None:
    """Open every list as a workbook and count its lines."""
    lines = {
        "townships": 2, "days": 1, "unpaid": 2, "verification": 2, "claims": 1, "refunds": 2, "disability": 1, "three-ways": 1,
        "recoveries": 1,
    }  # fmt: skip
    client = desk(Role.AGENCY_ACCOUNTANT)
    for name, count in lines.items():
        answer = client.get(reverse("collection:workbook", args=[county.plan.pk, name]))
        assert len(cells_of(answer, tmp)) == count + 1, name
    number = AssistanceClaim.objects.get().number
    answer = client.get(reverse("collection:claim-workbook", args=[number]))
    assert cells_of(answer, tmp)[1][1:3] == ("何**", row("何世琼").person.masked_number)
    assert client.get(reverse("collection:workbook", args=[county.plan.pk, "nothing"])).status_code == 404


@pytest.mark.django_db
def test_who_has_not_paid_owes_what_a_sponsor_left(turn: Turn, tmp_path: Path) -> None:
    """何世琼's own part is 400 yuan; a sponsor paid 150 of it."""
    county = pengshui()
    turn(MAY)
    PlanRow.objects.filter(pk=row("何世琼").pk).update(self_paid_fen=15_000, self_paid_on=date(2022, 5, 18))
    client = desk(Role.AGENCY_ACCOUNTANT)
    page = client.get(reverse("collection:unpaid", args=[county.plan.pk])).content.decode()
    assert '<td class="n" data-title="尚欠自付">250.00</td>' in page
    sheet = cells_of(client.get(reverse("collection:workbook", args=[county.plan.pk, "unpaid"])), tmp_path)
    owed = sheet[0].index("尚欠自付")
    assert {line[1]: (line[owed - 1], line[owed]) for line in sheet[1:]}["何**"] == ("400.00", "250.00")


@pytest.mark.django_db
def test_a_recovery_from_the_heirs_asks_who_of_them_pays(turn: Turn) -> None:
    county = credited_county()
    record, found = account_of_the_dead(county)
    turn(at(11, 9))
    address = reverse("collection:recoveries", args=[county.plan.pk])
    assert "退款的继承人" not in desk(Role.AGENCY_ACCOUNTANT).get(address).content.decode()
    pay_heirs(record.pk, HEIRS_PAID, "F1", actor=county.at(Role.AGENCY_APPROVER), now=at(11, 9))
    page = desk(Role.AGENCY_ACCOUNTANT).get(address).content.decode()
    assert "退款的继承人" in page
    assert "账户已于 2022-11-07 付给继承人，由继承人退回。" in page
    for payer, booked in (("", None), ("冉建国", date(2022, 11, 9))):
        given = {"on": "2022-11-09", "reference": "SK-1", "payer": payer}
        post(desk(Role.AGENCY_ACCOUNTANT), "recovery-book", county.plan.pk, found.pk, **given)
        found.refresh_from_db()
        assert found.recovered_on == booked


# The pages in the order of the year, with the post that works there.
LOOKED_AT = (
    ("plan", Role.AGENCY_REVIEWER, ""),
    ("plan", Role.TAX_CLERK, ""),
    ("unpaid", Role.TOWNSHIP_CLERK, ""),
    ("verification", Role.CERTIFIER, RURAL),
    ("claims", Role.FINANCE_CLERK, ""),
    ("claim", Role.FINANCE_CLERK, ""),
    ("refunds", Role.CERTIFIER, CIVIL),
    ("disability", Role.FINANCE_CLERK, ""),
    ("recoveries", Role.AGENCY_ACCOUNTANT, ""),
    ("reconciliation", Role.AGENCY_ACCOUNTANT, ""),
)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_looks(turn: Turn, browser: "Browser", axe: "Axe", live_server: Any, language: str) -> None:
    """Every page at both widths by the accessibility rules, none of them wider than its screen."""
    county = pengshui()
    a_year(county, turn)
    number = AssistanceClaim.objects.get().number
    for view, role, payer in LOOKED_AT:
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
        session = desk(role, payer).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [
                {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url},
                {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url},
            ]
        )
        page = context.new_page()
        page.goto(reverse(f"collection:{view}", args=[number if view == "claim" else county.plan.pk]))
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert (view, accessible(axe, page), too_wide(page)) == (view, [], False)
        pictures(page, f"collection-{view}-{role}-{language}")
        context.close()
