"""Lines are applied one by one: a run that stops goes on where it stood, a line that cannot be taken does not stop the others."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from zhubao.access.actions import add_organisation
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry, Organisation, Region
from zhubao.access.roles import OrganisationKind
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import answer_envelope, receive_envelope
from zhubao.exchange.files.draw_return import DrawReturn
from zhubao.exchange.lines import apply_line, finish_envelope, work_through
from zhubao.exchange.models import Envelope, EnvelopeLine, EnvelopeState
from zhubao.exchange.selectors import lines_to_apply, rows_of
from zhubao.language import Text
from zhubao.notices.actions import tell
from zhubao.notices.models import Notice

from .conftest import NOW, RUGAO, SYSTEM
from .making import TODAY, drawn, return_file

LINES = 5


class WorkerGoneError(Exception):
    """Stands for a worker that is gone in the middle of its work."""


@pytest.fixture
def agency(place: Region) -> Organisation:
    return add_organisation(place, OrganisationKind.AGENCY, "如皋市社会保险经办机构", actor=SYSTEM, now=NOW)


@pytest.fixture
def bank(place: Region) -> Organisation:
    return add_organisation(place, OrganisationKind.BANK, "如皋农商银行", actor=SYSTEM, now=NOW)


@pytest.fixture
def received(agency: Organisation, bank: Organisation) -> Envelope:
    """Return a file of five draws of 3,000 yuan, received and not yet worked through."""
    content = return_file([drawn(number) for number in range(1, LINES + 1)], sender=bank.name, receiver=agency.name)
    receipt = receive_envelope(
        "draw_return",
        [content],
        name="回盘.csv",
        policy_id=RUGAO,
        region_code="320682",
        sender_id=bank.pk,
        receiver_id=agency.pk,
        actor=SYSTEM,
        now=NOW,
    )
    assert not receipt.faults
    return receipt.envelope


def work(envelope: Envelope, handle: Callable[[EnvelopeLine, Any, datetime], str]) -> Envelope:
    return work_through(envelope.pk, handle, actor=SYSTEM, clock=lambda: NOW)


def note(line: EnvelopeLine, row: DrawReturn, now: datetime) -> str:
    """Do something in the database for a line, so that a test sees whether it stayed."""
    tell(
        line.subject,
        f"已放款 {row.amount_fen} 分",
        kind="drawn",
        channel="online",
        region_code="320682",
        person_id=line.number,
        occasion=row.bank_reference,
        actor=SYSTEM,
        now=now,
    )
    return f"draw:{row.loan_number}/{row.year}/{row.sequence}"


def results(envelope: Envelope) -> list[str]:
    return list(envelope.lines.values_list("result_code", flat=True))


def test_every_line_taken(received: Envelope) -> None:
    done = work(received, note)
    assert (done.state, done.taken_count, done.taken_fen) == (EnvelopeState.ACCEPTED, LINES, LINES * 300_000)
    assert list(done.lines.values_list("applied_key", flat=True)) == [
        f"draw:RG{number:06d}/2026/1" for number in range(1, LINES + 1)
    ]
    assert Notice.objects.count() == LINES


@pytest.mark.parametrize("before_its_work", [True, False], ids=["办理前中断", "办理后、登记结果前中断"])
@pytest.mark.parametrize("stopped_at", range(1, LINES + 1))
def test_a_stopped_run_goes_on_at_the_first_line_not_applied(received: Envelope, stopped_at: int, before_its_work: bool) -> None:
    seen: list[int] = []

    def dying(line: EnvelopeLine, row: DrawReturn, now: datetime) -> str:
        seen.append(line.number)
        if line.number == stopped_at and before_its_work:
            raise WorkerGoneError
        key = note(line, row, now)
        if line.number == stopped_at:
            raise WorkerGoneError
        return key

    with pytest.raises(WorkerGoneError):
        work(received, dying)
    assert Notice.objects.count() == stopped_at - 1
    assert [line.number for line in lines_to_apply(received)] == list(range(stopped_at, LINES + 1))
    assert Envelope.objects.get(pk=received.pk).state == EnvelopeState.RECEIVED
    done = work(received, lambda line, row, now: (seen.append(line.number), note(line, row, now))[1])
    assert seen == [*range(1, stopped_at + 1), *range(stopped_at, LINES + 1)]
    assert (done.state, Notice.objects.count()) == (EnvelopeState.ACCEPTED, LINES)


def test_a_second_run_does_nothing(received: Envelope) -> None:
    work(received, note)

    def never(line: EnvelopeLine, row: DrawReturn, now: datetime) -> str:
        raise AssertionError(line)

    assert work(received, never).state == EnvelopeState.ACCEPTED
    assert AuditEntry.objects.filter(action="envelope.finished").count() == 1


@pytest.mark.parametrize(
    ("refused", "state"),
    [
        pytest.param(set(), EnvelopeState.ACCEPTED, id="全部办理"),
        pytest.param({2, 5}, EnvelopeState.PARTLY, id="部分办理"),
        pytest.param({1, 2, 3, 4, 5}, EnvelopeState.REFUSED, id="全部退回"),
    ],
)
def test_refused_lines_undo_their_own_work_alone(received: Envelope, refused: set[int], state: EnvelopeState) -> None:
    def handle(line: EnvelopeLine, row: DrawReturn, now: datetime) -> str:
        key = note(line, row, now)
        if line.number in refused:
            raise ZhubaoError("E-DRAW-CAP", Text("超过额度", "above the cap"), remedy=Text("核对金额", "check the amount"))
        return key

    done = work(received, handle)
    assert done.state == state
    assert (done.taken_count, done.taken_fen) == (LINES - len(refused), (LINES - len(refused)) * 300_000)
    assert results(done) == ["E-DRAW-CAP" if number in refused else "OK" for number in range(1, LINES + 1)]
    assert set(Notice.objects.values_list("person_id", flat=True)) == set(range(1, LINES + 1)) - refused
    for line in done.lines.filter(number__in=refused):
        assert line.words == ("超过额度；核对金额", "above the cap; check the amount")


def test_a_line_is_applied_once(received: Envelope) -> None:
    line = received.lines.get(number=1)
    taken = Text("已办理", "taken")
    for _ in range(2):
        apply_line(line, "OK", taken, key="draw:1", actor=SYSTEM, now=NOW)
    with pytest.raises(ZhubaoError, match="E-LINE-APPLIED"):
        apply_line(line, "E-DRAW-CAP", taken, key="draw:1", actor=SYSTEM, now=NOW)
    with pytest.raises(ZhubaoError, match="E-LINE-APPLIED"):
        apply_line(line, "OK", taken, key="draw:2", actor=SYSTEM, now=NOW)
    with pytest.raises(ZhubaoError, match="E-LINE-RESULT"):
        apply_line(received.lines.get(number=2), "成功", taken, key="draw:2", actor=SYSTEM, now=NOW)
    assert results(received) == ["OK", "", "", "", ""]


def test_an_open_line_keeps_the_envelope_open(received: Envelope) -> None:
    apply_line(received.lines.get(number=1), "OK", Text("", ""), key="draw:1", actor=SYSTEM, now=NOW)
    with pytest.raises(ZhubaoError, match=r"E-ENVELOPE-OPEN.*4 lines"):
        finish_envelope(received.pk, actor=SYSTEM, now=NOW)
    with pytest.raises(ZhubaoError, match="E-ENVELOPE-OPEN"):
        answer_envelope(received.pk, actor=SYSTEM, now=NOW)


def test_another_county_works_nothing_through(received: Envelope) -> None:
    with pytest.raises(OutOfScope):
        work_through(received.pk, note, actor=Actor.system("t", "3607"), clock=lambda: NOW)
    assert not Notice.objects.exists()


def test_the_answer_has_a_line_for_every_line(received: Envelope, bank: Organisation) -> None:
    def handle(line: EnvelopeLine, row: DrawReturn, now: datetime) -> str:
        if line.number == 3:
            raise ZhubaoError("E-DRAW-CAP", Text("超过额度", "above the cap"))
        return f"draw:{line.number}"

    work(received, handle)
    answer = answer_envelope(received.pk, actor=SYSTEM, now=NOW)
    assert answer_envelope(received.pk, actor=SYSTEM, now=NOW).pk == answer.pk
    assert (answer.answers_id, answer.receiver_id, answer.direction) == (received.pk, bank.pk, "out")
    assert [(row.line, row.subject, row.result_code, row.message) for row in rows_of(answer, today=TODAY)] == [
        (1, "RG000001", "OK", "已办理"),
        (2, "RG000002", "OK", "已办理"),
        (3, "RG000003", "E-DRAW-CAP", "超过额度"),
        (4, "RG000004", "OK", "已办理"),
        (5, "RG000005", "OK", "已办理"),
    ]


def test_a_kept_file_that_was_changed_is_not_worked_through(received: Envelope) -> None:
    received.path.write_bytes(b"changed")
    with pytest.raises(ZhubaoError, match="E-EXCHANGE-STORED"):
        work(received, note)
    assert results(received) == [""] * LINES
