"""The interest of a year: tried by one, approved by another, entered lot by lot, once; three years one after the other."""

from datetime import UTC, date, datetime
from random import Random

import pytest
from django.db import IntegrityError, transaction

from tests.people.tables import NOW as REGISTERED
from tests.people.tables import RUGAO, SYSTEM, chen, number
from zhubao.access.actors import Actor
from zhubao.access.models import Post
from zhubao.access.roles import Role
from zhubao.accounts.actions import Credit, credit, credit_many, pay_out, reclassify
from zhubao.accounts.control import differences
from zhubao.accounts.interest import actions
from zhubao.accounts.interest.reckoning import lines_of, reckon
from zhubao.accounts.models import Account, Entry, InterestRun, Kind, Source
from zhubao.accounts.selectors import account_of, balance
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import balance as ledger_balance
from zhubao.parameters import Parameter
from zhubao.pension.account_interest import METHODS, Movement, year_of_lot
from zhubao.people.actions import register_person
from zhubao.people.models import Person
from zhubao.programmes.actions import enter_figures
from zhubao.tasks.models import Task

NOW = datetime(2027, 2, 1, 2, 0, tzinfo=UTC)
FOUR_PERCENT = 40_000
pytestmark = pytest.mark.django_db


def rate(year: int, ppm: int = FOUR_PERCENT, document: str = "省厅通告 7 号") -> None:
    """Enter the rate of a year."""
    actions.enter_rate(RUGAO, year, ppm, document, actor=SYSTEM, now=NOW)


def pay(person: Person, source: str, fen: int, on: date, *, lot: str = "") -> Entry:
    """Enter a contribution."""
    return credit(person, source, fen, on=on, subject=f"test:{source}{lot}", key=str(on), lot=lot, actor=SYSTEM, now=NOW)


def give(year: int, now: datetime = NOW) -> InterestRun:
    """Try, approve and post the interest of a year."""
    run = actions.open_trial(RUGAO, year, actor=SYSTEM, now=now)
    actions.reckon_trial(run.pk, now=now)
    actions.approve(run.pk, actor=SYSTEM, now=now)
    return actions.post_interest(run.pk, now=now)


@pytest.mark.clauses("gz-7a", "tl-4.3b")
def test_each_lot_earns_its_own_interest_and_it_follows_its_source() -> None:
    person = chen()
    rate(2025)
    rate(2026)
    pay(person, Source.OWN, 1_000_000, date(2024, 12, 31))
    pay(person, Source.LOAN, 300_000, date(2025, 3, 1), lot="TL-1")
    first = give(2025)
    assert balance(person).by_source == {"own": 1_040_000, "loan": 310_000}
    assert (first.accounts, first.lots, first.interest_fen) == (1, 2, 50_000)
    second = give(2026)
    assert balance(person, date(2026, 12, 30)).fen == 1_350_000
    assert balance(person).by_source == {"own": 1_081_600, "loan": 322_400}
    assert second.previous == first
    assert balance(person).interest_fen == 104_000
    assert ledger_balance(Party.FUND, "interest_cost", up_to=date(2025, 12, 31)) == 50_000
    assert ledger_balance(Party.FUND, "personal_account_liability") == -1_404_000
    assert differences() == (2, [])


@pytest.mark.clauses("gz-7a")
def test_a_year_is_posted_once() -> None:
    rate(2026)
    pay(chen(), Source.OWN, 1_000_000, date(2025, 5, 1))
    run = give(2026)
    with pytest.raises(ZhubaoError, match="E-INTEREST-TWICE"):
        actions.open_trial(RUGAO, 2026, actor=SYSTEM, now=NOW)
    assert actions.post_interest(run.pk, now=NOW).batch_id == run.batch_id
    assert Entry.objects.filter(kind=Kind.INTEREST).count() == 1
    run.pk = None
    run.batch = None
    run.posted_at = run.approved_at = None
    with pytest.raises(IntegrityError, match="interest_run_once_a_year"), transaction.atomic():
        run.save(force_insert=True)


@pytest.mark.clauses("gz-7b")
def test_a_rate_needs_its_document() -> None:
    pay(chen(), Source.OWN, 1_000_000, date(2025, 5, 1))
    with pytest.raises(ZhubaoError, match="E-INTEREST-RATE"):
        actions.open_trial(RUGAO, 2026, actor=SYSTEM, now=NOW)
    with pytest.raises(ZhubaoError, match="E-INTEREST-DOCUMENT"):
        rate(2026, document=" ")
    # The built-in figure of Anhui rests on a table whose page nobody has seen.
    with pytest.raises(ZhubaoError, match="E-INTEREST-DOCUMENT"):
        actions.rate_of("340700", 2025)
    rate(2026)
    assert actions.open_trial(RUGAO, 2026, actor=SYSTEM, now=NOW).rate_source == "省厅通告 7 号"


@pytest.mark.parametrize(
    ("year", "code"),
    [
        pytest.param(2027, "E-INTEREST-YEAR", id="未过完的年度-year not over"),
        pytest.param(2026, "E-INTEREST-ORDER", id="跳过一年-a year left out"),
        pytest.param(2024, "E-INTEREST-TWICE", id="已结息-posted"),
    ],
)
def test_years_come_one_after_the_other(year: int, code: str) -> None:
    for each in (2024, 2025, 2026):
        rate(each)
    pay(chen(), Source.OWN, 1_000_000, date(2023, 5, 1))
    give(2024)
    with pytest.raises(ZhubaoError, match=code):
        actions.open_trial(RUGAO, year, actor=SYSTEM, now=NOW)


def test_what_was_booked_since_the_trial_stops_it() -> None:
    person = chen()
    rate(2026)
    pay(person, Source.OWN, 1_000_000, date(2025, 5, 1))
    run = actions.reckon_trial(actions.open_trial(RUGAO, 2026, actor=SYSTEM, now=NOW).pk, now=NOW)
    pay(person, Source.OWN, 100, date(2027, 1, 5))
    actions.approve(run.pk, actor=SYSTEM, now=NOW)
    pay(person, Source.SPONSOR, 20_000, date(2026, 12, 5))
    with pytest.raises(ZhubaoError, match="E-INTEREST-STALE"):
        actions.post_interest(run.pk, now=NOW)
    run.refresh_from_db()
    assert (run.state, run.fault.startswith("E-INTEREST-STALE")) == ("tried", True)
    assert not Entry.objects.filter(kind=Kind.INTEREST).exists()
    waits = Task.objects.open().get(subject=str(run))
    assert (waits.kind, waits.role) == ("interest.try_again", Role.AGENCY_ACCOUNTANT)
    assert give(2026).interest_fen == 40_000 + 67
    assert not Task.objects.open().filter(subject=str(run)).exists()


def test_who_tried_it_does_not_approve_it(county: list[Post]) -> None:
    accountant = next(post for post in county if post.role == Role.AGENCY_ACCOUNTANT)
    approver = next(post for post in county if post.role == Role.AGENCY_APPROVER)
    region = accountant.actor().scope[:6]
    person = register_person(number("19730516", 44, region), "陈桂香", region_code=region, actor=SYSTEM, now=NOW)
    actions.enter_rate(region, 2026, FOUR_PERCENT, "通告", actor=SYSTEM, now=NOW)
    pay(person, Source.OWN, 1_000_000, date(2025, 5, 1))
    run = actions.open_trial(region, 2026, actor=accountant.actor(), now=NOW)
    with pytest.raises(ZhubaoError, match="E-INTEREST-STATE"):
        actions.approve(run.pk, actor=approver.actor(), now=NOW)
    actions.reckon_trial(run.pk, now=NOW)
    with pytest.raises(ZhubaoError, match="E-SCOPE"):
        actions.approve(run.pk, actor=accountant.actor(), now=NOW)
    same = Actor("x", region, Role.AGENCY_APPROVER, post_id=approver.pk, user_id=accountant.user_id)
    with pytest.raises(ZhubaoError, match="E-SAME-PERSON"):
        actions.approve(run.pk, actor=same, now=NOW)
    actions.approve(run.pk, actor=approver.actor(), now=NOW)
    assert actions.post_interest(run.pk, now=NOW).state == "posted"
    with pytest.raises(IntegrityError, match="interest_run_approved_by_another"), transaction.atomic():
        InterestRun.objects.update(approved_by_id=accountant.pk)


def test_a_wrong_year_is_taken_back_and_given_again() -> None:
    person = chen()
    rate(2025)
    pay(person, Source.OWN, 1_000_000, date(2024, 5, 1))
    wrong = give(2025)
    with pytest.raises(ZhubaoError, match="E-REASON"):
        actions.take_back_run(wrong.pk, " ", actor=SYSTEM, now=NOW)
    for _twice in range(2):
        actions.take_back_run(wrong.pk, "利率用错", actor=SYSTEM, now=NOW)
    assert (balance(person).fen, balance(person).interest_fen) == (1_000_000, 0)
    assert differences() == (1, [])
    again = give(2025)
    rate(2026)
    assert give(2026).previous == again
    assert balance(person).fen == 1_081_600
    with pytest.raises(ZhubaoError, match="E-INTEREST-ORDER"):
        actions.take_back_run(again.pk, "利率用错", actor=SYSTEM, now=NOW)


def test_a_late_entry_of_a_posted_year_opens_the_next() -> None:
    person = chen()
    rate(2025)
    rate(2026)
    pay(person, Source.OWN, 1_000_000, date(2024, 5, 1))
    give(2025)
    pay(person, Source.OWN, 100_000, date(2025, 11, 5))
    run = give(2026)
    (line,) = lines_of(run, [Account.objects.get().pk])
    assert (line.opening, line.moved, line.interest, line.carried) == (1_140_000, 0, 45_600, 1_185_600)
    assert balance(person).fen == 1_185_600


@pytest.mark.parametrize("method", METHODS)
def test_all_accounts_at_once_are_what_each_is_by_itself(method: str) -> None:
    setting = {"monthly": [], "monthly_from_next": [("account_interest_month", "next")], "yearly": [("A-GZ-5", "yearly")]}[method]
    enter_figures(
        [Parameter(f"setting.{name}", value, "text", RUGAO, date(2020, 1, 1), None, "决定") for name, value in setting],
        actor=SYSTEM,
        now=REGISTERED,
    )
    chance, lines = Random(method), []
    people = [
        register_person(number("19750101", 2 * serial, RUGAO), f"张{serial}", region_code=RUGAO, actor=SYSTEM, now=REGISTERED)
        for serial in range(1, 13)
    ]
    for person in people:
        for source in chance.sample([Source.OWN, Source.LOAN, Source.ON_BEHALF, Source.SUBSIDY], chance.randint(1, 3)):
            for turn in range(chance.randint(1, 4)):
                on = date(chance.choice([2023, 2024, 2025, 2026]), chance.randint(1, 12), chance.randint(1, 28))
                lines.append(Credit(person.pk, source, chance.randint(1, 600_000), on, f"{source}:{person.pk}/{turn}", "k"))
    credit_many(lines, actor=SYSTEM, now=NOW)
    for person in people:
        account = account_of(person)
        assert account is not None
        there = balance(person, date(2025, 6, 1)).fen
        if there > 10:
            on = date(2025, chance.randint(6, 12), 15)
            pay_out(account, there // chance.randint(2, 5), on=on, subject=f"out:{person.pk}", key="1", actor=SYSTEM, now=NOW)
        own = balance(person, date(2025, 12, 31)).of("own")
        if own > 1 and balance(person).of("own") > 1:
            fen = min(own, balance(person).of("own")) // 2 or 1
            reclassify(person, fen, on=date(2026, 9, 1), subject=f"refund:{person.pk}", key="1", actor=SYSTEM, now=NOW)
    earned: dict[int, int] = {}
    for year, ppm in ((2024, 31_700), (2025, 28_300), (2026, 15_099)):
        rate(year, ppm)
        run = give(year)
        assert run.method == method
        found = {line.lot_id: line for line in reckon(run).lines()}
        assert list(found.values()) == lines_of(run, [account.pk for account in Account.objects.all()])
        entries = list(Entry.objects.exclude(kind=Kind.INTEREST))
        for lot_id in {entry.lot_id for entry in entries}:
            mine = [entry for entry in entries if entry.lot_id == lot_id]
            opening = sum(entry.amount_fen for entry in mine if entry.on.year < year) + earned.get(lot_id, 0)
            moved = [
                Movement(entry.on.month, entry.amount_fen, entry.kind == Kind.PAYOUT) for entry in mine if entry.on.year == year
            ]
            wanted = year_of_lot(opening, moved, ppm, method)
            line = found.get(lot_id)
            if line is None:
                assert (wanted.interest, wanted.carried) == (0, 0)
            else:
                assert (line.opening, line.moved, line.product, line.interest) == wanted
            earned[lot_id] = earned.get(lot_id, 0) + wanted.interest
        assert run.interest_fen == sum(line.interest for line in found.values())
    assert sum(earned.values()) == sum(balance(person).interest_fen for person in people)
    assert differences()[1] == []
