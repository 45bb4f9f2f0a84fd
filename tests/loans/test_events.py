"""Events and books of a loan: any order of entry gives the same, nothing is changed afterwards, two hands draw once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.loans.lives import COUNTY, JIANGXI_TERMS, PostOf, at, life_of
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting
from zhubao.ledger.selectors import balance, trial_balance
from zhubao.lending import replay
from zhubao.loans.books import book
from zhubao.loans.contributing import grant_subsidy
from zhubao.loans.models import LoanEvent, LoanStep, Receipt, Tranche
from zhubao.loans.replaying import events_of, outcome, terms_of
from zhubao.loans.states import JIANGXI, RUGAO

END = date(2022, 12, 31)


def test_the_outcome_is_the_replay_of_the_events(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    life.year(2022)
    loan = life.fresh()
    events = events_of(loan)
    plain = replay(terms_of(loan).terms, events, date(2021, 12, 19))
    assert (plain.principal, plain.raw_interest) == (
        outcome(loan, date(2021, 12, 19)).principal,
        outcome(loan, date(2021, 12, 19)).raw_interest,
    )
    assert [event.entry for event in events] == list(range(1, len(events) + 1))


def test_a_decision_dated_back_moves_the_interest_to_the_government(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of, terms=replace(JIANGXI_TERMS, subsidised_from=None))
    life.year(2021)
    life.year(2022)
    owed = "interest_receivable_borrower"
    assert balance(Party.BANK, owed, subject="loan:L1") == 25_603
    before = {row.pk: row.amount_fen for row in Posting.objects.all()}
    grant_subsidy(life.loan.pk, date(2021, 3, 1), "名册补到", actor=life.by(Role.AGENCY_APPROVER), now=at(2022, 6, 1))
    assert balance(Party.BANK, owed, subject="loan:L1") == 0
    assert balance(Party.BORROWER, "interest_expense", subject="loan:L1") == 0
    assert balance(Party.BANK, "interest_receivable_government", subject="loan:L1") == 25_603
    new = Posting.objects.exclude(pk__in=before)
    assert {(row.on, row.booked_on) for row in new} == {(date(2021, 12, 20), date(2022, 6, 1))}
    assert {row.pk: row.amount_fen for row in Posting.objects.filter(pk__in=before)} == before
    for party in Party:
        assert sum(row.fen for row in trial_balance(life.by(Role.AGENCY_ACCOUNTANT), COUNTY, party=party)) == 0


def test_booking_again_posts_nothing(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    accountant = life.by(Role.AGENCY_ACCOUNTANT)
    assert len(book(life.fresh(), END, actor=accountant, now=at(2022, 12, 31))) == 4
    assert book(life.fresh(), END, actor=accountant, now=at(2022, 12, 31)) == []


def test_the_order_of_entry_plays_no_part(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    life.year(2022)
    loan = life.fresh()
    terms, events = terms_of(loan).terms, events_of(loan)
    expected = replay(terms, events, END)

    @settings(max_examples=25, deadline=None)
    @given(st.permutations(range(len(events))))
    def entered(order: list[int]) -> None:
        # The same happenings, told in another order and so under other entry numbers.
        shuffled = [events[place]._replace(entry=entry) for entry, place in enumerate(order, start=1)]
        found = replay(terms, shuffled, END)
        assert (found.principal, found.raw_interest, found.raw_government) == (
            expected.principal,
            expected.raw_interest,
            expected.raw_government,
        )
        assert found.postings == expected.postings

    entered()


def test_history_is_only_added_to(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    tranche = life.year(2021)
    for model in (LoanEvent, LoanStep, Receipt):
        row = model.objects.all()[:1].get()
        with pytest.raises(DatabaseError, match="takes new rows only"), transaction.atomic():
            model.objects.filter(pk=row.pk).delete()
        with pytest.raises(DatabaseError, match="takes new rows only"), transaction.atomic():
            row.save()
    with pytest.raises(DatabaseError, match="takes new rows only"), transaction.atomic():
        Tranche.objects.filter(pk=tranche.pk).update(amount_fen=1)


@pytest.mark.clauses("jx-2.3b")
def test_the_database_refuses_a_draw_above_its_cap(post_of: PostOf) -> None:
    tranche = life_of(JIANGXI, post_of).plan(2021)
    for fen in (0, -1, 840_001):
        with pytest.raises(IntegrityError, match="tranche_within_cap"), transaction.atomic():
            Tranche.objects.filter(pk=tranche.pk).update(amount_fen=fen)


def test_an_event_is_entered_once(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    event = LoanEvent.objects.get(key="draw:2021/1")
    event.pk, event.entry = None, 99
    with pytest.raises(IntegrityError, match="loan_event_once"), transaction.atomic():
        event.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("policy_id", [JIANGXI, RUGAO])
def test_two_people_record_the_same_draw_at_once(post_of: PostOf, policy_id: str) -> None:
    life = life_of(policy_id, post_of)
    tranche = life.ready(2021)
    first = life.by(Role.BANK_OFFICER)
    second = replace(first, user_id=life.by(Role.BANK_REVIEWER).user_id, name="另一位柜员")
    ready = threading.Barrier(2)
    said: list[str] = []

    def record(actor: Any) -> None:
        ready.wait()
        try:
            life.draw(tranche, actor=actor, now=at(2021, 3, 10))
            said.append("drawn")
        except ZhubaoError as refusal:
            said.append(refusal.code)
        finally:
            connection.close()

    together([lambda: record(first), lambda: record(second)])
    assert sorted(said) == ["E-STATE", "drawn"]
    assert LoanStep.objects.filter(verb="record_draw").count() == 1
    assert outcome(life.fresh(), date(2021, 3, 10)).principal == 840_000
    assert balance(Party.BANK, "loan_principal", subject="loan:L1") == 840_000


def together(works: list[Callable[[], None]]) -> None:
    """Run works at the same time, each in a thread of its own, and wait for all."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
