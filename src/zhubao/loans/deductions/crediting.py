"""A month's pension as it was credited: the whole of it, by the bank that lends, before anything is taken from it."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.roles import BANK_ROLES, Role
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending import Kind
from zhubao.lending.days import month_end, month_number
from zhubao.policies.claims import implements

from ..models import Loan, PensionCredit
from ..repaying import record_pension, standing
from ..replaying import events_of
from ..states import ENDED


@implements("rg-14.1b", "rg-14.1c", as_="action")
@transaction.atomic
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
    """Record that the pension of a borrower for the month of a day was credited whole; the same again changes nothing.

    `approved`: the figures are the agency's own, so that a first pension or a rise is taken over from that month on; a bank's are only
    compared. Raise OutOfScope (post, region, another bank's or agency's loan), E-CREDIT-MONTH for a month not begun on the day or a day
    still to come, E-PENSION for parts that do not fit, E-CREDIT-NOT-FULL for less than the approved pension (an instalment netted off),
    E-CREDIT-AGAIN when the month is on record with other figures.
    """
    actor.require_role(Role.BANK_OFFICER, Role.AGENCY_ACCOUNTANT)
    loan = Loan.objects.select_for_update().get(pk=loan_id)
    actor.require_region(loan.region_code)
    own = loan.bank_id if actor.role in BANK_ROLES else loan.agency_id
    if actor.user_id is not None and own != actor.organisation_id:
        raise OutOfScope(loan.number, Text("由别的单位办理", "another office deals with this"))
    month = month.replace(day=1)
    _require_parts(loan, month, gross_fen, basic_fen, credited_on, timezone.localdate(now))
    known = PensionCredit.objects.filter(person_id=loan.person_id, month=month).first()
    if known is not None:
        if (known.gross_fen, known.basic_fen, known.credited_on, known.bank_id) == (
            gross_fen,
            basic_fen,
            credited_on,
            loan.bank_id,
        ):
            return known
        yuan = amount_in_yuan(known.gross_fen)
        raise ZhubaoError(
            "E-CREDIT-AGAIN",
            Text(
                f"{month:%Y-%m} 的养老金已登记入账 {yuan} 元（{known.credited_on}）",
                f"the pension of {month:%Y-%m} is on record: {yuan} yuan on {known.credited_on}",
            ),
            place=loan.number,
            remedy=Text("核对月份和金额；同一月份只入账一次", "check month and amount: one month is credited once"),
        )
    pension = approved_for(loan, month, Kind.PENSION_SET)
    if pension is not None and gross_fen < pension:
        raise ZhubaoError(
            "E-CREDIT-NOT-FULL",
            Text(
                f"入账 {amount_in_yuan(gross_fen)} 元，少于核定养老金 {amount_in_yuan(pension)} 元",
                f"{amount_in_yuan(gross_fen)} yuan credited, the pension is {amount_in_yuan(pension)}",
            ),
            place=loan.number,
            remedy=Text(
                "先全额入账再扣款，不得轧差；养老金确有变动的，先由经办机构登记",
                "credit it whole and deduct afterwards; if the pension has changed, the agency records that first",
            ),
        )
    if approved:
        _take_over(loan, month, gross_fen, basic_fen, source, actor=actor, now=now)
    credit = PensionCredit.objects.create(
        region_code=loan.region_code,
        person_id=loan.person_id,
        bank_id=loan.bank_id,
        month=month,
        gross_fen=gross_fen,
        basic_fen=basic_fen,
        credited_on=credited_on,
        source=source[:200],
        recorded_at=now,
        recorded_by_id=actor.post_id,
    )
    after = {"month": f"{month:%Y-%m}", "gross_fen": gross_fen, "credited_on": str(credited_on), "source": source[:200]}
    record("loan.pension_credited", loan.subject, actor=actor, now=now, region_code=loan.region_code, after=after)
    return credit


def _take_over(
    loan: Loan, month: date, gross_fen: int, basic_fen: int | None, source: str, *, actor: Actor, now: datetime
) -> None:
    """Record the pension of a month where it is new, for every loan of the borrower at the agency: one pension repays them all."""
    own = Loan.objects.filter(person_id=loan.person_id, agency_id=loan.agency_id).exclude(state__in=ENDED)
    for each in own.order_by("pk"):
        pension, basic = approved_for(each, month, Kind.PENSION_SET), approved_for(each, month, Kind.BASIC_PENSION_SET)
        if pension != gross_fen or basic_fen not in (None, basic):
            record_pension(each.pk, month, gross_fen, source, basic_fen=basic_fen, actor=actor, now=now)


def approved_for(loan: Loan, month: date, kind: Kind) -> int | None:
    """Return the approved pension, or its basic part, for a month, fen; None while it is not on record."""
    end = month_end(month_number(month))
    known = [event.amount for event in standing(events_of(loan)) if event.kind == kind and event.on <= end]
    return known[-1] if known else None


def _require_parts(loan: Loan, month: date, gross_fen: int, basic_fen: int | None, credited_on: date, today: date) -> None:
    if gross_fen <= 0 or not 0 <= (basic_fen or 0) <= gross_fen:
        raise ZhubaoError(
            "E-PENSION",
            Text("养老金须大于 0，基础养老金不超过全额", "a pension is above 0, its basic part not above the whole"),
            place=loan.number,
        )
    if credited_on < month or credited_on > today:
        raise ZhubaoError(
            "E-CREDIT-MONTH",
            Text(
                f"{month:%Y-%m} 的养老金不会在 {credited_on} 入账",
                f"the pension of {month:%Y-%m} is not credited on {credited_on}",
            ),
            place=loan.number,
            remedy=Text("核对所属月份和入账日期", "check the month and the day"),
        )
