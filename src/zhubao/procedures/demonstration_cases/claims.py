"""The subsidy claims of 2025, which each bank hands in late: one with the mistakes such files have, the others further on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.demonstration.regions import RegionKey
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.subsidy_claim import ClaimedDays
from zhubao.exchange.files.writing import write
from zhubao.lending.money import half_up
from zhubao.loans.claims import actions
from zhubao.loans.claims.preparing import prepared_rows
from zhubao.loans.models import SubsidyClaim

from ..claim_received import KIND, book_paid, check_received, receive_claim
from .loans import NO_LOAN
from .offices import Desk

YEAR = 2025
HANDED_IN_BEFORE = timedelta(days=12)
# How far the claim of each bank gets, the first bank first; a bank without a subsidised loan of the year has none.
UNTIL: dict[RegionKey, tuple[str, ...]] = {"jiangxi": ("checked", "returned"), "rugao": ("payment_prepared", "paid")}


def claim_the_year(desk: Desk, *, now: datetime) -> list[SubsidyClaim]:
    """Have the banks of a county claim the year; a file that is to be settled bears an amount, a rate and a loan that do not hold."""
    found = []
    for bank, until in zip(desk.banks, UNTIL.get(desk.region.key, ()), strict=False):
        officer = desk.at(Role.BANK_OFFICER, bank)
        rows = prepared_rows(desk.region.policy, desk.region.code, bank.pk, YEAR, actor=officer, now=now - HANDED_IN_BEFORE)
        if rows:
            told = _mistaken(rows) if until == "checked" else rows
            found.append(_lived(desk, bank, officer, told, until, now))
    return found


def _mistaken(rows: list[ClaimedDays]) -> list[ClaimedDays]:
    """Return the lines as the bank sends them: one sum is wrong, one rate is another, one loan is nobody's."""
    first, *others = rows
    spoilt = [replace(first, subsidy_fen=first.subsidy_fen + 211), replace(first, loan_number=NO_LOAN)]
    for row in others[:1]:
        rate = row.rate_ppm + 5_000
        fen = half_up(row.subsidy_fen * rate, row.rate_ppm)
        spoilt.append(replace(row, rate_ppm=rate, interest_fen=fen, subsidy_fen=fen))
    return [*spoilt, *others[1:]]


def _lived(desk: Desk, bank: Organisation, officer: Actor, rows: list[ClaimedDays], until: str, now: datetime) -> SubsidyClaim:
    policy, handed_in = desk.region.policy, now - HANDED_IN_BEFORE
    receiver = actions.receiver_of(policy, desk.region.code)
    layout, batch = layout_of(KIND), f"TX{YEAR}-{bank.pk}"
    received = receive_claim(
        [write(layout, Head(batch, bank.name, receiver.name, layout.purpose.zh), rows, "csv")],
        name=f"{layout.title.zh}{batch}.csv",
        policy_id=policy,
        region_code=desk.region.code,
        bank_id=bank.pk,
        actor=officer,
        now=handed_in,
    )
    assert received.claim is not None, received.receipt.faults
    check_received(received.receipt.envelope.pk, clock=lambda: handed_in)
    claim = received.claim
    if until == "returned":
        why = "起息日与放款流水不一致，请核对后重新报送"
        actions.return_claim(claim.pk, why, actor=desk.at(Role.AGENCY_ACCOUNTANT), now=now - timedelta(days=8))
    elif until != "checked":
        _go_on(desk, claim, until, now)
    claim.refresh_from_db()
    return claim


def _go_on(desk: Desk, claim: SubsidyClaim, until: str, now: datetime) -> None:
    """Have a claim verified and paid as far as it is told, by the hands that do so."""
    clerks = [post.actor() for post in desk.posts if post.role == Role.FINANCE_CLERK]
    finance, second = clerks[0], clerks[-1]
    agency = claim.receiver.kind == OrganisationKind.AGENCY
    verifier = desk.at(Role.AGENCY_APPROVER if agency else Role.HRSS_SUPERVISOR)
    paid = now - timedelta(days=1)
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("agency_verified", partial(actions.verify, claim.pk, actor=verifier, now=now - timedelta(days=8))),
        ("payment_prepared", partial(actions.prepare_payment, claim.pk, actor=finance, now=now - timedelta(days=3))),
        ("finance_approved", partial(actions.approve, claim.pk, actor=second, now=now - timedelta(days=2))),
        (
            "paid",
            partial(actions.record_payment, claim.pk, paid.date(), f"国库支付{YEAR}-{claim.bank_id}", actor=finance, now=paid),
        ),
    )
    for state, step in steps:
        step()
        if state == until:
            break
    if until == "paid":
        book_paid(claim.pk, clock=lambda: paid)
