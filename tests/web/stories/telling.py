"""How a story is told: days that pass, people who sign in with their own accounts, find their work, do it and print their papers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password

from tests.cases.lives import at
from tests.cases.offices import Offices
from tests.conftest import PASSWORD
from tests.looking import pictures, too_wide
from tests.web.citizen.conftest import account
from zhubao.access.models import User
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.models import Case
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.writing import write
from zhubao.loans.models import Loan
from zhubao.people.models import Person

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Story:
    """One application on its way through the offices of a county, in a browser.

    `clock` stops the clock of every page, `work` does what waits in the background. Addresses are never typed but for the first one:
    whoever acts goes by the links of the pages.
    """

    page: "Page"
    offices: Offices
    borrower: Person
    clock: Callable[[datetime], None]
    work: Callable[[], int]
    folder: Path
    name: str
    printed: set[str] = field(default_factory=set)
    _pictures: int = 0

    def __post_init__(self) -> None:
        User.objects.update(password=make_password(PASSWORD))
        account(self.borrower, "borrower")

    @property
    def case(self) -> Case:
        """The application."""
        return Case.objects.select_related("person").get(person=self.borrower)

    @property
    def loan(self) -> Loan:
        """The loan that came of it."""
        return Loan.objects.get(person=self.borrower)

    def day(self, day: str, hour: int = 9) -> None:
        """Let it be an hour of a day in China."""
        self.clock(at(day, hour))

    def sign_in(self, username: str) -> None:
        """Sign in with an account, whoever sat here before; stand on the home page."""
        self.page.context.clear_cookies()
        self.page.goto("/sign-in/")
        self.page.locator("#id_username").fill(username)
        self.page.locator("#id_password").fill(PASSWORD)
        self.press("main form button")

    def borrower_arrives(self) -> None:
        """Have the borrower sign in on a phone and open their own pages."""
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        self.sign_in("borrower")

    def answers(self, **fields: str) -> None:
        """Fill in a page of the application and go on to the next."""
        for name, value in fields.items():
            typed = self.page.locator(f"#id_{name}")
            if typed.evaluate("field => field.tagName") == "SELECT":
                typed.select_option(value)
            else:
                typed.fill(value)
        self.look(self.page.url.rstrip("/").rpartition("/")[2])
        self.press("main .btn.go")

    def photographs(self) -> None:
        """Send a photograph of the first paper asked for, and go on."""
        from playwright.sync_api import expect

        self.press(".list a")
        photo = {"name": "身份证.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0 scan"}
        self.page.locator("#id_file").set_input_files(photo)  # type: ignore[arg-type]
        self.press("main .btn.go")
        expect(self.page.locator(".list .tag.ok").first).to_be_visible()
        self.answers()

    def declares_and_signs(self) -> None:
        """Tick every declaration, read the forecast, check the answers, sign and hand in, print what there is."""
        from playwright.sync_api import expect

        for box in self.page.get_by_role("checkbox").all():
            box.check()
        self.answers()
        self.answers()
        self.answers()
        self.answers(name=self.borrower.name)
        expect(self.page.locator(".panel .number")).to_have_text(self.case.number)
        self.look("handed-in")
        self.press("main .btn.go")
        self.look("progress")
        self.prints()

    def arrives(self, role: str, place: str, other: bool = False, phone: bool = False) -> None:
        """Have the person at a post sign in and follow the navigation to a place such as "/cases/"."""
        self.page.set_viewport_size(PHONE if phone else DESK)  # type: ignore[arg-type]
        self.sign_in(self.offices.post(role, other).user.username)
        self.press(f'header nav a[href="{place}"]')

    def press(self, where: "str | Locator") -> None:
        """Press the first link or button of a kind and wait for the page it leads to."""
        pressed = self.page.locator(where) if isinstance(where, str) else where
        with self.page.expect_navigation():
            pressed.first.click()

    def fill(self, **fields: str) -> None:
        """Type or choose the fields of a step's form."""
        for name, value in fields.items():
            typed = self.page.locator(f"main #step_{name}")
            tag = typed.evaluate("field => field.tagName + field.className")
            if tag.startswith("SELECT"):
                typed.select_option(value)
            elif tag.startswith("DIV"):
                typed.locator(f'input[value="{value}"]').check()
            else:
                typed.fill(value)

    def open_case(self) -> None:
        """Open the case from the list of what waits."""
        self.press(self.page.get_by_role("link", name=self.case.number, exact=True))

    def steps(self, role: str, verb: str, other: bool = False, **fields: str) -> None:
        """Have a post find the case among what waits for it, take its step and print what there is."""
        self.arrives(role, "/cases/", other)
        self.open_case()
        self.look(f"{verb}-case")
        self.press(f'.head .act a.go[href$="/steps/{verb}/"]')
        self.fill(**fields)
        self.look(verb)
        self.done()
        self.prints()

    def done(self, button: str = "main form .btn.go") -> None:
        """Press the large button of a form; the page after it says that it is done."""
        from playwright.sync_api import expect

        self.press(button)
        expect(self.page.locator(".message.success, .panel[role=status]")).to_be_visible()

    def prints(self) -> None:
        """Print every paper the page offers that was not printed before."""
        for link in self.page.locator(".to-print a").all():
            address = str(link.get_attribute("href"))
            if paper_name(address) not in self.printed:
                self.prints_at(address)

    def prints_at(self, address: str) -> None:
        """Print the paper at an address of the page: a PDF."""
        answer = self.page.request.get(address)
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf"), address
        assert answer.body()[:5] == b"%PDF-"
        self.printed.add(paper_name(address))

    def loan_step(self, role: str, verb: str, place: str = "/cases/", **fields: str) -> None:
        """Have a post find the loan among what waits for it, take a step of it or of its draw, and print what there is."""
        self.arrives(role, place)
        self.press(self.page.get_by_role("link", name=self.loan.number, exact=True))
        self.look(f"{verb}-loan")
        self.press(f'main a.btn[href*="/steps/{verb}/"]')
        self.fill(**fields)
        self.look(verb)
        self.done()
        self.prints()

    def plans_and_releases(self, year: int) -> None:
        """Have the accountant fix the amounts of a year, another person release them, who prints the list for the bank."""
        for role, what in ((Role.AGENCY_ACCOUNTANT, "plan"), (Role.AGENCY_APPROVER, "release")):
            self.arrives(role, "/loans/")
            self.press('.tabs a[href="/loans/year/"]')
            self.page.locator("#year").fill(str(year))
            self.press("form.filters button")
            self.look(f"year-{what}")
            self.done(f'form[action="/loans/year/{what}/"] button')
        self.look("year-released")

    def reconciles(self, year: int, amount: str) -> None:
        """Have the accountant compare agency, bank and tax: each has the amount, and no difference is open."""
        from playwright.sync_api import expect

        self.arrives(Role.AGENCY_ACCOUNTANT, "/loans/")
        self.press('.tabs a[href="/loans/reconciliation/"]')
        self.page.locator("#year").fill(str(year))
        self.press("form.filters button")
        self.press('form[action="/loans/reconciliation/run/"] button')
        expect(self.page.locator("main .figures b")).to_have_text([amount, amount, amount, "0"])
        self.look("reconciliation")

    def looks_at_the_loan(self, drawn: str) -> None:
        """Have the accountant look at the loan: what was drawn, every party's books in balance, its papers."""
        from playwright.sync_api import expect

        self.arrives(Role.AGENCY_ACCOUNTANT, "/loans/")
        self.press(self.page.get_by_role("link", name=self.loan.number, exact=True))
        expect(self.page.locator("main .figures b").first).to_have_text(drawn)
        expect(self.page.locator(".ledger h3 .tag.ok")).to_have_count(self.page.locator(".ledger h3").count())
        expect(self.page.locator(".ledger h3 .tag.bad")).to_have_count(0)
        for books in self.page.locator(".ledger tfoot").all():
            debit, credit = books.locator("td").all_inner_texts()
            assert debit == credit != "0.00"
        self.look("loan")
        self.prints()
        self.press(self.page.locator('#books ~ p a, a[href$="/postings/"]').last)
        self.look("postings")

    def borrower_sees(self, year: int, amount: str) -> None:
        """Have the borrower open their loan on the phone: the year is paid out and paid in; they print what is theirs."""
        from playwright.sync_api import expect

        self.borrower_arrives()
        self.look("citizen-at-the-end")
        self.press("main .list a")
        expect(self.page.locator("main .plain-list b", has_text=f"{year} 年度 {amount} 元")).to_be_visible()
        expect(self.page.locator("main .plain-list .sub", has_text="保费到账")).to_be_visible()
        expect(self.page.locator(".course .now")).to_have_count(0)
        self.look("citizen-loan")
        self.printed.clear()
        self.prints()

    def hands_in(self, role: str, kind: str, rows: list[Any], sender: OrganisationKind, form: str, batch: str) -> None:
        """Have a post hand a file of its office in; what waits in the background is done, and every line is taken."""
        from playwright.sync_api import expect

        offices = self.offices
        head = Head(batch, offices.office(sender).name, offices.office(OrganisationKind.AGENCY).name, "测试")
        file = self.folder / f"{kind}.{form}"
        file.write_bytes(write(layout_of(kind), head, rows, form))  # type: ignore[arg-type]
        self.arrives(role, "/files/")
        if self.page.locator("select#id_kind").count():
            self.page.locator("#id_kind").select_option(kind)
        self.page.locator("#id_sent").set_input_files(str(file))
        self.look(f"{kind}-hand-in")
        self.press('form[action="/files/upload/"] button')
        assert self.work() == 1
        expect(self.page.locator("progress")).to_have_count(0)
        expect(self.page.locator("#file .answer .tag.ok")).to_have_count(len(rows))
        self.look(kind)

    def takes_file(self) -> bytes:
        """Take the file of the page along and print its list; return what was saved."""
        from playwright.sync_api import expect

        expect(self.page.locator('main a[href^="/documents/files/"]')).to_be_visible()
        self.prints_at(str(self.page.locator('main a[href^="/documents/files/"]').get_attribute("href")))
        with self.page.expect_download() as download:
            self.page.locator('form[action$="/take/"] button').first.click()
        return Path(download.value.path()).read_bytes()

    def look(self, what: str) -> None:
        """Keep a picture of the page; it does not leave the screen."""
        assert not too_wide(self.page), what
        self._pictures += 1
        pictures(self.page, f"{self.name}-{self._pictures:02}-{what}")


def paper_name(address: str) -> str:
    """Return the name of the paper at an address."""
    return address.partition("?")[0].rpartition("/")[2].removesuffix(".pdf")
