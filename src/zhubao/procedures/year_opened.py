"""A contribution year opens: amounts are fixed for every loan, released by a second person, and told to the banks in a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import make_envelope
from zhubao.exchange.files.draw_request import DrawRequest
from zhubao.exchange.models import Envelope
from zhubao.language import Text
from zhubao.loans.drawing import name_file, plan_year, release_year
from zhubao.loans.models import Loan, Tranche
from zhubao.loans.selectors import released_draws, to_be_planned
from zhubao.loans.states import process_of
from zhubao.people.actions import number_for_print
from zhubao.policies.claims import implements


class Refusal(NamedTuple):
    """A loan that could not be dealt with, and why."""

    loan: Loan
    error: ZhubaoError


class Planned(NamedTuple):
    """The draws whose amounts were fixed, and the loans where that was not possible."""

    draws: list[Tranche]
    refused: list[Refusal]


def months_payable(loan: Loan, year: int) -> tuple[int, int]:
    """Return the first month and the number of months a loan may pay in a year (A-JX-14).

    In the year of signing they begin with the month of signing; in the year of the pension they end with the month before it.
    """
    first = loan.signed_on.month if loan.signed_on.year == year else 1
    last = loan.pension_month.month - 1 if loan.pension_month.year == year else 12
    return first, max(0, last - first + 1)


@implements("jx-annex-4a", "rg-12.4a", as_="action")
def plan_draws(year: int, *, actor: Actor, now: datetime) -> Planned:
    """Fix the amount of a year for every loan of the office that has none yet, each in a transaction of its own.

    The agency does so in Jiangxi and Rugao, the bank in Tongling. A loan that the rules refuse (no base published, no permit, no
    months left) is listed with the reason and holds nobody up.
    """
    actor.require_role(Role.AGENCY_ACCOUNTANT, Role.BANK_OFFICER)
    draws, refused = [], []
    for loan in to_be_planned(actor, year):
        if actor.role not in process_of(loan.policy_id).transition("plan_year").posts:
            continue
        first, months = months_payable(loan, year)
        try:
            draws.append(plan_year(loan.pk, year, month_from=first, months=months, actor=actor, now=now))
        except ZhubaoError as error:
            refused.append(Refusal(loan, error))
    return Planned(draws, refused)


@implements("jx-annex-4a", "rg-12.4a", as_="action")
@transaction.atomic
def release_draws(tranche_ids: Sequence[int], batch: str, *, actor: Actor, now: datetime) -> list[Envelope]:
    """Release planned draws and write the file that tells each bank, all or none; the same batch again changes nothing.

    Raise E-RELEASE-EMPTY for none, E-SAME-PERSON for who fixed one of them, and what `release_year` and `make_envelope` raise.
    """
    actor.require_role(Role.AGENCY_APPROVER)
    if actor.organisation_id is None:
        raise OutOfScope(actor.name, Text("须由经办机构岗位办理", "a post of the agency does this"))
    if not tranche_ids:
        raise ZhubaoError("E-RELEASE-EMPTY", Text("没有选中放款", "no draw was chosen"), place=batch)
    for pk in sorted(tranche_ids):
        release_year(pk, key=f"release/{batch}/{pk}", actor=actor, now=now)
    return _tell_banks(batch, list(tranche_ids), actor=actor, now=now)


def _tell_banks(batch: str, tranche_ids: list[int], *, actor: Actor, now: datetime) -> list[Envelope]:
    assert actor.organisation_id is not None
    by_bank: dict[tuple[int, str], list[Tranche]] = {}
    for draw in released_draws(actor, not_in_a_file=False).filter(pk__in=tranche_ids):
        by_bank.setdefault((draw.loan.bank_id, draw.loan.policy_id), []).append(draw)
    envelopes = []
    for (bank_id, policy_id), draws in by_bank.items():
        envelope = make_envelope(
            "draw_request",
            [_row(draw, actor=actor, now=now) for draw in draws],
            batch=batch,
            policy_id=policy_id,
            region_code=draws[0].loan.region_code[:6],
            sender_id=actor.organisation_id,
            receiver_id=bank_id,
            actor=actor,
            now=now,
        )
        name_file([draw.pk for draw in draws], envelope.batch, actor=actor)
        envelopes.append(envelope)
    return envelopes


def _row(draw: Tranche, *, actor: Actor, now: datetime) -> DrawRequest:
    loan = draw.loan
    part = draw.parts.order_by("-year").first()
    return DrawRequest(
        loan_number=loan.number,
        name=loan.person.name,
        id_number=number_for_print(loan.person, "年度缴费金额", actor=actor, now=now),
        year=draw.year,
        sequence=draw.sequence,
        months=draw.months,
        base_fen=None,
        tier=f"{part.monthly_fen // 100}.{part.monthly_fen % 100:02d} 元/月" if part else "",
        amount_fen=draw.amount_fen,
        account_tail=loan.card_account.last_four if loan.card_account else "",
    )
