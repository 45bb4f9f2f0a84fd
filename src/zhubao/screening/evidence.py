"""What a verdict rests on, kept beside the result: the facts of every person, and the rows they were read from.

Both files are ordered by citizen number, so that the rows of one person are found without reading the whole file.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from zhubao.language import Language, Text
from zhubao.rules.policy import Policy

from .engines import Engine
from .kinds import KINDS
from .marks import marks_of

_ROWS_IN_A_GROUP = 20_000


def write_facts(engine: Engine, policy: Policy, path: Path) -> None:
    """Write the facts everybody was judged by: `id_number`, `place_of_insurance` and the columns of `policy`."""
    columns = ", ".join(("id_number", "place_of_insurance", *policy.columns))
    facts = engine.rows(f"SELECT {columns} FROM facts ORDER BY id_number")
    pq.write_table(facts, path, row_group_size=_ROWS_IN_A_GROUP)


def origin_rows(rows: pa.Table, insured_rows: pa.Table | None) -> pa.Table:
    """Return the rows of rosters (`origin` 0) and of insured persons (1) in one table ordered by number, file and row.

    Bank accounts are left out: no rule asks for them.
    """
    tables = [each.drop_columns(["account"]) for each in ([rows] if insured_rows is None else [rows, insured_rows])]
    marked = [
        table.append_column("origin", pa.array([origin], pa.int64()).take(pa.array([0] * table.num_rows, pa.int64())))
        for origin, table in enumerate(tables)
    ]
    return pa.concat_tables(marked).sort_by([(name, "ascending") for name in ("id_number", "origin", "source", "row")])


def write_origins(table: pa.Table, path: Path) -> None:
    """Write what `origin_rows` returned."""
    pq.write_table(table, path, row_group_size=_ROWS_IN_A_GROUP)


# Facts whose value an insured record gives before the application does.
_INSURED_FIRST = ("scheme", "insured_locality", "participation_type", "paid_months")
_STATUSES = ("student", "military", "imprisoned", "deceased")
# Facts an applicants' list gives under another name.
_APPLICANTS_COLUMNS = {"subsidised_now": "subsidised"}
_NUMBER = Text("公民身份号码", "citizen number")
_NOT_LISTED = Text("没有此人", "not listed")


def sources_of(
    policy: Policy, rows: Sequence[Mapping[str, Any]], files: Sequence[Mapping[str, Any]], language: Language
) -> dict[str, str]:
    """Return where each subject's value came from: file, sheet and row; or the files in which the person is not.

    `rows` are the person's rows of ``rows.parquet``; `files` the sheets as the summary lists them, insured persons last.
    """
    rosters = [file for file in files if file["kind"] != "insured"]
    insured_sheets = [file for file in files if file["kind"] == "insured"]

    def seen(found: Iterable[Mapping[str, Any]]) -> str:
        places = [(insured_sheets if row["origin"] else rosters)[row["source"]] for row in found]
        return "；".join(dict.fromkeys(_place(file, row["row"], language) for file, row in zip(places, found, strict=True)))

    listed = [row for row in rows if not row["origin"]]
    insured = [row for row in rows if row["origin"]]
    applied = [row for row in listed if row["kind"] == "applicants"]
    sources = {"birth": _NUMBER.in_(language), "sex": _NUMBER.in_(language)}
    for mark in marks_of(policy):
        subject = policy.facts[mark.fact].subject
        on_it = [row for row in listed if row["kind"] == mark.kind]
        claimed = [row for row in applied if f";{mark.kind};" in (row["hardship_kind"] or "")]
        given = [file for file in rosters if mark.kind in (file["kind"] or "").split(";")]
        if on_it or claimed:
            sources[subject] = seen(on_it or claimed)
        elif given and subject not in sources:
            names = dict.fromkeys(file["file"] for file in given)
            sources[subject] = f"{'、'.join(names) if language == 'zh' else ', '.join(names)}：{_NOT_LISTED.in_(language)}"
        if papers := [row for row in on_it or claimed if row["certificate"] is not None]:
            sources.setdefault(f"{subject}.certificate", seen(papers))
    for claim in ("zero_employment", "childless"):
        if claimed := [row for row in applied if f";{claim};" in (row["hardship_kind"] or "")]:
            sources[f"identities.{claim}"] = seen(claimed)
    for fact in policy.facts.values():
        if fact.name in _STATUSES:
            column, order = "status", insured
        elif fact.name in _INSURED_FIRST:
            column, order = fact.name, [*insured, *applied]
        else:
            column, order = _APPLICANTS_COLUMNS.get(fact.name, fact.name), [*applied, *insured]
        if column in (rows[0] if rows else {}) and fact.subject not in sources:
            told = next(([row] for row in order if row[column] is not None), None)
            if told:
                sources[fact.subject] = seen(told)
    return sources


def _place(file: Mapping[str, Any], row: int, language: Language) -> str:
    sheet = f" · {file['sheet']}" if file["sheet"] else ""
    return f"{file['file']}{sheet} · {Text(f'第 {row} 行', f'row {row}').in_(language)}"


def kind_label(code: str) -> Text:
    """Return how a kind of roster is called; the insured persons' file included."""
    return Text("参保人员文件", "insured persons") if code == "insured" else KINDS[code].label
