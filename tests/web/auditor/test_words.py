"""Every action that anything records has words in both languages, so that no code stands on the auditor's page."""

import ast
import importlib
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from zhubao.access.models import AuditEntry
from zhubao.accounts.courses import Course
from zhubao.config.places import PACKAGE
from zhubao.web.auditor.actions import ACTIONS, COURSES, action_said, actions_said, steps_said
from zhubao.web.auditor.words import changes, subject_said, value_said
from zhubao.workflow import Process

RECORDERS = {"record", "audit"}
LANGUAGES = pytest.mark.parametrize("locale", ["zh-hans", "en"])


class Module:
    """A source file, with what a name in it may stand for."""

    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.functions = [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]
        self.calls = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]
        self.values: dict[str, list[ast.expr]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self.values.setdefault(node.targets[0].id, []).append(node.value)

    def words(self, said: ast.expr, within: ast.AST | None) -> set[str]:
        """Return the literals an expression of a function may be; ``*`` for a part that only the tables know."""
        if isinstance(said, ast.Constant):
            return {str(said.value)}
        if isinstance(said, ast.IfExp):
            return self.words(said.body, within) | self.words(said.orelse, within)
        if isinstance(said, ast.FormattedValue):
            return self.words(said.value, within)
        if isinstance(said, ast.JoinedStr):
            return {"".join(parts) for parts in product(*(self.words(part, within) for part in said.values))}
        if isinstance(said, ast.Name):
            found = {word for value in self.values.get(said.id, []) for word in self.words(value, within)}
            return found | self.handed_over(said.id, within) or {"*"}
        return {"*"}

    def handed_over(self, name: str, within: ast.AST | None) -> set[str]:
        """Return what the callers of a function in the same module give as its argument of a name."""
        if not isinstance(within, ast.FunctionDef) or name not in [each.arg for each in within.args.args]:
            return set()
        place = [each.arg for each in within.args.args].index(name)
        given = [call for call in self.calls if named(call) == within.name and len(call.args) > place]
        return {word for call in given for word in self.words(call.args[place], self.around(call))}

    def around(self, call: ast.Call) -> ast.FunctionDef | None:
        """Return the function a call stands in."""
        return next((each for each in self.functions if any(node is call for node in ast.walk(each))), None)

    def actions(self) -> set[str]:
        """Return the actions recorded in the module."""
        recorded = [call for call in self.calls if named(call) in RECORDERS and len(call.args) > 1]
        return {word for call in recorded for word in self.words(call.args[0], self.around(call))}


def named(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


@cache
def recorded() -> Mapping[str, str]:
    """Return every action of the source with the file that records it."""
    sources = [path for path in sorted(PACKAGE.rglob("*.py")) if any(f"{name}(" in path.read_text() for name in RECORDERS)]
    return {action: str(path.relative_to(PACKAGE)) for path in sources for action in Module(path).actions()}


def tables() -> Iterator[tuple[str, Process]]:
    """Yield every table of the product with the module it stands in."""
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "= Process(" in text or "return Process(" in text:
            name = ".".join(("zhubao", *path.relative_to(PACKAGE).with_suffix("").parts))
            for value in vars(importlib.import_module(name)).values():
                every = value.values() if isinstance(value, dict) else [value]
                yield from ((name, each) for each in every if isinstance(each, Process))


def without_words(action: str, locale: str) -> bool:
    with override(locale):
        said = str(action_said(action))
    wrong_tongue = said.isascii() if locale == "zh-hans" else not said.replace("’", "'").isascii()
    return said == action or wrong_tongue


def test_the_source_is_really_read() -> None:
    """One action of each way of writing it: a literal, a name, a choice, a wrapper, a prefix with the argument of a wrapper."""
    expected = {"roster.read", "case.bank_condition", "fund_year.corrected", "person.died", "envelope.refused"}
    expected |= {"plan.printed_plan_list", "sponsorship.offered", "loan.*", "case.*", "renewal.*"}
    assert expected - recorded().keys() == set()
    assert len(recorded()) > 120


@LANGUAGES
def test_every_action_of_the_source_has_words(locale: str) -> None:
    literal = {action: where for action, where in recorded().items() if "*" not in action}
    assert {action: where for action, where in literal.items() if without_words(action, locale)} == {}


def test_every_action_after_a_step_has_its_table() -> None:
    kinds = {action.removesuffix(".*") for action in recorded() if "*" in action} - {"*"}
    assert kinds - COURSES.keys() == set()
    assert {each.PREFIX for each in Course.__subclasses__()} - COURSES.keys() == set()


def test_every_table_is_known() -> None:
    known = {id(process) for processes in COURSES.values() for process in processes}
    found = list(tables())
    assert len({id(process) for _name, process in found}) == len(known)
    assert [name for name, process in found if id(process) not in known] == []


@LANGUAGES
def test_every_step_of_every_table_has_words(locale: str) -> None:
    steps = {f"{kind}.{row.verb}" for kind, processes in COURSES.items() for each in processes for row in each.transitions}
    assert {step for step in steps if without_words(step, locale)} == set()
    with override(locale):
        assert steps | ACTIONS.keys() == actions_said().keys()


def test_no_action_is_said_twice() -> None:
    assert ACTIONS.keys() & steps_said("zh").keys() == set()
    with override("zh-hans"):
        words = [str(said) for said in actions_said().values()]
    assert {said for said in words if words.count(said) > 1} == set()


@pytest.mark.parametrize(
    ("action", "chinese", "english"),
    [
        pytest.param("loan.settle", "贷款：结清", "loan: settle", id="各地同词"),
        pytest.param(
            "case.sign", "贷款申请：签订协议／签订合同", "application: sign the agreement / sign the contract", id="各地异词"
        ),
        pytest.param("plan.close_plan", "代缴计划：年度结账", "plan: close the year", id="计划"),
        pytest.param("enrolment-help.contact", "参保帮办：登记联系情况", "help to enrol: record a contact", id="帮办"),
        pytest.param("notice.acknowledged", "通知：已签收", "notice acknowledged", id="不在流程表"),
        pytest.param("month.closed", "month.closed", "month.closed", id="没有词"),
    ],
)
def test_said(action: str, chinese: str, english: str) -> None:
    with override("zh-hans"):
        assert str(action_said(action)) == chinese
    with override("en"):
        assert str(action_said(action)) == english


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("plan-row:7", "代缴计划行 7"),
        ("assistance-claim:DJ2026-1", "代缴资金申请 DJ2026-1"),
        ("roster-version:3", "部门名单版本 3"),
        ("interest_run:2", "账户计息 2"),
        ("installation", "installation"),
    ],
)
def test_subjects(subject: str, said: str) -> None:
    with override("zh-hans"):
        assert subject_said(subject) == said


def test_states_and_columns_in_words() -> None:
    entry = AuditEntry(action="claim.pay", before={"state": "finance_approved"}, after={"state": "paid", "accepted_fen": 2764800})
    with override("zh-hans"):
        assert [tuple(map(str, line)) for line in changes(entry)] == [
            ("状态", "已审批", "已拨付"),
            ("核定金额（元）", "", "27,648.00"),
        ]
        filled = AuditEntry(action="case.filled", after={"former_employer": "某厂"})
        assert str(changes(filled)[0].label) == "原工作单位"


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("policy", "pengshui-2022", "彭水县2022年困难群体城乡居民养老保险费代缴", "Pengshui 2022: resident-pension contributions on behalf"),
        ("category", "return_to_poverty", "返贫致贫人口", "returned to or fallen into poverty"),
        ("categories", ["tekun", "return_to_poverty"], "特困人员, 返贫致贫人口", "person in extreme poverty, returned to or fallen into poverty"),
        ("payer", "civil_affairs", "民政部门", "civil affairs"),
        ("inner.certifier", "federation", "残联", "disabled persons' federation"),
        ("channel", "disability", "重残原渠道", "former channel of the severely disabled"),
        ("scheme", "resident_pension", "城乡居民养老保险", "resident pension"),
        ("role", "tax_clerk", "税务征收岗", "Tax clerk"),
        ("reference", "online", "online", "online"),
    ],
    ids=["文件 document", "类别 category", "多个 several", "出资 payer", "部门 inside another", "渠道 channel", "制度 scheme", "岗位 role",
         "不是代码 no code"],
)  # fmt: skip
def test_a_coded_value_is_said_in_words_where_its_field_has_them(name: str, value: Any, zh: str, en: str) -> None:
    for language, words in (("zh-hans", zh), ("en", en)):
        with override(language):
            assert value_said(name, value) == words


def test_a_code_two_tables_read_differently_is_said_by_what_the_action_is_about() -> None:
    with override("zh-hans"):
        assert (value_said("channel", "online", "case.opened"), value_said("channel", "online")) == ("网上申请", "online")
