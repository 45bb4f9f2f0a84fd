"""Pensions and instalments of a month: credited whole, the orders of the month before told to the banks and answered."""

from datetime import date, datetime
from functools import partial

from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.exchange.files.deduction_return import DeductionAnswer
from zhubao.exchange.files.pension_credit import PensionCredited
from zhubao.exchange.models import Envelope
from zhubao.exchange.selectors import rows_of
from zhubao.lending import Kind
from zhubao.loans.deductions.crediting import approved_for
from zhubao.loans.endings.certificates import issue_certificate
from zhubao.loans.models import DeductionInstruction, Loan, PensionCredit
from zhubao.loans.states import RUGAO, process_of, ways_of
from zhubao.people.sealing import open_number

from ..deduction_returned import receive_deduction_return
from ..deductions_ordered import ORDERS, Ordered, pensions_left, send_net_pensions, send_orders
from ..pension_credited import receive_pension_credits
from .county import County, chance

# A first pension in fen a month, and how much more each further person has; residents' with its basic part.
EMPLOYEE_FEN, RESIDENT_FEN, BASIC_FEN, STEP_FEN = 1_860_00, 820_00, 240_00, 37_00
RISE_PERCENT = 2
# One instalment in so many finds too little in the account.
FAILS_IN = 13


def credit_pensions(county: County, now: datetime) -> None:
    """Have the pensions of the month credited: a first one and a rise as the agency approved it, the others as the banks paid them."""
    told = set(PensionCredit.objects.filter(month=county.month).values_list("person_id", flat=True))
    for bank in county.desk.banks:
        new: list[PensionCredited] = []
        known: list[PensionCredited] = []
        for loan in drawing_a_pension(county, bank):
            if loan.person_id in told:
                continue
            told.add(loan.person_id)
            gross, basic = pension_of(loan, county.month)
            line = PensionCredited(
                loan.number, loan.person.name, open_number(loan.person), county.month, gross, basic, now.date()
            )
            (known if approved_for(loan, county.month, Kind.PENSION_SET) == gross else new).append(line)
        agency = county.desk.office(OrganisationKind.AGENCY)
        _credit(county, new, agency, bank, now)
        _credit(county, known, bank, agency, now)


def drawing_a_pension(county: County, bank: Organisation) -> list[Loan]:
    """Return the loans of a bank that were drawn, whose borrower has the pension in the month, and which go on."""
    final = process_of(county.policy).final
    loans = county.loans.filter(bank=bank, pension_month__lte=county.month, tranches__drawn_on__isnull=False)
    loans = loans.exclude(state__in=[*final, "death_settlement", "estate_claim"])
    return list(loans.filter(person__died_on=None).distinct())


def pension_of(loan: Loan, month: date) -> tuple[int, int | None]:
    """Return a borrower's monthly pension and, of a resident, its basic part, fen: a rise every January."""
    resident = ways_of(loan.policy_id).resident
    more = chance(loan.number) % 7 * STEP_FEN
    percent = 100 + RISE_PERCENT * (month.year - loan.pension_month.year)
    gross = ((RESIDENT_FEN if resident else EMPLOYEE_FEN) + more) * percent // 100
    return gross, BASIC_FEN if resident else None


def order_instalments(county: County, now: datetime) -> None:
    """Have the agency tell each bank the instalments of pensions credited in full."""
    accountant = county.at(Role.AGENCY_ACCOUNTANT)
    for bank in county.desk.banks:
        batch = county.batch("K")

        def take(bank: Organisation = bank, batch: str = batch) -> Ordered:
            return send_orders(bank.pk, county.policy, batch, actor=accountant, now=now)

        county.attempt(bank.name, take)


def answer_instalments(county: County, now: datetime) -> None:
    """Have each bank take what it was told, now and then less, and answer every line."""
    agency = county.desk.office(OrganisationKind.AGENCY)
    open_ones = DeductionInstruction.objects.filter(answer=None, order__loan__in=county.loans.order_by())
    waiting = Envelope.objects.filter(kind=ORDERS, pk__in=open_ones.values("envelope_id"))
    for told in waiting.select_related("receiver").order_by("pk"):
        rows = [
            _answer(row.loan_number, row.month, row.amount_fen, number, now)
            for number, row in enumerate(rows_of(told, today=now.date()), 1)
        ]
        batch = f"{told.batch}H"
        take = partial(
            receive_deduction_return,
            [county.file("deduction_return", rows, batch, told.receiver, agency)],
            name=f"扣划回盘{batch}.csv",
            policy_id=county.policy,
            region_code=county.code,
            bank_id=told.receiver_id,
            agency_id=agency.pk,
            answers=told,
            actor=county.at(Role.BANK_OFFICER, told.receiver),
            now=now,
        )
        county.take_in(take, now)


def _answer(loan_number: str, month: date, fen: int, line: int, now: datetime) -> DeductionAnswer:
    fails = chance(loan_number, month) % FAILS_IN == 0
    taken, result, reason = (fen // 3, "insufficient", "账户余额不足") if fails else (fen, "taken", "")
    return DeductionAnswer(loan_number, month, fen, taken, now.date(), result, reason, f"KH{month:%Y%m}{line:04d}")


def tell_net_pensions(county: County, now: datetime) -> None:
    """Have civil affairs told what is left of last month's pensions, in Rugao."""
    if county.policy != RUGAO:
        return
    year, month = (county.month.year - 1, 12) if county.month.month == 1 else (county.month.year, county.month.month - 1)
    accountant, before = county.at(Role.AGENCY_ACCOUNTANT), date(year, month, 1)
    if any(not each.waits for each in pensions_left(accountant, before)):
        county.attempt("net", partial(send_net_pensions, before, county.batch("J"), actor=accountant, now=now))


def issue_certificates(county: County, now: datetime) -> None:
    """Have the banks issue the certificate of loans that the last deduction settled."""
    for loan in county.loans.filter(state="settled", certificate=None):
        officer = county.at(Role.BANK_OFFICER, loan.bank)
        county.attempt(loan.number, partial(issue_certificate, loan.pk, actor=officer, now=now))


def _credit(county: County, rows: list[PensionCredited], sender: Organisation, receiver: Organisation, now: datetime) -> None:
    if not rows:
        return
    batch = county.batch(f"Y{receiver.pk}")
    take = partial(
        receive_pension_credits,
        [county.file("pension_credit", rows, batch, sender, receiver)],
        name=f"养老金入账明细{batch}.csv",
        policy_id=county.policy,
        region_code=county.code,
        sender_id=sender.pk,
        receiver_id=receiver.pk,
        actor=county.at(Role.AGENCY_ACCOUNTANT),
        now=now,
    )
    county.take_in(take, now)
