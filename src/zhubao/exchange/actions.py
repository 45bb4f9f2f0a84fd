"""The only writers of envelopes. Each action is one transaction with its audit entry in it; lines are applied in `lines`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind
from zhubao.errors import ZhubaoError
from zhubao.identity.masking import mask_name
from zhubao.language import Text
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.programmes.banks import require_cooperation

from .files import layout_of
from .files.columns import read_columns
from .files.layout import Head, Layout
from .files.reading import BATCH_SHAPE, Reading, read
from .files.writing import Form, write
from .models import FINAL, Direction, Envelope, EnvelopeLine, EnvelopeState
from .selectors import HANDLING_ROLES, access_envelope_for, rows_of
from .storage import keep, stated_hash

SHOWN_FAULTS = 20


@dataclass(frozen=True)
class Receipt:
    """What receiving a file did. `new` is False for bytes that came before: nothing changed then. `reading`: what a new one says."""

    envelope: Envelope
    new: bool
    faults: tuple[ZhubaoError, ...] = ()
    reading: Reading | None = None

    @property
    def refused(self) -> bool:
        """Whether the file was refused whole."""
        return bool(self.faults)

    @property
    def words(self) -> Text:
        """What the sender is told, in one sentence."""
        envelope = self.envelope
        if self.refused:
            count = len(self.faults)
            return Text(f"文件有 {count} 处错误，未接收", f"the file has {count} faults and was not taken in")
        if not self.new and envelope.received_at is not None:
            at = timezone.localtime(envelope.received_at).strftime("%Y-%m-%d %H:%M")
            return Text(f"这份文件已于 {at} 收到，未作更改", f"this file was received on {at}; nothing changed")
        if envelope.state == EnvelopeState.ARRIVED:
            return Text("已收到，正在读取", "received, now being read")
        return Text(f"已接收 {envelope.count} 笔", f"received, {envelope.count} lines")


@implements("tl-5.2d", as_="action")
@transaction.atomic
def make_envelope(
    kind: str,
    rows: Sequence[Any],
    *,
    batch: str,
    policy_id: str,
    region_code: str,
    sender_id: int,
    receiver_id: int,
    purpose: str = "",
    form: Form = "xlsx",
    answers: Envelope | None = None,
    actor: Actor,
    now: datetime,
) -> Envelope:
    """Write a file of `rows` (made by the layout's `row`) and keep it; the same rows under the same batch change nothing.

    `purpose` is the layout's own unless another is said. Raise OutOfScope for another region or office, E-EXCHANGE-KIND,
    E-EXCHANGE-OFFICES when the layout does not pass between these two, E-BANK-… when the receiver is a bank without a complete
    cooperation under the policy, E-EXCHANGE-BATCH for a number of another shape, E-EXCHANGE-EMPTY for no rows, E-LINE-TWICE for two
    of one key, E-BATCH-TAKEN when the batch went out with other rows.
    """
    layout = layout_of(kind)
    judge_of(policy_id)
    sender, receiver = _offices(layout, sender_id, receiver_id, region_code, actor, by=(sender_id,))
    # An answer tells a bank nothing but what became of its own lines.
    if receiver.kind == OrganisationKind.BANK and kind != "answer":
        require_cooperation(receiver, policy_id, timezone.localdate(now), region_code=region_code)
    if not BATCH_SHAPE.fullmatch(batch):
        problem = Text("批次号应为 1 到 40 位字母、数字或 - . _", "a batch has 1 to 40 letters, digits or - . _")
        raise ZhubaoError("E-EXCHANGE-BATCH", problem, place=batch)
    if not rows:
        raise ZhubaoError("E-EXCHANGE-EMPTY", Text("没有要发送的明细", "there is nothing to send"), place=batch)
    _require_keys_apart(layout, rows)
    _lock(sender)
    before = Envelope.objects.good().filter(sender=sender, receiver=receiver, kind=kind, batch=batch).first()
    if before is not None:
        if rows_of(before, today=timezone.localdate(now)) != tuple(rows):
            raise _batch_taken(before)
        return before
    said = purpose.strip() or layout.purpose.zh
    content = write(layout, Head(batch, sender.name, receiver.name, said), rows, form)
    name = f"{layout.title.zh}-{batch}.{form}"
    stored, digest = keep([content], name)
    envelope = Envelope.objects.create(
        region_code=region_code,
        direction=Direction.OUT,
        kind=kind,
        policy_id=policy_id,
        batch=batch,
        sender=sender,
        receiver=receiver,
        purpose=said,
        count=len(rows),
        total_fen=layout.total_of(rows),
        sha256=digest,
        name=name,
        stored_as=stored,
        state=EnvelopeState.MADE,
        made_at=now,
        made_by_id=actor.user_id,
        answers=answers,
    )
    _add_lines(envelope, layout, rows)
    _record("envelope.made", envelope, actor=actor, now=now)
    return envelope


@implements("tl-5.1i", as_="action")
@transaction.atomic
def receive_envelope(
    kind: str,
    chunks: Iterable[bytes],
    *,
    name: str,
    policy_id: str,
    region_code: str,
    sender_id: int,
    receiver_id: int,
    companion: str = "",
    answers: Envelope | None = None,
    actor: Actor,
    now: datetime,
) -> Receipt:
    """Take a file in: keep its bytes, read it, and make its lines ready to be applied. A faulty file is kept and refused whole.

    The same bytes again change nothing. `companion` is the text of the ``.sha256`` beside the file, when one came; `answers` the
    file whose lines this one answers. Faults are in the receipt: those of `files.reading.read`, E-EXCHANGE-HASH, E-EXCHANGE-OFFICE
    (the file names another sender or receiver), E-BATCH-TAKEN (the batch came before with other content). Raise OutOfScope for
    another region, or for a post of neither office; E-EXCHANGE-KIND, E-EXCHANGE-OFFICES, E-FILE-EMPTY, E-UPLOAD-LARGE.
    """
    envelope, before = _taken(kind, chunks, name, policy_id, region_code, sender_id, receiver_id, answers, actor, now)
    if before is not None and not before.fault:
        return Receipt(before, new=False)
    reading = reading_of(envelope, today=timezone.localdate(now))
    faults = [*_hash_faults(companion, envelope), *reading.faults, *_frame_faults(envelope, reading)]
    return _settled(envelope, reading, faults, new=before is None, actor=actor, now=now)


@implements("tl-5.1i", as_="action")
@transaction.atomic
def take_delivery(
    kind: str,
    chunks: Iterable[bytes],
    *,
    name: str,
    policy_id: str,
    region_code: str,
    sender_id: int,
    receiver_id: int,
    companion: str = "",
    actor: Actor,
    now: datetime,
) -> Receipt:
    """Take a large file in at once and leave it to be read by `settle_delivery`; the same bytes again change nothing.

    Only what needs no reading refuses it here: E-EXCHANGE-HASH, in the receipt. Raise as `receive_envelope` does.
    """
    envelope, before = _taken(kind, chunks, name, policy_id, region_code, sender_id, receiver_id, None, actor, now)
    if before is not None and not before.fault:
        return Receipt(before, new=False)
    faults = _hash_faults(companion, envelope)
    if faults:
        return _settled(envelope, Reading(), faults, new=before is None, actor=actor, now=now)
    envelope.state, envelope.purpose, envelope.batch = EnvelopeState.ARRIVED, layout_of(kind).purpose.zh, ""
    envelope.fault = envelope.fault_en = ""
    envelope.count = envelope.total_fen = 0
    envelope.save()
    _record("envelope.arrived", envelope, actor=actor, now=now)
    return Receipt(envelope, new=True)


def reading_of(envelope: Envelope, *, today: date) -> Reading:
    """Read the bytes of a file; faults are in the result. Nothing is written."""
    layout = layout_of(envelope.kind)
    reads = read if layout.keeps_lines else read_columns
    return reads(layout, envelope.path, name=envelope.name, today=today)


@transaction.atomic
def note_count(envelope_id: int, count: int) -> None:
    """Note how many lines a file that is being read has, for those who watch it."""
    Envelope.objects.filter(pk=envelope_id, state=EnvelopeState.ARRIVED).update(count=count)


@transaction.atomic
def settle_delivery(
    envelope_id: int, reading: Reading, use: Callable[[Envelope, Reading], object], *, actor: Actor, now: datetime
) -> Receipt:
    """Let a file that was read be what it is for: `use` does that, in this transaction, unless the file is faulty.

    What `use` raises (a ZhubaoError) undoes its writes and refuses the file whole, like any fault. One settled before stays as it is.
    """
    envelope = Envelope.objects.select_for_update(of=("self",)).select_related("sender", "receiver").get(pk=envelope_id)
    if envelope.state != EnvelopeState.ARRIVED:
        return Receipt(envelope, new=False)
    _lock(envelope.sender)
    faults = [*reading.faults, *_frame_faults(envelope, reading)]
    if faults:
        return _settled(envelope, reading, faults, new=True, actor=actor, now=now)
    try:
        with transaction.atomic():
            receipt = _settled(envelope, reading, [], new=True, actor=actor, now=now)
            use(envelope, reading)
    except ZhubaoError as fault:
        return _settled(envelope, reading, [fault], new=True, actor=actor, now=now)
    return receipt


def _taken(
    kind: str,
    chunks: Iterable[bytes],
    name: str,
    policy_id: str,
    region_code: str,
    sender_id: int,
    receiver_id: int,
    answers: Envelope | None,
    actor: Actor,
    now: datetime,
) -> tuple[Envelope, Envelope | None]:
    """Keep bytes and return their envelope, not written yet, and the one that held the same bytes before."""
    layout = layout_of(kind)
    judge_of(policy_id)
    sender, receiver = _offices(layout, sender_id, receiver_id, region_code, actor, by=(sender_id, receiver_id))
    stored, digest = keep(chunks, name)
    _lock(sender)
    before = Envelope.objects.filter(sender=sender, receiver=receiver, kind=kind, sha256=digest).first()
    envelope = before or Envelope(sender=sender, receiver=receiver, kind=kind, sha256=digest, direction=Direction.IN)
    if before is None or before.fault:
        envelope.region_code, envelope.policy_id, envelope.answers = region_code, policy_id, answers
        envelope.name, envelope.stored_as = name[:200], stored
        envelope.received_at, envelope.received_by_id = now, actor.user_id
    return envelope, before


def _settled(
    envelope: Envelope, reading: Reading, faults: Sequence[ZhubaoError], *, new: bool, actor: Actor, now: datetime
) -> Receipt:
    """Write what a file that was read says, or why it is refused whole."""
    layout = layout_of(envelope.kind)
    envelope.purpose = reading.head.purpose[:200] or layout.purpose.zh
    envelope.batch = reading.head.batch[:40]
    envelope.fault, envelope.fault_en = (_listed(faults, language) for language in ("zh", "en"))
    envelope.state = EnvelopeState.REFUSED if faults else EnvelopeState.RECEIVED
    envelope.count, envelope.total_fen = (0, 0) if faults else (reading.count, reading.total_fen)
    envelope.save()
    if not faults:
        _add_lines(envelope, layout, reading.rows)
    _record("envelope.refused" if faults else "envelope.received", envelope, actor=actor, now=now)
    return Receipt(envelope, new=new, faults=tuple(faults), reading=reading)


@transaction.atomic
def hand_over(envelope_id: int, *, actor: Actor, now: datetime) -> Envelope:
    """Give a file to somebody who may see it, and keep who took it and what for.

    Taken by the receiver, or by the sender's post that carries it there, a written file counts as handed over. Raise DoesNotExist.
    """
    envelope = access_envelope_for(actor, envelope_id)
    envelope = Envelope.objects.select_for_update(of=("self",)).select_related("sender", "receiver").get(pk=envelope.pk)
    if envelope.state == EnvelopeState.MADE and actor.organisation_id in (envelope.receiver_id, envelope.sender_id):
        envelope.state = EnvelopeState.SENT
        envelope.save(update_fields=["state"])
    _record("envelope.handed_over", envelope, actor=actor, now=now)
    return envelope


@transaction.atomic
def answer_envelope(envelope_id: int, *, form: Form = "xlsx", actor: Actor, now: datetime) -> Envelope:
    """Write the answer to a file that was received and worked through: one line for each of its lines. Safe to repeat.

    Raise DoesNotExist, OutOfScope for a post that may not, E-ENVELOPE-OPEN while a line was not applied.
    """
    envelope = access_envelope_for(actor, envelope_id)
    if envelope.direction != Direction.IN or envelope.state not in FINAL or envelope.fault:
        raise ZhubaoError(
            "E-ENVELOPE-OPEN", Text("这份文件还没有办结", "this file is not worked through yet"), place=str(envelope)
        )
    layout = layout_of("answer")
    rows = [
        layout.row(line.number, line.subject.partition(":")[2], line.amount_fen, line.result_code, line.message)
        for line in envelope.lines.all()
    ]
    return make_envelope(
        "answer",
        rows,
        batch=f"{envelope.pk}-{envelope.batch}"[:40],
        policy_id=envelope.policy_id,
        region_code=envelope.region_code,
        sender_id=envelope.receiver_id,
        receiver_id=envelope.sender_id,
        form=form,
        answers=envelope,
        actor=actor,
        now=now,
    )


def _offices(
    layout: Layout, sender_id: int, receiver_id: int, region_code: str, actor: Actor, *, by: tuple[int, ...]
) -> tuple[Organisation, Organisation]:
    """Return both offices; refuse those between which the layout does not pass, and an actor of neither."""
    actor.require_role(*HANDLING_ROLES)
    actor.require_region(region_code)
    if actor.user_id is not None and actor.organisation_id not in by:
        raise OutOfScope(actor.role, Text("只有收发双方的岗位能办", "only the posts of sender and receiver do this"))
    offices = {each.pk: each for each in Organisation.objects.filter(pk__in=[sender_id, receiver_id])}
    sender, receiver = offices.get(sender_id), offices.get(receiver_id)
    if sender is None or receiver is None or sender.kind not in layout.senders or receiver.kind not in layout.receivers:
        problem = Text(f"“{layout.title.zh}”不在这两个单位之间传送", f"{layout.title.en} does not pass between these two offices")
        raise ZhubaoError("E-EXCHANGE-OFFICES", problem, remedy=Text("核对发送单位和接收单位", "check sender and receiver"))
    return sender, receiver


def _lock(sender: Organisation) -> None:
    """Let files of one sender come and go one after the other: two of the same batch at one moment are seen as two."""
    Organisation.objects.select_for_update(no_key=True).get(pk=sender.pk)


def _require_keys_apart(layout: Layout, rows: Sequence[Any]) -> None:
    seen: set[str] = set()
    for row in rows:
        key = layout.key_of(row)
        if key in seen:
            raise ZhubaoError("E-LINE-TWICE", Text(f"同一笔出现两次（{key}）", f"the same line twice ({key})"), place=layout.kind)
        seen.add(key)


def _hash_faults(companion: str, envelope: Envelope) -> list[ZhubaoError]:
    if not companion:
        return []
    try:
        if stated_hash(companion) == envelope.sha256:
            return []
        problem = Text("内容与校验文件不符，传送中可能有损坏", "the content differs from its companion: it may be damaged")
        return [
            ZhubaoError("E-EXCHANGE-HASH", problem, place=envelope.name, remedy=Text("重新传送两份文件", "send both files again"))
        ]
    except ZhubaoError as fault:
        return [fault]


def _frame_faults(envelope: Envelope, reading: Reading) -> list[ZhubaoError]:
    """Return what the file says of its way that does not hold: other offices, a batch that came before."""
    faults = []
    for said, office, zh, en in (
        (reading.head.sender, envelope.sender, "发送单位", "sender"),
        (reading.head.receiver, envelope.receiver, "接收单位", "receiver"),
    ):
        if said and said != office.name:
            problem = Text(
                f"文件写的{zh}是“{said}”，应为“{office.name}”", f"the file names the {en} {said}, expected {office.name}"
            )
            faults.append(
                ZhubaoError("E-EXCHANGE-OFFICE", problem, place=envelope.name, remedy=Text("核对文件", "check the file"))
            )
    same = Envelope.objects.good().filter(sender=envelope.sender, receiver=envelope.receiver, kind=envelope.kind)
    before = same.filter(batch=reading.head.batch).exclude(pk=envelope.pk).first() if reading.head.batch else None
    return [*faults, _batch_taken(before)] if before is not None else faults


def _batch_taken(before: Envelope) -> ZhubaoError:
    at = timezone.localtime(before.received_at or before.made_at).strftime("%Y-%m-%d %H:%M")
    return ZhubaoError(
        "E-BATCH-TAKEN",
        Text(f"批次 {before.batch} 已于 {at} 办理，内容与这次不同", f"batch {before.batch} passed on {at} with other content"),
        place=before.name,
        remedy=Text("更正的内容换一个批次号", "give corrected content a batch number of its own"),
    )


def _listed(faults: Sequence[ZhubaoError], language: Any) -> str:
    more = {"zh": f"……共 {len(faults)} 处", "en": f"… {len(faults)} in all"}[language]
    lines = [fault.message(language) for fault in faults[:SHOWN_FAULTS]]
    return "\n".join([*lines, more] if len(faults) > SHOWN_FAULTS else lines)


def _add_lines(envelope: Envelope, layout: Layout, rows: Sequence[Any]) -> None:
    if not layout.keeps_lines:
        return
    EnvelopeLine.objects.bulk_create(
        (
            EnvelopeLine(
                envelope=envelope,
                number=number,
                key=layout.key_of(row),
                subject=layout.subject_of(row),
                masked_name=mask_name(getattr(row, "name", "")) if hasattr(row, "name") else "",
                amount_fen=layout.amount_of(row),
                year=getattr(row, layout.year) if layout.year else None,
                day=_day(row, layout),
            )
            for number, row in enumerate(rows, 1)
        ),
        batch_size=2000,
    )


def _day(row: Any, layout: Layout) -> date | None:
    return getattr(row, layout.day) if layout.day else None


def _record(action: str, envelope: Envelope, *, actor: Actor, now: datetime) -> None:
    after = {
        "kind": envelope.kind,
        "batch": envelope.batch,
        "sender": envelope.sender_id,
        "receiver": envelope.receiver_id,
        "purpose": envelope.purpose,
        "count": envelope.count,
        "total_fen": envelope.total_fen,
        "sha256": envelope.sha256,
    }
    record(action, envelope.subject, actor=actor, now=now, region_code=envelope.region_code, after=after)
