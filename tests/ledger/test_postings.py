"""What the books take, what they refuse, and that they always balance."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import Post
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.ledger.actions import Line, post, reverse
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting
from zhubao.ledger.selectors import balance, postings_for, trial_balance

RUGAO = "320682"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")
DRAW = Line(
    region_code=RUGAO,
    on=date(2026, 3, 1),
    party=Party.BANK,
    debit="loan_principal",
    credit="card_deposit",
    amount_fen=840_000,
    source="loan",
    subject="loan:RG1",
    kind="draw.bank",
    entry="2026-1",
    party_reference="organisation:1",
)
BORROWER = replace(
    DRAW, party=Party.BORROWER, debit="card_deposit", credit="loan_payable", kind="draw.borrower", party_reference="person:1"
)


@pytest.mark.django_db
def test_a_posting_is_made_once() -> None:
    first = post([DRAW, BORROWER], actor=SYSTEM, now=NOW)
    again = post([DRAW, BORROWER], actor=SYSTEM, now=NOW)
    assert [row.pk for row in first] == [row.pk for row in again]
    assert Posting.objects.count() == 2
    assert balance(Party.BANK, "loan_principal", region_code=RUGAO) == 840_000
    assert balance(Party.BORROWER, "loan_payable", party_reference="person:1") == -840_000


@pytest.mark.django_db
def test_one_key_holds_one_content() -> None:
    post([DRAW], actor=SYSTEM, now=NOW)
    with pytest.raises(ZhubaoError, match="E-LEDGER-KEY"):
        post([replace(DRAW, amount_fen=1)], actor=SYSTEM, now=NOW)
    assert balance(Party.BANK, "loan_principal") == 840_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"amount_fen": 0}, "E-LEDGER-AMOUNT", id="零元 nothing"),
        pytest.param({"amount_fen": -1}, "E-LEDGER-AMOUNT", id="负数 less than nothing"),
        pytest.param({"debit": "petty_cash"}, "E-LEDGER-ACCOUNT", id="没有的账户 no such account"),
        pytest.param({"party": Party.TAX}, "E-LEDGER-ACCOUNT", id="他方账户 another party's account"),
    ],
)
def test_what_is_no_movement_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(ZhubaoError, match=code):
        post([BORROWER, replace(DRAW, **change)], actor=SYSTEM, now=NOW)  # type: ignore[arg-type]
    assert not Posting.objects.exists()


def test_nobody_posts_or_reads_outside_the_own_region(post_of: Callable[[str], Post]) -> None:
    officer = post_of(Role.BANK_OFFICER).actor()
    with pytest.raises(OutOfScope):
        post([replace(DRAW, region_code="500243")], actor=officer, now=NOW)
    with pytest.raises(OutOfScope):
        trial_balance(officer, "500243")
    post([replace(DRAW, region_code="500243")], actor=SYSTEM, now=NOW)
    assert not postings_for(officer).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "column",
    [
        pytest.param({"amount_fen": 0}, id="金额为零 amount of nothing"),
        pytest.param({"credit": "loan_principal"}, id="借贷同户 one account on both sides"),
        pytest.param({"party": "somebody"}, id="没有的一方 no such party"),
        pytest.param({"posted_by_id": 10**9}, id="没有的岗位 no such post"),
        pytest.param({"reverses_id": 10**9}, id="没有的原凭证 nothing to take back"),
    ],
)
def test_the_table_itself_refuses(column: dict[str, object]) -> None:
    (row,) = post([DRAW], actor=SYSTEM, now=NOW)
    content = {field.attname: getattr(row, field.attname) for field in Posting._meta.concrete_fields if field.attname != "id"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(**{**content, "entry": "another", **column})
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(**content)


@pytest.mark.django_db
def test_a_post_that_posted_stays(post_of: Callable[[str], Post]) -> None:
    post_of_the_bank = post_of(Role.BANK_OFFICER)
    (row,) = post([DRAW], actor=replace(SYSTEM, post_id=post_of_the_bank.pk), now=NOW)
    assert row.posted_by_id == post_of_the_bank.pk
    with pytest.raises(IntegrityError, match="has posted to the ledger"), transaction.atomic():
        Post.objects.filter(pk=post_of_the_bank.pk)._raw_delete("default")


@pytest.mark.django_db
def test_nothing_posted_is_changed_or_deleted() -> None:
    (row,) = post([DRAW], actor=SYSTEM, now=NOW)
    with pytest.raises(DatabaseError, match="takes new rows only"), transaction.atomic():
        Posting.objects.filter(pk=row.pk).update(amount_fen=1)
    with pytest.raises(DatabaseError, match="takes new rows only"), transaction.atomic():
        Posting.objects.filter(pk=row.pk).delete()


@pytest.mark.django_db
def test_a_mistake_is_taken_back_once_by_the_other_way_round() -> None:
    made = post([DRAW, BORROWER], actor=SYSTEM, now=NOW)
    for _ in range(2):
        back = reverse("loan", "loan:RG1", entry="2026-1", on=date(2026, 3, 5), actor=SYSTEM, now=NOW)
        assert [row.reverses_id for row in back] == [row.pk for row in made]
    assert Posting.objects.count() == 4
    assert balance(Party.BANK, "loan_principal", up_to=date(2026, 3, 4)) == 840_000
    assert balance(Party.BANK, "loan_principal", up_to=date(2026, 3, 5)) == 0
    with pytest.raises(ZhubaoError, match="E-LEDGER-NONE"):
        reverse("loan", "loan:RG1", entry="2027-1", on=date(2026, 3, 5), actor=SYSTEM, now=NOW)


@pytest.mark.django_db
def test_the_trial_balance_of_every_party_is_zero() -> None:
    interest = replace(
        DRAW, debit="interest_receivable_borrower", credit="interest_income", amount_fen=123, kind="accrue.bank", entry="1"
    )
    post([DRAW, BORROWER, interest], actor=SYSTEM, now=NOW)
    rows = trial_balance(SYSTEM, RUGAO)
    assert {(row.party, row.account): row.fen for row in rows} == {
        (Party.BANK, "loan_principal"): 840_000,
        (Party.BANK, "card_deposit"): -840_000,
        (Party.BANK, "interest_receivable_borrower"): 123,
        (Party.BANK, "interest_income"): -123,
        (Party.BORROWER, "card_deposit"): 840_000,
        (Party.BORROWER, "loan_payable"): -840_000,
    }
    for party in Party:
        assert sum(row.fen for row in trial_balance(SYSTEM, RUGAO, party=party)) == 0
    assert [row.name.en for row in trial_balance(SYSTEM, RUGAO, party=Party.BORROWER)] == [
        "deposit on the card account",
        "loan payable",
    ]
    assert trial_balance(SYSTEM, RUGAO, party_reference="organisation:2") == []
    assert trial_balance(SYSTEM, RUGAO, up_to=date(2026, 2, 28)) == []
