"""A bank's subsidy claim: taken in whole, recomputed in the background by several processes, booked when finance has paid."""

import multiprocessing
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connections, transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.calendars import WorkingCalendar
from zhubao.exchange.actions import Receipt, note_count, reading_of, receive_envelope, settle_delivery, take_delivery
from zhubao.exchange.files.reading import Reading
from zhubao.exchange.models import Envelope, EnvelopeState
from zhubao.loans.claims.actions import begin_check, claim_year, finish_check, open_claim, receiver_of, require_may_hand_in
from zhubao.loans.claims.checking import add_missing_corrections, check_chunk, chunks_of
from zhubao.loans.claims.payment import book_payment
from zhubao.loans.claims.stepping import course_of, is_recomputed
from zhubao.loans.models import SubsidyClaim

from .forked import drop_inherited_connections

KIND = "subsidy_claim"
SYSTEM = "subsidy-claim"
# Fewer lines are checked at once by one process.
SHARED_FROM = 20_000


class Received(NamedTuple):
    """What receiving did: the receipt of the file, and the claim it became; None for a file that was refused."""

    receipt: Receipt
    claim: SubsidyClaim | None


@transaction.atomic
def receive_claim(
    chunks: Iterable[bytes],
    *,
    name: str,
    policy_id: str,
    region_code: str,
    bank_id: int,
    receiver_id: int | None = None,
    year: int | None = None,
    companion: str = "",
    calendar: WorkingCalendar | None = None,
    soon: bool = True,
    actor: Actor,
    now: datetime,
) -> Received:
    """Take a claim file in and have it recomputed in the background (`soon`); the same bytes again change nothing.

    A faulty file is kept and refused whole, see `receive_envelope`; what `open_claim` refuses leaves nothing behind. Where they are not
    said, the receiver is the office of the county that verifies such claims, and the year that of the file's current lines.
    """
    course_of(policy_id)
    receipt = receive_envelope(
        KIND,
        chunks,
        name=name,
        policy_id=policy_id,
        region_code=region_code,
        sender_id=bank_id,
        receiver_id=receiver_id or receiver_of(policy_id, region_code).pk,
        companion=companion,
        actor=actor,
        now=now,
    )
    if receipt.refused:
        return Received(receipt, None)
    claim = SubsidyClaim.objects.filter(envelope=receipt.envelope).first()
    if receipt.reading is not None:
        columns = receipt.reading.columns
        claim = open_claim(receipt.envelope, columns, year or claim_year(columns), calendar=calendar, actor=actor, now=now)
    if soon and claim is not None and claim.state == "received":
        _check_soon(receipt.envelope.pk)
    return Received(receipt, claim)


@transaction.atomic
def hand_claim_in(
    chunks: Iterable[bytes],
    *,
    name: str,
    policy_id: str,
    region_code: str,
    bank_id: int,
    companion: str = "",
    actor: Actor,
    now: datetime,
) -> Receipt:
    """Take a claim file in at once for a post and have it read in the background, see `take_claim_in`; the same bytes again change nothing.

    Raise OutOfScope, E-CLAIM-POLICY, E-CLAIM-ROUTE, and what `take_delivery` raises.
    """
    require_may_hand_in(policy_id, region_code, actor)
    receipt = take_delivery(
        KIND,
        chunks,
        name=name,
        policy_id=policy_id,
        region_code=region_code,
        sender_id=bank_id,
        receiver_id=receiver_of(policy_id, region_code).pk,
        companion=companion,
        actor=actor,
        now=now,
    )
    if receipt.envelope.state == EnvelopeState.ARRIVED and receipt.new:
        from .jobs import take_claim_in_soon

        take_claim_in_soon(receipt.envelope.pk, actor.post_id or 0)
    return receipt


def take_claim_in(envelope_id: int, *, actor: Actor, now: datetime) -> Received:
    """Read a claim file that was handed in and open its claim, as of the moment it came; what refuses it is kept with the file.

    Safe to repeat after any stop: one that was read stays as it is.
    """
    envelope = Envelope.objects.get(pk=envelope_id)
    if envelope.state == EnvelopeState.ARRIVED:
        handed_in = envelope.received_at or now
        reading = reading_of(envelope, today=localdate(handed_in))
        note_count(envelope_id, reading.count)

        def use(file: Envelope, said: Reading) -> None:
            open_claim(file, said.columns, claim_year(said.columns), actor=actor, now=handed_in)
            _check_soon(file.pk)

        receipt = settle_delivery(envelope_id, reading, use, actor=actor, now=now)
    else:
        receipt = Receipt(envelope, new=False)
    return Received(receipt, SubsidyClaim.objects.filter(envelope=envelope).first())


def _check_soon(envelope_id: int) -> None:
    """Put the work into the queue, in the transaction that keeps the file: neither is ever there without the other."""
    from .jobs import apply_envelope_soon

    apply_envelope_soon(envelope_id)


def check_received(envelope_id: int, *, clock: Callable[[], datetime]) -> Envelope:
    """Recompute the claim of a file that came in. Safe to repeat after any stop."""
    envelope = Envelope.objects.get(pk=envelope_id)
    claim = SubsidyClaim.objects.filter(envelope=envelope).first()
    if claim is not None and claim.state == "received":
        check_claim(claim.pk, first=True, workers=_workers(claim), clock=clock)
        envelope.refresh_from_db()
    return envelope


def check_asked(claim_id: int, actor: Actor, *, clock: Callable[[], datetime]) -> SubsidyClaim:
    """Recompute a claim for a post that asked for it with `begin_check`; one that went on meanwhile stays as it is."""
    claim = SubsidyClaim.objects.get(pk=claim_id)
    return check_claim(claim_id, workers=_workers(claim), actor=actor, clock=clock) if is_recomputed(claim) else claim


def _workers(claim: SubsidyClaim) -> int:
    return 2 if claim.file_lines >= SHARED_FROM else 1


def check_claim(
    claim_id: int, *, first: bool = False, workers: int = 1, actor: Actor | None = None, clock: Callable[[], datetime]
) -> SubsidyClaim:
    """Recompute every line of a claim that is open to change and compare; a second time, after a correction, it does so anew.

    `first`: only if it was never done. Raise OutOfScope, E-STATE.
    """
    claim = SubsidyClaim.objects.get(pk=claim_id)
    acting = actor or Actor.system(SYSTEM, claim.region_code)
    if not is_recomputed(begin_check(claim_id, first=first, actor=acting, now=clock())):
        return claim
    if workers > 1:
        _share(claim_id, workers)
    else:
        _work(claim_id, 0, 1)
    add_missing_corrections(claim)
    return finish_check(claim_id, actor=acting, now=clock())


def book_paid(claim_id: int, *, clock: Callable[[], datetime]) -> SubsidyClaim:
    """Book a claim that was paid. Safe to repeat after any stop."""
    claim = SubsidyClaim.objects.get(pk=claim_id)
    return book_payment(claim_id, actor=Actor.system(SYSTEM, claim.region_code), now=clock())


def _share(claim_id: int, workers: int) -> None:
    connections.close_all()
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_one_of, args=(claim_id, part, workers)) for part in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    failed = [process.exitcode for process in processes if process.exitcode]
    if failed:
        raise RuntimeError(f"{len(failed)} of {workers} processes failed on claim {claim_id}")


def _one_of(claim_id: int, part: int, parts: int) -> None:
    drop_inherited_connections()
    try:
        _work(claim_id, part, parts)
    finally:
        connections.close_all()


def _work(claim_id: int, part: int, parts: int) -> None:
    claim = SubsidyClaim.objects.get(pk=claim_id)
    for first, last in chunks_of(claim)[part::parts]:
        check_chunk(claim, first, last)
