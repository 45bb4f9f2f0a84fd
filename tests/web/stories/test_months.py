"""Thirty-six months of the three loan counties, each led on by one press in a browser and watched there: books, orders, claims, queues.

In the end every way a loan may end in a programme has been lived: its statement is given out and printed from the page, and its figures
are those `zhubao loan replay` makes of the life `zhubao loan export` prints. It takes many minutes: `make long`.
"""

import json
from calendar import monthrange
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from tests.looking import pictures, too_wide
from tests.procedures.months import NOVEMBER, fill_with_endings
from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.models import Post
from zhubao.access.roles import Role
from zhubao.cli.loan import loan as command
from zhubao.demonstration.regions import REGIONS, RegionKey
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import trial_balance
from zhubao.lending.days import months_later
from zhubao.loans.deductions.waiting import FAILED
from zhubao.loans.models import DeductionOrder, Loan, PensionCredit, SubsidyClaim
from zhubao.loans.states import TONGLING
from zhubao.loans.verifying import books_beside_replay
from zhubao.oversight.months.figures import lines_of
from zhubao.procedures.demonstration_cases.endings import FRAUD, REPAID, WRITTEN_OFF
from zhubao.procedures.demonstration_cases.filling import PROGRAMMES
from zhubao.procedures.demonstration_months.county import County
from zhubao.tasks.models import Task
from zhubao.tasks.selectors import waiting_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]
KEYS: tuple[RegionKey, ...] = ("jiangxi", "rugao", "tongling")
MONTHS = 37  # November 2026, in which the counties stand, and 36 more
PICTURED = (1, 12, 24, 37)
PAGE = "/demonstration/"


@dataclass
class Watch:
    """The browsers of the posts, and what was found wrong so far: one line each, so that one fault does not hide the next."""

    browser: "Browser"
    address: str
    faults: list[str] = field(default_factory=list)
    tried: set[tuple[int, str]] = field(default_factory=set)
    _open: "dict[int, BrowserContext]" = field(default_factory=dict)

    def at(self, key: RegionKey, role: Role) -> "Page":
        """Return a page signed in at a post of a county."""
        return self.page_of(posts_of(key, role)[0])

    def page_of(self, post: Post) -> "Page":
        """Return the page of a post: signed in once, kept for all months."""
        if post.pk not in self._open:
            session = SessionStore()
            session[SESSION_KEY] = str(post.user_id)
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session[HASH_SESSION_KEY] = post.user.get_session_auth_hash()
            session.create()
            context = self.browser.new_context(base_url=self.address, viewport={"width": 1280, "height": 900})
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": self.address}])
            page = context.new_page()
            page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
            self._open[post.pk] = context
        return self._open[post.pk].pages[0]

    def opens(self, page: "Page", address: str) -> bool:
        """Open an address, and tell whether it did; what answers with an error or does not fit the screen is noted."""
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            self.faults.append(f"{address}: {answer.status if answer else 'no answer'}")
            return False
        if too_wide(page):
            self.faults.append(f"{address}: wider than the screen")
        return True

    def is_so(self, what: str, found: object, expected: object) -> None:
        """Note what is not as it should be."""
        if found != expected:
            self.faults.append(f"{what}: {found!r}, not {expected!r}")

    def close(self) -> None:
        """Close every browser."""
        for context in self._open.values():
            context.close()


def posts_of(key: RegionKey, role: Role | None = None) -> list[Post]:
    """Return the posts of a county, or those with a role, the first opened first."""
    posts = Post.objects.open().filter(scope__code__startswith=REGIONS[key].code).select_related("user", "organisation")
    return list((posts.filter(role=role) if role else posts).order_by("pk"))


@contextmanager
def watching(browser: "Browser", address: str) -> Iterator[Watch]:
    """Give the browsers, and close them at the end."""
    watch = Watch(browser, address)
    try:
        yield watch
    finally:
        watch.close()


def test_every_ending_of_thirty_six_months_in_the_browser(
    browser: "Browser", live_server: Any, work: Callable[[], int], tmp_path: Path
) -> None:
    fill_with_endings(*KEYS)
    with watching(browser, live_server.url) as watch:
        for number in range(1, MONTHS + 1):
            month = months_later(NOVEMBER, number - 1, 1)
            press_for_a_month(watch, work, number)
            for key in KEYS:
                watch_county(watch, key, month, number in PICTURED)
        faults = list(watch.faults)
        for key in KEYS:
            faults += [f"{key} {word}: {fault}" for word, fault in endings(watch, key, tmp_path)]
        assert faults == []


def press_for_a_month(watch: Watch, work: Callable[[], int], number: int) -> None:
    """Have the administrator press "one month"; the page waits while the month is lived, and shows it then by itself."""
    from playwright.sync_api import expect

    page = watch.at("rugao", Role.AGENCY_ADMINISTRATOR)
    watch.opens(page, PAGE)
    page.locator('button[name="months"][value="1"]').click()
    expect(page.locator("progress")).to_be_visible()
    work()
    expect(page.locator("table.months tbody tr")).to_have_count(number)
    expect(page.locator("progress, main .message.error")).to_have_count(0)


def watch_county(watch: Watch, key: RegionKey, month: date, pictured: bool) -> None:
    """Look at a county after a month: its row, its books, the orders of the month, the claims, and every task that waits."""
    accountant = watch.at(key, Role.AGENCY_ACCOUNTANT)
    if watch.opens(accountant, f"{PAGE}?county={REGIONS[key].code}"):
        rows = accountant.locator("table.months tbody tr")
        watch.is_so(f"{key}: first row", rows.first.locator("th").inner_text(), f"{month:%Y-%m}")
        watch.is_so(f"{key} {month:%Y-%m}: held", accountant.locator("#held").count(), 0)
        if pictured:
            figures_are_their_lists(watch, accountant)
            watch.opens(accountant, f"{PAGE}?county={REGIONS[key].code}")
            pictures(accountant, f"months-{key}-{month:%Y-%m}")
    books_balance(watch, key, month)
    orders_of_the_month(watch, key, month, pictured)
    claims_of_the_year(watch, key, month, pictured)
    tasks_open(watch, key, month)


def figures_are_their_lists(watch: Watch, page: "Page") -> None:
    """Open every figure of the month: the list behind a sum of money comes to it, the others have so many lines."""
    cells = [
        (str(link.get_attribute("href")), link.inner_text())
        for link in page.locator("table.months tbody tr").first.locator("a").all()
    ]
    for address, figure in cells:
        if not watch.opens(page, address):
            continue
        total = page.locator("tfoot td.n")
        shown = total.inner_text() if total.count() else str(page.locator("main tbody tr").count())
        watch.is_so(address, shown, figure)


def books_balance(watch: Watch, key: RegionKey, month: date) -> None:
    """Every party's books come to nothing, every loan's are its replay, and the page of the month-end holds none."""
    code = REGIONS[key].code
    for party in Party:
        watch.is_so(
            f"{key} {month:%Y-%m} {party}", sum(row.fen for row in trial_balance(Actor.system("test"), code, party=party)), 0
        )
    watch.is_so(f"{key} {month:%Y-%m}: books", [faults for _number, faults in books_beside_replay(code) if faults], [])
    accountant = watch.at(key, Role.AGENCY_ACCOUNTANT)
    if watch.opens(accountant, "/loans/month-end/"):
        last = month.replace(day=monthrange(month.year, month.month)[1])
        run = accountant.locator("main tbody tr", has_text=f"{last:%Y-%m-%d}").first
        watch.is_so(f"{key} month-end {last}", run.locator(".tag.ok").count(), 1)
        if watch.opens(accountant, str(run.locator("a").first.get_attribute("href"))):
            held = accountant.locator('.figures a[href^="?show=held"] b').inner_text()
            watch.is_so(f"{key} month-end {last}: held", held, "0")


def orders_of_the_month(watch: Watch, key: RegionKey, month: date, pictured: bool) -> None:
    """Whoever had a pension and still owes at the month's end has one order; the page lists them and adds them up."""
    accountant, loans = watch.at(key, Role.AGENCY_ACCOUNTANT), County(key, month).loans
    for bank in County(key, month).desk.banks:
        orders = list(DeductionOrder.objects.filter(month=month, loan__in=loans.filter(bank=bank).order_by()))
        for order in orders:
            watch.is_so(f"order {order.loan_id} {month}", 0 <= order.amount_fen <= order.pension_fen - order.protected_fen, True)
        credited = set(PensionCredit.objects.filter(month=month).values_list("person_id", flat=True))
        owing = loans.filter(bank=bank, person_id__in=credited, state="repaying")
        missing = set(owing.values_list("pk", flat=True)) - {order.loan_id for order in orders}
        watch.is_so(f"{key} {month:%Y-%m}: without an order", [loan.number for loan in owing if loan.pk in missing], [])
        # The page of a bank without an order shows another bank that has one.
        if not orders or not watch.opens(accountant, f"/deductions/?month={month:%Y-%m}&bank={bank.pk}"):
            continue
        counted = accountant.locator("#orders .sub").inner_text()
        watch.is_so(f"{key} {month:%Y-%m} {bank}: orders", counted, str(len(orders)))
        ordered = accountant.locator("main .figures b").nth(1).inner_text()
        watch.is_so(f"{key} {month:%Y-%m} {bank}: ordered", fen_of(ordered), sum(order.amount_fen for order in orders))
        if pictured:
            pictures(accountant, f"orders-{key}-{month:%Y-%m}-{bank.pk}")


def claims_of_the_year(watch: Watch, key: RegionKey, month: date, pictured: bool) -> None:
    """At the end of January every bank that finance owed interest has claimed each year that is over and was paid; the page lists it."""
    if REGIONS[key].policy == TONGLING:
        return
    claims = list(SubsidyClaim.objects.filter(policy_id=REGIONS[key].policy, region_code__startswith=REGIONS[key].code))
    watch.is_so(f"{key} {month:%Y-%m}: claims not paid", [claim.number for claim in claims if claim.state != "paid"], [])
    if month.month == 1:
        december = lines_of(REGIONS[key].code, REGIONS[key].policy, months_later(month, -1, 1))
        owed = {line.loan_number for line in december["subsidy_owed"]}
        for bank in set(Loan.objects.filter(number__in=owed).values_list("bank_id", flat=True)):
            years = sorted(claim.year for claim in claims if claim.bank_id == bank)
            expected = list(range(years[0] if years else month.year - 1, month.year))
            watch.is_so(f"{key} {month:%Y-%m} {bank}: years claimed", years, expected)
    accountant = watch.at(key, Role.AGENCY_ACCOUNTANT)
    if watch.opens(accountant, "/claims/?show=all"):
        if pictured:
            pictures(accountant, f"claims-{key}-{month:%Y-%m}")
        if claims and month.month == 1 and watch.opens(accountant, f"/claims/{claims[-1].number}/"):
            accepted = accountant.locator("main .figures b").nth(3).inner_text()
            watch.is_so(f"{claims[-1].number}: accepted", fen_of(accepted), claims[-1].accepted_fen)


def tasks_open(watch: Watch, key: RegionKey, month: date) -> None:
    """Every post with something to do finds it in its queue, and every task opens a page."""
    for post in posts_of(key):
        if not waiting_for(post.actor()).exists():
            continue
        page = watch.page_of(post)
        if not watch.opens(page, "/cases/"):
            continue
        rows = page.locator("main tbody tr")
        watch.is_so(
            f"{post} {month:%Y-%m}: tasks without a page",
            [row.inner_text() for row in rows.all() if not row.locator("a").count()],
            [],
        )
        links = {(str(link.get_attribute("href")), row.inner_text()) for row in rows.all() for link in row.locator("a").all()}
        # A task that stood there the month before was opened then.
        for address, words in sorted(links):
            if (post.pk, words) not in watch.tried:
                watch.tried.add((post.pk, words))
                watch.is_so(f"{post} {month:%Y-%m} {address}", page.request.get(address).status, 200)


def endings(watch: Watch, key: RegionKey, folder: Path) -> Iterator[tuple[str, str]]:
    """Have every loan with a planned ending looked at; yield the ending's word and what is wrong, once for each fault."""
    planned = {ending.word: loan for loan, ending in County(key, NOVEMBER).planned_endings()}
    wanted = {tale.ends for tale in PROGRAMMES[key][1] if tale.ends}
    if set(planned) != wanted or not {REPAID, FRAUD} <= wanted:
        yield "all", f"{sorted(planned)}, not {sorted(wanted)}"
    for word, loan in planned.items():
        before = len(watch.faults)
        printed = statement_printed(watch, key, loan, word)
        result = replayed(loan, clock.today(), folder)
        watch.is_so("state", loan.state, "written_off" if word == WRITTEN_OFF else "settled")
        talks = Task.objects.open().filter(subject=loan.subject, kind=FAILED)
        watch.is_so("talks about an instalment that still wait", talks.count(), 0)
        if printed is not None:
            beside_replay(watch, printed, result)
        for fault in watch.faults[before:]:
            yield word, fault


def statement_printed(watch: Watch, key: RegionKey, loan: Loan, word: str) -> dict[str, int] | None:
    """Have the accountant give the statement of the whole life out and print it; return its figures as the page shows them, fen."""
    page = watch.at(key, Role.AGENCY_ACCOUNTANT)
    watch.opens(page, f"/loans/{loan.number}/")
    pictures(page, f"ended-{key}-{word}")
    if not watch.opens(page, f"/statements/loans/{loan.number}/?from={loan.signed_on}&to={clock.today()}"):
        return None
    with page.expect_navigation():
        page.locator(f'form[action="/statements/loans/{loan.number}/make/"] button').click()
    pictures(page, f"statement-{key}-{word}")
    paper = page.request.get(str(page.locator('main a[href$=".pdf"]').get_attribute("href")))
    watch.is_so("paper", (paper.status, paper.body()[:5]), (200, b"%PDF-"))
    figures = page.locator('table.statement a[href*="figure="]').all()
    found = {
        str(each.get_attribute("href")).partition("figure=")[2].partition("&")[0]: fen_of(each.inner_text()) for each in figures
    }
    return found | {"owed": fen_of(page.locator("table.statement tr.sum b").inner_text())}


def replayed(loan: Loan, up_to: date, folder: Path) -> Any:
    """Return what `zhubao loan replay` makes of what `zhubao loan export` prints."""
    printed = CliRunner().invoke(command, ["export", loan.number, "--up-to", up_to.isoformat()], standalone_mode=False)
    assert printed.exception is None, printed.exception
    (folder / "life.json").write_text(printed.stdout, encoding="utf-8")
    found = CliRunner().invoke(command, ["replay", str(folder / "life.json"), "--json"], standalone_mode=False)
    assert found.exception is None, found.exception
    return json.loads(found.stdout)


def beside_replay(watch: Watch, page: dict[str, int], replay: Any) -> None:
    """Compare the figures of a printed statement with those of the replay."""
    rows = [row for row in replay["schedule"] if row["kind"] in ("deduct", "prepay")]
    watch.is_so("interest of the borrower", page["interest_borrower"], replay["borrower_interest_total"])
    watch.is_so("interest of finance", page.get("interest_finance", 0), replay["subsidy_total"])
    watch.is_so("repaid", page["repaid_principal"] + page["repaid_interest"], sum(row["amount"] for row in rows))
    watch.is_so("owed", page["owed"], 0)
    if "death" in replay:
        death = replay["death"]
        watch.is_so("taken over", page.get("taken_over", 0) - page.get("other", 0), death["debt"])
        watch.is_so("payers", death["from_account"] + death["government"] + death["unrecovered"], death["debt"])
    else:
        watch.is_so("closed", replay["closed_on"] is not None, True)
        watch.is_so("left", (replay["principal_outstanding"], replay["interest_outstanding"]), (0, 0))


def fen_of(words: str) -> int:
    """Return an amount as a page writes it ("1,234.50") in fen."""
    return int(words.replace(",", "").replace(".", ""))
