"""The subsidy claims of a month: a bank claims a year that is over, the claim is recomputed, verified, and paid by two at finance."""

from datetime import date, datetime
from functools import partial

from django.db.models import Min, QuerySet

from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.lending import terms_for
from zhubao.lending.government_days import claim_window
from zhubao.loans.claims import actions
from zhubao.loans.claims.preparing import prepared_rows
from zhubao.loans.models import SubsidyClaim, Tranche
from zhubao.loans.states import JIANGXI, TONGLING

from ..claim_received import KIND, book_paid, check_received, receive_claim
from .county import County


def hand_in_claims(county: County, now: datetime) -> None:
    """Have each bank claim the earliest year that is over and not claimed, once its claim before is paid."""
    if county.policy == TONGLING:
        return
    for bank in county.desk.banks:
        year = _year_to_claim(county, bank, now.date())
        if year is not None and not _claims(county).filter(bank=bank).exclude(state="paid").exists():
            county.attempt(f"{bank.name} {year}", partial(_hand_in, county, bank, year, now))
    for claim in _claims(county).filter(state="received").select_related("envelope"):
        check_received(claim.envelope_id, clock=lambda: now)


def verify_claims(county: County, now: datetime) -> None:
    """Have what differs settled by the agency's accountant, and the claims verified by the second person or bureau."""
    for claim in _claims(county).filter(state="checked"):
        if claim.open_lines:
            accountant, why = county.at(Role.AGENCY_ACCOUNTANT), "按本机构重算数核定"
            county.attempt(
                claim.number, partial(actions.settle_lines, claim.pk, actions.TAKE_OURS, why, actor=accountant, now=now)
            )
        verifier = county.at(Role.AGENCY_APPROVER if county.policy == JIANGXI else Role.HRSS_SUPERVISOR)
        county.attempt(claim.number, partial(actions.verify, claim.pk, actor=verifier, now=now))


def prepare_payments(county: County, now: datetime) -> None:
    """Have finance prepare the payments."""
    for claim in _claims(county).filter(state="agency_verified"):
        finance = county.at(Role.FINANCE_CLERK)
        county.attempt(claim.number, partial(actions.prepare_payment, claim.pk, actor=finance, now=now))


def approve_payments(county: County, now: datetime) -> None:
    """Have the other person at finance approve them."""
    for claim in _claims(county).filter(state="payment_prepared"):
        county.attempt(claim.number, partial(actions.approve, claim.pk, actor=county.second_at_finance(), now=now))


def pay_claims(county: County, now: datetime) -> None:
    """Have finance pay, and the payments booked loan by loan."""
    for claim in _claims(county).filter(state="finance_approved"):
        finance, voucher = county.at(Role.FINANCE_CLERK), f"国库支付{now:%Y%m%d}-{claim.pk}"
        county.attempt(claim.number, partial(actions.record_payment, claim.pk, now.date(), voucher, actor=finance, now=now))
    for claim in _claims(county).filter(state="paid", booked_at=None):
        book_paid(claim.pk, clock=lambda: now)


def _hand_in(county: County, bank: Organisation, year: int, now: datetime) -> None:
    officer = county.at(Role.BANK_OFFICER, bank)
    rows = prepared_rows(county.policy, county.code, bank.pk, year, actor=officer, now=now)
    if not rows:
        return
    receiver = county.desk.office(OrganisationKind.AGENCY if county.policy == JIANGXI else OrganisationKind.HRSS)
    batch = f"T{year}-{bank.pk}"
    receive_claim(
        [county.file(KIND, rows, batch, bank, receiver)],
        name=f"贴息申请明细{batch}.csv",
        policy_id=county.policy,
        region_code=county.code,
        bank_id=bank.pk,
        receiver_id=receiver.pk,
        year=year,
        actor=officer,
        now=now,
    )


def _year_to_claim(county: County, bank: Organisation, today: date) -> int | None:
    drawn = Tranche.objects.filter(loan__in=county.loans.filter(bank=bank).order_by()).aggregate(first=Min("drawn_on"))["first"]
    if drawn is None:
        return None
    terms = terms_for(county.policy).terms
    claimed = set(_claims(county).filter(bank=bank).values_list("year", flat=True))
    over = (year for year in range(drawn.year, today.year + 1) if claim_window(terms, year)[1] <= today.toordinal())
    return next((year for year in over if year not in claimed), None)


def _claims(county: County) -> QuerySet[SubsidyClaim]:
    return SubsidyClaim.objects.filter(region_code=county.code, policy_id=county.policy).order_by("pk")
