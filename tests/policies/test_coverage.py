"""Clause coverage: what counts as covered, how claims and tests are gathered, and what the shipped table may say."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.clause_claims import Outcomes, named, stands
from zhubao.cli.policies import policies
from zhubao.errors import ZhubaoError
from zhubao.policies import claims as claiming
from zhubao.policies.claims import Claim, checked, implements, law_claims
from zhubao.policies.coverage import TABLE, Evidence, evidence, read_table, report, shipped, table_text
from zhubao.policies.pages import clause_row, pages
from zhubao.policies.register import clause, clauses, documents

ROOT = Path(__file__).parents[2]
THIS = "tests/policies/test_coverage.py::test_the_shipped_table_names_only_clauses_of_the_register"


def known(claimed: Sequence[tuple[str, str]], tested: Mapping[str, Sequence[str]]) -> Evidence:
    return evidence([Claim(clause_id, role, "zhubao.errors.ZhubaoError") for clause_id, role in claimed], tested)  # type: ignore[arg-type]


# ── what counts ──


@pytest.mark.parametrize(
    ("clause_id", "claimed", "tested", "status", "remark"),
    [
        pytest.param("ps-1a", False, False, "missing", "没有实现，没有测试", id="什么都没有"),
        pytest.param("ps-1a", True, False, "missing", "有实现，缺测试", id="只有实现"),
        pytest.param("ps-1a", False, True, "missing", "有测试，没有登记实现", id="只有测试"),
        pytest.param("ps-1a", True, True, "covered", "已覆盖", id="有实现有测试"),
        pytest.param("ps-3.1a", False, False, "not_computable", "要求提高责任心，没有可判断的事实", id="不可计算"),
        pytest.param("ps-3.1a", True, False, "not_computable", "要求提高责任心，没有可判断的事实", id="不可计算，只有实现"),
        pytest.param("ps-3.1a", True, True, "covered", "已覆盖", id="说是不可计算，但做到了"),
    ],
)
def test_a_clause_is_covered_when_claimed_and_tested(
    clause_id: str, claimed: bool, tested: bool, status: str, remark: str
) -> None:
    found = known([(clause_id, "rule")] if claimed else [], {clause_id: [THIS]} if tested else {})
    assert found.status(clause(clause_id)) == status
    assert found.remark(clause(clause_id)).zh == remark


def test_nothing_claimed_is_shown_as_it_is() -> None:
    result = report(found=known([], {}))
    assert result["register"] == 341
    assert result["total"] == {"clauses": 341, "covered": 0, "not_computable": 6, "missing": 335}
    for row in result["documents"]:
        assert row["by"] == {"rule": 0, "amount": 0, "state": 0, "action": 0, "feature": 0}
        assert len(row["missing_ids"]) == row["missing"]


def test_a_clause_with_two_claimants_counts_once_in_the_first_role() -> None:
    claimed = [("ps-1a", "feature"), ("ps-1a", "rule"), ("ps-2.1b", "amount"), ("ps-2.2d", "action"), ("ps-2.2e", "state")]
    tested = {each: [THIS] for each in ("ps-1a", "ps-2.1b", "ps-2.2d")}
    [row] = report("pengshui-2022", known(claimed, tested))["documents"]
    assert (row["clauses"], row["covered"], row["not_computable"], row["missing"]) == (40, 3, 1, 36)
    assert row["by"] == {"rule": 1, "amount": 1, "state": 0, "action": 1, "feature": 0}
    assert "ps-2.2e" in row["missing_ids"]
    assert "ps-1a" not in row["missing_ids"]


def test_the_shipped_figures_add_up() -> None:
    result = report()
    for row in [*result["documents"], result["total"]]:
        assert row["covered"] + row["not_computable"] + row["missing"] == row["clauses"]
    for row in result["documents"]:
        assert sum(row["by"].values()) == row["covered"]
    assert sum(row["clauses"] for row in result["documents"]) == result["total"]["clauses"] == result["register"] == 341


# ── who claims ──


def test_a_decorated_function_claims_and_stays_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claiming, "_made", {})

    def verify() -> str:
        return "done"

    assert implements("jx-2.5b", "jx-2.5c", as_="action")(verify) is verify
    name = f"{__name__}.{verify.__qualname__}"
    assert claiming.made_claims() == (Claim("jx-2.5b", "action", name), Claim("jx-2.5c", "action", name))


class Stated:
    def __init__(self, kind: str, *ids: str) -> None:
        self.ids = ids
        self.kind = kind


class Written:
    clauses = (
        Stated("alternative", "ps-1a/dibao"),
        Stated("condition", "ps-2.1e", "ps-2.1f"),
        Stated("amount", "ps-2.1b"),
        Stated("exclusion", "A-PS-9"),
    )


def test_a_policy_claims_what_it_declares_but_no_open_question() -> None:
    assert law_claims(Written(), "zhubao.policies.pengshui") == (
        Claim("ps-1a", "rule", "zhubao.policies.pengshui.law#ps-1a/dibao"),
        Claim("ps-2.1e", "rule", "zhubao.policies.pengshui.law#ps-2.1e"),
        Claim("ps-2.1f", "rule", "zhubao.policies.pengshui.law#ps-2.1e"),
        Claim("ps-2.1b", "amount", "zhubao.policies.pengshui.law#ps-2.1b"),
    )


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (Claim("ps-9z", "rule", "zhubao.errors.ZhubaoError"), "E-CLAUSE-UNKNOWN: ps-9z"),
        (Claim("ps-1a", "idea", "zhubao.errors.ZhubaoError"), "E-CLAIM-ROLE"),  # type: ignore[arg-type]
        (Claim("ps-1a", "rule", "zhubao.errors.Nothing"), "E-CLAIM-NAME: zhubao.errors.Nothing ps-1a"),
        (Claim("ps-1a", "rule", "zhubao.no_such_module.function"), "E-CLAIM-NAME"),
    ],
)
def test_a_wrong_claim_is_refused(wrong: Claim, code: str) -> None:
    with pytest.raises(ZhubaoError, match=code):
        checked([wrong])


def test_claims_are_sorted_and_each_stands_once() -> None:
    feature, rule, other = (
        Claim(*each, "zhubao.errors.ZhubaoError") for each in [("ps-1b", "feature"), ("ps-1b", "rule"), ("ps-1a", "state")]
    )  # type: ignore[arg-type]
    assert checked([feature, rule, other, rule]) == (other, rule, feature)


def test_written_claims_are_right() -> None:
    checked(claiming.written_claims())


# ── what tests show ──


def test_a_test_shows_a_clause_when_a_case_passed_and_none_failed() -> None:
    outcomes = Outcomes()
    outcomes.record("tests/a.py::test_table[甲]", ["ps-1a"], "passed")
    outcomes.record("tests/a.py::test_table[乙]", ["ps-1a", "ps-1b"], "passed")
    outcomes.record("tests/a.py::test_table[丙]", ["ps-1b"], "failed")
    outcomes.record("tests/a.py::test_skipped", ["ps-1c"], "skipped", "setup")
    outcomes.record("tests/a.py::test_broken_end", ["ps-1d"], "passed")
    outcomes.record("tests/a.py::test_broken_end", ["ps-1d"], "failed", "teardown")
    outcomes.record("tests/a.py::test_only_set_up", ["ps-1e"], "passed", "setup")
    assert outcomes.merged({}, ROOT) == {"ps-1a": ["tests/a.py::test_table"]}


def test_a_partial_run_keeps_what_it_did_not_run() -> None:
    outcomes = Outcomes()
    outcomes.record("tests/policies/test_register.py::test_time_in_force[江西]", ["jx-5.4a"], "passed")
    before = {
        "jx-5.4a": ["tests/policies/test_register.py::test_gone"],
        "jx-0.1": ["tests/policies/test_register.py::test_time_in_force"],
        "jx-0.2": [THIS],
        "jx-0.3": ["tests/policies/no_such_file.py::test_x"],
    }
    assert outcomes.merged(before, ROOT) == {"jx-0.2": [THIS], "jx-5.4a": ["tests/policies/test_register.py::test_time_in_force"]}


def test_markers_name_clauses_of_the_register_only() -> None:
    assert named([pytest.mark.clauses("ps-1b", "ps-1a").mark, pytest.mark.clauses("ps-1a").mark]) == ["ps-1a", "ps-1b"]
    with pytest.raises(ZhubaoError, match="E-CLAUSE-UNKNOWN: ps-1z"):
        named([pytest.mark.clauses("ps-1z").mark])


def test_a_test_stands_as_long_as_its_source_does() -> None:
    assert stands(THIS, ROOT)
    assert not stands(THIS + "_gone", ROOT)


# ── the shipped table ──


@pytest.fixture
def table(request: pytest.FixtureRequest) -> Evidence:
    """Return the shipped table; a run that renews it does not judge the old one."""
    if request.config.getoption("--write-coverage"):
        pytest.skip("the table is being written anew")
    return shipped()


def test_the_shipped_table_names_only_clauses_of_the_register(table: Evidence) -> None:
    assert {*table.claims, *table.tests} <= {each.id for each in clauses()}


def test_every_test_in_the_shipped_table_is_still_in_the_source(table: Evidence) -> None:
    tests = sorted({test for named_by in table.tests.values() for test in named_by})
    assert [test for test in tests if not stands(test, ROOT)] == []


def test_every_claim_in_the_shipped_table_leads_to_something(table: Evidence) -> None:
    claims = [claim for claimed in table.claims.values() for claim in claimed]
    assert sorted(checked(claims)) == sorted(claims)


def test_the_table_reads_back_as_written(tmp_path: Path) -> None:
    found = known([("ps-1b", "rule"), ("ps-1a", "state"), ("ps-1a", "action")], {"ps-1b": ["t::b", "t::a", "t::b"], "ps-1a": []})
    (tmp_path / "table.json").write_text(table_text(found), encoding="utf-8")
    assert read_table(tmp_path / "table.json") == found
    assert found.tests == {"ps-1b": ("t::a", "t::b")}
    assert TABLE.read_text(encoding="utf-8") == table_text(shipped())


# ── the command ──


def test_coverage_command_prints_the_report_and_strict_says_no() -> None:
    printed = CliRunner().invoke(policies, ["coverage", "--json"], standalone_mode=False)
    assert json.loads(printed.stdout) == report()
    assert printed.return_value == 0
    strict = CliRunner().invoke(policies, ["coverage", "--policy", "ganzhou-2021-7", "--strict", "--json"], standalone_mode=False)
    result = json.loads(strict.stdout)
    assert [row["policy"] for row in result["documents"]] == ["ganzhou-2021-7"]
    assert result["total"]["clauses"] == 52
    assert strict.return_value == int(result["total"]["missing"] > 0)


@pytest.mark.parametrize("command", [["coverage", "--policy", "gz"], ["show", "gz"]])
def test_an_unknown_policy_is_refused(command: list[str]) -> None:
    result = CliRunner().invoke(policies, command, standalone_mode=False)
    assert isinstance(result.exception, ZhubaoError)
    assert result.exception.code == "E-POLICY-UNKNOWN"
    assert result.stdout == ""


def test_list_and_show_name_documents_and_clauses() -> None:
    listed = json.loads(CliRunner().invoke(policies, ["list", "--json"]).stdout)["policies"]
    assert [(each["policy"], each["clauses"]) for each in listed] == [
        (each.policy, len(clauses(each.policy))) for each in documents()
    ]
    shown = json.loads(CliRunner().invoke(policies, ["show", "rugao-draft", "--json"]).stdout)
    assert (shown["trial"], shown["in_force_from"]) == (True, None)
    assert [each["id"] for each in shown["clauses"]] == [each.id for each in clauses("rugao-draft")]
    text = CliRunner().invoke(policies, ["show", "rugao-draft"]).stdout
    assert "rg-12.1d  第十二条(一)  张榜公示满七天" in text


# ── the pages ──


def test_pages_show_missing_clauses_first() -> None:
    found = known([("ps-1a", "rule")], {"ps-1a": [THIS]})
    page = pages(found)["pengshui-2022.md"]
    order = [page.index(each) for each in ("## 未覆盖", "| ps-0.1 |", "## 已覆盖", "| ps-1a |", "## 不可计算", "| ps-3.1a |")]
    assert order == sorted(order)
    assert "`zhubao.errors.ZhubaoError`" in page
    assert f"`{THIS}`" in page


def test_document_command_writes_the_same_bytes_again(tmp_path: Path) -> None:
    for _ in range(2):
        CliRunner().invoke(policies, ["document", "--out", str(tmp_path / "pages")], catch_exceptions=False)
        written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "pages").iterdir()}
        assert written == pages(shipped())


def test_committed_pages_tell_of_the_clauses_what_the_register_tells() -> None:
    """What carries a clause out and its tests change with every commit; id, article and words of each row must be current."""

    def register_part(row: str) -> str:
        return " | ".join(row.split(" | ")[:4])

    for document in documents():
        page = (ROOT / "docs" / "policies" / f"{document.policy}.md").read_text(encoding="utf-8")
        rows = {register_part(line) for line in page.splitlines() if line.startswith(f"| {document.prefix}-")}
        assert rows == {register_part(clause_row(each, known([], {}))) for each in clauses(document.policy)}
        assert page.startswith(f"# {document.title.zh}\n")
