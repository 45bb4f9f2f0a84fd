"""The drawing of every programme's course: nothing lies on anything else, and nothing is left out."""

from itertools import combinations
from xml.etree import ElementTree

import pytest

from zhubao.cases.states import JIANGXI, PROCESSES, RENEWAL, RUGAO, TONGLING
from zhubao.language import Language
from zhubao.loans.states import PROCESSES as LOANS
from zhubao.loans.states.claim import CLAIM_COURSES
from zhubao.loans.states.fraud import FRAUD
from zhubao.workflow import Process, draw
from zhubao.workflow.layout import MARGIN, PAD, SMALL, TITLE, Layout, layout, main_path, measure, wrapped

SVG = "{http://www.w3.org/2000/svg}"
TABLES = [
    pytest.param(table, id=table.title.zh)
    for table in (*PROCESSES.values(), RENEWAL, *LOANS.values(), *CLAIM_COURSES.values(), FRAUD)
]
LANGUAGES = [pytest.param("zh", id="中文"), pytest.param("en", id="English")]
Area = tuple[int, int, int, int]


def areas(placed: Layout) -> list[Area]:
    """Return the area of every box and remark, and of the words of every arrow."""
    boxes = [(box.x, box.y, box.width, box.height) for box in placed.boxes]
    remarks = [remark.extent for remark in placed.remarks]
    return boxes + remarks + [arrow.extent for arrow in placed.arrows if arrow.words]


def overlap(one: Area, other: Area) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_nothing_lies_on_anything_else_or_outside(table: Process, language: Language) -> None:
    placed = layout(table, language)
    assert [(one, other) for one, other in combinations(areas(placed), 2) if overlap(one, other)] == []
    assert all(
        x >= 0 and y >= 0 and x + width <= placed.width and y + height <= placed.height for x, y, width, height in areas(placed)
    )
    for box in placed.boxes:
        assert all(measure(line, TITLE) <= box.width - 2 * PAD for line in box.title)
        assert all(measure(line, SMALL) <= box.width - 2 * PAD for line in box.notes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_no_arrow_runs_through_a_box_it_does_not_join(table: Process, language: Language) -> None:
    placed = layout(table, language)
    for arrow in placed.arrows:
        for (x, y), (to_x, to_y) in zip(arrow.points, arrow.points[1:], strict=False):
            line = (min(x, to_x), min(y, to_y), abs(to_x - x) or 1, abs(to_y - y) or 1)
            assert not [
                box.state.name for box in placed.boxes if overlap((box.x + 1, box.y + 1, box.width - 2, box.height - 2), line)
            ]


@pytest.mark.parametrize("table", TABLES)
def test_every_state_has_a_box_and_every_step_its_words(table: Process) -> None:
    placed = layout(table, "zh")
    assert sorted(box.state.name for box in placed.boxes) == sorted(state.name for state in table.states)
    words = "".join(line for box in placed.boxes for line in box.notes) + "".join("".join(arrow.words) for arrow in placed.arrows)
    words += "".join(line for remark in placed.remarks for line in remark.steps)
    foot = {box.state.name for box in placed.boxes if any("可从这些状态" in line for line in box.notes)}
    for row in table.transitions:
        if row.start and not foot.issuperset(row.ends or ("",)):
            assert row.label.zh in words, row.verb
    assert foot <= {"withdrawn", "death_settlement", "estate_claim", "written_off"}


def test_a_step_of_many_states_stands_once_at_the_foot_and_a_step_of_few_in_their_boxes() -> None:
    placed = layout(LOANS["jiangxi-2020-7"], "zh")
    noted = {box.state.name: box.notes for box in placed.boxes}
    assert noted["drawn"] == ("· 催缴", "登记缴费 → 偿还中")
    assert noted["qualification_ended"] == ()
    told = {"".join(remark.steps): "".join(remark.states) for remark in placed.remarks}
    assert (
        told["· 变更社保卡账户；决定账户变更"]
        == "可在：已签协议、待放款、已放款待缴费、当年已缴费、偿还中、当年未放款、资格已终止"
    )
    assert told["· 开始扣还 → 偿还中"] == "可在：待放款、已放款待缴费、当年未放款、资格已终止"
    said = [line for box in placed.boxes for line in box.notes] + ["".join(remark.steps) for remark in placed.remarks]
    assert sum("登记提前还款" in line for line in said) == 1


@pytest.mark.parametrize("policy", list(LOANS))
def test_an_act_that_leaves_the_state_as_it_is_is_said_once(policy: str) -> None:
    placed = layout(LOANS[policy], "zh")
    assert all(sum(note.startswith("· ") for note in box.notes) <= 1 for box in placed.boxes)
    said = ["".join(box.notes) for box in placed.boxes] + ["".join(remark.steps) for remark in placed.remarks]
    for label in {row.label.zh for row in LOANS[policy].transitions if row.stays}:
        assert sum(label in line for line in said) == 1, label


@pytest.mark.parametrize(
    ("table", "last"),
    [
        (JIANGXI, "agreed"),
        (RUGAO, "agreed"),
        (TONGLING, "contracted"),
        (RENEWAL, "granted"),
        *((each, "settled") for each in LOANS.values()),
    ],
    ids=str,
)
def test_the_ordinary_course_runs_down_the_left(table: Process, last: str) -> None:
    path = main_path(table)
    assert (path[0], path[-1]) == (table.first, last)
    left = [box for box in layout(table, "zh").boxes if box.x == MARGIN and box.state.name in path]
    assert [box.state.name for box in left] == path
    assert "returned" not in path
    assert "withdrawn" not in path


def test_the_present_state_is_filled_and_passed_ones_are_ticked() -> None:
    drawing = ElementTree.fromstring(draw(JIANGXI, "proposed", "zh", passed=frozenset({"draft", "submitted", "proposed"})))
    assert len(list(drawing.iter(f"{SVG}circle"))) == 1
    assert len([path for path in drawing.iter(f"{SVG}path") if path.get("class") == "tick"]) == 2
    told = drawing.find(f"{SVG}desc")
    assert told is not None
    assert told.text == "江西助保贷款办理流程: 现在 待核定; 已经过 填写中, 待审核"


def test_a_stop_never_begins_a_line() -> None:
    lines = wrapped("填写中、待审核、待核定、具备贷款资格、银行受理", SMALL, 66)
    assert "".join(lines) == "填写中、待审核、待核定、具备贷款资格、银行受理"
    assert not any(line.startswith("、") for line in lines)
    assert all(measure(line, SMALL) <= 77 for line in lines)
