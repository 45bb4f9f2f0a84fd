"""`zhubao assess`: one person, one policy, one day; every clause with its value and source."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from zhubao.cli.output import output_options, print_json, read_json_object
from zhubao.language import Language, Text
from zhubao.parameters import ParameterBook
from zhubao.parameters.local import read_local_file
from zhubao.policies import MODULES, judge_of
from zhubao.policies.judging import as_json as result_json
from zhubao.policies.judging import parse_day
from zhubao.rules.verdicts import Verdict

WORDS = {
    "met": Text("符合", "met"),
    "not_met": Text("不符合", "not met"),
    "evidence_missing": Text("待核实", "evidence missing"),
    "to_be_decided": Text("待定", "to be decided"),
}


@click.command()
@click.argument("person", type=click.Path(path_type=Path))
@click.option("--policy", "policy_id", required=True, help=f"One of: {', '.join(MODULES)}.")
@click.option("--on", "on", required=True, help="The day asked about, e.g. 2026-10-12.")
@click.option("--parameters", type=click.Path(path_type=Path), help="Local figures and settings (csv).")
@output_options
def assess(person: Path, policy_id: str, on: str, parameters: Path | None, as_json: bool, lang: Language) -> int:
    """Judge PERSON.json by one policy on one day; exit 1 when the verdict is "not met"."""
    book = ParameterBook.built_in()
    if parameters is not None:
        book = book.over(read_local_file(parameters))
    judge = judge_of(policy_id)
    day: date = parse_day(on)
    assessment = judge(read_json_object(person), on=day, book=book)
    if as_json:
        print_json(result_json(assessment, lang))
    else:
        click.echo("\n".join(readable_lines(result_json(assessment, lang), lang)))
    return int(assessment.outcome is Verdict.NOT_MET)


def readable_lines(result: dict[str, Any], language: Language) -> list[str]:
    """Return the result as lines for reading: the verdict, each clause, amounts, what is missing and what is provisional."""

    def say(zh: str, en: str) -> str:
        return Text(zh, en).in_(language)

    trial = say("（试运行，不作正式决定）", " (trial: decides nothing)") if result.get("trial") else ""
    lines = [f"{result['policy']}  {result['as_of']}  {WORDS[result['verdict']].in_(language)}{trial}"]
    if len(result["decisions"]) > 1:
        names = {"loan": Text("贷款资格", "loan"), "subsidy": Text("贴息资格", "interest subsidy")}
        for name, verdict in result["decisions"].items():
            lines.append(f"  {names[name].in_(language)}: {WORDS[verdict].in_(language)}")
    for row in result["clauses"]:
        indent = "    " if row["part_of"] else "  "
        value = "" if row["value"] is None else f" · {row['value']}"
        source = f" · {row['source']}" if row["source"] else ""
        remark = f" · {row['remark']}" if row.get("remark") else ""
        lines.append(
            f"{indent}[{WORDS[row['verdict']].in_(language)}] {row['article']} {row['id']} {row['label']}{value}{source}{remark}"
        )
    for key, amount in result["amounts"].items():
        shown = (
            say("待核实", "not known")
            if amount is None
            else f"{amount // 100:,}.{amount % 100:02d} {say('元', 'yuan')}"
            if key.endswith("_fen")
            else amount
        )
        lines.append(f"  {key}: {shown}")
    for row in result["missing"]:
        lines.append(f"  {say('缺', 'missing')}: {row['fact']} ({', '.join(row['needed_by'])}) — {row['remedy']}")
    for row in result["provisional"]:
        lines.append(
            f"  {say('暂按默认', 'provisional')}: {row['question']} {row['default']} — {say('由', 'decided by ')}{row['decider']}{say('决定', '')}"
        )
    for row in result["unverified"]:
        lines.append(f"  {say('未经核实的数值', 'unverified')}: {row['parameter']} = {row['value']} ({row['source']})")
    return lines
