"""Pytest plugin: tests name the clauses they show, ``--write-coverage`` keeps the names of those that passed.

``@pytest.mark.clauses("ps-1a", "ps-1b")`` on a test, a class, a module or one case of a table. An id outside the register stops
the run. A test counts for a clause when at least one of its cases naming the clause passed and none failed.

The option renews what it ran: tests of this run replace what the table said of them, tests not run stay as long as they are
still in the source. Claims are always gathered anew from the whole product.
"""

import ast
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import zhubao
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies import coverage
from zhubao.policies.claims import Claim, checked, made_claims, policy_claims, written_claims
from zhubao.policies.register import clause

PROPERTY = "clauses"


class Outcomes:
    """What became of the tests of one run, clause by clause; a test is called by its node id without the case."""

    def __init__(self) -> None:
        self.ran: set[str] = set()
        self._passed: set[tuple[str, str]] = set()
        self._failed: set[tuple[str, str]] = set()

    def record(self, node: str, clauses: Iterable[str], outcome: str, when: str = "call") -> None:
        """Note one phase of one case: `outcome` is passed, failed or skipped."""
        test = node.partition("[")[0]
        self.ran.add(test)
        for each in clauses:
            if outcome == "failed":
                self._failed.add((each, test))
            elif outcome == "passed" and when == "call":
                self._passed.add((each, test))

    def merged(self, before: Mapping[str, Iterable[str]], root: Path) -> dict[str, list[str]]:
        """Return clause → tests: those shown by this run, and those of `before` that did not run and are still in the source."""
        shown = self._passed - self._failed
        kept = {(each, test) for each, tests in before.items() for test in tests if test not in self.ran and stands(test, root)}
        result: dict[str, list[str]] = {}
        for each, test in sorted(shown | kept):
            result.setdefault(each, []).append(test)
        return result


@cache
def _tests_in(path: Path) -> frozenset[str]:
    """Return the tests of a file as they stand in node ids: ``test_x`` and ``TestY::test_z``."""
    found: set[str] = set()

    def walk(body: list[ast.stmt], within: str) -> None:
        for each in body:
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                found.add(within + each.name)
            elif isinstance(each, ast.ClassDef):
                walk(each.body, f"{within}{each.name}::")

    walk(ast.parse(path.read_text(encoding="utf-8")).body, "")
    return frozenset(found)


def stands(test: str, root: Path) -> bool:
    """Tell whether the test of this node id is still in the source."""
    file, _, name = test.partition("::")
    path = root / file
    return path.is_file() and name in _tests_in(path)


def named(markers: Iterable[pytest.Mark]) -> list[str]:
    """Return the clause ids in markers, sorted, each once; raise E-CLAUSE-UNKNOWN for one outside the register."""
    return sorted({clause(each).id for marker in markers for each in marker.args})


def _modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(zhubao.__path__, "zhubao."):
        if ".migrations." not in module.name and not module.name.endswith(".__main__"):
            yield module.name


def all_claims() -> tuple[Claim, ...]:
    """Import the whole product and return what it claims, checked against the register; E-CLAIM-IMPORT names a broken module."""
    for name in _modules():
        try:
            import_module(name)
        except Exception as error:
            raise ZhubaoError("E-CLAIM-IMPORT", Text(f"导入失败：{error}", f"cannot be imported: {error}"), place=name) from error
    return checked([*policy_claims(), *written_claims(), *made_claims()])


OUTCOMES = pytest.StashKey[Outcomes]()
NOT_WRITTEN = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("clauses").addoption(
        "--write-coverage",
        action="store_true",
        help="write the clauses that passed tests name to src/zhubao/policies/coverage.json",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "clauses(*ids): clauses of the register that this test shows")
    config.stash[OUTCOMES] = Outcomes()
    config.pluginmanager.register(_Recorder(config.stash[OUTCOMES]), "clause-outcomes")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        try:
            ids = named(item.iter_markers(PROPERTY))
        except ZhubaoError as error:
            raise pytest.UsageError(f"{item.nodeid}: {error}") from error
        if ids:
            item.user_properties.append((PROPERTY, ids))


class _Recorder:
    def __init__(self, outcomes: Outcomes) -> None:
        self.outcomes = outcomes

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        ids = next((value for key, value in report.user_properties if key == PROPERTY), [])
        assert isinstance(ids, list)
        self.outcomes.record(report.nodeid, ids, report.outcome, report.when or "")


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    # Workers of a distributed run report to the controller, which alone writes.
    if not config.getoption("--write-coverage") or config.getoption("collectonly") or hasattr(config, "workerinput"):
        return
    before = coverage.read_table(coverage.TABLE).tests if coverage.TABLE.exists() else {}
    tests = config.stash[OUTCOMES].merged(before, config.rootpath)
    try:
        table = coverage.table_text(coverage.evidence(all_claims(), tests))
    except ZhubaoError as error:
        config.stash[NOT_WRITTEN] = str(error)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return
    coverage.TABLE.write_text(table, encoding="utf-8")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if NOT_WRITTEN in config.stash:
        terminalreporter.write_line(f"coverage not written: {config.stash[NOT_WRITTEN]}", red=True)
