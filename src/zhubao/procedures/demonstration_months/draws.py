"""The draws of a month: amounts fixed and released, paid out, paid in, and in Tongling matched by finance."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db.models import QuerySet

from zhubao.access.roles import OrganisationKind, Role
from zhubao.exchange.files.contribution_receipts import ContributionReceipt
from zhubao.exchange.files.draw_return import DrawReturn
from zhubao.loans import contributing, drawing
from zhubao.loans.draws import PAYEE_OF
from zhubao.loans.models import Tranche
from zhubao.loans.states import JIANGXI, TONGLING
from zhubao.people.sealing import open_number

from ..contribution_received import receive_contributions
from ..draw_paid import receive_draw_return
from ..year_opened import plan_draws, release_draws
from .county import County

SUBSIDY_FEN = 120_00


def fix_amounts(county: County, now: datetime) -> None:
    """Have the amounts of the running year fixed: by the agency's accountant, in Tongling by each bank's officer."""
    fixing = (
        [county.at(Role.BANK_OFFICER, bank) for bank in county.desk.banks]
        if county.policy == TONGLING
        else [county.at(Role.AGENCY_ACCOUNTANT)]
    )
    for actor in fixing:
        plan_draws(now.year, actor=actor, now=now)


def release_amounts(county: County, now: datetime) -> None:
    """Have the amounts released by the second person, and the banks told in a file."""
    planned = list(_draws(county, "planned"))
    if county.policy == TONGLING:
        for draw in planned:
            reviewer = county.at(Role.BANK_REVIEWER, draw.loan.bank)
            county.attempt(draw.loan.number, partial(drawing.release_year, draw.pk, actor=reviewer, now=now))
    elif planned:
        keys, approver = [draw.pk for draw in planned], county.at(Role.AGENCY_APPROVER)
        county.attempt("release", lambda: release_draws(keys, county.batch("F"), actor=approver, now=now))


def confirm_draws(county: County, now: datetime) -> None:
    """Have the borrowers confirm at the bank, where the document wants that."""
    if county.policy != JIANGXI:
        return
    for draw in _draws(county, "released"):
        officer = county.at(Role.BANK_OFFICER, draw.loan.bank)
        county.attempt(draw.loan.number, partial(drawing.confirm_draw, draw.pk, now.date(), actor=officer, now=now))


def pay_out(county: County, now: datetime) -> None:
    """Have each bank draw, and tell the agency in a file; a Tongling bank records its own draws."""
    ready = list(_draws(county, "confirmed" if county.policy == JIANGXI else "released"))
    if county.policy == TONGLING:
        for draw in ready:
            county.attempt(draw.loan.number, _paying(county, draw, now))
        return
    agency = county.desk.office(OrganisationKind.AGENCY)
    for bank in county.desk.banks:
        rows = [
            DrawReturn(each.loan.number, each.year, each.sequence, each.amount_fen, now.date(), "drawn", "", f"LS{each.pk}")
            for each in ready
            if each.loan.bank_id == bank.pk
        ]
        if rows:
            take = partial(
                receive_draw_return,
                [county.file("draw_return", rows, county.batch("R"), bank, agency)],
                name=f"放款回盘{county.batch('R')}.csv",
                policy_id=county.policy,
                region_code=county.code,
                bank_id=bank.pk,
                agency_id=agency.pk,
                actor=county.at(Role.AGENCY_ACCOUNTANT),
                now=now,
            )
            county.take_in(take, now)


def pay_in(county: County, now: datetime) -> None:
    """Have the tax office tell in a file what arrived: what is still missing of every draw."""
    agency, tax = county.desk.office(OrganisationKind.AGENCY), county.desk.office(OrganisationKind.TAX)
    rows = []
    for draw in _draws(county, "drawn"):
        missing = draw.amount_fen - contributing.received_fen(draw)
        if missing > 0:
            person = draw.loan.person
            rows.append(
                ContributionReceipt(
                    receipt_number=f"SP{county.month:%Y%m}{draw.pk:06d}",
                    name=person.name,
                    id_number=open_number(person),
                    year=draw.year,
                    amount_fen=missing,
                    paid_on=now.date(),
                    source="loan",
                    loan_number=draw.loan.number,
                )
            )
    if rows:
        take = partial(
            receive_contributions,
            [county.file("contribution_receipts", rows, county.batch("S"), tax, agency)],
            name=f"到账明细{county.batch('S')}.csv",
            policy_id=county.policy,
            region_code=county.code,
            tax_id=tax.pk,
            agency_id=agency.pk,
            actor=county.at(Role.TAX_CLERK),
            now=now,
        )
        county.take_in(take, now)


def match_subsidies(county: County, now: datetime) -> None:
    """Have finance add the contribution subsidy to what was paid in."""
    if county.policy != TONGLING:
        return
    finance = county.at(Role.FINANCE_CLERK)
    for draw in _draws(county, "paid_in").filter(subsidy_fen=None, loan__state="recorded"):
        take = partial(contributing.match_subsidy, draw.pk, SUBSIDY_FEN, now.date(), actor=finance, now=now)
        county.attempt(draw.loan.number, take)


def _paying(county: County, draw: Tranche, now: datetime) -> Callable[[], Tranche]:
    officer, payee = county.at(Role.BANK_OFFICER, draw.loan.bank), PAYEE_OF[county.policy]
    return partial(
        drawing.record_draw, draw.pk, now.date(), draw.amount_fen, payee, source=f"LS{draw.pk}", actor=officer, now=now
    )


def _draws(county: County, state: str) -> QuerySet[Tranche]:
    draws = Tranche.objects.filter(loan__in=county.loans.order_by(), state=state)
    return draws.select_related("loan__person", "loan__bank").order_by("loan__number", "year", "sequence")
