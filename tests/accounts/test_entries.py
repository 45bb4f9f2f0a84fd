"""What goes into a personal account, by source and lot, and that the fund's control account says the same."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction

from tests.people.tables import SYSTEM, chen, shen
from zhubao.access.actors import Actor, OutOfScope
from zhubao.accounts.actions import Credit, credit, credit_many, pay_out, reclassify, take_back
from zhubao.accounts.control import differences
from zhubao.accounts.models import Account, Batch, Entry, Kind, Source
from zhubao.accounts.selectors import account_of, balance
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting
from zhubao.ledger.selectors import balance as ledger_balance
from zhubao.people.models import Person

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MARCH, MAY, JULY = date(2026, 3, 1), date(2026, 5, 6), date(2026, 7, 15)
pytestmark = pytest.mark.django_db


def pay(person: Person, source: str, fen: int, key: str, *, on: date = MARCH, lot: str = "", actor: Actor = SYSTEM) -> Entry:
    """Enter an amount under a key of the test's own."""
    return credit(person, source, fen, on=on, subject=f"test:{key}", key=key, lot=lot, actor=actor, now=NOW)


@pytest.mark.clauses("tl-3.5d")
def test_a_loan_contribution_is_a_lot_of_its_own() -> None:
    person = chen()
    pay(person, Source.OWN, 10_000, "1")
    pay(person, Source.LOAN, 300_000, "2", lot="TL-1")
    pay(person, Source.LOAN, 200_000, "3", lot="TL-2", on=MAY)
    assert balance(person).by_source == {"own": 10_000, "loan": 500_000}
    assert balance(person).of("loan", "TL-2") == 200_000
    assert balance(person, MARCH).fen == 310_000
    assert Account.objects.get().opened_on == MARCH
    assert ledger_balance(Party.FUND, "personal_account_liability") == -510_000
    assert ledger_balance(Party.FUND, "contributions", up_to=MARCH) == 310_000
    assert differences() == (2, [])


def test_a_batch_is_entered_once_and_posted_once_a_source() -> None:
    people = [chen(), shen()]
    lines = [Credit(person.pk, Source.ON_BEHALF, 7_000, MAY, f"row:{person.pk}", "2026", "2026") for person in people]
    lines += [Credit(person.pk, Source.OWN, 3_000, MAY, f"row:{person.pk}/own", "2026") for person in people]
    first = credit_many(lines, actor=SYSTEM, now=NOW)
    again = credit_many([*lines, Credit(people[0].pk, Source.SUBSIDY, 4_000, MAY, "subsidy:1", "2026")], actor=SYSTEM, now=NOW)
    assert [entry.pk for entry in again[:4]] == [entry.pk for entry in first]
    assert Batch.objects.count() == 2
    assert sorted(Posting.objects.values_list("kind", "amount_fen")) == [
        ("contribution.on_behalf", 14_000),
        ("contribution.own", 6_000),
        ("subsidy.subsidy", 4_000),
    ]


@pytest.mark.parametrize(
    ("source", "fen", "on", "key", "code"),
    [
        pytest.param(Source.OWN, 0, MARCH, "2", "E-ACCOUNT-AMOUNT", id="nothing"),
        pytest.param("gift", 100, MARCH, "2", "E-ACCOUNT-SOURCE", id="unknown source"),
        pytest.param(Source.OWN, 100, date(2027, 1, 1), "2", "E-ACCOUNT-DAY", id="still to come"),
        pytest.param(Source.OWN, 100, MARCH, "1", "E-ACCOUNT-KEY", id="key used for another amount"),
        pytest.param(Source.OWN, 10_000, MAY, "1", "E-ACCOUNT-KEY", id="key used for another day"),
        pytest.param(Source.SPONSOR, 10_000, MARCH, "1", "E-ACCOUNT-KEY", id="key used for another source"),
    ],
)
def test_what_is_refused_leaves_nothing(source: str, fen: int, on: date, key: str, code: str) -> None:
    person = chen()
    pay(person, Source.OWN, 10_000, "1")
    with pytest.raises(ZhubaoError, match=code), transaction.atomic():
        pay(person, source, fen, key, on=on)
    assert balance(person).by_source == {"own": 10_000}


def test_another_countys_account_is_out_of_scope() -> None:
    person = chen()
    with pytest.raises(OutOfScope):
        pay(person, Source.OWN, 100, "1", actor=Actor.system("test", "340700"))


def test_a_refund_leaves_thirty_of_a_hundred_as_own_money() -> None:
    person = chen()
    pay(person, Source.OWN, 10_000, "1")
    for _twice in range(2):
        reclassify(person, 7_000, on=MAY, subject="refund:1", key="2026", to_lot="2026", actor=SYSTEM, now=NOW)
    assert balance(person).by_source == {"own": 3_000, "on_behalf": 7_000}
    assert balance(person).fen == 10_000
    assert ledger_balance(Party.FUND, "personal_account_liability") == -10_000
    assert differences() == (2, [])
    with pytest.raises(ZhubaoError, match="E-ACCOUNT-BALANCE"):
        reclassify(person, 3_001, on=MAY, subject="refund:2", key="2026", actor=SYSTEM, now=NOW)


def test_a_payout_bears_on_every_lot_in_proportion() -> None:
    person = chen()
    pay(person, Source.OWN, 1_800_000, "1")
    pay(person, Source.LOAN, 1_200_000, "2", lot="TL-1")
    account = account_of(person)
    assert account is not None
    for _twice in range(2):
        pay_out(account, 10_001, on=JULY, subject="pension:1", key="2026-07", actor=SYSTEM, now=NOW)
    assert balance(person).by_source == {"own": 1_800_000 - 6_001, "loan": 1_200_000 - 4_000}
    pay_out(account, 4_000, on=JULY, subject="death:1", key="loan", only_source="loan", actor=SYSTEM, now=NOW)
    assert balance(person).of("loan") == 1_192_000
    with pytest.raises(ZhubaoError, match="E-ACCOUNT-BALANCE"):
        pay_out(account, 1_192_001, on=JULY, subject="death:2", key="loan", only_source="loan", actor=SYSTEM, now=NOW)
    assert ledger_balance(Party.FUND, "fund_cash") == -14_001
    assert differences()[1] == []


def test_a_mistake_is_taken_back_and_may_be_entered_again() -> None:
    person = chen()
    pay(person, Source.SPONSOR, 20_000, "1")
    for _twice in range(2):
        take_back("test:1", "1", on=MAY, actor=SYSTEM, now=NOW)
    assert balance(person).fen == 0
    assert [(entry.kind, entry.amount_fen) for entry in Entry.objects.order_by("pk")] == [
        (Kind.CONTRIBUTION, 20_000),
        (Kind.CONTRIBUTION, -20_000),
    ]
    assert differences()[1] == []
    with pytest.raises(ZhubaoError, match="E-ACCOUNT-NONE"):
        take_back("test:1", "2", on=MAY, actor=SYSTEM, now=NOW)


def test_the_table_refuses_change_and_a_wrong_sign() -> None:
    entry = pay(chen(), Source.OWN, 10_000, "1")
    for change in (lambda: Entry.objects.update(amount_fen=1), lambda: Entry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.create(batch=entry.batch, lot=entry.lot, kind=Kind.CONTRIBUTION, on=MARCH, amount_fen=-1)


def test_what_others_post_to_the_control_account_is_found() -> None:
    pay(chen(), Source.OWN, 10_000, "1")
    Posting.objects.create(
        region_code="320682", party="fund", on=MARCH, booked_on=MARCH, debit="fund_cash", credit="personal_account_liability",
        amount_fen=5, source="other", subject="x", kind="y", entry="z", posted_at=NOW, actor_name="test",
    )  # fmt: skip
    assert differences() == (2, ["320682 ?: 5 ≠ 0"])
