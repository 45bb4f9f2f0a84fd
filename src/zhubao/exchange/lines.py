"""Applying an envelope, line by line or many lines at once: a run that was stopped goes on where it stood."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .models import FINAL, TAKEN, Envelope, EnvelopeLine, EnvelopeState
from .selectors import lines_to_apply, rows_of

DONE = Text("已办理", "taken")
# What does the work of one line in the line's own transaction, and returns the key of what it did.
Handle = Callable[[EnvelopeLine, Any, datetime], str]
# What does the work of many lines, each a number and a row, as if one by one, and returns for each the key of what it did or the
# error that refuses it.
HandleMany = Callable[[Sequence[tuple[int, Any]], datetime], Sequence[str | ZhubaoError]]
# Lines of one transaction: few enough that nobody in the county waits long for its audit entry.
AT_ONCE = 500


@transaction.atomic
def apply_line(line: EnvelopeLine, result_code: str, message: Text, *, key: str, actor: Actor, now: datetime) -> EnvelopeLine:
    """Keep what became of a line: ``OK``, or the code of the error that refused it (``E-…``), with its words.

    `key` is the idempotency key of the act: the same again changes nothing. Writes no audit entry: that of the act covers a line
    taken, that of `finish_envelope` the refused ones. Raise E-LINE-RESULT for another code, E-LINE-APPLIED when something else
    became of the line already.
    """
    if result_code != TAKEN and not result_code.startswith("E-"):
        raise ZhubaoError(
            "E-LINE-RESULT", Text("结果代码应为 OK 或 E- 开头", "a result is OK or begins with E-"), place=result_code
        )
    locked = EnvelopeLine.objects.select_for_update().get(pk=line.pk)
    if locked.applied_at is not None:
        if (locked.applied_key, locked.result_code) == (key, result_code):
            return locked
        raise ZhubaoError(
            "E-LINE-APPLIED",
            Text(
                f"第 {locked.number} 笔已办理（{locked.result_code}）", f"line {locked.number} was applied ({locked.result_code})"
            ),
            place=str(locked),
        )
    locked.result_code, locked.applied_key, locked.applied_at = result_code, key, now
    locked.message, locked.message_en = message
    locked.save(update_fields=["result_code", "applied_key", "applied_at", "message", "message_en"])
    return locked


def work_through(envelope_id: int, handle: Handle, *, actor: Actor, clock: Callable[[], datetime]) -> Envelope:
    """Apply every line nothing became of yet, one transaction each, then finish the envelope. Safe to repeat after any stop.

    `handle(line, row, now)` does the work of one line and returns the idempotency key of what it did; a ZhubaoError it raises
    undoes its own writes and refuses the line with that code. Any other error stops the run before the line: the next run begins
    there. Two runs at once take turns line by line; each line is applied once.
    """
    envelope = Envelope.objects.get(pk=envelope_id)
    actor.require_region(envelope.region_code)
    if envelope.state in FINAL:
        return envelope
    rows = rows_of(envelope, today=_today(clock()))
    for pk in list(lines_to_apply(envelope).values_list("pk", flat=True)):
        with transaction.atomic():
            line = EnvelopeLine.objects.select_for_update().get(pk=pk)
            if line.applied_at is None:
                _apply(line, rows[line.number - 1], handle, actor=actor, now=clock())
    return finish_envelope(envelope_id, actor=actor, now=clock())


def work_through_many(
    envelope_id: int, handle: HandleMany, *, actor: Actor, clock: Callable[[], datetime], at_once: int = AT_ONCE
) -> Envelope:
    """Apply every line nothing became of yet, `at_once` lines a transaction, then finish the envelope. Safe to repeat after any stop.

    `handle(lines, now)` does the work of many lines and answers each; what it raises for all of them undoes its writes, and each is
    handled alone then. Any other error stops the run before these lines: the next run begins there. Two runs at once take turns.
    """
    envelope = Envelope.objects.get(pk=envelope_id)
    actor.require_region(envelope.region_code)
    if envelope.state in FINAL:
        return envelope
    rows = rows_of(envelope, today=_today(clock()))
    waiting = list(lines_to_apply(envelope).values_list("pk", flat=True))
    for first in range(0, len(waiting), at_once):
        with transaction.atomic():
            some = EnvelopeLine.objects.filter(pk__in=waiting[first : first + at_once], applied_at=None)
            lines = list(some.select_for_update().order_by("number").values_list("pk", "number"))
            now = clock()
            answers = _answers(handle, [(number, rows[number - 1]) for _pk, number in lines], now)
            _keep(lines, answers, now)
    return finish_envelope(envelope_id, actor=actor, now=clock())


def _answers(handle: HandleMany, lines: Sequence[tuple[int, Any]], now: datetime) -> Sequence[str | ZhubaoError]:
    """Handle lines together, or each alone where together they are refused: what is wrong with one touches no other."""
    try:
        with transaction.atomic():
            return handle(lines, now)
    except (ZhubaoError, IntegrityError) as error:
        if len(lines) > 1:
            return [answer for line in lines for answer in _answers(handle, [line], now)]
        if isinstance(error, IntegrityError):
            raise
        return [error]


def _keep(lines: Sequence[tuple[int, int]], answers: Sequence[str | ZhubaoError], now: datetime) -> None:
    """Write down in one statement what became of lines, given with their numbers; see `apply_line`."""
    columns: list[tuple[int, str, str, str, str]] = []
    for (pk, number), answer in zip(lines, answers, strict=True):
        if isinstance(answer, ZhubaoError):
            columns.append((pk, answer.code, f"refused:{number}", *_said(answer)))
        else:
            columns.append((pk, TAKEN, answer, *DONE))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE exchange_envelopeline line SET result_code = given.code, applied_key = given.key, applied_at = %s,"
            " message = given.zh, message_en = given.en"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) AS given (id, code, key, zh, en)"
            " WHERE line.id = given.id",
            [now, *([row[place] for row in columns] for place in range(5))],
        )


def _said(error: ZhubaoError) -> Text:
    """Return what a refused line is answered."""
    if not error.remedy:
        return error.problem
    return Text(f"{error.problem.zh}；{error.remedy.zh}", f"{error.problem.en}; {error.remedy.en}")


def _apply(line: EnvelopeLine, row: Any, handle: Handle, *, actor: Actor, now: datetime) -> None:
    try:
        with transaction.atomic():
            key = handle(line, row, now)
    except ZhubaoError as error:
        apply_line(line, error.code, _said(error), key=f"refused:{line.number}", actor=actor, now=now)
    else:
        apply_line(line, TAKEN, DONE, key=key, actor=actor, now=now)


@transaction.atomic
def finish_envelope(envelope_id: int, *, actor: Actor, now: datetime) -> Envelope:
    """Count what became of the lines and set the state: all taken, some, or none. A second time changes nothing.

    Raise DoesNotExist, E-ENVELOPE-OPEN while a line was not applied.
    """
    envelope = Envelope.objects.select_for_update().get(pk=envelope_id)
    actor.require_region(envelope.region_code)
    if envelope.state in FINAL:
        return envelope
    taken = Q(result_code=TAKEN)
    sums = envelope.lines.aggregate(
        open=Count("pk", filter=Q(applied_at=None)),
        count=Count("pk", filter=taken),
        fen=Sum("amount_fen", filter=taken, default=0),
    )
    if sums["open"]:
        problem = Text(f"还有 {sums['open']} 笔没有办理", f"{sums['open']} lines are not applied yet")
        raise ZhubaoError("E-ENVELOPE-OPEN", problem, place=str(envelope))
    envelope.taken_count, envelope.taken_fen, envelope.finished_at = sums["count"], sums["fen"], now
    envelope.state = state_of(sums["count"], envelope.count)
    envelope.save(update_fields=["taken_count", "taken_fen", "finished_at", "state"])
    refused = dict(envelope.lines.exclude(result_code=TAKEN).values_list("number", "result_code")[:200])
    after = {"state": envelope.state, "taken": envelope.taken_count, "taken_fen": envelope.taken_fen, "refused": refused}
    record("envelope.finished", envelope.subject, actor=actor, now=now, region_code=envelope.region_code, after=after)
    return envelope


@transaction.atomic
def finish_whole(envelope_id: int, taken_count: int, taken_fen: int, *, actor: Actor, now: datetime) -> Envelope:
    """Set what became of a file whose lines are kept elsewhere: so many taken, so much of its total. A second time sets it anew.

    Raise DoesNotExist, OutOfScope.
    """
    envelope = Envelope.objects.select_for_update().get(pk=envelope_id)
    actor.require_region(envelope.region_code)
    envelope.taken_count, envelope.taken_fen, envelope.finished_at = taken_count, taken_fen, now
    envelope.state = state_of(taken_count, envelope.count)
    envelope.save(update_fields=["taken_count", "taken_fen", "finished_at", "state"])
    return envelope


def state_of(taken: int, count: int) -> EnvelopeState:
    """Return what an envelope becomes when so many of its lines were taken."""
    if taken == count:
        return EnvelopeState.ACCEPTED
    return EnvelopeState.PARTLY if taken else EnvelopeState.REFUSED


def _today(now: datetime) -> date:
    return timezone.localdate(now)
