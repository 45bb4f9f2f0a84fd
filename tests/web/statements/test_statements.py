"""Pages of statements: who sees what, every figure opened to its postings, old, new and difference, lists that lead to loans."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import fastexcel
import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import PASSWORD
from tests.loans.lives import COUNTY, SYSTEM, Life, PostOf, at, life_of
from tests.loans.statements.test_statements import close, correct
from zhubao.access.models import AuditEntry, User
from zhubao.access.roles import Role
from zhubao.loans.models import Statement, StatementRun
from zhubao.loans.statements.making import make_statement
from zhubao.loans.states import JIANGXI, RUGAO
from zhubao.people.models import CitizenAccount
from zhubao.procedures.statements_made import run_statements

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2021, 1, 1), date(2021, 12, 31)
YEAR = "from=2021-01-01&to=2021-12-31"
SignedIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock on 5 February 2022."""
    moment: datetime = at(2022, 2, 5)
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def jiangxi(post_of: PostOf) -> Life:
    """A loan of 8 400 yuan paid out on 10 March 2021 and closed at the end of the year."""
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    close(2021, 12, 31)
    return life


def text_of(client: Client, address: str) -> str:
    """Return a page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def borrower(life: Life) -> Client:
    """Return the borrower's own browser."""
    user = User(username="wangfang", name="王芳")
    user.set_password(PASSWORD)
    user.save()
    CitizenAccount.objects.create(user=user, person_id=life.loan.person_id, opened_at=at(2021, 1, 1))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_every_figure_leads_to_postings_that_come_to_it(jiangxi: Life, signed_in: SignedIn) -> None:
    accountant = signed_in(Role.AGENCY_ACCOUNTANT)
    page = text_of(accountant, f"/statements/loans/L1/?{YEAR}")
    links = re.findall(r'href="(/statements/loans/L1/postings/\?[^"]+)">([^<]+)</a>', page)
    assert {amount for _address, amount in links} >= {"8,400.00", "266.81", "0.00"}
    for address, amount in links:
        behind = text_of(accountant, address.replace("&amp;", "&"))
        sums = re.findall(r'<td class="n">(-?[\d,.]+)</td><td></td></tr></tfoot>', behind)
        assert sums == [amount] or (amount == "0.00" and not sums), address


def test_a_statement_given_out_stays_and_shows_what_changed_since(jiangxi: Life, signed_in: SignedIn) -> None:
    accountant = signed_in(Role.AGENCY_ACCOUNTANT)
    answer = accountant.post("/statements/loans/L1/make/", {"from": "2021-01-01", "to": "2021-12-31"})
    first = Statement.objects.get()
    assert answer["Location"] == f"/statements/loans/L1/kept/{first.pk}/"
    assert "核验结果通知2022-3" not in text_of(accountant, answer["Location"])
    AuditEntry.objects.get(action="statement.made")
    correct(jiangxi, entered=at(2022, 2, 6))
    page = text_of(accountant, answer["Location"])
    assert Statement.objects.get().subsidy_owed_fen == 26_681
    assert "核验结果通知2022-3" in page
    assert "266.81" in page
    assert "核验结果通知2022-3" in text_of(accountant, f"/statements/loans/L1/?{YEAR}")
    # The link of the statement given out still opens the postings it knew.
    behind = text_of(accountant, f"/statements/loans/L1/postings/?figure=interest_finance&{YEAR}&statement={first.pk}")
    assert '<td class="n">266.81</td><td></td></tr></tfoot>' in behind


def test_paper_of_a_statement(jiangxi: Life, signed_in: SignedIn) -> None:
    officer = signed_in(Role.BANK_OFFICER)
    given = make_statement(jiangxi.loan.pk, FIRST, LAST, actor=SYSTEM, now=at(2022, 1, 5))
    answer = officer.get(f"/statements/loans/L1/kept/{given.pk}.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert signed_in(Role.FINANCE_CLERK).get(f"/statements/loans/L1/kept/{given.pk}.pdf").status_code == 403


@pytest.mark.parametrize(
    ("address", "status"),
    [
        pytest.param("/statements/loans/L9/", 404, id="没有的贷款 no such loan"),
        pytest.param("/statements/loans/L1/postings/?figure=profit", 404, id="没有的项目 no such figure"),
        pytest.param("/statements/loans/L1/kept/9999/", 404, id="没有的对账单 no such statement"),
        pytest.param("/statements/loans/L1/?from=2022-01-01&to=2021-01-01", 200, id="起止颠倒 the wrong way round"),
        pytest.param("/statements/loans/L1/?from=soon&to=x", 200, id="不是日期 no dates"),
        pytest.param("/statements/over/nobody/", 404, id="没有的对账表 no such statement over many"),
        pytest.param("/statements/over/bank/?period=9999-99&bank=x&programme=y&known=z&page=z", 200, id="不是期间 no period"),
    ],
)
def test_wrong_addresses(jiangxi: Life, signed_in: SignedIn, address: str, status: int) -> None:
    answer = signed_in(Role.AGENCY_ACCOUNTANT).get(address)
    assert answer.status_code == status


def test_sums_lead_to_loans_and_loans_to_their_statements(jiangxi: Life, signed_in: SignedIn) -> None:
    clerk = signed_in(Role.FINANCE_CLERK)
    page = text_of(clerk, "/statements/over/finance/?period=2021")
    assert page.count("266.81") >= 3
    assert f'href="/statements/loans/L1/?{YEAR.replace("&", "&amp;")}"' in page
    assert clerk.get("/statements/over/bank/?period=2021").status_code == 403
    for suffix in ("xlsx", "pdf"):
        assert clerk.get(f"/statements/over/finance.{suffix}?period=2021").status_code == 200


def test_workbook_sums_what_it_lists(jiangxi: Life, signed_in: SignedIn) -> None:
    answer = signed_in(Role.BANK_OFFICER).get("/statements/over/bank.xlsx?period=2021")
    sheet = fastexcel.read_excel(answer.content).load_sheet(0, header_row=None, dtypes="string").to_arrow()
    rows = [list(row.values()) for row in sheet.to_pylist()]
    heading, loan, total = rows[3], rows[4], rows[5]
    place = heading.index("期末本金")
    assert (loan[1], loan[place], total[place]) == ("L1", "8400", "8400")


def test_what_was_known_before_a_correction_stands_beside_the_present(jiangxi: Life, signed_in: SignedIn) -> None:
    correct(jiangxi)
    page = text_of(signed_in(Role.FINANCE_CLERK), "/statements/over/finance/?period=2021&known=2022-01-19")
    found = re.findall(
        r"<tr><td>[^<]+</td><td class=\"n\">266.81</td><td class=\"n\">([\d.]+)</td><td class=\"n\">-([\d.]+)</td>", page
    )
    assert found
    assert all(round(float(now) + float(less), 2) == 266.81 for now, less in found)


@pytest.mark.clauses("jx-5.1f", "rg-18")
def test_the_central_bank_sees_the_sums_of_each_bank_and_no_loan(jiangxi: Life, signed_in: SignedIn) -> None:
    supervisor = signed_in(Role.PBOC_SUPERVISOR)
    page = text_of(supervisor, "/statements/over/bank/?period=2021")
    assert "8,400.00" in page
    assert jiangxi.loan.bank.name in page
    assert "/statements/loans/" not in page
    for address in (
        "/statements/over/bank.xlsx",
        "/statements/over/bank.pdf",
        "/statements/over/finance/",
        "/statements/loans/L1/",
    ):
        assert supervisor.get(address).status_code == 403, address
    assert supervisor.post("/statements/runs/", {"programme": RUGAO, "year": "2021"}).status_code == 403
    assert not StatementRun.objects.exists()


@pytest.mark.parametrize(
    ("programme", "year"),
    [
        pytest.param("nothing", "2021", id="没有的项目 no such programme"),
        pytest.param(JIANGXI, "二〇二一", id="不是年份 no year"),
        pytest.param(JIANGXI, "2022", id="没到期 not over yet"),
    ],
)
def test_a_run_that_cannot_be_is_refused_in_words(jiangxi: Life, signed_in: SignedIn, programme: str, year: str) -> None:
    officer = signed_in(Role.BANK_OFFICER)
    assert officer.post("/statements/runs/", {"programme": programme, "year": year}).status_code == 302
    assert not StatementRun.objects.exists()
    assert "message error" in text_of(officer, "/statements/")


def test_a_bank_has_the_year_made_and_every_borrower_finds_it(
    jiangxi: Life, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("zhubao.web.statements.collective.make_statements_soon", asked.append)
    officer = signed_in(Role.BANK_OFFICER)
    officer.post("/statements/runs/", {"programme": JIANGXI, "year": "2021"})
    assert asked == [StatementRun.objects.get().pk]
    assert "正在出单" in text_of(officer, "/statements/") or "being made" in text_of(officer, "/statements/")
    run_statements(asked[0], clock=lambda: at(2022, 2, 5))
    officer.post("/statements/runs/", {"programme": JIANGXI, "year": "2021"})
    assert len(asked) == 1
    assert Statement.objects.get().number in text_of(officer, f"/statements/loans/L1/?{YEAR}")


def test_a_borrower_reads_and_prints_the_own_statement_only(jiangxi: Life) -> None:
    own = borrower(jiangxi)
    page = text_of(own, f"/statements/own/L1/?{YEAR}")
    assert "8,400.00" in page
    assert "266.81" in page
    (address,) = set(re.findall(r'href="(/statements/own/L1/postings/\?figure=draws[^"]+)"', page))
    assert "2021-03-10" in text_of(own, address.replace("&amp;", "&"))
    answer: Any = own.post("/statements/own/L1/make/", {"from": "2021-01-01", "to": "2021-12-31"}, follow=True)
    assert answer.content[:5] == b"%PDF-"
    assert Statement.objects.count() == 1
    assert own.get("/statements/loans/L1/").status_code == 403
    other = life_of(JIANGXI, jiangxi_posts(jiangxi), name="L2", sequence=46)
    assert own.get(f"/statements/own/{other.loan.number}/").status_code == 404
    assert own.post(f"/statements/own/{other.loan.number}/make/").status_code == 404


def jiangxi_posts(life: Life) -> PostOf:
    """Return the posts behind a life's hands."""
    from zhubao.access.selectors import open_posts

    by_role = {post.role: post for post in open_posts()}
    assert life.loan.region_code.startswith(COUNTY)
    return lambda role: by_role[role]


def test_a_list_too_long_for_paper_is_refused_in_words(
    jiangxi: Life, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhubao.web.statements.collective.MOST_ON_PAPER", 0)
    clerk = signed_in(Role.FINANCE_CLERK)
    assert clerk.get("/statements/over/finance.pdf?period=2021")["Location"] == "/statements/over/finance/?period=2021"
    assert "message error" in text_of(clerk, "/statements/over/finance/?period=2021")
