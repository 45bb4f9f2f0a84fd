"""A process table is checked when it is read in, and drawn as it stands."""

from xml.etree import ElementTree

import pytest

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.workflow import CITIZEN, Process, State, Transition, draw

WORD = Text("字", "word")
FILED = State("filed", Text("已提交", "filed"), WORD)
GRANTED = State("granted", Text("已通过", "granted"), WORD, final=True)
REFUSED = State("refused", Text("未通过", "refused"), WORD, final=True)


def step(verb: str, start: tuple[str, ...], ends: tuple[str, ...], **more: object) -> Transition:
    return Transition("1", verb, Text(verb, verb), start, ends, **{"posts": ("clerk",), **more})  # type: ignore[arg-type]


FILE = step("file", (), ("filed",), posts=(CITIZEN,))
DECIDE = step("decide", ("filed",), ("granted", "refused"))
NOTE = step("note", ("filed",), ())


def process(*transitions: Transition, states: tuple[State, ...] = (FILED, GRANTED, REFUSED)) -> Process:
    return Process("a-policy", Text("流程", "process"), states, transitions)


def test_a_table_is_read_by_verb_state_and_post() -> None:
    table = process(FILE, DECIDE, NOTE)
    assert table.first == "filed"
    assert table.final == {"granted", "refused"}
    assert [row.verb for row in table.open_to("filed", "clerk")] == ["decide", "note"]
    assert table.open_to("filed", CITIZEN) == []
    assert NOTE.stays
    assert not DECIDE.stays


def test_an_unknown_step_is_refused_by_name() -> None:
    with pytest.raises(ZhubaoError, match="E-STEP-UNKNOWN"):
        process(FILE, DECIDE).transition("approve")


@pytest.mark.parametrize(
    ("transitions", "fault"),
    [
        pytest.param((FILE, DECIDE, DECIDE), "twice", id="同一动作两行"),
        pytest.param((FILE, step("decide", ("filed",), ("granted",))), "nobody reaches refused", id="到不了的状态"),
        pytest.param((FILE, step("decide", ("filed",), ("gone", "granted", "refused"))), "unknown state gone", id="没有的状态"),
        pytest.param((FILE, step("decide", ("filed",), ("granted", "refused"), posts=())), "nobody may take it", id="没有岗位"),
        pytest.param((FILE, step("decide", ("filed",), ("granted", "refused"), apart_from=("x",))), "apart from", id="无此回避"),
        pytest.param((FILE, NOTE), "nobody leaves filed", id="走不出的状态"),
    ],
)
def test_a_faulty_table_is_refused_at_once(transitions: tuple[Transition, ...], fault: str) -> None:
    with pytest.raises(ZhubaoError) as refusal:
        process(*transitions)
    assert fault in refusal.value.place


def test_the_drawing_holds_every_state_and_step_and_marks_where_the_case_stands() -> None:
    table = process(FILE, DECIDE)
    drawing = ElementTree.fromstring(draw(table, "filed", "zh", passed=frozenset({"filed"})))
    words = [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert {"已提交", "已通过", "未通过", "decide"} <= set(words)
    assert len(list(drawing.iter("{http://www.w3.org/2000/svg}circle"))) == 1
    assert drawing.find("{http://www.w3.org/2000/svg}desc").text == "流程: 现在 已提交"  # type: ignore[union-attr]
