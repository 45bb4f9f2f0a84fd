"""The result of a screening in its three formats, the rejected rows, the differences, the mapping, and the summary."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from zhubao.rules.policy import Policy
from zhubao.rules.verdicts import Verdict

from .deciding import Decided
from .differences import KINDS as DIFFERENCES
from .engines import DuckDB
from .kinds import KINDS
from .reasons import DEPARTMENTS, clause_ids, reasons
from .rows import ReadSheet, Rejection
from .sheets_out import write_sheet

_VERDICTS: Final = {"met": "符合", "not_met": "不符合", "evidence_missing": "待核实", "to_be_decided": "待定"}
_ASSISTANCE_AMOUNTS: Final = ("on_behalf_fen", "self_pay_fen")
_HEADERS: Final = {
    "id_number": "身份证号",
    "name": "姓名",
    "township": "乡镇",
    "village": "村（社区）",
    "verdict": "结论",
    "category": "类别",
    "payer": "支付单位",
    "subsidy": "贴息结论",
    "on_behalf_fen": "代缴金额（元）",
    "self_pay_fen": "自付金额（元）",
    "annual_cap_fen": "年度贷款上限（元）",
    "months": "可助保月数",
    "projected_months": "预计累计月数",
    "months_needed": "尚缺月数",
    "rate_cap_ppm": "利率上限（%）",
    "monthly_fen": "月缴费额（元）",
    "credit_line_fen": "贷款额度（元）",
    "rate_ppm": "利率（%）",
    "failed": "不符合条款",
    "unknown": "待核实条款",
    "reasons": "理由",
}
REJECTED_HEADERS: Final = ("文件", "工作表", "单元格", "列", "内容", "原因", "怎么改")
DIFFERENCE_HEADERS: Final = ("差异", "身份证号", "姓名", "名册", "文件", "工作表", "行")


def result_columns(policy: Policy) -> list[str]:
    """Return the columns of the result in order: who, verdict, category, payer, amounts, clauses, reasons."""
    amounts = list(_ASSISTANCE_AMOUNTS) if policy.kind == "assistance" else [*policy.decisions[1:], *policy.amounts]
    return [
        *("id_number", "name", "township", "village", "verdict", "category", "payer"),
        *amounts,
        *("failed", "unknown", "reasons"),
    ]


def prepare_result(engine: DuckDB, policy: Policy, decided: Decided) -> None:
    """Make the table `result` in `engine`: masks decoded to clause ids and reasons, verdicts as words, one row a person."""
    keys = ["failed", "unknown", "undecided", "category", "identities"]
    combinations = decided.people.select(keys).group_by(keys).aggregate([]).to_pylist()
    decoded = [
        {
            **each,
            "failed_ids": ";".join(clause_ids(decided.clauses, each["failed"])) or None,
            "unknown_ids": ";".join(clause_ids(decided.clauses, each["unknown"] | each["undecided"])) or None,
            "reasons": reasons(policy, decided.clauses, **each) or None,
        }
        for each in combinations
    ]
    schema = pa.schema(
        [decided.people.schema.field(key) for key in keys]
        + [pa.field(name, pa.string()) for name in ("failed_ids", "unknown_ids", "reasons")]
    )
    engine.take("people", decided.people)
    engine.take("decoded", pa.Table.from_pylist(decoded, schema=schema))
    words = " ".join(f"WHEN {int(verdict)} THEN '{verdict.word}'" for verdict in Verdict)
    expressions = {
        "verdict": f"CASE people.verdict {words} END",
        **{name: f"CASE people.verdict_{name} {words} END" for name in policy.decisions[1:]},
        **{name: f"CAST(people.{name} AS BIGINT)" for name in policy.amounts},
        "failed": "decoded.failed_ids",
        "unknown": "decoded.unknown_ids",
        "reasons": "decoded.reasons",
    }
    columns = ", ".join(f"{expressions.get(name, f'people.{name}')} AS {name}" for name in result_columns(policy))
    same = " AND ".join(f"people.{key} IS NOT DISTINCT FROM decoded.{key}" for key in keys)
    engine.run([("result", f"SELECT {columns} FROM people JOIN decoded ON {same}")])


def write_result(engine: DuckDB, policy: Policy, path: Path) -> None:
    """Write the table `result` to `path`, whose suffix is the format: codes and fen in csv and parquet, words and yuan in xlsx."""
    columns = result_columns(policy)
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        pq.write_table(engine.rows(f"SELECT {', '.join(columns)} FROM result ORDER BY id_number"), path)
    elif path.suffix == ".csv":
        free = ("name", "township", "village")
        # A cell that begins like a formula would be run by the spreadsheet that opens the csv.
        safe = [
            f"CASE WHEN regexp_matches({name}, '^[=+@\\t\\r-]') THEN '''' || {name} ELSE {name} END AS {name}"
            if name in free
            else name
            for name in columns
        ]
        query = f"SELECT {', '.join(safe)} FROM result ORDER BY id_number"
        target = str(path).replace("'", "''")
        engine.connection.execute(f"COPY ({query}) TO '{target}' (FORMAT csv, HEADER, DELIMITER ',')")
    else:
        texts = ", ".join(_as_word(policy, name) for name in columns)
        count = engine.rows("SELECT COUNT(*) AS n FROM result").to_pylist()[0]["n"]
        batches = engine.connection.sql(f"SELECT {texts} FROM result ORDER BY id_number").to_arrow_reader(50_000)
        rows = (row for batch in batches for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))
        write_sheet(path, "审核结果", [_HEADERS[name] for name in columns], rows, count)


def _as_word(policy: Policy, name: str) -> str:
    """Return a column of the result as people read it: words for codes, yuan with two decimals, rates in percent."""
    if name == "verdict" or name in policy.decisions:
        return _cases(name, _VERDICTS)
    if name == "category":
        return _cases(name, {code: identity.label.zh for code, identity in policy.identities.items()})
    if name == "payer":
        return _cases(name, {code: label.zh for code, label in DEPARTMENTS.items()})
    if name.endswith("_fen"):
        return f"CAST({name} // 100 AS VARCHAR) || '.' || LPAD(CAST({name} % 100 AS VARCHAR), 2, '0')"
    if name.endswith("_ppm"):
        return f"CAST({name} // 10000 AS VARCHAR) || '.' || LPAD(CAST({name} % 10000 AS VARCHAR), 4, '0')"
    return f"CAST({name} AS VARCHAR)"


def _cases(name: str, words: dict[str, str]) -> str:
    branches = " ".join(f"WHEN '{code}' THEN '{word}'" for code, word in words.items())
    return f"CASE {name} {branches} ELSE {name} END" if words else f"CAST({name} AS VARCHAR)"


def write_rejected(path: Path, rejections: Sequence[Rejection]) -> None:
    """Write the rows that could not be used: the cell, its content, the reason, what to do."""
    rows = (
        (each.file, each.sheet, each.cell, each.column, each.content, each.finding.problem.zh, each.finding.remedy.zh)
        for each in rejections
    )
    write_sheet(path, "未采用的行", REJECTED_HEADERS, rows, len(rejections))


def write_differences(
    path: Path, differences: pa.Table, sheets: Sequence[ReadSheet], insured_sheets: Sequence[ReadSheet]
) -> None:
    """Write what does not fit together, one row for each place it was seen."""

    def rows() -> Iterator[tuple[str, ...]]:
        for batch in differences.to_batches(10_000):
            for each in batch.to_pylist():
                seen = insured_sheets if each["origin"] else sheets
                sheet = seen[each["source"]]
                kind = "参保人员" if each["origin"] else KINDS[each["kind"]].label.zh
                words = DIFFERENCES[each["difference"]].zh
                yield words, each["id_number"], each["name"], kind, sheet.file, sheet.sheet, str(each["row"])

    write_sheet(path, "差异", DIFFERENCE_HEADERS, rows(), differences.num_rows)


def count_differences(differences: pa.Table) -> dict[str, int]:
    """Return how many people each difference concerns."""
    pairs = differences.select(["difference", "id_number"]).group_by(["difference", "id_number"]).aggregate([])
    found = [each["difference"] for each in pairs.to_pylist()]
    return {kind: found.count(kind) for kind in DIFFERENCES}


def file_entry(sheet: ReadSheet) -> dict[str, Any]:
    """Return what the summary and the mapping file say about one sheet."""
    return {
        "file": sheet.file,
        "kind": sheet.kind,
        "kind_from": sheet.kind_from,
        "sheet": sheet.sheet,
        "header_row": sheet.header_row,
        "rows": sheet.rows,
        "rejected": sheet.rejected,
        "mapping": sheet.mapping,
        "remarks": sheet.remarks,
    }


def write_mapping(path: Path, head: dict[str, Any], files: list[dict[str, Any]]) -> None:
    """Write how each file was read: kind, header row, which column was taken for what, what was noted."""
    path.write_text(json.dumps({**head, "files": files}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def summary_groups(engine: DuckDB, policy: Policy) -> dict[str, Any]:
    """Return persons, verdicts and the sums by category, township and payer; a loan policy pays nothing on behalf (null)."""
    verdicts = {
        row["verdict"]: row["n"] for row in engine.rows("SELECT verdict, COUNT(*) AS n FROM result GROUP BY 1").to_pylist()
    }
    result: dict[str, Any] = {
        "persons": sum(verdicts.values()),
        "verdicts": {word: verdicts.get(word, 0) for word in _VERDICTS},
    }
    assistance = policy.kind == "assistance"
    sums = ", ".join(
        f"CAST(SUM(CASE WHEN verdict = 'met' THEN {name} END) AS BIGINT) AS {name}"
        if assistance
        else f"CAST(NULL AS BIGINT) AS {name}"
        for name in _ASSISTANCE_AMOUNTS
    )
    for name in ("category", "township", "payer"):
        query = f"""
            SELECT {name}, COUNT(*) AS persons, COUNT(*) FILTER (WHERE verdict = 'met') AS met, {sums}
            FROM result GROUP BY {name} ORDER BY {name} NULLS LAST"""
        rows = engine.rows(query).to_pylist()
        for row in rows:
            for amount in _ASSISTANCE_AMOUNTS if assistance else ():
                row[amount] = row[amount] or 0
        result[f"by_{name}"] = rows
    return result
