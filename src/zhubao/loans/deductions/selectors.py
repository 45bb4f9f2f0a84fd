"""What pages read of deductions: a month of a bank, what is in arrears, and a borrower's own months."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.lending import Kind

from ..models import DeductionInstruction, DeductionOrder, DeductionReturn, Loan, LoanEvent, PensionCredit
from ..models.deduction import Result
from ..selectors import loans_for
from ..states import ENDED
from .arrears import Arrear, Failure, arrears, by_age


@dataclass(frozen=True)
class MonthSums:
    """What a month of a bank comes to: how many, and fen."""

    credits: int
    credited_fen: int
    orders: int
    ordered_fen: int
    told: int
    told_fen: int
    answered: int
    taken_fen: int
    failed: int
    failed_fen: int


@dataclass
class InArrears:
    """A loan with instalments not taken and not paid since, the oldest first."""

    loan: Loan
    open: list[Arrear]
    sums: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.sums = by_age(self.open)

    @property
    def fen(self) -> int:
        """All that is in arrears, fen."""
        return sum(self.sums)

    @property
    def days(self) -> int:
        """How long the oldest of it has been open."""
        return self.open[0].days


def banks_of(actor: Actor) -> list[Organisation]:
    """Return the banks at which loans the post may see are repaid or have been ordered to be, by name."""
    loans = loans_for(actor).filter(Q(state="repaying") | Q(deduction_orders__isnull=False)).order_by()
    return list(Organisation.objects.filter(pk__in=loans.values("bank_id")).order_by("name"))


def last_month(actor: Actor, bank_id: int) -> date | None:
    """Return the latest month of pension there is an order or a credit for; None without any."""
    loans = loans_for(actor).filter(bank_id=bank_id).order_by()
    ordered = DeductionOrder.objects.filter(loan__in=loans).order_by("-month").values_list("month", flat=True).first()
    credits_ = PensionCredit.objects.filter(bank_id=bank_id, person_id__in=loans.values("person_id"))
    paid = credits_.order_by("-month").values_list("month", flat=True).first()
    return max((day for day in (ordered, paid) if day), default=None)


def orders_of(actor: Actor, bank_id: int, month: date) -> QuerySet[DeductionOrder]:
    """Return the orders of a month of pension at a bank with what became of them, by loan number."""
    orders = DeductionOrder.objects.filter(loan__in=loans_for(actor).order_by(), loan__bank=bank_id, month=month)
    return orders.select_related("loan__person", "loan__bank", "instruction__credit", "instruction__answer").order_by(
        "loan__number"
    )


def sums_of(actor: Actor, bank_id: int, month: date) -> MonthSums:
    """Return what a month of a bank comes to."""
    loans = loans_for(actor).filter(bank_id=bank_id).order_by()
    people = loans.values("person_id")
    credited = PensionCredit.objects.filter(bank_id=bank_id, month=month, person_id__in=people).order_by()
    orders = DeductionOrder.objects.filter(loan__in=loans, month=month).order_by()
    told = DeductionInstruction.objects.filter(order__in=orders.values("pk")).order_by()
    answers = DeductionReturn.objects.filter(instruction__in=told.values("pk")).order_by()
    failed = _failed(answers)
    paid = credited.aggregate(n=Count("pk"), fen=Sum("gross_fen", default=0))
    asked = orders.aggregate(n=Count("pk", filter=Q(amount_fen__gt=0)), fen=Sum("amount_fen", default=0))
    sent = told.aggregate(n=Count("pk"), fen=Sum("amount_fen", default=0))
    taken = answers.aggregate(n=Count("pk"), fen=Sum("taken_fen", default=0))
    missed = failed.aggregate(n=Count("pk"), fen=Sum(F("instructed_fen") - F("taken_fen"), default=0))
    return MonthSums(*(each[name] for each in (paid, asked, sent, taken, missed) for name in ("n", "fen")))


def in_arrears(actor: Actor, on: date, bank_id: int | None = None) -> list[InArrears]:
    """Return the loans in arrears on a day, the longest first; an early payment pays the oldest instalment first."""
    loans = loans_for(actor).exclude(state__in=ENDED)
    if bank_id is not None:
        loans = loans.filter(bank_id=bank_id)
    still = open_of(loans, on)
    found = [InArrears(loan, still[loan.pk]) for loan in loans.filter(pk__in=list(still))]
    return sorted(found, key=lambda each: (-each.days, each.loan.number))


def open_of(loans: QuerySet[Loan], on: date) -> dict[int, list[Arrear]]:
    """Return by loan the instalments not taken that were not paid since, on a day; loans without any are left out."""
    failed = _failed(DeductionReturn.objects.filter(instruction__order__loan__in=loans.order_by(), taken_on__lte=on))
    rows = failed.values_list(
        "instruction__order__loan_id", "instruction__order__month", "taken_on", "instructed_fen", "taken_fen"
    )
    failures: dict[int, list[Failure]] = {}
    for pk, month, taken_on, told, taken in rows:
        failures.setdefault(pk, []).append(Failure(month, taken_on, told - taken))
    paid = _payments(failures)
    found = {pk: arrears(those, paid.get(pk, []), on) for pk, those in failures.items()}
    return {pk: left for pk, left in found.items() if left}


def months_of(loan: Loan) -> list[DeductionOrder]:
    """Return the months of a loan's repayment with what was ordered, told and taken, the latest first."""
    orders = DeductionOrder.objects.filter(loan=loan).select_related("instruction__credit", "instruction__answer")
    return list(orders.prefetch_related("instruction__answer__follow_ups").order_by("-month"))


def instruction_of(order: DeductionOrder) -> DeductionInstruction | None:
    """Return what the bank was told of an order; None while it was not."""
    return getattr(order, "instruction", None)


def answer_of(order: DeductionOrder) -> DeductionReturn | None:
    """Return what the bank answered to an order; None while it has not."""
    told = instruction_of(order)
    return getattr(told, "answer", None) if told is not None else None


def _failed(answers: QuerySet[DeductionReturn]) -> QuerySet[DeductionReturn]:
    return answers.exclude(result__in=(Result.TAKEN, Result.PROTECTED))


def _payments(loan_ids: Iterable[int]) -> dict[int, list[tuple[date, int]]]:
    """Return what borrowers paid by themselves, payments that were annulled left out."""
    found: dict[int, list[tuple[date, int]]] = {}
    events = LoanEvent.objects.filter(loan__in=list(loan_ids), kind__in=(Kind.PREPAID, Kind.REVERSED)).order_by()
    rows = list(events.values_list("loan_id", "entry", "kind", "day", "amount"))
    gone = {(pk, amount) for pk, _entry, kind, _day, amount in rows if kind == Kind.REVERSED}
    for pk, entry, kind, day, amount in rows:
        if kind == Kind.PREPAID and (pk, entry) not in gone:
            found.setdefault(pk, []).append((day, amount))
    return found
