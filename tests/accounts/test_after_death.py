"""After a death: months paid too long come back into account and fund, the heirs get the rest, each once and to the fen."""

from datetime import date

import pytest

from tests.accounts.hands import COUNTY, SYSTEM, at, by, resident
from tests.accounts.test_benefits import granted, month, standards
from zhubao.accounts.actions import Credit, credit_many
from zhubao.accounts.after_death import actions
from zhubao.accounts.after_death.models import AfterDeath
from zhubao.accounts.control import differences
from zhubao.accounts.selectors import balance
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import balance as ledger_balance
from zhubao.people.actions import record_death
from zhubao.people.models import Person
from zhubao.tasks.models import Task

pytestmark = pytest.mark.django_db
ACCOUNTANT, WINDOW, APPROVER = "agency_accountant", "agency_intake", "agency_approver"
LATER = at(2022, 9, 1)


def drawing() -> Person:
    """Return somebody who drew 115.00 basic and 60.00 of their account from April 2022 on, three sources in the account."""
    standards((11_500, date(2021, 1, 1)))
    person = resident("19620310", 22)
    sums = (("own", "", 500_000), ("on_behalf", "2021", 300_001), ("subsidy", "", 33_999))
    credit_many(
        [Credit(person.pk, source, fen, date(2021, 5, 1), f"paid:{source}", "1", lot) for source, lot, fen in sums],
        actor=SYSTEM,
        now=at(2021, 5, 1),
    )
    month(2022, 3)
    granted(person, 2022, 3)
    for number in (4, 5, 6, 7):
        month(2022, number)
    return person


def refused(code: str, *arguments: object, role: str = ACCOUNTANT) -> None:
    with pytest.raises(ZhubaoError, match=code):
        actions.recover(*arguments, actor=by(role), now=LATER)  # type: ignore[arg-type]


@pytest.mark.clauses("gz-1d")
def test_months_after_the_death_come_back_and_the_heirs_get_the_account() -> None:
    person = drawing()
    left_alive = balance(person).by_source
    assert sum(left_alive.values()) == 834_000 - 4 * 6_000
    record_death(person.pk, date(2022, 5, 31), "医院", actor=SYSTEM, now=at(2022, 8, 1))
    month(2022, 8)
    record = AfterDeath.objects.get()
    assert (record.state, record.overpaid_fen, record.owed_fen) == ("recover", 2 * 17_500, 35_000)
    waits = Task.objects.open().get(subject=record.subject)
    assert (waits.role, waits.due_on) == (ACCOUNTANT, date(2022, 10, 19))
    refused("E-RECOVERED:", record.pk, date(2022, 8, 20), 35_001, "刘建军", "A1")
    refused("E-SOURCE", record.pk, date(2022, 8, 20), 100, "", "A1")
    refused("E-DAY", record.pk, date(2022, 5, 30), 100, "刘建军", "A1")
    refused("E-SCOPE", record.pk, date(2022, 8, 20), 100, "刘建军", "A1", role=WINDOW)
    cash = ledger_balance(Party.FUND, "fund_cash", region_code=COUNTY)
    spent = ledger_balance(Party.FUND, "benefit_expense", region_code=COUNTY)
    # 200.00 makes June whole (its 60.00 return) and leaves 25.00; the rest makes July whole.
    first = actions.recover(record.pk, date(2022, 8, 20), 20_000, "刘建军", "A1", key="1", actor=by(ACCOUNTANT), now=LATER)
    assert (
        actions.recover(record.pk, date(2022, 8, 20), 20_000, "刘建军", "A1", key="1", actor=by(ACCOUNTANT), now=LATER) == first
    )
    refused("E-RECOVERED-TWICE", record.pk, date(2022, 8, 20), 100, "刘建军", "A1")
    second = actions.recover(record.pk, date(2022, 8, 21), 15_000, "代发银行", "A2", actor=by(ACCOUNTANT), now=LATER)
    assert (first.to_account_fen, second.to_account_fen) == (6_000, 6_000)
    assert ledger_balance(Party.FUND, "fund_cash", region_code=COUNTY) - cash == 35_000
    assert spent - ledger_balance(Party.FUND, "benefit_expense", region_code=COUNTY) == 2 * 11_500
    record.refresh_from_db()
    assert (record.state, record.owed_fen, balance(person).fen) == ("inherit", 0, 834_000 - 2 * 6_000)
    assert Task.objects.open().get(subject=record.subject).role == WINDOW

    with pytest.raises(ZhubaoError, match="E-SOURCE"):
        actions.claim(record.pk, "刘建军", "", "公证书 12 号", actor=by(WINDOW), now=LATER)
    actions.claim(record.pk, "刘建军", "长子", "公证书 12 号", actor=by(WINDOW, hands="one"), now=LATER)
    with pytest.raises(ZhubaoError, match="E-SAME-PERSON"):
        actions.pay_heirs(record.pk, date(2022, 8, 25), "F1", actor=by(APPROVER, hands="one"), now=LATER)
    for _twice in range(2):
        actions.pay_heirs(record.pk, date(2022, 8, 25), "F1", key="p", actor=by(APPROVER), now=LATER)
    record.refresh_from_db()
    assert (record.state, record.paid_fen, set(balance(person).by_source.values())) == ("closed", 822_000, {0})
    assert not Task.objects.open().filter(subject=record.subject).exists()
    assert differences(COUNTY)[1] == []


def test_interest_credited_later_is_paid_by_another_payment() -> None:
    person = resident("19700310", 22)
    lines = [Credit(person.pk, "own", 10_001, date(2021, 5, 1), "paid:1", "1")]
    credit_many(lines, actor=SYSTEM, now=at(2021, 5, 1))
    record_death(person.pk, date(2022, 5, 31), "医院", actor=SYSTEM, now=at(2022, 8, 1))
    record = actions.find_all(COUNTY, now=LATER)[0]
    assert (record.state, record.overpaid_fen) == ("inherit", 0)
    paid = []
    for number, fen in ((1, 10_001), (2, 77)):
        actions.claim(record.pk, "刘建军", "长子", "公证书", actor=by(WINDOW), now=LATER)
        paid.append(actions.pay_heirs(record.pk, date(2022, 8, 25), f"F{number}", actor=by(APPROVER), now=LATER).paid_fen)
        assert (fen, actions.find_all(COUNTY, now=LATER)) == (fen, [])
        if number == 1:
            credit_many([Credit(person.pk, "own", 77, date(2022, 8, 26), "paid:2", "1")], actor=SYSTEM, now=LATER)
            assert [each.state for each in actions.find_all(COUNTY, now=LATER)] == ["inherit"]
    assert paid == [10_001, 10_078]
