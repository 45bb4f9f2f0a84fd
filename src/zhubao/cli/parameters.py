"""`zhubao parameters`: the figures the decisions rest on, with their sources, and the check of a file of local values."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text
from zhubao.parameters import NATION, Bound, Parameter, ParameterBook, check_bounds
from zhubao.parameters.book import unknown_name
from zhubao.parameters.local import check_local_text, file_text, read_local_file, write_local_file
from zhubao.parameters.names import NAMES, declared
from zhubao.parameters.questions import questions

from .output import output_options, print_json

LOCAL_FILE = click.option(
    "--parameters", "local", type=click.Path(path_type=Path), help="Local values (csv) laid over the tables."
)
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def parameters() -> None:
    """Dated figures with source and confidence, and files of local values."""


@parameters.command("list")
@click.option("--area", help="Only entries of this area and everything above it; six digits.")
@click.option("--on", type=DAY, help="Only entries in force on this day.")
@LOCAL_FILE
@output_options
def list_entries(area: str | None, on: datetime | None, local: Path | None, as_json: bool, lang: Language) -> int:
    """List the declared names and every entry under them."""
    from zhubao.parameters import area_chain

    areas = area_chain(_area(area)) if area else None
    entries = [
        entry
        for entry in _book(local).entries()
        if (areas is None or entry.area_code in areas) and (on is None or entry.holds_on(on.date()))
    ]
    if as_json:
        names = [{"name": name.name, "unit": name.unit, "label": name.label._asdict()} for name in NAMES.values()]
        print_json({"names": names, "entries": [entry.as_json() for entry in entries]})
        return 0
    for name in NAMES.values():
        click.echo(
            f"{name.name}  {name.label.in_(lang)}（{name.unit}）"
            if lang == "zh"
            else f"{name.name}  {name.label.en} ({name.unit})"
        )
        _echo_entries((entry for entry in entries if entry.name == name.name), lang)
    return 0


@parameters.command()
@click.argument("name")
@click.option(
    "--area", default=NATION, show_default=True, help="Six digits; falls back to the prefecture, the province, the country."
)
@click.option("--on", type=DAY, help="The value in force on this day; without it every period of the nearest area.")
@LOCAL_FILE
@output_options
def show(name: str, area: str, on: datetime | None, local: Path | None, as_json: bool, lang: Language) -> int:
    """Show one parameter of one area: its periods, or the value of a day (exit 1 when there is none)."""
    known = declared(name)
    if known is None:
        raise unknown_name(name)
    book = _book(local)
    entries = book.all(name, on.date(), _area(area)) if on else book.segments(name, _area(area))
    if as_json:
        found = [entry.as_json() for entry in entries]
        print_json({"name": name, "area_code": area, "unit": known.unit, "label": known.label._asdict(), "entries": found})
    else:
        click.echo(f"{name}  {known.label.in_(lang)}")
        _echo_entries(entries, lang)
        if not entries:
            click.echo(Text("  没有取值：请录入并写明来源", "  no value: enter it with its source").in_(lang))
    return 0 if entries else 1


@parameters.command()
@click.argument("file", type=click.Path(path_type=Path))
@output_options
def check(file: Path, as_json: bool, lang: Language) -> int:
    """Check a file of local values; exit 1 when a row is faulty or narrows what a policy only lets relax."""
    entries, faults = check_local_text(file_text(file), str(file))
    found = [*faults, *_narrowing(entries)]
    if as_json:
        rows = [_fault_row(fault) for fault in found]
        print_json({"file": str(file), "entries": len(entries), "faults": rows})
    else:
        for fault in found:
            click.echo(fault.message(lang))
        click.echo(
            Text(f"可用 {len(entries)} 行，有误 {len(found)} 处", f"{len(entries)} good rows, {len(found)} faults").in_(lang)
        )
    return 1 if found else 0


@parameters.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--area", help="Only entries of this area and everything above it; six digits.")
@LOCAL_FILE
@output_options
def export(file: Path, area: str | None, local: Path | None, as_json: bool, lang: Language) -> int:
    """Write the entries as a file of local values; unverified figures are left out, a file must not make them official."""
    from zhubao.parameters import area_chain

    areas = area_chain(_area(area)) if area else None
    chosen = [entry for entry in _book(local).entries() if areas is None or entry.area_code in areas]
    written = [entry for entry in chosen if not entry.unverified]
    write_local_file(file, written)
    left_out = len(chosen) - len(written)
    if as_json:
        print_json({"file": str(file), "entries": len(written), "unverified_left_out": left_out})
    else:
        zh = f"已写 {len(written)} 行到 {file}，未核实的 {left_out} 行没有写"
        click.echo(Text(zh, f"{len(written)} rows written to {file}, {left_out} unverified ones left out").in_(lang))
    return 0


@parameters.command("questions")
@output_options
def list_questions(as_json: bool, lang: Language) -> int:
    """List the questions the texts leave open, the default of each and who may decide it."""
    if as_json:
        print_json({"questions": [question.as_json() for question in questions().values()]})
        return 0
    for question in questions().values():
        click.echo(f"{question.id}  {question.question.in_(lang)}")
        click.echo(f"    {Text('暂定', 'default').in_(lang)}: {question.default.in_(lang)} [{question.decider.in_(lang)}]")
    return 0


def _book(local: Path | None) -> ParameterBook:
    book = ParameterBook.built_in()
    return book.over(read_local_file(local)) if local is not None else book


def _area(area: str) -> str:
    if area != NATION and not (len(area) == 6 and area.isascii() and area.isdigit()):
        raise ZhubaoError(
            "E-PARAM-AREA",
            Text(f"区划代码“{area}”应为 6 位数字或 {NATION}", f"area code {area!r} must be six digits or {NATION}"),
            place="--area",
        )
    return area


def _narrowing(entries: Iterable[Parameter]) -> Iterable[ZhubaoError]:
    from zhubao.policies import MODULES, judge_of
    from zhubao.policies.judging import bounds

    limits: list[Bound] = [bound for policy in MODULES for bound in bounds(judge_of(policy).policy)]
    for entry in entries:
        try:
            check_bounds([entry], limits)
        except ZhubaoError as fault:
            yield fault


def _fault_row(fault: ZhubaoError) -> dict[str, Any]:
    remedy = fault.remedy._asdict() if fault.remedy else None
    return {"code": fault.code, "place": fault.place, "problem": fault.problem._asdict(), "remedy": remedy}


def _echo_entries(entries: Iterable[Parameter], lang: Language) -> None:
    for entry in entries:
        last = entry.effective_to.isoformat() if entry.effective_to else ""
        mark = Text("未核实", "unverified").in_(lang) if entry.unverified else entry.confidence
        period = f"{entry.as_json()['effective_from'] or ''}..{last}"
        click.echo(f"  {entry.area_code:<6}  {period:<22}  {entry.value:>9}  [{mark}]  {entry.source}")
