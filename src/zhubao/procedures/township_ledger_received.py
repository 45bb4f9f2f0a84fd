"""A township's ledger of a month: taken in, compared with the plan, and the unpaid shared out to the villages, in one go."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.assistance.closing_out_calls import share_out_calls
from zhubao.assistance.closing_out_months import compare_month
from zhubao.assistance.models import AssistancePlan, LedgerMonth
from zhubao.exchange.actions import Receipt, receive_envelope
from zhubao.exchange.lines import finish_whole
from zhubao.policies.claims import implements

KIND = "township_ledger"


class Received(NamedTuple):
    """What taking a ledger in did: the receipt, the month it became (None when refused), tasks opened and closed in the villages."""

    receipt: Receipt
    month: LedgerMonth | None
    opened: int = 0
    closed: int = 0


@implements("ps-3.2a", "ps-3.2b", as_="action")
@transaction.atomic
def receive_township_ledger(
    chunks: Iterable[bytes], *, name: str, plan_id: int, township_id: int, month: date, actor: Actor, now: datetime
) -> Received:
    """Take a ledger in for a month of the plan's year; the same bytes again change nothing, a faulty file is kept and refused whole.

    Raise DoesNotExist, OutOfScope and what `receive_envelope` and `compare_month` raise.
    """
    plan = AssistancePlan.objects.get(pk=plan_id)
    township = Organisation.objects.get(pk=township_id)
    receipt = receive_envelope(
        KIND,
        chunks,
        name=name,
        policy_id=plan.policy_id,
        region_code=township.region_id,
        sender_id=township.pk,
        receiver_id=plan.agency_id,
        actor=actor,
        now=now,
    )
    if receipt.reading is None or receipt.refused:
        return Received(receipt, LedgerMonth.objects.filter(envelope=receipt.envelope).first())
    compared = compare_month(receipt.envelope, receipt.reading.columns, month, actor=actor, now=now)
    finish_whole(receipt.envelope.pk, receipt.envelope.count, receipt.envelope.total_fen, actor=actor, now=now)
    opened, closed = share_out_calls(plan.pk, township.region_id, actor=actor, now=now)
    return Received(receipt, compared, opened, closed)
