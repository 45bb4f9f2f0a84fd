"""A screening from files to files: read, check, match, decide, write all outputs or none."""

import hashlib
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text
from zhubao.parameters import ParameterBook
from zhubao.policies import judge_of
from zhubao.policies.claims import implements

from .deciding import decide_all
from .engines import Engine, duckdb_engine, spark_engine
from .evidence import origin_rows, write_facts, write_origins
from .kinds import KINDS
from .outputs import all_or_none
from .regions import check_region
from .results import (
    count_differences,
    file_entry,
    prepare_result,
    summary_groups,
    write_differences,
    write_mapping,
    write_rejected,
    write_result,
)
from .rosters import ReadRosters, read_insured, read_rosters

FORMATS = (".csv", ".xlsx", ".parquet")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be screened: rosters, each with its kind where somebody gave it, by which policy, for which day, into which file.

    `out` ends in .csv, .xlsx or .parquet; its companions (rejected, differences, mapping) go beside it. `book` brings local figures.
    `other_region` accepts a file none of whose people were registered in the policy's region; `language` is that of the remedies.
    `also` names further files beside `out`: its stem with another format, ``facts.parquet`` (what every person was judged by) or
    ``rows.parquet`` (where each of these values came from).
    """

    rosters: tuple[tuple[Path, str | None], ...]
    policy: str
    on: date
    out: Path
    insured: Path | None = None
    engine: Literal["duckdb", "spark"] = "duckdb"
    book: ParameterBook | None = None
    other_region: bool = False
    language: Language = "zh"
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screening:
    """What came out: `summary` is the object of the JSON contract, `outputs` are the files written, the result first."""

    summary: dict[str, Any]
    outputs: tuple[Path, ...]

    @property
    def exit_status(self) -> int:
        """1 when rows were rejected, else 0."""
        return 1 if self.summary["rejected"] else 0


@implements("ps-2.2d", as_="feature")
def run(request: Request, progress: Progress = lambda stage, done, total: None) -> Screening:
    """Screen rosters and write the result with its companions.

    `progress` is told the stage (``reading``, ``deciding``, ``writing``), how much of it is done, and how much there is. Raises
    `ZhubaoError` for a request or a file that cannot be used; then nothing was written.
    """
    judge = judge_of(request.policy)
    judge.binding(request.on, "", request.book)
    outputs = _outputs(request)
    files = _without_repeats(request.rosters)
    total = len(files) + (request.insured is not None)
    progress("reading", 0, total)
    read = read_rosters(files, today=request.on, progress=lambda done: progress("reading", done, total))
    given = {kind for sheet in read.sheets for kind in sheet.kinds}
    if "applicants" in given and judge.policy.kind != "loan":
        raise ZhubaoError(
            "E-KIND-POLICY",
            Text("申请人花名册只用于贷款政策", "a list of applicants belongs to a loan policy"),
            place=request.policy,
        )
    insured: ReadRosters | None = None
    if request.insured is not None:
        insured = read_insured(request.insured, today=request.on)
        progress("reading", total, total)
    check_region(
        read.rows,
        read.sheets,
        judge.policy.region,
        insured=insured.rows if insured else None,
        accept_other=request.other_region,
    )
    rejections = read.rejections + (insured.rejections if insured else [])
    sheets = read.sheets + (insured.sheets if insured else [])
    head = {"policy": request.policy, "as_of": request.on.isoformat(), **({"trial": True} if judge.policy.trial else {})}
    entries = [file_entry(sheet) for sheet in sheets]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhubao-")))
        local = stack.enter_context(duckdb_engine(folder))
        engine: Engine = local if request.engine == "duckdb" else stack.enter_context(spark_engine(folder))
        progress("deciding", 0, 1)
        named = insured.rows if insured else None
        decided = decide_all(engine, judge, read.rows, named, given, on=request.on, book=request.book, language=request.language)
        rows = sum(sheet.rows for sheet in read.sheets)
        origins = origin_rows(read.rows, insured.rows if insured else None) if "rows.parquet" in request.also else None
        read.rows = read.rows.slice(0, 0)
        prepare_result(local, judge.policy, decided)
        progress("deciding", 1, 1)
        progress("writing", 0, len(outputs))
        names = [path.name for path in outputs]
        with all_or_none(request.out.parent, names) as work:
            result, rejected, differences, mapping, *further = (work / name for name in names)
            write_result(local, judge.policy, result)
            write_rejected(rejected, rejections)
            write_differences(differences, decided.differences, read.sheets, insured.sheets if insured else [])
            write_mapping(mapping, head, entries)
            for path in further:
                if path.name == "facts.parquet":
                    write_facts(engine, judge.policy, path)
                elif origins is not None and path.name == "rows.parquet":
                    write_origins(origins, path)
                else:
                    write_result(local, judge.policy, path)
        progress("writing", len(outputs), len(outputs))
        summary = {
            **head,
            "engine": request.engine,
            "files": entries,
            "rows": rows,
            "rejected": len(rejections),
            **summary_groups(local, judge.policy),
            "differences": count_differences(decided.differences),
            "outputs": names,
            "missing": decided.missing,
            "provisional": decided.provisional,
            "unverified": decided.unverified,
        }
    return Screening(summary, tuple(outputs))


def _outputs(request: Request) -> list[Path]:
    """Return the result and its companions; a target that is no table or one of the inputs is refused."""
    out = request.out
    if out.suffix not in FORMATS:
        raise ZhubaoError(
            "E-OUTPUT-KIND",
            Text("结果文件应为 .csv、.xlsx 或 .parquet", "the result must end in .csv, .xlsx or .parquet"),
            place=str(out),
        )
    outputs = [
        out,
        *(out.with_name(f"{out.stem}.{tail}") for tail in ("rejected.xlsx", "differences.xlsx", "mapping.json")),
        *(out.with_name(name) for name in request.also),
    ]
    inputs = {path.resolve() for path, _ in request.rosters} | ({request.insured.resolve()} if request.insured else set())
    if inputs & {path.resolve() for path in outputs}:
        raise ZhubaoError(
            "E-OUTPUT-INPUT",
            Text("结果会盖掉输入文件", "the result would overwrite an input"),
            place=str(out),
            remedy=Text("换一个结果文件名", "choose another name for the result"),
        )
    return outputs


def _without_repeats(rosters: tuple[tuple[Path, str | None], ...]) -> list[tuple[Path, str | None]]:
    """Return the files without those handed in twice: the same content as the same kind changes nothing."""
    seen = set()
    files = []
    for path, kind in rosters:
        if kind is not None and kind not in KINDS:
            raise ZhubaoError(
                "E-KIND",
                Text(f"没有“{kind}”这一类名册", f"there is no kind of roster called {kind}"),
                place=f"{kind}={path.name}",
                remedy=Text(f"可用：{'、'.join(KINDS)}", f"known: {', '.join(KINDS)}"),
            )
        try:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").digest()
        except OSError:
            digest = str(path).encode()  # reading it will say what is wrong
        if (digest, kind) not in seen:
            seen.add((digest, kind))
            files.append((path, kind))
    return files
