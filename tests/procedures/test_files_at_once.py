"""Files of banks and tax taken many lines at once leave the very rows they leave one by one, keys and seals of the audit log included."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from tests.loans.lives import COUNTY, SYSTEM, TERMS, Life, PostOf, at, life_of
from tests.people.tables import number
from tests.rows import rows_of
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.exchange import lines
from zhubao.exchange.actions import receive_envelope
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.contribution_receipts import ContributionReceipt
from zhubao.exchange.files.deduction_return import DeductionAnswer
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.pension_credit import PensionCredited
from zhubao.exchange.files.writing import write
from zhubao.exchange.models import Envelope, EnvelopeLine
from zhubao.language import Text
from zhubao.ledger.actions import post_new
from zhubao.lending.events import deducted, reversed_entry
from zhubao.loans.deductions.returning import Returned, record_deduction
from zhubao.loans.models import DeductionReturn, Loan, LoanEvent, PensionCredit, Tranche
from zhubao.loans.repaying import record_pension
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.loans.stepping import add_event
from zhubao.notices.models import Notice
from zhubao.people.sealing import open_number
from zhubao.procedures.contribution_received import apply_contributions
from zhubao.procedures.deduction_returned import apply_deduction_return
from zhubao.procedures.pension_credited import apply_pension_credits
from zhubao.tasks.models import Task

from . import deductions as bank
from .retirements import JULY, PENSION, close, retiring

pytestmark = pytest.mark.django_db
AUGUST = date(2022, 8, 1)
TAKEN_ON, ANSWERED = date(2022, 9, 5), at(2022, 9, 6)
TABLES = ("loans", "ledger", "tasks", "notices", "exchange", "accounts", "access_auditentry")
Apply = Callable[..., Envelope]


def sequences() -> dict[str, tuple[int, bool]]:
    """Return where the keys of every table stand."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL FROM pg_sequences")
        return {name: (value, called) for name, value, called in cursor.fetchall()}


def rewind(stood: dict[str, tuple[int, bool]]) -> None:
    """Have the next keys be those that were next before: what is rolled back gives no key back."""
    with connection.cursor() as cursor:
        for name, (value, called) in stood.items():
            cursor.execute("SELECT setval(%s, %s, %s)", [name, value, called])


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo what is done inside, the keys it took included."""
    stood = sequences()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    rewind(stood)


@dataclass
class File:
    """A file handed in and not applied yet."""

    envelope: Envelope
    apply: Apply
    now: Any

    def applied(self, at_once: int) -> Envelope:
        """Apply it, so many lines in a transaction."""
        return self.apply(self.envelope.pk, clock=lambda: self.now, at_once=at_once)

    def rows_after(self, at_once: int) -> dict[str, list[str]]:
        """Return every row there is after the file was applied, and take it all back."""
        with taken_back():
            self.applied(at_once)
            found = rows_of(*TABLES)
        return dict(found)

    def codes(self) -> list[str]:
        """Return what became of each line."""
        return list(EnvelopeLine.objects.filter(envelope=self.envelope).order_by("number").values_list("result_code", flat=True))


def handed_in(
    kind: str, rows: Sequence[Any], apply: Apply, offices: tuple[Organisation, Organisation], policy_id: str, now: Any
) -> File:
    """Hand a file of one office in at another."""
    sender, receiver = offices
    content = write(layout_of(kind), Head("F1", sender.name, receiver.name, "办理"), list(rows), "csv")
    receipt = receive_envelope(
        kind, [content], name="F1.csv", policy_id=policy_id, region_code=COUNTY, sender_id=sender.pk, receiver_id=receiver.pk,
        actor=SYSTEM, now=now,
    )  # fmt: skip
    assert not receipt.refused, receipt.faults
    return File(receipt.envelope, apply, now)


def retired(policy_id: str, post_of: PostOf, count: int, pensions: dict[int, int]) -> list[Life]:
    """Return so many borrowers, L1 and on, with a draw of 2021 whose pension of 1 800 yuan, or as given, began in July 2022."""
    lives = [retiring(policy_id, post_of, pensions.get(0, 180_000), instalment_fen=None)]
    for place in range(1, count):
        terms = replace(TERMS[policy_id], pension_month=PENSION, instalment_fen=None)
        life = life_of(policy_id, post_of, name=f"L{place + 1}", sequence=44 + 2 * place, terms=terms)
        life.year(2021)
        record_pension(life.loan.pk, PENSION, pensions.get(place, 180_000), "核定表", actor=SYSTEM, now=at(2022, 7, 5))
        lives.append(life)
    return lives


def answered(policy_id: str, post_of: PostOf) -> tuple[File, list[str]]:
    """Return the bank's answers for two months, one line of every kind, and what each is to be answered."""
    fen = {4: 2_000_000}
    lives = retired(policy_id, post_of, 11, fen)
    first, on = lives[0], {JULY: date(2022, 8, 1), AUGUST: date(2022, 9, 1)}
    told: dict[tuple[str, date], DeductionAnswer] = {}
    for month in (JULY, AUGUST):
        rows = [bank.credited(life, month, fen.get(place, 180_000), month.replace(day=15)) for place, life in enumerate(lives)]
        bank.load_credits(first, rows, f"C{month:%m}", month.replace(day=16))
        close(month)
        envelope = bank.order(first, f"O{month:%m}", on[month]).envelope
        assert envelope is not None
        told |= {(row.loan_number, month): row for row in bank.answers(envelope, TAKEN_ON)}
        if month == JULY:
            early = [replace(told[name, JULY], taken_on=date(2022, 8, 5)) for name in ("L5", "L6")]
            bank.load_return(first, early, "R0", date(2022, 8, 5))
    # Of L9 the contribution has not come; of L10 July was entered by hand and annulled; L11 has died.
    Tranche.objects.filter(loan__number="L9").update(state="drawn")
    tenth = lives[9].loan
    event = add_event(tenth, "deducted:2022-07", deducted(TAKEN_ON, 1_000, [JULY]), actor=SYSTEM, now=at(2022, 9, 1))
    add_event(tenth, "reversed:1", reversed_entry(TAKEN_ON, event.entry), actor=SYSTEM, now=at(2022, 9, 1))
    Loan.objects.filter(number="L11").update(state="death_settlement")

    def line(name: str, month: date = JULY, **more: Any) -> DeductionAnswer:
        return replace(told[name, month], **more)

    paid = told["L6", JULY].amount_fen
    listed = [
        (line("L1"), "OK"),
        (line("L2", result="insufficient", amount_fen=0), "OK"),
        (line("L1", AUGUST), "OK"),  # the second line of a loan
        (line("L3", result="moved", amount_fen=40_000, reason="转到他行"), "OK"),
        (line("L3", AUGUST), "OK"),
        (line("L4", result="protected", amount_fen=10_000), "OK"),
        (line("L5", taken_on=date(2022, 8, 5)), "OK"),  # this very answer came before
        (line("L5", AUGUST), "OK"),  # the last instalment
        (line("L6", result="insufficient", amount_fen=0), "E-RETURN-AGAIN"),
        (line("L6", AUGUST), "OK"),
        (line("L7", ordered_fen=paid + 1, amount_fen=paid + 1), "E-RETURN-ORDER"),
        (line("L7", AUGUST, amount_fen=told["L7", AUGUST].ordered_fen + 1), "E-RETURN-ABOVE"),
        (line("L8", result="blocked"), "E-RETURN-RESULT"),
        (line("L8", AUGUST, taken_on=date(2022, 9, 7)), "E-RETURN-DAY"),
        (replace(line("L9"), month=date(2022, 6, 1)), "E-ORDER-UNKNOWN"),
        (line("L9", loan_number="L99"), "E-LOAN-UNKNOWN"),
        (line("L9"), "OK"),
        (line("L10"), "OK"),
        (line("L11"), "OK"),
        (line("L10", AUGUST), "OK"),
    ]
    rows, offices = [row for row, _code in listed], (first.loan.bank, first.loan.agency)
    return handed_in("deduction_return", rows, apply_deduction_return, offices, policy_id, ANSWERED), [
        code for _row, code in listed
    ]


def one_by_one(given: Sequence[Returned], *, actor: Any, now: Any) -> list[Any]:
    """Record answers with the step that a bank's officer takes by hand."""
    found: list[Any] = []
    for each in given:
        try:
            found.append(
                record_deduction(
                    each.loan_id,
                    each.month,
                    each.taken_fen,
                    each.taken_on,
                    each.result,
                    reason=each.reason,
                    reference=each.reference,
                    source=each.source,
                    actor=actor,
                    now=now,
                )
            )
        except ZhubaoError as error:
            found.append(error)
    return found


def killed_after(file: File, chunks: int, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Apply a file by a worker that is gone when some chunks are done and the work of the next one is not kept yet."""
    answer, keep = lines._answers, lines._keep
    stood: list[dict[str, tuple[int, bool]]] = []

    def answered_(*given: Any) -> Any:
        stood.append(sequences())
        return answer(*given)

    def kept(*given: Any) -> None:
        if len(stood) > chunks:
            raise ConnectionError("killed")
        keep(*given)

    with monkeypatch.context() as patched:
        patched.setattr(lines, "_answers", answered_)
        patched.setattr(lines, "_keep", kept)
        with pytest.raises(ConnectionError):
            file.applied(at_once)
    rewind(stood[-1])
    assert EnvelopeLine.objects.filter(envelope=file.envelope).exclude(applied_at=None).count() == chunks * at_once


@pytest.mark.parametrize("policy_id", [RUGAO, JIANGXI])
def test_instalments_answered_together_are_what_they_are_one_by_one(
    policy_id: str, post_of: PostOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, codes = answered(policy_id, post_of)
    with monkeypatch.context() as patched:
        patched.setattr("zhubao.procedures.deduction_returned.record_deductions", one_by_one)
        alone = file.rows_after(1)
    for at_once in (1, 6, 500):
        assert file.rows_after(at_once) == alone
    killed_after(file, 2, 6, monkeypatch)
    for _again in range(2):
        file.applied(6)
    assert file.codes() == codes
    assert rows_of(*TABLES) == alone
    assert Loan.objects.get(number="L5").state == "settled"
    assert Notice.objects.filter(kind="deduction_failed").count() == 3
    assert Task.objects.open().filter(subject="loan:L9", kind__endswith="record_contribution").count() == 1


def test_an_instalment_that_cannot_be_posted_is_refused_alone(post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stops a chunk half written is found out line by line: the others are taken."""
    file, codes = answered(RUGAO, post_of)

    def refuse(given: Any, **named: Any) -> int:
        if any(line.subject == "loan:L1" for line in given):
            raise ZhubaoError("E-LEDGER-KEY", Text("同一凭证号已记过另一笔", "this key was posted with other content"))
        return post_new(given, **named)

    monkeypatch.setattr("zhubao.loans.deductions.returning_at_once.post_new", refuse)
    file.applied(500)
    assert file.codes() == ["E-LEDGER-KEY", "OK", "E-LEDGER-KEY", *codes[3:]]
    assert not DeductionReturn.objects.filter(instruction__order__loan__number="L1").exists()
    assert not LoanEvent.objects.filter(loan__number="L1", key__startswith="deducted:").exists()


def credited(post_of: PostOf, *, by_agency: bool) -> tuple[File, list[str]]:
    """Return a file of pensions with one line of every kind, and what each is to be answered."""
    lives = retired(RUGAO, post_of, 12, {})
    first, day, fen = lives[0], date(2022, 8, 15), 180_000
    before = [bank.credited(life, AUGUST, fen, day) for life in (lives[1], lives[2])]
    bank.load_credits(first, before, "C0", day)
    pairs = {"L7": "L6", "L9": "L8", "L12": "L11"}
    for second, other in pairs.items():
        Loan.objects.filter(number=second).update(person=Loan.objects.get(number=other).person)
    # Another county keeps L9; another bank pays the pension of L10.
    Loan.objects.filter(number="L9").update(region_code="500243100101")
    Loan.objects.filter(number="L10").update(
        bank=Organisation.objects.create(kind=OrganisationKind.BANK, name="别的银行", region_id=COUNTY)
    )

    def line(place: int, month: date = AUGUST, gross_fen: int = fen, **more: Any) -> PensionCredited:
        life = Life(Loan.objects.get(number=f"L{place}"), lives[place - 1].by)
        return replace(bank.credited(life, month, gross_fen, day), **more)

    raised = "E-SCOPE" if by_agency else "OK"
    listed = [
        (line(1), "OK"),
        (line(1, JULY, credited_on=date(2022, 7, 15)), "OK"),
        (line(2), "OK"),  # this very credit came before
        (line(3, gross_fen=190_000), "E-CREDIT-AGAIN"),
        (line(4, JULY, basic_fen=10_000), "OK"),  # the basic part, new where the agency says so
        (line(4, basic_fen=10_000), "OK"),  # and known the month after
        (line(4, date(2022, 6, 1), 170_000), "OK"),  # before the pension that is on record
        (line(5, date(2022, 9, 1)), "E-CREDIT-MONTH"),
        (line(5, gross_fen=90_000), "E-CREDIT-NOT-FULL"),
        (line(5, date(2022, 5, 1), basic_fen=180_001), "E-PENSION"),
        (line(5, loan_number="L99"), "E-LOAN-UNKNOWN"),
        (line(5, JULY, id_number=open_number(lives[0].loan.person)), "E-CREDIT-PERSON"),
        (line(5, date(2022, 6, 1), id_number=number("19700305", 888)), "E-CREDIT-PERSON"),
        (line(6, gross_fen=200_000), "OK"),
        (line(7, gross_fen=200_000), "OK"),  # the same pension, for another loan
        (line(8, JULY, 210_000), raised),  # the rise would have to be recorded in another county as well
        (line(8, AUGUST, 210_000), raised),
        (line(9), "E-LOAN-UNKNOWN"),
        (line(10), "E-CREDIT-BANK"),
        (line(11), "OK"),
        (line(12, gross_fen=190_000), "E-CREDIT-AGAIN"),
    ]
    rows, offices = [row for row, _code in listed], (first.loan.bank, first.loan.agency)
    file = handed_in(
        "pension_credit", rows, apply_pension_credits, offices[::-1] if by_agency else offices, RUGAO, at(2022, 8, 20)
    )
    return file, [code for _row, code in listed]


@pytest.mark.parametrize("by_agency", [False, True], ids=["银行代发", "经办机构核定"])
def test_pensions_credited_together_are_what_they_are_one_by_one(
    by_agency: bool, post_of: PostOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, codes = credited(post_of, by_agency=by_agency)
    alone = file.rows_after(1)
    for at_once in (7, 500):
        assert file.rows_after(at_once) == alone
    killed_after(file, 1, 7, monkeypatch)
    for _again in range(2):
        file.applied(7)
    assert file.codes() == codes
    assert rows_of(*TABLES) == alone
    pensions = LoanEvent.objects.filter(loan__number__in=["L4", "L6", "L7"], key__startswith="pension:2022-0")
    assert pensions.filter(source__startswith="F1").count() == (3 if by_agency else 0)
    assert PensionCredit.objects.filter(source__startswith="F1").count() == (7 if by_agency else 9)


def contributed(policy_id: str, post_of: PostOf) -> tuple[File, list[str]]:
    """Return tax's receipts with one line of every kind, and what each is to be answered."""
    lives = [life_of(policy_id, post_of, name=f"L{place}", sequence=42 + 2 * place) for place in range(1, 7)]
    draws = [life.draw(life.ready(2021)) for life in lives]
    on, fen = date(2021, 3, 10), draws[0].amount_fen
    lives[4].pay_in(draws[4], receipt="P0")
    tax = post_of(Role.TAX_CLERK).organisation

    def line(place: int, receipt_number: str, amount_fen: int = fen, **more: Any) -> ContributionReceipt:
        loan = lives[place - 1].loan
        row = ContributionReceipt(
            receipt_number, loan.person.name, open_number(loan.person), 2021, amount_fen, on, "loan", loan.number
        )
        return replace(row, **more)

    listed = [
        (line(1, "P1"), "OK"),
        (line(2, "P2", 1_000), "OK"),
        (line(2, "P3", fen - 1_000), "OK"),  # the rest of it
        (line(2, "P4"), "E-STATE"),  # there is no more to come
        (line(3, "P5", fen + 1), "E-RECEIPT"),
        (line(3, "P6", paid_on=date(2021, 3, 9)), "E-DRAW-DAY"),
        (line(3, "P7", year=2022), "E-DRAW-UNKNOWN"),
        (line(3, "P8", loan_number="L99"), "E-LOAN-UNKNOWN"),
        (line(3, "P9", id_number=open_number(lives[0].loan.person)), "E-RECEIPT-PERSON"),
        (line(3, "P10", 5_000, source="self", loan_number=""), "OK"),
        (line(3, "P11"), "OK"),
        (line(5, "P0"), "OK"),  # this very receipt came before
        (line(6, "P0", fen - 1), "OK"),  # the same number of another loan
        (line(4, "P12"), "OK"),
    ]
    listed = [each for each in listed if each[0].loan_number != "L6"]
    offices = (tax, lives[0].loan.agency)
    file = handed_in(
        "contribution_receipts", [row for row, _code in listed], apply_contributions, offices, policy_id, at(2021, 3, 20)
    )
    return file, [code for _row, code in listed]


@pytest.mark.parametrize("policy_id", [JIANGXI, TONGLING])
def test_contributions_taken_together_are_what_they_are_one_by_one(
    policy_id: str, post_of: PostOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, codes = contributed(policy_id, post_of)
    alone = file.rows_after(1)
    for at_once in (3, 500):
        assert file.rows_after(at_once) == alone
    killed_after(file, 1, 5, monkeypatch)
    for _again in range(2):
        file.applied(5)
    assert file.codes() == codes
    assert rows_of(*TABLES) == alone
