"""A month's pension as it was credited: the whole of it, by the bank that lends, before anything is taken from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import Act, record_all
from zhubao.access.roles import BANK_ROLES, Role
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending import Event, Kind
from zhubao.lending.days import month_end, month_number
from zhubao.policies.claims import implements

from ..models import Loan, LoanEvent, PensionCredit
from ..repaying import record_pension, standing
from ..states import ENDED

PENSION_KINDS = (Kind.PENSION_SET, Kind.BASIC_PENSION_SET)


@dataclass(frozen=True)
class Credited:
    """The pension of a borrower for the month of a day, credited whole on a day, fen; `basic_fen` None where nobody says it."""

    loan_id: int
    month: date
    gross_fen: int
    credited_on: date
    basic_fen: int | None = None


@implements("rg-14.1b", "rg-14.1c", as_="action")
@transaction.atomic
def record_credits(
    credited: Sequence[Credited], source: str, *, approved: bool = False, actor: Actor, now: datetime
) -> list[PensionCredit | ZhubaoError]:
    """Record that pensions were credited whole, each as if alone and in this order; return each, or the error that refuses it.

    `approved`: the figures are the agency's own, so that a first pension or a rise is taken over from that month on; a bank's are only
    compared. The same again changes nothing. Refused alone: OutOfScope (region, another bank's or agency's loan), E-CREDIT-MONTH for a
    month not begun on the day or a day still to come, E-PENSION for parts that do not fit, E-CREDIT-NOT-FULL for less than the approved
    pension (an instalment netted off), E-CREDIT-AGAIN when the month is on record with other figures.

    Raise OutOfScope for a post that may not, DoesNotExist for no loan, and nothing stands then.
    """
    actor.require_role(Role.BANK_OFFICER, Role.AGENCY_ACCOUNTANT)
    counter = _Counter(credited, source, approved, actor, now)
    found = [counter.take_in(each) for each in credited]
    counter.write()
    return found


def record_credit(
    loan_id: int,
    month: date,
    gross_fen: int,
    credited_on: date,
    source: str,
    *,
    basic_fen: int | None = None,
    approved: bool = False,
    actor: Actor,
    now: datetime,
) -> PensionCredit:
    """Record the pension of one borrower; raise what `record_credits` refuses."""
    credited = Credited(loan_id, month, gross_fen, credited_on, basic_fen)
    (found,) = record_credits([credited], source, approved=approved, actor=actor, now=now)
    if isinstance(found, ZhubaoError):
        raise found
    return found


class _Counter:
    """What is known of borrowers while their pensions are taken in: loans under lock, months credited, pensions; and what is new."""

    def __init__(self, credited: Sequence[Credited], source: str, approved: bool, actor: Actor, now: datetime) -> None:
        self.source, self.approved, self.actor, self.now = source, approved, actor, now
        meant = Loan.objects.filter(pk__in={each.loan_id for each in credited})
        if approved:
            # The agency's figure is recorded for other loans of a borrower too: all are locked first, in the order everybody keeps.
            meant = Loan.objects.filter(person__in=meant.order_by().values("person_id"))
        self.loans = {loan.pk: loan for loan in meant.select_for_update().order_by("pk")}
        self.going_on: dict[tuple[int, int], list[Loan]] = {}
        for loan in self.loans.values():
            if loan.state not in ENDED:
                self.going_on.setdefault((loan.person_id, loan.agency_id), []).append(loan)
        people = {loan.person_id for loan in self.loans.values()}
        self.known = {(each.person_id, each.month): each for each in PensionCredit.objects.filter(person_id__in=people)}
        self.pensions = _pensions_of(list(self.loans))
        self.fresh: list[tuple[Loan, PensionCredit]] = []

    def take_in(self, given: Credited) -> PensionCredit | ZhubaoError:
        """Return the credit of a month, to be written or standing already, or what refuses it."""
        loan = self.loans.get(given.loan_id)
        if loan is None:
            raise Loan.DoesNotExist(given.loan_id)
        try:
            return self._accepted(loan, replace(given, month=given.month.replace(day=1)))
        except ZhubaoError as error:
            return error

    def _accepted(self, loan: Loan, given: Credited) -> PensionCredit:
        self.actor.require_region(loan.region_code)
        own = loan.bank_id if self.actor.role in BANK_ROLES else loan.agency_id
        if self.actor.user_id is not None and own != self.actor.organisation_id:
            raise OutOfScope(loan.number, Text("由别的单位办理", "another office deals with this"))
        _require_parts(loan, given, timezone.localdate(self.now))
        known = self.known.get((loan.person_id, given.month))
        if known is not None:
            return _same(known, loan, given)
        pension = self._in_force(loan.pk, given.month, Kind.PENSION_SET)
        if pension is not None and given.gross_fen < pension:
            raise _not_full(loan, given.gross_fen, pension)
        if self.approved:
            self._take_over(loan, given)
        credit = PensionCredit(
            region_code=loan.region_code,
            person_id=loan.person_id,
            bank_id=loan.bank_id,
            month=given.month,
            gross_fen=given.gross_fen,
            basic_fen=given.basic_fen,
            credited_on=given.credited_on,
            source=self.source[:200],
            recorded_at=self.now,
            recorded_by_id=self.actor.post_id,
        )
        self.known[loan.person_id, given.month] = credit
        self.fresh.append((loan, credit))
        return credit

    def _take_over(self, loan: Loan, given: Credited) -> None:
        """Record the pension of a month where it is new, for every loan of the borrower at the agency: one pension repays them all."""
        new = [
            each.pk
            for each in self.going_on.get((loan.person_id, loan.agency_id), [])
            if self._in_force(each.pk, given.month, Kind.PENSION_SET) != given.gross_fen
            or given.basic_fen not in (None, self._in_force(each.pk, given.month, Kind.BASIC_PENSION_SET))
        ]
        if not new:
            return
        with transaction.atomic():
            for pk in new:
                record_pension(
                    pk, given.month, given.gross_fen, self.source, basic_fen=given.basic_fen, actor=self.actor, now=self.now
                )
        for pk in new:
            del self.pensions[pk]

    def _in_force(self, loan_id: int, month: date, kind: Kind) -> int | None:
        if loan_id not in self.pensions:
            self.pensions |= _pensions_of([loan_id])
        return _in_force(self.pensions[loan_id], month, kind)

    def write(self) -> None:
        """Write the new credits, and their audit entries last."""
        PensionCredit.objects.bulk_create([credit for _loan, credit in self.fresh])
        record_all([_act(loan, credit) for loan, credit in self.fresh], actor=self.actor, now=self.now)


def approved_for(loan: Loan, month: date, kind: Kind) -> int | None:
    """Return the approved pension, or its basic part, for a month, fen; None while it is not on record."""
    return _in_force(_pensions_of([loan.pk])[loan.pk], month, kind)


def _pensions_of(loan_ids: Sequence[int]) -> dict[int, list[Event]]:
    """Return by loan the events that say what the pension is, in order, without those that were annulled."""
    found: dict[int, list[Event]] = {pk: [] for pk in loan_ids}
    told = LoanEvent.objects.filter(loan__in=loan_ids, kind__in=[*PENSION_KINDS, Kind.REVERSED]).order_by()
    for pk, day, kind, entry, amount in told.values_list("loan_id", "day", "kind", "entry", "amount"):
        found[pk].append(Event(day.toordinal(), kind, entry, amount))
    return {pk: standing(events) for pk, events in found.items()}


def _in_force(pensions: Sequence[Event], month: date, kind: Kind) -> int | None:
    end = month_end(month_number(month))
    known = [event.amount for event in pensions if event.kind == kind and event.on <= end]
    return known[-1] if known else None


def _act(loan: Loan, credit: PensionCredit) -> Act:
    after = {
        "month": f"{credit.month:%Y-%m}",
        "gross_fen": credit.gross_fen,
        "credited_on": str(credit.credited_on),
        "source": credit.source,
    }
    return Act("loan.pension_credited", loan.subject, loan.region_code, after=after)


def _same(known: PensionCredit, loan: Loan, given: Credited) -> PensionCredit:
    """Return the month's credit where it says the same; raise E-CREDIT-AGAIN for other figures or another bank."""
    said = (given.gross_fen, given.basic_fen, given.credited_on, loan.bank_id)
    if (known.gross_fen, known.basic_fen, known.credited_on, known.bank_id) == said:
        return known
    yuan = amount_in_yuan(known.gross_fen)
    raise ZhubaoError(
        "E-CREDIT-AGAIN",
        Text(
            f"{given.month:%Y-%m} 的养老金已登记入账 {yuan} 元（{known.credited_on}）",
            f"the pension of {given.month:%Y-%m} is on record: {yuan} yuan on {known.credited_on}",
        ),
        place=loan.number,
        remedy=Text("核对月份和金额；同一月份只入账一次", "check month and amount: one month is credited once"),
    )


def _not_full(loan: Loan, gross_fen: int, pension_fen: int) -> ZhubaoError:
    return ZhubaoError(
        "E-CREDIT-NOT-FULL",
        Text(
            f"入账 {amount_in_yuan(gross_fen)} 元，少于核定养老金 {amount_in_yuan(pension_fen)} 元",
            f"{amount_in_yuan(gross_fen)} yuan credited, the pension is {amount_in_yuan(pension_fen)}",
        ),
        place=loan.number,
        remedy=Text(
            "先全额入账再扣款，不得轧差；养老金确有变动的，先由经办机构登记",
            "credit it whole and deduct afterwards; if the pension has changed, the agency records that first",
        ),
    )


def _require_parts(loan: Loan, given: Credited, today: date) -> None:
    if given.gross_fen <= 0 or not 0 <= (given.basic_fen or 0) <= given.gross_fen:
        raise ZhubaoError(
            "E-PENSION",
            Text("养老金须大于 0，基础养老金不超过全额", "a pension is above 0, its basic part not above the whole"),
            place=loan.number,
        )
    if given.credited_on < given.month or given.credited_on > today:
        raise ZhubaoError(
            "E-CREDIT-MONTH",
            Text(
                f"{given.month:%Y-%m} 的养老金不会在 {given.credited_on} 入账",
                f"the pension of {given.month:%Y-%m} is not credited on {given.credited_on}",
            ),
            place=loan.number,
            remedy=Text("核对所属月份和入账日期", "check the month and the day"),
        )
